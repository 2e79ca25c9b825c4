"""From acts to speech: phrase banks by language, role and act, filled with the scenario's own words.

A seat says nothing twice in a run and never opens two turns with the same word while the bank has
another; both are read off the record, so the voice needs no memory of its own.
"""

from __future__ import annotations

import tomllib
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from aipm_agents.seats.embedded.interests import dice
from aipm_agents.seats.embedded.prose import PROSE
from aipm_agents.table.events import Answered, Framed, Opened, Proposed, Signed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aipm_agents.roles import Language
    from aipm_agents.scenario.model import Package
    from aipm_agents.seats.embedded.prose import Prose
    from aipm_agents.styles import Style
    from aipm_agents.table.view import View

Bank = dict[str, dict[str, Any]]

_VOTES = ("yes", "yes_moved", "yes_fact", "yes_time", "yes_concern", "yes_if", "no", "red_line")


class Act(NamedTuple):
    """One thing a turn does, to be put into words."""

    name: str
    slots: dict[str, str] = {}
    lines: tuple[str, ...] = ()
    """The scenario's own sentences for it; they come before the bank's."""
    bare: bool = False
    """True where nothing is said unless the scenario has a sentence for it."""


@lru_cache(maxsize=4)
def bank(language: Language) -> Bank:
    """The phrases of a language."""
    return tomllib.loads((files(__package__) / "voices" / f"{language}.toml").read_text("utf-8"))


def prose(view: View) -> Prose:
    """How the table's language is written."""
    return PROSE[view.scenario.language]


_wordless: ContextVar[bool] = ContextVar("wordless", default=False)


@contextmanager
def wordless(wanted: bool) -> Iterator[None]:
    """While it lasts, turns are taken without a word."""
    before = _wordless.set(wanted)
    try:
        yield
    finally:
        _wordless.reset(before)


def speak(view: View, acts: Sequence[Act]) -> str:
    """A turn in words: each act its sentence, in order, as far as there are fresh ones."""
    if _wordless.get():
        return ""
    said, written = _said(view), prose(view)
    own = [text for role, text in said if role == view.role]
    before = " ".join(text for _, text in said)
    openers = {written.opener(text) for text in own}
    turn: list[str] = []
    for act in acts:
        line = _first(_lines(view, act, before), written, turn, openers)
        if line is not None:
            turn.append(line)
        elif act.name in _VOTES:  # never silent about a vote
            turn.append(str(bank(view.scenario.language)["joins"][act.name]))
    if turn and written.opener(turn[0]) in openers:  # let another sentence of the turn come first
        turn.sort(key=lambda line: written.opener(line) in openers)
    if not turn and view.round:
        turn = [bank(view.scenario.language)["joins"]["stand"].format(n=view.round)]
    return written.joined(turn)


def _first(lines: Iterator[str], written: Prose, turn: list[str], openers: set[str]) -> str | None:
    """The first line that is not in the turn yet; one to open it with had better begin as none did before."""
    known = None
    for line in lines:
        if line in turn:
            continue
        if turn or written.opener(line) not in openers:
            return line
        known = known or line
    return known


def styled(view: View, style: Style, act: str, slots: dict[str, str]) -> tuple[str, ...]:
    """A style's own sentences for an act; they come before the PM's."""
    lines = list(bank(view.scenario.language)[f"pm/{style.name}"].get(act, ()))
    dice(view, view.role, f"style/{act}").shuffle(lines)
    before, written = " ".join(text for _, text in _said(view)), prose(view)
    filled = (_filled(written, line, slots) for line in lines if _fresh(written, line, before))
    return tuple(line for line in filled if line)


def said_before(view: View, text: str) -> bool:
    """Whether somebody has said these words in this run."""
    return any(text in words for _, words in _said(view))


def name(view: View, role: str) -> str:
    """A colleague as addressed at the table."""
    return view.scenario.card(role).called


def listed(view: View, labels: Iterable[str]) -> str:
    """Labels as a person would read them out."""
    joins, words = bank(view.scenario.language)["joins"], list(labels)
    if len(words) < 2:
        return "".join(words)
    return str(joins["comma"].join(words[:-1]) + joins["and"] + words[-1])


def chosen(view: View, choices: Package) -> str:
    """Choices by their labels, marked off from the sentence they stand in where the language needs it."""
    mark = str(bank(view.scenario.language)["joins"]["label"])
    return listed(view, (mark.format(label=view.scenario.label(*pair)) for pair in choices.items()))


def _lines(view: View, act: Act, before: str) -> Iterator[str]:
    """What can be said for an act: the scenario's sentences, then the bank's, without those said before."""
    written = prose(view)
    yield from (line for line in act.lines if _fresh(written, line, before))
    phrases = bank(view.scenario.language)
    own = phrases.get(view.role, phrases["anyone"])
    lines = [] if act.bare else list(own.get(act.name, ()))
    if view.role not in phrases:  # several such seats share one bank: give each its own part of it
        strangers = [role for role in view.scenario.parties if role not in phrases]
        lines = lines[strangers.index(view.role) :: len(strangers)] or lines
    dice(view, view.role, f"voice/{act.name}").shuffle(lines)
    filled = (_filled(written, line, act.slots) for line in lines if _fresh(written, line, before))
    yield from (line for line in filled if line and line not in before)


def _filled(written: Prose, line: str, slots: dict[str, str]) -> str | None:
    try:
        return written.mended(line.format_map(slots)) or None
    except KeyError:
        return None


def _fresh(written: Prose, line: str, before: str) -> bool:
    """Whether no sentence of a line, or of a line with slots no part between them, was said before."""
    return not any(part in before for part in written.parts(line))


def _said(view: View) -> list[tuple[str, str]]:
    spoken = [
        (event.role, event.move.says)
        for event in view.events
        if isinstance(event, Framed | Opened | Proposed | Answered | Signed) and event.move is not None
    ]
    return [(role, text) for role, text in spoken if text]
