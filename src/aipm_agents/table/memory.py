"""What is worked out once of something that does not change: of a record, of what a seat sees."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable


class Remembering(Protocol):
    @property
    def memory(self) -> dict[Any, Any]:
        """What has been worked out of it, by the function that did and what else that was given."""


S = TypeVar("S", bound=Remembering)
T = TypeVar("T")
Further = ParamSpec("Further")


def remembered(tell: Callable[Concatenate[S, Further], T]) -> Callable[Concatenate[S, Further], T]:
    """What a function tells of one record or view is worked out once; where it takes more, once for each that it is
    given. It is shared by all who ask: nobody changes it."""

    @wraps(tell)
    def once(of: S, /, *further: Further.args, **named: Further.kwargs) -> T:
        key = tell, further, *named.items()
        if key not in of.memory:
            of.memory[key] = tell(of, *further, **named)
        told: T = of.memory[key]
        return told

    return once
