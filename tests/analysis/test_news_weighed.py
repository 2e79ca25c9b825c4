"""Packages of runs in which news changed figures: each is weighed by the figures of the round it was on the table in."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from making import Curious, changing, scenario

from aipm_agents.analysis.compare.comparison import compare
from aipm_agents.analysis.debrief.forgone import forgone
from aipm_agents.analysis.debrief.gains import gains
from aipm_agents.analysis.debrief.turning_points import turning
from aipm_agents.analysis.debrief.whole import debrief
from aipm_agents.analysis.run.audit import breaches
from aipm_agents.analysis.run.conduct import conduct
from aipm_agents.analysis.run.invented import invented
from aipm_agents.analysis.run.missed import missed
from aipm_agents.analysis.run.outcome import outcome
from aipm_agents.analysis.run.what_if import bases, ruled
from aipm_agents.analysis.sample.turns import turns
from aipm_agents.analysis.sample.whole import sample
from aipm_agents.analysis.space.advice import advice
from aipm_agents.analysis.space.prospects import prospects
from aipm_agents.bench.score import scored
from aipm_agents.bench.suite import BenchGame
from aipm_agents.errors import SeatError
from aipm_agents.negotiation import negotiate
from aipm_agents.report.compare.comparison import first_screen
from aipm_agents.report.debrief.whole import screen
from aipm_agents.report.live.meeting import screens
from aipm_agents.report.papers.markdown import markdown
from aipm_agents.report.run import charts
from aipm_agents.report.run.standings import standings
from aipm_agents.report.run.story import story
from aipm_agents.scenario.reader import revised
from aipm_agents.seats.embedded import Embedded
from aipm_agents.table.audience import public_to, seen_by, visible
from aipm_agents.table.events import Injected, Signed
from aipm_agents.table.moves import Position, Proposal, Signing
from aipm_agents.table.news import scenario_at
from aipm_agents.table.record import Record
from aipm_agents.transcript import Transcript, new_header

FEW_READ, ALL_READ = {"reach": "few", "review": "some"}, {"reach": "all", "review": "some"}
NEWS = {
    "parties.legal.points.reach.few": 1,
    "parties.legal.walk_away": 25,
    "checkpoints.feasible.light.rule.at_most": 3,
}


class Patient(Embedded):
    """The PM tables a package a round, and signs in round 2 or, having held it there, in 3; colleagues say yes
    to everything, or where nobody is to sign (0) no."""

    def __init__(self, packages, signs_in):
        super().__init__()
        self.packages, self.signs_in = packages, signs_in

    def propose(self, view):
        return Proposal(package=self.packages[min(view.round, len(self.packages)) - 1])

    def answer(self, view):
        return Position(vote="yes" if self.signs_in else "no", tables=view.untabled)

    def sign(self, view):
        ready = view.round == self.signs_in
        return Signing(signs=True) if ready else Signing(signs=False, criterion="light", reason="Not yet.")


def run(signs_in, *packages, news=NEWS):
    plain = scenario(rounds=3).plain()
    plain["injects"] = [{"before_round": 3, "headline": "It is harder", "from": "Sales", "changes": news}]
    case, problems = revised(plain)
    assert case is not None, problems
    seats = {role: Patient(packages or (FEW_READ,), signs_in) for role in case.parties}
    return Transcript(new_header(case, signs_in), tuple(negotiate(case, seats, seed=1)))


def test_runs_are_compared_by_the_figures_each_was_decided_by_and_it_is_said_which():
    before, after = run(2), run(3)
    found = compare([before, after])
    one, other = found.sheets
    assert (one.package, other.package, one.round, other.round) == (FEW_READ, FEW_READ, 2, 3)
    assert one.outcome.after_waiting["legal"] - one.scenario.parties["legal"].walk_away == 60 - 20
    assert other.outcome.after_waiting["legal"] - other.scenario.parties["legal"].walk_away == 21 - 25
    assert found.same_scenario
    text = markdown(first_screen(found))
    row = next(line for line in text.splitlines() if line.startswith("| Legal"))
    assert [cell.strip() for cell in row.strip("|").split("|")][1:3] == ["+40", "-4"]
    assert "A is weighed by the figures of round 2, as the case begins with them" in text
    assert "B is weighed by the figures of round 3, after the news of round 3" in text
    assert "Nothing: both ended in the same package" not in text


def test_runs_of_a_case_without_such_news_are_not_told_by_which_figures():
    text = markdown(first_screen(compare([run(2, news={}), run(3, news={})])))
    assert "is weighed by the figures" not in text


def test_what_keeps_a_gate_shut_is_told_by_the_bound_of_its_round():
    text = markdown(
        first_screen(compare([run(3, ALL_READ, news={"checkpoints.feasible.light.rule.at_most": 1}), run(2)]))
    )
    assert "at most 1" in text
    assert "at most 2" not in text


def test_the_first_proposal_is_worth_what_it_was_when_it_was_made():
    late = run(3).record
    reached = outcome(late)
    first = reached.baselines.first_proposal
    assert first is not None
    assert (first.points["legal"], reached.points["legal"], reached.news) == (60, 21, (3,))
    assert "the first proposal by those of its own round" in markdown(standings(late.scenario, reached))
    assert outcome(run(2).record).news == ()


def test_what_news_takes_from_a_seat_is_no_concession_of_its_own():
    work = conduct(run(3).record)
    assert work.demands["legal"] == {1: 60, 2: 60, 3: 21}
    assert work.concessions["legal"] == {2: 0, 3: 0}
    moved = conduct(run(0, FEW_READ, FEW_READ, ALL_READ).record)
    assert moved.concessions["pm"] == {2: 0, 3: Decimal(60 - 80)}


def test_nobody_is_blamed_for_a_yes_that_later_figures_would_have_forbidden():
    found = {(each.round, each.role) for each in breaches(run(3).record)}
    assert found == {(3, "legal")}
    assert not breaches(run(2).record)


def test_a_row_a_turn_has_the_worth_of_its_round():
    worth = {
        row["round"]: row["worth"]
        for row in turns(run(3))
        if row["role"] == "legal" and row["verb"] == "answer"
    }
    assert worth == {1: 60, 2: 60, 3: 21}


def test_the_chart_of_what_packages_are_worth_goes_by_each_rounds_figures():
    record = run(3).record
    chart = charts.points(record, ["legal"])
    assert chart is not None
    assert [cell for row in chart.table.rows for cell in row.cells[1:4]] == ["60", "60", "21"]


@pytest.mark.parametrize("availability", [None, "never"])
def test_a_package_that_was_not_to_be_had_is_no_missed_chance(availability):
    news = {"checkpoints.feasible.light.rule.at_most": 3}
    if availability:
        news["issues.reach.options.all.available"] = availability
    other = run(0, news=news)
    found = missed(other.record, ALL_READ, {role: p.walk_away for role, p in other.scenario.parties.items()})
    if availability:
        assert found is None
    else:  # the bound that lets it through came with the news
        assert found is not None
        assert found.round == 3


def test_what_news_did_is_credited_to_the_news():
    """The same package, and nobody says anything new: the bound that came with the news opens the gate."""
    found = debrief(run(3, ALL_READ))
    feasible = next(each for each in found.work.gates if each.gate == "feasible")
    assert (feasible.shut, feasible.key, feasible.opened) == ((1, 2), "news", 3)
    (turned,) = (each for each in found.turning if each.kind == "news")
    assert (turned.round, turned.role, [s.gate for s in turned.shifts]) == (3, None, ["feasible"])
    text = markdown(screen(found, full=True))
    assert (
        "| rounds 1 and 2 | round 2; round 1, beside what everybody had to hear first | news, round 3 |"
        in text
    )
    assert "load: at most 3 (it was at most 2). " in text
    assert "Had it changed no figure, Feasible would have read BLOCKED instead of pass in round 3." in text


def test_a_package_wins_what_news_let_it_win_together_with_the_news():
    """All with a reader fails the bound before the news; a few pays for nobody after it. Only both open Viable."""
    pays = "checkpoints.viable.pays.rule.at_most"
    plain = scenario(rounds=3).plain()
    plain["checkpoints"]["viable"] = [
        {"id": "pays", "asks": "Does it pay?", "owner": "pm", "rule": {"metric": "load", "at_most": 0}}
    ]
    plain["injects"] = [{"before_round": 2, "headline": "It may", "from": "Sales", "changes": {pays: 1}}]
    case, problems = revised(plain)
    assert case is not None, problems
    seats = {role: Patient((ALL_READ, FEW_READ), 2) for role in case.parties}
    found = debrief(Transcript(new_header(case, 1), tuple(negotiate(case, seats, seed=1))))
    assert next(each.key for each in found.work.gates if each.gate == "viable") == "with_news"
    (won,) = (each for each in found.turning if each.kind == "package")
    assert (won.gained, won.together) == (("light",), ("pays",))


def test_a_failure_at_the_signature_is_no_hold():
    """Nobody accuses a PM of holding a deal whose answer did not arrive."""
    seats = {role: Patient((FEW_READ,), 2) for role in scenario().parties}
    seats["pm"].sign = late
    made = tuple(negotiate(scenario(), seats, seed=1))
    assert [e.fault for e in made if isinstance(e, Signed)] == ["timeout", "timeout"]
    found = debrief(Transcript(new_header(scenario(), 1), made))
    assert "hold" not in {each.kind for each in found.turning}


def late(view):
    raise SeatError("timeout", "too late")


@given(changing(), st.integers(0, 10_000))
@settings(deadline=None, max_examples=4, suppress_health_check=[HealthCheck.too_slow])
def test_the_figures_of_a_moment_are_those_that_hold_in_it(case, seed):
    """Before the news all is as in the run that ends there; from its round on, as in a case that was always so. And no
    audience's page breaks."""
    seats = {role: Curious(Random(f"{seed}/{role}"), seed % 2 == 0) for role in case.parties}
    events = tuple(negotiate(case, seats, seed=seed))
    for audience in ("facilitator", "public", "legal"):
        seen = visible(events, audience)
        assert [*screens(seen_by(case, seen, audience), seen, "latest")]
        assert story(seen_by(case, seen, audience), seen)
    place = next((n for n, event in enumerate(events) if isinstance(event, Injected)), len(events))
    first = events[place].round if place < len(events) else case.rounds + 1
    whole, before = Record(case, events), Record(case, events[:place])
    always = tuple(e.model_copy(update={"changes": ()}) if isinstance(e, Injected) else e for e in events)
    after = Record(whole.scenario, always)
    assert [b for b in breaches(whole) if b.round < first] == breaches(before)
    assert [b for b in breaches(whole) if b.round >= first] == [
        b for b in breaches(after) if b.round >= first
    ]
    for role, wanted in conduct(whole).demands.items():
        assert {n: w for n, w in wanted.items() if n < first} == conduct(before).demands[role]
        assert all(w == conduct(after).demands[role][n] for n, w in wanted.items() if n >= first)
    assert all(ruled(basis).verdicts == basis.ruling.verdicts for basis in bases(whole))
    assert forgone(whole) == forgone(after)
    assert gains(whole).shares == gains(after).shares
    assert [shift for each in turning(after) if each.kind == "news" for shift in each.shifts] == []
    for role in case.parties:
        heard = scenario_at(case, public_to(events, role)).parties[role]
        assert (heard.points, heard.walk_away) == (
            whole.scenario.parties[role].points,
            whole.scenario.parties[role].walk_away,
        )


