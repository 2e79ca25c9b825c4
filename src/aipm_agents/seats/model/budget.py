"""What a run may spend. A call is only made where the budget covers the most it can cost."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.errors import BudgetError
from aipm_agents.language import tr

if TYPE_CHECKING:
    from collections.abc import Iterable


class Usage(NamedTuple):
    """What calls used, as the endpoint reports it; tokens, and calls as they went over the wire."""

    calls: int = 0
    prompt: int = 0
    cached: int = 0
    """How many of the prompt tokens the endpoint had in its cache."""
    completion: int = 0

    def plus(self, other: Usage) -> Usage:
        return Usage(*(one + more for one, more in zip(self, other, strict=True)))


class Reserved(NamedTuple):
    calls: int
    tokens: int


class Budget:
    """Counts what is spent and what is promised to calls under way; one for all seats of a run.

    What a call used is settled when it ends. Where an endpoint does not say (a dropped connection, a
    time-out after the request was sent), the most it can have used counts, so a limit is never passed.
    """

    def __init__(self, max_calls: int | None = None, max_tokens: int | None = None) -> None:
        self.max_calls, self.max_tokens = max_calls, max_tokens
        self._spent = self._promised = Reserved(0, 0)
        self._lock = threading.Lock()

    @property
    def spent(self) -> Reserved:
        return self._spent

    def reserve(self, tokens: int) -> Reserved:
        """Set aside what one call of at most `tokens` can cost. Raises `BudgetError` where it is not covered."""
        with self._lock:
            wanted = Reserved(1, tokens)
            if not self._covers(wanted):
                raise BudgetError(self._over(tokens))
            self._promised = _sum(self._promised, wanted)
            return wanted

    def settle(self, reserved: Iterable[Reserved], used: Reserved) -> None:
        """A call has ended: what was set aside for its tries is free again, what it used is spent."""
        with self._lock:
            for one in reserved:
                self._promised = _sum(self._promised, Reserved(-one.calls, -one.tokens))
            self._spent = _sum(self._spent, used)

    def _covers(self, wanted: Reserved) -> bool:
        then = _sum(_sum(self._spent, self._promised), wanted)
        return not (
            (self.max_calls is not None and then.calls > self.max_calls)
            or (self.max_tokens is not None and then.tokens > self.max_tokens)
        )

    def _over(self, tokens: int) -> str:
        spent = tr(
            "{calls} calls and {tokens:,} tokens are spent",
            calls=self._spent.calls,
            tokens=self._spent.tokens,
        )
        if self.max_calls is not None and self._spent.calls + self._promised.calls >= self.max_calls:
            return tr(
                "the budget of {max_calls} calls is reached ({spent}); allow more with --max-calls",
                max_calls=self.max_calls,
                spent=spent,
            )
        return tr(
            "the budget of {max_tokens:,} tokens does not cover the next call, which can take {tokens:,} ({spent}); allow more with --max-tokens",
            max_tokens=self.max_tokens,
            tokens=tokens,
            spent=spent,
        )


def _sum(one: Reserved, more: Reserved) -> Reserved:
    return Reserved(one.calls + more.calls, one.tokens + more.tokens)
