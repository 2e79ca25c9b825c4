"""What each PM style does, held against no style seed by seed: the tables of docs/styles.md.

    python benchmarks/styles.py [--seeds 100]

Sweeps three cases and writes the page between its two marks, with a sentence for every style drawn from the figures.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from pathlib import Path

from measured import Row, bootstrap, difference, gaps, grid, made, put, share, stopped, swept, worth

from aipm_agents.scenario.library import bundled
from aipm_agents.scenario.reader import read
from aipm_agents.styles import NAMES

PAGE = Path(__file__).parents[1] / "docs" / "styles.md"
CASES = ("fading-forecast", "discharge-letter", "three-bets")
MEASURES = (
    ("rounds", lambda row: row["round"], 2), ("facts seats told", lambda row: row["facts_told"], 2),
    ("Nash ratio, no deal or unsound 0", worth, 3), ("questions for evidence", lambda row: row["evidence"], 2),
)  # fmt: skip


def rows(case: str, seeds: int) -> list[Row]:
    """A row a run, with what only its transcript tells: questions for evidence as a share, and holds."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "styles"
        found = swept(case, seeds, f"pm_style=none,{','.join(NAMES)}", folder=folder)
        runs = {path.stem: path for path in (folder / "runs").glob("*/*.jsonl")}
        for row in found:
            header, *events = (
                json.loads(line) for line in runs[row["run_id"]].read_text("utf-8").splitlines()
            )
            criteria = {each["id"] for gate in header["scenario"]["checkpoints"].values() for each in gate}
            asked = [
                e["move"]["question"]["about"] for e in events
                if e["kind"] == "proposal" and (e["move"] or {}).get("question")
            ]  # fmt: skip
            row["evidence"] = sum(about in criteria for about in asked) / len(asked) if asked else 0.0
            row["holds"] = sum(e["kind"] == "signing" and not e["move"]["signs"] for e in events)
    return found


def what_comes_of_it(by: dict[str, list[Row]]) -> str:
    lines = []
    for style, runs in by.items():
        figures = [difference(runs, by[""], of, places) for _, of, places in MEASURES]
        ended = Counter(row["decision"] for row in runs)
        lines.append([
            style or "none", *figures, share(ended["go"], len(runs)), stopped(runs),
            share(sum(not row["package"] for row in runs), len(runs)),
        ])  # fmt: skip
    return grid(
        [
            "style",
            *(name for name, _, _ in MEASURES),
            "GO, without follow-ups",
            "deals that would be stopped",
            "no deal",
        ],
        lines,
    )


def where_it_begins(case: str, by: dict[str, list[Row]]) -> str:
    scenario = read(bundled()[case])
    plain, lines = {row["seed"]: row["first_package"] for row in by[""]}, []
    for style, runs in by.items():
        (asked, times), *_ = Counter(row["first_asked"] for row in runs).most_common(1)
        who, _, about = asked.partition(" ")
        gate = (
            scenario.criteria[about][0]
            if about in scenario.criteria
            else "an order"
            if about in scenario.issue
            else "a word"
            if about
            else "-"
        )
        other = (
            share(sum(row["first_package"] != plain[row["seed"]] for row in runs), len(runs))
            if style
            else "-"
        )
        first = f"{who}: {about}, {times} of {len(runs)}" if about else "nobody"
        lines.append([style or "none", other, first, gate, str(sum(row["holds"] for row in runs))])
    return grid(
        ["style", "another first plan", "asks first most often", "about its checkpoint", "holds"], lines
    )


def sentences(found: dict[str, dict[str, list[Row]]]) -> str:
    """For each style what cannot be put down to chance, case by case."""
    told = []
    for style in NAMES:
        parts = []
        for case, by in found.items():
            for name, of, places in MEASURES[:3]:
                found_here = gaps(by[style], by[""], of)
                gap = bootstrap(found_here) if found_here else None
                if gap is not None and not gap.spans_zero:
                    parts.append(f"{name} {gap.mean:+.{places}f} in {case}")
        told.append(f"- `{style}`: {'; '.join(parts) or 'nothing that could not be chance'}.\n")
    return "What came out otherwise than without a style, and cannot be put down to chance:\n\n" + "".join(
        told
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=100)
    seeds = parser.parse_args().seeds
    found: dict[str, dict[str, list[Row]]] = {}
    for case in CASES:
        mine = rows(case, seeds)
        found[case] = {style: [row for row in mine if row["pm_style"] == style] for style in ("", *NAMES)}
    runs = sum(len(some) for by in found.values() for some in by.values())
    text = f"{made(seeds, runs)}.\n\n{sentences(found)}"
    for case, by in found.items():
        text += f"\n### {read(bundled()[case]).title}\n\n{what_comes_of_it(by)}\n{where_it_begins(case, by)}"
    put(PAGE, "benchmarks/styles.py", text)


if __name__ == "__main__":
    main()
