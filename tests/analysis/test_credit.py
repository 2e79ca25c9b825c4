"""Credit where it is due: to the seat that did it, for what it did, and to nobody where it merely came up."""

from __future__ import annotations

import json

import pytest
from making import scenario
from test_debrief import ALL_READ, asks, careless, played, printed, recorded, shop

from aipm_agents.analysis.debrief.groups import groups
from aipm_agents.analysis.debrief.whole import debrief
from aipm_agents.analysis.run.raising import Raised, raised
from aipm_agents.analysis.run.what_if import Shift
from aipm_agents.negotiation import negotiate
from aipm_agents.report.debrief.checkpoint_work import checkpoint
from aipm_agents.report.debrief.discussion import discussion
from aipm_agents.report.debrief.groups import screen as of_class
from aipm_agents.report.debrief.turning_points import without
from aipm_agents.report.papers.markdown import markdown
from aipm_agents.report.words import raising as words
from aipm_agents.report.words.because import because
from aipm_agents.report.words.changes import moved
from aipm_agents.report.words.deeds import deeds
from aipm_agents.report.words.on_paper import ruled
from aipm_agents.seats.scripted import Scripted
from aipm_agents.table.events import Opened
from aipm_agents.table.moves import Opening, Position, Proposal, Reply
from aipm_agents.table.on_paper import Meeting
from aipm_agents.table.paper_lines import round_of

NOBODY, SOMEBODY = {"reach": "few", "review": "none"}, {"reach": "few", "review": "some"}


def table(*, limits=False, **seats):
    """Desire needs the survey; Alignment fails on the test unless somebody reads. `limits`: the survey has a weak side."""
    made = scenario(rounds=4)
    if limits:
        evidence = made.plain()["evidence"]
        evidence[0]["limits"] = [{"ground": "sample", "says": "It asked eleven.", "answered_by": ["test"]}]
        made = scenario(rounds=4, evidence=evidence)
    events = negotiate(made, {role: seats.get(role, Scripted()) for role in made.parties}, seed=0)
    return recorded(made, events)


def package_of(run):
    return next((each for each in debrief(run).turning if each.kind == "package"), None)


def test_what_a_fact_of_the_same_round_did_is_not_the_packages():
    """Desire opens in round 2 by the survey alone; the package that changed beside it won nothing."""
    run = table(
        pm=Scripted(packages=[Proposal(package=NOBODY), Proposal(package=SOMEBODY)]),
        engineer=Scripted(positions=["no", Position(vote="yes", tables=("survey",))]), legal=Scripted(positions=["no", "yes"]),
    )  # fmt: skip
    won = package_of(run)
    assert won is None or "wanted" not in (*won.gained, *won.together)
    assert [each.name for each in debrief(run).turning if each.kind == "fact"] == ["survey"]


def test_points_given_up_without_a_word_are_a_turning_point_and_points_got_are_none():
    """A yes said again: nothing was asked for and no vote changed, so it shows in the points alone."""
    high, low = {"reach": "all", "review": "none"}, {"reach": "few", "review": "some"}

    def told(*packages, others=("no",)):
        run = table(
            pm=Scripted(packages=[Proposal(package=each) for each in packages]),
            engineer=Scripted(positions=["yes"] * 3), legal=Scripted(positions=list(others)),
        )  # fmt: skip
        return [(t.round, t.role, t.gave) for t in debrief(run).turning if t.kind == "vote"]

    assert told(high, low)[0] == (2, "engineer", 40)
    assert told(low, high) == []
    assert told(high, high) == []
    legal = ["no", "yes_if", "no", "yes_if", "no"]
    wavering = [
        Position(vote=each, asks=[{"issue": "reach", "options": ["few"]}] if each == "yes_if" else [])
        for each in legal
    ]
    assert (2, "engineer", 40) in told(high, low, low, low, others=wavering), "as large as a step of a vote"


