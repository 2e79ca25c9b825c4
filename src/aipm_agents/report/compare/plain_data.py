"""Comparisons as plain data: for `--json`, and as the rows of a table for a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aipm_agents.analysis.compare.comparison import differing
from aipm_agents.analysis.sample.case import case
from aipm_agents.analysis.sample.row import row
from aipm_agents.report.compare.questions import blindness, questions
from aipm_agents.report.debrief.asking import questions as asked_of
from aipm_agents.report.debrief.groups import questions as questions_of_groups
from aipm_agents.transcript.record import line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_agents.analysis.compare.comparison import Against, Comparison
    from aipm_agents.analysis.debrief.groups import Groups
    from aipm_agents.analysis.debrief.whole import Debrief
    from aipm_agents.analysis.run.summary import Sheet
    from aipm_agents.analysis.sample.whole import Sample
    from aipm_agents.table.events import Event
    from aipm_agents.transcript.record import Transcript


def comparison_data(found: Comparison, runs: Sequence[Transcript]) -> dict[str, Any]:
    return {
        "rows": [
            {"run": sheet.label, **row(case("", run))} for sheet, run in zip(found.sheets, runs, strict=True)
        ],
        "same_scenario": found.same_scenario,
        "same_table": found.same_table,
        "differs": differing(found),
        "criteria": found.criteria,
        "runs": [_run(run) for run in found.sheets],
        "against": {label: _against(against) for label, against in found.against.items()},
        "chances": found.chances,
        "neither": blindness(found) or None,
        "questions": questions(found) if len(found.sheets) == 2 else [],
    }


def _run(run: Sheet) -> dict[str, Any]:
    data = run._asdict()
    del data["written"], data["scenario"], data["ruling"]
    if not run.scenario.extras:
        del data["inquiry"]
    return {
        **data, "scenario": run.scenario.id, "scenario_sha256": run.written.digest,
        "follow_ups": [each.model_dump(mode="json") for each in run.follow_ups],
        "conduct": run.conduct.plain(),
    }  # fmt: skip


def _against(against: Against) -> dict[str, Any]:
    parting = against.parting
    return {
        "changes": against.changes, "comparable": against.comparable, "broken_off": against.broken_off,
        "parting": None if parting is None else {
            "round": parting.round, "kind": parting.kind, "role": parting.role, "differs": parting.differs,
            "before": [_event(event) for event in parting.before],
            "asked": None if parting.asked is None else {
                "by": parting.asked[0], **parting.asked[1].model_dump(mode="json"),
            },
            "branches": [
                {
                    "move": _event(branch.move), "after": [_event(event) for event in branch.after],
                    "then": branch.then,
                }
                for branch in parting.branches
            ],
        },
        "sooner": against.sooner and {
            "round": against.sooner.round, "role": against.sooner.role, "differs": against.sooner.differs,
        },
        "wording": against.wording,
    }  # fmt: skip


def _event(event: Event | None) -> dict[str, Any] | None:
    if event is None:
        return None
    return {key: value for key, value in line(event).items() if key != "volatile"}


def sample_data(found: Sample) -> dict[str, Any]:
    data = found._asdict()
    del data["cases"], data["labels"]
    data["rows"] = [{"group": each.group, "file": each.source, **row(each)} for each in found.cases]
    data["groups"] = [
        {**group._asdict(), "packages": [[scenario, dict(package), count] for scenario, package, count in group.packages]}
        for group in found.groups
    ]  # fmt: skip
    return data


def debrief_data(found: Debrief) -> dict[str, Any]:
    """Figures and codes, and the questions in words."""
    data = found._asdict()
    del data["sheet"], data["record"], data["work"]
    return {
        "run": _run(found.sheet), "outcome": found.sheet.decision, **data,
        "checkpoints": {each.gate: each for each in found.work.gates},
        "hardest": found.work.hardest.gate if found.work.hardest else None,
        "questions": asked_of(found),
    }  # fmt: skip


def groups_data(found: Groups) -> dict[str, Any]:
    """Every group by its number; nothing says who sat in it."""
    whole = [debrief_data(each) for each in found.groups]
    for each in whole:
        del each["run"]["run_id"], each["run"]["parent"]
    return {
        "scenario": found.scenario.id, "groups": whole, "decisions": found.decisions, "never_said": [{"kind": each.kind, "name": each.name, "part": each.part} for each in found.never_said],
        "forks": [
            {"label": fork.label, "parting": fork.decisive and {
                "round": fork.decisive.parting.round, "role": fork.decisive.parting.role,
                "kind": fork.decisive.parting.kind, "differs": fork.decisive.parting.differs,
                "rulings": fork.decisive.rulings, "ended": fork.decisive.ended,
            }}
            for fork in found.forks
        ],
        "questions": questions_of_groups(found),
    }  # fmt: skip
