"""What all are told of a scorable game: the issues and their options, in whichever of the published spellings they stand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.scenario.imports.game import TEXT, Note

if TYPE_CHECKING:
    from pathlib import Path

_ISSUE = re.compile(r"^\s*[-*•]?\s*Issue\s+([A-Z])\s*:\s*(.*)$", re.IGNORECASE)
_OPTION = re.compile(r"^\s*[-*•]?\s*([A-Z])(\d+)\b\s*(:?)\s*(.*)$")


class Section(NamedTuple):
    letter: str
    name: str
    intro: list[str]
    options: dict[str, tuple[str, str]]
    """Option id -> label and description."""


def sections(path: Path, parties: list[str]) -> tuple[str, list[Section], str]:
    """What stands before the first issue, the issues, and what stands after the last."""
    preamble: list[str] = []
    after: list[str] = []
    issues: list[Section] = []
    closed = False
    for line in text_of(path).splitlines():
        if issue := _ISSUE.match(line):
            name, intro = _named(issue[2])
            issues.append(Section(issue[1].upper(), name, [intro] if intro else [], {}))
            closed = False
        elif re.fullmatch(r"\s*={4,}\s*", line):
            closed = True
        elif not issues or closed:
            (after if issues else preamble).append(line)
        elif (option := _OPTION.match(line)) and option[1] == issues[-1].letter:
            label = _option(option[4], parties, colon=bool(option[3]))
            issues[-1].options[f"{option[1].lower()}{option[2]}"] = label
        elif line.strip():
            issues[-1].intro.append(line.strip())
    for section in issues:
        if not section.options:
            raise UsageError(
                tr('{path}: issue {letter} has no options; each is a line such as: {letter}1 "land-based": what it means', path=path, letter=section.letter)
            )  # fmt: skip
    if not issues:
        raise UsageError(
            tr('{path}: no issue; each begins with a line such as: Issue A: "Location"', path=path)
        )
    return tidy("\n".join(preamble)), issues, tidy("\n".join(after))


def _named(text: str) -> tuple[str, str]:
    """The name of an issue and what more its line says: `"Budget". Four levels`, `The location. There are 4 options:`."""
    text = text.strip()
    if quoted := re.fullmatch(r'"(.*)"\W*', text):
        if '". ' not in quoted[1]:  # quotes may stand inside of quotes
            return _bare(quoted[1]), ""
    if quoted := re.match(r'"([^"]+)"\s*[.:]?\s*(.*)', text):
        return _bare(quoted[1]), quoted[2]
    name, _, more = text.rstrip(":").partition(". ")
    return _bare(re.sub(r"\s*\(.*?\)", "", name)), more


def _option(text: str, parties: list[str], *, colon: bool) -> tuple[str, str]:
    """Label and description of an option, in whichever of its spellings it stands."""
    text = text.strip()
    quoted = re.match(r'"([^"]+)"\s*(:?)\s*(.*)', text)
    if quoted and (quoted[2] or not colon or quoted[1].lower() not in [name.lower() for name in parties]):
        return _bare(quoted[1]), quoted[3]  # whereas `E1: "SportCo" pays ...` is a sentence, and no label
    for between in (r"\s*==>\s*", r"(?<=\D)\.\s+(?=\S)", r"\s+-\s+"):
        if len(parts := re.split(between, text, maxsplit=1)) == 2:
            return _bare(parts[0]), parts[1].strip()
    return _bare(text), ""


def _bare(text: str) -> str:
    return " ".join(text.replace('"', "").split()).rstrip(".:").strip() or "?"


def background(preamble: str, issues: list[Section], after: str, lost: list[Note]) -> str:
    """All that everybody is told, the meaning of the options cut evenly where a text of a scenario cannot hold it."""
    longest = max((len(what) for s in issues for _, what in s.options.values()), default=0)
    for most in (longest, *range(longest - 5, 0, -5)):
        text = _whole(preamble, issues, after, most)
        if len(text) <= TEXT:
            if most < longest:
                lost.append(
                    Note(
                        "global_instructions.txt",
                        tr("what options mean is cut to {most} letters each", most=most),
                    )
                )
            return text
    text = _whole(preamble, issues, after, 0)
    told = [tr("what options mean is left out")] if longest else []
    told += [tr("cut to {most:,} letters", most=TEXT)] if len(text) > TEXT else []
    lost.append(Note("global_instructions.txt", tr("; ").join(told)))
    return text[:TEXT].rstrip()


def _whole(preamble: str, issues: list[Section], after: str, most: int) -> str:
    return "\n\n".join([preamble, *(_told(section, most) for section in issues), after]).strip()


def _told(section: Section, most: int) -> str:
    lines = [f"Issue {section.letter}: {section.name}", *section.intro]
    for option, (label, what) in section.options.items():
        kept = what if len(what) <= most else what[: most - 1].rstrip() + "…" if most else ""
        lines.append(f"{option.upper()} {label}" + (f": {kept}" if kept else ""))
    return "\n".join(lines)


def tidy(text: str) -> str:
    """Without spaces at the ends of lines and more than one empty line."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise UsageError(
            tr("{path}: cannot be read: {strerror}", path=path, strerror=error.strerror)
        ) from None
    except UnicodeDecodeError:
        raise UsageError(tr("{path}: is not UTF-8 text", path=path)) from None
