"""Seats written in Python: an `Agent` says what its role does, and everything it leaves unsaid is done for it.

Whatever object has the verbs may sit down; `taken` looks it over first, and hands the table a seat that reads
the short forms an agent may answer in. A bug in somebody's agent is theirs to see: it is raised with its
traceback, unless whoever seats it would rather have it recorded as an abstention.
"""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Mapping
from contextvars import copy_context
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal, cast

from aipm_agents.errors import AipmError, SeatError
from aipm_agents.roles import PM
from aipm_agents.seats import Noted
from aipm_agents.table.lawful import check
from aipm_agents.table.moves import Ask, Opening, Position, Proposal, Signing, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package
    from aipm_agents.seats import Seat
    from aipm_agents.seats.embedded import Embedded
    from aipm_agents.table.moves import Challenge, Choice, Move, Question, Reply, Trade, Verb, Vote
    from aipm_agents.table.view import View

OnFault = Literal["raise", "abstain"]
"""What becomes of a bug in a seat given in Python: it is raised, or recorded as a fault, which is an abstention."""

_OURS = ("embedded", "human", "local")
_LONGEST = 200


class Agent:
    """A seat in Python. Override what the role should do otherwise than the embedded negotiator would.

    The PM is asked to `frame`, `propose` and `sign`, a colleague to `open` and `answer`; each verb gets what
    its seat may see and nothing else. To abstain, raise `SeatError`. A move should depend on the
    view alone: a run that goes on has nothing but its record.
    """

    kind: ClassVar[str] = "Agent"
    """What the record calls it; a subclass goes by its own name unless it sets another."""
    at_once: ClassVar[bool] = True
    """False for an agent that waits for something, such as a model of its own: colleagues are then asked side by
    side, from several threads, and the moves are the same."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "kind" not in cls.__dict__:
            cls.kind = cls.__name__

    def frame(self, view: View) -> Words | str:
        """The words that open the meeting."""
        return _usual().frame(view)

    def open(self, view: View) -> Opening | str:
        """What this seat says it needs, before anything is proposed."""
        return _usual().open(view)

    def propose(self, view: View) -> Proposal | Package:
        """The package to table: a `Proposal`, or issue -> option alone."""
        return _usual().propose(view)

    def answer(self, view: View) -> Position | str:
        """What this seat makes of the package on the table: a `Position`, or its vote alone."""
        return _usual().answer(view)

    def sign(self, view: View) -> Signing | bool:
        """Whether the deal that all four checkpoints let through is signed; a hold says why, in a `Signing`."""
        return _usual().sign(view)


@lru_cache(maxsize=1)
def _usual() -> Embedded:
    from aipm_agents.seats.embedded import Embedded

    return Embedded()


def yes(
    says: str = "", *, concern: str | None = None, tables: Iterable[str] = (), moved_by: Iterable[str] = ()
) -> Position:
    """A yes. `concern`: the criterion doubted all the same; `tables`: facts put on the table with it."""
    return Position(vote="yes", says=says, concern=concern, tables=tuple(tables), moved_by=tuple(moved_by))


def yes_if(
    asks: Iterable[Ask] | Mapping[str, str | Sequence[str]], says: str = "", **more: Any
) -> Position:  # fmt: skip
    """A yes on a condition: what the package would have to have, as `Ask`s or as issue -> option(s)."""
    return _position("yes_if", says, asks, more)


def no(
    says: str = "", *, asks: Iterable[Ask] | Mapping[str, str | Sequence[str]] = (), red_line: int | None = None,
    moved_by: Iterable[str] = (), tables: Iterable[str] = (), brings: Iterable[Choice] = (),
    challenge: Challenge | None = None, question: Question | None = None, answer: Reply | None = None,
    trade: Trade | None = None,
) -> Position:  # fmt: skip
    """A no, and what would change it. `asks`: at most three issues, as `Ask`s or as issue -> option(s), the one
    liked best first; `red_line`: the own one that the package crosses, counted from 0."""
    more = {
        "red_line": red_line, "moved_by": tuple(moved_by), "tables": tuple(tables), "brings": tuple(brings),
        "challenge": challenge, "question": question, "answer": answer, "trade": trade,
    }  # fmt: skip
    return _position("no", says, asks, more)


def _position(
    vote: Vote, says: str, asks: Iterable[Ask] | Mapping[str, str | Sequence[str]], more: dict[str, Any]
) -> Position:
    if isinstance(asks, Mapping):
        listed = {issue: (each,) if isinstance(each, str) else tuple(each) for issue, each in asks.items()}
        asks = [Ask(issue=issue, options=options) for issue, options in listed.items()]
    return Position(vote=vote, says=says, asks=tuple(asks), **more)


class SeatBug(AipmError):
    """A seat in Python did what no seat can mean. Whoever seated it is shown `error` itself."""

    def __init__(self, where: str, error: BaseException) -> None:
        self.where, self.error = where, error
        super().__init__(where, error)

    def __str__(self) -> str:
        return f"{self.where}: {type(self.error).__name__}: {self.error}"


def taken(player: object, role: Role, *, on_fault: OnFault = "raise") -> Seat:
    """The seat that an object given in Python plays. Raises `TypeError` where it cannot sit there: a verb that is
    missing, or takes something else than a view, or has to be awaited; a `kind` that is none."""
    if isinstance(player, type):
        player = player()
    if type(player).__module__.startswith("aipm_agents.seats.") and not isinstance(player, Agent):
        return cast("Seat", player)  # one of ours knows what it does
    name = type(player).__name__
    for verb in ("frame", "propose", "sign") if role == PM else ("open", "answer"):
        _usable(getattr(player, verb, None), f"{role}: {name}", verb)
    kind = getattr(player, "kind", None)
    if not (
        isinstance(kind, str) and 0 < len(kind) <= _LONGEST and kind.isprintable() and kind.strip() == kind
    ):
        raise TypeError(
            f"{role}: {name}.kind is {kind!r}; it is what the record calls the seat, 1 to {_LONGEST} letters"
        )
    if kind in _OURS or kind.startswith("openai:"):
        raise TypeError(f"{role}: {name}.kind is {kind!r}, which is what another kind of seat is called")
    return cast("Seat", _InPython(player, kind, role, on_fault))


def _usable(verb: Any, who: str, name: str) -> None:
    if not callable(verb):
        raise TypeError(
            f"{who} has no {name}(view), and is asked to {name}; derive it from aipm_agents.Agent"
        )
    if inspect.iscoroutinefunction(verb) or inspect.isasyncgenfunction(verb):
        raise TypeError(
            f"{who}.{name} is async, and a seat answers at once; call asyncio.run(...) inside of it"
        )
    try:
        inspect.signature(verb).bind(None)
    except TypeError:
        raise TypeError(f"{who}.{name} takes {inspect.signature(verb)}; it is called with a view") from None
    except ValueError:
        pass  # written in C, and says nothing of itself


class _InPython:
    """An object of somebody else's, as the table asks it."""

    def __init__(self, player: Any, kind: str, role: Role, on_fault: OnFault) -> None:
        self.player, self.kind, self.role, self.on_fault = player, kind, role, on_fault
        self.at_once = getattr(player, "at_once", True) is True

    def frame(self, view: View) -> Noted[Any]:
        return self._turn("frame", view)

    def open(self, view: View) -> Noted[Any]:
        return self._turn("open", view)

    def propose(self, view: View) -> Noted[Any]:
        return self._turn("propose", view)

    def answer(self, view: View) -> Noted[Any]:
        return self._turn("answer", view)

    def sign(self, view: View) -> Noted[Any]:
        return self._turn("sign", view)

    def _turn(self, verb: Verb, view: View) -> Noted[Any]:
        try:
            answer = _apart(getattr(self.player, verb), view)
        except AipmError:
            raise  # it abstains, or what it stands on is spent: said on purpose
        except Exception as error:
            raise self._fault(verb, view, _explained(error)) from error
        try:
            noted = answer if isinstance(answer, Noted) else Noted(_read(verb, answer))
            check(noted.move, view, verb, [each.part for each in noted.dropped])
        except (TypeError, SeatError) as error:
            raise self._fault(verb, view, error) from None
        return noted

    def _fault(self, verb: Verb, view: View, error: Exception) -> Exception:
        where = f"{self.kind} as {self.role}, round {view.round}, asked to {verb}"
        if self.on_fault == "abstain":
            return error
        error.add_note(where)
        return SeatBug(where, error)


