"""Whether a fault is ever taken for a judgement: meetings whose turns fail by a schedule, each held against itself.

    python benchmarks/faults.py [CASE ...] [--schedules 200] [--seed 0] [--jobs 2]

CASE is a bundled id or a scenario file; none is every bundled case. A schedule says of which seats which turns fail: every
seat and phase (framing, opening, proposal, answer, signing) of every case stands in one, failing once, in one round
together with everybody, from a round on, or always; at tables that talk, and at tables where nobody tells a fact. Each
count is printed with what it is out of and its worst example:

- no-gos by fault: a `no_go` that is none when the same meeting is played again, all others moving as they did, and whoever
  failed declining in words;
- no-gos by silence: a `no_go` that stands on a criterion not shown whose owner's turn of that round failed, or that somebody
  may have held of whom nothing was heard since it was asked for; and that is none where they tell all they hold instead;
- yeses by fault: a seat counted as a yes, or a signature, in a round in which its turn failed;
- blamed for nothing: "undecided by faults" that names a seat of which no turn failed;
- faults not named: in `show`, `debrief` and `compare`, a failed turn that is not told as that;
- silences by fault: somebody of whom no turn was usable, asked by a debrief or a comparison why it did or did not do a thing.
"""

from __future__ import annotations

import argparse
import io
import random
import re
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from rich.console import Console

from aipm_agents.analysis.compare.comparison import compare
from aipm_agents.analysis.debrief.whole import debrief
from aipm_agents.errors import FaultKind, SeatError
from aipm_agents.negotiation import negotiate
from aipm_agents.report.compare.comparison import first_screen
from aipm_agents.report.debrief.whole import screen
from aipm_agents.report.live.meeting import screens
from aipm_agents.report.papers.terminal import paper
from aipm_agents.report.words.vocabulary import FAULTS
from aipm_agents.roles import PM
from aipm_agents.scenario.library import bundled
from aipm_agents.scenario.reader import read
from aipm_agents.seats.embedded import Embedded
from aipm_agents.table.events import (
    Answered,
    Decided,
    Framed,
    Opened,
    Proposed,
    Ruled,
    Signed,
    ending,
    last_ruling,
    tabled_evidence,
)
from aipm_agents.table.faults import failed_turns
from aipm_agents.table.moves import Opening, Position, Proposal, Signing, Words
from aipm_agents.table.options import package_left
from aipm_agents.transcript import Header, Recorder
from aipm_agents.transcript import read as read_transcript

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.seats import Seat
    from aipm_agents.table.events import Event
    from aipm_agents.table.moves import Verb
    from aipm_agents.table.view import View
    from aipm_agents.transcript import Transcript

COUNTS = (
    "no-gos by fault", "no-gos by silence", "yeses by fault", "blamed for nothing", "faults not named in show",
    "faults not named in debrief", "faults not named in compare", "silences by fault",
)  # fmt: skip
PATTERNS = ("once", "everybody in a round", "from a round on", "always")
PHASES: dict[bool, tuple[Verb, ...]] = {True: ("frame", "propose", "sign"), False: ("open", "answer")}
TURNS = (Framed, Opened, Proposed, Answered, Signed)
KINDS: tuple[FaultKind, ...] = get_args(FaultKind)
WHERE = {"frame": "framing", "open": "opening", "propose": "proposal of round {n}", "answer": "round {n}", "sign": "signing of round {n}"}  # fmt: skip


_CHOSE = (
    r"\b(?:you (?:were|kept|knew|did|went|had|read)|(?:had|were|made) you|your yes|your pocket|cost you to)\b"
)
"""What is asked of somebody who did a thing, or chose not to."""


class Schedule(NamedTuple):
    """Which turns fail: those of `role` in a phase, at the `nth` time it is asked so; see `PATTERNS`."""

    case: str
    role: Role
    verb: Verb
    pattern: str
    nth: int
    kind: FaultKind
    tells: bool
    """Whether anybody at this table tells a fact."""
    seed: int

    def fails(self, role: Role, verb: Verb, time: int) -> bool:
        match self.pattern:
            case "once":
                return (role, verb, time) == (self.role, self.verb, self.nth)
            case "everybody in a round":
                return (verb, time) == (self.verb, self.nth)
            case "from a round on":
                return (role, verb) == (self.role, self.verb) and time >= self.nth
            case _:
                return role == self.role


