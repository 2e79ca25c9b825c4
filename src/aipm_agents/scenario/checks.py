"""What a scenario must satisfy beyond its shape: names that resolve, sums, possible rules."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from math import prod
from typing import TYPE_CHECKING

from aipm_agents.language import tr
from aipm_agents.roles import BUILT_IN, PM
from aipm_agents.scenario.best_package import best_package, exists
from aipm_agents.scenario.criteria import CHECKPOINTS
from aipm_agents.scenario.doubtful import doubtful
from aipm_agents.scenario.facts import facts
from aipm_agents.scenario.lints import lints
from aipm_agents.scenario.measured import measured
from aipm_agents.scenario.naming import all_evidence, choices, seated
from aipm_agents.scenario.news import news
from aipm_agents.scenario.phrasing import phrasing
from aipm_agents.scenario.problems import MAX_PROBLEMS, Found, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aipm_agents.scenario.model import Scenario
    from aipm_agents.scenario.party import Party
    from aipm_agents.scenario.problems import Path

MAX_PACKAGES = 2_000_000


def check(scenario: Scenario) -> list[Found]:
    """Every problem the models cannot see; the outcome space is judged elsewhere (`table.prospects`)."""
    found: list[Found] = []
    errors = 0
    for each in chain(
        _sizes(scenario), _unique(scenario), _roles(scenario), _scores(scenario),
        _criteria(scenario), facts(scenario), _held(scenario), _terms(scenario), _injects(scenario), news(scenario), _opening(scenario), _agreement(scenario),
        phrasing(scenario), doubtful(scenario), lints(scenario),
    ):  # fmt: skip
        found.append(each)
        errors += each.level == "error"
        if errors > MAX_PROBLEMS:
            break
    return found


def _sizes(scenario: Scenario) -> Iterator[Found]:
    count = prod(len(issue.options) for issue in scenario.issues)
    if count > MAX_PACKAGES:
        yield Found(
            ("issues",),
            tr("these make {count:,} packages; the bound is {most:,}", count=count, most=MAX_PACKAGES),
        )


def _twice(ids: Iterable[tuple[Path, str]]) -> Iterator[Found]:
    seen: set[str] = set()
    for path, name in ids:
        if name in seen:
            yield Found(path, tr("the id {name!r} is already used; ids are unique", name=name))
        seen.add(name)


def _unique(scenario: Scenario) -> Iterator[Found]:
    """Issues, metrics, evidence and criteria share one set of names: a question is about one of them."""
    names: list[tuple[Path, str]] = []
    for i, issue in enumerate(scenario.issues):
        names.append((("issues", i, "id"), issue.id))
        yield from _twice((("issues", i, "options", k, "id"), o.id) for k, o in enumerate(issue.options))
    names += [(("metrics", i, "id"), metric.id) for i, metric in enumerate(scenario.metrics)]
    names += [((*path, "id"), evidence.id) for path, evidence in all_evidence(scenario)]
    for name in CHECKPOINTS:
        for i, criterion in enumerate(getattr(scenario.checkpoints, name)):
            names.append((("checkpoints", name, i, "id"), criterion.id))
    yield from _twice(names)


def _roles(scenario: Scenario) -> Iterator[Found]:
    if PM not in scenario.parties:
        yield Found(("parties",), tr("there is no `pm`; the PM proposes and rules, so every table has one"))
    for role, party in scenario.parties.items():
        known = role in BUILT_IN[scenario.language]
        if not known and (party.title is None or party.duty is None):
            hint = did_you_mean(role, BUILT_IN[scenario.language])
            yield Found(
                ("parties", role),
                tr(
                    "{role!r} is not a built-in role, so give its `title` and `duty`{hint}",
                    role=role,
                    hint=hint,
                ),
            )
        if role in ("public", "facilitator"):
            yield Found(
                ("parties", role),
                tr("{role!r} is the name of an audience; call the role otherwise", role=role),
            )


def _scores(scenario: Scenario) -> Iterator[Found]:
    for role, party in scenario.parties.items():
        here: Path = ("parties", role, "points")
        for issue in scenario.issues:
            scores = party.points.get(issue.id)
            if scores is None:
                yield Found(
                    here, tr("does not score the issue {id!r}; every party scores every option", id=issue.id)
                )
                continue
            options = dict.fromkeys(option.id for option in issue.options)
            missing = [option for option in options if option not in scores]
            if missing:
                yield Found((*here, issue.id), tr("does not score {names}", names=tr(", ").join(missing)))
            for option in scores:
                if option not in options:
                    yield Found(
                        (*here, issue.id, option),
                        tr("no option {option!r}{hint}", option=option, hint=did_you_mean(option, options)),
                    )
        for name in party.points:
            if name not in scenario.issue:
                yield Found(
                    (*here, name),
                    tr("no issue {name!r}{hint}", name=name, hint=did_you_mean(name, scenario.issue)),
                )
        yield from best_package(role, party, scenario.bound_options)
        yield from _named(scenario, role, party)


def _named(scenario: Scenario, role: str, party: Party) -> Iterator[Found]:
    """What a party says of choices and issues: red lines, bonuses, sentences."""
    for i, line in enumerate(party.red_lines):
        yield from choices(scenario, line.when, ("parties", role, "red_lines", i, "when"))
    for i, bonus in enumerate(party.bonuses):
        yield from choices(scenario, bonus.when, ("parties", role, "bonuses", i, "when"))
    for name in party.argues:
        if name not in scenario.issue:
            yield Found(
                ("parties", role, "argues", name),
                tr("no issue {name!r}{hint}", name=name, hint=did_you_mean(name, scenario.issue)),
            )


def _criteria(scenario: Scenario) -> Iterator[Found]:
    metrics = dict.fromkeys(metric.id for metric in scenario.metrics)
    yield from measured(scenario)
    for i, issue in enumerate(scenario.issues):
        for k, option in enumerate(issue.options):
            for metric in option.effects:
                if metric not in metrics:
                    path: Path = ("issues", i, "options", k, "effects", metric)
                    yield Found(
                        path,
                        tr("no metric {metric!r}{hint}", metric=metric, hint=did_you_mean(metric, metrics)),
                    )
    for name in CHECKPOINTS:
        for i, criterion in enumerate(getattr(scenario.checkpoints, name)):
            here: Path = ("checkpoints", name, i)
            yield from seated(scenario, [((*here, "owner"), criterion.owner)])
            if criterion.pack and criterion.pack not in {use.partition("/")[0] for use in scenario.uses}:
                text = f"is written by the reader; to pull a criterion in, add `uses: [{criterion.pack}/{criterion.id}]`"
                yield Found((*here, "pack"), text)
            for k, rule in enumerate(criterion.rule):
                if rule.metric is not None and rule.metric not in metrics:
                    hint = did_you_mean(rule.metric, metrics)
                    yield Found(
                        (*here, "rule", k, "metric"),
                        tr("no metric {metric!r}{hint}", metric=rule.metric, hint=hint),
                    )
                if rule.choose is not None:
                    yield from choices(scenario, rule.choose, (*here, "rule", k, "choose"))


def _held(scenario: Scenario) -> Iterator[Found]:
    """Options that somebody has to bring: each has a seat to do so, and leaves something to begin with."""
    for i, issue in enumerate(scenario.issues):
        here: Path = ("issues", i, "options")
        for k, option in enumerate(issue.options):
            yield from seated(
                scenario, [((*here, k, "held_by", n), role) for n, role in enumerate(option.held_by)]
            )
            if option.aloud and not option.held_by:
                yield Found(
                    (*here, k, "aloud"), tr("is said when the option is brought; nobody holds it"), "warning"
                )
            if option.available is not None and not isinstance(option.available, str):
                yield from choices(scenario, option.available.when, (*here, k, "available", "when"))
        if all(option.held_by for option in issue.options):
            text = tr("every option here is held by somebody; leave one that all know, to begin with")
            yield Found(here, text)
        elif all(option.held_by or option.available for option in issue.options):
            text = tr(
                "no option here is known to all and goes with everything; leave one without `available` and `held_by`"
            )
            yield Found(here, text)


def _terms(scenario: Scenario) -> Iterator[Found]:
    """One word, two meanings: a question about it must not be mistaken for one about something else."""
    known = {
        *scenario.issue,
        *scenario.criteria,
        *scenario.facts,
        *(metric.id for metric in scenario.metrics),
    }
    meant = Counter(word for party in scenario.parties.values() for word in party.terms)
    for role, party in scenario.parties.items():
        for word in party.terms:
            path: Path = ("parties", role, "terms", word)
            if word in known:
                yield Found(
                    path, tr("{word!r} is already an id; a question about it could mean either", word=word)
                )
            elif role == PM:
                yield Found(
                    path,
                    tr("the PM is never asked, so this never comes out; give it to a colleague"),
                    "warning",
                )
            elif meant[word] == 1:
                text = tr(
                    "only {role} means something by {word!r}; give another role its own meaning of it",
                    role=role,
                    word=word,
                )
                yield Found(path, text, "warning")


def _injects(scenario: Scenario) -> Iterator[Found]:
    for i, inject in enumerate(scenario.injects):
        if inject.before_round > scenario.rounds:
            text = tr(
                "comes before round {before_round}, but there are {rounds} rounds",
                before_round=inject.before_round,
                rounds=scenario.rounds,
            )
            yield Found(("injects", i, "before_round"), text)
        yield from seated(scenario, [(("injects", i, "to", n), role) for n, role in enumerate(inject.to)])
        if inject.to and inject.evidence:
            text = tr(
                "is heard by some only, and a fact of the news is for everybody; leave one of the two out"
            )
            yield Found(("injects", i, "to"), text)
        for k, evidence in enumerate(inject.evidence):
            if evidence.held_by:
                yield Found(
                    ("injects", i, "evidence", k, "held_by"), tr("what an inject brings is for everybody")
                )


def _opening(scenario: Scenario) -> Iterator[Found]:
    """The package that is given: whole, of options that all know, and one that there is."""
    given, here = scenario.opening_package, ("opening_package",)
    if given is None:
        return
    wrong = list(choices(scenario, ({issue: (option,) for issue, option in given.items()},), here))
    yield from wrong
    if missing := [issue for issue in scenario.issue if issue not in given]:
        yield Found(
            here, tr("leaves {names} open; name an option for every issue", names=tr(", ").join(missing))
        )
    for issue, option in given.items():
        if (issue, option) in scenario.held_options:
            yield Found(here, tr("holds {option!r}, which somebody has to bring first", option=option))
    if not wrong and not missing and not exists(given, scenario.bound_options):
        yield Found(here, tr("has an option that is not `available` beside the others"))


def _agreement(scenario: Scenario) -> Iterator[Found]:
    seats = len(scenario.parties)
    if scenario.agreement.accept_at_least > seats:
        text = tr(
            "asks for {accept_at_least} yeses of {seats} seats",
            accept_at_least=scenario.agreement.accept_at_least,
            seats=seats,
        )
        yield Found(("agreement", "accept_at_least"), text)
    vetoes = enumerate(scenario.agreement.veto)
    yield from seated(scenario, [(("agreement", "veto", i), role) for i, role in vetoes])
    counted = Counter(scenario.agreement.veto)
    for role in (role for role, times in counted.items() if times > 1):
        yield Found(("agreement", "veto"), tr("names {role!r} twice", role=role), "warning")
