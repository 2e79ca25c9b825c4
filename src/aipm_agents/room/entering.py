"""Groups that play on paper, beside the tables of a class: their rounds are in the register, in the lines of `aipm record`,
and a group that has ended has a record like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.errors import UsageError
from aipm_agents.language import mark, tr
from aipm_agents.report.words.on_paper import against
from aipm_agents.room import happenings as h
from aipm_agents.room.lesson import Refused
from aipm_agents.table.on_paper import Meeting
from aipm_agents.table.paper_lines import closing, round_of
from aipm_agents.transcript import Recorder, Transcript, new_header

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
        """A group as far as it is entered; one of which nothing is."""
        return PaperGroup(number, _replayed(self.lesson, self.lesson.roster.entered.get(number, ())))

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
    def transcripts(self) -> list[Transcript]:
        return [run for _, run in self.groups_ended]

    def path(self, number: int) -> Path:
        return self.lesson.register.folder / f"paper-{number:02}.jsonl"

    def enter(self, number: int, package: str, votes: str, told: str, then: str) -> None:
        """A round. Raises `UsageError` for what cannot have been so, `Doubtful` where it can be insisted on."""
        if not 1 <= number <= MOST:
            raise Refused(mark("there is no such group"))
        group = self.group(number)
        if group.meeting.over:
            raise Refused(mark("this group has ended; tear its last sheet up to go on"))
        happening = h.RoundEntered(group=number, package=package, votes=votes, told=told, then=then)
        _enter(group.meeting, happening)
        self.lesson.happens(happening)
        self.keep(group)

    def tear_up(self, number: int) -> None:
        """The last round of a group does not count; its record, where there is one, goes with it."""
        if not self.lesson.roster.entered.get(number):
            raise Refused(mark("there is no such group"))
        self.lesson.happens(h.TornUp(group=number))
        self.path(number).unlink(missing_ok=True)
        self.lesson.afterwards.clear()

    def keep(self, group: PaperGroup) -> None:
        """The record of a group that has ended, where it has none yet."""
        if group.meeting.over and not self.path(group.number).exists():
            header = _header(self.lesson, group.number)
            with self.lesson.noting(), Recorder(self.path(group.number), header, durable=True) as record:
                record.append(*group.meeting.events)
            self.lesson.afterwards.clear()


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
            else tr("By what was entered this is no deal.")
        )  # fmt: skip
    if end is not None or meeting.at_last:
        meeting.close(end or "time")
