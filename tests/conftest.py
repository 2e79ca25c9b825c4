from __future__ import annotations

import json
import sys

import pytest

from aipm_agents import cli


@pytest.fixture(autouse=True)
def _no_keys_no_stray_runs(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    """No test may find a key, nor leave a transcript in the checkout."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
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
