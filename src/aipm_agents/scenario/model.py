"""What is decided: the scenario, as frozen and strict Pydantic models.

The line under a field is its documentation, the editor's hint (JSON Schema) and, for a model
at the table, part of its instructions; so each is one sentence to a colleague.
"""

from __future__ import annotations

import hashlib
import json
import re
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field

from aipm_agents.roles import BUILT_IN, Language, Role, RoleCard
from aipm_agents.scenario.criteria import CHECKPOINTS, CheckpointName, Checkpoints, Criterion, Orientation
from aipm_agents.scenario.evidence import Evidence
from aipm_agents.scenario.measures import Available, Effect, Metric, Setting
from aipm_agents.scenario.party import Party
from aipm_agents.scenario.values import (
    AnyOf,
    Frozen,
    Id,
    Ids,
    One,
    Text,
    Texts,
    Word,
)

Extra = Literal["challenges", "inventions", "studies", "terms"]
Stage = Literal["concept", "build", "launch", "operate"]
Paradigm = Literal["symbolic", "statistical", "neuro_symbolic"]
Package = dict[Id, Id]
"""Issue -> option, one for each issue of the scenario."""


class Option(Frozen):
    id: Id
    label: Text
    """A short noun phrase, as someone would say it: "one region", not "Regional rollout (5 %)"."""
    effects: dict[Id, Effect] = {}
    """Metric -> what this option adds to it; beside certain other choices only, where it says `when`."""
    held_by: Ids = ()
    """The only roles that know it. It exists for the table once one of them brings it."""
    aloud: Text | None = None
    """How its holder would say it when bringing it."""
    available: Available | Literal["never"] | None = None
    """Beside which other choices it is to be had; a package with it and without these does not exist. `never`: not
    before news says otherwise."""
    paradigm: Paradigm | None = None
    """On an issue of the technical path: by rules, by learning from data, or by both."""

    def adds(self, metric: Id) -> Decimal:
        """What it adds to a metric whatever else is chosen."""
        return sum((each.add for each in self.effects.get(metric, ()) if each.when is None), Decimal(0))

    def adds_beside(self, metric: Id) -> tuple[tuple[Decimal, AnyOf], ...]:
        """What it adds beside certain other choices, with these."""
        return tuple((each.add, each.when) for each in self.effects.get(metric, ()) if each.when is not None)


class Issue(Frozen):
    id: Id
    question: Text
    """What has to be settled, as a question a person would ask."""
    options: Annotated[tuple[Option, ...], Field(strict=False, min_length=1)]
    technical_path: bool = False
    """True where the issue is the choice of technology, so that the debrief can ask about it."""


class Inject(Frozen):
    before_round: Annotated[int, Field(ge=1, le=50)]
    headline: Text
    from_: Text = Field(alias="from")
    """The person or paper it comes from."""
    evidence: Annotated[tuple[Evidence, ...], Field(strict=False)] = ()
    changes: dict[Text, Setting] = {}
    """Figures that are others from its round on: the path of each, as `--set` takes it, and what it is then."""
    to: Ids = ()
    """The only roles that hear of it; it then changes points and walk-aways of theirs, and nothing else."""


class Agreement(Frozen):
    accept_at_least: Annotated[int, Field(ge=1, le=12)]
    """How many of the table, the PM included, must say yes."""
    veto: Ids = ()
    """Roles without whose yes there is no deal."""


class Affected(Frozen):
    who: Text
    stake: Text


class Success(Frozen):
    metric: Text
    from_: Text | None = Field(default=None, alias="from")
    to: Text
    by: Text | None = None
    guardrail: Text | None = None


class Teaching(Frozen):
    objectives: Texts = ()
    debrief: Texts = ()
    teaches: Text | None = None
    """What a class learns here, in one line of an index."""
    good_questions: Texts = ()
    """For each trap, a question that would have found it from the public page alone."""
    minutes: Annotated[int, Field(ge=1, le=600)] | None = None


