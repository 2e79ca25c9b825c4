"""What is to be had only beside other choices, what shows something only beside them, and news that changes figures:
the figures of a round are those that hold in it, for the ruling, for every seat and for whoever reads the record."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import checker
import numpy as np
import pytest
import slow
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from making import changing, scenario, scenarios

from aipm_agents.analysis.run.outcome import outcome
from aipm_agents.analysis.space.advice import advice
from aipm_agents.analysis.space.flip import flips
from aipm_agents.analysis.space.prospects import prospects
from aipm_agents.errors import SeatError, UsageError
from aipm_agents.kit.handouts import handouts
from aipm_agents.negotiation import negotiate
from aipm_agents.report.papers.markdown import markdown
from aipm_agents.report.run.story import story
from aipm_agents.report.run.work_paper import work_paper
from aipm_agents.scenario.amendment import amend
from aipm_agents.scenario.changes import changed
from aipm_agents.scenario.checks import check
from aipm_agents.scenario.measures import Available
from aipm_agents.scenario.reader import examine, revised
from aipm_agents.seats.embedded import Embedded
from aipm_agents.seats.model.prompts import briefing
from aipm_agents.table.audience import visible
from aipm_agents.table.derived import arriving
from aipm_agents.table.events import Injected, Proposed, Ruled
from aipm_agents.table.moves import Position, Proposal, Signing
from aipm_agents.table.news import after, as_it_was, changes, may_come, scenario_at
from aipm_agents.table.on_paper import Entered, Meeting
from aipm_agents.table.options import at_the_table
from aipm_agents.table.order import Order
from aipm_agents.table.packages import outcome_space
from aipm_agents.table.record import Record
from aipm_agents.table.rules import exists
from aipm_agents.table.stamp import stamped
from aipm_agents.table.view import view
from aipm_agents.transcript import Transcript, line, new_header

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


def holding():
    """The small one; a bot may read, of which the engineer alone knows, and few are less of a load beside it."""
    plain = scenario().plain()
    plain["issues"][1]["options"].append({"id": "bot", "label": "a bot", "held_by": ["engineer"]})
    for party in plain["parties"].values():
        party["points"]["review"]["bot"] = 10
    plain["issues"][0]["options"][1]["effects"] = {
        "load": [{"add": 1}, {"add": -1, "when": {"review": "bot"}}]
    }
    return made(issues=plain["issues"], parties=plain["parties"])


@pytest.mark.parametrize(("key", "to", "says"), [
    ("metrics.load.bass", 1, "news cannot change"), ("checkpoints.feasible.light.rule.at_least", 1, "no bound"),
    ("parties.legal.red_lines", 1, "news cannot change"), ("issues.reach.options.fewer.available", "never", "no 'fewer'"),
    ("metrics.load.base", "never", "no such figure"), ("issues.review.options.some.available", {"when": {"reach": "some"}}, "no option"),
    ("metrics.load.base", 0, "changes nothing"),
    ("issues.reach.options.all.available", {"when": {"review": ["bot", "some"]}}, "somebody holds"),
    ("issues.reach.options.all.effects.load", [{"add": 3, "when": {"review": "bot"}}], "somebody holds"),
    ("issues.reach.options.few.effects.load", 2, "somebody holds"),
    ("issues.review.options.bot.available", "never", "somebody holds"),
])  # fmt: skip
def test_what_news_cannot_change_is_named_with_why(key, to, says):
    plain = holding().plain()
    plain["injects"] = [{"before_round": 2, "headline": "News", "from": "Sales", "changes": {key: to}}]
    case, problems = revised(plain)
    found = [each.message for each in (check(case) if case else problems)]
    assert any(says in each for each in found), found


ALL, FEW = (f"issues.reach.options.{option}.available" for option in ("all", "few"))


def told_in_turn(*news, **given):
    """The small one where a few is `never` at first, with these changes before rounds 2, 3 ... (or as it is said)."""
    plain = scenario().plain()
    plain["issues"][0]["options"][1]["available"] = "never"
    injects = [
        {"before_round": number, "headline": f"News {n}", "from": "Sales", "changes": changes}
        for n, (number, changes) in enumerate(news, start=1)
    ]
    return revised({**plain, "injects": injects, **given})


@pytest.mark.parametrize(("news", "says"), [
    ([(2, {ALL: "never"})], "leaves reach without an option"),
    ([(2, {FEW: "always", ALL: "never"})], ""),  # both at once: one goes as the other comes
    ([(2, {FEW: "always"}), (3, {ALL: "never", FEW: "never"})], "leaves reach without an option"),
    ([(2, {FEW: "always"}), (3, {ALL: "never"})], ""),
    ([(1, {FEW: "always", ALL: "never"})], "takes away the package that the meeting begins with"),
])  # fmt: skip
def test_every_piece_of_news_leaves_something_to_be_had(news, says):
    _, problems = told_in_turn(*news, opening_package=ALL_UNREAD)
    assert [each.message for each in problems] == ([] if not says else [problems[0].message])
    assert says in " ".join(each.message for each in problems)


def begun(case):
    """Up to the proposal of round 1, as it goes without anybody sending news early."""
    order = Order(case, 1)
    for event in negotiate(case, {role: Embedded() for role in case.parties}, seed=1):
        if isinstance(event, Proposed):
            return order
        assert order.take(event) is None
    raise AssertionError


def test_news_that_would_leave_an_issue_nothing_cannot_be_sent_before_its_time():
    case, _ = told_in_turn((2, {FEW: "always"}), (3, {ALL: "never"}))
    order = begun(case)
    sooner = arriving(case, order.events, 1, 1)
    assert "would have no option left" in (order.take(sooner) or "")
    with pytest.raises(checker.Refused, match="left without an option"):
        checker.stand(
            checker.Case(case.plain()), [plain_line(e) for e in order.events[1:]], plain_line(sooner)
        )
    with pytest.raises(UsageError, match="News 2"):
        Meeting(case).enter(Entered(ALL_UNREAD, {}, news=(1,)))
    # and what may come now, and would leave nothing once the other is there in its turn
    some, none = (f"issues.review.options.{option}.available" for option in ("some", "none"))
    case, _ = told_in_turn((2, {none: "never"}), (3, {none: "always", some: "never"}))
    assert not may_come(case, (), 1)
    assert may_come(case, (), 0)


def plain_line(event):
    return {"role": "pm", **line(event)}


def test_a_package_to_begin_with_that_news_has_shut_binds_nobody():
    case = with_news(changes={ALL: "never"}, before_round=3)
    case = made(injects=case.plain()["injects"], opening_package=ALL_UNREAD)
    order = begun(case)
    assert order.take(arriving(case, order.events, 0, 1)) is None
    shut, free = (stamped(Proposal(package=p), "pm", 1) for p in (ALL_UNREAD, FEW_READ))
    events = [plain_line(e) for e in order.events[1:]]
    assert "which is not to be had now" in (order.take(shut) or "")
    assert order.take(free) is None
    checker.stand(checker.Case(case.plain()), events, plain_line(free))
    with pytest.raises(checker.Refused):
        checker.stand(checker.Case(case.plain()), events, plain_line(shut))


@st.composite
def shifting(draw):
    """Two pieces of news about what is to be had, lawful or not; beside an option that somebody holds too."""
    data = holding().plain()
    options = {issue["id"]: [option["id"] for option in issue["options"]] for issue in data["issues"]}
    beside = st.sampled_from(sorted(options)).flatmap(
        lambda i: st.sampled_from(options[i]).map(lambda o: {"when": {i: o}})
    )
    to = st.one_of(st.sampled_from(["always", "never"]), beside)
    keys = st.sampled_from([f"issues.{i}.options.{o}.available" for i in options for o in options[i]])
    data["injects"] = [
        {"before_round": draw(st.integers(1, 3)), "headline": "News", "from": "Outside",
         "changes": draw(st.dictionaries(keys, to, min_size=1, max_size=3))}
        for _ in range(2)
    ]  # fmt: skip
    if draw(st.booleans()):
        data["opening_package"] = {issue: names[0] for issue, names in options.items()}
    return data


@given(shifting(), st.permutations([0, 1]))
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.filter_too_much])
def test_whatever_news_the_reader_takes_and_whenever_it_is_sent_something_is_left_and_nothing_held_is_named(
    data, sent
):
    case, _ = revised(data)
    assume(case is not None)
    come = ()
    for number in sent:
        events = tuple(Injected(round=1, number=n, headline="n", sender="s") for n in come)
        if not may_come(case, events, number):
            continue
        told = changes(after(case, come), number)
        assert not {"new"} & {
            o for c in told for when in beside_of(c) for names in when.values() for o in names
        }
        come = (*come, number)
        assert outcome_space(at_the_table(after(case, come), ())).existing.any()
    assert begins(case)


def beside_of(change):
    return [when for each in (change.was, change.now) if isinstance(each, Available) for when in each.when]


def begins(case):
    """Whether the package the meeting begins with is there in round 1."""
    first = [n for n, each in enumerate(case.injects) if each.before_round == 1]
    return case.opening_package is None or exists(after(case, tuple(first)), case.opening_package)


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


def test_a_paper_for_work_tells_what_news_changed_for_all_and_nothing_of_a_seats_own():
    case = with_news()
    text = markdown(work_paper(Transcript(new_header(case, 1), played(case, FEW_READ))))
    assert "It costs more. From now on, what a few adds to load: 3 (it was 1)" in text
    assert "(news from Sales, round 2)" in text
    assert "worth to" not in text
    case = with_news(to=["legal"], changes={"parties.legal.walk_away": 70})
    text = markdown(work_paper(Transcript(new_header(case, 1), played(case, FEW_READ))))
    assert "It costs more" not in text
