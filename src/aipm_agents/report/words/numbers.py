"""Figures as people read them: shares, gains and losses, a value with its unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import tr

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal


def percent(share: float) -> str:
    """0.36 -> `36 %`, as the language spoken writes it."""
    return tr("{number} %", number=f"{100 * share:.0f}")


def measured(number: object, unit: str) -> str:
    """A figure with its unit, if it has one."""
    return tr("{number} %", number=figure(number)) if unit == "%" else f"{figure(number)} {unit}".strip()


def either(counts: Iterable[int]) -> str:
    """`1 or 4`; Chinese sets a figure off from its words by a space."""
    return f" {tr(' or ').strip()} ".join(map(str, counts))


def signed(number: Decimal) -> str:
    """A gain or a loss, with its sign."""
    return f"{'+' if number > 0 else ''}{figure(number)}"


def figure(number: object) -> str:
    return f"{number:,f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:,}"
