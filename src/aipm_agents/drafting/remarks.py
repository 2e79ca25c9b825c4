"""What is said of a draft when it is handed over: what is made up, what it leaves unasked, what a hand should add."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.analysis.space.advice import unasked
from aipm_agents.language import mark, tr
from aipm_agents.report.words.vocabulary import CHECKPOINT_TITLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.drafting.written import Draft


def counted(made: Draft, *, asked: bool) -> str:
    """`asked`: of a conversation, whose answers are what it rests on."""
    told = (
        mark("{quoted} texts are as you said them, {n} are made up and marked INVENTED; packages that could be a deal: {deals}.")
        if asked
        else mark("{quoted} texts rest on the brief, {n} are made up and marked INVENTED; packages that could be a deal: {deals}.")
    )  # fmt: skip
    return tr(told, quoted=made.quoted, n=made.invented, deals=made.deals)


def remarks(made: Draft) -> Iterator[str]:
    if not made.deals:
        yield tr(
            "So nobody can agree yet: let a choice take care of what speaks against it, or lower a walk_away."
        )
    for gate in unasked(made.reading.scenario) if made.reading.scenario else ():
        yield tr("Nothing is asked at {gate} yet: it passes, unearned, whatever is chosen. A finding that bears on it, or a rule, gives it something to ask.", gate=CHECKPOINT_TITLES[gate])  # fmt: skip
    yield tr("Worth adding by hand: a name for each seat (`name`), each finding as it would be said (`plainly`), what success is (`success`); docs/scenario-format.md tells them.")  # fmt: skip
