"""A move is told once: everybody who prints one prints the same deeds."""

from __future__ import annotations

import re
from html import unescape
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from aipm_agents.cli.desk import chair, colleague
from aipm_agents.report.compare.parting import did
from aipm_agents.report.live import meeting
from aipm_agents.report.run import export
from aipm_agents.report.words.deeds import NONE, deeds
from aipm_agents.scenario.reader import examine
from aipm_agents.table.audience import FACILITATOR
from aipm_agents.table.events import Answered, Framed, Opened, Proposed, Signed
from aipm_agents.table.moves import Opening, Position, Proposal, Signing, Words
from aipm_agents.table.view import view
from aipm_agents.transcript import Header, Transcript

PACKAGE = {"gate": "plate", "hours": "always", "start": "now"}
MOVES = {
    "open": Opening(
        asks=[{"issue": "gate", "options": ["guard", "tag"]}], tables=("usual-week",), brings=[{"issue": "gate", "option": "tag"}]
    ),
    "propose": Proposal(
        package=PACKAGE, question={"to": "legal", "about": "safe", "text": "Safe for whom?"}, commissions=("night-run",)
    ),
    "answer": Position(
        vote="no", asks=[{"issue": "hours", "options": ["day"]}, {"issue": "start", "options": ["now"]}], tables=("stolen",),
        challenge={"evidence": "queue", "ground": "sample"}, question={"to": "engineer", "about": "reads"},
        answer={"to": "pm", "about": "safe"}, trade={"give": {"start": "now"}, "for": {"gate": "guard"}},
        moved_by=("queue", "engineer@0"), concern="right-person", red_line=0,
    ),
    "sign": Signing(signs=False, criterion="wanted", reason="nobody asked a driver"),
}  # fmt: skip


@pytest.fixture(scope="module")
def case():
    return examine(Path(__file__).parents[1] / "data" / "depot-gate.yaml").scenario


def events(verb, move):
    head = (
        Framed(round=0, role="pm", move=Words(says="Well.")),
        Opened(round=0, role="marketing", move=Opening(tables=("queue",))),
        *([] if verb == "open" else [Opened(round=0, role="engineer", move=Opening(says="A gate."))]),
    )
    proposed = Proposed(round=1, role="pm", package=PACKAGE, move=Proposal(package=PACKAGE))
    match verb:
        case "open":
            return (*head, Opened(round=0, role="engineer", move=move))
        case "propose":
            return (*head, Proposed(round=1, role="pm", package=PACKAGE, move=move))
        case "answer":
            return (*head, proposed, Answered(round=1, role="legal", move=move))
        case "sign":
            return (*head, proposed, Signed(round=1, role="pm", move=move))


def letters(text):
    """Without the markup, the marks and the line breaks of a paper."""
    return "".join(char for char in unescape(re.sub("<[^>]+>", "", text)) if char.isalnum())


def printed(*parts):
    console = Console(width=10_000, record=True, file=StringIO())
    console.print(*parts)
    return console.export_text()


@pytest.mark.parametrize("verb", MOVES)
def test_everybody_tells_the_same_deeds_of_the_same_move(case, verb):
    made = events(verb, MOVES[verb])
    event, run = made[-1], Transcript(Header(scenario=case, scenario_sha256=case.digest, seed=0), made)
    told = deeds(case, event.role, event.round, event.move, PACKAGE if verb == "answer" else None)
    assert {deed.kind for deed in told} >= event.move.model_fields_set & (NONE.keys() - {"package"})
    desk = chair if event.role == "pm" else colleague
    seen = view(case, made[:-1], event.role, seed=0, number=event.round)
    rows = export.rows(run, FACILITATOR)
    papers = {
        "terminal": printed(meeting.screen(case, made)),
        "page": export.html(run, FACILITATOR),
        "document": export.document(run, FACILITATOR),
        "rows": rows[-1][rows[0].index("notes")],
        "comparison": did(case, event, [deed.kind for deed in told]),
        "desk": "\n".join(desk.told(seen, event.move)),
    }
    for paper, text in papers.items():
        for deed in told:
            if deed.kind != "tables":
                assert letters(deed.line) in letters(text), (paper, deed)
            elif paper != "rows":  # they have a column of their own for facts
                assert letters(case.facts[deed.link.removeprefix("fact-")].says) in letters(text), paper


def test_words_that_say_a_deed_need_no_line_for_it_on_the_screen(case):
    spoken = MOVES["answer"].model_copy(update={"says": "Not by night."})
    quiet = {"answer", "concern"}
    assert {deed.kind for deed in deeds(case, "legal", 1, spoken) if deed.aloud} == quiet
    screen = letters(printed(meeting.screen(case, events("answer", spoken))))
    assert letters(case.criteria["right-person"][1].asks) not in screen
    asked = {"to": "engineer", "about": "reads", "text": "Does it read by night?"}
    heard = Position(vote="no", question=asked, says="Tell me. Does it read by night?")
    assert [deed.aloud for deed in deeds(case, "legal", 1, heard)] == [True]
    assert [deed.aloud for deed in deeds(case, "legal", 1, heard.model_copy(update={"says": "No."}))] == [
        False
    ]


def test_what_the_package_has_already_is_not_asked_for(case):
    asks = [{"issue": "start", "options": ["now"]}, {"issue": "hours", "options": ["day"]}]
    told = [deeds(case, "legal", 1, Position(vote=vote, asks=asks), PACKAGE) for vote in ("yes_if", "yes")]
    assert [[deed.what for deed in each] for each in told] == [["the hours of daylight"], []]
