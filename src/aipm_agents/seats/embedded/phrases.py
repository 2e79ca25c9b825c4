"""What a line of the banks takes for granted, and the banks themselves.

A line claims more than its act: that this is all that is missing, that a yes costs something, that what was told is a
figure. What every line of an act presupposes stands here; a line that presupposes more says so in its key, as in
`"yes_if: single_ask" = [...]`. It is drawn only where the move holds all of it.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

if TYPE_CHECKING:
    from aipm_agents.roles import Language

Presupposed = Literal[
    "single_ask", "several_asks", "enough", "together", "sacrifice", "changed_vote", "same_vote", "another_vote",
    "granted", "moving_fact", "outstanding", "own_fact", "asked_before", "lost_favourite", "fact_told", "figure", "order", "two_options",
    "unchanged", "changed", "asked_for", "votes_only", "fails_gate", "costs_me", "costs_yes", "in_time", "too_late", "shown_since", "deadlock", "late",
    "against", "fulfilled", "taken_out", "not_taken", "apart", "turned",
]  # fmt: skip
"""single_ask, several_asks: how many things it asks for the package lacks. enough, together: with the first of them, with
all of them, it says yes. sacrifice: the package is worth less to it than what it could still have. changed_vote: a yes
after less than one. not_taken: less than a yes, when this very package last lay there. same_vote, another_vote: as before, or not. granted: the package has, only now, what it asked for.
moving_fact: a fact told since changed what it can still get. outstanding: it could still have better. asked_before: it asked for the first
of them already. own_fact: it has itself told the fact this is about, in this turn. lost_favourite: what it asked for first cannot pass any more. fact_told:
somebody told a fact. figure: that fact is one. order: the options are not all the same to it. two_options: there are only two.
unchanged, changed: the package, since last round. asked_for: by whoever is named, who has not said yes. votes_only: nothing
else is missing. fails_gate, costs_me, costs_yes, apart (not to be had beside the rest): why a trade or a wish is left. in_time, too_late: a study. shown_since: what it is for has been met without it. deadlock: two want two
things, for three rounds. turned: the plan has just been changed there. late: half the rounds are gone. against: the fact told speaks against something. fulfilled: the package has all it named first
when it last spoke. taken_out: the last package had what it asks for first."""

WORDS: frozenset[str] = frozenset(get_args(Presupposed))

_ALWAYS: dict[str, tuple[Presupposed, ...]] = {
        "opens": (), "table": (), "brings": (), "gave_up": ("lost_favourite",),
        "heard_answered": (), "heard_open": (), "heard_for": ("asked_before",), "heard_against": ("asked_before",),
        "needs_also": (), "needs_it": (), "by_news": ("changed",), "pickup_earlier": ("fact_told",),
        "pickup_ask": (), "pickup_fact": ("fact_told",), "pickup_no": (), "pickup_yes": (),
        "reply_prefers": ("order",), "reply_two": ("order", "two_options"), "reply_same": (), "reply_settled": (),
        "reply_nothing": (), "reply_decline": (), "reply_table": (), "reply_stands": (), "reply_keeps": (),
        "reply_term": (), "reply_word": (),
        "yes": (), "yes_moved": ("changed_vote", "granted"), "yes_fact": ("changed_vote", "moving_fact"),
        "yes_time": ("changed_vote", "outstanding"), "yes_after_all": ("not_taken", "outstanding"), "yes_closer": ("changed_vote", "changed"),
        "yes_concern": (),
        "yes_if": (), "no": (), "no_ask": (), "no_left": ("own_fact",), "red_line": (), "trade_to": (), "trade": ("sacrifice",), "taken_out": ("taken_out",),
        "question_issue": (), "question_criterion": (), "question_term": (), "question_told": (), "question_lens": (), "question_open": (), "question_else": (),
        "challenge_sample": (), "challenge_baseline": (), "challenge_slice": (), "challenge_stale": (),
        "challenge_proxy": (), "challenge_interest": (), "challenge_answer": (), "challenge_stands": (), "challenge_about": (), "challenge_fact": (),
        "frame": (), "frame_title": (), "frame_bare": (), "frame_plain": (), "frame_affected": (), "frame_deal": (), "first": (),
        "blocked_open": ("changed",), "blocked": (), "not_shown": (), "contested": (), "plainly": ("fact_told",),
        "moved": ("changed", "asked_for"), "besides": ("changed",), "back": ("changed",), "trade_taken": (), "again": ("changed",),
        "stay": ("unchanged",), "unheard": ("unchanged",), "alone": ("votes_only",), "stuck": ("deadlock",), "stuck_mine": ("deadlock",),
        "trade_fails": ("fails_gate",), "trade_costs_me": ("costs_me",), "trade_costs_yes": ("costs_yes",), "trade_apart": ("apart",), "trade_left": (),
        "wish_fails": ("fails_gate",), "wish_costs_me": ("costs_me",), "wish_costs_yes": ("costs_yes",), "wish_apart": ("apart",), "wish_left": (),
        "sends_for": ("in_time",), "study_late": ("too_late",), "study_in": (), "news": (), "news_bare": (),
        "reads_aloud": (), "two_things": (), "asks": (), "hold": (),
        "sign": (), "sign_title": (), "sign_bare": (), "sign_goal": (), "sign_study": ("shown_since",), "sign_guard": (), "sign_affected": (),
}  # fmt: skip
ALWAYS = {act: frozenset[str](words) for act, words in _ALWAYS.items()}
"""What every line of an act presupposes, whoever says it."""

Bank = dict[str, dict[str, tuple["Phrase", ...]]]


class Phrase(NamedTuple):
    says: str
    needs: frozenset[str]
    """What it presupposes: of its act, and of its own."""


@lru_cache(maxsize=4)
def _file(language: Language) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "voices" / f"{language}.toml").read_text("utf-8"))


def joins(language: Language) -> dict[str, Any]:
    """What stands between phrases: marks, lists, and the few words for a vote when a bank is used up."""
    joins: dict[str, Any] = _file(language)["joins"]
    return joins


@lru_cache(maxsize=4)
def bank(language: Language) -> Bank:
    """The phrases of a language, by voice and act."""
    return {voice: _read(acts) for voice, acts in _file(language).items() if voice != "joins"}


def _read(acts: dict[str, list[str]]) -> dict[str, tuple[Phrase, ...]]:
    read: dict[str, tuple[Phrase, ...]] = {}
    for key, lines in acts.items():
        act, _, more = key.partition(": ")
        needs = ALWAYS[act] | frozenset(more.split(", ") if more else ())
        assert needs <= WORDS, key
        read[act] = (*read.get(act, ()), *(Phrase(line, needs) for line in lines))
    return read
