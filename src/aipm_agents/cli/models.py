"""Language models: the options that say how they are reached and what they may cost."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from aipm_agents.errors import UsageError
from aipm_agents.language import tr

if TYPE_CHECKING:
    from aipm_agents.analysis.run.usage import Price
    from aipm_agents.seats.model.controls import Controls

PANEL = "Language models"

BaseUrl = Annotated[
    str | None,
    typer.Option(
        "--base-url",
        help="Where it is; default OPENAI_BASE_URL, or OpenAI. The key is OPENAI_API_KEY, or in .env.",
        rich_help_panel=PANEL,
    ),
]
MaxTokens = Annotated[
    int | None,
    typer.Option(
        "--max-tokens", min=1, help="Stop before this many tokens, both ways.", rich_help_panel=PANEL
    ),
]
MaxCalls = Annotated[
    int | None,
    typer.Option("--max-calls", min=1, help="Stop before this many calls.", rich_help_panel=PANEL),
]
Timeout = Annotated[
    float | None,
    typer.Option(
        "--timeout", min=0.1, help="Seconds a call may take, tries included (120; 600 for the local model).",
        rich_help_panel=PANEL,
    ),
]  # fmt: skip
Concurrency = Annotated[
    int,
    typer.Option("--concurrency", min=1, max=64, help="Seats asked at the same time.", rich_help_panel=PANEL),
]
AnswerTokens = Annotated[
    int | None,
    typer.Option(
        "--answer-tokens", min=64, help="Tokens one answer may take, hidden reasoning included; default 4096.",
        rich_help_panel=PANEL,
    ),
]  # fmt: skip
CassetteOption = Annotated[
    str | None,
    typer.Option(
        "--cassette", help="Keep replies in this folder, play back those it has.", rich_help_panel=PANEL
    ),
]
Offline = Annotated[
    bool,
    typer.Option("--offline", help="Only play back what --cassette holds.", rich_help_panel=PANEL),
]
KeepWeighing = Annotated[
    bool,
    typer.Option(
        "--keep-weighing",
        help="Keep what models weigh before they speak, for the facilitator.",
        rich_help_panel=PANEL,
    ),
]
PriceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--price", help="[MODEL=]PROMPT[,CACHED],ANSWER per million tokens.", rich_help_panel=PANEL
    ),
]  # fmt: skip

CONCURRENCY = 8


class ModelOptions(NamedTuple):
    """How models are reached and what they may cost, as the options of a run say."""

    base_url: BaseUrl = None
    max_tokens: MaxTokens = None
    max_calls: MaxCalls = None
    timeout: Timeout = None
    concurrency: Concurrency = CONCURRENCY
    answer_tokens: AnswerTokens = None
    keep_weighing: KeepWeighing = False
    cassette: CassetteOption = None
    offline: Offline = False


AS_USUAL = ModelOptions()
"""Where nobody said otherwise."""


class Means(NamedTuple):
    """How models are reached, and what they may cost: what was asked for, and what a run adds to it."""

    base_url: str | None = None
    recorded_url: str | None = None
    """Where a run that goes on now had its endpoint; no key goes there unless somebody names it."""
    max_tokens: int | None = None
    max_calls: int | None = None
    timeout: float | None = None
    concurrency: int = CONCURRENCY
    answer_tokens: int | None = None
    cassette: str | None = None
    offline: bool = False
    keep_weighing: bool = False
    controls: Controls | None = None
    """What a study sets of its model seats."""
    keep_requests: bool = False
    allowed: tuple[str, ...] = ()
    """Addresses of a transcript that may be called on."""
    file: str = ""
    """The `.env` that named the address of a run that is carried out elsewhere: a key of that place stays there."""


def prices(options: list[str] | None) -> dict[str, Price]:
    """Model -> price, `""` for every other model."""
    from aipm_agents.analysis.run.usage import Price

    out = {}
    for option in options or ():
        model, _, numbers = option.rpartition("=")
        try:
            parts = [Decimal(number) for number in numbers.split(",")]
        except InvalidOperation:
            parts = []
        if len(parts) not in (2, 3) or not all(part.is_finite() and part >= 0 for part in parts):
            raise UsageError(
                tr(
                    "--price {option}: write it PROMPT,ANSWER or PROMPT,CACHED,ANSWER, per million tokens, as in --price 0.25,2 or --price gpt-5-mini=0.25,0.025,2",
                    option=option,
                )
            )
        out[model] = Price(parts[0], parts[1] if len(parts) == 3 else parts[0], parts[-1])
    return out
