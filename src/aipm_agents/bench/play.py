"""The runs of a benchmark: each game with each seed, kept as a transcript; what is there already is not played again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents import disk
from aipm_agents.bench.players import Silent
from aipm_agents.bench.score import Scored, scored
from aipm_agents.errors import StorageError, UsageError
from aipm_agents.language import tr
from aipm_agents.negotiation import negotiate
from aipm_agents.transcript import Transcript, dumped, first_line, line, new_header, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import Protocol

    from aipm_agents.bench.suite import Game
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.seats import Seat
    from aipm_agents.seats.model.switchboard import Switchboard
    from aipm_agents.table.events import Event
    from aipm_agents.transcript import Header

    class Table(Protocol):
        """Somebody in every seat."""

        @property
        def players(self) -> Mapping[Role, Seat]: ...
        @property
        def board(self) -> Switchboard | None: ...
        @property
        def url(self) -> str | None: ...

    Seating = Callable[[Scenario], AbstractContextManager[Table]]


def played(
    games: Sequence[Game], seeds: Iterable[int], seated: Seating, folder: Path,
    *, controls: Mapping[str, str], prompts: Callable[[Scenario], str | None],
) -> Iterator[Scored]:  # fmt: skip
    """One by one. A budget that is spent, an endpoint that cannot be used and Ctrl-C come out as they are; what was
    played is kept. Raises `UsageError` for a transcript of another game that lies in the place of one."""
    for seed in seeds:
        for game in games:
            path = folder / f"{game.name}-{seed}.jsonl"
            run = _kept(path, game, seed, controls) if path.exists() else None
            if run is None:
                with seated(game.scenario) as table:
                    header = new_header(
                        game.scenario,
                        seed,
                        base_url=table.url,
                        prompts=prompts(game.scenario),
                        controls=controls,
                    )
                    run = Transcript(header, _events(game, table, seed))
                _keep(path, run.header, run.events)
            yield scored(game, run)


def _events(game: Game, table: Table, seed: int) -> tuple[Event, ...]:
    seats = dict(table.players)
    if game.dead is not None:
        seats[game.dead] = Silent()

    def all_kept(_: Event) -> None:
        if table.board is not None:
            table.board.all_kept()

    return negotiate(game.scenario, seats, seed=seed, no_silence=table.board is not None, on_arrival=all_kept)


def _kept(path: Path, game: Game, seed: int, controls: Mapping[str, str]) -> Transcript:
    run = read(path)
    header = run.header
    if (header.scenario_sha256, header.seed, header.controls) != (game.scenario.digest, seed, dict(controls)):
        raise UsageError(
            tr(
                "{path}: is a run of another game, or was set otherwise; name another folder with -o",
                path=path,
            )
        )
    return run


def _keep(path: Path, header: Header, events: Iterable[Event]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        disk.create(path, (dumped(each) + "\n" for each in (first_line(header), *map(line, events))))
    except OSError as error:
        raise StorageError(
            tr("{path}: cannot be written: {strerror}", path=path, strerror=error.strerror)
        ) from None
