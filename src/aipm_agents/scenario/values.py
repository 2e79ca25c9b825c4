"""What the fields of a scenario are made of: ids, texts, exact numbers, choices; and the frozen model."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

from aipm_agents.language import tr

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""What a terminal would obey, and half characters; a tab and a new line are welcome."""


def printable(text: str) -> str:
    if found := _CONTROL.search(text):
        code = f"U+{ord(found.group()):04X}"
        raise ValueError(tr("holds a control character ({code}); take it out", code=code))
    return text


def exact(value: object) -> object:
    """A number as a decimal; one of Python's as the shortest text that means it, so that 0.1 is a tenth."""
    if isinstance(value, float):
        return Decimal(repr(float(value)))
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _plain_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _not_bool(value: object) -> object:
    if isinstance(value, bool):  # for Python, true is 1
        raise ValueError(tr("is a version; write 1"))
    return value


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError("is no day; write it as 2026-11-25") from None


def one_or_many(value: object) -> object:
    return (value,) if isinstance(value, str | dict) else value


Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]
Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=4000),
    AfterValidator(printable),
]
Word = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[^\n\t]*$"),
    AfterValidator(printable),
]
"""A word as it is said, in any language."""
Unit = Annotated[str, AfterValidator(printable)]
"""What a figure is counted in; nothing where it is a mere number."""
Day = Annotated[str, AfterValidator(_day)]
"""A day as ISO 8601 writes it."""
Number = Annotated[
    Decimal,
    BeforeValidator(exact),
    Field(max_digits=15, decimal_places=6),
    PlainSerializer(_plain_number, return_type=int | float),
    WithJsonSchema({"type": "number"}),
]
"""An exact decimal, six places at most and nine digits before them: so any sum of a file of the largest
size fits a scaled 64-bit integer, and a number is the same after a way through JSON."""


def places(number: Decimal) -> int:
    """How many decimal places a number has."""
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


One = Annotated[Literal[1], BeforeValidator(_not_bool)]
"""The version of a format."""
Share = Annotated[
    Decimal,
    BeforeValidator(exact),
    Field(ge=0, le=1, max_digits=7, decimal_places=6),
    PlainSerializer(_plain_number, return_type=int | float),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1}),
]
Ids = Annotated[tuple[Id, ...], Field(strict=False)]
Texts = Annotated[tuple[Text, ...], Field(strict=False)]
OneOrManyIds = Annotated[
    tuple[Id, ...],
    BeforeValidator(one_or_many),
    Field(strict=False, min_length=1),
    WithJsonSchema(
        {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
    ),
]
Choices = Annotated[dict[Id, OneOrManyIds], Field(min_length=1)]
"""Issue -> the option, or any of the options, it must take; every issue named must hold."""


def _alone(cases: tuple[object, ...]) -> object:
    """One set of choices stands without a list, as it is mostly written."""
    return cases[0] if len(cases) == 1 else cases


CHOICES_SCHEMA: dict[str, object] = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": {
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
    },
}
AnyOf = Annotated[
    tuple[Choices, ...],
    BeforeValidator(one_or_many),
    Field(strict=False, min_length=1),
    PlainSerializer(_alone),
    WithJsonSchema({"anyOf": [CHOICES_SCHEMA, {"type": "array", "minItems": 1, "items": CHOICES_SCHEMA}]}),
]
"""Choices that a package makes, or a list of such, any of which will do."""


class Frozen(BaseModel):
    """Strict, immutable, and deaf to keys it does not know. Its validator is built when it is first wanted: so a default
    that is a model is made by `model_construct`, or each start would build a validator for it."""

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", defer_build=True, populate_by_name=True, serialize_by_alias=True,
    )  # fmt: skip

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy that is changed forgets what was worked out from the original (`cached_property`)."""
        copied = super().model_copy(update=update, deep=deep)
        if update:
            for name in copied.__dict__.keys() - type(self).model_fields.keys():
                del copied.__dict__[name]
        return copied
