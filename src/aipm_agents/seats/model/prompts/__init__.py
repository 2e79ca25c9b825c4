"""What a model is told: a briefing that stays byte-identical through a run, then the table and the task.

The words are in the templates beside this file, one for each language; this only fills them in.
"""

from __future__ import annotations

import hashlib
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from aipm_agents.language import tr
from aipm_agents.roles import PM
from aipm_agents.scenario.criteria import CHECKPOINTS
from aipm_agents.scenario.lenses import DOUBTS
from aipm_agents.scenario.library import bundled
from aipm_agents.scenario.reader import read
from aipm_agents.seats.model.bearing import answer, bearing, changed, chinese, choices
from aipm_agents.seats.model.controls import DRIVES, Controls
from aipm_agents.seats.model.digest import QUOTE, digest, facts
from aipm_agents.seats.model.figures import beside, takes, unbounded
from aipm_agents.styles import CARDS
from aipm_agents.table.checkpoints import ruling_of
from aipm_agents.table.moves import Position, Proposal
from aipm_agents.table.options import stripped
from aipm_agents.table.packages import OutcomeSpace
from aipm_agents.table.stamp import stamped
from aipm_agents.table.view import view

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2.runtime import Macro
    from jinja2.sandbox import SandboxedEnvironment

    from aipm_agents.roles import Language, Role, RoleCard
    from aipm_agents.scenario.criteria import Criterion
    from aipm_agents.scenario.evidence import Evidence, Limit
    from aipm_agents.scenario.lenses import Ground
    from aipm_agents.scenario.model import Extra, Scenario
    from aipm_agents.scenario.party import Party
    from aipm_agents.seats.model.exchange import Speaker
    from aipm_agents.styles import StyleCard, StyleName
    from aipm_agents.table.heard import Choice
    from aipm_agents.table.moves import Verb
    from aipm_agents.table.view import View

_AS_USUAL = Controls()
MACROS = ("briefing", "digest", "task", "repair", "incentive")
"""What a template says, each a macro; a variant may have some of them, and ours say the rest."""
_QUOTES = (QUOTE, 300, 120, 40)
"""Characters of a speech, shorter where the table would not fit."""


def messages(
    view: View, verb: Verb, style: StyleName | None = None, how: Controls = _AS_USUAL
) -> tuple[tuple[Speaker, str], ...]:
    """The briefing of a seat, then what is on the table and what is asked of it. `style`: how the PM leads."""
    return ("system", briefing(view, style, how)), ("user", _table(view, verb, how))


def fingerprint(language: Language, variant: str = "") -> str:
    """The beginning of the SHA-256 of the template, and of a variant with it: two runs with the same one were told the
    same way."""
    text = files("aipm_agents.seats.model").joinpath("prompts", f"{language}.jinja").read_bytes()
    return hashlib.sha256(text + variant.encode()).hexdigest()[:12]


def problem_with(variant: str) -> str:
    """Why a text is no template of ours; empty where it is one. It is tried on a case of ours, in every phase and after a
    ruling: what fails there would fail in every run."""
    from jinja2 import TemplateError

    how = Controls(variant=variant, incentives=(("legal", "greedy"),))
    try:
        if not any(hasattr(_variant(variant), name) for name in MACROS):
            return tr("has none of the macros {names}", names=", ".join(MACROS))
        for seen, verb in _tried():
            messages(seen, verb, None, how)
            repair(seen, "-", how)
    except TemplateError as error:
        return tr("is no template: {error}", error=error)
    except Exception as error:  # it may divide by nothing, or worse: it is somebody's program
        return tr("is no template: {error}", error=f"{type(error).__name__}: {error}")
    return ""


