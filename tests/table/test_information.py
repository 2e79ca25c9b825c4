"""Who may know what: a canary in every private place, and nobody sings another seat's tune.

A canary is a word (or a number) that stands nowhere else. It is planted in each bundled scenario, the
scenario is played, and everything that was handed to a seat, or shown to an audience, is searched for it.
"""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from functools import lru_cache

import numpy as np
import pytest
from making import scenario as small_scenario
from pydantic import BaseModel
from records import EXAMPLES

from aipm_agents import cli
from aipm_agents.errors import SeatError
from aipm_agents.negotiation import negotiate
from aipm_agents.scenario.library import bundled
from aipm_agents.scenario.model import Scenario
from aipm_agents.scenario.reader import read
from aipm_agents.seats.embedded import Embedded
from aipm_agents.seats.model import prompts
from aipm_agents.seats.model.form import form
from aipm_agents.seats.scripted import Scripted
from aipm_agents.table.audience import FACILITATOR, PUBLIC, as_seen_by, visible
from aipm_agents.table.events import Answered, Opened, Proposed, Ruled, Stopped, tabled_evidence
from aipm_agents.table.heard import heard
from aipm_agents.table.moves import Opening, Position
from aipm_agents.table.view import view
from aipm_agents.transcript import Recorder, dumped, line, new_header

SCENARIOS = EXAMPLES
TABLES = ["embedded", "scripted", "telling", "faulty"]


# --- canaries ---------------------------------------------------------------------------------


class Canary:
    """A word that only some may know, until something that happens makes it public."""

    def __init__(self, word, knowers, *, fact=None, red_line=None, spoken=False):
        self.word, self.knowers = word, frozenset(knowers)
        self.fact, self.red_line, self.spoken = fact, red_line, spoken

    def is_out(self, scenario, events, audience):
        """Whether an audience may know it after these events (all of them visible to it)."""
        if audience == FACILITATOR or audience in self.knowers:
            return True
        if self.fact and self.fact in tabled_evidence(scenario, events):
            return True
        if self.red_line:
            role, because = self.red_line
            return any(
                (crossed.role, crossed.because) == (role, because)
                for event in events if isinstance(event, Ruled) for crossed in event.team.crossed
            )  # fmt: skip
        return self.spoken and any(self.word in (event_says(event) or "") for event in events)


def event_says(event):
    return getattr(getattr(event, "move", None), "says", None)


@lru_cache
def planted(name):
    """A bundled scenario with canaries in it, and the list of them."""
    data, canaries, words = read(bundled()[name]).plain(), [], iter(range(10_000))

    def plant(kind, knowers, **out):
        word = f"{kind}zq{next(words):04d}"
        canaries.append(Canary(word, knowers, **out))
        return word

    renamed = {}
    for fact in [*data["evidence"], *(f for inject in data.get("injects", []) for f in inject["evidence"])]:
        holders = fact.get("held_by", ())
        if not holders and not fact.get("takes") and fact in data["evidence"]:
            continue  # on the table from the start
        word = fact["id"]
        if not fact.get("takes"):  # that a study can be sent for is no secret
            renamed[word] = word = plant("fact", holders)
            canaries[-1].fact = word
            fact["id"] = word
        for field in ("says", "plainly", "aloud", "source"):
            tag = plant(field, holders, fact=word if field != "aloud" else None, spoken=field == "aloud")
            fact[field] = f"{fact.get(field, 'Somebody wrote it down')} {tag}."
    for fact in data["evidence"]:
        for limit in fact.get("limits", ()):
            limit["answered_by"] = [renamed.get(name, name) for name in limit.get("answered_by", ())]
    for number, (role, party) in enumerate(data["parties"].items()):
        party["private"] = f"{party.get('private', '')} Remember {plant('private', [role])}."
        party["otherwise"] = f"It goes on {plant('otherwise', [role])}."
        for red in party.setdefault("red_lines", []):
            red["because"] += f" {(word := plant('because', [role]))}"
            canaries[-1].red_line = (role, red["because"])
        for issue in data["issues"]:
            said = plant("argues", [role], spoken=True)
            party.setdefault("argues", {}).setdefault(issue["id"], []).append(f"Think of {said}.")
        tail = 0.000101 + number * 0.001  # unusual, and small enough to change no strategy
        for row in party["points"].values():
            for option in row:
                row[option] = round(row[option] + tail, 6)
        party["walk_away"] = round(party["walk_away"] + tail, 6)
        canaries.append(Canary(re.compile(rf"\b\d+\.00{number}101\b"), [role]))
    made = Scenario.model_validate_json(json.dumps(data), strict=False)
    return made, tuple(canaries)


