"""What is written for people to look at: whole, quiet, readable, and hostile text stays text.

Pages are opened in a real Chromium, where there is one; AIPM_CHROMIUM names another than /usr/bin/chromium,
and AIPM_CHROMIUM=required makes its absence a failure, as CI does.
"""

from __future__ import annotations

import csv
import io
import json
import re
import xml.dom.minidom
from decimal import Decimal
from itertools import cycle
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from pagetext import Tags, Words
from records import bundle, kept, written
from rich.cells import cell_len

from aipm_agents.cli.pace import Pace
from aipm_agents.negotiation import negotiate
from aipm_agents.report.live.pace import seconds_to_read
from aipm_agents.report.papers.blocks import Bar, Dots, Lines, Tornado, Whisker
from aipm_agents.report.papers.csv_rows import csv_text
from aipm_agents.report.papers.dots import dots
from aipm_agents.report.papers.markdown import markdown
from aipm_agents.report.papers.tornado import tornado
from aipm_agents.scenario.model import Scenario
from aipm_agents.seats.scripted import Scripted
from aipm_agents.table.events import Answered, Framed, Opened, Proposed, Seated, Signed
from aipm_agents.table.moves import Opening, Position, Proposal, Signing

FORMS = ("html", "md", "json", "csv", "svg")
AUDIENCES = ("public", "legal", "facilitator")


@pytest.fixture
def fading(tmp_path):
    return kept(tmp_path / "fading.jsonl", bundle("fading-forecast"), seed=3)


# --- one run, every form ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["refund-copilot", "fading-forecast", "discharge-letter"])
def test_a_run_is_exported_in_every_form_for_every_audience(aipm, tmp_path, name):
    run = kept(tmp_path / "run.jsonl", bundle(name), seed=2)
    for audience in AUDIENCES:
        for form in FORMS:
            result = aipm("export", run.path, "-o", f"x.{form}", "--as", audience)
            assert (result.code, result.out, result.err) == (0, f"x.{form}\n", "")
        page = Path("x.html").read_text("utf-8")
        assert run.scenario.title in page
        xml.dom.minidom.parse("x.svg")
        data = json.loads(Path("x.json").read_text("utf-8"))
        assert data["as"] == audience
        turns = [e for e in run.events if isinstance(e, Framed | Opened | Proposed | Answered | Signed)]
        rows = list(csv.DictReader(io.StringIO(Path("x.csv").read_text("utf-8-sig"))))
        assert sum(row["kind"] not in ("inject", "decision") for row in rows) == len(turns)
        text = Path("x.md").read_text("utf-8")
        for event in turns:
            for sentence in event.move.says.split("\n")[:1]:
                assert sentence[:20] in re.sub(r"\\(.)", r"\1", text)


def test_what_is_private_stays_private(aipm, tmp_path):
    """No public form holds a briefing, an untabled fact, points or a walk-away; a seat's holds its own alone."""
    made = bundle("fading-forecast")
    run = kept(tmp_path / "run.jsonl", made, seed=3)
    tabled = {n for e in run.events for n in getattr(getattr(e, "move", None), "tables", ())}
    secret = {role: [party.private[:60]] for role, party in made.parties.items() if party.private}
    for fact in made.evidence:
        if fact.held_by and fact.id not in tabled:
            for role in fact.held_by:
                secret[role].append(fact.says[:60])
    assert sum(map(len, secret.values())) > 5
    for audience in AUDIENCES:
        for form in FORMS:
            aipm("export", run.path, "-o", f"x.{form}", "--as", audience)
            text = re.sub(r"\\(.)", r"\1", Path(f"x.{form}").read_text("utf-8"))
            for role, kept_secret in secret.items():
                told = [line in text for line in kept_secret]
                if audience == "public" or (audience == "legal" and role != "legal"):
                    assert not any(told), (audience, form, role)
                if audience == "public":
                    assert "walk-away" not in (
                        Words(text).text if form == "html" else text.partition("</style>")[2] or text
                    )
    aipm("export", run.path, "-o", "x.html", "--as", "facilitator")
    assert all(line.replace('"', "&#34;").replace("'", "&#39;") in Path("x.html").read_text("utf-8") for lines in secret.values() for line in lines)  # fmt: skip


