"""Scorable games as LLM-Deliberation publishes them (Abdelnabi et al. 2024, arXiv 2309.17234), after Susskind (1985);
and as TextArena keeps the same games (`ScorableGames`), with its option lines and its own rules around them.

    config.txt                               a line a party: name, file, p1|p2|player|target, incentive, model
    global_instructions.txt                  what all know: the issues and their options, spelt in several ways
    scores_files/FILE.txt                    a line of scores an issue, and the least a party accepts
    individual_instructions/INCENTIVE/FILE.txt   what that party alone is told
    initial_deal.txt                         the deal p1 begins with
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.roles import PM
from aipm_agents.scenario.imports.game import TEXT, Game, GameIssue, Note, Player, inside, role_id, slug
from aipm_agents.scenario.imports.instructions import background, sections, text_of, tidy

if TYPE_CHECKING:
    from pathlib import Path

    from aipm_agents.roles import Role
    from aipm_agents.scenario.imports.game import Source
    from aipm_agents.scenario.party import Concession

_CONCEDES: dict[str, Concession] = {
    "greedy": "boulware",
    "untargeted_adv": "boulware",
    "targeted_adv": "boulware",
}
"""How a party concedes that is told to be greedy, or to spoil the deal; one told to be cooperative does as is usual."""


class _Seat(NamedTuple):
    name: str
    file: str
    part: str
    incentive: str
    role: Role


def read(folder: Path, source: Source) -> Game:
    """The game in a folder. Raises `UsageError` with the file and the line that does not fit."""
    if not folder.is_dir():
        raise UsageError(
            tr("{path}: is no folder; a scorable game is one, with config.txt in it", path=folder)
        )
    seats = _seats(folder / "config.txt")
    preamble, found, after = sections(folder / "global_instructions.txt", [seat.name for seat in seats])
    issues = tuple(
        GameIssue(s.letter.lower(), s.name, {o: label for o, (label, _) in s.options.items()}) for s in found
    )
    mapped, lost = _rules(seats, source)
    players = tuple(_player(folder, seat, issues, mapped, lost) for seat in seats)
    told = background(preamble, found, after, lost)
    first = folder / "initial_deal.txt"
    opening = None
    if source == "scorable" and first.is_file():
        opening = _deal(text_of(first), issues)
        note = Note(f"initial_deal.txt ({text_of(first).strip()})", tr("the package the meeting begins with"))
        away = tr("names no option of some issue; the PM opens with a package of its own")
        (mapped if opening else lost).append(note if opening else note._replace(became=away))
    models = ", ".join(dict.fromkeys(_models(folder / "config.txt")))
    lost.append(
        Note(tr("the model of each party ({models})", models=models), tr("say who plays with -m and --seat"))
    )
    proposer = next(seat.name for seat in seats if seat.role == PM)
    name = folder.resolve().name
    return Game(
        slug(name), f"{name}: {proposer} and {len(seats) - 1} others", told,
        issues, players, len(seats) - 1, tuple(s.role for s in seats if s.part == "p2"), tuple(mapped), tuple(lost),
        opening,
    )  # fmt: skip


def _deal(text: str, issues: tuple[GameIssue, ...]) -> dict[str, str] | None:
    """One option for each issue, as `A1, B2`; None where it does not say so."""
    named = re.findall(r"[A-Za-z]+[0-9]+", text)
    options = {option.casefold(): (issue.id, option) for issue in issues for option in issue.options}
    found = dict(options[each.casefold()] for each in named if each.casefold() in options)
    return found if len(found) == len(named) == len(issues) else None


# --- who sits there ---------------------------------------------------------------------------


def _seats(path: Path) -> list[_Seat]:
    seats: list[_Seat] = []
    for number, fields in _rows(path):
        if len(fields) != 5:
            raise UsageError(
                tr("{path}, line {n}: a party is name, file, part, incentive, model; here are {k} fields", path=path, n=number, k=len(fields))
            )  # fmt: skip
        name, file, part, incentive, _ = fields
        role = PM if part == "p1" else role_id(file, {seat.role for seat in seats})
        seats.append(_Seat(name[:1].upper() + name[1:], file, part, incentive, role))
    if len(seats) < 2:
        raise UsageError(
            tr("{path}: names {n} parties; a negotiation has two at least", path=path, n=len(seats))
        )
    if (proposers := sum(seat.role == PM for seat in seats)) > 1:
        raise UsageError(
            tr("{path}: {n} parties are p1; one proposes, and becomes the PM", path=path, n=proposers)
        )
    return seats if proposers else [seats[0]._replace(role=PM), *seats[1:]]


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    lines = enumerate(text_of(path).splitlines(), 1)
    kept = ((n, line.strip()) for n, line in lines)
    return [
        (n, [each.strip() for each in line.split(",")])
        for n, line in kept
        if line and not line.startswith("#")
    ]


def _models(path: Path) -> list[str]:
    return [fields[4] for _, fields in _rows(path)]


def _rules(seats: list[_Seat], source: Source) -> tuple[list[Note], list[Note]]:
    """What becomes of the rules around the files, which are code there."""
    mapped, lost = [], []
    for seat in seats:
        if seat.role == PM:
            became = tr("pm: it proposes and rules, and nothing is signed without its yes")
            if seat.part != "p1":
                lost.append(
                    Note(
                        f"{seat.name} ({seat.part})",
                        tr("nobody is p1, so the first party is the PM, whose yes is always needed"),
                    )
                )
        else:
            became = tr("{role}, with a veto", role=seat.role) if seat.part == "p2" else seat.role
        mapped.append(Note(f"{seat.name} ({seat.part})", became))
    n = len(seats) - 1
    mapped.append(
        Note(
            tr("all but one agree"),
            tr("accept_at_least: {n} of {all}, the PM's yes included", n=n, all=n + 1),
        )
    )
    mapped.append(Note(tr("the least a party accepts"), tr("walk_away: a deal at it or above is taken")))
    lost.append(
        Note(
            tr("10 more points for p1 where all agree"),
            tr("points here hang on the package, and not on who voted for it"),
        )
    )
    if source == "textarena":
        lost.append(
            Note(
                tr("each party in turn proposes or votes"),
                tr("here the PM proposes and everybody answers, each round"),
            )
        )
        lost.append(
            Note(
                tr("the least accepted is paid where there is no deal"),
                tr("without a deal nobody has points here"),
            )
        )
    return mapped, lost


def _player(
    folder: Path, seat: _Seat, issues: tuple[GameIssue, ...], mapped: list[Note], lost: list[Note]
) -> Player:
    path = inside(folder, "scores_files", f"{seat.file}.txt")
    rows = [(n, line) for n, line in enumerate(text_of(path).splitlines(), 1) if line.strip()]
    if len(rows) != len(issues) + 1:
        raise UsageError(
            tr("{path}: {k} lines; {n} issues and the least accepted make {want}", path=path, k=len(rows), n=len(issues), want=len(issues) + 1)
        )  # fmt: skip
    points = {}
    for issue, (number, line) in zip(issues, rows[:-1], strict=True):
        numbers = _numbers(line, path, number)
        if len(numbers) != len(issue.options):
            raise UsageError(
                tr("{path}, line {n}: {k} scores for the {options} options of issue {issue}", path=path, n=number,
                   k=len(numbers), options=len(issue.options), issue=issue.id.upper())
            )  # fmt: skip
        points[issue.id] = dict(zip(issue.options, numbers, strict=True))
    number, line = rows[-1]
    (least,) = _numbers(line, path, number)[:1]
    private = _private(folder, seat, points, least, lost)
    concession = _CONCEDES.get(seat.incentive)
    if seat.incentive.endswith("adv"):
        lost.append(
            Note(tr("{name} is told to spoil the deal ({incentive})", name=seat.name, incentive=seat.incentive),
                 tr("its scores have no value for no deal; embedded it only concedes late, and a model reads its instructions"))
        )  # fmt: skip
    elif concession:
        mapped.append(
            Note(f"{seat.name}: {seat.incentive}", tr("temperament.concession: {word}", word=concession))
        )
    return Player(seat.role, seat.name, points, least, private, concession)


def _numbers(line: str, path: Path, number: int) -> list[Decimal]:
    try:
        return [Decimal(each.strip()) for each in line.strip().rstrip(",").split(",")]
    except InvalidOperation:
        raise UsageError(
            tr(
                "{path}, line {n}: {line} is no line of scores",
                path=path,
                n=number,
                line=repr(line.strip()[:60]),
            )
        ) from None


def _private(
    folder: Path, seat: _Seat, points: dict[str, dict[str, Decimal]], least: Decimal, lost: list[Note]
) -> str:
    """What the party alone is told, with its scores where the file has places for them."""
    path = inside(folder, "individual_instructions", seat.incentive, f"{seat.file}.txt")
    if not path.is_file():
        lost.append(
            Note(f"{seat.name}: {seat.incentive}/{seat.file}.txt", tr("is not there, so it has no briefing"))
        )
        return ""
    text = text_of(path).replace("#THRESHOLD", f"{least:f}")
    for issue, row in points.items():
        letter = issue.upper()
        text = text.replace(f"#{letter}_MAX_NUM", f"{max(row.values()):f}")
        for place, score in enumerate(row.values(), 1):
            text = text.replace(f"#{letter}{place}_NUM", f"{score:f}")
    text = tidy(text)
    if len(text) > TEXT:
        lost.append(
            Note(f"{seat.name}: {seat.incentive}/{seat.file}.txt", tr("cut to {most:,} letters", most=TEXT))
        )
    return text[:TEXT].rstrip()
