"""Sentences carry what they claim: what a line presupposes, drawn only where the move holds it; and the turns that earn it."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import making
import pytest

from aipm_agents.negotiation import negotiate
from aipm_agents.scenario.library import bundled
from aipm_agents.scenario.phrasing import fits
from aipm_agents.scenario.reader import examine, read
from aipm_agents.seats.embedded import Embedded
from aipm_agents.seats.embedded.phrases import ALWAYS, WORDS, Phrase, bank
from aipm_agents.seats.embedded.prose import PROSE
from aipm_agents.seats.embedded.voice import Act, speak
from aipm_agents.table.events import Answered, Opened, Proposed, Ruled
from aipm_agents.table.moves import Opening, Proposal
from aipm_agents.table.rules import worth
from aipm_agents.table.view import view

LANGUAGES = ("en", "zh-Hant")
FIRST = Path(__file__).parents[1] / "data/lost-keys.yaml"
"""A first scenario as somebody writes it: no `argues`, no `aloud`, answers for labels, seven seats."""
CASES = {**bundled(), "lost-keys": FIRST}
VOICES = [(language, voice) for language in LANGUAGES for voice in bank(language)]


@lru_cache
def played(name, seed):
    scenario = read(CASES[name])
    return scenario, negotiate(scenario, {role: Embedded() for role in scenario.parties}, seed=seed)


# --- the banks --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_says_what_it_presupposes_in_words_that_are_declared(language):
    for voice, acts in bank(language).items():
        for act, phrases in acts.items():
            assert act in ALWAYS, (voice, act)
            for phrase in phrases:
                assert ALWAYS[act] <= phrase.needs <= WORDS, (voice, act, phrase)


def test_both_languages_presuppose_the_same():
    ours, theirs = bank("zh-Hant"), bank("en")
    assert ours.keys() == theirs.keys()
    for voice in theirs:
        assert ours[voice].keys() == theirs[voice].keys(), voice
        for act in theirs[voice]:
            assert {p.needs for p in ours[voice][act]} == {p.needs for p in theirs[voice][act]}, (voice, act)


@pytest.mark.parametrize(("language", "voice"), VOICES)
def test_a_line_is_not_drawn_where_one_thing_it_presupposes_is_missing(monkeypatch, language, voice):
    """The bank holds one line alone: it is said where all holds, and never where one thing is broken."""
    role = "pm" if voice.startswith("pm") else "legal"
    seen = view(
        making.scenario(language=language),
        (Proposed(round=1, package=None, move=None),),
        role,
        seed=0,
        number=1,
    )
    lines = [(act, phrase) for act, phrases in bank(language)[voice].items() for phrase in phrases]
    for act, phrase in lines:
        only = {"pm": {}, "anyone": {}, "legal": {}, role: {act: (phrase,)}}
        monkeypatch.setattr("aipm_agents.seats.embedded.voice.bank", lambda _, only=only: only)
        slots = dict.fromkeys(re.findall(r"\{(\w+)\}", phrase.says), "X")
        line = PROSE[language].mended(phrase.says.format_map(slots))
        assert speak(seen, [Act(act, slots, holds=phrase.needs)]) == line
        fallback = {**dict.fromkeys(("option", "give", "get"), "Y"), **slots}
        for word in sorted(phrase.needs):
            assert line not in speak(seen, [Act(act, fallback, holds=WORDS - {word})]), (act, line, word)


def test_a_bank_used_up_is_helped_out_by_what_is_anyones(monkeypatch):
    lines = {"legal": {}, "anyone": {"yes": (Phrase("Agreed, for once.", frozenset()),)}}
    monkeypatch.setattr("aipm_agents.seats.embedded.voice.bank", lambda language: lines)
    made = making.scenario(parties={r: p for r, p in making.scenario().plain()["parties"].items() if r != "engineer"},
                           checkpoints={}, evidence=[], agreement={"accept_at_least": 1})  # fmt: skip
    seen = view(made, (), "legal", seed=0, number=1)
    assert speak(seen, [Act("yes")]) == "Agreed, for once."


# --- what is said, held against what was done -------------------------------------------------


def turns(name, seed):
    """(scenario, package, last package, what this seat did before, event, its last vote on this package) of every answer."""
    scenario, events = played(name, seed)
    package, earlier, before, votes = None, None, {}, {}
    for event in events:
        if isinstance(event, Proposed):
            package, earlier = event.package, package
        if isinstance(event, Answered):
            on_it = event.role, tuple(package.items())
            yield scenario, package, earlier, before.get(event.role), event, votes.get(on_it)
            before[event.role] = event
            votes[on_it] = event.move.vote


@lru_cache
def told_by(language):
    """What a line is known by, for lines that presuppose something and are long enough to be known."""
    lines = [(act, p) for acts in bank(language).values() for act, phrases in acts.items() for p in phrases]
    pieces = [
        (act, p, [x for x in re.split(r"\{\w+\}", p.says) if len(x) > 1]) for act, p in lines if p.needs
    ]
    return [each for each in pieces if len("".join(each[2])) > 14]


def spoken(scenario, event):
    """The lines of the banks found in what was said, with their acts."""
    for act, phrase, pieces in told_by(scenario.language):
        if all(piece in event.move.says for piece in pieces):
            yield act, phrase


CHECKS = {
    "single_ask": lambda t: len(missing(t)) == 1,
    "several_asks": lambda t: len(missing(t)) > 1,
    "changed_vote": lambda t: t[3] is not None and t[3].move.vote != "yes" and t[4].move.vote == "yes",
    "not_taken": lambda t: t[5] in ("no", "yes_if"),
    "same_vote": lambda t: t[3] is not None and t[3].move.vote == t[4].move.vote,
    "unchanged": lambda t: t[1] == t[2],
    "granted": lambda t: any(t[1][a.issue] in a.options and t[2][a.issue] not in a.options for a in t[3].move.asks),
    "order": lambda t: len({points(t)[t[4].move.answer.about][o] for o in t[4].move.answer.prefers}) > 1,
    "two_options": lambda t: len(t[4].move.answer.prefers) == 2,
    "moving_fact": lambda t: any("@" not in source for source in t[4].move.moved_by),
    "own_fact": lambda t: bool(t[4].move.tables),
    "fulfilled": lambda t: all(t[1][a.issue] == a.options[0] for a in t[3].move.asks),
    "taken_out": lambda t: any(t[2][a.issue] == a.options[0] != t[1][a.issue] for a in missing(t)),
}  # fmt: skip


def points(turn):
    return turn[0].parties[turn[4].role].points


def missing(turn):
    return [ask for ask in turn[4].move.asks if turn[1][ask.issue] not in ask.options]


@pytest.mark.parametrize("name", ["refund-copilot", "second-look", "lost-keys", "fresh-food-orders"])
def test_what_a_line_presupposes_stands_in_the_record(name):
    for seed in range(3):
        for turn in turns(name, seed):
            for act, phrase in spoken(turn[0], turn[4]):
                for word in phrase.needs & CHECKS.keys():
                    assert CHECKS[word](turn), (seed, act, phrase.says, word, turn[4].move.says)


@pytest.mark.parametrize("name", ["aisle-nine", "discharge-letter", "lost-keys"])
def test_a_trade_costs_its_giver_and_brings_more_and_is_not_asked_for(name):
    for seed in range(4):
        for scenario, package, _, _, event, _ in turns(name, seed):
            if (trade := event.move.trade) is not None:
                party = scenario.parties[event.role]
                now = worth(party, package)
                cost = now - worth(party, {**package, **trade.give})
                gain = worth(party, {**package, **trade.get}) - now
                assert 0 < cost < gain
                asked = {(ask.issue, option) for ask in event.move.asks for option in ask.options}
                assert not asked & set(trade.give.items())


@pytest.mark.parametrize("name", ["second-look", "lost-keys"])
def test_a_vote_that_did_not_soften_names_nothing_that_moved_it_and_one_that_did_two_things_at_most(name):
    soft = {"no": 0, "yes_if": 1, "yes": 2}
    for seed in range(4):
        for _, _, _, before, event, _ in turns(name, seed):
            assert len(event.move.moved_by) <= 2
            if event.move.moved_by and not (event.move.vote == "no" and before.move.trade):
                assert soft[event.move.vote] > soft[before.move.vote]


def test_no_seat_of_seven_says_a_bare_vote_in_more_than_one_turn_of_ten():
    from aipm_agents.seats.embedded.phrases import joins

    bare = {joins("en")[act] for act in ("yes", "yes_moved", "yes_fact", "yes_time", "no", "yes_concern")} | {
        "Yes."
    }
    said: dict[str, list[bool]] = {}
    for seed in range(6):
        for *_, event, _ in turns("lost-keys", seed):
            last = re.split(r"(?<=[.!?])\s", event.move.says)
            said.setdefault(event.role, []).append(
                event.move.says in bare or any(line in bare - {"Yes."} for line in last)
            )
    assert {role: sum(each) / len(each) for role, each in said.items() if sum(each) > len(each) / 10} == {}
    assert len(said) == 6


# --- a turn is one thing ----------------------------------------------------------------------


def legal(**party):
    data = making.scenario().plain()
    data["parties"]["legal"] |= party
    return data


def at(scenario, events, role, number):
    return Embedded().answer(view(scenario, tuple(events), role, seed=1, number=number))


def tabled(package, number=1):
    return Proposed(round=number, package=package, move=Proposal(package=package))


def test_a_seat_asks_for_what_a_package_can_still_pass_with():
    """All of them breaks the rule on load, so nobody asks for it, though it is worth most."""
    made = making.scenario()
    moves = [
        at(made, [tabled({"reach": "few", "review": "some"})], role, 1) for role in ("legal", "engineer")
    ]
    wished = {(ask.issue, ask.options[0]) for move in moves for ask in move.asks}
    assert ("reach", "all") not in wished


def test_a_favourite_that_died_is_given_up_aloud_and_once():
    made = making.scenario()
    first = Opened(
        round=0,
        role="engineer",
        move=Opening(asks=({"issue": "review", "options": ["none"]},), says="I need it."),
    )
    told = Opened(round=0, role="legal", move=Opening(tables=("test",), says="It errs."))
    said = at(made, [first, told, tabled({"reach": "few", "review": "some"})], "engineer", 1)
    lines = [
        p.says.split("{option}") for p in bank("en")["engineer"]["gave_up"] + bank("en")["anyone"]["gave_up"]
    ]
    assert any(
        all(piece in said.says for piece in pieces if len(piece) > 8) and '"nobody"' in said.says
        for pieces in lines
    )
    assert all(option != "none" for ask in said.asks for option in ask.options)


def test_who_does_not_mind_says_so_and_ranks_nothing():
    data = legal(points={"reach": {"all": 50, "few": 50}, "review": {"none": 0, "some": 50}})
    data["parties"]["legal"]["temperament"] = {"candour": 1}
    data["checkpoints"] = {}
    made = making.scenario(**{k: data[k] for k in ("parties", "checkpoints")}, evidence=[])
    asking = Proposal(package={"reach": "few", "review": "some"}, question={"to": "legal", "about": "reach"})
    said = at(made, [Proposed(round=1, package=asking.package, move=asking)], "legal", 1)
    assert said.answer is not None
    assert said.answer.prefers == ()
    assert not said.answer.declined


@pytest.mark.parametrize("name", ["one-gauge", "three-bets"])
def test_who_challenges_a_fact_is_not_asked_to_prove_it(name):
    for seed in range(4):
        _, events = played(name, seed)
        doubted: dict[str, set[str]] = {}
        for event in events:
            if (
                isinstance(event, Proposed | Answered)
                and event.move is not None
                and event.move.question is not None
            ):
                assert event.move.question.to not in doubted.get(event.move.question.about, set())
            if isinstance(event, Ruled):
                for finding in event.findings:
                    doubted[finding.criterion] = {role for each in finding.contests for role in each.by}


def test_what_opens_a_checkpoint_shuts_no_other():
    """`opens` names no change that a fact or a rule on the table shuts elsewhere."""
    from aipm_agents.table.checkpoints import fails
    from aipm_agents.table.events import tabled_evidence

    for name in ("aisle-nine", "refund-copilot", "lost-keys"):
        for seed in range(3):
            scenario, events = played(name, seed)
            musts = [each for _, each in scenario.criteria.values() if each.blocking]
            for number, event in enumerate(events):
                if isinstance(event, Proposed):
                    package = event.package
                if isinstance(event, Ruled):
                    known = tabled_evidence(scenario, events[:number])
                    now = {each.id for each in musts if fails(scenario, each, package, known)}
                    for change in (c for finding in event.findings for c in finding.opens):
                        then = {e.id for e in musts if fails(scenario, e, {**package, **change}, known)}
                        assert then < now or not now


# --- forms ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "good", "bad"),
    [
        ("purpose", "people who wait nine days for their money", "To cut the waiting time."),
        ("purpose", "people who wait", "We want less waiting. And fewer calls."),
        ("because", "with twenty wards two of us would not sleep", "because nobody would sleep"),
        ("wants", "Fewer empty chairs on a Monday.", "fewer empty chairs"),
        ("duty", "What a shift can carry.", "Responsible for the shift"),
    ],
)
def test_a_text_that_is_read_on_has_its_form(form, good, bad):
    assert fits(form, good, "en")
    assert not fits(form, bad, "en")


def test_validate_names_the_text_that_cannot_be_read_on(tmp_path):
    text = FIRST.read_text("utf-8")
    file = tmp_path / "first.yaml"
    file.write_text(
        text.replace("purpose: guests", "purpose: To help guests").replace(
            "because: a key", "because: because a key"
        ),
        "utf-8",
    )
    told = {problem.where for problem in examine(file).problems}
    assert {"purpose", "parties.legal.red_lines[0].because"} <= told


def test_a_label_that_says_nothing_by_itself_is_told_with_its_question():
    said = " ".join(
        event.move.says
        for seed in range(4)
        for event in played("lost-keys", seed)[1]
        if getattr(event, "move", None)
    )
    assert '"No" as the answer to "Does the door log who came in?"' in said
    assert not re.search(r'(?<!")\bNo\b(?=[,.;] [a-z])', said)
    assert not re.search(r'[.!?]\.|[.!?]"\.', said)


def test_points_are_exact_where_a_trade_is_weighed():
    assert worth(making.scenario().parties["legal"], {"reach": "few", "review": "none"}) == Decimal(80)


def test_people_who_have_names_are_called_by_them():
    _, events = played("fresh-food-orders", 1)
    said = "".join(e.move.says for e in events if getattr(e, "move", None) and e.role != "pm")
    assert "淑芬" in said
    assert not re.search(r"(法務|區顧問|資料科學)，", said)
    named = {"pm": "Ann Lee", "engineer": "Ann Roe", "legal": "Dr. Ito", "marketing": "Bo Chan"}
    parties = {
        role: {**party, "name": named.get(role)}
        for role, party in making.scenario().plain()["parties"].items()
    }
    made = making.scenario(parties=parties)
    told = {role: made.address(role) for role in made.parties}
    assert {told[role] for role in told if role in named} <= {"Ann Lee", "Ann Roe", "Dr. Ito", "Bo"}
    assert all(
        told[role] == (named.get(role) or made.card(role).called) or told[role] == "Bo" for role in told
    )


def test_nobody_is_asked_about_what_facts_have_settled():
    from aipm_agents.seats.embedded.reach import reach

    for seed in range(4):
        scenario, events = played("night-rounds", seed)
        for number, event in enumerate(events):
            put = event.move.question if isinstance(event, Proposed) and event.move else None
            if put is not None and put.about in scenario.issue:
                seen = view(scenario, tuple(events[:number]), "pm", seed=seed, number=event.round)
                assert len(reach(seen).options[put.about]) > 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_seat_is_dealt_a_line_while_there_is_a_fresh_one(monkeypatch, language):
    """With fewer lines than seats, the last seat takes another's rather than fall silent."""
    only = {voice: {} for voice in bank(language)} | {
        "anyone": {"red_line": bank(language)["anyone"]["red_line"][:1]}
    }
    monkeypatch.setattr("aipm_agents.seats.embedded.voice.bank", lambda _: only)
    made = making.scenario(language=language)
    lines = only["anyone"]["red_line"]
    for role in made.colleagues:
        seen = view(made, (), role, seed=0, number=1)
        assert speak(seen, [Act("red_line", {"because": "X"}, holds=WORDS)]) == lines[0].says.format(
            because="X"
        )


