"""Keeping keys out of every text that is written, shown or sent on.

A key is known (`know`) from the moment it is read, whichever endpoint it is for. From then on `redacted` takes it
out of a text however it is spelt there: as it is, in JSON, in a URL, in HTML, in hexadecimal, in base64 (of the key
alone or of any header it stands in), with line breaks or invisible characters in between; and every piece of it that is
long enough to matter, for an error's text may be cut already.

What comes from an endpoint passes here when it arrives, before it is cut to a length or told to another seat; what a
transcript, a cassette, an export or the screen gets passes here again, whoever said it.
"""

from __future__ import annotations

import re
import string
from base64 import b64encode, urlsafe_b64encode
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from aipm_agents.errors import OutputError
from aipm_agents.language import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LEAST = 8
"""Characters a key has at least. What is shorter (`none`, `ollama`) is a placeholder, and a word."""
MARK = "[key]"


PIECE = 12
"""Characters of a key, or of what is made of it, that are no longer anybody's to see. (OpenAI tells eight.)"""
_HALF = PIECE // 2


class _Forms(NamedTuple):
    """What is looked for: keys as they are spelt, in one way of reading a text."""

    short: tuple[str, ...] = ()
    pieces: frozenset[str] = frozenset()
    """Every piece of `PIECE` characters of what is longer."""
    halves: frozenset[str] = frozenset()
    """Every stretch of half a piece in them."""


_known: frozenset[str] = frozenset()
_any_case = _exact = _Forms()


def know(keys: Iterable[str | None]) -> None:
    """Keys that no text may hold from now on."""
    global _known, _any_case, _exact
    found = {key.strip() for key in keys if key and len(key.strip()) >= LEAST}
    if found <= _known:
        return
    _known |= found
    octets = [key.encode("utf-8", "replace") for key in _known]
    _any_case = _made_of([key.translate(_LOWER) for key in _known] + [each.hex() for each in octets])
    _exact = _made_of([form for each in octets for form in _encoded(each)])


def _made_of(spelt: list[str]) -> _Forms:
    pieces = frozenset(each[k : k + PIECE] for each in spelt for k in range(len(each) - PIECE + 1))
    halves = frozenset(piece[k : k + _HALF] for piece in pieces for k in range(_HALF))
    return _Forms(tuple(each for each in spelt if len(each) < PIECE), pieces, halves)


def redacted(text: str) -> str:
    """The text with `[key]` in the place of every key."""
    if not _known or len(text) < LEAST:
        return text
    spans: list[tuple[int, int]] = []
    for read in (_as_it_is, _unescaped):  # a key may hold what looks like an escape
        if shown := read(text):
            spans += ((shown.starts[start], shown.ends[end - 1]) for start, end in _found(shown.chars))
    for start, end in reversed(list(_apart(spans))):
        text = text[:start] + MARK + text[end:]
    return text


def in_free_text(data: Any, free: bool = False) -> Any:
    """Plain data of an event, without keys in what somebody was free to say. What is not free is a name of the
    scenario, and checked."""
    match data:
        case str():
            return redacted(data) if free else data
        case list() | tuple():
            return [in_free_text(each, free) for each in data]
        case dict():
            return {
                redacted(name) if free else name: in_free_text(each, free or name in _FREE)
                for name, each in data.items()
            }
        case _:
            return data


_FREE = ("says", "text", "reason", "volatile")


class Redacting:
    """A stream that passes on what is written to it, without keys."""

    def __init__(self, stream: IO[str]) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        with _told():
            self.stream.write(redacted(text))
        return len(text)

    def flush(self) -> None:
        with _told():
            self.stream.flush()

    def writelines(self, texts: Iterable[str]) -> None:
        for text in texts:
            self.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@contextmanager
def _told() -> Iterator[None]:
    """That nothing more can be written there is no fault of a file that we keep."""
    try:
        yield
    except BrokenPipeError:
        raise  # whoever read it has enough
    except OSError as error:
        raise OutputError(
            tr("what is printed cannot be written: {strerror}", strerror=error.strerror)
        ) from None


# --- how a text is read ---------------------------------------------------------------------------

_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_ESCAPE = re.compile(
    r"\\+u(?P<json>[0-9a-fA-F]{4})|%(?P<url>[0-9a-fA-F]{2})|&#(?:[xX](?P<hex>[0-9a-fA-F]{2,4})|(?P<html>[0-9]{2,5}));"
    r"|\\+[nrt]?|[\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2500-\u257f\ufeff]+"
)
"""Characters by their number, and what stands between two characters without hiding them from a reader: breaks and
their escapes, invisible characters, frames."""


class _Shown(NamedTuple):
    """What a text reads as, and where in the text each of its characters begins and ends."""

    chars: str
    starts: list[int] | range
    ends: list[int] | range


def _as_it_is(text: str) -> _Shown:
    return _Shown(text, range(len(text)), range(1, len(text) + 1))


def _unescaped(text: str) -> _Shown | None:
    """None where nothing in it can be a key: where its characters stand is dear to work out."""
    if not _worth_a_look(_ESCAPE.sub(_meant, text)):
        return None
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for found in _ESCAPE.finditer(text):
        start, end = found.span()
        chars.append(text[at:start])
        starts += range(at, start)
        ends += range(at + 1, start + 1)
        if char := _meant(found):
            chars.append(char)
            starts.append(start)
            ends.append(end)
        at = end
    chars.append(text[at:])
    starts += range(at, len(text))
    ends += range(at + 1, len(text) + 1)
    return _Shown("".join(chars), starts, ends)


def _meant(escape: re.Match[str]) -> str:
    if not escape.lastgroup:
        return ""
    base = 10 if escape.lastgroup == "html" else 16
    char = chr(int(escape[escape.lastgroup], base))
    return "" if _ESCAPE.fullmatch(char) else char


def _worth_a_look(chars: str) -> bool:
    return any(_may_hold(forms, where) for forms, where in _readings(chars))


def _readings(chars: str) -> Iterator[tuple[_Forms, str]]:
    yield _any_case, chars.translate(_LOWER)
    yield _exact, chars


def _may_hold(forms: _Forms, where: str) -> bool:
    """Of a text cut into halves of a piece, every piece in it holds a whole one."""
    if any(form in where for form in forms.short):
        return True
    return not forms.halves.isdisjoint([where[at : at + _HALF] for at in range(0, len(where), _HALF)])


def _found(chars: str) -> Iterator[tuple[int, int]]:
    for forms, where in _readings(chars):
        if not _may_hold(forms, where):
            continue
        for form in forms.short:
            at = where.find(form)
            while at >= 0:
                yield at, at + len(form)
                at = where.find(form, at + 1)
        for at in range(len(where) - PIECE + 1):
            if where[at : at + PIECE] in forms.pieces:
                yield at, at + PIECE


def _apart(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans in order, those that overlap as one."""
    first, last = -1, -1
    for start, end in sorted(spans):
        if start >= last:
            if last > 0:
                yield first, last
            first, last = start, end
        last = max(last, end)
    if last > 0:
        yield first, last


def _encoded(key: bytes) -> Iterator[str]:
    """The part of a base64 text that only a key decides, wherever in the encoded bytes the key begins."""
    for before in range(3):
        first, last = -(-before * 8 // 6), (before + len(key)) * 8 // 6
        for encode in (b64encode, urlsafe_b64encode):
            yield encode(b"\0" * before + key).decode()[first:last]
