"""What is to be run: a sweep as it is written, and the tasks it comes to."""

from __future__ import annotations

import hashlib
import json
from itertools import product, repeat
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from pydantic import AfterValidator, Field, StringConstraints, TypeAdapter, ValidationError

from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.scenario.values import Frozen, One
from aipm_agents.seats import kinds
from aipm_agents.seats.model.controls import controls, known
from aipm_agents.sweeps.keys import ALL, Variant, spelt, varied
from aipm_agents.transcript.record import AS_WRITTEN, WITHOUT
from aipm_agents.version import __version__

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.seats.model.controls import Controls
    from aipm_agents.styles import StyleName

MOST_VARIANTS, MOST_RUNS = 10_000, 1_000_000
SEEDS = "0:200"
"""Where nobody says which."""
BLOCK = 20
"""Seeds that are run of one variant before the next has its turn: long enough that what a worker works out
of a scenario serves many runs, short enough that a sweep broken off has nearly as many of each."""


def _in_order(text: str) -> str:
    low, _, high = text.partition(":")
    if high and int(low) >= int(high):
        raise ValueError(tr("names no seed; write 0:200 for the seeds 0 to 199, or 7 for one"))
    return text


Seeds = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{1,9}(:[0-9]{1,9})?$"),
    AfterValidator(_in_order),
]
"""`0:200` for the seeds 0 to 199, as Python counts; `7` for that one."""


def seeds_of(text: str) -> range:
    """As `--seeds` takes them. Raises `UsageError`."""
    try:
        return _range(TypeAdapter(Seeds).validate_python(text))
    except ValidationError:
        raise UsageError(
            tr("--seeds {seeds}: write it 0:200 for the seeds 0 to 199, or 7 for one", seeds=text)
        ) from None


def _range(seeds: str) -> range:
    low, colon, high = seeds.partition(":")
    return range(int(low), int(high) if colon else int(low) + 1)


class Sweep(Frozen):
    """A grid: every scenario with every combination of values, each with every seed."""

    sweep: One = 1
    scenarios: Annotated[tuple[str, ...], Field(strict=False, min_length=1)]
    """Scenario files, relative to this file, or ids of bundled ones."""
    seeds: Seeds = SEEDS
    vary: dict[str, Annotated[tuple[str, ...], Field(strict=False, min_length=1)]] = {}
    """Key -> the values it takes in turn; the first is what the others are compared with."""
    mute: bool = False
    """Embedded seats make their moves and say nothing."""

    @property
    def range(self) -> range:
        return _range(self.seeds)


class Task(NamedTuple):
    """All that a worker needs for one run, as plain data."""

    name: str
    """What its transcript is called: a hash of scenario, settings and seed."""
    scenario: str
    """The scenario, changed as it is to be, as JSON."""
    variation: dict[str, Any]
    seats: dict[Role, str]
    seed: int
    style: StyleName | None = None
    """How the PM leads."""
    means: dict[str, Any] = {}
    """How models are reached and what this run may spend; empty where none plays."""
    earlier: str = ""
    """The transcript so far of a run that goes on, and what is held beside it."""
    held: str = ""
    aipm: str = __version__
    """The version that made this task; another one might play another run."""
    agents: Mapping[Role, object] = {}
    """Role -> what plays it, where it was written in Python: packed, if the task travels."""

    @property
    def models(self) -> bool:
        return _models(self.seats, self.agents)


def _models(seats: Mapping[Role, str], agents: Mapping[Role, object]) -> bool:
    return any(kinds.is_model(kind) for role, kind in seats.items() if role not in agents)


class Plan(NamedTuple):
    variants: tuple[Variant, ...]
    seeds: Sequence[int]
    mute: bool = False

    def __len__(self) -> int:
        return len(self.variants) * len(self.seeds)

    @property
    def models(self) -> bool:
        """Whether a model plays in any run."""
        return any(_models(each.seats, each.agents) for each in self.variants)

    def names(self) -> Iterator[str]:
        """Of every run, in the order in which they are carried out."""
        return (name for name, _ in self.variant_of())

    def variant_of(self) -> Iterator[tuple[str, Variant]]:
        """Every run by its name, with what it plays."""
        for variant, seed in self._runs():
            yield named(variant, seed, mute=self.mute), variant

    def tasks(self, means: Mapping[str, Any]) -> Iterator[Task]:
        """Every run, one by one. `means`: for the runs in which a model plays."""
        texts: dict[int, str] = {}
        settings: dict[int, Controls] = {}
        for variant, seed in self._runs():
            text = texts.get(id(variant))
            if text is None:
                texts.clear()
                text = texts[id(variant)] = json.dumps(variant.scenario.plain(), ensure_ascii=False)
            task = Task(
                named(variant, seed, mute=self.mute), text, variant.variation.model_dump(mode="json"), variant.seats, seed,
                variant.style, agents=variant.agents,
            )  # fmt: skip
            if task.models or variant.controls:
                how = settings.setdefault(id(variant), controls(variant.controls))
                task = task._replace(means={**means, "controls": how})
            yield task

    def _runs(self) -> Iterator[tuple[Variant, int]]:
        for first in range(0, len(self.seeds), BLOCK):
            for variant in self.variants:
                for seed in self.seeds[first : first + BLOCK]:
                    yield variant, seed


