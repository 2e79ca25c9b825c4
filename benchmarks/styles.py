"""What each PM style does, held against no style seed by seed: the tables of docs/styles.md.

    aipm sweep fading-forecast discharge-letter three-bets --seeds 0:100 \
        --vary pm_style=none,genai,platform,trust,solutions,director,head,principal -o styles
    python benchmarks/styles.py styles

Shares come with Wilson's interval, means and differences with a bootstrap interval, all of 95 %. A difference
whose interval holds 0 is printed in brackets: it cannot be told from none.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

from aipm_agents.analysis.sample.statistics import Mean, bootstrap, wilson
from aipm_agents.scenario.library import bundled
from aipm_agents.scenario.reader import read
from aipm_agents.styles import NAMES

Row = dict[str, Any]
MEASURES = (("round", "rounds", 2), ("facts_told", "facts told", 2), ("nash_ratio", "Nash ratio", 3),
            ("evidence", "questions for evidence", 2))  # fmt: skip


def rows(folder: Path) -> list[Row]:
    """A row a run, with what only its transcript tells: questions for evidence as a share, and holds."""
    made = []
    for text in (folder / "rows.jsonl").read_text("utf-8").splitlines():
        row = json.loads(text)
        (path,) = (folder / "runs").glob(f"*/{row['run_id']}.jsonl")
        header, *events = (json.loads(line) for line in path.read_text("utf-8").splitlines())
        checkpoints = header["scenario"]["checkpoints"].values()
        criteria = {criterion["id"] for gate in checkpoints for criterion in gate}
        asked = [e["move"]["question"]["about"] for e in events
                 if e["kind"] == "proposal" and e["move"].get("question")]  # fmt: skip
        row["evidence"] = sum(about in criteria for about in asked) / len(asked) if asked else 0.0
        row["holds"] = sum(e["kind"] == "signing" and not e["move"]["signs"] for e in events)
        made.append(row)
    return made


def told(mean: Mean, places: int, sign: str = "") -> str:
    low, high = (0.0 if each is None else each for each in (mean.low, mean.high))
    text = f"{mean.mean:{sign}.{places}f} [{low:.{places}f}, {high:.{places}f}]"
    return f"({text})" if sign and mean.spans_zero else text


def share(hits: int, n: int) -> str:
    found = wilson(hits, n)
    return f"{hits} [{100 * found.low:.0f}-{100 * found.high:.0f} %]"


def owner_of(asked: str) -> str:
    return asked.split(" ")[0] if asked else "nobody"


def gates(name: str) -> dict[str, str]:
    """Criterion -> its checkpoint."""
    return {criterion: gate for criterion, (gate, _) in read(bundled()[name]).criteria.items()}


def table(name: str, all_rows: list[Row]) -> None:
    mine = [row for row in all_rows if row["scenario"] == name]
    by_style = {
        style: {row["seed"]: row for row in mine if row["pm_style"] == style} for style in ("", *NAMES)
    }
    plain, of = by_style[""], gates(name)
    print(f"\n### {name}\n")
    print(
        "| style | " + " | ".join(title for _, title, _ in MEASURES) + " | GO, without follow-ups | no deal |"
    )
    print("|---|" + "---:|" * (len(MEASURES) + 2))
    for style, runs in by_style.items():
        cells = []
        for key, _, places in MEASURES:
            if not style:
                cells.append(told(bootstrap([float(row[key] or 0) for row in runs.values()]), places))
                continue
            shared = sorted(runs.keys() & plain.keys())
            gap = [float(runs[seed][key] or 0) - float(plain[seed][key] or 0) for seed in shared]
            cells.append(told(bootstrap(gap), places, "+"))
        ended = Counter(row["decision"] for row in runs.values())
        none = ended["no_go"] + ended["no_agreement"]
        print(
            f"| {style or 'none'} | {' | '.join(cells)} | {share(ended['go'], len(runs))} | {share(none, len(runs))} |"
        )
    print(
        "\n| style | another first plan | asks first most often | about its checkpoint | holds |\n|---|---:|---|---|---:|"
    )
    for style, runs in by_style.items():
        other = sum(row["first_package"] != plain[seed]["first_package"] for seed, row in runs.items())
        first = Counter(row["first_asked"] for row in runs.values())
        (asked, times), *_ = first.most_common(1)
        about = asked.partition(" ")[2]
        gate = of.get(about, "an order" if about in read(bundled()[name]).issue else "a word")
        holds = sum(row["holds"] for row in runs.values())
        cell = "-" if not style else share(other, len(runs))
        print(
            f"| {style or 'none'} | {cell} | {owner_of(asked)}: {about}, {times} of {len(runs)} | {gate} | {holds} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    found = rows(parser.parse_args().folder)
    for name in dict.fromkeys(row["scenario"] for row in found):
        table(name, found)


if __name__ == "__main__":
    main()
