"""An amendment: one value of a scenario, named by its path in the file, set to another.

A step of the path is a key (`walk_away`), the id of what stands in a list (`issues.reach`) or, in a list of what has no
ids, its number from 1 (`parties.legal.red_lines.1`). `off` takes a fact, an option or a red line away, with all that is
said of it elsewhere. A figure that news changes has a path as its key, which is one step
(`injects.1.changes.metrics.cost.base`); `off` leaves it as it was.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from aipm_agents.language import tr
from aipm_agents.scenario import yaml
from aipm_agents.scenario.marked import YamlError
from aipm_agents.scenario.problems import did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

OFF = "off"


def value(text: str) -> Any:
    """What is typed, read as the scenario file would read it. Raises `ValueError`."""
    try:
        return yaml.parse(text).data
    except YamlError as error:
        raise ValueError(error.message) from None


def spelt(read: Any) -> str:
    """A value in one spelling: `0.50` and `0.5` are the same."""
    match read:
        case bool() | None | dict() | list():
            return json.dumps(_plain(read), ensure_ascii=False, sort_keys=True)
        case int() | Decimal():
            return f"{Decimal(read).normalize() + 0:f}"
        case _:
            return str(read)


def amend(data: dict[str, Any], path: str, new: Any) -> None:
    """Change plain data of a scenario in place. Raises `LookupError` with what there is, for a step that leads
    nowhere; whether the value fits is for the reader to judge."""
    *steps, last = _steps(path)
    if len(steps) > 1 and steps[0] == "parties" and "points" in (*steps[2:3], last):
        data["parties"].get(steps[1], {}).pop("ordered", None)  # no longer each by its place
    holder: Any = data
    for number, step in enumerate(steps):
        holder = _inside(holder, step)
        if isinstance(holder, list):
            holder = _member(holder, step)
        elif number > 1 and isinstance(holder, dict):
            holder = holder.setdefault(
                step, {}
            )  # what is left out of a file stands in its place once it is set
        elif isinstance(holder, dict) and step in holder:
            holder = holder[step]
        else:
            known = holder if isinstance(holder, dict) else ()
            near = meant(data, path)
            hint = tr("; did you mean {near!r}?", near=near) if near else _hint(step, known)
            raise LookupError(tr("there is no {step!r}{hint}", step=step, hint=hint))
    holder = _inside(holder, last)
    if isinstance(holder, list):
        at = holder.index(_member(holder, last))
        if new == OFF:
            _forget(data, steps, str(holder.pop(at).get("id", "")))
        else:
            holder[at] = new
    elif _is_of_news(steps):
        if last not in holder:
            raise LookupError(tr("there is no {step!r}{hint}", step=last, hint=_hint(last, holder)))
        holder[last] = new
        if new == OFF:
            del holder[last]
    elif isinstance(holder, dict):
        holder[last] = new
    else:
        raise LookupError(tr("there is no {step!r}{hint}", step=last, hint=""))


def _steps(path: str) -> list[str]:
    """The keys of what news changes are paths themselves."""
    steps = path.split(".")
    number = next((n for n in (2, 3) if _is_of_news(steps[:n]) and len(steps) > n), None)
    return [*steps[:number], ".".join(steps[number:])] if number else steps


def _is_of_news(steps: list[str]) -> bool:
    """Of a single inject the number may be left out."""
    return len(steps) in (2, 3) and (steps[0], steps[-1]) == ("injects", "changes")


def _hint(step: str, known: Iterable[str]) -> str:
    """A step that begins like a known one may be meant for it; what is merely of its letters, as `nothing` of
    `teaching`, is not, and what there is is listed."""
    names = list(known)
    alike = [name for name in names if name[:1] == step[:1]]
    if near := nearest(step, alike):
        return tr("; did you mean {near!r}?", near=near)
    return tr("; there is {names}", names=tr(", ").join(names)) if names else ""


def meant(data: dict[str, Any], path: str) -> str | None:
    """The shortest path of the file whose steps hold those of this one in their order, each whole or begun; so that
    `legal.walk` finds `parties.legal.walk_away`."""
    wanted = path.split(".")
    found = [known for known in _paths(data, ()) if _holds(known, wanted)]
    return min(map(".".join, found), key=len) if found and all(wanted) else None


def _paths(holder: Any, before: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """To every value of plain data; what stands in a list by its id, or by its number."""
    if before:
        yield before
    if isinstance(holder, dict):
        for key, each in holder.items():
            yield from _paths(each, (*before, str(key)))
    elif isinstance(holder, list):
        for number, each in enumerate(holder, start=1):
            name = each.get("id", number) if isinstance(each, dict) else number
            yield from _paths(each, (*before, str(name)))


def _holds(known: tuple[str, ...], wanted: list[str]) -> bool:
    left = iter(known)
    return all(any(step.startswith(each) for step in left) for each in wanted)


def _inside(holder: Any, step: str) -> Any:
    """A list of one that has no id, such as a criterion's one rule, is looked through."""
    alone = (
        isinstance(holder, list)
        and len(holder) == 1
        and isinstance(holder[0], dict)
        and "id" not in holder[0]
    )
    return holder[0] if alone and not step.isdigit() else holder


