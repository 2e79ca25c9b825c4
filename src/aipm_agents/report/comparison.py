"""Two runs, one screen, for a teacher: the story first, measures after it, an average never."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.analysis.sheet import GATES, seated_as
from aipm_agents.report import wording
from aipm_agents.report.blocks import Beside, Grid, Heading, Items, Lines, Row
from aipm_agents.report.parting import GATE_TITLES, parted
from aipm_agents.report.questioned import counted
from aipm_agents.report.questions import blindness, questions
from aipm_agents.report.wording import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.comparison import Chance, Comparison
    from aipm_agents.analysis.sheet import Gate, Sheet
    from aipm_agents.report.blocks import Block

_SEVERITY = ("pass", "pass_with_follow_up", "not_shown", "blocked")


def first_screen(found: Comparison) -> list[Block]:
    """What came out, where they parted, what it cost, how they worked, what to ask."""
    blocks: list[Block] = [_title(found), _legend(found), _results(found)]
    if not found.same_scenario:
        blocks.append(Lines((_other_scenario(found),), "warning"))
    for label in found.against:
        blocks += parted(found, label)
    blocks += _cost(found)
    blocks += [Heading("How they worked"), Beside(_worked(found), _gains(found))]
    if blind := blindness(found):
        blocks += [Heading(f"{_none(found)} run"), Lines((blind,))]
    if len(found.sheets) == 2:
        asked = questions(found)
        blocks += [Heading("Ask the class"), Items(tuple(asked))] if asked else []
        blocks.append(
            Lines(
                (
                    "Two runs show what happened, not what usually happens; "
                    "for that, compare a folder of many.",
                ),
                "quiet",
            )
        )
    return blocks


def _title(found: Comparison) -> Heading:
    titles = list(dict.fromkeys(run.scenario.title for run in found.sheets))
    note = "same scenario" if found.same_scenario else "the scenarios differ"
    return Heading(" / ".join(titles), note, level=1)


def _legend(found: Comparison) -> Lines:
    texts = [
        f"{run.label}  {seated_as(run.seats, run.pm_style)}, seed {run.seed}, run {run.run_id}"
        for run in found.sheets
    ]
    return Lines((*texts, *_branches(found)))


def _branches(found: Comparison) -> Iterator[str]:
    """Which run branches from which of the others; all before that round they share."""
    for run in found.sheets:
        origin = next((o.label for o in found.sheets if run.parent and o.run_id == run.parent.run_id), None)
        if run.parent is not None and origin is not None:
            yield f"{run.label} branches from {origin} at round {run.parent.round}; before it they are one"


def _results(found: Comparison) -> Grid:
    runs = found.sheets
    mark = "differs" if len({run.decision for run in runs}) > 1 else ""
    rows = [Row(("Decision", *(decided(run) for run in runs)), mark), _package_row(found)]
    distance = {gate: _spread(found, gate) for gate in GATES}
    most = max(distance.values())
    for gate in GATES:
        cells = [verdict(run, gate) for run in runs]
        mark = "differs" if distance[gate] else ""
        if mark and distance[gate] == most and list(distance.values()).count(most) == 1:
            mark = "differs most"
        rows.append(Row((GATE_TITLES[gate], *cells), mark))
    return Grid(("", *(run.label for run in runs)), tuple(row for row in rows if row.cells), first=3)


def decided(run: Sheet) -> str:
    if run.decision == "stopped":
        return f"broken off in round {run.round}"
    return f"{wording.OUTCOMES[run.decision]}, round {run.round}"


def _package_row(found: Comparison) -> Row:
    """Where the packages differ, only the issues in which they do."""
    runs = found.sheets
    packages = [run.package for run in runs]
    if not found.same_table or any(package is None for package in packages):
        return Row(())
    assert packages[0] is not None
    apart = [i for i in packages[0] if len({p[i] for p in packages if p is not None}) > 1]
    if not apart:
        text = wording.options(runs[0].scenario, packages[0])
        same = ["the same"] * (len(runs) - 1)
        return Row(("Package", text if runs[0].deal else f"last: {text}", *same))
    cells = []
    for run, package in zip(runs, packages, strict=True):
        assert package is not None
        text = wording.options(run.scenario, {issue: package[issue] for issue in apart})
        cells.append(text if run.deal else f"last: {text}")
    return Row(("Package", *cells), "differs")


def verdict(run: Sheet, gate: Gate) -> str:
    """A verdict with what keeps the gate shut, or since when it is open."""
    if run.ruling is None or run.package is None:
        return "never ruled"
    given = run.verdicts[gate]
    if gate == "team":
        team = run.ruling.team
        votes = f"{len(team.yes)} of {len(run.scenario.parties)} yes"
        without = f", without {wording.names(run.scenario, team.veto_missing)}" if team.veto_missing else ""
        return f"{wording.VERDICTS[given]}, {votes}{without}"
    if given in ("pass", "pass_with_follow_up"):
        since = f" from round {run.since[gate]}" if run.since[gate] > 1 else ""
        return wording.VERDICTS[given] + since
    name = "alignment" if gate == "people" else gate
    for finding in run.ruling.findings:
        where, criterion = run.scenario.criteria[finding.criterion]
        if where == name and finding.status != "met" and criterion.blocking:
            why = wording.reason(run.scenario, finding, run.package).why
            return f"{wording.VERDICTS[given]}: {shortened(why, 60)}"
    return wording.VERDICTS[given]


def _spread(found: Comparison, gate: Gate) -> int:
    ranks = [_SEVERITY.index(run.verdicts[gate]) if run.verdicts else -1 for run in found.sheets]
    return max(ranks) - min(ranks)


def _other_scenario(found: Comparison) -> str:
    if not found.same_table:
        return (
            "Different scenarios: their issues, options or roles are not the same, so turns cannot be held "
            "against each other. Only the checkpoints, and criteria asked in the same words, are compared."
        )
    return "The scenario files differ; --full lists where. Turns are compared, points against each run's own scenario."


# --- what it cost -------------------------------------------------------------------------------


def _cost(found: Comparison) -> Iterator[Block]:
    if len(found.sheets) != 2 or not found.same_table:
        return
    if not found.chances:
        one, other = found.sheets
        if one.deal and other.deal and one.package == other.package:
            yield Heading("What it cost", "recomputed, exact")
            yield Lines(("Nothing: both ended in the same package.",))
        return
    yield Heading("What it cost", "recomputed, exact")
    packages = {tuple(chance.missed.package.items()) for chance in found.chances}
    if len(found.chances) == 2 and len(packages) == 1:
        best = wording.options(found.baseline.scenario, found.chances[0].missed.package)
        yield Lines((f"Open to both, and best for the whole table (Nash, by full information): {best}.",))
    for chance in found.chances:
        run = next(run for run in found.sheets if run.label == chance.label)
        yield Lines((chance_text(run, chance, named=len(found.chances) == 1 or len(packages) > 1),))
    run = found.sheets[1] if not found.sheets[1].deal else found.sheets[0]
    if not run.deal and run.scenario.affected:
        outside = "; ".join(f"{each.who}: {each.stake}" for each in run.scenario.affected)
        yield Lines((f"Outside the room, unchanged. {outside}",), "quiet")


def chance_text(run: Sheet, chance: Chance, *, named: bool) -> str:
    """What was open to a run, from when, and with what said. `named`: whether the package is told."""
    scenario, missed = run.scenario, chance.missed
    what = "It"
    if chance.whose != "solver":
        what = f"{chance.whose}'s package"
    elif named:
        what = f"The best package for the whole table (Nash, by full information: {wording.options(scenario, missed.package)})"
    condition = ""
    if missed.facts:
        told = [
            f'"{shortened(scenario.facts[f].says, 90)}" ({wording.held(scenario, f)})' for f in missed.facts
        ]
        condition = f", with what {'was' if len(told) == 1 else 'were'} never tabled: {wording.listed(told)}"
    return (
        f"{what} was open to {run.label} from round {missed.round} on{condition}: {_gain_text(run, chance)}."
    )


def _gain_text(run: Sheet, chance: Chance) -> str:
    gains, scenario = chance.missed.gains, run.scenario
    than = "what they signed" if run.deal else "no deal"
    better = [role for role, gain in gains.items() if gain > 0]
    worse = [role for role, gain in gains.items() if gain < 0]
    if len(better) == len(gains):
        return f"better than {than} for all {len(gains)}"
    text = f"better than {than} for {wording.names(scenario, better)}" if better else f"no better than {than}"
    return text + (f", worse for {wording.names(scenario, worse)}" if worse else ", worse for nobody")


# --- how they worked ----------------------------------------------------------------------------


def _worked(found: Comparison) -> Grid:
    runs = found.sheets
    work = [run.conduct for run in runs]
    first_harm = [
        "never" if c.harm_first_raised is None
        else "the opening" if c.harm_first_raised.round == 0 else f"round {c.harm_first_raised.round}"
        for c in work
    ]  # fmt: skip
    facts = [len(run.scenario.facts) for run in runs]
    rows = [
        ("questions asked, answered", [f"{c.asked}, {c.answered}" for c in work]),
        ("trades offered, taken", [f"{c.trades_offered}, {c.trades_taken}" for c in work]),
        ("moves with a reason", [f"{c.with_reason} of {c.softened}" for c in work]),
        ("facts tabled", [f"{len(c.tabled)} of {n}" for c, n in zip(work, facts, strict=True)]),
        ("harm first raised", first_harm),
        ("faults", [str(sum(c.faults.values())) for c in work]),
    ]
    if any(run.scenario.extras for run in runs):
        columns = [dict(counted(run.inquiry)) for run in runs]
        rows += [(name, [column[name] for column in columns]) for name in columns[0]]
    kept = [Row((name, *cells)) for name, cells in rows if name != "faults" or set(cells) != {"0"}]
    return Grid(("", *(run.label for run in runs)), tuple(kept), figures=True)


def _gains(found: Comparison) -> Grid:
    """Gain over the walk-away, in each run's own points; by role, of those every run has."""
    runs = found.sheets
    rows = []
    for role in runs[0].scenario.parties:
        if all(role in run.scenario.parties for run in runs):
            cells = [
                wording.signed(run.outcome.points[role] - run.scenario.parties[role].walk_away)
                if run.deal
                else "0"
                for run in runs
            ]
            rows.append(Row((runs[0].scenario.card(role).short, *cells)))
    ratios = [run.outcome.nash_ratio for run in runs]
    rows.append(Row(("Nash ratio", *("-" if r is None else f"{r:.2f}" for r in ratios))))
    return Grid(("people's gain over walk-away", *(run.label for run in runs)), tuple(rows), figures=True)


def _none(found: Comparison) -> str:
    return "Neither" if len(found.sheets) == 2 else "No"