def planned(sweep: Sweep, scenarios: Sequence[Scenario], files: Sequence[Path | None] = ()) -> Plan:
    """The plan of a sweep over these scenarios, every variant checked. `files`: where each was read. Raises `UsageError` where one does not fit."""
    known = [scenario.id for scenario in scenarios]
    for name in known:
        if known.count(name) > 1:
            raise UsageError(
                tr(
                    "two scenarios have the id {name!r}; rows could not be told apart, so rename one",
                    name=name,
                )
            )
    values = {key: _values(key, texts) for key, texts in sweep.vary.items()}
    count = len(known)
    for texts in values.values():
        count *= len(texts)
    if count > MOST_VARIANTS:
        raise UsageError(
            tr(
                "these make {count:,} variants; the bound is {most:,}, so vary less at once",
                count=count,
                most=MOST_VARIANTS,
            )
        )
    if count * len(sweep.range) > MOST_RUNS:
        raise UsageError(
            tr(
                "these make {count:,} runs; the bound is {most:,}, so take fewer seeds at once",
                count=count * len(sweep.range),
                most=MOST_RUNS,
            )
        )
    read_from = list(zip(scenarios, files or repeat(None), strict=False))
    _told_apart(values, read_from)
    grid = [dict(zip(values, combination, strict=True)) for combination in product(*values.values())]
    variants = tuple(varied(each, factors, file=file) for each, file in read_from for factors in grid)
    _heeded(values, variants)
    return Plan(_once(variants), sweep.range, sweep.mute)


def _values(key: str, texts: Sequence[str]) -> list[str]:
    made = [spelt(key, text) for text in texts]
    for text in made:
        if made.count(text) > 1:
            raise UsageError(tr("--vary {key}: the value {text!r} stands twice", key=key, text=text))
    return made


def _told_apart(
    values: Mapping[str, Sequence[str]], scenarios: Sequence[tuple[Scenario, Path | None]]
) -> None:
    """Raises `UsageError` for two values that set the same in every scenario: equal settings are one, and their runs
    would be the same runs."""
    for key, texts in values.items():
        if (AS_WRITTEN not in texts and key != WITHOUT) or known(key) is not None:
            continue  # spelt in one way, they differ; what models are set to, wherever one plays
        seen: dict[object, str] = {}
        for text in texts:
            made = [varied(scenario, {key: text}, file=file) for scenario, file in scenarios]
            setting = tuple(
                (each.scenario.digest, tuple(each.seats.items()), each.style, tuple(each.controls.items()))
                for each in made
            )
            if (other := seen.setdefault(setting, text)) != text:
                raise UsageError(
                    tr(
                        "--vary {key}: {one} and {other} set the same, so their runs would be the same; leave one out",
                        key=key, one=repr(other), other=repr(text),
                    )
                )  # fmt: skip


def _heeded(values: Mapping[str, Sequence[str]], variants: Sequence[Variant]) -> None:
    """Raises `UsageError` for what models are set to, where none of them would heed it: the same runs would be played again,
    and told as a factor of no effect."""
    set_to = {key for variant in variants for key in variant.controls}
    for key, texts in values.items():
        if known(key) is not None and set(texts) != {AS_WRITTEN} and not _sets(set_to, key):
            raise UsageError(
                tr(
                    "--vary {key}: for language models, and none plays there; vary model or seat.ROLE too",
                    key=key,
                )
            )


def _sets(controls: Collection[str], key: str) -> bool:
    stem, _, role = key.partition(".")
    return any(each.startswith(f"{stem}.") for each in controls) if role == ALL else key in controls


def _once(variants: Sequence[Variant]) -> tuple[Variant, ...]:
    """Where no model plays that would heed it, what models are set to is as written: one variant, and not one for each of
    its values."""
    found: dict[tuple[str, ...], Variant] = {}
    for each in variants:
        factors = {
            key: AS_WRITTEN if known(key) is not None and not _sets(each.controls, key) else text
            for key, text in each.variation.factors.items()
        }
        variation = each.variation.model_copy(update={"factors": factors})
        found.setdefault((each.scenario.digest, *factors.values()), each._replace(variation=variation))
    return tuple(found.values())


def named(variant: Variant, seed: int, *, mute: bool = False) -> str:
    """Sixteen hexadecimal digits of the SHA-256 of scenario, settings and seed."""
    settings = [
        variant.scenario.digest,
        sorted(variant.variation.factors.items()),
        seed,
        *(["mute"] if mute else []),
    ]
    return hashlib.sha256(json.dumps(settings, ensure_ascii=False).encode()).hexdigest()[:16]
