"""The four things beyond the plain meeting: challenges, options somebody brings, studies, words. Rules, then invariants."""

from __future__ import annotations

import json
import re
from collections import Counter
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from random import Random

import pytest
import slow
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from making import ROLES, Curious, rich_scenarios, scenario

from aipm_agents.analysis.run.inquiry import inquiry
from aipm_agents.analysis.run.missed import missed
from aipm_agents.analysis.space.advice import advice
from aipm_agents.analysis.space.prospects import prospects
from aipm_agents.analysis.space.standing import standing
from aipm_agents.errors import TranscriptError
from aipm_agents.negotiation import negotiate
from aipm_agents.report.words import inquiry as report
from aipm_agents.report.words import reasons
from aipm_agents.scenario.lenses import ASKS, DOUBTS, LENS_OF
from aipm_agents.scenario.model import Scenario
from aipm_agents.scenario.reader import examine
from aipm_agents.seats.embedded import Embedded
from aipm_agents.seats.model import prompts
from aipm_agents.seats.model.filled import read as read_filled
from aipm_agents.seats.model.form import form
from aipm_agents.seats.scripted import Scripted
from aipm_agents.table import checkpoints as gates
from aipm_agents.table.contests import Contest
from aipm_agents.table.events import (
    Answered,
    Decided,
    Injected,
    Opened,
    Proposed,
    Reported,
    Ruled,
    Signed,
    tabled_evidence,
)
from aipm_agents.table.heard import heard
from aipm_agents.table.lawful import check
from aipm_agents.table.moves import Opening, Position, Proposal
from aipm_agents.table.options import at_the_table
from aipm_agents.table.packages import outcome_space
from aipm_agents.table.record import Record
from aipm_agents.table.stopped import unshown
from aipm_agents.table.view import view
from aipm_agents.transcript import Recorder, new_header, read

GOOD = {"reach": "few", "review": "some"}
BARE = {"reach": "few", "review": "none"}
DEPOT = Path(__file__).parents[1] / "data" / "depot-gate.yaml"
FAST = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])

LIMITS = [
    {"ground": "sample", "says": "only friends were asked", "answered_by": ["census"]},
    {"ground": "proxy", "says": "wanting is not using", "unless": {"review": "some"}},
    {"ground": "stale", "says": "it is three years old"},
]


def doubtful(**changes):
    """The small scenario, with a survey that has its limits, and a census that answers one of them."""
    survey = {"id": "survey", "says": "They want it.", "held_by": ["engineer"], "supports": ["wanted"],
              "limits": LIMITS}  # fmt: skip
    census = {"id": "census", "says": "All were asked.", "held_by": ["legal"]}
    return scenario(**{"evidence": [survey, census], **changes})


def against(*grounds):
    return tuple(Contest(evidence="survey", ground=ground, by=("legal",)) for ground in grounds)


def yes(**more):
    return Position.model_validate({"vote": "yes", **more})


def challenge(ground, evidence="survey"):
    return {"challenge": {"evidence": evidence, "ground": ground}}


def play(made, **seats):
    table = {
        "pm": Scripted(packages=[GOOD]),
        "engineer": Scripted(positions=["yes"], opening=Opening(tables=("survey",))),
        "legal": Scripted(positions=["yes"]),
    }
    return negotiate(made, {**table, **seats})


def rulings(events):
    return [event for event in events if isinstance(event, Ruled)]


def finding(ruling, name):
    return next(each for each in ruling.findings if each.criterion == name)


def faults(events):
    return [(e.role, e.round, e.volatile["fault"]) for e in events if getattr(e, "fault", None)]


# --- challenges ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("package", "tabled", "grounds", "status", "ground"),
    [
        (GOOD, {"survey"}, [], "met", "supported"),
        (GOOD, {"survey"}, ["sample"], "not_shown", "contested"),
        (GOOD, {"survey", "census"}, ["sample"], "met", "supported"),  # another fact answers
        (GOOD, {"survey"}, ["proxy"], "met", "supported"),  # the package answers
        (BARE, {"survey"}, ["proxy"], "not_shown", "contested"),
        (BARE, {"survey", "census"}, ["sample", "proxy"], "not_shown", "contested"),  # both have to be
        (GOOD, {"survey", "census"}, ["sample", "proxy"], "met", "supported"),
        (GOOD, {"survey", "census"}, ["stale"], "not_shown", "contested"),  # nothing answers that
        (GOOD, set(), ["sample"], "not_shown", "no_evidence"),  # it is not on the table
    ],
)
def test_a_challenged_fact_supports_nothing_until_it_is_answered(package, tabled, grounds, status, ground):
    made = doubtful()
    found = gates.find(made, made.criteria["wanted"][1], package, tabled, against(*grounds))
    assert (found.status, found.ground) == (status, ground)


def test_a_ruling_says_which_fact_is_contested_by_whom_and_what_answers_it():
    made = doubtful()
    found = gates.find(made, made.criteria["wanted"][1], BARE, {"survey"}, against("sample", "proxy"))
    assert found.evidence == ("survey",)
    assert [(each.ground, each.by) for each in found.contests] == [
        ("sample", ("legal",)),
        ("proxy", ("legal",)),
    ]
    assert found.opens == ()  # one change is not enough: the sample stands
    found = gates.find(made, made.criteria["wanted"][1], BARE, {"survey"}, against("proxy"))
    assert found.opens == ({"review": "some"},)


def test_a_challenge_does_not_loosen_a_fact_goes_on_undermining():
    facts = [{"id": "test", "says": "It errs.", "undermines": ["safe"], "supports": ["wanted"],
              "unless": {"review": "some"}, "limits": LIMITS[2:]}]  # fmt: skip
    made = scenario(evidence=facts)
    stale = (Contest(evidence="test", ground="stale", by=("pm",)),)
    assert gates.find(made, made.criteria["safe"][1], BARE, {"test"}, stale).status == "failed"
    assert gates.find(made, made.criteria["wanted"][1], BARE, {"test"}, stale).status == "not_shown"


def test_another_fact_carries_on_and_only_it_is_named():
    made = doubtful()
    second = made.facts["census"].model_copy(update={"supports": ("wanted",)})
    made = made.model_copy(update={"evidence": (made.facts["survey"], second)})
    made = type(made).model_validate(made.plain())
    found = gates.find(made, made.criteria["wanted"][1], GOOD, {"survey", "census"}, against("stale"))
    assert (found.status, found.evidence) == ("met", ("census",))


