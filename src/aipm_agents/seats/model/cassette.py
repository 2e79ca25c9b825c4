"""A cassette: what models replied, kept by a hash of what they were asked, to be played back.

One small JSON file a reply, readable, with the request beside it. No key is in it, and no address but one that a seat
names (`openai:MODEL@URL`): two servers may call their models alike.
A fault (a time-out, say) is kept too, so that a run played back is the run that was kept; with a network
at hand it is asked again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from aipm_agents import disk
from aipm_agents.errors import EndpointError, FaultKind, SeatError, StorageError, UsageError
from aipm_agents.language import tr
from aipm_agents.redaction import redacted
from aipm_agents.seats.model.budget import Usage
from aipm_agents.seats.model.exchange import ModelReply

if TYPE_CHECKING:
    from aipm_agents.seats.model.exchange import Request


class Cassette:
    def __init__(self, folder: Path, *, offline: bool = False) -> None:
        """Raises `EndpointError` for a folder that is not there to be played back from, `UsageError` for one in
        which nothing can be kept."""
        self.folder, self.offline = folder, offline
        if offline and not folder.is_dir():
            raise EndpointError(
                tr("--cassette {folder}: there is no such folder to play back from", folder=folder)
            )
        if folder.exists() and not folder.is_dir():
            raise UsageError(tr("--cassette {folder}: is a file; name a folder", folder=folder))
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            text = tr(
                "--cassette {folder}: cannot be made: {strerror}", folder=folder, strerror=error.strerror
            )
            raise UsageError(text) from None

    def played(self, model: str, request: Request) -> ModelReply | None:
        """The kept reply, or None where the model has to be asked. Raises the `SeatError` that was kept,
        and `EndpointError` where nothing is kept and nobody can be asked."""
        path = self._path(model, request)
        try:
            outcome = _outcome(json.loads(path.read_text("utf-8")))
        except FileNotFoundError:
            if self.offline:
                raise EndpointError(self._missing(model)) from None
            return None
        except (OSError, ValueError, RecursionError) as error:
            raise EndpointError(
                tr("{path}: the kept reply cannot be read: {error}; delete the file", path=path, error=error)
            ) from None
        if not isinstance(outcome, SeatError):
            return outcome
        if not self.offline:
            return None
        raise outcome

    def keep(self, model: str, request: Request, outcome: ModelReply | SeatError) -> None:
        """Raises `StorageError` where it cannot be written."""
        kept: dict[str, Any] = {"request": {"model": model, **request.plain()}}
        if isinstance(outcome, SeatError):
            kept["fault"] = {"kind": outcome.kind, "message": str(outcome)}
        else:
            kept["reply"] = {**outcome._asdict(), "usage": outcome.usage._asdict()}
        path = self._path(model, request)
        try:
            disk.write(path, redacted(json.dumps(kept, ensure_ascii=False, indent=1)))
        except OSError as error:
            raise StorageError(
                tr("{path}: the reply cannot be kept: {strerror}", path=path, strerror=error.strerror)
            ) from None

    def _path(self, model: str, request: Request) -> Path:
        return self.folder / f"{request.digest(model)}.json"

    def _missing(self, model: str) -> str:
        return tr(
            "--offline: {folder} holds no reply of {model} to this request. The scenario, the seed, the seats or the version of aipm differ from those of the run that was kept; play it once without --offline",
            folder=self.folder,
            model=model,
        )


def _outcome(kept: Any) -> ModelReply | SeatError:
    """What stands in a file. Raises `ValueError` for what is no reply and no fault as they are kept."""
    match kept:
        case {"fault": {"kind": kind, "message": str(message)}} if kind in get_args(FaultKind):
            return SeatError(kind, message)
        case {"reply": {"text": str(text), "usage": dict(used), "model": str(model), "truncated": bool(cut)}}:
            left = kept["reply"].get("not_taken", [])
            if used.keys() == set(Usage._fields) and all(type(each) is int for each in used.values()):
                return ModelReply(text, Usage(**used), model, cut, tuple(map(str, left)))
    raise ValueError("it is no reply as they are kept")
