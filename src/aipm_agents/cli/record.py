"""`aipm record`: a group that played on paper, into a record: four lines a round, typed or from a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aipm_agents import language
from aipm_agents.errors import AipmError, UsageError
from aipm_agents.language import follow, mark, tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from aipm_agents.table.on_paper import Meeting

ASKS = (mark("package"), mark("votes"), mark("told"), mark("then"))
"""The four lines of a round."""
_IS_A_DEAL = {
    False: mark(
        "by what was entered all four checkpoints let it through, which is a deal: write deal; or more, where the PM let the next round begin; or time! or parted!, where it ended without a signature"
    ),
    True: mark(
        "by what was entered all four checkpoints let it through, which is a deal: write deal; or time! or parted!, where it ended without a signature"
    ),
}
"""By whether it was the last round."""


def record(
    scenario: Annotated[str, typer.Argument(help="A scenario file, or the id of a bundled one.")],
    output: Annotated[
        str | None, typer.Option("-o", "--output", help="Where to keep the transcript.")
    ] = None,
    lines: Annotated[
        str | None, typer.Option("--lines", help="The same lines from a file; - reads them from a pipe.")
    ] = None,
) -> None:
    from aipm_agents.cli import runs
    from aipm_agents.scenario.library import locate
    from aipm_agents.scenario.reader import read
    from aipm_agents.table.on_paper import Meeting
    from aipm_agents.transcript import new_header, new_path

    decided = read(locate(scenario, language.asked()))
    follow(decided.language)
    header = new_header(decided, 0)
    path = Path(output) if output else new_path(runs.folder(), header)
    if path.exists():
        raise UsageError(tr("{path} is already there; choose another name for the transcript", path=path))
    meeting = Meeting(decided)
    given = _Lines(lines)
    _enter(meeting, given)
    try:
        with runs.opened(path, header) as recorder:
            recorder.append(*meeting.events)
    except AipmError:
        given.back()
        raise
    _tell(meeting, runs.handle(path, header), path)


class _Lines:
    """Lines as they are typed, or from a file; what has been typed is not lost."""

    def __init__(self, source: str | None) -> None:
        self.typed = source is None and sys.stdin.isatty()
        self.given: list[str] = []
        self._numbers: list[int] = []
        """Of those that were given, where they stand in the file."""
        text = ""
        if not self.typed:
            try:
                text = (
                    sys.stdin.read() if source in (None, "-") else Path(source or "").read_text("utf-8-sig")
                )
            except (OSError, UnicodeDecodeError) as error:
                raise UsageError(
                    tr("--lines {path}: cannot be read: {error}", path=source, error=error)
                ) from None
        self._rest = (
            (n, line.strip()) for n, line in enumerate(text.splitlines(), 1) if not line.startswith("#")
        )

    def next(self, number: int, what: str) -> str | None:
        """The next line; None where there is none."""
        if self.typed:
            print(tr("round {n}, {what}: ", n=number, what=tr(what)), end="", flush=True)
            typed = sys.stdin.readline()
            if not typed:
                raise KeyboardInterrupt  # Ctrl-D: nobody has said how it went on
            found = len(self.given) + 1, typed.strip()
        elif (there := next(self._rest, None)) is None:
            return None
        else:
            found = there
        self._numbers.append(found[0])
        self.given.append(found[1])
        return found[1]

    def refuse(self, error: UsageError, back: int) -> None:
        """Asked again at the keyboard; of a file, its lines are at fault."""
        if not self.typed:
            first, last = self._numbers[-back], self._numbers[-1]
            told = (
                tr("line {n}: {error}", n=last, error=error) if back == 1
                else tr("lines {first} to {last}: {error}", first=first, last=last, error=error)
            )  # fmt: skip
            raise UsageError(told) from None
        del self.given[len(self.given) - back :], self._numbers[len(self._numbers) - back :]
        print(f"  {error}")

    def back(self) -> None:
        """What was typed, for another try."""
        text = tr("Nothing is on file. These lines, in a file, are taken again with --lines FILE:")
        print(f"\naipm: {text}", *self.given, sep="\n", file=sys.stderr)


def _enter(meeting: Meeting, lines: _Lines) -> None:
    from aipm_agents.cli.paper_sheet import sheet

    if lines.typed:
        print(sheet(meeting.scenario))
    try:
        while not meeting.over:
            _round(meeting, lines)
            _then(meeting, lines)
    except KeyboardInterrupt:
        lines.back()
        raise typer.Exit(130) from None


def _round(meeting: Meeting, lines: _Lines) -> None:
    from aipm_agents.table.paper_lines import package_of, round_of, told_of, votes_of

    number, readers = meeting.round + 1, (package_of, votes_of, told_of)
    while True:
        given = [_line(meeting, lines, number, what, of) for what, of in zip(ASKS, readers, strict=False)]
        try:
            meeting.enter(round_of(meeting, *given))
        except UsageError as error:
            lines.refuse(error, 3)
        else:
            return


def _line(
    meeting: Meeting, lines: _Lines, number: int, what: str, read: Callable[[Meeting, str], object]
) -> str:
    """A line that can be read: what cannot is said at once."""
    while (line := lines.next(number, what)) is not None:
        try:
            read(meeting, line)
        except UsageError as error:
            lines.refuse(error, 1)
        else:
            return line
    raise UsageError(
        tr(
            "the lines end in round {n}, and nobody says how it ended: write deal, time or parted last",
            n=number,
        )
    )


def _then(meeting: Meeting, lines: _Lines) -> None:
    """How it went on. What the rulings do not bear out is asked about once; with ! it is recorded beside them."""
    from aipm_agents.report.words.on_paper import against, ruled
    from aipm_agents.table.paper_lines import MORE, closing

    while not meeting.over:
        if lines.typed:
            print(f"  {ruled(meeting)}")
        given = lines.next(meeting.round, ASKS[3])
        try:
            end, insists = closing(given or "")
            doubt = None if insists else against(meeting, end)
            if meeting.at_last and (given or "").lower() == MORE:
                raise UsageError(tr("more: this was the last round of the case; write deal, time or parted"))
            if doubt == "a deal":
                raise UsageError(tr(_IS_A_DEAL[meeting.at_last]))
            if doubt == "no deal":
                raise UsageError(
                    tr(
                        "by what was entered this is no deal: {why}. Look again; deal! records what the table signed",
                        why=ruled(meeting),
                    )
                )
        except UsageError as error:
            lines.refuse(error, 1)
            continue
        if end is not None or meeting.at_last:
            meeting.close(end or "time")
        return


def _tell(meeting: Meeting, handle: str, path: Path) -> None:
    from aipm_agents.report.words.ended import ended

    print(ended(meeting.scenario, meeting.events))
    print(tr("Recorded from paper: packages, votes and what was told, as entered, and no more."))
    print(tr("Transcript: {path}", path=path))
    print(
        tr(
            "Next: aipm debrief {run}; with other groups, each by its id or file behind it: aipm debrief {run} RUN ...",
            run=handle,
        )
    )