def test_a_fact_that_nobody_doubted_is_the_first_proof():
    """One that was taken apart and put together again still counts, and is not what one would read out."""
    made = doubtful()
    second = made.facts["census"].model_copy(update={"supports": ("wanted",)})
    made = made.model_copy(update={"evidence": (made.facts["survey"], second)})
    made = type(made).model_validate(made.plain())
    tabled = {"survey", "census"}
    found = gates.find(made, made.criteria["wanted"][1], GOOD, tabled, against("sample"))
    assert (found.status, found.evidence) == ("met", ("census", "survey"))
    assert gates.find(made, made.criteria["wanted"][1], GOOD, tabled, ()).evidence == ("survey", "census")


def test_a_deal_is_stopped_in_the_round_of_the_challenge_and_made_when_it_is_answered():
    legal = [yes(**challenge("sample")), yes(tables=["census"])]
    events = play(doubtful(), legal=Scripted(positions=legal))
    first, second = rulings(events)
    assert finding(first, "wanted").contests[0].by == ("legal",)
    assert first.verdicts["desire"] == "not_shown"
    assert first.asked == ("wanted",)
    assert second.verdicts["desire"] == "pass"
    assert events[-1].outcome == "go_with_follow_ups"


def test_a_challenge_there_is_nothing_to_is_heard_and_changes_nothing():
    events = play(doubtful(), legal=Scripted(positions=[yes(**challenge("interest"))]))
    assert rulings(events)[0].verdicts["desire"] == "pass"
    assert heard(doubtful(), events).contests == ()
    (made,) = inquiry(Record(doubtful(), events)).challenges
    assert (made.by, made.effect, made.answered, made.lens) == ("legal", False, None, "alignment_control")


def test_once_for_each_fact_and_ground_in_a_run():
    held = {"vote": "no", "challenge": {"evidence": "survey", "ground": "interest"}}
    events = play(doubtful(), legal=Scripted(positions=[Position.model_validate(held)]))
    assert faults(events)[0] == ("legal", 2, "challenges 'survey' on its interest, which was done already")
    both = Position.model_validate(held)
    events = play(
        doubtful(), legal=Scripted(positions=[both, "no"]), engineer=Scripted(
            positions=[both, "yes"], opening=Opening(tables=("survey",))
        ),
    )  # fmt: skip
    assert faults(events) == []  # in one round nobody hears the other


def test_a_challenge_needs_a_fact_on_the_table():
    events = play(doubtful(), legal=Scripted(positions=[yes(**challenge("sample", "census")), "yes"]))
    assert faults(events)[0] == ("legal", 1, "challenges 'census', which is no fact on the table")


def test_a_no_go_waits_a_round_for_the_answer_to_a_challenge():
    """The criterion was asked for in round 1; in round 3 its evidence is taken apart, and nobody has had a turn."""
    engineer = [yes(), yes(tables=["survey"]), yes()]
    legal = [yes(), Position(vote="no"), yes(**challenge("sample")), Position(vote="no")]
    events = play(
        doubtful(), legal=Scripted(positions=legal), engineer=Scripted(positions=engineer),
        pm=Scripted(packages=[GOOD]),
    )  # fmt: skip
    assert [e.asked for e in rulings(events)] == [("wanted",), (), ("wanted",), ("wanted",)]
    assert (events[-1].outcome, events[-1].round, events[-1].stopped_by) == ("no_go", 4, ("wanted",))


def test_a_challenge_that_a_choice_answers_proves_no_no_go():
    legal = [yes(**challenge("proxy")), Position(vote="no")]
    events = play(doubtful(), legal=Scripted(positions=legal), pm=Scripted(packages=[BARE]))
    assert rulings(events)[-1].verdicts["desire"] == "not_shown"
    assert (events[-1].outcome, events[-1].round) == ("no_agreement", 5)


# --- options somebody brings ----------------------------------------------------------------------

TAG = {"reach": "tag", "review": "some"}


def inventive(held_by=("engineer",), **changes):
    data = scenario(**changes).plain()
    option = {"id": "tag", "label": "those with a tag", "held_by": list(held_by), "effects": {"load": 1}}
    data["issues"][0]["options"].append(option)
    for party in data["parties"].values():
        party["points"]["reach"]["tag"] = 50
    made = scenario(issues=data["issues"], parties=data["parties"], **changes)
    assert made.held_options == {("reach", "tag"): tuple(held_by)}
    return made


BRINGS = [
    {"brings": [{"issue": "reach", "option": "tag"}]},
    {"asks": [{"issue": "reach", "options": ["tag"]}]},
    {"trade": {"give": {"reach": "tag"}, "for": {"review": "none"}}},
]


@pytest.mark.parametrize("how", BRINGS, ids=["brings", "asks", "trade"])
def test_an_option_exists_for_the_table_once_a_holder_names_it(how):
    made = inventive()
    engineer = Scripted(positions=[yes(**how), "yes"], opening=Opening(tables=("survey",)))
    legal = Scripted(positions=["no", "yes"])
    events = play(made, engineer=engineer, legal=legal, pm=Scripted(packages=[GOOD, TAG]))
    assert faults(events) == []
    assert events[-1].package == TAG
    ruled = next(n for n, event in enumerate(events) if isinstance(event, Ruled))
    begun = events[: next(n for n, event in enumerate(events) if isinstance(event, Answered))]
    before, after = events[:ruled], events[: ruled + 1]
    assert ("reach", "tag") in view(made, begun, "engineer", seed=0, number=1).secret
    assert "tag" not in view(made, before, "legal", seed=0, number=1).space.options["reach"]
    assert "tag" in view(made, after, "legal", seed=0, number=2).space.options["reach"]
    assert view(made, after, "engineer", seed=0, number=2).secret == ()
    assert inquiry(Record(made, events)).brought["reach", "tag"] == (1, "engineer")


@pytest.mark.parametrize(
    ("role", "move"),
    [
        ("legal", {"vote": "yes_if", "asks": [{"issue": "reach", "options": ["tag"]}]}),
        ("legal", {"vote": "yes", **BRINGS[0]}),
        ("legal", {"vote": "yes", **BRINGS[2]}),
        ("engineer", {"vote": "yes", "brings": [{"issue": "reach", "option": "all"}]}),  # all know that one
    ],
)
def test_only_a_holder_brings_and_only_what_is_held(role, move):
    seats = {role: Scripted(positions=[Position.model_validate(move), "yes"])}
    events = play(inventive(), **seats)
    assert [(who, number) for who, number, _ in faults(events)][:1] == [(role, 1)]


def test_no_proposal_contains_what_nobody_has_brought():
    events = play(inventive(), pm=Scripted(packages=[TAG, GOOD]))
    assert faults(events)[0][0] == "pm"
    assert "has no option 'tag'" in faults(events)[0][2]
    mine = play(inventive(held_by=["pm"]), pm=Scripted(packages=[TAG]))
    assert mine[-1].package == TAG  # proposing it brings it


