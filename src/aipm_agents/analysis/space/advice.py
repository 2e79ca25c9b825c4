"""What an author should hear about a valid scenario, from its outcome space: what is odd, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.analysis.space.clash import clash
from aipm_agents.analysis.space.masks import every_limit, everything, passes
from aipm_agents.language import mark, tr
from aipm_agents.roles import PM
from aipm_agents.scenario.criteria import CHECKPOINTS
from aipm_agents.table.packages import outcome_space

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from aipm_agents.analysis.space.prospects import Prospects
    from aipm_agents.scenario.criteria import CheckpointName
    from aipm_agents.scenario.model import Scenario


CODES: dict[str, str] = {
    "impossible": mark("No package can be a deal, whatever is said at the table. Look at the walls it names: loosen a bound, let a choice answer a fact, or lower a walk-away."),
    "trivial": mark("Every package would be a deal, so there is nothing to find out and nothing to give. Let a criterion fail somewhere, and let seats want different things."),
    "unasked": mark("A checkpoint where nothing can stop a package passes every time, and nobody has earned it. Ask something there that some package fails, or that somebody has to show."),
    "dead": mark("An option that is in no deal and that nobody prefers tempts nobody and teaches nothing. Give somebody a reason to want it, mend what shuts it out, or take it out."),
    "dominated": mark("An option that is worth no more to anybody than another, and passes nowhere else, will never be chosen for a reason. Give somebody a reason to want it."),
    "idle": mark("A criterion that stops no package is read out and never felt. Tighten its rule, require evidence, or take it out."),
    "dictator": mark("Among the packages that pass, one seat's points decide which are deals; how the others vote changes nothing. Raise accept_at_least, give somebody else a veto, or move a walk-away."),
}  # fmt: skip
"""The word a piece of advice begins with -> what it means for the game, and how to mend it."""


def advice(scenario: Scenario, found: Prospects) -> list[str]:
    """Warnings that need no line: each says what is odd and what to do about it."""
    return [
        *_asked(scenario),
        *_space(scenario, found),
        *_options(scenario, _lasting(found)),
        *_people(scenario, found),
        *_evidence(scenario),
        *_held(scenario),
    ]


def _lasting(found: Prospects) -> Prospects:
    """With what is odd at the beginning only where no news mends it. Where nothing can be a deal any more, every option
    would be dead, and none is told so."""
    for then in found.after_news:
        found = found._replace(
            dead=tuple(each for each in found.dead if each in then.dead or not then.acceptable),
            dominated=tuple(each for each in found.dominated if each in then.dominated),
            idle=tuple(name for name in found.idle if name in then.idle),
        )
    return found


def unasked(scenario: Scenario) -> list[CheckpointName]:
    """Checkpoints without a question that could stop a package: they pass whatever is chosen, and nobody has earned it."""
    stopping = {gate for gate, each in scenario.criteria.values() if each.blocking}
    return [gate for gate in CHECKPOINTS if gate not in stopping]


def _asked(scenario: Scenario) -> Iterator[str]:
    gates = unasked(scenario)
    if gates and len(gates) < len(CHECKPOINTS):  # that nothing at all is asked is told of the space
        yield tr(
            "unasked: nothing at {gates} can stop a package, so it passes without being earned; ask something there",
            gates=tr(", ").join(gates),
        )


def _space(scenario: Scenario, found: Prospects) -> Iterator[str]:
    passing = found.together.disclosed
    if passing == 0:
        yield tr(
            "impossible: no package passes all four checkpoints even with everything disclosed; the run must end in no-go. It is enough to look at: {walls}",
            walls=_walls(scenario),
        )
    elif found.acceptable == 0:
        yield tr(
            "impossible: no package that passes the checkpoints reaches the agreement it needs. These clash: {walls}",
            walls=_walls(scenario),
        )
    elif found.acceptable == found.packages > 1:
        yield tr("trivial: every package would be a deal; there is nothing to negotiate")
    shut = next((each for each in found.after_news if not each.acceptable), None)
    if found.acceptable and shut is not None:
        yield tr(
            'from round {n} on, after the news "{headline}", no package can be a deal any more: a run that is not signed by then must end without one',
            n=shut.before_round, headline=shut.headline,
        )  # fmt: skip
    if found.packages > 1 and passing == found.packages:
        yield tr("no checkpoint stops anything; add a criterion that some package fails")
    if found.quorum and found.acceptable == found.quorum and found.packages > 1 and passing < found.packages:
        yield tr(
            "every package the table would accept also passes the checkpoints; nothing that everyone loves is stopped"
        )


def _walls(scenario: Scenario) -> str:
    """A smallest set that no package meets together."""
    told = {
        "criterion": mark("criterion {name}"), "red_line": mark("a red line of {name}"),
        "walk_away": mark("the walk-away of {name}"), "quorum": mark("the quorum"),
    }  # fmt: skip
    return tr(", ").join(tr(told[wall.kind], name=wall.name) for wall in clash(scenario))


def _options(scenario: Scenario, found: Prospects) -> Iterator[str]:
    dead = set(found.dead)
    least = {issue: _least_alive(scenario, issue, dead) for issue, _ in found.dead}
    for issue, option in found.dead:
        rows = [party.points[issue] for party in scenario.parties.values()]
        if not any(row[option] > other for row, other in zip(rows, least[issue], strict=True)):
            yield (
                tr(
                    'dead option: "{label}" ({issue}: {option}) is in no deal that could be made, and nobody prefers it to one that can; it cannot even tempt, so mend it or take it out',
                    label=scenario.label(issue, option),
                    issue=issue,
                    option=option,
                )
            )
    for issue, option, better in found.dominated:
        if (issue, option) not in dead:
            yield (
                tr(
                    'dominated option: "{label}" ({issue}: {option}) is worth no more than "{better}" to anybody and passes nowhere else; give somebody a reason to want it',
                    label=scenario.label(issue, option),
                    issue=issue,
                    option=option,
                    better=scenario.label(issue, better),
                )
            )
    for name in found.idle:
        shown = scenario.criteria[name][1].evidence is not None
        idle = mark("idle criterion: {name} never stops anything, for what shows it lies on the table from the start; let somebody hold that fact, or tighten its rule") if shown else mark("idle criterion: {name} never stops anything; tighten its rule, require evidence, or take it out")  # fmt: skip
        yield tr(idle, name=name)
    if not any(issue.technical_path for issue in scenario.issues):
        yield tr("no issue is marked technical_path: true; nobody chooses a technology here")


def _least_alive(scenario: Scenario, issue: str, dead: set[tuple[str, str]]) -> list[Decimal]:
    """What each party gets at least from an option of an issue that can be in a deal."""
    alive = [option.id for option in scenario.issue[issue].options if (issue, option.id) not in dead]
    return [min(party.points[issue][option] for option in alive) for party in scenario.parties.values()]


def _held(scenario: Scenario) -> Iterator[str]:
    """An option that has to be brought, and without which nothing passes: the run hangs on one question."""
    space = outcome_space(scenario)
    passing = passes(scenario, everything(scenario), every_limit(scenario))
    for (issue, option), holders in scenario.held_options.items():
        if passing.any() and not (passing & ~space.making({issue: (option,)})).any():
            yield (
                tr(
                    'every package that can pass needs "{label}" ({issue}: {option}), which only {who} can bring; without that the run must end in no-go',
                    label=scenario.label(issue, option),
                    issue=issue,
                    option=option,
                    who=tr(" and ").join(holders),
                )
            )


def _people(scenario: Scenario, found: Prospects) -> Iterator[str]:
    for role in found.dictators:
        yield (
            tr(
                "dictator: of the packages that pass the criteria, those {role} is willing to take are accepted, and no others; raise accept_at_least, or give somebody else a veto",
                role=role,
            )
        )
    for role, stake in found.parties.items():
        if stake.takes == 0:
            way_out = (
                tr("no deal can be made")
                if role in {PM, *scenario.agreement.veto}
                else tr("it can only be outvoted")
            )
            yield tr(
                "{role} would walk away from every package: {way_out}; lower its walk_away or look at its red lines",
                role=role,
                way_out=way_out,
            )


def _evidence(scenario: Scenario) -> Iterator[str]:
    for name, (_, criterion) in scenario.criteria.items():
        giving = [fact for fact in scenario.facts.values() if name in fact.supports]
        holders = {role for fact in giving for role in (fact.held_by or ("all",))}
        if criterion.evidence == "required" and not holders:
            if criterion.left_open:
                continue  # a question of a pack that the case says nothing to: a follow-up, as `validate` says
            yield tr("{name} requires evidence that no fact of the scenario gives", name=name)
        elif criterion.evidence == "required" and len(holders) == 1 and "all" not in holders:
            (holder,) = holders
            if holder != criterion.owner:
                yield (
                    tr(
                        "{name} requires evidence that only {holder} holds, and its owner {owner} is the one asked; give it owner: {holder}, or let {owner} hold the fact too",
                        name=name,
                        holder=holder,
                        owner=criterion.owner,
                    )
                )
