"""The words a record is told in: votes, verdicts, reasons. Strings only, for screen and file alike."""

from __future__ import annotations

import json
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from aipm_agents.roles import PM
from aipm_agents.table.events import Answered, Proposed, Ruled
from aipm_agents.table.packages import holds, metric_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aipm_agents.analysis.solutions import Concept
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import CheckpointName, Package, Scenario
    from aipm_agents.table.events import Event, Finding, Outcome, Status, Verdict
    from aipm_agents.table.moves import Vote

VOTES: dict[Vote, str] = {"yes": "yes", "yes_if": "yes, if", "no": "no", "no_answer": "no answer"}
VERDICTS: dict[Verdict, str] = {
    "pass": "pass", "pass_with_follow_up": "pass with follow-up",
    "not_shown": "NOT SHOWN", "blocked": "BLOCKED",
}  # fmt: skip
OUTCOMES: dict[Outcome, str] = {
    "go": "GO", "go_with_follow_ups": "GO, WITH FOLLOW-UPS", "no_go": "NO-GO",
    "no_agreement": "NO AGREEMENT",
}  # fmt: skip
CHECKPOINT_TITLES: dict[CheckpointName, str] = {
    "desire": "Desire", "feasible": "Feasible", "viable": "Viable", "alignment": "Alignment",
}  # fmt: skip


STATUSES: dict[Status, str] = {"met": "met", "not_shown": "NOT SHOWN", "failed": "FAILED"}
CONCEPTS: dict[Concept, str] = {
    "nash": "Nash", "egalitarian": "egalitarian (Kalai)", "kalai_smorodinsky": "Kalai-Smorodinsky",
    "max_welfare": "maximum welfare",
}  # fmt: skip


def ablation(gate: str | None) -> str:
    """What is to be said of a run in which a checkpoint, or a half of one, was switched off; else nothing."""
    if gate is None:
        return ""
    halves = {"people": "the people's half of Alignment", "team": "the team's half of Alignment"}
    name = halves.get(gate, gate.capitalize())
    return f"An ablation: {name} was switched off, so this run shows what it does and is no decision to act upon."


class Reason(NamedTuple):
    """Why a criterion keeps its checkpoint shut, what opens it, and whose it is."""

    criterion: str
    status: Status
    why: str
    opens_with: str
    owner: Role


def clean(text: str) -> str:
    """Text that is safe to send to a terminal: no control characters, no bidirectional overrides."""
    return "".join(char for char in text if not _dangerous(char))


def as_json(data: Any) -> str:
    """One line of JSON that is safe to send to a terminal: what `clean` drops is escaped. Named tuples
    become objects, decimals numbers."""
    text = json.dumps(_plain(data), ensure_ascii=False, allow_nan=False)
    return "".join(f"\\u{ord(char):04x}" if _dangerous(char) else char for char in text)


def _plain(data: Any) -> Any:
    match data:
        case Decimal():
            return int(data) if data == data.to_integral_value() else float(data)
        case dict():
            return {str(key): _plain(value) for key, value in data.items()}
        case tuple() if hasattr(data, "_asdict"):
            return _plain(data._asdict())
        case list() | tuple() | set() | frozenset():
            return [_plain(item) for item in data]
        case _:
            return data


def _dangerous(char: str) -> bool:
    return char not in "\n\t" and (unicodedata.category(char) in ("Cc", "Cs") or char in _BIDI)


_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def shortened(text: str, width: int) -> str:
    """The beginning of a text, cut between words."""
    return text if len(text) <= width else text[:width].rsplit(" ", 1)[0].rstrip(",;:.") + " …"


def listed(words: Iterable[str]) -> str:
    items = list(words)
    return " and ".join(filter(None, [", ".join(items[:-1]), *items[-1:]])) or "nobody"


def names(scenario: Scenario, roles: Iterable[Role]) -> str:
    return listed(scenario.card(role).short for role in roles)


def options(scenario: Scenario, package: Package) -> str:
    return " · ".join(scenario.label(issue, option) for issue, option in package.items())


def source(scenario: Scenario, source: str) -> str:
    """What moved somebody: a fact, or a turn written `role@round`."""
    role, at, number = source.partition("@")
    if at:
        if role == PM:
            return f"the PM's package of round {number}"
        return f"{scenario.card(role).short} in round {number}"
    return f'"{shortened(scenario.facts[source].plainly or scenario.facts[source].says, 56)}"'


def known_at_first(scenario: Scenario) -> tuple[str, ...]:
    """The facts that lie on the table before anyone speaks; from the whole scenario, not as seen."""
    return tuple(fact.id for fact in scenario.evidence if not fact.held_by)


def held(scenario: Scenario, fact: str) -> str:
    return f"held by {names(scenario, scenario.facts[fact].held_by)}"