def test_a_ruling_opens_with_no_option_that_nobody_has_brought():
    """It would be named to everybody."""
    made = inventive()
    engineer = Scripted(positions=["yes", yes(**BRINGS[0])], opening=Opening(tables=("survey",)))
    events = play(made, engineer=engineer, pm=Scripted(packages=[{**GOOD, "reach": "all"}]))
    opens = [finding(each, "light").opens for each in rulings(events)]
    assert opens[0] == ({"reach": "few"},)
    assert opens[1] == ({"reach": "few"}, {"reach": "tag"})


def only_the_tag():
    tight = {
        "feasible": [
            {"id": "light", "asks": "Is it light?", "owner": "engineer", "rule": {"choose": {"reach": "tag"}}}
        ]
    }
    return inventive(checkpoints=tight, evidence=[])


def test_a_no_go_gives_the_table_a_round_to_bring_what_it_knows():
    quiet = {"engineer": Scripted(positions=["yes"])}
    events = play(only_the_tag(), **quiet)
    assert (events[-1].outcome, events[-1].round) == ("no_go", 2)  # on what was said, not on what was known
    events = play(scenario(checkpoints=only_the_tag().plain()["checkpoints"] | {
        "feasible": [{"id": "light", "asks": "?", "owner": "engineer", "rule": {"metric": "load", "at_most": 0}}]
    }, evidence=[]), **quiet)  # fmt: skip
    assert (events[-1].outcome, events[-1].round) == ("no_go", 1)  # a list that is closed needs no such round
    engineer = Scripted(positions=["yes", yes(**BRINGS[0])])
    events = play(only_the_tag(), engineer=engineer, pm=Scripted(packages=[GOOD, GOOD, TAG]))
    assert (events[-1].outcome, events[-1].round) == ("go", 3)


def test_a_no_go_waits_for_the_answer_to_a_question_about_an_issue():
    asks = yes(question={"to": "engineer", "about": "reach"})
    engineer = Scripted(positions=["yes", "yes", yes(**BRINGS[0], answer={"to": "legal", "about": "reach"})])
    legal = Scripted(positions=[yes(), asks, yes()])
    events = play(
        only_the_tag(), engineer=engineer, legal=legal, pm=Scripted(packages=[GOOD, GOOD, GOOD, TAG])
    )
    assert events[-1].package == TAG


# --- studies --------------------------------------------------------------------------------------


def unknown(takes=2, **changes):
    study = {"id": "study", "says": "They want it.", "takes": takes, "supports": ["wanted"],
             "study": {"asks": "Do they want it?", "about": ["wanted"]}}  # fmt: skip
    return scenario(evidence=[study], **changes)


def sending(number, *names):
    moves = [Proposal(package=GOOD) for _ in range(5)]
    moves[number - 1] = Proposal(package=GOOD, commissions=names or ("study",))
    return Scripted(packages=moves)


QUIET = {"engineer": Scripted(positions=["yes"])}


@pytest.mark.parametrize(("asked", "takes", "arrives"), [(1, 1, 2), (1, 2, 3), (2, 3, 5), (3, 2, 5)])
def test_a_study_arrives_when_it_is_done_and_is_on_the_table_at_once(asked, takes, arrives):
    made = unknown(takes)
    events = play(made, pm=sending(asked), **QUIET)
    (report,) = [event for event in events if isinstance(event, Reported)]
    assert (report.round, report.evidence) == (arrives, ("study",))
    assert (events[-1].outcome, events[-1].round) == ("go_with_follow_ups", arrives)
    assert inquiry(Record(made, events)).studies["study"] == (asked, arrives)


@pytest.mark.parametrize("seed", range(6))
def test_nobody_asks_for_what_a_study_has_just_shown(seed):
    """The last ruling still says "not shown"; what came in since says otherwise."""
    made = unknown()
    seats = {role: Embedded() for role in made.parties}
    before = play(made, pm=sending(1), legal=Scripted(positions=["no"]), **QUIET)
    at = next(number for number, event in enumerate(before) if isinstance(event, Reported))
    assert "wanted" in [e for e in before[:at] if isinstance(e, Ruled)][-1].asked
    events = negotiate(made, seats, seed=seed, earlier=before[: at + 1])
    due = [e for e in events if e.round == before[at].round and isinstance(e, Proposed | Answered)]
    assert not [e for e in due if e.move.question and e.move.question.about == "wanted"]
    assert not [e for e in due if made.criteria["wanted"][1].asks in e.move.says]


def test_nobody_has_it_before_not_even_the_pm():
    made = unknown()
    seen = view(made, (), "pm", seed=0, number=1)
    assert seen.untabled == ()
    assert (seen.scenario.facts["study"].says, seen.scenario.facts["study"].supports) == (
        "Do they want it?",
        (),
    )
    events = play(made, engineer=Scripted(positions=[yes(tables=["study"]), "yes"]), pm=sending(1))
    assert faults(events)[0][:2] == ("engineer", 1)


@pytest.mark.parametrize(
    ("number", "names", "message"),
    [
        (4, ("study",), "has 'study' found out, which takes 2 rounds; the last round to ask was 3"),
        (1, ("survey",), "has 'survey' found out, which is no study that could be made here"),
    ],
)
def test_a_study_that_cannot_arrive_or_does_not_exist_is_not_lawful(number, names, message):
    about = yes(question={"to": "legal", "about": "wanted"})  # keeps the run open
    events = play(unknown(), pm=sending(number, *names), engineer=Scripted(positions=[about]))
    assert ("pm", number, message) in faults(events)


def test_the_same_study_is_not_asked_for_twice():
    moves = [Proposal(package=GOOD, commissions=("study",))] * 2
    events = play(unknown(), pm=Scripted(packages=moves), **QUIET)
    assert ("pm", 2, "has 'study' found out, which was asked for already") in faults(events)


@pytest.mark.parametrize(("takes", "ends"), [(1, 4), (2, 3), (3, 2), (4, 2)])
def test_no_no_go_while_it_can_still_be_found_out(takes, ends):
    """Asked by name in round 1 and nothing came: but the PM could still have sent for it."""
    events = play(unknown(takes), **QUIET)
    assert (events[-1].outcome, events[-1].round) == ("no_go", ends)


def test_no_no_go_while_a_study_is_pending_and_one_when_it_is_in_and_shows_nothing():
    made = unknown(3)
    vain = made.facts["study"].model_copy(update={"supports": ()})
    made = type(made).model_validate(made.model_copy(update={"evidence": (vain,)}).plain())
    events = play(made, pm=sending(1), **QUIET)
    assert (events[-1].outcome, events[-1].round) == ("no_go", 4)


