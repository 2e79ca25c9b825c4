"""Scenarios of NegMAS (Mohammad 2021), as `Scenario.dumpas` writes them: the outcome space in one YAML or JSON file, a
utility function in each of those beside it.

Linear additive utilities are held: the sum over the issues of weight x value, and a bias. Where the sum can pass 1 or
fall below 0, all of it is scaled to between 0 and 1, the reserved value too, as NegMAS's own `normalize` does.
"""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, NamedTuple

from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.scenario import yaml
from aipm_agents.scenario.imports import additive
from aipm_agents.scenario.imports.additive import Profile, Scale
from aipm_agents.scenario.imports.game import Note

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aipm_agents.scenario.imports.game import Game

_ENDINGS = (".yml", ".yaml", ".json")
_LINEAR = (
    "LinearAdditiveUtilityFunction",
    "LinearUtilityAggregationFunction",
    "AffineUtilityFunction",
    "LinearUtilityFunction",
)
_DISCOUNTED = ("ExpDiscountedUFun", "LinDiscountedUFun")


class _File(NamedTuple):
    path: Path
    data: dict[str, Any]

    def fault(self, message: str) -> UsageError:
        return UsageError(f"{self.path}: {message}")


def read(path: Path, profiles: tuple[Path, ...], levels: int | None) -> Game:
    """The game of an outcome space, named as its file or its folder, with these utility functions; where none are
    named, with all that lie beside it, by their names. Raises `UsageError`."""
    domain = _domain(path)
    mapped: list[Note] = []
    lost: list[Note] = []
    scales = additive.sliced([_scale(domain, each) for each in _issues(domain)], levels, domain.path, mapped)
    files = [_file(each) for each in profiles] or [
        f for f in _beside(domain.path.parent) if "fun" in _type(f.data).lower()
    ]
    if len(files) < 2:
        raise domain.fault(tr("has preferences of {n} parties; a negotiation has two at least", n=len(files)))
    made = [_profile(file, scales, mapped, lost) for file in files]
    name = str(domain.data.get("name") or domain.path.stem)
    return additive.game(name, name, scales, made, mapped, lost)


def _domain(path: Path) -> _File:
    if not path.is_dir():
        found = _file(path)
        if "OutcomeSpace" not in _type(found.data):
            raise found.fault(
                tr(
                    "is no outcome space; name the file that lists the issues, and utility functions with --profile"
                )
            )
        return found
    spaces = [each for each in _beside(path) if "OutcomeSpace" in _type(each.data)]
    if len(spaces) != 1:
        names = tr(", ").join(each.path.name for each in spaces) or tr("none")
        raise UsageError(
            tr("{path}: one file is to be the domain, and here are {names}; name it", path=path, names=names)
        )
    return spaces[0]


def _beside(folder: Path) -> list[_File]:
    """Files of a folder that say of what type they are, by their names."""
    paths = [
        each for each in sorted(folder.iterdir()) if each.suffix in _ENDINGS and each.name[0] not in "._"
    ]
    return [file for file in map(_file, paths) if _type(file.data)]


def _file(path: Path) -> _File:
    try:
        text = path.read_text("utf-8-sig")
        data = json.loads(text, parse_float=Decimal) if path.suffix == ".json" else yaml.parse(text).data
    except OSError as error:
        raise UsageError(
            tr("{path}: cannot be read: {strerror}", path=path, strerror=error.strerror)
        ) from None
    except UnicodeDecodeError:
        raise UsageError(tr("{path}: is not UTF-8 text", path=path)) from None
    except yaml.YamlError as error:
        raise UsageError(f"{path}:{error.mark.line}: {error.message}") from None
    except ValueError as error:
        raise UsageError(tr("{path}: is no JSON: {error}", path=path, error=error)) from None
    if not isinstance(data, dict):
        raise UsageError(
            tr("{path}: has no keys, and is neither an outcome space nor a utility function", path=path)
        )
    return _File(path, data)


def _type(data: Any) -> str:
    """What a part of a file says it is, without its module."""
    found = data.get("type") or data.get("__python_class__") if isinstance(data, dict) else None
    return str(found or "").rpartition(".")[2]


# --- the issues -------------------------------------------------------------------------------


def _issues(domain: _File) -> list[Any]:
    issues = domain.data.get("issues")
    if not isinstance(issues, list) or not issues:
        raise domain.fault(tr("has no issues"))
    return issues


def _scale(file: _File, issue: Any) -> Scale:
    name, values = (issue.get("name"), issue.get("values")) if isinstance(issue, dict) else (None, None)
    if not isinstance(name, str) or not isinstance(values, list | int) or isinstance(values, bool):
        raise file.fault(tr("an issue needs a name and values"))
    kind = _type(issue)
    if isinstance(values, int):
        values = list(range(values))
    elif kind in ("ContiguousIssue", "ContinuousIssue") and len(values) == 2:
        low, high = (_number(file, each) for each in values)
        if kind == "ContinuousIssue":
            return Scale(name, (), low, high)
        return Scale(name, tuple(str(n) for n in range(int(low), int(high) + 1)), low, high)
    if kind.startswith("Callable") or not values:
        raise file.fault(
            tr("{issue} is of the kind {kind}, whose values are not listed", issue=repr(name), kind=kind)
        )
    return Scale(name, tuple(map(str, values)))


