from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from aipm_agents.cli import models, runs, seating
from aipm_agents.cli.checking import Check, endpoint
from aipm_agents.language import mark, speaking, spoken, tr
from aipm_agents.report.words.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator


_PACKAGES = ("langgraph", "langchain-openai", "pydantic", "rich", "typer", "ruamel.yaml", "numpy")


_MARKS: Vocabulary[str] = Vocabulary({"ok": mark("ok"), "absent": "-", "failed": mark("FAILED")})
_WHAT: Vocabulary[str] = Vocabulary({
    "Python": mark("Python"), "packages": mark("packages"), "scenarios": mark("scenarios"), "added": mark("added"),
    "runs folder": mark("runs folder"), "locale": mark("locale"), "local model": mark("local model"),
    "address": mark("address"), "port": mark("port"), "firewall": mark("firewall"), "phones": mark("phones"),
    "endpoint": mark("endpoint"), "key": mark("key"), "model": mark("model"), "answers": mark("answers"),
})  # fmt: skip


def doctor(
    model: seating.ModelOption = None,
    base_url: models.BaseUrl = None,
    timeout: models.Timeout = None,
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


def _checks(model: str | None, base_url: str | None, timeout: float | None) -> Iterator[Check]:
    yield Check("Python", "ok", sys.version.split()[0])
    yield _packages()
    yield _scenarios()
    yield from _installed()
    yield _folder()
    yield _locale()
    yield _local()
    yield from endpoint(model, base_url, timeout)


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
        *((each.name, each.source) for each in seats[0]), *((file.path.stem, file.source) for file in scenarios[0]),
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
    return Check("local model", "absent", lacking)
