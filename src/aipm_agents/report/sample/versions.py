"""Two versions of a scenario, in words: what was changed, what room that leaves, and what the same seeds came to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aipm_agents.language import mark, tr
from aipm_agents.report.compare.plain_data import sample_data
from aipm_agents.report.papers.blocks import Grid, Heading, Lines, Row
from aipm_agents.report.papers.plain_text import shortened
from aipm_agents.report.sample.differences import differences
from aipm_agents.report.sample.whole import sample_screen
from aipm_agents.report.words import phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.sample.versions import Came, Version, Versions
    from aipm_agents.report.papers.blocks import Block

CAME: dict[Came, str] = {
    "same": mark("both sign the same package"),
    "otherwise": mark("both sign, and not the same package"),
    "won": mark("a deal only in the new version"),
    "lost": mark("a deal only in the old version"),
    "no_deal": mark("no deal in either"),
}
_CHANGES, _SEEDS = 20, 5
"""So many changes, and seeds of a kind, are named."""


def versions_report(found: Versions, *, full: bool) -> list[Block]:
    title = " / ".join(dict.fromkeys((found.old.scenario.title, found.new.scenario.title)))
    blocks: list[Block] = [
        Heading(title, tr("{old} against {new}", old=found.old.name, new=found.new.name), level=1),
        *_changed(found, full), *_room(found), *_seeds(found),
    ]  # fmt: skip
    if full:
        return [*blocks, *sample_screen(found.sample, full=True)]
    return [
        *blocks,
        *differences(found.sample, pictured=False),
        Lines((tr("--full tells how often what was decided, and on what they split."),), "quiet"),
    ]


def versions_data(found: Versions) -> dict[str, Any]:
    """Everything, as a program reads it."""
    return {
        "old": _plain(found.old), "new": _plain(found.new),
        "changes": [{"path": _path(each.what), "old": each.a, "new": each.b} for each in found.changes],
        "seeds": {str(seed): came for seed, came in found.came.items()},
        **sample_data(found.sample),
    }  # fmt: skip


def _plain(one: Version) -> dict[str, Any]:
    return {
        "name": one.name, "scenario": one.scenario.id, "sha256": one.scenario.digest, "packages": one.prospects.packages,
        "passing": one.prospects.together.disclosed, "acceptable": one.prospects.acceptable, "nash": one.nash,
    }  # fmt: skip


def _path(what: str) -> str:
    return what.removeprefix("scenario: ")


def _changed(found: Versions, full: bool) -> Iterator[Block]:
    yield Heading(tr("What was changed"))
    if not found.changes:
        yield Lines((tr("Nothing: both are the same scenario."),), "warning")
        return
    shown = found.changes if full else found.changes[:_CHANGES]
    rows = tuple(
        Row((tr(_path(each.what)), shortened(each.a or "-", 120), shortened(each.b or "-", 120)))
        for each in shown
    )
    yield Grid(("", found.old.name, found.new.name), rows, first=7)
    if len(shown) < len(found.changes):
        yield Lines((tr("and {n} more; --full has them", n=len(found.changes) - len(shown)),), "quiet")


def _room(found: Versions) -> Iterator[Block]:
    """Before anyone speaks, exact."""
    yield Heading(tr("What room it leaves"), tr("worked out over every package; nobody talks"))
    old, new = found.old.prospects, found.new.prospects
    counts = [
        (tr("packages"), old.packages, new.packages),
        (tr("pass the criteria of all four checkpoints"), old.together.disclosed, new.together.disclosed),
        (tr("and reach the agreement they need"), old.acceptable, new.acceptable),
        (tr("and with everybody willing"), old.acceptable_to_all, new.acceptable_to_all),
    ]
    rows = [Row((name, f"{a:,}", f"{b:,}"), tr("differs") if a != b else "") for name, a, b in counts]
    yield Grid(("", found.old.name, found.new.name), tuple(rows), figures=True)
    best = [
        phrase.options(each.scenario, each.nash) if each.nash else tr("none")
        for each in (found.old, found.new)
    ]
    if best[0] == best[1]:
        yield Lines((tr("The Nash package within the gates is the same: {package}.", package=best[0]),))
    else:
        yield Lines(
            (tr("The Nash package within the gates was: {was}; it is: {now}.", was=best[0], now=best[1]),)
        )
    dead = [
        phrase.named(found.new.scenario.label(issue, option))
        for issue, option in found.new.prospects.dead
        if (issue, option) not in old.dead
    ]
    if dead:
        yield Lines((tr("No deal can hold any more: {names}.", names=tr("; ").join(dead)),))


def _seeds(found: Versions) -> Iterator[Block]:
    n = len(found.came)
    yield Heading(
        tr("What the same seeds came to"), tr("{n} seeds, embedded seats; what programs do, not people", n=n)
    )
    rows = []
    for came, words in CAME.items():
        seeds = found.seeds(came)
        if seeds:
            named = tr(", ").join(map(str, seeds[:_SEEDS])) + (" …" if len(seeds) > _SEEDS else "")
            rows.append(Row((tr(words), f"{len(seeds)}", named)))
    yield Grid(("", tr("seeds"), tr("which")), tuple(rows), first=6)
    if len(found.seeds("same")) + len(found.seeds("no_deal")) == n:
        yield Lines((tr("On none of these seeds did the change do anything to what was signed."),), "strong")
