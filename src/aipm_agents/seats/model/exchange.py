"""What goes to a model and what comes back, whatever the endpoint calls it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from aipm_agents.seats.model.budget import Usage
    from aipm_agents.seats.model.controls import Sent
    from aipm_agents.seats.model.form import Schema

Speaker = Literal["system", "user", "assistant"]


class Request(NamedTuple):
    messages: tuple[tuple[Speaker, str], ...]
    name: str
    """What the answer is called where an answer must have a name."""
    schema: Schema
    most: int
    """Tokens the answer may take, hidden reasoning included."""
    seed: int
    sampling: tuple[tuple[str, Sent], ...] = ()
    """What somebody asked to be set, under the wire's names."""

    def plain(self) -> dict[str, Any]:
        data = {**self._asdict(), "messages": [list(message) for message in self.messages]}
        del data["sampling"]
        return data | ({"sampling": dict(self.sampling)} if self.sampling else {})

    def digest(self, model: str) -> str:
        """What a cassette keeps the reply under, and a transcript names the request by."""
        text = json.dumps({"model": model, **self.plain()}, sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    @property
    def bound(self) -> int:
        """Tokens this request and its answer can take at most: a token of text is a byte at least."""
        text = sum(len(text.encode("utf-8", "replace")) + _WRAPPING for _, text in self.messages)
        return text + len(json.dumps(self.schema)) * 2 + _WRAPPING + self.most


class ModelReply(NamedTuple):
    text: str
    """The filled form as JSON text, as it came."""
    usage: Usage
    model: str = ""
    """What the endpoint says answered."""
    truncated: bool = False
    not_taken: tuple[str, ...] = ()
    """What of the sampling the endpoint refuses, so that it was not sent."""


_WRAPPING = 64
"""Tokens a chat template may put around a message."""