class Failing:
    """The program's own seat, but for the turns that a schedule lets fail."""

    kind, at_once = "failing", True

    def __init__(self, schedule: Schedule | None, role: Role, *, tells: bool) -> None:
        self.schedule, self.role, self.tells = schedule, role, tells
        self.seat, self.times = Embedded(), Counter[str]()

    def __getattr__(self, verb: str) -> Any:
        def turn(view: View) -> Any:
            self.times[verb] += 1
            if self.schedule is not None and self.schedule.fails(self.role, verb, self.times[verb]):  # type: ignore[arg-type]
                raise SeatError(self.schedule.kind, "as the schedule has it")
            move = getattr(self.seat, verb)(view)
            return (
                move if self.tells or not hasattr(move, "tables") else move.model_copy(update={"tables": ()})
            )

        return turn


class Again:
    """A seat of a meeting that was: moves as it did, and where its turn failed it declines in words, or tells all it holds."""

    kind, at_once = "again", True

    def __init__(self, scenario: Scenario, events: tuple[Event, ...], role: Role, *, tells: bool) -> None:
        self.scenario, self.role, self.tells = scenario, role, tells
        self.moves = {
            (type(event.move), event.round): event.move for event in events
            if isinstance(event, TURNS) and event.role == role and event.fault is None and event.move
        }  # fmt: skip

    def frame(self, view: View) -> Words:
        return self.moves.get((Words, 0)) or Words(says="I would rather not begin.")

    def open(self, view: View) -> Opening:
        return self.moves.get((Opening, 0)) or Opening(
            says="I have nothing to say yet.", tables=self._held(view)
        )

    def propose(self, view: View) -> Proposal:
        if found := self.moves.get((Proposal, view.round)):
            return found
        last = package_left(self.scenario, view.events)
        if last is None:
            raise SeatError("no_reply", "nothing to decline with")
        return Proposal(package=last, says="I leave it as it is.")

    def answer(self, view: View) -> Position:
        return self.moves.get((Position, view.round)) or Position(
            vote="no", says="I have no answer to that.", tables=self._held(view)
        )

    def _held(self, view: View) -> tuple[str, ...]:
        known = tabled_evidence(self.scenario, view.events)
        return tuple(
            fact.id for fact in self.scenario.evidence
            if self.tells and self.role in fact.held_by and fact.id not in known
        )  # fmt: skip

    def sign(self, view: View) -> Signing:
        return self.moves.get((Signing, view.round)) or Signing(signs=False, says="I would rather wait.")


class Found(NamedTuple):
    count: str
    where: str
    text: str


class Played(NamedTuple):
    ended: str
    faults: int
    found: list[Found]


@cache
def _case(name: str) -> Scenario:
    return read(bundled().get(name, Path(name)))


