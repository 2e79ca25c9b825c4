"""Small rules that a change of one sign would break unseen: each has the test that notices."""

from __future__ import annotations

from random import Random
from threading import Event as Flag
from types import SimpleNamespace

import pytest
from making import scenario
from records import bundle, kept

from aipm_agents.analysis.debrief.checkpoint_work import stops
from aipm_agents.analysis.run.audit import _paraphrased
from aipm_agents.analysis.run.conduct import conduct
from aipm_agents.analysis.sample.branches import split
from aipm_agents.analysis.sample.case import case
from aipm_agents.analysis.sample.pairs import effects
from aipm_agents.analysis.sample.statistics import holm
from aipm_agents.negotiation import negotiate
from aipm_agents.seats.embedded import Embedded
from aipm_agents.seats.model import Model
from aipm_agents.seats.model.asking import Asking
from aipm_agents.seats.model.budget import Budget, Reserved
from aipm_agents.seats.model.digest import digest
from aipm_agents.seats.model.envelope import Complaint
from aipm_agents.seats.model.estimate import likely
from aipm_agents.seats.model.rounds import ROUNDS
from aipm_agents.seats.scripted import Scripted
from aipm_agents.table import checkpoints as gates
from aipm_agents.table.events import Answered, Decided, Ruled
from aipm_agents.table.moves import Opening, Position, Proposal, Signing
from aipm_agents.table.record import Record
from aipm_agents.table.view import view

GOOD, BARE = {"reach": "few", "review": "some"}, {"reach": "few", "review": "none"}


def play(made, **seats):
    table = {
        "pm": Scripted(packages=[GOOD]),
        "engineer": Scripted(positions=["yes"], opening=Opening(tables=("survey",))),
        "legal": Scripted(positions=["yes"]),
    }
    return negotiate(made, {**table, **seats})


def decided(events):
    return next(event for event in events if isinstance(event, Decided))


# --- the table --------------------------------------------------------------------------------


def test_a_hold_of_an_earlier_round_is_not_what_stopped_the_last_one():
    hold = Signing(signs=False, criterion="safe", reason="I want to sleep on it.")
    events = play(
        scenario(rounds=3),
        pm=Scripted(packages=[GOOD], signings={1: hold}), legal=Scripted(positions=["yes", "no"]),
    )  # fmt: skip
    assert (decided(events).cause, decided(events).stopped_by) == ("party", ("legal",))


@pytest.mark.parametrize(("number", "fault"), [(0, None), (-1, "malformed"), (1, "malformed")])
def test_a_red_line_is_one_of_those_a_seat_has(number, fault):
    plain = scenario().parties["pm"].model_dump(mode="json", exclude_defaults=True)
    lined = {**plain, "red_lines": [{"when": {"reach": "few"}, "because": "never a few"}]}
    made = scenario(parties={"pm": plain, "engineer": plain, "legal": lined})
    events = play(made, legal=Scripted(positions=[Position(vote="no", red_line=number)]))
    answer = next(event for event in events if isinstance(event, Answered) and event.role == "legal")
    assert answer.fault == fault


def test_three_ways_out_are_named_where_there_are_more():
    loads = {"all": 9, "a": 1, "b": 1, "c": 1, "d": 1}
    options = [{"id": name, "label": name, "effects": {"load": load}} for name, load in loads.items()]
    party = {"wants": "Something.", "walk_away": 0, "points": {"reach": dict.fromkeys(loads, 100)}}
    light = {"id": "light", "asks": "Light?", "owner": "pm", "rule": {"metric": "load", "at_most": 2}}
    made = scenario(
        issues=[{"id": "reach", "question": "Who?", "options": options}], evidence=[],
        parties=dict.fromkeys(("pm", "engineer", "legal"), party), checkpoints={"feasible": [light]},
    )  # fmt: skip
    found = gates.find(made, made.criteria["light"][1], {"reach": "all"}, set(), ())
    assert found.opens == ({"reach": "a"}, {"reach": "b"}, {"reach": "c"})


# --- of a run ---------------------------------------------------------------------------------


def test_who_was_asked_about_what_would_answer_a_fact_was_asked_about_it():
    question = {"to": "legal", "about": "review", "text": "What of the reading?"}
    pm = Scripted(packages=[Proposal(package=GOOD, question=question), GOOD])
    work = conduct(Record(scenario(), play(scenario(), pm=pm, legal=Scripted(positions=["no", "yes"]))))
    assert work.withheld == {"test": "asked"}, "it says: unless somebody reads"