def test_where_package_and_fact_did_it_together_that_is_said():
    made = scenario(
        rounds=4,
        checkpoints={"alignment": [{"id": "safe", "asks": "Is it safe?", "owner": "legal", "evidence": "required",
                                    "rule": {"choose": {"review": "some"}}}]},
        evidence=[{"id": "trial", "says": "It held.", "held_by": ["engineer"], "supports": ["safe"]},
                  {"id": "note", "says": "A note."}],
    )  # fmt: skip
    seats = {
        "pm": Scripted(packages=[Proposal(package=NOBODY), Proposal(package=SOMEBODY)]),
        "engineer": Scripted(positions=["no", Position(vote="yes", tables=("trial",), says="It held.")]),
        "legal": Scripted(positions=["no", Position(vote="yes", moved_by=("pm@2", "note"))]),
    }
    run = recorded(made, negotiate(made, seats, seed=0))
    won = package_of(run)
    assert (won.gained, won.together) == ((), ("safe", "legal"))
    text = printed(run)
    assert '"Is it safe?": met by this and by what has come since the ruling before; neither' in text
    assert "The yes of Legal: for this, and for other reasons given." in text


def silent(**opening):
    seats = {
        role: Scripted(positions=["yes"] * 5, opening=Opening(tables=opening.get(role, ())))
        for role in shop().parties
    }
    return played(seats | {"pm": Scripted(packages=[Proposal(package=ALL_READ)] * 5)})


def test_a_table_that_pressed_yes_in_silence_is_credited_with_nothing():
    run = silent(legal=("test", "bill"), engineer=("queue",), marketing=("rumour",))
    found = debrief(run)
    assert raised(run.record) == ()
    looked = [*found.coverage.lenses.values(), *found.coverage.cautions.values()]
    assert {each.reach for each in looked} <= {"came_up", "ruled", "missed", "absent"}
    assert found.coverage.lenses["frame_problem"].reach == "came_up"
    assert not [name for name, item in found.practices.items() if item.shown]
    text = printed(run)
    assert text.count("NOT SHOWN: no question, doubt or reason about it is on record.") == 4, (
        "the checklist of four"
    )
    assert (
        "Harm first raised: never. A fact about it was told (opening), and no question or doubt named it."
        in text
    )
    assert "0 % of the talking" not in text
    assert "when you said" not in text


def test_what_a_seat_asked_is_quoted():
    seats = careless()
    first, second = seats["pm"].packages
    seats["pm"].packages = (first.model_copy(update={"question": None}), second)
    asked = Position.model_validate(
        {**seats["marketing"].positions[0].model_dump(by_alias=True), "question": asks("legal", "safe")}
    )
    seats["marketing"].positions = (asked, seats["marketing"].positions[1])
    seats["engineer"].positions = (Position(vote="yes", says="Fine by me."),) * 2
    seats["legal"].positions = (
        seats["legal"].positions[0],
        Position(vote="yes", answer=Reply(to="marketing", about="safe")),
    )
    run = played(seats)
    looked = debrief(run).coverage.lenses["frame_problem"]
    assert {(each.by, each.how) for each in raised(run.record)} >= {
        ("marketing", "question"),
        ("legal", "told"),
    }
    assert looked.reach == "raised"
    told = 'Legal told "'
    assert told in printed(run)


def test_the_first_question_is_true_to_the_move():
    """From yes to yes-if costs nothing; a yes that gave up nothing is not asked what it cost."""
    run = table(
        pm=Scripted(packages=[Proposal(package=NOBODY)] * 2 + [Proposal(package=SOMEBODY)] * 2),
        engineer=Scripted(opening=Opening(tables=("survey",)), positions=[
            "yes", Position.model_validate({"vote": "yes_if", "asks": [{"issue": "review", "options": ["some"]}]}), "yes"]),
        legal=Scripted(positions=["no", "no", "yes"]),
    )  # fmt: skip
    asked = " ".join(each.text for each in discussion(debrief(run)))
    assert "What did that cost" not in asked
    assert "went from" in asked


def test_each_verdict_that_a_fact_changed_has_its_own_rounds():
    """Never `instead of pass with follow-up or pass in rounds 1 to 3`: which was it in round 2?"""
    shifts = [Shift(n, "people", was, "not_shown") for n, was in ((1, "pass_with_follow_up"), (2, "pass"), (3, "pass"))]  # fmt: skip
    told = without([each._replace(was=each.now, now=each.was) for each in shifts])
    assert "instead of pass with follow-up in round 1; " in told
    assert told.endswith("instead of pass in rounds 2 and 3")


