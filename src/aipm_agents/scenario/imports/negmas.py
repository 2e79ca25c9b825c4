"""Scenarios of NegMAS (Mohammad 2021), as `Scenario.dumpas` writes them: the outcome space in one YAML or JSON file, a
utility function in each of those beside it.

Linear additive utilities are held: the sum over the issues of weight x value, and a bias. Where the sum can pass 1 or
fall below 0, all of it is scaled to between 0 and 1, the reserved value too, as NegMAS's own `normalize` does. So are
sums of constants over hyper-rectangles.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.scenario.imports import additive
from aipm_agents.scenario.imports.additive import GameScale, Profile, whole_numbers
from aipm_agents.scenario.imports.game import Note
from aipm_agents.scenario.imports.negmas_file import NegmasFile, beside, kind, number, read_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aipm_agents.scenario.imports.game import Game

_LINEAR = (
    "LinearAdditiveUtilityFunction",
    "LinearUtilityAggregationFunction",
    "AffineUtilityFunction",
    "LinearUtilityFunction",
)
_BOXES = "HyperRectangleUtilityFunction"
_DISCOUNTED = ("ExpDiscountedUFun", "LinDiscountedUFun")


def read(path: Path, profiles: tuple[Path, ...], levels: int | None) -> Game:
    """The game of an outcome space, named as its file or its folder, with these utility functions; where none are
    named, with all that lie beside it, by their names. Raises `UsageError`."""
    domain = _domain(path)
    mapped: list[Note] = []
    lost: list[Note] = []
    scales = additive.sliced([_scale(domain, each) for each in _issues(domain)], levels, domain.path, mapped)
    files = [read_file(each) for each in profiles] or [
        f for f in beside(domain.path.parent) if "fun" in kind(f.data).lower()
    ]
    if len(files) < 2:
        raise domain.fault(tr("has preferences of {n} parties; a negotiation has two at least", n=len(files)))
    made = [_profile(file, scales, mapped, lost) for file in files]
    name = str(domain.data.get("name") or domain.path.stem)
    return additive.game(name, name, scales, made, mapped, lost)


def _domain(path: Path) -> NegmasFile:
    if not path.is_dir():
        found = read_file(path)
        if "OutcomeSpace" not in kind(found.data):
            raise found.fault(
                tr(
                    "is no outcome space; name the file that lists the issues, and utility functions with --profile"
                )
            )
        return found
    spaces = [each for each in beside(path) if "OutcomeSpace" in kind(each.data)]
    if len(spaces) != 1:
        names = tr(", ").join(each.path.name for each in spaces) or tr("none")
        raise UsageError(
            tr("{path}: one file is to be the domain, and here are {names}; name it", path=path, names=names)
        )
    return spaces[0]


# --- the issues -------------------------------------------------------------------------------


def _issues(domain: NegmasFile) -> list[Any]:
    issues = domain.data.get("issues")
    if not isinstance(issues, list) or not issues:
        raise domain.fault(tr("has no issues"))
    return issues


def _scale(file: NegmasFile, issue: Any) -> GameScale:
    name, values = (issue.get("name"), issue.get("values")) if isinstance(issue, dict) else (None, None)
    if not isinstance(name, str) or not isinstance(values, list | int) or isinstance(values, bool):
        raise file.fault(tr("an issue needs a name and values"))
    what = kind(issue)
    if isinstance(values, int):
        values = list(whole_numbers(Decimal(0), Decimal(values - 1), file.path))
    elif what in ("ContiguousIssue", "ContinuousIssue") and len(values) == 2:
        low, high = (number(file, each) for each in values)
        if what == "ContinuousIssue":
            return GameScale(name, (), low, high)
        return GameScale(name, whole_numbers(low, high, file.path), low, high)
    if what.startswith("Callable") or not values:
        raise file.fault(
            tr("{issue} is of the kind {kind}, whose values are not listed", issue=repr(name), kind=what)
        )
    return GameScale(name, tuple(map(str, values)))


# --- a utility function -----------------------------------------------------------------------


def _profile(
    file: NegmasFile, scales: tuple[GameScale, ...], mapped: list[Note], lost: list[Note]
) -> Profile:
    data, discount = file.data, Decimal(1)
    if kind(data) in _DISCOUNTED:
        discount = _discount(file, lost)
        data = data.get("ufun") or {}
    if kind(data) == _BOXES:
        from aipm_agents.scenario.imports import boxes, rectangles

        found = rectangles.utility(file, data, scales, mapped)
        found = found._replace(reservation=_reserved(file, lost), discount=discount)
        return boxes.profile(file.path.stem, scales, found, file.path, mapped, lost)
    if kind(data) not in _LINEAR:
        raise file.fault(
            tr(
                "its utility is a {kind}, which is a sum neither over the issues nor over hyper-rectangles, and cannot be held",
                kind=kind(data) or "?",
            )
        )
    weights = _by_issue(file, data.get("weights") or [1] * len(scales), scales)
    rules = _by_issue(file, data.get("values") or [{"type": "IdentityFun"}] * len(scales), scales)
    bias = number(file, data.get("bias") or 0)
    rows = [
        {value: number(file, weight) * _evaluator(file, rule, scale)(value) for value in scale.values}
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


def _discount(file: NegmasFile, lost: list[Note]) -> Decimal:
    """What a round leaves: of a discount by steps it is that, of one by time from 0 to 1 its root."""
    data, by = file.data, str(file.data.get("factor", "step"))
    if kind(data) == "ExpDiscountedUFun" and by in ("step", "relative_time"):
        discount = number(file, data.get("discount") or 1)
        if data.get("dynamic_reservation") is False:
            lost.append(
                Note(
                    tr("the reserved value of {name} is not discounted", name=file.path.stem),
                    tr("what shrinks here is the gain over the walk-away"),
                )
            )
        return discount if by == "step" else additive.each_round(discount)
    what = tr("{kind} of {name}, by {factor}", kind=kind(data), name=file.path.stem, factor=by)
    lost.append(Note(what, tr("only a discount by step or by relative_time can be held, so nothing shrinks")))
    return Decimal(1)


def _reserved(file: NegmasFile, lost: list[Note]) -> Decimal | None:
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
    return number(file, value)


def _by_issue(file: NegmasFile, given: Any, scales: tuple[GameScale, ...]) -> list[Any]:
    """What stands for each issue, by its place or by its name."""
    if isinstance(given, dict) and all(scale.name in given for scale in scales):
        return [given[scale.name] for scale in scales]
    if isinstance(given, list) and len(given) == len(scales):
        return given
    raise file.fault(
        tr("has weights or values for other issues than the domain, which has {n}", n=len(scales))
    )


def _evaluator(file: NegmasFile, rule: Any, scale: GameScale) -> Callable[[str], Decimal]:
    match kind(rule), rule:
        case "TableFun", {"mapping": dict() as mapping}:
            table = {str(value): number(file, n) for value, n in mapping.items()}
            if missing := [value for value in scale.values if value not in table]:
                raise file.fault(
                    tr("does not evaluate {value} of {issue}", value=repr(missing[0]), issue=repr(scale.name))
                )
            return table.__getitem__
        case "IdentityFun", _:
            return lambda value: number(file, value)
        case "ConstFun", {"bias": bias}:
            constant = number(file, bias)
            return lambda value: constant
        case (("LinearFun" | "AffineFun"), {"slope": slope}):
            a, b = number(file, slope), number(file, rule.get("bias") or 0)
            return lambda value: a * number(file, value) + b
    raise file.fault(
        tr("evaluates {issue} by the function {kind}; TableFun, LinearFun, AffineFun, IdentityFun and ConstFun can be held",
           issue=repr(scale.name), kind=kind(rule) or "?")
    )  # fmt: skip
