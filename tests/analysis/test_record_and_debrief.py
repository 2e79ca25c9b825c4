"""A debrief and the record it is of say the same: votes, trades, questions put by name, and why a thing is met."""

from __future__ import annotations

import pytest
from making import scenario
from rich.console import Console
from test_debrief import played, printed, recorded, shop

from aipm_agents.analysis.debrief.coverage import coverage
from aipm_agents.analysis.debrief.drawn import drawn
from aipm_agents.analysis.debrief.practices import practices
from aipm_agents.analysis.run.conduct import conduct
from aipm_agents.analysis.run.raising import raised
from aipm_agents.negotiation import negotiate
from aipm_agents.report.live.meeting import screens
from aipm_agents.report.words.because import because
from aipm_agents.seats.scripted import Scripted
from aipm_agents.table.audience import seen_by
from aipm_agents.table.moves import Opening, Position, Proposal, Words

NOBODY, SOMEBODY = {"reach": "few", "review": "none"}, {"reach": "few", "review": "some"}


class Outspoken(Scripted):
    """A PM that frames the meeting aloud."""

    def frame(self, view):
        return Words(says="People in the queue: they stand there.")


def asking(option, issue="review"):
    return Position.model_validate({"vote": "yes_if", "asks": [{"issue": issue, "options": [option]}]})


def table(made=None, **seats):
    made = made or scenario(rounds=4)
    events = negotiate(made, {role: seats.get(role, Scripted()) for role in made.parties}, seed=0)
    return recorded(made, events)


@pytest.mark.parametrize(
    ("votes", "counted"),
    [
        (["no", "yes"], (1, 0, 0, 0)),
        (["yes", "no"], (0, 1, 0, 0)),
        ([asking("some"), "yes"], (1, 0, 0, 1)),
        ([asking("all", issue="reach"), "yes"], (1, 0, 0, 0)),
        (["no", Position(vote="yes", moved_by=("pm@2",))], (1, 0, 1, 0)),
        ([asking("some"), asking("none")], (0, 0, 0, 0)),
    ],
    ids=["softer", "harder", "its condition met", "its condition not met", "named", "another wish"],
)
def test_votes_are_counted_as_rulings_tell_them(votes, counted):
    """A wish that changes beside the same vote is no move; whoever got a condition has a reason, named or not."""
    pm = Scripted(packages=[Proposal(package=NOBODY), Proposal(package=SOMEBODY)])
    found = conduct(
        table(pm=pm, legal=Scripted(positions=votes), engineer=Scripted(positions=["no", "no"])).record
    )
    assert (found.softened, found.hardened, found.with_reason, found.obliged) == counted


def needing_survey(says, tells):
    """The PM speaks in round 2, after a ruling that found nobody to show that it is wanted."""
    pm = Scripted(packages=[Proposal(package=NOBODY), Proposal(package=NOBODY, says=says)])
    engineer = Scripted(positions=["no", Position(vote="yes", tables=tells)])
    return table(pm=pm, engineer=engineer, legal=Scripted(positions=["no", "no"])).record


def test_a_question_that_the_pm_puts_by_name_counts_and_so_does_the_fact_it_drew():
    asks = scenario().criteria["wanted"][1].asks
    record = needing_survey(f'Somebody: "{asks}"', ("survey",))
    assert [(each.how, each.about) for each in raised(record) if each.by == "pm" and each.round == 2] == [
        ("put", "wanted")
    ]
    owner = scenario().criteria["wanted"][1].owner
    assert [each.how for each in drawn(record)] == ["put" if owner == "engineer" else "unasked"]
    assert not [each for each in raised(needing_survey("Is it any good?", ())) if each.how == "put"]


def test_what_the_pm_says_of_those_outside_and_of_the_goal_is_the_pms():
    pm = Outspoken(packages=[Proposal(package={"reach": "all", "review": "some"})])
    others = {role: Scripted(positions=["yes"]) for role in ("engineer", "legal", "marketing")}
    work = conduct(played({**others, "pm": pm}).record)
    assert work.harm_named == work.harm_first_raised == (0, "pm")
    assert (
        work.harm_taken_up is None
    )  # a debrief and a comparison both say: raised in the opening, taken up by nobody