def test_the_decision_record_follows_madr(aipm, tmp_path, snapshot):
    run = kept(tmp_path / "fading.jsonl", bundle("fading-forecast"), seed=3)
    aipm("export", run.path, "-o", "record.md")
    text = Path("record.md").read_text("utf-8")
    record = text[: text.index("## How the table changed")]
    for title in (
        "Context and problem statement", "Decision drivers", "Considered options", "Decision outcome", "Consequences",
        "Confirmation", "Dissent", "Decision nodes", "Checklist of four",
    ):  # fmt: skip
        assert f"\n## {title}" in record
    assert record == snapshot


def test_links_lead_somewhere_and_ids_are_unique(aipm, fading):
    aipm("export", fading.path, "-o", "x.html", "--as", "facilitator")
    tags = Tags(Path("x.html").read_text("utf-8")).tags
    ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    links = [attrs["href"] for tag, attrs in tags if tag == "a"]
    assert links
    assert [link for link in links if not link.startswith("#") or link[1:] not in ids] == []
    assert {"fact-slice", "turn-pm-1"} & set(ids)


def test_an_unfinished_run_is_exported_too(aipm, tmp_path):
    run = kept(tmp_path / "cut.jsonl", bundle("fading-forecast"), seed=3, cut=4)
    for form in ("html", "md", "json", "csv"):
        assert aipm("export", run.path, "-o", f"x.{form}", "--as", "facilitator").code == 0
    result = aipm("export", run.path, "-o", "x.svg")
    assert (result.code, "nothing was ruled" in result.err) == (2, True)


MISTAKES = {
    "x.pdf": "the ending picks the form",
    "nowhere/x.md": "there is no folder",
    "folder.md": "is a folder",
}


@pytest.mark.parametrize("output", MISTAKES)
def test_a_mistake_is_told(aipm, fading, tmp_path, output):
    (tmp_path / "folder.md").mkdir()
    result = aipm("export", fading.path, "-o", output)
    assert (result.code, result.out) == (2, "")
    assert MISTAKES[output] in " ".join(result.err.split())


# --- hostile text -----------------------------------------------------------------------------

HTML = """"><script>window.pwned=1</script><img src=x onerror="window.pwned=1"><a href="javascript:pwned=1">x</a>"""
CORPUS = (
    HTML, "</style></title><svg/onload=pwned=1>", "{{7*7}}{% raw %}", "]]><![CDATA[", "&lt;b&gt;", "=HYPERLINK(1)",
    "![x](http://evil.example/x.png) [x](javascript:pwned) <http://evil.example> www.evil.example `code`",
    "| a | b |\n|---|---|", "# heading", "line\n\n# heading\n\n    code\n\n- item\n\n---", "\u202egnp.exe\u202c", "[red]rich[/red] [link=http://evil.example]x[/link]",
)  # fmt: skip
SPOKEN_TOO = ("\x1b[31mred\x1b]8;;http://evil.example\x07x\x1b]8;;\x07", "\x9b2J", "a\x00b", "+1+cmd|' /C calc'!A0", "-2", "@SUM(1)")  # fmt: skip
TEXTS = {
    "title", "label", "question", "background", "purpose", "who", "stake", "says", "plainly", "aloud", "source",
    "wants", "private", "because", "asks", "headline", "from", "to", "by", "guardrail", "unit", "short", "duty",
    "objectives", "debrief", "argues", "metric",
}  # fmt: skip


def poisoned(value, payloads, key=""):
    """A scenario's plain data with the next of the payloads in every text of it."""
    if isinstance(value, dict):
        return {k: poisoned(v, payloads, "argues" if key == "argues" else k) for k, v in value.items()}
    if isinstance(value, list):
        return [poisoned(each, payloads, key) for each in value]
    is_id = key == "metric" and re.fullmatch(r"[a-z0-9_-]+", str(value))
    return f"{next(payloads)} {value}" if isinstance(value, str) and key in TEXTS and not is_id else value


