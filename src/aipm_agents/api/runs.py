"""A scenario loaded, a run played or opened: what most people come for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aipm_agents.api import models
from aipm_agents.api.players import players
from aipm_agents.api.records import Records
from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.seats.agent import OnFault, SeatBug
from aipm_agents.table.events import ending
from aipm_agents.transcript import Transcript

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aipm_agents.analysis.run.audit import Breach, Leak
    from aipm_agents.analysis.run.outcome import Outcome
    from aipm_agents.api.players import Player
    from aipm_agents.roles import Language, Role
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.styles import StyleName
    from aipm_agents.table.events import Ending, Event


def load(source: str | os.PathLike[str], *, language: Language | None = None) -> Scenario:
    """The scenario in a file, or the one that goes by this id: bundled, or brought by an installed package.

    `language`: "en" or "zh-Hant", where a file beside it holds its texts in it; else it speaks its own.

    Raises `UsageError` where there is none, `ScenarioError` with every problem a file has.
    """
    from aipm_agents.scenario.library import locate
    from aipm_agents.scenario.reader import read

    return read(locate(os.fspath(source), language))


def run(
    scenario: Scenario | str,
    seats: Mapping[Role, Player] | None = None,
    *,
    seed: int = 0,
    pm_style: StyleName | None = None,
    on_fault: OnFault = "raise",
    on_event: Callable[[Event], None] = lambda event: None,
) -> Run:
    """Play a scenario to its decision. The same seed and the same seats play the same run.

    `seats`: role -> who plays it; everybody else is embedded. `pm_style`: how an embedded PM leads.
    `on_fault`: what becomes of a bug in a seat given in Python. With "raise" it comes out as it is, with its
    traceback; with "abstain" it is recorded as a fault, and the seat has said nothing. `on_event` gets each
    event as it happens.
    """
    from aipm_agents.negotiation import negotiate
    from aipm_agents.transcript import new_header

    scenario = load(scenario) if isinstance(scenario, str) else scenario
    at_table = players(scenario, seats or {}, style=pm_style, on_fault=on_fault)
    prompts, controls = models.told(scenario, at_table)
    try:
        events = negotiate(scenario, at_table, seed=seed, on_event=on_event)
    except SeatBug as bug:
        raise bug.error from None
    header = new_header(scenario, seed, pm_style=pm_style, prompts=prompts, controls=controls)
    return Run(Transcript(header, events))


def open(path: str | os.PathLike[str]) -> Run:
    """The run in a file, finished or broken off. Every ruling is worked out again: raises `TranscriptError` where
    the file is no transcript, or says something that does not follow."""
    from aipm_agents.transcript import read

    return Run(read(Path(path)))


class Run:
    """A run: its scenario and its events. Everything else is worked out from these when it is asked for."""

    def __init__(self, transcript: Transcript) -> None:
        self.transcript, self.record = transcript, transcript.record

    @property
    def scenario(self) -> Scenario:
        return self.transcript.scenario

    @property
    def events(self) -> tuple[Event, ...]:
        """All that happened, in order: the whole state of the run."""
        return self.transcript.events

    @property
    def id(self) -> str:
        return self.transcript.header.run_id

    @property
    def seed(self) -> int:
        return self.transcript.header.seed

    @property
    def seats(self) -> dict[Role, str]:
        """Role -> the kind of seat that played it."""
        return self.transcript.seats

    @property
    def decision(self) -> Ending:
        """`go`, `go_with_follow_ups`, `no_go` or `no_agreement`; `undecided` where faults decided, `stopped` where
        it was broken off."""
        return ending(self.record.decision)

    @property
    def deal(self) -> Package | None:
        """Issue -> option, where there is a deal."""
        return self.record.deal

    @property
    def outcome(self) -> Outcome:
        """What it came to for everybody, and beside what could have been had: points, `nash_ratio` (0 to 1),
        `egalitarian_gap` (points), baselines. Worked out with full information."""
        from aipm_agents.analysis.run.outcome import outcome

        return outcome(self.record)

    @property
    def pareto(self) -> bool | None:
        """Whether no package within the gates gives nobody less than the deal and somebody more; None without one."""
        return None if self.outcome.deal is None else self.outcome.deal.dominated_by is None

    @property
    def sound(self) -> bool | None:
        """Whether all four checkpoints would let the deal through with everything disclosed; None without one."""
        from aipm_agents.analysis.space.masks import within_the_gates
        from aipm_agents.table.packages import outcome_space

        if self.deal is None:
            return None
        return bool(within_the_gates(self.scenario)[outcome_space(self.scenario).code(self.deal)])

    @property
    def leaks(self) -> list[Leak]:
        """Where a seat spoke its own score sheet, or text that is not on the table."""
        from aipm_agents.analysis.run.audit import leaks

        return leaks(self.record)

    @property
    def breaches(self) -> list[Breach]:
        """Votes and deals against a seat's own limits."""
        from aipm_agents.analysis.run.audit import breaches

        return breaches(self.record)

    @property
    def faults(self) -> dict[Role, int]:
        """Role -> how many of its turns were no usable move; empty where all were."""
        from aipm_agents.analysis.run.conduct import conduct

        return conduct(self.record).faults

    def turns(self) -> Records:
        """One record a turn; docs/columns.md tells the columns."""
        from aipm_agents.analysis.sample.turns import turns

        return Records(turns(self.transcript))

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the transcript, which `aipm show` and `open` read. A transcript that is there is replaced; anything
        else that is there stays: raises `UsageError`."""
        from aipm_agents import disk
        from aipm_agents.transcript import dumped, first_line, line

        to = Path(path)
        try:
            if to.exists() and not to.read_bytes().startswith(b'{"kind":"header","transcript":'):
                raise UsageError(tr("{path}: is there, and is no transcript; name another file", path=to))
            lines = [first_line(self.transcript.header), *map(line, self.events)]
            disk.write(to, (dumped(each) + "\n" for each in lines))
        except OSError as error:
            raise UsageError(
                tr("{path}: cannot be written: {strerror}", path=to, strerror=error.strerror)
            ) from None
        return to

    def __repr__(self) -> str:
        return f"<Run {self.id}: {self.scenario.id}, seed {self.seed}, {self.decision}>"

    def __str__(self) -> str:
        """The run as Markdown, everything disclosed."""
        from aipm_agents.api.reports import told
        from aipm_agents.report.run.export import document

        with told(self.scenario):
            return document(self.transcript, "facilitator")

    def _repr_html_(self) -> str:
        from aipm_agents.api.reports import told
        from aipm_agents.report.papers.notebook import framed
        from aipm_agents.report.run.export import html

        with told(self.scenario):
            return framed(html(self.transcript, "facilitator"))

    def __eq__(self, other: object) -> bool:
        """Whether the same happened in the same scenario; times and the like are no part of that."""
        return isinstance(other, Run) and self._plain() == other._plain()

    def __hash__(self) -> int:
        return hash((self.scenario, self.seed, len(self.events)))

    def _plain(self) -> tuple[Any, ...]:
        events = tuple(event.model_copy(update={"volatile": {}}) for event in self.events)
        return self.scenario.digest, self.seed, events
