"""What a sweep can vary: one table of keys, each with what it takes and what it changes.

A key is written as its path in the scenario file (`parties.legal.walk_away`), or names who plays. A key that means
more than one value of the file, or is typed in a short form, is a line in `KEYS`; every other path is taken as it stands.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from aipm_agents.errors import UsageError
from aipm_agents.language import mark, tr
from aipm_agents.scenario import amendment
from aipm_agents.scenario.problems import did_you_mean, dotted
from aipm_agents.scenario.reader import revised
from aipm_agents.scenario.translated import translated
from aipm_agents.seats import kinds
from aipm_agents.seats.model.controls import CONTROLS
from aipm_agents.sweeps import typed
from aipm_agents.transcript.record import AS_WRITTEN, NOTHING, WITHOUT, Variation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.styles import StyleName

VARY, SET = "--vary", "--set"
"""The options that a key is typed with: many values, or one."""
ALL = "*"
"""In the place of a role or an id: every one of them."""


class Variant(NamedTuple):
    """A scenario with its changes made, and who plays it."""

    scenario: Scenario
    variation: Variation
    seats: dict[Role, str]
    """Role -> kind, for every role."""
    style: StyleName | None = None
    """How the PM leads."""
    agents: Mapping[Role, object] = {}
    """Role -> what plays it, where that is an object and not a kind."""
    controls: Mapping[str, str] = {}
    """What model seats are set to."""


@dataclass
class Setup:
    """A scenario being changed: its plain data, who will play, how the PM leads, and the file it was read from."""

    data: dict[str, Any]
    seats: dict[Role, str]
    style: StyleName | None = None
    controls: dict[str, str] = field(default_factory=dict)
    file: Path | None = None


Read: TypeAlias = "Callable[[str], Any]"
"""A value as it is typed -> as the scenario file has it. Raises `ValueError` with what was expected."""


class Key(NamedTuple):
    path: str
    """A word in capitals stands for any role or id."""
    takes: str
    read: Read
    change: Callable[[Setup, str, Any], None]
    """Gets the role or id named (empty where the path names none), and the value as read. Raises
    `LookupError` with what there is, for a name that is not there."""


def spelt(key: str, text: str, option: str = VARY) -> str:
    """A value in its one spelling, so that `0.50` and `0.5` are one run. Raises `UsageError`."""
    text = text.strip()
    if text == AS_WRITTEN:
        return text
    found, _ = _find(key, option)
    try:
        value = found.read(text)
    except ValueError as error:
        raise UsageError(
            tr(
                "{option} {key}={text}: {error}; {key} takes {takes}",
                option=option,
                key=key,
                text=text,
                error=error,
                takes=tr(found.takes, players=tr(_PLAYERS), names=", ".join(typed.GATES)),
            )
        ) from None
    if isinstance(value, list) and found in KEYS:
        return "+".join(value)
    return amendment.spelt(value)


def varied(
    scenario: Scenario, factors: Mapping[str, str], option: str = VARY, file: Path | None = None
) -> Variant:
    """The scenario with factors set, checked as any scenario file is. `file`: where it was read; its texts in another
    language stand beside it. Raises `UsageError` naming the key,
    the value and the scenario where one does not fit."""
    data = json.loads(json.dumps(scenario.plain()), parse_float=Decimal)
    table = Setup(data, dict.fromkeys(scenario.parties, "embedded"), file=file)
    made = scenario
    for key, text in sorted(factors.items(), key=lambda item: _turn(item[0])):
        if text == AS_WRITTEN:
            continue
        found, name = _find(key)
        where = tr(
            "{option} {key}={text} does not fit {id}", option=option, key=key, text=text, id=scenario.id
        )
        try:
            found.change(table, name, found.read(text))
        except LookupError as error:
            raise UsageError(tr("{who}: {what}", who=where, what=error.args[0])) from None
        changed, problems = revised(table.data)
        if changed is None:
            told = tr("; ").join(f"{dotted(each.path)}: {each.message}" for each in problems[:3])
            raise UsageError(tr("{who}: {what}", who=where, what=told))
        made = changed
    variation = Variation(origin=scenario.digest, factors=dict(factors))
    return Variant(made, variation, table.seats, table.style, controls=table.controls)


def _turn(key: str) -> int:
    found, _ = _find(key)
    return KEYS.index(found) if found in KEYS else len(KEYS)


def _find(key: str, option: str = VARY) -> tuple[Key, str]:
    """The line of the table a key belongs to, and the role or id it names. Raises `UsageError`."""
    steps = key.split(".")
    for each in KEYS:
        pattern = each.path.split(".")
        if len(pattern) == len(steps) and all(
            p == step or (p.isupper() and step) for p, step in zip(pattern, steps, strict=True)
        ):
            named = [step for p, step in zip(pattern, steps, strict=True) if p.isupper()]
            return each, named[0] if named else ""
    if len(steps) > 1:
        return _as_it_stands(key), ""
    hint = did_you_mean(key, [each.path for each in KEYS])
    raise UsageError(tr("{option} {key}: this cannot be varied{hint}", option=option, key=key, hint=hint))


def _as_it_stands(path: str) -> Key:
    """A value of the scenario file that is no line of the table."""
    return Key(
        path, mark("a value as the scenario file has it, or off"), amendment.value,
        lambda table, _, value: amendment.amend(table.data, path, value),
    )  # fmt: skip


# --- what values change -----------------------------------------------------------------------


def _in_words_of(table: Setup, name: str, language: Any) -> None:
    written, _ = revised(table.data)
    if written is None or (other := translated(written, language, table.file)) is None:
        raise LookupError(tr("it has no texts in {language}", language=language))
    table.data = json.loads(json.dumps(other.plain()), parse_float=Decimal)


def _everybody(table: Setup, name: str, value: Any) -> None:
    table.seats.update(dict.fromkeys(table.seats, value))


def _seat(table: Setup, role: str, value: Any) -> None:
    for each in _named(role, table.seats, mark("role")):
        table.seats[each] = value


def _leads(table: Setup, name: str, value: Any) -> None:
    table.style = None if value == NOTHING else value


def _control(key: str) -> Key:
    """A key of model seats; of `incentive.ROLE` the role, or every role, is named."""
    line = CONTROLS[key]

    def change(table: Setup, role: str, value: Any) -> None:
        """Where a model plays: others would heed nothing."""
        if not role and any(map(kinds.is_model, table.seats.values())):
            table.controls[key] = value
        for each in _named(role, table.seats, mark("role")) if role else ():
            if kinds.is_model(table.seats[each]):
                table.controls[f"incentive.{each}"] = value

    return Key(key, line.takes, line.spell, change)


def _party(*path: str) -> Callable[[Setup, str, Any], None]:
    def change(table: Setup, role: str, value: Any) -> None:
        for each in _named(role, table.data["parties"], mark("role")):
            _put(table.data["parties"][each], path, value)

    return change


def _top(*path: str) -> Callable[[Setup, str, Any], None]:
    return lambda table, name, value: _put(table.data, path, value)


def _held_by(table: Setup, fact: str, value: Any) -> None:
    facts = {each["id"]: each for each in table.data.get("evidence", ())}
    for each in _named(fact, facts, mark("evidence")):
        facts[each]["held_by"] = value


def _switched_off(table: Setup, name: str, gate: Any) -> None:
    """No part of the checkpoint can stop a deal any more; evidence and news lose what they said about it. The team's half
    of Alignment is quorum, veto and red lines: the PM's own yes is left."""
    data, checkpoints = table.data, table.data.get("checkpoints", {})
    shut = "alignment" if gate == "people" else gate
    checkpoints.pop(shut, None)
    amendment.no_news_of(data, f"checkpoints.{shut}")
    if gate in ("alignment", "team"):
        data["agreement"] = {"accept_at_least": 1}
        for party in data["parties"].values():
            party.pop("red_lines", None)
    asked = {criterion["id"] for criteria in checkpoints.values() for criterion in criteria}
    for fact in amendment.facts(data):
        for side, beside in (("supports", "when"), ("undermines", "unless")):
            fact[side] = [each for each in fact.get(side, ()) if each in asked]
            if not fact[side]:
                fact.pop(beside, None)


