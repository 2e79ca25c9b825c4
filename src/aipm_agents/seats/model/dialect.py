"""How one endpoint wants to be asked for one form: what goes into the body of a request, and what to give up.

What is sent first avoids what many servers refuse. Whatever a refusal names of our own request is given up;
where it names nothing, one thing after the other. Nothing that was given up comes back, so it ends.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from urllib.parse import urlsplit

from aipm_agents.keyring import OPENAI

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aipm_agents.seats.model.address import Address
    from aipm_agents.seats.model.exchange import Request

How = Literal["schema", "tool", "json", "text"]
HOWS: tuple[How, ...] = ("schema", "tool", "json", "text")
"""`schema`: constrained to a JSON Schema; `tool`: a call of one function; `json`: any JSON object, the schema in
words; `text`: nothing but words."""

Body = dict[str, Any]


class Dialect(NamedTuple):
    how: How = "schema"
    limits: tuple[str, ...] = ("max_tokens", "max_completion_tokens")
    """What the limit of an answer may be called, the first is used; with none, the server has its own."""
    seed: bool = True
    system: bool = True
    """Whether there is a role for the briefing; else it stands before the table."""
    stream: bool = False
    lengths: bool = False
    """Whether the schema says how long a list may be: a small model goes on for ever, many servers refuse it."""
    not_taken: tuple[str, ...] = ()
    """What somebody asked to be set (`Request.sampling`) and the endpoint refuses."""

    def shared(self, other: Dialect) -> Dialect:
        """This way of asking with the manners of another: what is true of the endpoint whatever the form."""
        return other._replace(how=self.how)


def first(address: Address, *, small: bool) -> Dialect:
    """What to try first. `small`: a model that needs every constraint there is, behind a server that has them."""
    host = urlsplit(address.url).hostname or ""
    if address.url == OPENAI or host.endswith((".openai.azure.com", ".cognitiveservices.azure.com")):
        return Dialect(limits=("max_completion_tokens", "max_tokens"), seed=False)
    return Dialect(lengths=small)


def body(request: Request, dialect: Dialect) -> Body:
    """The request as this dialect has it."""
    out: Body = {"messages": _messages(request, dialect)}
    if dialect.limits:
        out[dialect.limits[0]] = request.most
    if dialect.seed:
        out["seed"] = request.seed
    out |= {name: value for name, value in request.sampling if name not in dialect.not_taken}
    if dialect.stream:
        out |= {"stream": True, "stream_options": {"include_usage": True}}
    schema = request.schema if dialect.lengths else _without_lengths(request.schema)
    match dialect.how:
        case "schema":
            form = {"name": request.name, "schema": schema, "strict": True}
            out["response_format"] = {"type": "json_schema", "json_schema": form}
        case "json":
            out["response_format"] = {"type": "json_object"}
        case "tool":
            tool = {"name": request.name, "parameters": schema}
            out["tools"] = [{"type": "function", "function": tool}]
            out["tool_choice"] = {"type": "function", "function": {"name": request.name}}
    return out


def _messages(request: Request, dialect: Dialect) -> list[dict[str, str]]:
    said = [{"role": speaker, "content": text} for speaker, text in request.messages]
    if dialect.how in ("json", "text") and request.schema:
        shape = json.dumps(request.schema, ensure_ascii=False)
        said[-1]["content"] += f"\n\nOne JSON object, nothing before or after it. JSON Schema:\n{shape}"
    if not dialect.system and said[0]["role"] == "system":
        briefing, table, *rest = said
        said = [{"role": "user", "content": f"{briefing['content']}\n\n{table['content']}"}, *rest]
    return said


def _without_lengths(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {
            name: _without_lengths(part)
            for name, part in schema.items()
            if name not in ("minItems", "maxItems") or not isinstance(part, int)
        }
    return [_without_lengths(part) for part in schema] if isinstance(schema, list) else schema


_CONTEXT = re.compile(r"context.(?:length|window|size)|n_ctx|exceed_context", re.IGNORECASE)
_NAMES = {
    "lengths": re.compile(r"\b(?:min|max)Items\b"),
    "seed": re.compile(r"\bseed\b", re.IGNORECASE),
    "system": re.compile(
        r"\bsystem[\"'`]? (?:role|message|prompt|instruction)|role[^.]{0,20}system", re.IGNORECASE
    ),
    "stream": re.compile(r"\bstream", re.IGNORECASE),
    "limits": re.compile(r"\bmax_(?:completion_)?tokens\b"),
}
_HOW = re.compile(
    r"response_format|json_?schema|json_object|tool|function|schema|grammar|states", re.IGNORECASE
)


def speaks_of_context(said: str) -> bool:
    """Whether a refusal says that prompt and answer do not fit what the model can hold."""
    return bool(_CONTEXT.search(said))


def without_what_is_named(tried: Dialect, said: str, asked: Iterable[str] = ()) -> Dialect | None:
    """Without what a refusal names of our own request; None where it names nothing that is left to give up. `asked`:
    what was set because somebody asked for it."""
    for name in asked:
        if name not in tried.not_taken and re.search(rf"\b{name}\b", said, re.IGNORECASE):
            return tried._replace(not_taken=(*tried.not_taken, name), seed=tried.seed and name != "seed")
    for name, words in _NAMES.items():
        if words.search(said) and (given_up := _without(tried, name)) is not None:
            return given_up
    return plainer(tried) if _HOW.search(said) else None


def with_less(tried: Dialect, asked: Iterable[str] = ()) -> Dialect | None:
    """With one thing less, where a refusal names nothing; None where nothing is left. What somebody asked for is given
    up last."""
    steps = (_without(tried, name) for name in ("seed", "how", "system", "stream", "lengths", "limits"))
    left = (
        tried._replace(not_taken=(*tried.not_taken, each)) for each in asked if each not in tried.not_taken
    )
    return next((step for step in (*steps, *left) if step is not None), None)


def with_what_room_there_is(tried: Dialect) -> Dialect | None:
    """The answer takes what the prompt leaves of the context."""
    return tried._replace(limits=()) if tried.limits else None


def plainer(tried: Dialect) -> Dialect | None:
    """The next way of asking for a form; None after the last."""
    rest = HOWS[HOWS.index(tried.how) + 1 :]
    return tried._replace(how=rest[0]) if rest else None


def _without(tried: Dialect, name: str) -> Dialect | None:
    match name:
        case "limits":
            return tried._replace(limits=tried.limits[1:]) if tried.limits else None
        case "stream":
            return None if tried.stream else tried._replace(stream=True)
        case "seed":
            return tried._replace(seed=False) if tried.seed else None
        case "system":
            return tried._replace(system=False) if tried.system else None
        case "lengths":
            return tried._replace(lengths=False) if tried.lengths else None
    return plainer(tried)
