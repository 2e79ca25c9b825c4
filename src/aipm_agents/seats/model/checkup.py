"""Whether anybody is there, before anything is spent."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from aipm_agents import keyring
from aipm_agents.errors import EndpointError
from aipm_agents.keyring import OPENAI
from aipm_agents.language import tr
from aipm_agents.redaction import redacted
from aipm_agents.seats.model.address import is_here, is_near
from aipm_agents.seats.model.blame import by_proxy

if TYPE_CHECKING:
    from aipm_agents.seats.model.address import Address
    from aipm_agents.seats.model.endpoint import Endpoint
    from aipm_agents.seats.model.wire import Wire

_TRIES, _PAUSE = 3, 0.5
_PATIENCE = 10.0
"""Seconds to wait for a list of models."""
_LOOK = 2.0
_OLLAMA = 1
"""Calls that Ollama works at together, unless OLLAMA_NUM_PARALLEL says otherwise."""


class Probe(NamedTuple):
    status: int
    models: tuple[str, ...] = ()
    """As the endpoint lists them; empty where it lists none."""


def reach(endpoint: Endpoint) -> Probe:
    """Ask an endpoint for its models, which costs nothing, and one nearby for how many calls it works at. Raises
    `EndpointError` with the remedy where nobody is there, or the key is not accepted."""
    import httpx2

    address, key = endpoint.address, endpoint.key
    if key is None and address.url == OPENAI:
        raise EndpointError(
            tr(
                "no key for {url}: set OPENAI_API_KEY, in the environment or in a file named .env",
                url=address.url,
            )
        )
    wire = endpoint.connect()
    end = time.monotonic() + endpoint.timeout
    for left in reversed(range(_TRIES)):
        try:
            answer = wire.models(min(_PATIENCE, endpoint.timeout))
            while answer.status_code == 503 and "loading" in answer.text.lower() and time.monotonic() < end:
                time.sleep(_PAUSE)  # a model is being loaded, and that takes what it takes
                answer = wire.models(min(_PATIENCE, endpoint.timeout))
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, UnicodeError) as error:
            raise EndpointError(_nobody(address, error)) from None
        if answer.status_code < 500 or not left:
            break
        time.sleep(_PAUSE)
    if answer.status_code in (401, 403):
        raise EndpointError(
            tr(
                "{url} does not accept the key ({status}); {advice}",
                url=address.url,
                status=answer.status_code,
                advice=keyring.advice(address.url, endpoint.home),
            )
        )
    if answer.status_code >= 500:
        refused = tr(
            "{url} answers with {status} only; look at the server, or name another address",
            url=address.url,
            status=answer.status_code,
        )
        raise EndpointError(_through(refused, address))
    if endpoint.slots is None and is_near(address):
        endpoint.slots = _slots(wire, address)
    return Probe(answer.status_code, _listed(answer))


def _slots(wire: Wire, address: Address) -> int | None:
    """How many calls a server nearby works at together, where it says so: llama.cpp's tells, Ollama's is known."""
    root = address.url.removesuffix("/v1")
    told = _json(wire, f"{root}/props").get("total_slots")
    if isinstance(told, int) and told > 0:
        return told
    if "version" in _json(wire, f"{root}/api/version"):
        given = os.environ.get("OLLAMA_NUM_PARALLEL", "")
        return int(given) if given.isdecimal() and int(given) else _OLLAMA
    return None


def _json(wire: Wire, url: str) -> dict[str, Any]:
    try:
        data = wire.look(url, _LOOK).json()
    except Exception:  # it has no such page
        return {}
    return data if isinstance(data, dict) else {}


def _nobody(address: Address, error: Exception) -> str:
    text = redacted(str(error) or type(error).__name__)
    if "CERTIFICATE" in text.upper():
        return tr(
            "{url} shows a certificate that is not trusted here ({text}); set SSL_CERT_FILE to your organisation's certificates",
            url=address.url,
            text=text[:200],
        )
    look = (
        tr("start the server")
        if is_here(address)
        else tr("see whether this machine reaches the network (HTTPS_PROXY)")
    )
    nobody = tr(
        "nobody answers at {url} ({text}); {look}, or name another address",
        url=address.url,
        text=text[:200],
        look=look,
    )
    return _through(nobody, address)


def _through(what: str, address: Address) -> str:
    """What happened, and that a proxy stands in between, where one does."""
    proxy = by_proxy(address)
    return tr("{what}. {more}", what=what, more=proxy) if proxy else what


def _listed(answer: object) -> tuple[str, ...]:
    try:
        data = answer.json()["data"]  # type: ignore[attr-defined]
        return tuple(redacted(str(each["id"]))[:200] for each in data[:500])
    except Exception:  # an endpoint may list nothing, or in its own way
        return ()
