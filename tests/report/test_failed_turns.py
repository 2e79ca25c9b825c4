"""A turn that failed is named for what it was, wherever a run is told: who, when, and how; never as somebody's choice."""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

import pytest
from making import scenario
from records import written

from aipm_agents.analysis.run.conduct import conduct
from aipm_agents.analysis.run.inquiry import inquiry
from aipm_agents.errors import SeatError
from aipm_agents.negotiation import negotiate
from aipm_agents.seats.scripted import Scripted
from aipm_agents.table import closing
from aipm_agents.table.moves import Opening
from aipm_agents.table.record import Record

GOOD = {"reach": "few", "review": "some"}


class Failing:
    """Plays as a script does, but for the turns (verb, round) that fail."""

    kind, at_once = "failing", True

    def __init__(self, other, *turns):
        self.other, self.turns = other, dict(turns)

    def __getattr__(self, verb):
        def turn(view):
            if (kind := self.turns.get((verb, view.round))) is not None:
                raise SeatError(kind, "as the schedule has it")
            return getattr(self.other, verb)(view)

        return turn


def table(made=None, *, pm=(), engineer=(), legal=()):
    tells = Scripted(opening=Opening(tables=("survey",)), positions=["yes"])
    seats = {
        "pm": Failing(Scripted(packages=[GOOD]), *pm),
        "engineer": Failing(tells, *engineer),
        "legal": Failing(Scripted(positions=["yes"]), *legal),
    }
    return negotiate(made or scenario(), seats, seed=0)


CASES = {
    "framing": ({"pm": [(("frame", 0), "timeout")]}, "PM: timeout (framing)"),
    "opening": ({"legal": [(("open", 0), "malformed")]}, "Legal: malformed (opening)"),
    "void round": ({"pm": [(("propose", 1), "refusal")]}, "PM: refusal (proposal of round 1)"),
    "signing": (
        {"pm": [(("sign", 1), "malformed"), (("sign", 2), "malformed")]},
        "PM: malformed (signing of round 1, signing of round 2)",
    ),
    "two kinds": (
        {"legal": [(("open", 0), "timeout"), (("answer", 1), "no_reply"), (("answer", 2), "no_reply")]},
        "Legal: timeout (opening), no reply (round 1, round 2)",
    ),
}


@pytest.mark.parametrize(("failing", "told"), CASES.values(), ids=CASES)
def test_show_debrief_and_compare_name_each(aipm, tmp_path, failing, told):
    events = table(**failing)
    failed = written(tmp_path / "failed.jsonl", scenario(), events)
    whole = written(tmp_path / "whole.jsonl", scenario(), table())
    count = sum(getattr(event, "fault", None) is not None for event in events)
    shown = aipm("show", failed.path).out
    marks = re.findall(r"\[(?:timeout|refusal|malformed|no reply|failure): ", " ".join(shown.split()))
    assert len(marks) == count
    assert "proposed nothing" not in shown
    assert "HOLDS" not in shown
    screens = {
        "debrief": aipm("debrief", failed.path).out,
        "class": aipm("debrief", failed.path, whole.path).out,
        "compare": aipm("compare", failed.path, whole.path).out,
    }
    for name, screen in screens.items():
        assert told in " ".join(screen.split()), name
        assert "holds the deal" not in screen
    assert aipm("debrief", failed.path, "--json").json["run"]["failed_turns"][0]["fault"] in told.replace(
        "no reply", "no_reply"
    )
    assert told not in aipm("debrief", whole.path).out


def test_a_seat_that_was_never_heard_kept_nothing(aipm, tmp_path):
    """No turn of it was usable: then it is not said that nobody asked, nor asked of it why it did not speak."""
    always = [(("open", 0), "malformed"), *((("answer", n), "timeout") for n in range(1, 6))]
    failed = written(tmp_path / "failed.jsonl", scenario(), table(legal=always))
    whole = written(tmp_path / "whole.jsonl", scenario(), table())
    assert Counter(conduct(failed.record).withheld.values()) == {"faulted": 1}
    assert Counter(conduct(whole.record).withheld.values()) == {"not_asked": 1}
    told = " ".join(aipm("debrief", failed.path, "--full").out.split())
    assert "It errs" in told
    assert "a fault, and nobody's silence" in told
    assert "It errs" not in " ".join(aipm("compare", failed.path, whole.path).out.split())


def test_an_option_whose_holder_was_never_heard_was_not_kept():
    issues = scenario().model_dump(mode="json", exclude_defaults=True)["issues"]
    issues[1]["options"].append({"id": "all-read", "label": "everybody", "held_by": ["legal"]})
    parties = {
        role: {"wants": "?", "walk_away": 20,
               "points": {"reach": {"all": 60, "few": 40}, "review": {"none": 40, "some": 20, "all-read": 5}}}
        for role in ("pm", "engineer", "legal")
    }  # fmt: skip
    made = scenario(issues=issues, parties=parties)
    always = [(("open", 0), "malformed"), *((("answer", n), "timeout") for n in range(1, 6))]
    for failing, why in ((always, "faulted"), ((), "not_asked")):
        found = inquiry(Record(made, table(made, legal=failing)))
        assert found.kept == {("review", "all-read"): why}


# --- the benchmark, small -----------------------------------------------------------------------


@pytest.fixture
def faults(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "benchmarks"))
    import faults

    yield faults
    sys.modules.pop("faults")


SCHEDULES = (
    ("engineer", "answer", "always", 2, "no_reply", False), ("marketing", "answer", "everybody in a round", 2, "refusal", False),
    ("pm", "sign", "once", 1, "malformed", True), ("pm", "propose", "once", 1, "timeout", True),
)  # fmt: skip


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda each: " ".join(map(str, each)))
def test_no_fault_is_taken_for_a_judgement_and_each_is_named(faults, schedule):
    """`python benchmarks/faults.py` does it at length."""
    run = faults.play(faults.Schedule("refund-copilot", *schedule, seed=720))
    assert run.faults
    assert not run.found


def test_the_benchmark_sees_a_fault_that_is_taken_for_a_judgement(faults, monkeypatch):
    monkeypatch.setattr(closing, "_kept_open", lambda *of: set())
    run = faults.play(faults.Schedule("refund-copilot", *SCHEDULES[1], seed=720))
    assert {each.count for each in run.found} >= {"no-gos by silence"}
