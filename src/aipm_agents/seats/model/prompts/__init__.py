"""What a model is told: a briefing that stays byte-identical through a run, then the table and the task.

The words are in the templates beside this file, one for each language; this only fills them in.
"""

from __future__ import annotations

import hashlib
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined

from aipm_agents.scenario.lenses import ASKS, LENS_OF
from aipm_agents.scenario.model import CHECKPOINTS
from aipm_agents.seats.model.bearing import answer, bearing, choices
from aipm_agents.seats.model.digest import QUOTE, digest, facts
from aipm_agents.styles import CARDS
from aipm_agents.table.options import stripped
from aipm_agents.table.packages import OutcomeSpace

if TYPE_CHECKING:
    from jinja2.runtime import Macro

    from aipm_agents.roles import Language, Role, RoleCard
    from aipm_agents.scenario.evidence import Evidence, Limit
    from aipm_agents.scenario.model import Criterion, Extra, Option, Scenario
    from aipm_agents.scenario.party import Party
    from aipm_agents.seats.model.exchange import Speaker
    from aipm_agents.styles import StyleCard, StyleName
    from aipm_agents.table.heard import Choice
    from aipm_agents.table.moves import Verb
    from aipm_agents.table.view import View

_QUOTES = (QUOTE, 300, 120, 40)
"""Characters of a speech, shorter where the table would not fit."""


def messages(view: View, verb: Verb, style: StyleName | None = None) -> tuple[tuple[Speaker, str], ...]:
    """The briefing of a seat, then what is on the table and what is asked of it. `style`: how the PM leads."""
    return ("system", briefing(view, style)), ("user", _table(view, verb))


def fingerprint(language: Language) -> str:
    """The beginning of the SHA-256 of the template: two runs with the same one were told the same way."""
    text = files("aipm_agents.seats.model").joinpath("prompts", f"{language}.jinja").read_bytes()
    return hashlib.sha256(text).hexdigest()[:12]


def repair(view: View, fault: str) -> str:
    return _said(view.scenario.language, "repair", fault)


def briefing(view: View, style: StyleName | None = None) -> str:
    """The same bytes in every round: only what this seat knew before anyone spoke."""
    arrived, before = {fact.id for fact, _ in facts(view)}, _before(view)
    known = tuple(
        fact for fact in before.evidence
        if (view.role in fact.held_by or fact.id not in arrived) and fact.takes is None
    )  # fmt: skip
    studies = tuple(fact for fact in before.evidence if fact.takes is not None)
    return _said(
        view.scenario.language, "briefing", _Brief(before, view.role, known, studies, view.extras, style)
    )


def _before(view: View) -> Scenario:
    """The scenario as it was before anybody brought an option, or challenged what this seat does not hold."""
    others = {choice for choice in view.heard.brought if not _held(view, choice)}
    return stripped(view.scenario, frozenset(others))


def _held(view: View, choice: Choice) -> bool:
    return view.role in view.scenario.held_options.get(choice, ())


def table_bound(scenario: Scenario) -> int:
    """The most bytes the second message can have: room for each seat's words, and for every text of the
    scenario to be told again."""
    told = scenario.model_dump_json(include={"issues", "evidence", "injects", "checkpoints"})
    return 4_000 + 3_000 * len(scenario.parties) + 2 * len(told.encode())


def _table(view: View, verb: Verb) -> str:
    bound, text = table_bound(view.scenario), ""
    for quote in _QUOTES:
        told = digest(view, verb, quote)
        text = "\n\n".join(
            (_said(view.scenario.language, "digest", told), _said(view.scenario.language, "task", verb, told))
        )
        if len(text.encode("utf-8", "replace")) <= bound:
            return text
    return text.encode("utf-8", "replace")[-bound:].decode("utf-8", "ignore")


