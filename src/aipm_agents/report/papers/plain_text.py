"""Text that may be sent anywhere: nothing in it steers a terminal or a page, and its beginning is cut between words."""

from __future__ import annotations

import json
import re
import unicodedata
from decimal import Decimal
from typing import Any

from aipm_agents.redaction import redacted

_HAN = re.compile("[\u3400-\u9fff]")


_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def clean(text: str) -> str:
    """Text that is safe to send to a terminal: no control characters, no bidirectional overrides, no keys (here,
    because afterwards lines are broken)."""
    return redacted("".join(char for char in text if not _dangerous(char)))


def as_json(data: Any) -> str:
    """One line of JSON that is safe to send to a terminal: what `clean` drops is escaped. Named tuples
    become objects, decimals numbers."""
    text = json.dumps(plain(data), ensure_ascii=False, allow_nan=False)
    return "".join(f"\\u{ord(char):04x}" if _dangerous(char) else char for char in text)


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


def _dangerous(char: str) -> bool:
    return char not in "\n\t" and (unicodedata.category(char) in ("Cc", "Cs") or char in _BIDI)


def inner(text: str) -> str:
    """A text as it stands inside quotation marks: its own become the inner ones."""
    return text.replace('"', "'").replace("「", "『").replace("」", "』")


def shortened(text: str, width: int) -> str:
    """The beginning of a text, cut between words; in Han, where a letter takes the room of two, between letters."""
    if _HAN.search(text):
        return text if len(text) <= width * 2 // 3 else text[: width * 2 // 3].rstrip("，、；：。 ") + "…"
    return text if len(text) <= width else text[:width].rsplit(" ", 1)[0].rstrip(",;:.") + " …"
