"""Criteria in packs: questions with their sources, which a scenario pulls in with `uses` when its file is read.

What is pulled in stands in the scenario as if its author had written it, so a record needs no pack. A pack
only asks; whether its question can stop a deal, the facts of the case decide:

- a fact supports it: it requires evidence, and stops a deal if the pack says so;
- none supports it, one undermines it: it requires none, and stops a deal if the pack says so;
- no fact bears on it: it requires evidence that nobody has, and becomes a follow-up with its owner.

So a whole pack makes no small scenario impossible, and an unanswered question stays on the record.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, NamedTuple

from pydantic import Field

from aipm_agents import installed
from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.roles import PM, Language, Role
from aipm_agents.scenario.criteria import (
    CHECKPOINTS,
    Caution,
    CheckpointName,
    Checkpoints,
    Criterion,
    Orientation,
)
from aipm_agents.scenario.law import dated, law
from aipm_agents.scenario.lenses import Lens
from aipm_agents.scenario.model import Scenario
from aipm_agents.scenario.problems import Found, did_you_mean, nearest
from aipm_agents.scenario.values import Frozen, Id, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.scenario.problems import Path


class PackText(Frozen):
    asks: Text
    source: Text
    satisfied_by: Text


class PackItem(Frozen):
    """A question of a pack, in every language."""

    id: Id
    checkpoint: CheckpointName
    owner: Role
    """Who is asked; the PM, where that role does not sit at the table."""
    blocking: bool = True
    lens: Lens | None = None
    caution: Caution | None = None
    orientation: Orientation | None = None
    en: PackText
    zh_hant: PackText = Field(alias="zh-Hant")

    def said(self, language: Language) -> PackText:
        """Its texts, with the dates of law filled in."""
        wording = self.en if language == "en" else self.zh_hant
        return wording.model_copy(update={"source": dated(wording.source, language)})


class Pack(Frozen):
    en: Text
    """What it is, in one line."""
    zh_hant: Text = Field(alias="zh-Hant")
    law: bool = False
    """Whether its questions rest on law: then each carries the day the law was looked up."""
    criteria: Annotated[tuple[PackItem, ...], Field(strict=False, min_length=1)]

    def title(self, language: Language) -> str:
        return self.en if language == "en" else self.zh_hant

    @property
    def items(self) -> dict[Id, PackItem]:
        return {item.id: item for item in self.criteria}


class Pulled(NamedTuple):
    scenario: Scenario
    found: tuple[Found, ...]
    places: dict[Path, Path]
    """Where a pulled criterion stands in the scenario -> the line of `uses` that pulled it in."""


class PackShelf(NamedTuple):
    packs: dict[str, Pack]
    """Ours first, each by its name."""
    sources: dict[str, str]
    """Name -> the package it came with, for those that are not ours."""
    broken: tuple[installed.Broken, ...]
    """What other packages bring and cannot be used."""


def packs() -> dict[str, Pack]:
    """Every pack by its name."""
    return shelf().packs


@lru_cache(maxsize=1)
def shelf() -> PackShelf:
    """Every pack there is, with where it comes from."""
    folder = files("aipm_agents.scenario").joinpath("packs")
    texts = {each.name: each.read_text("utf-8") for each in folder.iterdir() if each.name.endswith(".toml")}
    made = {name.removesuffix(".toml"): _read(text) for name, text in sorted(texts.items())}
    others, broken = installed.files("packs", ".toml")
    sources: dict[str, str] = {}
    for file in others:
        try:
            if file.path.stem in made:
                raise UsageError(tr("there is a pack of that name already"))
            made[file.path.stem] = _read(file.path.read_text("utf-8"))
            sources[file.path.stem] = file.source
        except (UsageError, OSError, ValueError) as error:
            broken.append(installed.Broken(str(file.path), file.source, str(error)))
    return PackShelf(made, sources, tuple(broken))


def _read(text: str) -> Pack:
    return Pack.model_validate(tomllib.loads(text), by_alias=True, by_name=False)


def names() -> list[str]:
    """All that `uses` may say: packs, then their criteria."""
    return [*packs(), *(f"{name}/{item}" for name, pack in packs().items() for item in pack.items)]


def pull(scenario: Scenario) -> Pulled:
    """The scenario with the criteria it `uses`. A criterion of its own with the same id stays, and takes from
    the pack's only what it leaves unsaid of where it comes from."""
    found: list[Found] = []
    taken: dict[Id, tuple[str, int]] = {}
    for i, use in enumerate(scenario.uses):
        twice: dict[str, list[Id]] = {}
        for name, item in _named(use, ("uses", i), found):
            pack, at = taken.setdefault(item, (name, i))
            if (pack, at) != (name, i):
                twice.setdefault(pack, []).append(item)
        found += [_twice(use, ("uses", i), pack, items) for pack, items in twice.items()]
    criteria: dict[str, list[Criterion]] = {
        name: list(getattr(scenario.checkpoints, name)) for name in CHECKPOINTS
    }
    places: dict[Path, Path] = {}
    for item, (name, i) in taken.items():
        made = _criterion(scenario, name, packs()[name].items[item])
        if item in scenario.criteria:
            gate, own = scenario.criteria[item]
            criteria[gate][criteria[gate].index(own)] = _sourced(own, made)
        else:
            gate = packs()[name].items[item].checkpoint
            places["checkpoints", gate, len(criteria[gate])] = ("uses", i)
            criteria[gate].append(made)
    fields = {name: getattr(scenario, name) for name in Scenario.model_fields}
    fields["uses"] = tuple(dict.fromkeys((*scenario.uses, *_meant(scenario, taken))))
    fields["checkpoints"] = Checkpoints(**{name: tuple(each) for name, each in criteria.items()})
    return Pulled(Scenario.model_construct(**fields), tuple(found), places)


