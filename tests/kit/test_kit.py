"""The kit of a scenario: whole, in its language, on the pages it promises, and nobody reads another seat's card."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import sys
from collections import Counter
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from cases import FEW
from hypothesis import given, settings
from hypothesis import strategies as st
from making import scenario as small_scenario
from pagetext import Tags, Words
from proofreader import HAN, faults
from records import bundle
from test_information import leaks, planted, sings

from aipm_agents import disk, language
from aipm_agents.cli import workforce
from aipm_agents.kit import folder, handouts, note, outcomes, places, setting, slides, timing
from aipm_agents.kit.card import card
from aipm_agents.kit.contents import contents
from aipm_agents.kit.document import Document, PrintSheet
from aipm_agents.kit.general import _matrix, general
from aipm_agents.kit.glossary import terms
from aipm_agents.kit.printing import files
from aipm_agents.kit.score import score
from aipm_agents.negotiation import negotiate
from aipm_agents.report.papers.blocks import Grid, Lines, Quote
from aipm_agents.report.papers.markdown import markdown
from aipm_agents.scenario import headline
from aipm_agents.scenario.library import bundled, locate
from aipm_agents.scenario.model import Scenario
from aipm_agents.scenario.reader import read
from aipm_agents.seats.embedded import Embedded
from aipm_agents.sweeps.plan import Sweep, planned
from aipm_agents.sweeps.play import play
from aipm_agents.table.audience import FACILITATOR, PUBLIC
from aipm_agents.table.events import Decided, Ruled
from aipm_agents.table.view import view

DEPOT = Path(__file__).parents[1] / "data" / "depot-gate.yaml"
SCENARIOS = sorted(bundled())
CASES = [*SCENARIOS, "depot-gate"]
PUBLIC_DOCUMENTS = {
    "general",
    "glossary",
    "preparation",
    "ruling",
    "agreement",
    "survey-before",
    "survey-after",
    "prework",
    "observer",
    "tents",
    "board",
    "reflection",
    "reading",
    "slides",
}
SECRET_DOCUMENTS = {
    "teaching-note",
    "facilitator",
    "cards",
    "scores",
    "first-class",
    "answers",
    "course",
    "slides-debrief",
}


def case(name):
    return read(DEPOT) if name == "depot-gate" else bundle(name)


@cache
def kit(name, paper="a4", programs=()):
    """(scenario, documents, files) of a kit whose sample is one meeting."""
    made = case(name)
    documents = contents(made, range(1), programs)
    return made, documents, files(made, documents, paper)


def plain(text):
    """A text as it is compared: nothing escaped, every gap one space."""
    text = re.sub(r"\\(.)", r"\1", text).replace("&#58;", ":").replace("&#46;", ".")
    return " ".join(text.split())


# --- whole, and for the right reader ------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_a_kit_is_whole(name):
    made, documents, written = kit(name)
    seats = {f"{kind}-{role}" for role in made.parties for kind in ("card", "scores")}
    arriving = {"handouts"} if made.injects or "studies" in made.extras else set()
    if made.extras - {"studies"} or any(party.red_lines for party in made.parties.values()):
        arriving.add("slips")
    assert {each.name for each in documents} == PUBLIC_DOCUMENTS | SECRET_DOCUMENTS | seats | arriving
    assert {each.name for each in documents if each.audience == PUBLIC} == PUBLIC_DOCUMENTS
    assert {each.name for each in documents if each.audience == FACILITATOR} == SECRET_DOCUMENTS | arriving
    assert set(written) == {
        "index.html",
        "scores.csv",
        *(f"{d.name}.{form}" for d in documents for form in ("html", "md")),
    }
    links = {attrs["href"] for tag, attrs in Tags(written["index.html"]).tags if tag == "a"} - {"#main"}
    assert links == set(written) - {"index.html"}
    for each in documents:
        page = written[f"{each.name}.html"]
        assert ("index.html" in page) == (each.audience == FACILITATOR)
        assert page.count('<section class="sheet') == len(each.sheets)
        assert f'<html lang="{made.language}">' in page
        assert plain(each.blocks[0].text) in plain(written[f"{each.name}.md"])


@cache
def planted_kit(name):
    made, canaries = planted(name)
    return made, canaries, contents(made, range(1), ())


@pytest.mark.parametrize("name", SCENARIOS)
def test_no_file_of_a_seat_sings_another_seats_tune(name):
    made, canaries, documents = planted_kit(name)
    written = files(made, documents, "a4")
    heard = set()
    for each in documents:
        for form in ("md", "html"):
            text = written[f"{each.name}.{form}"]
            assert leaks(canaries, made, (), each.audience, text) == [], (each.name, form)
            heard |= {canary.word for canary in canaries if sings(canary, text)}
    alone = {
        c.word
        for c in canaries
        if len(c.knowers) == 1 and c.word not in heard and not isinstance(c.word, str)
    }
    assert alone == set(), "points of every seat stand on some sheet"
    assert sum("private" in str(word) for word in heard) == len(made.parties)


def test_options_weak_spots_words_and_results_stay_where_they_are():
    """What the bundled scenarios may lack, planted in one that has it all."""
    data = case("depot-gate").plain()
    canaries = {}  # word -> who may read it

    def plant(text, *knowers):
        word = f"wq{len(canaries):03d}"
        canaries[word] = {*knowers, FACILITATOR}
        return f"{text} {word}"

    data["issues"][0]["options"][2]["label"] = plant("a tag", "engineer")
    for fact in data["evidence"]:
        for limit in fact.get("limits", ()):
            limit["says"] = plant(limit["says"], *fact["held_by"])
        if fact.get("takes"):
            fact["says"] = plant(fact["says"])
            fact["plainly"] = plant(fact["plainly"])
    for role, party in data["parties"].items():
        party["terms"] = {word: plant(means, role) for word, means in party.get("terms", {}).items()}
    data["teaching"]["debrief"] = [plant("What then?")]
    data["injects"] = [{"before_round": 4, "headline": plant("News"), "from": plant("the street"), "evidence": [
        {"id": "news", "says": plant("It is open."), "undermines": ["right-person"], "unless": {"gate": "tag"}}]}]  # fmt: skip
    made = Scenario.model_validate_json(json.dumps(data), strict=False)
    documents = contents(made, range(1), ())
    written = files(made, documents, "letter")
    found = set()
    for each in documents:
        text = written[f"{each.name}.md"] + written[f"{each.name}.html"]
        for word, knowers in canaries.items():
            assert word not in text or each.audience in knowers, (word, each.name)
            found |= {word} if word in text else set()
    assert found == set(canaries)


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_card_is_one_to_hold_a_class_without_points(name):
    """Points and walk-away stand on the score sheet, and nowhere on the card."""
    made, canaries, sheets = planted_kit(name)
    documents = {d.name: d for d in sheets}
    figures = [each for each in canaries if not isinstance(each.word, str)]
    for role in made.parties:
        (mine,) = (each for each in figures if each.knowers == {role})
        assert not mine.word.search(str(documents[f"card-{role}"].blocks))
        assert mine.word.search(str(documents[f"scores-{role}"].blocks))


# --- no ambush ----------------------------------------------------------------------------------


def deciding(made):
    """Every text that can decide a ruling, with the documents in which a person at the table can meet it."""
    for issue in made.issues:
        for option in issue.options:
            yield option.label, [f"card-{role}" for role in option.held_by] or ["general"]
    for _, criterion in made.criteria.values():
        yield criterion.asks, ["general"]
    for fact in made.facts.values():
        yield fact.says, [f"card-{role}" for role in fact.held_by] or ["general" if fact.known_at_start and fact in made.evidence else "handouts"]  # fmt: skip
        for limit in fact.limits if fact.held_by else ():
            yield limit.says.rstrip("."), [f"card-{role}" for role in fact.held_by]
    for role, party in made.parties.items():
        for line in party.red_lines:
            yield line.because, [f"card-{role}"]
        for means in party.terms.values():
            yield means.rstrip("."), [f"card-{role}"]


@pytest.mark.parametrize("name", CASES)
def test_whatever_can_decide_is_found_by_somebody(name):
    made, _, written = kit(name)
    texts = {name: plain(text) for name, text in written.items() if name.endswith(".md")}
    for text, names in deciding(made):
        assert all(plain(text) in texts[f"{each}.md"] for each in names), (text, names)
    with language.speaking(made.language):
        found = list(places.places(made))
    for place in found:
        assert all(plain(place.text) in texts[f"{each}.md"] for each in place.documents), place
        assert plain(place.where) in texts["facilitator.md"]
    assert {text for text, _ in deciding(made)} <= {text for p in found for text in (p.text, p.text.rpartition(": ")[2], p.text.rpartition("：")[2])}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_everybody_is_handed_names_no_option_that_somebody_holds(name):
    """Neither news nor a result of a study nor the general instructions, though it may answer a fact there; nor
    the card of a seat that does not hold it. The facilitator's sheet has it."""
    made, documents, _ = kit(name)
    for choice, holders in made.held_options.items():
        label = plain(made.label(*choice))
        for each in documents:
            seats = {f"{kind}-{role}" for role in holders for kind in ("card", "scores")}
            if each.name not in seats | SECRET_DOCUMENTS | {"slips"}:
                _, _, written = kit(name)
                assert label not in plain(written[f"{each.name}.md"]), (each.name, label)


