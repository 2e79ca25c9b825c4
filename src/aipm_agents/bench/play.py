"""The runs of a benchmark: each game with each seed, kept as a transcript; what is there already is not played again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents import disk
from aipm_agents.bench.players import SILENT, Silent
from aipm_agents.bench.score import Scored, scored
from aipm_agents.errors import StorageError, UsageError
from aipm_agents.language import tr
from aipm_agents.negotiation import negotiate
from aipm_agents.transcript import Transcript, dumped, first_line, line, new_header, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Protocol

    from aipm_agents.bench.suite import BenchGame
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.seats import Seat
    from aipm_agents.seats.model.switchboard import Switchboard
    from aipm_agents.table.events import Event
    from aipm_agents.transcript import Header

    class Examinee(Protocol):
        """Who is tested in a part of the seats, and who plays the others."""

        @property
        def board(self) -> Switchboard | None:
            """Where calls go through; None where no model plays, or none was asked yet."""

        @property
        def url(self) -> str | None:
            """Where its model is."""

        def roles(self, scenario: Scenario) -> Sequence[Role]:
            """The seats it is tested in."""

        def kinds(self, scenario: Scenario) -> dict[Role, str]:
            """What plays every seat."""

        def players(self, scenario: Scenario) -> Mapping[Role, Seat]:
            """Somebody in every seat."""

        def prompts(self, scenario: Scenario) -> str | None:
            """A digest of what its model is told."""

        def controls(self, scenario: Scenario) -> dict[str, str]:
            """What its model is set to."""


def played(
    games: Sequence[BenchGame], seeds: Iterable[int], tested: Examinee, folder: Path
) -> Iterator[Scored]:
    """One by one. A budget that is spent, an endpoint that cannot be used and Ctrl-C come out as they are; what was
    played is kept. Raises `UsageError` for a transcript of another run that lies in the place of one."""
    for seed in seeds:
        for game in games:
            path, header = folder / f"{game.name}-{seed}.jsonl", _header(game, seed, tested)
            if path.exists():
                run = _kept(path, header, game, tested)
            else:
                run = Transcript(header, _events(game, tested, seed))
                _keep(path, header, run.events)
            tried = [role for role in tested.roles(game.scenario) if role != game.dead]
            yield scored(game, run, tried)


def _header(game: BenchGame, seed: int, tested: Examinee) -> Header:
    scenario = game.scenario
    return new_header(
        scenario,
        seed,
        base_url=tested.url,
        prompts=tested.prompts(scenario),
        controls=tested.controls(scenario),
    )


def _events(game: BenchGame, tested: Examinee, seed: int) -> tuple[Event, ...]:
    seats = dict(tested.players(game.scenario))
    if game.dead is not None:
        seats[game.dead] = Silent()
    board = tested.board

    def all_kept(_: Event) -> None:
        if board is not None:
            board.all_kept()

    return negotiate(game.scenario, seats, seed=seed, no_silence=board is not None, on_arrival=all_kept)


def _kept(path: Path, header: Header, game: BenchGame, tested: Examinee) -> Transcript:
    """A run that is there already, where it is the one that would be played now."""
    run = read(path)
    wanted = tested.kinds(game.scenario) | ({game.dead: SILENT} if game.dead else {})
    differs = [
        name for name, was, now in (
            ("scenario", run.header.scenario_sha256, header.scenario_sha256), ("seed", run.header.seed, header.seed),
            ("controls", run.header.controls, header.controls), ("seats", run.seats, wanted),
            *((name, run.header.volatile.get(name), header.volatile.get(name)) for name in ("base_url", "prompts", "aipm")),
        ) if was != now
    ]  # fmt: skip
    if differs:
        raise UsageError(
            tr("{path}: is kept from another run ({names} differ); name another folder with -o", path=path, names=", ".join(differs))
        )  # fmt: skip
    return run


def _keep(path: Path, header: Header, events: Iterable[Event]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        disk.create(path, (dumped(each) + "\n" for each in (first_line(header), *map(line, events))))
    except OSError as error:
        raise StorageError(
            tr("{path}: cannot be written: {strerror}", path=path, strerror=error.strerror)
        ) from None
