"""What becomes public in play, a slip each: what is read out or handed round when it comes out, and what a seat alone
is given with it. To be cut apart.

A slip says what the sheets do not say yet and no more: it is what an audience may know once a thing is out, less what it
knew before. Where two things bear on each other, what that comes to stands on a slip of its own, for when both are out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.kit import rules
from aipm_agents.kit.card import ranked
from aipm_agents.kit.document import Document, PrintSheet
from aipm_agents.kit.fact import printed, printed_for_all
from aipm_agents.language import tr
from aipm_agents.report.papers.blocks import Grid, Heading, Lines, Quote, Row
from aipm_agents.report.words import fact_effects, numbers, phrase, vocabulary
from aipm_agents.scenario.criteria import CHECKPOINTS
from aipm_agents.table.audience import FACILITATOR, PUBLIC, as_seen_by
from aipm_agents.table.heard import NOTHING, Heard
from aipm_agents.table.view import HeardSoFar, view_after

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.roles import Role
    from aipm_agents.scenario.evidence import Evidence, Limit
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.scenario.values import AnyOf
    from aipm_agents.table.audience import Audience
    from aipm_agents.table.heard import Choice
    from aipm_agents.table.view import View


class Slip(NamedTuple):
    when: str
    """What has to have come out before it is read or given."""
    reader: Audience
    of: tuple[str, ...]
    """The facts, words and options (`issue=option`) that are out by then."""
    blocks: tuple[Block, ...]


def document(scenario: Scenario) -> Document | None:
    """None where nothing comes out in play but the facts on the cards."""
    made = tuple(slips(scenario))
    if not made:
        return None
    use = tr(
        "Cut apart and kept with you, in this order. Read one out, or hand it over, when what it says above has happened."
    )
    return Document("slips", tr("Slips"), use, FACILITATOR, tuple(PrintSheet(tuple(_set(scenario, n, s)), "slip", 2) for n, s in enumerate(made, start=1)))  # fmt: skip


def _set(scenario: Scenario, number: int, slip: Slip) -> Iterator[Block]:
    whom = (
        tr("for the table") if slip.reader == PUBLIC
        else tr("for {who} alone", who=scenario.card(slip.reader).called)
    )  # fmt: skip
    yield Heading(tr("Slip {n}, {whom}", n=number, whom=whom), slip.when, level=2)
    yield from slip.blocks


def slips(scenario: Scenario) -> Iterator[Slip]:
    for choice in scenario.held_options:
        yield from _option(scenario, choice)
    for fact in scenario.facts.values():
        for limit in fact.limits:
            yield from _challenge(scenario, fact, limit)
    for role, party in scenario.parties.items():
        who = scenario.card(role).called
        for word, means in party.terms.items():
            says = tr('{who} means by "{word}": {means}', who=who, word=word, means=means)
            when = tr('when somebody asks {who} what "{word}" means', who=who, word=word)
            yield Slip(when, PUBLIC, (word,), (Lines((says,)),))
        for line in party.red_lines:
            # what only some know of is told with the option
            known = tuple(case for case in line.when if not _names((case,), scenario.held_options))
            if known:
                what = rules.red_line(scenario, line.model_copy(update={"when": known}))
                told = tr("{who} never accepts this: {what}", who=who, what=what)
                yield Slip(tr("when a package has it"), PUBLIC, (), (Lines((told,)),))


# --- an option that only some know ---


def _option(scenario: Scenario, choice: Choice) -> Iterator[Slip]:
    issue, option = choice
    label, name = scenario.label(issue, option), f"{issue}={option}"
    when = tr('when somebody says "{option}"', option=label)
    yield Slip(when, PUBLIC, (name,), tuple(_for_all(scenario, choice)))
    for role in scenario.parties:
        if role not in scenario.held_options[choice]:
            yield Slip(when, role, (name,), tuple(_for_one(scenario, choice, role)))
    for fact in scenario.facts.values():
        if _names(fact.unless, (choice,)) and not _there(scenario, fact):
            both = tr('when "{option}" and this fact are both out', option=label)
            yield Slip(both, PUBLIC, (name, fact.id), (printed_for_all(scenario, fact, _out(choice)),))
    for fact in scenario.facts.values():
        for limit in fact.limits:
            if _names(limit.unless, (choice,)):
                both = tr('when "{option}" and that challenge are both out', option=label)
                told = tr("A package with {choices} answers it.", choices=fact_effects.choices(scenario, limit.unless or (), quoted=True))  # fmt: skip
                yield Slip(both, PUBLIC, (name, fact.id), (_doubted(fact, limit), Lines((told,))))


def _for_all(scenario: Scenario, choice: Choice) -> Iterator[Block]:
    """The option with its figures, and whatever else on a sheet for all it changes."""
    issue, option = choice
    before, after = _public(scenario, NOTHING), _public(scenario, _out(choice))
    told = tr('For "{question}" there is one more option: {option}.', question=scenario.issue[issue].question, option=scenario.label(issue, option))  # fmt: skip
    yield Lines((told,), "strong")
    yield from _rows(before, after)
    changed = [
        tr('"{asks}" is met when {what}.', asks=each.asks, what=rules.decides(after, each))
        for name in CHECKPOINTS for each in getattr(after.checkpoints, name)
        if each != before.criteria[each.id][1]
    ]  # fmt: skip
    if changed:
        yield Lines(tuple(changed))
    for fact in scenario.evidence:
        if _there(scenario, fact) and _names(fact.unless, (choice,)):
            yield printed_for_all(scenario, fact, _out(choice))


def _rows(before: Scenario, after: Scenario) -> Iterator[Grid]:
    """What options add, where that is new: a row an option."""
    known = {(i.id, o.id): o for i in before.issues for o in i.options}
    for issue in after.issues:
        new = [option for option in issue.options if known.get((issue.id, option.id)) != option]
        touched = [each for each in after.metrics if any(each.id in option.effects for option in new)]
        if new and touched:
            head = [
                tr("{label} ({unit})", label=m.label, unit=m.unit) if m.unit else m.label for m in touched
            ]
            rows = (
                Row(
                    (
                        fact_effects.offered(after, option),
                        *(fact_effects.added(after, option, m.id) for m in touched),
                    )
                )
                for option in new
            )
            yield Grid((issue.question, *head), tuple(rows), figures=True)


def _for_one(scenario: Scenario, choice: Choice, role: Role) -> Iterator[Block]:
    """What it is worth to a seat, and what on its card reads otherwise now."""
    issue, option = choice
    before, after = _seen(scenario, role, NOTHING), _seen(scenario, role, _out(choice))
    mine = after.scenario.issue[issue]
    yield Lines((mine.question,), "strong")
    worth = tr("Your order now: {order}. On your score sheet it has {points} points.", order=ranked(after, mine), points=numbers.figure(after.me.points[issue][option]))  # fmt: skip
    yield Lines((worth,))
    for old, new in zip(before.me.red_lines, after.me.red_lines, strict=True):
        if old != new:
            yield Lines(
                (tr("You never accept this: {what}", what=rules.red_line(after.scenario, new)),), "warning"
            )
    for old_bonus, bonus in zip(before.me.bonuses, after.me.bonuses, strict=True):
        if old_bonus != bonus:
            what = fact_effects.choices(after.scenario, bonus.when, quoted=True)
            add = tr(
                "Add {points} on your score sheet, with {choices}.",
                points=numbers.signed(bonus.points),
                choices=what,
            )
            yield Lines((add,))
    for old_fact, new_fact in zip(before.scenario.evidence, after.scenario.evidence, strict=True):
        if role in new_fact.held_by and old_fact.unless != new_fact.unless:
            yield printed(after.scenario, new_fact, tr("Your fact"))
        for limit in (
            new_fact.limits if role in new_fact.held_by and old_fact.limits != new_fact.limits else ()
        ):
            if _names(limit.unless, (choice,)):
                told = tr("A package with {choices} answers it.", choices=fact_effects.choices(after.scenario, limit.unless or (), quoted=True))  # fmt: skip
                yield from (_doubted(new_fact, limit), Lines((told,)))


# --- what a challenge brings out ---


def _challenge(scenario: Scenario, fact: Evidence, limit: Limit) -> Iterator[Slip]:
    known = _public(scenario, NOTHING)
    answers = [scenario.facts[name] for name in limit.answered_by]
    open_now = [each for each in answers if _there(scenario, each)]
    cures = [tr('the fact "{text}"', text=each.says) for each in open_now]
    if limit.unless and (listed := _known(known, limit.unless)):
        cures.append(
            tr("a package with {choices}", choices=fact_effects.choices(scenario, listed, quoted=True))
        )
    told = tr(
        "From now on this fact is proof of nothing until that is answered. What it fails it goes on failing."
    )
    answered = tr("It is answered by {what}.", what=phrase.either(cures)) if cures else tr("What answers it, nobody has said yet.")  # fmt: skip
    when = tr("when somebody challenges this fact: {ground}", ground=vocabulary.GROUNDS[limit.ground])
    yield Slip(when, PUBLIC, (fact.id,), (_doubted(fact, limit), Lines((told, answered))))
    for each in answers:
        if each in open_now:
            continue
        for role in each.held_by:
            if role not in fact.held_by:
                yours = tr("What you hold answers it, once you read it out: {fact}", fact=each.says)
                yield Slip(when, role, (fact.id, each.id), (_doubted(fact, limit), Lines((yours,))))
        both = tr("when that challenge and this fact are both out")
        done = tr(
            '"{fact}" answers it. Unless another challenge stands, the fact that was challenged is proof again.',
            fact=each.says,
        )
        yield Slip(both, PUBLIC, (fact.id, each.id), (_doubted(fact, limit), Lines((done,))))


def _doubted(fact: Evidence, limit: Limit) -> Quote:
    ground = vocabulary.GROUNDS[limit.ground]
    return Quote(
        tr("Challenged"), fact.says, tr("{ground}: {says}", ground=ground, says=limit.says.rstrip(".。"))
    )


# --- who knows what, once it is out ---


def _out(choice: Choice) -> Heard:
    return Heard(brought=frozenset({choice}))


def _public(scenario: Scenario, out: Heard) -> Scenario:
    return as_seen_by(scenario, PUBLIC, _start(scenario), out)


def _seen(scenario: Scenario, role: Role, out: Heard) -> View:
    return view_after(scenario, HeardSoFar((), _start(scenario), out, frozenset()), role, seed=0, number=0)


def _start(scenario: Scenario) -> frozenset[str]:
    return frozenset(fact.id for fact in scenario.evidence if fact.known_at_start)


def _there(scenario: Scenario, fact: Evidence) -> bool:
    """Whether a fact lies on the table before anyone speaks."""
    return fact.id in _start(scenario)


def _names(cases: AnyOf | None, choices: Container[Choice]) -> bool:
    """Whether some choice of these names one of the options."""
    return any((i, o) in choices for case in cases or () for i, options in case.items() for o in options)


def _known(known: Scenario, cases: AnyOf) -> AnyOf:
    """Of some choices those that can be made with the options everybody knows."""
    options = {issue.id: {option.id for option in issue.options} for issue in known.issues}
    left = ({i: tuple(o for o in those if o in options[i]) for i, those in case.items()} for case in cases)
    return tuple(case for case in left if all(case.values()))
