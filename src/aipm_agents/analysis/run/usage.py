"""What the models of a run used, read off its record; and what that costs, where somebody says the price."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.table.events import Seated

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aipm_agents.roles import Role
    from aipm_agents.table.events import Event


class Used(NamedTuple):
    calls: int = 0
    prompt: int = 0
    cached: int = 0
    """Of the prompt tokens."""
    completion: int = 0
    seconds: float = 0.0

    def plus(self, other: Used) -> Used:
        return Used(
            self.calls + other.calls, self.prompt + other.prompt, self.cached + other.cached,
            self.completion + other.completion, self.seconds + other.seconds,
        )  # fmt: skip


class Price(NamedTuple):
    """Per million tokens, in whatever currency it was given."""

    prompt: Decimal
    cached: Decimal
    completion: Decimal

    def of(self, used: Used) -> Decimal:
        fresh = used.prompt - used.cached
        cost = fresh * self.prompt + used.cached * self.cached + used.completion * self.completion
        return cost / 1_000_000


def usage(events: Iterable[Event]) -> dict[Role, Used]:
    """Role -> what was used for its moves, faults and repairs included; only roles that used something."""
    used: dict[Role, Used] = {}
    for event in events:
        told = event.volatile.get("usage")
        if told is not None:
            seconds = float(event.volatile.get("seconds", 0.0))
            one = Used(told["calls"], told["prompt"], told["cached"], told["completion"], seconds)
            used[event.role] = used.get(event.role, Used()).plus(one)
    return used


def unfinished(events: Iterable[Event]) -> dict[str, int]:
    """Calls and tokens, at most, spent on turns that were broken off before they ended."""
    lost = {"calls": 0, "tokens": 0}
    for event in events:
        for what, count in event.volatile.get("unfinished", {}).items():
            lost[what] += count
    return lost


def total(used: Mapping[Role, Used]) -> Used:
    out = Used()
    for one in used.values():
        out = out.plus(one)
    return out


def cost(
    used: Mapping[Role, Used], events: Iterable[Event], prices: Mapping[str, Price]
) -> dict[Role, Decimal]:
    """Role -> what its tokens cost. `prices`: by model, `""` for every other model; roles of a model
    without a price are left out. A role is priced as the model that sat there last."""
    kinds: dict[Role, str] = {}
    for event in events:
        if isinstance(event, Seated):
            kinds |= event.seats
    out = {}
    for role, one in used.items():
        price = price_of(kinds.get(role, ""), prices)
        if price is not None:
            out[role] = price.of(one)
    return out


def price_of(kind: str, prices: Mapping[str, Price]) -> Price | None:
    """The price of a kind of seat, `openai:MODEL` or `openai:MODEL@URL`; None where nobody says it."""
    model = kind.removeprefix("openai:").split("@http", 1)[0]
    return prices.get(model, prices.get(""))