def test_a_void_round_commissions_nothing_and_holds_nothing_up():
    class Late(Scripted):
        def propose(self, seen):
            if seen.round == 2:
                raise RuntimeError("asleep")
            return super().propose(seen)

    pm = Late(packages=[Proposal(package=GOOD, commissions=("study",)), GOOD])
    events = play(unknown(), pm=pm, **QUIET)
    assert [event.round for event in events if isinstance(event, Reported)] == [3]


# --- words ----------------------------------------------------------------------------------------


def worded():
    data = scenario().plain()["parties"]
    data["engineer"]["terms"] = {"pilot": "real customers, few of them"}
    data["legal"]["terms"] = {"pilot": "staff and test accounts", "consent": "a signature"}
    data["marketing"] = {**data["pm"], "terms": {"consent": "a click"}}
    return scenario(parties=data)


def asking(to, about, **more):
    return yes(question={"to": to, "about": about}, **more)


def test_a_question_about_a_word_brings_out_what_one_means_by_it():
    made = worded()
    legal = [Position(vote="no", question={"to": "engineer", "about": "pilot"}),
             Position(vote="no", answer={"to": "engineer", "about": "pilot"}), yes()]  # fmt: skip
    engineer = [asking("legal", "pilot"), yes(answer={"to": "legal", "about": "pilot"})]
    opening = Opening(tables=("survey",), says="A pilot, then.")
    events = play(
        made, legal=Scripted(positions=legal), engineer=Scripted(positions=engineer, opening=opening),
        marketing=Scripted(positions=["yes"]),
    )  # fmt: skip
    assert faults(events) == []
    assert heard(made, events).meanings == (("engineer", "pilot"), ("legal", "pilot"))
    public = view(made, events, "marketing", seed=0, number=3).scenario.parties
    assert public["legal"].terms == {"pilot": "staff and test accounts"}  # and not what it means by consent
    found = inquiry(Record(made, events))
    assert (found.meanings, found.unsaid) == (
        {"pilot": ("engineer", "legal")}, {"consent": ("legal", "marketing")},
    )  # fmt: skip


def test_a_ruling_tells_a_further_meaning_alone():
    data = worded().plain()["parties"]
    data["marketing"]["terms"] = {"pilot": "a poster"}
    made = scenario(parties=data)
    pm = [
        Proposal(package=GOOD, question={"to": role, "about": "pilot"})
        for role in ("engineer", "legal", "marketing")
    ]
    seats = {}
    for number, role in enumerate(("engineer", "legal", "marketing"), start=1):
        replies = ["no"] * 4
        replies[number - 1] = Position(vote="no", answer={"to": "pm", "about": "pilot"})
        tables = ("survey",) if role == "engineer" else ()
        seats[role] = Scripted(positions=replies, opening=Opening(says="A pilot, then.", tables=tables))
    events = play(made, pm=Scripted(packages=[*pm, GOOD]), **seats)
    assert faults(events) == []
    assert report.two_things(made, events, 1) == []
    (both,) = report.two_things(made, events, 2)
    assert "real customers" in both
    assert "staff and test accounts" in both
    (third,) = report.two_things(made, events, 3)
    assert "a poster" in third
    assert "customers" not in third
    assert report.two_things(made, events, 4) == []


def test_declining_keeps_a_meaning_private():
    made = worded()
    legal = [Position(vote="no", question={"to": "engineer", "about": "pilot"}), Position(vote="no")]
    engineer = [yes(), yes(answer={"to": "legal", "about": "pilot", "declined": True})]
    events = play(
        made, legal=Scripted(positions=legal), engineer=Scripted(positions=engineer),
        marketing=Scripted(positions=["yes"]),
    )  # fmt: skip
    assert heard(made, events).meanings == ()


@pytest.mark.parametrize(
    ("role", "word", "said", "lawful"),
    [
        ("legal", "pilot", "", True),  # its own word
        ("marketing", "pilot", "", False),  # nobody has said it
        ("marketing", "pilot", "Two Pilots, perhaps.", True),
        ("marketing", "pilot", "The copilot.", False),
        ("marketing", "budget", "The budget.", False),  # an ordinary word
    ],
)
def test_a_question_can_be_about_a_word_in_use(role, word, said, lawful):
    seats = {
        "marketing": Scripted(positions=["yes"]),
        "engineer": Scripted(positions=["yes"], opening=Opening(tables=("survey",), says=said)),
    }
    seats[role] = Scripted(positions=[asking("engineer", word), "yes"])
    assert (faults(play(worded(), **seats)) == []) is lawful


# --- whatever the seats do ------------------------------------------------------------------------


def slow_status(made, criterion, package, tabled, contests):
    """`slow.status`, with the challenges made."""
    return slow.status(made, criterion, package, tabled, contests)


def made_challenges(events):
    return {(e.move.challenge.evidence, e.move.challenge.ground)
            for e in events if isinstance(e, Answered) and e.move.challenge}  # fmt: skip


def named(events):
    """Options anybody has named, read off the plain data of the moves."""
    found = set()
    for event in events:
        move = getattr(event, "move", None)
        data = (
            move.model_dump(by_alias=True) if isinstance(event, Opened | Answered | Proposed) and move else {}
        )
        found |= {(each["issue"], each["option"]) for each in data.get("brings", ())}
        found |= {(ask["issue"], o) for ask in data.get("asks", ()) for o in ask["options"]}
        for side in (data.get("trade") or {}).values():
            found |= set(side.items())
        found |= set((getattr(event, "package", None) or {}).items())
        if data.get("answer"):
            found |= {(data["answer"]["about"], option) for option in data["answer"]["prefers"]}
    return found


def known_packages(made, events):
    missing = made.held_options.keys() - named(events)
    return [p for p in slow.packages(made) if not missing & set(p.items())]


def met_everywhere(made, package, tabled, contests):
    return all(
        slow_status(made, each, package, tabled, contests) == "met"
        for _, each in made.criteria.values() if each.blocking
    )  # fmt: skip


