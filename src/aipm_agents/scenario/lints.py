"""What an author would want to be told before a table plays it: each lint has a code, a place and its reason.

A lint is a warning: the scenario plays all the same.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aipm_agents.language import mark, tr
from aipm_agents.scenario.naming import all_evidence
from aipm_agents.scenario.problems import Found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.scenario.measures import Metric
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.scenario.problems import Path

LINTS: dict[str, str] = {
    "comma": mark("In `{id: later, label: not now, thanks}` the label ends at the comma and the rest becomes a key of its own. At the table the option would be called half of what you meant. Put quotes around a text with a comma: label: \"not now, thanks\"."),
    "label": mark("A label is spoken inside sentences of every seat: \"I could live with ...\". Brackets, a full stop or more than fourteen words cannot be said there. Write a short noun phrase, as somebody would say it: one region, not Regional rollout (5 %)."),
    "number-id": mark("Where a person types a choice, a number is the place in a list. An option whose id is a number, such as 2, might be taken for the second one. Give it a letter: h2, two-hours."),
    "units": mark("A metric that is the sum of others adds up their figures as they stand. Euros and hours do not add up; bring them to one unit first, or make the metric a product."),
    "unmoved": mark("No option adds anything to this metric, so no choice at the table changes it. A bound on it is kept by every package or by none, and nobody has a reason to speak of it. Give options effects on it, or take it out."),
    "proves-too-much": mark("One fact answers almost everything that had to be shown. Once it is told, the checkpoints have nothing left to ask, and what the others hold never matters. Split it into the findings it is made of, each with its holder."),
    "both-ways": mark("A fact that shows a question and speaks against the same question, whatever is chosen, settles nothing: undermined wins, and the support is never used. Say which it does."),
    "no-reason-to-keep": mark("This role holds a fact that speaks against something, and its briefing (`private`) is empty. Whoever plays it has no reason to keep it or to tell it. Say in a sentence what it knows and what it fears."),
    "nothing-to-say": mark("This role answers for no question, holds no fact and no option, draws no red line and argues nothing. It can only vote by its points. Give it something to answer for, or take the seat away."),
}  # fmt: skip
"""Code -> what it means for the game, and how to mend it."""

_MOST_WORDS, _TOO_MUCH = 14, 4


def lints(scenario: Scenario) -> Iterator[Found]:
    yield from _labels(scenario)
    yield from _metrics(scenario)
    yield from _facts(scenario)
    yield from _roles(scenario)


def _found(code: str, path: Path, text: str) -> Found:
    return Found(path, text, "warning", code)


def _labels(scenario: Scenario) -> Iterator[Found]:
    for i, issue in enumerate(scenario.issues):
        for k, option in enumerate(issue.options):
            here: Path = ("issues", i, "options", k)
            if option.id.isdigit():
                text = tr(
                    "the id {id!r} is a number, which a person at the desk types for a place in a list",
                    id=option.id,
                )
                yield _found("number-id", (*here, "id"), text)
            label = option.label
            if re.search(r"[()\[\]（）]|[.。]$", label) or len(label.split()) > _MOST_WORDS:
                text = tr(
                    "cannot be said inside a sentence: a short noun phrase without brackets and full stop can"
                )
                yield _found("label", (*here, "label"), text)


def _metrics(scenario: Scenario) -> Iterator[Found]:
    known = {metric.id: metric for metric in scenario.metrics}
    moved = {
        name
        for issue in scenario.issues for option in issue.options
        for name, parts in option.effects.items() if any(part.add for part in parts)
    }  # fmt: skip
    for i, metric in enumerate(scenario.metrics):
        here: Path = ("metrics", i)
        units = {known[part].unit for part in metric.of if part in known}
        if metric.how == "sum" and len(units) > 1:
            text = tr(
                "adds up {units}, which are not the same unit",
                units=tr(", ").join(sorted(repr(u) for u in units)),
            )
            yield _found("units", (*here, "of"), text)
        if not _moves(metric, known, moved):
            yield _found(
                "unmoved", (*here, "id"), tr("nothing that can be chosen changes {name!r}", name=metric.id)
            )


def _moves(metric: Metric, known: dict[str, Metric], moved: set[str]) -> bool:
    """Whether some option changes it, or what it is made of; of what is made in a circle others tell."""
    made_of, left = {metric.id}, [metric]
    while left:
        new = {part for part in left.pop().of if part in known} - made_of
        made_of |= new
        left += [known[part] for part in new]
    return bool(made_of & moved) or all(known[part].of for part in made_of)


def _facts(scenario: Scenario) -> Iterator[Found]:
    needed = {name for name, (_, each) in scenario.criteria.items() if each.evidence and each.blocking}
    for path, fact in all_evidence(scenario):
        shown = needed & {*fact.supports}
        if len(needed) >= _TOO_MUCH and len(shown) * 4 > len(needed) * 3:
            text = tr(
                "shows {n} of the {many} questions that need evidence, all by itself",
                n=len(shown),
                many=len(needed),
            )
            yield _found("proves-too-much", (*path, "supports"), text)
        for name in fact.supports:
            if name in fact.undermines and fact.unless is None:
                yield _found(
                    "both-ways", (*path, "undermines"), tr("shows {name!r} and speaks against it", name=name)
                )


def _roles(scenario: Scenario) -> Iterator[Found]:
    owners = {each.owner for _, each in scenario.criteria.values()}
    holders = {role for fact in scenario.facts.values() for role in fact.held_by}
    troubled = {role for fact in scenario.facts.values() if fact.undermines for role in fact.held_by}
    bringers = {role for held in scenario.held_options.values() for role in held}
    for role, party in scenario.parties.items():
        here: Path = ("parties", role)
        if role in troubled and party.private is None:
            text = tr(
                "holds a fact that speaks against something, and nothing tells it why it might keep it: give it a `private`"
            )
            yield _found("no-reason-to-keep", here, text)
        says = party.argues or party.terms or party.red_lines
        if role != "pm" and role not in owners | holders | bringers and not says:
            yield _found(
                "nothing-to-say", here, tr("has nothing to answer for, to tell, to bring or to refuse")
            )
