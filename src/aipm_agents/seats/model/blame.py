"""What a complaint of an endpoint means, and who must act.

Judged by its status and its own codes first, then by the names of things in what it says; whatever stays unclear
is tried otherwise, or again, until patience ends.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from aipm_agents import keyring
from aipm_agents.language import tr
from aipm_agents.seats.model.address import proxy_of
from aipm_agents.seats.model.dialect import speaks_of_context

if TYPE_CHECKING:
    from aipm_agents.seats.model.address import Address
    from aipm_agents.seats.model.envelope import Complaint

Stop = Literal[
    "money", "key", "forbidden", "model", "path", "missing", "filter", "context", "dialect", "wait", "cut"
]
"""Why nobody can be asked any more until somebody has acted."""
Meaning = Stop | Literal["again", "otherwise", "room", "made"]
"""`again`: later; `otherwise`: in another way; `room`: the answer needs more of it; `made`: the model wrote
what the endpoint does not take for the form."""

_PASSING = (408, 409, 425, 429)
_FILTERS = re.compile(r"content_?filter|content_policy|responsibleaipolicy|moderation|refusal")
_MONEY = re.compile(
    r"insufficient_quota|insufficient_(?:balance|credit|funds)|billing|payment", re.IGNORECASE
)
_KEY = re.compile(r"invalid_api_key|api[_ ]key[_ ](?:not valid|invalid)|authentication_error", re.IGNORECASE)
_ROOM = re.compile(
    r"could not finish the message|output limit was reached|higher max_(?:completion_)?tokens", re.IGNORECASE
)
_ROUTE = re.compile(r"no (?:allowed )?(?:endpoints|providers)[^.]*\b(?:support|handle|tool)", re.IGNORECASE)
_PATH = re.compile(
    r"unexpected endpoint|page not found|no route|cannot post|method not allowed", re.IGNORECASE
)
_MADE = re.compile(r"json_validate_failed|tool_use_failed|failed_generation")


def meaning(complaint: Complaint, address: Address) -> Meaning:
    status, code, said = complaint.status, complaint.code, complaint.said
    words = f"{code} {said}"
    if _FILTERS.search(code):
        return "filter"
    if status == 402 or (status in (403, 429) and _MONEY.search(words)):
        return "money"
    if status in (401, 407) or _KEY.search(words):
        return "key"
    if _PATH.search(said) or status in (404, 405) or code == "page":
        return _missing(complaint, address)
    if status == 403:
        return "forbidden"
    if _MADE.search(code):
        return "made"
    if _ROOM.search(said):
        return "room"
    if speaks_of_context(words) and status in (400, 413, 422, 500):
        return "context"
    if status in (400, 413, 415, 422, 500, 501):
        return "otherwise"
    return "again"


def _missing(complaint: Complaint, address: Address) -> Meaning:
    """Nothing is found there: no way for what was asked for, no such model, or no chat endpoint at all."""
    if _ROUTE.search(complaint.said):
        return "otherwise"
    if complaint.status in (502, 503, 504):
        return "again"  # a page of something in between
    named = re.search(rf"(?<!\w){re.escape(address.model)}(?!\w)", complaint.said)
    if not _PATH.search(complaint.said) and (
        named or "model" in f"{complaint.said} {complaint.code}".lower()
    ):
        return "model"
    return "path" if _PATH.search(complaint.said) or complaint.code == "page" else "missing"


def told(stop: Stop, complaint: Complaint, address: Address, home: keyring.Home, timeout: float) -> str:
    """Who must act, and how, in one paragraph."""
    url, model = address.url, address.model
    match stop:
        case "money":
            what = tr(
                "{url} wants money: the account of this key has no credit left. Add some, or raise its limit, then go on.",
                url=url,
            )
        case "key":
            what = tr("{url} does not accept the key; {advice}.", url=url, advice=keyring.advice(url, home))
        case "forbidden":
            what = tr(
                "{url} does not let this key, this network or this country use {model}; ask whoever keeps the account, or {advice}.",
                url=url,
                model=model,
                advice=keyring.advice(url, home),
            )
        case "model":
            what = tr("{url} has no model {model!r}; `aipm doctor` lists its models.", url=url, model=model)
        case "path":
            what = tr("{url} is not the address of a chat endpoint, which often ends in /v1.", url=url)
        case "missing":
            what = tr(
                "{url} has no model {model!r}, or is not the address of a chat endpoint, which often ends in /v1; `aipm doctor` lists its models.",
                url=url,
                model=model,
            )
        case "filter":
            what = tr(
                "a filter of {url} keeps the prompt back, so the model was never asked. Loosen the filter of this deployment (on Azure: a content filter without jailbreak detection), or take another model for this seat.",
                url=url,
            )
        case "context":
            what = tr(
                "the prompt does not fit what {model} can hold. Take a model with a larger context, or give the server more of it (Ollama: OLLAMA_CONTEXT_LENGTH=16384; vLLM: --max-model-len; llama.cpp: -c).",
                model=model,
            )
        case "cut":
            what = tr(
                "{url} cut the beginning of the prompt off without saying so, and with it what the seat knows and wants. Give the server a larger context (Ollama: OLLAMA_CONTEXT_LENGTH=16384 before `ollama serve`), then go on.",
                url=url,
            )
        case "dialect":
            what = tr("{url} refuses every way of asking that aipm knows.", url=url)
        case "wait":
            what = tr(
                "{url} asks to wait {wait:,.0f} s, and --timeout allows {timeout:g} s for a call. Go on later, or raise --timeout.",
                url=url,
                wait=complaint.wait or 0,
                timeout=timeout,
            )
    said = tr("It said: {said}", said=complaint)
    return sentences(what, said, by_proxy(address))


def sentences(first: str, *more: str) -> str:
    """One after the other, as the language has it; without those that are empty."""
    for each in filter(None, more):
        first = tr("{first} {more}", first=first, more=each)
    return first


def by_proxy(address: Address) -> str:
    """That a proxy stands in between, where one does; nothing else."""
    parts = urlsplit(address.url)
    proxy = proxy_of(address)
    if proxy is None or parts.hostname is None:
        return ""
    return tr(
        "It may be the proxy {proxy} that answers; NO_PROXY={host} goes past it.",
        proxy=urlsplit(proxy).hostname or proxy, host=parts.hostname,
    )  # fmt: skip
