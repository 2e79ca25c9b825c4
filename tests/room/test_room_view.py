"""`aipm view`: a folder in the browser. Nothing leads out of it, nothing is written, nobody elsewhere can ask."""

from __future__ import annotations

import re

import pytest
from asking import Browser, tags, words
from records import bundle, kept, written
from talks import REPAIRS
from test_pages import CORPUS, hostile

from aipm_agents import redaction
from aipm_agents.drafting.talk import Talk
from aipm_agents.drafting.written import draft
from aipm_agents.language import speaking, spoken
from aipm_agents.room.door import MOST_BYTES, Rates
from aipm_agents.room.looking import site

KEY = "sk-test-4f1e9b7c5d3a"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("runs")
    kept(path / "one.jsonl", bundle("refund-copilot"), seed=2)
    kept(path / "cut.jsonl", bundle("refund-copilot"), seed=3, cut=6)
    run = kept(path / "deep" / "two.jsonl", bundle("refund-copilot"), seed=3)
    written(path / "now.jsonl", run.scenario, run.events[:6], seed=3)
    (path / "no.jsonl").write_text("nothing\n", "utf-8")
    return path


@pytest.fixture
def browser(folder):
    return Browser(site(folder))


def test_the_shelf_has_every_run_and_scenario_and_finds_them(browser):
    page = browser.get("/")
    assert {"one.jsonl", "deep/two.jsonl", "cut.jsonl", "no.jsonl", "now.jsonl"} == {
        each["value"] for each in tags(page, "input") if each.get("type") == "checkbox"
    }
    assert "being played" in words(page)
    assert "no transcript" in words(page)
    assert any(each.get("href") == "/scenario/fading-forecast" for each in tags(page, "a"))
    assert len([t for t in tags(browser.get("/?ended=open"), "input") if t.get("name") == "run"]) == 1
    assert "Nothing here fits" in words(browser.get("/?q=nowhere"))


def test_a_run_is_leafed_through_as_its_audience_saw_it(browser):
    first, second = browser.get("/run/one.jsonl?round=0"), browser.get("/run/one.jsonl?round=2")
    assert "frames the meeting" in words(first)
    assert "frames the meeting" not in words(second)
    assert any(each.get("rel") == "next" for each in tags(first, "a"))
    secret = bundle("refund-copilot").parties["legal"].private[:50]
    assert secret not in words(browser.get("/run/one.jsonl"))
    assert secret in words(browser.get("/run/one.jsonl?as=legal"))
    assert "Holds every secret" in words(browser.get("/run/one.jsonl?as=facilitator"))
    assert "data-events" in browser.get("/run/now.jsonl").text
    assert "data-events" not in first.text


@pytest.mark.parametrize(
    ("path", "status"),
    [("/run/nowhere.jsonl", 404), ("/run/../../etc/passwd", 404), ("/run/%2e%2e/%2e%2e/etc/passwd", 404),
     ("/run//etc/passwd", 404), ("/scenario/none", 404), ("/sweep/none", 404), ("/asset/x", 404), ("/run/no.jsonl", 409)],
)  # fmt: skip
def test_what_is_not_on_the_shelf_is_not_there(browser, path, status):
    assert browser.get(path).status_code == status


def test_runs_are_compared_and_debriefed_and_a_scenario_looked_into(browser):
    page = browser.get("/compare?run=one.jsonl&run=deep/two.jsonl")
    assert "Where they parted" in words(page) or "parted" in words(page)
    assert "Pick two runs" in words(browser.get("/compare?run=one.jsonl"))
    assert "What was decided" in words(browser.get("/debrief?run=one.jsonl"))
    assert "a class of 2 groups" in words(browser.get("/debrief?run=one.jsonl&run=deep/two.jsonl"))
    assert "packages" in words(browser.get("/scenario/refund-copilot"))


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8300", "127.0.0.1.evil.example", "localhost.evil.example", ""])  # fmt: skip
def test_a_name_that_is_not_ours_gets_nothing(browser, host):
    reply = browser.get("/", host=host)
    assert (reply.status_code, "shelf" in reply.text) == (421, False)


def test_every_answer_leads_nowhere_else(browser):
    for path in ("/", "/run/one.jsonl", "/run/nowhere", "/asset/x"):
        reply = browser.get(path)
        policy = reply.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert reply.headers["referrer-policy"] == "same-origin"
        for link in (*tags(reply, "script"), *tags(reply, "link"), *tags(reply, "img")):
            assert re.match(r"/asset/|data:,", link.get("src", link.get("href", "")))
        assert not any(name.startswith("on") or name == "style" for tag in tags(reply, "div") for name in tag)


