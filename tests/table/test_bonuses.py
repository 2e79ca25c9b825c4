"""What choices are worth together, and what waiting takes: reckoned alike for one package and for all of them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
import slow
from hypothesis import given, settings
from making import scenario, scenarios

from aipm_agents.analysis.debrief.gains import gains
from aipm_agents.analysis.run.outcome import outcome
from aipm_agents.analysis.run.seat_result import takings
from aipm_agents.analysis.sample.case import case
from aipm_agents.kit.card import card
from aipm_agents.kit.score import score
from aipm_agents.kit.slips import slips
from aipm_agents.negotiation import negotiate
from aipm_agents.report.live.card import cards
from aipm_agents.report.papers.markdown import markdown
from aipm_agents.scenario.amendment import amend
from aipm_agents.scenario.checks import check
from aipm_agents.scenario.reader import revised
from aipm_agents.seats.embedded import Embedded
from aipm_agents.seats.embedded.interests import insisted
from aipm_agents.seats.model.prompts import briefing
from aipm_agents.seats.scripted import Scripted
from aipm_agents.table.events import Answered
from aipm_agents.table.packages import outcome_space
from aipm_agents.table.reckoning import best
from aipm_agents.table.rules import after_waiting, worth
from aipm_agents.table.view import view
from aipm_agents.transcript import Transcript, new_header


def with_bonus(**own):
    """The engineer loses 15 where all of them go out unread."""
    plain = scenario().plain()
    plain["parties"]["engineer"] |= {
        "bonuses": [{"when": {"reach": "all", "review": "none"}, "points": -15}],
        **own,
    }
    made, problems = revised(plain)
    assert made is not None, problems
    return made


@given(scenarios())
@settings(deadline=None, max_examples=25)
def test_every_package_is_worth_what_going_through_it_says(made):
    space = outcome_space(made)
    for role, party in made.parties.items():
        values = space.worth(party)
        for package in slow.packages(made):
            told = slow.points(made, role, package)
            assert Fraction(str(worth(party, package))) == told
            assert Fraction(int(values[space.code(package)]), space.scale) == told
        seen = view(made, (), role, seed=0, number=0)
        assert Fraction(str(best(seen))) == max(slow.points(made, role, p) for p in slow.packages(made))


def test_a_bonus_counts_in_the_best_package_and_is_checked_like_any_choice():
    assert [each.message for each in check(with_bonus()) if "best package" in each.message] == [
        "the best package adds up to 85, not 100"  # 60 and 20, or 40 and 40, or 100 - 15
    ]
    plain = with_bonus().plain()
    plain["parties"]["engineer"]["bonuses"][0]["when"] = {"reach": "everywhere"}
    made, problems = revised(plain)
    assert made is None
    assert "everywhere" in problems[0].message


def test_a_bonus_goes_with_an_option_that_is_taken_away():
    plain = with_bonus().plain()
    amend(plain, "issues.review.options.none", "off")
    made, _ = revised(plain)
    assert made is not None
    assert made.parties["engineer"].bonuses == ()


def test_who_gains_by_two_choices_together_asks_for_both_and_says_no_to_neither():
    """A no would tell the PM that the package is below its walk-away, which it is not."""
    plain = scenario(evidence=[], checkpoints={}).plain()
    plain["parties"]["engineer"] |= {
        "points": {"reach": {"all": 40, "few": 40}, "review": {"none": 0, "some": 0}},
        "bonuses": [{"when": {"reach": "few", "review": "some"}, "points": 60}],
    }
    made, problems = revised(plain)
    assert made is not None, problems
    seats = {
        **{role: Embedded() for role in made.parties},
        "pm": Scripted(packages=[{"reach": "all", "review": "none"}]),
    }
    said = next(e for e in negotiate(made, seats, seed=1) if isinstance(e, Answered) and e.role == "engineer")
    assert (said.fault, said.move.vote) == (None, "yes_if")
    assert [(ask.issue, ask.options) for ask in said.move.asks] == [
        ("reach", ("few",)),
        ("review", ("some",)),
    ]
    assert "a few" in said.move.says
    assert "somebody" in said.move.says


def test_a_mask_is_kept_by_what_is_said_and_not_by_who_says_it():
    """Views of a case with a held option make its rules and red lines anew in every run: no reason to keep more."""
    made = scenario()
    space, rule = outcome_space(made), made.checkpoints.feasible[0].rule
    few = ({"reach": ("few",)}, {"review": ("some",)})
    assert space.matching(few) is space.matching(tuple(map(dict, few)))
    assert space.matching(few) is not space.matching(few[:1])
    assert space.holding(rule) is space.holding(tuple(each.model_copy() for each in rule))
    assert space.holding(rule) is not space.holding((rule[0].model_copy(update={"at_most": Decimal(3)}),))


def test_only_its_own_seat_knows_of_it():
    made = with_bonus(discount=Decimal("0.9"))
    for role in made.parties:
        told = [
            markdown(cards(made, role, ())), briefing(view(made, (), role, seed=0, number=0)),
            " ".join(map(markdown, (sheet.blocks for sheet in score(view(made, (), role, seed=0, number=0)).sheets))),
        ]  # fmt: skip
        for text in told:
            assert ("-15" in text) == (role == "engineer")
            assert ("10 %" in text) == (role == "engineer")


def test_its_card_says_it_without_a_figure_and_a_slip_when_an_option_comes_out():
    plain = with_bonus().plain()
    plain["parties"]["engineer"]["discount"] = Decimal("0.9")
    plain["issues"][1]["options"][0]["held_by"] = ["legal"]
    made, _ = revised(plain)
    assert made is not None
    for role in made.parties:
        (sheet,) = card(view(made, (), role, seed=0, number=0), ()).sheets
        text = markdown(sheet.blocks)
        assert ("Worth less to you together: " in text) == (role == "engineer")
        assert ("Waiting costs you" in text) == (role == "engineer")
        assert "15" not in text
    told = [each for each in slips(made) if "Add -15" in markdown(each.blocks)]
    assert [each.reader for each in told] == ["engineer"]
    assert "nobody" in markdown(told[0].blocks)


@pytest.mark.parametrize(("number", "left"), [(1, "60"), (2, "56"), (3, "52.4")])
def test_waiting_takes_its_share_of_what_is_above_the_walk_away(number, left):
    party = with_bonus(discount=Decimal("0.9")).parties["engineer"]
    assert after_waiting(party, Decimal(60), number) == Decimal(left)
    assert after_waiting(party, party.walk_away, number) == party.walk_away


def test_whom_waiting_costs_insists_on_less_and_a_run_comes_to_what_is_left():
    patient, hurried = with_bonus(), with_bonus(discount=Decimal("0.5"))
    shares = [insisted(view(each, (), "engineer", seed=0, number=1)) for each in (patient, hurried)]
    assert shares[1] == pytest.approx(shares[0] * 0.5**4)
    events = negotiate(hurried, {role: Embedded() for role in hurried.parties}, seed=2)
    run = Transcript(new_header(hurried, 2), events)
    came = outcome(run.record)
    assert came.deal is not None
    left = Decimal("0.5") ** (came.round - 1)
    assert came.after_waiting["engineer"] == 20 + (came.points["engineer"] - 20) * left
    assert came.after_waiting["legal"] == came.points["legal"]
    assert came.nash_ratio == pytest.approx((came.deal.nash_ratio or 0) * float(left) ** (1 / 3))
    assert (
        takings(run.record, "engineer").got
        == gains(run.record).shares["engineer"].got
        == came.after_waiting["engineer"]
    )
    assert dict(case("", run).points)["engineer"] == float(came.after_waiting["engineer"])
