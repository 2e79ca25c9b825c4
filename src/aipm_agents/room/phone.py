"""What a phone shows of a table: from the view of its seat, and from nothing else that is private."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from aipm_agents.kit.card import card
from aipm_agents.kit.general import public_sheet
from aipm_agents.kit.score import worth as score
from aipm_agents.language import mark, spoken, tr
from aipm_agents.report.live import goals, seat, subjects
from aipm_agents.report.papers.typography import shortened
from aipm_agents.report.run.story import story
from aipm_agents.report.words import deeds, fact_effects, inquiry, numbers, phrase, vocabulary
from aipm_agents.room import paper
from aipm_agents.room.turn_form import MOST_ASKS
from aipm_agents.table.audience import PUBLIC, seen_by, visible
from aipm_agents.table.events import (
    Proposed,
    Ruled,
    package_on_table,
    tabled_evidence,
)
from aipm_agents.table.lawful import promised, put
from aipm_agents.table.moves import Position, Proposal, Signing
from aipm_agents.table.rules import matches
from aipm_agents.table.view import view

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_agents.kit.document import Document
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.roles import Role
    from aipm_agents.room.sitting import Sitting
    from aipm_agents.room.turn_form import FilledForm
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.events import Event
    from aipm_agents.table.view import View

PHASES: vocabulary.Vocabulary[str] = vocabulary.Vocabulary({
    "frame": mark("The PM opens the meeting"), "open": mark("Everybody says what they need"),
    "propose": mark("The PM puts a package together"), "answer": mark("Everybody answers the package"),
    "sign": mark("The PM signs, or holds"), "over": mark("The table has decided"),
})  # fmt: skip


class Chip(NamedTuple):
    """One option to tap."""

    value: str
    label: str
    points: str
    now: bool
    """Whether it is in the package on the table."""


class Choices(NamedTuple):
    issue: str
    question: str
    chips: tuple[Chip, ...]


def phase(sitting: Sitting) -> str:
    """What a table is doing now."""
    step = sitting.step
    return PHASES[step.phase if step.phase in PHASES else "over"]


def card_blocks(scenario: Scenario, role: Role, seed: int, kinds: Mapping[Role, str]) -> tuple[Block, ...]:
    """The kit's card, and what each option is worth."""
    first = view(scenario, (), role, seed=seed, number=0)
    made: Document = card(first, [each for each, kind in kinds.items() if kind != "human"])
    return (*made.blocks, *score(first))


def walk_away(scenario: Scenario, role: Role) -> str:
    return tr("Your walk-away is {points}: below it, no deal is better for you.", points=numbers.figure(scenario.parties[role].walk_away))  # fmt: skip


def figures(view: View, package: Package) -> list[tuple[str, str, str]]:
    """What a package comes to, metric by metric, each with what the case asks of it."""
    values, asked = view.totals(package), goals.bounds(view.scenario)
    return [
        (metric.label, numbers.measured(values[metric.id], metric.unit), asked.get(metric.id, ""))
        for metric in view.scenario.metrics
    ]


def case(scenario: Scenario, sitting: Sitting | None) -> dict[str, Any]:
    """The case as everybody knows it: once a table plays, with the figures that its news has left."""
    if sitting is None:
        return {"case": paper.shown(public_sheet(seen_by(scenario, (), PUBLIC)))}
    key = ("case", spoken())
    if key not in sitting.told:
        known = seen_by(sitting.scenario, visible(sitting.events, PUBLIC), PUBLIC)
        sitting.told[key] = {"case": paper.shown(public_sheet(known))}
    return sitting.told[key]


def table(sitting: Sitting, role: Role) -> dict[str, Any]:
    """The table as a seat sees it, or, with no role, as everybody in the room does; made once until it changes."""
    key = (role, spoken())
    if key not in sitting.told:
        sitting.told[key] = _table(sitting, role)
    return {**sitting.told[key], "answered": answered(sitting)}


def _table(sitting: Sitting, role: Role) -> dict[str, Any]:
    if role:
        seen = sitting.seen(role)
        scenario, events, me = seen.scenario, seen.events, seen
    else:
        events = visible(sitting.events, PUBLIC)
        scenario, me = seen_by(sitting.scenario, events, PUBLIC), None
    tabled = tabled_evidence(scenario, events)
    package = package_on_table(events)
    earlier = [e.package for e in events if isinstance(e, Proposed) and e.package]
    before = earlier[-2] if len(earlier) > 1 else None
    rounds = story(scenario, events)
    ruled = next((each for each in reversed(rounds) if each.gates), None)
    return {
        "package": [] if package is None else [
            (
                scenario.issue[issue].question, scenario.label(issue, option), before is not None and before[issue] != option,
                numbers.figure(me.me.points[issue][option]) if me else "",
            )
            for issue, option in package.items()
        ],
        "package_round": next((e.round for e in reversed(events) if isinstance(e, Proposed)), 0),
        "figures": figures(me, package) if me and package is not None else [],
        "worth": seat.worth_line(me, package) if me and package is not None else "",
        "facts": [scenario.facts[name] for name in scenario.facts if name in tabled],
        "studies": [inquiry.takes(scenario.facts[name]) for name in me.studies] if me else [],
        "ruled": ruled, "rounds": tuple(reversed(rounds)), "anchors": set(),
    }  # fmt: skip


