"""One model behind one OpenAI-compatible endpoint: how it wants to be asked, how long it may take.

A call comes back as a `Reply` or as a `SeatError`; nothing an endpoint does gets past that, and nothing
takes longer than it may. How an endpoint wants to be asked (its dialect) is found out once.
"""

from __future__ import annotations

import json
import queue
import threading
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from aipm_agents import keyring
from aipm_agents.errors import AipmError, BudgetError, EndpointError, SeatError
from aipm_agents.keyring import OPENAI
from aipm_agents.language import mark, tr
from aipm_agents.redaction import know
from aipm_agents.seats.model.budget import Reserved, Usage
from aipm_agents.seats.model.exchange import Request
from aipm_agents.seats.model.reading import object_in

if TYPE_CHECKING:
    from aipm_agents.seats.model.address import Address
    from aipm_agents.seats.model.budget import Budget
    from aipm_agents.seats.model.exchange import Reply
    from aipm_agents.seats.model.wire import Call, Wire


class Dialect(NamedTuple):
    """How to ask for a filled form."""

    how: str
    """`schema`: constrained to a JSON Schema; `tool`: a call of one function; `json`: any JSON object;
    `text`: nothing but the request in words."""
    extras: bool
    """Whether `seed` and the older name of the token limit go along."""


DIALECTS = (
    Dialect("schema", True), Dialect("schema", False), Dialect("tool", False),
    Dialect("json", False), Dialect("text", False),
)  # fmt: skip
_NOT_LIKE_THIS = (400, 405, 415, 422, 501)
"""What an endpoint answers that does not know a way of asking."""
_NO_WAY = (401, 403, 404)
"""What it answers where no way of asking would help: no key, no right, no such model."""

_BROKEN_OFF = mark("the run was broken off")


_AT_OPENAI = keyring.Home()


class Endpoint:
    def __init__(
        self, address: Address, key: str | None, *, timeout: float, budget: Budget, hung_up: threading.Event,
        home: keyring.Home = _AT_OPENAI,
    ) -> None:  # fmt: skip
        """`timeout`: seconds a call may take, tries and pauses between them included. `hung_up`: set
        when the run is broken off, nobody waits any longer. `home`: the run's own endpoint."""
        self.address, self.key, self.timeout, self.home = address, key, timeout, home
        know([key])
        self._budget, self._hung_up = budget, hung_up
        self._dialects = list(DIALECTS[1:] if address.url == OPENAI else DIALECTS)
        self._settled = self._in_trouble = False
        self._finding_out = threading.Lock()
        self._connecting = threading.Lock()
        self._wire: Wire | None = None

    @property
    def dialect(self) -> Dialect:
        return self._dialects[0]

    @property
    def unsure(self) -> bool:
        """Whether it is still to be found out how this endpoint wants to be asked."""
        return not self._settled

    def greet(self) -> None:
        """One token, asked for in the plainest way. Raises as `ask` does."""
        self._ask(Request((("user", "Say hello."),), "greeting", {}, 1, 0), DIALECTS[-1])

    def ask(self, request: Request) -> Reply:
        """Raises `SeatError` for anything but a reply, `BudgetError` where it may not be asked, and
        `EndpointError` where the endpoint refuses whoever asks, or the run is broken off."""
        if self._settled:
            return self._ask(request, self.dialect)
        with self._finding_out:
            if not self._settled and not self._in_trouble:
                return self._find_out(request)
        try:  # settled meanwhile; or in trouble, and then nobody queues behind the one who finds out
            reply = self._ask(request, self.dialect)
        except _NotLikeThis:
            self._in_trouble = False
            return self.ask(request)
        self._in_trouble = False
        return reply

    def _find_out(self, request: Request) -> Reply:
        """Ask in one dialect after the other until one is understood."""
        while True:
            try:
                reply = self._ask(request, self.dialect)
            except _NotLikeThis as refusal:
                if len(self._dialects) == 1:
                    raise SeatError("failure", str(refusal)) from None
                self._dialects.pop(0)
                continue
            except SeatError:
                self._in_trouble = True
                raise
            if reply.truncated or object_in(reply.text) is not None or len(self._dialects) == 1:
                self._settled = True
            else:  # it took the request and did not do what it asks for
                self._dialects.pop(0)
            return reply

    def _ask(self, request: Request, dialect: Dialect) -> Reply:
        """One call, within its time and the budget."""
        from aipm_agents.seats.model.wire import Call

        if self._hung_up.is_set():
            raise EndpointError(tr(_BROKEN_OFF))
        reserved = [self._budget.reserve(request.bound)]

        def again() -> bool:
            try:
                reserved.append(self._budget.reserve(request.bound))
            except BudgetError:
                return False
            return True

        call, usage = Call(again), None
        try:
            reply = self._in_time(request, dialect, call)
            usage = reply.usage
            return reply
        except SeatError as fault:
            told = fault.volatile.get("usage")
            usage = Usage(**told) if told else None
            fault.volatile = {"usage": Usage(calls=call.sent)._asdict(), **fault.volatile}
            raise
        finally:
            self._budget.settle(reserved, _spent(call, usage, request))

    def _in_time(self, request: Request, dialect: Dialect, call: Call) -> Reply:
        """A server that sends a byte a minute keeps one thread waiting, which ends with the program, and
        nobody else."""
        box: queue.SimpleQueue[Reply | BaseException] = queue.SimpleQueue()

        def work() -> None:
            try:
                box.put(self._send(request, dialect, call))
            except BaseException as error:
                box.put(error)

        threading.Thread(target=work, daemon=True, name=f"call to {self.address.model}").start()
        end = time.monotonic() + self.timeout
        while (left := end - time.monotonic()) > 0 and not self._hung_up.is_set():
            try:
                answer = box.get(timeout=min(left, 0.1))
            except queue.Empty:
                continue
            if isinstance(answer, BaseException):
                raise answer
            return answer
        call.over = True
        if self._hung_up.is_set():
            raise EndpointError(tr(_BROKEN_OFF))
        last = f"; it answered {call.last} before that" if call.last else ""
        raise SeatError("timeout", f"no answer within {self.timeout:g} s{last}")

    def _send(self, request: Request, dialect: Dialect, call: Call) -> Reply:
        from aipm_agents.seats.model.wire import Refused

        try:
            return self.connect().send(_messages(request, dialect), _asking(request, dialect), call)
        except Refused as error:
            if error.status in _NOT_LIKE_THIS and not self._settled:
                raise _NotLikeThis(f"refused: {error}") from None
            if error.status in _NO_WAY and not self._settled:
                raise EndpointError(
                    tr(
                        "{refusal} It said: {said}",
                        refusal=refusal(self.address, self.home, error.status),
                        said=error.said,
                    )
                ) from None
            raise SeatError("failure", str(error)) from None

    def connect(self) -> Wire:
        """Load the client and open the way, which takes a moment; done at the first call otherwise."""
        with self._connecting:
            if self._wire is None:
                from aipm_agents.seats.model.wire import Wire

                self._wire = Wire(self.address, self.key, self.timeout)
            return self._wire

    def close(self) -> None:
        if self._wire is not None:
            self._wire.close()


