"""Finding the filled form in what a model wrote. Only JSON is read; prose decides nothing."""

from __future__ import annotations

import json
import re
from typing import Any

_THOUGHTS = re.compile(r"<(think|thinking|reasoning)>.*?(</\1>|\Z)", re.DOTALL | re.IGNORECASE)
"""Some open models write their reasoning into the answer. It is nobody's business."""
_FENCE = re.compile(r"```(?:json)?\s*(.*?)```", re.DOTALL)


def without_thoughts(text: str) -> str:
    return _THOUGHTS.sub("", text)


def object_in(text: str) -> dict[str, Any] | None:
    """The one JSON object of an answer, also where it stands in a fenced block; None where there is none."""
    bare = without_thoughts(text).strip()
    for candidate in (bare, *_FENCE.findall(bare)):
        try:
            found = json.loads(candidate)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            return found
    return None