def _read(verb: Verb, answer: object) -> Move:
    """A move from what an agent may answer in short. Raises `TypeError` for anything else."""
    match verb, answer:
        case "frame", str() | Words():
            return Words(says=answer) if isinstance(answer, str) else answer
        case "open", str() | Opening():
            return Opening(says=answer) if isinstance(answer, str) else answer
        case "propose", Proposal():
            return answer
        case "propose", Mapping() if all(isinstance(each, str) for pair in answer.items() for each in pair):
            return Proposal(package=dict(answer))
        case "answer", Position():
            return answer
        case "answer", "yes" | "yes_if" | "no":
            return Position(vote=cast("Vote", answer))
        case "sign", bool() | Signing():
            return Signing(signs=answer) if isinstance(answer, bool) else answer
    raise TypeError(f"{verb} returned {_told(answer)}, which is no {_WANTED[verb]}")


_WANTED: dict[Verb, str] = {
    "frame": "Words and no text", "open": "Opening and no text", "propose": "Proposal and no package",
    "answer": "Position and no vote (yes, yes_if, no)", "sign": "Signing and neither True nor False",
}  # fmt: skip


def _told(answer: object) -> str:
    if inspect.iscoroutine(answer):
        answer.close()
        return "a coroutine that nobody awaits"
    text = repr(answer)
    return f"{type(answer).__name__} {text if len(text) < 80 else text[:80] + '...'}"


def _apart(verb: Any, view: View) -> object:
    """Outside of the graph that runs the meeting: a graph of the agent's own is nobody's subgraph, so its
    checkpointer, its threads and its interrupts are its own."""
    context = copy_context()
    for variable in list(context):
        if variable.name == "child_runnable_config":  # where LangChain keeps who is calling
            context.run(variable.set, None)
    return context.run(verb, view)


def _explained(error: Exception) -> Exception:
    """The same error; where LangGraph itself raised it in `interrupt`, with why nobody answers there."""
    last = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    if any(
        f.f_code.co_name == "interrupt" and f.f_globals.get("__name__") == "langgraph.types" for f in last
    ):
        error.add_note(
            "a seat in Python cannot wait for a person; answer interrupts of a graph of your own inside it"
        )
    return error
