from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer

from aipm_agents.cli import runs, seating
from aipm_agents.errors import AipmError, EndpointError, UsageError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from aipm_agents.seats.model.endpoint import Endpoint

_PACKAGES = ("langgraph", "langchain-openai", "pydantic", "rich", "typer", "ruamel.yaml", "numpy")


class Check(NamedTuple):
    what: str
    state: Literal["ok", "absent", "failed"]
    """`absent`: not there, and not needed for a run with embedded seats."""
    found: str
    remedy: str = ""


def doctor(
    model: seating.ModelOption = None,
    base_url: seating.BaseUrl = None,
    timeout: seating.Timeout = 30.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list.")] = False,
) -> None:
    """See whether everything a run needs is here; each thing missing with its remedy."""
    from aipm_agents.report.wording import as_json as dumped
    from aipm_agents.report.wording import clean

    checks: list[Check] = []
    for check in _checks(model, base_url, timeout):
        checks.append(check)
        if not as_json:
            mark = {"ok": "ok", "absent": "-", "failed": "FAILED"}[check.state]
            print(clean(f"{mark:<7} {check.what}: {check.found}"))
            if check.remedy:
                print(clean(f"        mend it: {check.remedy}"))
    if as_json:
        print(dumped([check._asdict() for check in checks]))
    failed = [check for check in checks if check.state == "failed"]
    at_the_endpoint = [check for check in failed if check.what in ("key", "endpoint", "model", "answers")]
    if failed:
        raise typer.Exit(4 if at_the_endpoint else 1)


def _checks(model: str | None, base_url: str | None, timeout: float) -> Iterator[Check]:
    yield Check("Python", "ok", sys.version.split()[0])
    yield _packages()
    yield _scenarios()
    yield _folder()
    yield _locale()
    yield _local()
    yield from _endpoint(model, base_url, timeout)


def _packages() -> Check:
    from importlib.metadata import PackageNotFoundError, version

    found, missing = [], []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        return Check(
            "packages", "failed", f"missing: {', '.join(missing)}", f"pip install {' '.join(missing)}"
        )
    return Check("packages", "ok", ", ".join(found))


def _scenarios() -> Check:
    from aipm_agents.scenario.library import bundled

    names = sorted(bundled())
    if names:
        return Check("scenarios", "ok", f"{len(names)} come with it: {', '.join(names)}")
    return Check("scenarios", "failed", "none come with it", "install aipm-agents again")


def _folder() -> Check:
    import tempfile

    folder = runs.folder()
    at = folder
    while not at.exists() and at != at.parent:
        at = at.parent
    try:
        with tempfile.TemporaryFile(dir=at):
            pass
    except OSError as error:
        remedy = "set AIPM_RUNS to a folder you may write to"
        return Check("runs folder", "failed", f"{folder.absolute()}: {error.strerror}", remedy)
    return Check("runs folder", "ok", str(folder.absolute()))


def _locale() -> Check:
    encoding = (sys.stdout.encoding or "").lower()
    if encoding.replace("-", "") == "utf8":
        return Check("locale", "ok", f"{os.environ.get('LANG') or 'not set'}, the terminal takes UTF-8")
    remedy = "set PYTHONUTF8=1, or LANG to a UTF-8 locale; Chinese cannot be shown otherwise"
    return Check("locale", "failed", f"the terminal takes {encoding or 'nothing known'}", remedy)


def _local() -> Check:
    from aipm_agents.seats.model.local import missing

    lacking = missing()
    if lacking is None:
        return Check("local model", "ok", "plays with -m local, no network needed")
    what, _, remedy = lacking.partition(": ")
    return Check("local model", "absent", what, remedy)