def _meant(scenario: Scenario, taken: dict[Id, tuple[str, int]]) -> Iterator[str]:
    """Packs that stand misspelt in `uses`: the file is refused, and its facts are judged all the same."""
    said = {use.partition("/")[0] for use in scenario.uses}
    return (name for name, _ in taken.values() if name not in said)


def _twice(use: str, path: Path, pack: str, items: list[Id]) -> Found:
    name = use.partition("/")[0]
    told = ", ".join(items[:3]) + (", ..." if len(items) > 3 else "")
    if pack == name:
        return Found(path, f"{told}: pulled in already, further up in `uses`", "warning")
    return Found(
        path, f"{told}: in {pack} as well as in {name}; take one of the two, or name single criteria"
    )


def _named(use: str, path: Path, found: list[Found]) -> Iterator[tuple[str, Id]]:
    """Pack and id of each criterion that an entry of `uses` names; the nearest there is where it is misspelt, so
    that facts about it are not called wrong as well."""
    name, slash, item = use.partition("/")
    if name not in packs():
        found.append(Found(path, f"there is no pack {name!r}{did_you_mean(name, packs())}"))
        name = nearest(name, list(packs())) or ""
    if not name:
        return
    items = packs()[name].items
    if slash and item not in items:
        found.append(Found(path, f"the pack {name!r} has no criterion {item!r}{did_you_mean(item, items)}"))
        item = nearest(item, list(items)) or ""
    yield from ((name, each) for each in ([item] if item else [] if slash else items))


def _criterion(scenario: Scenario, name: str, item: PackItem) -> Criterion:
    supported = any(item.id in fact.supports for fact in scenario.facts.values())
    undermined = any(item.id in fact.undermines for fact in scenario.facts.values())
    said = item.said(scenario.language)
    return Criterion(
        id=item.id, asks=said.asks, owner=item.owner if item.owner in scenario.parties else PM,
        evidence=None if undermined and not supported else "required",
        blocking=item.blocking and (supported or undermined),
        lens=item.lens, caution=item.caution, orientation=item.orientation,
        source=said.source, satisfied_by=said.satisfied_by, pack=name,
        as_of=law().as_of.isoformat() if packs()[name].law else None,
    )  # fmt: skip


_ORIGIN = ("lens", "caution", "orientation", "source", "satisfied_by", "as_of", "pack")


def _sourced(own: Criterion, made: Criterion) -> Criterion:
    unsaid = [name for name in _ORIGIN if name not in own.model_fields_set]
    return own.model_copy(update={name: getattr(made, name) for name in unsaid})
