"""What a package measures: metrics, what options add to them, and rules that bound them or ask for choices."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import (
    Discriminator,
    Field,
    PlainSerializer,
    Tag,
    TypeAdapter,
    WithJsonSchema,
    WrapValidator,
    model_validator,
)

from aipm_agents.language import tr
from aipm_agents.scenario.values import CHOICES_SCHEMA, AnyOf, Frozen, Id, Ids, Number, Text, Unit

if TYPE_CHECKING:
    from collections.abc import Callable


class Added(Frozen):
    """What an option adds to a metric: always, or beside certain other choices."""

    add: Number
    when: AnyOf | None = None


@cache
def _numbers() -> TypeAdapter[Decimal]:
    return TypeAdapter(Number)


def _added(value: object, taken: Callable[[object], tuple[Added, ...]]) -> tuple[Added, ...]:
    """A number adds always."""
    if isinstance(value, list | tuple):
        return taken(value)
    return (Added(add=_numbers().validate_python(value, strict=True)),)


def _as_written(parts: tuple[Added, ...]) -> Any:
    if len(parts) == 1 and parts[0].when is None:
        return parts[0].model_dump(mode="json")["add"]
    return [each.model_dump(mode="json", exclude_defaults=True) for each in parts]


Effect = Annotated[
    tuple[Added, ...],
    WrapValidator(_added),
    Field(strict=False, min_length=1),
    PlainSerializer(_as_written),
    WithJsonSchema({
        "anyOf": [{"type": "number"}, {"type": "array", "minItems": 1, "items": {
            "type": "object", "required": ["add"], "additionalProperties": False,
            "properties": {"add": {"type": "number"}, "when": {"anyOf": [
                CHOICES_SCHEMA, {"type": "array", "minItems": 1, "items": CHOICES_SCHEMA}]}},
        }}],
    }),
]  # fmt: skip
"""A number; or numbers, each with the choices beside which it is added: `[{add: 3}, {add: 2, when: {review: all}}]`."""


class Available(Frozen):
    """Beside which other choices there is an option at all."""

    when: AnyOf


def _kind(setting: object) -> str:
    match setting:
        case str():
            return "word"
        case dict() | Available():
            return "beside"
        case list() | tuple():
            return "parts"
    return "number"


Setting = Annotated[
    Annotated[Number, Tag("number")]
    | Annotated[Literal["always", "never"], Tag("word")]
    | Annotated[Available, Tag("beside")]
    | Annotated[tuple[Added, ...], Field(strict=False, min_length=1), Tag("parts")],
    Discriminator(_kind),
]
"""What news sets a figure to: a number; what an option adds, in parts; whether or beside what it is to be had."""


class FigureChange(Frozen):
    """A figure that news set otherwise."""

    key: Text
    was: Setting
    now: Setting


class Metric(Frozen):
    id: Id
    label: Text
    unit: Unit = ""
    base: Number = Decimal(0)
    """Its value before any option adds to it."""
    of: Ids = ()
    """The metrics it is made of, instead of a base and effects: visitors and price make revenue."""
    how: Literal["product", "sum"] = "product"
    """How it is made of them."""

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if self.of and self.base:
            raise ValueError(tr("is made `of` others and has no `base` of its own"))
        if len(self.of) == 1:
            raise ValueError(tr("is made `of` two metrics at least"))
        return self


class Rule(Frozen):
    """Either a bound on a metric or a set of choices."""

    metric: Id | None = None
    at_most: Number | None = None
    at_least: Number | None = None
    choose: AnyOf | None = None

    @model_validator(mode="after")
    def _one_shape(self) -> Self:
        bounds = [bound for bound in (self.at_most, self.at_least) if bound is not None]
        if self.choose is not None and (self.metric or bounds):
            raise ValueError(tr("is either `metric` with a bound or `choose`, not both"))
        if self.choose is None and (self.metric is None or len(bounds) != 1):
            raise ValueError(tr("needs `metric` with one of `at_most` or `at_least`, or `choose`"))
        return self
