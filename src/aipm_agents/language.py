"""The language the product speaks to whoever sits before it. Texts are gettext catalogues, English the keys.

A scenario's own texts stay in the scenario's language, whatever this is.
"""

from __future__ import annotations

import gettext
import re
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, get_args

from aipm_agents.roles import Language

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

LANGUAGES: tuple[Language, ...] = get_args(Language)
_HAN, _LATIN = "[\u3400-\u9fff]", "[A-Za-z0-9]"
_NO_GAP = f"(?<={_HAN})(?={_LATIN})|(?<={_LATIN})(?={_HAN})|(?<=%)(?={_HAN})"
_ENVIRONMENT = ("AIPM_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
"""Where a language is said, the first that says anything counts."""

_OPENS, _SHUTS = "「『", "」』"
"""Chinese quotation marks, outermost first; a third level takes the first again."""
_STOPPED_TWICE = r"。([」』]+)(?=[，、；：）])|(?<=[。！？])([」』]*)。|。(?=[，；])"
"""A stop inside a quotation that our sentence goes on after, and one more behind what already ends one."""
_MEETS = r"[\u3400-\u9fff][A-Za-z0-9]|[A-Za-z0-9%][\u3400-\u9fff]"
_said: Language | None = None
"""By `--lang` or the environment; None while nobody has said anything."""
_now: Language = "en"
_speaking: ContextVar[Language | None] = ContextVar("speaking", default=None)
"""What is spoken for as long as one thing is made; threads that make pages for different people each have their own."""


def settle(given: str | None, environment: Mapping[str, str]) -> None:
    """Speak what `--lang` names (one of `LANGUAGES`), or else what the environment asks for."""
    global _said, _now
    wanted = given or next((environment[name] for name in _ENVIRONMENT if environment.get(name)), "")
    _said = _of(wanted)
    _now = _said or "en"


def follow(language: Language) -> None:
    """Speak a scenario's language where nobody has said which."""
    global _now
    _now = suiting(language)


def asked() -> Language | None:
    """What somebody said, by `--lang` or the environment; None where nobody did."""
    return _said


def suiting(language: Language) -> Language:
    """What is spoken about something in this language: what somebody said, or else the same."""
    return _said or language


def follow_all(languages: Iterable[Language]) -> None:
    """The same for a report about several scenarios: theirs if it is one, else English."""
    every = set(languages)
    follow(every.pop() if len(every) == 1 else "en")


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak a language whatever was said, as long as something is made that is all in one, or that a program
    reads."""
    before = _speaking.set(language)
    try:
        yield
    finally:
        _speaking.reset(before)


def spoken() -> Language:
    return _speaking.get() or _now


def mark(text: str) -> str:
    """A text that stands in data and is translated where it is shown."""
    return text


def tr(text: str, /, **slots: object) -> str:
    """A text of ours in the language spoken, its `{slots}` filled."""
    said = _catalogue(spoken()).gettext(text) if text else ""
    return _filled(said, slots) if slots else said


def gapped(text: str) -> str:
    """With the space that stands between a Han letter and a Latin one or a figure, where slots were filled."""
    return re.sub(_NO_GAP, " ", text)


def tr_n(one: str, many: str, n: int, /, **slots: object) -> str:
    """The same for a text that differs by number; `{n}` is that number."""
    return _filled(_catalogue(spoken()).ngettext(one, many, n), {"n": n, **slots})


def _filled(said: str, slots: Mapping[str, object]) -> str:
    """In Chinese with a gap where a slot brings Latin beside Han, as in `對 PM`; with the inner marks where it
    brings a quotation into one; and with one stop where it brings a second."""
    if spoken() == "en":
        return said.format_map(slots)
    made, depth = "", 0
    for literal, name, spec, conversion in Formatter().parse(said):
        field = f"{{{name}{f'!{conversion}' if conversion else ''}{f':{spec}' if spec else ''}}}"
        literal, depth = _nested(literal, depth)
        value, _ = _nested(field.format_map(slots) if name is not None else "", depth)
        for part in (literal, value):
            made += f" {part}" if re.fullmatch(_MEETS, made[-1:] + part[:1]) else part
    return re.sub(_STOPPED_TWICE, lambda found: found[1] or found[2] or "", made)


def _nested(part: str, depth: int) -> tuple[str, int]:
    """A part of a sentence with the quotation marks that its depth asks for, and how deep it ends."""
    made = ""
    for char in part:
        if char in _OPENS:
            char, depth = _OPENS[depth % 2], depth + 1
        elif char in _SHUTS and depth:
            char, depth = _SHUTS[(depth - 1) % 2], depth - 1
        made += char
    return made, depth


def _of(locale: str) -> Language | None:
    """`zh_TW.UTF-8` -> `zh-Hant`; None for the plain `C` locale, which names no language."""
    name = locale.partition(".")[0].partition("@")[0].replace("_", "-").lower()
    if name in ("", "c", "posix"):
        return None
    return "zh-Hant" if name.startswith("zh") else "en"


@lru_cache(maxsize=4)
def _catalogue(language: Language) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    file = Path(__file__).parent / "locales" / language / "aipm.mo"
    with file.open("rb") as stream:
        return gettext.GNUTranslations(stream)
