from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from aipm_agents.cli import leading, models, runs, seating, workforce
from aipm_agents.errors import AipmError, UsageError
from aipm_agents.language import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.sweeps.crew import Crew
    from aipm_agents.sweeps.folder import Folder, Stock
    from aipm_agents.sweeps.plan import Plan, Sweep, Task
    from aipm_agents.sweeps.tally import Tally

_MODELS = "Language models"
_FAREWELL = 15.0
"""Seconds after Ctrl-C in which runs with models may still say how far they came."""


def sweep(
    scenarios: Annotated[
        list[str], typer.Argument(help="Scenario files or ids of bundled ones; or one sweep file.")
    ],
    seeds: Annotated[
        str | None, typer.Option(help="0:200 for the seeds 0 to 199 (the default), 7 for one.")
    ] = None,
    vary: Annotated[
        list[str] | None,
        typer.Option(help="KEY=V1,V2: run with each value, as in --vary rounds=4,8. See docs/scale.md."),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option("-j", "--jobs", min=1, max=512, help="Runs at the same time; default: one a processor."),
    ] = None,
    output: Annotated[str | None, typer.Option("-o", "--output", help="The folder for the results.")] = None,
    mute: Annotated[
        bool, typer.Option("--mute", help="Embedded seats make the same moves and say nothing: quicker.")
    ] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Try again what failed before.")] = False,
    dask: Annotated[
        str | None, typer.Option(help="A Dask scheduler, tcp://host:port: run on its workers.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be run, and stop.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object at the end.")] = False,
    base_url: models.BaseUrl = None,
    max_tokens: Annotated[
        int | None,
        typer.Option(
            "--max-tokens",
            min=1,
            help="Stop before this many tokens, all runs together.",
            rich_help_panel=_MODELS,
        ),
    ] = None,
    timeout: models.Timeout = None,
    answer_tokens: models.AnswerTokens = None,
    cassette: models.CassetteOption = None,
    offline: models.Offline = False,
    price: models.PriceOption = None,
) -> None:
    from aipm_agents.sweeps.folder import Folder
    from aipm_agents.sweeps.tally import Tally

    prices = models.prices(price)
    asked, files, home = _asked(scenarios, seeds, vary, mute)
    plan = _plan(asked, files)
    means = models.Means(
        base_url, None, max_tokens, None, timeout, models.CONCURRENCY, answer_tokens, cassette, offline
    )  # fmt: skip
    _fitting(plan, means, dask)
    for each in {(variant.scenario.id, variant.style): variant for variant in plan.variants}.values():
        leading.note(each.scenario, each.style)
    folder = Folder(Path(output) if output else home or _default(asked), durable=plan.models)
    if dry_run:
        _told_only(plan, folder, as_json)
        return
    with folder.locked():
        stock = folder.stock(plan.names())
        todo = set(plan.names()) - stock.done - (frozenset() if retry else stock.failed)
        skipped = stock.failed - todo
        crew = workforce.crew_for(plan, means, jobs or 0, dask) if todo else None
        _write_down(asked, files, folder)
        if stock.set_aside:
            typer.echo(
                tr("{n} runs of another plan lie here; moved to earlier/", n=stock.set_aside), err=True
            )
        tally = Tally(len(plan), len(stock.done), len(skipped), prices)
        stop = _carry_out(plan, folder, stock, todo, crew, means, tally)
    _end(folder, tally, stop, as_json, asked)


# --- what is asked for ------------------------------------------------------------------------


