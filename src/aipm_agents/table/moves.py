"""What a seat may do: the moves. A move never says who makes it; the graph stamps role and round."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from aipm_agents.roles import Role
from aipm_agents.scenario.lenses import Ground
from aipm_agents.scenario.model import Package
from aipm_agents.scenario.values import Frozen, Id, Ids, Word

Verb = Literal["frame", "open", "propose", "answer", "sign"]
"""What a seat is asked to do."""
Vote = Literal["yes", "yes_if", "no", "no_answer"]
Part = Literal[
    "vote", "package", "signs", "says", "asks", "tables", "brings", "challenge", "question", "answer", "also", "trade",
    "moved_by", "concern", "red_line", "commissions", "criterion", "reason",
]  # fmt: skip
"""What a move is made of, as its fields are called."""
CORE: frozenset[Part] = frozenset({"vote", "package", "signs", "says", "criterion", "reason"})
"""What makes it a move at all. The other parts may fall, and the move still counts."""

Speech = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]


class _Made(Frozen):
    """What a seat made, looked at again when it becomes an event: a copy can be changed past its own rules."""

    model_config = ConfigDict(revalidate_instances="always")


class Ask(_Made):
    """On this issue, the options this seat could live with now, the one it likes best first."""

    issue: Id
    options: Annotated[tuple[Id, ...], Field(strict=False, min_length=1)]


Asks = Annotated[tuple[Ask, ...], Field(strict=False, max_length=3)]


class Choice(_Made):
    """One option of one issue."""

    issue: Id
    option: Id


Brings = Annotated[tuple[Choice, ...], Field(strict=False)]
"""Options this seat holds, for the table to know from now on."""


class Challenge(_Made):
    """A fact on the table, doubted on one ground; where there is something to it, the fact no longer
    supports what it supported until that is answered."""

    evidence: Id
    ground: Ground


class Question(_Made):
    """One question to one colleague about an issue, a criterion, a fact on the table, or a word in use."""

    to: Role
    about: Word
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=400)] = ""


class Reply(_Made):
    """The answer to a question put a round earlier; declining is an answer."""

    to: Role
    about: Word
    declined: bool = False
    prefers: Ids = ()
    """About an issue: its options, the one this seat likes best first."""


class Trade(_Made):
    """A promise: table both sides, and this seat will not vote below yes-if without saying why."""

    give: Annotated[Package, Field(min_length=1)]
    get: Annotated[Package, Field(min_length=1)] = Field(alias="for")


class Words(_Made):
    """The PM frames the meeting."""

    says: Speech = ""


class Opening(_Made):
    """A colleague says what it needs before anything is proposed."""

    asks: Asks = ()
    tables: Ids = ()
    brings: Brings = ()
    says: Speech = ""


class Proposal(_Made):
    """The PM tables one package, and says what it makes of the last ruling."""

    package: Package
    question: Question | None = None
    commissions: Ids = ()
    """Studies the PM has made; each arrives when it is done."""
    says: Speech = ""


class Position(_Made):
    """A colleague's answer to the package on the table."""

    vote: Vote
    asks: Asks = ()
    tables: Ids = ()
    brings: Brings = ()
    challenge: Challenge | None = None
    question: Question | None = None
    answer: Reply | None = None
    also: Annotated[tuple[Reply, ...], Field(strict=False)] = ()
    """Answers to further questions put to it, after that one."""
    trade: Trade | None = None
    moved_by: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """Evidence, or a turn written `role@round`, that softened a vote or an ask."""
    concern: Id | None = None
    """The criterion this seat doubts. Beside a yes: disagree and commit; beside a yes-if: the reason for it."""
    red_line: int | None = None
    """The own red line, counted from 0, that this package crosses."""
    says: Speech = ""

    @property
    def replies(self) -> tuple[Reply, ...]:
        """All its answers."""
        return self.also if self.answer is None else (self.answer, *self.also)


class Signing(_Made):
    """The PM reads the deal back and signs it, or holds it for a criterion and a reason."""

    signs: bool
    criterion: Id | None = None
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=400)] = ""
    says: Speech = ""


Move = Words | Opening | Proposal | Position | Signing
MOVES: dict[Verb, type[Move]] = {
    "frame": Words, "open": Opening, "propose": Proposal, "answer": Position, "sign": Signing,
}  # fmt: skip
ABSTENTIONS: dict[Verb, Move | None] = {
    "frame": Words.model_construct(), "open": Opening.model_construct(), "propose": None,
    "answer": Position.model_construct(vote="no_answer"), "sign": Signing.model_construct(signs=False),
}  # fmt: skip
"""What stands in the record where no usable move came."""
