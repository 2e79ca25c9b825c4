"""The best practices of the article this project grew from, each answered from a run's record, or not shown.

Not shown is not shown to be false: it says that the record holds nothing of the kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from aipm_agents.analysis.debrief.listening import hearing
from aipm_agents.analysis.run.conduct import conduct
from aipm_agents.table.checkpoints import is_open
from aipm_agents.table.events import Signed
from aipm_agents.table.studies import commissioned

if TYPE_CHECKING:
    from aipm_agents.analysis.run.conduct import Tabled
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.events import Finding
    from aipm_agents.table.record import Record

Practice = Literal[
    "goal", "user", "iteration", "translation", "technology", "boundaries", "reliability", "value", "safety"
]
"""A goal and its measure, the user at the centre, quick tests, both languages; then the technology, what an agent
may do, whether it can be relied on, value out of engineering, safety from the start."""
EARLY = 1
"""The last round that is still the start."""


class Item(NamedTuple):
    shown: bool
    criteria: tuple[str, ...] = ()
    """What it is answered by, or what keeps it open."""
    facts: tuple[str, ...] = ()
    choices: Package = {}
    tally: tuple[int, int] = (0, 0)
    """Iteration: different packages tabled, studies sent for. Translation: facts put in plain words, of how many."""
    first: Tabled | None = None
    """Safety: where harm was first raised."""


def practices(record: Record) -> dict[Practice, Item]:
    names: tuple[Practice, ...] = get_args(Practice)
    return {name: _item(record, name) for name in names}


def _item(record: Record, name: Practice) -> Item:
    scenario, events = record.scenario, record.events
    ruling, tabled, deal = record.last_ruling, record.tabled, record.deal
    match name:
        case "goal":
            signed = any(isinstance(event, Signed) and event.move.signs for event in events)
            return Item(scenario.success is not None and signed)
        case "user":
            voices = tuple(n for n, fact in scenario.facts.items() if n in tabled and fact.voice == "user")
            found = _findings(record, "desire")
            opened = ruling is not None and is_open(ruling.verdicts["desire"])
            carried = voices or _carrying(scenario, found)
            return Item(opened and bool(carried), _unmet(found), carried)
        case "iteration":
            packages = {tuple(package.items()) for package in record.packages}
            tally = len(packages), len(commissioned(events))
            return Item(tally[0] > 1 or tally[1] > 0, tally=tally)
        case "translation":
            heard = hearing(record)
            tally = len(heard.plain), len(heard.plain) + len(heard.jargon)
            return Item(tally[0] > 0 and 2 * tally[0] >= tally[1], facts=heard.jargon, tally=tally)
        case "technology":
            paths = {i.id: deal[i.id] for i in scenario.issues if i.technical_path} if deal else {}
            return Item(bool(paths), choices=paths)
        case "boundaries":
            mine = [n for n, (_, each) in scenario.criteria.items() if each.lens == "alignment_control"]
            found = [f for f in (ruling.findings if ruling else ()) if f.criterion in mine]
            return Item(bool(found) and not _unmet(found), _unmet(found) or tuple(mine))
        case "reliability":
            found = _findings(record, "feasible")
            carried = _carrying(scenario, found)
            return Item(bool(carried), _unmet(found), carried)
        case "value":
            found = _findings(record, "viable")
            opened = ruling is not None and is_open(ruling.verdicts["viable"])
            measured = tuple(f.criterion for f in found if scenario.criteria[f.criterion][1].rule)
            carried = _carrying(scenario, found)
            return Item(opened and bool(carried or measured), _unmet(found) or measured, carried)
        case "safety":
            first = conduct(record).harm_first_raised
            return Item(first is not None and first.round <= EARLY, first=first)


def _findings(record: Record, gate: str) -> list[Finding]:
    scenario = record.scenario
    ruling = record.last_ruling
    return [f for f in (ruling.findings if ruling else ()) if scenario.criteria[f.criterion][0] == gate]


def _unmet(found: list[Finding]) -> tuple[str, ...]:
    return tuple(finding.criterion for finding in found if finding.status != "met")


def _carrying(scenario: Scenario, found: list[Finding]) -> tuple[str, ...]:
    """The facts that criteria rest on; a demo that proves nothing carries none."""
    names = dict.fromkeys(name for f in found if f.ground == "supported" for name in f.evidence)
    return tuple(name for name in names if scenario.facts[name].lens != "gestalt")
