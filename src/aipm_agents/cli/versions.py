"""Two versions of a scenario held against each other, seed by seed: what `compare` does with scenario files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aipm_agents.cli import files, setting
from aipm_agents.errors import UsageError
from aipm_agents.language import follow_all, speaking, tr

if TYPE_CHECKING:
    from aipm_agents.scenario.model import Scenario

SEEDS, MOST = "0:100", 10_000


def meant(names: list[str], sets: list[str] | None, seeds: str | None) -> bool:
    """Whether these are scenarios and no runs: by their ending, or because only a scenario takes what was asked."""
    return bool(sets) or seeds is not None or all(Path(n).suffix in (".yaml", ".yml") for n in names)


def compare_versions(
    names: list[str],
    sets: list[str] | None,
    seeds: str | None,
    *,
    full: bool,
    as_json: bool,
    output: str | None,
    excel: bool = False,
) -> bool:
    """Print or write the comparison; whether some seed came to another end. Of one file, the version as written
    against the same with `sets`; of two, both with them."""
    from aipm_agents.analysis.sample.versions import versions
    from aipm_agents.cli.progress import counting
    from aipm_agents.report.compare.tables import sample_table
    from aipm_agents.report.sample.versions import versions_data, versions_report

    old, new = _pair(names, sets)
    with counting(tr("meetings")) as on_played:
        found = versions(old, new, _seeds(seeds), on_played)
    follow_all({old[1].language, new[1].language})
    blocks = versions_report(found, full=full or output is not None)
    with speaking("en"):  # a program reads it
        data = versions_data(found)
    files.give(
        tr("Comparison"), blocks, data,
        as_json=as_json, output=output, table=sample_table(found.sample), excel=excel,
    )  # fmt: skip
    return any(came not in ("same", "no_deal") for came in found.came.values())


def _pair(names: list[str], sets: list[str] | None) -> tuple[tuple[str, Scenario], tuple[str, Scenario]]:
    from aipm_agents.scenario.library import locate
    from aipm_agents.scenario.reader import read

    if len(names) > 2 or (len(names) == 1 and not sets):
        raise UsageError(
            tr(
                "compare takes two scenario files (an old and a new version), or one with --set: as it is written against as it is set"
            )
        )
    paths = [locate(name) for name in names]
    made = [read(path) for path in paths]
    changed = [setting.changed(each, sets, file=path)[0] for each, path in zip(made, paths, strict=True)]
    if len(made) == 1:
        return (tr("as written"), made[0]), (tr("as set"), changed[0])
    short = [Path(name).stem for name in names]
    called = (
        short if short[0] != short[1] else names if names[0] != names[1] else [*names[:1], f"{names[1]} (2)"]
    )
    old, new = changed
    if not _choices(old) & _choices(new):
        raise UsageError(
            tr("{old} and {new} have no choice in common: two cases, not two versions of one", old=names[0], new=names[1])
        )  # fmt: skip
    return (called[0], old), (called[1], new)


def _choices(scenario: Scenario) -> set[tuple[str, str]]:
    return {(issue.id, option.id) for issue in scenario.issues for option in issue.options}


def _seeds(text: str | None) -> range:
    from aipm_agents.sweeps.plan import seeds_of

    text = SEEDS if text is None else text
    found = seeds_of(text)
    if len(found) > MOST:
        raise UsageError(
            tr("--seeds {seeds}: {most:,} seeds at most; `aipm sweep` plays more", seeds=text, most=MOST)
        )
    return found
