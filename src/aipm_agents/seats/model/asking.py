"""One call to a model: from the first try to a reply, or to what else it comes to, within its time and the budget.

Nothing an endpoint does gets past a `SeatError`, which is an abstention. Where no asking helps (money, key, model,
address, a prompt that was cut), an `EndpointError` stops the run: nobody has decided anything then.
"""

from __future__ import annotations

import json
import queue
import threading
from typing import TYPE_CHECKING

from aipm_agents.errors import EndpointError, SeatError
from aipm_agents.seats.model import dialect as speech
from aipm_agents.seats.model.blame import meaning, told
from aipm_agents.seats.model.budget import Reserved, Usage
from aipm_agents.seats.model.envelope import Answer, Complaint
from aipm_agents.seats.model.exchange import ModelReply
from aipm_agents.seats.model.patience import Patience
from aipm_agents.seats.model.reading import known_by, object_in

if TYPE_CHECKING:
    from aipm_agents.errors import FaultKind
    from aipm_agents.seats.model.blame import Stop
    from aipm_agents.seats.model.dialect import Dialect
    from aipm_agents.seats.model.endpoint import Endpoint
    from aipm_agents.seats.model.exchange import Request
    from aipm_agents.seats.model.wire import Call

_LEAST_CONTEXT = 1000
"""Tokens. No server holds less; and one that reports less has counted only what was new to it."""
_SHOWN = 2000
"""Characters of an answer that broke off that are kept beside the fault."""


