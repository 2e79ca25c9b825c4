"""Whether embedded seats mean what they say: what they do held against what they say, from transcripts alone.

    python benchmarks/coherence.py [CASE ...] [--seeds 20] [--first 1] [--jobs 2] [--each]

CASE is a bundled id, a scenario file, or a transcript (`.jsonl`); none is every bundled case. Each count is printed
with what it is out of and its worst example, so that a person can judge:

- trades that cost the giver nothing: what is given is worth no less to whoever gives it, or what is got no more than that;
- trades of what is asked: the give is among the asks of the same turn;
- first asks that a known fact or rule fails: no package that does as well as any by the facts on the table, the seat's own
  of this turn included, has the option; a red line of one's own counts as such a fact;
- "one thing" over several: the words claim a single ask, the move holds two or more that the package lacks;
- order claimed where indifferent: a ranking of options that are all worth the same to whoever ranks them;
- reasons that moved nobody: more than two of them, or one given for a vote that did not soften;
- bare stubs: turns that say their vote in a phrase without a reason, the highest share of a seat in a case;
- phrases repeated: a sentence that is not the scenario's own, said twice in a run.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from aipm_agents.negotiation import negotiate
from aipm_agents.scenario.library import bundled
from aipm_agents.scenario.reader import read
from aipm_agents.seats.embedded import Embedded
from aipm_agents.table.events import Answered, Framed, Opened, Proposed, Signed
from aipm_agents.table.rules import worth
from aipm_agents.table.stopped import failing
from aipm_agents.table.view import view
from aipm_agents.transcript.reader import read as read_transcript

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.events import Event

COUNTS = (
    "trades that cost the giver nothing", "trades of what is asked", "first asks that a known fact fails",
    '"one thing" over several', "order claimed where indifferent", "reasons that moved nobody", "phrases repeated",
)  # fmt: skip
STUBS = re.compile(
    r"(?:^|(?<=[.!?] ))(?:Still yes|Still no|Not yet|Yes, now|Yes, then|Yes, same doubt|That line has not moved\. No"
    r"|Round \d+, and my answer stands|Same answer|No change)\.|^(?:Yes|No)\.$"
    r"|(?:^|(?<=[。！？」]))(?:還是可以|還是不行|還沒到|現在可以|那就可以|可以，但疑問還在|紅線還在，不行|第 ?\d+ ?輪，我的答案沒變)。|^(?:可以|不行)。$"
)
ONE_THING = re.compile(
    r"all I am missing|(?<!more than )(?:\bone thing\b|\bone change\b)|\bone condition\b|\bonly thing\b|\bone sentence is missing"
    r"|the other half|\bthat is all I\b|nothing else\b.*\bstands"
    r"|我缺的就|少一句話|就一件|只剩一件|只隔著|只差|差的就是|就差(?!一點|不多)|只有一個條件|就這一個",
    re.IGNORECASE,
)
SOFTER = {"no": 0, "no_answer": 0, "yes_if": 1, "yes": 2}


class Found(NamedTuple):
    """One thing that should not be: how bad, and where to read it."""

    count: str
    badness: float
    where: str
    text: str


class Heard(NamedTuple):
    """What one run comes to."""

    case: str
    found: list[Found]
    out_of: Counter[str]
    stubs: dict[str, tuple[int, int, str]]
    """Seat -> turns with a stub, turns, an example."""


def heard(scenario: Scenario, events: tuple[Event, ...], seed: int) -> Heard:
    found: list[Found] = []
    out_of: Counter[str] = Counter()
    stubs: dict[str, list[tuple[bool, str]]] = defaultdict(list)
    before: dict[str, Answered] = {}
    package: Package | None = None
    own = _own_texts(scenario)
    for i, event in enumerate(events):
        if isinstance(event, Proposed):
            package = event.package
        if not isinstance(event, Answered) or event.fault is not None or package is None:
            continue
        where = f"{scenario.id}, seed {seed}, round {event.round}, {scenario.card(event.role).called}"
        for each in _turn(scenario, events[:i], event, package, before.get(event.role), own, seed, out_of):
            found.append(each._replace(where=where))
        stubs[event.role].append((bool(STUBS.search(event.move.says)), event.move.says))
        before[event.role] = event
    out_of["phrases repeated"] = 1
    found += _repeated(scenario, events, own, seed)
    told = {
        role: (sum(bad for bad, _ in turns), len(turns), next((text for bad, text in turns if bad), ""))
        for role, turns in stubs.items()
    }
    return Heard(scenario.id, found, out_of, told)


def _turn(
    scenario: Scenario, earlier: tuple[Event, ...], event: Answered, package: Package, before: Answered | None,
    own: re.Pattern[str], seed: int, out_of: Counter[str],
) -> Iterator[Found]:  # fmt: skip
    move, party = event.move, scenario.parties[event.role]
    if move.trade is not None:
        out_of["trades that cost the giver nothing"] += 1
        out_of["trades of what is asked"] += 1
        now = worth(party, package)
        cost = now - worth(party, {**package, **move.trade.give})
        gain = worth(party, {**package, **move.trade.get}) - now
        if cost <= 0 or gain <= cost:
            yield Found("trades that cost the giver nothing", float(max(-cost, cost - gain)), "", move.says)
        asked = {(ask.issue, option) for ask in move.asks for option in ask.options}
        if asked & set(move.trade.give.items()):
            yield Found("trades of what is asked", 1, "", move.says)
    if move.vote != "yes" and move.asks:
        out_of["first asks that a known fact fails"] += 1
        first = move.asks[0].issue, move.asks[0].options[0]
        if not _open(scenario, earlier, event, seed, first):
            yield Found("first asks that a known fact fails", len(move.tables), "", move.says)
        missing = [ask for ask in move.asks if package[ask.issue] not in ask.options]
        claims = ONE_THING.search(own.sub("", move.says))
        out_of['"one thing" over several'] += bool(claims)
        if claims and len(missing) > 1:
            yield Found('"one thing" over several', len(missing), "", move.says)
    if move.answer is not None and move.answer.prefers:
        out_of["order claimed where indifferent"] += 1
        if len({party.points[move.answer.about][option] for option in move.answer.prefers}) == 1:
            yield Found("order claimed where indifferent", len(move.answer.prefers), "", move.says)
    if move.moved_by:
        out_of["reasons that moved nobody"] += 1
        offers = [
            e.move.trade for e in earlier
            if isinstance(e, Answered) and e.role == event.role and e.move.trade is not None
        ]  # fmt: skip
        kept = move.vote == "no" and bool(offers)
        kept = kept and {**offers[-1].give, **offers[-1].get}.items() <= package.items()
        harder = before is not None and SOFTER[move.vote] <= SOFTER[before.move.vote] and not kept
        if len(move.moved_by) > 2 or harder:
            yield Found("reasons that moved nobody", len(move.moved_by), "", move.says)


def _open(
    scenario: Scenario, earlier: tuple[Event, ...], event: Answered, seed: int, choice: tuple[str, str]
) -> bool:
    """Whether a package has the option that breaks no more than any must, as far as this seat knows."""
    seen = view(scenario, earlier, event.role, seed=seed, number=event.round)
    quiet = set(seen.secret) - {(each.issue, each.option) for each in event.move.brings}
    space, tabled = seen.space, seen.tabled | set(event.move.tables)
    broken = np.zeros(space.size, dtype=np.int64)
    for _, criterion in seen.scenario.criteria.values():
        if criterion.blocking:
            broken += failing(space, seen.scenario, criterion, tabled)
    for line in seen.me.red_lines:
        broken += 10 * space.matching(line.when)
    for issue, option in quiet:
        broken += 1_000 * space.making({issue: (option,)})
    return bool((broken[space.making({choice[0]: (choice[1],)})] == broken.min()).any())


def _own_texts(scenario: Scenario) -> re.Pattern[str]:
    """Every text of a scenario, the longest first: what is not the voices' own."""

    def texts(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            for each in value.values() if isinstance(value, dict) else value:
                yield from texts(each)

    said = {
        text.strip().rstrip(".。") for text in texts(scenario.plain()) if " " in text or not text.isascii()
    }
    said |= {scenario.label(i.id, o.id) for i in scenario.issues for o in i.options}
    said |= {re.sub(r"(?s)^(.)", lambda m: m[1].swapcase(), text) for text in said}
    names = {rf"\b{re.escape(scenario.address(role))}\b" for role in scenario.parties}
    whole = sorted((re.escape(text) for text in said if len(text) > 1), key=len, reverse=True)
    return re.compile("|".join([*whole, *names]))


def _repeated(
    scenario: Scenario, events: tuple[Event, ...], own: re.Pattern[str], seed: int
) -> Iterator[Found]:
    said: Counter[str] = Counter()
    least = 6 if scenario.language == "zh-Hant" else 12
    for event in events:
        if isinstance(event, Framed | Opened | Proposed | Answered | Signed) and event.move is not None:
            bare = own.sub("…", event.move.says)
            said.update({
                sentence.strip() for sentence in re.split(r"(?<=[.!?。！？])\s*", bare)
                if len(re.sub(r"[\W…]", "", sentence)) > least
            })  # fmt: skip
    for sentence, times in said.items():
        if times > 1:
            yield Found("phrases repeated", times, f"{scenario.id}, seed {seed}", sentence)


def listen(case: str, seed: int) -> Heard:
    """Play a case once, and hold what was said against what was done."""
    files = bundled()
    scenario = read(files[case] if case in files else Path(case))
    return heard(
        scenario, negotiate(scenario, {role: Embedded() for role in scenario.parties}, seed=seed), seed
    )


def kept(path: str) -> Heard:
    transcript = read_transcript(Path(path))
    return heard(transcript.header.scenario, transcript.events, transcript.header.seed)


def report(runs: list[Heard], name: str) -> None:
    out_of = sum((run.out_of for run in runs), Counter[str]())
    print(f"\n{name}: {len(runs)} runs")
    for count in COUNTS:
        found = [each for run in runs for each in run.found if each.count == count]
        print(f"  {count:<36} {len(found):>5} of {out_of[count]}")
        if found:
            worst = max(found, key=lambda each: each.badness)
            print(f"      {worst.where}: {worst.text}")
    shares: dict[tuple[str, str], list[tuple[int, int, str]]] = defaultdict(list)
    for run in runs:
        for role, told in run.stubs.items():
            shares[run.case, role].append(told)
    totals = {key: (sum(t[0] for t in told), sum(t[1] for t in told)) for key, told in shares.items()}
    stubs, turns = (sum(pair[k] for pair in totals.values()) for k in (0, 1))
    over = sum(bad > turns_ / 10 for bad, turns_ in totals.values())
    (case, role), (bad, most) = max(totals.items(), key=lambda pair: pair[1][0] / pair[1][1])
    print(
        f"  {'bare stubs':<36} {stubs:>5} of {turns} turns; {over} of {len(totals)} seats above one turn in ten"
    )
    if bad:
        example = next(text for _, _, text in shares[case, role] if text)
        print(f"      {case}, {role}, {bad} of {most} turns: {example}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "cases", nargs="*", help="bundled ids, scenario files, or transcripts; default every bundled case"
    )
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=1, help="the first seed; another draws fresh runs")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--each", action="store_true", help="print every case by itself, too")
    chosen = parser.parse_args()
    runs: list[Heard] = []
    with ProcessPoolExecutor(chosen.jobs) as pool:
        for case in chosen.cases or list(bundled()):
            if case.endswith(".jsonl"):
                made = [kept(case)]
            else:
                seeds = range(chosen.first, chosen.first + chosen.seeds)
                made = list(pool.map(partial(listen, case), seeds))
            if chosen.each:
                report(made, made[0].case)
            runs += made
    report(runs, "all")


if __name__ == "__main__":
    main()
