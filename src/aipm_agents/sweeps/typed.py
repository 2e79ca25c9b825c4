"""What is typed as the value of a key, read: each raises `ValueError`, with what it is not, in words."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from aipm_agents.language import LANGUAGES, tr
from aipm_agents.scenario.criteria import CHECKPOINTS
from aipm_agents.scenario.problems import did_you_mean
from aipm_agents.seats import kinds
from aipm_agents.styles import NAMES
from aipm_agents.transcript.record import NOTHING


def number(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError(tr("is no number")) from None
    if not value.is_finite() or abs(value.adjusted()) > 15:
        raise ValueError(tr("is no number of use here"))
    return value.normalize() + 0  # 5E+1 is spelt 50


def whole(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,9}", text):
        raise ValueError(tr("is no whole number"))
    return int(text)


def word(text: str) -> str:
    if not text:
        raise ValueError(tr("is empty"))
    return text


def style(text: str) -> str:
    if text != NOTHING and text not in NAMES:
        raise ValueError(tr("is no style of a PM{hint}", hint=did_you_mean(text, (NOTHING, *NAMES))))
    return text


def roles(text: str) -> list[str]:
    """In one order whatever was typed: `pm+legal` and `legal+pm` are one value."""
    return sorted({role for role in text.split("+") if role})


def gate(text: str) -> str:
    if text not in GATES:
        raise ValueError(tr("is no checkpoint{hint}", hint=did_you_mean(text, GATES)))
    return text


def kind(text: str) -> str:
    if (
        text in ("embedded", "local")
        or kinds.of_others(text)
        or (text.startswith("openai:") and text != "openai:")
    ):
        return text
    raise ValueError(tr("plays no seat in a sweep"))


def model(text: str) -> str:
    known = text in ("embedded", "local") or text.startswith(("openai:", kinds.PYTHON))
    return kind(text if known or not text else f"openai:{text}")


def language(text: str) -> str:
    if text in LANGUAGES:
        return text
    raise ValueError(tr("is no language{hint}", hint=did_you_mean(text, LANGUAGES)))


GATES: tuple[str, ...] = (NOTHING, *CHECKPOINTS, "people", "team")
"""What `without` takes: a checkpoint, or one half of Alignment."""
