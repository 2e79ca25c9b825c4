"""What a run with models costs: time against the critical path, and letters of prompts against rounds.

    python benchmarks/model_cost.py [--latency 0.2]

A fake endpoint answers every request after a fixed latency, over real HTTP. Time: from the first request
to the last reply, over what the meeting cannot do without: framing, opening, two calls a round, signing.
Letters: runs of 5, 10, 20 and 40 rounds that come to no deal; the sum of all prompts should grow with
rounds, not with rounds squared. `given` is what no prompt can leave out: the words of the scenario, of the seat's own
briefing and of the people at the table (what stands inside the tags, ids and points among them); the rest is our rules and sums. Beside it, in the same run, the naive way: the whole history sent to
every seat in turn. `--letters-only` leaves out the clock, `--briefs 3000` makes the briefings that long.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import re
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from aipm_agents.keyring import Home
from aipm_agents.negotiation import negotiate
from aipm_agents.scenario.library import bundled
from aipm_agents.scenario.reader import read
from aipm_agents.seats.model import Model
from aipm_agents.seats.model.address import Address
from aipm_agents.seats.model.budget import Budget, Usage
from aipm_agents.seats.model.exchange import ModelReply
from aipm_agents.seats.model.switchboard import Switchboard
from aipm_agents.table.events import Answered, Proposed, Signed

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from endpoint import agreeable, endpoint, filled, offered

ROUNDS = (5, 10, 20, 40)
SPEECH = (
    "I hear you, Engineer, and I have said so before. Three hundred cases a week is what we can read, and "
    "not one more. Give me that figure in the plan and I will stop asking about the rest of it."
)
BRIEF = (
    "In spring the board was promised a date, and the customers were not told. The team lost two people since, and "
    "whoever signs for a third will be asked why. Your own plan was cheaper and was turned down by one voice. "
)
"""Other words than the speech: what a seat recites of its own briefing is withheld, and would not be sent on."""


def stubborn(asked):
    """Tables all it knows, argues in every round and never agrees: the run goes to its last round."""
    tables, asks = offered(asked.schema, "tables"), offered(asked.schema, "asks")[:2]
    return filled(asked.schema, vote="no", asks=asks, tables=tables, says=SPEECH)


class Timed:
    """A line that notes when it was first asked and when it last replied."""

    def __init__(self, line, times):
        self.line, self.times, self.model = line, times, line.model

    def ask(self, request):
        self.times.append(time.perf_counter())
        try:
            return self.line.ask(request)
        finally:
            self.times.append(time.perf_counter())


def played(scenario, url):
    """The events, and the seconds from the first request to the last reply."""
    times: list[float] = []
    board = Switchboard(Home(url), Budget())
    address = Address("m", url)
    seats = {role: Model("openai:m", Timed(board.line(address), times)) for role in scenario.parties}
    for each in board.endpoints.values():
        each.connect()
    events = whole(negotiate(scenario, seats))
    board.close()
    return events, max(times) - min(times)


def serve(script, latency, pipe):
    """An endpoint in a process of its own, so that it takes no time from the client."""
    with endpoint(script, latency=latency) as server:
        pipe.send(server.url)
        pipe.recv()


@contextmanager
def served(script, latency=0.0):
    near, far = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(script, latency, far))
    process.start()
    try:
        yield near.recv()
    finally:
        near.send("done")
        process.join()


def whole(events):
    """Of a meeting in which every turn counted; where one did not, the figures would be of something else."""
    faults = {event.fault for event in events if getattr(event, "fault", None)}
    assert not faults, faults
    return events


def longer(scenario, rounds):
    return scenario.model_copy(update={"rounds": rounds, "injects": ()})


def passing(asked):
    """The package of the refund copilot that passes, after two rounds of something else."""
    if asked.verb == "propose":
        ready = "Round 3 of" in asked.messages[1][1]
        package = {"reach": "region", "review": "above_50" if ready else "nobody", "path": "model"}
        return filled(asked.schema, package=package)
    return agreeable(asked)


def time_ratio(scenario, latency):
    with served(passing) as url:
        played(scenario, url)  # imports and caches are warm, as in the second run of a sweep
    with served(passing, latency) as url:
        events, seconds = played(scenario, url)
    rounds = sum(isinstance(event, Proposed) for event in events)
    signed = sum(isinstance(event, Signed) for event in events)
    path = (2 + 2 * rounds + signed) * latency
    in_turn = (1 + 4 + sum(isinstance(e, Proposed | Answered | Signed) for e in events)) * latency
    print(f"time: {rounds} rounds, {seconds:.2f} s from first request to last reply")
    print(f"  over the critical path ({path:.2f} s): {seconds / path:.3f}")
    print(f"  every seat in turn would wait {in_turn:.2f} s: {in_turn / seconds:.2f} times as long")


class Paper:
    """A line that only counts what is asked, and answers as `stubborn` does."""

    model = "m"

    def __init__(self):
        self.asked = []

    def ask(self, request):
        self.asked.append(request)
        return ModelReply(json.dumps(stubborn(request)), Usage())


def wordy(scenario, letters):
    """The same scenario with briefings of so many letters."""
    if not letters:
        return scenario
    parties = {
        role: party.model_copy(update={"private": ((party.private or "") + " " + BRIEF * 30)[:letters]})
        for role, party in scenario.parties.items()
    }
    return scenario.model_copy(update={"parties": parties})


_TAGS = re.compile(r"<(scenario|briefing|evidence|q)>([^<]*)</\1>")


def given(asked):
    """Letters that others wrote: what stands inside the tags."""
    texts = (text for one in asked for _, text in one.messages)
    return sum(len(found[2]) for text in texts for found in _TAGS.finditer(text))


def naive(asked):
    """What the same run would send if each prompt held the whole history, all speeches of all rounds."""
    total, history = 0, 0
    for one in asked:
        total += len(one.messages[0][1]) + history + 800
        history += len(SPEECH) + 240
    return total


def letters(scenario):
    print(f"letters of all prompts, all seats, a run of {scenario.id} that never agrees:")
    print(
        f"  {'rounds':>7} {'calls':>6} {'letters':>10} {'a call':>8} {'prefix':>7} {'given':>6} {'naive':>11} {'naive / ours':>13}"
    )
    sums = []
    for rounds in ROUNDS:
        line = Paper()
        seats = {role: Model("openai:m", line) for role in scenario.parties}
        whole(negotiate(longer(scenario, rounds), seats))
        sent = sum(len(text) for one in line.asked for _, text in one.messages)
        prefix = sum(len(one.messages[0][1]) for one in line.asked)
        assert len({one.messages[0][1] for one in line.asked}) == len(scenario.parties), "the prefix changed"
        sums.append(sent)
        print(
            f"  {rounds:>7} {len(line.asked):>6} {sent:>10,.0f} {sent / len(line.asked):>8,.0f} {prefix / sent:>7.0%} {given(line.asked) / sent:>6.0%}"
            f" {naive(line.asked):>11,.0f} {naive(line.asked) / sent:>13.2f}"
        )
    x = np.array(ROUNDS, float)
    line, curve = np.polyfit(x, sums, 1), np.polyfit(x, sums, 2)
    off = max(abs(np.polyval(line, x) - sums) / sums)
    print(f"  fit: {line[1]:,.0f} + {line[0]:,.0f} x rounds, off by {off:.1%} at most")
    print(
        f"  a square term would be {curve[0]:+.1f} x rounds^2: {curve[0] * 40**2 / sums[-1]:+.1%} of all at 40 rounds"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--latency", type=float, default=0.2)
    parser.add_argument("--letters-only", action="store_true")
    parser.add_argument("--briefs", type=int, default=0)
    parser.add_argument("--scenario", default="refund-copilot")
    chosen = parser.parse_args()
    scenario = read(bundled()[chosen.scenario])
    if not chosen.letters_only:
        time_ratio(scenario, chosen.latency)
    letters(wordy(scenario, chosen.briefs))


if __name__ == "__main__":
    main()
