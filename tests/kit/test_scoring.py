"""The scoring sheet: its formulas, evaluated, come to what the engine says."""

from __future__ import annotations

import io
import random
import re
import zipfile
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as Xml

import numpy as np
import pytest
from making import scenario
from records import bundle

from aipm_agents.kit.beside import words
from aipm_agents.kit.contents import contents
from aipm_agents.kit.office import office
from aipm_agents.kit.quiz import questions, quiz
from aipm_agents.kit.scoring import _Scoring, scoring
from aipm_agents.kit.slides import decks
from aipm_agents.kit.surveyed import surveyed
from aipm_agents.language import speaking, tr
from aipm_agents.report.papers.workbook import workbook
from aipm_agents.report.words import fact_text
from aipm_agents.scenario.criteria import CHECKPOINTS
from aipm_agents.scenario.library import bundled, locate
from aipm_agents.scenario.model import Scenario
from aipm_agents.scenario.reader import read, revised
from aipm_agents.table.audience import PUBLIC
from aipm_agents.table.checkpoints import find
from aipm_agents.table.contests import Contest
from aipm_agents.table.news import after, in_turn
from aipm_agents.table.rules import exists, matches, metric_value, worth


class Sheets:
    """A workbook evaluated: the few functions its formulas use."""

    def __init__(self, pages):
        self.cells = {
            (page.title, f"{chr(65 + x) if x < 26 else 'A' + chr(39 + x)}{y}"): cell
            for page in pages for y, row in enumerate(page.rows, start=1) for x, cell in enumerate(row)
        }  # fmt: skip
        self.known = {}

    def put(self, page, cell, value):
        self.cells[page, cell] = value
        self.known.clear()

    def value(self, page, cell):
        if (page, cell) not in self.known:
            text = self.cells.get((page, cell), "")
            formula = isinstance(text, str) and text.startswith("=")
            self.known[page, cell] = self.reckoned(page, text[1:]) if formula else text
        return self.known[page, cell]

    def reckoned(self, page, text):
        texts = []
        text = re.sub(r'"([^"]*)"', lambda m: texts.append(m[1]) or f"T({len(texts) - 1})", text)
        text = re.sub(
            r"(?:'([^']+)'!)?\$([A-Z]+)\$?(\d+):\$\2\$(\d+)",
            lambda m: f"R({m[1] or page!r},{m[2]!r},{m[3]},{m[4]})".replace(f"R({m[1]},", f"R({m[1]!r},"),
            text,
        )
        text = re.sub(
            r"(?:'([^']+)'!)?\$([A-Z]+)\$?(\d+)(?!:)",
            lambda m: f"V({m[1] or page!r},{m[2] + m[3]!r})".replace(f"V({m[1]},", f"V({m[1]!r},"),
            text,
        )
        text = re.sub(r"(?<![<>=])=(?!=)", "==", text).replace("<>", "!=")
        return eval(text, {
            "T": texts.__getitem__, "V": self.value, "IF": lambda c, a, b: a if c else b,
            "R": lambda sheet, column, low, high: np.array([self.value(sheet, f"{column}{n}") for n in range(low, high + 1)], dtype=object),
            "SUMPRODUCT": sum, "UPPER": lambda text: text.upper(), "TRIM": lambda text: " ".join(text.split()),
            "SUM": sum, "AND": lambda *all_: all(all_), "OR": lambda *any_: any(any_), "NOT": lambda each: not each,
            "COUNTIFS": lambda a, x, b=None, y=None: sum(one == x and (b is None or other == y) for one, other in zip(a, a if b is None else b, strict=True)),
            "INDEX": lambda those, n: those[n - 1] if 0 < n <= len(those) else "",  # all branches of an IF are reckoned
            "ROUND": round, "TRUE": True, "FALSE": False,
        })  # fmt: skip