def _endpoint(model: str | None, base_url: str | None, timeout: float) -> Iterator[Check]:
    from aipm_agents.seats.model import local
    from aipm_agents.seats.model.address import OPENAI, Address, given_url
    from aipm_agents.seats.model.budget import Budget
    from aipm_agents.seats.model.switchboard import Switchboard

    server: local.Local | None = None  # runs for as long as it is named here
    try:
        main = given_url(base_url, os.environ) or OPENAI
        if model == local.KIND:
            server = local.Local()
            main = server.address.url
    except (UsageError, EndpointError) as error:
        yield Check("endpoint", "failed", str(error), "correct that")
        return
    board = Switchboard(main, Budget(), timeout=timeout)
    try:
        endpoint = board.line(Address((model or "").removeprefix("openai:"), main)).endpoint
        found = yield from _way(endpoint, needed=model is not None)
        if found and model is not None:
            yield from _answers(endpoint)
    except EndpointError as error:
        what, _, remedy = str(error).partition("; ")
        yield Check("endpoint", "absent" if model is None and base_url is None else "failed", what, remedy)
    finally:
        board.close()


def _way(endpoint: Endpoint, *, needed: bool) -> Generator[Check, None, bool]:
    """The key, and the way to the endpoint; whether both are found. Raises `EndpointError` for no way."""
    from aipm_agents.seats.model.address import OPENAI, key_advice
    from aipm_agents.seats.model.checkup import reach

    address = endpoint.address
    if endpoint.key:
        yield Check("key", "ok", f"is set (not shown), for {address.host}")
    elif address.url == OPENAI:
        remedy = "set OPENAI_API_KEY, in the environment or in a file named .env"
        lacking = "none is set" if needed else "none is set; embedded seats need none"
        yield Check("key", "failed" if needed else "absent", lacking, remedy)
        return False
    else:
        yield Check(
            "key",
            "ok",
            f"none is set for {address.host}; if it wants one, {key_advice(address, endpoint.main)}",
        )
    found = reach(endpoint)
    secure = "with a trusted certificate" if address.url.startswith("https:") else "without encryption"
    listed = f"lists {len(found.models)} models" if found.models else "lists no models"
    yield Check("endpoint", "ok", f"{address.url} answers, {secure}, and {listed}")
    if needed and found.models and address.model not in found.models:
        names = ", ".join(found.models[:5])
        yield Check(
            "model", "absent", f"{address.model} is not among those it lists", f"name one of: {names}"
        )
    if not needed:
        names = ", ".join(found.models[:5]) or "MODEL"
        yield Check("model", "absent", "none named", f"try one with: aipm doctor -m, as {names}")
    return True


def _answers(endpoint: Endpoint) -> Iterator[Check]:
    """One token, then one filled form: the dearest part of this costs less than a cent."""
    import time

    from aipm_agents.seats.model.exchange import Request
    from aipm_agents.seats.model.reading import object_in

    word = {"type": "object", "properties": {"word": {"type": "string", "enum": ["ready"]}}}
    schema = {**word, "required": ["word"], "additionalProperties": False}
    request = Request((("user", 'Fill in the form: the word is "ready".'),), "form", schema, 256, 0)
    began = time.monotonic()
    try:
        endpoint.greet()
        took = time.monotonic() - began
        yield Check("model", "ok", f"{endpoint.address.model} said its first word in {took:.1f} s")
        reply = endpoint.ask(request)
        while endpoint.unsure:
            reply = endpoint.ask(request)
    except AipmError as error:
        remedy = "look at the name of the model and at the server's log"
        if "429" in str(error):
            remedy = "wait or look at your quota; in a run, raise --timeout or lower --concurrency"
        yield Check("model", "failed", str(error), remedy)
        return
    how = {
        "schema": "JSON Schema", "tool": "tool calls", "json": "JSON mode", "text": "plain text",
    }[endpoint.dialect.how]  # fmt: skip
    if object_in(reply.text) == {"word": "ready"}:
        yield Check("answers", "ok", f"a filled form came back, by {how}")
    else:
        remedy = "take a larger model, or a server with JSON Schema; nearly every turn would be an abstention"
        yield Check("answers", "failed", f"no well-filled form came back, by {how}", remedy)