def _asked(
    named: list[str], seeds: str | None, vary: list[str] | None, mute: bool
) -> tuple[Sweep, list[Path], Path | None]:  # fmt: skip
    """The sweep, the scenario files, and the folder it has already where it is read from one."""

    from aipm_agents.scenario.library import bundled, locate
    from aipm_agents.sweeps import file
    from aipm_agents.sweeps.folder import RUNS
    from aipm_agents.sweeps.plan import SEEDS, Sweep, seeds_of

    path = Path(named[0])
    if len(named) == 1 and named[0] not in bundled() and path.is_file() and file.is_sweep(path):
        if seeds is not None or vary or mute:
            text = tr("{path}: a sweep file says itself what varies; leave out --seeds, --vary and --mute, or edit it", path=path)  # fmt: skip
            raise UsageError(text)
        asked = file.read(path)
        files = [
            path.parent / name if (path.parent / name).exists() else locate(name) for name in asked.scenarios
        ]
        kept = path.name == file.NAME and (path.parent / RUNS).is_dir()
        return asked, files, path.parent if kept else None
    factors: dict[str, tuple[str, ...]] = {}
    for option in vary or ():
        key, equals, values = option.partition("=")
        if not equals or not key.strip():
            text = tr("--vary {option}: write it KEY=V1,V2, as in --vary agreement.accept_at_least=3,4,5", option=option)  # fmt: skip
            raise UsageError(text)
        if key.strip() in factors:
            raise UsageError(tr("--vary {key}: stands twice; give all its values at once", key=key))
        factors[key.strip()] = tuple(value.strip() for value in values.split(","))
    seeds = SEEDS if seeds is None else seeds
    seeds_of(seeds)
    asked = Sweep(scenarios=tuple(named), vary=factors, seeds=seeds, mute=mute)
    return asked, [locate(name) for name in named], None


def _plan(asked: Sweep, files: list[Path]) -> Plan:
    from aipm_agents.scenario.reader import read
    from aipm_agents.sweeps.plan import planned

    return planned(asked, [read(path) for path in files], files)


def _default(asked: Sweep) -> Path:
    """The same folder for the same question, however many seeds are asked for."""
    import hashlib
    import json

    question = json.dumps([asked.scenarios, sorted(asked.vary.items())])
    first = Path(asked.scenarios[0]).stem
    return runs.folder() / f"sweep-{first}-{hashlib.sha256(question.encode()).hexdigest()[:8]}"


def _fitting(plan: Plan, means: models.Means, dask: str | None) -> None:
    """Options for models are no use where none plays; a folder here is no use to workers elsewhere."""
    if not plan.models:
        seating.seated({}, means)
    elif dask and means.cassette:
        raise UsageError(
            tr("--cassette is a folder of this machine, and runs with --dask are played on others")
        )


def _told_only(plan: Plan, folder: Folder, as_json: bool) -> None:
    from aipm_agents.report.papers.plain_text import as_json as dumped
    from aipm_agents.sweeps import mark

    mark.check(folder.path)
    there = {path.stem for path in folder.there()}
    missing = sum(name not in there for name in plan.names()) if there else len(plan)
    data = {
        "folder": str(folder.path), "variants": len(plan.variants), "seeds": len(plan.seeds), "runs": len(plan),
        "missing": missing,
    }  # fmt: skip
    if as_json:
        print(dumped(data))
    else:
        print(
            tr(
                "{n:,} runs: {variants} variants with {seeds} seeds each; {missing:,} of them are missing in {path}",
                n=len(plan),
                variants=len(plan.variants),
                seeds=len(plan.seeds),
                missing=missing,
                path=folder.path,
            )
        )


def _write_down(asked: Sweep, files: list[Path], folder: Folder) -> None:
    """What was asked for, with the scenarios as they are now, beside the results."""
    from aipm_agents.scenario.reader import read
    from aipm_agents.sweeps import file
    from aipm_agents.sweeps.folder import SCENARIOS

    names = []
    for path in files:
        names.append(f"{SCENARIOS}/{read(path).id}.yaml")
        folder.write(folder.path / names[-1], path.read_text("utf-8-sig"))
    folder.write(folder.path / file.NAME, file.written(asked.model_copy(update={"scenarios": tuple(names)})))


# --- carried out, and kept --------------------------------------------------------------------


