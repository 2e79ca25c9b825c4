"""A person's turn in the PM's seat: the framing, the package of a round, and whether a deal is signed.

The PM may be stricter than the checkpoints and never looser; who tries is told why, and what would open them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.cli.desk import choosing
from aipm_agents.cli.desk.choosing import Unclear
from aipm_agents.cli.desk.colleague import question, say
from aipm_agents.cli.desk.command import Command
from aipm_agents.cli.desk.looking import heard
from aipm_agents.language import mark, tr
from aipm_agents.report.live import subjects
from aipm_agents.report.live.subjects import Subject
from aipm_agents.report.papers import plain_text
from aipm_agents.report.words import inquiry, phrase, vocabulary
from aipm_agents.report.words.deeds import deeds
from aipm_agents.report.words.fact_effects import bindings
from aipm_agents.scenario.criteria import CHECKPOINTS
from aipm_agents.table.events import Signed, last_ruling, positions
from aipm_agents.table.moves import Proposal, Signing, Words
from aipm_agents.table.rules import exists

if TYPE_CHECKING:
    from collections.abc import Callable

    from aipm_agents.cli.desk.sitting import DeskSitting
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.moves import Move, Trade
    from aipm_agents.table.view import View


def told(view: View, move: Move) -> list[str]:
    """A turn so far, in a few lines."""
    parts: list[str] = []
    if isinstance(move, Proposal):
        parts.append(phrase.options(view.scenario, move.package) or tr("no package yet"))
        if move.package and move.package == view.package:
            parts.append(tr("the same package as last"))
    if isinstance(move, Signing):
        held = move.criterion is not None
        parts += [tr("you sign")] if move.signs else [] if held else [tr("neither signed nor held")]
    parts += [deed.line for deed in deeds(view.scenario, view.role, view.round, move)]
    if isinstance(move, Words):
        return [tr('To be said: "{text}"', text=move.says)] if move.says else [tr("Nothing is to be said.")]
    if move.says:
        parts.append(tr('says: "{text}"', text=plain_text.shortened(move.says, 200)))
    return [tr("Your turn so far: {parts}", parts=" · ".join(parts))] if parts else []


def ready(view: View, move: Move) -> None:
    """Raise `Unclear` where a turn lacks something a person may have forgotten."""
    if isinstance(move, Proposal):
        if missing := [each.question for each in view.scenario.issues if each.id not in move.package]:
            raise Unclear(choosing.missing(missing))
        if not exists(view.scenario, move.package):
            raise Unclear(tr("not all of this can be had together: {bound}", bound=bindings(view.scenario)))
    if isinstance(move, Signing) and not move.signs and move.criterion is None:
        raise Unclear(tr("neither signed nor held: `sign`, or `hold CRITERION REASON`"))


def _choose(sitting: DeskSitting, issue: str, rest: str) -> None:
    """Set one issue of the package, and say what the package is now."""
    view, move = sitting.view, sitting.draft
    assert isinstance(move, Proposal)
    for name in sitting.choose(view.scenario.issue[issue].question, subjects.valued(view, issue), rest)[:1]:
        made = {**move.package, issue: name}
        sitting.change(package={each.id: made[each.id] for each in view.scenario.issues if each.id in made})
        _preview(sitting)


def _package(sitting: DeskSitting, rest: str) -> None:
    """`package OPTION OPTION ...`: all issues at once, or without names one after the other."""
    view, move = sitting.view, sitting.draft
    assert isinstance(move, Proposal)
    if rest:
        sitting.change(package=choosing.package(view, rest, move.package))
        _preview(sitting)
        return
    made = dict(move.package)
    for issue in view.scenario.issues:
        for name in sitting.choose(issue.question, subjects.valued(view, issue.id))[:1]:
            made[issue.id] = name
    sitting.change(package=made)
    _preview(sitting)


def _preview(sitting: DeskSitting) -> None:
    from aipm_agents.report.live import seat
    from aipm_agents.report.live.goals import against_bounds

    view, move = sitting.view, sitting.draft
    assert isinstance(move, Proposal)
    sitting.show(seat.package(view, move.package))
    if all(issue.id in move.package for issue in view.scenario.issues):
        if not exists(view.scenario, move.package):
            text = tr("not all of this can be had together: {bound}", bound=bindings(view.scenario))
            sitting.show(seat.aside(text))
            return
        for line in against_bounds(view, move.package):
            sitting.show(seat.aside(line))
        sitting.show(seat.verdicts(view, move.package))


def _take(sitting: DeskSitting, rest: str) -> None:
    """`take ROLE`: both sides of the trade that a colleague offered in the last round."""
    view, move = sitting.view, sitting.draft
    assert isinstance(move, Proposal)
    offers = _offers(view)
    known = [
        Subject(role, tr("{give} for {get}", give=phrase.options(view.scenario, trade.give), get=phrase.options(view.scenario, trade.get)))
        for role, trade in offers.items()
    ]  # fmt: skip
    for name in sitting.choose(tr("Whose trade do you take?"), known, rest)[:1]:
        trade = offers[name]
        made = {**move.package, **trade.give, **trade.get}
        sitting.change(package={each.id: made[each.id] for each in view.scenario.issues if each.id in made})
        _preview(sitting)


def _offers(view: View) -> dict[Role, Trade]:
    """The trades of the last round, each by who offered it."""
    last = positions(view.events, view.round - 1)
    return {role: event.move.trade for role, event in last.items() if event.move.trade is not None}


def _study(sitting: DeskSitting, rest: str) -> None:
    """`study WHAT`: have something found out that nobody knows yet; it is in some rounds later."""
    view, move = sitting.view, sitting.draft
    assert isinstance(move, Proposal)
    facts = [view.scenario.facts[name] for name in view.studies]
    known = [Subject(fact.id, inquiry.takes(fact)) for fact in facts if fact.study is not None]
    for name in sitting.choose(tr("What do you have found out?"), known, rest)[:1]:
        sitting.change(commissions=tuple(dict.fromkeys((*move.commissions, name))))


def _loosen(sitting: DeskSitting, rest: str) -> None:
    """Why a checkpoint cannot be opened by saying so, and what would open those that are shut."""
    from aipm_agents.report.live import seat

    view, move = sitting.view, sitting.draft
    sitting.say(
        tr(
            "No seat can open a checkpoint, yours neither: they are ruled in code, from the package and the facts on the table. You may be stricter, and hold a deal that passes; you cannot pass one that is held."
        )
    )
    ruling = last_ruling(view.events)
    if ruling is not None and ruling.team.verdict != "pass":
        yes, needed = len(ruling.team.yes), ruling.team.needed
        sitting.say(tr("The team: {count} yes in the last round, {needed} needed.", count=yes, needed=needed))
    if isinstance(move, Proposal) and all(issue.id in move.package for issue in view.scenario.issues):
        sitting.show(seat.verdicts(view, move.package))


def _sign(sitting: DeskSitting, rest: str) -> None:
    sitting.change(signs=True, criterion=None, reason="")


def _hold(sitting: DeskSitting, rest: str) -> None:
    """`hold CRITERION REASON`: stricter than the rule, once for each criterion."""
    view = sitting.view
    spent = {event.move.criterion for event in view.events if isinstance(event, Signed)}
    gates = [
        Subject(name, each.asks) for name, (_, each) in view.scenario.criteria.items() if name not in spent
    ]
    if not gates:
        raise Unclear(tr("you have held the deal once for every criterion; it is signed or it waits"))
    first, _, reason = rest.partition(" ")
    if first in spent:
        raise Unclear(tr("you held the deal for that already; a hold counts once for each criterion"))
    asked = tr("For which criterion do you hold it?")
    name: str | None
    if asked_for := _of_checkpoint(view, first):
        gates = [gate for gate in gates if gate.name in asked_for]
        name = sitting.one(asked, gates, gates[0].name if len(gates) == 1 else "")
    else:
        name, reason = sitting.about(asked, gates, rest)
    if name is None:
        return
    why = sitting.text(tr("Your reason"), reason, most=400)
    if not why:
        raise Unclear(tr("a hold gives its reason"))
    sitting.change(signs=False, criterion=name, reason=why)


def _of_checkpoint(view: View, word: str) -> list[str]:
    """The criteria of a checkpoint, where a word is the name of one."""
    named = [
        name
        for name in CHECKPOINTS
        if word.casefold() in (name, vocabulary.CHECKPOINT_TITLES[name].casefold())
    ]
    return [each for each, (checkpoint, _) in view.scenario.criteria.items() if checkpoint in named]


def start(view: View, verb: str) -> Move:
    """What the PM's turn begins with: words to take or leave, the last package, neither yes nor no."""
    match verb:
        case "frame":
            from aipm_agents.seats.embedded import purpose

            return Words(says=purpose.framing(view).says)
        case "propose":
            return Proposal(package=view.given or view.package or {})
        case _:
            return Signing(signs=False)