def sings(canary, text):
    return canary.word.search(text) if isinstance(canary.word, re.Pattern) else canary.word in text


def leaks(canaries, scenario, events, audience, text):
    return [c.word for c in canaries if sings(c, text) and not c.is_out(scenario, events, audience)]


def everything(thing, seen=None):
    """All that can be reached from an object, as one text: attributes, caches, keys, items, arrays."""
    seen = set() if seen is None else seen
    if isinstance(thing, str | bytes | int | float | bool | np.generic) or thing is None:
        return str(thing)
    if id(thing) in seen:
        return ""
    seen.add(id(thing))
    if isinstance(thing, dict):
        parts = [*thing.keys(), *thing.values()]
    elif isinstance(thing, list | tuple | set | frozenset):
        parts = list(thing)
    elif isinstance(thing, np.ndarray):
        return ""  # codes and digits; whose sums they could be is tested below
    elif hasattr(thing, "__dict__"):
        parts = [thing.__dict__]
        if isinstance(thing, BaseModel):
            parts += [thing.__pydantic_extra__, thing.__pydantic_private__]
    else:
        parts = []
    return "\n".join([repr(thing) if not parts else "", *(everything(part, seen) for part in parts)])


# --- seats that keep what they were handed ------------------------------------------------------


class Recording:
    """Plays as another seat does, and keeps each view it was handed."""

    def __init__(self, player, views):
        self.player, self.views, self.kind = player, views, player.kind

    def _play(self, verb, seen):
        self.views.append(seen)
        return getattr(self.player, verb)(seen)

    def frame(self, seen):
        return self._play("frame", seen)

    def open(self, seen):
        return self._play("open", seen)

    def propose(self, seen):
        return self._play("propose", seen)

    def answer(self, seen):
        return self._play("answer", seen)

    def sign(self, seen):
        return self._play("sign", seen)


class Faulty(Embedded):
    """Falls over with its own briefing in the error text, as careless code may."""

    def answer(self, view):
        if view.round % 2:
            raise RuntimeError(f"could not send: {view.me.private} {view.untabled}")
        raise SeatError("refusal", f"the endpoint refused {view.me.private}")


class Telling(Scripted):
    """Tables one fact a turn, and says yes to all."""

    def answer(self, view):
        return Position(vote="yes", tables=view.untabled[:1])


def players(scenario, table):
    package = {issue.id: issue.options[0].id for issue in scenario.issues}
    scripted = {"packages": [package], "positions": ["no"], "opening": Opening(says="Good morning.")}
    match table:
        case "embedded":
            return {role: Embedded() for role in scenario.parties}
        case "scripted":
            return {role: Scripted(**scripted) for role in scenario.parties}
        case "telling":
            return {role: Telling(packages=[package]) for role in scenario.parties}
    return {role: Embedded() if i % 2 == 0 else Faulty() for i, role in enumerate(scenario.parties)}


@lru_cache
def played(name, table, seed=3):
    scenario, canaries = planted(name)
    views = []
    seats = {role: Recording(seat, views) for role, seat in players(scenario, table).items()}
    return scenario, canaries, negotiate(scenario, seats, seed=seed), tuple(views)


@lru_cache
def all_of_scenario(scenario, audience, tabled):
    return everything(as_seen_by(scenario, audience, tabled))


def prefixes(events):
    return [events[:number] for number in range(len(events) + 1)]


every_run = pytest.mark.parametrize(("name", "table"), [(n, t) for n in SCENARIOS for t in TABLES])


# --- the canaries themselves --------------------------------------------------------------------


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_search_finds_every_canary_where_it_is(name):
    """Else the tests below would pass whatever leaked."""
    scenario, canaries = planted(name)
    told = everything(as_seen_by(scenario, FACILITATOR, frozenset()))
    assert [c.word for c in canaries if not sings(c, told)] == []
    for role in scenario.parties:
        own = everything(as_seen_by(scenario, role, frozenset()))
        arrives_later = {fact.id for inject in scenario.injects for fact in inject.evidence}
        mine = [c for c in canaries if role in c.knowers and c.fact not in arrives_later]
        assert mine
        assert [c.word for c in mine if not sings(c, own)] == []


# --- what a seat is handed ----------------------------------------------------------------------


