"""What a teacher expects beside the case: a first class, reading ahead, sheets for watching, for the wall and for home.

The words that are the same for every case stand in `teacher/LANGUAGE.toml`; the rest is made from the case.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from aipm_agents.kit import rules, slips, timing
from aipm_agents.kit.document import Document, PrintSheet
from aipm_agents.kit.fact import joined
from aipm_agents.kit.glossary import named, tagged, terms
from aipm_agents.language import tr, tr_n
from aipm_agents.report.papers.blocks import Blank, Grid, Heading, Items, Lines, Quote, Row
from aipm_agents.report.words import fact_text, phrase, vocabulary
from aipm_agents.report.words.fact_effects import choices
from aipm_agents.scenario.criteria import CHECKPOINTS
from aipm_agents.table.audience import FACILITATOR, PUBLIC, seen_by
from aipm_agents.table.packages import outcome_space

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aipm_agents.kit.document import Form
    from aipm_agents.kit.timing import LessonTimes
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.roles import Language
    from aipm_agents.scenario.criteria import Criterion
    from aipm_agents.scenario.evidence import Evidence
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.audience import Audience

_LEAST = 4
"""Options of a criterion that are named with how seldom its rule holds."""
_GROUPS = 8
"""Rows of the results board."""


@lru_cache(maxsize=2)
def words(language: Language) -> dict[str, Any]:
    """From `teacher/LANGUAGE.toml`."""
    return tomllib.loads((files("aipm_agents.kit") / "teacher" / f"{language}.toml").read_text("utf-8"))


def for_the_teacher(scenario: Scenario, first: LessonTimes, deciding: Sequence[str]) -> tuple[Document, ...]:
    """`first`: the minutes of a first class. `deciding`: the facts without which nothing passes."""
    said = words(scenario.language)
    return (
        _document(
            "first-class", said["first"], FACILITATOR, [_first(scenario, said["first"], first, deciding)]
        ),
        _document("answers", said["answers"], FACILITATOR, [_answers(scenario, said["answers"])]),
        _document("course", said["course"], FACILITATOR, [_course(scenario, said["course"])]),
    )


def for_the_class(scenario: Scenario) -> tuple[Document, ...]:
    """All of it from what the public may see."""
    known, said = seen_by(scenario, (), PUBLIC), words(scenario.language)
    return (
        _document("prework", said["prework"], PUBLIC, [_ahead(known, said["prework"]), _asked(said["prework"])], "form"),
        _document("observer", said["observer"], PUBLIC, [_watched(known, said["observer"])], "form"),
        _document("tents", said["tents"], PUBLIC, (_tent(known, role) for role in known.parties), "tent"),
        _document("board", said["board"], PUBLIC, [_board(known, said["board"])], "form"),
        _document("reflection", said["rubric"], PUBLIC, [_rubric(known, said["rubric"])]),
        _document("reading", said["reading"], PUBLIC, [_reading(known, scenario, said["reading"])]),
    )  # fmt: skip


def _document(
    name: str, said: dict[str, Any], audience: Audience, pages: Iterable[Iterator[Block]], form: Form = "text"
) -> Document:
    sheets = tuple(PrintSheet(tuple(page), form) for page in pages)
    return Document(name, said["title"], said["use"], audience, sheets)


def _first(
    scenario: Scenario, said: dict[str, Any], lesson: LessonTimes, deciding: Sequence[str]
) -> Iterator[Block]:
    whole = tr_n("{n} minute", "{n} minutes", lesson.minutes)
    yield Heading(said["title"], tr("{case}, {minutes}", case=scenario.title, minutes=whole), level=1)
    yield Lines((scenario.question,), "strong")
    yield Items(tuple(_before(scenario, said, lesson, deciding)))
    rounds = range(1, lesson.rounds + 1)
    played = lesson.introduction + lesson.reading + lesson.play
    ends = [
        lesson.introduction,
        *(lesson.begins(n) for n in rounds),
        played,
        played + lesson.debrief,
        lesson.minutes,
    ]
    parts = (
        said["begin"],
        said["read"],
        *(_round(scenario, said, lesson, n) for n in rounds),
        said["cards"],
        said["home"],
    )
    rows = (Row((f"{a}–{b}", what)) for (a, b), what in zip(pairwise([0, *ends]), parts, strict=True))
    yield Grid((tr("minute"), ""), tuple(rows), widths=(2, 10))
    yield Lines(tuple(said["after"]), "quiet")


def _before(
    scenario: Scenario, said: dict[str, Any], lesson: LessonTimes, deciding: Sequence[str]
) -> Iterator[str]:
    yield said["print"].format(rounds=lesson.rounds)
    if scenario.injects:
        yield said["arriving"]
    if studies := [
        (f.study.asks, timing.takes(lesson, scenario, f.takes or 1)) for f in scenario.evidence if f.study
    ]:
        yield said["studies"].format(studies=tr(" · ").join(f"{asks} {n}" for asks, n in studies))
    if any(True for _ in slips.slips(scenario)):
        yield joined(said["slips"], said["slips_option"] if scenario.held_options else "")
    facts = tr(" · ").join(fact_text.fact(scenario, name) for name in deciding)
    yield said["mark"].format(facts=facts) if facts else said["no_mark"]
    yield said["table"]


def _round(scenario: Scenario, said: dict[str, Any], lesson: LessonTimes, number: int) -> str:
    """What to say and hand out in a round of a first class."""
    kind = "first_round" if number == 1 else "last_round" if number == lesson.rounds else "round"
    news = [e.headline for e in scenario.injects if timing.before(lesson, scenario, e.before_round) == number]
    told = [said["news"].format(news=tr(" · ").join(news))] if news else []
    return joined(*told, said[kind].format(n=number))


def _answers(scenario: Scenario, said: dict[str, Any]) -> Iterator[Block]:
    yield Heading(said["title"], scenario.title, level=1)
    if scenario.teaching is not None and scenario.teaching.good_questions:
        yield Heading(said["good"], level=2)
        yield Items(scenario.teaching.good_questions)
    for name in CHECKPOINTS:
        rows = [
            Row((each.asks, _shows(scenario, each, said), _breaks(scenario, each, said)))
            for each in getattr(scenario.checkpoints, name)
        ]  # fmt: skip
        if rows:
            title = vocabulary.CHECKPOINT_TITLES[name]
            yield Grid((title, said["shows"], said["breaks"]), tuple(rows), widths=(4, 4, 4))


def _course(scenario: Scenario, said: dict[str, Any]) -> Iterator[Block]:
    """The bundled cases, a week each; this one is marked."""
    yield Heading(said["title"], level=1)
    weeks = (
        Row((f"{week} ◂" if name == scenario.id else str(week), title, why))
        for week, (name, title, why) in enumerate(said["cases"], start=1)
    )
    yield Grid(tuple(said["columns"]), tuple(weeks), widths=(1, 4, 7))
    yield Lines(tuple(said["shorter"]), "quiet")


def _shows(scenario: Scenario, criterion: Criterion, said: dict[str, Any]) -> str:
    """What it takes, then the facts that are proof of it, each with who holds it."""
    facts = [_held(scenario, fact) for fact in scenario.facts.values() if criterion.id in fact.supports]
    return tr(" · ").join([rules.decides(scenario, criterion), *facts])


def _breaks(scenario: Scenario, criterion: Criterion, said: dict[str, Any]) -> str:
    """The options with which its rule holds least often, and the facts that fail it, each with what answers it."""
    told = list(_options(scenario, criterion)) if criterion.rule else []
    for fact in scenario.facts.values():
        if criterion.id in fact.undermines:
            cure = choices(scenario, fact.unless, quoted=True) if fact.unless else said["nothing"]
            told.append(said["answered"].format(fact=_held(scenario, fact), by=cure))
    return tr(" · ").join(told) or said["none"]


def _options(scenario: Scenario, criterion: Criterion) -> Iterator[str]:
    """Of all packages with an option how many keep a rule: those options with which it is fewest, at most four."""
    space = outcome_space(scenario)
    holds = space.holding(criterion.rule)
    found = []
    for issue in scenario.issues:
        for option in issue.options:
            mine = space.matching(({issue.id: (option.id,)},))
            if all_ := int(mine.sum()):
                found.append((int((mine & holds).sum()) / all_, option.label))
    whole = float(holds.mean())
    least = sorted(each for each in found if each[0] < whole)[:_LEAST]
    if least:
        told = tr(", ").join(
            tr("{option} {n} %", option=phrase.named(label), n=round(100 * share)) for share, label in least
        )
        yield tr("packages with it that keep the rule: {options}", options=told)


def _held(scenario: Scenario, fact: Evidence) -> str:
    told = fact_text.fact(scenario, fact.id)
    if not fact.held_by:
        return told
    return tr("{what} ({who})", what=told, who=phrase.names(scenario, fact.held_by))


def _ahead(known: Scenario, said: dict[str, Any]) -> Iterator[Block]:
    yield Heading(known.title, said["title"], level=1)
    yield Lines((said["how"],), "quiet")
    yield Lines((known.question,), "strong")
    if known.background:
        yield Lines((known.background,))
    yield Grid(("", ""), tuple(Row((each.who, each.stake)) for each in known.affected), first=4)
    yield Grid(
        ("", ""), tuple(Row((i.question, phrase.listed(o.label for o in i.options))) for i in known.issues), first=4
    )  # fmt: skip


def _asked(said: dict[str, Any]) -> Iterator[Block]:
    yield Heading(said["title"], tr("Name or number: ____________"), level=1)
    for number, question in enumerate(said["questions"], start=1):
        yield Blank(f"{number}. {question}", 4)
    yield Lines((said["bring"],), "quiet")


def _watched(known: Scenario, said: dict[str, Any]) -> Iterator[Block]:
    yield Heading(said["title"], tr("{title} · round ____", title=known.title), level=1)
    yield Lines((said["how"],), "quiet")
    rows = tuple(Row((row, "", "", "")) for row in said["rows"] for _ in range(1))
    yield Grid(("", *said["columns"]), rows, widths=(4, 2, 1, 5))
    yield from (Blank(label, 2) for label in said["close"])


def _tent(known: Scenario, role: str) -> Iterator[Block]:
    yield Heading(known.card(role).title, known.parties[role].name or known.title, level=1)
    yield Lines((known.parties[role].wants,))


def _board(known: Scenario, said: dict[str, Any]) -> Iterator[Block]:
    yield Heading(said["title"], known.title, level=1)
    rows = tuple(Row((f"G{n}", *([""] * (len(said["columns"]) - 1)))) for n in range(1, _GROUPS + 1))
    yield Grid(tuple(said["columns"]), rows, widths=(1, 2, 1, 4, 2, 2))


def _rubric(known: Scenario, said: dict[str, Any]) -> Iterator[Block]:
    yield Heading(said["title"], known.title, level=1)
    yield Lines((said["task"],))
    yield Grid(tuple(said["columns"]), tuple(Row(tuple(row)) for row in said["rows"]), widths=(2, 3, 3, 4))


def _reading(known: Scenario, scenario: Scenario, said: dict[str, Any]) -> Iterator[Block]:
    yield Heading(said["title"], known.title, level=1)
    yield Lines((said["use"],), "quiet")
    here = tagged(known, scenario)
    for term in terms(scenario.language):
        if any(tag in here for tag in term.tags) or named(term, known):
            found = [
                text
                for tag in (*term.tags, term.id)
                if tag != "always"
                for text in said["lists"].get(tag, ())
            ]
        else:
            found = []
        if found:
            yield Quote(term.name, tr(" · ").join(found))
    yield Quote(tr("Negotiation"), tr(" · ").join(said["lists"]["always"]))
