"""Text that may be sent anywhere: nothing in it steers a terminal or a page, and its beginning is cut between words."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from aipm_agents.redaction import redacted

_HAN = "[\u3400-\u9fff]"


_DANGEROUS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
"""Control characters but the line break and the tab, halves of surrogate pairs, and what turns the direction of text."""


def clean(text: str) -> str:
    """Text that is safe to send to a terminal: no control characters, no bidirectional overrides, no keys (here,
    because afterwards lines are broken)."""
    return redacted(_DANGEROUS.sub("", text))


def as_json(data: Any) -> str:
    """One line of JSON that is safe to send to a terminal: what `clean` drops is escaped. Named tuples
    become objects, decimals numbers."""
    text = json.dumps(plain(data), ensure_ascii=False, allow_nan=False)
    return _DANGEROUS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def plain(data: Any) -> Any:
    """Data as JSON has it; a key of two words, such as an issue and its option, is written `one=other`."""
    match data:
        case Decimal():
            return int(data) if data == data.to_integral_value() else float(data)
        case dict():
            return {
                "=".join(key) if isinstance(key, tuple) else str(key): plain(value)
                for key, value in data.items()
            }
        case tuple() if hasattr(data, "_asdict"):
            return plain(data._asdict())
        case list() | tuple() | set() | frozenset():
            return [plain(item) for item in data]
        case _:
            return data


def inner(text: str) -> str:
    """A text as it stands inside quotation marks: its own become the inner ones."""
    return text.replace('"', "'").replace("「", "『").replace("」", "』")


def shortened(text: str, width: int) -> str:
    """The beginning of a text, cut between words; in Han, where a letter takes the room of two, between letters."""
    if not text.isascii() and re.search(_HAN, text):
        return text if len(text) <= width * 2 // 3 else text[: width * 2 // 3].rstrip("，、；：。 ") + "…"
    return text if len(text) <= width else text[:width].rsplit(" ", 1)[0].rstrip(",;:.") + " …"
