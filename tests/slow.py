"""The analysis again, slowly and another way: every package one by one, in fractions, no arrays.

Nothing here imports the analysis, nor the masks it is built on.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import prod

GATES = ("desire", "feasible", "viable", "alignment")


def packages(scenario):
    names = [issue.id for issue in scenario.issues]
    whole = (
        dict(zip(names, choice, strict=True))
        for choice in product(*([option.id for option in issue.options] for issue in scenario.issues))
    )
    return [package for package in whole if there(scenario, package)]


def there(scenario, package):
    """Whether a package exists: nothing in it is to be had only beside something it lacks."""
    return not any(
        option.available and package[issue.id] == option.id and not takes(option.available.when, package)
        for issue in scenario.issues for option in issue.options
    )  # fmt: skip


def points(scenario, role, package):
    party = scenario.parties[role]
    alone = sum(
        (Fraction(str(party.points[issue][option])) for issue, option in package.items()), Fraction(0)
    )
    return alone + sum(Fraction(str(each.points)) for each in party.bonuses if takes(each.when, package))


def gains(scenario, package):
    return {
        role: points(scenario, role, package) - Fraction(str(party.walk_away))
        for role, party in scenario.parties.items()
    }


def gains_left(scenario, package, number):
    """What waiting until this round leaves of them."""
    return {
        role: gain * Fraction(str(scenario.parties[role].discount)) ** (number - 1)
        for role, gain in gains(scenario, package).items()
    }


def takes(cases, package):
    return any(all(package[issue] in options for issue, options in each.items()) for each in cases)


def metric(scenario, name, package):
    made = next(m for m in scenario.metrics if m.id == name)
    if made.of:
        parts = [metric(scenario, each, package) for each in made.of]
        return prod(parts) if made.how == "product" else sum(parts)
    value = next(Fraction(str(m.base)) for m in scenario.metrics if m.id == name)
    for issue in scenario.issues:
        for option in issue.options:
            if option.id == package[issue.id]:
                value += sum(
                    Fraction(str(each.add)) for each in option.effects.get(name, ())
                    if each.when is None or takes(each.when, package)
                )  # fmt: skip
    return value


def keeps(scenario, rule, package):
    if rule.choose is not None:
        return takes(rule.choose, package)
    value = metric(scenario, rule.metric, package)
    return (
        value <= Fraction(str(rule.at_most))
        if rule.at_most is not None
        else value >= Fraction(str(rule.at_least))
    )


def doubted(fact, package, facts, raised):
    """Whether something raised against a fact stands: no fact answers it, and no choice."""
    return any(
        (fact.id, limit.ground) in raised
        and not set(limit.answered_by) & set(facts)
        and not (limit.unless and takes(limit.unless, package))
        for limit in fact.limits
    )


def every_doubt(scenario):
    return {(fact.id, limit.ground) for fact in scenario.facts.values() for limit in fact.limits}


def status(scenario, criterion, package, facts, raised=()):
    """`met`, `not_shown` or `failed`, as the design says it; `raised`: challenges, as (fact, ground)."""
    tabled = [scenario.facts[name] for name in scenario.facts if name in facts]
    for fact in tabled:
        if criterion.id in fact.undermines and not (fact.unless and takes(fact.unless, package)):
            return "failed"
    if not all(keeps(scenario, rule, package) for rule in criterion.rule):
        return "failed"
    shows = [
        fact for fact in tabled
        if criterion.id in fact.supports and (fact.when is None or takes(fact.when, package))
    ]  # fmt: skip
    if criterion.evidence == "required" and all(doubted(fact, package, facts, raised) for fact in shows):
        return "not_shown"
    return "met"


def stopped(scenario, package, facts, gate=None, raised=()):
    return [
        criterion.id
        for name in GATES if gate in (None, name)
        for criterion in getattr(scenario.checkpoints, name)
        if criterion.blocking and status(scenario, criterion, package, facts, raised) != "met"
    ]  # fmt: skip


def crossed(scenario, package):
    return [r for r, p in scenario.parties.items() if any(takes(line.when, package) for line in p.red_lines)]


def willing(scenario, role, package):
    return gains(scenario, package)[role] >= 0 and role not in crossed(scenario, package)


def agreed(scenario, package):
    yes = {role for role in scenario.parties if willing(scenario, role, package)}
    needed = {"pm", *scenario.agreement.veto}
    return len(yes) >= scenario.agreement.accept_at_least and needed <= yes and not crossed(scenario, package)


def everything(scenario):
    return {name for name, fact in scenario.facts.items() if not fact.takes or fact.takes < scenario.rounds}


def within_the_gates(scenario):
    """Everything disclosed, what is wrong with the facts included."""
    facts, doubts = everything(scenario), every_doubt(scenario)
    return [
        p for p in packages(scenario)
        if not stopped(scenario, p, facts, raised=doubts) and agreed(scenario, p)
    ]  # fmt: skip


def _best(scenario, among, key):
    """The first, in the order of package codes, of those with the largest key."""
    best = None
    for package in among:
        value = key(list(gains(scenario, package).values()))
        if value is not None and (best is None or value > best[0]):
            best = (value, package)
    return best and best[1]


def nash(scenario, among):
    return _best(scenario, among, lambda g: prod(g, start=Fraction(1)) if min(g) > 0 else None)


def egalitarian(scenario, among):
    return _best(scenario, among, sorted)


def kalai_smorodinsky(scenario, among):
    rational = [p for p in among if min(gains(scenario, p).values()) >= 0]
    if not rational:
        return None
    ideal = [max(column) for column in zip(*(gains(scenario, p).values() for p in rational), strict=True)]
    return _best(
        scenario, rational,
        lambda g: sorted(gain / best for gain, best in zip(g, ideal, strict=True) if best > 0),
    )  # fmt: skip


def max_welfare(scenario, among):
    return _best(scenario, among, sum)


def dominates(scenario, one, other):
    a, b = gains(scenario, one).values(), gains(scenario, other).values()
    return all(x >= y for x, y in zip(a, b, strict=True)) and any(x > y for x, y in zip(a, b, strict=True))


def optimal(scenario, among):
    return [p for p in among if not any(dominates(scenario, other, p) for other in among)]


def geometric(values):
    return float(prod((max(Fraction(0), v) for v in values), start=Fraction(1))) ** (1 / len(values))
