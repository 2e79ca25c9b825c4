"""The facilitator's sheet: who holds what, what opens and shuts each criterion, what arrives when, how to rule by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.kit import arrivals, rules
from aipm_agents.kit.document import Document, PrintSheet
from aipm_agents.kit.fact import does, joined
from aipm_agents.kit.handouts import after, when
from aipm_agents.kit.places import places
from aipm_agents.language import mark, tr, tr_n
from aipm_agents.report.papers import plain_text
from aipm_agents.report.papers.blocks import Grid, Heading, Items, Lines, Row
from aipm_agents.report.papers.typography import together
from aipm_agents.report.words import fact_text, phrase, vocabulary
from aipm_agents.report.words.fact_effects import choices
from aipm_agents.scenario.criteria import CHECKPOINTS
from aipm_agents.scenario.lenses import ASKS, LENS_OF
from aipm_agents.table.audience import FACILITATOR

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from aipm_agents.analysis.space.landscape import Landscape
    from aipm_agents.analysis.space.prospects import Prospects
    from aipm_agents.kit.timing import LessonTimes
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario

_BY_HAND = (
    mark("Only what lies on the table counts. What somebody knows and has not read out does not exist for a ruling."),
    mark(
        "Take the criteria one by one, in the order of the ruling sheet. First the rule: add up the figures of the "
        "package's options in the general instructions. Exactly at the bound is met."
    ),
    mark(
        "Then look for a fact on the table that fails it. Each card and handout says what its facts fail and which "
        "choices answer that; what a slip adds counts as well. Unanswered: FAILED, whatever proof there is."
    ),
    mark("Then, where it needs proof: has a fact been read out that is one? If not: NOT SHOWN. Ask its owner by name."),
    mark(
        "A checkpoint is shut if one of its criteria failed or is not shown, else it is open and lets the package "
        "through. Criteria that are follow-up only stop nothing: unmet, they go onto the agreement form."
    ),
    mark("Then the team: count plain yeses, look for the vetoes, ask each seat in silence whether a red line is crossed."),
    mark(
        "Last: was a fact read out in this round that fails a criterion by its note? Then nothing is signed yet, even where the "
        "package answers it. In the last round that means no agreement: say so before it begins."
    ),
    mark(
        "NO-GO is for what nobody could have passed: every package the table knows of has a criterion that fails and stops it. Anything "
        "else without a signature is NO AGREEMENT. When you enter a group, you say deal, time or parted; which of these it was, the record reckons."
    ),
    mark("In doubt it is not a yes. You may be asked to rule; you may not be asked to be lenient, and neither may the PM."),
)  # fmt: skip


def facilitator(
    scenario: Scenario,
    found: Prospects,
    land: Landscape,
    programs: Collection[Role],
    lessons: Sequence[LessonTimes],
) -> Document:
    blocks = (
        *_head(scenario, programs), *_arriving(scenario, lessons), *_holders(scenario), *_kept(scenario), *_traps(scenario),
        *_gates(scenario), *_by_hand(), *_way_out(scenario, found, land), *_found(scenario),
    )  # fmt: skip
    use = tr(
        "Who knows what, what opens each checkpoint, what to hand out when, how to rule by hand. For you alone."
    )
    return Document(
        "facilitator", tr("Facilitator's sheet"), use, FACILITATOR, (PrintSheet(blocks, "text", 2),)
    )


def _head(scenario: Scenario, programs: Collection[Role]) -> Iterator[Block]:
    yield Heading(scenario.title, tr("Facilitator's sheet"), level=1)
    yield Lines(
        (tr("Holds every secret of this case. Not for the projector, not for the printer tray."),), "warning"
    )
    yield Lines((rules.deal(scenario), rules.players(scenario, programs)))


def _arriving(scenario: Scenario, lessons: Sequence[LessonTimes]) -> Iterator[Block]:
    yield Heading(tr("What you hand out, and when"), level=2)
    rows = [
        Row((_news(scenario, n), *when(scenario, each, lessons))) for n, each in enumerate(scenario.injects)
    ]
    rows += [
        Row((f.study.asks, *after(scenario, f, lessons))) for f in scenario.evidence if f.study is not None
    ]
    if not rows:
        yield Lines((tr("Nothing arrives from outside in this case; all it takes is in the room."),))
        return
    head = (tr_n("{n} minute", "{n} minutes", each.minutes) for each in lessons)
    yield Grid(("", *head), tuple(rows), widths=(12 - 3 * len(lessons), *([3] * len(lessons))))
    if any(fact.study for fact in scenario.evidence):
        yield Lines(
            (
                tr(
                    "A question is answered only if the PM has asked for it when proposing a package, counted from then."
                ),
            ),
            "quiet",
        )


def _news(scenario: Scenario, number: int) -> str:
    """A piece of news with whom alone it goes to, and what it changes."""
    news = scenario.injects[number]
    told = [tr("For {who} only.", who=phrase.names(scenario, news.to))] if news.to else []
    if news.changes:
        told.append(tr("From then on: {what}", what=arrivals.told(scenario, number)))
    whole = news.headline.endswith((".", "!", "?", "。", "！", "？")) or not told
    return together((news.headline if whole else tr("{text}.", text=news.headline), *told))


def _holders(scenario: Scenario) -> Iterator[Block]:
    yield Heading(tr("Who holds which fact"), level=2)
    rows = []
    for fact in scenario.facts.values():
        if fact.held_by:
            holder = phrase.names(scenario, fact.held_by)
        elif fact.takes:
            holder = tr("nobody yet")
        else:
            holder = tr("everybody") if fact.known_at_start and fact in scenario.evidence else tr("arrives")
        rows.append(Row((holder, fact.plainly or fact.says, does(scenario, fact))))
    yield Grid(("", tr("fact, in plain words"), tr("what it does")), tuple(rows), widths=(2, 5, 5))


def _kept(scenario: Scenario) -> Iterator[Block]:
    """What seats keep beside facts: red lines, options, weak spots, words."""
    rows = []
    for role, party in scenario.parties.items():
        who = scenario.card(role).short
        rows += [
            Row((who, tr("red line"), rules.red_line(scenario, line))) for line in party.red_lines
        ]  # fmt: skip
        rows += [
            Row((who, tr("word"), tr('"{word}" means: {means}', word=word, means=means)))
            for word, means in party.terms.items()
        ]
    for (issue, option), holders in scenario.held_options.items():
        rows.append(Row((phrase.names(scenario, holders), tr("option"), scenario.label(issue, option))))
    if rows:
        yield Heading(tr("What else somebody keeps"), level=2)
        yield Grid(("", "", ""), tuple(rows), widths=(2, 2, 8))
    weak = [(fact, limit) for fact in scenario.facts.values() for limit in fact.limits]
    if weak:
        yield Heading(tr("Weak spots, and the question that finds them"), level=2)
        yield Grid(
            (tr("fact, in plain words"), tr("question"), tr("what comes out")),
            tuple(
                Row((fact.plainly or fact.says, ASKS[scenario.language][LENS_OF[limit.ground]], limit.says)) for fact, limit in weak
            ), widths=(4, 4, 4),
        )  # fmt: skip


def _gates(scenario: Scenario) -> Iterator[Block]:
    yield Heading(tr("The checkpoints, with what opens each"), level=2)
    for name in CHECKPOINTS:
        rows = [
            Row(
                (
                    each.asks,
                    rules.decides(scenario, each),
                    _moves(scenario, each.id),
                    scenario.card(each.owner).short,
                )
            )
            for each in getattr(scenario.checkpoints, name)
        ]
        if rows:
            head = (
                vocabulary.CHECKPOINT_TITLES[name],
                tr("met when"),
                tr("what bears on it"),
                tr("answers for it"),
            )
            yield Grid(head, tuple(rows), widths=(3, 3, 4, 2))


def _moves(scenario: Scenario, name: str) -> str:
    """The facts that show a criterion or speak against it, with who can bring them."""
    told = []
    for fact in scenario.facts.values():
        text = plain_text.shortened(fact.plainly or fact.says, 60)
        who = phrase.names(scenario, fact.held_by) if fact.held_by else ""
        brief = tr('"{text}" ({who})', text=text, who=who) if who else tr('"{text}"', text=text)
        if name in fact.supports:
            told.append(tr("its proof: {fact}", fact=brief))
        if name in fact.undermines:
            cure = choices(scenario, fact.unless, quoted=True) if fact.unless else tr("nothing")
            told.append(tr("failed by {fact}, answered by {choices}", fact=brief, choices=cure))
    return tr("; ").join(told) or tr("the package alone")


def _by_hand() -> Iterator[Block]:
    yield Heading(tr("How to rule by hand"), level=2)
    yield Items(tuple(tr(text) for text in _BY_HAND))


def _way_out(scenario: Scenario, found: Prospects, land: Landscape) -> Iterator[Block]:
    yield Heading(tr("Is there a way?"), level=2)
    if not found.acceptable:
        yield Lines(
            (tr("No package passes everything: a no-go that the table has proven is the good ending here."),)
        )
        return
    yield Lines((tr(
        "Of {all} packages {some} pass every criterion with all facts on the table and can win the yeses they need; "
        "at the start, with nothing told, {start} pass the criteria.",
        all=f"{found.packages:,}", some=f"{found.acceptable:,}", start=f"{found.together.at_start:,}",
    ),))  # fmt: skip
    best = land.solutions["gates"]["nash"]
    if best is not None:
        yield Lines(
            (
                tr(
                    "One that is good for everybody: {package}. Keep it to yourself until the debrief.",
                    package=phrase.options(scenario, best.package),
                ),
            )
        )
    if found.deciding_evidence:
        facts = [tr('"{text}"', text=fact_text.fact(scenario, name)) for name in found.deciding_evidence]
        yield Lines((tr("Without these facts on the table nothing passes: {facts}", facts=joined(*facts)),))
    else:
        yield Lines(
            (tr("No single fact decides here: whichever stays unsaid, some package can still pass."),)
        )


def _traps(scenario: Scenario) -> Iterator[Block]:
    teaching = scenario.teaching
    if teaching is None:
        return
    if teaching.good_questions:
        yield Heading(tr("Questions that would find the traps"), tr("from the public page alone"), level=2)
        yield Items(teaching.good_questions)
        yield Lines(
            (tr("If a table is stuck in the second half, let a quiet person pick one of these."),), "quiet"
        )


def _found(scenario: Scenario) -> Iterator[Block]:
    yield Heading(tr("No ambush: where each thing that can decide is found"), level=2)
    together: dict[tuple[str, str], list[str]] = {}
    for each in places(scenario):
        together.setdefault((each.kind, each.where), []).append(each.text)
    rows = tuple(Row((kind, tr(" · ").join(texts), where)) for (kind, where), texts in together.items())
    yield Grid(("", tr("what"), tr("where")), rows, widths=(2, 7, 3))
