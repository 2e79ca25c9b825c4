"""The lines in which a round on paper is entered: a package, votes, what was told, how it went on."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, get_args

from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.scenario.lenses import Ground
from aipm_agents.scenario.problems import did_you_mean
from aipm_agents.table.events import package_on_table
from aipm_agents.table.moves import Challenge, Choice
from aipm_agents.table.on_paper import End, Entered

if TYPE_CHECKING:
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Issue, Package, Scenario
    from aipm_agents.table.moves import Vote
    from aipm_agents.table.on_paper import Meeting

    _Told = tuple[
        tuple[tuple[str, Role], ...], tuple[tuple[Choice, Role], ...], tuple[tuple[Challenge, Role], ...],
        tuple[str, ...], tuple[int, ...], tuple[str, ...],
    ]  # fmt: skip

MORE = "more"
"""The fourth line of a round whose deal was open and was not signed: the table went on."""
VOTES: dict[str, Vote] = {"y": "yes", "i": "yes_if", "n": "no", "-": "no_answer"}


def round_of(meeting: Meeting, package: str, votes: str, told: str) -> Entered:
    """A round from its lines. Raises `UsageError` for what cannot be read."""
    return Entered(package_of(meeting, package), votes_of(meeting, votes), *told_of(meeting, told))


def told_of(meeting: Meeting, told: str) -> _Told:
    """Facts told, options brought, doubts, what was sent for, news, results of studies."""
    scenario = meeting.scenario
    tables, brings, doubts = (
        list[tuple[str, "Role"]](),
        list[tuple[Choice, "Role"]](),
        list[tuple[Challenge, "Role"]](),
    )
    sent_for, news, results = list[str](), list[int](), list[str]()
    for word in told.replace(",", " ").split():
        name, _, who = word.partition("@")
        fact_id, _, ground = name.partition("!")
        if name.startswith("?"):
            sent_for.append(_fact(scenario, name[1:]))
        elif name.startswith("news") and name[4:].isdecimal() and 0 < int(name[4:]) <= len(scenario.injects):
            news.append(int(name[4:]) - 1)
        elif ground:
            if ground not in get_args(Ground):
                raise UsageError(
                    tr("{word}: no such ground{hint}", word=word, hint=did_you_mean(ground, get_args(Ground)))
                )
            challenge = Challenge(evidence=_fact(scenario, fact_id), ground=cast("Ground", ground))
            doubts.append((challenge, _who(scenario, word, who, scenario.colleagues)))
        elif "=" in name:
            issue, _, option = name.partition("=")
            holders = scenario.held_options.get((issue, option))
            if holders is None:
                raise UsageError(tr("{word}: no option that somebody holds", word=word))
            brings.append((Choice(issue=issue, option=option), _who(scenario, word, who, holders)))
        else:
            fact = scenario.facts[_fact(scenario, name)]
            if fact.takes is not None:
                results.append(fact.id)
            elif fact.held_by:
                tables.append((fact.id, _who(scenario, word, who, fact.held_by)))
            else:
                raise UsageError(
                    tr("{word}: it lies on the table from the start, or comes as news", word=word)
                )
    return tuple(tables), tuple(brings), tuple(doubts), tuple(sent_for), tuple(news), tuple(results)


def closing(text: str) -> tuple[End | None, bool]:
    """How it ended, None for another round; and whether that is said against the ruling, or `more`: the four were open
    and the PM let the next round begin, as it may."""
    word = text.removesuffix("!").lower()
    if word in ("", MORE, *get_args(End)):
        end = None if word in ("", MORE) else cast("End", word)
        return end, text.endswith("!") or word == MORE
    raise UsageError(
        tr(
            "{word!r}: write deal, time, parted or more, or leave the line empty for another round",
            word=text[:40],
        )
    )


def package_of(meeting: Meeting, text: str) -> Package:
    words, before = text.replace(",", " ").split(), package_on_table(meeting.events)
    issues = meeting.scenario.issues
    if not words or all("=" in word for word in words):
        if before is None:
            raise UsageError(tr("package: an option for each of the {n} questions", n=len(issues)))
        package = dict(before)
        for word in words:
            name, _, option = word.partition("=")
            if name not in package:
                raise UsageError(
                    tr("package: no question {name!r}{hint}", name=name, hint=did_you_mean(name, package))
                )
            package[name] = _option(meeting.scenario.issue[name], option)
        return package
    if len(words) != len(issues):
        raise UsageError(tr("package: an option for each of the {n} questions", n=len(issues)))
    return {issue.id: _option(issue, word) for issue, word in zip(issues, words, strict=True)}


def _option(issue: Issue, word: str) -> str:
    known = [option.id for option in issue.options]
    if word in known:
        return word
    if word.isascii() and word.isdigit() and 0 < int(word) <= len(known):
        return known[int(word) - 1]
    raise UsageError(
        tr(
            "package: {issue} has no option {word!r}{hint}",
            issue=issue.id,
            word=word,
            hint=did_you_mean(word, known),
        )
    )


def votes_of(meeting: Meeting, text: str) -> dict[Role, Vote]:
    scenario = meeting.scenario
    letters = "".join(text.lower().split())
    if len(letters) != len(scenario.colleagues) or any(each not in VOTES for each in letters):
        raise UsageError(
            tr("votes: a letter (y, i, n or -) for each of {who}", who=" ".join(scenario.colleagues))
        )
    return {role: VOTES[letter] for role, letter in zip(scenario.colleagues, letters, strict=True)}


def _fact(scenario: Scenario, name: str) -> str:
    if name in scenario.facts:
        return name
    raise UsageError(tr("told: no fact {name!r}{hint}", name=name, hint=did_you_mean(name, scenario.facts)))


def _who(scenario: Scenario, word: str, who: str, holders: tuple[Role, ...]) -> Role:
    """Who did it: as written, or the only one who could. The PM proposes, and tells nothing by that."""
    able = [role for role in scenario.colleagues if role in holders]
    if not able:
        raise UsageError(tr("{word}: only the PM knows it, and a proposal tells nothing", word=word))
    if who in able:
        return who
    if not who and len(able) == 1:
        return able[0]
    raise UsageError(
        tr(
            "{word}: who was it? Write {word}@ROLE, with one of {who}",
            word=word.partition("@")[0],
            who=", ".join(able),
        )
    )
