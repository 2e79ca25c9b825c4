from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aipm_agents import language
from aipm_agents.cli import files
from aipm_agents.language import tr
from aipm_agents.report.papers.blocks import Heading, Lines, Quote, Quotes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aipm_agents.installed import Broken
    from aipm_agents.report.papers.blocks import Block

_Listed = tuple[str, "list[Block]", object]
"""Title, what is printed, and the same as data."""


class What(StrEnum):
    scenarios = "scenarios"
    seats = "seats"
    styles = "styles"
    packs = "packs"
    law = "law"


def list_scenarios(
    what: Annotated[
        What,
        typer.Argument(
            help="Scenarios; kinds of seats; styles a PM can lead in; packs of criteria for `uses`; or the dates of law they rest on."
        ),
    ] = What.scenarios,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON, on one line.")] = False,
    output: Annotated[
        str | None, typer.Option("-o", "--output", help="Write it to a file: .html, .md or .json.")
    ] = None,
) -> None:
    files.check(output, (".html", ".md", ".json"))
    title, told, data = {
        What.scenarios: _scenarios, What.seats: _seats, What.styles: _styles, What.packs: _packs, What.law: _law
    }[what]()  # fmt: skip
    if output is not None:
        told = [Heading(title, level=1), *told]
    files.give(title, told, data, as_json=as_json, output=output)


def _scenarios() -> _Listed:
    from aipm_agents.report.author.case_index import index
    from aipm_agents.scenario import headline
    from aipm_agents.scenario.library import bundled, of_others

    others, broken = of_others()
    found = [headline.read_off(path, language.asked()) for path in bundled().values()]
    theirs = [headline.read_off(file.path, language.asked()) for file in others]
    sources = {each.id: file.source for each, file in zip(theirs, others, strict=True)}
    found += theirs
    _tell_skipped(broken)
    data = [{**each._asdict(), "from": sources.get(each.id)} for each in found]
    return tr("Scenarios"), [*index(found, sources), _hint(tr("Run one with: aipm run ID"))], data


def _hint(text: str) -> Block:
    """What to type next."""
    return Lines(("", text))


def _tell_skipped(broken: Iterable[Broken]) -> None:
    """What installed packages bring and cannot be used, on stderr; the rest is listed all the same."""
    from aipm_agents.report.papers.plain_text import clean

    for each in broken:
        told = tr("skipped: {what} of {source}: {why}", what=each.what, source=each.source, why=each.why)
        print(clean(f"aipm: {told}"), file=sys.stderr)


def _seats() -> _Listed:
    from aipm_agents.seats.kinds import WRITTEN, kinds

    found, broken = kinds()
    _tell_skipped(broken)
    ours = {
        "embedded": tr("plays any role with no key and no network"), "human": tr("a person at this terminal"),
        "openai:MODEL": tr("a language model behind an endpoint; openai:MODEL@URL names another than --base-url"),
        "local": tr("a small model on this machine, where the extra `local` is installed"),
        WRITTEN: tr("a class of your own, derived from aipm_agents.Agent, installed or in this folder"),
    }  # fmt: skip
    rows = [(name, says, "") for name, says in ours.items()]
    rows += [(each.name, each.says, each.source) for each in found]
    told = Quotes(tuple(
        Quote(name, says, tr("from {source}", source=source) if source else "") for name, says, source in rows
    ))  # fmt: skip
    data = [{"kind": name, "says": says, "from": source or None} for name, says, source in rows]
    return tr("Seats"), [told, _hint(tr("Seat one with: aipm run ID --seat ROLE=KIND"))], data


def _packs() -> _Listed:
    from aipm_agents.report.author.packs_and_law import every_pack
    from aipm_agents.scenario.packs import shelf

    there = shelf()
    _tell_skipped(there.broken)
    data = [
        {**_plain_pack(name, pack), "from": there.sources.get(name)} for name, pack in there.packs.items()
    ]
    return tr("Packs"), list(every_pack()), data


def _law() -> _Listed:
    from aipm_agents.report.author.packs_and_law import calendar
    from aipm_agents.scenario.law import law

    return tr("Law"), list(calendar()), law().model_dump(mode="json", by_alias=True)


def _styles() -> _Listed:
    from aipm_agents.language import spoken
    from aipm_agents.styles import CARDS, STYLES

    cards, quotes = CARDS[spoken()], []
    for name, style in STYLES.items():
        looks = tr("looks first at {looks}", looks=cards[name].looks)
        if style.portfolio:
            looks += tr(" (for cases where several products compete for one team)")
        quotes.append(Quote(name, cards[name].title, looks))
    data = [
        {"id": name, "title": cards[name].title, "looks": cards[name].looks, "portfolio": style.portfolio,
         **{field: list(getattr(style, field)) for field in ("gates", "cautions", "owners")},
         **{field: getattr(style, field) for field in ("settles", "asks", "presses", "holds")}}
        for name, style in STYLES.items()
    ]  # fmt: skip
    hint = tr("Lead in one with: aipm run ID --pm-style STYLE. No style opens a checkpoint.")
    return tr("PM styles"), [Quotes(tuple(quotes)), _hint(hint)], data


def _plain_pack(name: str, pack: Any) -> dict[str, Any]:
    """Both languages, the dates of law filled in."""
    from aipm_agents.language import LANGUAGES

    return {
        "pack": name,
        "title": {language: pack.title(language) for language in LANGUAGES},
        "law": pack.law,
        "criteria": [
            {
                **item.model_dump(mode="json", by_alias=True, exclude={"en", "zh_hant"}, exclude_none=True),
                "uses": f"{name}/{item.id}",
                **{language: item.said(language).model_dump(mode="json") for language in LANGUAGES},
            }
            for item in pack.criteria
        ],
    }
