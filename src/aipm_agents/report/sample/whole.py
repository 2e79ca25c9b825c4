"""Many runs on one screen: how often what was decided, where they split, what can be told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.analysis.run.summary import GATES
from aipm_agents.analysis.sample.branches import MOST_BRANCHES
from aipm_agents.language import mark, tr
from aipm_agents.report.compare.parting import GATE_TITLES
from aipm_agents.report.papers.blocks import Grid, Heading, Lines, Quote, Row
from aipm_agents.report.sample.differences import differences, moved
from aipm_agents.report.sample.figures import called, decisions, means, names, pictures, share
from aipm_agents.report.words import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.sample.branches import Node
    from aipm_agents.analysis.sample.whole import Sample
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.table.events import Ending, Verdict

MARKS: dict[Verdict, str] = {"pass": "✓", "pass_with_follow_up": "~", "not_shown": "?", "blocked": "✗"}
MIXED = {
    "aipm": mark("aipm-agents"), "prompts": mark("what models were told, by its digest"),
    "served": mark("the models that answered"),
}  # fmt: skip
"""What made a run, in words."""
GATE_HEADS = (mark("D"), mark("F"), mark("V"), mark("people"), mark("team"))
DEEP, DEEPEST = 2, 4
"""Rounds of the tree that are printed: on the first screen, and in full."""


def sample_screen(found: Sample, *, full: bool = False) -> list[Block]:
    """`full`: with what is told on a second screen, and with pictures where the paper takes them."""
    n = sum(group.n for group in found.groups)
    blocks: list[Block] = [Heading(tr("{n:,} runs", n=n), _scenarios(found), level=1), *_cautions(found)]
    by = tr("by {names}: ", names=tr(", ").join(found.by)) if found.by else ""
    blocks += [
        Heading(tr("What was decided"), tr("{by}share of runs, with Wilson's 95 % interval", by=by)),
        decisions(found),
    ]
    blocks += [Heading(tr("How far they came"), tr("means with 95 % bootstrap intervals")), *means(found)]
    blocks += list(pictures(found)) if full else []
    blocks += differences(found, pictured=full)
    blocks += moved(found)
    if found.split is not None:
        why = mark("the ruling that tells most of how they end") if found.split.told > 0 else mark("where rulings differ most; none tells more of how they end than chance would")  # fmt: skip
        blocks += [Heading(tr("What splits them most"), tr(why)), Lines((_split(found),))]
    blocks += [
        Heading(tr("Verdicts by round"), tr("✓ pass, ~ with follow-up, ? not shown, ✗ blocked")),
        _tree(found, DEEPEST if full else DEEP),
    ]
    blocks += _packages(found)
    if full:
        blocks += _criteria_met(found)
    if sum(group.faults for group in found.groups):
        faults = tr(", ").join(f"{called(found, group.name)}: {group.faults}" for group in found.groups)
        blocks.append(Lines((tr("Faults (abstentions, never a yes): {faults}", faults=faults),), "quiet"))
    return blocks


def _cautions(found: Sample) -> Iterator[Block]:
    if len(found.scenarios) > 1:
        text = tr(
            "Different scenarios: decisions and verdicts are counted together; in a mean each scenario weighs the same, and its seeds are resampled within it; criteria are counted only where all have them."
        )
        yield Lines((text,), "warning")
    shared = [group for group in found.groups if group.draws < group.n]
    if shared:
        text = tr(
            "{n:,} runs of {draws:,} different seeds: runs that share a scenario and a seed are averaged first, and every interval is about the seeds.",
            n=sum(group.n for group in found.groups), draws=len({each.draw for each in found.cases}),
        )  # fmt: skip
        yield Lines((text,), "warning")
    for name, values in found.mixed.items():
        text = tr(
            "These runs were not made alike: {what} {values}.",
            what=tr(MIXED[name]),
            values=tr(", ").join(values),
        )
        yield Lines((text,), "warning")
    off = list(dict.fromkeys(gate for group in found.groups for gate in group.ablations))
    if off:
        text = tr(
            "Ablation: in some of these runs a checkpoint was switched off ({names}). They show what it does, and are no decisions to act upon. A Nash ratio is against what the run's own gates allow.",
            names=tr(", ").join(off),
        )
        yield Lines((text,), "warning")
    asleep = [key for key in found.varied if key not in found.by]
    if asleep:
        held = (
            tr("Also varied, and mixed in each group")
            if found.by
            else tr("Varied here, and counted together")
        )
        yield Lines(
            (tr("{held}: {names}. Group by one with --by.", held=held, names=tr(", ").join(asleep)),), "quiet"
        )


def _scenarios(found: Sample) -> str:
    return tr(", ").join(
        f"{name}: {count:,}" if len(found.scenarios) > 1 else name for name, count in found.scenarios.items()
    )


def _split(found: Sample) -> str:
    assert found.split is not None
    parts = []
    for verdict, count in found.split.counts.items():
        came = tr(", ").join(
            f"{vocabulary.OUTCOMES[e].lower()} {n:,}" for e, n in found.split.endings[verdict].items()
        )
        parts.append(f"{vocabulary.VERDICTS[verdict].lower()} {count:,}{tr(' ({source})', source=came)}")
    return tr(
        "{gate} in round {n}: {counts}.",
        gate=GATE_TITLES[found.split.gate],
        n=found.split.round,
        counts=tr("; ").join(parts),
    )


def _tree(found: Sample, depth: int) -> Grid:
    head = (tr("runs, round by round"), *(tr(gate) for gate in GATE_HEADS), tr("came to"), tr("such as"))
    return Grid(head, tuple(_rows(found.tree, 0, depth)), figures=True)


def _rows(node: Node, depth: int, deepest: int) -> Iterator[Row]:
    for child in node.children[:MOST_BRANCHES]:
        ended = tr(", ").join(
            f"{vocabulary.OUTCOMES[e].lower()} {count:,}" for e, count in _came_to(child).items()
        )
        marks = [MARKS[verdict] for verdict in child.verdicts]
        yield Row(
            (
                _branch(depth) + tr("{runs:,} in round {n}", runs=child.runs, n=depth + 1),
                *marks,
                ended,
                child.exemplar,
            )
        )
        if depth + 1 < deepest:
            yield from _rows(child, depth + 1, deepest)
    rest = sum(child.runs for child in node.children[MOST_BRANCHES:])
    if rest:
        yield Row((_branch(depth) + tr("{n:,} more, other verdicts", n=rest), *[""] * (len(GATES) + 2)))


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
            tr("{hits:,} of {n:,}", hits=count, n=group.n),
            " · ".join(found.labels[scenario, *pair] for pair in package),
            called(found, group.name) if len(found.groups) > 1 else "",
        )
        for group in found.groups
        for scenario, package, count in group.packages
    ]
    if told:
        yield Heading(tr("The deals made most often"))
        yield from told


def _criteria_met(found: Sample) -> list[Block]:
    heading = Heading(tr("Criteria met at the last ruling"), tr("share of runs, Wilson 95 %"))
    if not found.groups[0].met:
        return [heading, Lines((tr("No criterion is asked in all scenarios."),))]
    return [heading, _criteria(found)]


def _criteria(found: Sample) -> Grid:
    asked = list(found.groups[0].met)
    split = sorted(asked, key=lambda name: -_apart(found, name))
    rows = [
        Row(
            (
                found.asks.get(name, name),
                *(share(group.met[name]) for group in found.groups if name in group.met),
            )
        )
        for name in split
    ]
    return Grid(("", *names(found)), tuple(rows), figures=True)


def _apart(found: Sample, name: str) -> float:
    shares = [group.met[name].share for group in found.groups if name in group.met]
    return max(shares) - min(shares) if len(shares) > 1 else -abs(shares[0] - 0.5)
