"""Who sits at the table: what a role wants in public, what it knows and needs in private, how it bargains."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema, model_validator

from aipm_agents.roles import Voice
from aipm_agents.scenario import ranked
from aipm_agents.scenario.values import AnyOf, Frozen, Id, Number, Share, Text, Texts, Word

Concession = Literal["boulware", "linear", "conceder"]


class RedLine(Frozen):
    when: AnyOf
    because: Text


class Bonus(Frozen):
    """What choices are worth together, beside what each of them is worth alone."""

    when: AnyOf
    points: Number
    """Below 0 where they are worth less together."""


class Temperament(Frozen):
    concession: Concession = "linear"
    candour: Share = Decimal("0.6")
    """How readily the embedded negotiator tells what it knows: 0 never unasked, 1 at once."""


_NUMBERS: dict[str, object] = {"type": "object", "additionalProperties": {"type": "number"}}
_ORDER: dict[str, object] = {
    "type": "object", "required": ["order"], "additionalProperties": False,
    "properties": {
        "weight": {"type": "number"}, "rank": {"type": "integer"},
        "order": {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}},
    },
}  # fmt: skip
_POINTS_SCHEMA: dict[str, object] = {"type": "object", "additionalProperties": {"anyOf": [_NUMBERS, _ORDER]}}


class Party(Frozen):
    name: Text | None = None
    """What the person in this seat is called, an invented name. A program never reads it: the role is who they are."""
    title: Text | None = None
    """Only for a role that is not one of the built-in five."""
    short: Text | None = None
    duty: Text | None = None
    """What it looks after, as a sentence: "What a shift can carry, and what happens at the bedside."."""
    sounds_like: Voice | None = None
    """In whose manner the embedded negotiator speaks for a role that is not one of the five."""
    wants: Text
    """The public position, as this role says it when the meeting opens: "Fewer empty chairs on a Monday."."""
    private: Text | None = None
    """The confidential briefing: only this seat ever sees it."""
    points: Annotated[dict[Id, dict[Id, Number]], WithJsonSchema(_POINTS_SCHEMA)]
    """Issue -> option -> points; the best package adds up to 100. Or issue -> its `weight` (or `rank`, 1 the most
    important) and the `order` of its options, the best first; options in one place stand in a list of their own."""
    ordered: bool = False
    """Whether the points were reckoned from an order. The reader writes this."""
    walk_away: Number
    """Below it, no deal is better."""
    otherwise: Text | None = None
    """What it means to this seat when there is no deal, beside what everybody knows of that; only it is told."""
    bonuses: Annotated[tuple[Bonus, ...], Field(strict=False)] = ()
    """Points that a package brings beside those of its options, where it makes certain choices together."""
    discount: Annotated[Share, Field(gt=0)] = Decimal(1)
    """What is left each round of what a deal gives above the walk-away: at 0.9, a tenth is lost by every round of
    talk after the first."""
    red_lines: Annotated[tuple[RedLine, ...], Field(strict=False)] = ()
    temperament: Temperament = Temperament.model_construct()
    argues: dict[Id, Texts] = {}
    """Issue -> sentences this role would say for what it wants there; the embedded voice uses each once."""
    terms: dict[Word, Text] = {}
    """A word the table uses -> what this role means by it; said when somebody asks."""

    @model_validator(mode="before")
    @classmethod
    def _from_an_order(cls, data: Any) -> Any:
        if isinstance(data, dict) and ranked.written(data.get("points")):
            return {**data, "points": ranked.reckoned(data["points"]), "ordered": True}
        return data