def _member(members: list[Any], name: str) -> Any:
    known = {
        str(each.get("id", number) if isinstance(each, dict) else number): each
        for number, each in enumerate(members, start=1)
    }
    if name not in known:
        raise LookupError(tr("there is no {step!r}{hint}", step=name, hint=did_you_mean(name, known)))
    return known[name]


def _forget(data: dict[str, Any], steps: list[str], name: str) -> None:
    """What is said about a thing that is gone: points and choices of an option, what news changes of a criterion,
    answers of a fact."""
    match steps:
        case ["issues", issue, "options"]:
            for party in data["parties"].values():
                party["points"].get(issue, {}).pop(name, None)
            no_news_of(data, f"issues.{issue}.options.{name}")
            for role in data["parties"]:
                no_news_of(data, f"parties.{role}.points.{issue}.{name}")
            if data.get("opening_package", {}).get(issue) == name:
                data.pop("opening_package")
            _without(data, issue, name)
        case ["checkpoints", gate]:
            no_news_of(data, f"checkpoints.{gate}.{name}")
        case ["evidence"] | ["injects", _, "evidence"]:
            for fact in facts(data):
                for limit in fact.get("limits", ()):
                    limit["answered_by"] = [each for each in limit.get("answered_by", ()) if each != name]


def facts(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every piece of evidence in plain data, those of the injects included."""
    yield from data.get("evidence", ())
    for inject in data.get("injects", ()):
        yield from inject.get("evidence", ())


def no_news_of(data: dict[str, Any], path: str) -> None:
    """News changes nothing any more of what is gone: of this path, and of all within it."""
    for inject in data.get("injects", ()):
        held = inject.get("changes", {})
        inject["changes"] = {key: to for key, to in held.items() if not f"{key}.".startswith(f"{path}.")}


def _without(data: dict[str, Any], issue: str, option: str) -> None:
    """Choices lose an option. What a fact shows, what answers it, a red line and what adds to a figure only beside it
    are gone with it; a rule that asks for it alone is left with nothing, and refused."""
    for fact in facts(data):
        if "when" in fact and not _left(fact, "when", issue, option):
            fact.pop("when")
            fact["supports"] = []
        for holder in (fact, *fact.get("limits", ())):
            if "unless" in holder and not _left(holder, "unless", issue, option):
                holder.pop("unless")
    held = [
        (party, key) for party in data["parties"].values() for key in ("red_lines", "bonuses") if key in party
    ]
    for party, key in held:
        party[key] = [each for each in party[key] if _left(each, "when", issue, option)]
    for one in data["issues"]:
        for each in list(one["options"]):
            _beside(data, one, each, issue, option)
    for criteria in data.get("checkpoints", {}).values():
        for rule in (rule for criterion in criteria for rule in criterion.get("rule", ())):
            for case in _cases(rule.get("choose")):
                if issue in case:
                    case[issue] = _others(case[issue], option)
    _news_without(data, issue, option)


def _news_without(data: dict[str, Any], issue: str, option: str) -> None:
    """What news sets to something that is only beside an option that is gone."""
    for changes in (inject.get("changes", {}) for inject in data.get("injects", ())):
        for key, to in changes.items():
            if isinstance(to, list):
                changes[key] = _parts(to, issue, option)
            elif isinstance(to, dict) and not _left(to, "when", issue, option):
                changes[key] = "never"


def _parts(parts: list[dict[str, Any]], issue: str, option: str) -> Any:
    """What is added, without what was only beside an option that is gone."""
    return [part for part in parts if "when" not in part or _left(part, "when", issue, option)] or 0


def _beside(data: dict[str, Any], one: dict[str, Any], each: dict[str, Any], issue: str, option: str) -> None:
    """What another option adds beside one that is gone; and the other itself, where it is to be had with that alone."""
    for metric, parts in each.get("effects", {}).items():
        if isinstance(parts, list):
            each["effects"][metric] = _parts(parts, issue, option)
    bound = each.get("available")
    if isinstance(bound, dict) and not _left(bound, "when", issue, option):
        one["options"].remove(each)
        _forget(data, ["issues", one["id"], "options"], each["id"])


def _left(holder: dict[str, Any], key: str, issue: str, option: str) -> bool:
    """Choices without an option, of which a case that nothing is left of is no case; whether any is left."""
    cases = _cases(holder[key])
    for case in cases:
        if issue in case:
            case[issue] = _others(case[issue], option)
    holder[key] = [case for case in cases if case.get(issue) != []]
    return bool(holder[key])


def _cases(found: Any) -> list[dict[str, Any]]:
    return [found] if isinstance(found, dict) else list(found or ())


def _others(named: str | list[str], option: str) -> list[str]:
    return [each for each in ([named] if isinstance(named, str) else named) if each != option]


def _plain(read: Any) -> Any:
    match read:
        case dict():
            return {str(key): _plain(each) for key, each in read.items()}
        case list():
            return [_plain(each) for each in read]
        case Decimal():
            return float(read) if read % 1 else int(read)
        case _:
            return read