def _tried() -> Iterator[tuple[View, Verb]]:
    made = read(bundled()["refund-copilot"])
    first = Proposal(package={issue.id: issue.options[0].id for issue in made.issues})
    tabled = (stamped(first, PM, 1),)
    refused = (stamped(Position(vote="no", says="-"), role, 1) for role in made.colleagues)
    ruling = ruling_of(made, answered := (*tabled, *refused), 1)
    assert ruling is not None
    again = (*answered, ruling, stamped(first, PM, 2))
    yield view(made, (), PM, seed=0, number=0), "frame"
    yield view(made, (), "legal", seed=0, number=0), "open"
    yield view(made, (), PM, seed=0, number=1), "propose"
    yield view(made, tabled, "legal", seed=0, number=1), "answer"
    yield view(made, again[:-1], PM, seed=0, number=2), "propose"
    yield view(made, again, "legal", seed=0, number=2), "answer"
    yield view(made, again[:-1], PM, seed=0, number=1), "sign"


def repair(view: View, fault: str, how: Controls = _AS_USUAL) -> str:
    return _said(view.scenario.language, how, "repair", fault)


def briefing(view: View, style: StyleName | None = None, how: Controls = _AS_USUAL) -> str:
    """The same bytes in every round: only what this seat knew before anyone spoke."""
    arrived, before = {fact.id for fact, _ in facts(view)}, _before(view)
    known = tuple(
        fact for fact in before.evidence
        if (view.role in fact.held_by or fact.id not in arrived) and fact.takes is None
    )  # fmt: skip
    studies = tuple(fact for fact in before.evidence if fact.takes is not None)
    brief = _Brief(before, view.role, known, studies, view.extras, style, how.scratchpad)
    told = _said(view.scenario.language, how, "briefing", brief)
    if drive := how.incentive(view.role):
        told += "\n\n" + _said(view.scenario.language, how, "incentive", drive, drive in DRIVES)
    return told


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


def _table(view: View, verb: Verb, how: Controls) -> str:
    bound, text = table_bound(view.scenario), ""
    for quote in _QUOTES:
        told = digest(view, verb, quote, how.aids)
        parts = (("digest", told), ("task", verb, told))
        text = "\n\n".join(_said(view.scenario.language, how, *part) for part in parts)
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
    scratchpad: bool = False

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
    def grounds(self) -> dict[Ground, str]:
        """What to ask on each ground of a challenge."""
        return DOUBTS[self.scenario.language]

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
    def best(self) -> Decimal:
        """The most that any package it knows of is worth to it."""
        if not self.me.bonuses and not self.scenario.bound_options:
            return sum((max(row.values()) for row in self.me.points.values()), Decimal(0))
        space = OutcomeSpace(self.scenario)
        return space.unscaled(int(space.worth(self.me)[space.existing].max()))

    @property
    def lost_by_waiting(self) -> int:
        """How many percent of what a deal gives above the walk-away each round takes."""
        return round(100 * (1 - self.me.discount))

    @property
    def checkpoints(self) -> list[tuple[str, tuple[Criterion, ...]]]:
        return [(name, getattr(self.scenario.checkpoints, name)) for name in CHECKPOINTS]

    @property
    def takes(self) -> dict[str, list[str]]:
        """Criterion -> its rules as arithmetic."""
        return takes(self.scenario)

    @property
    def unbounded(self) -> list[str]:
        return unbounded(self.scenario)


def _said(language: Language, how: Controls, macro: str, *told: Any) -> str:
    macros: Macro = getattr(_variant(how.variant), macro, None) or getattr(_template(language), macro)
    return str(macros(*told)).strip()


@lru_cache
def _template(language: Language) -> Any:
    return _environment().get_template(f"{language}.jinja").module


@lru_cache
def _variant(text: str) -> Any:
    """A template that came with a study: it can say what it likes, and reach nothing else."""
    return _environment().from_string(text).module if text else None


@lru_cache
def _environment() -> SandboxedEnvironment:
    from jinja2 import PackageLoader, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    environment = SandboxedEnvironment(
        loader=PackageLoader("aipm_agents.seats.model", "prompts"),
        undefined=StrictUndefined,
        finalize=_quoted,
    )
    environment.globals |= {
        "bearing": bearing,
        "choices": choices,
        "beside": beside,
        "answer": answer,
        "changed": changed,
    }
    environment.filters["zh"] = chinese
    return environment


def _quoted(value: Any) -> Any:
    """Whatever is filled in is data: it can close no tag and open none."""
    if isinstance(value, str):
        return value.replace("<", "‹").replace(">", "›")
    return value
