"""How a table questioned what it had, in a few lines; nothing where its scenario has nothing of the kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.report import wording
from aipm_agents.report.blocks import Grid, Heading, Row
from aipm_agents.report.wording import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.inquiry import Challenged, Inquiry, Kept
    from aipm_agents.report.blocks import Block
    from aipm_agents.scenario.model import Scenario

KEPT: dict[Kept, str] = {"not_asked": "never brought: nobody asked", "asked": "never brought, though asked"}


def questioned(scenario: Scenario, found: Inquiry) -> Iterator[Block]:
    """From the whole scenario: for the facilitator, and for comparisons, which hold every secret too."""
    rows = [*_challenges(scenario, found), *_options(scenario, found), *_studies(scenario, found)]
    rows += _words(scenario, found)
    if rows:
        yield Heading("What was questioned", level=3)
        yield Grid(("", "", "what came of it"), tuple(rows), first=12)


def counted(found: Inquiry) -> list[tuple[str, str]]:
    """Counts beside each other, as (what, how many)."""
    challenges = len(found.challenges)
    return [
        ("challenges made, with effect", f"{challenges}, {found.with_effect}"),
        ("options brought, kept", f"{len(found.brought)}, {len(found.kept)}"),
        ("studies sent for, in time", f"{len(found.studies)}, {_in_time(found)}"),
        ("words found to mean two things", str(sum(len(roles) > 1 for roles in found.meanings.values()))),
    ]


def _in_time(found: Inquiry) -> int:
    return sum(sent.arrived is not None for sent in found.studies.values())


def _challenges(scenario: Scenario, found: Inquiry) -> Iterator[Row]:
    for each in found.challenges:
        fact = scenario.facts[each.evidence]
        says = f'"{shortened(fact.plainly or fact.says, 90)}", on {wording.GROUNDS[each.ground]}'
        who = f"challenged by {scenario.card(each.by).short}, round {each.round}"
        yield Row((says, who, _came(each)))


def _came(each: Challenged) -> str:
    if not each.effect:
        return "nothing to it"
    return f"answered, round {each.answered}" if each.answered else "stood to the end"


def _options(scenario: Scenario, found: Inquiry) -> Iterator[Row]:
    for (issue, option), holders in scenario.held_options.items():
        name, label = f"{issue}={option}", scenario.label(issue, option)
        held = f"held by {wording.names(scenario, holders)}"
        if name in found.brought:
            tabled = found.brought[name]
            who = scenario.card(tabled.by).short if tabled.by else "somebody"
            when = f"round {tabled.round}" if tabled.round else "the opening"
            yield Row((label, held, f"brought by {who}, {when}"))
        else:
            yield Row((label, held, KEPT[found.kept[name]]), "NEVER BROUGHT")


def _studies(scenario: Scenario, found: Inquiry) -> Iterator[Row]:
    for fact in scenario.evidence:
        if fact.study is not None:
            sent = found.studies.get(fact.id)
            asked = f"sent for in round {sent.round}" if sent else "never sent for"
            came = f"in, round {sent.arrived}" if sent and sent.arrived else "never known"
            yield Row((fact.study.asks, asked, came))


def _words(scenario: Scenario, found: Inquiry) -> Iterator[Row]:
    for word in {**found.meanings, **found.unsaid}:
        said, kept = found.meanings.get(word, ()), found.unsaid.get(word, ())
        told = f"told by {wording.names(scenario, said)}" if said else "nobody said what it means"
        rest = f"never told by {wording.names(scenario, kept)}" if kept else "all meanings are out"
        yield Row((f'"{word}"', told, rest))
