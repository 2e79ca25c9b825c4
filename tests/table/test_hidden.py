"""What nobody may know before it is out: what is wrong with a fact, an option nobody brought, a meaning, a study.

A canary in each of these places of the depot-gate scenario; the scenario is played by tables of every kind,
and all that was handed to a seat or shown to an audience is searched. See `test_information` for the rest.
"""

from __future__ import annotations

import dataclasses
import json
import tempfile
from functools import lru_cache
from pathlib import Path
from random import Random

import pytest
from making import Curious
from test_information import Recording, everything, prefixes, shown, verb_of

from aipm_agents.analysis.run.audit import leaks as audited
from aipm_agents.negotiation import negotiate
from aipm_agents.report.run.export import document, html, rows
from aipm_agents.scenario.model import Scenario
from aipm_agents.scenario.reader import read as read_scenario
from aipm_agents.seats.embedded import Embedded
from aipm_agents.seats.model import _discreet, prompts
from aipm_agents.seats.model.form import form
from aipm_agents.seats.scripted import Scripted
from aipm_agents.table.audience import FACILITATOR, PUBLIC, seen_by, visible
from aipm_agents.table.events import Answered, Opened, Proposed, Reported
from aipm_agents.table.moves import Opening, Position
from aipm_agents.table.record import Record
from aipm_agents.table.view import view
from aipm_agents.transcript import Recorder, dumped, line, new_header, read

DEPOT = Path(__file__).parents[1] / "data" / "depot-gate.yaml"
TABLES = ["embedded", "curious", "agreeable", "silent"]


class Secret:
    def __init__(self, word, knowers, is_out=lambda events: False):
        self.word, self.knowers, self._is_out = word, frozenset(knowers), is_out

    def kept_from(self, audience, events):
        if audience == FACILITATOR or audience in self.knowers:
            return False
        said = any(
            self.word in getattr(getattr(e, "move", None), "says", "")
            for e in events
            if getattr(e, "move", None)
        )
        return not said and not self._is_out(events)


def challenged(evidence, ground):
    return lambda events: any(
        isinstance(e, Answered) and e.move.challenge is not None
        and (e.move.challenge.evidence, e.move.challenge.ground) == (evidence, ground) for e in events
    )  # fmt: skip


def tabled(name):
    return lambda events: any(
        name in (e.evidence if isinstance(e, Reported) else e.move.tables)
        for e in events if isinstance(e, Opened | Answered | Reported)
    )  # fmt: skip


def brought(option):
    return lambda events: any(
        option in json.dumps(line(e)) for e in events if isinstance(e, Opened | Answered | Proposed)
    )


def told(role, word):
    return lambda events: any(
        isinstance(e, Answered) and e.role == role and e.move.answer is not None
        and e.move.answer.about == word and not e.move.answer.declined for e in events
    )  # fmt: skip


@lru_cache
def planted():
    text, secrets = DEPOT.read_text("utf-8"), []
    text = (
        text.replace("usual-week", "factzq1")
        .replace("tag:", "optionzq2:")
        .replace("id: tag", "id: optionzq2")
    )
    text = text.replace("[guard, tag]", "[guard, optionzq2]")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "planted.yaml"
        path.write_text(text, "utf-8")
        data = read_scenario(path).plain()
    secrets.append(Secret("factzq1", ["engineer"], tabled("factzq1")))
    secrets.append(Secret("optionzq2", ["engineer"], brought("optionzq2")))
    for fact in data["evidence"]:
        for k, limit in enumerate(fact.get("limits", ())):
            word = f"limitzq{fact['id']}{k}"
            limit["says"] += f" {word}"
            secrets.append(Secret(word, fact.get("held_by", ()), challenged(fact["id"], limit["ground"])))
        if "takes" in fact:
            for field in ("says", "plainly", "aloud", "source"):
                word = f"studyzq{field}"
                fact[field] += f" {word}"
                out = tabled(fact["id"]) if field != "aloud" else lambda events: False
                secrets.append(Secret(word, (), out))
    option = data["issues"][0]["options"][2]
    option["label"] += " labelzq3"
    option["aloud"] += " aloudzq4"
    secrets.append(Secret("labelzq3", ["engineer"], brought("optionzq2")))
    secrets.append(Secret("aloudzq4", ["engineer"]))
    for role in ("engineer", "legal"):
        word = f"termzq{role}"
        data["parties"][role]["terms"]["safe"] += f" {word}"
        secrets.append(Secret(word, [role], told(role, "safe")))
    return Scenario.model_validate_json(json.dumps(data), strict=False), tuple(secrets)


