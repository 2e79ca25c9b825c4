"""Documents on paper: Markdown, and pages that print on A4 or US Letter, a sheet on a page of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.kit import score
from aipm_agents.kit.setting import PAPERS
from aipm_agents.language import speaking, tr
from aipm_agents.report.papers.csv_rows import csv_text
from aipm_agents.report.papers.html import filled
from aipm_agents.report.papers.jinja import style
from aipm_agents.report.papers.markdown import markdown
from aipm_agents.table.audience import FACILITATOR, PUBLIC

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from aipm_agents.kit.document import Document
    from aipm_agents.kit.setting import Paper
    from aipm_agents.scenario.model import Scenario


class PrintItem(NamedTuple):
    title: str
    use: str
    links: tuple[tuple[str, str], ...]
    """Words and file; the first is the page."""


class Pile(NamedTuple):
    """Documents for one kind of reader, on the first page."""

    title: str
    note: str
    entries: tuple[PrintItem, ...]


def files(
    scenario: Scenario, documents: Iterable[Document], paper: Paper, office: Collection[str] = ()
) -> dict[str, str]:
    """Name -> text of every file of a kit, `index.html` first. `office`: names of those beside them that other programs
    open."""
    made = tuple(documents)
    css = f"{style('kit.css')}@page {{ size: {PAPERS[paper]}; }}\n"
    with speaking(scenario.language):
        out = {
            "index.html": _page(
                "kit-index.html.jinja",
                scenario,
                scenario.title,
                css,
                shelves=list(_shelves(scenario, made, office)),
                question=scenario.question,
                words=_words(),
            )
        }
        for each in made:
            title = f"{each.title} · {scenario.title}"
            out[f"{each.name}.html"] = _page(
                "kit.html.jinja", scenario, title, css, document=each, words=_words()
            )
            out[f"{each.name}.md"] = markdown(each.blocks)
    out["scores.csv"] = csv_text(score.rows(scenario), excel=True)  # for a teacher's spreadsheet
    return out


def _page(template: str, scenario: Scenario, title: str, css: str, **what: object) -> str:
    return filled(template, title, scenario.language, css=css, **what)


def _words() -> dict[str, str]:
    """What the templates say of themselves."""
    return {
        "skip": tr("To the text"), "kit": tr("The kit"),
        "footer": tr("Made by aipm-agents. For teaching and practice; not legal or medical advice."),
        "facilitator": tr("Holds every secret of this case. For the facilitator's eyes."),
    }  # fmt: skip


def _shelves(scenario: Scenario, made: tuple[Document, ...], office: Collection[str]) -> Iterator[Pile]:
    alone = [_entry(each, office) for each in made if each.audience == FACILITATOR]
    yield Pile(tr("For you alone"), tr("Every secret of the case is in here."), tuple(alone))
    public = [_entry(each, office) for each in made if each.audience == PUBLIC]
    yield Pile(tr("For everybody"), tr("Nothing that anybody keeps."), tuple(public))
    yield Pile(
        tr("For one seat each"), tr("To send to one person; on paper, print the two stacks above."),
        tuple(
            PrintItem(scenario.card(role).title, "", tuple(link for each in made if each.audience == role for link in _links(each, each.title)))
            for role in scenario.parties
        ),
    )  # fmt: skip


def _entry(made: Document, office: Collection[str]) -> PrintItem:
    more = [(tr("as a spreadsheet"), "scores.csv")] if made.name == "scores" else []
    if made.name == "scores" and "scoring.xlsx" in office:
        more.append((tr("that reckons points and gates"), "scoring.xlsx"))
    if made.name == "answers" and "quiz.zip" in office:
        more.append((tr("as a quiz for a learning platform (QTI 2.1)"), "quiz.zip"))
    if made.name == "survey-after" and "survey.xlsx" in office:
        more.append((tr("pairs and draws the answers"), "survey.xlsx"))
    if (show := f"{made.name}.pptx") in office:
        more.append((tr("as a slide show"), show))
    return PrintItem(made.title, made.use, (*_links(made, made.title), *more))


def _links(made: Document, title: str) -> tuple[tuple[str, str], ...]:
    return (title, f"{made.name}.html"), (tr("as text"), f"{made.name}.md")
