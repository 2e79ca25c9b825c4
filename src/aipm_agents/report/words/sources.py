"""Where the questions of a scenario come from: packs, their sources, and the law with its date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import mark, tr, tr_n

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aipm_agents.roles import Role
    from aipm_agents.scenario.criteria import Criterion
    from aipm_agents.scenario.model import Scenario


def notice(criteria: Iterable[Criterion]) -> str:
    """What is to be said wherever a question of law is shown; else nothing. The oldest date counts."""
    days = [each.as_of for each in criteria if each.as_of]
    return caution(min(days)) if days else ""


def caution(day: str) -> str:
    """`day`: as ISO 8601 writes it."""
    return tr("Law as of {day}. For teaching, not legal advice.", day=day)


def packs(scenario: Scenario) -> dict[str, list[Criterion]]:
    """Pack -> the criteria that come from it, in the order the PM asks them."""
    found: dict[str, list[Criterion]] = {}
    for _, criterion in scenario.criteria.values():
        if criterion.pack:
            found.setdefault(criterion.pack, []).append(criterion)
    return found


def used(scenario: Scenario) -> str:
    """Packs and how many questions of each, in one line; nothing where there is none."""
    told = (
        tr_n("{pack}: {n} question", "{pack}: {n} questions", len(each), pack=name)
        for name, each in packs(scenario).items()
    )
    return " · ".join(told)


def origins(scenario: Scenario) -> Iterator[str]:
    """A line a pack and kind: which of its questions can stop a deal here, and which only stay open."""
    for name, criteria in packs(scenario).items():
        stops = [each.id for each in criteria if each.blocking]
        answered = [each.id for each in criteria if not each.blocking and _spoken_to(scenario, each)]
        silent = [each.id for each in criteria if not each.blocking and not _spoken_to(scenario, each)]
        if stops:
            yield tr("from {pack}, can stop a deal: {names}", pack=name, names=tr(", ").join(stops))
        if answered:
            yield tr("from {pack}, becomes a follow-up: {names}", pack=name, names=tr(", ").join(answered))
        if silent:
            yield tr(
                "from {pack}, a follow-up because no fact here speaks to it: {names}",
                pack=name, names=tr(", ").join(silent),
            )  # fmt: skip


def _spoken_to(scenario: Scenario, criterion: Criterion) -> bool:
    return bool(criterion.rule) or any(
        criterion.id in (*fact.supports, *fact.undermines) for fact in scenario.facts.values()
    )


def answers_for(scenario: Scenario, role: Role) -> tuple[list[str], str]:
    """The questions with a source that a role owns, each with what would satisfy it (those that only stay open
    for the record are counted); and what is to be said of the law they rest on."""
    mine = [each for _, each in scenario.criteria.values() if each.owner == role and each.source]
    told = [question(each) for each in mine if not each.left_open]
    if silent := len(mine) - len(told):
        told.append(
            tr_n("{n} question of a pack, for the record", "{n} questions of packs, for the record", silent)
        )
    return told, notice(mine)


def question(criterion: Criterion) -> str:
    """A question that has a source, with it and with what would satisfy it."""
    asks, source = criterion.asks, criterion.source
    if criterion.satisfied_by is None:
        return tr('"{asks}" Source: {source}.', asks=asks, source=source)
    text = mark('"{asks}" Source: {source}. Satisfied by: {what}.')
    return tr(text, asks=asks, source=source, what=criterion.satisfied_by)
