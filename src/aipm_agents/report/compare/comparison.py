"""Two runs, one screen, for a teacher: the story first, measures after it, an average never."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.analysis.run.summary import GATES, seating
from aipm_agents.language import mark, tr, tr_n
from aipm_agents.report.compare.cost import cost
from aipm_agents.report.compare.parting import GATE_TITLES, parted
from aipm_agents.report.compare.questions import blindness, questions
from aipm_agents.report.papers.blocks import Beside, Grid, Heading, Items, Lines, Row
from aipm_agents.report.papers.plain_text import shortened
from aipm_agents.report.run.inquiry import counted
from aipm_agents.report.words import failed_turns, numbers, phrase, reasons, setup, vocabulary
from aipm_agents.report.words.ended import stopped
from aipm_agents.table.checkpoints import is_open
from aipm_agents.table.events import PAPER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.compare.comparison import Comparison
    from aipm_agents.analysis.run.conduct import Tabled
    from aipm_agents.analysis.run.summary import Gate, Sheet
    from aipm_agents.report.papers.blocks import Block

_SEVERITY = ("pass", "pass_with_follow_up", "not_shown", "blocked")


def first_screen(found: Comparison) -> list[Block]:
    """What came out, where they parted, what it cost, how they worked, what to ask."""
    blocks: list[Block] = [_title(found), _legend(found), _results(found), *_failed(found)]
    if not found.same_scenario:
        blocks.append(Lines((_other_scenario(found),), "warning"))
    for label in found.against:
        blocks += parted(found, label)
    blocks += cost(found)
    blocks += [Heading(tr("How they worked")), Beside(_worked(found), _gains(found))]
    if blind := blindness(found):
        blocks += [Heading(_none(found)), Lines((blind,))]
    if len(found.sheets) == 2:
        asked = questions(found)
        blocks += [Heading(tr("Ask the class")), Items(tuple(asked))] if asked else []
        blocks.append(
            Lines(
                (
                    tr(
                        "Two runs show what happened, not what usually happens; for that, compare a folder of many."
                    ),
                ),
                "quiet",
            )
        )
    return blocks


def _failed(found: Comparison) -> Iterator[Block]:
    """What failed, before what anybody did."""
    for run in found.sheets:
        if failed := failed_turns.told(run.scenario, run.failed_turns):
            yield Lines((tr("{who}: {what}", who=run.label, what=failed),), "warning")


def _title(found: Comparison) -> Heading:
    titles = list(dict.fromkeys(run.scenario.title for run in found.sheets))
    note = tr("same scenario") if found.same_scenario else tr("the scenarios differ")
    return Heading(" / ".join(titles), note, level=1)


def _legend(found: Comparison) -> Lines:
    texts = [
        tr(
            mark("{label}  {team}, run {run}")
            if PAPER in run.seats.values()
            else mark("{label}  {team}, seed {seed}, run {run}"),
            label=run.label,
            team=_team(run),
            seed=run.seed,
            run=run.run_id,
        )
        for run in found.sheets
    ]
    return Lines((*texts, *_set(found), *_branches(found), *_weighed(found)))


def _set(found: Comparison) -> Iterator[str]:
    """What was set in one run and not in all, each by its path in the file."""
    for run in found.sheets:
        own = {
            key: value
            for key, value in run.changes.items()
            if any(other.changes.get(key) != value for other in found.sheets)
        }
        if own:
            yield tr("{label} is played with {what}", label=run.label, what=setup.settings(own))


def _team(run: Sheet) -> str:
    usual, others = seating(run.seats)
    if not usual:
        return tr("nobody seated")
    usual = setup.kind(usual)
    rest = [f"{role} {setup.kind(kind)}" for role, _, kind in (each.partition(" ") for each in others)]
    team = tr("; ").join([usual, tr(", ").join(rest)]) if rest else tr("{kind} team", kind=usual)
    return team + (tr(", PM style {style}", style=run.pm_style) if run.pm_style else "")


def _branches(found: Comparison) -> Iterator[str]:
    """Which run branches from which of the others; all before that round they share."""
    for run in found.sheets:
        origin = next((o.label for o in found.sheets if run.parent and o.run_id == run.parent.run_id), None)
        if run.parent is not None and origin is not None:
            yield tr(
                "{label} branches from {origin} at round {n}; before it they are one",
                label=run.label,
                origin=origin,
                n=run.parent.round,
            )


def _weighed(found: Comparison) -> Iterator[str]:
    """By which figures each run is weighed, where news has changed them in some."""
    if not any(run.outcome.news for run in found.sheets):
        return
    for run in found.sheets:
        if rounds := run.outcome.news:
            yield tr_n(
                "{label} is weighed by the figures of round {n}, after the news of round {rounds}",
                "{label} is weighed by the figures of round {n}, after the news of rounds {rounds}", len(rounds),
                label=run.label, n=run.round, rounds=phrase.listed(map(str, rounds)),
            )  # fmt: skip
        else:
            yield tr(
                "{label} is weighed by the figures of round {n}, as the case begins with them",
                label=run.label,
                n=run.round,
            )


def _results(found: Comparison) -> Grid:
    runs = found.sheets
    mark = tr("differs") if len({run.decision for run in runs}) > 1 else ""
    rows = [Row((tr("Decision"), *(decided(run) for run in runs)), mark), _package_row(found)]
    distance = {gate: _spread(found, gate) for gate in GATES}
    most = max(distance.values())
    for gate in GATES:
        cells = [verdict(run, gate) for run in runs]
        mark = tr("differs") if distance[gate] else ""
        if mark and distance[gate] == most and list(distance.values()).count(most) == 1:
            mark = tr("differs most")
        rows.append(Row((GATE_TITLES[gate], *cells), mark))
    return Grid(("", *(run.label for run in runs)), tuple(row for row in rows if row.cells), first=3)


def decided(run: Sheet) -> str:
    outcome = stopped(run.stopped) if run.decision == "stopped" else vocabulary.OUTCOMES[run.decision]
    return tr("{outcome}, round {n}", outcome=outcome, n=run.round)


def _package_row(found: Comparison) -> Row:
    """Where the packages differ, only the issues in which they do."""
    runs = found.sheets
    packages = [run.package for run in runs]
    if not found.same_table or any(package is None for package in packages):
        return Row(())
    assert packages[0] is not None
    apart = [i for i in packages[0] if len({p[i] for p in packages if p is not None}) > 1]
    if not apart:
        text = phrase.options(runs[0].scenario, packages[0])
        same = [tr("the same")] * (len(runs) - 1)
        return Row((tr("Package"), text if runs[0].deal else tr("last: {text}", text=text), *same))
    cells = []
    for run, package in zip(runs, packages, strict=True):
        assert package is not None
        text = phrase.options(run.scenario, {issue: package[issue] for issue in apart})
        cells.append(text if run.deal else tr("last: {text}", text=text))
    return Row((tr("Package"), *cells), tr("differs"))


def verdict(run: Sheet, gate: Gate) -> str:
    """A verdict with what keeps the gate shut, or since when it is open."""
    if run.ruling is None or run.package is None:
        return tr("never ruled")
    given = run.verdicts[gate]
    if gate == "team":
        team = run.ruling.team
        votes = tr("{n} of {many} yes", n=len(team.yes), many=len(run.scenario.parties))
        without = (
            tr(", without {who}", who=phrase.names(run.scenario, team.veto_missing))
            if team.veto_missing
            else ""
        )
        return tr(
            "{verdict}, {votes}{without}", verdict=vocabulary.VERDICTS[given], votes=votes, without=without
        )
    if is_open(given):
        since = tr(" from round {since}", since=run.since[gate]) if run.since[gate] > 1 else ""
        return vocabulary.VERDICTS[given] + since
    name = "alignment" if gate == "people" else gate
    for finding in run.ruling.findings:
        where, criterion = run.scenario.criteria[finding.criterion]
        if where == name and finding.status != "met" and criterion.blocking:
            why = reasons.reason(run.scenario, finding, run.package).why
            return tr("{verdict}: {why}", verdict=vocabulary.VERDICTS[given], why=shortened(why, 60))
    return vocabulary.VERDICTS[given]


def _spread(found: Comparison, gate: Gate) -> int:
    ranks = [_SEVERITY.index(run.verdicts[gate]) if run.verdicts else -1 for run in found.sheets]
    return max(ranks) - min(ranks)


def _other_scenario(found: Comparison) -> str:
    if not found.same_table:
        return tr(
            "Different scenarios: their issues, options or roles are not the same, so turns cannot be held against each other. Only the checkpoints, and criteria asked in the same words, are compared."
        )
    return tr(
        "The scenario files differ; --full lists where. Turns are compared, points against each run's own scenario."
    )


# --- how they worked ----------------------------------------------------------------------------


def _worked(found: Comparison) -> Grid:
    runs = found.sheets
    work = [run.conduct for run in runs]
    facts = [len(run.scenario.facts) for run in runs]
    rows = [
        (tr("questions asked, answered"), [f"{c.asked}, {c.answered}" for c in work]),
        (
            tr("trades offered, later met in full"),
            [f"{c.trades_offered}, {c.trades_taken}" for c in work],
        ),
        (
            tr("moves with a reason"),
            [tr("{with_reason} of {softened}", with_reason=c.with_reason, softened=c.softened) for c in work],
        ),
        (
            tr("facts seats told, news, from the start"),
            [f"{c.facts('seat')}, {c.facts('news')}, {c.facts('start')}" for c in work],
        ),
        (
            tr("facts never heard"),
            [tr("{n} of {many}", n=n - len(c.tabled), many=n) for c, n in zip(work, facts, strict=True)],
        ),
        (tr("harm first raised"), [_when(c.harm_first_raised) for c in work]),
        (tr("harm first taken up"), [_when(c.harm_taken_up) for c in work]),
        (tr("faults"), [str(sum(c.faults.values())) for c in work]),
    ]
    if any(run.scenario.extras for run in runs):
        columns = [dict(counted(run.inquiry)) for run in runs]
        rows += [(name, [column[name] for column in columns]) for name in columns[0]]
    kept = [Row((name, *cells)) for name, cells in rows if name != tr("faults") or set(cells) != {"0"}]
    return Grid(("", *(run.label for run in runs)), tuple(kept), figures=True)


def _when(harm: Tabled | None) -> str:
    if harm is None:
        return tr("never")
    return tr("the opening") if harm.round == 0 else tr("round {n}", n=harm.round)


def _gains(found: Comparison) -> Grid:
    """Gain over the walk-away, in each run's own points; by role, of those every run has."""
    runs = found.sheets
    rows = []
    for role in runs[0].scenario.parties:
        if all(role in run.scenario.parties for run in runs):
            cells = [
                numbers.signed(run.outcome.after_waiting[role] - run.scenario.parties[role].walk_away)
                if run.deal
                else "0"
                for run in runs
            ]
            rows.append(Row((runs[0].scenario.card(role).called, *cells)))
    if any(run.scenario.agreement.accept_at_least < len(run.scenario.parties) for run in runs):
        gaps = [run.outcome.egalitarian_gap for run in runs]
        rows.append(
            Row((tr("egalitarian gap"), *("-" if gap is None else numbers.figure(gap) for gap in gaps)))
        )
    ratios = [run.outcome.nash_ratio for run in runs]
    rows.append(Row((tr("Nash ratio"), *("-" if r is None else f"{r:.2f}" for r in ratios))))
    return Grid((tr("people's gain over walk-away"), *(run.label for run in runs)), tuple(rows), figures=True)


def _none(found: Comparison) -> str:
    return tr("Neither run") if len(found.sheets) == 2 else tr("No run")
