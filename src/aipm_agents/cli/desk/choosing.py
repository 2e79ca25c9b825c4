"""From what a person typed to what it names: by number, by name, by the beginning of one name only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aipm_agents.language import spoken, tr
from aipm_agents.report.live import subjects
from aipm_agents.report.live.subjects import Subject
from aipm_agents.report.words import phrase
from aipm_agents.scenario.problems import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_agents.scenario.model import Package
    from aipm_agents.table.view import View


MOST_NAMED = 12
"""How many choices an error names; more are shown by asking without a name."""


class Unclear(Exception):
    """What was typed names nothing, or more than one thing; the text says so."""


def pick(typed: str, choices: Sequence[Subject], offered: Sequence[str] = ()) -> Subject:
    """The choice that is meant; raise `Unclear` where none is, or more than one. `offered`: what is named then, where
    there are more than a few."""
    word = typed.strip().casefold()
    if word.isascii() and word.isdigit():
        place = choices[int(word) - 1] if 1 <= int(word) <= len(choices) else None
        return _by_number(typed, word, choices, place)
    exact = [choice for choice in choices if word in _names(choice)]
    begun = [choice for choice in choices if word and any(name.startswith(word) for name in _names(choice))]
    within = [choice for choice in choices if word and word in re.findall(r"\w+", choice.label.casefold())]
    found = exact[:1] or begun or within
    if len(found) == 1:
        return found[0]
    if found:
        names = tr(", ").join(choice.name for choice in found)
        raise Unclear(tr('"{word}" could be {names}', word=typed, names=names))
    near = nearest(typed, [name for choice in choices for name in (choice.name, *choice.also)])
    hint = tr("; did you mean {name}?", name=near) if near else ""
    if not offered and len(choices) <= MOST_NAMED:
        offered = [choice.name for choice in choices]
    if not hint and offered:
        hint = tr("; there are {names}", names=tr(", ").join(offered))
    raise Unclear(tr('"{word}" is not one of the choices', word=typed[:60]) + hint)


def before(rest: str, choices: Sequence[Subject]) -> tuple[str, str]:
    """What stands before a free text -> the name of what it is about, and the text. Only a whole name, a whole label or
    a number is taken from it; one word alone may be the beginning of a name. No word of a sentence is lost."""
    if " " not in rest:
        return (pick(rest, choices).name if rest else ""), ""
    low = rest.casefold()
    said = [(name, choice.name) for choice in choices for name in _names(choice)]
    if whole := [pair for pair in said if low == pair[0] or low.startswith(f"{pair[0]} ")]:
        name, meant = max(whole, key=lambda pair: len(pair[0]))
        return meant, rest[len(name) :].strip()
    first, _, text = rest.partition(" ")
    if first.isascii() and first.isdigit():
        return pick(first, choices).name, text.strip()
    return "", rest


def _by_number(typed: str, word: str, choices: Sequence[Subject], place: Subject | None) -> Subject:
    """By its place in the list, unless the number is also what another choice is called, or begins with."""
    exact = [choice for choice in choices if word in _names(choice)]
    begun = [
        choice for choice in choices if any(re.match(rf"{word}(?![\d.,])", name) for name in _names(choice))
    ]
    if len(exact) == 1:
        return exact[0]
    meant = {choice.name: choice for choice in (*begun, *([place] if place else []))}
    if not meant:
        raise Unclear(tr("there is no number {n} here; there are 1 to {many}", n=word, many=len(choices)))
    if len(meant) > 1:
        names = tr(", ").join(f"{name} ({choice.label})" for name, choice in meant.items())
        raise Unclear(tr('"{word}" could be {names}', word=typed, names=names))
    return next(iter(meant.values()))


def split(text: str) -> list[str]:
    """The parts of what was typed: at commas where there are any, else at spaces."""
    parts = re.split(r"[,;，、；]", text) if re.search(r"[,;，、；]", text) else text.split()
    return [part.strip() for part in parts if part.strip()]


def package(view: View, text: str, start: Package) -> Package:
    """A package from options by name or, issue by issue, by number; what is not named stays as in `start`."""
    made = dict(start)
    for place, part in enumerate(split(text)):
        if part.isascii() and part.isdigit():
            if place >= len(view.scenario.issues):
                raise Unclear(tr("there are only {n} issues", n=len(view.scenario.issues)))
            issue = view.scenario.issues[place].id
            made[issue] = pick(part, subjects.options(view, issue)).name
        else:
            issue, option = anywhere(view, part)
            made[issue] = option
    made = {issue.id: made[issue.id] for issue in view.scenario.issues if issue.id in made}
    if open_ := [issue.question for issue in view.scenario.issues if issue.id not in made]:
        raise Unclear(missing(open_))
    return made


def missing(issues: list[str]) -> str:
    """Which issues a package has no option for yet, by their questions."""
    between = "" if spoken() == "zh-Hant" else ", "
    return tr("still open: {issues}", issues=between.join(map(phrase.named, issues)))


def anywhere(view: View, part: str) -> tuple[str, str]:
    """The issue and option that `ISSUE=OPTION` names, or the name of an option that only one issue has."""
    named, equals, wanted = part.partition("=")
    if equals:
        issue = pick(named, [Subject(each.id, each.question) for each in view.scenario.issues]).name
        return issue, pick(wanted, subjects.options(view, issue)).name
    every = [(issue, choice) for issue in view.space.options for choice in subjects.options(view, issue)]
    exact = [pair for pair in every if part.casefold() in _names(pair[1])]
    begun = [pair for pair in every if any(name.startswith(part.casefold()) for name in _names(pair[1]))]
    found = exact or begun
    if len(found) > 1:
        raise Unclear(tr('"{word}" fits more than one option; write ISSUE=OPTION', word=part))
    if found:
        return found[0][0], found[0][1].name
    if part.isascii() and part.isdigit():
        raise Unclear(tr("{n} names no option here; write the option, or ISSUE=OPTION", n=part))
    meant = pick(part, [choice for _, choice in every])
    return next(issue for issue, choice in every if choice is meant), meant.name


def _names(choice: Subject) -> list[str]:
    return [name.casefold() for name in (choice.name, choice.label, *choice.also)]
