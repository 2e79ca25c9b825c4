"""What `doctor` finds of a language model: the key, the way to the endpoint, and a first answer."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING, Literal, NamedTuple

from aipm_agents.cli import seating
from aipm_agents.errors import AipmError, EndpointError, UsageError
from aipm_agents.language import tr

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from aipm_agents.seats.model.endpoint import Endpoint
    from aipm_agents.seats.model.switchboard import ModelLine
    from aipm_agents.table.view import View


class Check(NamedTuple):
    what: str
    state: Literal["ok", "absent", "failed"]
    """`absent`: not there, and not needed for a run with embedded seats."""
    found: str
    remedy: str = ""


def endpoint(model: str | None, base_url: str | None, timeout: float | None) -> Iterator[Check]:
    from aipm_agents import keyring
    from aipm_agents.seats.model import local
    from aipm_agents.seats.model.address import Address, address
    from aipm_agents.seats.model.budget import Budget
    from aipm_agents.seats.model.switchboard import Switchboard

    server: local.Local | None = None  # runs for as long as it is named here
    try:
        home = keyring.mine().home(base_url) or keyring.Home()
        kind = seating.kind_of(model) if model is not None else ""
        where = address(kind, home.url, "--model") or Address("", home.url)
        if kind == local.KIND:
            server = local.Local()
            where = server.address
        elif kind and not where.model:
            raise UsageError(tr("--model {model}: that is no language model", model=model))
    except (UsageError, EndpointError) as error:
        yield Check("endpoint", "failed", str(error), tr("correct that"))
        return
    board = Switchboard(home, Budget(), timeout=timeout)
    try:
        line = board.line(where)
        found = yield from _way(line.endpoint, needed=model is not None)
        if found and model is not None:
            yield from _answers(line)
    except UsageError as error:
        yield Check("key", "failed", str(error))
    except EndpointError as error:
        yield Check("endpoint", "absent" if model is None and base_url is None else "failed", str(error))
    finally:
        board.close()


def _way(endpoint: Endpoint, *, needed: bool) -> Generator[Check, None, bool]:
    """The key, and the way to the endpoint; whether both are found. Raises `EndpointError` for no way."""
    from aipm_agents import keyring
    from aipm_agents.keyring import OPENAI
    from aipm_agents.seats.model import local
    from aipm_agents.seats.model.checkup import reach

    address = endpoint.address
    origin = keyring.origin(address.url, endpoint.home, endpoint.key)
    if endpoint.key:
        yield Check("key", "ok", origin or tr("is set (not shown), for {host}", host=address.host))
    elif origin:
        yield Check("key", "ok", origin, keyring.advice(address.url, endpoint.home))
    elif address.url == OPENAI:
        remedy = tr("set OPENAI_API_KEY, in the environment or in a file named .env")
        lacking = tr("none is set") if needed else tr("none is set; embedded seats need none")
        yield Check("key", "failed" if needed else "absent", lacking, remedy)
        return False
    else:
        yield Check(
            "key",
            "ok",
            tr(
                "none is set for {host}; if it wants one, {advice}",
                host=address.host,
                advice=keyring.advice(address.url, endpoint.home),
            ),
        )
    found = reach(endpoint)
    secure = (
        tr("with a trusted certificate") if address.url.startswith("https:") else tr("without encryption")
    )
    listed = tr("lists {n} models", n=len(found.models)) if found.models else tr("lists no models")
    yield Check(
        "endpoint",
        "ok",
        tr("{url} answers, {secure}, and {listed}", url=address.url, secure=secure, listed=listed),
    )
    if needed and found.models and address.model not in (*found.models, local.KIND):
        names = tr(", ").join(found.models[:5])
        yield Check(
            "model",
            "absent",
            tr("{model} is not among those it lists", model=address.model),
            tr("name one of: {names}", names=names),
        )
    if not needed:
        name, *others = found.models[:5] or ["MODEL"]
        remedy = tr("try one with: aipm doctor -m {name}", name=quote(name))
        if others:
            remedy += tr("; there is {names} too", names=tr(", ").join(others))
        yield Check("model", "absent", tr("none named"), remedy)
    return True


def _answers(line: ModelLine) -> Iterator[Check]:
    """One turn as it is in a run, the longest form there is: it costs less than a cent."""
    import time

    from aipm_agents.errors import SeatError
    from aipm_agents.seats.model import Model

    endpoint, began = line.endpoint, time.monotonic()
    try:
        Model("openai", line).answer(_first_answer())
    except SeatError as fault:
        if fault.kind in ("malformed", "refusal"):
            larger = tr(
                "take a larger model, or a server with JSON Schema; nearly every turn would be an abstention"
            )
            yield Check("model", "ok", _said_something(endpoint, began))
            yield Check("answers", "failed", str(fault), larger)
        else:
            slower = tr("look at the server's log; where it is only slow or busy, raise --timeout")
            yield Check("model", "failed", str(fault), slower)
        return
    except AipmError as error:
        remedy = tr("look at the name of the model, at the account and at the server's log")
        yield Check("model", "failed", str(error), remedy)
        return
    how = {
        "schema": tr("JSON Schema"), "tool": tr("tool calls"), "json": tr("JSON mode"), "text": tr("plain text"),
    }[endpoint.way("answer").how]  # fmt: skip
    yield Check("model", "ok", _said_something(endpoint, began))
    yield Check("answers", "ok", tr("a filled form came back, by {how}", how=how))


def _said_something(endpoint: Endpoint, began: float) -> str:
    import time

    took = time.monotonic() - began
    return tr("{model} took {took:.1f} s for a turn", model=endpoint.address.model, took=took)


def _first_answer() -> View:
    """Where a colleague of the first bundled scenario is asked for its first answer."""
    from aipm_agents.negotiation import negotiate
    from aipm_agents.scenario.library import bundled
    from aipm_agents.scenario.reader import read
    from aipm_agents.seats.embedded import Embedded
    from aipm_agents.table.events import Answered
    from aipm_agents.table.view import view

    scenario = read(bundled()["refund-copilot"])
    events = negotiate(scenario, {role: Embedded() for role in scenario.parties})
    before = next(number for number, event in enumerate(events) if isinstance(event, Answered))
    return view(scenario, events[:before], "legal", seed=0, number=1)