def commands(scenario: Scenario, verb: str) -> tuple[Command, ...]:
    match verb:
        case "frame":
            return FRAMING
        case "propose":
            return (*(_issue(each.id, each.question) for each in scenario.issues), *PROPOSAL)
        case _:
            return SIGNING


def _issue(name: str, asks: str) -> Command:
    """An issue of the package is a command of its own."""

    def choose(sitting: DeskSitting, rest: str) -> None:
        _choose(sitting, name, rest)

    do: Callable[[DeskSitting, str], None] = choose
    return Command(name, asks, do)


FRAMING = (
    Command(mark("say"), mark("what you say out loud, 2,000 characters at most: say TEXT"), say, ("發言",)),
)
_LOOSEN = Command(mark("open"), mark("why you cannot open a checkpoint, and what would"), _loosen, ("sign", "pass", "approve", "override", "開關卡"), menu=False)  # fmt: skip
PROPOSAL = (
    Command(mark("package"), mark("the package, issue by issue, or all at once: package OPTION OPTION ..."), _package, ("方案",)),
    Command(mark("asks"), mark("who has asked for what"), heard, ("要求",)),
    Command(mark("take"), mark("a trade that was offered in the last round, both sides of it: take ROLE"), _take, ("接受交換",), lambda s: bool(_offers(s.view)), menu=False, unfit=mark("nobody offered a trade in the last round")),
    Command(mark("question"), mark("one question to one person: question ROLE ABOUT TEXT"), question, ("提問",)),
    Command(mark("study"), mark("have something found out that nobody knows yet: study WHAT"), _study, ("去查",), lambda s: bool(s.view.studies), unfit=mark("there is nothing that could be found out in time")),
    *FRAMING,
    _LOOSEN,
)  # fmt: skip
SIGNING = (
    Command(mark("sign"), mark("the deal is made"), _sign, ("簽", "簽字"), alone=True),
    Command(
        mark("hold"),
        mark("not yet, for a criterion and a reason: hold CRITERION REASON"),
        _hold,
        ("擋", "先擋"),
    ),
    *FRAMING,
    _LOOSEN._replace(also=("pass", "approve", "override", "開關卡")),
)
