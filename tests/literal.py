"""A player that takes its prompt at its word: it does what the numbers say and tells what it is asked to tell.

It reads nothing but the text of its prompts, as a model behind an endpoint would, and stands behind the fake
endpoint of the tests. A meeting that such a seat ends in round 1 was no meeting: then the prompt did not bargain.
"""

from __future__ import annotations

import re

from endpoint import filled, offered


def literal(asked):
    """The answer to one request, from its prompt alone; both languages."""
    return _PLAYS.get(asked.verb, _frame)(asked)


def _frame(asked):
    return filled(asked.schema, says="Let us begin.")


def _open(asked):
    """It asks for what it likes best, and tells nothing: it is told to say no more than helps it."""
    best = [f"{issue}={row[0][0]}" for issue, row in _points(asked).items()]
    return filled(
        asked.schema,
        asks=[each for each in best if each in offered(asked.schema, "asks")],
        says="I begin here.",
    )


def _propose(asked):
    """Of the packages it is shown, the one worth most to it above what it is told to hold out for; else the one that
    most asks are met by, which stands first."""
    table, hold = asked.messages[-1][1], _holds_out(asked)
    lines = re.findall(r"^((?:[\w.-]+=[\w.-]+(?:, )?)+)[:：] ?(-?[\d.]+) ?(?:points|分)", table, re.MULTILINE)
    fields = asked.schema["properties"]["package"]["properties"]
    if not lines:
        best = {issue: row[0][0] for issue, row in _points(asked).items()}
        return filled(
            asked.schema, package={issue: best[issue] for issue in fields}, says="This is what I want."
        )
    worthy = [line for line in lines if float(line[1]) >= hold] or lines
    package = dict(each.split("=") for each in worthy[0][0].split(", "))
    return filled(asked.schema, package=package, says="Here is a plan.")


def _answer(asked):
    table = asked.messages[-1][1]
    worth = float(re.search(r"(?:Worth|對你值) (-?[\d.]+)", table)[1])
    crossed = re.search(r"(?:It crosses your|它踩到你的) (red_line_\d+)", table)
    changes = re.findall(
        r"([\w.-]+=[\w.-]+) (?:變 )?(-?[\d.]+)(?: 分)?(\s?[（(](?:fails|但)[^)）]*[)）])?", _better(table)
    )
    wanted = {"tables": _asked_to_tell(table), "says": "That is how I count it."}
    if crossed:
        return filled(asked.schema, vote="no", red_line=crossed[1], **wanted)
    if worth >= _holds_out(asked):
        return filled(asked.schema, vote="yes", **wanted)
    asks = [choice for choice, _, fails in changes if not fails][:3]
    vote = "yes_if" if asks and worth >= _walk_away(asked) else "no"
    return filled(asked.schema, vote=vote, asks=asks, **wanted)


def _sign(asked):
    return filled(asked.schema, signs=True, says="Signed.")


def _better(table):
    found = re.search(r"(?:One change|只改一項)[:：](.*)", table)
    return found[1] if found else ""


def _asked_to_tell(table):
    """The facts its prompt says it holds on what it was asked for by name."""
    names = re.findall(
        r"(?:What you hold on it|你手上和它有關的)[:：] ?([\w、, .-]+?)(?:\. Tell it|。拿出來)", table
    )
    return [name for each in names for name in re.split(r"[、,] ?", each)]


def _holds_out(asked):
    return float(re.search(r"(?:Hold out for about|這一輪大約要到) (-?[\d.]+)", asked.messages[-1][1])[1])


def _walk_away(asked):
    return float(re.search(r"(?:Your walk-away is|你的底線是) (-?[\d.]+)", asked.system)[1])


def _points(asked):
    """Its own points, issue by issue, best option first."""
    sheet = re.split(
        r"(?:At the table|與會的人)[:：]", re.split(r"A package takes|一個方案要在", asked.system)[1]
    )[0]
    found: dict[str, list[tuple[str, float]]] = {}
    for issue, option, points in re.findall(
        r"^(?:([\w.-]+)|  ([\w.-]+) (-?[\d.]+))[:：]", sheet, re.MULTILINE
    ):
        if issue:
            row = found.setdefault(issue, [])
        else:
            row.append((option, float(points)))
    return {issue: sorted(row, key=lambda each: -each[1]) for issue, row in found.items()}


_PLAYS = {"open": _open, "propose": _propose, "answer": _answer, "sign": _sign}