def test_what_a_fact_alone_would_have_opened_was_opened_by_the_fact():
    """The sample stands challenged; a census answers it, and so would a package in which somebody reads."""
    limit = {"ground": "sample", "says": "friends", "answered_by": ["census"], "unless": {"review": "some"}}
    survey = {"id": "survey", "says": "They want it.", "held_by": ["engineer"], "supports": ["wanted"], "limits": [limit]}  # fmt: skip
    census = {"id": "census", "says": "All were asked.", "held_by": ["engineer"]}
    made = scenario(evidence=[survey, census])
    doubt = Position(vote="yes", challenge={"evidence": "survey", "ground": "sample"})
    events = play(
        made, pm=Scripted(packages=[BARE, GOOD]), legal=Scripted(positions=[doubt, "no", "yes"]),
        engineer=Scripted(positions=["yes", Position(vote="yes", tables=("census",)), "yes"], opening=Opening(tables=("survey",))),
    )  # fmt: skip
    desire = stops(Record(made, events)).gates[0]
    assert (desire.shut, desire.opened, desire.key) == ((1,), 2, "fact")


@pytest.mark.parametrize(("recited", "told"), [(10, True), (6, True), (5, False)])
def test_most_of_the_rare_words_of_a_sentence_are_the_sentence(recited, told):
    words = [
        "hospital",
        "lantern",
        "weather",
        "orchard",
        "kitchen",
        "violins",
        "granite",
        "tobacco",
        "emerald",
        "juniper",
    ]
    assert (_paraphrased(" ".join(words) + ".", " ".join(words[:recited]), list) is not None) == told


# --- of many ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    made = bundle("refund-copilot")
    return case("x", kept(tmp_path_factory.mktemp("run") / "x.jsonl", made))


def test_effects_are_corrected_for_how_many_were_looked_at(run):
    """Holm's correction over all effects of the sample, as the report says."""
    dice, cases = Random(3), []
    for seed in range(30):
        for one in ("a", "b"):
            for other in ("c", "d"):
                shut = 1 + (one == "b" and dice.random() < 0.5) + (dice.random() < 0.3)
                trail = (("blocked",) * 5,) * shut + (("pass",) * 5,)
                cases.append(run._replace(
                    factors=(("one", one), ("other", other)), seed=seed, draw=(run.digest, str(seed)), trail=trail,
                ))  # fmt: skip
    found = effects(cases, {"one": ("a", "b"), "other": ("c", "d")})
    raw = [each.moved.p for each in found]
    assert [each.p for each in found] == pytest.approx(holm(raw))
    assert any(each.p > each.moved.p for each in found if each.moved.p < 0.5)


@pytest.mark.parametrize(("over", "expected"), [(2, 2), (3, None)])
def test_runs_part_where_at_least_half_of_them_still_play(over, expected):
    same, one, other = ("pass",) * 5, ("blocked",) * 5, ("pass",) * 5
    cases = [SimpleNamespace(trail=(same,), decision="go") for _ in range(over)]
    cases += [SimpleNamespace(trail=(same, last), decision="go") for last in (one, other)]
    found = split(cases)
    assert (found.round if found else None) == expected


# --- models -----------------------------------------------------------------------------------


def test_half_of_an_odd_number_of_rounds_is_rounded_up():
    made = bundle("refund-copilot").model_copy(update={"rounds": 5})
    players = {role: Embedded() for role in made.parties} | {"legal": Model("openai:m", None)}
    assert likely(made, players).calls == 1 + 3
    assert likely(made, {**players, "pm": Model("openai:m", None)}).calls == 1 + 3 + 1 + 3 + 1


def test_a_model_is_told_of_the_rounds_just_before_the_last():
    made = scenario(rounds=8)
    pm = Scripted(packages=[GOOD, BARE] * 4)  # rounds that are alike would share a line
    events = play(made, pm=pm, legal=Scripted(positions=["no"]))
    before = events[: next(k for k, e in enumerate(events) if isinstance(e, Ruled) and e.round == 8)]
    told = digest(view(made, before, "legal", seed=0, number=8), "answer")["history"]
    assert [each["rounds"] for each in told] == ["3", "4", "5", "6"][-ROUNDS:]


@pytest.mark.parametrize(
    ("came", "tokens"),
    [(Complaint(429, "later"), 0), (Complaint(502, "gone", billed=True), 900), (None, 900)],
)
def test_a_try_that_was_refused_costs_a_call_and_no_tokens(came, tokens):
    budget = Budget()
    request = SimpleNamespace(name="answer")
    asking = Asking(SimpleNamespace(budget=budget, hung_up=Flag()), request, 60)
    asking._count(SimpleNamespace(sent=True), came, budget.reserve(900))
    assert budget.spent == Reserved(1, tokens)
    asking._count(SimpleNamespace(sent=False), came, budget.reserve(900))
    assert budget.spent == Reserved(1, tokens), "what was never sent cost nothing"
