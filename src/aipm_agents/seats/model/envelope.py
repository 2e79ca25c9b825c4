"""What an endpoint sends back, opened: what the model said, or what the endpoint complains of.

Every server has its own way: an answer in pieces, an error under a 200, a list around it, a choice that is null,
an error within an error. Only its words are read here; what they mean is `blame`'s.
"""

from __future__ import annotations

import json
import re
from email.utils import parsedate_to_datetime
from time import time
from typing import TYPE_CHECKING, Any, NamedTuple

from aipm_agents.seats.model.budget import Usage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Json = dict[str, Any]
_MOST = 400
"""Characters of what an endpoint says that are shown."""


class Answer(NamedTuple):
    texts: tuple[str, ...]
    """Where the form may stand, the likeliest first: the call of a tool, the content, and what was thought."""
    usage: Usage
    """Of this answer; no calls."""
    model: str = ""
    finish: str = "stop"
    refusal: str = ""

    @property
    def empty(self) -> bool:
        return not any(text.strip() for text in self.texts)


class Complaint(NamedTuple):
    status: int
    """The status of HTTP, or the one that an error under a 200 names."""
    said: str
    code: str = ""
    """The endpoint's own words for it, `insufficient_quota` say, in lower case."""
    wait: float | None = None
    """Seconds it asks to wait."""
    made: str = ""
    """What the model had written, where that is what it complains of."""
    billed: bool = False
    """Whether it may have cost something all the same: nothing says that it did not."""

    def __str__(self) -> str:
        return f"{self.status}: {self.said}"


def opened(status: int, text: str, headers: Mapping[str, str]) -> Answer | Complaint:
    """`text`: the whole body."""
    if re.match(r"\s*(?:data|event|id|retry)?:", text):
        data: Any = _joined(text)
    else:
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            kind = (
                "page" if "<html" in text[:2000].lower() or "<!doctype" in text[:200].lower() else "no json"
            )
            return Complaint(status, _shown(text), kind, _wait(headers, None), billed=status < 400)
    if isinstance(data, list) and len(data) == 1:
        data = data[0]
    if not isinstance(data, dict):
        return Complaint(status, _shown(text), "no json", billed=status < 400)
    if status < 400 and isinstance(data.get("choices"), list) and data["choices"]:
        answer = _answer(data)
        if answer is not None:
            return answer
    return _complaint(status, data, headers)


def _answer(data: Json) -> Answer | None:
    choice = data["choices"][0]
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(message, dict):
        return None
    calls = [_arguments(call) for call in message.get("tool_calls") or () if isinstance(call, dict)]
    thought = message.get("reasoning_content") or message.get("reasoning") or message.get("thinking") or ""
    content, refusal = _text(message.get("content")), message.get("refusal")
    return Answer(
        tuple(text for text in (*calls, content, _text(thought)) if text.strip()), _usage(data.get("usage")),
        str(data.get("model") or "")[:200], str(choice.get("finish_reason") or "stop"), str(refusal or ""),
    )  # fmt: skip


def _arguments(call: Json) -> str:
    function = call.get("function")
    made = (function if isinstance(function, dict) else call).get("arguments")
    return made if isinstance(made, str) else json.dumps(made, ensure_ascii=False) if made else ""


def _text(content: Any) -> str:
    """The words of a content, which may come in parts; what was only thought is left out."""
    if isinstance(content, list):
        return "".join(
            str(part.get("text") or "") for part in content
            if isinstance(part, dict) and part.get("type") in ("text", "output_text", None)
        )  # fmt: skip
    return content if isinstance(content, str) else ""


def _usage(told: Any) -> Usage:
    if not isinstance(told, dict):
        return Usage()
    details = told.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, dict) else 0
    return Usage(
        0, *(_count(each) for each in (told.get("prompt_tokens"), cached, told.get("completion_tokens")))
    )


