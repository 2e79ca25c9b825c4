"""How a run was set up, in words: what plays a seat, how the PM leads, what was switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import mark, spoken, tr
from aipm_agents.report.words.vocabulary import Words
from aipm_agents.styles import CARDS

if TYPE_CHECKING:
    from aipm_agents.styles import StyleName


SEATS = {"embedded": mark("embedded"), "human": mark("human")}


_HALVES: Words[str] = Words(
    {"people": mark("the people's half of Alignment"), "team": mark("the team's half of Alignment")}
)


def ablation(gate: str | None) -> str:
    """What is to be said of a run in which a checkpoint, or a half of one, was switched off; else nothing."""
    if gate is None:
        return ""
    name = _HALVES[gate] if gate in _HALVES else tr(gate.capitalize())
    return tr(
        "An ablation: {gate} was switched off, so this run shows what it does and is no decision to act upon.",
        gate=name,
    )


def style(name: StyleName) -> str:
    """How a PM leads, in a line: what the style is called, and what it looks at first."""
    card = CARDS[spoken()][name]
    return tr("{title}; looks first at {looks}", title=card.title, looks=card.looks)


def kind(seat: str) -> str:
    """What plays a seat; a model by its name."""
    return tr(SEATS[seat]) if seat in SEATS else seat
