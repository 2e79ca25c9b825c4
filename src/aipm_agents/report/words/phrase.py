"""Names and choices inside a sentence: who, which options, this or that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import spoken, tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.moves import Ask


def listed(words: Iterable[str]) -> str:
    items = list(words)
    if len(items) > 1:
        return tr("{one} and {other}", one=tr(", ").join(items[:-1]), other=items[-1])
    return items[0] if items else tr("nobody")


def begun(text: str) -> str:
    """As a sentence begins."""
    return text[:1].upper() + text[1:]


def names(scenario: Scenario, roles: Iterable[Role]) -> str:
    """As they are called in a sentence, where a short name with a stop would end it."""
    return listed(scenario.card(role).called for role in roles)


def options(scenario: Scenario, package: Package) -> str:
    return " · ".join(scenario.label(issue, option) for issue, option in package.items())


def named(label: str) -> str:
    """An option inside a sentence. Chinese has quotation marks for it, as no gap tells where it ends."""
    return tr('"{text}"', text=label) if spoken() == "zh-Hant" else label


def when(number: int) -> str:
    """A round, or the opening."""
    return tr("round {n}", n=number) if number else tr("opening")


def rounds(numbers: Iterable[int]) -> str:
    """`round 2`, `rounds 2 to 5`, `rounds 2, 4 and 5`."""
    found = sorted({*numbers})
    if len(found) == 1:
        return when(found[0])
    if len(found) > 2 and found[-1] - found[0] == len(found) - 1:
        return tr("rounds {first} to {last}", first=found[0], last=found[-1])
    return tr("rounds {some} and {last}", some=tr(", ").join(map(str, found[:-1])), last=found[-1])


def either(options: Iterable[str]) -> str:
    """Any of these will do."""
    items = list(options)
    if spoken() == "zh-Hant" and len(items) > 2:
        items = [tr(", ").join(items[:-1]), items[-1]]
    if spoken() == "zh-Hant" and any(item.isdecimal() for item in items):  # a figure has a gap beside a word
        return f" {tr(' or ')} ".join(items)
    return tr(" or ").join(items)


def asked(scenario: Scenario, ask: Ask) -> str:
    """What somebody asks for on one issue."""
    return either(named(scenario.label(ask.issue, option)) for option in ask.options)


def unmet(asks: Iterable[Ask], package: Mapping[str, str] | None) -> list[Ask]:
    """Of what somebody asks for, what a package has not: an ask that takes either of two is met by either."""
    return [ask for ask in asks if package is None or package[ask.issue] not in ask.options]


def sentences(texts: Iterable[str]) -> str:
    """One after the other; Chinese puts no gap between them."""
    return ("" if spoken() == "zh-Hant" else " ").join(texts)


def deal(scenario: Scenario) -> str:
    """What makes a deal at this table."""
    agreement = scenario.agreement
    text = tr(
        "passes four checkpoints; {needed} of {seats} say yes",
        needed=agreement.accept_at_least, seats=len(scenario.parties),
    )  # fmt: skip
    if agreement.veto:
        text += tr(", {who} among them", who=names(scenario, agreement.veto))
    return text