def hostile(folder, *payloads):
    """A run in which each text, of the case and of who spoke, holds the next of the payloads."""
    folder.mkdir(parents=True, exist_ok=True)
    plain, drawn = bundle("refund-copilot").plain(), cycle(payloads)
    told = json.dumps(poisoned(plain, cycle([each for each in payloads if each in CORPUS] or ["x"])))
    made = Scenario.model_validate(json.loads(told, parse_float=Decimal))
    package = {"reach": "region", "review": "above_50", "path": "rules"}

    def asks(to):
        return {"to": to, "about": "pain", "text": next(drawn)[:300]}

    seats = {
        role: Scripted(
            opening=Opening(says=next(drawn), tables=tuple(f.id for f in made.evidence if role in f.held_by)),
            positions=[
                Position(vote="yes_if", asks=[{"issue": "reach", "options": ["staff"]}], says=next(drawn), question=asks("pm")),
                Position(vote="yes", says=next(drawn), moved_by=("pm@1",), concern="pain"),
            ],
        )
        for role in made.colleagues
    }  # fmt: skip
    seats["pm"] = Scripted(
        packages=[Proposal(package=package, says=next(drawn), question=asks("legal")) for _ in range(2)],
        signings={2: Signing(signs=False, criterion="pain", reason=next(drawn)[:300], says=next(drawn))},
    )
    events = [
        event.model_copy(update={"volatile": {"fault": next(drawn), "came_back": next(drawn)}})
        for event in negotiate(made, seats, seed=0)
    ]
    events = [
        event.model_copy(update={"seats": {role: f"openai:{next(drawn)}" for role in event.seats}})
        if isinstance(event, Seated) else event
        for event in events
    ]  # fmt: skip
    (folder / "hostile.yaml").write_text(json.dumps(made.plain()), "utf-8")
    stamps = {stamp: next(drawn) for stamp in ("base_url", "prompts", "aipm", "started")}
    return written(folder / "hostile.jsonl", made, events, run_id=next(drawn)[:60], **stamps)


ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "a", "header", "main", "footer", "nav", "section", "article",
    "h1", "h2", "h3", "h4", "h5", "p", "div", "span", "b", "small", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "colgroup", "col",
    "tr", "th", "td", "figure", "figcaption", "details", "summary", "blockquote", "svg", "g", "text", "rect", "line",
    "path", "circle",
}  # fmt: skip


def harmless(page):
    for tag, attrs in Tags(page).tags:
        assert tag in ALLOWED, tag
        assert not any(
            name.startswith("on") or name in ("style", "src", "srcset", "formaction") for name in attrs
        )
        assert attrs.get("href", "#").startswith("#")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("first", [0, 5, 10, 15])
def test_hostile_text_stays_text_in_every_output(aipm, tmp_path, first):
    """All of them at once, in each text another; and four times, each text with others."""
    payloads = [*CORPUS, *SPOKEN_TOO]
    run = hostile(tmp_path / "in", *payloads[first:], *payloads[:first])
    for audience in ("public", "facilitator") if first == 0 else ("facilitator",):  # who sees all
        for form in FORMS:
            assert aipm("export", run.path, "-o", f"x.{form}", "--as", audience).code == 0
            text = Path(f"x.{form}").read_text("utf-8").removeprefix("\ufeff")
            assert not RAW.search(text.replace("\r\n", "\n")), (form, RAW.search(text))
        harmless(Path("x.html").read_text("utf-8"))
        svg = xml.dom.minidom.parse("x.svg")
        assert {node.tagName for node in svg.getElementsByTagName("*")} <= {
            "svg",
            "style",
            "g",
            "text",
            "rect",
        }
        _quiet_markdown(Path("x.md").read_text("utf-8"))
        _no_formula(Path("x.csv"))
    for form in ("html", "md", "csv"):
        assert aipm("compare", run.path, run.path, "-o", f"c.{form}").code == 0
        assert form == "csv" or aipm("debrief", run.path, "-o", f"d.{form}").code == 0
    for name in "cd":
        harmless(Path(f"{name}.html").read_text("utf-8"))
        _quiet_markdown(Path(f"{name}.md").read_text("utf-8"))
    _no_formula(Path("c.csv"))
    folder = str(run.path.parent)
    (run.path.parent / "again.jsonl").write_bytes(run.path.read_bytes())
    for words in (
        ("show", run.path, "--as", "facilitator"), ("show", run.path, "--as", "facilitator", "--json"),
        ("replay", run.path), ("compare", run.path, run.path, "--full"), ("compare", run.path, run.path, "--json"),
        ("compare", folder), ("debrief", run.path, "--full"), ("debrief", run.path, "--json"), ("analyze", run.path.with_suffix(".yaml")),
        ("analyze", run.path.with_suffix(".yaml"), "--json"), ("validate", run.path.with_suffix(".yaml")),
    ):  # fmt: skip
        said = aipm(*words)
        assert said.code == 0, words
        assert not RAW.search(said.out + said.err), words


