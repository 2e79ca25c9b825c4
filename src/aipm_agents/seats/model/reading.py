"""Finding the filled form in what a model wrote. Only JSON is read; prose decides nothing.

Endpoints put a form in thoughts, channels, fences, tool calls and lists, and small models forget a comma.
What breaks off is never completed, and of two different forms neither is taken. The one door to json-repair.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Object = dict[str, Any]

_THOUGHTS = re.compile(r"<(think|thinking|thought|reasoning)>.*?(</\1>|\Z)", re.DOTALL | re.IGNORECASE)
"""Some open models write their reasoning into the answer. It is nobody's business."""
_THOUGHT = re.compile(r"</(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
"""Where thinking ends; its beginning may stand in the prompt's template, and not in the answer."""
_CHANNEL = re.compile(
    r"(?:<\|channel\|>)?\s*(?P<name>analysis|commentary|final)\b[^<]*(?:<\|constrain\|>[^<]*)?<\|message\|>",
    re.IGNORECASE,
)
"""The channels of gpt-oss, where a server leaves their marks in the answer."""
_MARK = re.compile(r"<\|[^|>]{1,40}\|>|</?tool_calls?>|</?function_call>|```\w*", re.IGNORECASE)
_KNOWN_BY = ("vote", "package", "signs", "asks", "says")


def known_by(schema: Object) -> str | None:
    """The field by which a filled form is known to be that form; None where any object will do."""
    return next((name for name in _KNOWN_BY if name in schema.get("properties", ())), None)


def without_thoughts(text: str) -> str:
    return _THOUGHTS.sub("", text)


def object_in(text: str, having: str | None = None, *, mend: bool = True) -> Object | None:
    """The one JSON object of an answer, or of the call or envelope it was put in; None where there is none,
    or more than one. `having`: a key it has, however it is spelled. `mend`: also with a comma or a quotation
    mark put right."""
    found = [each for one in _objects(text, mend=mend) if (each := _within(one, having)) is not None]
    first = found[0] if found else None
    return first if all(each == first for each in found) else None


def _objects(text: str, *, mend: bool) -> list[Object]:
    """Every JSON object of an answer that stands by itself."""
    bare = text.strip().lstrip("\ufeff")
    whole = _parsed(bare)
    if whole is None:
        bare = _spoken(bare)
        whole = _parsed(bare)
    if whole is not None:
        return [each for each in (whole if isinstance(whole, list) else [whole]) if isinstance(each, dict)]
    bare = _MARK.sub(" ", bare)
    return list(_strict(bare)) or (_mended(bare) if mend else [])


def _spoken(text: str) -> str:
    """The answer without what was only thought."""
    text = without_thoughts(_THOUGHT.split(text)[-1])
    if marks := list(_CHANNEL.finditer(text)):
        last = marks[-1]
        return "" if last["name"].lower() == "analysis" else text[last.end() :]
    return text.rpartition("assistantfinal")[2]  # the same marks, taken out by the server's tokenizer


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _strict(text: str) -> Iterator[Object]:
    decoder, at = json.JSONDecoder(strict=False), text.find("{")
    while at >= 0:
        try:
            found, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return  # a brace that opens no object: whatever comes after may be a part of it
        yield found
        at = text.find("{", end)


def _mended(text: str) -> list[Object]:
    """With a comma or a quotation mark put right. What breaks off is left: its last fields are absent then."""
    if not 0 <= text.find("{") < text.rfind("}"):
        return []
    import json_repair

    try:
        found = json_repair.loads(text[text.find("{") : text.rfind("}") + 1], skip_json_loads=True)
    except (ValueError, RecursionError):
        return []
    return [each for each in (found if isinstance(found, list) else [found]) if isinstance(each, dict)]


def _within(found: Object, having: str | None, depth: int = 3) -> Object | None:
    """The object, or the one it holds: `{name, arguments}`, `{function: ...}`, `{answer: {...}}`."""
    if having is None or any(_folded(name) == _folded(having) for name in found):
        return found
    for inner in found.values() if depth else ():
        held = _parsed(inner) if isinstance(inner, str) and inner.lstrip().startswith("{") else inner
        for each in held if isinstance(held, list) and len(held) == 1 else [held]:
            if isinstance(each, dict) and (form := _within(each, having, depth - 1)) is not None:
                return form
    return None


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()