def reason(scenario: Scenario, finding: Finding, package: Package) -> Reason:
    _, criterion = scenario.criteria[finding.criterion]
    opens = " or ".join(listed(scenario.label(*pair) for pair in change.items()) for change in finding.opens)
    match finding.ground:
        case "no_evidence":
            why = criterion.asks
            opens = f"opens when {scenario.card(criterion.owner).short} shows it"
        case "undermined":
            why = _fact(scenario, finding.evidence[0])
        case "rule":
            why = _measured(scenario, finding.criterion, package, broken=True) or criterion.asks
        case "supported":
            why, opens = f"shown: {_fact(scenario, finding.evidence[0])}", ""
        case "unchallenged":
            measured = _measured(scenario, finding.criterion, package, broken=False)
            why, opens = measured or f"nothing speaks against it: {criterion.asks}", ""
    if finding.status == "failed":
        whose = scenario.card(criterion.owner).short
        opens = f"opens with {opens or 'more than one change at once'} ({whose})"
    return Reason(finding.criterion, finding.status, why, opens, criterion.owner)


def answer(scenario: Scenario, finding: Finding, package: Package, tabled: frozenset[str]) -> str:
    """What the record says to a question: the figure, the fact, what answers a fact against it; or what
    stays open and does not stop the deal."""
    found = reason(scenario, finding, package)
    if finding.status != "met":
        return f"{STATUSES[finding.status]}, does not stop; {found.why}; {found.opens_with}"
    against = [f for f in scenario.facts.values() if f.id in tabled and finding.criterion in f.undermines]
    if finding.ground == "unchallenged" and against:
        cures = [scenario.label(i, package[i]) for f in against for i in f.unless or ()]
        return f"{against[0].plainly or against[0].says} Answered by: {listed(dict.fromkeys(cures))}"
    return "nothing speaks against it" if found.why.endswith("?") else found.why


def _fact(scenario: Scenario, name: str) -> str:
    fact = scenario.facts[name]
    return fact.plainly or fact.says


def _measured(scenario: Scenario, name: str, package: Package, *, broken: bool) -> str | None:
    """The figure behind a rule on a metric, with its bound; the broken rule's, or the first one's."""
    for rule in scenario.criteria[name][1].rule:
        if rule.metric is None or holds(scenario, rule, package) is broken:
            continue
        metric = next(metric for metric in scenario.metrics if metric.id == rule.metric)
        value = metric_value(scenario, rule.metric, package)
        bound, side = (rule.at_most, "most") if rule.at_most is not None else (rule.at_least, "least")
        unit = f" {metric.unit}" if metric.unit else ""
        return f"{metric.label} {figure(value)}{unit}; at {side} {figure(bound)}{unit}"
    return None


def signed(number: Decimal) -> str:
    """A gain or a loss, with its sign."""
    return f"{'+' if number > 0 else ''}{figure(number)}"


def figure(number: object) -> str:
    return f"{number:,f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:,}"


def changes(scenario: Scenario, events: tuple[Event, ...], ruling: Ruled) -> tuple[list[str], list[str]]:
    """What a ruling gained and paid against the one before: criteria and yeses."""
    earlier = [e for e in events if isinstance(e, Ruled) and e.round < ruling.round]
    if not earlier:
        return [], []
    before = earlier[-1]
    was = {finding.criterion: finding.status for finding in before.findings}
    gained = [
        scenario.criteria[f.criterion][1].asks
        for f in ruling.findings if f.status == "met" != was[f.criterion]
    ]  # fmt: skip
    paid = [
        scenario.criteria[f.criterion][1].asks
        for f in ruling.findings if f.status != "met" and was[f.criterion] == "met"
    ]  # fmt: skip
    gained += [f"{scenario.card(r).short}'s yes" for r in ruling.team.yes if r not in before.team.yes]
    paid += [f"{scenario.card(r).short}'s yes" for r in before.team.yes if r not in ruling.team.yes]
    return gained, paid


def open_questions(scenario: Scenario, events: tuple[Event, ...], number: int) -> list[str]:
    """Questions put in a round or the one before it that nobody has answered."""
    answered = {
        (e.move.answer.to, e.role, e.move.answer.about)
        for e in events if isinstance(e, Answered) and e.move.answer is not None
    }  # fmt: skip
    texts: dict[str, None] = {}
    for event in events:
        if isinstance(event, Answered | Proposed) and event.round in (number - 1, number) and event.move:
            question = event.move.question
            if question is not None and (event.role, question.to, question.about) not in answered:
                asker, to = scenario.card(event.role).short, scenario.card(question.to).short
                texts[f"{asker}'s question to {to}"] = None
    return list(texts)