def test_questions_about_one_fact_are_one():
    facts = [each.about for each in discussion(debrief(silent())) if each.about]
    assert len(facts) == len(set(facts))


@pytest.mark.parametrize(
    ("other", "what", "followed"),
    [
        ("word", None, set()),
        ("wish", None, set()),
        ("vote", "vote", {"team"}),
        ("fact", "tables", {"desire"}),
        ("package", "package", {"team"}),
        ("doubt", "challenge", {"desire"}),
        ("doubt and a yes", "challenge", {"desire"}),  # the yes is not the challenge's
        ("doubt of another seat", None, set()),
        ("silent", None, set()),
        ("unwritten", None, set()),
    ],
)
def test_groups_part_where_something_followed(other, what, followed):
    """Another word or another wish is no parting; what the ruling hung on is."""

    def group(kind):
        wish = {"vote": "no", "asks": [{"issue": "review", "options": ["some"]}]}
        second = {"word": Position(vote="no", says="Not like this."), "wish": Position.model_validate(wish)}
        legal = Scripted(positions=[second.get(kind, "no"), "yes"])
        pm = Scripted(packages=[Proposal(package=NOBODY), Proposal(package=SOMEBODY)])
        engineer = Scripted(opening=Opening(tables=("survey",)), positions=["yes"] * 4)
        match kind:
            case "vote":
                legal = Scripted(positions=["yes", "yes"])
            case "fact":
                engineer = Scripted(positions=["yes", Position(vote="yes", tables=("survey",)), "yes"])
            case "package":
                pm = Scripted(packages=[Proposal(package=SOMEBODY)] * 2)
                legal = Scripted(positions=["yes"] * 2)
            case "doubt" | "doubt and a yes":
                doubt = {
                    "vote": "no" if kind == "doubt" else "yes",
                    "challenge": {"evidence": "survey", "ground": "sample"},
                }
                legal = Scripted(positions=[Position.model_validate(doubt), "yes"])
            case "doubt of another seat":
                doubt = {"vote": "yes", "challenge": {"evidence": "survey", "ground": "sample"}}
                engineer.positions = [Position.model_validate(doubt), "yes"]
        run = table(pm=pm, engineer=engineer, legal=legal, limits=other.startswith("doubt"))
        events = list(run.events)
        first = next(
            n for n, event in enumerate(events) if isinstance(event, Opened) and event.role == "legal"
        )
        if kind == "silent":
            events[first] = events[first].model_copy(update={"fault": "timeout"})
        if kind == "unwritten":
            del events[first]
        return recorded(run.scenario, events)

    found = groups([group("doubt" if other == "doubt of another seat" else ""), group(other)])
    made = found.forks[0].decisive
    assert (made and made.what) == what
    assert set(made.rulings if made else ()) == followed
    text = " ".join(markdown(of_class(found, full=False)).split())
    assert ("Nowhere: the same packages, the same rulings and the same end" in text) == (what is None)
    assert "Nash ratio" in text


def test_a_red_line_is_not_told_as_missing_yeses():
    """Two of two yeses and the veto's: the line is what stopped it, in the debrief and where paper is entered."""
    parties = scenario().plain()["parties"]
    parties["engineer"]["red_lines"] = [{"because": "Never some.", "when": [{"review": ["some"]}]}]
    made = scenario(rounds=3, parties=parties)
    seats = {
        "pm": Scripted(packages=[Proposal(package={"reach": "few", "review": "some"})] * 3),
        "engineer": Scripted(opening=Opening(tables=("survey",)), positions=["no"] * 3),
        "legal": Scripted(positions=["yes"] * 3),
    }
    run = recorded(made, negotiate(made, seats, seed=0))
    told = markdown(list(checkpoint(debrief(run), full=True)))
    assert "enough said yes; but the package crossed a red line of Engineer" in told
    assert "missing was yeses" not in told
    entered = Meeting(made)
    entered.enter(round_of(entered, "2 2", "ny", "survey"))
    assert "red line of Engineer: Never some." in ruled(entered)
    assert "2 yes, 2 needed" not in ruled(entered)