def _carry_out(
    plan: Plan, folder: Folder, stock: Stock, todo: set[str], crew: Crew | None, means: models.Means, tally: Tally
) -> BaseException | None:  # fmt: skip
    """Run what is to be done, keep what comes back, and write the rows; what stopped it, if anything did."""
    from aipm_agents.cli.progress import Progress
    from aipm_agents.sweeps import play
    from aipm_agents.sweeps.dispatch import Dispatch
    from aipm_agents.sweeps.rows import RowFile

    done, failed = set(stock.done), set(stock.failed)
    stop: BaseException | None = None

    def keep(task: Task, played: play.Played) -> None:
        folder.keep(played, task)
        tally.count(played)
        if played.row is not None:
            rows.append(played.row)
            done.add(played.name)
            failed.discard(played.name)
        elif played.ended == "failed":
            failed.add(played.name)

    with RowFile(folder, stock.done) as rows:
        if crew is not None:
            play.begin()
            work = partial(play.play, seated=partial(workforce.seated, mute=plan.mute))
            dispatch = Dispatch(crew, work, max_tokens=means.max_tokens)
            try:
                with Progress(tally) as progress:
                    for task, played in dispatch.run(_tasks(plan, folder, todo, means)):
                        keep(task, played)
                        progress.update()
            except KeyboardInterrupt as error:
                stop = error
                play.hang_up()
                for task, played in dispatch.remaining(_FAREWELL if plan.models else 0.0):
                    keep(task, played)
            except AipmError as error:
                stop = error
            finally:
                dispatch.dismiss()
        with suppress(*([AipmError] if stop else [])):  # a full disk is told once
            late = {name for name in todo - done if stop and folder.run(name).exists()}
            rows.make(sorted(late))  # Ctrl-C may have fallen between a run and its row
            done |= late
            rows.settle(plan.names, frozenset(done), folder.failures(frozenset(failed)))
    return stop


def _tasks(plan: Plan, folder: Folder, todo: set[str], means: models.Means) -> Iterator[Task]:
    for task in plan.tasks(workforce.plain(means)):
        if task.name in todo:
            yield folder.begun(task)


# --- what came of it --------------------------------------------------------------------------


def _end(folder: Folder, tally: Tally, stop: BaseException | None, as_json: bool, asked: Sweep) -> None:
    from aipm_agents.report.papers.plain_text import as_json as dumped
    from aipm_agents.report.papers.plain_text import clean
    from aipm_agents.sweeps import rows

    failed = tally.failed + tally.left_failed
    data = {
        "folder": str(folder.path), "runs": tally.planned, "done": tally.before + tally.decided, "failed": failed,
        "now": {"decided": tally.decided, "failed": tally.failed, "faults": tally.faults, "tokens": tally.tokens},
        "decisions_now": dict(tally.decisions), "cost": tally.cost,
    }  # fmt: skip
    if as_json:
        print(dumped(data))
    else:
        print(
            tr("{done:,} of {planned:,} runs are done", done=data["done"], planned=tally.planned)
            + (tr(", {failed:,} failed", failed=failed) if failed else "")
        )
        several = [key for key, values in asked.vary.items() if len(values) > 1]
        by = f" --by {quote(several[0])}" if several else ""
        print(clean(tr("Compare them with: aipm compare {path}{by}", path=quote(str(folder.path)), by=by)))
        if tally.before + tally.decided > rows.MOST_WITH_TURNS:
            told = tr("More than {most:,} runs, so their turns are in no table; aipm compare {path} --turns turns.csv writes one",
                      most=rows.MOST_WITH_TURNS, path=quote(str(folder.path)))  # fmt: skip
            print(clean(told))
        print(clean(str(folder.path)))
    if isinstance(stop, KeyboardInterrupt):
        typer.echo(
            "\n" + tr("Broken off; every finished run is kept, and the same command goes on."), err=True
        )
        raise typer.Exit(130)
    if stop is not None:
        raise stop
    if failed:
        typer.echo(
            tr(
                "{failed:,} runs failed; how and why stands in {path}/failed, and --retry tries them again",
                failed=failed,
                path=folder.path,
            ),
            err=True,
        )
        raise typer.Exit(1)
