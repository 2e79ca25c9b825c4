"""Agents written in Python, on their way to a worker. The one door to cloudpickle, which also carries a class that
stands in a notebook or a script; an agent named by where it stands brings its module along."""

from __future__ import annotations

import importlib
import io
import pickle
import sys
import traceback
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.seats.agent import SeatBug

if TYPE_CHECKING:
    from aipm_agents.roles import Role

ZIPPED = "aipm-seats-"
"""How the name of a zip of such modules begins."""
_NOT_THEIRS = ("__main__", "aipm_agents")


def packed(player: object, role: Role) -> bytes:
    """An agent, or a class of agents, as bytes. Raises `UsageError` where it holds what cannot travel."""
    import cloudpickle

    try:
        made: bytes = cloudpickle.dumps(player)
    except Exception as error:  # whatever it holds may refuse in its own way
        name = getattr(player, "__name__", type(player).__name__)
        raise UsageError(
            tr(
                "{role}: {name} cannot be sent to workers ({kind}: {error}); open what it holds in __init__ and give the class, or set jobs=1",
                role=role, name=name, kind=type(error).__name__, error=error,
            )
        ) from error  # fmt: skip
    return made


def unpacked(player: object) -> Any:
    """The agent again; one that did not travel is what it is."""
    return pickle.loads(player) if isinstance(player, bytes) else player


def travelling(bug: SeatBug) -> SeatBug:
    """A bug that comes home whole: with the traceback of the worker in words, and as an error that can be sent."""
    notes, bug.error.__notes__ = getattr(bug.error, "__notes__", []), []
    bug.error.__notes__ = [*notes, "".join(traceback.format_exception(bug.error)).rstrip()]
    try:
        pickle.loads(pickle.dumps(bug))
    except Exception:  # its class is known to that worker alone
        lost = RuntimeError(f"{type(bug.error).__name__}: {bug.error}")
        lost.__notes__ = bug.error.__notes__
        return SeatBug(bug.where, lost)
    return bug


def modules_of_this_folder() -> bytes:
    """A zip of what has been imported from the working folder, for a worker that stands somewhere else; empty where
    nothing was. What is installed has to be installed there too."""
    here, packed = Path.cwd(), io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name, module in sorted(sys.modules.items()):
            if name.partition(".")[0] in _NOT_THEIRS:
                continue
            path = Path(str(getattr(module, "__file__", None) or ""))
            stem = name.replace(".", "/")
            for inside in (f"{stem}.py", f"{stem}/__init__.py"):
                if path == here / inside:
                    file.writestr(zipfile.ZipInfo(inside), path.read_bytes())
    return packed.getvalue() if file.namelist() else b""


def unzipped(path: Path) -> None:
    """On a worker that may have had another state of these modules: they are imported from this zip from now on, and
    nothing is left of an earlier one. To reload would not do: what a package holds, and who imported from whom, keeps the
    old one. Whatever goes wrong in an import comes out as it is."""
    with zipfile.ZipFile(path) as file:
        names = sorted(
            inside.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            for inside in file.namelist()
        )
    for name, module in list(sys.modules.items()):
        if name in names or ZIPPED in str(getattr(module, "__file__", None)):
            del sys.modules[name]
    sys.path[:] = [str(path), *(each for each in sys.path if not Path(each).name.startswith(ZIPPED))]
    importlib.invalidate_caches()
    for name in names:
        importlib.import_module(name)
