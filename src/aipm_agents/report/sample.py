"""Many runs on one screen: how often what was decided, where they split, what can be told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.analysis.sample import MOST_BRANCHES
from aipm_agents.analysis.sheet import GATES
from aipm_agents.report import wording
from aipm_agents.report.blocks import Grid, Heading, Lines, Quote, Row
from aipm_agents.report.parting import GATE_TITLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.sample import Ending, Group, Node, Paired, Sample
    from aipm_agents.analysis.statistics import Mean, Proportion
    from aipm_agents.report.blocks import Block
    from aipm_agents.table.events import Verdict

_ENDINGS: dict[Ending, str] = {
    "go": "GO", "go_with_follow_ups": "GO, WITH FOLLOW-UPS", "no_go": "NO-GO", "no_agreement": "NO AGREEMENT",
    "stopped": "broken off",
}  # fmt: skip
MARKS: dict[Verdict, str] = {"pass": "✓", "pass_with_follow_up": "~", "not_shown": "?", "blocked": "✗"}
DEEP, DEEPEST = 2, 4
"""Rounds of the tree that are printed: on the first screen, and in full."""


def sample_screen(found: Sample, *, full: bool = False) -> list[Block]:
    n = sum(group.n for group in found.groups)
    blocks: list[Block] = [Heading(f"{n:,} runs", _scenarios(found), level=1)]
    if len(found.scenarios) > 1:
        text = "Different scenarios: decisions and verdicts are counted together and means pooled; criteria are counted only where all have them."
        blocks.append(Lines((text,), "warning"))
    blocks += [Heading("What was decided", "share of runs, with Wilson's 95 % interval"), _decisions(found)]
    blocks += [Heading("How far they came", "means with 95 % bootstrap intervals"), _means(found)]
    if found.paired:
        blocks += [
            Heading("Seed by seed", f"less {found.groups[0].name}, on shared seeds"),
            _paired(found),
            Lines(
                (
                    "An interval that holds 0 tells no difference apart from none. Seeds are shared where both groups played one scenario with them.",
                ),
                "quiet",
            ),
        ]
    if found.split is not None:
        blocks += [Heading("What splits them most"), Lines((_split(found),))]
    blocks += [
        Heading("Verdicts by round", "✓ pass, ~ with follow-up, ? not shown, ✗ blocked"),
        _tree(found, DEEPEST if full else DEEP),
    ]
    blocks += _packages(found)
    if full:
        blocks += _criteria_met(found)
    if sum(group.faults for group in found.groups):
        faults = ", ".join(f"{group.name}: {group.faults}" for group in found.groups)
        blocks.append(Lines((f"Faults (abstentions, never a yes): {faults}",), "quiet"))
    return blocks


def _scenarios(found: Sample) -> str:
    return ", ".join(
        f"{name}: {count:,}" if len(found.scenarios) > 1 else name for name, count in found.scenarios.items()
    )


def share(one: Proportion) -> str:
    """Never `100 %` alone: thirty of thirty still leave room for one in ten."""
    if one.n < 2:
        return f"{one.hits} of {one.n}"
    return f"{one.hits} of {one.n} [{100 * one.low:.0f}-{100 * one.high:.0f} %]"


def mean(one: Mean | None, places: int = 1, *, n: int | None = None, sign: bool = False) -> str:
    """One value has no interval. `n`: what the heading says; another one is told."""
    n = one.n if one is not None and n is None else n
    if one is None or one.n == 0:
        return "-"
    text = f"{one.mean:+.{places}f}" if sign else f"{one.mean:.{places}f}"
    if one.low is None or one.high is None:
        return f"{text} (n 1)"
    return f"{text} [{one.low:.{places}f}, {one.high:.{places}f}]{f' (n {one.n})' if one.n != n else ''}"


def _decisions(found: Sample) -> Grid:
    endings = list(found.groups[0].decisions)
    rows = [
        Row((_ENDINGS[ending], *(share(group.decisions[ending]) for group in found.groups)))
        for ending in endings
    ]
    return Grid(("", *_names(found)), tuple(rows), figures=True)


def _names(found: Sample) -> tuple[str, ...]:
    return tuple(f"{group.name} (n {group.n:,})" for group in found.groups)


def _means(found: Sample) -> Grid:
    def row(name: str, cells: list[str]) -> Row:
        return Row((name, *cells))

    groups: tuple[Group, ...] = found.groups
    rows = (
        row("rounds", [mean(group.rounds, n=group.n) for group in groups]),
        row("Nash ratio, no deal 0", [mean(group.nash_ratio, 2, n=group.n) for group in groups]),
        row("smallest gain over a walk-away", [mean(group.least_gain, n=group.n) for group in groups]),
        row("facts tabled", [mean(group.told, n=group.n) for group in groups]),
    )
    return Grid(("", *_names(found)), rows, figures=True)


def _paired(found: Sample) -> Grid:
    def row(one: Paired) -> Row:
        if one.n == 0:
            return Row((one.group, "none", "", "", ""))
        return Row((
            one.group, f"{one.n}", mean(one.deals, 2, sign=True), mean(one.nash_ratio, 2, sign=True),
            mean(one.rounds, 1, sign=True),
        ))  # fmt: skip

    head = ("", "seeds", "share of deals", "Nash ratio", "rounds")
    return Grid(head, tuple(row(one) for one in found.paired), figures=True)


def _split(found: Sample) -> str:
    assert found.split is not None
    parts = []
    for verdict, count in found.split.counts.items():
        came = ", ".join(f"{_ENDINGS[e].lower()} {n:,}" for e, n in found.split.endings[verdict].items())
        parts.append(f"{wording.VERDICTS[verdict].lower()} {count:,} ({came})")
    return f"{GATE_TITLES[found.split.gate]} in round {found.split.round}: {'; '.join(parts)}."


def _tree(found: Sample, depth: int) -> Grid:
    head = ("runs, round by round", *("D", "F", "V", "people", "team"), "came to", "such as")
    return Grid(head, tuple(_rows(found.tree, 0, depth)), figures=True)


def _rows(node: Node, depth: int, deepest: int) -> Iterator[Row]:
    for child in node.children[:MOST_BRANCHES]:
        ended = ", ".join(f"{_ENDINGS[e].lower()} {count:,}" for e, count in _came_to(child).items())
        marks = [MARKS[verdict] for verdict in child.verdicts]
        yield Row((f"{_branch(depth)}{child.runs:,} in round {depth + 1}", *marks, ended, child.exemplar))
        if depth + 1 < deepest:
            yield from _rows(child, depth + 1, deepest)
    rest = sum(child.runs for child in node.children[MOST_BRANCHES:])
    if rest:
        yield Row((f"{_branch(depth)}{rest:,} more, other verdicts", *[""] * (len(GATES) + 2)))


def _came_to(node: Node) -> dict[Ending, int]:
    """How all runs under a node ended, however many rounds later."""
    totals = dict(node.endings)
    for child in node.children:
        for ending, count in _came_to(child).items():
            totals[ending] = totals.get(ending, 0) + count
    return totals


def _branch(depth: int) -> str:
    return f"{'   ' * (depth - 1)}└─ " if depth else ""


def _packages(found: Sample) -> Iterator[Block]:
    told = [
        Quote(
            f"{count:,} of {group.n:,}",
            " · ".join(found.labels[scenario, *pair] for pair in package),
            group.name if len(found.groups) > 1 else "",
        )
        for group in found.groups
        for scenario, package, count in group.packages
    ]
    if told:
        yield Heading("The deals made most often")
        yield from told


def _criteria_met(found: Sample) -> list[Block]:
    heading = Heading("Criteria met at the last ruling", "share of runs, Wilson 95 %")
    if not found.groups[0].met:
        return [heading, Lines(("No criterion is asked in all scenarios.",))]
    return [heading, _criteria(found)]


def _criteria(found: Sample) -> Grid:
    names = list(found.groups[0].met)
    split = sorted(names, key=lambda name: -_apart(found, name))
    rows = [
        Row(
            (
                found.asks.get(name, name),
                *(share(group.met[name]) for group in found.groups if name in group.met),
            )
        )
        for name in split
    ]
    return Grid(("", *_names(found)), tuple(rows), figures=True)


def _apart(found: Sample, name: str) -> float:
    shares = [group.met[name].share for group in found.groups if name in group.met]
    return max(shares) - min(shares) if len(shares) > 1 else -abs(shares[0] - 0.5)
