"""The front page of `aipm`: what there is, each in a sentence. It opens in an instant, so nothing is imported that
only commands need, Typer included."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.language import mark, tr

if TYPE_CHECKING:
    from rich.console import RenderableType

TITLE = mark("A flight simulator for product decisions.")
OPTIONS = {
    "--version": mark("Print the version and leave."),
    "--debug": mark("Show the traceback of an error."),
    "--lang": mark("Speak en or zh-Hant; it may stand anywhere on the line."),
    "--install-completion": mark("Install completion for the current shell."),
    "--show-completion": mark("Show completion for the current shell, to copy it or customize the installation."),
    "--help": mark("Show this message and exit."),
}  # fmt: skip
_METAVARS = (mark("Usage: "), mark("[OPTIONS]"), mark("COMMAND [ARGS]..."))


class Entry(NamedTuple):
    """A command as the front page knows it."""

    panel: str
    place: str
    """Its module and its function there, `library.list_scenarios`; within `aipm_agents.cli`."""
    does: str


ENTRIES = {
    "run": Entry("Run", "run.run", "Negotiate a scenario to its decision, and keep the transcript."),
    "play": Entry("Run", "play.play", "Take a seat yourself; the others are played for you. Leave at any time, and go on with `resume`."),
    "resume": Entry("Run", "resume.resume", "Go on with a run that was broken off, or branch from an earlier round; from its transcript alone."),
    "sweep": Entry("Run", "sweep.sweep", "Run many at once: seeds, seats and values crossed; the same command does what is missing."),
    "bench": Entry("Run", "bench.bench", "Score a model on a fixed suite of games, beside embedded seats and the solver; a card to publish."),
    "show": Entry("Read", "show.show", "Print a finished or broken-off run from its file alone, as an audience may see it."),
    "replay": Entry("Read", "replay.replay", "Show a run at reading pace, for a projector. Space pauses, Enter steps, + and - change the pace."),
    "compare": Entry("Read", "compare.compare", "Hold runs beside each other: what came out, where they parted, what it cost. Or two versions of a scenario, seed by seed."),
    "debrief": Entry("Read", "debrief.debrief", "What to talk about after a run: where it turned, what nobody said, what was left on the table. Opens every card."),
    "view": Entry("Read", "view.view", "A folder of runs in the browser: leaf through them, replay, compare, debrief, follow one that is being played."),
    "judge": Entry("Read", "judge.judge", "What a model thinks of how a table behaved, and how far it agrees with itself: an opinion."),
    "export": Entry("Read", "export.export", "Write a run to a file: a page, a decision record, data, or a picture of it."),
    "list": Entry("Author", "library.list_scenarios", "List what comes with it: scenarios, styles of a PM, packs of criteria, dates of law."),
    "analyze": Entry("Author", "analyze.analyze", "What can come of a scenario, from its whole outcome space, before anyone speaks."),
    "flip": Entry("Author", "flip.flip", "What would change the decision, of a scenario or of a run: each bound, fact and walk-away by as little as does it."),
    "validate": Entry("Author", "validate.validate", "Check scenario files: every error with its line, and what can come of the scenario."),
    "draft": Entry("Author", "draft.draft", "From a brief to a scenario file, by a model or in a conversation; what is made up is marked."),
    "init": Entry("Author", "init.init", "Write a small, valid, commented scenario to begin with, and its schema beside it."),
    "import": Entry("Author", "imports.take_in", "Read a game of another testbed (scorable, textarena, genius, negmas) into a scenario, and say what was lost."),
    "schema": Entry("Author", "schema.schema", "Print the JSON Schema of the scenario format, or a list of what each column of rows and turns holds."),
    "class": Entry("Teach", "classroom.hold", "A class in the browser: phones join over the room's network, you lead; the folder of a class that was stopped goes on with it."),
    "record": Entry("Teach", "record.record", "Record a group that played on paper: package, votes, what was told, how it went on; four lines a round."),
    "kit": Entry("Teach", "kit.kit", "Everything to run a class on paper: cards, score sheets, teaching note, forms, glossary; as text and to print."),
    "doctor": Entry("Set up", "doctor.doctor", "See whether everything a run needs is here; each thing missing with its remedy."),
}  # fmt: skip
"""Every command by its name, in the order of the front page. A new one is a line here and a file beside this."""


def page() -> None:
    """Print it."""
    from rich.console import Console

    from aipm_agents.report.papers.typography import text

    console = Console(highlight=False)
    console.print(text(f" {usage('Usage: aipm [OPTIONS] COMMAND [ARGS]...')}", "bold"), "", sep="\n")
    console.print(text(f" {tr(TITLE)}"), "", sep="\n")
    console.print(_panel(mark("Options"), OPTIONS))
    for panel in dict.fromkeys(entry.panel for entry in ENTRIES.values()):
        console.print(_panel(panel, {n: entry.does for n, entry in ENTRIES.items() if entry.panel == panel}))


def usage(said: str) -> str:
    """The line that tells how a command is called, as Typer makes it, in the language spoken."""
    for each in _METAVARS:
        said = said.replace(each, tr(each), 1)
    return said


def _panel(title: str, rows: dict[str, str]) -> RenderableType:
    from rich.panel import Panel
    from rich.table import Table

    from aipm_agents.report.papers.typography import text

    grid = Table.grid(padding=(0, 2), expand=True)
    grid.add_column(style="bold cyan", no_wrap=True, width=max(map(len, rows)) if rows is OPTIONS else 8)
    grid.add_column(ratio=1)
    for name, does in rows.items():
        grid.add_row(name, text(tr(does)))
    return Panel(grid, title=tr(title), title_align="left", border_style="dim")
