"""A fault is no judgement: a turn that failed is neither a yes nor a no, and proves nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import ROLES, scenario, scenarios
from records import bundle, kept

from aipm_agents.errors import SeatError
from aipm_agents.negotiation import negotiate
from aipm_agents.report.papers.markdown import markdown
from aipm_agents.report.run.decision_record import record
from aipm_agents.report.words.changes import fallen_silent
from aipm_agents.seats.embedded import Embedded
from aipm_agents.seats.scripted import Scripted
from aipm_agents.table.closing import decide
from aipm_agents.table.events import Answered, Decided, Ruled, Signed, ending
from aipm_agents.table.moves import Opening, Position, Signing

GOOD = {"reach": "few", "review": "some"}


class Failing:
    """Plays as another seat does, but for the turns (verb, round) that fail."""

    kind = "failing"

    def __init__(self, other, turns):
        self.other, self.turns = other, turns

    def __getattr__(self, verb):
        def turn(view):
            if (verb, view.round) in self.turns:
                raise SeatError("malformed", "no JSON")
            return getattr(self.other, verb)(view)

        return turn


def never(*verbs, rounds=range(9)):
    return {(verb, number) for verb in verbs for number in rounds}


def played(made, **seats):
    players = {
        "pm": Scripted(packages=[GOOD]),
        "engineer": Scripted(opening=Opening(tables=("survey",)), positions=["yes"]),
        "legal": Scripted(positions=["yes"]),
    }
    events = negotiate(made, players | seats, seed=0)
    return events, events[-1]


def kept_silent():
    """Its survey would show what is asked, and it says yes without ever reading it out."""
    return Scripted(positions=["yes"])


def test_four_rounds_of_nothing_but_faults_are_no_proof():
    broken = {role: Failing(Scripted(), never("open", "answer")) for role in ROLES if role != "pm"}
    _, made = played(scenario(), **broken)
    assert (made.outcome, made.cause, made.stopped_by) == ("no_agreement", "fault", ("engineer", "legal"))
    assert ending(made) == "undecided"


def test_an_owner_that_answers_and_shows_nothing_proves_a_no_go_and_one_that_fails_does_not():
    _, made = played(scenario(), engineer=kept_silent())
    assert (made.outcome, made.round, made.stopped_by) == ("no_go", 2, ("wanted",))
    _, made = played(scenario(), engineer=Failing(kept_silent(), never("answer")))
    assert (made.outcome, made.cause, made.stopped_by) == ("no_agreement", "fault", ("engineer",))
    assert made.round == 5


def test_a_fault_puts_the_proof_off_until_the_owner_has_answered():
    _, made = played(scenario(), engineer=Failing(kept_silent(), {("answer", 2), ("answer", 3)}))
    assert (made.outcome, made.round) == ("no_go", 4)


def test_somebody_who_never_had_a_turn_may_still_hold_what_is_asked_for():
    _, made = played(scenario(), engineer=kept_silent(), legal=Failing(Scripted(), never("open", "answer")))
    assert (made.outcome, made.cause, made.stopped_by) == ("no_agreement", "fault", ("legal",))


def test_what_a_fact_or_a_rule_forbids_everywhere_is_a_no_go_whoever_fails():
    made = scenario(checkpoints={"feasible": [{"id": "light", "asks": "Is it?", "owner": "engineer",
                                               "rule": {"metric": "load", "at_most": 0}}]},
                    evidence=[])  # fmt: skip
    _, ended = played(made, engineer=Failing(Scripted(), never("open", "answer")))
    assert (ended.outcome, ended.stopped_by) == ("no_go", ("light",))


def test_an_unreadable_signing_is_put_once_more_and_is_no_hold():
    events, made = played(scenario(), pm=Failing(Scripted(packages=[GOOD]), never("sign")))
    signings = [event for event in events if isinstance(event, Signed)]
    assert [(event.round, event.fault) for event in signings] == [(1, "malformed"), (2, "malformed")]
    assert (made.outcome, made.cause, made.stopped_by, made.round) == ("no_agreement", "fault", ("pm",), 2)

    class Second(Scripted):
        tries = 0

        def sign(self, view):
            self.tries += 1
            if self.tries == 1:
                raise SeatError("malformed", "no JSON")
            return Signing(signs=True)

    _, made = played(scenario(), pm=Second(packages=[GOOD]))
    assert (made.outcome, made.round) == ("go_with_follow_ups", 2)


@pytest.mark.parametrize(
    ("legal", "cause", "by"), [("yes", "fault", ("engineer",)), ("no", "party", ("legal",))]
)
def test_who_said_no_is_named_and_who_could_not_be_heard_is_named_as_that(legal, cause, by):
    made = scenario(agreement={"accept_at_least": 3, "veto": ["legal"]})
    engineer = Scripted(opening=Opening(tables=("survey",)), positions=["yes"])
    _, ended = played(made, engineer=Failing(engineer, never("answer")), legal=Scripted(positions=[legal]))
    assert (ended.outcome, ended.cause, ended.stopped_by) == ("no_agreement", cause, by)


def test_a_fault_stands_in_no_record_as_dissent():
    made = scenario(agreement={"accept_at_least": 2})
    engineer = Scripted(opening=Opening(tables=("survey",)), positions=["yes"])
    events, ended = played(made, engineer=Failing(engineer, never("answer")))
    assert ended.package == GOOD
    told = markdown(record(made, tuple(events))).split("## Dissent")[1].split("##")[0]
    assert told.strip() == "Engineer gave no usable answer."


TURNS = st.sets(
    st.tuples(st.sampled_from(ROLES), st.sampled_from(["open", "propose", "answer", "sign"]), st.integers(0, 5)),
    min_size=1, max_size=14,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(scenarios(), TURNS, st.integers(0, 3))
def test_no_no_go_that_would_be_none_had_the_seat_declined_in_words(made, turns, seed):
    seats = {
        role: Failing(Embedded(), {(verb, n) for who, verb, n in turns if who == role})
        for role in made.parties
    }
    events = negotiate(made, seats, seed=seed)
    ended = events[-1]
    assert isinstance(ended, Decided)
    if ended.outcome != "no_go":
        return
    declined = tuple(
        event.model_copy(update={"fault": None, "move": Position(vote="no")})
        if isinstance(event, Answered) and event.fault else event
        for event in events[:-1]
    )  # fmt: skip
    assert decide(made, declined).outcome == "no_go"


def test_a_seat_that_falls_silent_is_told_after_two_rounds_and_not_before():
    made = scenario()
    events, _ = played(
        made, legal=Failing(Scripted(), never("open", "answer")), pm=Scripted(packages=[GOOD] * 5)
    )
    told = {
        event.round: fallen_silent(made, tuple(events[: number + 1]))
        for number, event in enumerate(events) if isinstance(event, Ruled)
    }  # fmt: skip
    assert told[1] == told[2] == [
        "Legal has not been heard for two rounds: every turn failed. Without it there can be no decision; stop here and look at its seat."
    ]  # fmt: skip
    events, _ = played(
        made, legal=Failing(Scripted(positions=["yes"]), {("answer", 1)}), pm=Scripted(packages=[GOOD] * 5)
    )
    first = next(number for number, event in enumerate(events) if isinstance(event, Ruled))
    assert not fallen_silent(made, tuple(events[: first + 1])), "its opening was heard"


def test_a_comparison_names_the_fault_and_accuses_nobody(aipm, tmp_path):
    made = bundle("refund-copilot")
    kept(tmp_path / "whole.jsonl", made, seed=3)
    kept(
        tmp_path / "failed.jsonl", made, seed=3, seats={"legal": Failing(Embedded(), never("open", "answer"))}
    )
    shown = aipm("compare", tmp_path / "failed.jsonl", tmp_path / "whole.jsonl")
    text = " ".join(shown.out.split())
    assert (shown.code, shown.err) == (0, "")
    assert "A no answer (malformed)" in text
    assert "A turn of Legal counsel failed in A. What did that table not hear?" in text
    assert "needed to say yes" not in text
