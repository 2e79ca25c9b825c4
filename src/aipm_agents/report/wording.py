"""The words a record is told in: votes, verdicts, reasons. Strings only, for screen and file alike."""

from __future__ import annotations

import json
import re
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from aipm_agents.language import mark, spoken, tr
from aipm_agents.redaction import redacted
from aipm_agents.report import alternatives
from aipm_agents.report.remedy import remedy
from aipm_agents.roles import PM
from aipm_agents.styles import CARDS
from aipm_agents.table.packages import holds, metric_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aipm_agents.analysis.solutions import Concept
    from aipm_agents.roles import Role
    from aipm_agents.scenario.lenses import Ground
    from aipm_agents.scenario.model import CheckpointName, Criterion, Package, Scenario
    from aipm_agents.styles import StyleName
    from aipm_agents.table.events import Contest, Finding, Outcome, Status, Verdict
    from aipm_agents.table.moves import Vote

W = TypeVar("W", bound=str | int)


class Words(dict[W, str]):
    """Closed words as people read them, in the language spoken now."""

    def __getitem__(self, word: W) -> str:
        return tr(super().__getitem__(word))


VOTES: Words[Vote] = Words(
    {"yes": mark("yes"), "yes_if": mark("yes, if"), "no": mark("no"), "no_answer": mark("no answer")}
)
VERDICTS: Words[Verdict] = Words({
    "pass": mark("pass"), "pass_with_follow_up": mark("pass with follow-up"),
    "not_shown": mark("NOT SHOWN"), "blocked": mark("BLOCKED"),
})  # fmt: skip
OUTCOMES: Words[Outcome] = Words({
    "go": mark("GO"), "go_with_follow_ups": mark("GO, WITH FOLLOW-UPS"), "no_go": mark("NO-GO"),
    "no_agreement": mark("NO AGREEMENT"),
})  # fmt: skip
CHECKPOINT_TITLES: Words[CheckpointName] = Words({
    "desire": mark("Desire"), "feasible": mark("Feasible"), "viable": mark("Viable"), "alignment": mark("Alignment"),
})  # fmt: skip
STATUSES: Words[Status] = Words(
    {"met": mark("met"), "not_shown": mark("NOT SHOWN"), "failed": mark("FAILED")}
)
CONCEPTS: Words[Concept] = Words({
    "nash": mark("Nash"), "egalitarian": mark("egalitarian (Kalai)"),
    "kalai_smorodinsky": mark("Kalai-Smorodinsky"), "max_welfare": mark("maximum welfare"),
})  # fmt: skip


GROUNDS: Words[Ground] = Words({
    "sample": mark("its sample"), "baseline": mark("its baseline"), "slice": mark("how it was cut"),
    "stale": mark("its age"), "proxy": mark("what it stands for"), "interest": mark("whose interest it serves"),
})  # fmt: skip
SEATS = {"embedded": mark("embedded"), "human": mark("human")}
_HALVES: Words[str] = Words(
    {"people": mark("the people's half of Alignment"), "team": mark("the team's half of Alignment")}
)


def ablation(gate: str | None) -> str:
    """What is to be said of a run in which a checkpoint, or a half of one, was switched off; else nothing."""
    if gate is None:
        return ""
    name = _HALVES[gate] if gate in _HALVES else tr(gate.capitalize())
    return tr(
        "An ablation: {gate} was switched off, so this run shows what it does and is no decision to act upon.",
        gate=name,
    )


def style(name: StyleName) -> str:
    """How a PM leads, in a line: what the style is called, and what it looks at first."""
    card = CARDS[spoken()][name]
    return tr("{title}; looks first at {looks}", title=card.title, looks=card.looks)


def kind(seat: str) -> str:
    """What plays a seat; a model by its name."""
    return tr(SEATS[seat]) if seat in SEATS else seat


class Reason(NamedTuple):
    """Why a criterion keeps its checkpoint shut, what opens it, and whose it is."""

    criterion: str
    status: Status
    why: str
    opens_with: str
    owner: Role


def clean(text: str) -> str:
    """Text that is safe to send to a terminal: no control characters, no bidirectional overrides, no keys (here,
    because afterwards lines are broken)."""
    return redacted("".join(char for char in text if not _dangerous(char)))


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


_HAN = re.compile("[\u3400-\u9fff]")
_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def shortened(text: str, width: int) -> str:
    """The beginning of a text, cut between words; in Han, where a letter takes the room of two, between letters."""
    if _HAN.search(text):
        return text if len(text) <= width * 2 // 3 else text[: width * 2 // 3].rstrip("，、；：。 ") + "…"
    return text if len(text) <= width else text[:width].rsplit(" ", 1)[0].rstrip(",;:.") + " …"


def listed(words: Iterable[str]) -> str:
    items = list(words)
    if len(items) > 1:
        return tr("{one} and {other}", one=tr(", ").join(items[:-1]), other=items[-1])
    return items[0] if items else tr("nobody")


def percent(share: float) -> str:
    """0.36 -> `36 %`, as the language spoken writes it."""
    return tr("{number} %", number=f"{100 * share:.0f}")


def measured(number: object, unit: str) -> str:
    """A figure with its unit, if it has one."""
    return tr("{number} %", number=figure(number)) if unit == "%" else f"{figure(number)} {unit}".strip()


def sentences(texts: Iterable[str]) -> str:
    """One after the other; Chinese puts no gap between them."""
    return ("" if spoken() == "zh-Hant" else " ").join(texts)


