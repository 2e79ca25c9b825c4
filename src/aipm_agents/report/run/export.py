"""A run as a file, as one audience may see it: a page, a document, a picture, rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import spoken, tr
from aipm_agents.report.live.closing import story as five_lines
from aipm_agents.report.papers.blocks import Grid, Heading, Lines, Quote, Row
from aipm_agents.report.papers.html import filled
from aipm_agents.report.papers.markdown import markdown
from aipm_agents.report.papers.typography import together
from aipm_agents.report.run import charts
from aipm_agents.report.run.decision_record import record
from aipm_agents.report.run.facilitator import private
from aipm_agents.report.run.story import story
from aipm_agents.report.run.story import told_fact as told
from aipm_agents.report.words import phrase, setup, vocabulary
from aipm_agents.report.words.ended import ended
from aipm_agents.report.words.sources import notice
from aipm_agents.report.words.vocabulary import FAULTS
from aipm_agents.roles import PM
from aipm_agents.table.audience import FACILITATOR, seen_by, visible
from aipm_agents.table.events import Decided, Proposed, Stopped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.report.run.story import CriterionStory, Round, Turn
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Event
    from aipm_agents.transcript.record import Transcript


def seen(run: Transcript, audience: str) -> tuple[Scenario, tuple[Event, ...]]:
    """The scenario and the events as an audience may see them."""
    events = visible(run.events, audience)
    return seen_by(run.scenario, events, audience), events


def html(run: Transcript, audience: str) -> str:
    scenario, events = seen(run, audience)
    decision = _decision(events)
    rounds = story(scenario, events)
    hidden = private(scenario, events, audience)
    glance = charts.glance(scenario, events)
    known = tuple(told(scenario, fact.id) for fact in scenario.evidence if _from_the_start(run, fact.id))
    anchors = {turn.anchor for each in rounds for turn in each.turns}
    anchors |= {fact.anchor for each in rounds for turn in each.turns for fact in turn.facts}
    anchors |= {fact.anchor for fact in known}
    anchors.discard("")
    contents = [("glance", tr("At a glance"))] if glance else []
    contents += [("table", tr("How the table changed")), ("conversation", tr("The conversation"))]
    contents += [("outcome", hidden.title)] if hidden else []
    contents += [("record", tr("The decision record"))]
    return filled(
        "run.html.jinja", scenario.title, spoken(),
        scenario=scenario, secret=audience == FACILITATOR, kicker=_kicker(run, audience), headline=_headline(scenario, decision, events),
        outcome=decision.outcome if decision else "stopped",
        lines=five_lines(scenario, events, decision) if decision else _so_far(scenario, events),
        contents=contents, glance=glance, changed=changed(scenario, events), known=known, rounds=rounds,
        private=hidden, record=_lowered(_record(run, scenario, events)), anchors=anchors,
        votes=vocabulary.VOTES, verdicts=vocabulary.VERDICTS, faults=FAULTS,
        law=notice(each for _, each in scenario.criteria.values()),
    )  # fmt: skip


def document(run: Transcript, audience: str) -> str:
    """Markdown: the decision record, then the conversation."""
    scenario, events = seen(run, audience)
    blocks: list[Block] = [
        *_record(run, scenario, events),
        Heading(tr("How the table changed")),
        changed(scenario, events),
    ]
    blocks += [Heading(tr("The conversation")), *conversation(scenario, events)]
    hidden = private(scenario, events, audience)
    if hidden is not None:
        blocks.append(Heading(hidden.title))
        for chart in hidden.charts:
            blocks += [Heading(chart.title, level=3), chart.table]
        blocks += [*hidden.figures, *hidden.cards]
    return markdown(blocks)


def conversation(scenario: Scenario, events: tuple[Event, ...]) -> list[Block]:
    """All that was said, told, asked, voted and ruled, round by round, as an audience saw it."""
    return [block for each in story(scenario, events) for block in _told_round(each)]


def picture(run: Transcript, audience: str) -> str | None:
    """The run at a glance, as an SVG that stands alone. None where nothing was ruled."""
    scenario, events = seen(run, audience)
    chart = charts.glance(scenario, events, alone=True)
    return chart.svg if chart else None


def rows(run: Transcript, audience: str) -> list[list[str]]:
    """One line a turn."""
    scenario, events = seen(run, audience)
    made = [["round", "role", "kind", "vote", "package", "tables", "says", "notes", "fault"]]
    for event in events:
        package = getattr(event, "package", None)
        move = getattr(event, "move", None)
        if event.kind in ("seating", "ruling", "stopped"):
            continue
        made.append([
            str(event.round), event.role, event.kind, getattr(move, "vote", ""),
            " ".join(f"{issue}={option}" for issue, option in (package or {}).items()),
            " ".join(getattr(move, "tables", ())) or " ".join(getattr(event, "evidence", ())),
            getattr(move, "says", "") or getattr(event, "headline", "") or getattr(event, "outcome", ""),
            _notes(scenario, event), getattr(event, "fault", None) or "",
        ])  # fmt: skip
    return made


def changed(scenario: Scenario, events: tuple[Event, ...]) -> Grid:
    """Issues by rounds: what was on the table, and where it changed."""
    tabled = [(e.round, e.package) for e in events if isinstance(e, Proposed) and e.package]
    lines = []
    for issue in scenario.issues:
        cells, before = [], None
        for _, package in tabled:
            option = package[issue.id]
            cells.append(scenario.label(issue.id, option) if option != before else "″")
            before = option
        lines.append(Row((issue.question, *cells)))
    return Grid(("", *(tr("round {n}", n=number) for number, _ in tabled)), tuple(lines))


def _record(run: Transcript, scenario: Scenario, events: tuple[Event, ...]) -> list[Block]:
    date = str(run.header.volatile.get("started", ""))[:10]
    first, *rest = record(scenario, events, date=date, seats=_makers(run), seed=run.header.seed)
    caution = setup.caution(run)
    return [first, *([Lines((caution,), "warning")] if caution else []), *rest]


def _makers(run: Transcript) -> dict[Role, str]:
    """What played each role; of the PM also how it led."""
    style, kinds = run.header.pm_style, {role: setup.kind(seat) for role, seat in run.seats.items()}
    return {**kinds, PM: kinds[PM] + tr(", style {style}", style=style)} if style and PM in kinds else kinds


def _lowered(blocks: list[Block]) -> list[Block]:
    """For a page that has its own first heading."""
    return [b._replace(level=b.level + 1) if isinstance(b, Heading) else b for b in blocks]


def _from_the_start(run: Transcript, name: str) -> bool:
    return any(fact.id == name and fact.known_at_start for fact in run.scenario.evidence)


def _decision(events: tuple[Event, ...]) -> Decided | None:
    return next((event for event in events if isinstance(event, Decided)), None)


def _kicker(run: Transcript, audience: str) -> str:
    who = {
        "public": tr("as everybody in the room heard it"),
        "facilitator": tr("for the facilitator: holds every secret"),
    }
    seen_by = who.get(audience, tr("as {audience} saw it", audience=audience) if audience not in run.scenario.parties else tr("as {who} saw it", who=run.scenario.card(audience).title))  # fmt: skip
    caution = setup.caution(run)
    led = tr(", PM style {style}", style=run.header.pm_style) if run.header.pm_style else ""
    return (
        setup.source(run)
        + led
        + tr(", {seen_by}", seen_by=seen_by)
        + (tr(". {more}", more=caution) if caution else "")
    )


def _headline(scenario: Scenario, decision: Decided | None, events: tuple[Event, ...]) -> str:
    over = decision is not None or (bool(events) and isinstance(events[-1], Stopped))
    return phrase.begun(ended(scenario, events)) if over else tr("Not decided yet")


def _so_far(scenario: Scenario, events: tuple[Event, ...]) -> list[tuple[str, str]]:
    packages = [e.package for e in events if isinstance(e, Proposed) and e.package]
    return [
        (
            tr("Last package"),
            phrase.options(scenario, packages[-1]) if packages else tr("none was ever proposed"),
        )
    ]


def _told_round(each: Round) -> Iterator[Block]:
    yield Heading(tr("Round {n}", n=each.number) if each.number else tr("Opening"), level=3)
    if each.package:
        yield Grid(("", tr("The package")), tuple(Row((c.question, c.label), tr("changed") if c.changed else "") for c in each.package))  # fmt: skip
    signing = [turn for turn in each.turns if turn.anchor.startswith("sign-")]
    for turn in each.turns:
        if turn not in signing:
            yield from _told_turn(turn)
    if each.gates:
        yield Lines((tr("The PM rules:"),), "strong")
        found = [
            Row((gate.name, vocabulary.VERDICTS[gate.verdict], gate.team or tr("; ").join(
                _told_finding(f) for f in gate.findings if not f.met
            )))
            for gate in each.gates
        ]  # fmt: skip
        yield Grid(("", "", ""), tuple(found))
        yield from (Lines((learned,)) for learned in each.learned)
    for turn in signing:
        yield from _told_turn(turn)


def _told_finding(found: CriterionStory) -> str:
    told = f"{found.asks} {found.status}"
    if found.why:
        told = tr("{who}: {what}", who=told, what=found.why)
    return f"{told} {found.opens}".strip() if found.why else f"{told}  {found.opens}".strip()


def _told_turn(turn: Turn) -> Iterator[Block]:
    who = tr("{who}, {vote}", who=turn.who, vote=vocabulary.VOTES[turn.vote]) if turn.vote else turn.who
    fault = tr("{fault}: counted as an abstention", fault=FAULTS[turn.fault]) if turn.fault else ""
    notes = tr("; ").join(filter(None, [*(deed.line for deed in turn.deeds), fault]))
    yield Quote(who, turn.says, notes)
    for fact in turn.facts:
        yield Quote(tr("On the table"), fact.says, together(filter(None, [fact.plainly, fact.source])))


def _notes(scenario: Scenario, event: Event) -> str:
    turns = [turn for each in story(scenario, (event,)) for turn in each.turns]
    return tr("; ").join(deed.line for turn in turns for deed in turn.deeds)
