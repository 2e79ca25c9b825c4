"""Many runs, planned and carried out together, and what can be asked of them."""

from __future__ import annotations

import os
import zlib
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from aipm_agents.api import models
from aipm_agents.api.players import Player, kind_of, players
from aipm_agents.api.records import Records
from aipm_agents.api.runs import Run, load
from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.scenario.library import locate
from aipm_agents.scenario.problems import did_you_mean
from aipm_agents.seats.agent import OnFault, SeatBug
from aipm_agents.seats.model.controls import known
from aipm_agents.sweeps.plan import Plan, Sweep, planned

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.seats import Seat
    from aipm_agents.styles import StyleName
    from aipm_agents.sweeps.keys import Variant
    from aipm_agents.sweeps.plan import Task
    from aipm_agents.sweeps.play import Played

SEATS = "seats"
"""What the factor is called that says which of the tables given as `seats` played."""


def sweep(
    scenarios: Iterable[Scenario | str],
    *,
    seeds: Iterable[int] = range(20),
    seats: Mapping[str, Mapping[Role, Player]] | None = None,
    vary: Mapping[str, Sequence[object]] | None = None,
    jobs: int = 1,
    on_fault: OnFault = "raise",
) -> Study:
    """Play every scenario with every table and every combination of values, each with every seed.

    `seats`: label -> role -> who plays, as in `run`; the first label is what others are contrasted with. Of a
    class one is made for each run; an object plays them all, or a copy of it in each process. `vary`: what
    `aipm sweep --vary` takes, key -> values, the first being the base. `jobs`: processes at the same time.
    Raises `UsageError` for what does not fit, before anything is run.
    """
    given = list(scenarios)
    files = [locate(each) if isinstance(each, str) else None for each in given]
    made = [load(each) if isinstance(each, str) else each for each in given]
    asked = Sweep(
        scenarios=tuple(each.id for each in made),
        vary={k: tuple(map(_text, v)) for k, v in (vary or {}).items()},
    )
    tables = seats or {}
    if controlled := sorted(filter(known, asked.vary)):
        raise UsageError(
            tr("vary {key}: a model is set when it is made, as in aipm.model(..., temperature=0); give a table for each value",
               key=controlled[0])
        )  # fmt: skip
    variants = planned(asked, made, files).variants
    if tables:
        variants = tuple(_seated(each, label, tables[label]) for label in tables for each in variants)
    plan = Plan(variants, tuple(seeds))
    if plan.models:
        raise UsageError(tr("models play sweeps on the command line: see aipm sweep --help"))
    return Study(plan, _carried_out(plan, jobs, on_fault))


def _seated(variant: Variant, label: str, table: Mapping[Role, Player]) -> Variant:
    """The variant with these seats taken; whoever cannot sit there is told now."""
    at_table = players(variant.scenario, table, style=None, on_fault="raise")
    factors = {**variant.variation.factors, SEATS: label}
    return variant._replace(
        variation=variant.variation.model_copy(update={"factors": factors}),
        seats={**variant.seats, **{role: kind_of(player) for role, player in table.items()}},
        agents={
            role: player
            for role, player in table.items()
            if not (isinstance(player, str) and player == "embedded")
        },
        controls=models.told(variant.scenario, at_table).controls,
    )


def _text(value: object) -> str:
    """A value as `--vary` takes it."""
    if isinstance(value, list | tuple):
        return "+".join(map(str, value))
    return str(value)


class _Table(NamedTuple):
    """Somebody in every seat, where nobody needs a connection."""

    players: Mapping[Role, Seat]
    board: None = None
    url: None = None

    def __enter__(self) -> _Table:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def carry(task: Task, *, on_fault: OnFault, travels: bool) -> Played:
    """One task into a run; what a worker does. Raises `SeatBug`, and nothing else."""
    from aipm_agents.sweeps.agents import travelling, unpacked
    from aipm_agents.sweeps.play import play, scenario_in

    def seated(kinds: Mapping[Role, str], means: Mapping[str, Any], style: StyleName | None) -> _Table:
        at_table: dict[Role, Player] = {role: kind for role, kind in kinds.items() if kind != "embedded"}
        at_table |= {role: unpacked(each) for role, each in task.agents.items()}
        return _Table(players(scenario_in(task.scenario), at_table, style=style, on_fault=on_fault))

    try:
        return play(task, seated)
    except SeatBug as bug:
        raise (travelling(bug) if travels else bug) from None


