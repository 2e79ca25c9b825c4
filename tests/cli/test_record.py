"""A group that played on paper, entered in four lines a round: what was entered, derived by the rules, and no more."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from asking import Browser, words
from checker import refused
from making import scenario
from records import bundle

from aipm_agents.analysis.debrief.whole import debrief
from aipm_agents.analysis.run.summary import sheet
from aipm_agents.errors import TranscriptError, UsageError
from aipm_agents.language import speaking
from aipm_agents.report.compare.comparison import decided
from aipm_agents.report.debrief.closing_words import motto
from aipm_agents.report.debrief.discussion import discussion
from aipm_agents.report.papers.markdown import markdown
from aipm_agents.report.run.decision_record import record as decided_on
from aipm_agents.report.run.work_paper import work_paper
from aipm_agents.room.looking import site
from aipm_agents.room.reading import leaf
from aipm_agents.scenario.checks import check
from aipm_agents.scenario.reader import revised
from aipm_agents.table.audience import PUBLIC
from aipm_agents.table.events import Answered, Decided, Framed, Opened, Reported, Stopped
from aipm_agents.table.on_paper import Meeting
from aipm_agents.table.paper_lines import round_of
from aipm_agents.transcript import dumped, first_line, line, new_header, read

DEAL = "2 3 2\niiny\ncalls\n\nreview=2\nyyyy\nreplay slice consumer-law\n\n\nyyyy\n\ndeal\n"
TIME = "1 1 1\nynny\n\n\n2 2 1\nyiny\ncalls\n\n2 2 2\nyyny\n\ntime\n"


class Keyboard(io.StringIO):
    def isatty(self):
        return True


def entered(aipm, name, lines, scenario="refund-copilot"):
    Path("lines.txt").write_text(lines)
    return aipm("record", scenario, "-o", name, "--lines", "lines.txt")


def test_four_lines_a_round_make_a_record_that_claims_what_was_entered(aipm):
    told = entered(aipm, "G1.jsonl", DEAL)
    assert (told.code, told.err) == (0, "")
    assert told.out.startswith("GO, round 3\n")
    run = read(Path("G1.jsonl"))
    assert set(run.seats.values()) == {"paper"}
    assert not any(isinstance(event, Framed | Opened) for event in run.events)
    answers = [event for event in run.events if isinstance(event, Answered)]
    assert all(not (a.move.says or a.move.asks or a.move.question or a.move.trade) for a in answers)
    assert [a.dropped[0].part for a in answers if a.move.vote == "yes_if"] == ["asks", "asks"]
    assert isinstance(run.events[-1], Decided)
    assert run.record.tabled == {"calls", "replay", "slice", "consumer-law"}
    assert refused(Path("G1.jsonl").read_text("utf-8").splitlines()) is None


def test_what_the_rulings_do_not_bear_out_is_asked_about_and_then_recorded_beside_them(aipm):
    doubtful = entered(aipm, "G1.jsonl", TIME.replace("time", "deal"))
    assert doubtful.code == 2
    assert "line 12: by what was entered this is no deal" in " ".join(doubtful.err.split())
    assert not Path("G1.jsonl").exists()
    assert entered(aipm, "G1.jsonl", TIME.replace("time", "deal!")).code == 0
    assert read(Path("G1.jsonl")).events[-1] == Stopped(round=3, reason="signed")
    unsigned = entered(aipm, "G2.jsonl", DEAL.replace("deal", "parted"))
    told = " ".join(unsigned.err.split())
    assert all(way in told for way in ("which is a deal", "write deal;", "more,", "parted!")), (
        "how to write what happened"
    )
    assert entered(aipm, "G2.jsonl", DEAL.replace("deal", "parted!")).out.startswith("parted without a deal (round 3)")  # fmt: skip
    for name in ("G1.jsonl", "G2.jsonl"):
        assert refused(Path(name).read_text("utf-8").splitlines()) is None


def test_a_class_mixes_groups_on_paper_with_played_ones(aipm):
    entered(aipm, "G1.jsonl", DEAL)
    entered(aipm, "G2.jsonl", TIME)
    assert aipm("run", "refund-copilot", "-o", "G3.jsonl", "--display", "none").code == 0
    told = " ".join(aipm("debrief", "G1.jsonl", "G2.jsonl", "G3.jsonl", "--full").out.split())
    assert "Recorded from paper: G1 and G2." in told
    assert "AT A GLANCE" in told
    assert "time ran out (round 3), decided by nobody" in told
    assert "questions asked not recorded not recorded" in told
    assert "THE IDEAS BEHIND IT each with its place in these meetings" in told
    ideas = told.partition("THE IDEAS BEHIND IT")[2].partition("OWN RESULTS")[0]
    assert "G1" in ideas
    assert "nobody asked in G1" not in ideas, "on paper nobody knows what was asked"


def test_a_debrief_of_paper_says_nothing_that_nobody_wrote_down(aipm):
    entered(aipm, "G2.jsonl", TIME)
    told = " ".join(aipm("debrief", "G2.jsonl", "--full").out.split())
    assert "Recorded from paper" in told
    for claim in (
        "Nobody asked",
        "no reason named",
        "Harm first raised",
        "in plain words in the PM's speeches",
    ):
        assert claim not in told, claim
    assert "Whether anybody asked was not recorded." in told
    assert "THE IDEAS BEHIND IT" in told
    for typed in (("show", "G2.jsonl"), ("compare", "G2.jsonl", "G2.jsonl"), ("export", "G2.jsonl", "-o", "G2.html")):  # fmt: skip
        assert aipm(*typed).code == 0, typed
    assert aipm("resume", "G2.jsonl").code == 2


def whole(rounds, last):
    """A table that plays its four rounds out over a shut checkpoint, and says in the last how it ended."""
    return "1 1 1\nynny\n\n\n" + "\nynny\n\n\n" * (rounds - 2) + f"\nynny\n\n{last}"


ENDS = {"deal!": "signed on paper, over a shut checkpoint", "parted": "parted without a deal", "time": "no agreement", "": "no agreement"}  # fmt: skip


@pytest.mark.parametrize("last", ENDS)
def test_the_last_round_ends_as_the_table_ended(aipm, last):
    assert entered(aipm, "G1.jsonl", whole(8, last and f"{last}\n")).code == 0
    run, how = read(Path("G1.jsonl")), ENDS[last]
    assert run.record.ending == ("no_agreement" if how == "no agreement" else "stopped")
    assert refused(Path("G1.jsonl").read_text("utf-8").splitlines()) is None
    with speaking("en"):
        told = [
            leaf(run, PUBLIC, None)["headline"],
            decided(sheet("A", run)),
            markdown(motto(debrief(run), full=True)),
        ]
        told += [each.text for each in discussion(debrief(run))[:1]]
    assert all(how in text.lower() for text in told[:2]), told
    assert leaf(run, PUBLIC, None)["over"]
    if how != "no agreement":
        assert all(how in text.lower() for text in told), told
        assert how in aipm("show", "G1.jsonl").out.lower()
        with speaking("en"):
            shelf = words(Browser(site(Path())).get("/"))
            papers = [shelf, markdown(work_paper(run)), markdown(decided_on(run.scenario, run.events))]
        assert all(how in text.lower() for text in papers)
        assert not any("broken off" in text.lower() for text in papers[1:])


def test_a_table_that_goes_on_over_an_open_ruling_goes_on(aipm):
    """Nobody failed at the signing: on paper it was not signed, as often as they liked."""
    through = DEAL.removesuffix("deal\n")
    told = entered(aipm, "G1.jsonl", through + "!\n" + "\nyyyy\n\n!\n" * 2 + "\nyyyy\n\ndeal\n")
    assert (told.code, told.out.splitlines()[0]) == (0, "GO, round 6")
    assert refused(Path("G1.jsonl").read_text("utf-8").splitlines()) is None
    entered(aipm, "G2.jsonl", through + "more\n" + "\nyyyy\n\nmore\n" * 2 + "\nyyyy\n\ndeal\n")
    assert read(Path("G1.jsonl")).events == read(Path("G2.jsonl")).events, "a word for it, too"
    last = entered(aipm, "G3.jsonl", through + "more\n" + "\nyyyy\n\nmore\n" * 5)
    assert last.code == 2
    assert "more: this was the last round of the case" in " ".join(last.err.split())


def test_whoever_ends_the_typing_has_said_nothing_and_gets_the_lines_back(aipm, monkeypatch):
    for typed in ("1 1 1\nynny\n\n", "1 1 1\nynny\n"):
        monkeypatch.setattr("sys.stdin", Keyboard(typed))
        told = aipm("record", "refund-copilot", "-o", "G1.jsonl")
        assert (told.code, Path("G1.jsonl").exists()) == (130, False)
        assert typed.strip() in told.err
    assert "opens when" in entered(aipm, "G2.jsonl", TIME.replace("time", "deal")).err
    monkeypatch.setattr("sys.stdin", Keyboard("1 1 1\nynny\n\ntime\n"))
    Path("afile").write_text("x")
    assert "1 1 1\nynny\n\ntime" in aipm("record", "refund-copilot", "-o", "afile/G1.jsonl").err


def test_what_only_the_pm_knows_is_told_by_nobody():
    plain = scenario().plain()
    plain["evidence"][0]["held_by"] = ["pm"]
    made, _ = revised(plain)
    assert made is not None
    with pytest.raises(UsageError, match="only the PM knows it"):
        round_of(Meeting(made), "1 1", "yy", "survey")
    assert any("this never comes out" in each.message for each in check(made))


MISTAKES = {
    "1 1\nynny\n\ntime\n": "line 1: package: an option for each of the 3 questions",
    "1 1 9\nynny\n\ntime\n": "path has no option '9'", "1 1 1\nyn\n\ntime\n": "votes: a letter",
    "1 1 1\nynny\nreplai\ntime\n": "no fact 'replai'", "1 1 1\nyn-y\nconsumer-law\ntime\n": "enter how it voted",
    "1 1 1\nynny\n\nmaybe\n": "write deal, time, parted or more", "1 1 1\nynny\n": "nobody says how it ended",
    "﻿# G1\n1 1 1\nynny\ncalls\n\n\nynny\ncalls\ntime\n": "lines 6 to 8: round 2:",
}  # fmt: skip


@pytest.mark.parametrize("lines", MISTAKES)
def test_a_mistake_is_told_with_its_line_and_nothing_is_kept(aipm, lines):
    told = entered(aipm, "G1.jsonl", lines)
    assert (told.code, Path("G1.jsonl").exists()) == (2, False)
    assert MISTAKES[lines] in " ".join(told.err.split())


def test_news_and_results_come_when_they_came_on_paper():
    made = bundle("one-gauge")
    meeting, package = Meeting(made), " ".join("1" for _ in made.issues)
    votes = "y" * len(made.colleagues)
    meeting.enter(round_of(meeting, package, votes, "?dry-run"))
    meeting.enter(round_of(meeting, "", votes, "news1 dry-run"))
    assert any(isinstance(e, Reported) and e.round == 2 for e in meeting.events)
    with pytest.raises(UsageError, match="is in already"):
        meeting.enter(round_of(meeting, "", votes, "dry-run"))
    with pytest.raises(UsageError, match="news²"):
        round_of(Meeting(made), package, votes, "news²")
    late = Meeting(made)
    for _ in range(3):
        late.enter(round_of(late, package, votes, ""))
    with pytest.raises(UsageError, match="by then the case has brought"):
        late.enter(round_of(late, package, votes, ""))


def test_a_held_option_is_brought_before_the_pm_proposes_it():
    made = bundle("night-bids")
    meeting, votes = Meeting(made), "n" * len(made.colleagues)
    package = " ".join("1" for _ in made.issues)
    held = next(iter(made.held_options))
    change = "=".join(held)
    with pytest.raises(UsageError):
        meeting.enter(round_of(meeting, package, votes, "")) or meeting.enter(
            round_of(meeting, change, votes, "")
        )
    meeting.enter(round_of(meeting, "", votes, change))
    meeting.enter(round_of(meeting, change, votes, ""))
    assert meeting.round == 3


def test_paper_is_paper_from_beginning_to_end(aipm):
    entered(aipm, "G1.jsonl", TIME)
    lines = Path("G1.jsonl").read_text("utf-8").splitlines()
    seating = json.loads(lines[1])
    mixed = json.dumps({**seating, "seats": {**seating["seats"], "legal": "human"}})
    ended = json.dumps({"kind": "stopped", "round": 0, "reason": "signed"})
    played = json.dumps({**seating, "seats": dict.fromkeys(seating["seats"], "human")})
    for wrong in ([mixed], [lines[1], played], [played, ended]):
        text = [lines[0], *wrong]
        assert refused(text) is not None
        Path("wrong.jsonl").write_text("\n".join(text) + "\n", "utf-8")
        with pytest.raises(TranscriptError):
            read(Path("wrong.jsonl"))


def test_a_no_go_on_paper_is_one_by_what_was_told_and_names_nothing_that_was_merely_not_shown():
    plain = scenario(rounds=2).plain()
    plain["checkpoints"]["viable"].append({"id": "doomed", "asks": "Is it doomed?", "owner": "pm"})
    plain["evidence"].append({"id": "doom", "says": "It is.", "held_by": ["legal"], "undermines": ["doomed"]})
    made, _ = revised(plain)
    for tells, ended in (("doom", ("no_go", ("doomed",))), ("", ("no_agreement", ("wanted",)))):
        meeting = Meeting(made)
        for facts in (tells, ""):
            meeting.enter(round_of(meeting, "2 2", "yn", facts))
        meeting.close("time")
        last = meeting.events[-1]
        assert (last.outcome, last.stopped_by) == ended
        lines = (first_line(new_header(made, 0)), *map(line, meeting.events))
        assert refused([dumped(each) for each in lines]) is None


CLASS = {  # of discharge-letter, as a teacher entered them
    "G1": "1 3 1 1 1\nnnnyy\ncall-backs reading-test\n\n3 3 1 2 3\nyyiyy\nsign-log news1\n\n3 3 1 2 3\nyyyyy\nfebruary-links\ndeal\n",
    "G2": "2 4 2 1 1\nnnyyn\ndaughter\n\n2 3 2 2 2\nnyyii\nsign-log insurer news1\n\n3 3 1 3 2\nnyyiy\ncall-backs february-links\ntime\n",
    "G3": "4 1 1 1 1\nyiynn\n\n\n4 1 1 2 1\nyyynn\nsign-log news1\nparted\n",
}


def test_a_class_is_told_what_its_sheets_hold_and_why(aipm):
    for name, lines in CLASS.items():
        assert entered(aipm, f"{name}.jsonl", lines, "discharge-letter").code == 0
    told = {name: " ".join(aipm("debrief", f"{name}.jsonl").out.split()) for name in CLASS}
    apart = " ".join(aipm("debrief", "G1.jsonl", "G2.jsonl", "G3.jsonl").out.split())

    assert (
        "G2: told nothing. Desire then stood open in G1 and shut in G2." in apart
    )  # the facts did it, not the packages
    assert "Shut at the end: Desire, Feasible and Alignment: team." in apart
    assert apart.count("no deal no deal") == 1, "what no deal is worth is told of each in the same words"
    assert not any("seed 0" in text for text in (apart, *told.values()))
    assert (
        "In round 2 nothing else was shut; but what can fail a criterion came out in the same round"
        in told["G1"]
    )
    assert 'It broke "Is the draft there within the promised thirty seconds?"' in told["G2"]
    assert "With it came the yes of Head nurse; for what reason, nobody wrote down." in told["G2"]
    assert "BLOCKED: letters a day 9; at least 30." in told["G3"]  # not what is merely not shown
    assert "No vote turned: still yes, to a package worth 8 points less on that card." in told["G3"]
    assert "aipm resume" not in aipm("show", "G3.jsonl").out
    for text in (*told.values(), apart):
        for claim in ("asking 10 points", "who did not name it", "was over by then", "of 9"):
            assert claim not in text


def test_a_class_is_not_told_of_a_checkpoint_that_held_up_what_a_fact_told_too_late_did(aipm):
    late = DEAL.split("\n\n\nyyyy")[0] + "\nparted\n"
    for name, lines in {"G1": late, "G2": DEAL}.items():
        assert entered(aipm, f"{name}.jsonl", lines).code == 0
    told = " ".join(aipm("debrief", "G1.jsonl", "G2.jsonl").out.split())
    assert (
        "At the end no checkpoint was shut; but what can fail a criterion came out in that very round."
        in told
    )
    assert "Shut at the end" not in told


def test_what_cannot_be_read_is_said_at_once_and_a_veto_by_name(aipm, monkeypatch):
    typed = "help\n1 3 1 1 1\nyyyy\nyyiyy\ncall-backs reading-test\n\n1 3 1 1 1\nyyiyy\n\ndeal\ntime\n"
    monkeypatch.setattr("sys.stdin", Keyboard(typed))
    said = aipm("record", "discharge-letter", "-o", "G9.jsonl").out
    assert said.index("package: an option for each") < said.index("round 1, votes")
    assert said.index("votes: a letter") < said.index("round 1, told")
    assert "there is no deal without Legal" in said


def test_a_no_go_of_a_short_lesson_is_told_as_one(aipm):
    """Every package fails on what was told, and nothing more comes: nobody decided it, and the rulings say it."""
    facts = "leavers article-five dilek", "labels accent replay hiring council-date news1"
    lines = (
        f"1 1 1 1 1 1\nyynyy\n{facts[0]}\n\n3 2 2 2 3 3\nyyyyn\n{facts[1]}\n\n4 3 3 3 3 3\nnyynn\n\nparted\n"
    )
    said = entered(aipm, "G1.jsonl", lines, "mood-coach").out.splitlines()[0]
    assert (
        said == "parted without a deal (round 3): by the rulings a no-go, no package on the list could pass"
    )
    assert "by the rulings a no-go" in " ".join(aipm("debrief", "G1.jsonl").out.split())
    said_to = {who: aipm("show", "G1.jsonl", "--as", who).out for who in ("public", "legal", "facilitator")}
    knows = [who for who, text in said_to.items() if "a no-go" in text]
    assert knows == ["facilitator"]  # the others do not know what is still to come
    short = lines.replace(f"{facts[1]}\n\n4 3 3 3 3 3\nnyynn\n\nparted", "\nparted")
    assert "decided by nobody" in entered(aipm, "G2.jsonl", short, "mood-coach").out