def test_a_gate_that_was_the_only_one_shut_beside_news_is_what_did_the_work():
    """Two gates shut together for longer are not told as `never the only one` above a table that says one was."""
    facts = scenario().plain()["evidence"]
    facts.append({"id": "leak", "says": "It leaks.", "held_by": ["engineer"], "undermines": ["light"], "unless": {"review": "some"}})  # fmt: skip
    made = scenario(rounds=4, evidence=facts)
    few = {"reach": "few", "review": "some"}
    seats = {
        "pm": Scripted(packages=[Proposal(package={**few, "reach": "all"}), Proposal(package=few), Proposal(package=few)]),
        "engineer": Scripted(positions=["yes", Position(vote="yes", tables=("survey", "leak")), "yes"]),
        "legal": Scripted(positions=["yes", "no", "yes"]),
    }  # fmt: skip
    found = debrief(recorded(made, negotiate(made, seats, seed=0)))
    assert found.work.hardest.gate == "team"
    told = markdown(list(checkpoint(found, full=True)))
    assert "never the only one" not in told
    assert "In round 2 nothing else was shut" in " ".join(told.split())


def test_a_ruling_says_who_moved_and_by_what():
    run = played(careless())
    last = run.record.rulings[-1]
    assert moved(run.scenario, run.events, run.record.rulings[0]) == []
    assert moved(run.scenario, run.events, last) == [
        "Legal from no to yes, by the PM's package of round 2", 'Marketing from yes, if to yes, by "One of one."',
    ]  # fmt: skip


def test_a_question_stays_on_the_screen_beside_words_that_do_not_ask_it():
    made = shop()
    asked = [
        [each.line for each in deeds(made, "engineer", 1, Position.model_validate({"vote": "no", "says": says, "question": question})) if not each.aloud]
        for says, question in (
            ("Not yet.", asks("legal", "safe")), ("Not yet.", {"to": "legal", "about": "safe"}),
            ("What about safe? I wonder.", asks("legal", "safe")),
        )
    ]  # fmt: skip
    assert ["asks" in " ".join(lines) for lines in asked] == [True, True, False]


def test_what_a_bound_meets_is_met_by_its_figures_and_what_a_choice_meets_by_the_choice():
    run = table(pm=Scripted(packages=[Proposal(package=NOBODY)]))
    assert because(run.record, "light") == "met by its figures"
    run = table(pm=Scripted(packages=[Proposal(package={"reach": "all", "review": "none"})]))
    assert because(run.record, "pays") == "met, as the package has all of them"


def test_what_one_offer_paid_for_is_not_unpaid_by_another():
    """Two offers for a reader, and the deal has what one of them gave; of a third the deal has only what was asked for."""
    offers = [
        {"give": {"reach": "all"}, "for": {"review": "some"}},
        {"give": {"reach": "few"}, "for": {"review": "some"}},
    ]
    for kept, unpaid in ((offers, 0), (offers[:1], 1)):
        positions = [
            Position(vote="no", trade=each, tables=("survey",) * (not n)) for n, each in enumerate(kept)
        ]
        run = table(
            pm=Scripted(packages=[Proposal(package=NOBODY)] * 2 + [Proposal(package=SOMEBODY)] * 2),
            engineer=Scripted(positions=[*positions, *["yes"] * 3]),
            legal=Scripted(positions=["no", "no", "yes"]),
        )
        assert run.record.deal == SOMEBODY
        assert ("and not what was offered for it" in printed(run)) == bool(unpaid)
        assert ("and what its offer of round 2 gave for that" in printed(run)) == (not unpaid)


def test_a_question_without_words_says_what_it_was_about():
    asked = Raised(2, "engineer", "question", "safe", "")
    assert words.raised(scenario(), asked) == 'Engineer asked about "Is it safe?" (round 2).'
    assert words.raised(scenario(), asked._replace(says="Is it?")) == 'Engineer asked (round 2): "Is it?"'


def test_who_paid_says_that_waiting_is_left_out():
    plain = shop().plain()
    plain["parties"]["engineer"]["discount"] = 0.5
    made = shop().model_validate_json(json.dumps(plain), strict=False)
    assert "both before what waiting took" in printed(played(careless(), made))
    assert "both before what waiting took" not in printed(played(careless()))