NEWS = {
    "checkpoints.feasible.hands.rule.at_most": 140, "parties.community.walk_away": 40, "metrics.readers.base": 7,
    "issues.writer.options.lead.effects.hours": 90, "issues.mark.options.badge.available": "never",
    "issues.mark.options.name.available": "always", "parties.pm.points.reach.lab": 33,
}  # fmt: skip


def with_news():
    """The case with a piece of news that sets a figure of every kind, and one after it that sets two of them again."""
    data = read(Path(__file__).parents[1] / "data" / "retold" / "reading-aid.yaml").plain()
    again = {"checkpoints.feasible.hands.rule.at_most": 20, "issues.writer.options.lead.effects.hours": [{"add": 5, "when": {"reach": "lab"}}]}  # fmt: skip
    data["injects"] = [{"before_round": n, "headline": f"News {n}", "from": "The press office", "changes": each} for n, each in ((4, again), (3, NEWS))]  # fmt: skip
    return Scenario.model_validate(data)


@pytest.mark.parametrize("name", ["refund-copilot", "knowledge-desk", "reading-aid"])
def test_the_scoring_sheet_comes_to_what_the_engine_says(name):
    made, chance = with_news() if name == "reading-aid" else bundle(name), random.Random(7)
    first = made
    with speaking(made.language):
        package_page, fact_page, _, *news_page = (page.title for page in scoring(made))
        words_of = {"met": tr("met"), "not_shown": tr("NOT SHOWN"), "failed": tr("FAILED")}
        opens, blocked = tr("lets it through"), tr("shut")
    seen = set()
    for _ in range(25):
        sheets = Sheets(scoring(first))
        come = [n for n in in_turn(first) if first.injects[n].changes and chance.random() < 0.6]
        for n in come:
            sheets.put(news_page[0], f"C{2 + in_turn(first).index(n)}", "x")
        made = after(first, tuple(come))
        rows = {
            cell: y
            for (page, where), cell in sheets.cells.items()
            if page == package_page and where[0] == "A"
            for y in [int(where[1:])]
        }
        package = {issue.id: chance.choice(issue.options).id for issue in made.issues}
        for n, issue in enumerate(made.issues, start=3):
            sheets.put(package_page, f"B{n}", made.label(issue.id, package[issue.id]))
        told, contests, row = [], [], 2
        for fact in made.facts.values():
            here = chance.random() < 0.7
            sheets.put(fact_page, f"C{row}", "x" if here else "")
            told += [fact.id] if here else []
            row += 1
            for limit in fact.limits:
                doubted = here and chance.random() < 0.5
                sheets.put(fact_page, f"C{row}", "x" if doubted else "")
                contests += [Contest(by=("pm",), evidence=fact.id, ground=limit.ground)] if doubted else []
                row += 1
        for metric in made.metrics:
            assert sheets.value(package_page, f"B{rows[metric.label]}") == pytest.approx(
                float(metric_value(made, metric.id, package))
            )
        for role, party in made.parties.items():
            y = rows[made.who(role)]
            assert sheets.value(package_page, f"B{y}") == pytest.approx(float(worth(party, package)))
            assert sheets.value(package_page, f"C{y}") == float(party.walk_away)
            crossed = any(matches(package, line.when) for line in party.red_lines)
            assert bool(sheets.value(package_page, f"E{y}")) == crossed
            sheets.put(package_page, f"D{y}", "x")
        for gate in CHECKPOINTS:
            statuses = []
            for each in getattr(made.checkpoints, gate):
                found = find(made, each, package, told, contests).status
                seen.add(found)
                assert sheets.value(package_page, f"B{rows[each.asks]}") == words_of[found], each.id
                statuses += [found] if each.blocking else []
            if gate != "alignment" and statuses:
                y = rows[getattr(made.checkpoints, gate)[0].asks] - 1
                expected = (
                    blocked
                    if "failed" in statuses
                    else words_of["not_shown"]
                    if "not_shown" in statuses
                    else opens
                )
                assert sheets.value(package_page, f"B{y}") == expected
        with speaking(made.language):
            there = [sheets.reckoned(package_page, each) for each in _Scoring(first)._there()]
        assert all(there) == exists(made, package)
    assert seen == {"met", "not_shown", "failed"}


