from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from aipm_agents import language
from aipm_agents.cli import seating, setting
from aipm_agents.language import tr, tr_n

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aipm_agents.kit.document import Document
    from aipm_agents.scenario.model import Scenario

SAMPLE = 40
"""Meetings of embedded negotiators that a teaching note counts for each lesson."""
SHEETS = ("scoring.xlsx", "survey.xlsx")


def kit(
    scenario: Annotated[str, typer.Argument(help="A scenario file, or the id of a bundled one.")],
    output: Annotated[str, typer.Option("-o", "--output", help="The folder to make.")],
    paper: Annotated[Literal["a4", "letter"], typer.Option("--paper", help="What it is printed on.")] = "a4",
    sets: setting.SetOption = None,
    seat: Annotated[
        list[str] | None,
        typer.Option("--seat", help="ROLE=embedded and the like: say on each card that a program plays it."),
    ] = None,
    sample: Annotated[
        int,
        typer.Option(
            "--sample",
            min=1,
            max=10_000,
            help="Meetings played for each lesson, to say what usually comes of it.",
        ),
    ] = SAMPLE,
    force: Annotated[bool, typer.Option("--force", help="Write an earlier kit anew.")] = False,
) -> None:
    from aipm_agents.cli.progress import counting
    from aipm_agents.kit import folder
    from aipm_agents.kit.contents import contents
    from aipm_agents.kit.printing import files
    from aipm_agents.kit.quiz import quiz
    from aipm_agents.report.papers.plain_text import clean
    from aipm_agents.scenario.library import locate
    from aipm_agents.scenario.reader import read

    path = folder.check(output, force=force)
    source = locate(scenario, language.asked())
    decided, _ = setting.changed(read(source), sets, file=source)
    language.follow(decided.language)
    kinds = seating.changed(decided, seat)
    programs = [role for role, kind in kinds.items() if kind != "human"]
    with counting(tr("meetings played for the teaching note")) as on_played:
        documents = contents(decided, range(sample), programs, on_played)
    office = _office(decided, documents)
    others = {"quiz.zip": quiz(decided), **office}
    made: dict[str, str | bytes] = {**files(decided, documents, paper, others), **others}
    folder.write(path, made)
    for name in _listed(documents):
        print(clean(name))
    for each in _too_long(documents):
        typer.echo(
            clean(tr("{title} is long and may need a second page; look at it before you print", title=each)),
            err=True,
        )
    print(clean(tr_n("{n} file in {folder}", "{n} files in {folder}", len(made), folder=path)))
    print(clean(tr("Next: open {page}, read the teaching note, print cards.html", page=path / "index.html")))
    if not office:
        left = [f"{each.name}.pptx" for each in documents if each.sheets and each.sheets[0].form == "slide"]
        typer.echo(tr(
            "Left out: {files}. They need the extra `class`: pip install 'aipm-agents[class]', in a clone pip install -e '.[class]'; then aipm kit again, with --force",
            files=tr(", ").join((*left, *SHEETS)),
        ), err=True)  # fmt: skip


def _office(decided: Scenario, documents: Iterable[Document]) -> dict[str, bytes]:
    """What other programs open, where what writes it is installed."""
    try:
        from aipm_agents.kit.office import office

        return office(decided, documents)
    except ImportError:
        return {}


def _listed(documents: Iterable[Document]) -> Iterable[str]:
    """A line a document; those of single seats in one."""
    from aipm_agents.table.audience import FACILITATOR, PUBLIC

    alone = [each for each in documents if each.audience in (FACILITATOR, PUBLIC)]
    for each in alone:
        yield f"  {each.name:<16}{each.title}"
    seats = [each.name for each in documents if each.name.startswith("card-")]
    yield "  " + tr(
        "card-ROLE, scores-ROLE  the same for one seat each: {seats}",
        seats=", ".join(n.removeprefix("card-") for n in seats),
    )


def _too_long(documents: Iterable[Document]) -> Iterable[str]:
    from aipm_agents.kit import setting

    return [
        each.title for each in documents for sheet in each.sheets
        if sheet.form == "card" and each.name.startswith(("card-", "scores-")) and not setting.fits(sheet.blocks)
    ]  # fmt: skip
