"""What can be done to a transcript by hand: one value changed, a line gone, two swapped, one of another run put in.

    python tests/edits.py [--random N]     every edit of three short runs, and N of several at once

prints where our reader and `tests/checker.py` disagree, and what came out of `aipm` other than a run or a refusal.
"""

from __future__ import annotations

import argparse
import copy
import io
import json
import random
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import checker
from making import Curious, Erratic
from making import scenario as small

from aipm_agents import cli
from aipm_agents.errors import TranscriptError
from aipm_agents.negotiation import negotiate
from aipm_agents.scenario.library import bundled
from aipm_agents.scenario.reader import read as read_scenario
from aipm_agents.seats.embedded import Embedded
from aipm_agents.transcript import Recorder, new_header, read

REFUND = "refund-copilot"


def lines_of(path):
    return path.read_text("utf-8").split("\n")[:-1]


def run(path, made, seats, seed):
    with Recorder(path, new_header(made, seed, run_id=path.stem)) as recorder:
        negotiate(made, seats, seed=seed, on_event=recorder.append)
    return lines_of(path)


def short_runs(folder):
    """Three, each with another run of its scenario to take lines from: one that ends in a deal, one that goes wrong in
    many ways, one of challenges, options held, studies and words."""
    refund = read_scenario(bundled()[REFUND])
    depot = read_scenario(Path(__file__).parent / "data" / "depot-gate.yaml")
    tables = {
        "deal": (refund, lambda seed: {role: Embedded() for role in refund.parties}, (7, 8)),
        "wrong": (small(rounds=3), lambda seed: _erratic(Erratic, small(), seed), (5, 6)),
        "rich": (depot, lambda seed: _erratic(Curious, depot, seed), (1, 2)),
    }
    return {
        name: tuple(run(folder / f"{name}{seed}.jsonl", made, seats(seed), seed) for seed in seeds)
        for name, (made, seats, seeds) in tables.items()
    }


def _erratic(kind, made, seed):
    return {role: kind(random.Random(f"{seed}/{role}"), False) for role in made.parties}


# --- one edit -----------------------------------------------------------------------------------


def leaves(value, path=()):
    """Every place in plain data where something could be changed."""
    if path:
        yield path, value
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        yield from leaves(each, (*path, key))


def others(path, value, words):
    """What could stand in its place: of the same kind, of none, and of another."""
    match value:
        case bool():
            yield from (not value, None, 1)
        case int() | float():
            yield from (value + 1, value - 1, 0, -1, True, "1", None, 10**30)
        case str():
            yield from (
                *sorted(words.get(path[-1] if isinstance(path[-1], str) else path[-2], ()))[:6],
                "",
                value + "x",
                None,
                7,
                [],
            )
        case None:
            yield from ({}, [], "x", 0)
        case list():
            yield from ([], [*value, *value[:1]], value[::-1], value[1:], None, {})
        case dict():
            yield from ({}, None, [])


def leaf_edits(lines, header=True):
    """Each as (what, the lines then)."""
    data = [json.loads(line) for line in lines]
    words: dict = {}
    for each in data[1:]:
        for path, value in leaves(each):
            if isinstance(value, str):
                words.setdefault(path[-1] if isinstance(path[-1], str) else path[-2], set()).add(value)
    for number, each in enumerate(data):
        for path, value in leaves(each):
            if path[0] == "scenario" and not header:
                continue
            for new in [*others(path, value, words), _GONE]:
                if new == value and type(new) is type(value):
                    continue
                changed = copy.deepcopy(each)
                _put(changed, path, new)
                yield f"line {number + 1}: {path} = {new!r}"[:200], _with(lines, number, changed)


_GONE = object()


def _put(data, path, new):
    *way, last = path
    for step in way:
        data = data[step]
    if new is _GONE:
        del data[last]
    else:
        data[last] = new


def _with(lines, number, changed):
    return [*lines[:number], json.dumps(changed, ensure_ascii=False), *lines[number + 1 :]]


def line_edits(lines, foreign):
    for i in range(1, len(lines)):
        yield f"line {i + 1} gone", [*lines[:i], *lines[i + 1 :]]
        yield f"line {i + 1} twice", [*lines[: i + 1], *lines[i:]]
        yield f"cut before line {i + 1}", lines[:i]
        for k in range(i + 1, len(lines)):
            swapped = [*lines]
            swapped[i], swapped[k] = swapped[k], swapped[i]
            yield f"lines {i + 1} and {k + 1} swapped", swapped
        for k in range(1, len(foreign)):
            yield f"line {k + 1} of another run for line {i + 1}", [*lines[:i], foreign[k], *lines[i + 1 :]]
            yield f"line {k + 1} of another run before line {i + 1}", [*lines[:i], foreign[k], *lines[i:]]
        yield f"another run from line {i + 1} on", [*lines[:i], *foreign[i:]]


