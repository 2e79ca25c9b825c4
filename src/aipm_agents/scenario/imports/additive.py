"""Preferences of two or more parties over the same issues, as utilities between 0 and 1: what GENIUS and NegMAS have
in common, and how it becomes points."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.roles import PM
from aipm_agents.scenario.imports.game import (
    ROUNDS,
    TEXT,
    Game,
    GameIssue,
    Note,
    Player,
    countable,
    hundred,
    role_id,
    slug,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


_DIGITS, _NOUGHTS = 30, 300


def reckonable(figure: Decimal) -> bool:
    """Whether a figure of a file is one that can be reckoned with: so many digits before its point, and noughts behind it."""
    return figure.is_finite() and (not figure or -_NOUGHTS <= figure.adjusted() < _DIGITS)


class GameScale(NamedTuple):
    """What can be chosen on an issue: names, or numbers between two bounds."""

    name: str
    values: tuple[str, ...] = ()
    """The names, or the whole numbers, in order; empty for an issue that is continuous."""
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    told: dict[str, str] = {}
    """Value -> what it means."""

    @property
    def continuous(self) -> bool:
        return not self.values


class Box(NamedTuple):
    """A hyper-rectangle: what a deal is worth beside the sum over its issues, where each of its values lies inside."""

    places: tuple[tuple[int, ...], ...]
    """By issue: the values inside, by where they stand."""
    utility: Decimal


class Profile(NamedTuple):
    """What a party is given: utility = sum over the issues of weight x evaluation, the weights adding up to 1, and what
    its boxes bring."""

    title: str
    weights: tuple[Decimal, ...]
    evaluate: tuple[Callable[[str], Decimal], ...]
    """By issue: value -> evaluation, of at most 1."""
    reservation: Decimal = Decimal(0)
    discount: Decimal = Decimal(1)
    """What each round leaves of the gain over the reservation."""
    boxes: tuple[Box, ...] = ()


def whole_numbers(low: Decimal, high: Decimal, path: Path) -> tuple[str, ...]:
    """The whole numbers from one bound to the other. Raises `UsageError` where there is none, and for more than make
    packages that can be held."""
    if int(high) < int(low):
        raise UsageError(tr("{path}: an issue goes from {low:f} to {high:f}, and nothing lies between", path=path, low=low, high=high))  # fmt: skip
    countable(int(high) - int(low) + 1, path)
    return tuple(str(n) for n in range(int(low), int(high) + 1))


def sliced(
    scales: Sequence[GameScale], levels: int | None, path: Path, mapped: list[Note]
) -> tuple[GameScale, ...]:
    """The issues with values that can be counted: a continuous one in so many evenly spaced levels. Raises
    `UsageError` where nobody said in how many, or where that makes too many packages."""
    if levels is not None and not any(scale.continuous for scale in scales):
        raise UsageError(tr("--levels {levels}: no issue of {path} is continuous", levels=levels, path=path))
    made = []
    for scale in scales:
        if not scale.continuous:
            made.append(scale)
            continue
        if levels is None:
            raise UsageError(
                tr("{path}: {issue} is continuous, from {low:f} to {high:f}, and packages are counted; say in how many values to cut it, as in --levels 11",
                   path=path, issue=repr(scale.name), low=scale.low, high=scale.high)
            )  # fmt: skip
        step = (scale.high - scale.low) / (levels - 1)
        values = tuple(f"{round(scale.low + step * k, 6).normalize():f}" for k in range(levels))
        mapped.append(
            Note(
                scale.name,
                tr(
                    "{levels} evenly spaced values, from {low} to {high}",
                    levels=levels,
                    low=values[0],
                    high=values[-1],
                ),
            )
        )
        made.append(scale._replace(values=values))
    countable(prod(len(scale.values) for scale in made), path)
    return tuple(made)


def game(
    name: str,
    title: str,
    scales: Sequence[GameScale],
    profiles: Sequence[Profile],
    mapped: list[Note],
    lost: list[Note],
) -> Game:
    """All of them must agree; the first proposes, and is the PM."""
    issues = _issues(scales)
    players: list[Player] = []
    for profile in profiles:
        role = role_id(profile.title, {player.role for player in players}) if players else PM
        rows = {
            issue.id: {
                option: weight * evaluate(value)
                for option, value in zip(issue.options, scale.values, strict=True)
            }
            for issue, scale, weight, evaluate in zip(
                issues, scales, profile.weights, profile.evaluate, strict=True
            )
        }
        walk_away = (100 * profile.reservation).quantize(Decimal("0.000001"))
        shown = profile.title[:1].upper() + profile.title[1:]
        together = tuple(_bonus(box, issues) for box in profile.boxes)
        players.append(
            Player(role, shown, hundred(rows), walk_away, discount=profile.discount, bonuses=together)
        )
        what = tr("pm: it proposes and rules, and nothing is signed without its yes") if role == PM else role
        mapped.append(Note(profile.title, what))
        mapped.append(
            Note(tr("reservation {value} of {name}", value=f"{profile.reservation:f}", name=profile.title),
                 tr("walk_away: {points:f}; a deal at it or above is taken", points=walk_away.normalize() + 0))
        )  # fmt: skip
        if profile.discount != 1:
            mapped.append(
                Note(
                    tr("discount of {name}", name=profile.title),
                    tr(
                        "discount: {left:f} of the gain over the walk-away is left each round, of {rounds}",
                        left=players[-1].discount,
                        rounds=ROUNDS,
                    ),
                )
            )
    n = len(players)
    mapped.append(Note(tr("utilities from 0 to 1"), tr("points from 0 to 100, to six places")))
    mapped.append(
        Note(tr("all agree"), tr("accept_at_least: {n} of {all}, the PM's yes included", n=n, all=n))
    )
    lost.append(Note(tr("offers in turn"), tr("here the PM proposes and everybody answers, each round")))
    told = _background(scales, lost)
    return Game(slug(name), title, told, issues, tuple(players), n, (), tuple(mapped), tuple(lost))


def each_round(discount: Decimal) -> Decimal:
    """Of a discount over time from 0 to 1, which GENIUS takes of the reservation too, what each round leaves of the
    gain over the walk-away."""
    return Decimal(float(discount) ** (1 / (ROUNDS - 1))).quantize(Decimal("0.000001"))


def _bonus(box: Box, issues: Sequence[GameIssue]) -> tuple[dict[str, list[str]], Decimal]:
    """On an issue all of whose values lie inside, a box asks for nothing."""
    chosen = {}
    for issue, places in zip(issues, box.places, strict=True):
        options = list(issue.options)
        if len(places) < len(options):
            chosen[issue.id] = [options[place] for place in places]
    return chosen, 100 * box.utility


def _issues(scales: Sequence[GameScale]) -> tuple[GameIssue, ...]:
    issues: list[GameIssue] = []
    for scale in scales:
        options: dict[str, str] = {}
        for value in scale.values:
            options[slug(_spoken(value), options, "v")] = value
        issues.append(
            GameIssue(slug(scale.name, {issue.id for issue in issues}, "issue"), scale.name, options)
        )
    return tuple(issues)


def _spoken(value: str) -> str:
    """A number with a letter before it, for a bare one is typed for a place, and with its sign, so that `price=5` is never -5."""
    try:
        Decimal(value)
    except InvalidOperation:
        return value
    return value.replace("-", "minus-", 1) if value.startswith("-") else f"v{value}"


def _background(scales: Sequence[GameScale], lost: list[Note]) -> str:
    """What the values mean, where the files say it."""
    told = [
        "\n".join([scale.name, *(f"{value}: {scale.told[value]}" for value in scale.values if scale.told.get(value))])
        for scale in scales if scale.told
    ]  # fmt: skip
    text = "\n\n".join(told)
    if len(text) > TEXT:
        lost.append(Note(tr("what values mean"), tr("cut to {most:,} letters", most=TEXT)))
    return text[:TEXT].rstrip()
