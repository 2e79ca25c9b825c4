"""The best practices of the article this project grew from, each answered from a run's record, or not shown.

Not shown is not shown to be false: it says that the record holds nothing of the kind. What merely lay there, in a fact
or in the package, with no seat asking, doubting, trading or giving it as its reason, came up, and is to nobody's credit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from aipm_agents.analysis.debrief.listening import hearing
from aipm_agents.analysis.run.aloud import says
from aipm_agents.analysis.run.conduct import conduct
from aipm_agents.analysis.run.raising import about, asked_at, bearing_on, others, technical, touching
from aipm_agents.table.checkpoints import is_open
from aipm_agents.table.events import Signed
from aipm_agents.table.studies import commissioned

if TYPE_CHECKING:
    from aipm_agents.analysis.run.raising import Raised
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.events import Finding
    from aipm_agents.table.record import Record

Practice = Literal[
    "goal", "user", "iteration", "translation", "technology", "boundaries", "reliability", "value", "safety"
]
"""A goal and its measure, the user at the centre, quick tests, both languages; then the technology, what an agent
may do, whether it can be relied on, value out of engineering, safety from the start."""
Answer = Literal["shown", "came_up", "not_shown", "counted", "absent"]
"""The record holds it, and a seat took it up; it lay there, and no seat did; the record holds nothing of the kind; how many
there were is all that can be said; the case asks nothing of the kind."""
EARLY = 1
"""The last round that is still the start."""


class Practised(NamedTuple):
    status: Answer
    raised: Raised | None = None
    """What a seat asked, doubted, traded or gave as its reason about it; the first."""
    also: tuple[tuple[Role, int], ...] = ()
    """Who else did, and in which round first."""
    criteria: tuple[str, ...] = ()
    """What it is answered by, or what keeps it open."""
    facts: tuple[str, ...] = ()
    choices: Package = {}
    touched: tuple[Raised, ...] = ()
    """Where nobody named it: what was asked or wanted of a choice it hangs on."""
    tally: tuple[int, int] = (0, 0)
    """Iteration: different packages tabled, studies sent for. Translation: facts put in plain words, of how many."""

    @property
    def shown(self) -> bool:
        return self.status == "shown"


def practices(record: Record) -> dict[Practice, Practised]:
    names: tuple[Practice, ...] = get_args(Practice)
    return {name: _item(record, name) for name in names}


def _item(record: Record, name: Practice) -> Practised:
    scenario, ruling, tabled = record.scenario, record.last_ruling, record.tabled
    match name:
        case "goal":
            goal, signed = (
                scenario.success,
                [e for e in record.events if isinstance(e, Signed) and e.move.signs],
            )
            aloud = goal is not None and any(
                says(e.move.says, goal.metric) and goal.to in e.move.says for e in signed
            )
            measures = [n for n in asked_at(record, "desire", "viable") if scenario.criteria[n][1].rule]
            named = goal is not None and bool(signed)
            return Practised("shown") if aloud else _answered(named, named, about(record, measures))
        case "user":
            voices = tuple(n for n, fact in scenario.facts.items() if n in tabled and fact.voice == "user")
            found = _findings(record, "desire")
            opened = ruling is not None and is_open(ruling.verdicts["desire"])
            carried = (*voices, *(n for n in _carrying(scenario, found) if n not in voices))
            spoken = about(record, asked_at(record, "desire"), voices)
            open_ = _unmet(found)  # whether it beats what there was is a question to the technology
            theirs = tuple(n for n in open_ if scenario.criteria[n][1].caution != "technology_driven")
            return _answered(opened and bool(carried), bool(carried), spoken)._replace(
                criteria=theirs or open_, facts=carried
            )
        case "iteration":
            packages = {tuple(package.items()) for package in record.packages}
            tally = len(packages), len(commissioned(record.events))
            if not any(fact.study for fact in scenario.facts.values()):
                return Practised("counted", tally=tally)
            return Practised("shown" if tally[1] > 0 else "not_shown", tally=tally)  # a proposal is no test
        case "translation":
            heard = hearing(record)
            tally = len(heard.plain), len(heard.plain) + len(heard.jargon)
            return Practised("counted" if tally[1] else "absent", facts=heard.jargon, tally=tally)
        case "technology":
            return _technology(record)
        case "boundaries":
            mine = tuple(n for n, (_, each) in scenario.criteria.items() if each.lens == "alignment_control")
            if not mine:
                return Practised("absent")
            found = [f for f in (ruling.findings if ruling else ()) if f.criterion in mine]
            met = bool(found) and not _unmet(found)
            spoken = tuple(
                each for each in about(record, mine) if each.how != "told"
            )  # what went wrong is no control
            touched = () if spoken else touching(record, mine)
            return _answered(met, False, spoken)._replace(criteria=_unmet(found) or mine, touched=touched)
        case "reliability":
            return _reliability(record)
        case "value":
            found = _findings(record, "viable")
            opened = ruling is not None and is_open(ruling.verdicts["viable"])
            measured = tuple(f.criterion for f in found if scenario.criteria[f.criterion][1].rule)
            carried = _carrying(scenario, found)
            there = opened and bool(carried or measured)
            item = _answered(there, bool(carried), about(record, asked_at(record, "viable")))
            return item._replace(criteria=_unmet(found) or measured, facts=carried)
        case "safety":
            spoken = about(record, asked_at(record, "alignment"))
            outset = conduct(record).harm_named
            early = bool(spoken) and min([spoken[0].round, *([outset.round] if outset else [])]) <= EARLY
            touched = () if spoken else touching(record, asked_at(record, "alignment"))
            return _answered(early, outset is not None, spoken)._replace(touched=touched)


def _technology(record: Record) -> Practised:
    """Chosen knowingly: the deal holds it, and somebody did more about it than want it."""
    scenario, deal, spoken = record.scenario, record.deal, technical(record)
    paths = {i.id: deal[i.id] for i in scenario.issues if i.technical_path} if deal else {}
    chosen = {f"{issue}={option}" for issue, option in paths.items()}
    of_it = tuple(each for each in spoken if each.about in chosen)
    item = _answered(bool(paths), bool(paths), of_it or spoken)
    beyond = tuple(each for each in spoken if each.how not in ("wish", "condition", "trade", "offer"))
    if item.shown:
        item = _answered(True, True, beyond) if beyond else item._replace(status="counted")
    return item._replace(choices=paths)


def _reliability(record: Record) -> Practised:
    feasible = asked_at(record, "feasible")
    if not bearing_on(record.scenario, feasible):
        return Practised("absent")  # by rules alone: no fact can carry it
    found = _findings(record, "feasible")
    carried = _carrying(record.scenario, found)
    item = _answered(bool(carried), bool(carried), about(record, feasible))
    return item._replace(criteria=_unmet(found), facts=carried)


def _answered(there: bool, came_up: bool, spoken: tuple[Raised, ...]) -> Practised:
    """Shown where the record holds it and a seat took it up; where no seat did, it came up at most."""
    first = spoken[0] if spoken else None
    status: Answer = "shown" if there and first else "came_up" if came_up and not first else "not_shown"
    return Practised(status, first, others(spoken))


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
