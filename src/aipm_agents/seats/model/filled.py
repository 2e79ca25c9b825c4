"""A filled form back into a move. The core always counts, extras may fall.

The core is the vote, the package or the signature, and the words. An answer without one cannot be used and
goes back once. Whatever else an answer holds is read part by part: what cannot be read, or what the law does
not allow beside the rest, is left out and said to be. Leaving out never makes a vote softer.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, NamedTuple

from aipm_agents.errors import SeatError
from aipm_agents.seats.model.fitting import fitted, key
from aipm_agents.seats.model.form import GIVES, NEITHER, WANTS, choices, line_name, turns
from aipm_agents.table.events import Dropped
from aipm_agents.table.lawful import MAX_SPEECH, Unlawful, check, needed, put
from aipm_agents.table.moves import (
    CORE,
    Ask,
    Challenge,
    Choice,
    Opening,
    Position,
    Proposal,
    Question,
    Reply,
    Signing,
    Trade,
    Words,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aipm_agents.seats.model.form import Form
    from aipm_agents.table.moves import Move, Part
    from aipm_agents.table.view import View

Parts = dict[str, Any]
_SHORT = 400
"""Characters of a question's text and of the reason for a hold."""
_MOST_ASKS = 3


class Filled(NamedTuple):
    move: Move
    dropped: tuple[Dropped, ...] = ()
    """What it held beside that and could not be used."""
    wanting: str = ""
    """What the vote lacks (a yes_if its condition, a no its reason): worth asking for once more; it counts anyway."""
    weighs: str = ""
    """What the seat weighed before it spoke; nobody at the table reads it."""
    scratchpad: str = ""
    """What it reasoned at length, where it was asked to; neither."""


def read(form: Form, answer: Any) -> Filled:
    """Raise `SeatError("malformed")` where the core cannot be used, naming what does not fit."""
    if not isinstance(answer, dict):
        raise SeatError("malformed", "the answer is not one JSON object")
    view = form.view
    parts, faults = fitted(form.schema, answer, _other_names(view))
    found = _Found(parts, [Dropped(part=_PARTS.get(at, at), because=why) for at, why in _by_part(faults)])
    move = _move(form, found)
    while (refused := _refused(move, form, found)) is not None:
        if refused.part in CORE:
            raise refused
        move = found.without(move, refused)
    need = needed(move, view) if isinstance(move, Position) else None
    if need is not None and need.part not in found.names:
        found.dropped.append(Dropped(part=need.part, because=str(need)))
    return Filled(
        move, tuple(found.dropped), str(need or ""), *(_plain(parts.get(each) or "") for each in _ALONE)
    )


_ALONE = ("weighs", "scratchpad")
"""For the seat alone: nobody at the table reads it."""


class _Found:
    """What an answer holds, part by part, and what of it fell."""

    def __init__(self, parts: Parts, dropped: list[Dropped]) -> None:
        self.parts, self.dropped = parts, dropped

    @property
    def names(self) -> set[Part]:
        return {each.part for each in self.dropped}

    def drop(self, part: Part, because: str) -> None:
        self.dropped.append(Dropped(part=part, because=because))

    def without(self, move: Move, refused: Unlawful) -> Move:
        self.drop(refused.part, str(refused))
        nothing = type(move).model_fields[refused.part].default
        assert getattr(move, refused.part) != nothing, "the law refuses what is there"
        return move.model_copy(update={refused.part: nothing})

    def core(self, part: Part) -> Any:
        """A part that there must be."""
        value = self.parts.get(part)
        if value is None:
            told = next((each.because for each in self.dropped if each.part == part), "is missing")
            raise SeatError("malformed", f"{part}: {told}")
        return value

    def some(self, name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.parts.get(name) or ()))

    def text(self, part: Part, most: int) -> str:
        """Speech that fits, cut at the end of a sentence where it is too long."""
        text = _plain(self.parts.get(part) or "").strip()
        if len(text) > most:
            self.drop(part, f"what stood after {most} characters")
        return cut(text, most)


def _move(form: Form, found: _Found) -> Move:
    match form.verb:
        case "frame":
            found.core("says")
            return Words(says=found.text("says", MAX_SPEECH))
        case "open":
            return _opening(found)
        case "propose":
            return Proposal(
                package=_package(found), question=_question(found), commissions=found.some("commissions"),
                says=found.text("says", MAX_SPEECH),
            )  # fmt: skip
        case "answer":
            return _position(form.view, found)
        case "sign":
            return _signing(found)


def _opening(found: _Found) -> Opening:
    opening = Opening(
        asks=_asks(found),
        tables=found.some("tables"),
        brings=_brought(found),
        says=found.text("says", MAX_SPEECH),
    )
    if opening == Opening():
        found.core("says")
    return opening


def _package(found: _Found) -> dict[str, str]:
    package: Mapping[str, str | None] = found.core("package")
    open_yet = [issue for issue, option in package.items() if option is None]
    if open_yet:
        told = "; ".join(each.because for each in found.dropped if each.part == "package")
        raise SeatError("malformed", f"package: {told or 'the issue ' + ', '.join(open_yet) + ' is missing'}")
    return {issue: option for issue, option in package.items() if option is not None}