def seats(made, table, seed):
    rng = Random(seed)
    match table:
        case "embedded":
            return {role: Embedded() for role in made.parties}
        case "silent":
            package = {issue.id: issue.options[0].id for issue in made.issues}
            return {role: Scripted(packages=[package], positions=["no"]) for role in made.parties}
    return {role: Curious(rng, table == "agreeable") for role in made.parties}


@lru_cache
def played(table, seed):
    made, secrets = planted()
    views = []
    table_ = {role: Recording(seat, views) for role, seat in seats(made, table, seed).items()}
    return made, secrets, negotiate(made, table_, seed=seed, concurrency=1), tuple(views)


every_run = pytest.mark.parametrize(("table", "seed"), [(t, s) for t in TABLES for s in (1, 9)])


def sung(secrets, audience, events, text):
    return [s.word for s in secrets if s.word in text and s.kept_from(audience, events)]


def test_every_canary_is_planted_and_found_with_who_may_know_it():
    made, secrets = planted()
    assert len(secrets) == 13
    assert [s.word for s in secrets if s.word not in everything(made)] == []
    for secret in secrets:
        for role in secret.knowers:
            assert secret.word in everything(seen_by(made, (), role)), (secret.word, role)
    assert sum(len(s.knowers) for s in secrets) == 11


@every_run
def test_a_view_a_prompt_and_a_form_hold_none_of_it_before_it_is_out(table, seed):
    _, secrets, _, views = played(table, seed)
    for seen in views:
        text = everything(seen)
        for language in ("en", "zh-Hant"):
            other = dataclasses.replace(
                seen, scenario=seen.scenario.model_copy(update={"language": language})
            )
            text += "\n".join(words for _, words in prompts.messages(other, verb_of(seen)))
        text += json.dumps(form(verb_of(seen), seen).schema)
        assert sung(secrets, seen.role, seen.events, text) == []


@every_run
def test_no_audience_is_shown_any_of_it_before_it_is_out(table, seed):
    made, secrets, events, _ = played(table, seed)
    for begun in prefixes(events):
        for audience in (PUBLIC, *made.parties):
            seen = visible(begun, audience)
            text = everything(seen_by(made, seen, audience)) + "".join(dumped(line(e)) for e in seen)
            assert sung(secrets, audience, seen, text) == []


