"""Facts: what they say, what they show, what is wrong with them, and those that do not exist yet."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from aipm_agents.scenario.lenses import Ground, Lens
from aipm_agents.scenario.values import AnyOf, Frozen, Id, Ids, Text

Analysis = Literal["descriptive", "diagnostic", "predictive"]


class Limit(Frozen):
    """What is wrong with a fact on one ground. It counts once somebody challenges the fact on that ground."""

    ground: Ground
    says: Text
    """What is wrong, as one would say it once it is out."""
    answered_by: Ids = ()
    """Other facts, any of which answers it once it is on the table."""
    unless: AnyOf | None = None
    """Or the choices that answer it; every issue named must hold, of a list any entry."""


class KnownStudy(Frozen):
    """What everybody knows of evidence that does not exist yet."""

    asks: Text
    """What would be found out, as a question."""
    about: Annotated[Ids, Field(min_length=1)]
    """The criteria it is meant to settle, however it comes out."""


class Evidence(Frozen):
    id: Id
    says: Text
    """The fact, with its figures."""
    plainly: Text | None = None
    """What it means to someone outside the field; the PM uses it."""
    aloud: Text | None = None
    """How its holder would say it when putting it on the table."""
    source: Text | None = None
    voice: Literal["user"] | None = None
    """`user`: somebody whom it concerns says it; the PM reads it aloud. Weak as proof, strong as meaning."""
    analysis: Analysis | None = None
    """What kind of figure it is: how many, why, or what next. A debrief tells which kind nobody asked for, and
    embedded colleagues doubt only figures on a guess."""
    lens: Lens | None = None
    """The lens it is a lesson for; `gestalt` marks the demo that convinces and proves nothing. Never told
    at the table."""
    held_by: Ids = ()
    """The only roles that know it. Absent: on the table from the start."""
    supports: Ids = ()
    """Criteria this fact shows to be met."""
    when: AnyOf | None = None
    """The choices beside which it shows that; for any other package it shows nothing."""
    undermines: Ids = ()
    """Criteria this fact shows to fail, unless the package answers it."""
    unless: AnyOf | None = None
    """The choices that answer an undermining fact; every issue named must hold, of a list any entry."""
    limits: Annotated[tuple[Limit, ...], Field(strict=False)] = ()
    """What is wrong with it, by ground; its holders know, everybody else learns by challenging it."""
    takes: Annotated[int, Field(ge=1, le=50)] | None = None
    """The rounds it takes from the PM asking for it to its arrival; nobody knows it before."""
    study: KnownStudy | None = None
    """With `takes`: what everybody knows can be found out."""

    def limit(self, ground: Ground) -> Limit | None:
        return next((each for each in self.limits if each.ground == ground), None)

    @property
    def known_at_start(self) -> bool:
        """Whether it lies on the table before anyone speaks."""
        return not self.held_by and self.takes is None
