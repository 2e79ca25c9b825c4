from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aipm_agents.language import tr

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aipm_agents.installed import Broken
    from aipm_agents.scenario.model import Scenario


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
) -> None:
    match what:
        case What.scenarios:
            _scenarios(as_json)
        case What.seats:
            _seats(as_json)
        case What.styles:
            _styles(as_json)
        case What.packs:
            _packs(as_json)
        case What.law:
            _law(as_json)


def _scenarios(as_json: bool) -> None:
    from aipm_agents.scenario.library import bundled, of_others
    from aipm_agents.scenario.reader import read

    others, broken = of_others()
    found = [*(read(path) for path in bundled().values()), *(scenario for scenario, _ in others)]
    sources = {scenario.id: source for scenario, source in others}
    _tell_skipped(broken)
    if as_json:
        from aipm_agents.report.papers.plain_text import as_json as dumped

        print(dumped([{**_plain_scenario(each), "from": sources.get(each.id)} for each in found]))
        return
    from rich.console import Console

    from aipm_agents.report.author.case_index import index

    Console(highlight=False).print(index(found, sources))
    print("\n" + tr("Run one with: aipm run ID"))


def _tell_skipped(broken: Iterable[Broken]) -> None:
    """What installed packages bring and cannot be used, on stderr; the rest is listed all the same."""
    from aipm_agents.report.papers.plain_text import clean

    for each in broken:
        told = tr("skipped: {what} of {source}: {why}", what=each.what, source=each.source, why=each.why)
        print(clean(f"aipm: {told}"), file=sys.stderr)


def _seats(as_json: bool) -> None:
    from aipm_agents.report.papers.plain_text import as_json as dumped
    from aipm_agents.seats.kinds import kinds

    found, broken = kinds()
    _tell_skipped(broken)
    ours = {
        "embedded": tr("plays any role with no key and no network"), "human": tr("a person at this terminal"),
        "openai:MODEL": tr("a language model behind an endpoint; openai:MODEL@URL names another than --base-url"),
        "local": tr("a small model on this machine, where the extra `local` is installed"),
    }  # fmt: skip
    rows = [(name, says, "") for name, says in ours.items()]
    rows += [(each.name, each.says, each.source) for each in found]
    if as_json:
        print(dumped([{"kind": name, "says": says, "from": source or None} for name, says, source in rows]))
        return
    from rich.console import Console

    from aipm_agents.report.papers.rows import Rows
    from aipm_agents.report.papers.typography import text

    grid = Rows.grid(padding=(0, 2))
    for name, says, source in rows:
        grid.add_row(
            text(name, "bold"), text(says), text(tr("from {source}", source=source) if source else "", "dim")
        )
    Console(highlight=False).print(grid)
    print("\n" + tr("Seat one with: aipm run ID --seat ROLE=KIND"))


def _plain_scenario(scenario: Scenario) -> dict[str, Any]:
    teaching = scenario.teaching
    return {
        "id": scenario.id, "title": scenario.title, "question": scenario.question, "language": scenario.language,
        "minutes": teaching.minutes if teaching else None, "teaches": teaching.teaches if teaching else None,
        "stage": scenario.stage, "orientations": scenario.orientations, "portfolio": scenario.portfolio,
        "follows": scenario.follows, "uses": scenario.uses, "seats": list(scenario.parties),
        "issues": list(scenario.issue), "rounds": scenario.rounds,
    }  # fmt: skip


def _packs(as_json: bool) -> None:
    from aipm_agents.scenario.packs import shelf

    there = shelf()
    _tell_skipped(there.broken)
    if as_json:
        from aipm_agents.report.papers.plain_text import as_json as dumped

        print(dumped([
            {**_plain_pack(name, pack), "from": there.sources.get(name)} for name, pack in there.packs.items()
        ]))  # fmt: skip
        return
    from rich.console import Console

    from aipm_agents.report.author.packs_and_law import every_pack

    Console(highlight=False).print(every_pack())


def _law(as_json: bool) -> None:
    from aipm_agents.scenario.law import law

    if as_json:
        from aipm_agents.report.papers.plain_text import as_json as dumped

        print(dumped(law().model_dump(mode="json", by_alias=True)))
        return
    from rich.console import Console

    from aipm_agents.report.author.packs_and_law import calendar

    Console(highlight=False).print(calendar())


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


def _styles(as_json: bool) -> None:
    from aipm_agents.language import spoken, tr
    from aipm_agents.report.papers.plain_text import as_json as dumped
    from aipm_agents.styles import CARDS, STYLES

    cards = CARDS[spoken()]
    if as_json:
        print(dumped([
            {"id": name, "title": cards[name].title, "looks": cards[name].looks, "portfolio": style.portfolio,
             **{field: list(getattr(style, field)) for field in ("gates", "cautions", "owners")},
             **{field: getattr(style, field) for field in ("settles", "asks", "presses", "holds")}}
            for name, style in STYLES.items()
        ]))  # fmt: skip
        return
    from rich.console import Console

    from aipm_agents.report.papers.rows import Rows
    from aipm_agents.report.papers.typography import text

    grid = Rows.grid(padding=(0, 2))
    for name, style in STYLES.items():
        looks = tr("looks first at {looks}", looks=cards[name].looks)
        if style.portfolio:
            looks += tr(" (for cases where several products compete for one team)")
        grid.add_row(name, text(cards[name].title), text(looks))
    Console(highlight=False).print(grid)
    told = tr("Lead in one with: aipm run ID --pm-style STYLE. No style opens a checkpoint.")
    print(f"\n{told}")