def _count(value: Any) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _joined(text: str) -> Json:
    """An answer that came in pieces, as if it had come in one."""
    whole: Json = {}
    content, thought, finish = "", "", ""
    calls: dict[int, str] = {}
    for piece in _pieces(text):
        whole |= {name: value for name, value in piece.items() if value is not None}
        for choice in piece.get("choices") or ():
            delta = choice.get("delta") or choice.get("message") or {}
            content += _text(delta.get("content"))
            thought += _text(delta.get("reasoning_content") or delta.get("reasoning"))
            finish = choice.get("finish_reason") or finish
            for call in delta.get("tool_calls") or ():
                number = call.get("index") or 0
                calls[number] = calls.get(number, "") + _arguments(call)
    if "error" not in whole:
        made = [{"function": {"arguments": each}} for each in calls.values()]
        message = {"content": content, "reasoning_content": thought, "tool_calls": made}
        whole["choices"] = (
            [{"message": message, "finish_reason": finish}] if finish or content or made else None
        )
    return whole


def _pieces(text: str) -> Iterator[Json]:
    for line in text.splitlines():
        if line.startswith("data:"):
            try:
                piece = json.loads(line.removeprefix("data:"))
            except ValueError:
                continue  # [DONE]
            if isinstance(piece, dict):
                yield piece


def _complaint(status: int, data: Json, headers: Mapping[str, str]) -> Complaint:
    error = data.get("error", data)
    inner: Json = error if isinstance(error, dict) else {}
    codes = [inner.get("code"), inner.get("type"), inner.get("status"), data.get("type"), data.get("code")]
    deeper = inner.get("innererror") or inner.get("inner_error") or {}
    codes.append(deeper.get("code") if isinstance(deeper, dict) else None)
    metadata = inner.get("metadata") if isinstance(inner.get("metadata"), dict) else {}
    assert isinstance(metadata, dict)
    if metadata.get("reasons") or metadata.get("flagged_input"):
        codes.append("moderation")
    number = next((int(str(each)) for each in codes if re.fullmatch(r"[45]\d\d", str(each))), status)
    said = _said(error) or json.dumps(data, ensure_ascii=False)
    if metadata.get("raw"):
        said += f" ({metadata.get('provider_name') or 'provider'}: {_said(_within(metadata['raw']))})"
    return Complaint(
        number if status < 400 else status, _shown(said), " ".join(str(each) for each in codes if each).lower(),
        _wait(headers, inner.get("details")), str(inner.get("failed_generation") or ""),
        billed=status < 400 and "error" not in data,
    )  # fmt: skip


def _said(error: Any) -> str:
    """The words of an error, however deep they lie: a message, a list of faults, a text."""
    match error:
        case str():
            within = _within(error)
            return error if within == error else _said(within)
        case list():
            return "; ".join(filter(None, map(_said, error)))
        case {"loc": [*_, name], "msg": why}:
            return f"{name}: {why}"
        case dict():
            return next(
                (said for key in ("message", "detail", "error", "msg") if (said := _said(error.get(key)))), ""
            )
    return ""


def _within(text: Any) -> Any:
    if isinstance(text, str) and text.lstrip().startswith(("{", "[")):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    return text


def _wait(headers: Mapping[str, str], details: Any) -> float | None:
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        if (given := headers.get(name)) is not None:
            try:
                return max(0.0, float(given) * unit)
            except ValueError:
                try:
                    return max(0.0, parsedate_to_datetime(given).timestamp() - time())
                except ValueError:
                    continue
    for each in details if isinstance(details, list) else ():
        found = re.fullmatch(r"([\d.]+)s", str(each.get("retryDelay"))) if isinstance(each, dict) else None
        if found:
            return float(found[1])
    return None


def _shown(text: str) -> str:
    text = re.sub(r"<[^>]{0,200}>", " ", text) if "<html" in text[:2000].lower() else text
    return " ".join(text.split())[:_MOST]