@every_run
def test_a_view_holds_nothing_of_another_seat_that_is_not_out(name, table):
    scenario, canaries, _, views = played(name, table)
    assert {v.role for v in views} == set(scenario.parties)
    for seen in views:
        assert leaks(canaries, scenario, seen.events, seen.role, everything(seen)) == []


def verb_of(seen):
    if seen.role != "pm":
        return "answer" if seen.round else "open"
    if not seen.round:
        return "frame"
    proposed = any(isinstance(e, Proposed) and e.round == seen.round for e in seen.events)
    return "sign" if proposed else "propose"


@pytest.mark.parametrize(
    ("name", "table", "language"),
    [(n, t, lang) for n in SCENARIOS for t in TABLES for lang in ("en", "zh-Hant") if lang == "en" or t == "telling"],
)  # fmt: skip
def test_a_prompt_and_a_form_hold_nothing_of_another_seat_that_is_not_out(name, table, language):
    scenario, canaries, _, views = played(name, table)
    for seen in views:
        told = dataclasses.replace(seen, scenario=seen.scenario.model_copy(update={"language": language}))
        text = "\n".join(words for _, words in prompts.messages(told, verb_of(seen)))
        text += json.dumps(form(verb_of(seen), told).schema)
        assert leaks(canaries, scenario, seen.events, seen.role, text) == []
        own = [c for c in canaries if c.knowers == {seen.role} and "private" in str(c.word)]
        assert all(sings(canary, text) for canary in own), "a seat reads its own briefing"


def points_it_knows(scenario, seen):
    """A seat's own score sheet, without the options that others hold and nobody has brought."""
    brought = heard(scenario, seen.events).brought
    return {
        issue.id: {
            option.id: scenario.parties[seen.role].points[issue.id][option.id]
            for option in issue.options
            if not option.held_by or seen.role in option.held_by or (issue.id, option.id) in brought
        }
        for issue in scenario.issues
    }


@every_run
def test_a_view_keeps_a_seats_own_facts_and_those_on_the_table(name, table):
    scenario, _, _, views = played(name, table)
    for seen in views:
        assert seen.me == scenario.parties[seen.role].model_copy(
            update={"points": points_it_knows(scenario, seen)}
        )
        held = {fact.id for fact in scenario.evidence if seen.role in fact.held_by}
        studies = {fact.id for fact in scenario.evidence if fact.takes}
        assert set(seen.scenario.facts) == held | seen.tabled | studies
        assert set(seen.untabled) == held - seen.tabled
        assert seen.tabled == tabled_evidence(scenario, seen.events)
        assert seen.scenario.injects == ()
        assert seen.scenario.teaching is None


@every_run
def test_a_view_on_resume_is_the_view_of_the_unbroken_run(name, table):
    """Cut in the middle of a phase, the seats still to speak know no more than they would have."""
    scenario, _, events, views = played(name, table)
    unbroken = {everything(v) for v in views}
    for begun in prefixes(events)[1:-1:5]:
        again = []
        seats = {role: Recording(seat, again) for role, seat in players(scenario, table).items()}
        try:
            negotiate(scenario, seats, seed=3, earlier=begun, on_event=stop_at_once)
        except _Enough:
            assert [(v.role, v.round) for v in again if everything(v) not in unbroken] == []


class _Enough(Exception):
    pass


def stop_at_once(event):
    raise _Enough


@every_run
def test_speech_carries_no_private_number_and_no_sentence_of_a_briefing(name, table):
    _, canaries, events, _ = played(name, table)
    said = "\n".join(event_says(event) or "" for event in events)
    never = [c for c in canaries if isinstance(c.word, re.Pattern) or c.word.startswith("private")]
    assert [c.word for c in never if sings(c, said)] == []


# --- what an audience is shown ------------------------------------------------------------------


@every_run
def test_no_prefix_of_the_events_tells_an_audience_what_is_not_out(name, table):
    scenario, canaries, events, _ = played(name, table)
    for audience in (PUBLIC, *scenario.parties):
        told = set()  # what is out stays out, so what was searched need not be searched again
        for begun in prefixes(events):
            seen = visible(begun, audience)
            new = {dumped(line(event)) for event in seen}
            new.add(all_of_scenario(scenario, audience, tabled_evidence(scenario, seen)))
            assert leaks(canaries, scenario, seen, audience, "\n".join(new - told)) == []
            told |= new


