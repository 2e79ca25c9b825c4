"""Whom the embedded PM asks for what, and what it has found out because nobody can say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.roles import PM
from aipm_agents.seats.embedded.asking import (
    about_a_word,
    contesting,
    pressing,
    sent_for,
    shown_otherwise,
    still_unshown,
)
from aipm_agents.seats.embedded.interests import dice
from aipm_agents.seats.embedded.leaning import in_order, turned_to
from aipm_agents.table.events import Answered, Proposed, Ruled, last_ruling, positions
from aipm_agents.table.heard import speakers
from aipm_agents.table.moves import Question
from aipm_agents.table.rules import issues_of, moving
from aipm_agents.table.studies import commissioned

if TYPE_CHECKING:
    from collections.abc import Collection

    from aipm_agents.roles import Role
    from aipm_agents.scenario.criteria import CheckpointName
    from aipm_agents.scenario.model import Package
    from aipm_agents.seats.embedded.mediator import Mediator
    from aipm_agents.styles import Style
    from aipm_agents.table.view import View


def question(view: View, mediator: Mediator, package: Package) -> Question | None:
    """Where nothing on the list passes, what is not on it; else what the table needs most, a style's own first."""
    asked = _what_else(view) if nothing_passes(view, mediator) else None
    if asked is None and mediator.style is not None:
        asked = _first_of(view, mediator, package, mediator.style)
    return asked or _usual(view, mediator, package)


def nothing_passes(view: View, mediator: Mediator) -> bool:
    """Whether the list of options may be open, and no package on it passes."""
    return "inventions" in view.extras and not mediator.anything_passes(view)


def _first_of(view: View, mediator: Mediator, package: Package, style: Style) -> Question | None:
    """What a style wants before anybody has voted: something shown, from its owner; or a colleague's order,
    which who asks for orders goes on asking in round 2."""
    if view.round == 1 and style.asks == "evidence" and (asked := _to_show(view, style, style.gates)):
        return asked
    if view.round == 1 or (view.round == 2 and style.asks == "order"):
        return _order_of(view, mediator, package, turned_to(view, style))
    return None


def _to_show(view: View, style: Style, gates: Collection[CheckpointName]) -> Question | None:
    """Of these checkpoints, the first criterion that nothing on the table supports, where it is no mere
    arithmetic; from its owner, once."""
    done, shown = _asked(view), {each for fact in view.tabled for each in view.scenario.facts[fact].supports}
    for name_ in in_order(view, style, view.scenario.criteria.keys() - shown):
        checkpoint, criterion = view.scenario.criteria[name_]
        counted = criterion.evidence is None and any(rule.metric for rule in criterion.rule)
        if (
            checkpoint in gates
            and criterion.owner != PM
            and not counted
            and (criterion.owner, name_) not in done
        ):
            return Question(to=criterion.owner, about=name_)
    return None


def _order_of(view: View, mediator: Mediator, package: Package, roles: tuple[Role, ...]) -> Question | None:
    """What whoever was asked least, the first of these where several were, would put first and last."""
    done = _asked(view)
    issues = set(view.scenario.issue)
    times = {role: sum(to == role and about in issues for to, about in done) for role in roles}
    for role in sorted(roles, key=lambda each: times[each]):
        _, issue = mediator.least_understood(view, package, among=(role,))
        if (role, issue) not in done and issue not in _granted(view, package, role):
            return Question(to=role, about=issue)
    return None


def _asked(view: View) -> set[tuple[Role, str]]:
    """Whom the PM has asked about what."""
    return {
        (e.move.question.to, e.move.question.about) for e in view.events
        if isinstance(e, Proposed) and e.move is not None and e.move.question is not None
    }  # fmt: skip


def _usual(view: View, mediator: Mediator, package: Package) -> Question | None:
    """What nobody has shown, from its owner while it may hold more, then asked around the table; else the list of whoever is least understood."""
    done, style, ruling = _asked(view), mediator.style, last_ruling(view.events)
    if ruling is not None:
        for each in still_asked(view, ruling, package, style):
            if each in sent_for(view) or each in _about(view, sends_for(view, package)):
                continue
            if shown_otherwise(view, each, package):
                continue
            owner = view.scenario.criteria[each][1].owner
            if not ((style and style.presses) or _asked_before(view, each, ruling)):
                continue
            if owner != PM and (owner, each) not in done and _had_another_fact(view, owner, ruling):
                return Question(to=owner, about=each)
            colleagues = turned_to(view, style) if style else view.scenario.colleagues
            doubters = contesting(view, each)
            others = [
                r for r in colleagues if r != owner and r not in doubters and (r, each) not in done
            ]  # fmt: skip
            if others:
                to = others[0] if style else dice(view, PM, "ask").choice(others)
                return Question(to=to, about=each)
    if view.round < 2:
        return None
    said = {word for word in view.words if len(speakers(view.events, word)) > 1}
    if word := about_a_word(view, said):
        return word
    if style:
        gates = style.gates if style.presses else style.gates[:1]
        asked = _to_show(view, style, gates) if style.asks == "evidence" else None
        return asked or _order_of(view, mediator, package, turned_to(view, style))
    role, issue = mediator.least_understood(view, package)
    if (role, issue) in done or issue in _granted(view, package, role):
        return None
    return Question(to=role, about=issue)


