"""How far a sweep has come, counted as runs come back."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from aipm_agents.analysis.run.usage import Price
    from aipm_agents.sweeps.play import Played


@dataclass
class Tally:
    planned: int
    """Runs of the whole plan."""
    before: int
    """Of these, done when it began."""
    left_failed: int = 0
    """Failed earlier, and not tried again."""
    prices: Mapping[str, Price] = field(default_factory=dict)
    decided: int = 0
    failed: int = 0
    faults: int = 0
    tokens: int = 0
    cost: Decimal | None = None
    decisions: Counter[str] = field(default_factory=Counter)
    began: float = field(default_factory=time.monotonic)

    def count(self, played: Played) -> None:
        from aipm_agents.analysis.run.usage import price_of

        self.tokens += played.spent
        for kind, used in played.used.items():
            price = price_of(kind, self.prices)
            if price is not None:
                self.cost = price.of(used) + (self.cost or 0)
        if played.ended == "decided":
            assert played.row is not None
            self.decided, self.faults = self.decided + 1, self.faults + played.faults
            self.decisions[played.row["decision"]] += 1
        elif played.ended == "failed":
            self.failed += 1

    @property
    def ended(self) -> int:
        """Runs there is nothing to do for any more."""
        return self.before + self.left_failed + self.decided + self.failed

    @property
    def rate(self) -> float:
        """Runs a second since it began; 0 before the first has ended."""
        return (self.decided + self.failed) / max(1e-9, time.monotonic() - self.began)

    @property
    def seconds_left(self) -> float | None:
        """At the rate so far; None before there is one."""
        return (self.planned - self.ended) / self.rate if self.rate else None
