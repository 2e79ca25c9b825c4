"""The record of a run: JSON Lines, a header and then one event a line. Append, read, go on.

A line is written whole and flushed before the next step of the run. A torn last line (a kill, a
power cut) is dropped on reading and cut off before a run goes on.

Answers of one phase arrive in any order and are recorded in the scenario's. One that cost money or a
person's time is held in a side file (`RUN.jsonl.held`) from the moment it arrives until it is recorded.
A turn that a person has begun to put together lies in another (`RUN.jsonl.draft`) until it is sent.
"""

from __future__ import annotations

from aipm_agents.transcript.branch import Prefix, prefix
from aipm_agents.transcript.reader import read, trusted
from aipm_agents.transcript.record import (
    FORMAT,
    Header,
    Parent,
    Transcript,
    Variation,
    as_bytes,
    draft_file,
    dumped,
    first_line,
    held_file,
    line,
    new_header,
    new_path,
)
from aipm_agents.transcript.recorder import Recorder

__all__ = [
    "FORMAT",
    "Header",
    "Parent",
    "Prefix",
    "Recorder",
    "Transcript",
    "Variation",
    "as_bytes",
    "draft_file",
    "dumped",
    "first_line",
    "held_file",
    "line",
    "new_header",
    "new_path",
    "prefix",
    "read",
    "trusted",
]
