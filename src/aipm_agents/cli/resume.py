from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from aipm_agents.cli import consent, leading, models, runs, seating, setting, study
from aipm_agents.cli.watching import SPEED, AnswersOption, Display, DisplayOption, SpeedOption
from aipm_agents.errors import UsageError
from aipm_agents.language import tr

if TYPE_CHECKING:
    from aipm_agents.roles import Role
    from aipm_agents.seats.model.controls import Controls
    from aipm_agents.styles import StyleName
    from aipm_agents.transcript import Header, Recorder, Transcript


def resume(
    transcript: Annotated[str, typer.Argument(help="A path, a run id or its prefix, or latest.")] = "latest",
    number: Annotated[
        int | None,
        typer.Option("--from", min=0, help="What if: a new run that goes its own way from this round on."),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option("--seed", help="With --from: another seed from that round on."),
    ] = None,
    sets: setting.SetOption = None,
    seat: seating.SeatOption = None,
    pm_style: leading.PmStyleOption = None,
    output: Annotated[
        str | None, typer.Option("-o", "--output", help="Where to keep the new run of --from.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object instead of the run.")
    ] = False,
    display: DisplayOption = Display.conversation,
    speed: SpeedOption = SPEED,
    answers: AnswersOption = None,
    allow_address: consent.AllowAddress = None,
    reach: models.ModelOptions = models.AS_USUAL,
    studied: study.StudyOptions = study.AS_USUAL,
    price: models.PriceOption = None,
) -> None:
    from aipm_agents import language
    from aipm_agents.cli.session import Screen, to_the_end
    from aipm_agents.report.papers.plain_text import as_json as dumped
    from aipm_agents.table.events import Seated
    from aipm_agents.transcript import read

    record = read(runs.locate(transcript))
    assert record.path is not None
    language.follow(record.scenario.language)
    if number is None and output is not None:
        raise UsageError(
            tr("-o: for the new run of --from ROUND; without it the run goes on in its own file")
        )
    if number is None and pm_style is not None:
        raise UsageError(
            tr(
                "--pm-style: a run keeps the style it began with; to try another from a round on, add --from ROUND"
            )
        )
    if number is None and seed is not None:
        raise UsageError(
            tr("--seed: a run keeps the seed it began with; to try another from a round on, add --from ROUND")
        )
    if number is None and sets:
        raise UsageError(
            tr(
                "--set: a run keeps the scenario it began with; to try another from a round on, add --from ROUND"
            )
        )
    if number is None and record.decision is not None:
        if as_json:
            print(dumped(runs.summary(record.header, record.events, record.path)))
        else:
            handle = runs.handle(record.path, record.header)
            print(
                tr(
                    "Already decided ({outcome}); see it with: aipm show {handle}\nTo try another way from an earlier round: aipm resume {handle} --from ROUND",
                    outcome=record.decision.outcome,
                    handle=handle,
                )
            )
        return
    if number is not None and sets:
        record = _set_otherwise(record, number, sets, seed)
    assert record.path is not None
    prices = models.prices(price)
    means = models.Means(**reach._asdict(), recorded_url=_recorded_url(record))
    before = {**dict.fromkeys(record.scenario.parties, "embedded"), **record.seats}
    changed = seating.changed(record.scenario, seat)
    kinds = before | changed
    consent.named_here(record.path, kinds, changed)
    style = (
        leading.kept(record.header.pm_style, kinds) if pm_style is None else leading.style(pm_style, kinds)
    )
    leading.note(record.scenario, style if pm_style else None)
    set_to = studied.controls(kinds, record.header.controls)
    if number is None and studied.spelt(kinds) and dict(set_to.asked) != record.header.controls:
        raise UsageError(
            tr("a run keeps what its models were set to; to try otherwise from a round on, add --from ROUND")
        )
    means = means._replace(controls=set_to, keep_requests=studied.keep_requests)
    unchanged = not sets and kinds == before and pm_style is None and seed in (None, record.header.seed)
    if number is not None and unchanged and set(kinds.values()) == {"embedded"}:
        _repeats(record, number)
    branching = "" if number is None else runs.handle(record.path, record.header)
    screen = Screen(display, as_json, speed, answers, branching)
    consent.note_version(record.path, record.header)
    means = means._replace(allowed=consent.given(record.path, kinds, changed, means, allow_address or ()))
    with seating.seated(kinds, means, style=style) as seats:
        source = screen.lines(seats)
        with _recorder(
            record, number, output, kinds, style, seed, seats.url, set_to, durable=seats.costly
        ) as recorder:
            record = read(recorder.path).to_go_on_from()  # now that nobody else can write it
            recorder.expect(record.held)
            if kinds != {**before, **record.seats}:
                at = max((event.round for event in record.events), default=0)
                seated = Seated(round=at, seats=kinds)
                recorder.append(seated)
                record = replace(record, events=(*record.events, seated))
            to_the_end(recorder, record, seats, screen, source, concurrency=reach.concurrency, prices=prices)


