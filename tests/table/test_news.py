"""What is to be had only beside other choices, what shows something only beside them, and news that changes figures:
the figures of a round are those that hold in it, for the ruling, for every seat and for whoever reads the record."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from random import Random

import numpy as np
import pytest
import slow
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from making import Curious, changing, scenario, scenarios

from aipm_agents.analysis.run.outcome import outcome
from aipm_agents.analysis.space.advice import advice
from aipm_agents.analysis.space.flip import flips
from aipm_agents.analysis.space.prospects import prospects
from aipm_agents.errors import SeatError
from aipm_agents.kit.handouts import handouts
from aipm_agents.negotiation import negotiate
from aipm_agents.report.live.meeting import screens
from aipm_agents.report.papers.markdown import markdown
from aipm_agents.report.run.story import story
from aipm_agents.report.run.work_paper import work_paper
from aipm_agents.scenario.amendment import amend
from aipm_agents.scenario.changes import changed
from aipm_agents.scenario.checks import check
from aipm_agents.scenario.reader import examine, revised
from aipm_agents.seats.embedded import Embedded
from aipm_agents.seats.model.prompts import briefing
from aipm_agents.table.events import Injected, Proposed, Ruled
from aipm_agents.table.moves import Position, Proposal, Signing
from aipm_agents.table.news import after, as_it_was, changes, scenario_at
from aipm_agents.table.packages import outcome_space
from aipm_agents.table.record import Record
from aipm_agents.table.rules import exists
from aipm_agents.table.view import seen_by, view, visible
from aipm_agents.transcript import Transcript, new_header

ALL_UNREAD, FEW_READ = {"reach": "all", "review": "none"}, {"reach": "few", "review": "some"}
DEARER = {
    "issues.reach.options.few.effects.load": 3,
    "checkpoints.feasible.light.rule.at_most": Decimal("1.5"),
    "parties.legal.points.reach.all": 5,
}


def made(**given):
    """The small one, with what its plain data should be otherwise."""
    plain = scenario().plain() | given
    found, problems = revised(plain)
    assert found is not None, problems
    return found


def bound():
    """Whoever reads before is to be had only where few get it."""
    plain = scenario().plain()
    plain["issues"][1]["options"][1]["available"] = {"when": {"reach": "few"}}
    return made(issues=plain["issues"])


def with_news(**inject):
    return made(
        injects=[
            {"before_round": 2, "headline": "It costs more", "from": "Sales", "changes": DEARER} | inject
        ]
    )


class Fixed(Embedded):
    """The PM tables one package and signs nothing; colleagues say yes to all."""

    def __init__(self, package, fails_in=()):
        super().__init__()
        self.package, self.fails_in = package, fails_in

    def propose(self, view):
        if view.round in self.fails_in:
            raise SeatError("timeout", "too late")
        return Proposal(package=self.package)

    def answer(self, view):
        return Position(vote="yes", tables=view.untabled)

    def sign(self, view):
        return Signing(signs=True)


def played(case, package, **pm):
    seats = {role: Fixed(package, **pm) for role in case.parties}
    return tuple(negotiate(case, seats, seed=1))


RETOLD = sorted((Path(__file__).parents[1] / "data" / "retold").glob("*.yaml"))
"""Two decisions retold from public records, written by somebody who had the docs and nothing else."""


@pytest.mark.parametrize("path", RETOLD, ids=[path.stem for path in RETOLD])
def test_a_retold_decision_needs_no_mending_and_its_paper_has_the_figures_of_the_end(path):
    reading = examine(path)
    assert reading.problems == ()
    case = reading.scenario
    assert advice(case, prospects(case)) == []
    events = tuple(negotiate(case, {role: Embedded() for role in case.parties}, seed=2))
    run = Transcript(new_header(case, 2), events)
    text = markdown(work_paper(run))
    bounds = [c for e in events if isinstance(e, Injected) for c in e.changes if c.key.endswith("at_most")]
    assert len(bounds) == 1
    assert f"at most {bounds[0].now:f}" in text
    assert f"at most {bounds[0].was:f} " not in text.split("## What it rests on")[0]
    for event in events:
        if isinstance(event, Injected):
            assert event.headline in text, "what the figures come from"


# --- packages that there are ------------------------------------------------------------------


@given(scenarios())
@settings(deadline=None, max_examples=15)
def test_the_packages_that_exist_are_those_that_going_through_them_finds(case):
    space = outcome_space(case)
    there = [space.package(int(code)) for code in np.flatnonzero(space.existing)]
    assert there == slow.packages(case)
    assert all(exists(case, package) for package in there)
    assert prospects(case).packages == len(there) == flips(case).packages
    for issue, options in space.there.items():
        assert options == tuple(o for o in space.options[issue] if any(p[issue] == o for p in there))


def test_a_package_that_does_not_exist_is_refused_and_no_seat_asks_for_it():
    case = bound()
    events = played(case, {"reach": "all", "review": "some"})
    assert {e.fault for e in events if isinstance(e, Proposed)} == {"malformed"}
    first = next(e for e in events if isinstance(e, Proposed))
    assert first.package is None
    assert "only where reach is few" in first.volatile["fault"]
    for seed in range(3):
        for event in negotiate(case, {role: Embedded() for role in case.parties}, seed=seed):
            if isinstance(event, Proposed):
                assert event.package is not None
                assert exists(case, event.package)
            if isinstance(event, Ruled):
                assert all(
                    exists(case, {**first_package(events), **way}) for f in event.findings for way in f.opens
                )


def first_package(events):
    return next((e.package for e in events if isinstance(e, Proposed) and e.package), dict(FEW_READ))


def test_an_option_bound_to_one_that_is_taken_away_goes_with_it_and_one_must_go_with_everything():
    plain = bound().plain()
    amend(plain, "issues.reach.options.few", "off")
    found, _ = revised(plain)
    assert found is not None
    assert [option.id for option in found.issue["review"].options] == ["none"]
    plain = bound().plain()
    plain["issues"][1]["options"][0]["available"] = "never"
    _, problems = revised(plain)
    assert any("goes with everything" in each.message for each in problems)


def test_the_seats_and_the_sheets_say_beside_what_an_option_is_to_be_had():
    case = bound()
    told = briefing(view(case, (), "legal", seed=0, number=0))
    assert "(only with reach=few)" in told


# --- what a fact shows --------------------------------------------------------------------------


def test_a_fact_shows_something_only_beside_its_choices_and_the_ruling_says_what_would():
    plain = scenario().plain()
    plain["evidence"][0]["when"] = {"reach": "few"}
    case = made(evidence=plain["evidence"])
    ruling = next(e for e in played(case, ALL_UNREAD) if isinstance(e, Ruled))
    wanted = next(f for f in ruling.findings if f.criterion == "wanted")
    assert (wanted.status, wanted.ground, wanted.evidence) == ("not_shown", "no_evidence", ("survey",))
    assert wanted.opens == ({"reach": "few"},)
    ruling = next(e for e in played(case, FEW_READ) if isinstance(e, Ruled))
    assert next(f for f in ruling.findings if f.criterion == "wanted").ground == "supported"


# --- news that changes figures ------------------------------------------------------------------


def test_the_ruling_of_a_round_goes_by_the_figures_that_hold_in_it():
    case = with_news()
    events = played(case, {"reach": "few", "review": "none"})
    lights = [
        next(f.status for f in e.findings if f.criterion == "light") for e in events if isinstance(e, Ruled)
    ]
    assert lights[0] == "met"
    assert set(lights[1:]) == {"failed"}
    rounds = {each.number: each for each in story(scenario_at(case, events), events)}
    assert "load 1; at most 2" in told_of(rounds[1])
    assert "load 3; at most 1.5" in told_of(rounds[2])
    record = Record(case, events)
    assert record.in_round(0).plain() == case.plain()
    assert (
        outcome(record).baselines.at_random.points["legal"]
        < outcome(Record(case, events[:2])).baselines.at_random.points["legal"]
    )


def told_of(each):
    return " ".join(found.why for gate in each.gates for found in gate.findings)


def test_of_a_seats_own_figures_only_that_seat_is_told():
    case = with_news()
    events = played(case, ALL_UNREAD)
    for role, knows in (("legal", True), ("engineer", False), ("public", False)):
        news = next(e for e in visible(events, role) if isinstance(e, Injected))
        assert any(each.key.startswith("parties.") for each in news.changes) == knows
        assert len(news.changes) == 2 + knows
    assert view(case, events, "legal", seed=1, number=2).me.points["reach"]["all"] == 5
    assert view(case, events, "legal", seed=1, number=2).scenario.criteria["light"][1].rule[
        0
    ].at_most == Decimal("1.5")
    text = " ".join(markdown(each.blocks) for each in handouts(case).sheets)
    assert text.count("what all of them is worth to") == 1


def test_news_for_one_seat_is_heard_by_no_other():
    own = {"parties.legal.walk_away": 70}
    case = with_news(to=["legal"], changes=own)
    events = played(case, ALL_UNREAD)
    assert [role for role in case.parties if any(isinstance(e, Injected) for e in visible(events, role))] == [
        "legal"
    ]
    assert view(case, events, "legal", seed=1, number=2).me.walk_away == 70
    plain = case.plain()
    plain["injects"][0]["changes"] = DEARER
    _, problems = revised(plain)
    assert "heard by legal only" in " ".join(each.message for each in problems)


def test_a_package_that_news_makes_impossible_does_not_come_back_when_the_pm_fails():
    case = with_news(changes={"issues.review.options.some.available": "never"})
    events = played(case, {"reach": "all", "review": "some"}, fails_in=(2,))
    second = [e for e in events if isinstance(e, Proposed)][1]
    assert (second.fault, second.package) == ("timeout", None)


@pytest.mark.parametrize(("key", "to", "says"), [
    ("metrics.load.bass", 1, "news cannot change"), ("checkpoints.feasible.light.rule.at_least", 1, "no bound"),
    ("parties.legal.red_lines", 1, "news cannot change"), ("issues.reach.options.fewer.available", "never", "no 'fewer'"),
    ("metrics.load.base", "never", "no such figure"), ("issues.review.options.some.available", {"when": {"reach": "some"}}, "no option"),
    ("metrics.load.base", 0, "changes nothing"),
])  # fmt: skip
def test_what_news_cannot_change_is_named_with_why(key, to, says):
    plain = scenario().plain()
    plain["injects"] = [{"before_round": 2, "headline": "News", "from": "Sales", "changes": {key: to}}]
    case, problems = revised(plain)
    found = [each.message for each in (check(case) if case else problems)]
    assert any(says in each for each in found), found


@given(changing())
@settings(deadline=None, max_examples=10)
def test_changes_can_be_taken_back_and_are_what_the_file_with_other_figures_is(case):
    made_of = changes(case, 0)
    now = after(case, (0,))
    assert (
        as_it_was(now, [Injected(round=1, number=0, headline="n", sender="s", changes=made_of)]).plain()
        == case.plain()
    )
    assert changed(now, {each.key: each.now for each in made_of}).plain() == now.plain()


@given(changing(), st.integers(0, 10_000))
@settings(deadline=None, max_examples=5, suppress_health_check=[HealthCheck.too_slow])
def test_every_audience_is_shown_such_a_run(case, seed):
    seats = {role: Curious(Random(f"{seed}/{role}"), seed % 2 == 0) for role in case.parties}
    events = tuple(negotiate(case, seats, seed=seed))
    for audience in ("facilitator", "public", "legal"):
        seen = visible(events, audience)
        assert [*screens(seen_by(case, seen, audience), seen, "latest")]
        assert story(seen_by(case, seen, audience), seen)


def test_a_paper_for_work_tells_what_news_changed_for_all_and_nothing_of_a_seats_own():
    case = with_news()
    text = markdown(work_paper(Transcript(new_header(case, 1), played(case, FEW_READ))))
    assert "It costs more. From now on, what a few adds to load: 3 (it was 1)" in text
    assert "(news from Sales, round 2)" in text
    assert "worth to" not in text
    case = with_news(to=["legal"], changes={"parties.legal.walk_away": 70})
    text = markdown(work_paper(Transcript(new_header(case, 1), played(case, FEW_READ))))
    assert "It costs more" not in text
