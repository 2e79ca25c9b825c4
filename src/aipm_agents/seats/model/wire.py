"""The way to one model over HTTP. The one door to langchain-openai and to the client beneath it."""

from __future__ import annotations

import json
import os
import threading
from typing import TYPE_CHECKING, Any

import httpx2
import openai
from langchain_openai import ChatOpenAI
from openai import DefaultHttpxClient
from pydantic import SecretStr

from aipm_agents.errors import EndpointError, SeatError
from aipm_agents.language import tr
from aipm_agents.redaction import redacted
from aipm_agents.seats.model.budget import Usage
from aipm_agents.seats.model.exchange import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from langchain_core.messages import AIMessage

    from aipm_agents.seats.model.address import Address

RETRIES = 2
"""How often a call is tried again."""
MOST_BYTES = 4_000_000
"""An answer larger than this is not read to its end."""


class Refused(Exception):
    """An endpoint answered with an error status, and went on doing so."""

    def __init__(self, status: int, said: str) -> None:
        self.status, self.said = status, said
        super().__init__(f"{status}: {said}")


class Call:
    """One call: how often it went over the wire, how often it was answered by an error status, and
    whether nobody waits for it any longer. `again` says whether it may be tried once more."""

    sent = refused = 0
    over = False
    last = ""
    """The last error status, and how long it asks to wait."""

    def __init__(self, again: Callable[[], bool]) -> None:
        self.again = again


class Wire:
    """Connections are kept. How often to try again, and when, is the client's own affair: after 408,
    409, 429 (with its Retry-After), 5xx and dropped connections, with backoff and jitter."""

    def __init__(self, address: Address, key: str | None, timeout: float) -> None:
        self.address, self.key, self.timeout = address, key, timeout
        try:
            self._http = DefaultHttpxClient(
                event_hooks={"request": [self._on_request], "response": [self._on_response]}
            )
        except (ValueError, httpx2.InvalidURL, UnicodeError):
            names = [name for name in os.environ if name.lower().endswith("_proxy") and os.environ[name]]
            raise EndpointError(
                tr(
                    "the way out is no address of a proxy; look at {names}",
                    names=tr(", ").join(sorted(names)),
                )
            ) from None
        self._client = ChatOpenAI(
            model=address.model, base_url=address.url, api_key=SecretStr(key or "none"), openai_proxy=None,
            timeout=timeout, max_retries=RETRIES, use_responses_api=False, http_client=self._http,
        )  # fmt: skip
        self._thread = threading.local()

    def send(self, messages: Sequence[tuple[str, str]], asking: dict[str, Any], call: Call) -> Reply:
        """Raises `Refused` for an error status and `SeatError` for anything else but a reply."""
        self._thread.call = call
        try:
            message = self._client.invoke(list(messages), **asking)
        except openai.APITimeoutError:
            raise SeatError("timeout", f"no answer within {self.timeout:g} s") from None
        except openai.APIStatusError as error:
            raise Refused(error.status_code, _said(error)) from None
        except Exception as error:
            inner = error.__cause__ or error
            if isinstance(error, openai.APIConnectionError) and not isinstance(inner, _TooLarge):
                raise SeatError("no_reply", f"the connection broke: {_said(inner)}") from None
            said = f"this is no answer of a chat endpoint: {_said(inner)}"
            raise SeatError("malformed", said) from None
        return _reply(message, call)

    def models(self, seconds: float) -> httpx2.Response:
        """The endpoint's list of models, which costs nothing. Raises what the client raises."""
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        self._thread.call = Call(lambda: True)
        return self._http.get(f"{self.address.url}/models", headers=headers, timeout=seconds)

    def close(self) -> None:
        self._http.close()

    def _on_request(self, _: httpx2.Request) -> None:
        call: Call = self._thread.call
        if call.over:
            raise ConnectionAbortedError("nobody waits for this answer any longer")
        if call.sent and not call.again():
            raise ConnectionAbortedError("the budget does not cover another try")
        call.sent += 1

    def _on_response(self, response: httpx2.Response) -> None:
        if response.status_code >= 400:
            call: Call = self._thread.call
            call.refused += 1
            wait = redacted(response.headers.get("retry-after", ""))[:40]
            call.last = f"{response.status_code}{_MEANING.get(response.status_code, '')}"
            call.last += f", asking to wait {wait} s" if wait.isdigit() else ""
        assert isinstance(response.stream, httpx2.SyncByteStream)
        response.stream = _Bounded(response.stream)


_MEANING = {429: " (too many requests)", 503: " (overloaded)"}


class _TooLarge(Exception):
    pass


class _Bounded(httpx2.SyncByteStream):
    """The body of an answer, up to a size."""

    def __init__(self, stream: httpx2.SyncByteStream) -> None:
        self.stream = stream

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self.stream:
            size += len(chunk)
            if size > MOST_BYTES:
                raise _TooLarge(f"it is larger than {MOST_BYTES:,} bytes")
            yield chunk

    def close(self) -> None:
        self.stream.close()


def _said(error: BaseException) -> str:
    return redacted(str(error))[:400]


def _reply(message: AIMessage, call: Call) -> Reply:
    """What came, without a key that the endpoint sent back: no other seat, and no other endpoint, gets to see it."""
    usage = _usage(message, call)
    volatile = {"usage": usage._asdict()}
    reason = message.response_metadata.get("finish_reason")
    refused = message.additional_kwargs.get("refusal")
    if refused or reason == "content_filter":
        said = redacted(str(refused or "the endpoint's content filter stopped it"))
        raise SeatError("refusal", said[:400], volatile=volatile)
    text, truncated = redacted(_text(message)), reason == "length"
    if not (text.strip() or truncated):
        raise SeatError("no_reply", "the answer is empty", volatile=volatile)
    return Reply(text, usage, redacted(str(message.response_metadata.get("model_name", "")))[:200], truncated)


def _text(message: AIMessage) -> str:
    """The filled form, from wherever it was put. Hidden reasoning is left where it is."""
    for made in message.tool_calls:
        return json.dumps(made["args"], ensure_ascii=False)
    for broken in message.invalid_tool_calls:
        return broken["args"] or ""
    return str(message.text)


def _usage(message: AIMessage, call: Call) -> Usage:
    used: Any = message.usage_metadata or {}
    cached = (used.get("input_token_details") or {}).get("cache_read") or 0
    return Usage(call.sent, used.get("input_tokens") or 0, cached, used.get("output_tokens") or 0)
