"""The four checkpoints, as pure functions: criteria are found, checkpoints are ruled.

A criterion is *failed* if a tabled fact undermines it and the package does not answer that fact,
or if its rule does not hold; *not shown* if it requires evidence and no tabled fact supports it;
else *met*. Undermined beats supported and beats the rule.

A fact that is challenged on a ground there is something to supports nothing until that is answered, by
another fact or by the package. It goes on undermining: a challenge tightens and never loosens.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from aipm_agents.roles import PM
from aipm_agents.scenario.criteria import CHECKPOINTS
from aipm_agents.table.contests import elsewhere, supporting, unanswered
from aipm_agents.table.events import (
    CrossedLine,
    Finding,
    Ruled,
    Team,
    package_on_table,
    positions,
    tabled_evidence,
    yes_votes,
)
from aipm_agents.table.heard import heard
from aipm_agents.table.options import at_the_table
from aipm_agents.table.rules import exists, holds, matches

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from aipm_agents.roles import Role
    from aipm_agents.scenario.criteria import CheckpointName, Criterion
    from aipm_agents.scenario.evidence import Evidence
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.contests import Contest
    from aipm_agents.table.events import Event, Ground, Verdict

_NAMED = 3
"""Changes that a finding names as mending it, at most."""
_WORSE: tuple[Verdict, ...] = ("pass", "pass_with_follow_up", "not_shown", "blocked")


def find(
    scenario: Scenario, criterion: Criterion, package: Package, tabled: Collection[str],
    contests: Collection[Contest],
) -> Finding:  # fmt: skip
    """How one criterion stands for a package, with this evidence on the table and these challenges to it."""
    against = [
        fact.id for fact in _against(scenario, criterion, tabled) if not _answered(fact, package)
    ]  # fmt: skip

    def mends(changed: Package) -> bool:
        return not fails(scenario, criterion, changed, tabled)

    if against:
        return Finding(
            criterion=criterion.id, status="failed", ground="undermined", evidence=tuple(against),
            opens=_openings(scenario, package, mends, tabled),
        )  # fmt: skip
    if not all(holds(scenario, rule, package) for rule in criterion.rule):
        return Finding(
            criterion=criterion.id,
            status="failed",
            ground="rule",
            opens=_openings(scenario, package, mends, tabled),
        )
    support = supporting(scenario, criterion, package, tabled, contests)
    if criterion.evidence == "required" and not support:
        return _not_shown(scenario, criterion, package, tabled, contests)
    ground: Ground = "supported" if support else "unchallenged"
    return Finding(criterion=criterion.id, status="met", ground=ground, evidence=support)


def _not_shown(
    scenario: Scenario, criterion: Criterion, package: Package,
    tabled: Collection[str], contests: Collection[Contest],
) -> Finding:  # fmt: skip
    """Nothing shows it; or what would is contested, and the record says by whom and what would answer."""
    standing = unanswered(scenario, criterion, package, tabled, contests)
    others = elsewhere(scenario, criterion, package, tabled)
    if not standing and not others:
        return Finding(criterion=criterion.id, status="not_shown", ground="no_evidence")

    def mends(changed: Package) -> bool:
        shown_by = supporting(scenario, criterion, changed, tabled, contests)
        return bool(shown_by) and not fails(scenario, criterion, changed, tabled)

    opens = _openings(scenario, package, mends, tabled)
    if not standing:
        return Finding(
            criterion=criterion.id, status="not_shown", ground="no_evidence", evidence=others, opens=opens
        )
    return Finding(
        criterion=criterion.id, status="not_shown", ground="contested",
        evidence=tuple(dict.fromkeys(contest.evidence for contest in standing)),
        opens=opens, contests=standing,
    )  # fmt: skip


def fails(scenario: Scenario, criterion: Criterion, package: Package, tabled: Collection[str]) -> bool:
    """Whether a criterion is failed for a package: undermined and unanswered, or its rule broken."""
    return not all(holds(scenario, rule, package) for rule in criterion.rule) or any(
        not _answered(fact, package) for fact in _against(scenario, criterion, tabled)
    )


def rule(scenario: Scenario, findings: Iterable[Finding], team: Team) -> dict[CheckpointName, Verdict]:
    """The verdict of each checkpoint; Alignment's is the worse of its criteria and of the team's half."""
    by_name = {finding.criterion: finding for finding in findings}
    verdicts: dict[CheckpointName, Verdict] = {}
    for name in CHECKPOINTS:
        verdicts[name] = _verdict(
            (criterion, by_name[criterion.id]) for criterion in getattr(scenario.checkpoints, name)
        )
    verdicts["alignment"] = _worse(verdicts["alignment"], team.verdict)
    return verdicts


def people(scenario: Scenario, findings: Iterable[Finding]) -> Verdict:
    """Alignment's first half: harm, fairness, control."""
    by_name = {finding.criterion: finding for finding in findings}
    return _verdict((each, by_name[each.id]) for each in scenario.checkpoints.alignment)


