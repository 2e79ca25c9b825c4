"""What an index says of a scenario: its headline. Of one that comes with us it is read off the file alone, without
the model: ours are valid, as the tests hold, and a list of them opens in an instant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from aipm_agents.scenario import yaml
from aipm_agents.scenario.library import in_other_words, on_paper

if TYPE_CHECKING:
    from pathlib import Path as FilePath

    from aipm_agents.roles import Language, Role
    from aipm_agents.scenario.criteria import Orientation
    from aipm_agents.scenario.model import Scenario, Stage
    from aipm_agents.scenario.problems import Path
    from aipm_agents.scenario.values import Id

_KEPT = frozenset({
    "id", "title", "question", "language", "stage", "orientations", "portfolio", "follows", "uses", "parties", "issues",
    "rounds", "teaching",
})  # fmt: skip


class Headline(NamedTuple):
    id: Id
    title: str
    question: str
    language: Language
    """The one this is told in."""
    languages: tuple[Language, ...]
    """Those it can be played in, its own first."""
    minutes: int | None
    """Of a class on screens."""
    on_paper: int | None
    """Of the shortest class on paper, where that is known without making the kit."""
    teaches: str | None
    stage: Stage | None
    orientations: tuple[Orientation, ...]
    portfolio: bool
    follows: Id | None
    uses: tuple[str, ...]
    seats: tuple[Role, ...]
    issues: tuple[Id, ...]
    rounds: int


def of(scenario: Scenario) -> Headline:
    """Of a scenario by itself, wherever its file may be."""
    teaching = scenario.teaching
    return Headline(
        scenario.id, scenario.title, scenario.question, scenario.language, (scenario.language,),
        teaching.minutes if teaching else None, None, teaching.teaches if teaching else None, scenario.stage,
        scenario.orientations, scenario.portfolio, scenario.follows, scenario.uses,
        tuple(scenario.parties), tuple(scenario.issue), scenario.rounds,
    )  # fmt: skip


def read_off(path: FilePath, language: Language | None = None) -> Headline:
    """Of a file that is known to be valid, in this language if its texts are there in it."""
    data: dict[str, Any] = yaml.parse(path.read_text("utf-8"), _nobody_reads).data
    own, others = data.get("language", "en"), in_other_words(path)
    teaching = data.get("teaching", {})
    told = data | {"teaches": teaching.get("teaches")}
    if language in others:
        words = yaml.parse(others[language].read_text("utf-8"), _nobody_reads).data
        told |= words | {"teaches": words.get("teaching", {}).get("teaches")}
    return Headline(
        data["id"], told["title"], told["question"], told.get("language", "en"), (own, *others),
        teaching.get("minutes"), on_paper(path), told["teaches"], data.get("stage"),
        _several(data.get("orientations", ())), data.get("portfolio", False), data.get("follows"),
        _several(data.get("uses", ())), tuple(data["parties"]), tuple(each["id"] for each in data["issues"]),
        data.get("rounds", 8),
    )  # fmt: skip


def _several(value: Any) -> tuple[Any, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _nobody_reads(path: Path) -> bool:
    match path:
        case (key,):
            return key not in _KEPT
        case ("parties", _) | ("issues", _, "options"):
            return True
        case ("teaching", key):
            return key not in ("minutes", "teaches")
        case _:
            return False