# --- a utility function -----------------------------------------------------------------------


def _profile(file: _File, scales: tuple[Scale, ...], mapped: list[Note], lost: list[Note]) -> Profile:
    data, discount = file.data, Decimal(1)
    if _type(data) in _DISCOUNTED:
        discount = _discount(file, lost)
        data = data.get("ufun") or {}
    if _type(data) not in _LINEAR:
        raise file.fault(
            tr(
                "its utility is a {kind}, which is no sum over the issues, and cannot be held",
                kind=_type(data) or "?",
            )
        )
    weights = _by_issue(file, data.get("weights") or [1] * len(scales), scales)
    rules = _by_issue(file, data.get("values") or [{"type": "IdentityFun"}] * len(scales), scales)
    bias = _number(file, data.get("bias") or 0)
    rows = [
        {value: _number(file, weight) * _evaluator(file, rule, scale)(value) for value in scale.values}
        for weight, rule, scale in zip(weights, rules, scales, strict=True)
    ]
    least = sum((min(row.values()) for row in rows), bias)
    most = sum((max(row.values()) for row in rows), bias)
    reserved = _reserved(file, lost)
    if most <= least:
        raise file.fault(tr("gives every deal the same utility"))
    if least < 0 or most > 1 or bias:
        mapped.append(
            Note(
                tr(
                    "{name}: utilities from {low:f} to {high:f}",
                    name=file.path.stem,
                    low=least.normalize(),
                    high=most.normalize(),
                ),
                tr("scaled to between 0 and 1"),
            )
        )
        rows = [{value: (n - min(row.values())) / (most - least) for value, n in row.items()} for row in rows]
        reserved = (reserved - least) / (most - least) if reserved is not None else None
    ones = (Decimal(1),) * len(scales)
    return Profile(
        file.path.stem, ones, tuple(row.__getitem__ for row in rows), reserved or Decimal(0), discount
    )


def _discount(file: _File, lost: list[Note]) -> Decimal:
    """What a round leaves: of a discount by steps it is that, of one by time from 0 to 1 its root."""
    data, by = file.data, str(file.data.get("factor", "step"))
    if _type(data) == "ExpDiscountedUFun" and by in ("step", "relative_time"):
        discount = _number(file, data.get("discount") or 1)
        if data.get("dynamic_reservation") is False:
            lost.append(
                Note(
                    tr("the reserved value of {name} is not discounted", name=file.path.stem),
                    tr("what shrinks here is the gain over the walk-away"),
                )
            )
        return discount if by == "step" else additive.each_round(discount)
    what = tr("{kind} of {name}, by {factor}", kind=_type(data), name=file.path.stem, factor=by)
    lost.append(Note(what, tr("only a discount by step or by relative_time can be held, so nothing shrinks")))
    return Decimal(1)


def _reserved(file: _File, lost: list[Note]) -> Decimal | None:
    """The reserved value; None where there is none, which NegMAS writes as minus infinity."""
    value = file.data.get("reserved_value")
    if value is None or "inf" in str(value).lower():
        lost.append(
            Note(
                tr("{name} has no reserved value", name=file.path.stem),
                tr("walk_away: 0, so every deal is better than none"),
            )
        )
        return None
    return _number(file, value)


def _by_issue(file: _File, given: Any, scales: tuple[Scale, ...]) -> list[Any]:
    """What stands for each issue, by its place or by its name."""
    if isinstance(given, dict) and all(scale.name in given for scale in scales):
        return [given[scale.name] for scale in scales]
    if isinstance(given, list) and len(given) == len(scales):
        return given
    raise file.fault(
        tr("has weights or values for other issues than the domain, which has {n}", n=len(scales))
    )


def _evaluator(file: _File, rule: Any, scale: Scale) -> Callable[[str], Decimal]:
    match _type(rule), rule:
        case "TableFun", {"mapping": dict() as mapping}:
            table = {str(value): _number(file, n) for value, n in mapping.items()}
            if missing := [value for value in scale.values if value not in table]:
                raise file.fault(
                    tr("does not evaluate {value} of {issue}", value=repr(missing[0]), issue=repr(scale.name))
                )
            return table.__getitem__
        case "IdentityFun", _:
            return lambda value: _number(file, value)
        case "ConstFun", {"bias": bias}:
            constant = _number(file, bias)
            return lambda value: constant
        case (("LinearFun" | "AffineFun"), {"slope": slope}):
            a, b = _number(file, slope), _number(file, rule.get("bias") or 0)
            return lambda value: a * _number(file, value) + b
    raise file.fault(
        tr("evaluates {issue} by the function {kind}; TableFun, LinearFun, AffineFun, IdentityFun and ConstFun can be held",
           issue=repr(scale.name), kind=_type(rule) or "?")
    )  # fmt: skip


def _number(file: _File, value: Any) -> Decimal:
    try:
        number = Decimal(str(value)) if not isinstance(value, bool) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise file.fault(tr("{text} is no number", text=repr(str(value)[:40])))
    return number
