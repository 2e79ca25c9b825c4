"""At the desk: what a deal has to meet, figures against their bounds, a trade in one command, numbers that are names."""

from __future__ import annotations

import io

import pytest
from making import scenario
from rich.console import Console

from aipm_agents.cli.desk import Desk, chair, colleague
from aipm_agents.cli.desk.choosing import Unclear, pick
from aipm_agents.cli.desk.lines import Script
from aipm_agents.cli.desk.sitting import DeskSitting
from aipm_agents.negotiation import negotiate
from aipm_agents.report.live.goals import against_bounds, goals
from aipm_agents.report.live.subjects import Subject
from aipm_agents.report.papers.markdown import markdown
from aipm_agents.report.words.deeds import deeds
from aipm_agents.seats.scripted import Scripted
from aipm_agents.table.events import Proposed, Ruled
from aipm_agents.table.moves import Position, Proposal, Question, Reply
from aipm_agents.table.view import view

LIFEGUARDS = [Subject("few", "1 lifeguard"), Subject("two", "2 lifeguards"), Subject("4", "as now")]


@pytest.mark.parametrize(("typed", "name"), [("1", "few"), ("2", "two"), ("4", "4"), ("two", "two")])
def test_a_number_is_a_place_where_nothing_else_goes_by_it(typed, name):
    assert pick(typed, LIFEGUARDS).name == name


@pytest.mark.parametrize("typed", ["2", "3"])
def test_a_number_that_another_label_begins_with_is_asked_about(typed):
    hours = [Subject("a", "1 lifeguard"), Subject("b", "3 lifeguards"), Subject("c", "2 lifeguards")]
    with pytest.raises(Unclear, match=r"3 lifeguards.*2 lifeguards|2 lifeguards.*3 lifeguards"):
        pick(typed, hours)


def before_round_two():
    """The table as the PM sees it after a round in which the engineer offered a trade."""
    made = scenario()
    trade = {"give": {"review": "none"}, "for": {"reach": "all"}}
    seats = {
        "pm": Scripted(packages=[{"reach": "few", "review": "some"}]),
        "engineer": Scripted(positions=[Position.model_validate({"vote": "yes_if", "trade": trade, "asks": [{"issue": "reach", "options": ["all"]}]})]),
        "legal": Scripted(positions=["no"]),
    }  # fmt: skip
    events = negotiate(made, seats, seed=0)
    end = next(n for n, event in enumerate(events) if isinstance(event, Ruled)) + 1
    return view(made, events[:end], "pm", seed=0, number=2)


def test_two_who_ask_in_one_round_are_answered_one_after_the_other():
    made, said = scenario(), io.StringIO()
    asks = Question(to="legal", about="safe", text="Is it?")
    package = {"reach": "all", "review": "none"}
    seats = {
        "pm": Scripted(packages=[package, Proposal(package=package, question=Question(to="legal", about="review", text="Who?"))]),
        "engineer": Scripted(positions=[Position(vote="yes", question=asks)]), "legal": Scripted(positions=["no"]),
    }  # fmt: skip
    events = negotiate(made, seats, seed=0)
    end = [n for n, event in enumerate(events) if isinstance(event, Proposed)][1] + 1
    seen = view(made, events[:end], "legal", seed=0, number=2)
    sitting = DeskSitting(
        seen, "answer", Position(vote="no_answer"), colleague.ANSWER,
        Script("lines", "@legal 2\nanswer no\nanswer some\nno\nsend\n", echo=False), Console(file=said, width=100),
        told=colleague.told, ready=colleague.ready, keep=lambda move: None, where="here",
    )  # fmt: skip
    offered = [command.fits(sitting) for command in sitting.menu]
    assert offered == sorted(offered, reverse=True), "what can be done is counted from 1 without a gap"
    sitting.lines.begin("legal", 2, "answer")
    replies = sitting.run().replies
    assert [(r.to, r.about, r.declined, r.prefers) for r in replies] == [
        ("engineer", "safe", True, ()),
        ("pm", "review", False, ("some",)),
    ]
    assert "asked you something too" in said.getvalue()


class Typed:
    """Lines of somebody who sits there, typed as fast as they are asked for."""

    typed = True

    def __init__(self, *lines):
        self.left = list(lines)

    def begin(self, role, number, verb):
        pass

    def read(self, prompt, words=()):
        return self.left.pop(0)

    def fault(self, text):
        pass


@pytest.mark.parametrize("waits", [True, False])
def test_a_line_typed_too_early_is_the_first_of_the_turn(tmp_path, waits):
    """At `Enter: your figures`, or on a plain terminal, which waits for nothing."""
    said = io.StringIO()
    seen = view(scenario(), (), "legal", seed=0, number=0)
    desk = Desk(
        ("legal",), Typed("say Nobody has asked us.", "send"), Console(file=said, width=80), tmp_path / "run.jsonl",
        tmp_path / "draft", again=lambda: None, waits=waits,
    )  # fmt: skip
    assert desk.turn(seen, "open").says == "Nobody has asked us."


def test_an_order_that_is_not_in_the_words_beside_it_is_heard_in_the_room():
    made, reply = scenario(), Reply(to="pm", about="review", prefers=("some", "none"))
    best, last = (made.label("review", name) for name in ("some", "none"))
    silent = Position(vote="yes", answer=reply, says="I have not asked how often it is wrong.")
    spoken = silent.model_copy(update={"says": f"First {best}, never {last}."})
    told = [[deed for deed in deeds(made, "legal", 2, move) if not deed.aloud] for move in (silent, spoken)]
    assert best in told[0][0].what
    assert told[1] == []


def test_a_trade_is_taken_by_one_command():
    seen, said = before_round_two(), io.StringIO()
    sitting = DeskSitting(
        seen, "propose", chair.start(seen, "propose"), chair.commands(seen.scenario, "propose"),
        Script("lines", "@pm 2\ntake engineer\nsend\n", echo=False), Console(file=said, width=100),
        told=chair.told, ready=chair.ready, keep=lambda move: None, where="here",
    )  # fmt: skip
    sitting.lines.begin("pm", 2, "propose")
    assert sitting.run().package == {"reach": "all", "review": "none"}
    assert "load: 3, at most 2: broken" in said.getvalue()


def test_the_goals_say_every_bound_and_what_each_choice_does():
    seen = before_round_two()
    text = markdown(goals(seen))
    for _, criterion in seen.scenario.criteria.values():
        assert criterion.asks in text
    assert "load at most 2" in text
    assert "| all of them | +3 |" in text
    assert against_bounds(seen, {"reach": "few", "review": "some"}) == ["load: 1, at most 2"]