def refusal(address: Address, home: keyring.Home, status: int) -> str:
    """What a 401, 403 or 404 means, and how to mend it."""
    if status == 404:
        return tr(
            "{url} has no model {model!r}, or is not the address of a chat endpoint, which often ends in /v1; `aipm doctor` lists its models.",
            url=address.url,
            model=address.model,
        )
    return tr(
        "{url} does not accept the key; {advice}.", url=address.url, advice=keyring.advice(address.url, home)
    )


class _NotLikeThis(AipmError):
    """The endpoint does not know this dialect."""


def _spent(call: Call, usage: Usage | None, request: Request) -> Reserved:
    """What a call cost: refused with a status, a try cost nothing; cut off, it may have cost all it could."""
    tokens = (usage.prompt + usage.completion if usage else 0) or (request.bound if usage else 0)
    unsure = max(0, call.sent - call.refused - (1 if usage else 0))
    return Reserved(call.sent, tokens + unsure * request.bound)


def _messages(request: Request, dialect: Dialect) -> list[tuple[str, str]]:
    messages: list[tuple[str, str]] = list(request.messages)
    if dialect.how in ("json", "text") and request.schema:
        speaker, text = messages[-1]
        shape = json.dumps(request.schema, ensure_ascii=False)
        messages[-1] = (
            speaker,
            f"{text}\n\nOne JSON object, nothing before or after it. JSON Schema:\n{shape}",
        )
    return messages


def _asking(request: Request, dialect: Dialect) -> dict[str, Any]:
    """What goes into the body beside the messages. `extra_body` keeps it as it is written here."""
    body: dict[str, Any] = {}
    if dialect.extras:
        body |= {"seed": request.seed, "max_tokens": request.most}
    match dialect.how:
        case "schema":
            form = {"name": request.name, "schema": request.schema, "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": form}
        case "json":
            body["response_format"] = {"type": "json_object"}
        case "tool":
            tool = {"name": request.name, "parameters": request.schema}
            body["tools"] = [{"type": "function", "function": tool}]
            body["tool_choice"] = {"type": "function", "function": {"name": request.name}}
    return {"max_completion_tokens": request.most, "extra_body": body}
