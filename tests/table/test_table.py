"""The rules of the table: criteria, checkpoints, the team, the end. Tables first, then what must always hold."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from random import Random

import pytest
import slow
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from making import ROLES, Erratic, scenario, scenarios

from aipm_agents.negotiation import negotiate
from aipm_agents.seats.scripted import Scripted
from aipm_agents.table import checkpoints as gates
from aipm_agents.table.events import (
    Answered,
    Decided,
    Injected,
    Opened,
    Proposed,
    Ruled,
    Signed,
    tabled_evidence,
)
from aipm_agents.table.moves import Opening, Position, Signing
from aipm_agents.table.packages import outcome_space
from aipm_agents.table.rules import holds, matches, worth
from aipm_agents.table.stopped import failing

GOOD = {"reach": "few", "review": "some"}
BARE = {"reach": "few", "review": "none"}
WIDE = {"reach": "all", "review": "some"}


@pytest.mark.parametrize(
    ("criterion", "package", "tabled", "status", "ground"),
    [
        ("wanted", GOOD, {"survey"}, "met", "supported"),
        ("wanted", GOOD, set(), "not_shown", "no_evidence"),
        ("light", GOOD, set(), "met", "unchallenged"),
        ("light", WIDE, set(), "failed", "rule"),
        ("safe", BARE, set(), "met", "unchallenged"),
        ("safe", BARE, {"test"}, "failed", "undermined"),
        ("safe", GOOD, {"test"}, "met", "unchallenged"),
    ],
)
def test_a_criterion_is_met_not_shown_or_failed(criterion, package, tabled, status, ground):
    small = scenario()
    finding = gates.find(small, small.criteria[criterion][1], package, tabled, ())
    assert (finding.status, finding.ground) == (status, ground)


@pytest.mark.parametrize(
    ("package", "tabled", "verdicts", "people"),
    [
        (GOOD, {"survey"}, ("pass", "pass", "pass_with_follow_up", "pass"), "pass"),
        (GOOD, set(), ("not_shown", "pass", "pass_with_follow_up", "pass"), "pass"),
        (WIDE, set(), ("not_shown", "blocked", "pass", "pass"), "pass"),
        (BARE, {"survey", "test"}, ("pass", "pass", "pass_with_follow_up", "blocked"), "blocked"),
    ],
)
def test_not_shown_is_never_called_blocked_nor_blocked_not_shown(package, tabled, verdicts, people):
    ruling = gates.ruling(scenario(), 1, package, yes=set(ROLES), tabled=tabled, fresh=set(), contests=())
    assert tuple(ruling.verdicts[name] for name in ("desire", "feasible", "viable", "alignment")) == verdicts
    assert ruling.people == people
    assert ruling.asked == (() if "survey" in tabled else ("wanted",))


@pytest.mark.parametrize("yes", [set(ROLES), {"pm"}])
def test_alignment_is_the_worse_of_people_and_team(yes):
    required = {"id": "safe", "asks": "Is it safe?", "owner": "legal", "evidence": "required"}
    made = scenario(checkpoints={"alignment": [required]}, evidence=[])
    ruling = gates.ruling(made, 1, GOOD, yes=yes, tabled=set(), fresh=set(), contests=())
    assert ruling.people == "not_shown"
    assert ruling.team.verdict == ("pass" if yes == set(ROLES) else "blocked")
    assert ruling.verdicts["alignment"] == ("not_shown" if yes == set(ROLES) else "blocked")


def test_undermined_beats_supported_and_beats_the_rule():
    facts = [
        {"id": "for", "says": "For.", "supports": ["c"]},
        {"id": "against", "says": "Against.", "undermines": ["c"], "unless": {"review": "some"}},
    ]
    rule = {"metric": "load", "at_most": 1}
    made = scenario(
        evidence=facts,
        checkpoints={
            "desire": [{"id": "c", "asks": "C?", "owner": "pm", "evidence": "required", "rule": rule}]
        },
    )
    criterion = made.criteria["c"][1]
    assert gates.find(made, criterion, BARE, {"for", "against"}, ()).ground == "undermined"
    assert gates.find(made, criterion, GOOD, {"for", "against"}, ()).status == "met"
    assert gates.find(made, criterion, WIDE, {"for", "against"}, ()).ground == "rule"


def test_what_opens_a_failed_criterion_is_said():
    small = scenario()
    assert gates.find(small, small.criteria["light"][1], WIDE, set(), ()).opens == ({"reach": "few"},)
    assert gates.find(small, small.criteria["safe"][1], BARE, {"test"}, ()).opens == ({"review": "some"},)


@pytest.mark.parametrize(
    ("bound", "side", "passes"),
    [
        ("3", "at_most", True),
        ("2.999999", "at_most", False),
        ("3", "at_least", True),
        ("3.000001", "at_least", False),
    ],
)
def test_both_sides_of_every_bound(bound, side, passes):
    rule = {"metric": "load", side: Decimal(bound)}
    made = scenario(
        checkpoints={"feasible": [{"id": "c", "asks": "C?", "owner": "pm", "rule": rule}]}, evidence=[]
    )
    criterion = made.criteria["c"][1]
    assert (gates.find(made, criterion, WIDE, set(), ()).status == "met") is passes
    space = outcome_space(made)
    assert (not failing(space, made, criterion, set())[space.code(WIDE)]) is passes


@pytest.mark.parametrize(
    ("yes", "verdict", "missing"),
    [
        ({"pm", "legal"}, "pass", ()),
        ({"pm", "engineer"}, "blocked", ("legal",)),
        ({"legal"}, "blocked", ()),
        (set(ROLES), "pass", ()),
    ],
)
def test_the_team_needs_its_quorum_and_every_veto_holder(yes, verdict, missing):
    team = gates.team(scenario(), GOOD, yes)
    assert (team.verdict, team.veto_missing) == (verdict, missing)


def test_a_red_line_stops_a_unanimous_table_and_becomes_public():
    parties = scenario().plain()["parties"]
    parties["engineer"]["red_lines"] = [{"when": {"reach": ["few"]}, "because": "we promised"}]
    events = play(scenario(parties=parties), pm=Scripted(packages=[GOOD]))
    ruling = next(event for event in events if isinstance(event, Ruled))
    assert ruling.team.crossed[0].because == "we promised"
    assert decision(events).package is None


def test_a_table_where_everyone_says_yes_is_still_stopped():
    events = play(scenario(), pm=Scripted(packages=[WIDE]))
    assert [e.move.vote for e in events if isinstance(e, Answered)] == ["yes"] * 10
    assert decision(events).outcome == "no_agreement"
    assert decision(events).stopped_by == ("light",)


def test_undermining_evidence_delays_the_deal_by_a_round_though_the_package_answers_it():
    legal = Scripted(positions=[Position(vote="yes", tables=("test",)), "yes"])
    events = play(scenario(), legal=legal)
    first, second = (event for event in events if isinstance(event, Ruled))
    assert set(first.verdicts.values()) <= {"pass", "pass_with_follow_up"}
    assert first.too_new == ("test",)
    assert not gates.lets_through(first)
    assert decision(events).round == second.round == 2


@pytest.mark.parametrize("silent", ["engineer", "legal"])
def test_no_answer_never_counts_as_yes(silent):
    events = play(scenario(agreement={"accept_at_least": 3}), **{silent: Scripted(opening=opening(silent))})
    answers = [e for e in events if isinstance(e, Answered) and e.role == silent]
    assert {(e.move.vote, e.fault) for e in answers} == {("no_answer", "no_reply")}
    assert decision(events).outcome == "no_agreement"
    assert decision(events).stopped_by == (silent,)


def test_a_pm_fault_tables_the_last_package_again_without_the_pms_yes():
    class Once(Scripted):
        def propose(self, view):
            if view.round > 1:
                raise RuntimeError("gone")
            return super().propose(view)

    events = play(
        scenario(agreement={"accept_at_least": 3}),
        pm=Once(packages=[GOOD]),
        legal=Scripted(positions=["no", "yes"]),
    )
    proposals = [event for event in events if isinstance(event, Proposed)]
    assert [event.package for event in proposals] == [GOOD] * 5
    assert [event.fault for event in proposals] == [None, *["failure"] * 4]
    assert all("pm" not in event.team.yes for event in events if isinstance(event, Ruled) and event.round > 1)
    assert decision(events).outcome == "no_agreement"


def test_a_pm_that_never_proposes_ends_in_no_agreement():
    events = play(scenario(), pm=Scripted())
    assert [event.package for event in events if isinstance(event, Proposed)] == [None] * 5
    assert (decision(events).outcome, decision(events).stopped_by) == ("no_agreement", ("pm",))


def test_a_hold_stops_a_deal_and_cannot_be_repeated_for_the_same_criterion():
    hold = Signing(signs=False, criterion="safe", reason="I want to sleep on it.")
    events = play(scenario(), pm=Scripted(packages=[GOOD], signings={1: hold, 2: hold}))
    signings = [event for event in events if isinstance(event, Signed)]
    assert [(event.move.signs, event.fault) for event in signings] == [
        (False, None), (False, "malformed"), (True, None),
    ]  # fmt: skip
    assert decision(events).outcome == "go_with_follow_ups"
    assert decision(events).round == 3


def test_a_concern_is_a_yes_with_dissent_and_a_follow_up():
    events = play(scenario(), legal=Scripted(positions=[Position(vote="yes", concern="safe")]))
    made = decision(events)
    assert made.outcome == "go_with_follow_ups"
    assert made.dissent == ("legal",)
    assert {(each.criterion, each.owner) for each in made.follow_ups} == {("pays", "pm"), ("safe", "legal")}


def test_a_no_outside_the_veto_with_quorum_reached_is_dissent():
    events = play(scenario(), engineer=Scripted(positions=["no"], opening=Opening(tables=("survey",))))
    assert decision(events).package == GOOD
    assert decision(events).dissent == ("engineer",)


def test_no_go_when_the_owner_was_asked_and_the_next_round_tabled_nothing():
    events = play(scenario(), engineer=Scripted(positions=["yes"]))
    assert [event.asked for event in events if isinstance(event, Ruled)] == [("wanted",), ("wanted",)]
    made = decision(events)
    assert (made.outcome, made.round, made.stopped_by) == ("no_go", 2, ("wanted",))


@pytest.mark.parametrize(("second", "ends"), [("load", ("go_with_follow_ups", 3)), (None, ("no_go", 3))])
def test_no_go_waits_for_an_owner_that_was_asked_for_two_things_and_has_told_one(second, ends):
    facts = [
        {"id": "survey", "says": "They want it.", "held_by": ["engineer"], "supports": ["wanted"]},
        {"id": "load", "says": "It carries it.", "held_by": ["engineer"], "supports": ["light"]},
    ]
    light = {"id": "light", "asks": "Is it light?", "owner": "engineer", "evidence": "required"}
    gates = scenario().plain()["checkpoints"] | {"feasible": [light]}
    tells = [Position(vote="yes", tables=(fact,) if fact else ()) for fact in (None, "survey", second)]
    events = play(scenario(evidence=facts, checkpoints=gates), engineer=Scripted(positions=tells))
    assert next(event.asked for event in events if isinstance(event, Ruled)) == ("wanted", "light")
    assert (decision(events).outcome, decision(events).round) == ends


def test_no_go_waits_for_a_question_that_is_still_owed():
    about = Position.model_validate({"vote": "yes", "question": {"to": "legal", "about": "wanted"}})
    events = play(scenario(), engineer=Scripted(positions=[about, about, "yes"]))
    assert (decision(events).outcome, decision(events).round) == ("no_go", 3)


def test_no_go_waits_for_an_inject_that_is_still_to_come():
    late = {"before_round": 4, "headline": "A survey after all", "from": "Sales",
            "evidence": [{"id": "late", "says": "They want it.", "supports": ["wanted"]}]}  # fmt: skip
    events = play(scenario(injects=[late]), engineer=Scripted(positions=["yes"]))
    assert (decision(events).outcome, decision(events).round) == ("go_with_follow_ups", 4)


@pytest.mark.parametrize(
    "bad",
    [
        {"vote": "yes", "tables": ["survey"]},  # another seat's fact
        {"vote": "yes", "concern": "nothing"},
        {"vote": "no", "concern": "safe"},
        {"vote": "yes_if"},  # asks for nothing
        {"vote": "yes_if", "asks": [{"issue": "reach", "options": ["few"]}]},  # asks for what it has
        {"vote": "no", "red_line": 0},  # has none
        {"vote": "yes", "question": {"to": "legal", "about": "safe"}},  # asks itself
        {"vote": "yes", "question": {"to": "pm", "about": "survey2"}},
        {"vote": "yes", "answer": {"to": "pm", "about": "safe"}},  # nobody asked
        {"vote": "yes", "moved_by": ["nobody@7"]},
        {"vote": "yes", "trade": {"give": {"reach": "all"}, "for": {"reach": "few"}}},
    ],
)
def test_an_unlawful_position_is_an_abstention(bad):
    events = play(scenario(), legal=Scripted(positions=[Position.model_validate(bad), "yes"]))
    first = next(event for event in events if isinstance(event, Answered) and event.role == "legal")
    assert (first.move.vote, first.fault) == ("no_answer", "malformed")


def test_a_kept_trade_may_not_be_refused_without_saying_what_changed():
    offer = Position.model_validate({
        "vote": "yes_if", "asks": [{"issue": "reach", "options": ["all"]}],
        "trade": {"give": {"review": "some"}, "for": {"reach": "few"}},
    })  # fmt: skip
    refusals = [
        (Position(vote="no"), "malformed"),
        (Position(vote="no", moved_by=("survey",)), None),
    ]
    for refusal, fault in refusals:
        events = play(scenario(), legal=Scripted(positions=[offer, refusal]))
        second = [event for event in events if isinstance(event, Answered) and event.role == "legal"][1]
        assert second.fault == fault


FAST = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@FAST
@given(scenarios(), st.integers(0, 10**6), st.booleans())
def test_whatever_the_seats_do_no_deal_is_made_that_the_gates_have_not_let_through(made, seed, agreeable):
    rng = Random(seed)
    events = negotiate(made, {role: Erratic(rng, agreeable) for role in made.parties}, seed=seed)
    end = events[-1]
    assert isinstance(end, Decided)
    assert end.round <= made.rounds
    assert sum(isinstance(event, Decided) for event in events) == 1
    number, tabled = end.round, tabled_evidence(made, events)
    if end.outcome in ("go", "go_with_follow_ups"):
        assert end.package is not None
        for _, criterion in made.criteria.values():
            if criterion.blocking:
                assert slow.status(made, criterion, end.package, tabled) == "met"
        yes = {
            e.role for e in events if isinstance(e, Answered) and e.round == number and e.move.vote == "yes"
        }
        proposal = next(e for e in events if isinstance(e, Proposed) and e.round == number)
        yes |= {"pm"} if proposal.fault is None else set()
        assert len(yes) >= made.agreement.accept_at_least
        assert set(made.agreement.veto) <= yes
        for party in made.parties.values():
            assert not any(matches(end.package, line.when) for line in party.red_lines)
        fresh = {n for e in events if isinstance(e, Answered) and e.round == number for n in e.move.tables}
        assert not any(made.facts[name].undermines for name in fresh)
        assert any(isinstance(e, Signed) and e.round == number and e.move.signs for e in events)
    if end.outcome == "no_go":
        assert proven_no_go(made, events)
    if end.cause == "fault":
        assert all(
            any(e.role == role and getattr(e, "fault", None) for e in events) for role in end.stopped_by
        )
    elif end.outcome == "no_agreement":
        assert end.round == made.rounds
        assert any(could_pass(made, package, tabled) for package in slow.packages(made))


@FAST
@given(scenarios(), st.randoms(use_true_random=False))
def test_the_outcome_space_agrees_with_one_package_at_a_time(made, rng):
    space, packages = outcome_space(made), all_packages(made)
    assert [space.code(package) for package in packages] == list(range(space.size))
    assert [space.package(code) for code in range(space.size)] == packages
    tabled = frozenset(name for name in made.facts if rng.random() < 0.6)
    for party in made.parties.values():
        assert space.worth(party).tolist() == [space.scaled(worth(party, p)) for p in packages]
    for _, criterion in made.criteria.values():
        mask = space.holding(criterion.rule)
        assert mask.tolist() == [all(holds(made, rule, p) for rule in criterion.rule) for p in packages]
        failed = failing(space, made, criterion, tabled)
        found = [gates.find(made, criterion, package, tabled, ()).status for package in packages]
        assert failed.tolist() == [status == "failed" for status in found]
        assert found == [slow.status(made, criterion, package, tabled) for package in packages]


def play(made, **seats):
    table = {
        "pm": Scripted(packages=[GOOD]),
        "engineer": Scripted(positions=["yes"], opening=opening("engineer")),
        "legal": Scripted(positions=["yes"]),
    }
    return negotiate(made, {**table, **seats})


def opening(role):
    return Opening(tables=("survey",)) if role == "engineer" else Opening()


def decision(events):
    return next(event for event in events if isinstance(event, Decided))


# An independent, slow reading of design section 5, one package at a time. -------------------------


def all_packages(made):
    ids = [[(issue.id, option.id) for option in issue.options] for issue in made.issues]
    return [dict(choice) for choice in product(*ids)]


def could_pass(made, package, tabled):
    return all(
        slow.status(made, criterion, package, tabled) == "met"
        for _, criterion in made.criteria.values()
        if criterion.blocking
    )


def proven_no_go(made, events):
    """No inject pending, and every package fails a criterion or needs one asked for in vain; or the last
    round is over and no package could have passed with what is on the table."""
    end, tabled = events[-1], tabled_evidence(made, events)
    if end.round == made.rounds:
        return not any(could_pass(made, package, tabled) for package in slow.packages(made))
    arrived = sum(isinstance(event, Injected) for event in events)
    asked_before = {n for e in events if isinstance(e, Ruled) and e.round < end.round for n in e.asked}
    assert not any(isinstance(e, Opened) and e.round for e in events)
    return arrived == len(made.injects) and all(
        any(
            slow.status(made, c, package, tabled) == "failed"
            or (name in asked_before and slow.status(made, c, package, tabled) == "not_shown")
            for name, (_, c) in made.criteria.items()
            if c.blocking
        )
        for package in slow.packages(made)
    )