def the_deal(page):
    """The row of the verdict; below it stands what is missing."""
    return next(y for y, row in enumerate(page.rows, start=1) if row[0] == "A deal")


def test_a_scoring_sheet_begins_as_the_table_does_and_what_was_read_out_now_holds_a_deal_up():
    """Nothing is ruled before there is a package; news counts once it has come; what can fail a criterion holds a deal up
    for a round, even where the package answers it."""
    made = bundle("knowledge-desk")
    sheets = Sheets(pages := scoring(made))
    package, facts, _ = (page.title for page in pages)
    asked = {each.asks: each.blocking for _, each in made.criteria.values()}
    ruled = {row[0]: y for y, row in enumerate(pages[0].rows, start=1) if row[0] in asked}
    assert {sheets.value(package, f"B{y}") for y in ruled.values()} == {""}
    assert [asks for asks, y in ruled.items() if not pages[0].rows[y - 1][2]] == [
        a for a, stops in asked.items() if stops
    ]
    said = {row[0]: y for y, row in enumerate(pages[1].rows, start=1)}
    at = {fact.id: said[fact_text.fact(made, fact.id)] for fact in made.facts.values()}
    assert [name for name, y in at.items() if sheets.value(facts, f"C{y}")] == ["founder"]
    deal = {"reading": "tickets", "path": "cited", "reach": "api", "unasked": "never", "keeper": "office"}
    for n, issue in enumerate(made.issues, start=3):
        sheets.put(package, f"B{n}", made.label(issue.id, deal[issue.id]))
    for name in ("nights", "builders-test"):
        sheets.put(facts, f"C{at[name]}", "x")
    for y, row in enumerate(pages[0].rows, start=1):
        if row[0] in {made.who(role) for role in made.parties}:
            sheets.put(package, f"D{y}", "x")
    verdict = f"B{the_deal(pages[0])}"
    assert sheets.value(package, verdict) == "a deal"
    for column in "CD":
        sheets.put(facts, f"{column}{at['two-editions']}", "x")
    assert sheets.value(package, f"B{ruled[made.criteria['holds-today'][1].asks]}") == "met"
    assert sheets.value(package, verdict).startswith("no deal before the next round")
    below = {
        row[0].strip(): f"B{y}" for y, row in enumerate(pages[0].rows, start=1) if y > the_deal(pages[0])
    }
    assert sheets.value(package, below["read out in this round, and can fail a criterion"]) == "x"
    veto = next(each for each in made.agreement.veto if each != "pm")
    (row,) = (y for y, row in enumerate(pages[0].rows, start=1) if row[0] == made.who(veto))
    without = below[f"no deal without {made.card(veto).short}"]
    assert sheets.value(package, without) == ""
    sheets.put(package, f"D{row}", "")
    assert (sheets.value(package, verdict), sheets.value(package, without)) == ("no deal yet", "missing")
    yeses = below[f"says yes; {made.agreement.accept_at_least} needed"]
    assert int(sheets.value(package, yeses)) == len(made.parties) - 1


def test_a_package_that_is_not_whole_is_no_deal_and_a_label_is_no_formula():
    from openpyxl import load_workbook

    plain = scenario(checkpoints={}, evidence=[]).plain()
    plain["issues"][0]["options"][0]["label"] = "=1+1"
    made, _ = revised(plain)
    assert made is not None
    with speaking("en"):
        pages = scoring(made)
        sheets, package = Sheets(pages), pages[0].title
    for n in range(10, 13):
        sheets.put(package, f"D{n}", "x")
    verdict = f"B{the_deal(pages[0])}"
    assert sheets.value(package, verdict) == "choose an option for each question"
    for n, issue in enumerate(made.issues, start=3):
        sheets.put(package, f"B{n}", issue.options[1].label)
    assert sheets.value(package, verdict) == "a deal"
    book = load_workbook(io.BytesIO(workbook(pages)))
    kinds = {cell.data_type for sheet in book for row in sheet for cell in row if cell.value == "=1+1"}
    assert kinds == {"s"}
    assert book[package][verdict].data_type == "f"