# --- what is made of it -------------------------------------------------------------------------


def ours(lines, path):
    """The line our reader refuses, 0 for none; anything but a refusal with a line comes out as it is."""
    path.write_bytes(("\n".join(lines) + "\n").encode("utf-8", "surrogatepass"))
    try:
        read(path)
    except TranscriptError as error:
        place = str(error).removeprefix(f"{path}:")
        return int(place[: place.index(":")])
    return 0


def theirs(lines):
    found = checker.refused(lines)
    return found[0] if found else 0


COMMANDS = (
    ("show", "--as", "facilitator"), ("show", "--json"), ("debrief", "--full"), ("compare", "OTHER"),
    ("export", "-o", "OUT.html"), ("export", "-o", "OUT.csv"), ("replay", "--speed", "16"), ("resume", "--display", "none"),
)  # fmt: skip


def said(command, path, other, out):
    """(exit code, what stood on stderr) of a command about a transcript."""
    word, *rest = [str(other) if w == "OTHER" else w.replace("OUT", str(out)) for w in command]
    argv, sys.argv = sys.argv, ["aipm", word, str(path), *rest]
    told = io.StringIO()
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(told):
            cli.main()
    except SystemExit as end:
        return end.code or 0, told.getvalue()
    finally:
        sys.argv = argv
    return 0, told.getvalue()


def at_random(runs, rng, most=4):
    """A run with one to `most` edits in it."""
    name = rng.choice(sorted(runs))
    lines, foreign = runs[name]
    what = []
    for _ in range(rng.randint(1, most)):
        data = [json.loads(line) for line in lines]
        kind = rng.choice(["leaf", "leaf", "leaf", "leaf", "gone", "swap", "splice", "text"])
        i, k = rng.randrange(len(lines)), rng.randrange(len(lines))
        if kind == "leaf":
            found = list(leaves(data[i]))
            words = {p[-1]: {v} for p, v in found if isinstance(v, str)}
            path, value = rng.choice(found) if found else ((), None)
            if path:
                _put(data[i], path, rng.choice([*others(path, value, words), _GONE, {"a": [[{}]]}]))
                lines = _with(lines, i, data[i])
        elif kind == "gone" and len(lines) > 2:
            lines = [*lines[:i], *lines[i + 1 :]]
        elif kind == "swap":
            lines = [*lines]
            lines[i], lines[k] = lines[k], lines[i]
        elif kind == "splice":
            lines = [*lines[:i], foreign[rng.randrange(len(foreign))], *lines[i:]]
        elif kind == "text":
            place = rng.randrange(max(1, len(lines[i])))
            lines = [
                *lines[:i],
                lines[i][:place] + rng.choice(['"', "}", "\\u0000", "9", "[", "\\ud800"]) + lines[i][place:],
                *lines[i + 1 :],
            ]
            if any(not _json(line) for line in lines):
                return name, "no JSON", lines
        what.append(f"{kind} {i + 1}")
    return name, ", ".join(what), lines


def _json(line):
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--random", type=int, default=0)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        runs = short_runs(folder)
        path, apart, counted, accepted = folder / "edited.jsonl", 0, 0, 0
        for kind, (lines, foreign) in runs.items() if not given.random else ():
            for what, edited in (*leaf_edits(lines, header=kind == "wrong"), *line_edits(lines, foreign)):
                mine, his = ours(edited, path), theirs(edited)
                counted, accepted = counted + 1, accepted + (not mine)
                if mine != his:
                    apart += 1
                    print(f"{kind}: {what}: we say {mine}, the checker {his} {checker.refused(edited)}")
            print(f"{kind}: {counted} edits so far, {accepted} accepted by both, {apart} apart", flush=True)
        rng, bad = random.Random(20261127), 0
        for number in range(given.random):
            kind, what, edited = at_random(runs, rng)
            mine = ours(edited, path)
            for command in COMMANDS if not mine else COMMANDS[number % len(COMMANDS) :][:1]:
                path.write_bytes(("\n".join(edited) + "\n").encode("utf-8", "surrogatepass"))
                code, told = said(command, path, folder / "deal7.jsonl", folder / "out")
                fits = (code == 3 and f"{path}:{mine}:" in told) if mine else code in (0, 2)
                if "Traceback" in told or "fault of ours" in told or not fits:
                    bad += 1
                    print(f"{kind}: {what}: {command}: {code} {told[-300:]}")
        if given.random:
            print(f"{given.random} random edits, {bad} with another end than a run or a refusal")


if __name__ == "__main__":
    main()
