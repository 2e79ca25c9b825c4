"""Everything that can go wrong for a user, and who must act.

    AipmError
    ├── UsageError         whoever typed the command: a name, path or option that does not fit (exit 2)
    ├── ScenarioError      the author of a scenario file; carries every problem found (exit 3)
    ├── TranscriptError    whoever keeps the transcript: not ours, damaged, or of another format (exit 3)
    ├── EndpointError      whoever keeps the model: no way to it, no key, no such model (exit 4)
    ├── BudgetError        whoever pays: the tokens or calls allowed do not cover the next call (exit 5)
    ├── StorageError       whoever keeps the disk: a file of ours cannot be written, and what was there is as it
    │                      was. It stops a run, and is never a seat's fault (exit 1)
    ├── OutputError        whoever reads what we print: nothing more can be written there (exit 1)
    ├── (undecided)        nobody: faults kept a seat from speaking whose word was needed (exit 6; the run is on file)
    └── SeatError          whoever plays a seat: a move that cannot be used. It never ends a run;
                           the graph records it as a fault, and a fault is an abstention.

Only `cli` catches `AipmError`; only `graph` catches `SeatError`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_agents.scenario.problems import Problem

UNDECIDED = 6
"""The exit code of a run that ended so."""

FaultKind = Literal["timeout", "refusal", "malformed", "no_reply", "failure"]


class AipmError(Exception):
    """What happened, where, and how to mend it, in one paragraph."""

    exit_code: ClassVar[int] = 1


class UsageError(AipmError):
    """What was asked for does not fit."""

    exit_code = 2


class ScenarioError(AipmError):
    """A scenario with mistakes; `problems` has all of them, each with its line."""

    exit_code = 3

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class TranscriptError(AipmError):
    """A file that is no transcript, or says something that does not follow."""

    exit_code = 3


class EndpointError(AipmError):
    """A model that cannot be reached at all."""

    exit_code = 4


class BudgetError(AipmError):
    """The next call is not covered by what may be spent."""

    exit_code = 5


class OutputError(AipmError):
    """Raised by the stream itself."""


class StorageError(AipmError):
    pass


class SeatError(AipmError):
    """A seat that has no usable move: it abstains, and the record says of what kind the fault was."""

    def __init__(self, kind: FaultKind, message: str, *, volatile: dict[str, Any] | None = None) -> None:
        """`volatile`: what is worth keeping beside the fault, such as what came back instead of a move."""
        self.kind: FaultKind = kind
        self.volatile = volatile or {}
        super().__init__(message)