def schedules(cases: list[str], many: int, seed: int) -> list[Schedule]:
    """Every seat and phase of every case first, then more of the same in another pattern, round and kind."""
    places = [
        (case, role, verb) for case in cases for role in _case(case).parties for verb in PHASES[role == PM]
    ]
    drawn = random.Random(seed)
    drawn.shuffle(places)
    return [
        Schedule(
            *places[n % len(places)], pattern=PATTERNS[(n + n // len(places)) % len(PATTERNS)], nth=drawn.choice((1, 1, 2, 3)),
            kind=drawn.choice(KINDS), tells=drawn.random() < 0.5, seed=drawn.randrange(1000),
        )
        for n in range(many)
    ]  # fmt: skip


def _meeting(schedule: Schedule | None, made: Scenario, seed: int, *, tells: bool) -> tuple[Event, ...]:
    seats: dict[Role, Seat] = {role: Failing(schedule, role, tells=tells) for role in made.parties}  # type: ignore[misc]
    return negotiate(made, seats, seed=seed)


def play(schedule: Schedule, most: int = 12) -> Played:
    """A meeting by its schedule; where the turn that should fail never came, sooner, and then at a table that talks."""
    made = _case(schedule.case)
    for n in range(most):
        events = _meeting(schedule, made, schedule.seed, tells=schedule.tells)
        if failed_turns(events):
            break
        schedule = schedule._replace(nth=1, tells=True, seed=schedule.seed + bool(n))
    ended = events[-1]
    assert isinstance(ended, Decided)
    where = f"{schedule.case}, seed {schedule.seed}, {schedule.role} {schedule.verb} {schedule.pattern} ({schedule.nth}), {'talking' if schedule.tells else 'telling nothing'}"  # fmt: skip
    found = [Found(count, where, text) for count, text in (*_judged(made, events, schedule.seed), *_told(schedule, made, events))]  # fmt: skip
    return Played(ending(ended), len(failed_turns(events)), found)


def _judged(made: Scenario, events: tuple[Event, ...], seed: int) -> Iterator[tuple[str, str]]:
    """What of the rulings and the end no judgement stands behind."""
    ended, failed = events[-1], failed_turns(events)
    assert isinstance(ended, Decided)
    if ended.outcome == "no_go":
        again = _again(made, events, (), seed)
        if again.outcome != "no_go":
            yield (
                "no-gos by fault",
                f"{ended.stopped_by}; declining in words: {again.outcome} in round {again.round}",
            )
        for name in ended.stopped_by:
            unheard = _unheard(made, events, name)
            if unheard and (again := _again(made, events, unheard, seed)).outcome != "no_go":
                yield (
                    "no-gos by silence",
                    f"{name}, round {ended.round}, {unheard}; telling all: {again.outcome} in round {again.round}",
                )
    out = {(each.role, each.round) for each in failed if each.verb in ("propose", "answer")}
    for event in events:
        if isinstance(event, Ruled) and (
            counted := [role for role in event.team.yes if (role, event.round) in out]
        ):
            yield "yeses by fault", f"round {event.round}: {counted}"
    signings = {each.round for each in failed if each.verb == "sign"}
    if ended.package is not None and ended.round in signings:
        yield "yeses by fault", f"signed in round {ended.round}, by a turn that failed"
    if ended.cause == "fault" and (blamed := {*ended.stopped_by} - {each.role for each in failed}):
        yield "blamed for nothing", f"{blamed}"


def _again(made: Scenario, events: tuple[Event, ...], telling: Collection[Role], seed: int) -> Decided:
    """The same meeting, all moving as they did: who failed declines in words, or, of some, tells all it holds."""
    seats: dict[Role, Seat] = {
        role: Again(made, events, role, tells=role in telling) for role in made.parties
    }  # type: ignore[misc]
    ended = negotiate(made, seats, seed=seed)[-1]
    assert isinstance(ended, Decided)
    return ended


def _unheard(made: Scenario, events: tuple[Event, ...], name: str) -> set[Role]:
    """Whom faults kept from answering for a criterion that is not shown at the end."""
    ruling = last_ruling(events)
    if ruling is None or all(
        each.criterion != name or each.status != "not_shown" for each in ruling.findings
    ):
        return set()
    asked = next((e.round for e in events if isinstance(e, Ruled) and name in e.asked), ruling.round)
    since = [
        e
        for e in events
        if isinstance(e, Answered) and min(asked + 1, ruling.round) <= e.round <= ruling.round
    ]
    failed = {role for role in made.parties if role != PM and all(e.fault for e in since if e.role == role)}
    owner = made.criteria[name][1].owner
    return failed | {e.role for e in since if e.role == owner and e.round == ruling.round and e.fault}


def _told(schedule: Schedule, made: Scenario, events: tuple[Event, ...]) -> Iterator[tuple[str, str]]:
    """What of the failed turns `show`, `debrief` and `compare` do not tell, or tell as somebody's silence."""
    failed = failed_turns(events)
    with tempfile.TemporaryDirectory() as home:
        run = _kept(Path(home) / "failed.jsonl", made, events, schedule.seed)
        plain = _meeting(None, made, schedule.seed, tells=schedule.tells)
        other = _kept(Path(home) / "whole.jsonl", made, plain, schedule.seed)
        pages = {
            "show": _printed(*(each for _, each in screens(made, run.events, "latest"))),
            "debrief": _printed(paper(screen(debrief(run), full=True), 100)),
            "compare": _printed(paper(first_screen(compare([run, other])), 100)),
        }
    marks = len(re.findall(rf"\[(?:{'|'.join(FAULTS[kind] for kind in KINDS)}): ", pages["show"]))
    if marks != len(failed):
        yield "faults not named in show", f"{marks} of {len(failed)}"
    for name in ("debrief", "compare"):
        _, _, line = pages[name].partition("Turns that failed")
        missing = [each for each in failed if not _named(line, made.card(each.role).called, FAULTS[each.fault], WHERE[each.verb].format(n=each.round))]  # fmt: skip
        if missing:
            yield f"faults not named in {name}", f"{len(missing)} of {len(failed)}: {missing[0]}"
    usable = {event.role for event in events if isinstance(event, TURNS) and event.fault is None}
    for role in made.parties.keys() - usable:
        who = re.escape(made.card(role).called)
        for name in ("debrief", "compare"):
            asked = pages[name].partition("ASK THE CLASS")[2]
            for said in re.findall(rf"(?:^|[.?!] ){who}[,:] [^?]*{_CHOSE}[^?]*\?", asked):
                yield "silences by fault", f"{name}: {said.strip()[:160]}"


def _named(line: str, who: str, kind: str, where: str) -> bool:
    own = re.search(rf"{re.escape(who)}: ([^;.]*)", line)
    return own is not None and bool(re.search(rf"{kind} \([^)]*\b{where}\b", own[1]))


def _kept(path: Path, made: Scenario, events: tuple[Event, ...], seed: int) -> Transcript:
    header = Header(scenario=made, scenario_sha256=made.digest, seed=seed, volatile={"run_id": path.stem, "started": "2026-01-01T00:00:00+00:00", "aipm": "0"})  # fmt: skip
    with Recorder(path, header) as recorder:
        for event in events:
            recorder.append(event)
    return read_transcript(path)


def _printed(*parts: Any) -> str:
    console = Console(file=io.StringIO(), width=100, highlight=False)
    for part in parts:
        console.print(part, crop=False)
    assert isinstance(console.file, io.StringIO)
    return " ".join(console.file.getvalue().replace("│", " ").split())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("cases", nargs="*", help="bundled ids or scenario files; default every bundled case")
    parser.add_argument("--schedules", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0, help="another draws other rounds, kinds, tables")
    parser.add_argument("--jobs", type=int, default=2)
    chosen = parser.parse_args()
    planned = schedules(chosen.cases or list(bundled()), chosen.schedules, chosen.seed)
    with ProcessPoolExecutor(chosen.jobs) as pool:
        runs = list(pool.map(partial(play), planned))
    struck = [(each, run) for each, run in zip(planned, runs, strict=True) if run.faults]
    print(
        f"{len(planned)} schedules, {len(struck)} with a failed turn, {sum(run.faults for run in runs)} turns failed"
    )
    for what in ("case", "verb", "pattern"):
        counted = Counter(getattr(each, what) for each, _ in struck)
        print(f"  by {what}: " + ", ".join(f"{name} {n}" for name, n in counted.most_common()))
    print(
        "  ended: " + ", ".join(f"{name} {n}" for name, n in Counter(run.ended for run in runs).most_common())
    )
    for count in COUNTS:
        found = [each for run in runs for each in run.found if each.count == count]
        print(f"  {count:<30} {len(found):>4}")
        for each in found[:1]:
            print(f"      {each.where}: {each.text}")


if __name__ == "__main__":
    main()
