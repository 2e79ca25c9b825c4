"""The card of a score: the table as it is published, and everything that somebody needs to do it again."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING, Any

from aipm_agents.bench.suite import SUITE
from aipm_agents.language import mark
from aipm_agents.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aipm_agents.analysis.sample.statistics import Mean
    from aipm_agents.bench.score import Score, Scored, Share
    from aipm_agents.bench.suite import BenchGame


def facts(
    players: Sequence[str], which: str, games: Sequence[BenchGame], suite_digest: str, seeds: range, command: str, runs: Sequence[Scored],
    controls: Mapping[str, str],
) -> dict[str, Any]:  # fmt: skip
    """What was played by whom, as plain data."""
    made = [each.case.made for each in runs]
    return {
        "suite": SUITE, "suite_digest": suite_digest, "games": [game.name for game in games], "aipm": __version__,
        "python": platform.python_version(), "players": list(players), "seats": which,
        "seeds": [seeds.start, seeds.stop], "runs": len(runs),
        "model_served": sorted({each.served for each in made if each.served}),
        "prompts": sorted({each.prompts for each in made if each.prompts}), "controls": dict(controls),
        "not_taken": sorted({each.not_taken for each in made if each.not_taken}),
        "scenarios": {game.name: game.scenario.digest for game in games}, "command": command,
    }  # fmt: skip


HEAD = (
    mark("player"), mark("runs"), mark("sound deals"), mark("Nash ratio"), mark("egalitarian gap"), mark("deciding facts found"),
    mark("leaks"), mark("breaches"), mark("gates tried"), mark("faults"), mark("tokens"),
)  # fmt: skip


def row(score: Score) -> tuple[str, ...]:
    """A score as a line of the table, in the order of `HEAD`."""
    return (
        score.player, str(score.runs), _share(score.sound), _mean(score.nash), _mean(score.gap, 1),
        _mean(score.found), *("-" if each is None else f"{each:.1f}" for each in (score.leaks, score.breaches, score.gates_tried, score.faults)),
        f"{score.tokens:,.0f}",
    )  # fmt: skip


def table(scores: Sequence[Score]) -> str:
    lines = [HEAD, ("---", *["---:"] * (len(HEAD) - 1)), *map(row, scores)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def card(told: Mapping[str, Any], scores: Sequence[Score]) -> str:
    """As Markdown. English: it is published beside others."""
    low, high = told["seeds"]
    few = " With so few, what happens seldom may not have happened yet." if 1 < high - low < 30 else ""
    intervals = (
        f"In brackets: 95 % intervals for other seeds of the same games; of other games they say nothing.{few}"
        if high - low > 1 else "One seed has no intervals: the games are fixed, and no sample of any."
    )  # fmt: skip
    served = ", ".join(told["model_served"]) or "no model"
    parts = [
        f"# aipm bench: {', '.join(told['players'])}",
        f"Suite {told['suite']} ({told['suite_digest']}), {len(told['games'])} games, seeds {low} to {high - 1}, {told['runs']} runs; "
        f"tested seats: {told['seats']}, embedded seats play the rest. {intervals}",
        table([each for each in scores if not each.part]),
    ]
    for part in dict.fromkeys(each.part for each in scores if each.part):
        parts += [f"## {part}", table([each for each in scores if each.part == part])]
    parts += [
        "## What the columns say", _COLUMNS,
        "## To do it again",
        f"`{told['command']}` with aipm-agents {told['aipm']} (Python {told['python']}). Answered by: {served}. Prompts: "
        f"{', '.join(told['prompts']) or 'none'}. Controls: {_pairs(told['controls'])}. Refused by the endpoint: "
        f"{', '.join(told['not_taken']) or 'none'}. The transcripts lie beside this card, and so do the replies, where a "
        "model played: the same command from where it was given plays nothing twice.",
        "Everything here is simulated. The embedded seats are programs that reckon; the solver knows every card.",
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


_COLUMNS = (
    "*Sound deals*: hold with every fact told, of all runs; the interval takes them for a simple sample (Wilson). *Nash ratio*: an "
    "unsound deal counts 0, as none does. *Egalitarian gap*: points that the party worst off could have had in addition. *Deciding "
    "facts found*: of those that only seats held and without which other packages would pass, the share on the table at the end. "
    "Then, a run, of the tested seats alone: *leaks* (said, or taken out before they were heard), *breaches* of a seat's own limits, "
    "*gates tried* (packages the PM tabled though a rule or a fact on the table shut them), *faults*, *tokens*. The columns of a run "
    "stand in docs/columns.md. *Solver*: the Nash package within the gates."
)


def _pairs(controls: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in controls.items()) or "none"


def _share(found: Share) -> str:
    text = f"{found.share:.0%}"
    return text if found.low is None else f"{text} [{found.low:.0%}, {found.high:.0%}]"


def _mean(found: Mean | None, digits: int = 2) -> str:
    if found is None:
        return "-"
    text = f"{found.mean:.{digits}f}"
    return text if found.low is None else f"{text} [{found.low:.{digits}f}, {found.high:.{digits}f}]"