def _put(holder: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for step in path[:-1]:
        holder = holder.setdefault(step, {})
    holder[path[-1]] = value


def _named(name: str, known: Mapping[str, Any], what: str) -> list[str]:
    if name == ALL:
        return list(known)
    if name not in known:
        raise LookupError(tr("there is no such {what}{hint}", what=tr(what), hint=did_you_mean(name, known)))
    return [name]


_PLAYERS = mark("embedded, openai:MODEL, openai:MODEL@URL, local or python:MODULE:CLASS")
KEYS: tuple[Key, ...] = (
    Key("lang", mark("en or zh-Hant: the case in these texts"), typed.language, _in_words_of),
    Key("model", mark("who plays every seat: a model's name, {players}"), typed.model, _everybody),
    Key("seat.ROLE", _PLAYERS, typed.kind, _seat),
    Key("pm_style", mark("how the PM leads: none, or one of `aipm list styles`"), typed.style, _leads),
    Key("parties.ROLE.walk_away", "points", typed.number, _party("walk_away")),
    Key("parties.ROLE.temperament.candour", mark("a number from 0 to 1"), typed.number, _party("temperament", "candour")),
    Key(
        "parties.ROLE.temperament.concession", mark("boulware, linear or conceder"), typed.word,
        _party("temperament", "concession"),
    ),
    Key("evidence.ID.held_by", mark("roles joined by +, or nothing: on the table from the start"), typed.roles, _held_by),
    Key("agreement.accept_at_least", mark("how many must say yes"), typed.whole, _top("agreement", "accept_at_least")),
    Key("agreement.veto", mark("roles joined by +, or nothing"), typed.roles, _top("agreement", "veto")),
    Key("rounds", mark("a number of rounds"), typed.whole, _top("rounds")),
    Key(WITHOUT, mark("what is switched off: {names}"), typed.gate, _switched_off),
    *map(_control, CONTROLS),
)  # fmt: skip
"""In the order in which they take effect: who plays everywhere before who plays one seat."""