@every_run
def test_answers_are_hidden_from_the_others_until_their_round_is_ruled(name, table):
    scenario, _, events, _ = played(name, table)
    for begun in prefixes(events):
        ruled = {event.round for event in begun if isinstance(event, Ruled)}
        for audience in (PUBLIC, *scenario.parties):
            shown = [event for event in visible(begun, audience) if isinstance(event, Answered)]
            assert all(e.round in ruled or e.role == audience for e in shown)
            own = [e for e in begun if isinstance(e, Answered) and e.role == audience]
            assert [(e.round, e.move) for e in shown if e.role == audience] == [
                (e.round, e.move) for e in own
            ]
        assert visible(begun, FACILITATOR) == begun


@every_run
def test_openings_are_hidden_from_colleagues_until_all_have_opened(name, table):
    scenario, _, events, _ = played(name, table)
    for begun in prefixes(events):
        if any(event.round > 0 for event in begun):
            continue
        for audience in scenario.colleagues:
            assert {e.role for e in visible(begun, audience) if isinstance(e, Opened)} <= {audience}


def test_what_a_hidden_answer_tables_is_hidden_too():
    """The evidence in an answer of this round is on nobody else's table before the ruling."""
    small = small_scenario()
    seats = {
        "pm": Scripted(packages=[{"reach": "few", "review": "some"}]),
        "engineer": Scripted(positions=[Position(vote="yes", tables=("survey",))]),
        "legal": Scripted(positions=["yes"]),
    }
    events = negotiate(small, seats)
    cut = next(i for i, e in enumerate(events) if isinstance(e, Answered)) + 1
    begun = (*events[:cut], Stopped(round=1, reason="interrupted"))
    seen = view(small, begun, "legal", seed=0, number=1)
    assert "survey" not in seen.tabled
    assert "survey" not in seen.scenario.facts
    assert view(small, begun, "engineer", seed=0, number=1).tabled == {"survey"}
    assert view(small, events, "legal", seed=0, number=2).tabled == {"survey"}


def test_the_numbers_of_another_seat_stand_in_no_array_of_a_view():
    """The outcome space is handed to all: it may hold effects of options, never a sum of points."""
    scenario, _, _, views = played("refund-copilot", "embedded")
    for seen in views:
        arrays = [a for a in vars(seen.space).values() if isinstance(a, np.ndarray)]
        arrays += list(seen.space._values.values())
        for party in scenario.parties.values():
            total = seen.space.total(party.points)
            assert not any(a.shape == total.shape and np.array_equal(a, total) for a in arrays)


# --- the command line ---------------------------------------------------------------------------


def shown(monkeypatch, capsys, *words):
    monkeypatch.setattr(sys, "argv", ["aipm", "show", *words])
    monkeypatch.setenv("COLUMNS", "400")  # no canary is broken over two lines
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "table"), [*((name, "embedded") for name in SCENARIOS), (SCENARIOS[0], "faulty")]
)
def test_show_tells_each_audience_its_own_and_the_facilitator_all(name, table, tmp_path, monkeypatch, capsys):
    scenario, canaries, events, _ = played(name, table)
    first_answer = next((i for i, e in enumerate(events) if isinstance(e, Answered)), len(events))
    for cut in (3, first_answer + 1, len(events)):
        path = tmp_path / f"{cut}.jsonl"
        with Recorder(path, new_header(scenario, 3)) as recorder:
            for event in events[:cut]:
                recorder.append(event)
        for audience in (PUBLIC, *scenario.parties):
            seen = visible(events[:cut], audience)
            for words in ([], ["--json"]):
                text = shown(monkeypatch, capsys, str(path), "--as", audience, *words)
                assert leaks(canaries, scenario, seen, audience, text) == [], (cut, audience, words)
        data = json.loads(shown(monkeypatch, capsys, str(path), "--as", FACILITATOR, "--json"))
        brief = json.dumps(data["brief"])
        assert [c.word for c in canaries if not sings(c, brief)] == []
        assert len(data["events"]) == cut


def test_a_seats_own_card_is_on_its_own_screen_only(tmp_path, monkeypatch, capsys):
    scenario, canaries, events, _ = played("refund-copilot", "embedded")
    path = tmp_path / "run.jsonl"
    with Recorder(path, new_header(scenario, 3)) as recorder:
        for event in events:
            recorder.append(event)
    for role in scenario.parties:
        text = shown(monkeypatch, capsys, str(path), "--as", role)
        private = {next(iter(c.knowers)) for c in canaries if sings_private(c, text)}
        assert private == {role}


def sings_private(canary, text):
    return isinstance(canary.word, str) and canary.word.startswith("private") and canary.word in text