def _position(view: View, found: _Found) -> Position:
    vote, asks, parts = found.core("vote"), _asks(found), found.parts
    spoke, line = turns(view), parts.get("red_line")
    names = {line_name(n): n for n in range(len(view.me.red_lines))}
    replies = _replies(view, parts, asks)
    return Position(
        vote=vote, asks=asks, tables=found.some("tables"), brings=_brought(found),
        challenge=_challenge(parts), question=_question(found), answer=next(iter(replies), None), also=replies[1:],
        trade=_trade(found),
        moved_by=(*found.some("moved_by_evidence"), *(spoke[each] for each in found.some("moved_by_people"))),
        concern=parts.get("concern"), red_line=names[line] if line else None,
        says=found.text("says", MAX_SPEECH),
    )  # fmt: skip


def _replies(view: View, parts: Parts, asks: tuple[Ask, ...]) -> tuple[Reply, ...]:
    """One for each question put to it that it answers or declines; of two things said of one, the first counts. Asked
    about an issue, a seat answers by what it asks for there."""
    given, asked = parts.get("answer") or [], put(view)
    if isinstance(given, str):
        given = [f"{role}={given}" for role, _ in asked]
    how = {role: reply for role, _, reply in (each.rpartition("=") for each in reversed(given))}
    wanted = {ask.issue: ask.options for ask in asks}
    return tuple(
        Reply(to=role, about=q.about, declined=how[role] == "declined", prefers=wanted.get(q.about, ()))
        for role, q in asked if role in how
    )  # fmt: skip


def _signing(found: _Found) -> Signing:
    signs, says = found.core("signs"), found.text("says", MAX_SPEECH)
    if signs:
        return Signing(signs=True, says=says)
    return Signing(
        signs=False, criterion=found.core("criterion"), reason=found.text("reason", _SHORT), says=says
    )


def _refused(move: Move, form: Form, found: _Found) -> Unlawful | None:
    try:
        check(move, form.view, form.verb, {*found.names, "asks", "moved_by"})
    except Unlawful as refused:
        return refused
    return None


def _asks(found: _Found) -> tuple[Ask, ...]:
    """`issue=option` words, most important first, gathered by issue; three issues count."""
    wanted: dict[str, list[str]] = {}
    for issue, option in _pairs(found.some("asks")):
        wanted.setdefault(issue, []).append(option)
    if len(wanted) > _MOST_ASKS:
        found.drop("asks", f"more than {_MOST_ASKS} issues: {', '.join([*wanted][_MOST_ASKS:])}")
    return tuple(Ask(issue=issue, options=tuple(each)) for issue, each in [*wanted.items()][:_MOST_ASKS])


def _brought(found: _Found) -> tuple[Choice, ...]:
    return tuple(Choice(issue=issue, option=option) for issue, option in _pairs(found.some("brings")))


def _challenge(parts: Parts) -> Challenge | None:
    if not (made := parts.get("challenge")):
        return None
    evidence, ground = made.rsplit("=", 1)
    return Challenge(evidence=evidence, ground=ground)


def _trade(found: _Found) -> Trade | None:
    sides: dict[str, dict[str, str]] = {GIVES: {}, WANTS: {}}
    for issue, choice in (found.parts.get("trade") or {}).items():
        if choice not in (None, NEITHER):
            side, option = choice.split("=", 1)
            sides[side][issue] = option
    if not sides[GIVES] or not sides[WANTS]:
        if (sides[GIVES] or sides[WANTS]) and "trade" not in found.names:
            found.drop(
                "trade", "it gives nothing" if not sides[GIVES] else "it wants nothing for what it gives"
            )
        return None
    return Trade.model_validate({"give": sides[GIVES], "for": sides[WANTS]})


def _question(found: _Found) -> Question | None:
    made = found.parts.get("question")
    if not made:
        return None
    if not made["to"] or not made["about"]:
        if "question" not in found.names:
            found.drop("question", "it says neither whom nor about what")
        return None
    return Question(to=made["to"], about=made["about"], text=cut(_plain(made["text"] or "").strip(), _SHORT))


def _pairs(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(issue, option) for issue, _, option in (name.partition("=") for name in names)]


_PARTS: dict[str, Part] = {"moved_by_evidence": "moved_by", "moved_by_people": "moved_by"}


def _by_part(faults: Iterable[tuple[str, str]]) -> list[tuple[Any, str]]:
    """The faults of each part in one sentence; what it weighs is nobody's business."""
    told: dict[str, list[str]] = {}
    for at, why in faults:
        if at not in _ALONE:
            told.setdefault(at, []).append(why)
    return [(at, "; ".join(dict.fromkeys(each))[:300]) for at, each in told.items()]


def _other_names(view: View) -> dict[str, str]:
    """What a model may call a person or an option instead of by its id, title or label, where it is clear which."""
    meant: dict[str, set[str]] = {}
    for role in view.scenario.parties:
        card = view.scenario.card(role)
        for title in (card.title, card.short, card.called):
            meant.setdefault(key(title), set()).add(role)
    for choice in choices(view):
        issue, option = choice.split("=", 1)
        meant.setdefault(key(view.scenario.label(issue, option)), set()).add(choice)
    return {said: next(iter(names)) for said, names in meant.items() if len(names) == 1}


_ENDS = re.compile(r"[.!?…](?=[\s\"”’')\]]|$)|[。！？…](?=[」』”]?)")


def cut(text: str, most: int) -> str:
    """As many whole sentences as fit; where not even one does, as many characters."""
    if len(text) <= most:
        return text
    ends = [found.end() for found in _ENDS.finditer(text[: most + 1]) if found.end() <= most]
    return text[: ends[-1]] if ends else text[: most - 2].rstrip() + " …"


def _plain(text: str) -> str:
    """Speech without control characters and half characters, which no other seat could be sent."""
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))