def _carried_out(plan: Plan, jobs: int, on_fault: OnFault) -> Iterator[Played]:
    from aipm_agents.sweeps import crew
    from aipm_agents.sweeps.agents import packed
    from aipm_agents.sweeps.dispatch import Dispatch

    travels = jobs > 1

    def tasks() -> Iterator[Task]:
        for task in plan.tasks({}):
            agents = {role: packed(each, role) if travels else each for role, each in task.agents.items()}
            yield task._replace(agents=agents)

    work = partial(carry, on_fault=on_fault, travels=travels)
    dispatch = Dispatch(crew.processes(jobs) if travels else crew.threads(1), work)
    try:
        for _, played in dispatch.run(tasks()):
            yield played
    except SeatBug as bug:
        raise bug.error from None
    finally:
        dispatch.dismiss()


class _Kept(NamedTuple):
    transcript: bytes
    """Compressed: some thousand runs are held in memory."""
    row: dict[str, Any]


class Study:
    """The runs of a sweep, in the order of its plan."""

    def __init__(self, plan: Plan, carried_out: Iterable[Played]) -> None:
        self.plan = plan
        self._kept: dict[str, _Kept] = {}
        self.failed = Records()
        """Runs that came to nothing: `run_id`, and `why`."""
        for played in carried_out:
            if played.row is None:
                self.failed.append({"run_id": played.name, "why": played.why})
            else:
                self._kept[played.name] = _Kept(zlib.compress(played.text.encode(), 1), played.row)
        self._scenarios = {name: variant.scenario for name, variant in plan.variant_of()}
        self._kept = {name: self._kept[name] for name in self._scenarios if name in self._kept}

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[Run]:
        return map(self.run, self._kept)

    def run(self, run_id: str) -> Run:
        """One of its runs. Raises `KeyError` for an id that is none of theirs."""
        from aipm_agents.transcript import trusted

        text = zlib.decompress(self._kept[run_id].transcript).decode()
        return Run(trusted(text, self._scenarios[run_id]))

    def runs(self) -> Records:
        """One record a run: what was varied, what came out, what it cost. docs/columns.md tells the columns."""
        from aipm_agents.analysis.sample.columns import ordered

        head = ordered({name for each in self._kept.values() for name in each.row})
        return Records({name: each.row.get(name) for name in head} for each in self._kept.values())

    def turns(self) -> Records:
        """One record a turn of every run."""
        return Records(turn for run in self for turn in run.turns())

    def contrast(self, by: str, *, on: str = "nash_ratio") -> Records:
        """Every value of a factor against its first, over pairs that differ in nothing else: means, and the mean
        difference with its 95 % interval. `by`: "seats", or a key of `vary`; `on`: a column of `runs()` that holds
        figures, or "deal" for whether there was one."""
        from aipm_agents.analysis.sample.contrast import contrast

        if by not in self.factors:
            hint = did_you_mean(by, self.factors)
            raise UsageError(
                tr("contrast {by!r}: nothing of that name was varied here{hint}", by=by, hint=hint)
            )
        rows = [{**row, "deal": bool(row["package"])} for row in self.runs()]
        figures = [name for name in dict.fromkeys(k for row in rows for k in row) if _figures(name, rows)]
        if on not in figures:
            raise UsageError(
                tr("contrast on {on!r}: no such figure{hint}", on=on, hint=did_you_mean(on, figures))
            )
        return Records(each._asdict() for each in contrast(rows, by, on))

    @cached_property
    def factors(self) -> dict[str, tuple[str, ...]]:
        """What was varied -> its values, the base first."""
        found: dict[str, dict[str, None]] = {}
        for variant in self.plan.variants:
            for key, value in variant.variation.factors.items():
                found.setdefault(key, {})[value] = None
        return {key: tuple(values) for key, values in found.items()}

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write every transcript into a folder; `aipm compare FOLDER --by seats` counts them."""
        to = Path(folder)
        to.mkdir(parents=True, exist_ok=True)
        for run in self:
            run.save(to / f"{run.id}.jsonl")
        return to

    def __repr__(self) -> str:
        varied = ", ".join(f"{key}: {', '.join(values)}" for key, values in self.factors.items())
        return f"<Study: {len(self)} runs{f'; {varied}' if varied else ''}>"

    def _repr_html_(self) -> str:
        return self.runs()._repr_html_()


def _figures(name: str, rows: Sequence[Mapping[str, Any]]) -> bool:
    values = [row[name] for row in rows if row.get(name) is not None]
    return bool(values) and name != "seed" and all(isinstance(each, int | float) for each in values)
