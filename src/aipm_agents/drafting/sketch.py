"""A sketch of a scenario: what a model fills in, or what comes of a conversation. Small, flat, and without arithmetic.

Options are named by two numbers, `1.2` for the second option of the first issue; points come from ranks.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import Field, StringConstraints, model_validator

from aipm_agents.language import tr
from aipm_agents.roles import Voice
from aipm_agents.scenario import ranked
from aipm_agents.scenario.criteria import CHECKPOINTS, CheckpointName
from aipm_agents.scenario.packs import packs
from aipm_agents.scenario.values import Frozen, Number, Text

PACK = "dfv-core"
"""Whose questions a draft asks."""
ROLES = ("pm", "engineer", "data_scientist", "legal", "marketing", "other")
Place = Annotated[str, StringConstraints(pattern=r"^[1-9]\.[1-9]$")]
"""An option, as `issue.option`."""
MOST_TITLE, MOST_DUTY, MOST_UNIT = 60, 200, 20
"""Letters: what a role is called, what it looks after, and what a figure is counted in."""
Quote = Annotated[str, StringConstraints(max_length=1000)]


class Sourced(Frozen):
    """A sentence, and what of the brief it rests on, word for word; empty where it is made up."""

    text: Text
    quote: Quote = ""


class IssueSketch(Frozen):
    question: Sourced
    technical: bool = False
    options: Annotated[tuple[Sourced, ...], Field(strict=False, min_length=2, max_length=5)]


class SeatSketch(Frozen):
    role: Literal["pm", "engineer", "data_scientist", "legal", "marketing", "other"]
    title: Annotated[str, StringConstraints(max_length=MOST_TITLE)] = ""
    """Of an `other`."""
    duty: Annotated[str, StringConstraints(max_length=MOST_DUTY)] = ""
    sounds_like: Voice | Literal[""] = ""
    wants: Sourced
    private: Sourced
    """What it knows or fears and would not say first."""
    order: Annotated[tuple[int, ...], Field(strict=False)]
    """The issues by their numbers, what matters most to it first."""
    ranks: Annotated[tuple[Annotated[tuple[int, ...], Field(strict=False)], ...], Field(strict=False)]
    """For each issue its options by their numbers, the one it likes best first."""
    because: Text
    argues: Sourced | None = None
    """What it would say for what it likes best of the issue that matters most to it. Only ever asked of a person."""


class Fact(Frozen):
    says: Sourced
    source: Quote = ""
    """Where it is from, as the brief has it; what does not stand there is never written."""
    holder: Annotated[int, Field(ge=0, le=9)]
    """The number of the seat that knows it; 0: everybody does."""
    shows: Annotated[tuple[str, ...], Field(strict=False, max_length=3)] = ()
    against: Annotated[tuple[str, ...], Field(strict=False, max_length=2)] = ()
    answered_by: Annotated[tuple[Place, ...], Field(strict=False, max_length=4)] = ()
    """Any of these options answers what it says against a question."""


class Adds(Frozen):
    option: Place
    add: Number


class Figure(Frozen):
    """A figure with a bound."""

    label: Sourced
    unit: Annotated[str, StringConstraints(max_length=MOST_UNIT)] = ""
    checkpoint: CheckpointName
    asks: Text
    owner: Annotated[int, Field(ge=1, le=9)]
    bound: Literal["at_most", "at_least"]
    limit: Number
    adds: Annotated[tuple[Adds, ...], Field(strict=False, min_length=1, max_length=25)]
    """Of the options that move it, all there are at most."""


class AskedFigure(Figure):
    """A figure that somebody was asked for, number by number: the lines of the answers. No model can fill one in."""

    limit_at: int
    adds_at: dict[Place, int]


class Outside(Frozen):
    """Somebody who feels the decision and does not sit at the table."""

    who: Sourced
    stake: Sourced


class Sketch(Frozen):
    title: Sourced
    question: Sourced
    purpose: Sourced
    background: Sourced
    otherwise: Sourced | None = None
    """What happens without a deal."""
    issues: Annotated[tuple[IssueSketch, ...], Field(strict=False, min_length=1, max_length=5)]
    seats: Annotated[tuple[SeatSketch, ...], Field(strict=False, min_length=2, max_length=7)]
    facts: Annotated[tuple[Fact, ...], Field(strict=False, min_length=1, max_length=12)]
    figures: Annotated[tuple[Figure, ...], Field(strict=False, max_length=3)] = ()
    affected: Annotated[tuple[Outside, ...], Field(strict=False, max_length=3)] = ()

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Sketch:
        """Numbers name what is there."""
        sizes = [len(issue.options) for issue in self.issues]
        for seat in self.seats:
            if sorted(seat.order) != list(range(1, len(sizes) + 1)):
                raise ValueError(tr("order: name each of the {n} issues once, by its number", n=len(sizes)))
            if [sorted(row) for row in seat.ranks] != [list(range(1, size + 1)) for size in sizes]:
                raise ValueError(
                    tr("ranks: for each issue name each option once, by its number: {sizes}", sizes=sizes)
                )
            if seat.role == "other" and not (seat.title and seat.duty):
                raise ValueError(tr("a seat of another role needs a title and a duty"))
        roles: list[str] = [seat.role for seat in self.seats]
        if roles.count("pm") != 1 or any(roles.count(each) > 1 for each in ROLES[:-1]):
            raise ValueError(tr("there is one pm, and no role but `other` stands twice"))
        places = [place for fact in self.facts for place in fact.answered_by]
        places += [each.option for figure in self.figures for each in figure.adds]
        for place in places:
            issue, option = map(int, place.split("."))
            if issue > len(sizes) or option > sizes[issue - 1]:
                raise ValueError(tr("there is no option {place}", place=place))
        if any(
            n > len(self.seats) for n in (*(f.holder for f in self.facts), *(f.owner for f in self.figures))
        ):
            raise ValueError(tr("there are only {n} seats", n=len(self.seats)))
        known = packs()[PACK].items
        for name in (name for fact in self.facts for name in (*fact.shows, *fact.against)):
            if name not in known:
                raise ValueError(tr("there is no question {name!r}", name=name))
        return self


def schema() -> dict[str, Any]:
    """The form as a closed JSON Schema, in the order in which a model should think of it."""
    said = _closed(text={"type": "string"}, quote={"type": "string"})
    number, names = {"type": "integer"}, {"type": "string", "enum": sorted(packs()[PACK].items)}
    place = {"type": "string", "pattern": "^[1-9]\\.[1-9]$"}
    return _closed(
        title=said, question=said, purpose=said, background=said, otherwise=said,
        issues=_list(_closed(question=said, technical={"type": "boolean"}, options=_list(said, 2, 5)), 2, 5),
        seats=_list(_closed(
            role={"type": "string", "enum": list(ROLES)}, title={"type": "string"}, duty={"type": "string"},
            sounds_like={"type": "string", "enum": ["", *get_args(Voice)]}, wants=said, private=said, order=_list(number, 1, 5), ranks=_list(_list(number, 2, 5), 1, 5), because={"type": "string"},
        ), 3, 7),
        facts=_list(_closed(
            says=said, source={"type": "string"}, holder=number, shows=_list(names, 0, 3), against=_list(names, 0, 2), answered_by=_list(place, 0, 4),
        ), 2, 12),
        figures=_list(_closed(
            label=said, unit={"type": "string"}, checkpoint={"type": "string", "enum": list(CHECKPOINTS)},
            asks={"type": "string"}, owner=number, bound={"type": "string", "enum": ["at_most", "at_least"]},
            limit={"type": "number"}, adds=_list(_closed(option=place, add={"type": "number"}), 1, 25),
        ), 0, 3),
        affected=_list(_closed(who=said, stake=said), 0, 3),
    )  # fmt: skip


def _closed(**fields: Any) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _list(items: dict[str, Any], least: int, most: int) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": least, "maxItems": most}


def points(seat: SeatSketch) -> list[list[int]]:
    """By issue and option, from ranks, as `scenario.ranked` reckons them. The best package has 100."""
    weight = dict(zip(seat.order, ranked.to_a_hundred(ranked.centroids(len(seat.order))), strict=True))
    return [
        ranked.row(weight[issue], [liked.index(option) for option in range(1, len(liked) + 1)])
        for issue, liked in enumerate(seat.ranks, start=1)
    ]
