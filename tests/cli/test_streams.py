"""What comes in and goes out beside files: standard streams, a proxy, lines of answers, locks, commands to type."""

from __future__ import annotations

import errno
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from making import scenario
from portalocker import LockException

from aipm_agents.cli import runs
from aipm_agents.cli.desk.lines import MOST, Script
from aipm_agents.errors import EndpointError, StorageError, UsageError
from aipm_agents.seats.model.address import Address
from aipm_agents.seats.model.wire import Wire
from aipm_agents.transcript import Recorder, new_header

AIPM = str(Path(sys.executable).parent / "aipm")


def shell(command, tmp_path):
    return subprocess.run(
        ["bash", "-c", command.replace("aipm", shlex.quote(AIPM))], cwd=tmp_path, text=True, capture_output=True,
        check=False, env={**os.environ, "AIPM_RUNS": str(tmp_path / "runs")},
    )  # fmt: skip


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_a_full_output_is_told_and_the_run_is_kept(tmp_path):
    done = shell("aipm run refund-copilot > /dev/full", tmp_path)
    assert done.returncode == 1
    assert "what is printed cannot be written: No space left on device" in done.stderr
    assert "resume" in done.stderr
    assert "a fault of ours" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_a_closed_stream_is_nobody_there(tmp_path, closed):
    done = shell(f"aipm list {closed}", tmp_path)
    assert done.returncode == 0
    assert done.stderr == ""


@pytest.mark.parametrize("proxy", ["http://me:secret@h:port", "htp://h", "socks9://h"])
def test_a_proxy_that_is_none_is_named_and_not_shown(monkeypatch, proxy):
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(EndpointError) as told:
        Wire(Address("m", "https://x.example/v1"), None, 1.0)
    assert "ALL_PROXY" in str(told.value)
    assert proxy not in str(told.value)


def test_lines_of_answers_are_counted_as_an_editor_does():
    script = Script(
        "a.txt", "# one\x0c\u2028still one\r\nvote no\x0band no\rthree\n@legal  02\nfive\n", echo=False
    )
    assert [script.read(""), script.at] == ["vote noand no", 2]
    assert [script.read(""), script.at] == ["three", 3]
    script.begin("legal", 2, "answer")
    assert [script.read(""), script.at] == ["five", 5]


@pytest.mark.parametrize("line", ["@legal one", "@legal", "@", "@legal 1 signs", "@legal 1.5", "@legal -1"])
def test_a_line_that_names_no_turn_is_refused(line):
    with pytest.raises(UsageError, match=r"a\.txt:2: .* names no turn"):
        Script("a.txt", f"yes\n{line}\n")


def test_endless_answers_are_not_read_to_their_end(tmp_path):
    if os.path.exists("/dev/zero"):
        done = shell("aipm play refund-copilot --as legal --answers /dev/zero --display none", tmp_path)
        assert done.returncode == 2
        assert f"more than {MOST:,} bytes" in done.stderr


def test_a_place_without_locks_is_no_other_process(tmp_path, monkeypatch):
    def none(*_):
        raise LockException(OSError(errno.ENOLCK, os.strerror(errno.ENOLCK)))

    monkeypatch.setattr("portalocker.lock", none)
    with pytest.raises(StorageError, match="No locks available"):
        Recorder(tmp_path / "run.jsonl", new_header(scenario(), 0))


def test_a_command_to_type_is_quoted(tmp_path):
    path = tmp_path / "my runs; rm x" / "a b.jsonl"
    said = runs.handle(path, new_header(scenario(), 0))
    assert shlex.split(said) == [str(path)]


def test_a_terminal_of_no_width_is_one_that_does_not_say_it(tmp_path):
    assert "seed 0" in shell("COLUMNS=0 aipm run refund-copilot", tmp_path).stdout
