"""Domains and preference profiles of GENIUS (Lin et al. 2014), as its XML files hold them.

A domain lists the issues; a profile gives each value an evaluation and each issue a weight. The utility is the sum of
weight x evaluation, an evaluation of names divided by the largest of its issue, the weights made to add up to 1
(`AdditiveUtilitySpace`, `EvaluatorDiscrete`, `EvaluatorInteger`, `EvaluatorReal` of GENIUS 10.4). A nonlinear profile is a
sum over hyper-rectangles (`NonlinearUtilitySpace`).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.scenario.imports import additive
from aipm_agents.scenario.imports.additive import GameScale, Profile, whole_numbers
from aipm_agents.scenario.imports.game import Note, inside
from aipm_agents.scenario.imports.genius_file import GeniusFile, discount, number, read_file, required, single

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from aipm_agents.scenario.imports.game import Game


def read(path: Path, profiles: tuple[Path, ...], levels: int | None) -> Game:
    """The game of a domain, in a folder or named as its file, with these profiles. Raises `UsageError`."""
    domain = _domain(path)
    mapped: list[Note] = []
    lost: list[Note] = []
    scales = additive.sliced(_scales(domain), levels, domain.path, mapped)
    files = [read_file(each) for each in profiles] or _profiles(domain, scales)
    if len(files) < 2:
        raise domain.fault(tr("has preferences of {n} parties; a negotiation has two at least", n=len(files)))
    made = [_profile(each, scales, mapped, lost, _agent(domain, each)) for each in files]
    if any(item.get("cost", "0").strip("0. ") for item in domain.root.iter("item")):
        lost.append(
            Note(
                tr("the cost of each value"),
                tr("no agent of GENIUS is paid by it; make it a metric with a bound, if it is one"),
            )
        )
    name = domain.path.parent.name if path.is_dir() else domain.path.stem
    objective = domain.root.find(".//objective")
    title = (objective.get("name", "") if objective is not None else "") or name
    return additive.game(path.resolve().name if path.is_dir() else name, title, scales, made, mapped, lost)


# --- the files --------------------------------------------------------------------------------


def _domain(path: Path) -> GeniusFile:
    if not path.is_dir():
        found = read_file(path)
        if found.root.tag != "negotiation_template":
            raise found.fault(
                tr(
                    "is a profile, and not a domain; name the folder or the domain, and profiles with --profile"
                )
            )
        return found
    domains = [each for each in _all(path) if each.root.tag == "negotiation_template"]
    if len(domains) != 1:
        names = tr(", ").join(each.path.name for each in domains) or tr("none")
        raise UsageError(
            tr("{path}: one file is to be the domain, and here are {names}; name it", path=path, names=names)
        )
    return domains[0]


def _all(folder: Path) -> list[GeniusFile]:
    """Those of a folder that can be read; what cannot is no domain and no profile."""
    found = []
    for path in sorted(folder.glob("*.xml")):
        try:
            found.append(read_file(path))
        except UsageError:
            continue
    return found


def _profiles(domain: GeniusFile, scales: tuple[GameScale, ...]) -> list[GeniusFile]:
    """The profiles that the domain names; or, where it names none that is there, the two that lie beside it, or the two
    of these whose names begin as its own does (`Car-A-domain.xml`, `Car-A-prof1.xml`)."""
    named = [
        inside(domain.path.parent, agent.get("utility_space", "")) for agent in domain.root.iter("agent")
    ]
    if len(named) > 1 and all(each.is_file() for each in named):
        return [read_file(each) for each in named]
    names = [scale.name for scale in scales]
    beside = [
        each for each in _all(domain.path.parent)
        if each.root.tag == "utility_space" and [issue.get("name") for issue in each.root.iter("issue")] == names
    ]  # fmt: skip
    begin = domain.path.stem.partition("domain")[0]
    alike = [each for each in beside if begin and each.path.name.startswith(begin)]
    if len(beside) > 2 and len(alike) == 2:
        return alike
    if len(beside) > 2:
        listed = tr(", ").join(each.path.name for each in beside)
        raise domain.fault(
            tr(
                "{n} profiles lie beside it ({names}); say which play, the PM first: --profile FILE --profile FILE",
                n=len(beside),
                names=listed,
            )
        )
    return beside


def _agent(domain: GeniusFile, profile: GeniusFile) -> str:
    """What the domain calls the party of a profile; else the name of its file."""
    named = {agent.get("utility_space"): agent.get("name") for agent in domain.root.iter("agent")}
    return named.get(profile.path.name) or profile.path.stem


# --- the issues -------------------------------------------------------------------------------


def _scales(domain: GeniusFile) -> list[GameScale]:
    if domain.root.find(".//objective/objective") is not None:
        raise domain.fault(tr("has objectives inside of objectives; only issues side by side can be held"))
    scales = [_scale(domain, issue) for issue in domain.root.iter("issue")]
    if not scales:
        raise domain.fault(tr("has no issues"))
    return scales


def _scale(file: GeniusFile, issue: Element) -> GameScale:
    name = issue.get("name", "").strip() or tr("an issue without a name")
    kind = issue.get("vtype") or issue.get("type") or "discrete"
    if kind == "discrete":
        items = [
            (required(file, item, "value"), " ".join(item.get("description", "").split()))
            for item in issue.iter("item")
        ]
        if not items:
            raise file.fault(tr("{issue} is of the kind {kind}, whose values are not listed", issue=repr(name), kind=kind))  # fmt: skip
        return GameScale(
            name, tuple(value for value, _ in items), told={value: told for value, told in items if told}
        )
    span = issue.find("range") if issue.find("range") is not None else issue
    assert span is not None
    low, high = (number(file, required(file, span, bound)) for bound in ("lowerbound", "upperbound"))
    if kind == "integer":
        return GameScale(name, whole_numbers(low, high, file.path), low, high)
    if kind == "real":
        return GameScale(name, (), low, high)
    raise file.fault(
        tr("{issue} is of the kind {kind}; there are discrete, integer and real", issue=repr(name), kind=kind)
    )


# --- a profile --------------------------------------------------------------------------------


def _profile(
    file: GeniusFile, scales: tuple[GameScale, ...], mapped: list[Note], lost: list[Note], title: str
) -> Profile:
    _unconstrained(file)
    if file.root.find(".//ufun") is not None:
        from aipm_agents.scenario.imports import boxes, nonlinear

        return boxes.profile(title, scales, nonlinear.utility(file, scales), file.path, mapped, lost)
    if file.root.get("type") == "nonlinear":
        raise file.fault(
            tr("its utility is no sum over the issues and none of hyper-rectangles, and cannot be held")
        )
    issues = {issue.get("name", "").strip(): issue for issue in file.root.iter("issue")}
    weights = {
        weight.get("index"): number(file, required(file, weight, "value"))
        for weight in file.root.iter("weight")
    }
    found: list[Decimal] = []
    evaluate = []
    for scale in scales:
        issue = issues.get(scale.name)
        if issue is None:
            raise file.fault(tr("says nothing of the issue {issue} of its domain", issue=repr(scale.name)))
        weight = weights.get(issue.get("index"))
        if weight is None:
            raise file.fault(tr("gives the issue {issue} no weight", issue=repr(scale.name)))
        found.append(weight)
        evaluate.append(_evaluator(file, issue, scale))
    total = sum(found)
    if total <= 0:
        raise file.fault(tr("has no weight above 0"))
    if file.root.get("type") == "UNCERTAIN":
        lost.append(
            Note(
                tr("{name} is uncertain of its own profile", name=title), tr("here a party knows its points")
            )
        )
    reservation = single(file, "reservation", Decimal(0))
    return Profile(title, tuple(w / total for w in found), tuple(evaluate), reservation, discount(file))


def _unconstrained(file: GeniusFile) -> None:
    rules = sorted({each.get("type", "") for each in file.root.iter("constraint")})
    if rules:
        raise file.fault(
            tr(
                "has constraints that make a deal worth nothing ({names}), and cannot be held",
                names=tr(", ").join(rules),
            )
        )


def _evaluator(file: GeniusFile, issue: Element, scale: GameScale) -> Callable[[str], Decimal]:
    if scale.low == scale.high and not issue.findall("evaluator"):
        raw = {required(file, i, "value"): number(file, i.get("evaluation", "0")) for i in issue.iter("item")}
        most = max(raw.values(), default=Decimal(0))
        if missing := [value for value in scale.values if value not in raw]:
            raise file.fault(
                tr("does not evaluate {value} of {issue}", value=repr(missing[0]), issue=repr(scale.name))
            )
        return lambda value: raw[value] / most if most > Decimal("0.00001") else Decimal(0)
    found = issue.find("evaluator")
    kind = found.get("ftype", "linear") if found is not None else "none"
    if found is None or kind not in ("linear", "constant"):
        raise file.fault(
            tr(
                "evaluates {issue} by the function {kind}; linear and constant can be held",
                issue=repr(scale.name),
                kind=kind,
            )
        )
    if "slope" in found.attrib:  # of integers: from the lower bound on
        slope, offset, start = (
            number(file, found.get("slope", "0")),
            number(file, found.get("offset", "0")),
            scale.low,
        )
    else:
        slope, offset, start = (
            number(file, found.get("parameter1", "0")),
            number(file, found.get("parameter0", "0")),
            Decimal(0),
        )
    slope = Decimal(0) if kind == "constant" else slope
    return lambda value: min(Decimal(1), max(Decimal(0), offset + slope * (Decimal(value) - start)))