def team(scenario: Scenario, package: Package, yes: Collection[Role]) -> Team:
    """Alignment's second half: enough yeses, every veto holder's among them, no red line crossed."""
    agreement = scenario.agreement
    crossed = tuple(
        CrossedLine(role=role, because=line.because)
        for role, party in scenario.parties.items()
        for line in party.red_lines
        if matches(package, line.when)
    )
    missing = tuple(role for role in agreement.veto if role not in yes)
    met = len(yes) >= agreement.accept_at_least and not missing and not crossed
    return Team(
        yes=tuple(role for role in scenario.parties if role in yes), needed=agreement.accept_at_least,
        veto_missing=missing, crossed=crossed, verdict="pass" if met else "blocked",
    )  # fmt: skip


def is_open(verdict: Verdict) -> bool:
    """Whether a checkpoint stands in nobody's way."""
    return verdict in ("pass", "pass_with_follow_up")


def lets_through(ruling: Ruled) -> bool:
    """Whether all four checkpoints let the package through, and everybody has voted knowing the facts."""
    passed = all(map(is_open, ruling.verdicts.values()))
    return passed and not ruling.too_new


def ruling(
    scenario: Scenario, number: int, package: Package, yes: Collection[Role],
    tabled: Collection[str], fresh: Collection[str], contests: Collection[Contest],
) -> Ruled:  # fmt: skip
    """The ruling of a round.

    `tabled`: all evidence on the table; `fresh`: what came to it with this round's answers; `yes`:
    the roles that said yes, the PM among them when the package is its own proposal; `contests`: the
    challenges made so far that there is something to.
    """
    criteria = (each for _, each in scenario.criteria.values())
    findings = tuple(find(scenario, each, package, tabled, contests) for each in criteria)
    together = team(scenario, package, yes)
    return Ruled(
        round=number, role=PM, findings=findings,
        verdicts=rule(scenario, findings, together), people=people(scenario, findings), team=together,
        asked=tuple(finding.criterion for finding in findings if finding.status == "not_shown"),
        too_new=tuple(fact.id for fact in _tabled(scenario, fresh) if fact.undermines),
    )  # fmt: skip


def ruling_of(scenario: Scenario, events: tuple[Event, ...], number: int) -> Ruled | None:
    """The ruling that a round's moves come to; None where nothing was tabled."""
    package = package_on_table(events)
    if package is None:
        return None
    answers = positions(events, number).values()
    return ruling(
        at_the_table(scenario, events), number, package,
        yes=yes_votes(events, number), tabled=tabled_evidence(scenario, events),
        fresh={name for answer in answers for name in answer.move.tables},
        contests=heard(scenario, events).contests,
    )  # fmt: skip


def _against(scenario: Scenario, criterion: Criterion, tabled: Collection[str]) -> Iterator[Evidence]:
    return (fact for fact in scenario.undermining.get(criterion.id, ()) if fact.id in tabled)


def _tabled(scenario: Scenario, tabled: Collection[str]) -> Iterator[Evidence]:
    return (fact for name, fact in scenario.facts.items() if name in tabled)


def _answered(fact: Evidence, package: Package) -> bool:
    return fact.unless is not None and matches(package, fact.unless)


def _verdict(pairs: Iterable[tuple[Criterion, Finding]]) -> Verdict:
    verdict: Verdict = "pass"
    for criterion, finding in pairs:
        if finding.status == "met":
            continue
        if not criterion.blocking:
            verdict = _worse(verdict, "pass_with_follow_up")
        else:
            verdict = _worse(verdict, "blocked" if finding.status == "failed" else "not_shown")
    return verdict


def _worse(one: Verdict, other: Verdict) -> Verdict:
    return max(one, other, key=_WORSE.index)


def _openings(
    scenario: Scenario, package: Package, mends: Callable[[Package], bool], tabled: Collection[str]
) -> tuple[Package, ...]:
    """The changes that would mend a criterion and shut no other that must be met, three at most: of one issue, or where
    every such change breaks something else, of two."""
    sound = [
        each for _, each in scenario.criteria.values()
        if each.blocking and not fails(scenario, each, package, tabled)
    ]  # fmt: skip

    def free(change: Package) -> bool:
        changed = {**package, **change}
        return (
            exists(scenario, changed)
            and mends(changed)
            and not any(fails(scenario, each, changed, tabled) for each in sound)
        )

    single: list[Package] = [
        {issue.id: option.id} for issue in scenario.issues for option in issue.options
        if option.id != package[issue.id]
    ]  # fmt: skip
    alone = tuple(islice(filter(free, single), _NAMED))
    if alone:
        return alone
    mending = [change for change in single if mends({**package, **change})]
    both = ({**one, **other} for one in mending for other in single if one.keys() != other.keys())
    return tuple(islice(filter(free, both), _NAMED))
