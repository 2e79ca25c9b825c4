"""A meeting behind every endpoint that users have reported, and what it costs to get along with it.

    python benchmarks/endpoints.py [NAME ...]

One capable model that agrees sits in every seat; between it and us stands a server that behaves as a public report
says (`tests/quirks.py` names them). A meeting must end in the deal it ends in behind a perfect endpoint, or stop at
once and say why: no money, no model, no chat endpoint. Lost: it stopped and said nothing useful, or did neither.
Wrong: it was decided, and otherwise. Calls: what was spent over what the meeting needs.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from quirks import NEEDED, QUIRKS, meeting, served

from aipm_agents.seats.model import patience


def verdict(name, ended):
    says = QUIRKS[name].says
    if ended.how == "deal":
        return "wrong" if says else "right deal"
    if ended.how == "wrong":
        return "wrong"
    return "right stop" if says and says in ended.says else "lost"


def main():
    patience.FIRST_PAUSE = 0.02  # the servers here recover when they are asked again
    names = sys.argv[1:] or list(QUIRKS)
    verdicts, spent, needed = [], 0, 0
    print(f"{'endpoint':34} {'ends in':12} {'calls':>5} {'of':>3}  what is told")
    for name in names:
        with served(name) as server:
            ended = meeting(name, server.url)
        told = verdict(name, ended)
        verdicts.append(told)
        if told == "right deal":
            spent, needed = spent + ended.calls, needed + NEEDED
        print(f"{name:34} {told:12} {ended.calls:>5} {NEEDED:>3}  {' '.join(ended.says.split())[:150]}")
    print()
    for kind in ("right deal", "right stop", "lost", "wrong"):
        print(f"{kind:12} {verdicts.count(kind):>3}")
    if needed:
        print(f"calls spent over calls needed, where there was a deal: {spent / needed:.2f}")


if __name__ == "__main__":
    main()
