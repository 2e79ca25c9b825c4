"""A ruling on the terminal: four checkpoints, what keeps each shut and what opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.console import Group
from rich.text import Text

from aipm_agents.language import tr, tr_n
from aipm_agents.report.papers.rows import Rows
from aipm_agents.report.papers.typography import text as _text
from aipm_agents.report.words import changes, fact_text, inquiry, phrase, reasons, vocabulary
from aipm_agents.scenario.criteria import CHECKPOINTS
from aipm_agents.table.events import Answered, Proposed, Ruled, package_on_table, put_down, tabled_evidence

if TYPE_CHECKING:
    from rich.console import RenderableType

    from aipm_agents.scenario.criteria import CheckpointName
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.events import Event, Finding, Verdict

_VERDICT_STYLE: dict[Verdict, str] = {
    "pass": "green", "pass_with_follow_up": "green", "not_shown": "yellow", "blocked": "bold red",
}  # fmt: skip


def ruling(
    scenario: Scenario, made: Ruled, events: tuple[Event, ...], later: frozenset[str] = frozenset()
) -> RenderableType:
    """`later`: facts that came to the table after these events; a scenario as an audience knows it at the end has them
    without their holders."""
    package = next(e.package for e in reversed(events) if isinstance(e, Proposed))
    assert package is not None
    grid = Rows.grid(padding=(0, 1), expand=True)
    grid.add_column(width=11, no_wrap=True)
    grid.add_column(width=9, overflow="fold")
    grid.add_column(ratio=1, overflow="fold")
    before, tabled = _before(scenario, made, events, later), tabled_evidence(scenario, events) - later
    rows = {
        f"{number} {vocabulary.CHECKPOINT_TITLES[name]}": (name, _row(scenario, made, name, package, tabled))
        for number, name in enumerate(CHECKPOINTS, start=1)
    }
    same = [title for title, (name, row) in rows.items() if before is not None and before[1][name] == row]
    passing = [title for title in same if rows[title][1].verdict == "pass"]
    if before is not None and passing:
        told = tr("{checkpoints}: as in round {n}", checkpoints=" · ".join(passing), n=before[0])
        grid.add_row("", _verdict("pass"), _text(told, "dim"))
    for title, (name, row) in rows.items():
        lines = row.lines
        if title in passing:
            continue
        if title in same and before is not None:
            lines = ((tr("as in round {n}; {opens}", n=before[0], opens=row.shut), "dim"),)
        elif before is not None and row.verdict == before[1][name].verdict == "pass":
            lines = _new(row, before[1][name], before[0])
        shown: list[RenderableType] = [_text(text, style) for text, style in lines]
        grid.add_row(title, _verdict(row.verdict), Group(*_half(name, shown)))
    grid.add_row("", _verdict(made.team.verdict), _team(scenario, made))
    parts: list[RenderableType] = [Text(), Text(tr("THE PM RULES"), style="bold"), grid]
    if made.too_new:
        parts.append(_text(_unheard(scenario, made, events), "yellow"))
    gained, paid = changes.changes(scenario, events, made)
    if gained:
        parts.append(_text(tr("gained: {what}", what=" · ".join(gained)), "dim"))
    if paid:
        parts.append(_text(tr("paid: {what}", what=" · ".join(paid)), "dim"))
    if moved := changes.moved(scenario, events, made):
        parts.append(_text(tr("moved: {what}", what=" · ".join(moved)), "dim"))
    came = inquiry.what_came_of_it(scenario, events, made)
    parts += [_text(tr("challenged: {what}", what=each), "dim") for each in came]
    parts += [_text(each, "yellow") for each in inquiry.two_things(scenario, events, made.round)]
    waiting = changes.open_questions(scenario, events, made.round)
    if waiting:
        parts.append(_text(tr("still open: {questions}", questions=phrase.listed(waiting)), "dim"))
    parts += [_text(each, "magenta") for each in changes.fallen_silent(scenario, events)]
    return Group(*parts)


def _unheard(scenario: Scenario, made: Ruled, events: tuple[Event, ...]) -> str:
    """Who told what nobody could vote on yet: what it is was read out in their turns, and stands above where it fails."""
    who = [
        event.role for event in events
        if isinstance(event, Answered) and event.round == made.round and not {*made.too_new}.isdisjoint(event.move.tables)
    ]  # fmt: skip
    return tr("No deal yet. What {who} told came out in this round, and some voted before hearing it.", who=phrase.names(scenario, who))  # fmt: skip


class _Row(NamedTuple):
    """A checkpoint as it is ruled: its verdict, why, and what opens it first where it is not open."""

    verdict: Verdict
    lines: tuple[tuple[str, str], ...]
    """Texts with their styles."""
    shut: str = ""


def _new(row: _Row, was: _Row, number: int) -> tuple[tuple[str, str], ...]:
    """What an open checkpoint rests on now and did not before; the rest is one line."""
    lines = tuple(line for line in row.lines if line not in was.lines)
    return (
        lines if len(lines) == len(row.lines) else (*lines, (tr("the rest as in round {n}", n=number), "dim"))
    )


def _row(
    scenario: Scenario, made: Ruled, name: CheckpointName, package: Package, tabled: frozenset[str]
) -> _Row:
    findings = [f for f in made.findings if scenario.criteria[f.criterion][0] == name]
    unspoken = _unspoken(scenario, findings)
    shut = [reasons.reason(scenario, f, package) for f in findings if f.status != "met" and f not in unspoken]
    lines: list[tuple[str, str]] = []
    for each in shut:
        stops = scenario.criteria[each.criterion][1].blocking
        lines.append((each.why if stops else tr("does not stop a deal, stays open: {why}", why=each.why), ""))
        lines.append((each.opens_with, "dim"))
    if unspoken:
        lines.append((_left_open(scenario, unspoken), "dim"))
    if not lines:
        lines += [(text, "dim") for text in _why_open(scenario, findings, package, tabled)]
    verdict = made.people if name == "alignment" else made.verdicts[name]
    stopping = [each for each in shut if scenario.criteria[each.criterion][1].blocking] or shut[:1]
    opens = tr("; ").join(dict.fromkeys(each.opens_with for each in stopping)) or lines[-1][0]
    return _Row(verdict, tuple(lines), opens)


def _before(
    scenario: Scenario, made: Ruled, events: tuple[Event, ...], later: frozenset[str]
) -> tuple[int, dict[CheckpointName, _Row]] | None:
    """The ruling before this one, row by row, with its round."""
    earlier = [i for i, event in enumerate(events) if isinstance(event, Ruled) and event.round < made.round]
    if not earlier:
        return None
    then, last = events[: earlier[-1] + 1], events[earlier[-1]]
    package = package_on_table(then)
    assert isinstance(last, Ruled)
    assert package is not None
    tabled = tabled_evidence(scenario, then) - later - (put_down(events) - put_down(then))
    return last.round, {name: _row(scenario, last, name, package, tabled) for name in CHECKPOINTS}


def _unspoken(scenario: Scenario, findings: list[Finding]) -> list[Finding]:
    """Questions of a whole pack that the case says nothing to; three and more are counted, not read out
    every round. The record has them all."""
    found = [f for f in findings if f.ground == "no_evidence" and scenario.criteria[f.criterion][1].left_open]
    return found if len(found) > 2 else []


def _left_open(scenario: Scenario, findings: list[Finding]) -> str:
    owners = dict.fromkeys(scenario.criteria[f.criterion][1].owner for f in findings)
    return tr_n(
        "{n} question of a pack stays open and does not stop a deal: {who}",
        "{n} questions of packs stay open and do not stop a deal: {who}",
        len(findings), who=phrase.names(scenario, owners),
    )  # fmt: skip


def _why_open(
    scenario: Scenario, findings: list[Finding], package: Package, tabled: frozenset[str]
) -> list[str]:
    """What an open checkpoint rests on: a fact, if any; else the figure with least room, or that nothing speaks against it.
    A fact that speaks against another criterion is no good news in itself, so the question it settles is named too. And
    what spoke against it, with the choices for which that does not count."""
    told = [text for f in findings if (text := reasons.countered(scenario, f, package, tabled))]
    shown = next((finding for finding in findings if finding.ground == "supported"), None)
    if shown is not None and scenario.facts[shown.evidence[0]].undermines:
        asks = scenario.criteria[shown.criterion][1].asks
        fact = fact_text.fact(scenario, shown.evidence[0])
        answered = next(
            (text for text in told if text.startswith(fact)), fact
        )  # read out once, with its answer
        chosen = fact_text.shown_for(scenario, shown.evidence[0], package)
        known = tr('now known for {choices}: "{asks}" {fact}', choices=chosen, asks=asks, fact=answered) if chosen else tr('now known: "{asks}" {fact}', asks=asks, fact=answered)  # fmt: skip
        return [known, *(text for text in told if text != answered)]
    if shown is None and not findings:
        return [tr("nothing is asked here")]
    if shown is None and told:
        return told
    narrow = min(findings, key=lambda each: reasons.room(scenario, each, package))
    return [reasons.reason(scenario, shown or narrow, package).why, *told]


def _half(name: str, lines: list[RenderableType]) -> list[RenderableType]:
    return [Text(tr("people"), style="italic"), *lines] if name == "alignment" else lines


def _verdict(verdict: Verdict) -> Text:
    return Text(vocabulary.VERDICTS[verdict], style=_VERDICT_STYLE[verdict])


def _team(scenario: Scenario, ruling: Ruled) -> RenderableType:
    team = ruling.team
    yes = phrase.names(scenario, team.yes)
    text = tr("{count} yes, {needed} needed: {who}", count=len(team.yes), needed=team.needed, who=yes)
    if team.veto_missing:
        text += tr("; there is no deal without {who}", who=phrase.names(scenario, team.veto_missing))
    lines: list[RenderableType] = [Text(tr("team"), style="italic"), _text(text)]
    lines += [
        _text(
            tr("red line of {who}: {because}", who=scenario.card(line.role).short, because=line.because),
            "red",
        )
        for line in team.crossed
    ]
    return Group(*lines)