def test_a_slide_cuts_no_figure():
    made = bundle("aisle-nine")
    _, *told = decks(made, ())[0].sheets[0].blocks[1].texts  # the question, and how the case begins
    assert told
    assert " ".join(made.background.split()).startswith(" ".join(told))
    assert not [one for one, other in pairwise(told) if one[-2].isdigit() and other[0].isdigit()]


def test_slides_and_sheets_are_files_that_open():
    from openpyxl import load_workbook
    from pptx import Presentation

    made = bundle("refund-copilot")
    documents = contents(made, range(1), ())
    files = office(made, documents)
    assert set(files) == {"scoring.xlsx", "survey.xlsx", "slides.pptx", "slides-debrief.pptx"}
    assert len(load_workbook(io.BytesIO(files["survey.xlsx"]))["What changed"]._charts) == 2
    book = load_workbook(io.BytesIO(files["scoring.xlsx"]))
    assert len(book.sheetnames) == 3
    decks = {each.name: each for each in documents if each.sheets[0].form == "slide"}
    assert decks["slides"].audience == PUBLIC
    for name, deck in decks.items():
        show = Presentation(io.BytesIO(files[f"{name}.pptx"]))
        titles = [slide.shapes.title.text_frame.text for slide in show.slides]
        assert titles == [sheet.blocks[0].text for sheet in deck.sheets]
    assert 12 <= sum(len(each.sheets) for each in decks.values()) <= 15


def test_what_a_teacher_hands_out_has_the_same_words_in_both_languages():
    def shape(value):
        if isinstance(value, dict):
            return {key: shape(each) for key, each in value.items()}
        return [shape(each) for each in value] if isinstance(value, list) else ""

    one, other = (shape(words(language)) for language in ("en", "zh-Hant"))
    assert {**one, "reading": sorted(one["reading"]["lists"])} == {
        **other,
        "reading": sorted(other["reading"]["lists"]),
    }


@pytest.mark.parametrize("name", ["refund-copilot", "fresh-food-orders", "night-bids", "knowledge-desk"])
def test_a_quiz_is_a_package_whose_answers_are_those_of_the_case(name):
    """The package was held against imsqti_v2p1.xsd and imscp_v1p1.xsd by hand; here against what they ask for."""
    made = bundle(name)
    packed = zipfile.ZipFile(io.BytesIO(quiz(made)))
    names = packed.namelist()
    assert quiz(made) == quiz(made)
    files = [each.get("href") for each in Xml.fromstring(packed.read("imsmanifest.xml")).iter() if each.tag.endswith("}file")]  # fmt: skip
    assert sorted([*files, "imsmanifest.xml"]) == sorted(names)
    asked = list(questions(made))
    assert len(asked) == len(names) - 2 >= 6
    assert len({each.right for each in asked}) > 1, "the right answer is not always the first one"
    facts = sorted(made.facts.values(), key=lambda each: -len(each.says))
    labels = {o.label: (i.id, o.id) for i in made.issues for o in i.options}
    for number, each in enumerate(asked, start=1):
        item = Xml.fromstring(packed.read(f"q{number}.xml"))
        texts = {e.get("identifier"): e.text for e in item.iter() if e.tag.endswith("}simpleChoice")}
        (right,) = (e.text for e in item.iter() if e.tag.endswith("}value") and e.text != "0")
        assert tuple(texts.values()) == each.choices
        assert texts[right] == each.choices[each.right]
        fact = next((f for f in facts if f.says in each.asks), None)
        assert len(each.choices) >= 3, "with two choices whoever guesses is right half the time"
        if fact and (chosen := labels.get(each.choices[each.right])):
            others = [f for f in facts if {*f.undermines} & {*fact.undermines}]
            assert all(
                any(chosen[1] in case.get(chosen[0], chosen) for case in f.unless or ()) for f in others
            )
        for n, choice in enumerate(each.choices if fact else ()):
            if choice in labels:
                issue, option = labels[choice]
                assert (n == each.right) == any(option in case.get(issue, ()) for case in fact.unless)
            else:
                (criterion,) = (k for k, (_, c) in made.criteria.items() if c.asks == choice)
                assert (n == each.right) == (criterion in fact.supports)
                assert n == each.right or criterion not in fact.undermines


