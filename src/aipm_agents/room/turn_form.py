"""From a form that a person filled in to a move, and back: plain fields, so that it works without a script.

What may be named stands in the form already; whatever else comes is refused by the law of the table, like any seat's.
What is filled in by half is refused too: nothing that somebody wrote falls away unsaid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aipm_agents.errors import SeatError
from aipm_agents.language import mark, tr
from aipm_agents.report.words import phrase
from aipm_agents.report.words.fact_effects import bindings
from aipm_agents.seats import human
from aipm_agents.table.lawful import MAX_SPEECH, Unlawful, promised, put
from aipm_agents.table.moves import Opening, Position, Proposal, Signing
from aipm_agents.table.rules import matches

if TYPE_CHECKING:
    from starlette.datastructures import FormData

    from aipm_agents.roles import Role
    from aipm_agents.table.moves import Move, Verb
    from aipm_agents.table.view import View

MOST_ASKS = 3


class Halved(SeatError):
    """Half of something stands in the form; the text says which half is missing."""

    def __init__(self, text: str) -> None:
        super().__init__("malformed", text)


class FilledForm(dict[str, list[str]]):
    """How a form is filled in: field -> its values. Empty for one that nobody has touched."""

    @classmethod
    def of(cls, form: FormData) -> FilledForm:
        return cls({name: _all(form, name) for name in form})

    def one(self, name: str) -> str:
        return next(iter(self.get(name, ())), "")

    def has(self, name: str, value: str) -> bool:
        return value in self.get(name, ())

    def any(self, *names: str) -> bool:
        return any(self.get(name) for name in names)


def filled(made: Move) -> FilledForm:
    """The form of a move: what `move` reads it from again."""
    form: dict[str, list[str]] = {"says": [made.says]}
    if isinstance(made, Opening | Position):
        form["asks"] = [f"{ask.issue}={option}" for ask in made.asks for option in ask.options]
        form["tables"] = list(made.tables)
        form["brings"] = [f"{each.issue}={each.option}" for each in made.brings]
    if isinstance(made, Proposal | Position) and made.question is not None:
        asked = made.question
        form |= {"question-to": [asked.to], "question-about": [asked.about], "question-text": [asked.text]}
    match made:
        case Proposal():
            form |= {f"package-{issue}": [option] for issue, option in made.package.items()}
            form["commissions"] = list(made.commissions)
        case Position():
            form |= _of_position(made)
        case Signing():
            form |= {
                "signs": ["yes" if made.signs else "no"],
                "criterion": [made.criterion or ""],
                "reason": [made.reason],
            }
        case _:
            pass
    return FilledForm({name: [value for value in values if value] for name, values in form.items()})


def _of_position(made: Position) -> dict[str, list[str]]:
    form: dict[str, list[str]] = {
        "vote": [made.vote],
        "moved_by": list(made.moved_by),
        "concern": [made.concern or ""],
    }
    if made.trade is not None:
        for name, side in (("give", made.trade.give), ("get", made.trade.get)):
            form[name] = [f"{issue}={option}" for issue, option in side.items()]
    if made.challenge is not None:
        form |= {"challenge-fact": [made.challenge.evidence], "challenge-ground": [made.challenge.ground]}
    if made.vote == "no" and made.red_line is None:
        form["quiet-line"] = ["1"]
    for reply in made.replies:
        form[f"reply-{reply.to}-{reply.about}"] = ["declined" if reply.declined else "answered"]
        form[f"prefers-{reply.to}-{reply.about}"] = [f"{reply.about}={option}" for option in reply.prefers]
    return form


def move(form: FormData, view: View, verb: Verb) -> Move:
    """Raises `SeatError` for fields that are no move."""
    says = _text(form, "says")
    if len(says) > MAX_SPEECH:
        raise Unlawful("says", "too long")
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
            signs, criterion, reason = (_text(form, name) for name in ("signs", "criterion", "reason"))
            if signs not in ("yes", "no"):
                raise Halved(mark("Say whether you sign it, or hold it."))
            if signs == "yes" and (criterion or reason):
                raise Halved(mark("You sign it, and give a reason to hold it: choose one of the two."))
            held = {} if signs == "yes" else {"criterion": criterion or None, "reason": reason}
            made = {"signs": signs == "yes", "says": says, **held}
    return human.read(verb, made)


def _told(form: FormData) -> dict[str, Any]:
    """What is asked for, read out and brought."""
    wanted: dict[str, list[str]] = {}
    for issue, option in map(_pair, _all(form, "asks")):
        wanted.setdefault(issue, []).append(option)
    if len(wanted) > MOST_ASKS:
        raise Halved(mark("Three questions are heard at a time; take one back."))
    brings = [dict(zip(("issue", "option"), _pair(each), strict=True)) for each in _all(form, "brings")]
    return {
        "asks": [{"issue": issue, "options": options} for issue, options in wanted.items()],
        "tables": _all(form, "tables"), "brings": brings,
    }  # fmt: skip


def _question(form: FormData) -> dict[str, Any]:
    to, about, text = (_text(form, f"question-{name}") for name in ("to", "about", "text"))
    if not (to or about or text):
        return {}
    if not (to and about):
        raise Halved(mark("A question needs somebody and a subject: choose both, or leave it out."))
    return {"question": {"to": to, "about": about, "text": text[:400]}}


def _position(form: FormData, view: View, vote: str) -> dict[str, Any]:
    made: dict[str, Any] = {"moved_by": _all(form, "moved_by")}
    give, get = _pair(_text(form, "give")), _pair(_text(form, "get"))
    if all(give) and all(get):
        made["trade"] = {"give": {give[0]: give[1]}, "for": {get[0]: get[1]}}
    elif any((*give, *get)):
        raise Halved(mark("A trade has two sides: choose both, or leave it out."))
    fact, ground = _text(form, "challenge-fact"), _text(form, "challenge-ground")
    if fact and ground:
        made["challenge"] = {"evidence": fact, "ground": ground}
    elif fact or ground:
        raise Halved(mark("A doubt names a fact and a ground: choose both, or leave it out."))
    if concern := _text(form, "concern"):
        if vote == "no":
            raise Halved(
                mark(
                    "A doubt for the record stands beside a yes, or a yes, if; take it back or change your vote."
                )
            )
        made["concern"] = concern
    if vote == "no" and view.package is not None and not _text(form, "quiet-line"):
        made["red_line"] = next(
            (n for n, line in enumerate(view.me.red_lines) if matches(view.package, line.when)), None
        )
    if replies := [each for to, question in put(view) if (each := _reply(form, to, question.about))]:
        made["answer"], *made["also"] = replies
    return made


def _reply(form: FormData, to: Role, about: str) -> dict[str, Any] | None:
    """What a person answers to one of the questions put to them."""
    way = _text(form, f"reply-{to}-{about}")
    prefers = [option for issue, option in map(_pair, _all(form, f"prefers-{to}-{about}")) if issue == about]
    if prefers and way != "answered":
        raise Halved(mark("You say what you like best: say that you answer the question, or take it back."))
    return {"to": to, "about": about, "declined": way == "declined", "prefers": prefers} if way else None


def complaint(error: SeatError, view: View) -> str:
    """Why something cannot be sent yet, to the person who would send it."""
    if isinstance(error, Halved):
        return tr(str(error))
    match error.part if isinstance(error, Unlawful) else "":
        case "vote":
            return tr("you have not voted yet: yes, yes if, or no")
        case "asks":
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
        case _:
            return tr("Something in it does not fit the table as it is now; look through it once more.")


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip().replace("\r\n", "\n") if isinstance(value, str) else ""


def _all(form: FormData, name: str) -> list[str]:
    return list(dict.fromkeys(value for value in form.getlist(name) if isinstance(value, str) and value))


def _pair(text: str) -> tuple[str, str]:
    issue, _, option = text.partition("=")
    return issue, option
