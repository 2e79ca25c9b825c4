"""What a scenario file means for the game, rule by rule, in sentences; and what the warnings about it mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from aipm_agents.analysis.space.advice import unasked
from aipm_agents.language import tr
from aipm_agents.report.papers.blocks import Heading, Items, Lines, Quote, Quotes
from aipm_agents.report.papers.typography import quoted, together
from aipm_agents.report.words import (
    bonuses,
    changed_figure,
    fact_effects,
    fact_text,
    numbers,
    phrase,
    vocabulary,
)
from aipm_agents.scenario.changes import owner
from aipm_agents.scenario.lints import LINTS
from aipm_agents.table.news import after, changes, in_turn
from aipm_agents.table.packages import outcome_space
from aipm_agents.table.rules import moving

Part = Literal["deal", "choices", "checkpoints", "facts", "figures", "news", "seats"]

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aipm_agents.analysis.space.prospects import Prospects
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.roles import Role
    from aipm_agents.scenario.criteria import Criterion
    from aipm_agents.scenario.measures import Metric, Rule
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.scenario.problems import Problem


def explained(
    scenario: Scenario, found: Prospects, spoken: Mapping[Role, Sequence[str]], problems: Sequence[Problem]
) -> list[Block]:  # fmt: skip
    """`spoken`: lines of each seat, as embedded seats say them. `problems`: the warnings of the file."""
    told = sentences(scenario, found)
    titles: dict[Part, str] = {
        "choices": tr("What there is to choose"), "checkpoints": tr("What the checkpoints ask"),
        "facts": tr("What the facts do"), "figures": tr("The figures"), "news": tr("What the news changes"),
        "seats": tr("The seats"),
    }  # fmt: skip
    return [
        Heading(scenario.title, tr("what each rule means"), level=1),
        Heading(tr("How a deal is made")),
        Lines(tuple(told["deal"])),
        *(block for part, title in titles.items() for block in _listed(title, told[part])),
        *_spoken(scenario, spoken),
        *warned(problems),
    ]


def sentences(scenario: Scenario, found: Prospects) -> dict[Part, list[str]]:
    """Part -> its sentences, in the order in which they are read; empty where the file has nothing of the kind."""
    return {
        "deal": list(_deal(scenario, found)),
        "choices": list(_choices(scenario)),
        "checkpoints": list(_criteria(scenario, found)),
        "facts": list(_facts(scenario, found)),
        "figures": [_metric(scenario, each) for each in scenario.metrics],
        "news": list(_news(scenario, found)),
        "seats": list(_seats(scenario, found)),
    }


def warned(problems: Sequence[Problem]) -> Iterator[Block]:
    """Each warning that has a reason to tell: where, what, and why it matters."""
    told: dict[str, list[str]] = {}
    for each in problems:
        if each.code:
            told.setdefault(each.code, []).append(
                tr("line {n}, {where}: {what}", n=each.line, where=each.where, what=each.message)
            )
    if told:
        yield Heading(tr("The warnings, and why"))
    for code, places in told.items():
        yield Lines((code,), "strong")
        yield Lines((tr(LINTS[code]), *places))


def _listed(title: str, texts: list[str]) -> Iterator[Block]:
    if texts:
        yield Heading(title)
        yield Items(tuple(texts))


def _deal(scenario: Scenario, found: Prospects) -> Iterator[str]:
    yield tr("A deal {deal}. There are {rounds} rounds.", deal=phrase.deal(scenario), rounds=scenario.rounds)
    yield tr(
        "Of {packages:,} packages {passing:,} pass everything that is asked once every fact is told, and {acceptable:,} of these reach the agreement if each seat says yes from its walk-away up.",
        packages=found.packages, passing=found.together.disclosed, acceptable=found.acceptable,
    )  # fmt: skip
    if scenario.opening_package is not None:
        yield tr(
            "The meeting begins with this package, and in round 1 the PM puts no other on the table: {package}.",
            package=phrase.options(scenario, scenario.opening_package),
        )
    for each in scenario.injects:
        yield tr(
            "Before round {n} there is news from {who}: {headline}", n=each.before_round, who=each.from_, headline=each.headline
        )  # fmt: skip


def _choices(scenario: Scenario) -> Iterator[str]:
    """Of the options that are not simply there."""
    for issue in scenario.issues:
        for option in issue.options:
            named = phrase.named(option.label)
            if option.available is None:
                bound = ""
            elif isinstance(option.available, str):
                bound = tr("{option} is not to be had before news says otherwise.", option=named)
            else:
                beside = fact_effects.choices(scenario, option.available.when, quoted=True)
                bound = tr("{option} is to be had only with {choices}; any other package with it does not exist.", option=named, choices=beside)  # fmt: skip
            held = (
                tr("Only {who} knows of {option}, and nobody can put it on the table before it is brought.", who=phrase.names(scenario, option.held_by), option=named)
                if option.held_by else ""
            )  # fmt: skip
            if bound or held:
                yield phrase.begun(together((bound, held)))


def _news(scenario: Scenario, found: Prospects) -> Iterator[str]:
    """What is otherwise from a piece of news on, in the order they come, each beside what those before it left."""
    come: list[int] = []
    left = iter(found.after_news)
    for number in in_turn(scenario):
        inject, now = scenario.injects[number], after(scenario, tuple(come))
        come.append(number)
        if not inject.changes:
            continue
        then = next(left)
        heard = (
            tr("Only {who} hears of it.", who=phrase.names(scenario, inject.to)) if inject.to
            else tr("Of a seat's own points and walk-away only that seat is told.")
            if any(owner(key) for key in inject.changes) else ""
        )  # fmt: skip
        yield together((
            tr('Before round {n}, "{headline}".', n=inject.before_round, headline=inject.headline.rstrip(".。")),
            *changed_figure.sentences(now, changes(now, number)), heard,
            tr(
                "Then {acceptable:,} of {packages:,} packages can be a deal; {lost:,} that could be one before cannot any more.",
                acceptable=then.acceptable, packages=then.packages, lost=then.lost,
            ),
        ))  # fmt: skip


def _criteria(scenario: Scenario, found: Prospects) -> Iterator[str]:
    for gate in unasked(scenario):
        yield tr("{gate}: nothing here can stop a package, so it passes without being earned.", gate=vocabulary.CHECKPOINT_TITLES[gate])  # fmt: skip
    for name, (gate, each) in scenario.criteria.items():
        title = tr(
            '{gate}: "{asks}" ({who})',
            gate=vocabulary.CHECKPOINT_TITLES[gate], asks=each.asks, who=scenario.card(each.owner).title,
        )  # fmt: skip
        yield together((title, *_asked(scenario, each), *_weight(found, name, each)))


def _asked(scenario: Scenario, criterion: Criterion) -> Iterator[str]:
    for rule in criterion.rule:
        yield tr("It needs {what}.", what=_rule(scenario, rule))
    if criterion.evidence:
        shows = [
            tr("{fact} (with {choices})", fact=fact.id, choices=fact_effects.choices(scenario, fact.when, quoted=True))
            if fact.when else fact.id
            for fact in scenario.facts.values() if criterion.id in fact.supports
        ]  # fmt: skip
        yield (
            tr("It stays open until one of these is told: {facts}.", facts=tr(", ").join(shows)) if shows
            else tr("It needs evidence, and no fact of this file gives any.")
        )  # fmt: skip
    for fact in scenario.facts.values():
        if criterion.id in fact.undermines:
            cure = (
                tr("Once {fact} is told it fails, unless the package has {choices}.", fact=fact.id, choices=fact_effects.choices(scenario, fact.unless, quoted=True))
                if fact.unless else tr("Once {fact} is told it fails, whatever is chosen.", fact=fact.id)
            )  # fmt: skip
            yield cure
    if not (
        criterion.rule
        or criterion.evidence
        or any(criterion.id in f.undermines for f in scenario.facts.values())
    ):
        yield tr("Nothing in this file can make it fail.")


def _rule(scenario: Scenario, rule: Rule) -> str:
    if rule.choose is not None:
        return fact_effects.choices(scenario, rule.choose, quoted=True)
    metric = next(each for each in scenario.metrics if each.id == rule.metric)
    if rule.at_most is not None:
        return tr(
            "{metric} of at most {figure}",
            metric=metric.label,
            figure=numbers.measured(rule.at_most, metric.unit),
        )
    return tr(
        "{metric} of at least {figure}",
        metric=metric.label,
        figure=numbers.measured(rule.at_least, metric.unit),
    )


def _weight(found: Prospects, name: str, criterion: Criterion) -> Iterator[str]:
    if not criterion.blocking:
        yield tr("Unmet, it stops nothing and becomes a follow-up.")
        return
    stop = found.criteria[name]
    yield tr(
        "With every fact told it stops {n:,} of {packages:,} packages, {alone:,} of which nothing else stops.",
        n=stop.stops, packages=found.packages, alone=stop.alone,
    )  # fmt: skip


def _facts(scenario: Scenario, found: Prospects) -> Iterator[str]:
    for fact in scenario.facts.values():
        holders = (
            fact_text.held(scenario, fact.id) if fact.held_by
            else tr("found out on request, in {n} rounds", n=fact.takes) if fact.takes
            else tr("on the table from the start") if fact.known_at_start
            else tr("comes with the news")
        )  # fmt: skip
        text = tr("{name} ({who}): {says}", name=fact.id, who=holders, says=fact.says)
        deciding = tr("Without it no package passes.") if fact.id in found.deciding_evidence else ""
        bearing = fact_effects.bearing(scenario, fact)
        yield together(
            (text, bearing if bearing.endswith((".", "。")) else tr("{text}.", text=bearing), deciding)
        )


def _metric(scenario: Scenario, metric: Metric) -> str:
    space = outcome_space(scenario)
    values, grain = space.metric(metric.id)[space.existing], space.grain(metric.id)
    low, high = (
        numbers.measured(round(int(v) / grain, 6), metric.unit) for v in (values.min(), values.max())
    )
    issues = [quoted(issue.question) for issue in scenario.issues if issue.id in moving(scenario, metric.id)]
    if low == high:
        return tr("{metric}: {low}, whatever is chosen.", metric=metric.label, low=low)
    return tr(
        "{metric}: from {low} to {high}; it hangs on {issues}.",
        metric=metric.label,
        low=low,
        high=high,
        issues=phrase.listed(issues),
    )


def _seats(scenario: Scenario, found: Prospects) -> Iterator[str]:
    for role, party in scenario.parties.items():
        stake = found.parties[role]
        text = tr(
            "{who} is willing to take {takes:,} of {packages:,} packages, those worth {points} points or more to it that cross no red line of its own.",
            who=scenario.card(role).title, takes=stake.takes, packages=found.packages, points=numbers.figure(party.walk_away),
        )  # fmt: skip
        lines = [
            tr("It never accepts {choices}: {because}.", choices=fact_effects.crossing(scenario, line), because=line.because.rstrip(".。"))
            for line in party.red_lines
        ]  # fmt: skip
        veto = tr("Without its yes there is no deal.") if role in {"pm", *scenario.agreement.veto} else ""
        more = [
            tr("{choices} together are worth {points} points more to it.", choices=what, points=points)
            for what, points in bonuses.together(scenario, party)
        ]  # fmt: skip
        if party.discount != 1:
            percent = numbers.figure(100 * (1 - party.discount))
            more.append(tr("Every round after the first takes {percent} % of what a deal gives it above its walk-away.", percent=percent))  # fmt: skip
        yield together((text, *lines, *more, veto))


def _spoken(scenario: Scenario, spoken: Mapping[Role, Sequence[str]]) -> Iterator[Block]:
    quotes = tuple(
        Quote(scenario.card(role).short if not k else "", line)
        for role, lines in spoken.items()
        for k, line in enumerate(lines)
    )
    if quotes:
        yield Heading(
            tr("How it will sound"), tr("three lines a seat, as embedded seats say them with seed 0")
        )
        yield Quotes(quotes)
