"""From a form that a person filled in to a move, and back: plain fields, so that it works without a script.

What may be named stands in the form already; whatever else comes is refused by the law of the table, like any seat's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aipm_agents.language import tr
from aipm_agents.report.words import phrase
from aipm_agents.report.words.fact_effects import bindings
from aipm_agents.seats import human
from aipm_agents.table.lawful import MAX_SPEECH, Unlawful, asker, owed, promised
from aipm_agents.table.rules import matches

if TYPE_CHECKING:
    from starlette.datastructures import FormData

    from aipm_agents.errors import SeatError
    from aipm_agents.table.moves import Move, Verb
    from aipm_agents.table.view import View

MOST_ASKS = 3


def move(form: FormData, view: View, verb: Verb) -> Move:
    """Raises `SeatError` for fields that are no move."""
    says = _text(form, "says")
    match verb:
        case "frame":
            made: dict[str, Any] = {"says": says}
        case "open":
            made = {"says": says, **_told(form)}
        case "propose":
            package = {issue: _text(form, f"package-{issue}") for issue in view.space.options}
            made = {
                "says": says, "package": {i: o for i, o in package.items() if o}, "commissions": _all(form, "commissions"),
                **_question(form),
            }  # fmt: skip
        case "answer":
            made = {
                "vote": _text(form, "vote") or "no_answer",
                "says": says,
                **_told(form),
                **_question(form),
            }
            made |= _position(form, view, made["vote"])
        case "sign":
            signs = _text(form, "signs") == "yes"
            made = {"signs": signs, "says": says}
            made |= (
                {}
                if signs
                else {"criterion": _text(form, "criterion") or None, "reason": _text(form, "reason")}
            )
    return human.read(verb, made)


def _told(form: FormData) -> dict[str, Any]:
    """What is asked for, read out and brought."""
    wanted: dict[str, list[str]] = {}
    for issue, option in map(_pair, _all(form, "asks")):
        wanted.setdefault(issue, []).append(option)
    brings = [dict(zip(("issue", "option"), _pair(each), strict=True)) for each in _all(form, "brings")]
    return {
        "asks": [{"issue": issue, "options": options} for issue, options in wanted.items()],
        "tables": _all(form, "tables"), "brings": brings,
    }  # fmt: skip


def _question(form: FormData) -> dict[str, Any]:
    to, about = _text(form, "question-to"), _text(form, "question-about")
    return (
        {"question": {"to": to, "about": about, "text": _text(form, "question-text")[:400]}}
        if to and about
        else {}
    )


def _position(form: FormData, view: View, vote: str) -> dict[str, Any]:
    made: dict[str, Any] = {"moved_by": _all(form, "moved_by")}
    give, get = _pair(_text(form, "give")), _pair(_text(form, "get"))
    if all(give) and all(get):
        made["trade"] = {"give": {give[0]: give[1]}, "for": {get[0]: get[1]}}
    fact, ground = _text(form, "challenge-fact"), _text(form, "challenge-ground")
    if fact and ground:
        made["challenge"] = {"evidence": fact, "ground": ground}
    if vote == "yes" and (concern := _text(form, "concern")):
        made["concern"] = concern
    if vote == "no" and view.package is not None and not _text(form, "quiet-line"):
        made["red_line"] = next(
            (n for n, line in enumerate(view.me.red_lines) if matches(view.package, line.when)), None
        )
    asked, reply = owed(view), _text(form, "reply")
    if asked is not None and reply:
        prefers = [option for issue, option in map(_pair, _all(form, "prefers")) if issue == asked.about]
        made["answer"] = {
            "to": asker(view, asked), "about": asked.about, "declined": reply == "declined",
            "prefers": [] if reply == "declined" else prefers,
        }  # fmt: skip
    return made


def complaint(error: SeatError, view: View) -> str:
    """Why something cannot be sent yet, to the person who would send it."""
    part = error.part if isinstance(error, Unlawful) else ""
    match part:
        case "vote":
            return tr("you have not voted yet: yes, yes if, or no")
        case "asks" if "beyond" in str(error) or "yes_if" in str(error):
            return tr("yes, if what? Ask for something this package does not have")
        case "package" if view.given is not None:
            told = phrase.options(view.scenario, view.given)
            return tr("The meeting begins with a package that is given: {package}", package=told)
        case "package" if bound := bindings(view.scenario):
            return tr(
                "Choose an option for every question, and what can be had together: {bound}.", bound=bound
            )
        case "package":
            return tr("The package is not whole yet: choose an option for every question.")
        case "says":
            return tr("That is too long: {most} characters are heard.", most=MAX_SPEECH)
        case "moved_by" if promised(view):
            return tr("this package keeps the trade you offered; a no says what changed since: `moved`")
        case "trade":
            return tr("the two sides of a trade are about different issues")
        case "criterion" | "reason":
            return tr("A deal is held for one question, once, and with a reason.")
    if "asks" in str(error) and "at most 3" in str(error):
        return tr("Three questions are heard at a time; take one back.")
    return tr("that cannot be sent yet: {why}", why=error)


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip().replace("\r\n", "\n") if isinstance(value, str) else ""


def _all(form: FormData, name: str) -> list[str]:
    return list(dict.fromkeys(value for value in form.getlist(name) if isinstance(value, str) and value))


def _pair(text: str) -> tuple[str, str]:
    issue, _, option = text.partition("=")
    return issue, option
