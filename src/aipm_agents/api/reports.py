"""What is found out about scenarios and runs: figures, plain data, and a text or a page to read."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from aipm_agents.errors import UsageError
from aipm_agents.language import speaking, spoken, suiting, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aipm_agents.analysis.compare.comparison import Comparison
    from aipm_agents.analysis.debrief.groups import Groups
    from aipm_agents.analysis.debrief.whole import Debrief
    from aipm_agents.analysis.space.flip import Flips
    from aipm_agents.analysis.space.prospects import Prospects
    from aipm_agents.api.runs import Run
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.model import Scenario

T = TypeVar("T")
_WIDTH = 100
"""Columns that a report takes as text."""


class Report(Generic[T]):
    """Something found out. `str()` tells it, a notebook shows it, `data` has what `--json` prints."""

    def __init__(
        self, about: Scenario, title: str, found: T,
        data: Callable[[], dict[str, Any]], blocks: Callable[[], Sequence[Block]],
    ) -> None:  # fmt: skip
        self.found = found
        """The figures, as the analysis makes them: typed, exact, and no part of what 1.x promises."""
        self._about, self._title, self._data, self._blocks = about, title, data, blocks

    @property
    def blocks(self) -> Sequence[Block]:
        """What is printed of it, in the language spoken now; no part of what 1.x promises."""
        return self._blocks()

    @property
    def data(self) -> dict[str, Any]:
        """Plain data, ready for JSON; its texts are English, as a program reads them."""
        from aipm_agents.report.papers.plain_text import plain

        with speaking("en"):
            made: dict[str, Any] = plain(self._data())
        return made

    def __getitem__(self, key: str) -> Any:
        return self.data[key]

    def __str__(self) -> str:
        from aipm_agents.report.papers.notebook import printed
        from aipm_agents.report.papers.terminal import paper

        with told(self._about):
            return printed(paper(self.blocks, _WIDTH), _WIDTH)

    def _repr_html_(self) -> str:
        from aipm_agents.report.papers.html import page
        from aipm_agents.report.papers.notebook import framed

        with told(self._about):
            return framed(page(self._title, self.blocks, language=spoken()))

    def __repr__(self) -> str:
        return f"<Report: {type(self.found).__name__} of {self._about.id}>"


@contextmanager
def told(about: Scenario) -> Iterator[None]:
    """In the language somebody asked for, or else the scenario's."""
    with speaking(suiting(about.language)):
        yield


def analyze(scenario: Scenario | str) -> Report[Prospects]:
    """What can come of a scenario, from its whole outcome space, before anyone speaks."""
    from aipm_agents.analysis.space.advice import advice
    from aipm_agents.analysis.space.flip import flips
    from aipm_agents.analysis.space.landscape import landscape
    from aipm_agents.analysis.space.prospects import prospects
    from aipm_agents.api.runs import load
    from aipm_agents.report.author.prospects import report

    about = load(scenario) if isinstance(scenario, str) else scenario
    found, land = prospects(about), landscape(about)
    mending = None if found.acceptable else flips(about)

    def data() -> dict[str, Any]:
        known = {**found._asdict(), "deciding_evidence": found.deciding_evidence}
        return {
            "scenario": about.id,
            **known,
            **land._asdict(),
            "advice": advice(about, found),
            "repairs": _repairs(mending),
        }

    return Report(
        about, about.title, found, data, lambda: report(about, found, land, advice(about, found), mending)
    )


def _repairs(mending: Flips | None) -> list[Any]:
    """Each as one change, or two together where no single one will do; empty where deals can be made as it is."""
    if mending is None:
        return []
    return [[each] for each in mending.flipping] or [list(each.changes) for each in mending.pairs]


def compare(*runs: Run) -> Report[Comparison]:
    """Two runs or a few beside each other: what came out, where they parted, what it cost. The first is what the
    others are held against."""
    from aipm_agents.analysis.compare.comparison import compare as compared
    from aipm_agents.report.compare.comparison import first_screen
    from aipm_agents.report.compare.details import details
    from aipm_agents.report.compare.plain_data import comparison_data

    if len(runs) < 2:
        raise UsageError(tr("compare takes two runs or more; of many, make a study with sweep"))
    found = compared([each.transcript for each in runs])
    return Report(
        runs[0].scenario, tr("Comparison"), found, lambda: comparison_data(found, [each.transcript for each in runs]),
        lambda: [*first_screen(found), *details(found)],
    )  # fmt: skip


def debrief(*runs: Run) -> Report[Debrief] | Report[Groups]:
    """What to talk about after a run: where it turned, what nobody said, what was left on the table. Several runs
    are a class, as groups G1 to Gn. Opens every card."""
    from aipm_agents.kit.glossary import ideas
    from aipm_agents.report.compare.plain_data import debrief_data, groups_data
    from aipm_agents.report.words.setup import caution as caution_of
    from aipm_agents.report.words.setup import caution_of_class

    if not runs:
        raise UsageError(tr("debrief takes a run, or several of one class"))
    first = runs[0].transcript
    caution = caution_of(first) if len(runs) == 1 else caution_of_class([each.transcript for each in runs])
    if len(runs) == 1:
        from aipm_agents.analysis.debrief.whole import debrief as made
        from aipm_agents.report.debrief.whole import screen

        one = made(first)
        return Report(
            first.scenario, first.scenario.title, one, lambda: debrief_data(one),
            lambda: screen(one, full=True, caution=caution, terms=ideas(spoken())),
        )  # fmt: skip
    from aipm_agents.analysis.debrief.groups import groups
    from aipm_agents.report.debrief.groups import screen as screen_of_class

    several = groups([each.transcript for each in runs])
    return Report(
        first.scenario, first.scenario.title, several, lambda: groups_data(several),
        lambda: screen_of_class(several, full=True, caution=caution, terms=ideas(spoken())),
    )  # fmt: skip