def _granted(view: View, package: Package, role: Role) -> set[str]:
    """The issues on which a package gives a colleague what it has put first: its order there is known."""
    wishes = [
        ask for event in view.events if isinstance(event, Answered) and event.role == role and event.move.vote != "yes"
        for ask in event.move.asks
    ]  # fmt: skip
    return {ask.issue for ask in wishes if ask.options[0] == package[ask.issue]}


def _about(view: View, studies: Collection[str]) -> set[str]:
    found = (view.scenario.facts[each].study for each in studies)
    return {about for study in found if study is not None for about in study.about}


def _what_else(view: View) -> Question | None:
    """Nothing on the list passes, so what is not on the list? Asked around, one colleague and issue a round."""
    done = _asked(view)
    issues = _that_matter(view) or tuple(view.scenario.issue)
    left = [(r, i) for r in view.scenario.colleagues for i in issues if (r, i) not in done]
    if not left:
        return None
    role, issue = dice(view, PM, "what else").choice(left)
    return Question(to=role, about=issue)


def _that_matter(view: View) -> tuple[str, ...]:
    """The issues on which it depends whether a blocking criterion is met."""
    issues: set[str] = set()
    for name, (_, criterion) in view.scenario.criteria.items():
        if criterion.blocking:
            issues |= {
                issue
                for rule in criterion.rule
                if rule.metric
                for issue in moving(view.scenario, rule.metric)
            }
            issues |= {issue for rule in criterion.rule for issue in issues_of(rule.choose)}
            issues |= {
                issue for each in view.tabled for fact in [view.scenario.facts[each]]
                if name in fact.undermines for issue in issues_of(fact.unless)
            }  # fmt: skip
    return tuple(issue.id for issue in view.scenario.issues if issue.id in issues)


def sends_for(view: View, package: Package) -> tuple[str, ...]:
    """The study about what stops this package and nobody has shown yet, while it can still arrive: to wait whether
    somebody fails to show it would be to lose the rounds it takes. One at a time, where there is time."""
    left = [name_ for name_ in view.studies if _unsettled(view, name_, package)]
    last = [n for n in left if view.round + (view.scenario.facts[n].takes or 0) == view.scenario.rounds]
    return tuple(last or left[:1])


def too_late(view: View, package: Package) -> str | None:
    """A study that would settle what stops this package, from the round on in which it cannot arrive any more."""
    asked = commissioned(view.events)
    for name_, fact in view.scenario.facts.items():
        just = fact.takes is not None and view.round + fact.takes == view.scenario.rounds + 1
        if just and name_ not in asked and name_ not in view.tabled and _unsettled(view, name_, package):
            return name_
    return None


def _unsettled(view: View, study: str, package: Package) -> bool:
    """Whether a study is about a blocking criterion that a ruling asked for and this package still needs shown."""
    ruling, fact = last_ruling(view.events), view.scenario.facts[study]
    return ruling is not None and any(
        each in ruling.asked
        and view.scenario.criteria[each][1].blocking
        and still_unshown(view, each, package)
        for each in (fact.study.about if fact.study else ())
    )


def still_asked(view: View, ruling: Ruled, package: Package, style: Style | None) -> tuple[str, ...]:
    """What a ruling asked for and nothing that arrived since has shown, in the order of the style."""
    pressed = pressing(view, ruling)
    asked = in_order(view, style, pressed) if style else pressed
    return tuple(each for each in asked if still_unshown(view, each, package))


def _had_another_fact(view: View, owner: Role, ruling: Ruled) -> bool:
    """Whether whom the ruling before asked told something in the last round: one fact a turn, so it may hold the answer too.
    Who told nothing has nothing."""
    event = positions(view.events, ruling.round).get(owner)
    return event is not None and bool(event.move.tables)


def _asked_before(view: View, criterion: str, ruling: Ruled) -> bool:
    """Whether its owner has had a round to answer; what the PM owns itself is asked around at once."""
    return view.scenario.criteria[criterion][1].owner == PM or any(
        isinstance(event, Ruled) and event.round < ruling.round and criterion in event.asked
        for event in view.events
    )
