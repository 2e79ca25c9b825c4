"""A language model as somebody who plays: `seats={"legal": aipm.model("gpt-5-mini")}`."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.errors import UsageError
from aipm_agents.language import tr

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.seats import Seat
    from aipm_agents.seats.model.controls import Aids, Controls
    from aipm_agents.styles import StyleName


def model(
    name: str, *, base_url: str | None = None, max_calls: int | None = None, max_tokens: int | None = None,
    timeout: float = 120.0, answer_tokens: int | None = None, temperature: float | None = None, top_p: float | None = None,
    reasoning_effort: str | None = None, model_seed: int | None = None, incentive: str | None = None,
    prompt_file: str | os.PathLike[str] | None = None, scratchpad: bool = False, aids: Aids | None = None,
    leak_filter: bool = True, keep_requests: bool = False,
) -> Seat:  # fmt: skip
    """A model behind an OpenAI-compatible endpoint, for one seat or several; those share one budget.

    `base_url`: where it is; without one OPENAI_BASE_URL, or OpenAI. The key is OPENAI_API_KEY, of the environment.
    `timeout`: seconds a call may take, its tries included. `max_calls`, `max_tokens`: `BudgetError` before more.
    From `temperature` on: the controls of a study, each as the option of `aipm run` of its name sets it; `incentive` is
    that of every seat this object plays. They stand in the record. Raises `UsageError` for one that does not fit.
    It is looked for at once: `EndpointError` where nobody is there. What it says and cannot be used is a fault of its
    seat, whatever `on_fault` says: a model's slip is no bug."""
    from aipm_agents.seats.model.controls import controls, spelt

    given = {
        "temperature": temperature, "top_p": top_p, "reasoning_effort": reasoning_effort, "model_seed": model_seed,
        "incentive.*": incentive, "prompt_file": prompt_file, "scratchpad": "on" if scratchpad else None, "aids": aids,
        "leak_filter": None if leak_filter else "off",
    }  # fmt: skip
    asked = {
        key: spelt(key, str(each), key.partition(".")[0]) for key, each in given.items() if each is not None
    }
    return seated(
        f"openai:{name}", base_url, max_calls, max_tokens, timeout, answer_tokens, how=controls(asked),
        keep_requests=keep_requests,
    )  # fmt: skip


def seated(
    kind: str, base_url: str | None = None, max_calls: int | None = None, max_tokens: int | None = None,
    timeout: float = 120.0, answer_tokens: int | None = None, style: StyleName | None = None, how: Controls | None = None,
    keep_requests: bool = False,
) -> Seat:  # fmt: skip
    """By the kind as `--seat` spells it: `openai:MODEL`, `openai:MODEL@URL`. The record names where it was."""
    from aipm_agents import keyring
    from aipm_agents.seats.model import ANSWER_TOKENS, Model
    from aipm_agents.seats.model.address import address
    from aipm_agents.seats.model.budget import Budget
    from aipm_agents.seats.model.checkup import reach
    from aipm_agents.seats.model.controls import Controls
    from aipm_agents.seats.model.switchboard import Switchboard

    given = keyring.mine().home(base_url) or keyring.Home()
    at = address(kind, given.url, "seats")
    if at is None:
        raise UsageError(tr("seats: {kind} names no model; write it openai:MODEL", kind=kind))
    board = Switchboard(given, Budget(max_calls, max_tokens), timeout=timeout)
    line = board.line(at)
    reach(line.endpoint)
    named = kind if at.url == keyring.OPENAI or "@" in kind else f"{kind}@{at.url}"
    made = Model(
        named, line, answer_tokens=answer_tokens or ANSWER_TOKENS, style=style, how=how or Controls(),
        keep_requests=keep_requests,
    )  # fmt: skip
    weakref.finalize(made, board.close)  # nobody says when a seat is done with
    return made


class ModelRecord(NamedTuple):
    """What a record says of the models at its table."""

    prompts: str | None = None
    """A digest of what they are told; None where none plays."""
    controls: Mapping[str, str] = {}


def told(scenario: Scenario, players: Mapping[Role, Seat]) -> ModelRecord:
    """Raises `UsageError` where two are set differently: what a study sets is set for a run, as it is on the command
    line, and a record holds it once. What drives a seat is its own."""
    modelled = {role: player for role, player in players.items() if player.kind.startswith("openai:")}
    if not modelled:
        return ModelRecord()
    from aipm_agents.seats.model import Model
    from aipm_agents.seats.model.prompts import fingerprint

    driven: dict[str, str] = {}
    shared: dict[str, str] | None = None
    variant = ""
    for role, player in modelled.items():
        assert isinstance(player, Model), "no other seat may be called so"
        variant, asked = player.how.variant, dict(player.how.asked)
        if drive := asked.pop("incentive.*", None):
            driven[f"incentive.{role}"] = drive
        if shared is not None and asked != shared:
            differing = sorted(key for key in {**asked, **shared} if asked.get(key) != shared.get(key))
            raise UsageError(
                tr("seats: models at one table are set differently ({names}); set all of them alike, and vary it between runs",
                   names=tr(", ").join(differing))
            )  # fmt: skip
        shared = asked
    return ModelRecord(fingerprint(scenario.language, variant), {**(shared or {}), **driven})