@FAST
@given(rich_scenarios(), st.integers(0, 10**6), st.booleans())
def test_no_deal_that_the_gates_have_not_let_through_and_no_no_go_that_is_not_proven(made, seed, agreeable):
    rng = Random(seed)
    events = negotiate(made, {role: Curious(rng, agreeable) for role in made.parties}, seed=seed)
    end = events[-1]
    assert isinstance(end, Decided)
    tabled, contests = tabled_evidence(made, events), made_challenges(events)
    if end.package is not None:
        assert end.package in known_packages(made, events)
        assert met_everywhere(made, end.package, tabled, contests)
        assert isinstance(events[-2], Signed)
    for number, event in enumerate(events):
        if isinstance(event, Proposed) and event.fault is None:
            allowed = {c for c, who in made.held_options.items() if "pm" in who} | named(events[:number])
            held = set(event.package.items()) & made.held_options.keys()
            assert held <= allowed
    sent = {n for e in events if isinstance(e, Proposed) and e.move for n in e.move.commissions}
    arrived = {n for e in events if isinstance(e, Reported) for n in e.evidence}
    if end.outcome == "no_go":
        assert not any(met_everywhere(made, p, tabled, contests) for p in known_packages(made, events))
        if end.round < made.rounds:
            assert sent == arrived
            assert sum(isinstance(e, Injected) for e in events) == len(made.injects)
            asked = [set(e.asked) for e in events if isinstance(e, Ruled)]
            earlier = set().union(*asked[:-1])
            for package in known_packages(made, events):
                stuck = {
                    n for n, (_, each) in made.criteria.items()
                    if each.blocking and slow_status(made, each, package, tabled, contests) != "met"
                }  # fmt: skip
                failed = {
                    n for n in stuck
                    if slow_status(made, made.criteria[n][1], package, tabled, contests) == "failed"
                }  # fmt: skip
                assert failed or stuck & earlier
            if made.held_options:
                assert sum(isinstance(e, Ruled) for e in events) > 1


@FAST
@given(rich_scenarios(), st.randoms(use_true_random=False))
def test_a_challenge_never_makes_any_verdict_better(made, rng):
    every = [(name, limit.ground) for name, fact in made.facts.items() for limit in fact.limits]
    tabled = frozenset(name for name in made.facts if rng.random() < 0.7)
    fewer = tuple(Contest(evidence=e, ground=g) for e, g in every if rng.random() < 0.5)
    more = (*fewer, *(Contest(evidence=e, ground=g) for e, g in every))
    space = outcome_space(made)
    worse = ["met", "not_shown", "failed"].index
    verdicts = ("pass", "pass_with_follow_up", "not_shown", "blocked").index
    for package in slow.packages(made)[:12]:
        for _, criterion in made.criteria.values():
            before, after = (gates.find(made, criterion, package, tabled, c).status for c in (fewer, more))
            assert worse(after) >= worse(before)
            assert before == slow_status(
                made, criterion, package, tabled, {(c.evidence, c.ground) for c in fewer}
            )
            lacking = unshown(space, made, criterion, tabled, fewer)[space.code(package)]
            assert (before == "not_shown") == (
                bool(lacking) and not gates.fails(made, criterion, package, tabled)
            )
        calm, stormy = (
            gates.ruling(made, 1, package, yes=set(ROLES), tabled=tabled, fresh=(), contests=contests)
            for contests in (fewer, more)
        )
        assert all(verdicts(stormy.verdicts[n]) >= verdicts(calm.verdicts[n]) for n in calm.verdicts)


@FAST
@given(rich_scenarios())
def test_the_solver_counts_with_every_limit_raised_and_every_option_brought(made):
    found = prospects(made)
    facts = {name for name, fact in made.facts.items() if not fact.takes or fact.takes < made.rounds}
    limits = {(name, limit.ground) for name, fact in made.facts.items() for limit in fact.limits}
    every = slow.packages(made)
    passing = [p for p in every if met_everywhere(made, p, facts, limits)]
    assert found.together.disclosed == len(passing)
    assert found.acceptable == sum(slow.agreed(made, p) for p in passing)
    start = {f.id for f in made.evidence if not f.held_by and not f.takes}
    listed = [p for p in every if not made.held_options.keys() & set(p.items())]
    assert found.together.at_start == sum(met_everywhere(made, p, start, set()) for p in listed)
    for fact, count in found.without.items():
        assert count == sum(met_everywhere(made, p, facts - {fact}, limits) for p in every)
        undoubted = sum(met_everywhere(made, p, facts - {fact}, set()) for p in every)
        assert found.undoubted.get(fact, undoubted) == undoubted
        assert (fact in found.deciding_evidence) == bool(passing and count == 0 and undoubted == 0)


@pytest.mark.parametrize(
    ("limits", "review", "acceptable"),
    [
        ([], ["none", "some"], 2),
        (LIMITS[:1], ["none", "some"], 2),
        (LIMITS[1:2], ["some"], 1),
        (LIMITS[2:], [], 0),
    ],
)
def test_within_the_gates_means_whatever_anybody_could_have_raised(limits, review, acceptable):
    """A census answers the first, a reader the second, nothing the third."""
    survey, census = doubtful().facts.values()
    made = doubtful(evidence=[{**survey.model_dump(exclude={"limits"}, exclude_defaults=True), "limits": limits},
                              census.model_dump(exclude_defaults=True)])  # fmt: skip
    assert prospects(made).acceptable == acceptable
    for each in ("none", "some"):
        fails = standing(made, {"reach": "few", "review": each}).fails
        assert (fails == ()) == (each in review)


@FAST
@given(rich_scenarios(), st.integers(0, 10**6))
def test_what_is_written_is_read_back_and_a_run_goes_on_from_anywhere(tmp_path_factory, made, seed):
    seats = {role: Embedded() for role in made.parties}
    events = negotiate(made, seats, seed=seed)
    path = tmp_path_factory.mktemp("runs") / "run.jsonl"
    with Recorder(path, new_header(made, seed)) as recorder:
        for event in events:
            recorder.append(event)
    bare = [event.model_copy(update={"volatile": {}}) for event in events]
    assert [e.model_copy(update={"volatile": {}}) for e in read(path).events] == bare
    assert faults(events) == []
    cut = seed % len(events)
    if cut:
        again = negotiate(made, {role: Embedded() for role in made.parties}, seed=seed, earlier=events[:cut])
        assert [e.model_copy(update={"volatile": {}}) for e in again] == bare


@pytest.mark.parametrize("forged", ["early", "never"])
def test_a_study_that_was_not_due_is_not_believed(forged, tmp_path):
    made = unknown()
    events = list(play(made, pm=sending(1), **QUIET))
    place = next(n for n, event in enumerate(events) if isinstance(event, Reported))
    if forged == "early":
        events = [*events[: place - 5], Reported(round=2, evidence=("study",))]
    else:
        events = list(play(made, **QUIET))
        ruled = next(n for n, event in enumerate(events) if isinstance(event, Ruled))
        events = [*events[: ruled + 1], Reported(round=2, evidence=("study",))]
    path = tmp_path / "run.jsonl"
    with Recorder(path, new_header(made, 0)) as recorder:
        for event in events:
            recorder.append(event)
    with pytest.raises(TranscriptError, match="is not due"):
        read(path)


# --- what an author hears ---------------------------------------------------------------------------

