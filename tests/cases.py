"""Which bundled cases a test plays.

Texts and figures of a case are tried on every case. A rule of the house, which is the same whatever the case, is tried on
four that differ most (short, held options, a veto, Chinese); `AIPM_CASES=all` tries it on all, by hand.
"""

from __future__ import annotations

import os

from aipm_agents.scenario.library import bundled

EVERY = sorted(bundled())
FEW = (
    EVERY
    if os.environ.get("AIPM_CASES") == "all"
    else ["fresh-food-orders", "mood-coach", "refund-copilot", "second-look"]
)