def test_what_news_brings_to_life_is_not_called_idle_and_what_it_ends_is_told():
    plain = scenario(rounds=3).plain()
    plain["checkpoints"]["feasible"][0]["rule"][0]["at_most"] = 9
    for bound, told in ((9, ["idle"]), (2, []), (0, ["no package can be a deal any more"])):
        news = {"before_round": 3, "headline": "It is harder", "from": "Sales"}
        plain["injects"] = [{**news, "changes": {"checkpoints.feasible.light.rule.at_most": bound}}]
        case, _ = revised(plain)
        warnings = (
            [each for each in advice(case, prospects(case)) if "idle" in each or "any more" in each]
            if case
            else []
        )
        assert [word in each for word, each in zip(told, warnings, strict=True)] == [True] * len(told)


def test_what_a_sample_calls_unsound_and_a_bench_a_try_at_a_gate_goes_by_the_figures_of_its_moment():
    """Round 3 signs what only the news let through: that case would not stop it, and the gate was tried twice, not thrice."""
    made = run(3, ALL_READ)
    (group,) = sample([(None, "one", made)]).groups
    assert made.record.deal == ALL_READ
    assert (group.unsound.hits, group.unsound.n) == (0, 1)
    scored_ = scored(BenchGame("small", "imported", made.scenario), made, ("pm",))
    assert scored_.gates_tried == 2


class Quoting(Patient):
    """Says the bound of a round, or from the news on what it was and is; and then a figure from nowhere."""

    def answer(self, view):
        said = {self.signs_in - 1: "At most 17.", self.signs_in: "It was 17, it is 23 now. And 31."}
        return super().answer(view).model_copy(update={"says": said.get(view.round, "")})


@pytest.mark.parametrize("before_round", [2, 3])
def test_what_a_figure_was_before_the_news_is_not_made_up(before_round):
    """Said before, as it stood then, or for the first time once it is past."""
    plain = scenario(rounds=3).plain()
    plain["checkpoints"]["feasible"][0]["rule"][0]["at_most"] = 17
    news = {"before_round": before_round, "headline": "It may", "from": "Sales"}
    plain["injects"] = [{**news, "changes": {"checkpoints.feasible.light.rule.at_most": 23}}]
    case, problems = revised(plain)
    assert case is not None, problems
    events = tuple(negotiate(case, {role: Quoting((FEW_READ,), 3) for role in case.parties}, seed=1))
    found = [(each.round, each.role, each.figure) for each in invented(Record(case, events))]
    assert found == [(3, "engineer", "31")]