DEPOT_TEXT = DEPOT.read_text("utf-8")
NIGHT = "takes: 2"
ERRORS = [
    ("ground: proxy", "ground: sample", "evidence[2].limits[0].ground", "'sample' stands here twice"),
    ("ground: proxy", "ground: size", "evidence[2].limits[1].ground", "'size' is not possible here"),
    ("answered_by: [usual-week]", "answered_by: [usual-wek]", "evidence[0].limits[0].answered_by[0]", "did you mean 'usual-week'?"),
    ("answered_by: [usual-week]", "answered_by: [queue]", "evidence[0].limits[0].answered_by[0]", "cannot answer what is wrong with itself"),
    ("unless: {hours: day}", "unless: {hours: night}", "evidence[2].limits[0].unless.hours[0]", "has no option 'night'"),
    ("held_by: [engineer]\n        aloud", "held_by: [enginer]\n        aloud", "issues[0].options[2].held_by[0]", "'enginer' does not sit at this table"),
    (NIGHT, "takes: 2\n    held_by: [legal]", "evidence[3].held_by", "nobody holds what does not exist yet"),
    ("    takes: 2\n", "", "evidence[3].study", "add `takes`"),
    ('study: {asks: "How well does it read by night, in the rain?", about: [reads]}', "", "evidence[3].takes", "add `study: {asks"),
    ("about: [reads]}", "about: [reeds]}", "evidence[3].study.about[0]", "did you mean 'reads'?"),
    ("terms: {safe: nobody", "terms: {hours: nobody", "parties.legal.terms.hours", "'hours' is already an id"),
]  # fmt: skip
WARNINGS = [
    ("        answered_by: [usual-week]\n", "", "evidence[0].limits[0]", "once challenged, that is final"),
    ("    supports: [wanted]\n", "", "evidence[0].limits", "this one supports no criterion"),
    (NIGHT, "takes: 8", "evidence[3].takes", "takes 8 rounds of 8: asked for in round 1 it still comes too late"),
    ("terms: {safe: nobody", "terms: {sound: nobody", "parties.legal.terms.sound", "only legal means something by 'sound'"),
]  # fmt: skip


def examined(tmp_path, old, new):
    assert DEPOT_TEXT.count(old) >= 1, old
    path = tmp_path / "made.yaml"
    path.write_text(DEPOT_TEXT.replace(old, new, 1), "utf-8")
    return examine(path)


@pytest.mark.parametrize(("old", "new", "where", "message"), ERRORS)
def test_what_cannot_be_is_an_error_at_its_place(tmp_path, old, new, where, message):
    found = [(each.where, each.message) for each in examined(tmp_path, old, new).errors]
    assert any(place == where and message in text for place, text in found), found


@pytest.mark.parametrize(("old", "new", "where", "message"), WARNINGS)
def test_what_is_odd_is_a_warning_at_its_place(tmp_path, old, new, where, message):
    reading = examined(tmp_path, old, new)
    found = [(each.where, each.message) for each in reading.problems if each.level == "warning"]
    assert reading.scenario is not None
    assert any(place == where and message in text for place, text in found), found


def test_an_issue_of_which_everything_is_held_leaves_nothing_to_begin_with(tmp_path):
    text = DEPOT_TEXT.replace("label: next month}", "label: next month, held_by: [legal]}")
    path = tmp_path / "made.yaml"
    path.write_text(text.replace("contract ends}", "contract ends, held_by: [legal]}"), "utf-8")
    (found,) = examine(path).errors
    assert (found.where, found.message) == (
        "issues[2].options", "every option here is held by somebody; leave one that all know, to begin with",
    )  # fmt: skip


def test_the_pm_is_never_asked_what_it_means(tmp_path):
    found = examined(
        tmp_path, "    walk_away: 45\n", "    walk_away: 45\n    terms: {safe: insured}\n"
    ).problems
    assert [each.message for each in found] == [
        "the PM is never asked, so this never comes out; give it to a colleague"
    ]


def test_an_option_that_every_package_needs_is_told():
    made = only_the_tag()
    (told,) = [text for text in advice(made, prospects(made)) if "can bring" in text]
    assert told == (
        'every package that can pass needs "those with a tag" (reach: tag), which only engineer can bring; '
        "without that the run must end in no-go"
    )
    assert not [
        text
        for text in advice(examine(DEPOT).scenario, prospects(examine(DEPOT).scenario))
        if "can bring" in text
    ]


# --- models: offered only where there is something of the kind --------------------------------------


def offered(made, events, role, verb, number=1):
    fields = form(verb, view(made, events, role, seed=0, number=number)).schema["properties"]
    return {name for name, part in fields.items() if part != {"type": "null"}}


def test_a_form_offers_each_only_to_whom_and_where_it_can_be_done():
    made, (first, *_) = examine(DEPOT).scenario, depot(1)[1]
    begun = (first, Proposed(round=1, package={"gate": "guard", "hours": "day", "start": "now"}, move=None))
    onto = (*begun[:1], Opened(round=0, role="marketing", move=Opening(tables=("queue",))), *begun[1:])
    new = {"challenge", "brings", "commissions"}
    assert offered(made, onto, "engineer", "answer") & new == {"challenge", "brings"}
    assert offered(made, onto, "legal", "answer") & new == {"challenge"}
    assert offered(made, begun, "legal", "answer") & new == set()  # there is no fact to challenge
    assert offered(made, begun, "pm", "propose") & new == {"commissions"}
    assert offered(made, begun, "pm", "propose", number=7) & new == set()  # it would come too late
    plain = scenario()
    assert offered(plain, (Proposed(round=1, package=GOOD, move=None),), "legal", "answer") & new == set()
    about = form("answer", view(made, onto, "legal", seed=0, number=1)).schema["properties"]["question"]
    assert "safe" in json.dumps(about)


