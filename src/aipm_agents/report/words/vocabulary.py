"""The closed words of a record as people read them: votes, verdicts, outcomes, grounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from aipm_agents.language import mark, tr

if TYPE_CHECKING:
    from aipm_agents.analysis.space.solutions import Concept
    from aipm_agents.scenario.criteria import CheckpointName
    from aipm_agents.scenario.lenses import Ground
    from aipm_agents.table.events import Ending, Status, Verdict
    from aipm_agents.table.moves import Vote


W = TypeVar("W", bound=str | int)


class Vocabulary(dict[W, str]):
    """Closed words as people read them, in the language spoken now."""

    def __getitem__(self, word: W) -> str:
        return tr(super().__getitem__(word))


VOTES: Vocabulary[Vote] = Vocabulary(
    {"yes": mark("yes"), "yes_if": mark("yes, if"), "no": mark("no"), "no_answer": mark("no answer")}
)


VERDICTS: Vocabulary[Verdict] = Vocabulary({
    "pass": mark("pass"), "pass_with_follow_up": mark("pass with follow-up"),
    "not_shown": mark("NOT SHOWN"), "blocked": mark("BLOCKED"),
})  # fmt: skip


OUTCOMES: Vocabulary[Ending] = Vocabulary({
    "go": mark("GO"), "go_with_follow_ups": mark("GO, WITH FOLLOW-UPS"), "no_go": mark("NO-GO"),
    "no_agreement": mark("NO AGREEMENT"), "undecided": mark("UNDECIDED, BY FAULTS"), "stopped": mark("broken off"),
})  # fmt: skip


CHECKPOINT_TITLES: Vocabulary[CheckpointName] = Vocabulary({
    "desire": mark("Desire"), "feasible": mark("Feasible"), "viable": mark("Viable"), "alignment": mark("Alignment"),
})  # fmt: skip


FAULTS: Vocabulary[str] = Vocabulary({
    "timeout": mark("timeout"), "refusal": mark("refusal"), "malformed": mark("malformed"),
    "no_reply": mark("no reply"), "failure": mark("failure"),
})  # fmt: skip


STATUSES: Vocabulary[Status] = Vocabulary(
    {"met": mark("met"), "not_shown": mark("NOT SHOWN"), "failed": mark("FAILED")}
)


CONCEPTS: Vocabulary[Concept] = Vocabulary({
    "nash": mark("Nash"), "egalitarian": mark("egalitarian (Kalai)"),
    "kalai_smorodinsky": mark("Kalai-Smorodinsky"), "max_welfare": mark("maximum welfare"),
})  # fmt: skip


GROUNDS: Vocabulary[Ground] = Vocabulary({
    "sample": mark("its sample"), "baseline": mark("its baseline"), "slice": mark("how it was cut"),
    "stale": mark("its age"), "proxy": mark("what it stands for"), "interest": mark("whose interest it serves"),
})  # fmt: skip
