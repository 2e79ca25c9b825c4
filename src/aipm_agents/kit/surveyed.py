"""The two surveys as a workbook: answers typed in, paired by the word that people wrote on both, counted and drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.kit.surveys import both
from aipm_agents.language import speaking, tr
from aipm_agents.report.papers.workbook import Bars, Formula, Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.report.papers.blocks import Ticks
    from aipm_agents.scenario.model import Scenario

PEOPLE = 60
"""Rows to fill in."""
_FIRST = 4
_ABOVE = 2
"""How much further up the pairs begin."""
_LAST = _FIRST + PEOPLE - 1


def surveyed(scenario: Scenario) -> tuple[Page, ...]:
    """Three pages: to fill in, the pairs, what changed."""
    with speaking(scenario.language):
        ticks, open_ended = both()
        names = tr("Answers"), tr("Pairs"), tr("What changed")
        return (
            _answers(names[0], ticks, open_ended),
            _pairs(names, ticks, open_ended),
            _changed(names, ticks),
        )


def _answers(name: str, ticks: tuple[Ticks, ...], open_ended: str) -> Page:
    how = tr("Write the number of the answer that was ticked, and the word that stands on the sheet.")
    one = (tr("their word"), *map(_numbered, ticks), open_ended)
    head = (tr("Before"), *([""] * len(one)), tr("After"))
    rows = ((how,), head, (*one, "", *one), *(("",) * (2 * len(one) + 1) for _ in range(PEOPLE)))
    cells = frozenset(f"{column}{n}" for column in "ABCDFGHI" for n in range(_FIRST, _LAST + 1))
    numbers = {
        f"{column}{_FIRST}:{column}{_LAST}": '"' + ",".join(map(str, range(1, len(each.options) + 1))) + '"'
        for pair, each in zip(("BG", "CH"), ticks, strict=True) for column in pair
    }  # fmt: skip
    widths = (24, 30, 30, 30, 3, 24, 30, 30, 30)
    return Page(name, rows, widths, choices=numbers, inputs=cells, heads=frozenset({1, 2, 3}))


def _numbered(question: Ticks) -> str:
    """A question with its answers, as they are numbered."""
    return "\n".join((question.label, *(f"{n} {each}" for n, each in enumerate(question.options, start=1))))


def _pairs(names: tuple[str, str, str], ticks: tuple[Ticks, ...], open_ended: str) -> Page:
    """A row for each who answered before; what they answered after is found by their word, with or without capitals and
    blanks around it. A word that stands twice on one side is nobody's."""
    sides = tr("before"), tr("after")
    labels = [*(each.label for each in ticks), open_ended]
    head = (
        tr("their word"),
        *(tr("{what} ({when})", what=label, when=side) for label in labels for side in sides),
        tr("not paired: why"), *(tr("as compared ({when})", when=side) for side in sides), tr("row"),
    )  # fmt: skip
    rows: list[tuple[str | float, ...]] = [head]
    for n in range(_FIRST, _LAST + 1):
        word = f"'{names[0]}'!$A${n}"
        cells: list[str | float] = [Formula(f'=IF({word}="","",{word})')]
        for before, after in (("B", "G"), ("C", "H"), ("D", "I")):
            cells.append(Formula(f'=IF({word}="","",\'{names[0]}\'!${before}${n})'))
            found = f"INDEX('{names[0]}'!${after}${_FIRST}:${after}${_LAST},{_those('J', n, times='*$K$2:$K$' + str(PEOPLE + 1))})"
            cells.append(Formula(f'=IF(OR({word}="",$H${n - _ABOVE}<>""),"",{found})'))
        rows.append((*cells, *_pairing(names[0], n)))
    return Page(names[1], tuple(rows), (14, 18), heads=frozenset({1}))


def _pairing(answers: str, n: int) -> Iterator[Formula | float]:
    """Why the words of a row are no pair, both as they are compared, and which row of the answers it is."""
    alone, twice = _remarks()
    before, after = _those("I", n), _those("J", n)
    yield Formula(
        f'=IF($I${n - _ABOVE}="","",IF(OR({before}>1,{after}>1),"{twice}",IF({after}=0,"{alone}","")))'
    )
    yield from (Formula(f"=UPPER(TRIM('{answers}'!${column}${n}))") for column in "AF")
    yield n - _FIRST + 1


def _remarks() -> tuple[str, str]:
    return tr("on one sheet only"), tr("twice on one side")


def _those(column: str, n: int, times: str = "*1") -> str:
    """How many words of a side are the word of row n before; with `times`, the sum over them. (COUNTIF and MATCH would
    take signs in a word for wildcards.)"""
    return f"SUMPRODUCT((${column}$2:${column}${PEOPLE + 1}=$I${n - _ABOVE}){times})"


def _changed(names: tuple[str, str, str], ticks: tuple[Ticks, ...]) -> Page:
    rows: list[tuple[str | float, ...]] = []
    bars: list[Bars] = []
    heads: list[int] = []
    for question, columns in zip(ticks, ("BC", "DE"), strict=True):
        heads += [len(rows) + 1, len(rows) + 2]
        rows += [
            (question.label,),
            (tr("of those who answered twice"), tr("before"), tr("after"), *_came(question)),
        ]
        top = len(rows)
        rows += [tuple(_counted(names[1], columns, question, k)) for k in range(len(question.options))]
        bars.append(Bars(question.label, top, len(rows), 3, f"A{len(ticks) * 7 + 3 + 17 * len(bars)}"))
        rows.append(("",))
    remarks = f"'{names[1]}'!$H$2:$H${PEOPLE + 1}"
    left = "+".join(f'COUNTIFS({remarks},"{why}")' for why in _remarks())
    rows.append((tr("sheets from before that found no pair"), Formula(f"={left}")))
    return Page(names[2], tuple(rows), (44, 12, 12, 26), heads=frozenset(heads), bars=tuple(bars))


def _came(question: Ticks) -> Iterator[str]:
    """Heads of the columns that say what people who gave this answer before gave after."""
    yield from (tr("then: {answer}", answer=option) for option in question.options)


def _counted(pairs: str, columns: str, question: Ticks, k: int) -> Iterator[str | float]:
    """An answer: how many gave it before, and after, of those who answered twice; and where those from before went."""
    before, after = (f"'{pairs}'!${column}$2:${column}${PEOPLE + 1}" for column in columns)
    numbers = range(1, len(question.options) + 1)
    yield question.options[k]
    yield Formula("=" + "+".join(f"COUNTIFS({before},{k + 1},{after},{n})" for n in numbers))
    yield Formula("=" + "+".join(f"COUNTIFS({before},{n},{after},{k + 1})" for n in numbers))
    yield from (Formula(f"=COUNTIFS({before},{k + 1},{after},{n})") for n in numbers)