def test_a_filled_form_challenges_brings_and_sends():
    made, (first, *_) = examine(DEPOT).scenario, depot(1)[1]
    package = {"gate": "guard", "hours": "day", "start": "now"}
    begun = (first, Opened(round=0, role="marketing", move=Opening(tables=("queue",))),
             Proposed(round=1, package=package, move=None))  # fmt: skip
    seen = view(made, begun, "engineer", seed=0, number=1)
    blank = {"vote": "no", "asks": [], "tables": [], "brings": ["gate=tag"], "question": None, "trade": None,
             "challenge": "queue=sample", "moved_by_evidence": [],
             "moved_by_people": [], "concern": None, "says": "A tag."}  # fmt: skip
    move = read_filled(form("answer", seen), blank).move
    check(move, seen, "answer")
    assert (move.brings[0].option, move.challenge.ground) == ("tag", "sample")
    pm = view(made, begun[:2], "pm", seed=0, number=1)
    sent = read_filled(
        form("propose", pm),
        {"package": package, "question": None, "commissions": ["night-run"], "says": "I send for it."},
    ).move
    check(sent, pm, "propose")
    assert sent.commissions == ("night-run",)


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_a_prompt_tells_what_has_come_out(language):
    made, events = depot(2)
    made = made.model_copy(update={"language": language})
    seen = view(made, events, "marketing", seed=0, number=events[-1].round)
    system, table = (text for _, text in prompts.messages(seen, "answer"))
    assert all(asks in system for asks in DOUBTS[language].values()), "each ground has a question of its own"
    assert "night-run" in system
    assert "gate=tag" in table
    assert "gate=tag" not in system  # it was on nobody's list
    found = heard(made, events)
    for contest in found.contests:
        assert made.facts[contest.evidence].limit(contest.ground).says in table
    for role, word in found.meanings:
        assert made.parties[role].terms[word] in table
    own = prompts.messages(view(made, events, "engineer", seed=0, number=1), "answer")[0][1]
    assert "gate=tag" in own
    assert made.parties["engineer"].terms["safe"] in own
    assert made.facts["reading"].limits[0].says in own


# --- what is shown of it ------------------------------------------------------------------------------


def written(tmp_path, made, events, name="run"):
    path = tmp_path / f"{name}.jsonl"
    with Recorder(path, new_header(made, 0)) as recorder:
        for event in events:
            recorder.append(event)
    return path


def test_screens_and_files_speak_of_it(aipm, tmp_path):
    made, events = depot(9)
    path = written(tmp_path, made, events)
    text = " ".join(aipm("show", path).out.split())
    assert "? could be found out: How well does it read by night, in the rain? (2 rounds)" in text
    for words in (
        'challenges: "',
        "stands until it is answered",
        "heard; nothing changes",
        "opens when that is answered",
    ):
        assert words in text
    assert '"safe" means two things here:' in text
    page = aipm("show", path, "--as", "facilitator").out
    assert "What was questioned" in page
    data = aipm("show", path, "--as", "facilitator", "--json").json
    assert set(data["inquiry"]) >= {"challenges", "brought", "kept", "studies", "meanings", "lenses"}
    for end in ("html", "md", "csv"):
        assert aipm("export", path, "-o", tmp_path / f"run.{end}").code == 0
    document = (tmp_path / "run.md").read_text("utf-8")
    assert "challenges" in document
    assert "means two things here" in document
    assert "What was sent for is in." in document or not inquiry(Record(made, events)).studies


def test_a_comparison_counts_it_and_names_what_neither_brought(aipm, tmp_path):
    made = only_the_tag()
    kept = written(tmp_path, made, play(made, **QUIET), "kept")
    again = written(tmp_path, made, play(made, **QUIET, legal=Scripted(positions=["no"])), "again")
    brought = written(tmp_path, made, play(made, engineer=Scripted(positions=["yes", yes(**BRINGS[0]), "yes"]),
                                           pm=Scripted(packages=[GOOD, GOOD, TAG])), "brought")  # fmt: skip
    text = " ".join(aipm("compare", kept, brought).out.split())
    assert "options brought, kept 0, 1 1, 0" in text
    blind = " ".join(aipm("compare", kept, again).out.split())
    assert "those with a tag" in blind
    assert "inquiry" in aipm("compare", kept, brought, "--json").json["runs"][0]


def test_a_scenario_without_any_of_it_says_nothing_of_it(aipm):
    aipm("run", "refund-copilot", "--seed", "7", "--display", "none")
    assert "inquiry" not in aipm("show", "--as", "facilitator", "--json").json
    assert "What was questioned" not in aipm("show", "--as", "facilitator").out


# --- played by the embedded table -------------------------------------------------------------------


@lru_cache
def depot(seed):
    made = examine(DEPOT).scenario
    return made, negotiate(made, {role: Embedded() for role in made.parties}, seed=seed)


SEEDS = range(30)


def test_the_depot_gate_reads_without_an_error():
    reading = examine(DEPOT)
    assert reading.problems == ()
    assert reading.scenario.extras == {"challenges", "inventions", "studies", "terms"}


def test_embedded_seats_do_all_of_it_and_not_all_the_time():
    found = [inquiry(Record(*depot(seed))) for seed in SEEDS]
    assert all(not faults(events) for _, events in map(depot, SEEDS))
    effect = sum(each.with_effect for each in found)
    made = sum(len(each.challenges) for each in found)
    assert 0.2 * made < effect < 0.8 * made
    assert all(
        Counter(c.by for c in each.challenges).most_common(1)[0][1] <= 3 for each in found if each.challenges
    )
    assert any(c.answered for each in found for c in each.challenges if c.effect)
    brought = sum(bool(each.brought) for each in found)
    assert 0.5 * len(SEEDS) < brought < len(SEEDS)
    assert any(s.arrived for each in found for s in each.studies.values())
    assert sum(bool(each.studies) for each in found) < len(SEEDS) / 2
    assert sum(len(each.meanings.get("safe", ())) > 1 for each in found) > len(SEEDS) / 3
    assert {lens for each in found for lens in each.lenses} == set(ASKS["en"])


def test_a_study_is_sent_for_only_where_the_plan_of_the_round_needs_it():
    sent = 0
    for seed in range(60):
        made, events = depot(seed)
        for number, event in enumerate(events):
            for name in event.move.commissions if isinstance(event, Proposed) and event.move else ():
                tabled, contests = (
                    tabled_evidence(made, events[:number]),
                    heard(made, events[:number]).contests,
                )
                about = (made.criteria[each][1] for each in made.facts[name].study.about)
                found = [gates.find(made, each, event.package, tabled, contests).status for each in about]
                assert "not_shown" in found
                sent += 1
    assert sent


def test_whoever_doubts_everything_stops_after_three():
    facts = [
        {
            "id": f"f{n}",
            "says": f"Figure {n}.",
            "analysis": "descriptive",
            "supports": ["wanted"],
            "limits": LIMITS[2:],
        }
        for n in range(9)
    ]
    made = scenario(evidence=facts, rounds=12)
    pm, legal = Scripted(packages=[{"reach": "all", "review": "none"}]), Scripted(positions=["no"])
    for seed in range(5):
        party = made.parties["engineer"].model_copy(update={"walk_away": Decimal(101)})
        hard = made.model_copy(update={"parties": {**made.parties, "engineer": party}})
        events = negotiate(hard, {"pm": pm, "legal": legal, "engineer": Embedded()}, seed=seed)
        assert len(inquiry(Record(hard, events)).challenges) == 3


