"""Options that several commands have alike, as one parameter: a `NamedTuple` whose fields are options.

Typer reads a command's signature; what it is given is the command with the fields of each group spelt out in their place.
"""

from __future__ import annotations

import inspect
from functools import wraps
from typing import TYPE_CHECKING, Any, get_type_hints

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def spelt_out(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command as Typer is to read it. A group stands among the parameters with defaults, as `name: Group = Group()`."""
    signature = inspect.signature(command, eval_str=True)
    groups = {name: each.annotation for name, each in signature.parameters.items() if _is_group(each)}
    if not groups:
        return command

    @wraps(command)
    def gathered(**given: Any) -> Any:
        for name, group in groups.items():
            given[name] = group(**{field: given.pop(field) for field in group._fields})
        return command(**given)

    spelt = [one for each in signature.parameters.values() for one in _spelt(each, groups)]
    gathered.__signature__ = signature.replace(parameters=spelt)  # type: ignore[attr-defined]
    gathered.__annotations__ = {each.name: each.annotation for each in spelt}
    return gathered


def _is_group(parameter: inspect.Parameter) -> bool:
    return isinstance(parameter.annotation, type) and hasattr(parameter.annotation, "_fields")


def _spelt(parameter: inspect.Parameter, groups: dict[str, Any]) -> Iterator[inspect.Parameter]:
    group = groups.get(parameter.name)
    if group is None:
        yield parameter
        return
    for name, hint in get_type_hints(group, include_extras=True).items():
        yield parameter.replace(name=name, annotation=hint, default=group._field_defaults[name])
