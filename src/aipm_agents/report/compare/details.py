"""Everything of a comparison that does not fit the first screen."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from aipm_agents.analysis.run.summary import GATES
from aipm_agents.language import tr
from aipm_agents.report.compare.comparison import decided
from aipm_agents.report.compare.parting import GATE_TITLES, did, said, where
from aipm_agents.report.live.closing import dissent
from aipm_agents.report.papers.blocks import Grid, Heading, Lines, Quote, Row
from aipm_agents.report.papers.plain_text import shortened
from aipm_agents.report.run.standings import standings
from aipm_agents.report.words import numbers, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.compare.comparison import Comparison
    from aipm_agents.analysis.compare.divergence import GivenChange
    from aipm_agents.analysis.run.summary import Sheet
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.table.events import Event


def details(found: Comparison) -> list[Block]:
    return [
        *_setup(found), *_decisions(found), *_matrix(found), *_divergence(found), *_positions(found),
        *_baselines(found), *_talk(found),
    ]  # fmt: skip


def _setup(found: Comparison) -> Iterator[Block]:
    yield Heading(tr("What they were given"), tr("what differs from the first run"))
    for label, against in found.against.items():
        rows = tuple(
            Row((_what(change), shortened(change.a or "-", 120), shortened(change.b or "-", 120)))
            for change in against.changes[:40]
        )
        if rows:
            yield Grid(("", found.baseline.label, label), rows, first=4)
        else:
            yield Lines((tr("{label}: nothing; scenario, seats and seed are the same.", label=label),))
        if len(against.changes) > 40:
            yield Lines((tr("and {n} more", n=len(against.changes) - 40),), "quiet")


def _what(change: GivenChange) -> str:
    """What was given otherwise: a path in the scenario, a seat, a setting."""
    kind, within, rest = change.what.partition(": ")
    return (
        tr("{who}: {what}", who=tr(kind), what=tr(rest) if kind == "scenario" else rest)
        if within
        else tr(kind)
    )


def _decisions(found: Comparison) -> Iterator[Block]:
    yield Heading(tr("Decisions"))
    head = ("", *(run.label for run in found.sheets))
    rows = [Row((tr("decision"), *(decided(run) for run in found.sheets)))]
    for gate in GATES:
        cells = [_trail(run, GATES.index(gate)) for run in found.sheets]
        rows.append(
            Row(
                (GATE_TITLES[gate], *cells),
                tr("differs") if len({_sequence(run, GATES.index(gate)) for run in found.sheets}) > 1 else "",
            )
        )
    rows.append(Row((tr("follow-ups"), *(_follow_ups(run) for run in found.sheets))))
    rows.append(
        Row(
            (
                tr("dissent"),
                *(dissent(run.scenario, run.dissent, run.ruling, run.failed) for run in found.sheets),
            )
        )
    )
    yield Grid(head, tuple(rows))


def _sequence(run: Sheet, k: int) -> tuple[str, ...]:
    """The verdicts one after the other, however long each held."""
    return tuple(
        word for n, word in enumerate(v[k] for v in run.trail) if n == 0 or run.trail[n - 1][k] != word
    )


def _trail(run: Sheet, k: int) -> str:
    """The verdict of every round, equal ones taken together: `BLOCKED 1-3, pass 4-6`."""
    spans: list[tuple[str, int, int]] = []
    for number, verdicts in enumerate(run.trail, start=1):
        word = vocabulary.VERDICTS[verdicts[k]]
        if spans and spans[-1][0] == word:
            spans[-1] = (word, spans[-1][1], number)
        else:
            spans.append((word, number, number))
    return tr(", ").join(
        tr("{verdict} {rounds}", verdict=word, rounds=a if a == b else f"{a}-{b}") for word, a, b in spans
    ) or tr("never ruled")


def _follow_ups(run: Sheet) -> str:
    return tr("; ").join(
        tr(
            "{asks} ({who})",
            asks=run.scenario.criteria[each.criterion][1].asks, who=run.scenario.card(each.owner).called
        )
        for each in run.follow_ups
    ) or tr("none")  # fmt: skip


def _matrix(found: Comparison) -> Iterator[Block]:
    """Criteria by runs; rows that differ first, then in the order the PM asks them."""
    yield Heading(tr("Criteria at the last ruling"), tr("rows that differ come first"))
    rows = []
    for name in found.criteria:
        statuses = [run.findings.get(name) for run in found.sheets]
        cells = [vocabulary.STATUSES[status] if status else tr("never ruled") for status in statuses]
        base = cells[0]
        marked = [cell if cell == base else f"{cell} *" for cell in cells]
        asks = found.baseline.scenario.criteria[name][1].asks
        rows.append(Row((asks, *marked), tr("differs") if len(set(cells)) > 1 else ""))
    rows.sort(key=lambda row: not row.mark)
    if rows:
        yield Grid(("", *(run.label for run in found.sheets)), tuple(rows), first=12)
    else:
        yield Lines((tr("No criterion is asked in the same words by all."),))
    missing = [
        tr("{label} alone asks: {asks}", label=run.label, asks=each.asks)
        for run in found.sheets for name, (_, each) in run.scenario.criteria.items() if name not in found.criteria
    ]  # fmt: skip
    if missing:
        yield Lines(tuple(missing), "quiet")


def _divergence(found: Comparison) -> Iterator[Block]:
    for label, against in found.against.items():
        if against.wording is not None:
            first = against.wording
            yield Heading(tr("First words that differ"), tr("round {n}, same move", n=first.round))
            a, b = _from_the_difference(first.a, first.b)
            yield Quote(found.baseline.label, a)
            yield Quote(label, b)
        if against.sooner is not None:
            yield Heading(
                tr("Before the parting, a slighter difference"),
                where(found.baseline.scenario, against.sooner),
            )
            for name, branch in zip((found.baseline.label, label), against.sooner.branches, strict=True):
                yield Quote(name, "", did(found.baseline.scenario, branch.move, against.sooner.differs))
        if against.parting is None:
            continue
        scenario = found.baseline.scenario
        yield Heading(
            tr("Around the parting"),
            tr(
                "{one} and {other}; the turns before as {one} has them", one=found.baseline.label, other=label
            ),
        )
        for event in against.parting.before:
            yield Quote(_who(found.baseline, event), said(event))
        for name, branch in zip((found.baseline.label, label), against.parting.branches, strict=True):
            yield Quote(
                tr("{name} here", name=name),
                said(branch.move),
                did(scenario, branch.move, against.parting.differs),
            )
            run = next(run for run in found.sheets if run.label == name)
            for event in branch.after:
                yield Quote(f"{name} {_who(run, event)}", said(event))


def _from_the_difference(a: str, b: str) -> tuple[str, str]:
    """Both texts from a few words before they first differ."""
    same = next(
        (k for k, (one, other) in enumerate(zip(a, b, strict=False)) if one != other), min(len(a), len(b))
    )
    start = a.rfind(" ", 0, max(0, a.rfind(" ", 0, same) - 24)) + 1
    lead = "… " if start else ""
    lead += '"' if a[:start].count('"') % 2 else ""  # what is cut out of a quotation is one
    return lead + shortened(a[start:], 200), lead + shortened(b[start:], 200)


def _who(run: Sheet, event: Event) -> str:
    return tr("{who}, {what}", who=run.scenario.card(event.role).called, what=event.round)


def _positions(found: Comparison) -> Iterator[Block]:
    """What each seat asked for, in its own points, round by round, and what it conceded in all."""
    yield Heading(
        tr("Positions"), tr("what each would get if the package took its first wishes, in its own points")
    )
    for run in found.sheets:
        rounds = range(1, run.round + 1)
        rows = []
        for role, row in run.conduct.demands.items():
            cells = [numbers.figure(row[n]) if n in row else "" for n in rounds]
            conceded = sum(run.conduct.concessions[role].values(), Decimal(0))
            rows.append(
                Row((run.scenario.card(role).called, *cells, numbers.signed(-conceded) if row else ""))
            )
        yield Grid((run.label, *(str(n) for n in rounds), tr("in all")), tuple(rows), figures=True)


def _baselines(found: Comparison) -> Iterator[Block]:
    """Each run against what its own scenario holds."""
    yield Heading(tr("Against what could be had"), tr("points; the baselines know every score sheet"))
    for run in found.sheets:
        yield from standings(run.scenario, run.outcome, run.label)


def _talk(found: Comparison) -> Iterator[Block]:
    yield Heading(tr("Who talked"), tr("share of all letters"))
    runs = found.sheets
    rows = [
        Row(
            (
                runs[0].scenario.card(role).called,
                *(numbers.percent(run.conduct.talk.get(role, 0)) for run in runs),
            )
        )
        for role in runs[0].scenario.parties
    ]
    yield Grid(("", *(run.label for run in runs)), tuple(rows), figures=True)
