"""Kills a scripted session at random moments and resumes it, many times; a process of its own, since it forks.

`python tests/killing.py FOLDER ANSWERS TIMES SEED`: prints, as JSON, how many kills came before the end, at how
many different lengths of the record, and which sessions did not end as the unbroken one.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path

import psutil

from aipm_agents import cli


def typed(words):
    """The exit code of a command, carried out in this process."""
    sys.argv = ["aipm", *words]
    try:
        cli.main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def started(words, told=os.devnull):
    """The process of a command; what goes wrong is written to the file `told`."""
    process = os.fork()
    if process:
        return process
    silence, errors = os.open(os.devnull, os.O_RDWR), os.open(told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream, target in ((0, silence), (1, silence), (2, errors)):
        os.dup2(target, stream)
    os._exit(typed(words))


def ended(process):
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def kill(process, work, rng):
    """In the middle of its work, or at its end: after some of the seconds of processor it needs for all of it, so
    that a busy machine changes nothing. Whether it was still alive."""
    until = rng.random() * work
    while not (os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT)):
        used = psutil.Process(process).cpu_times()
        if used.user + used.system >= until:
            break
        time.sleep(0.002)
    time.sleep(rng.random() * 0.01)  # the clock of a process ticks a hundred times a second
    os.kill(process, signal.SIGKILL)
    return ended(process) == -signal.SIGKILL


def bare(path):
    """The record without what varies, line by line."""
    lines = [json.loads(text) for text in path.read_text("utf-8").splitlines()]
    return [{key: value for key, value in line.items() if key != "volatile"} for line in lines]


def main(folder, answers, times, seed):
    rng, people = random.Random(seed), ["--as", "legal", "--as", "pm"]
    script = ["--answers", str(answers), "--display", "none"]
    play = ["play", "refund-copilot", "--seed", "7", *people, *script]
    with redirect_stdout(sys.stderr):  # once here, so that the forks find all imported and are killed at work
        assert typed([*play, "-o", str(folder / "first.jsonl")]) == 0
    _, status, used = os.wait4(started([*play, "-o", str(folder / "whole.jsonl")]), 0)
    assert status == 0
    work, whole = used.ru_utime + used.ru_stime, bare(folder / "whole.jsonl")
    early, lengths, wrong, told = 0, set(), [], folder / "told.txt"
    for number in range(times):
        path = folder / f"{number}.jsonl"
        process = started([*play, "-o", str(path)])
        for _ in range(40):
            killed = kill(process, work, rng)
            if not path.exists() or not path.read_bytes().count(b"\n"):
                break  # nothing was promised yet
            early += killed
            lengths.add(path.read_bytes().count(b"\n"))
            process = started(["resume", str(path), *script], told)
            if rng.random() < 0.8:  # the others are killed once more
                break
        if not path.exists() or not path.read_bytes().count(b"\n"):
            path.unlink(missing_ok=True)
            continue
        code = ended(process)
        side = [each for each in (f"{path}.held", f"{path}.draft") if Path(each).exists()]
        if code or bare(path) != whole or side:
            wrong.append([number, code, side, bare(path) != whole, told.read_text("utf-8")[-2000:]])
        path.unlink()
    print(json.dumps({"early": early, "lengths": len(lengths), "of": len(whole), "wrong": wrong}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
