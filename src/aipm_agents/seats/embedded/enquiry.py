"""Whom the embedded PM asks for what, and what it has found out because nobody can say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.roles import PM
from aipm_agents.seats.embedded.asking import about_a_word, still_unshown
from aipm_agents.seats.embedded.interests import dice
from aipm_agents.table.events import Proposed, Ruled, last_ruling
from aipm_agents.table.heard import speakers
from aipm_agents.table.moves import Question

if TYPE_CHECKING:
    from aipm_agents.scenario.model import Package
    from aipm_agents.seats.embedded.mediator import Mediator
    from aipm_agents.table.view import View


def question(view: View, mediator: Mediator, package: Package) -> Question | None:
    """Where nothing on the list passes, what is not on it; else what the table needs most."""
    asked = _what_else(view) if nothing_passes(view, mediator) else None
    return asked or _usual(view, mediator, package)


def nothing_passes(view: View, mediator: Mediator) -> bool:
    """Whether the list of options may be open, and no package on it passes."""
    return "inventions" in view.extras and not mediator.anything_passes(view)


def _usual(view: View, mediator: Mediator, package: Package) -> Question | None:
    """What nobody has shown, asked around the table; else the list of whoever is least understood."""
    done = {
        (e.move.question.to, e.move.question.about) for e in view.events
        if isinstance(e, Proposed) and e.move is not None and e.move.question is not None
    }  # fmt: skip
    ruling = last_ruling(view.events)
    if ruling is not None:
        for each in filter(lambda each: still_unshown(view, each, package), ruling.asked):
            owner = view.scenario.criteria[each][1].owner
            others = [r for r in view.scenario.colleagues if r != owner and (r, each) not in done]
            if others and _asked_before(view, each, ruling):
                return Question(to=dice(view, PM, "ask").choice(others), about=each)
    if view.round < 2:
        return None
    said = {word for word in view.words if len(speakers(view.events, word)) > 1}
    if word := about_a_word(view, said):
        return word
    role, issue = mediator.least_understood(view, package)
    return None if (role, issue) in done else Question(to=role, about=issue)


def _what_else(view: View) -> Question | None:
    """Nothing on the list passes, so what is not on the list? Asked around, one colleague and issue a round."""
    done = {
        (e.move.question.to, e.move.question.about) for e in view.events
        if isinstance(e, Proposed) and e.move is not None and e.move.question is not None
    }  # fmt: skip
    issues = _that_matter(view) or tuple(view.scenario.issue)
    left = [(r, i) for r in view.scenario.colleagues for i in issues if (r, i) not in done]
    if not left:
        return None
    role, issue = dice(view, PM, "what else").choice(left)
    return Question(to=role, about=issue)


def _that_matter(view: View) -> tuple[str, ...]:
    """The issues on which it depends whether a blocking criterion is met."""
    metrics: set[str] = set()
    issues: set[str] = set()
    for name, (_, criterion) in view.scenario.criteria.items():
        if criterion.blocking:
            metrics |= {rule.metric for rule in criterion.rule if rule.metric}
            issues |= {issue for rule in criterion.rule for issue in rule.choose or ()}
            issues |= {
                issue for each in view.tabled for fact in [view.scenario.facts[each]]
                if name in fact.undermines for issue in fact.unless or ()
            }  # fmt: skip
    return tuple(
        issue.id for issue in view.scenario.issues
        if issue.id in issues or any(metrics & option.effects.keys() for option in issue.options)
    )  # fmt: skip


def sends_for(view: View, package: Package) -> tuple[str, ...]:
    """The study about something that stops the table and that nobody could show when asked, or, with the
    clock running out, that nobody has shown. One at a time, and none for what this package does without."""
    ruling = last_ruling(view.events)
    if ruling is None:
        return ()
    for name_ in view.studies:
        fact = view.scenario.facts[name_]
        about = [each for each in (fact.study.about if fact.study else ()) if each in ruling.asked]
        about = [
            each for each in about
            if view.scenario.criteria[each][1].blocking and still_unshown(view, each, package)
        ]  # fmt: skip
        last_chance = view.round + (fact.takes or 0) == view.scenario.rounds
        if about and (last_chance or any(_asked_before(view, each, ruling) for each in about)):
            return (name_,)
    return ()


def _asked_before(view: View, criterion: str, ruling: Ruled) -> bool:
    """Whether its owner has had a round to answer; what the PM owns itself is asked around at once."""
    return view.scenario.criteria[criterion][1].owner == PM or any(
        isinstance(event, Ruled) and event.round < ruling.round and criterion in event.asked
        for event in view.events
    )
