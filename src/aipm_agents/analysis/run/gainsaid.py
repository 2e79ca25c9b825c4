"""Turns whose words say the opposite of the vote or the signature beside them.

Only plain declarations are looked at ("I vote no", "you have my yes"), and none with a condition in the same sentence.
As the rest of the audit it points at a sentence; it decides nothing in a run.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.table.events import Answered, Signed
from aipm_agents.table.memory import remembered

if TYPE_CHECKING:
    from aipm_agents.roles import Role
    from aipm_agents.table.events import Event
    from aipm_agents.table.record import Record

_THIS = r"(?:(?:the|this) (?:package|plan|proposal|deal)\b(?!'s| (?:to|that|of)\b)|(?:this|it)(?= as (?:it|proposed|tabled)\b| (?:today|now)\b|\s*(?:[,.;:!?–—]|$)))"
"""The package, and nothing that only begins alike: "this claim", "that" of another's argument."""
_YES = re.compile(
    rf"\bI(?:'m| am)? (?:vot(?:e|ing)|say(?:ing)?) yes\b|\bmy (?:vote|answer) is (?:a )?yes\b|\byou have my yes\b"
    rf"|\bI (?:can |will |'ll )?(?:accept|support|sign|approve) {_THIS}"
    r"|我投(?:贊成|同意)|我的票是(?:贊成|yes)|我(?:可以|願意)?(?:接受|簽|支持)這個方案|我贊成(?:這個方案)?(?=[。，！]|$)",
    re.IGNORECASE,
)
_NO = re.compile(
    rf"\bI(?:'m| am)? (?:vot(?:e|ing)|say(?:ing)?) no\b|\bmy (?:vote|answer) is (?:a )?no\b"
    rf"|\bI (?:cannot|can't|can not|won't|will not|do not|don't) (?:accept|support|sign|approve) {_THIS}"
    r"|我投反對|我的票是(?:反對|no)|我(?:不能|不會|沒辦法|無法)(?:接受|簽|支持)這個方案|我反對(?:這個方案)?(?=[。，！]|$)",
    re.IGNORECASE,
)
_ON_CONDITION = re.compile(
    r"\b(?:if|unless|until|once|when|provided|but|only|as long as|without|would|could|before)\b"
    r"|如果|若|除非|只要|但|要是|才|之前|的話",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]?")


class Gainsaid(NamedTuple):
    round: int
    role: Role
    move: str
    """What the move was: a vote, `signs` or `holds`."""
    quote: str
    """The sentence that says otherwise."""
    event: int
    """The place of the turn in the record, from 0."""


@remembered
def gainsaid(record: Record) -> tuple[Gainsaid, ...]:
    """In the order of the record, one a turn."""
    return tuple(
        found for number, event in enumerate(record.events) if (found := _of(number, event)) is not None
    )


def _of(number: int, event: Event) -> Gainsaid | None:
    did: str
    match event:
        case Answered(move=move) if move.vote in ("yes", "no"):
            did, opposite = move.vote, (_NO if move.vote == "yes" else _YES)
        case Signed(move=move, fault=None):
            did, opposite = ("signs", _NO) if move.signs else ("holds", _YES)
        case _:
            return None
    for match in _SENTENCE.finditer(move.says.replace("’", "'")):
        if opposite.search(match[0]) and not _ON_CONDITION.search(match[0]):
            return Gainsaid(event.round, event.role, did, match[0].strip(), number)
    return None
