"""How a run was set up, in words: what plays a seat, how the PM leads, what was switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import mark, spoken, tr
from aipm_agents.report.words import phrase
from aipm_agents.report.words.vocabulary import Vocabulary
from aipm_agents.styles import CARDS
from aipm_agents.table.events import PAPER, on_paper

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aipm_agents.styles import StyleName
    from aipm_agents.transcript.record import Header, Transcript


SEATS = {"embedded": mark("embedded"), "human": mark("human"), PAPER: mark("on paper")}


_HALVES: Vocabulary[str] = Vocabulary(
    {"people": mark("the people's half of Alignment"), "team": mark("the team's half of Alignment")}
)


def altered(run: Header) -> str:
    """What is to be said of a run whose scenario is not as it was written: a checkpoint, or a half of one, was
    switched off, or values were set; else nothing."""
    gate = run.without
    if gate is not None:
        name = _HALVES[gate] if gate in _HALVES else tr(gate.capitalize())
        return tr(
            "An ablation: {gate} was switched off, so this run shows what it does and is no decision to act upon.",
            gate=name,
        )
    if not run.changes:
        return ""
    return tr("Not the case as written: {what}.", what=settings(run.changes))


def settings(changes: Mapping[str, str]) -> str:
    """What was set, to what."""
    return phrase.listed(f"{key} = {text}" if text else f"{key} =" for key, text in changes.items())


def seed(run: Transcript) -> int | None:
    """Paper draws nothing, so it has none."""
    return None if on_paper(run.events) else run.header.seed


def source(run: Transcript) -> str:
    """Which run it is."""
    if (drawn := seed(run)) is None:
        return tr("Run {run}, recorded from paper", run=run.header.run_id)
    return tr("Run {run}, seed {seed}", run=run.header.run_id, seed=drawn)


def caution(run: Transcript) -> str:
    """What is to be said of a run before anything else: that its scenario was changed, or that it was entered from
    paper; else nothing."""
    told = [altered(run.header)] if altered(run.header) else []
    if on_paper(run.events):
        told.append(
            tr(
                "Recorded from paper: packages, votes and what was told, as somebody entered them. Questions, trades and words were not recorded; where none is named, that does not say that there was none."
            )
        )
    return phrase.sentences(told)


def caution_of_class(runs: Sequence[Transcript], labels: Sequence[str] = ()) -> str:
    """The same of several groups, by what they are called; G1 to Gn without."""
    told = [text] if (text := altered(runs[0].header)) else []
    names = labels or [f"G{n}" for n in range(1, len(runs) + 1)]
    groups = [name for name, run in zip(names, runs, strict=True) if on_paper(run.events)]
    if groups:
        told.append(
            tr(
                "Recorded from paper: {groups}. Of those there is what somebody entered, packages, votes and what was told, and nothing of who asked whom.",
                groups=phrase.listed(groups),
            )
        )
    return phrase.sentences(told)


def style(name: StyleName) -> str:
    """How a PM leads, in a line: what the style is called, and what it looks at first."""
    card = CARDS[spoken()][name]
    return tr("{title}; looks first at {looks}", title=card.title, looks=card.looks)


def kind(seat: str) -> str:
    """What plays a seat; a model by its name."""
    return tr(SEATS[seat]) if seat in SEATS else seat
