"""The paper for work: one page, said to be simulated, with nothing of the conversation and nobody's score sheet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from making import scenario
from records import bundle
from test_debrief import recorded

import aipm_agents as aipm
from aipm_agents.cli import files, main
from aipm_agents.errors import UsageError
from aipm_agents.negotiation import negotiate
from aipm_agents.report.papers import word
from aipm_agents.report.papers.markdown import markdown
from aipm_agents.report.run.decision_record import record as decision_record
from aipm_agents.report.run.work_paper import work_paper
from aipm_agents.seats.scripted import Scripted
from aipm_agents.sweeps.keys import varied
from aipm_agents.table.moves import Position, Proposal


@pytest.fixture(scope="module")
def run():
    return aipm.run("refund-copilot", seed=1)


def test_it_says_what_was_decided_on_what_and_what_would_change_it(run):
    text = markdown(work_paper(run.transcript))
    heads = re.findall(r"^## (.+)$", text, re.M)
    assert [head.split(" (")[0] for head in heads[:3]] == ["Decision", "Conditions", "What it rests on"]
    assert any(head.startswith("What would change it") for head in heads)
    assert text.index("SIMULATED") < text.index("## Decision")
    assert "embedded: PM" in text
    for issue, option in run.deal.items():
        assert run.scenario.label(issue, option) in text


def test_it_is_plain_markdown_of_one_page_without_the_talk_or_the_score_sheets(run):
    text = markdown(work_paper(run.transcript))
    assert "<" not in text
    assert "|" not in text
    assert len(text.split()) < 700
    assert not re.search(r"walk-away|points|class|seminar|debrief|facilitator", text)
    for event in run.events:
        says = getattr(getattr(event, "move", None), "says", "")
        assert not says or says not in text


def test_nobody_is_said_to_miss_what_the_deal_has():
    """Who would take either of two misses neither where the deal has one."""
    made = scenario(rounds=3, checkpoints={}, agreement={"accept_at_least": 2})
    few, asks = {"reach": "few", "review": "some"}, [
        {"issue": "reach", "options": ["all", "few"]}, {"issue": "review", "options": ["none"]},
    ]  # fmt: skip
    seats = {role: Scripted(positions=["yes"]) for role in made.colleagues}
    seats["legal"] = Scripted(positions=[Position.model_validate({"vote": "yes_if", "asks": asks})])
    seats["pm"] = Scripted(packages=[Proposal(package=few)])
    run = recorded(made, negotiate(made, seats, seed=0))
    assert run.record.deal == few
    text = markdown(work_paper(run))
    assert 'asked for "nobody".' in text
    assert "everybody" not in text.partition("## Dissent")[2].partition("##")[0]
    assert re.search(r"talk with .* about .nobody.", text)
    told = markdown(decision_record(made, run.events))
    assert "everybody or" not in told


def test_a_choice_that_a_rule_asks_for_is_a_condition():
    rule = {"choose": {"review": "some"}}
    made = scenario(
        rounds=3,
        checkpoints={
            "alignment": [{"id": "read", "asks": "Does somebody read?", "owner": "legal", "rule": rule}]
        },
    )
    seats = {role: Scripted(positions=["yes"]) for role in made.colleagues}
    seats["pm"] = Scripted(packages=[Proposal(package={"reach": "few", "review": "some"})])
    run = recorded(made, negotiate(made, seats, seed=0))
    assert 'Keep "somebody": Does somebody read?' in markdown(work_paper(run))


def test_a_run_without_a_deal_says_what_stopped_it():
    made = varied(bundle("refund-copilot"), {"parties.*.walk_away": "100", "rounds": "2"}).scenario
    run = aipm.run(made, seed=1)
    text = markdown(work_paper(run.transcript))
    assert run.deal is None
    assert "What stopped it" in text


def test_the_command_writes_it_and_says_what_it_can_write(run, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("AIPM_RUNS", str(tmp_path))
    path = run.save(tmp_path / "run.jsonl")

    def typed(*words):
        monkeypatch.setattr("sys.argv", ["aipm", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            main()
        return left.value.code

    for ending in (".md", ".html"):
        out = tmp_path / f"brief{ending}"
        assert typed("export", path, "-o", out, "--for", "work") in (0, None)
        assert "SIMULATED" in Path(out).read_text("utf-8")
    assert typed("export", path, "-o", tmp_path / "x.md", "--for", "school") == 2
    assert typed("export", path, "-o", tmp_path / "x.csv", "--for", "work") == 2


def test_it_is_a_word_document_too_with_the_same_words(run, tmp_path, monkeypatch):
    from docx import Document

    blocks = work_paper(run.transcript)
    path = tmp_path / "brief.docx"
    word.fill(path, "Brief", blocks, "zh-Hant")
    made = Document(str(path))
    told = [line.text for line in made.paragraphs]
    texts = [text for block in blocks for text in getattr(block, "texts", ())]
    assert [text for text in texts if not any(text in line for line in told)] == []
    heads = [line.text for line in made.paragraphs if line.style.name.startswith(("Heading", "Title"))]
    assert heads[0] == run.scenario.title
    assert len(heads) == len([block for block in blocks if type(block).__name__ == "Heading"])
    monkeypatch.setattr(word, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"aipm-agents\[paper\]"):
        files.check(str(path), (".docx",))