def test_surveys_are_paired_by_the_word_on_both_and_counted():
    answers, pairs, changed = (page.title for page in surveyed(bundle("refund-copilot")))
    sheets = Sheets(surveyed(bundle("refund-copilot")))
    before = {"owl": (1, 3), "f*x": (1, 2), "elm": (2, 1), "gone": (3, 3)}
    after = {"elm": (3, 1), "f*x": (3, 3), "owl": (1, 3), "late": (2, 2)}
    twice_before = (("cat", (1, 1)), ("cat", (2, 2)), ("fax", (1, 1)))  # whose are they, afterwards?
    twice_after = ((" Cat", (3, 3)), ("cat", (2, 2)), ("bee", (1, 1)))
    said_after = {" ELM ": after["elm"], **{w: t for w, t in after.items() if w != "elm"}}
    for word_column, those in (
        ("A", [*before.items(), *twice_before]),
        ("F", [*twice_after, *said_after.items()]),
    ):
        for n, (word, ticked) in enumerate(those, start=4):
            sheets.put(answers, f"{word_column}{n}", word)
            for k, number in enumerate(ticked, start=1):
                sheets.put(answers, f"{chr(ord(word_column) + k)}{n}", number)
    twice = [(before[word], after[word]) for word in before if word in after]
    filed = pytest.importorskip("openpyxl").load_workbook(
        io.BytesIO(workbook(surveyed(bundle("refund-copilot"))))
    )
    kinds = {cell.data_type for sheet in filed.worksheets[1:] for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=")}  # fmt: skip
    assert kinds == {"f"}, "what is reckoned is a formula in the file too"
    remarks = [sheets.value(pairs, f"H{n}") for n in range(2, 10)]
    assert remarks == [
        "",
        "",
        "",
        "on one sheet only",
        "twice on one side",
        "twice on one side",
        "on one sheet only",
        "",
    ]
    assert sheets.value(changed, "B13") == 4, "who is left out is counted"
    typed = filed[answers]
    assert "number" in typed["A1"].value, "what to write stands above what is filled in"
    ranges = {str(each.sqref): each.formula1 for each in typed.data_validations.dataValidation}
    assert ranges == {f"{column}4:{column}63": '"1,2,3"' for column in "BCGH"}
    for question, first in ((0, 3), (1, 9)):
        for answer in (1, 2, 3):
            row = first + answer - 1
            assert sheets.value(changed, f"B{row}") == sum(b[question] == answer for b, _ in twice)
            assert sheets.value(changed, f"C{row}") == sum(a[question] == answer for _, a in twice)
            for then in (1, 2, 3):
                moved = sum((b[question], a[question]) == (answer, then) for b, a in twice)
                assert sheets.value(changed, f"{chr(67 + then)}{row}") == moved


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_the_course_map_has_every_bundled_case_by_its_title(language):
    listed = {name: title for name, title, _ in words(language)["course"]["cases"]}
    assert set(listed) == set(bundled())
    for name, title in listed.items():
        text = locate(name, language).read_text("utf-8")
        assert re.search(r"^title: *[\"']?(.*?)[\"']?$", text, re.M)[1] == title