def answered(sitting: Sitting) -> list[tuple[str, str, bool]]:
    """Of everybody who is asked now: the role, how it is called, and whether it has answered."""
    step = sitting.step
    asked = sitting.waiting and [role for role in sitting.scenario.parties if role in step.roles]
    return [(role, sitting.scenario.card(role).short, role in sitting.held) for role in asked or ()]


def told(view: View, event: Event) -> list[str]:
    """A turn in a few lines, as it will be heard."""
    move = getattr(event, "move", None)
    if move is None or getattr(event, "fault", None):
        return [tr("no answer")]
    lines = [vocabulary.VOTES[move.vote]] if isinstance(move, Position) else []
    if isinstance(move, Proposal):
        lines.append(phrase.options(view.scenario, move.package))
    if isinstance(move, Signing) and move.signs:
        lines.append(tr("you sign"))
    package = view.package if isinstance(move, Position) else None
    lines += [each.line for each in deeds.deeds(view.scenario, view.role, view.round, move, package)]
    if move.says:
        lines.append(tr('"{text}"', text=shortened(move.says, 240)))
    return lines or [tr("(says nothing)")]


def turn(view: View, verb: str, form: FilledForm) -> dict[str, Any]:
    """What a form for a turn is made of; `form`: what stands in it already, to go on from."""
    lawful = view.lawful()
    now = (view.given if verb == "propose" else None) or view.package or {}
    chosen = {i: form.one(f"package-{i}") for i in view.space.options} if form else dict(now)
    points = view.me.points
    issues = [
        Choices(issue.id, issue.question, tuple(
            Chip(
                f"{issue.id}={option}" if verb != "propose" else option, view.scenario.label(issue.id, option),
                numbers.figure(points[issue.id][option]), now.get(issue.id) == option,
            )
            for option in lawful.options[issue.id]
        ))
        for issue in view.scenario.issues
    ]  # fmt: skip
    crossed = [line.because for line in view.me.red_lines if now and matches(now, line.when)]
    return {
        "f": form, "issues": issues, "most_asks": MOST_ASKS, "crossed": crossed,
        "worth": seat.worth_line(view, now) if now else "", "costs": seat.costs(view, now) if now else "",
        "tables": [(f, fact_effects.bearing(view.scenario, view.scenario.facts[f])) for f in lawful.tables],
        "brings": [(f"{b.issue}={b.option}", view.scenario.label(b.issue, b.option), view.scenario.issue[b.issue].question) for b in lawful.brings],
        "people": [(role, view.scenario.card(role).title) for role in lawful.asks_whom],
        "subjects": [(each.name, shortened(each.label, 90)) for each in subjects.subjects(view)],
        "owed": [{
            "key": f"{who}-{q.about}", "who": view.scenario.card(who).short, "text": q.text or inquiry.about(view.scenario, q.about),
            "issue": q.about if q.about in view.scenario.issue else "",
        } for who, q in put(view)] if verb == "answer" else [],
        "challenges": sorted({(c.evidence, view.scenario.facts[c.evidence].says) for c in lawful.challenges}) if "challenges" in view.extras else [],
        "grounds": list(vocabulary.GROUNDS.items()), "sources": subjects.sources(view) if verb == "answer" else [],
        "criteria": [(name, each.asks) for name, (_, each) in view.scenario.criteria.items()], "promised": verb == "answer" and promised(view),
        "studies": [(name, inquiry.takes(view.scenario.facts[name])) for name in lawful.commissions], "holds": [(n, view.scenario.criteria[n][1].asks) for n in lawful.holds],
        "heard": seat.heard(view), "preview": preview(view, chosen) if verb == "propose" else None, "scenario": view.scenario,
        "last_no": bool(view.events) and any(isinstance(e, Ruled) for e in view.events),
    }  # fmt: skip


def preview(view: View, package: Package) -> dict[str, Any] | None:
    """What a package comes to, before it is tabled; None where an issue is open."""
    if any(package.get(issue) not in options for issue, options in view.space.options.items()):
        return None
    gates = [
        (vocabulary.CHECKPOINT_TITLES[name], name, shut, seat.nothing_shut(view, name))
        for name, shut in seat.shut(view, package).items()
    ]
    return {"figures": figures(view, package), "worth": seat.worth_line(view, package), "gates": gates}