def test_embedded_seats_challenge_by_their_trade_or_by_what_they_know():
    trades = {"engineer": {"baseline", "stale", "sample", "proxy"}, "data_scientist": {"sample", "slice", "baseline", "proxy"},
              "legal": {"interest", "proxy"}, "marketing": {"proxy", "sample"}}  # fmt: skip
    for seed in SEEDS:  # engineer and data scientist both hold the test, so they know what is wrong with it
        for each in inquiry(Record(*depot(seed))).challenges:
            assert each.ground in trades[each.by]


def test_only_figures_are_doubted_on_a_guess_and_anything_by_who_knows():
    """A law has no sample and a quotation no baseline; whoever holds a letter may still know that it is old."""

    def doubts(fact, seed):
        made = scenario(
            evidence=[{"id": "it", "says": "So it is.", "supports": ["wanted"], **fact}], rounds=9
        )
        hard = made.parties["engineer"].model_copy(update={"walk_away": Decimal(101)})
        made = made.model_copy(update={"parties": {**made.parties, "engineer": hard}})
        pm, legal = Scripted(packages=[BARE]), Scripted(positions=["no"], opening=Opening(tables=("it",)))
        if "held_by" not in fact:
            legal = Scripted(positions=["no"])
        events = negotiate(made, {"pm": pm, "legal": legal, "engineer": Embedded()}, seed=seed)
        return inquiry(Record(made, events)).challenges

    def runs_with(fact):
        return sum(bool(doubts({"limits": LIMITS[2:], **fact}, seed)) for seed in range(6))

    assert runs_with({"analysis": "descriptive"}) == 6
    assert runs_with({}) == 0
    assert runs_with({"held_by": ["legal", "engineer"]}) > 0  # unless it brings the letter itself


def test_an_embedded_holder_says_nothing_of_an_option_it_has_not_brought():
    for seed in SEEDS:
        made, events = depot(seed)
        label = made.label("gate", "tag")
        for number, event in enumerate(events):
            if label in (getattr(getattr(event, "move", None), "says", "") or ""):
                assert ("gate", "tag") in heard(made, events[: number + 1]).brought


def test_an_embedded_table_with_nothing_left_is_asked_what_else_there_is():
    data = examine(DEPOT).scenario.plain()
    data["checkpoints"]["viable"][0]["rule"] = [{"metric": "wait", "at_most": 2}]  # the guard is too slow now
    made = Scenario.model_validate_json(json.dumps(data), strict=False)
    ends, questions = Counter(), Counter()
    for seed in SEEDS:
        events = negotiate(made, {role: Embedded() for role in made.parties}, seed=seed)
        ends[events[-1].outcome] += 1
        brought = inquiry(Record(made, events)).brought
        assert (events[-1].outcome == "no_go") <= (not brought)
        questions["open"] += any(
            isinstance(e, Proposed)
            and e.move
            and re.search("not on it|nobody asked about|not heard", e.move.says)
            for e in events
        )
    assert ends["go"] + ends["go_with_follow_ups"] > len(SEEDS) / 2
    assert questions["open"] > len(SEEDS) / 3


def test_every_challenge_and_every_word_is_said_aloud():
    for seed in SEEDS:
        made, events = depot(seed)
        for event in events:
            if isinstance(event, Answered) and event.move.answer and event.move.answer.about == "safe":
                means = made.parties[event.role].terms.get("safe")
                assert means is None or means in event.move.says
            if isinstance(event, Answered) and event.move.brings:
                assert "under my desk" in event.move.says


def test_no_seat_opens_two_turns_alike_and_nobody_repeats_a_question_of_a_lens():
    for seed in SEEDS:
        _, events = depot(seed)
        turns = [
            (e.role, e.move.says) for e in events if getattr(e, "move", None) is not None and e.move.says
        ]
        for role in {role for role, _ in turns}:
            words = [re.search(r"\w+", text)[0].lower() for who, text in turns if who == role]
            assert len(words) - len(set(words)) <= 1, (seed, role, words)
        said = " ".join(text for _, text in turns)
        assert all(said.count(text) <= 2 for text in ASKS["en"].values())  # two may think of it at once


def test_a_package_with_an_option_nobody_brought_was_not_open_to_the_table():
    made = only_the_tag()
    events = play(made, **QUIET)
    got = {role: party.walk_away for role, party in made.parties.items()}
    assert missed(Record(made, events), TAG, got) is None
    engineer = Scripted(positions=["yes", yes(**BRINGS[0])])
    events = play(made, engineer=engineer, pm=Scripted(packages=[GOOD]))
    assert missed(Record(made, events), TAG, got).round == 2


def test_every_ground_has_a_lens_and_every_lens_its_question_in_both_languages():
    assert set(LENS_OF.values()) | {"language_games"} == set(ASKS["en"]) == set(ASKS["zh-Hant"])


def test_an_answer_to_somebody_else_about_the_same_issue_leaves_the_pms_question_owed():
    from types import SimpleNamespace

    from aipm_agents.table.closing import _unanswered
    from aipm_agents.table.moves import Question

    asked = Question(to="engineer", about="gate")
    proposal = Proposed(round=2, package={}, move=Proposal(package={}, question=asked))
    other = Answered(
        round=2, role="engineer", move=Position(vote="no", answer={"to": "legal", "about": "gate"})
    )
    stranger = Answered(round=2, role="legal", move=Position(vote="no", answer={"to": "pm", "about": "gate"}))
    answered = Answered(
        round=2, role="engineer", move=Position(vote="no", answer={"to": "pm", "about": "gate"})
    )
    ruled = SimpleNamespace(round=2)
    assert _unanswered((proposal, other, stranger), ruled) == {"gate"}
    assert _unanswered((proposal, answered, stranger), ruled) == set()


@pytest.mark.parametrize(
    ("unless", "told"),
    [
        ({"gate": ["tag"]}, "opens with something that is not on the list; ask what else there is"),
        ({"gate": ["guard"], "hours": ["day"]}, "opens with two changes together: "),
        ({"gate": ["guard"], "hours": ["day"], "start": ["march"]}, "opens with several changes together"),
    ],
)
def test_a_ruling_says_how_far_away_it_opens_and_names_no_option_that_is_held(unless, told):
    data = examine(DEPOT).scenario.plain()
    data["evidence"] = [
        *data["evidence"],
        {"id": "news", "says": "It is open.", "undermines": ["right-person"], "unless": unless},
    ]
    made = Scenario.model_validate_json(json.dumps(data), strict=False)
    package = {"gate": "plate", "hours": "always", "start": "now"}
    known = at_the_table(made, ())
    criterion = known.criteria["right-person"][1]
    found = gates.find(known, criterion, package, {"news"}, ())
    for audience in (known, made):
        said = reasons.reason(audience, found, package).opens_with
        assert said.startswith(told)
        assert made.label("gate", "tag") not in said
