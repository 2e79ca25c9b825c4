from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aipm_agents.language import tr

if TYPE_CHECKING:
    from aipm_agents.scenario.model import Scenario


class What(StrEnum):
    scenarios = "scenarios"
    styles = "styles"
    packs = "packs"
    law = "law"


def list_scenarios(
    what: Annotated[
        What,
        typer.Argument(
            help="Scenarios; styles a PM can lead in; packs of criteria for `uses`; or the dates of law they rest on."
        ),
    ] = What.scenarios,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON, on one line.")] = False,
) -> None:
    match what:
        case What.scenarios:
            _scenarios(as_json)
        case What.styles:
            _styles(as_json)
        case What.packs:
            _packs(as_json)
        case What.law:
            _law(as_json)


def _scenarios(as_json: bool) -> None:
    from aipm_agents.scenario.library import bundled
    from aipm_agents.scenario.reader import read

    found = [read(path) for path in bundled().values()]
    if as_json:
        from aipm_agents.report.papers.plain_text import as_json as dumped

        print(dumped([_plain_scenario(each) for each in found]))
        return
    from rich.console import Console

    from aipm_agents.report.author.case_index import index

    Console(highlight=False).print(index(found))
    print("\n" + tr("Run one with: aipm run ID"))


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
    from aipm_agents.scenario.packs import packs

    if as_json:
        from aipm_agents.report.papers.plain_text import as_json as dumped

        print(dumped([_plain_pack(name, pack) for name, pack in packs().items()]))
        return
    from rich.console import Console

    from aipm_agents.report.author.packs_and_law import shelf

    Console(highlight=False).print(shelf())


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
    from rich.table import Table

    from aipm_agents.report.papers.typography import text

    grid = Table.grid(padding=(0, 2))
    for name, style in STYLES.items():
        looks = tr("looks first at {looks}", looks=cards[name].looks)
        if style.portfolio:
            looks += tr(" (for cases where several products compete for one team)")
        grid.add_row(name, text(cards[name].title), text(looks))
    Console(highlight=False).print(grid)
    told = tr("Lead in one with: aipm run ID --pm-style STYLE. No style opens a checkpoint.")
    print(f"\n{told}")
