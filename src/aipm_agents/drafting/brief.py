"""A brief, as numbered lines, and where in it a quotation stands. Never taken for an instruction."""

from __future__ import annotations

import re
import zipfile
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.roles import Language

MOST_BYTES, MOST_LETTERS = 2_000_000, 120_000
_WORDS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CJK = re.compile(r"[\u4e00-\u9fff]")
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff]+|[^\w\s*`#|]")


class Brief(NamedTuple):
    name: str
    lines: tuple[str, ...]

    @property
    def language(self) -> Language:
        text = "".join(self.lines)
        return "zh-Hant" if len(_CJK.findall(text)) * 5 > len(text) else "en"

    def line_of(self, quote: str) -> int | None:
        """The line, from 1, in which a quotation begins, word for word but for spaces, marks of Markdown and the size
        of letters; None where it does not stand there, or is too short to be one."""
        wanted = _tokens(quote)
        lines = [_tokens(line) for line in self.lines]
        if wanted and wanted in lines:
            return lines.index(wanted) + 1
        if len("".join(wanted)) < (4 if _CJK.search(quote) else 8):
            return None
        text = tuple(token for line in lines for token in line)
        at = next(
            (k for k, token in enumerate(text) if token == wanted[0] and text[k : k + len(wanted)] == wanted),
            None,
        )
        if at is None:
            return None
        starts = accumulate((len(line) for line in lines), initial=0)
        return max(n for n, start in enumerate(starts, start=1) if start <= at and n <= len(lines))


def read_brief(path: Path) -> Brief:
    """Markdown or text in UTF-8, or .docx. Raises `UsageError`."""
    try:
        data = path.read_bytes() if path.stat().st_size <= MOST_BYTES else b""
    except OSError as error:
        raise UsageError(
            tr("{path}: cannot be opened: {strerror}", path=path, strerror=error.strerror)
        ) from None
    if not data:
        raise UsageError(tr("{path}: is empty, or larger than {most:,} bytes", path=path, most=MOST_BYTES))
    try:
        text = _of_docx(path) if path.suffix.lower() == ".docx" else data.decode("utf-8-sig")
    except (UnicodeDecodeError, zipfile.BadZipFile, KeyError, ElementTree.ParseError, RuntimeError):
        raise UsageError(tr("{path}: is neither UTF-8 text nor a .docx file", path=path)) from None
    lines = tuple("".join(c if c.isprintable() else " " for c in line) for line in text.splitlines())
    if not any(map(str.strip, lines)):
        raise UsageError(tr("{path}: there is nothing to read in it", path=path))
    if (size := sum(map(len, lines))) > MOST_LETTERS:
        raise UsageError(tr("{path}: {size:,} letters, and a brief has {most:,} at most; keep what bears on the decision", path=path, size=size, most=MOST_LETTERS))  # fmt: skip
    return Brief(path.name, lines)


def _of_docx(path: Path) -> str:
    """Its paragraphs, one a line; a tab is a space, a break a line."""
    with zipfile.ZipFile(path) as file:
        inside = file.getinfo("word/document.xml")
        if inside.file_size > 10 * MOST_BYTES:
            raise zipfile.BadZipFile
        root = ElementTree.fromstring(file.read(inside))
    return "\n".join("".join(map(_set, each.iter())) for each in root.iter(f"{_WORDS}p"))


def _set(part: ElementTree.Element) -> str:
    match part.tag.removeprefix(_WORDS):
        case "t":
            return part.text or ""
        case "tab":
            return " "
        case "br" | "cr":
            return "\n"
    return ""


def figures(text: str) -> set[str]:
    """The numbers in a text, without separators of thousands."""
    return {each.replace(",", "") for each in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)}


def words(text: str) -> set[str]:
    """What carries a text: its longer words, of Chinese its pairs of characters."""
    pairs = {text[k : k + 2] for k in range(len(text) - 1) if _CJK.match(text[k]) and _CJK.match(text[k + 1])}
    return pairs | {each[:5] for each in re.findall(r"[a-z]{4,}", text.casefold())}


def holds(quote: str, text: str) -> bool:
    """Whether a text stands in a quotation as it is."""
    wanted, given = _tokens(text), _tokens(quote)
    return bool(wanted) and any(given[k : k + len(wanted)] == wanted for k in range(len(given)))


@lru_cache(maxsize=4096)
def _tokens(text: str) -> tuple[str, ...]:
    """Numbers, words, Chinese characters and signs, without marks of Markdown. A model is shown angle brackets as others."""
    plain = re.sub(r"^\s*>+\s", "", text.replace("‹", "<").replace("›", ">"))
    return tuple(_TOKEN.findall(plain.casefold()))
