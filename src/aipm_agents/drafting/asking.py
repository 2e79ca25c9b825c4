"""A model fills in a sketch, and is told what does not fit, for as many tries as it may have. What it writes is only
ever data: a form that code checks, marks and makes a file of."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from pydantic import ValidationError

from aipm_agents.analysis.space.advice import advice
from aipm_agents.analysis.space.prospects import prospects
from aipm_agents.drafting.sketch import PACK, Sketch, schema
from aipm_agents.drafting.written import draft
from aipm_agents.errors import AipmError, SeatError
from aipm_agents.language import tr
from aipm_agents.scenario.packs import packs
from aipm_agents.seats.model.exchange import Request
from aipm_agents.seats.model.reading import object_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from aipm_agents.drafting.brief import Brief
    from aipm_agents.drafting.written import Draft
    from aipm_agents.seats.model.exchange import ModelReply, Speaker

TRIES, TOLD = 4, 8
"""How often it is asked at most; how many faults it is told at once."""
_SHOWN = 4_000
"""Characters of a faulty answer that it is reminded of."""


def drafted(
    brief: Brief, id_: str, by: str, ask: Callable[[Request], ModelReply], *, answer_tokens: int, on_try: Callable[[int], None] = lambda n: None
) -> Draft:  # fmt: skip
    """A valid one is asked for once more as long as less is odd in it each time. Raises `AipmError` where no try comes to
    a valid scenario, and whatever `ask` raises: a spent budget, an
    endpoint that cannot be used."""
    messages: tuple[tuple[Speaker, str], ...] = (("system", _rules(brief)), ("user", _told(brief)))
    faults: list[str] = []
    best: Draft | None = None
    waited = 0
    for number in range(1, TRIES + 1):
        on_try(number)
        request = Request(messages, "sketch", schema(), answer_tokens, 0)
        try:
            text = ask(request).text
        except AipmError as fault:
            if best is not None:  # late, malformed or beyond the budget: there is a valid one
                return best
            if not isinstance(fault, SeatError):
                raise
            text, faults = "", [str(fault)]
            waited += fault.kind == "timeout"
            if waited == 2:  # a third wait would come to the same
                raise AipmError(
                    tr("{why}, twice, so nothing was written; --timeout waits longer, and another -m may be faster", why=fault)
                ) from None  # fmt: skip
        else:
            made, faults = _made(text, brief, id_, by)
            if best is not None and (made is None or faults or len(odd(made)) >= len(odd(best))):
                return best
            if made is not None and not faults:
                best, faults = made, odd(made)
                if not faults:
                    return made
        repair = (
            tr("This does not fit yet: {faults}. Send the whole form once more.", faults="; ".join(faults[:TOLD]))
            if best is None
            else tr("This is valid. What validate and analyze find odd in it: {faults}. Mend what the brief bears out, and send the whole form once more.", faults="; ".join(faults[:TOLD]))
        )  # fmt: skip
        messages = (*messages[:2], ("assistant", text[:_SHOWN] or "-"), ("user", repair))
    if best is not None:
        return best
    raise AipmError(
        tr(
            "after {n} tries the draft is still not clean, so nothing was written: {faults}",
            n=TRIES, faults="; ".join(faults[:TOLD]),
        )
    )  # fmt: skip


def odd(made: Draft) -> list[str]:
    """What `validate` and `analyze` find odd in a valid draft."""
    scenario = made.reading.scenario
    assert scenario is not None
    return [*(each.message for each in made.reading.problems), *advice(scenario, prospects(scenario))]


def _made(text: str, brief: Brief, id_: str, by: str) -> tuple[Draft | None, list[str]]:
    """The draft, and what is wrong with it."""
    found = object_in(text)
    if found is None:
        return None, [tr("the answer is not one JSON object")]
    try:
        sketch = Sketch.model_validate(found, strict=False)
    except ValidationError as error:
        return None, [
            f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors(include_url=False)
        ]
    made = draft(sketch, brief, id_, by)
    faults = [f"{each.where}: {each.message}" for each in made.reading.errors]
    if not faults and not made.deals:
        faults.append(
            tr(
                "no package passes and is worth enough to everybody: let options answer what speaks against them"
            )
        )
    if not faults and not made.stopped:
        faults.append(
            tr("no choice is stopped by anything; name a fact that speaks against one, with what answers it")
        )
    return made, faults


def _rules(brief: Brief) -> str:
    text = files("aipm_agents.drafting").joinpath(f"rules.{brief.language}.md").read_text("utf-8")
    questions = "\n".join(
        f"- {name} ({item.checkpoint}): {item.said(brief.language).asks}"
        for name, item in packs()[PACK].items.items()
    )
    return text.replace("QUESTIONS", questions)


def _told(brief: Brief) -> str:
    """The brief, numbered; nothing in it can close the place it stands in."""
    lines = "\n".join(f"{n}: {line}" for n, line in enumerate(brief.lines, start=1))
    return f"<brief>\n{lines.replace('<', '‹').replace('>', '›')}\n</brief>"