class _Brief(NamedTuple):
    """What the briefing is filled in from. `scenario` is as the seat may see it."""

    scenario: Scenario
    role: Role
    known: tuple[Evidence, ...]
    studies: tuple[Evidence, ...]
    """What could be found out, as everybody knows it."""
    extras: frozenset[Extra]
    style: StyleName | None = None

    @property
    def leads(self) -> StyleCard | None:
        """How the PM leads, where it was told to lead in a certain way."""
        return CARDS[self.scenario.language][self.style] if self.style else None

    @property
    def secret(self) -> list[str]:
        """The options it knows and the table does not, from the start."""
        return [
            f"{issue}={option}"
            for (issue, option), who in self.scenario.held_options.items()
            if self.role in who
        ]

    @property
    def weak(self) -> list[tuple[Evidence, Limit]]:
        """What is wrong with the facts it holds."""
        return [(fact, limit) for fact in self.held for limit in fact.limits]

    @property
    def lens(self) -> dict[str, str]:
        """What to ask on each ground of a challenge."""
        return {ground: ASKS[self.scenario.language][lens] for ground, lens in LENS_OF.items()}

    @property
    def me(self) -> Party:
        return self.scenario.parties[self.role]

    @property
    def card(self) -> RoleCard:
        return self.scenario.card(self.role)

    @property
    def people(self) -> dict[Role, Party]:
        return self.scenario.parties

    @property
    def candour(self) -> int:
        """How readily it tells what it knows: 0 only when asked by name, 1 where it serves, 2 of its own accord."""
        candour = self.me.temperament.candour
        return 0 if candour < Decimal("0.4") else 1 if candour < Decimal("0.75") else 2

    @property
    def public(self) -> list[Evidence]:
        return [fact for fact in self.known if self.role not in fact.held_by]

    @property
    def held(self) -> list[Evidence]:
        return [fact for fact in self.known if self.role in fact.held_by]

    @property
    def points(self) -> list[tuple[str, list[tuple[str, Decimal]]]]:
        return [(issue, list(row.items())) for issue, row in self.me.points.items()]

    @property
    def best(self) -> Decimal:
        """The most that any package it knows of is worth to it."""
        if not self.me.bonuses:
            return sum((max(row.values()) for row in self.me.points.values()), Decimal(0))
        space = OutcomeSpace(self.scenario)
        return space.unscaled(int(space.worth(self.me).max()))

    @property
    def lost_by_waiting(self) -> int:
        """How many percent of what a deal gives above the walk-away each round takes."""
        return round(100 * (1 - self.me.discount))

    @property
    def checkpoints(self) -> list[tuple[str, tuple[Criterion, ...]]]:
        return [(name, getattr(self.scenario.checkpoints, name)) for name in CHECKPOINTS]

    def effects(self, option: Option) -> str:
        metrics = {metric.id: metric for metric in self.scenario.metrics}
        told = [
            f"{metrics[m].label} {each.add:+f} {metrics[m].unit}".strip()
            + (f" with {choices(each.when)}" if each.when else "")
            for m, parts in option.effects.items()
            for each in parts
            if each.add
        ]
        return f" ({', '.join(told)})" if told else ""

    def rules(self, criterion: Criterion) -> list[str]:
        """The rules of a criterion, as arithmetic: `answer time at p95 ≤ 2 s`."""
        metrics, told = {metric.id: metric for metric in self.scenario.metrics}, []
        for rule in criterion.rule:
            if rule.choose is not None:
                told.append(choices(rule.choose))
            elif rule.metric is not None:
                metric, most = metrics[rule.metric], rule.at_most is not None
                bound = rule.at_most if most else rule.at_least
                base = f" ({metric.base:f} + options)" if metric.base else ""
                if metric.of:
                    base = f" ({(' × ' if metric.how == 'product' else ' + ').join(metrics[m].label for m in metric.of)})"
                told.append(f"{metric.label}{base} {'≤' if most else '≥'} {bound:f} {metric.unit}".strip())
        return told


def _said(language: Language, macro: str, *told: Any) -> str:
    macros: Macro = getattr(_template(language), macro)
    return str(macros(*told)).strip()


@lru_cache
def _template(language: Language) -> Any:
    environment = Environment(
        loader=PackageLoader("aipm_agents.seats.model", "prompts"),
        undefined=StrictUndefined,
        finalize=_quoted,
    )
    environment.globals |= {"bearing": bearing, "choices": choices, "answer": answer}
    return environment.get_template(f"{language}.jinja").module


def _quoted(value: Any) -> Any:
    """Whatever is filled in is data: it can close no tag and open none."""
    if isinstance(value, str):
        return value.replace("<", "‹").replace(">", "›")
    return value
