"""Who carries a sweep out, and how a worker puts somebody in every seat."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from aipm_agents.cli import models, seating

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_agents.roles import Role
    from aipm_agents.styles import StyleName
    from aipm_agents.sweeps.crew import Crew
    from aipm_agents.sweeps.plan import Plan

AT_ONCE = 4
"""Runs with models at the same time, where nobody says how many."""


def crew_for(plan: Plan, means: models.Means, jobs: int, dask: str | None) -> Crew:
    from aipm_agents.sweeps import crew

    python = _can_sit(plan)
    if dask:
        from aipm_agents.sweeps.cluster import cluster

        return cluster(dask, code=_code() if python else b"")
    if plan.models:
        _all_there(plan, means)
        return crew.threads(jobs or AT_ONCE)
    return crew.processes(jobs or _processors())


def _can_sit(plan: Plan) -> bool:
    """What others wrote and cannot be used is known before anything is run. True where a seat is named by where it
    stands in Python."""
    from aipm_agents.seats import kinds

    named = {(role, kind) for variant in plan.variants for role, kind in variant.seats.items()}
    for role, kind in sorted(named):
        if kinds.of_others(kind):
            kinds.seated(kind, role)
    return any(kind.startswith(kinds.PYTHON) for _, kind in named)


def _code() -> bytes:
    from aipm_agents.sweeps.agents import modules_of_this_folder

    return modules_of_this_folder()


def _processors() -> int:
    """Those this process may use, which on a shared server are fewer than there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _all_there(plan: Plan, means: models.Means) -> None:
    """A dead endpoint is known before anything is run."""
    asked: set[str] = set()
    for variant in plan.variants:
        kinds = {
            role: kind for role, kind in variant.seats.items() if kind not in ("embedded", "local", *asked)
        }
        if kinds:
            with seating.seated(kinds, means._replace(max_tokens=None)):
                asked.update(kinds.values())


def seated(
    kinds: Mapping[Role, str], means: Mapping[str, Any], style: StyleName | None = None, *, mute: bool = False
) -> seating.Seating:
    """Somebody in every seat of one run; called where the run is carried out."""
    return seating.seated(kinds, models.Means(**means), style=style, mute=mute)


def plain(means: models.Means) -> dict[str, Any]:
    """As a task carries it: the address as it is known here, the budget set for each run."""
    from aipm_agents import keyring

    home = keyring.mine().home(means.base_url)
    named = {"base_url": home.url, "file": home.file} if home else {}
    return {**means._asdict(), **named, "max_tokens": None}
