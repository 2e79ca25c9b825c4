"""What a person is shown of a package before it is tabled says what the ruling on it will say."""

from __future__ import annotations

import io

from rich.console import Console

from aipm_agents.negotiation import negotiate
from aipm_agents.report.live import seat
from aipm_agents.report.words import vocabulary
from aipm_agents.roles import PM
from aipm_agents.scenario.criteria import CHECKPOINTS
from aipm_agents.scenario.library import bundled
from aipm_agents.scenario.reader import read
from aipm_agents.seats.embedded import Embedded
from aipm_agents.table.events import Ruled, package_on_table
from aipm_agents.table.view import view


def printed(what):
    console = Console(file=io.StringIO(), width=400)
    console.print(what)
    return console.file.getvalue()


def test_a_preview_finds_what_the_ruling_found_challenges_included():
    scenario = read(bundled()["night-bids"])
    contested = 0
    for seed in range(40):
        events = negotiate(scenario, {role: Embedded() for role in scenario.parties}, seed=seed)
        for number, event in enumerate(events, start=1):
            if not isinstance(event, Ruled):
                continue
            seen = view(scenario, events[:number], PM, seed=seed, number=event.round)
            told = printed(seat.verdicts(seen, package_on_table(events[:number])))
            for name in CHECKPOINTS:
                found = [f for f in event.findings if scenario.criteria[f.criterion][0] == name]
                contested += sum(f.ground == "contested" for f in found)
                clear = f"{vocabulary.CHECKPOINT_TITLES[name]}: nothing stands against it" in told
                assert clear == all(f.status == "met" for f in found)
        if contested:
            break
    assert contested, "a case in which something stands challenged"