def test_a_fact_that_only_a_held_option_answers_says_so_without_naming_it():
    data = case("depot-gate").plain()
    news = {"id": "news", "says": "It is open.", "undermines": ["right-person"]}
    for unless, says in (
        ({"gate": ["tag"]}, "unless the package has something that is not on the list."),
        ({"gate": ["guard", "tag"]}, ", or something that is not on the list."),
    ):
        data["injects"] = [{"before_round": 4, "headline": "News", "from": "the street", "evidence": [{**news, "unless": unless}]}]  # fmt: skip
        made = Scenario.model_validate_json(json.dumps(data), strict=False)
        (sheets,) = (each for each in contents(made, range(1), ()) if each.name == "handouts")
        (note,) = (
            block.note for block in sheets.blocks if isinstance(block, Quote) and "It is open." in block.text
        )
        assert says in note
        assert made.label("gate", "tag") not in note


@pytest.mark.parametrize("name", CASES)
def test_a_fact_is_printed_with_what_it_does(name):
    """Whoever rules by hand reads off the card what a fact proves, what it fails and what answers that."""
    made, documents, _ = kit(name)
    for role in made.parties:
        (card,) = (each for each in documents if each.name == f"card-{role}")
        printed = [block for block in card.blocks if isinstance(block, Quote)]
        held = [fact for fact in made.evidence if role in fact.held_by]
        assert len(printed) == len(held)
        for quote, fact in zip(printed, held, strict=True):
            assert fact.says in quote.text
            assert all(
                made.criteria[each][1].asks in quote.note for each in (*fact.supports, *fact.undermines)
            )
            for issue, options in (pair for case in fact.unless or () for pair in case.items()):
                known = [o for o in options if role in made.held_options.get((issue, o), (role,))]
                assert all(made.label(issue, option) in quote.note for option in known)