def _quiet_markdown(text):
    """Rendered, it holds no markup that its author did not write: no raw HTML, link, image or heading."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    spans = [child for token in tokens for child in (token.children or [])]
    kinds = {token.type for token in (*tokens, *spans)}
    assert not kinds & {
        "html_block",
        "html_inline",
        "link_open",
        "image",
        "code_inline",
        "fence",
        "code_block",
    }
    for k, token in enumerate(tokens):
        if token.type == "heading_open":
            assert not tokens[k + 1].content.startswith("heading")
    assert "\nheading" not in text
    assert "http://evil" not in text, "nor one that GitHub and Slack make of an address"
    assert "www.evil" not in text


@pytest.mark.parametrize(
    "said", ["1. first 2. second", "2) then", "- a dash", "+ a plus", "= a rule", "1, 2"]
)
def test_a_line_that_begins_like_a_list_stays_text(said):
    """And loses no character: a backslash escapes only punctuation."""
    (token,) = [t for t in MarkdownIt("commonmark").parse(markdown([Lines((said,))])) if t.type == "inline"]
    assert "".join(child.content for child in token.children) == said


def _no_formula(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            for cell in row:
                assert not cell.lstrip().startswith(("=", "@")), cell
                assert not re.match(r"\s*[+-](?![\d.]+$)", cell), cell


def test_a_spreadsheet_reads_text_as_text():
    text = csv_text([["=1+1", " =1", "-5", "+3.5", "-x", "@a", "plain", "a,b", 'c"d', "中文"]])
    (row,) = csv.reader(io.StringIO(text))
    assert row == ["'=1+1", "' =1", "-5", "+3.5", "'-x", "'@a", "plain", "a,b", 'c"d', "中文"]


# --- in a browser -----------------------------------------------------------------------------


SIZES = {"phone": (390, 844), "desktop": (1280, 900)}


def _pages(aipm, folder):
    """Every kind of page, as files."""
    runs = [kept(folder / f"{seed}.jsonl", bundle("fading-forecast"), seed=seed) for seed in (3, 4)]
    for audience in AUDIENCES:
        aipm("export", runs[0].path, "-o", f"{audience}.html", "--as", audience)
    aipm("compare", runs[0].path, runs[1].path, "-o", "pair.html")
    aipm("compare", folder, "-o", "many.html")
    for seed in (3, 4):
        for name in ("one", "other"):
            kept(folder / name / f"{seed}.jsonl", bundle("refund-copilot"), seed=seed + (name == "other"))
    aipm("compare", folder / "one", folder / "other", "-o", "groups.html")
    assert 'class="chart dots"' in Path("groups.html").read_text("utf-8")
    run = hostile(folder, HTML)
    aipm("export", run.path, "-o", "hostile.html", "--as", "facilitator")
    aipm("debrief", runs[0].path, "-o", "debrief.html")
    kept(folder / "class" / "1.jsonl", bundle("fresh-food-orders"), seed=1)
    kept(folder / "class" / "2.jsonl", bundle("fresh-food-orders"), seed=2, cut=9)
    aipm("debrief", folder / "class", "-o", "class.html")
    assert 'lang="zh-Hant"' in Path("class.html").read_text("utf-8")
    names = (*AUDIENCES, "pair", "many", "groups", "hostile", "debrief", "class")
    return [Path(f"{name}.html").absolute() for name in names]


def test_pages_are_quiet_readable_and_accessible(aipm, tmp_path, browser):
    from axe_playwright_python.sync_playwright import Axe

    settings = (("phone", "light"), ("desktop", "dark"))
    for number, path in enumerate(_pages(aipm, tmp_path / "runs")):
        for size, scheme in settings[: 1 + number % 2]:  # what is too wide is too wide on a phone
            width, height = SIZES[size]
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
            page = context.new_page()
            asked, said = [], []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.on("console", lambda message, said=said: said.append(message.text))
            page.on("dialog", lambda dialog, said=said: said.append(dialog.message))
            page.goto(path.as_uri())
            where = (path.name, size, scheme)
            assert asked == [path.as_uri()], where
            assert said == [], where
            assert page.evaluate("window.pwned") is None
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), where
            if (
                number % 2 and (size, scheme) == settings[number // 2 % 2]
            ):  # one sheet sets all; each scheme has its turn
                found = Axe().run(page)
                assert found.violations_count == 0, (where, found.generate_report())
            context.close()


def test_a_page_is_read_with_the_keyboard_and_printed(aipm, fading, browser):
    aipm("export", fading.path, "-o", "x.html")
    page = browser.new_page()
    page.goto(Path("x.html").absolute().as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the text"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**#glance")
    pdf = page.pdf(format="A4")
    assert pdf.startswith(b"%PDF")
    assert 3 <= pdf.count(b"/Type /Page") - pdf.count(b"/Type /Pages") <= 40
    page.close()


@pytest.mark.parametrize("letters", ["中", "mm "])
def test_labels_beside_a_picture_end_before_its_edge(letters):
    bars, marks = (Bar(letters * 60, 1, 2, letters * 60),), (Whisker(letters * 60, 1.0, 0.5, 2.0),)
    for made in (tornado(Tornado("t", "w", bars, 1)), dots(Dots("t", "w", marks))):
        (name,) = re.findall(r'<text class="names[^"]*" x="(\d+)"[^>]*>([^<]+)<', made.svg)
        assert cell_len(name[1]) * 6.5 <= int(name[0]), "a Chinese letter takes 13 units"


def test_a_picture_is_drawn_in_colour(aipm, fading, browser):
    """An SVG of its own carries its style: no cell is left black."""
    aipm("export", fading.path, "-o", "x.svg")
    page = browser.new_page()
    page.goto(Path("x.svg").absolute().as_uri())
    fills = page.evaluate("[...document.querySelectorAll('rect')].map(r => getComputedStyle(r).fill)")
    assert fills
    assert "rgb(0, 0, 0)" not in fills
    page.close()


# --- at reading pace --------------------------------------------------------------------------


class Hands:
    """Presses keys by a script of (seconds, key), on a clock of its own."""

    def __init__(self, *script):
        self.script, self.now = list(script), 0.0

    def key(self, seconds):
        self.now += seconds
        if self.script and self.script[0][0] <= self.now:
            return self.script.pop(0)[1]
        return None

    def clock(self):
        return self.now


@pytest.mark.parametrize(
    ("script", "speed", "took", "goes_on"),
    [
        ([], 1, 4.0, True), ([], 2, 2.0, True), ([(1, "step")], 1, 1.0, True), ([(1, "q")], 1, 1.0, False),
        ([(1, " "), (6, " ")], 1, 9.0, True), ([(1, " "), (6, "step")], 1, 6.0, True), ([(2, "+")], 1, 3.35, True),
    ],
)  # fmt: skip
def test_pace(script, speed, took, goes_on):
    hands = Hands(*script)
    pace = Pace(speed, hands.key, hands.clock)
    assert pace.wait(4.0) is goes_on
    assert hands.now == pytest.approx(took, abs=0.25)


def test_chinese_is_read_by_the_character():
    assert seconds_to_read("a" * 15) == pytest.approx(1)
    assert seconds_to_read("中" * 5) == pytest.approx(1)


def test_replay_without_a_terminal_runs_through(aipm, fading):
    shown, replayed = aipm("show", fading.path), aipm("replay", fading.path, "--speed", "0.5")
    assert (replayed.code, replayed.err) == (0, "")
    assert replayed.out == shown.out
