"""What a study sets of its model seats: how they sample, what drives them, what they are told and helped with.

Each control is a line of one table and is spelt in one way, as an option of `aipm run`, a key of `aipm sweep --vary`, and in
the header of a transcript. A control changes how a model plays, never what its seat may do or see.
"""

from __future__ import annotations

import hashlib
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, cast, get_args

from aipm_agents.errors import UsageError
from aipm_agents.language import mark, tr
from aipm_agents.scenario.problems import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aipm_agents.roles import Role

Aids = Literal["none", "worth", "full"]
"""Nothing is reckoned for a seat; what the package is worth to it; also totals, what to hold out for, one-issue changes
and candidate packages."""
DRIVES = ("cooperative", "greedy", "adversarial")
"""Incentives that have words of ours, after Abdelnabi et al. 2024 (LLM-Deliberation); any other is said as it stands."""
EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh")
Sent: TypeAlias = "float | int | str"


class Controls(NamedTuple):
    asked: tuple[tuple[str, str], ...] = ()
    """Key -> value as they are spelt, for the record."""
    sampling: tuple[tuple[str, Sent], ...] = ()
    """What goes into the body of every request, under the wire's names."""
    incentives: tuple[tuple[Role, str], ...] = ()
    """Of `*` for whichever seat it plays."""
    variant: str = ""
    """A template whose macros take the place of ours."""
    scratchpad: bool = False
    """Whether a seat reasons at length before it fills in the form; kept for the facilitator."""
    aids: Aids = "full"
    leak_filter: bool = True
    """Whether what a seat recites of its briefing is taken out before it is heard."""

    def incentive(self, role: Role) -> str:
        driven = dict(self.incentives)
        return driven.get(role, driven.get("*", ""))


class Control(NamedTuple):
    takes: str
    spell: Callable[[str], str]
    """A value as typed -> in its one spelling. Raises `ValueError` with what was wrong."""
    sent_as: str = ""
    """Its name in a request; empty for what is no part of one."""


def known(key: str) -> Control | None:
    """The line of a key; `incentive.legal` is one of `incentive.ROLE`."""
    stem, dot, role = key.partition(".")
    return CONTROLS.get(f"{stem}.ROLE" if dot and role else key)


def spelt(key: str, text: str, option: str) -> str:
    """Raises `UsageError`."""
    control = known(key)
    assert control is not None
    try:
        return control.spell(text.strip())
    except ValueError as error:
        raise UsageError(
            tr(
                "{option} {text}: {error}; it takes {takes}",
                option=option,
                text=text,
                error=error,
                takes=tr(control.takes),
            )
        ) from None


def controls(asked: Mapping[str, str]) -> Controls:
    """Key -> value as spelt. Raises `UsageError` for a template that cannot be read, or is another one now."""
    sampling = [
        (line.sent_as, _sent(text)) for key, text in asked.items() if (line := known(key)) and line.sent_as
    ]
    return Controls(
        asked=tuple(sorted(asked.items())),
        sampling=tuple(sorted(sampling)),
        incentives=tuple(sorted((key.partition(".")[2], text) for key, text in asked.items() if key.startswith("incentive."))),
        variant=_template(asked["prompt_file"]) if asked.get("prompt_file") else "",
        scratchpad=asked.get("scratchpad") == "on",
        aids=cast("Aids", asked.get("aids", "full")),
        leak_filter=asked.get("leak_filter", "on") == "on",
    )  # fmt: skip


def _sent(text: str) -> Sent:
    """As JSON has it: a whole number, a number, or a word."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return int(value) if value == value.to_integral_value() and "." not in text else float(value)


def _template(named: str) -> str:
    path, _, digest = named.rpartition("@")
    text = _text(path)
    if _digest(text) != digest:
        raise UsageError(
            tr("--prompt-file {path}: is another text than the run was made with ({digest}); name the one it was", path=path, digest=digest)
        )  # fmt: skip
    return text


def _text(path: str) -> str:
    try:
        return Path(path).read_text("utf-8")
    except OSError as error:
        raise UsageError(
            tr("--prompt-file {path}: cannot be read: {error}", path=path, error=error.strerror)
        ) from None
    except UnicodeDecodeError:
        raise UsageError(tr("--prompt-file {path}: is no UTF-8 text", path=path)) from None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


# --- how values are spelt -----------------------------------------------------------------------


def _number(low: str, high: str) -> Callable[[str], str]:
    def spell(text: str) -> str:
        try:
            value = Decimal(text)
        except InvalidOperation:
            raise ValueError(tr("is no number")) from None
        if not (value.is_finite() and Decimal(low) <= value <= Decimal(high)):
            raise ValueError(tr("is out of range"))
        return f"{value.normalize() + 0:f}"

    return spell


def _whole(text: str) -> str:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError(tr("is no whole number"))
    return str(int(text))


def _one_of(*words: str) -> Callable[[str], str]:
    def spell(text: str) -> str:
        if text not in words:
            raise ValueError(
                tr("is none of {names}{hint}", names=", ".join(words), hint=did_you_mean(text, words))
            )
        return text

    return spell


def _words(text: str) -> str:
    if not text:
        raise ValueError(tr("is empty"))
    return text


def _file(text: str) -> str:
    """`PATH@DIGEST`, so that what was told is on record; checked to be a template of ours."""
    _, at, digest = text.rpartition("@")
    if at and len(digest) == _DIGITS and not Path(text).exists():
        return text  # spelt already
    from aipm_agents.seats.model.prompts import problem_with

    told = _text(text)
    if fault := problem_with(told):
        raise ValueError(fault)
    return f"{text}@{_digest(told)}"


_DIGITS = 12
_ON_OFF = mark("on or off")
CONTROLS: dict[str, Control] = {
    "temperature": Control(mark("a number from 0 to 2"), _number("0", "2"), "temperature"),
    "top_p": Control(mark("a number from 0 to 1"), _number("0", "1"), "top_p"),
    "reasoning_effort": Control(mark("none, minimal, low, medium, high or xhigh"), _one_of(*EFFORTS), "reasoning_effort"),
    "model_seed": Control(mark("a whole number"), _whole, "seed"),
    "incentive.ROLE": Control(mark("cooperative, greedy, adversarial, or an instruction in words"), _words),
    "prompt_file": Control(mark("a template file, whose macros take the place of ours"), _file),
    "scratchpad": Control(_ON_OFF, _one_of("on", "off")),
    "aids": Control(mark("none, worth or full"), _one_of(*get_args(Aids))),
    "leak_filter": Control(_ON_OFF, _one_of("on", "off")),
}  # fmt: skip
