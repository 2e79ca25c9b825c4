"""Runs on file for tests of comparison and reports: the same bytes every time."""

from __future__ import annotations

from aipm_agents.negotiation import negotiate
from aipm_agents.scenario.library import bundled
from aipm_agents.scenario.reader import examine
from aipm_agents.seats.embedded import Embedded
from aipm_agents.table.events import Stopped
from aipm_agents.transcript import Header, Recorder, read

EXAMPLES = ("refund-copilot", "discharge-letter", "fresh-food-orders")
"""The smallest, one of the largest with a sixth seat, a Chinese one: for rules of the engine, which do not
depend on the case. What a case itself must keep is checked of every one."""


def bundle(name):
    return examine(bundled()[name]).scenario


def kept(path, scenario, *, seed=0, seats=None, run_id=None, cut=None, **volatile):
    """A run played, or part of one, as a transcript that is read back from its file."""
    players = {role: Embedded() for role in scenario.parties} | (seats or {})
    events = list(negotiate(scenario, players, seed=seed))
    if cut is not None:
        events = [*events[:cut], Stopped(round=events[cut - 1].round, reason="interrupted")]
    return written(path, scenario, events, seed=seed, run_id=run_id, **volatile)


def written(path, scenario, events, *, seed=0, run_id=None, **volatile):
    stamp = {"run_id": run_id or path.stem, "started": "2026-11-24T09:30:00+00:00", "aipm": "0.1"} | volatile
    header = Header(scenario=scenario, scenario_sha256=scenario.digest, seed=seed, volatile=stamp)
    path.parent.mkdir(parents=True, exist_ok=True)
    with Recorder(path, header) as recorder:
        for event in events:
            recorder.append(event)
    return read(path)
