from __future__ import annotations

import gc
import json
import os
import shutil
import sys
from functools import cache

import pytest
from hypothesis import settings

from aipm_agents import cli, language

# The gate says the same of the same code, whoever runs it. `AIPM_HUNT=20` looks where nobody has looked: examples at
# random, twenty times as many, of the tests that have examples.
settings.register_profile("gate", derandomize=True)
HUNT = int(os.environ.get("AIPM_HUNT", "0"))
if not HUNT:
    settings.load_profile("gate")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if HUNT:
        kept = {
            test: getattr(test, "_hypothesis_internal_use_settings", None) for test in {i.obj for i in items}
        }
        items[:] = [item for item in items if kept[item.obj]]
        for test, given in kept.items():
            if given:
                test._hypothesis_internal_use_settings = settings(
                    given, max_examples=HUNT * given.max_examples
                )


@pytest.hookimpl(optionalhook=True)  # the lowest versions are tried without xdist
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: some tests wait, for a clock, a disk or a browser."""
    return 1 + (os.cpu_count() or 1)


def pytest_collection_finish() -> None:
    """What is imported stays: it is not looked through again each time that memory is tidied."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """What nobody closed is told here, once; pytest looks five times, a quarter of a minute on two cores."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _no_keys_no_stray_runs(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    """No test may find a key or a language of this machine, nor leave a transcript in the checkout."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "AIPM_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    language.settle(None, {})
    monkeypatch.setenv("AIPM_RUNS", str(tmp_path / "runs"))


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def last(self):
        return self.out.rstrip("\n").rsplit("\n", 1)[-1]

    @property
    def json(self):
        assert self.out.count("\n") == 1, "one object, on one line"
        return json.loads(self.out)


@pytest.fixture
def aipm(monkeypatch, tmp_path, capsys):
    """Types a command in an empty folder, in this process; gives its exit code and what it said."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def typed(*words):
        monkeypatch.setattr(sys, "argv", ["aipm", *map(str, words)])
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = end.code or 0
        said = capsys.readouterr()
        assert "Traceback" not in said.err + said.out
        return Result(code, said.out, said.err)

    return typed


@pytest.fixture
def scripted_run():
    """A short meeting with known questions, answers, trades, silences: (scenario, events)."""
    from making import scenario

    from aipm_agents.negotiation import negotiate
    from aipm_agents.seats.scripted import Scripted
    from aipm_agents.table.moves import Position, Proposal

    parties = {role: scenario().parties["pm"].model_dump(mode="json", exclude_defaults=True)
               for role in ("pm", "engineer", "legal", "marketing")}  # fmt: skip
    made = scenario(parties=parties)
    first, second = {"reach": "all", "review": "some"}, {"reach": "few", "review": "some"}
    answered = {"to": "engineer", "about": "light"}
    pm = [
        Proposal(
            package=first, question={"to": "legal", "about": "safe", "text": "Is it safe?"}, says="All."
        ),
        Proposal(package=second, says="A few, then."),
    ]
    engineer = [
        Position(
            vote="yes_if", asks=[{"issue": "reach", "options": ["few"]}, {"issue": "review", "options": ["none"]}],
            tables=("survey",), trade={"give": {"reach": "few"}, "for": {"review": "some"}},
            question={"to": "marketing", "about": "light", "text": "How light?"}, says="If.",
        ),
        Position(vote="yes", moved_by=("survey",), says="Fine."),
    ]  # fmt: skip
    marketing = [
        Position(vote="yes", trade={"give": {"reach": "all"}, "for": {"review": "some"}}, says="Yes."),
        Position(vote="yes", answer=answered, says="Light enough."),
    ]
    legal = [
        Position(
            vote="no", asks=[{"issue": "reach", "options": ["few"]}],
            answer={"to": "pm", "about": "safe", "declined": True},
            says="I would rather not say what we tested, and I would rather not say why.",
        ),
        Position(vote="yes", says="I can live with a few, I think, for now."),
    ]  # fmt: skip
    seats = {
        "pm": Scripted(packages=pm), "engineer": Scripted(positions=engineer), "legal": Scripted(positions=legal),
        "marketing": Scripted(positions=marketing),
    }  # fmt: skip
    return made, tuple(negotiate(made, seats, seed=0))


@cache
def chromium():
    named = os.environ.get("AIPM_CHROMIUM", "")
    return (named if named not in ("", "required") else None) or shutil.which("chromium")


@pytest.fixture(scope="module")
def browser():
    if chromium() is None:
        if os.environ.get("AIPM_CHROMIUM"):
            pytest.fail("no Chromium here; install Debian's package chromium")
        pytest.skip("no Chromium here; install Debian's package chromium to open the pages")
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=flags)
        yield opened
        opened.close()
