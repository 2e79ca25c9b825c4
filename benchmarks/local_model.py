"""How well a very small model fills in its forms: a whole run with the model of this machine in every seat.

    python benchmarks/local_model.py [--scenario refund-copilot] [--rounds 2]

Counts the turns that came to a lawful move, those of them of which an extra was left out, and how long a turn
took; a turn that timed out was asked and not answered. What is left out most is listed, with its reason.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter

from aipm_agents.keyring import Home
from aipm_agents.negotiation import negotiate
from aipm_agents.scenario.library import bundled
from aipm_agents.scenario.reader import read
from aipm_agents.seats.model import Model
from aipm_agents.seats.model.budget import Budget
from aipm_agents.seats.model.local import ANSWER_TOKENS, Local
from aipm_agents.seats.model.switchboard import Switchboard
from aipm_agents.table.events import Answered, Framed, Opened, Proposed, Signed


def told(event) -> None:
    """A turn as it comes, so that whoever waits sees something."""
    used = event.volatile.get("usage", {})
    print(
        f"  {event.role} in round {event.round}: {event.fault or 'counts'}, {event.volatile.get('seconds', 0):.0f} s,"
        f" {used.get('calls', 0)} calls, {used.get('prompt', 0)} + {used.get('completion', 0)} tokens",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", default="refund-copilot")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--timeout", type=float, help="as for aipm run: 600 where it is not said")
    chosen = parser.parse_args()
    scenario = read(bundled()[chosen.scenario]).model_copy(update={"rounds": chosen.rounds, "injects": ()})
    local = Local()
    board = Switchboard(Home(local.address.url), Budget(), timeout=chosen.timeout)
    seats = {
        role: Model("local", board.line(local.address), answer_tokens=ANSWER_TOKENS)
        for role in scenario.parties
    }
    began = time.perf_counter()
    events = negotiate(scenario, seats, concurrency=2, on_arrival=told)
    took = time.perf_counter() - began
    board.close()
    turns = [each for each in events if isinstance(each, Framed | Opened | Proposed | Answered | Signed)]
    lawful = [turn for turn in turns if turn.fault is None]
    fell = [turn for turn in lawful if turn.dropped]
    faults = Counter(turn.fault for turn in turns if turn.fault)
    calls = sum(turn.volatile.get("usage", {}).get("calls", 0) for turn in turns)
    print(f"{scenario.id}, {chosen.rounds} rounds: {len(turns)} turns, {calls} calls, {took:.0f} s")
    print(
        f"lawful: {len(lawful)} of {len(turns)} ({len(lawful) / len(turns):.0%}); with an extra left out: {len(fell)}"
    )
    print(f"faults: {dict(faults) or 'none'}; timed out: {faults['timeout']}")
    for turn in turns:
        if turn.fault:
            print(f"  {turn.role} in round {turn.round}: {turn.volatile['fault'][:110]}")
    for (part, why), count in Counter((d.part, d.because[:70]) for t in fell for d in t.dropped).most_common(
        8
    ):
        print(f"  left out {count}x: {part}: {why}")


if __name__ == "__main__":
    main()
