"""Kinds of seats that others write: brought by an installed package under a name, or named by where they stand in
Python, `python:package.module:Class`."""

from __future__ import annotations

import inspect
import os
import sys
from functools import reduce
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from aipm_agents.errors import UsageError
from aipm_agents.installed import Broken, entries, failed, source
from aipm_agents.language import tr
from aipm_agents.roles import PM
from aipm_agents.scenario.problems import did_you_mean

if TYPE_CHECKING:
    from aipm_agents.roles import Role
    from aipm_agents.seats import Seat
    from aipm_agents.seats.agent import OnFault

OURS = ("embedded", "human", "local")
PYTHON = "python:"
"""Before a module and what stands in it."""
WRITTEN = f"{PYTHON}MODULE:CLASS"
"""How such a kind is written, to people."""


class Kind(NamedTuple):
    name: str
    source: str
    says: str
    """The first line of what its class says of itself."""


def names() -> list[str]:
    """Kinds that may be asked for by name beside ours, whether or not they can be used."""
    return [each.name for each in entries("seats")]


def kinds() -> tuple[list[Kind], list[Broken]]:
    """What can be seated, and what cannot, each with the package it came with."""
    found, broken = [], []
    for entry in entries("seats"):
        try:
            made = _made(entry.name)
            _sits(made)
            found.append(
                Kind(entry.name, source(entry), (type(made).__doc__ or "").strip().partition("\n")[0])
            )
        except Exception as error:  # importing what somebody else wrote may do anything
            broken.append(failed("seats", entry, error))
    return found, broken


def is_model(kind: str) -> bool:
    """Whether a language model plays: nobody of the house, no person, no program."""
    return kind == "local" or kind.startswith("openai:")


def of_others(kind: str) -> bool:
    """Whether somebody else wrote what plays a seat of this kind: it needs no model of ours, and leads as it likes."""
    return kind.startswith(PYTHON) or kind in names()


def installed(name: str, role: Role) -> Any:
    """An object of this kind, not yet seated. Raises `UsageError` where there is no such kind, or it cannot be
    made."""
    if name.startswith(PYTHON):
        return _standing(name, role)
    if name not in names():
        hint = did_you_mean(name, [*OURS[:1], *names()])
        raise UsageError(tr("{role}: no such kind of seat: {name!r}{hint}", role=role, name=name, hint=hint))
    try:
        return _made(name)
    except Exception as error:
        entry = next(each for each in entries("seats") if each.name == name)
        broken = failed("seats", entry, error)
        raise UsageError(
            tr("{role}: {name} comes with {source} and cannot be used: {why}", role=role, name=name, source=broken.source, why=broken.why)
        ) from error  # fmt: skip


def seated(name: str, role: Role, *, on_fault: OnFault = "abstain") -> Seat:
    """One of this kind in the seat of a role. Raises `UsageError` where it cannot sit there."""
    from aipm_agents.seats.agent import taken

    try:
        return taken(installed(name, role), role, on_fault=on_fault)
    except TypeError as error:
        raise UsageError(tr("{kind} cannot sit there: {why}", kind=name, why=error)) from error


def _standing(kind: str, role: Role) -> Any:
    """One of `python:package.module:Class`. Its module is looked for among what is installed, then in the working
    folder; whatever goes wrong there is told and not ours."""
    module, _, path = kind.removeprefix(PYTHON).partition(":")
    if not module or not path:
        raise UsageError(tr("{role}: {kind}: write it python:package.module:Class", role=role, kind=kind))
    if (here := os.getcwd()) not in sys.path:
        sys.path.append(here)
    try:
        found = reduce(getattr, path.split("."), import_module(module))
        made: Any = found() if isinstance(found, type) or inspect.isroutine(found) else found
        made.kind = kind
    except Exception as error:  # importing what somebody else wrote may do anything
        raise UsageError(
            tr("{role}: {kind} cannot be used: {error}", role=role, kind=kind, error=f"{type(error).__name__}: {error}")
        ) from error  # fmt: skip
    return made


def _made(name: str) -> Any:
    """One of the kind; under its own name, so that the record says what to ask for again."""
    if name in OURS or name.startswith("openai:"):
        raise UsageError(tr("{name} is what one of our own kinds is called", name=name))
    entry = next(each for each in entries("seats") if each.name == name)
    made = entry.load()
    made = made() if isinstance(made, type) else made
    made.kind = name
    return made


def _sits(made: Any) -> None:
    """Raise `TypeError` where it can sit nowhere: neither as a colleague nor as the PM."""
    from aipm_agents.seats.agent import taken

    try:
        taken(made, "colleague")
    except TypeError:
        taken(made, PM)
