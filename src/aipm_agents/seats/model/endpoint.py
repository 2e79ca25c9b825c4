"""One model behind one OpenAI-compatible endpoint: what is known of it, whoever asks.

How it wants to be asked is settled for each form by an answer that is that form, and may change at any time.
What one call finds out (no seed, no system role, more room for an answer), all others know.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aipm_agents import keyring
from aipm_agents.redaction import know
from aipm_agents.seats.model import dialect as speech
from aipm_agents.seats.model.asking import Asking

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.seats.model.address import Address
    from aipm_agents.seats.model.budget import Budget
    from aipm_agents.seats.model.dialect import Dialect
    from aipm_agents.seats.model.exchange import ModelReply, Request
    from aipm_agents.seats.model.wire import Wire

_AT_OPENAI = keyring.Home()
_REFUSED_BY = 0.3
"""Seconds in which a request is refused that is refused. For so long others wait for the one who finds out how
a new form wants to be asked for."""


class Endpoint:
    def __init__(
        self, address: Address, key: str | None, *, timeout: float, budget: Budget, hung_up: threading.Event,
        home: keyring.Home = _AT_OPENAI, slots: int | None = None, small: bool = False,
    ) -> None:  # fmt: skip
        """`timeout`: seconds a call may take, tries and pauses between them included; the very first twice
        that, for a model that has still to be loaded. `hung_up`: set when the run is broken off. `home`: the
        run's own endpoint. `slots`: how many calls the server works at; others wait here, which is not the
        model's time. `small`: see `dialect.first`."""
        self.address, self.key, self.timeout, self.home, self.small = address, key, timeout, home, small
        know([key])
        self.budget, self.hung_up, self.slots = budget, hung_up, slots
        self.spoke = False
        """Whether it ever gave an answer that was the form."""
        self._guard = threading.Condition()
        self._at_work = 0
        self._begun = self._hopeless = False
        self._room = 1
        self._first = speech.first(address, small=small)
        self._ways: dict[str, Dialect] = {}
        self._settled: set[str] = set()
        self._finders: dict[str, threading.Event] = {}
        self._wire: Wire | None = None

    def ask(self, request: Request) -> ModelReply:
        """Raises `SeatError` for anything but a reply, `BudgetError` where it may not be asked, and
        `EndpointError` where asking cannot help until somebody has acted, or the run is broken off."""
        with self._slot(), self._finding_out(request.name):
            return Asking(self, request, self._seconds()).reply()

    @contextmanager
    def _slot(self) -> Iterator[None]:
        with self._guard:
            while self.slots is not None and self._at_work >= self.slots and not self.hung_up.is_set():
                self._guard.wait(0.1)
            self._at_work += 1
        try:
            yield
        finally:
            with self._guard:
                self._at_work -= 1
                self._guard.notify()

    @contextmanager
    def _finding_out(self, form: str) -> Iterator[None]:
        """The first who asks for a form finds out how; the others give it a moment."""
        with self._guard:
            first = form not in self._finders
            found = self._finders.setdefault(form, threading.Event())
        if not first:
            found.wait(_REFUSED_BY)
        try:
            yield
        finally:
            found.set()

    def _seconds(self) -> float:
        with self._guard:
            first, self._begun = not self._begun, True
        return self.timeout * (2 if first else 1)

    def way(self, form: str) -> Dialect:
        """How it is asked for a form: as before, or as the form that was hardest to get."""
        with self._guard:
            if form not in self._ways:
                known = [] if self._hopeless else list(self._ways.values())
                hardest = max(known, key=lambda each: speech.HOWS.index(each.how), default=self._first)
                self._ways[form] = hardest
            return self._ways[form]

    def instead(self, form: str, tried: Dialect, other: Dialect | None) -> bool:
        """Ask in another way from now on; false where there is none. Somebody else may have found one."""
        with self._guard:
            if self._ways[form] != tried:
                return True
            if other is None:
                return False
            self._ways[form] = other
            self._ways = {each: way.shared(other) for each, way in self._ways.items()}
            self._first = self._first.shared(other)
            return True

    def settle(self, form: str) -> None:
        """An answer came that is this form."""
        with self._guard:
            self.spoke = True
            self._settled.add(form)

    def settled(self, form: str) -> bool:
        """Whether an answer that is not the form is not for want of another way of asking."""
        return self._hopeless or self.small or form in self._settled

    def give_up_finding(self) -> None:
        """No way of asking brings a form: it is not the way. Back to the first, where none ever brought one."""
        with self._guard:
            self._hopeless = True
            if self.spoke:
                return
            self._ways = {each: way._replace(how=self._first.how) for each, way in self._ways.items()}

    def room(self, request: Request) -> int:
        """Tokens an answer may take here: once one needed twice as many, all may have them."""
        return request.most * self._room

    def widen(self, request: Request, tried: int) -> bool:
        """Give answers twice the room; false where they had it."""
        with self._guard:
            wider, self._room = tried < request.most * 2, 2
            return wider

    def connect(self) -> Wire:
        """Load the client and open the way, which takes a moment; done at the first call otherwise."""
        with self._guard:
            if self._wire is None:
                from aipm_agents.seats.model.wire import Wire

                self._wire = Wire(self.address, self.key, self.timeout)
            return self._wire

    def close(self) -> None:
        if self._wire is not None:
            self._wire.close()
