"""The way to one model over HTTP. The one door to langchain-openai and to the client beneath it.

The client is set up by langchain-openai (headers, certificates, connections kept). The bodies go over the wire as
`dialect` writes them and are opened by `envelope`: half of the servers that call themselves compatible answer in
their own way, and when to ask again is for `endpoint` to say.
"""

from __future__ import annotations

import os
import ssl
import threading
from functools import cache
from typing import TYPE_CHECKING, Any

import httpx2
import openai
from langchain_openai import ChatOpenAI
from openai import DefaultAsyncHttpxClient, DefaultHttpxClient
from pydantic import SecretStr

from aipm_agents.errors import EndpointError
from aipm_agents.language import tr
from aipm_agents.redaction import redacted
from aipm_agents.seats.model.address import is_here
from aipm_agents.seats.model.envelope import Complaint, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.seats.model.address import Address
    from aipm_agents.seats.model.envelope import Answer

MOST_BYTES = 4_000_000
"""An answer larger than this is not read to its end."""


_ALL = ("all://", "http://", "https://")


class ConnectionBroken(Exception):
    """The connection broke, or never was."""


class TooLate(Exception):
    """No answer in the time there was."""


class Call:
    """One try: whether it went over the wire, and whether nobody waits for it any longer."""

    sent = False
    over = False


@cache
def _certificates() -> ssl.SSLContext:
    """Those of the machine, or of SSL_CERT_FILE, are read once."""
    return httpx2.create_ssl_context()


@cache
def _nobody_calls() -> DefaultAsyncHttpxClient:
    """langchain-openai makes a client of each kind; ours are asked from threads, never in a loop."""
    return DefaultAsyncHttpxClient(verify=_certificates(), mounts=dict.fromkeys(_ALL))


class Wire:
    """Connections are kept; nothing is tried again here."""

    def __init__(self, address: Address, key: str | None, timeout: float) -> None:
        self.address, self.key = address, key
        past_proxies: dict[str, Any] = {"mounts": dict.fromkeys(_ALL)} if is_here(address) else {}
        hooks: dict[str, Any] = {"request": [self._on_request], "response": [self._on_response]}
        try:
            self._http: httpx2.Client = DefaultHttpxClient(
                event_hooks=hooks, verify=_certificates(), **past_proxies
            )
        except (ValueError, httpx2.InvalidURL):
            names = sorted(
                name for name in os.environ if name.lower().endswith("_proxy") and os.environ[name]
            )
            raise EndpointError(
                tr("the way out is no address of a proxy; look at {names}", names=tr(", ").join(names))
            ) from None
        self._client = ChatOpenAI(
            model=address.model, base_url=address.url, api_key=SecretStr(key or "none"), openai_proxy=None,
            timeout=timeout, max_retries=0, use_responses_api=False, http_client=self._http,
            http_async_client=_nobody_calls(),
        )  # fmt: skip
        self._thread = threading.local()

    def send(self, body: dict[str, Any], call: Call, seconds: float) -> Answer | Complaint:
        """Raises `Broken` or `TooLate` where nothing whole comes back."""
        self._thread.call = call
        try:
            answer: httpx2.Response = self._client.root_client.post(
                "/chat/completions", cast_to=httpx2.Response, body={"model": self.address.model, **body},
                options={"timeout": seconds, "max_retries": 0},
            )  # fmt: skip
        except openai.APITimeoutError:
            raise TooLate from None
        except openai.APIStatusError as error:
            answer = error.response
        except Exception as error:
            inner = error.__cause__ or error
            if isinstance(inner, _TooLarge):
                return Complaint(200, str(inner), "too large", billed=True)
            raise ConnectionBroken(redacted(str(inner) or type(inner).__name__)[:400]) from None
        return opened(answer.status_code, redacted(answer.content.decode("utf-8", "replace")), answer.headers)

    def models(self, seconds: float) -> httpx2.Response:
        """The endpoint's list of models, which costs nothing. Raises what the client raises."""
        return self.look(f"{self.address.url}/models", seconds)

    def look(self, url: str, seconds: float) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        self._thread.call = Call()
        return self._http.get(url, headers=headers, timeout=seconds)

    def close(self) -> None:
        self._http.close()

    def _on_request(self, _: httpx2.Request) -> None:
        call: Call = self._thread.call
        if call.over:
            raise ConnectionAbortedError("nobody waits for this answer any longer")
        call.sent = True

    def _on_response(self, response: httpx2.Response) -> None:
        assert isinstance(response.stream, httpx2.SyncByteStream)
        response.stream = _Bounded(response.stream)


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
                raise _TooLarge(f"the answer is larger than {MOST_BYTES:,} bytes")
            yield chunk

    def close(self) -> None:
        self.stream.close()