def _set_otherwise(record: Transcript, number: int, sets: list[str], seed: int | None) -> Transcript:
    """The run as one of the changed scenario. Raises `UsageError` where its rounds so far would have gone otherwise
    there: a ruling is what follows from the scenario."""
    from aipm_agents.table.order import Order
    from aipm_agents.transcript import prefix

    made, variation = setting.changed(record.scenario, sets, record.header.variation)
    order = Order(made, record.header.seed if seed is None else seed)
    for event in prefix(record, number).events:
        if order.take(event) is not None:
            raise UsageError(
                tr(
                    "--set {what}: with it round {n} would have gone otherwise; go on from there, with --from {n}, or play it from the start, with aipm run",
                    what=" --set ".join(sets), n=event.round,
                )
            )  # fmt: skip
    changes = {"scenario": made, "scenario_sha256": made.digest, "variation": variation}
    return replace(record, header=record.header.model_copy(update=changes))


def _prompts(record: Transcript, kinds: dict[Role, str], set_to: Controls) -> str | None:
    """The digest of what models are told from now on."""
    if not any(map(seating.takes_for_model, kinds.values())):
        before: str | None = record.header.volatile.get("prompts")
        return before
    from aipm_agents.seats.model.prompts import fingerprint

    return fingerprint(record.scenario.language, set_to.variant)


def _repeats(record: Transcript, number: int) -> None:
    """Nothing is changed, and embedded seats answer the same view alike."""
    assert record.path is not None
    told = tr(
        "Nothing is changed, so this repeats the run from round {n} on. To try another way: aipm resume {handle} --from {n} --seed {seed}, or --set KEY=VALUE, or --seat ROLE=KIND, or --pm-style NAME",
        n=number, handle=runs.handle(record.path, record.header), seed=record.header.seed + 1,
    )  # fmt: skip
    typer.echo(told, err=True)


def _recorded_url(record: Transcript) -> str | None:
    """Where the run had its endpoint; raise `UsageError` where what stands there is no address."""
    from aipm_agents.keyring import checked

    url = record.header.volatile.get("base_url")
    return None if url is None else checked(str(url), f"{record.path}: base_url")


def _recorder(
    record: Transcript, number: int | None, output: str | None, kinds: dict[Role, str],
    style: StyleName | None, seed: int | None, url: str | None, set_to: Controls, *, durable: bool,
) -> Recorder:  # fmt: skip
    """The run's own file, or a new one that begins as it does."""
    from pathlib import Path

    from aipm_agents.table.events import Seated
    from aipm_agents.transcript import Parent, Recorder, as_bytes, line, new_header, new_path, prefix

    assert record.path is not None
    if number is None:
        try:
            return Recorder(record.path, durable=durable)
        except OSError as error:
            raise UsageError(
                tr(
                    "{path}: the run cannot be written on: {strerror}",
                    path=record.path,
                    strerror=error.strerror,
                )
            ) from None
    shared = prefix(record, number)
    old: Header = record.header
    header = new_header(
        record.scenario, old.seed if seed is None else seed, base_url=url or old.volatile.get("base_url"), prompts=_prompts(record, kinds, set_to),
        parent=Parent(run_id=old.run_id, round=number), variation=old.variation,
        pm_style=style, controls=dict(set_to.asked),
    )  # fmt: skip
    path = Path(output) if output else new_path(runs.folder(), header)
    lines = shared.lines or as_bytes(line(Seated(round=0, seats=kinds)))
    return runs.opened(path, header, prefix=lines, durable=durable)