class Scenario(Frozen):
    """A decision an AI product team has to take, and what each role brings to it."""

    format: One
    id: Id
    title: Text
    language: Language = "en"
    """The language its texts are in; the embedded voices speak it."""
    question: Text
    background: Text | None = None
    """What every seat knows."""
    purpose: Text | None = None
    """Whom it serves and why."""
    affected: Annotated[tuple[Affected, ...], Field(strict=False)] = ()
    """Those who are not in the room."""
    success: Success | None = None
    stage: Stage | None = None
    """Where in the life of the product the decision stands."""
    orientations: Annotated[tuple[Orientation, ...], Field(strict=False)] = ()
    """What the case turns on most: knowledge, data, or ethics and how people are dealt with."""
    portfolio: bool = False
    """True where several products compete for one team: the level of a director or a head of product."""
    follows: Id | None = None
    """The scenario whose follow-ups this one opens with."""
    issues: Annotated[tuple[Issue, ...], Field(strict=False, min_length=1)]
    metrics: Annotated[tuple[Metric, ...], Field(strict=False)] = ()
    evidence: Annotated[tuple[Evidence, ...], Field(strict=False)] = ()
    parties: Annotated[dict[Id, Party], Field(min_length=2, max_length=12)]
    uses: Annotated[tuple[Word, ...], Field(strict=False)] = ()
    """Packs of criteria to pull in: a whole one (`eu`) or one criterion of it (`eu/risk-class`)."""
    checkpoints: Checkpoints = Checkpoints.model_construct()
    injects: Annotated[tuple[Inject, ...], Field(strict=False)] = ()
    opening_package: Package | None = None
    """The package the meeting begins with: in round 1 the PM puts this one on the table and no other."""
    agreement: Agreement
    otherwise: Text | None = None
    """What happens when there is no deal, as everybody knows it: one to three sentences."""
    rounds: Annotated[int, Field(ge=1, le=50)] = 8
    teaching: Teaching | None = None

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        """By their digests, each worked out once: what is kept of a scenario is looked up many times a turn."""
        return self is other or (isinstance(other, Scenario) and self.digest == other.digest)

    @cached_property
    def colleagues(self) -> tuple[Role, ...]:
        """Every role but the PM, in the order of the file: the order of events in a phase."""
        return tuple(role for role in self.parties if role != "pm")

    def card(self, role: Role) -> RoleCard:
        """How a role is called and what it looks after, in the scenario's language."""
        party = self.parties[role]
        built_in = BUILT_IN[self.language].get(role)
        if built_in is None or party.title:
            title = party.title or role
            short = party.short or title
            return RoleCard(title, short, short, party.duty or (built_in.duty if built_in else ""))
        return built_in._replace(duty=party.duty or built_in.duty)

    def who(self, role: Role) -> str:
        """Who sits in a seat, to people: by name and by title, where the person has a name."""
        name, title = self.parties[role].name, self.card(role).title
        if not name:
            return title
        return f"{title}{name}" if self.language == "zh-Hant" else f"{name}, {title}"

    def address(self, role: Role) -> str:
        """How colleagues address whoever sits there: by the given name, where nobody else at the table has it, by the
        whole name where it is not plain which part that is, else by what the role is called."""
        name = self.parties[role].name
        if not name:
            return self.card(role).called
        given = {each: _given(party.name) for each, party in self.parties.items() if party.name}
        alone = sum(other == given[role] for other in given.values()) == 1
        return given[role] if alone else name

    @cached_property
    def criteria(self) -> dict[Id, tuple[CheckpointName, Criterion]]:
        """Criterion id -> its checkpoint and itself, in the order the PM asks them."""
        return {
            criterion.id: (name, criterion)
            for name in CHECKPOINTS
            for criterion in getattr(self.checkpoints, name)
        }

    @cached_property
    def held_options(self) -> dict[tuple[Id, Id], Ids]:
        """Options, as (issue, option), that the table does not know of, with who does."""
        return {(i.id, o.id): o.held_by for i in self.issues for o in i.options if o.held_by}

    @cached_property
    def bound_options(self) -> dict[tuple[Id, Id], AnyOf]:
        """Options, as (issue, option), that are to be had only beside certain other choices, with these; with none, where
        it is not to be had at all."""
        return {
            (i.id, o.id): () if isinstance(o.available, str) else o.available.when
            for i in self.issues for o in i.options if o.available
        }  # fmt: skip

    @cached_property
    def extras(self) -> frozenset[Extra]:
        """Which of the four things beyond the plain meeting there are here: a rule of the game, known to all."""
        extras: set[Extra] = set()
        if any(fact.limits for fact in self.facts.values()):
            extras.add("challenges")
        if self.held_options:
            extras.add("inventions")
        if any(fact.takes for fact in self.evidence):
            extras.add("studies")
        if any(party.terms for party in self.parties.values()):
            extras.add("terms")
        return frozenset(extras)

    @cached_property
    def facts(self) -> dict[Id, Evidence]:
        """Every piece of evidence, those of the injects included."""
        arriving = (evidence for inject in self.injects for evidence in inject.evidence)
        return {evidence.id: evidence for evidence in (*self.evidence, *arriving)}

    @cached_property
    def undermining(self) -> dict[Id, tuple[Evidence, ...]]:
        """Criterion id -> the evidence that speaks against it."""
        against: dict[Id, list[Evidence]] = {}
        for fact in self.facts.values():
            for name in fact.undermines:
                against.setdefault(name, []).append(fact)
        return {name: tuple(facts) for name, facts in against.items()}

    @cached_property
    def issue(self) -> dict[Id, Issue]:
        return {issue.id: issue for issue in self.issues}

    @cached_property
    def option(self) -> dict[tuple[Id, Id], Option]:
        return {(issue.id, option.id): option for issue in self.issues for option in issue.options}

    @cached_property
    def metric(self) -> dict[Id, Metric]:
        return {metric.id: metric for metric in self.metrics}

    def label(self, issue: Id, option: Id) -> str:
        return self.option[issue, option].label

    def plain(self) -> dict[str, Any]:
        """The scenario as plain data, defaults left out: what a transcript keeps."""
        return self.model_dump(mode="json", exclude_defaults=True)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of its content and of the order of its roles, which is the order of events in a phase."""
        text = json.dumps([self.plain(), list(self.parties)], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def _given(name: str) -> str:
    """The given name: the first of two or three words, or what follows a Chinese surname of one character."""
    words = name.split()
    if len(words) in (2, 3) and words[0].rstrip(".").lower() not in _TITLES:
        return words[0]
    return name[1:] if re.fullmatch(r"[\u4e00-\u9fff]{3}", name) else name


_TITLES = {"dr", "mr", "mrs", "ms", "prof", "professor", "sir", "the", "team"}
"""Words a name may begin with that are nobody's given name."""
