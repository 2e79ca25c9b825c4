"""Packages of runs in which news changed figures: each is weighed by the figures of the round it was on the table in."""

from __future__ import annotations

from decimal import Decimal

import pytest
from making import scenario

from aipm_agents.analysis.compare.comparison import compare
from aipm_agents.analysis.run.audit import breaches
from aipm_agents.analysis.run.conduct import conduct
from aipm_agents.analysis.run.missed import missed
from aipm_agents.analysis.run.outcome import outcome
from aipm_agents.analysis.sample.turns import turns
from aipm_agents.analysis.space.advice import advice
from aipm_agents.analysis.space.prospects import prospects
from aipm_agents.negotiation import negotiate
from aipm_agents.report.compare.comparison import first_screen
from aipm_agents.report.papers.markdown import markdown
from aipm_agents.report.run import charts
from aipm_agents.report.run.standings import standings
from aipm_agents.scenario.reader import revised
from aipm_agents.seats.embedded import Embedded
from aipm_agents.table.moves import Position, Proposal, Signing
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
