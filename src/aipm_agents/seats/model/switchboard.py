"""Where all calls of a run go through: one budget, one cassette, and everybody hangs up together."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from aipm_agents import keyring
from aipm_agents.errors import SeatError, StorageError
from aipm_agents.seats.model import local
from aipm_agents.seats.model.endpoint import Endpoint

if TYPE_CHECKING:
    from aipm_agents.keyring import Home
    from aipm_agents.seats.model.address import Address
    from aipm_agents.seats.model.budget import Budget
    from aipm_agents.seats.model.cassette import Cassette
    from aipm_agents.seats.model.exchange import ModelReply, Request


TIMEOUT = 120.0
"""Seconds a call may take where nobody says so."""


class Switchboard:
    def __init__(
        self, home: Home, budget: Budget, *, timeout: float | None = None, cassette: Cassette | None = None
    ) -> None:
        """`home`: the run's own endpoint, the one that `OPENAI_API_KEY` is for. `timeout`: see `Endpoint`; without
        one, as long as an endpoint usually needs, or the model of this machine."""
        self.home, self.budget, self.timeout, self.cassette = home, budget, timeout, cassette
        self.endpoints: dict[Address, Endpoint] = {}
        self._hung_up = threading.Event()
        self._unkept: StorageError | None = None

    def line(self, address: Address, *, named: bool = False) -> ModelLine:
        """A line to one model, shared by all seats it plays; `named`: whether the seat names its address, and not the run.
        Raises `UsageError` for a key that cannot be sent."""
        if address not in self.endpoints:
            key = keyring.mine().key(address.url, self.home)
            ours = address.model == local.KIND
            self.endpoints[address] = Endpoint(
                address, key, timeout=self.timeout or (local.TIMEOUT if ours else TIMEOUT), budget=self.budget, hung_up=self._hung_up, home=self.home,
                slots=local.SLOTS if ours else None, small=ours,
            )  # fmt: skip
        return ModelLine(
            self.endpoints[address], self, f"{address.model}@{address.url}" if named else address.model
        )

    def keep(self, model: str, request: Request, outcome: ModelReply | SeatError) -> None:
        """Into the cassette. Where it cannot be written, the reply is still the seat's, for it is paid for; what
        comes of it is kept with the run, and then `all_kept` stops the run."""
        assert self.cassette is not None
        try:
            self.cassette.keep(model, request, outcome)
        except StorageError as error:
            self._unkept = error

    def all_kept(self) -> None:
        """Raises `StorageError` once a reply could not be kept."""
        if self._unkept is not None:
            raise self._unkept

    def hang_up(self) -> None:
        """Nobody waits for an answer any longer: calls under way end in `EndpointError`, recorded by nobody."""
        self._hung_up.set()

    def close(self) -> None:
        """Let go of all connections; nobody can be asked any more."""
        self.hang_up()
        for endpoint in self.endpoints.values():
            endpoint.close()


class ModelLine:
    """Asks one model, or plays back what it replied when it was asked before."""

    def __init__(self, endpoint: Endpoint, board: Switchboard, model: str) -> None:
        """`model`: what a cassette knows it by, with its address where a seat names one: two servers may call theirs
        alike. The address of the run is no part of it, so that its replies can be played back anywhere."""
        self.endpoint, self.board, self.model = endpoint, board, model

    def ask(self, request: Request) -> ModelReply:
        """Raises as `Endpoint.ask` does, `EndpointError` for what a cassette should hold and does not, and
        `StorageError` where nothing more can be kept: then nobody is asked."""
        model = self.model
        if self.board.cassette is None:
            return self.endpoint.ask(request)
        played = self.board.cassette.played(model, request)
        if played is not None:
            return played
        self.board.all_kept()
        try:
            reply = self.endpoint.ask(request)
        except SeatError as fault:
            self.board.keep(model, request, fault)
            raise
        self.board.keep(model, request, reply)
        return reply