def test_bodies_methods_and_origins_are_bounded(browser):
    assert browser.client.request("DELETE", "/").status_code == 405
    assert browser.post("/", {"a": "b"}, origin="http://evil.example").status_code == 403
    assert browser.client.post("/", data={"a": "b"}).status_code == 403
    assert browser.post("/", {"a": "b" * MOST_BYTES}).status_code == 413


def test_rates_fill_again():
    now = [0.0]
    rates = Rates(2, 3, most=2, clock=lambda: now[0])
    assert [rates.take("a") for _ in range(4)] == [True, True, True, False]
    now[0] = 1.0
    assert [rates.take("a") for _ in range(3)] == [True, True, False]
    for who in ("b", "c"):
        rates.take(who)
    assert rates.left("a") == 3  # forgotten


@pytest.mark.parametrize("payload", CORPUS[:1])
def test_hostile_text_stays_text(tmp_path, payload):
    run = hostile(tmp_path, payload)
    browser = Browser(site(tmp_path))
    pages = [
        browser.get("/"),
        *(browser.get(f"/run/{run.path.name}?as=facilitator&round={n}") for n in (0, 1, 2)),
    ]
    pages.append(browser.get(f"/debrief?run={run.path.name}"))
    for page in pages:
        assert page.status_code == 200
        assert [each.get("src") for each in tags(page, "script")] == [tags(page, "script")[0]["src"]]
        assert not tags(page, "img")
        assert not any(
            name.startswith("on")
            for tag in ("a", "div", "p", "svg", "body")
            for each in tags(page, tag)
            for name in each
        )


def test_each_thread_speaks_its_own_language():
    from concurrent.futures import ThreadPoolExecutor

    with speaking("zh-Hant"), ThreadPoolExecutor(1) as pool:
        assert pool.submit(spoken).result() == "en"
        with speaking("en"):
            assert spoken() == "en"
        assert spoken() == "zh-Hant"


def test_a_scenario_is_drafted_on_a_page_as_in_the_terminal_and_nothing_is_kept_here(browser, folder):
    """Every answer, refused ones too, is put into the form that came back; the file is the terminal's."""
    once = iter(REPAIRS)
    sketched, answers = Talk("en", lambda question: next(once), lambda text: None).sketch()
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    page = browser.get("/draft")
    for answer in REPAIRS:
        page = browser.post("/draft", {"said": carried(page), "answer": answer})
        assert page.status_code == 200
    assert carried(page) == [*answers.lines]
    assert "That is all" in words(page)
    assert "marked INVENTED" in words(page)
    back = browser.post("/draft", {"said": carried(page), "back": "1"})
    assert "Who will feel this" in words(back)
    assert words(browser.post("/draft", {"said": carried(back), "answer": ""})) == words(page)
    assert browser.post("/draft/file", {"said": carried(page), "name": "../repairs"}).status_code == 422
    early = browser.post("/draft/file", {"said": carried(page)[:9], "name": "repairs"})
    assert (carried(early), "content-disposition" in early.headers) == (carried(page)[:9], False)
    file = browser.post("/draft/file", {"said": carried(page), "name": "repairs"})
    assert file.headers["content-disposition"] == 'attachment; filename="repairs.yaml"'
    assert file.text == draft(sketched, answers, "repairs", "you").text
    kept_answers = browser.post("/draft/file", {"said": carried(page), "name": "repairs", "answers": "1"})
    assert kept_answers.text.splitlines() == [*answers.lines]
    assert before == {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_a_key_in_an_answer_leaves_in_no_file(browser, monkeypatch):
    for name, blank in (("_known", frozenset()), ("_any_case", redaction._Forms()), ("_exact", redaction._Forms())):  # fmt: skip
        monkeypatch.setattr(redaction, name, blank)
    redaction.know([KEY])
    said = [KEY if each == "Two have resigned." else each for each in REPAIRS]
    for more in ({}, {"answers": "1"}):
        file = browser.post("/draft/file", {"said": said, "name": "repairs", **more})
        assert "attachment" in file.headers["content-disposition"]
        assert KEY not in file.text


def test_what_is_said_to_a_draft_is_only_ever_text(browser):
    page = browser.post("/draft", {"answer": '"><script>alert(1)</script>'})
    assert [each for each in tags(page, "script") if "src" not in each] == []
    assert carried(page) == ['"><script>alert(1)</script>']


def carried(page):
    """The answers that a page of a draft brings along."""
    return [each["value"] for each in tags(page, "input") if each.get("name") == "said"]