def test_who_has_begun_a_turn_with_a_word_before_takes_no_line_dealt_to_another_for_that(monkeypatch):
    """Two who speak at once do not hear each other: a new first word is worth less than a sentence of one's own."""
    lines = [f"{word} I would say it {n} times." for n in range(3, 6) for word in ("Now", "Then")]
    only = {voice: {} for voice in bank("en")} | {
        "anyone": {"yes": tuple(Phrase(x, frozenset()) for x in lines)}
    }
    monkeypatch.setattr("aipm_agents.seats.embedded.voice.bank", lambda _: only)
    scenario = read(FIRST)
    before = tuple(
        Opened(round=0, role=role, move=Opening(says="Then it rained.")) for role in scenario.colleagues
    )
    for seed in range(10):
        said = [
            speak(view(scenario, before, role, seed=seed, number=1), [Act("yes")])
            for role in scenario.colleagues
        ]
        assert sorted(said) == sorted(lines)


def test_who_can_live_with_nothing_that_can_still_pass_says_no_and_asks_for_nothing():
    """Its own fact stops the package that suits it, and all that may pass is worth less to it than leaving."""
    points = {"reach": {"all": 25, "few": 20}, "review": {"none": 60, "some": 10}}
    parties = {role: {"wants": "Something.", "walk_away": 20, "points": points} for role in making.ROLES}
    made = making.scenario(parties={**parties, "legal": {**parties["legal"], "walk_away": 60}})
    events = negotiate(made, {role: Embedded() for role in made.parties}, seed=26)
    answers = [e for e in events if isinstance(e, Answered) and e.role == "legal"]
    assert [(e.fault, e.move.vote, e.move.asks) for e in answers] == [(None, "no", ())] * len(answers)
    lines = [phrase.says for phrase in bank("en")["anyone"]["no_left"]]
    own = [any(line in e.move.says for line in lines) for e in answers]
    assert own == [bool(e.move.tables) for e in answers], "of its own fact it speaks where it tells it"
