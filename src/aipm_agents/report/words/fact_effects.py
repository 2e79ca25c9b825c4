"""What a fact does to the checkpoints, and what a set of choices is, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import tr
from aipm_agents.report.words import numbers, phrase

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aipm_agents.scenario.evidence import Evidence
    from aipm_agents.scenario.model import Option, Scenario
    from aipm_agents.scenario.party import RedLine
    from aipm_agents.scenario.values import AnyOf, Choices


def bearing(scenario: Scenario, fact: Evidence) -> str:
    """What a fact does to the checkpoints."""

    def asks(names: Iterable[str]) -> str:
        return phrase.listed(tr('"{text}"', text=scenario.criteria[name][1].asks) for name in names)

    parts = []
    if fact.supports and fact.when:
        beside = choices(scenario, fact.when)
        parts.append(
            tr("It shows {what}, for a package with {choices}", what=asks(fact.supports), choices=beside)
        )
    elif fact.supports:
        parts.append(tr("It shows {what}", what=asks(fact.supports)))
    if fact.undermines:
        text = tr("It speaks against {what}", what=asks(fact.undermines))
        if fact.unless:
            text += tr(", unless the package has {choices}", choices=choices(scenario, fact.unless))
        parts.append(text)
    return tr("; ").join(parts) or tr("It settles no criterion; it is there to be said.")


def crossing(scenario: Scenario, line: RedLine) -> str:
    """What a red line is drawn at; several choices are one only together."""
    return either(_together(scenario, chosen) for chosen in line.when)


def _together(scenario: Scenario, chosen: Choices) -> str:
    *others, last = (choices(scenario, ({issue: options},)) for issue, options in chosen.items())
    return tr("{these} and {that}", these=tr(", ").join(others), that=last) if others else last


def either(cases: Iterable[str]) -> str:
    """Cases of which any will do, each more than a word."""
    return tr(", or ").join(cases)


def choices(scenario: Scenario, cases: AnyOf, *, quoted: bool = False) -> str:
    """Options by their labels: all issues named must hold, any option of an issue will do, and any case of several.
    Where a reader knows none of them, that there is one. `quoted`: where a label with an `or` in it must not be
    taken for two."""
    return either(_choices(scenario, chosen, quoted) for chosen in cases)


def _choices(scenario: Scenario, chosen: Choices, quoted: bool) -> str:
    def said(label: str) -> str:
        return tr('"{text}"', text=label) if quoted else phrase.named(label)

    return phrase.listed(
        phrase.either(said(scenario.label(issue, option)) for option in options)
        or tr('something not on the list for "{question}"', question=scenario.issue[issue].question)
        for issue, options in chosen.items()
    )


def offered(scenario: Scenario, option: Option) -> str:
    """An option by its label, with the choices beside which alone it is to be had."""
    if option.available is None:
        return option.label
    if isinstance(option.available, str):
        return tr("{option} (not to be had yet)", option=option.label)
    beside = choices(scenario, option.available.when, quoted=True)
    return tr("{option} (only with {choices})", option=option.label, choices=beside)


def bindings(scenario: Scenario) -> str:
    """Which options are to be had only beside which choices; empty where all go with all."""
    return tr("; ").join(
        tr("{option} only with {choices}", option=phrase.named(scenario.label(*choice)), choices=choices(scenario, when, quoted=True))
        if when else tr("{option} is not to be had", option=phrase.named(scenario.label(*choice)))
        for choice, when in scenario.bound_options.items()
    )  # fmt: skip


def added(scenario: Scenario, option: Option, metric: str) -> str:
    """What an option adds to a metric: a figure, and those of certain packages with what these have."""
    always = option.adds(metric)
    beside = [
        tr("{figure} with {choices}", figure=numbers.signed(add), choices=choices(scenario, when))
        for add, when in option.adds_beside(metric)
    ]
    return tr("; ").join([*([numbers.signed(always)] if always or not beside else []), *beside])
