from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer

from aipm_agents.cli import models, runs, seating
from aipm_agents.errors import AipmError, EndpointError, UsageError
from aipm_agents.language import mark, speaking, spoken, tr
from aipm_agents.report.words.vocabulary import Words

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from aipm_agents.seats.model.endpoint import Endpoint
    from aipm_agents.seats.model.switchboard import Line
    from aipm_agents.table.view import View

_PACKAGES = ("langgraph", "langchain-openai", "pydantic", "rich", "typer", "ruamel.yaml", "numpy")


_MARKS: Words[str] = Words({"ok": mark("ok"), "absent": "-", "failed": mark("FAILED")})
_WHAT: Words[str] = Words({
    "Python": mark("Python"), "packages": mark("packages"), "scenarios": mark("scenarios"), "added": mark("added"),
    "runs folder": mark("runs folder"), "locale": mark("locale"), "local model": mark("local model"),
    "address": mark("address"), "port": mark("port"), "firewall": mark("firewall"), "phones": mark("phones"),
    "endpoint": mark("endpoint"), "key": mark("key"), "model": mark("model"), "answers": mark("answers"),
})  # fmt: skip


class Check(NamedTuple):
    what: str
    state: Literal["ok", "absent", "failed"]
    """`absent`: not there, and not needed for a run with embedded seats."""
    found: str
    remedy: str = ""


def doctor(
    model: seating.ModelOption = None,
    base_url: models.BaseUrl = None,
    timeout: models.Timeout = models.TIMEOUT,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list.")] = False,
    room: Annotated[
        bool,
        typer.Option(
            "--room", help="Whether phones will reach a class on this machine: tried with one of yours."
        ),
    ] = False,
    port: Annotated[int, typer.Option("--port", help="The port that the class will have.")] = 8300,
) -> None:
    from rich.cells import set_cell_size

    from aipm_agents.report.papers.plain_text import as_json as dumped
    from aipm_agents.report.papers.plain_text import clean

    checks: list[Check] = []
    with speaking("en" if as_json else spoken()):  # a program reads JSON
        for check in _of_the_room(port, ask=not as_json) if room else _checks(model, base_url, timeout):
            checks.append(check)
            if not as_json:
                told = tr("{who}: {what}", who=_WHAT[check.what], what=check.found)
                print(clean(f"{set_cell_size(_MARKS[check.state], 7)} {told}"))
                if check.remedy:
                    print(clean(" " * 8 + tr("mend it: {remedy}", remedy=check.remedy)))
    if as_json:
        print(dumped([check._asdict() for check in checks]))
    failed = [check for check in checks if check.state == "failed"]
    at_the_endpoint = [check for check in failed if check.what in ("key", "endpoint", "model", "answers")]
    if failed:
        raise typer.Exit(4 if at_the_endpoint else 1)


def _of_the_room(port: int, *, ask: bool) -> Iterator[Check]:
    from aipm_agents.room.reach import tried

    for what, works, found, remedy in tried(port, wait=ask and sys.stdin is not None and sys.stdin.isatty()):
        yield Check(what, "failed" if works is False else "ok" if works else "absent", found, remedy)


def _checks(model: str | None, base_url: str | None, timeout: float) -> Iterator[Check]:
    yield Check("Python", "ok", sys.version.split()[0])
    yield _packages()
    yield _scenarios()
    yield from _installed()
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
            "packages",
            "failed",
            tr("missing: {names}", names=tr(", ").join(missing)),
            f"pip install {' '.join(missing)}",
        )
    return Check("packages", "ok", tr(", ").join(found))


def _scenarios() -> Check:
    from aipm_agents.scenario.library import bundled

    names = sorted(bundled())
    if names:
        return Check(
            "scenarios", "ok", tr("{n} come with it: {names}", n=len(names), names=tr(", ").join(names))
        )
    return Check("scenarios", "failed", tr("none come with it"), tr("install aipm-agents again"))


def _installed() -> Iterator[Check]:
    """What other packages add, if any do; what is broken stops nothing."""
    from aipm_agents.scenario.library import of_others
    from aipm_agents.scenario.packs import shelf
    from aipm_agents.seats.kinds import kinds

    seats, scenarios, there = kinds(), of_others(), shelf()
    added: dict[str, list[str]] = {}
    for name, source in [
        *((each.name, each.source) for each in seats[0]), *((each.id, source) for each, source in scenarios[0]),
        *there.sources.items(),
    ]:  # fmt: skip
        added.setdefault(source, []).append(name)
    for source, names in added.items():
        yield Check("added", "ok", tr("{source} adds {names}", source=source, names=tr(", ").join(names)))
    for each in (*seats[1], *scenarios[1], *there.broken):
        told = tr("skipped: {what} of {source}: {why}", what=each.what, source=each.source, why=each.why)
        yield Check(
            "added", "absent", told, tr("mend or remove {source}; nothing else needs it", source=each.source)
        )


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
        remedy = tr("set AIPM_RUNS to a folder you may write to")
        return Check("runs folder", "failed", f"{folder.absolute()}: {error.strerror}", remedy)
    return Check("runs folder", "ok", str(folder.absolute()))


def _locale() -> Check:
    encoding = (sys.stdout.encoding or "").lower()
    if encoding.replace("-", "") == "utf8":
        return Check(
            "locale",
            "ok",
            tr("{locale}, the terminal takes UTF-8", locale=os.environ.get("LANG") or tr("not set")),
        )
    remedy = tr("set PYTHONUTF8=1, or LANG to a UTF-8 locale; Chinese cannot be shown otherwise")
    return Check(
        "locale",
        "failed",
        tr("the terminal takes {encoding}", encoding=encoding or tr("nothing known")),
        remedy,
    )


def _local() -> Check:
    from aipm_agents.seats.model.local import missing

    lacking = missing()
    if lacking is None:
        return Check("local model", "ok", tr("plays with -m local, no network needed"))
    what, _, remedy = lacking.partition(tr(": "))
    return Check("local model", "absent", what, remedy)


def _endpoint(model: str | None, base_url: str | None, timeout: float) -> Iterator[Check]:
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
        what, _, remedy = str(error).partition(tr("; "))
        yield Check("key", "failed", what, remedy)
    except EndpointError as error:
        what, _, remedy = str(error).partition(tr("; "))
        yield Check("endpoint", "absent" if model is None and base_url is None else "failed", what, remedy)
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
        names = tr(", ").join(found.models[:5]) or "MODEL"
        yield Check(
            "model", "absent", tr("none named"), tr("try one with: aipm doctor -m, as {names}", names=names)
        )
    return True


def _answers(line: Line) -> Iterator[Check]:
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
