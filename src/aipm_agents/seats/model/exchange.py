"""What goes to a model and what comes back, whatever the endpoint calls it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from aipm_agents.seats.model.budget import Usage
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

    def plain(self) -> dict[str, Any]:
        return {**self._asdict(), "messages": [list(message) for message in self.messages]}

    @property
    def bound(self) -> int:
        """Tokens this request and its answer can take at most: a token of text is a byte at least."""
        text = sum(len(text.encode("utf-8", "replace")) + _WRAPPING for _, text in self.messages)
        return text + len(json.dumps(self.schema)) * 2 + _WRAPPING + self.most


class Reply(NamedTuple):
    text: str
    """The filled form as JSON text, as it came."""
    usage: Usage
    model: str = ""
    """What the endpoint says answered."""
    truncated: bool = False


_WRAPPING = 64
"""Tokens a chat template may put around a message."""