@pytest.mark.parametrize(("table", "seed"), [(t, 2) for t in TABLES])
def test_screens_and_files_keep_it_too(table, seed, tmp_path, monkeypatch, capsys):
    made, secrets, events, _ = played(table, seed)
    for cut in (8, len(events) // 2, len(events)):
        path = tmp_path / f"{cut}.jsonl"
        with Recorder(path, new_header(made, seed)) as recorder:
            for event in events[:cut]:
                recorder.append(event)
        run = read(path)
        for audience in (PUBLIC, "legal", "engineer"):
            seen = visible(events[:cut], audience)
            text = shown(monkeypatch, capsys, str(path), "--as", audience)
            text += shown(monkeypatch, capsys, str(path), "--as", audience, "--json")
            text += html(run, audience) + document(run, audience) + str(rows(run, audience))
            assert sung(secrets, audience, seen, text) == []
        facilitator = shown(monkeypatch, capsys, str(path), "--as", FACILITATOR, "--json")
        assert [s.word for s in secrets if s.word not in facilitator] == []


def test_all_of_it_comes_out_somewhere_so_that_there_is_something_to_keep():
    came_out = set()
    for table in TABLES:
        for seed in (1, 6, 9):
            _, secrets, events, _ = played(table, seed)
            came_out |= {s.word for s in secrets if not s.kept_from(PUBLIC, visible(events, PUBLIC))}
    assert {s.word for s in secrets} - came_out <= {"studyzqaloud"}
    curious = [played("curious", seed) for seed in (1, 6, 9)]
    assert any(
        ("gate", "optionzq2") in v.heard.brought and v.role != "engineer"
        for *_, views in curious
        for v in views
    ), "somebody else plays on after an option was brought without a word"


def test_a_briefing_stays_the_same_bytes_whatever_comes_out():
    for table in TABLES:
        for seed in (1, 6, 9):
            made, _, _, views = played(table, seed)
            for role in made.parties:
                mine = {prompts.briefing(seen) for seen in views if seen.role == role}
                assert len(mine) == 1, (table, seed, role)


# --- the audit finds what a seat says too early ---------------------------------------------------


SAID = {
    "I would rather have the plate and a tag in the driver's pocket.": "option",
    "I know that a plate says which van it is, and not who is driving it.": "limit",
    "By safe I mean that the barrier never comes down on a van, ever, anywhere.": "term",
}


@pytest.mark.parametrize(("says", "kind"), SAID.items())
def test_the_audit_points_at_what_was_said_too_early(says, kind):
    made = read_scenario(DEPOT)
    package = {"gate": "guard", "hours": "day", "start": "now"}
    table = {role: Scripted(positions=["no"], packages=[package]) for role in made.parties}
    table["engineer"] = Scripted(positions=[Position(vote="no", says=says)])
    found = audited(Record(made, negotiate(made, table)))
    assert [leak.kind for leak in found if leak.role == "engineer"][:1] == ([kind] if kind else [])
    table["engineer"] = Scripted(positions=[Position(vote="no", says=says)], opening=Opening(
        brings=[{"issue": "gate", "option": "tag"}]
    ))  # fmt: skip
    table["legal"] = Scripted(positions=[Position(vote="no")])
    if kind == "option":
        assert [
            leak for leak in audited(Record(made, negotiate(made, table))) if leak.role == "engineer"
        ] == []


def test_what_one_means_by_a_word_is_a_leak_until_somebody_asks():
    data = read_scenario(DEPOT).plain()
    means = "the barrier has a sensor on both sides and never comes down on a van"
    data["parties"]["engineer"]["terms"]["safe"] = means
    made = Scenario.model_validate_json(json.dumps(data), strict=False)
    package = {"gate": "guard", "hours": "day", "start": "now"}
    table = {role: Scripted(positions=["no"], packages=[package]) for role in made.parties}
    table["engineer"] = Scripted(positions=[Position(vote="no", says=f"You see, {means}.")])
    assert {leak.kind for leak in audited(Record(made, negotiate(made, table)))} == {"term"}
    asks = Position.model_validate({"vote": "no", "question": {"to": "engineer", "about": "safe"}})
    answers = {"vote": "no", "answer": {"to": "legal", "about": "safe"}, "says": f"You see, {means}."}
    table["legal"] = Scripted(positions=[asks, "no"])
    table["engineer"] = Scripted(positions=[Position(vote="no"), Position.model_validate(answers), "no"])
    assert audited(Record(made, negotiate(made, table))) == []


def test_a_model_that_recites_any_of_it_is_cut_short():
    made = read_scenario(DEPOT)
    begun = (Proposed(round=1, package={"gate": "guard", "hours": "day", "start": "now"}, move=None),)
    seen = view(made, begun, "engineer", seed=0, number=1)
    secrets = [
        "all four thousand came by daylight, in dry weather",
        "There are four hundred tags in a box under my desk",
        "the barrier never comes down on a van",
    ]
    for secret in secrets:
        said, taken = _discreet(Position(vote="no", says=f"Well, {secret}."), seen)
        assert (taken, secret in said.says) == (1, False)
    brings = Position.model_validate(
        {"vote": "no", "brings": [{"issue": "gate", "option": "tag"}], "says": secrets[1]}
    )
    assert _discreet(brings, seen)[1] == 0
