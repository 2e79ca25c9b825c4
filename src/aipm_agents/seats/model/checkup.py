"""Whether anybody is there, before anything is spent."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents import keyring
from aipm_agents.errors import EndpointError
from aipm_agents.keyring import OPENAI
from aipm_agents.language import tr
from aipm_agents.redaction import redacted

if TYPE_CHECKING:
    from aipm_agents.seats.model.address import Address
    from aipm_agents.seats.model.endpoint import Endpoint

_TRIES, _PAUSE = 3, 0.5
_PATIENCE = 10.0
"""Seconds to wait for a list of models."""


class Found(NamedTuple):
    status: int
    models: tuple[str, ...] = ()
    """As the endpoint lists them; empty where it lists none."""


def reach(endpoint: Endpoint) -> Found:
    """Ask an endpoint for its models, which costs nothing. Raises `EndpointError` with the remedy where
    nobody is there, or the key is not accepted."""
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
    for left in reversed(range(_TRIES)):
        try:
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
        raise EndpointError(
            tr(
                "{url} answers with {status} only; look at the server, or name another address",
                url=address.url,
                status=answer.status_code,
            )
        )
    return Found(answer.status_code, _listed(answer))


def _nobody(address: Address, error: Exception) -> str:
    text = redacted(str(error) or type(error).__name__)
    if "CERTIFICATE" in text.upper():
        return tr(
            "{url} shows a certificate that is not trusted here ({text}); set SSL_CERT_FILE to your organisation's certificates",
            url=address.url,
            text=text[:200],
        )
    here = address.host.startswith(("127.", "localhost", "[::1]"))
    look = (
        tr("start the server") if here else tr("see whether this machine reaches the network (HTTPS_PROXY)")
    )
    return tr(
        "nobody answers at {url} ({text}); {look}, or name another address",
        url=address.url,
        text=text[:200],
        look=look,
    )


def _listed(answer: object) -> tuple[str, ...]:
    try:
        data = answer.json()["data"]  # type: ignore[attr-defined]
        return tuple(redacted(str(each["id"]))[:200] for each in data[:500])
    except Exception:  # an endpoint may list nothing, or in its own way
        return ()