def test_a_trade_is_no_evidence_that_anybody_looked():
    trade = {"give": {"reach": "few"}, "for": {"review": "spot"}}
    legal = [
        Position.model_validate(
            {"vote": "yes_if", "trade": trade, "asks": [{"issue": "review", "options": ["spot"]}]}
        )
    ]
    seats = {role: Scripted(positions=["no"]) for role in ("engineer", "marketing")}
    seats |= {"pm": Scripted(packages=[Proposal(package={"reach": "all", "review": "some"})]), "legal": Scripted(opening=Opening(tables=("test",)), positions=legal)}  # fmt: skip
    record = played(seats).record
    assert coverage(record).lenses["frame_problem"].reach == "came_up"
    assert conduct(record).trades_kept == 0
    assert practices(record)["iteration"].status == "not_shown", "a proposal is no test"


def test_met_has_its_because():
    pm = Scripted(packages=[Proposal(package={"reach": "all", "review": "some"})])
    seats = {role: Scripted(positions=["yes"]) for role in ("engineer", "marketing")}
    legal = Scripted(opening=Opening(tables=("test",)), positions=["yes"])
    run = played({**seats, "pm": pm, "legal": legal})
    assert (
        because(run.record, "safe")
        == 'met: by the case\'s rule what speaks against it is taken care of by "somebody"; no package was stopped on it'
    )
    assert because(run.record, "pays") == "unopposed: nothing on the table speaks against it"
    assert because(run.record, "wanted") == "met, known from the start"


def test_where_nobody_turned_nothing_is_called_a_turning_point():
    seats = {role: Scripted(positions=["yes"]) for role in ("engineer", "marketing")}
    seats |= {
        "pm": Scripted(packages=[Proposal(package={"reach": "all", "review": "none"})]),
        "legal": Scripted(opening=Opening(tables=("test",)), positions=["yes"]),
    }
    text = printed(played(seats))
    assert "What it rested on" in text
    assert "Turning points" not in text


def test_a_record_shows_no_fact_before_it_is_told():
    """What an audience knows at the end says of no fact who held it; a ruling reads out those on the table by then."""
    seats = {role: Scripted(positions=["no", "no"]) for role in ("engineer", "marketing")}
    seats |= {
        "pm": Scripted(packages=[Proposal(package={"reach": "all", "review": "some"})] * 2),
        "legal": Scripted(positions=["no", Position(vote="no", tables=("test",)), "no"]),
    }
    run = played(seats, shop())
    known = seen_by(run.scenario, run.events, "public")
    told = {}
    for event, screen in screens(known, run.events, "run"):
        paper = Console(width=100)
        with paper.capture() as page:
            paper.print(screen)
        told[event.kind, event.round] = page.get()
    assert "It errs." not in told["ruling", 1]
    assert 'It errs. By the case\'s rule this is taken care of by "somebody"' in told["ruling", 2]


def silent_table():
    """Five yeses a round, and nobody says a word."""
    made = scenario(rounds=4)
    seats = {role: Scripted(positions=["yes"] * 4) for role in made.parties}
    seats["pm"] = Scripted(packages=[Proposal(package=NOBODY)] * 4)
    return recorded(made, negotiate(made, seats, seed=0))


def test_what_only_a_ruling_asked_nobody_was_asked():
    """A criterion named in a ruling is no question that a person put to a person; a motive is on no record."""
    run = silent_table()
    assert conduct(run.record).withheld["survey"] == "ruling"
    text = printed(run)
    assert (
        "Rulings named what it answers and who is to show it; nobody at the table asked, and it was not told. It would have shown"
        in text
    )
    for accusation in ("you were asked", "Asked, and", "Own interest", "waiting for"):
        assert accusation not in text, accusation


def test_a_question_that_nobody_named_did_not_come_up():
    run = silent_table()
    assert practices(run.record)["value"].status != "came_up"
    assert coverage(run.record).lenses["frame_problem"].reach != "ruled", "no ruling asked for it"
