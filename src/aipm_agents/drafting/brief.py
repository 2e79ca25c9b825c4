"""A brief, as numbered lines, and where in it a quotation stands. Never taken for an instruction."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.roles import Language

MOST_BYTES, MOST_LINES, LONGEST = 2_000_000, 2_000, 1_000
_WORDS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CJK = re.compile(r"[\u4e00-\u9fff]")


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
        wanted = _bare(quote)
        if wanted and wanted in (bare := [_bare(line) for line in self.lines]):
            return bare.index(wanted) + 1
        if len(wanted) < (4 if _CJK.search(wanted) else 8):
            return None
        text, starts = "", []
        for line in self.lines:
            starts.append(len(text))
            text += _bare(line)
        at = text.find(wanted)
        return None if at < 0 else max(n for n, start in enumerate(starts, start=1) if start <= at)


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
    lines = tuple(
        "".join(c for c in line if c.isprintable() or c == "\t")[:LONGEST] for line in text.splitlines()
    )
    if not any(map(str.strip, lines)):
        raise UsageError(tr("{path}: there is nothing to read in it", path=path))
    return Brief(path.name, lines[:MOST_LINES])


def _of_docx(path: Path) -> str:
    """Its paragraphs, one a line."""
    with zipfile.ZipFile(path) as file:
        inside = file.getinfo("word/document.xml")
        if inside.file_size > 10 * MOST_BYTES:
            raise zipfile.BadZipFile
        root = ElementTree.fromstring(file.read(inside))
    paragraphs = root.iter(f"{_WORDS}p")
    return "\n".join("".join(part.text or "" for part in each.iter(f"{_WORDS}t")) for each in paragraphs)


def figures(text: str) -> set[str]:
    """The numbers in a text, without separators of thousands."""
    return {each.replace(",", "") for each in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)}


def words(text: str) -> set[str]:
    """What carries a text: its longer words, of Chinese its pairs of characters."""
    pairs = {text[k : k + 2] for k in range(len(text) - 1) if _CJK.match(text[k]) and _CJK.match(text[k + 1])}
    return pairs | {each[:5] for each in re.findall(r"[a-z]{4,}", text.casefold())}


def _bare(text: str) -> str:
    return re.sub(r"[\s*_`#>|]+", "", text).casefold()
