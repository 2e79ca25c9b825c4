"""What happens in a room, beside what happens at its tables: who came, who sat where, what the teacher did.

Their list is the whole state of a class; the tables have their transcripts. Of people there is a nickname, and of a
token its digest.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, TypeAdapter

from aipm_agents.roles import Language, Role
from aipm_agents.scenario.model import Scenario
from aipm_agents.scenario.values import Frozen, One

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Hint = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
_Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
_Table = Annotated[int, Field(ge=0, le=99)]
"""Counted from 1; 0 is all of them, or none in particular."""


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _moment(text: str) -> str:
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("a moment says how far it is from UTC")
    return text


class _Happening(Frozen):
    at: Annotated[str, AfterValidator(_moment)] = Field(default_factory=now)


class ClassOpened(_Happening):
    """The first line: what this class is about."""

    kind: Literal["opened"] = "opened"
    format: One = 1
    scenario: Scenario
    seed: int
    tables: Annotated[int, Field(ge=1, le=40)]
    minutes: Annotated[int, Field(ge=1, le=600)] = 50
    """From Begin to the end of the debrief."""
    patience: Annotated[int, Field(ge=5, le=3600)] = 240
    """Seconds that a phase waits for a seat."""
    code: str
    secret: str
    """What tokens and codes are derived from; whoever has the folder is the teacher."""
    kinds: dict[Role, str] = {}
    """Role -> what always plays it; nobody is dealt such a seat."""
    rehearsal: bool = False


class Joined(_Happening):
    kind: Literal["joined"] = "joined"
    person: str
    name: Name
    language: Language
    key: _Digest
    wish: _Table = 0


class Rekeyed(_Happening):
    """A person goes on with another phone; the first one is out."""

    kind: Literal["rekeyed"] = "rekeyed"
    person: str
    key: _Digest


class Placing(Frozen):
    person: str
    table: _Table
    role: Role
    """Empty for somebody who watches."""
    since: Annotated[int, Field(ge=0)] = 0
    """How many events the record of the table had then: what its seat does later is theirs."""


class Dealt(_Happening):
    kind: Literal["dealt"] = "dealt"
    places: Annotated[tuple[Placing, ...], Field(strict=False)]


class Undealt(_Happening):
    kind: Literal["undealt"] = "undealt"


class Moved(_Happening):
    """Somebody sits down somewhere: alone, or beside whoever writes there."""

    kind: Literal["moved"] = "moved"
    place: Placing
    left: Annotated[int, Field(ge=0)] = 0
    """How many events the record of the table had that they left; 0 where they left none."""


class TookOver(_Happening):
    """Somebody writes for a seat from a round on."""

    kind: Literal["took_over"] = "took_over"
    place: Placing
    round: int


class Begun(_Happening):
    kind: Literal["begun"] = "begun"


class Paused(_Happening):
    kind: Literal["paused"] = "paused"
    table: _Table = 0


class WentOn(_Happening):
    kind: Literal["went_on"] = "went_on"
    table: _Table = 0


class Extended(_Happening):
    kind: Literal["extended"] = "extended"
    table: _Table = 0
    seconds: int


class Pushed(_Happening):
    """Next phase now: who has not answered abstains."""

    kind: Literal["pushed"] = "pushed"
    table: _Table = 0


class Hinted(_Happening):
    kind: Literal["hinted"] = "hinted"
    table: _Table
    text: Hint


class Brought(_Happening):
    """News sent early: it reaches the table before its PM speaks next."""

    kind: Literal["brought"] = "brought"
    table: _Table = 0
    inject: Annotated[int, Field(ge=0)]


class Deputised(_Happening):
    """A seat was silent for too long, and abstains until its person is back."""

    kind: Literal["deputised"] = "deputised"
    table: _Table
    role: Role
    round: int


class Returned(_Happening):
    kind: Literal["returned"] = "returned"
    table: _Table
    role: Role


class Ended(_Happening):
    """Time ran out."""

    kind: Literal["ended"] = "ended"
    table: _Table = 0


class CardsOpened(_Happening):
    kind: Literal["cards_opened"] = "cards_opened"


class Shown(_Happening):
    """How far the board is: 0 the first question of the debrief alone, 1 the groups side by side, from 2 on that question
    above them."""

    kind: Literal["shown"] = "shown"
    question: Annotated[int, Field(ge=0)]


Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
_Group = Annotated[int, Field(ge=1, le=24)]


class RoundEntered(_Happening):
    """A round of a group that plays on paper, in the four lines of `aipm record`."""

    kind: Literal["entered"] = "entered"
    group: _Group
    package: Line
    votes: Line
    told: Line
    then: Line


class TornUp(_Happening):
    """The last round that was entered of a group on paper does not count."""

    kind: Literal["torn_up"] = "torn_up"
    group: _Group


Happening = Annotated[
    ClassOpened | Joined | Rekeyed | Dealt | Undealt | Moved | TookOver | Begun | Paused | WentOn | Extended | Pushed
    | Hinted | Brought | Deputised | Returned | Ended | CardsOpened | Shown | RoundEntered | TornUp,
    Field(discriminator="kind"),
]  # fmt: skip
HAPPENING: TypeAdapter[Happening] = TypeAdapter(Happening)
