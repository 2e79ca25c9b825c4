"""The four checkpoints and what is asked at each, as frozen and strict Pydantic models."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from aipm_agents.roles import Role
from aipm_agents.scenario.lenses import Lens
from aipm_agents.scenario.measures import Rule
from aipm_agents.scenario.values import Day, Frozen, Id, Text, one_or_many

CheckpointName = Literal["desire", "feasible", "viable", "alignment"]
CHECKPOINTS: tuple[CheckpointName, ...] = ("desire", "feasible", "viable", "alignment")

Caution = Literal["technology_driven", "privacy", "decay", "ethics", "explainability"]
Orientation = Literal["knowledge", "data", "ethics"]


class Criterion(Frozen):
    id: Id
    asks: Text
    """A question a person would ask at the table, twelve words at most."""
    owner: Role
    """Who is asked by name while it is not shown."""
    evidence: Literal["required"] | None = None
    rule: Annotated[tuple[Rule, ...], BeforeValidator(one_or_many), Field(strict=False)] = ()
    """What the package itself must satisfy; a list must hold entirely."""
    blocking: bool = True
    """False: unmet, it becomes a follow-up with its owner and does not stop the deal."""
    lens: Lens | None = None
    caution: Caution | None = None
    orientation: Orientation | None = None
    """What it is settled with: what is known, what was measured, or what is owed to people."""
    source: Text | None = None
    """Where the question comes from, short enough to quote."""
    satisfied_by: Text | None = None
    """What would show it, as a thing somebody can bring."""
    as_of: Day | None = None
    """Of a question of law: the day the law was last looked up. For teaching, not legal advice."""
    pack: Id | None = None
    """The pack it comes from. The reader writes this where `uses` pulls a criterion in."""

    @property
    def left_open(self) -> bool:
        """Whether it is a question of a pack that stops nothing and that needs evidence: asked for the record."""
        return self.pack is not None and not self.blocking and self.evidence is not None


Criteria = Annotated[tuple[Criterion, ...], Field(strict=False)]


class Checkpoints(Frozen):
    desire: Criteria = ()
    feasible: Criteria = ()
    viable: Criteria = ()
    alignment: Criteria = ()