class Asking:
    def __init__(self, at: Endpoint, request: Request, seconds: float) -> None:
        self.at, self.request, self.patience = at, request, Patience(seconds, at.hung_up)
        self.used, self.tries, self.empty = Usage(), 0, 0
        self.filtered = False
        self.last = ""
        """What came to nothing last."""

    def reply(self) -> ModelReply:
        try:
            while True:
                way = self.at.way(self.request.name)
                came = self._once(way)
                if isinstance(came, Complaint):
                    reply = self._complained(came, way)
                else:
                    reply = self._answered(came, way)
                if reply is not None:
                    return reply
        except SeatError as fault:
            fault.volatile = {"usage": self.used._asdict(), **fault.volatile}
            raise

    # --- an answer: the reply, or None to ask again ---

    def _answered(self, answer: Answer, way: Dialect) -> ModelReply | None:
        if is_cut(self.request, answer.usage):
            raise self._stop("cut", Complaint(200, _counted(self.request, answer.usage)))
        if answer.refusal or answer.finish == "content_filter":
            return self._refused(answer)
        broke_off = answer.finish == "length"
        for text in answer.texts:
            found = object_in(text, known_by(self.request.schema), mend=not broke_off)
            if found is not None:
                return self._filled(found, answer)
        if broke_off and not (answer.texts and _runs_on(answer.texts[0])):
            return self._broke_off(answer, way)
        if answer.empty:
            self._came_empty(way)
            return None
        if not self.at.settled(self.request.name) and self._plainer(way):
            return None
        return self._replied(answer, truncated=broke_off)

    def _filled(self, found: dict[str, object], answer: Answer) -> ModelReply:
        self.at.settle(self.request.name)
        return ModelReply(
            json.dumps(found, ensure_ascii=False), self.used, answer.model, not_taken=self._not_taken()
        )

    def _replied(self, answer: Answer, *, truncated: bool) -> ModelReply:
        return ModelReply(
            answer.texts[0] if answer.texts else "", self.used, answer.model, truncated, self._not_taken()
        )

    def _not_taken(self) -> tuple[str, ...]:
        given_up = self.at.way(self.request.name).not_taken
        return tuple(name for name, _ in self.request.sampling if name in given_up)

    def _refused(self, answer: Answer) -> ModelReply | None:
        if not answer.refusal and not self.filtered:  # a filter may let the next answer pass
            self.filtered = True
            return None
        raise SeatError("refusal", (answer.refusal or "the endpoint's content filter stopped it")[:400])

    def _broke_off(self, answer: Answer, way: Dialect) -> ModelReply | None:
        """An answer that was too long: once more with twice the room, unless that was not what it lacked."""
        limit, wrote = self.at.room(self.request), answer.usage.completion
        if way.limits and 0 < wrote < limit * 0.9 and not self.at.small:
            said = f"the answer broke off after {wrote:,} tokens, and {limit:,} were allowed"
            raise self._stop("context", Complaint(200, said))
        if self.at.small:  # one that does not come to an end never does
            return self._replied(answer, truncated=True)
        if self.at.widen(self.request, limit):
            return None
        text = answer.texts[0] if answer.texts else ""
        raise SeatError(
            "malformed", f"the answer broke off after {wrote or limit:,} tokens; --answer-tokens allows more",
            volatile={"came_back": text[:_SHOWN]},
        )  # fmt: skip

    def _came_empty(self, way: Dialect) -> None:
        self.empty += 1
        self.last = "the answer is empty"
        forced = way.how == "tool" and not self.at.settled(
            self.request.name
        )  # it thought, and then called nothing
        if not ((forced or self.empty > 1) and self._plainer(way)):
            self._later("no_reply")

    # --- a complaint: None to ask again ---

    def _complained(self, complaint: Complaint, way: Dialect) -> ModelReply | None:
        self.last = str(complaint)
        match what := meaning(complaint, self.at.address):
            case "again":
                self._later("failure" if complaint.status >= 400 else "malformed", complaint)
            case "otherwise":
                self._otherwise(complaint, way)
            case "context":
                if not self.at.instead(self.request.name, way, speech.with_what_room_there_is(way)):
                    raise self._stop("context", complaint)
            case "room":
                if not self.at.widen(self.request, self.at.room(self.request)):
                    raise SeatError("malformed", f"{complaint}; --answer-tokens allows more")
            case "made":
                found = object_in(complaint.made, known_by(self.request.schema))
                if found is not None:
                    return self._filled(found, Answer((), Usage()))
                if self.tries < 2 or not self._plainer(way):
                    self._later("malformed", complaint)
            case "filter" if not self.filtered:
                self.filtered = True
            case _:
                raise self._stop(what, complaint)
        return None

    def _otherwise(self, complaint: Complaint, way: Dialect) -> None:
        asked = [name for name, _ in self.request.sampling]
        other = speech.without_what_is_named(way, complaint.said, asked)
        if other is None and complaint.status == 500:
            if self.tries > 1 and not self.at.spoke:  # it fails over the request, and does not say at what
                self.at.instead(self.request.name, way, way._replace(seed=False, system=False))
            self._later("failure", complaint)
        elif self.at.instead(self.request.name, way, other or speech.with_less(way, asked)):
            return
        elif not self.at.spoke:
            raise self._stop("dialect", complaint)
        else:
            raise SeatError("failure", str(complaint))

    def _plainer(self, way: Dialect) -> bool:
        """Ask for the form in the next way; false where there was none left, or it is not the way."""
        if not self.at.small and self.at.instead(self.request.name, way, speech.plainer(way)):
            return True
        self.at.give_up_finding()
        return False

    # --- time ---

    def _later(self, kind: FaultKind, complaint: Complaint | None = None) -> None:
        """Wait, for as long as it asks; raise what it comes to where there is no time for that."""
        wait = complaint.wait if complaint else None
        if complaint is not None and wait is not None and wait > self.at.timeout:
            raise self._stop("wait", complaint)
        if not self.patience.pause(wait):
            raise self._fault(kind)

    def _fault(self, kind: FaultKind) -> SeatError:
        if kind == "timeout":
            before = f"; before that: {self.last}" if self.last else ""
            return SeatError(kind, f"no answer within {self.patience.seconds:g} s{before}")
        tries = f" (asked {self.tries} times in {self.patience.seconds:g} s)" if self.tries > 1 else ""
        return SeatError(kind, f"{self.last}{tries}")

    def _stop(self, why: Stop, complaint: Complaint) -> EndpointError:
        return EndpointError(told(why, complaint, self.at.address, self.at.home, self.at.timeout))

    def _once(self, way: Dialect) -> Answer | Complaint:
        """Something that came back, over and over while the connection breaks."""
        from aipm_agents.seats.model.wire import Call, ConnectionBroken, TooLate

        while True:
            self.patience.go_on()
            request = self.request._replace(most=self.at.room(self.request))
            reserved = self.at.budget.reserve(request.bound)
            call, came = Call(), None
            try:
                came = self._in_time(request, way, call)
            except TooLate:
                raise self._fault("timeout") from None
            except ConnectionBroken as error:
                self.last = f"the connection broke: {error}"
            finally:
                self._count(call, came, reserved)
            if came is not None:
                return came
            self._later("no_reply")

    def _in_time(self, request: Request, way: Dialect, call: Call) -> Answer | Complaint:
        """A server that sends a byte a minute keeps one thread waiting, which ends with the program, and
        nobody else."""
        from aipm_agents.seats.model.wire import TooLate

        box: queue.SimpleQueue[Answer | Complaint | BaseException] = queue.SimpleQueue()

        def work() -> None:
            try:
                body = speech.body(request, way)
                box.put(self.at.connect().send(body, call, max(0.1, self.patience.left)))
            except BaseException as error:
                box.put(error)

        threading.Thread(target=work, daemon=True, name=f"call to {self.at.address.model}").start()
        try:
            while (left := self.patience.left) > 0:
                self.patience.go_on()
                try:
                    came = box.get(timeout=min(left, 0.1))
                except queue.Empty:
                    continue
                if isinstance(came, BaseException):
                    raise came
                return came
            raise TooLate
        finally:
            call.over = True

    def _count(self, call: Call, came: Answer | Complaint | None, reserved: Reserved) -> None:
        """What a try cost: refused, nothing; cut off, or with nothing said about it, all it could."""
        self.tries += call.sent
        used = came.usage if isinstance(came, Answer) else Usage()
        self.used = self.used.plus(used._replace(calls=int(call.sent)))
        tokens = used.prompt + used.completion
        free = isinstance(came, Complaint) and not came.billed
        self.at.budget.settle(
            [reserved], Reserved(int(call.sent), tokens or (0 if free or not call.sent else reserved.tokens))
        )


def is_cut(request: Request, used: Usage) -> bool:
    """Whether far fewer tokens were read than were sent. A token of our texts is 3 to 5 bytes; what a server
    leaves of a prompt is as long as its context or half of that, and those are round numbers."""
    sent = sum(len(text.encode("utf-8", "replace")) for _, text in request.messages)
    if used.prompt < _LEAST_CONTEXT or sent < 4 * used.prompt:
        return False
    return sent > 7 * used.prompt or any((used.prompt - more) % 1024 == 0 for more in range(4))


def _counted(request: Request, used: Usage) -> str:
    sent = sum(len(text) for _, text in request.messages)
    return f"{used.prompt:,} tokens read of {sent:,} characters"


def _runs_on(text: str) -> bool:
    """Whether an answer that broke off had nothing more to say: blanks, or the same over and over."""
    tail = text[-200:]
    return len(tail) == 200 and len(set(tail)) < 8
