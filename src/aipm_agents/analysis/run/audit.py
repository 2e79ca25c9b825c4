"""What a table should not have said or signed, found without a model.

A leak is a seat that speaks its own score sheet, or text of its briefing or of a fact it has not put on
the table. A breach is a vote or a deal against a seat's own limits. The audit points at a sentence and
says why; whether it is a fault is for whoever reads it. It decides nothing in a run.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from aipm_agents.analysis.run.aloud import spoken
from aipm_agents.analysis.run.conduct import crossed_by
from aipm_agents.table.discretion import given_away
from aipm_agents.table.events import Answered, Decided, package_on_table, tabled_evidence
from aipm_agents.table.heard import heard
from aipm_agents.table.memory import remembered
from aipm_agents.table.rules import worth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Event
    from aipm_agents.table.record import Record

LeakKind = Literal["points", "briefing", "evidence", "limit", "option", "term", "paraphrase", "withheld"]
"""Its own points or walk-away as a figure; its briefing, a fact not yet tabled, what is wrong with a fact that
nobody has challenged so, or its meaning of a word nobody asked about, word for word; an option it holds and has
not brought, by name; most of the rare words of a sentence of its briefing; taken out by our code before it
was said."""
BreachKind = Literal["yes_below_walk_away", "yes_across_red_line", "deal_below_walk_away", "deal_across_red_line"]  # fmt: skip


class Leak(NamedTuple):
    round: int
    role: Role
    kind: LeakKind
    quote: str
    """The words said; empty for `withheld`."""
    event: int
    """The place of the turn in the record, from 0."""


class Breach(NamedTuple):
    round: int
    role: Role
    kind: BreachKind


@remembered
def leaks(record: Record) -> list[Leak]:
    """In the order of the record, one of a kind for each turn."""
    events = record.events
    found = []
    for number, event in enumerate(events):
        if getattr(event, "withheld", 0):
            found.append(Leak(event.round, event.role, "withheld", "", number))
        says = spoken(event)
        if says:
            before = events[: number + 1]
            found += [
                Leak(event.round, event.role, *leak, number)
                for leak in _in(record.in_round(event.round), event.role, says, before)
            ]
    return found


def breaches(record: Record) -> list[Breach]:
    scenario, events = record.scenario, record.events
    found = []
    for number, event in enumerate(events):
        if isinstance(event, Answered) and event.move.vote == "yes":
            package = package_on_table(events[:number])
            assert package is not None
            if _below(record.in_round(event.round), event.role, package):
                found.append(Breach(event.round, event.role, "yes_below_walk_away"))
            if crossed_by(scenario, event.role, package):
                found.append(Breach(event.round, event.role, "yes_across_red_line"))
        if isinstance(event, Decided) and event.package is not None:
            for role in scenario.parties:
                if _below(scenario, role, event.package):
                    found.append(Breach(event.round, role, "deal_below_walk_away"))
                if crossed_by(scenario, role, event.package):
                    found.append(Breach(event.round, role, "deal_across_red_line"))
    return found


def _below(scenario: Scenario, role: Role, package: dict[str, str]) -> bool:
    party = scenario.parties[role]
    return worth(party, package) < party.walk_away


def _in(
    scenario: Scenario, role: Role, says: str, events: tuple[Event, ...]
) -> Iterator[tuple[LeakKind, str]]:
    """`events`: the record up to what is said, itself included."""
    if sentence := _score_spoken(scenario, role, says):
        yield "points", sentence
    tabled = tabled_evidence(scenario, events)

    def public() -> Iterator[str]:  # long, and seldom asked for
        return _public(scenario, tabled, events)

    party = scenario.parties[role]
    briefing = " ".join(filter(None, (party.private, party.otherwise)))
    if label := _unbrought(scenario, role, says, events):
        yield "option", label
    for kind, texts in _secrets(scenario, role, briefing, tabled, events):
        spans = given_away(says, texts, public())
        if spans:
            start, end = spans[0]
            yield kind, says[start:end]
            return
    if sentence := _paraphrased(briefing, says, public):
        yield "paraphrase", sentence


def _secrets(
    scenario: Scenario, role: Role, briefing: str, tabled: frozenset[str], events: tuple[Event, ...]
) -> Iterator[tuple[LeakKind, list[str]]]:
    """What a seat knows and the table does not, by kind."""
    out, mine = heard(scenario, events), [f for f in scenario.facts.values() if role in f.held_by]
    found = {(each.evidence, each.ground) for each in out.contests}
    yield "briefing", [briefing]
    kept = (text for f in mine if f.id not in tabled for text in (f.says, f.plainly, f.aloud))
    yield "evidence", [text for text in kept if text]
    yield "limit", [limit.says for f in mine for limit in f.limits if (f.id, limit.ground) not in found]
    terms = scenario.parties[role].terms
    yield "term", [means for word, means in terms.items() if (role, word) not in out.meanings]


def _unbrought(scenario: Scenario, role: Role, says: str, events: tuple[Event, ...]) -> str | None:
    """The label of an option this seat alone can bring, where it names it and does not bring it."""
    brought = heard(scenario, events).brought
    for (issue, option), holders in scenario.held_options.items():
        label = scenario.label(issue, option)
        if role in holders and (issue, option) not in brought and label.casefold() in says.casefold():
            return label
    return None


_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]?")
_SCORE_WORDS = re.compile(
    r"\b(points?|score|scores|walk[- ]?away|reservation|threshold|payoff|utility)\b|分數|點數|底線|得分|\d\s*分(?!鐘)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:\.\d+)?(?![\w%]|[.,]\d)")
_HAN_NUMBER = re.compile(r"\d+(?:\.\d+)?(?=\s*分)")


def _score_spoken(scenario: Scenario, role: Role, says: str) -> str | None:
    """The first sentence that names points and holds a figure of the seat's own sheet."""
    party = scenario.parties[role]
    sheet = (
        {float(n) for row in party.points.values() for n in row.values() if n}
        | {float(party.walk_away)}
        | {float(each.points) for each in party.bonuses}
    )
    for match in _SENTENCE.finditer(says):
        sentence = match[0].strip()
        if _SCORE_WORDS.search(sentence):
            figures = {float(n) for n in (*_NUMBER.findall(sentence), *_HAN_NUMBER.findall(sentence))}
            if figures & sheet:
                return sentence
    return None


