"""A table of points, as a kit writes it, into a scenario to go on with: issues and options, who sits there, what each
option is worth to whom.

    issue,option,question,label,pm,legal,...      a column a role; question and label may be left out
    reach,all,Who gets it?,all of them,60,20
    walk_away,,,,40,45                            the last line; without it everybody's is 50
"""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from io import StringIO
from typing import TYPE_CHECKING, Any, NoReturn

from aipm_agents.errors import UsageError
from aipm_agents.language import spoken, tr
from aipm_agents.roles import BUILT_IN, PM
from aipm_agents.scenario.imports.game import slug
from aipm_agents.scenario.reader import revised

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_MOST = 1_000_000
"""Bytes of a table."""
_TEXTS = ("issue", "option", "question", "label")
_WALK_AWAY = Decimal(50)
"""Where the table says nothing of it."""


def data(path: Path, name: str) -> dict[str, Any]:
    """Plain data of a scenario. Raises `UsageError` with the line that does not fit."""
    rows = list(_rows(path))
    roles: dict[str, str] = {}
    for column in (each for each in rows[0][1] if each not in _TEXTS):
        roles[column] = _id(column, roles.values())
    if PM not in roles.values():
        _refuse(path, 1, tr("there is no column pm; every table has one, and a column for each other role"))
    issues: dict[str, dict[str, Any]] = {}
    stood: dict[tuple[str, str], int] = {}
    points: dict[str, dict[str, dict[str, Decimal]]] = {role: {} for role in roles.values()}
    walk_aways = dict.fromkeys(roles.values(), _WALK_AWAY)
    for line, row in rows:
        figures = {role: _number(path, line, column, row[column]) for column, role in roles.items()}
        if row["issue"] == "walk_away":
            if (there := stood.setdefault(("walk_away", ""), line)) != line:
                _refuse(path, line, tr("walk_away stands in line {n} already", n=there))
            walk_aways = figures
            continue
        if (there := stood.setdefault((row["issue"], row["option"]), line)) != line:
            _refuse(path, line, tr("{option} of {issue} stands in line {n} already", option=row["option"], issue=row["issue"], n=there))  # fmt: skip
        issue = issues.setdefault(row["issue"], {
            "id": _id(row["issue"], [each["id"] for each in issues.values()]),
            "question": row.get("question") or row["issue"], "options": [],
        })  # fmt: skip
        option = _id(row["option"], [each["id"] for each in issue["options"]])
        issue["options"].append({"id": option, "label": row.get("label") or row["option"]})
        for role, figure in figures.items():
            points[role].setdefault(issue["id"], {})[option] = figure
    made = {
        "format": 1, "id": name, "title": name, "language": spoken(), "question": tr("TODO: what is decided?"),
        "issues": list(issues.values()),
        "parties": {role: _party(column, role, points[role], walk_aways[role]) for column, role in roles.items()},
        "uses": ["minimal"], "agreement": {"accept_at_least": len(roles) // 2 + 1}, "rounds": 6,
    }  # fmt: skip
    if problems := revised(made)[1]:
        _refuse(path, rows[-1][0], "; ".join(each.message for each in problems[:3]))
    return made


def _id(text: str, taken: Collection[str]) -> str:
    """What is an id already stays one; of anything else one is made."""
    if re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,59}", text) and text not in taken:
        return text
    return slug(text, taken)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Each line that says something, with its number; the cells without what surrounds them."""
    try:
        if path.stat().st_size > _MOST:
            _refuse(path, 1, tr("is larger than {most:,} bytes", most=_MOST))
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(tr("{path}: cannot be read: {why}", path=path, why=error)) from None
    head = text.partition("\n")[0]
    mark = max(",;\t", key=head.count)
    reader = _cells(path, csv.reader(StringIO(text), delimiter=mark))
    columns = [cell.strip().lower() for cell in next(reader, (1, []))[1]]
    if not {"issue", "option"} <= {*columns}:
        _refuse(path, 1, tr("the first line names the columns: issue, option, and one for each role"))
    if len({*columns}) < len(columns):
        _refuse(path, 1, tr("two columns have one name"))
    found = 0
    for line, cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(columns):
            _refuse(
                path,
                line,
                tr("has {n} cells; there are {many} columns", n=len(cells), many=len(columns)),
            )
        row = dict(zip(columns, map(str.strip, cells), strict=True))
        if not row["issue"] or not (row["option"] or row["issue"] == "walk_away"):
            _refuse(path, line, tr("names no issue, or no option of it"))
        found += 1
        yield line, row
    if not found:
        _refuse(path, 1, tr("there is nothing below the first line"))


def _cells(path: Path, reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Each line with its number, by which it began: a quotation mark that is never closed takes all that follows."""
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        _refuse(path, line, tr("cannot be read as a table: {error}", error=error))


def _party(
    column: str, role: str, points: dict[str, dict[str, Decimal]], walk_away: Decimal
) -> dict[str, Any]:
    """What a table cannot say stands as something to do."""
    known = role in BUILT_IN[spoken()]
    named = {} if known else {"title": column, "duty": tr("TODO: what it looks after.")}
    return {**named, "wants": tr("TODO: what it says it wants."), "points": points, "walk_away": walk_away}


def _number(path: Path, line: int, column: str, cell: str) -> Decimal:
    if not re.fullmatch(r"[+-]?[0-9]{1,9}(\.[0-9]{1,6})?", cell):
        _refuse(path, line, tr("{column}: {cell!r} is no number", column=column, cell=cell[:40]))
    return Decimal(cell)


def _refuse(path: Path, line: int, why: str) -> NoReturn:
    raise UsageError(tr("{path}, line {n}: {why}", path=path, n=line, why=why))
