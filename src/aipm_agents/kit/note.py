"""The teaching note: what the case is for, how the time goes, what usually comes of it, how to talk about it after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.kit import slips, timing
from aipm_agents.kit.document import Document, PrintSheet
from aipm_agents.kit.fact import joined
from aipm_agents.kit.glossary import CAUTIONS, LENSES
from aipm_agents.language import mark, tr, tr_n
from aipm_agents.report.papers.blocks import Grid, Heading, Items, Lines, Row
from aipm_agents.report.words import fact_text, phrase, vocabulary
from aipm_agents.table.audience import FACILITATOR, PUBLIC

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aipm_agents.analysis.run.summary import Gate
    from aipm_agents.kit.outcomes import Outcomes, Sampled
    from aipm_agents.kit.timing import LessonTimes
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.model import Scenario

_ROOM = (
    mark("One table for each group, far enough apart that nobody hears a card being read. A wall or a flip chart for the ruling sheet."),
    mark(
        "Too many people: two share a role and one card, and agree before they vote. Or they observe, with the ruling "
        "sheet in their hands, and report one thing that nobody at the table saw."
    ),
    mark(
        "Before the class: the survey before and the pre-work go home, or take five minutes more here. Cards, score sheets and "
        "forms in an envelope for each table; making tables, handing out and leaving stand in no minute below."
    ),
    mark("A table in the middle of a ruling when the time is up finishes that ruling and no round more."),
    mark("Collect the cards before the debrief, or let people lay them open on your word. That moment is worth waiting for."),
)  # fmt: skip

_EARLY = mark(
    "A table that has a deal early turns to the news that has not come yet: would its package still stand?"
)
_EARLY_WITHOUT_NEWS = mark(
    "A table that has a deal early goes through its cards' questions once more: which of them did nobody ask, and would the package still stand?"
)
"""Of a case to which nothing comes from outside."""

_PARTS = (
    (mark("Introduction"), mark("From when everybody sits. Say what it is for, whom a program plays, if anyone, and that nobody is graded on the deal. The first half of the slides.")),
    (mark("Reading and preparing"), mark("General instructions, unless they were read ahead; then cards, score sheets if you use them, preparation form. People with the same role may sit together. The slides on a round and a deal stay on the wall.")),
    (mark("Negotiation"), ""),
    (mark("Debrief"), mark("Cards on the table. Five steps, below.")),
    (mark("Form"), mark("Survey after; collect the agreement forms. Glossary to take home.")),
)  # fmt: skip

DEBRIEF = (
    (mark("Reactions"), mark("Out of the role first. One word each: how was it? Nobody explains yet."), 2),
    (mark("What happened"), mark("Package, round and last verdicts of each group, side by side on the board. Who changed a vote, and after whose sentence?"), 7),
    (mark("Why"), mark("What was known at the table and never said, and why not: nobody asked, it cost too much, it was asked for and kept?"), 7),
    (mark("The idea behind it"), mark("Now give it its name, from the glossary, with the moment in their own meeting as the example."), 6),
    (mark("Home"), mark("Where do we do this at work? One sentence each, on paper first."), 3),
)  # fmt: skip
"""The third column: its share of the debrief."""

_CLOSING = (
    (mark("Clear?"), mark("Could everybody say in one sentence what was decided, for whom, and how we will know?")),
    (mark("Quick?"), mark("In which round could it have been decided, with what one person knew already?")),
    (mark("True to what we value?"), mark("Read the deal to those who were not in the room. What do they say?")),
)  # fmt: skip

GATES: vocabulary.Vocabulary[Gate] = vocabulary.Vocabulary({
    "desire": mark("Desire"), "feasible": mark("Feasible"), "viable": mark("Viable"),
    "people": mark("Alignment, the people's half"), "team": mark("Alignment, the team's half"),
})  # fmt: skip


def note(scenario: Scenario, came: Sampled, deciding: Sequence[str] = ()) -> Document:
    """`deciding`: the facts without which nothing passes."""
    lessons = [lesson for lesson, _ in came]
    blocks = (
        *_purpose(scenario),
        *_lessons(scenario, lessons),
        *_room(scenario, deciding),
        *_outcomes(scenario, came),
        *_debrief(scenario, lessons),
        *_grading(),
    )
    use = tr("Purpose, timing, room, what usually comes of it, debrief. Read it first.")
    return Document("teaching-note", tr("Teaching note"), use, FACILITATOR, (PrintSheet(blocks, "text", 1),))


def _purpose(scenario: Scenario) -> Iterator[Block]:
    yield Heading(scenario.title, tr("Teaching note"), level=1)
    yield Lines((scenario.question,), "strong")
    teaching = scenario.teaching
    if teaching is not None and teaching.teaches:
        yield Lines((teaching.teaches,))
    roles = phrase.listed(scenario.card(role).title for role in scenario.parties)
    rows = [Row((tr("Seats"), tr("{n}: {who}", n=len(scenario.parties), who=roles)))]
    if teaching is not None and teaching.minutes:
        rows.append(
            Row(
                (
                    tr("On screen"),
                    tr_n("{n} minute", "{n} minutes", teaching.minutes),
                )
            )
        )
    lenses = dict.fromkeys(c.lens for _, c in scenario.criteria.values() if c.lens)
    lenses |= dict.fromkeys(f.lens for f in scenario.facts.values() if f.lens)
    if lenses:
        rows.append(Row((tr("Concepts"), phrase.listed(LENSES[lens] for lens in lenses))))
    if cautions := dict.fromkeys(c.caution for _, c in scenario.criteria.values() if c.caution):
        rows.append(Row((tr("Cautions"), phrase.listed(CAUTIONS[each] for each in cautions))))
    yield Grid(("", ""), tuple(rows))
    if teaching is not None and teaching.objectives:
        yield Heading(tr("What a class can take home"), level=2)
        yield Items(teaching.objectives)


def _lessons(scenario: Scenario, lessons: Sequence[LessonTimes]) -> Iterator[Block]:
    yield Heading(tr("Timing"), tr("from minute to minute"), level=2)
    rows = []
    for place, (title, what) in enumerate(_PARTS):
        cells = []
        for lesson in lessons:
            parts = (lesson.introduction, lesson.reading, lesson.play, lesson.debrief, lesson.form)
            cells.append(f"{sum(parts[:place])}–{sum(parts[: place + 1])}")
        rows.append(Row((tr(title), *cells, tr(what) or _rounds(lessons))))
    head = (
        tr("{n} min, read ahead", n=e.minutes) if e.ahead else tr("{n} min", n=e.minutes) for e in lessons
    )
    rest = 12 - 2 - 2 * len(lessons)
    yield Grid(("", *head, ""), tuple(rows), widths=(2, *([2] * len(lessons)), rest))
    yield Lines(tuple(_reckoned(scenario, lessons)), "quiet")


def _reckoned(scenario: Scenario, lessons: Sequence[LessonTimes]) -> Iterator[str]:
    """Where the minutes come from, and which lengths do not fit."""
    yield tr(
        "Reckoned from the words there are to read and from what a table does in a round, about {minutes} minutes here; "
        "not measured in a class.", minutes=timing.round_on_paper(scenario),
    )  # fmt: skip
    if any(each.ahead for each in lessons):
        yield tr(
            "Read ahead: the general instructions are read at home, so that the class begins with the cards; the preparation form is left out."
        )
    if short := [str(n) for n in timing.MINUTES if n not in {each.minutes for each in lessons}]:
        yield tr(
            "It does not fit into {minutes} minutes: after reading and with time to talk about it, fewer than {n} rounds are left.",
            minutes=phrase.either(short), n=min(timing.FEWEST, scenario.rounds),
        )  # fmt: skip


def _rounds(lessons: Sequence[LessonTimes]) -> str:
    told = tr(", ").join(f"{each.rounds} × {each.round}" for each in lessons)
    return tr(
        "Rounds × minutes: {rounds}, the first {more} minutes longer. Show the time. The four checkpoints are ruled in every round.",
        rounds=told, more=lessons[0].learning,
    )  # fmt: skip


def _room(scenario: Scenario, deciding: Sequence[str]) -> Iterator[Block]:
    yield Heading(tr("Room and numbers"), level=2)
    early = _EARLY if scenario.injects else _EARLY_WITHOUT_NEWS
    yield Items(
        (*(tr(text) for text in (*_ROOM, early)), _too_few(scenario, deciding), *_to_hand_out(scenario))
    )


def _too_few(scenario: Scenario, deciding: Sequence[str]) -> str:
    needed = {
        *scenario.agreement.veto,
        *(r for name in deciding if len(holders := scenario.facts[name].held_by) == 1 for r in holders),
    }
    kept = phrase.names(scenario, (role for role in scenario.parties if role in needed)) if needed else ""
    who = (
        tr("Too few: {who} cannot be left out, for a veto or for a fact without which nothing passes.", who=kept) if kept
        else tr("Too few: nobody here has a veto or alone holds a fact without which nothing passes.")
    )  # fmt: skip
    return joined(
        who,
        tr("You read the missing card and vote by it, or a program plays the seat; then say so beforehand."),
    )


def _to_hand_out(scenario: Scenario) -> Iterator[str]:
    """Who walks about with slips, where the case has any."""
    made = tuple(slips.slips(scenario))
    if made:
        n = sum(slip.reader != PUBLIC for slip in made)
        yield joined(
            tr_n("Slips: {n} for each table.", "Slips: {n} for each table.", len(made)),
            tr_n("{n} of them is for one seat alone.", "{n} of them are for one seat alone.", n) if n else "",
            tr("Cut before the class, an envelope for each table, in their order. With more than two tables somebody at each hands them out: an observer, whoever came without a role, or else the PM."),
            tr("Reckon two minutes more for a round in which an option comes out.") if scenario.held_options else "",
        )  # fmt: skip


def _outcomes(scenario: Scenario, sampled: Sampled) -> Iterator[Block]:
    yield Heading(tr("What usually comes of it"), level=2)
    yield Lines((tr_n(
        "{n} meeting for each lesson, with as many rounds as it has, played by this program's own negotiators. They are not "
        "people: they show what the case allows, not what your class will do.",
        "{n} meetings for each lesson, with as many rounds as it has, played by this program's own negotiators. They are not "
        "people: they show what the case allows, not what your class will do.", sampled[0][1].n,
    ),))  # fmt: skip
    endings = dict.fromkeys(ending for _, came in sampled for ending in came.endings)
    rows = [
        Row((vocabulary.OUTCOMES[ending], *(_of(came.endings.get(ending, 0), came.n) for _, came in sampled)))
        for ending in endings
    ]
    stopped = tr("some package had its yeses, and was stopped all the same")
    rows.append(Row((stopped, *(_of(came.wanted_and_stopped, came.n) for _, came in sampled))))
    rows.append(Row((tr("rounds they took: fewest, median, most"), *(" · ".join(map(str, came.rounds)) for _, came in sampled))))  # fmt: skip
    head = (tr_n("{minutes} min, {n} round", "{minutes} min, {n} rounds", each.rounds, minutes=each.minutes) for each, _ in sampled)  # fmt: skip
    yield Grid((tr("How they ended"), *head), tuple(rows), figures=True)
    lesson, came = sampled[(len(sampled) - 1) // 2]
    yield Lines((tr_n(
        "What follows is of the lesson of {minutes} minutes, {n} round.",
        "What follows is of the lesson of {minutes} minutes, {n} rounds.", lesson.rounds, minutes=lesson.minutes,
    ),))  # fmt: skip
    yield from _in_detail(scenario, came)


def _in_detail(scenario: Scenario, came: Outcomes) -> Iterator[Block]:
    if came.deals:
        deals = [
            Row((phrase.options(scenario, package), _of(times, came.n))) for package, times in came.deals
        ]
        yield Grid((tr("The deals made most often"), tr("meetings")), tuple(deals), figures=True)
    yield Grid(
        (tr("Checkpoint, shut in some round"), tr("meetings")),
        tuple(Row((GATES[gate], _of(times, came.n))) for gate, times in came.shut.items()), figures=True,
    )  # fmt: skip
    stops = {name: n for name, n in came.unmet.items() if n and scenario.criteria[name][1].blocking}
    hard = sorted(stops.items(), key=lambda each: -each[1])[:6]
    if hard:
        yield Grid(
            (tr("Criteria that stopped most often"), tr("meetings")),
            tuple(Row((scenario.criteria[name][1].asks, _of(n, came.n))) for name, n in hard), figures=True,
        )  # fmt: skip
    yield Grid(
        (tr("Fact, in plain words"), tr("told"), tr("showed a criterion in the end"), tr("stopped a package")),
        tuple(
            Row((fact_text.fact(scenario, name), *("–" if _at_start(scenario, name) and k == 0 else str(n) for k, n in enumerate(told))))
            for name, told in came.facts.items()
        ), figures=True, widths=(6, 2, 2, 2),
    )  # fmt: skip


def _at_start(scenario: Scenario, name: str) -> bool:
    return any(fact.id == name and fact.known_at_start for fact in scenario.evidence)


def _of(times: int, n: int) -> str:
    return tr("{n} of {all}", n=times, all=n)


def _debrief(scenario: Scenario, lessons: Sequence[LessonTimes]) -> Iterator[Block]:
    yield Heading(tr("Debrief"), tr("minutes of each lesson"), level=2)
    minutes = zip(
        *(timing.shared(each.debrief, tuple(step[2] for step in DEBRIEF)) for each in lessons), strict=True
    )
    yield Grid(
        ("", "", *(str(each.minutes) for each in lessons)),
        tuple(Row((tr(title), tr(what), *map(str, cells))) for (title, what, _), cells in zip(DEBRIEF, minutes, strict=True)),
        widths=(2, 10 - len(lessons), *([1] * len(lessons))),
    )  # fmt: skip
    if scenario.teaching is not None and scenario.teaching.debrief:
        yield Heading(tr("Questions of this case"), level=2)
        yield Items(scenario.teaching.debrief)
    yield Heading(tr("To close"), level=2)
    yield Grid(("", ""), tuple(Row((tr(title), tr(what))) for title, what in _CLOSING))


def _grading() -> Iterator[Block]:
    yield Heading(tr("If you must grade"), level=2)
    yield Lines((tr(
        "Do not grade the deal: people who are graded on the outcome play safe. What a person controls can be read off "
        "the forms: facts told and asked for, conditions offered, reasons given for a changed vote, dissent written "
        "down, promises kept. Show each apart and quote the line it rests on; never one number."
    ),))  # fmt: skip
