"""Groups that play on paper, beside the tables of a class: their rounds are in the register, in the lines of `aipm record`,
and a group that has ended has a record like any other."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.errors import StorageError, TranscriptError, UsageError
from aipm_agents.language import mark, tr
from aipm_agents.report.words.on_paper import against, ruled
from aipm_agents.room import happenings as h
from aipm_agents.room.lesson import Refused
from aipm_agents.table.on_paper import Meeting
from aipm_agents.table.paper_lines import closing, round_of
from aipm_agents.transcript import Recorder, Transcript, as_bytes, line, new_header, read

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from aipm_agents.room.lesson import Lesson
    from aipm_agents.transcript import Header

MOST = 24
"""Groups; more are no class that can be told apart."""


class Doubtful(UsageError):
    """How a table says it went on is not what its ruling says; it may be insisted on."""


class PaperGroup(NamedTuple):
    number: int
    meeting: Meeting
    """As far as it is entered."""


class Entering:
    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson

    @property
    def groups(self) -> list[PaperGroup]:
        entered = self.lesson.roster.entered
        return [self.group(number) for number in sorted(entered) if entered[number]]

    def group(self, number: int) -> PaperGroup:
        """A group as far as it is entered; one of which nothing is. Replayed once: every page of the teacher asks."""
        kept = self.lesson.on_paper
        if number not in kept:
            kept[number] = _replayed(self.lesson, self.lesson.roster.entered.get(number, ()))
        return PaperGroup(number, kept[number])

    @property
    def next(self) -> int:
        """The number of the next group."""
        return max((each.number for each in self.groups), default=0) + 1

    @property
    def groups_ended(self) -> list[tuple[int, Transcript]]:
        """The groups that have ended, by their number."""
        return [
            (number, Transcript(_header(self.lesson, number), meeting.events, self.path(number)))
            for number, meeting in self.groups if meeting.over
        ]  # fmt: skip

    @property
    def over(self) -> bool:
        """Whether every table has ended; where nobody sits at any, whether a group on paper has."""
        lesson = self.lesson
        seated = any(role for _, role in lesson.roster.places.values())
        return lesson.over or not (lesson.tables or seated or not self.groups_ended)

    def path(self, number: int) -> Path:
        return self.lesson.register.folder / f"paper-{number:02}.jsonl"

    def enter(self, number: int, package: str, votes: str, told: str, then: str) -> None:
        """A round. Raises `UsageError` for what cannot have been so, `Doubtful` where it can be insisted on."""
        if not 1 <= number <= MOST:
            raise Refused(mark("there is no such group"))
        meeting = self.group(number).meeting
        if meeting.over:
            raise Refused(mark("this group has ended; tear its last sheet up to go on"))
        happening = h.RoundEntered(group=number, package=package, votes=votes, told=told, then=then)
        del self.lesson.on_paper[number]  # until the round is in the register
        _enter(meeting, happening)
        self.lesson.happens(happening)
        self.lesson.on_paper[number] = meeting
        self.keep()

    def tear_up(self, number: int) -> None:
        """The last round of a group does not count; its record, where there is one, goes with it. Raises
        `StorageError` where that cannot be removed; it is tried again as `keep` does."""
        if not self.lesson.roster.entered.get(number):
            raise Refused(mark("there is no such group"))
        self.lesson.happens(h.TornUp(group=number))
        self.lesson.on_paper.pop(number, None)
        self.lesson.afterwards.clear()
        self.keep()

    def keep(self, *, anew: bool = False) -> None:
        """A record of each group that has ended, and of no other: the register says which. `anew`: also where what lies
        there is not what the register says, because the program broke off between the two. Raises `StorageError`."""
        for number in sorted(self.lesson.roster.entered):
            meeting, path = self.group(number).meeting, self.path(number)
            if path.exists() != meeting.over or (anew and meeting.over and _events(path) != meeting.events):
                with self.lesson.noting():
                    self._write(number, meeting)
                self.lesson.afterwards.clear()

    def _write(self, number: int, meeting: Meeting) -> None:
        path = self.path(number)
        try:
            path.unlink(missing_ok=True)
            if meeting.over:
                events = b"".join(as_bytes(line(event)) for event in meeting.events)
                with Recorder(path, _header(self.lesson, number), prefix=events, durable=True):
                    pass
        except OSError as error:
            raise StorageError(
                tr("{path}: cannot be written: {strerror}; all before it is kept", path=path, strerror=error.strerror)
            ) from None  # fmt: skip


def _events(path: Path) -> object:
    with suppress(TranscriptError):
        return read(path).events
    return None


def _header(lesson: Lesson, number: int) -> Header:
    return new_header(lesson.scenario, 0, run_id=f"{lesson.opened.code.lower()}p{number:02}")


def _replayed(lesson: Lesson, sheets: Iterable[h.RoundEntered]) -> Meeting:
    meeting = Meeting(lesson.scenario)
    for each in sheets:
        _enter(meeting, each)
    return meeting


def _enter(meeting: Meeting, sheet: h.RoundEntered) -> None:
    meeting.enter(round_of(meeting, sheet.package, sheet.votes, sheet.told))
    end, insists = closing(sheet.then)
    if meeting.over:
        return
    if not insists and (doubt := against(meeting, end)):
        raise Doubtful(
            tr("By what was entered all four checkpoints let this package through, which is a deal.") if doubt == "a deal"
            else tr("By what was entered this is no deal. {why}", why=ruled(meeting))
        )  # fmt: skip
    if end is not None or meeting.at_last:
        meeting.close(end or "time")