# --- timing -------------------------------------------------------------------------------------


LESSONS = (timing.LessonTimes(5, 7, 20, 15, 3, 4), timing.LessonTimes(10, 15, 32, 28, 5, 4), timing.LessonTimes(15, 30, 75, 50, 10, 5))  # fmt: skip


@cache
def lessons(name):
    made = case(name)
    with language.speaking(made.language):
        cards = [card(view(made, (), role, seed=0, number=0), ()) for role in made.parties]
        rules = general(made, ())
    return made, rules, cards, timing.lessons(made, rules, cards)


@pytest.mark.parametrize("name", CASES)
def test_a_case_offers_the_lengths_that_fit_it(name):
    made, rules, cards, found = lessons(name)
    alone = max(map(timing.reading, cards))
    assert found
    listed = headline.read_off(bundled()[name]).on_paper if name in bundled() else None
    assert listed in (None, found[0].minutes), "scenarios/on-paper.toml says otherwise"
    assert listed or name not in bundled()
    for lesson in found:
        assert lesson.minutes in timing.MINUTES
        assert timing.FEWEST <= lesson.rounds <= made.rounds
        assert lesson.round >= timing.round_on_paper(made)
        assert lesson.play == lesson.rounds * lesson.round + timing.learning(made)
        assert 10 * lesson.debrief >= 3 * lesson.minutes
        assert lesson.reading >= alone
        assert lesson.ahead or lesson.reading >= alone + timing.reading(rules) + timing.PREPARING
    for short in set(timing.MINUTES) - {each.minutes for each in found}:
        left = (
            short - max(5, short // 12) - max(3, short // 15) - 0.3 * short - timing.learning(made) - float(alone)
        )  # fmt: skip
        assert left < timing.FEWEST * timing.round_on_paper(made) + 2, (
            "no length is left out that would have fit"
        )
    shares = timing.shared(found[0].debrief, tuple(step[2] for step in note.DEBRIEF))
    assert sum(shares) == found[0].debrief
    assert min(shares) > 0


def test_a_case_of_two_rounds_fits_a_lesson_that_has_them():
    made, rules, cards, _ = lessons("refund-copilot")
    short = made.model_copy(update={"rounds": 2})
    found = timing.lessons(short, rules, cards)
    assert [each.rounds for each in found] == [2, 2, 2]
    with language.speaking("en"):
        assert "does not fit into" not in markdown(note._lessons(short, found))


def test_news_of_one_round_are_told_from_the_figure_that_the_one_before_left():
    bound = "checkpoints.feasible.light.rule.at_most"
    news = [{"before_round": n, "headline": f"News {n}.", "from": "a paper", "changes": {bound: to}} for n, to in ((4, 9), (3, 7), (3, 8))]  # fmt: skip
    with language.speaking("en"):
        told = markdown(handouts.handouts(small_scenario(injects=news)).blocks)
    assert [f"at most {now} (it was at most {was})" in told for now, was in ((7, 2), (8, 7), (9, 8))] == [True] * 3, told  # fmt: skip


def test_a_case_without_figures_lists_its_options_by_question():
    bare = small_scenario(metrics=[], checkpoints={}, evidence=[], issues=[
        {"id": "reach", "question": "Who?", "options": [{"id": "all", "label": "all of them"}, {"id": "few", "label": "a few"}]},
        {"id": "review", "question": "Who reads?", "options": [{"id": "none", "label": "nobody"}, {"id": "some", "label": "somebody"}]},
    ])  # fmt: skip
    with language.speaking("en"):
        assert [row.cells for row in _matrix(bare).rows] == [("Who?", "all of them · a few"), ("Who reads?", "nobody · somebody")]  # fmt: skip


def test_a_slide_says_how_much_of_who_knew_what_it_leaves_out():
    many = [
        {"id": f"f{n}", "says": f"Fact {n}. {'It is long. ' * 12}", "held_by": ["legal"]} for n in range(12)
    ]
    for facts in (many[:2], many):
        with language.speaking("en"):
            rows = slides._knew(small_scenario(evidence=facts, checkpoints={}), ("what", "who"), ()).rows
        told = [row for row in rows if row.cells[0].startswith("Fact ")]
        left = [f"and {len(facts) - len(told)} more, on the facilitator's sheet"] * (len(facts) > len(told))
        assert [row.cells[0] for row in rows[len(told) :]] == left
        assert bool(left) == (len(facts) == 12)
    with language.speaking("en"):
        rows = slides._knew(small_scenario(evidence=many, checkpoints={}), ("what", "who"), ("f11",)).rows
    assert rows[0].cells[0].startswith("Fact 11."), "without it nothing passes"


def test_a_note_speaks_of_news_and_of_options_where_the_case_has_any():
    without, with_news, with_option = (
        kit(name)[2]["teaching-note.md"] for name in ("refund-copilot", "fresh-food-orders", "depot-gate")
    )
    assert "turns to the news" not in without
    assert "goes through its cards' questions" in without
    assert "還沒來的消息" in with_news
    assert "two minutes more" not in without
    assert "two minutes more" in with_option
    assert "0 of them" not in without


def test_reading_is_counted_in_words_and_in_han_letters():
    def read(text):
        return timing.reading(Document("x", "", "", PUBLIC, (PrintSheet((Lines((text,)),)),)))

    assert read("word " * 360) == 2
    assert read("字" * 500) == 2
    assert read("三 words and 漢字") == read("words and") + read("三漢字")


def test_a_lesson_is_played_with_its_rounds_and_what_arrives_comes_as_far_into_it():
    made = bundle("one-gauge")
    lesson = timing.LessonTimes(5, 10, 32, 40, 3, 4)
    played = timing.as_played(made, lesson)
    assert played.rounds == 4
    assert [each.before_round for each in played.injects] == [timing.before(lesson, made, each.before_round) for each in made.injects]  # fmt: skip
    studies = [each for each in played.evidence if each.takes]
    assert studies
    assert all(each.takes == timing.takes(lesson, made, made.facts[each.id].takes) for each in studies)
    assert Scenario.model_validate_json(json.dumps(played.plain()), strict=False) == played
    heard = []
    found = outcomes.of_lessons(
        made, (lesson, LESSONS[1]), range(1), lambda done, of: heard.append((done, of))
    )
    assert found[0][1] is found[1][1]
    assert found[0][1].rounds[2] <= 4
    assert heard == [(1, 1)], "both have the same rounds, so one meeting is played"


@pytest.mark.parametrize(
    ("before", "rounds", "expected"),
    [
        (1, 8, [(1, 12), (1, 25), (1, 45)]),  # with the first round
        (2, 8, [(2, 17), (2, 33), (2, 60)]),  # never before anybody has spoken, if it is not meant so
        (4, 8, [(3, 22), (3, 41), (3, 75)]),
        (5, 8, [(3, 22), (3, 41), (4, 90)]),
        (2, 20, [(2, 17), (2, 33), (2, 60)]),
        (8, 8, [(4, 27), (4, 49), (5, 105)]),  # never after the last
    ],
)
def test_news_come_as_far_into_the_play_as_in_the_program(before, rounds, expected):
    made = small_scenario(rounds=rounds)
    found = [(n := timing.before(lesson, made, before), lesson.begins(n)) for lesson in LESSONS]
    assert found == expected


@pytest.mark.parametrize("name", ["fresh-food-orders", "depot-gate"])
def test_the_facilitator_reads_when_to_hand_out_what(name):
    made, _, _, found = lessons(name)
    text = plain(kit(name)[2]["facilitator.md"])
    with language.speaking(made.language):
        rows = [(each.headline, *handouts.when(made, each, found)) for each in made.injects]
        rows += [(f.study.asks, *handouts.after(made, f, found)) for f in made.evidence if f.study]
    assert rows
    assert all(plain(" | ".join(row)) in text for row in rows)


# --- what usually comes of it ---------------------------------------------------------------------


def test_outcomes_are_counted_over_the_meetings():
    made, seeds = bundle("refund-copilot"), range(4)
    runs = [negotiate(made, {role: Embedded() for role in made.parties}, seed=seed) for seed in seeds]
    found = outcomes.played(made, seeds)
    assert found == outcomes.counted(made, runs)
    ends = [next(e for e in run if isinstance(e, Decided)) for run in runs]
    assert found.n == 4 == sum(found.endings.values())
    assert found.endings == {kind: sum(e.outcome == kind for e in ends) for kind in {e.outcome for e in ends}}
    assert sum(times for _, times in found.deals) == sum(e.package is not None for e in ends)
    assert found.rounds[0] == min(e.round for e in ends) <= found.rounds[1] <= found.rounds[2]
    rulings = [[e for e in run if isinstance(e, Ruled)] for run in runs]
    assert found.shut["team"] == sum(any(r.team.verdict != "pass" for r in those) for those in rulings)
    never = sum(
        all(f.status == "met" for r in those for f in r.findings if f.criterion == "pain")
        for those in rulings
    )
    assert found.unmet["pain"] == 4 - never
    shown = sum(
        any("replay" in f.evidence and f.status == "met" for f in those[-1].findings) for those in rulings
    )
    assert found.facts["replay"].showed == shown > 0
    stopped = sum(any("replay" in f.evidence and f.status == "failed" for r in those for f in r.findings) for those in rulings)  # fmt: skip
    assert found.facts["replay"].stopped == stopped


def test_a_first_class_has_a_round_for_what_came_out_and_what_it_hands_out():
    made, _, files_ = kit("knowledge-desk")
    text = plain(files_["first-class.md"])
    assert "Round 3, the last" in text
    (news,) = (each.headline for each in made.injects)
    assert text.index("Round 1") < text.index(plain(news)) < text.index("Round 2.")
    assert "envelope" in text
    assert "No single fact decides this case" in text
    assert "No single fact decides here" in plain(files_["facilitator.md"])


def test_what_does_not_stop_a_deal_heads_no_list_of_what_stopped():
    made = bundle("knowledge-desk")
    seats = {role: Embedded() for role in made.parties}
    came = outcomes.counted(made, [negotiate(made, seats, seed=0)])
    soft = [name for name, (_, each) in made.criteria.items() if not each.blocking]
    assert any(came.unmet[name] for name in soft)
    tables = [
        block for block in note._in_detail(made, came) if block.head[0].startswith("Criteria that stopped")
    ]
    listed = {row.cells[0] for table in tables for row in table.rows}
    assert listed == {c.asks for name, (_, c) in made.criteria.items() if c.blocking and came.unmet[name]}


@pytest.mark.parametrize("name", ["knowledge-desk", "fresh-food-orders"])
def test_a_ruling_sheet_says_when_nothing_is_signed_as_the_program_has_it(name):
    """`too_new`: what can fail a criterion holds a deal up, answered or not; what arrives does not."""
    _, _, files_ = kit(name)
    en = name == "knowledge-desk"
    assert ("answered or not" if en else "不管方案有沒有回應") in plain(files_["ruling.md"])
    assert ("even where the package answers it" if en else "就算方案已經回應了") in plain(
        files_["general.md"]
    )
    assert ("News and results are not read out" if en else "不是誰唸出來的") in plain(files_["general.md"])


def test_outcomes_are_those_of_a_sweep():
    made = bundle("fading-forecast")
    plan = planned(Sweep(scenarios=(made.id,), seeds="0:3"), [made])
    swept = Counter(play(task, workforce.seated).row["decision"] for task in plan.tasks({}))
    assert outcomes.played(made, range(3)).endings == swept


def test_a_fact_counts_as_proof_only_if_it_still_is_one_in_the_end():
    made = bundle("refund-copilot")
    run = negotiate(made, {role: Embedded() for role in made.parties}, seed=3)
    bare = [f.model_copy(update={"evidence": ()}) for e in run if isinstance(e, Ruled) for f in e.findings]
    last = next(e for e in reversed(run) if isinstance(e, Ruled))
    blanked = tuple(
        e.model_copy(update={"findings": tuple(bare[-len(e.findings) :])}) if e is last else e for e in run
    )
    assert outcomes.counted(made, [run, blanked]).facts["calls"].showed == 1


def test_the_teaching_note_says_of_how_many_of_whom_and_of_how_many_rounds():
    text = plain(kit("refund-copilot")[2]["teaching-note.md"])
    found = lessons("refund-copilot")[3]
    assert (
        "1 meeting for each lesson, with as many rounds as it has, played by this program's own negotiators"
        in text
    )
    assert all(f"{each.minutes} min, {each.rounds} rounds" in text for each in found)
    assert f"the lesson of {found[1].minutes} minutes, {found[1].rounds} rounds" in text
    assert "1 of 1" in text


# --- score sheets --------------------------------------------------------------------


@pytest.mark.parametrize(("name", "rows"), [("knowledge-desk", 2), ("fresh-food-orders", 0)])
def test_a_score_sheet_says_whose_it_is_and_has_room_for_what_a_slip_adds(name, rows):
    made = bundle(name)
    assert ("inventions" in made.extras) == bool(rows)
    with language.speaking("en"):
        blocks = score(view(made, (), "legal", seed=0, number=0)).blocks
    grids = [block for block in blocks if isinstance(block, Grid) and "slip" in block.head[0]]
    assert sum(len(grid.rows) for grid in grids) == rows
    assert made.parties["legal"].name in blocks[0].text
    assert made.title in blocks[0].note


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_spreadsheet_has_every_point(name):
    made, _, written = kit(name)
    rows = list(csv.DictReader(io.StringIO(written["scores.csv"].removeprefix("\ufeff"))))
    assert len(rows) == sum(len(issue.options) for issue in made.issues) + 1
    for role, party in made.parties.items():
        assert {(r["issue"], r["option"]): float(r[role]) for r in rows[:-1]} == {
            (i, o): float(n) for i, row in party.points.items() for o, n in row.items()
        }
        assert float(rows[-1][role]) == float(party.walk_away)


# --- in the language of the scenario --------------------------------------------------------------


def strings(thing):
    """Every text of some blocks."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, tuple):
        for each in thing:
            yield from strings(each)


SAID_IN_TAIPEI = {"PM", "AI", "RAG", "MCP", "API", "MVP", "demo", "KPI", "aipm", "agents", "Desire", "Viable"}


@pytest.mark.parametrize("name", [name for name in SCENARIOS if bundle(name).language == "zh-Hant"])
def test_a_chinese_kit_is_chinese_throughout(name):
    """No English of ours is left in it, whatever language is spoken to whoever types the command."""
    language.settle("en", {})
    made, documents, written = kit(name)
    assert language.spoken() == "en"
    theirs = set(re.findall(r"[A-Za-z]+", json.dumps(made.plain(), ensure_ascii=False)))
    for each in documents:
        if each.name in ("reading", "course"):
            continue  # titles as they are, of texts and of other cases
        words = set(re.findall(r"[A-Za-z]{2,}", Words(written[f"{each.name}.html"]).text))
        assert words - theirs - SAID_IN_TAIPEI == set(), each.name
        marked = [
            (text, fault)
            for text in strings(each.blocks)
            for fault in faults(text.replace("文章寫「數據」", "文章"))
        ]
        assert [each for each in marked if not each[1].startswith("English")] == []


def test_an_english_kit_is_english_under_a_chinese_desk():
    language.settle("zh-Hant", {})
    made, documents, _ = kit("refund-copilot", "letter")
    assert not re.search(HAN, str(documents).replace("☐", ""))
    assert made.language == "en"


def test_a_glossary_has_the_same_terms_in_both_languages():
    ours, theirs = terms("zh-Hant"), terms("en")
    assert [(t.id, t.tags) for t in ours] == [(t.id, t.tags) for t in theirs]
    assert [bool(t.finds) for t in ours] == [bool(t.finds) for t in theirs]
    for term in (*ours, *theirs):
        assert re.compile(term.finds)
        assert 1 <= len(re.findall(r"[。？！.?!](?=\s|$|[^\s」])", term.says)) <= 6, term.id


@pytest.mark.parametrize(("language", "length"), [("en", 22), ("zh-Hant", 7)])
def test_no_word_is_explained_by_what_a_seat_keeps(language, length):
    """A glossary may be read ahead: it shares no wording with a fact that somebody holds, in any case."""
    told = " ".join(f"{each.name} {each.says}" for each in terms(language))
    kept = [
        (made.id, text) for name in SCENARIOS for made in [read(locate(name, language))]
        for fact in made.facts.values() if fact.held_by
        for text in (fact.says, fact.plainly or "", fact.aloud or "")
    ]  # fmt: skip
    shared = {
        (name, text[at : at + length]) for name, text in kept
        for at in range(len(text) - length + 1) if text[at : at + length] in told
    }  # fmt: skip
    assert shared == set()


def test_a_glossary_points_at_the_case():
    text = plain(kit("discharge-letter")[2]["glossary.md"])
    assert "Retrieval-augmented generation (RAG)" in text
    assert '"drafting from looked-up passages"' in text
    assert "Caution: data and privacy" not in text, "nothing in this case is about it"


# --- typed --------------------------------------------------------------------------------------


def test_the_command_makes_a_folder_and_says_what_is_in_it(aipm):
    result = aipm("kit", "refund-copilot", "-o", "class", "--sample", 2, "--seat", "marketing=embedded")
    assert (result.code, result.err) == (0, "")
    assert "teaching-note   Teaching note" in result.out
    assert "73 files in class" in result.out
    assert result.last == "Next: open class/index.html, read the teaching note, print cards.html"
    assert len(list(Path("class").iterdir())) == 73
    for role in ("pm", "engineer", "data_scientist", "legal", "marketing"):
        assert "Played by a program in this class: Marketing lead." in Path(
            f"class/card-{role}.md"
        ).read_text("utf-8")


def test_a_folder_with_something_in_it_is_left_alone(aipm, monkeypatch):
    assert aipm("kit", "refund-copilot", "-o", "class", "--sample", 1).code == 0
    Path("class/my-notes.txt").write_text("Group 2 needs a longer table.")
    Path("class/card-legal.md").write_text("scribbled over")
    refused = aipm("kit", "refund-copilot", "-o", "class", "--sample", 1)
    assert (refused.code, "there is something in it" in refused.err) == (2, True)
    assert Path("class/card-legal.md").read_text() == "scribbled over"
    Path("class/card-games.pdf").write_text("mine")
    refused = aipm("kit", "refund-copilot", "-o", "class", "--sample", 1, "--force")
    assert (refused.code, "changed by hand since: card-legal.md" in " ".join(refused.err.split())) == (
        2,
        True,
    )
    assert Path("class/card-legal.md").read_text() == "scribbled over"
    Path("class/card-legal.md").rename("class/scribbles.md")
    assert aipm("kit", "refund-copilot", "-o", "class", "--sample", 1, "--force").code == 0
    assert "Legal counsel" in Path("class/card-legal.md").read_text()
    assert Path("class/scribbles.md").read_text() == "scribbled over"
    assert Path("class/card-games.pdf").read_text() == "mine"
    assert Path("class/my-notes.txt").read_text() == "Group 2 needs a longer table."
    assert len(list(Path("class").iterdir())) == 73 + 3
    assert [each.name for each in Path().iterdir()] == ["class"]
    monkeypatch.setitem(sys.modules, "aipm_agents.kit.office", None)  # as without the extra `class`
    other = aipm("kit", "night-bids", "-o", "class", "--sample", 1, "--force")
    assert other.code == 0  # another kit
    told = " ".join(other.err.split())
    assert told.startswith("Left out: slides")
    assert all(
        each in told
        for each in ("slides-debrief.pptx", "scoring.xlsx", "survey.xlsx", "pip install -e '.[class]'")
    )
    assert not any(each.suffix in (".pptx", ".xlsx") for each in Path("class").iterdir())
    seats = {each.name for each in Path("class").glob("card-*.md")}
    assert "card-marketing.md" not in seats
    Path("class/index.html").write_text("a page of somebody else")
    refused = aipm("kit", "refund-copilot", "-o", "class", "--sample", 1, "--force")
    assert (refused.code, "holds no kit" in refused.err) == (2, True)


@pytest.mark.parametrize("there", ["nothing", "an empty folder", "a kit"])
@pytest.mark.parametrize("breaks", range(12))
def test_a_kit_that_cannot_be_written_leaves_all_as_it_was(tmp_path, monkeypatch, there, breaks):
    """Whatever call of the system fails, at whatever file: writing, or giving a name."""
    place, made = tmp_path / "class", {"index.html": "x", "card-a.md": "a", "card-b.md": "b"}
    if there != "nothing":
        place.mkdir()
    if there == "a kit":
        folder.write(place, made)
        (place / "card-mine.txt").write_text("mine")
    before = {path: path.is_dir() or path.read_bytes() for path in sorted(tmp_path.rglob("*"))}
    calls = 0

    def failing(call):
        def once(*words, **options):
            nonlocal calls
            calls += 1
            if calls == breaks + 1:
                raise OSError(28, "No space left on device")
            return call(*words, **options)

        return once

    with monkeypatch.context() as patched:
        patched.setattr("aipm_agents.disk._fill", failing(disk._fill))
        patched.setattr(os, "replace", failing(os.replace))
        with suppress(folder.UsageError):
            folder.write(place, {**made, "card-a.md": "new"})
    if calls > breaks:
        assert {path: path.is_dir() or path.read_bytes() for path in sorted(tmp_path.rglob("*"))} == before
    else:
        assert (place / "card-a.md").read_text() == "new"


def test_a_page_that_names_files_elsewhere_is_no_kit(tmp_path):
    place = tmp_path / "class"
    folder.write(place, {"index.html": "x"})
    (tmp_path / "precious").write_text("mine")
    page = place / "index.html"
    page.write_text(page.read_text().replace('"index.html"', '"../precious"'))
    with pytest.raises(folder.UsageError, match="holds no kit"):
        folder.check(str(place), force=True)


MISTAKES = {
    ("-o", "nowhere/class"): "there is no folder nowhere", ("-o", "file"): "is a file; name a folder",
    ("-o", "others", "--force"): "holds no kit", ("-o", "new", "--seat", "chef=embedded"): "no such role here",
    ("-o", "new", "--paper", "a5"): "--paper: a5 is not possible; choose one of a4, letter",
}  # fmt: skip


@pytest.mark.parametrize("words", MISTAKES)
def test_a_mistake_is_told(aipm, tmp_path, words):
    (tmp_path / "file").write_text("x")
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "thesis.txt").write_text("x")
    result = aipm("kit", "refund-copilot", *words, "--sample", 1)
    assert (result.code, result.out) == (2, "")
    assert MISTAKES[words] in " ".join(result.err.split())
    assert not Path("new").exists()


# --- on the page --------------------------------------------------------------------------------


@given(
    st.lists(st.text("字店 abc", min_size=1, max_size=400), min_size=1, max_size=12),
    st.text("字 ab", max_size=900),
)
@settings(max_examples=30, deadline=None)
def test_more_text_is_never_set_larger(texts, more):
    few, many = (Lines(tuple(texts)),), (Lines((*texts, more)),)
    assert setting.size(few) <= setting.size(many)
    assert not setting.fits(many) or setting.fits(few)


def test_a_card_that_is_too_long_is_told(aipm, tmp_path):
    data = bundle("refund-copilot").plain()
    data["parties"]["legal"]["private"] = (
        "There is a great deal you know, and you know that you know it. " * 60
    )
    data["evidence"][3]["says"] = data["evidence"][3]["plainly"] = "It binds the shop. " * 200
    (tmp_path / "long.yaml").write_text(json.dumps(data), "utf-8")
    result = aipm("kit", "long.yaml", "-o", "class", "--sample", 1)
    assert result.code == 0
    assert (
        result.err == "Card: Legal counsel is long and may need a second page; look at it before you print\n"
    )


@pytest.fixture(scope="module")
def browser():
    named = os.environ.get("AIPM_CHROMIUM", "")
    path = (named if named not in ("", "required") else None) or shutil.which("chromium")
    if path is None:
        if named:
            pytest.fail("no Chromium here; install Debian's package chromium")
        pytest.skip("no Chromium here; install Debian's package chromium to open the pages")
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=flags)
        yield opened
        opened.close()


def leaves(pdf):
    """(pages, width, height in points) of a PDF that Chromium wrote."""
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", pdf)
    assert len(set(boxes)) == 1
    width, height = boxes[0]
    return len(re.findall(rb"/Type\s*/Page\b", pdf)), round(float(width)), round(float(height))


SHEETS = {"a4": (595, 842), "letter": (612, 792)}


@pytest.mark.parametrize(
    ("name", "paper"),
    [*((name, "letter") for name in (*FEW, "depot-gate")), (FEW[0], "a4")],
)
def test_a_card_is_a_page_and_so_is_a_form(browser, tmp_path, name, paper):
    made, _, written = kit(name, paper)
    page = browser.new_page()
    forms = {
        "agreement": 1,
        "preparation": 1,
        "ruling": 1,
        "observer": 1,
        "board": 1,
        "prework": 2,
        "tents": len(made.parties),
    }
    # on the shorter sheet; of a large case, and of one that has it all
    whole = paper == "letter" and name in (FEW[0], "depot-gate")
    forms = forms if whole else {}
    for stem, count in {"cards": len(made.parties), "scores": len(made.parties), **forms}.items():
        path = tmp_path / f"{stem}.html"
        path.write_text(written[path.name], "utf-8")
        page.goto(path.as_uri())
        assert leaves(page.pdf(prefer_css_page_size=True)) == (count, *SHEETS[paper]), stem
    for deck in slides.decks(made, ()) if whole else ():
        path = tmp_path / f"{deck.name}.html"
        path.write_text(written[path.name], "utf-8")
        page.goto(path.as_uri())
        assert leaves(page.pdf(prefer_css_page_size=True))[0] == len(deck.sheets), "a slide is one page"
    page.close()


@pytest.mark.parametrize("name", FEW[:1])
def test_pages_are_quiet_readable_and_accessible(browser, tmp_path, name):
    from axe_playwright_python.sync_playwright import Axe

    _, documents, written = kit(name)
    for file, text in written.items():
        (tmp_path / file).write_text(text, "utf-8")
    seats = [each.name for each in documents if each.audience not in (PUBLIC, FACILITATOR)]
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for number, stem in enumerate(
        ("index", *(each.name for each in documents if each.name not in seats[1:]))
    ):
        asked.clear()
        page.goto((tmp_path / f"{stem}.html").as_uri())
        assert asked == [(tmp_path / f"{stem}.html").as_uri()]
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), stem
        if number % 5 == 0:  # one sheet sets all of them
            found = Axe().run(page)
            assert found.violations_count == 0, (stem, found.generate_report())
    context.close()
