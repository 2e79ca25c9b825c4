"""What disclosure, the quorum and each checkpoint do: the tables of docs/findings.md, and the sentences above them.

    python benchmarks/findings.py [--seeds 100]

Sweeps four cases, one thing changed at a time, and writes the page between its two marks. Every sentence it writes is
drawn from the figures; what they mean is for whoever reads them.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from measured import Row, bootstrap, difference, grid, made, put, share, stopped, swept

PAGE = Path(__file__).parents[1] / "docs" / "findings.md"
CASES = {"refund-copilot": 5, "fading-forecast": 5, "discharge-letter": 6, "fresh-food-orders": 6}
"""And how many sit at the table."""
WITHOUT = {
    "none": "nothing", "desire": "Desire", "feasible": "Feasible", "viable": "Viable", "alignment": "Alignment",
    "people": "its people half", "team": "its team half",
}  # fmt: skip
CANDOUR = "parties.*.temperament.candour"
MEASURES = (
    ("rounds", lambda row: row["round"], 1), ("gain, mean of the parties", lambda row: row["mean_gain"], 1),
    ("smallest gain", lambda row: row["least_gain"], 1), ("facts seats told", lambda row: row["facts_told"], 1),
)  # fmt: skip
HEAD = [*(name for name, _, _ in MEASURES), "deals", "of them would be stopped"]


def cells(rows: list[Row], plain: list[Row]) -> list[str]:
    figures = [difference(rows, plain, of, places) for _, of, places in MEASURES]
    return [*figures, share(sum(bool(row["package"]) for row in rows), len(rows)), stopped(rows)]


def checkpoints(case: str, seeds: int, every: list[Row]) -> tuple[str, str]:
    """The table of a case, and what it says of rounds and of deals that would not stand."""
    found = swept(case, seeds, f"without={','.join(WITHOUT)}")
    every += found
    by = {key: [row for row in found if row["factor.without"] == key] for key in WITHOUT}
    table = grid(["without", *HEAD], [[WITHOUT[key], *cells(rows, by["none"])] for key, rows in by.items()])
    times = {key: moved(rows, by["none"]) for key, rows in by.items() if key != "none"}
    quick = [f"{WITHOUT[key]} {mean:+.1f}" for key, mean in times.items() if mean]
    loose = [
        f"{WITHOUT[key]} {fallen(rows)}" for key, rows in by.items() if key != "none" and fallen(rows) > fallen(by["none"])
    ]  # fmt: skip
    says = f"Rounds that cannot be put down to chance, without: {'; '.join(quick) or 'none'}. "
    says += f"Deals that would be stopped, more than the {fallen(by['none'])} as written, without: {'; '.join(loose) or 'none'}.\n\n"
    return says, table


def moved(rows: list[Row], plain: list[Row]) -> float:
    """The difference in rounds; 0 where it cannot be told from none."""
    base = {row["seed"]: row["round"] for row in plain}
    found = bootstrap([float(row["round"] - base[row["seed"]]) for row in rows])
    return 0.0 if found.spans_zero else found.mean


def fallen(rows: list[Row]) -> int:
    return sum(row["sound"] is False for row in rows)


def disclosure(case: str, seeds: int, every: list[Row]) -> list[list[str]]:
    found = swept(case, seeds, f"{CANDOUR}=as-written,0,0.5,1")
    every += found
    by = {
        key: [row for row in found if row[f"factor.{CANDOUR}"] == key]
        for key in ("as-written", "0", "0.5", "1")
    }
    return [[case, key, *cells(rows, by["as-written"])] for key, rows in by.items()]


def quorum(case: str, people: int, seeds: int, every: list[Row]) -> list[list[str]]:
    yeses = [str(n) for n in (people - 1, people - 2, people)]
    found = swept(case, seeds, f"agreement.accept_at_least={','.join(yeses)}", "agreement.veto=as-written,")
    every += found
    vetoes = {"as-written": "as written", "": "nobody's"}

    def of(need: str, veto: str) -> list[Row]:
        keys = "factor.agreement.accept_at_least", "factor.agreement.veto"
        return [row for row in found if (str(row[keys[0]]), row[keys[1]]) == (need, veto)]

    plain = of(yeses[0], "as-written")
    assert plain, {(row["factor.agreement.accept_at_least"], row["factor.agreement.veto"]) for row in found}
    return [
        [case, f"{need} of {people}", told, *cells(plain if (need, veto) == (yeses[0], "as-written") else of(need, veto), plain)]
        for need in yeses for veto, told in vetoes.items()
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=100)
    seeds, every = parser.parse_args().seeds, list[Row]()
    gates = {case: checkpoints(case, seeds, every) for case in CASES}
    told = [line for case in CASES for line in disclosure(case, seeds, every)]
    needed = [line for case, people in CASES.items() for line in quorum(case, people, seeds, every)]
    ended = "; ".join(
        f"{ending.replace('_', ' ')} {n:,}"
        for ending, n in Counter(row["decision"] for row in every).most_common()
    )
    text = f"{made(seeds, len(every))}. How they ended: {ended}.\n\n## Switching off a checkpoint\n\n"
    text += "\n".join(f"### {case}\n\n{says}{table}" for case, (says, table) in gates.items())
    text += "\n## Disclosure: how readily seats tell what they know\n\nCandour 0 never tells unasked, 1 at once. *As written*: each role its own.\n\n"
    text += grid(["case", "candour", *HEAD], told, 2)
    text += "\n## The quorum, and the veto\n\n" + grid(["case", "yeses needed", "veto", *HEAD], needed, 3)
    put(PAGE, "benchmarks/findings.py", text)


if __name__ == "__main__":
    main()