def names(scenario: Scenario, roles: Iterable[Role]) -> str:
    """As they are called in a sentence, where a short name with a stop would end it."""
    return listed(scenario.card(role).called for role in roles)


def options(scenario: Scenario, package: Package) -> str:
    return " · ".join(scenario.label(issue, option) for issue, option in package.items())


def source(scenario: Scenario, source: str) -> str:
    """What moved somebody: a fact, or a turn written `role@round`."""
    role, at, number = source.partition("@")
    if at:
        if role == PM:
            return tr("the PM's package of round {n}", n=number)
        return tr("{who} in round {n}", who=scenario.card(role).called, n=number)
    told = shortened(scenario.facts[source].plainly or scenario.facts[source].says, 56)
    return tr('"{text}"', text=inner(told))


def inner(text: str) -> str:
    """A text as it stands inside quotation marks: its own become the inner ones."""
    return text.replace('"', "'").replace("「", "『").replace("」", "』")


def known_at_first(scenario: Scenario) -> tuple[str, ...]:
    """The facts that lie on the table before anyone speaks; from the whole scenario, not as seen."""
    return tuple(fact.id for fact in scenario.evidence if fact.known_at_start)


def held(scenario: Scenario, fact: str) -> str:
    return tr("held by {who}", who=names(scenario, scenario.facts[fact].held_by))


def reason(scenario: Scenario, finding: Finding, package: Package) -> Reason:
    _, criterion = scenario.criteria[finding.criterion]
    opens = alternatives.either(
        listed(alternatives.named(scenario.label(*pair)) for pair in change.items())
        for change in finding.opens
    )
    match finding.ground:
        case "no_evidence":
            why = criterion.asks
            opens = _shows(scenario, criterion)
        case "contested":
            why = contested(scenario, finding.contests)
            text = tr("opens when that is answered")
            opens = tr("{text}, or with {change}", text=text, change=opens) if opens else text
        case "undermined":
            why = fact(scenario, finding.evidence[0])
        case "rule":
            why = _measured(scenario, finding.criterion, package, broken=True) or criterion.asks
        case "supported":
            why, opens = tr("shown: {fact}", fact=fact(scenario, finding.evidence[0])), ""
        case "unchallenged":
            measured = _measured(scenario, finding.criterion, package, broken=False)
            why, opens = measured or tr("nothing speaks against it: {asks}", asks=criterion.asks), ""
    if finding.status == "failed":
        whose = scenario.card(criterion.owner).called
        opens = tr(
            "opens with {change} ({who})", change=opens or remedy(scenario, finding, package), who=whose
        )
    return Reason(finding.criterion, finding.status, why, opens, criterion.owner)


def _shows(scenario: Scenario, criterion: Criterion) -> str:
    who = scenario.card(criterion.owner).called
    if criterion.satisfied_by is None:
        return tr("opens when {who} shows it", who=who)
    return tr("opens when {who} shows it: {what}", who=who, what=criterion.satisfied_by)


def answer(scenario: Scenario, finding: Finding, package: Package, tabled: frozenset[str]) -> str:
    """What the record says to a question: the figure, the fact, what answers a fact against it; or what
    stays open and does not stop the deal."""
    found = reason(scenario, finding, package)
    if finding.status != "met":
        return tr(
            "{status}, does not stop; {why}; {opens}",
            status=STATUSES[finding.status], why=found.why, opens=found.opens_with,
        )  # fmt: skip
    against = [f for f in scenario.facts.values() if f.id in tabled and finding.criterion in f.undermines]
    if finding.ground == "unchallenged" and against:
        cures = [alternatives.named(scenario.label(i, package[i])) for f in against for i in f.unless or ()]
        fact = against[0].plainly or against[0].says
        return tr("{fact} Answered by: {choices}", fact=fact, choices=listed(dict.fromkeys(cures)))
    return tr("nothing speaks against it") if found.why.endswith(("?", "？")) else found.why


def fact(scenario: Scenario, name: str) -> str:
    fact = scenario.facts[name]
    return fact.plainly or fact.says


def contested(scenario: Scenario, contests: Iterable[Contest]) -> str:
    """Which facts stand challenged, by whom, and what is wrong with them."""
    told = []
    for each in contests:
        limit = scenario.facts[each.evidence].limit(each.ground)
        text = tr(
            '{who} challenged "{fact}" on {ground}',
            who=names(scenario, each.by), fact=shortened(fact(scenario, each.evidence), 72), ground=GROUNDS[each.ground],
        )  # fmt: skip
        told.append(tr("{who}: {what}", who=text, what=limit.says) if limit else text)
    return tr("; ").join(told)


def _measured(scenario: Scenario, name: str, package: Package, *, broken: bool) -> str | None:
    """The figure behind a rule on a metric, with its bound; the broken rule's, or the first one's."""
    for rule in scenario.criteria[name][1].rule:
        if rule.metric is None or holds(scenario, rule, package) is broken:
            continue
        metric = next(metric for metric in scenario.metrics if metric.id == rule.metric)
        value = metric_value(scenario, rule.metric, package)
        most, least = mark("{label} {value}; at most {bound}"), mark("{label} {value}; at least {bound}")
        bound, text = (rule.at_most, most) if rule.at_most is not None else (rule.at_least, least)
        return tr(
            text, label=metric.label, value=measured(value, metric.unit), bound=measured(bound, metric.unit)
        )
    return None


def signed(number: Decimal) -> str:
    """A gain or a loss, with its sign."""
    return f"{'+' if number > 0 else ''}{figure(number)}"


def figure(number: object) -> str:
    return f"{number:,f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:,}"
