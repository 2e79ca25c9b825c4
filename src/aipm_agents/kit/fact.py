"""A fact as it is printed: what it says, what that means, where it is from; then what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import tr
from aipm_agents.report.papers.blocks import Quote
from aipm_agents.report.words import phrase
from aipm_agents.report.words.fact_effects import choices
from aipm_agents.table.audience import PUBLIC
from aipm_agents.table.heard import NOTHING
from aipm_agents.table.options import unknown_to, without

if TYPE_CHECKING:
    from aipm_agents.scenario.evidence import Evidence
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.heard import Heard


def printed(
    scenario: Scenario, fact: Evidence, label: str = "", more: str = "", *, unlisted: bool = False
) -> Quote:
    """`scenario`: as whoever reads it may know it. `more`: what else is to be said of it. `unlisted`: an option
    that the reader does not know of answers it too."""
    source = tr("({source})", source=fact.source) if fact.source else ""
    effect = does(scenario, fact, unlisted=unlisted)
    return Quote(label, joined(fact.says, fact.plainly or "", source), joined(effect, more))


def printed_for_all(scenario: Scenario, fact: Evidence, out: Heard = NOTHING) -> Quote:
    """The same where the whole table reads it. `scenario`: whole; an option that only some know is not named unless
    it is `out`."""
    known = without(scenario, unknown_to(scenario, PUBLIC, out))
    seen = known.facts[fact.id]
    return printed(known, seen, unlisted=seen.unless != fact.unless)


def does(scenario: Scenario, fact: Evidence, *, unlisted: bool = False) -> str:
    """What a fact does once it is on the table."""
    both = tuple(name for name in fact.supports if name in fact.undermines and not fact.when)
    proves = tuple(name for name in fact.supports if name not in both)
    fails = tuple(name for name in fact.undermines if name not in both)
    cure = choices(scenario, fact.unless, quoted=True) if fact.unless else ""
    if unlisted:
        other = tr("something that is not on the list")
        cure = tr("{one}, or {other}", one=cure, other=other) if cure else other
    told = []
    if proves and fact.when:
        beside = choices(scenario, fact.when, quoted=True)
        told.append(
            tr(
                "Proof for {what}, if the package has {choices}.",
                what=_asked(scenario, proves),
                choices=beside,
            )
        )
    elif proves:
        told.append(tr("Proof for {what}.", what=_asked(scenario, proves)))
    if fails and cure:
        told.append(
            tr(
                "It fails {what}, unless the package has {choices}.",
                what=_asked(scenario, fails),
                choices=cure,
            )
        )
    elif fails:
        told.append(tr("It fails {what}, whatever the package.", what=_asked(scenario, fails)))
    if both and cure:
        told.append(
            tr(
                "Proof for {what} with {choices} in the package; with anything else it fails it.",
                what=_asked(scenario, both),
                choices=cure,
            )
        )
    elif both:
        told.append(tr("It fails {what}, whatever the package.", what=_asked(scenario, both)))
    return joined(*told) or tr("It settles no criterion; it is there to be said.")


def _asked(scenario: Scenario, names: tuple[str, ...]) -> str:
    return phrase.listed(tr('"{text}"', text=scenario.criteria[name][1].asks) for name in names)


def joined(*texts: str) -> str:
    """Sentences one after the other, with a space between where the language has one."""
    said = ""
    for each in filter(None, texts):
        said = tr("{one} {next}", one=said, next=each) if said else each
    return said