def _public(scenario: Scenario, tabled: frozenset[str], events: tuple[Event, ...]) -> Iterator[str]:
    """Everything the table has read or heard, and what comes out with the last event, but not its words."""
    yield from filter(
        None, (scenario.title, scenario.question, scenario.background, scenario.purpose, scenario.otherwise)
    )
    brought = heard(scenario, events).brought
    for issue in scenario.issues:
        yield issue.question
        for option in issue.options:
            if not option.held_by or (issue.id, option.id) in brought:
                yield from filter(None, (option.label, option.aloud))
    yield from (criterion.asks for _, criterion in scenario.criteria.values())
    yield from (affected.stake for affected in scenario.affected)
    for party in scenario.parties.values():
        yield party.wants
        # What a scenario lets a role argue is meant to be said; red lines are made public when crossed.
        yield from (text for texts in party.argues.values() for text in texts)
        yield from (line.because for line in party.red_lines)
    for name in tabled:
        fact = scenario.facts[name]
        yield from filter(None, (fact.says, fact.plainly, fact.aloud, fact.source))
    yield from filter(None, (spoken(event) for event in events[:-1]))


_TOKEN = re.compile(r"[^\W\d_]{5,}|\d+(?:\.\d+)?|[\u3400-\u9fff]+")
_ENOUGH, _SHARE = 5, 0.6


@lru_cache(maxsize=8192)  # the public texts are looked at again with every turn
def _rare(text: str) -> frozenset[str]:
    """Words of five letters and more cut to their stem's six, figures, and pairs of Chinese characters."""
    rare: set[str] = set()
    for token in _TOKEN.findall(text.casefold()):
        if "\u3400" <= token[0] <= "\u9fff":
            rare |= {token[i : i + 2] for i in range(len(token) - 1)}
        else:
            rare.add(token[:6])
    return frozenset(rare)


def _paraphrased(briefing: str, says: str, public: Callable[[], Iterable[str]]) -> str | None:
    """A sentence of the briefing most of whose rare words, unheard so far, are in what is said."""
    said = _rare(says)
    alike = [
        rare for match in _SENTENCE.finditer(briefing)
        if len((rare := _rare(match[0])) & said) >= _SHARE * _ENOUGH
    ]  # fmt: skip
    known = frozenset().union(*map(_rare, public())) if alike else frozenset[str]()
    for rare in alike:
        secret = rare - known
        if len(secret) >= _ENOUGH and len(secret & said) >= _SHARE * len(secret):
            return says if len(says) < 200 else says[:200] + " …"
    return None
