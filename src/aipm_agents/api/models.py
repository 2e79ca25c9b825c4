"""A language model as somebody who plays: `seats={"legal": aipm.model("gpt-5-mini")}`."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

from aipm_agents.errors import UsageError
from aipm_agents.language import tr

if TYPE_CHECKING:
    from aipm_agents.seats import Seat
    from aipm_agents.styles import StyleName


def model(
    name: str, *, base_url: str | None = None, max_calls: int | None = None, max_tokens: int | None = None,
    timeout: float = 120.0, answer_tokens: int | None = None,
) -> Seat:  # fmt: skip
    """A model behind an OpenAI-compatible endpoint, for one seat or several; those share one budget.

    `base_url`: where it is; without one OPENAI_BASE_URL, or OpenAI. The key is OPENAI_API_KEY, of the environment.
    `timeout`: seconds a call may take, its tries included. `max_calls`, `max_tokens`: `BudgetError` before more.
    It is looked for at once: `EndpointError` where nobody is there. What it says and cannot be used is a fault of its
    seat, whatever `on_fault` says: a model's slip is no bug."""
    return seated(f"openai:{name}", base_url, max_calls, max_tokens, timeout, answer_tokens)


def seated(
    kind: str, base_url: str | None = None, max_calls: int | None = None, max_tokens: int | None = None,
    timeout: float = 120.0, answer_tokens: int | None = None, style: StyleName | None = None,
) -> Seat:  # fmt: skip
    """By the kind as `--seat` spells it: `openai:MODEL`, `openai:MODEL@URL`. The record names where it was."""
    from aipm_agents import keyring
    from aipm_agents.seats.model import ANSWER_TOKENS, Model
    from aipm_agents.seats.model.address import address
    from aipm_agents.seats.model.budget import Budget
    from aipm_agents.seats.model.checkup import reach
    from aipm_agents.seats.model.switchboard import Switchboard

    given = keyring.mine().home(base_url) or keyring.Home()
    at = address(kind, given.url, "seats")
    if at is None:
        raise UsageError(tr("seats: {kind} names no model; write it openai:MODEL", kind=kind))
    board = Switchboard(given, Budget(max_calls, max_tokens), timeout=timeout)
    line = board.line(at)
    reach(line.endpoint)
    named = kind if at.url == keyring.OPENAI or "@" in kind else f"{kind}@{at.url}"
    made = Model(named, line, answer_tokens=answer_tokens or ANSWER_TOKENS, style=style)
    weakref.finalize(made, board.close)  # nobody says when a seat is done with
    return made
