"""A sketch as a scenario file, every text marked: the line of the brief it rests on, or INVENTED."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.analysis.space.prospects import prospects
from aipm_agents.drafting.brief import figures, holds, words
from aipm_agents.drafting.naming import named, role_ids
from aipm_agents.drafting.sketch import PACK, AskedFigure, Sourced, points
from aipm_agents.language import tr
from aipm_agents.scenario.packs import packs
from aipm_agents.scenario.reader import examined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from aipm_agents.drafting.brief import Brief
    from aipm_agents.drafting.sketch import Fact, Figure, Sketch
    from aipm_agents.scenario.packs import PackItem
    from aipm_agents.scenario.reader import Reading

INVENTED = "INVENTED"
_WALK_AWAYS = (50, 45, 40, 35, 30, 25, 20)
"""What is tried for every seat, until some package is a deal."""


class Draft(NamedTuple):
    text: str
    """Of the file."""
    reading: Reading
    quoted: int
    invented: int
    deals: int
    """Packages that could be a deal; 0: an impossible scenario."""
    stopped: int
    """Packages that some checkpoint stops; 0: there is nothing to look out for."""


def draft(sketch: Sketch, brief: Brief, id_: str, by: str) -> Draft:
    """The file with the highest walk-aways that leave a deal, and of these the smallest majority with which no seat
    decides alone, where there is one. `by`: who filled the sketch in."""
    majority = len(sketch.seats) // 2 + 1
    best: Draft | None = None
    for walk_away in _WALK_AWAYS:
        for yeses in range(majority, max(majority + 1, len(sketch.seats))):
            page = _Page(sketch, brief, id_, by, walk_away, yeses)
            text = page.text()
            reading = examined(Path(f"{id_}.yaml"), text)
            found = prospects(reading.scenario) if reading.scenario else None
            deals, stopped = (
                (found.acceptable, found.packages - found.together.disclosed) if found else (0, 0)
            )
            made = Draft(text, reading, page.quoted, page.invented, deals, stopped)
            if found is None or (deals and not found.dictators):
                return made
            if best is None or (deals and not best.deals):
                best = made
        if best is not None and best.deals:
            break
    assert best is not None
    return best


class _Page:
    def __init__(self, sketch: Sketch, brief: Brief, id_: str, by: str, walk_away: int, yeses: int) -> None:
        self.sketch, self.brief, self.id, self.by = sketch, brief, id_, by
        self.walk_away, self.yeses = walk_away, yeses
        self.quoted = self.invented = 0
        self.issues = named([issue.question.text for issue in sketch.issues], "issue")
        self.options = [
            named([option.text for option in issue.options], f"{name}-") for name, issue in zip(self.issues, sketch.issues, strict=True)
        ]  # fmt: skip
        self.roles = role_ids(sketch.seats)

    def text(self) -> str:
        body = [
            *self._head(),
            *self._issues(),
            *self._metrics(),
            *self._facts(),
            *self._parties(),
            *self._checkpoints(),
        ]
        remarks = [line.rpartition("  # ")[2] for line in body if "  # " in line]
        self.invented = sum(INVENTED in each for each in remarks)
        line = tr("line {n}", n="[0-9]+")
        self.quoted = sum(re.fullmatch(f"{line}(, {line})*", each) is not None for each in remarks)
        note = tr(
            "Drafted from {name} by {by}. Each text says the line of it that it rests on, or that it is made up ({invented}). {quoted} rest on it, {n} are made up; the points come from ranks, and all walk-aways are made up. Read every {invented} before you play it.",
            name=self.brief.name, by=self.by, invented=INVENTED, quoted=self.quoted, n=self.invented,
        )  # fmt: skip
        return "\n".join(
            [
                "# yaml-language-server: $schema=./scenario.schema.json",
                *(f"# {part}" for part in _wrapped(note)),
                *body,
                "",
            ]
        )

    def marked(self, said: Sourced) -> tuple[str, str]:
        """A text for YAML, and the remark that says where it is from."""
        line = self._line(said)
        return _yaml(said.text), "# " + (INVENTED if line is None else tr("line {n}", n=line))

    def _line(self, said: Sourced) -> int | None:
        """The line it rests on: its quotation stands there, every figure of it too, and half of its words at least."""
        line = self.brief.line_of(said.quote) if said.quote else None
        if line is None or not figures(said.text) <= figures(said.quote):
            return None
        own = words(said.text)
        if not own:  # nothing to hold against it
            return line if holds(said.quote, said.text) else None
        return line if len(own & words(said.quote)) * 2 >= len(own) else None

    def _figured(self, said: Sourced, *numbers: tuple[Figure, Decimal]) -> str:
        """The remark of numbers: the line that a quotation stands in which has them all, and speaks of what they are
        numbers of. The same number may stand there for something else."""
        line = self.brief.line_of(said.quote) if said.quote else None
        stands = line is not None and all(
            f"{abs(number):f}" in figures(said.quote) and _speaks_of(said.quote, figure)
            for figure, number in numbers
        )
        return "# " + (tr("line {n}", n=line) if stands else INVENTED)

    def _line_of(self, key: str, said: Sourced, indent: str = "") -> str:
        text, mark = self.marked(said)
        return f"{indent}{key}: {text}  {mark}"

    def _head(self) -> Iterator[str]:
        yield "format: 1"
        yield f"id: {self.id}"
        yield f"language: {self.brief.language}"
        for key in ("title", "question", "purpose", "background"):
            yield self._line_of(key, getattr(self.sketch, key))
        if self.sketch.otherwise:
            yield self._line_of("otherwise", self.sketch.otherwise)
        if self.sketch.affected:
            yield "affected:"
        for each in self.sketch.affected:
            yield self._line_of("- who", each.who, "  ")
            yield self._line_of("stake", each.stake, "    ")

    def _issues(self) -> Iterator[str]:
        yield "issues:"
        for k, issue in enumerate(self.sketch.issues):
            yield f"  - id: {self.issues[k]}"
            yield self._line_of("question", issue.question, "    ")
            if issue.technical:
                yield "    technical_path: true"
            yield "    options:"
            for n, option in enumerate(issue.options):
                yield f"      - id: {self.options[k][n]}"
                yield self._line_of("label", option, "        ")
                yield from self._effects(option, f"{k + 1}.{n + 1}")

    def _effects(self, option: Sourced, place: str) -> Iterator[str]:
        adds = {
            name: (figure, each.add)
            for name, figure in zip(self._metric_names(), self.sketch.figures, strict=True)
            for each in figure.adds if each.option == place
        }  # fmt: skip
        if adds:
            told = ", ".join(f"{name}: {add:f}" for name, (_, add) in adds.items())
            asked = [figure.adds_at[place] for figure, _ in adds.values() if isinstance(figure, AskedFigure)]
            remark = _at(asked) if asked else self._figured(option, *adds.values())
            yield f"        effects: {{{told}}}  {remark}"

    def _metric_names(self) -> list[str]:
        return [f"figure-{k}" for k in range(1, len(self.sketch.figures) + 1)]

    def _metrics(self) -> Iterator[str]:
        if self.sketch.figures:
            yield "metrics:"
        for name, figure in zip(self._metric_names(), self.sketch.figures, strict=True):
            yield f"  - id: {name}"
            yield self._line_of("label", figure.label, "    ")
            if figure.unit:
                asked = isinstance(figure, AskedFigure)
                quote = figure.unit if asked else figure.label.quote
                yield self._line_of("unit", Sourced(text=figure.unit, quote=quote), "    ")

    def _facts(self) -> Iterator[str]:
        yield "evidence:"
        for k, fact in enumerate(self.sketch.facts, start=1):
            yield f"  - id: fact-{k}"
            yield self._line_of("says", fact.says, "    ")
            if fact.source and self.brief.line_of(fact.source):
                yield self._line_of("source", Sourced(text=fact.source, quote=fact.source), "    ")
            if fact.holder and self.roles[fact.holder - 1] != "pm":  # whose moves tell no fact: all know it
                yield f"    held_by: [{self.roles[fact.holder - 1]}]"
            yield from self._bearing(fact)

    def _bearing(self, fact: Fact) -> Iterator[str]:
        shows = [name for name in fact.shows if name not in fact.against]
        if shows:
            yield f"    supports: [{', '.join(shows)}]"
        if fact.against:
            yield f"    undermines: [{', '.join(fact.against)}]"
            cases = [self._choice(place) for place in fact.answered_by]
            if cases:
                yield f"    unless: [{', '.join(dict.fromkeys(cases))}]"

    def _choice(self, place: str) -> str:
        issue, option = (int(part) - 1 for part in place.split("."))
        return f"{{{self.issues[issue]}: {self.options[issue][option]}}}"

    def _parties(self) -> Iterator[str]:
        yield "parties:"
        for role, seat in zip(self.roles, self.sketch.seats, strict=True):
            yield f"  {role}:"
            if seat.role == "other":
                yield self._line_of("title", Sourced(text=seat.title, quote=seat.title), "    ")
                yield self._line_of("duty", Sourced(text=seat.duty, quote=seat.duty), "    ")
                if seat.sounds_like:
                    yield f"    sounds_like: {seat.sounds_like}"
            yield self._line_of("wants", seat.wants, "    ")
            yield self._line_of("private", seat.private, "    ")
            ranked = tr("Points from ranks: {why}", why=" ".join(seat.because.split()))
            yield f"    # {ranked}"
            yield "    points:"
            for k, row in enumerate(points(seat)):
                told = ", ".join(f"{name}: {worth}" for name, worth in zip(self.options[k], row, strict=True))
                yield f"      {self.issues[k]}: {{{told}}}"
            if seat.argues:
                text, mark = self.marked(seat.argues)
                yield from ("    argues:", f"      {self.issues[seat.order[0] - 1]}: [{text}]  {mark}")
            yield f"    walk_away: {self.walk_away}  # {INVENTED}"

    def _checkpoints(self) -> Iterator[str]:
        used = dict.fromkeys(name for fact in self.sketch.facts for name in (*fact.shows, *fact.against))
        if used:
            yield f"uses: [{', '.join(f'{PACK}/{name}' for name in packs()[PACK].items if name in used)}]"
        lines: dict[str, list[str]] = {}
        for name, figure in zip(self._metric_names(), self.sketch.figures, strict=True):
            lines.setdefault(figure.checkpoint, []).extend(self._bound(name, figure))
        for name in dict.fromkeys(name for fact in self.sketch.facts for name in fact.against):
            item = packs()[PACK].items[name]
            if not item.blocking:
                lines.setdefault(item.checkpoint, []).append(self._stopping(name, item))
        if lines:
            yield "checkpoints:"
        for gate, each in lines.items():
            yield from (f"  {gate}:", *each)
        veto = ["pm", *(["legal"] if "legal" in self.roles else [])]
        yield f"agreement: {{accept_at_least: {self.yeses}, veto: [{', '.join(veto)}]}}  # {INVENTED}"
        yield f"rounds: 6  # {INVENTED}"

    def _stopping(self, name: str, item: PackItem) -> str:
        """A question of the pack that stops nothing there: here something speaks against it, so here it does."""
        owner = item.owner if item.owner in self.roles else "pm"
        asks = _yaml(item.said(self.brief.language).asks)
        mark = tr("of {pack}; made to stop a deal: {invented}", pack=PACK, invented=INVENTED)
        shown = ", evidence: required" if any(name in fact.shows for fact in self.sketch.facts) else ""
        return f"    - {{id: {name}, asks: {asks}, owner: {owner}{shown}}}  # {mark}"

    def _bound(self, name: str, figure: Figure) -> Iterator[str]:
        yield f"    - id: {name}-bound"
        asked = figure if isinstance(figure, AskedFigure) else None
        yield self._line_of("asks", Sourced(text=figure.asks, quote=figure.asks if asked else ""), "      ")
        yield f"      owner: {self.roles[figure.owner - 1]}"
        rule = f"{{metric: {name}, {figure.bound}: {figure.limit:f}}}"
        remark = _at([asked.limit_at]) if asked else self._figured(figure.label, (figure, figure.limit))
        yield f"      rule: {rule}  {remark}"


def _speaks_of(quote: str, figure: Figure) -> bool:
    """Whether a quotation has half of the words of what a figure is called; of one that is called by none, its unit. That
    both are in euros makes no cost of a budget."""
    own = words(figure.label.text)
    return len(own & words(quote)) * 2 >= len(own) if own else holds(quote, figure.unit)


def _at(lines: Iterable[int]) -> str:
    """The remark of numbers that somebody was asked for."""
    return "# " + ", ".join(tr("line {n}", n=n) for n in sorted({*lines}))


def _yaml(text: str) -> str:
    """As a double-quoted text on one line, which YAML reads like JSON."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def _wrapped(text: str) -> list[str]:
    import textwrap

    return textwrap.wrap(text, 100)
