"""What the tables of docs/findings.md and docs/styles.md share: sweeps, differences to a first row, and how they are
written. The unit is the seed; a share has Wilson's interval, a mean and a difference the expanded percentile
bootstrap's, all of 95 %. A difference that cannot be told from none is printed in brackets."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aipm_agents.analysis.sample.statistics import Mean, bootstrap, wilson
from aipm_agents.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

Row = dict[str, Any]
FEW = 30
"""Fewer seeds than this are said to be few."""
BEGIN, END = "<!-- made by {script} -->\n", "<!-- as far as that -->\n"


def swept(case: str, seeds: int, *vary: str, folder: Path | None = None) -> list[Row]:
    """A row a run; `folder`: where its transcripts stay. Raises `CalledProcessError` with what the command said."""
    with tempfile.TemporaryDirectory() as home:
        kept = folder or Path(home) / "swept"
        words = [
            "sweep",
            case,
            "--seeds",
            f"0:{seeds}",
            *(word for each in vary for word in ("--vary", each)),
        ]
        subprocess.run(
            [sys.executable, "-m", "aipm_agents", *words, "-o", str(kept)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return [json.loads(line) for line in (kept / "rows.jsonl").read_text("utf-8").splitlines()]


def worth(row: Row) -> float | None:
    """The Nash ratio, of a deal that would not stand as much as of none; None where somebody is below the walk-away, which
    a quorum may decide over, or where the case has none."""
    return 0.0 if row["sound"] is False else row["nash_ratio"]


def stopped(rows: list[Row]) -> str:
    """Of the deals, those that the case as written would have stopped with every fact told."""
    deals = [row for row in rows if row["package"]]
    return share(sum(row["sound"] is False for row in deals), len(deals)) if deals else "no deal"


def difference(mine: list[Row], plain: list[Row], of: Callable[[Row], float | None], places: int) -> str:
    """The mean where the two are the same rows, else the difference on the seeds that both have."""
    if mine is plain:
        figures = [float(value) for row in plain if (value := of(row)) is not None]
        return told(bootstrap(figures), places) if figures else "-"
    found = gaps(mine, plain, of)
    return told(bootstrap(found), places, "+") if found else "-"


def gaps(mine: list[Row], plain: list[Row], of: Callable[[Row], float | None]) -> list[float]:
    """Seed by seed; a seed for which one of the two has no such figure has no difference either."""
    base = {row["seed"]: of(row) for row in plain}
    return [
        float(value) - float(there) for row in mine
        if (value := of(row)) is not None and (there := base.get(row["seed"])) is not None
    ]  # fmt: skip


def told(mean: Mean, places: int, sign: str = "") -> str:
    """Where all are alike there is no interval."""
    text = f"{mean.mean:{sign}.{places}f}"
    if mean.low is not None and mean.high is not None:
        text += f" [{mean.low:.{places}f}, {mean.high:.{places}f}]"
    return f"({text})" if sign and mean.spans_zero else text


def share(hits: int, n: int) -> str:
    found = wilson(hits, n)
    return f"{hits} of {n} [{100 * found.low:.0f}-{100 * found.high:.0f} %]"


def grid(head: list[str], rows: list[list[str]], words: int = 1) -> str:
    """A Markdown table; the columns after the first `words` line up at the right."""
    lines = [head, ["---"] * words + ["---:"] * (len(head) - words), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def made(seeds: int, runs: int) -> str:
    now = datetime.now(UTC)
    few = "; so few seeds tell little, and their intervals come out too narrow" if seeds < FEW else ""
    return f"{runs:,} runs, seeds 0 to {seeds - 1}, version {__version__}, {now:%d %B %Y}{few}"


def put(page: Path, script: str, text: str) -> None:
    """Between the two marks of the page, in the place of what stood there."""
    before, _, rest = page.read_text("utf-8").partition(BEGIN.format(script=script))
    _, _, after = rest.partition(END)
    assert rest, f"{page} has no place for {script}"
    page.write_text(before + BEGIN.format(script=script) + text + END + after, "utf-8")
