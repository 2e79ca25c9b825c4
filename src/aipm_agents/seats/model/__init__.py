"""A seat played by a language model: told what its view holds, asked to fill in a form, checked like anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aipm_agents.errors import SeatError
from aipm_agents.seats import AskedAlike, Noted
from aipm_agents.seats.model import prompts
from aipm_agents.seats.model.budget import Usage
from aipm_agents.seats.model.controls import Controls
from aipm_agents.seats.model.exchange import Request
from aipm_agents.seats.model.filled import read
from aipm_agents.seats.model.form import form
from aipm_agents.seats.model.reading import object_in, without_thoughts
from aipm_agents.table.discretion import withhold
from aipm_agents.table.moves import Position, Proposal, Signing

if TYPE_CHECKING:
    from aipm_agents.seats.model.exchange import ModelReply
    from aipm_agents.seats.model.filled import Filled
    from aipm_agents.seats.model.form import Form
    from aipm_agents.seats.model.switchboard import ModelLine
    from aipm_agents.styles import StyleName
    from aipm_agents.table.moves import Move, Verb
    from aipm_agents.table.view import View

_AS_USUAL = Controls()
ANSWER_TOKENS = 4096
"""What one answer may take, hidden reasoning included."""
RECALLED = 2000
"""Characters of an unusable answer that it is reminded of, and that are kept beside the fault."""


class Model(AskedAlike):
    def __init__(
        self, kind: str, line: ModelLine, *, answer_tokens: int = ANSWER_TOKENS, style: StyleName | None = None,
        keep_weighing: bool = False, how: Controls = _AS_USUAL, keep_requests: bool = False,
    ) -> None:  # fmt: skip
        """`style`: how it leads, where it is the PM. `keep_weighing`: what it weighs before it speaks is kept
        beside the move, for the facilitator; `keep_requests`: so is every request, with what came back. `how`: what a
        study sets."""
        self.kind, self.line, self.answer_tokens, self.style = kind, line, answer_tokens, style
        self.keep_weighing, self.how, self.keep_requests = keep_weighing, how, keep_requests

    def _turn(self, view: View, verb: Verb) -> Noted[Any]:
        """One turn: asked once, and once more with the exact fault where what counts cannot be used, or where a
        vote lacks its condition. Then a vote without it counts as it stands."""
        blank, used, told_of = form(verb, view, scratchpad=self.how.scratchpad), Usage(), _Exchanges(self)
        messages = prompts.messages(view, verb, self.style, self.how)
        standing: tuple[Filled, str] | None = None
        for last in (False, True):
            request = Request(messages, verb, blank.schema, self.answer_tokens, view.seed, self.how.sampling)
            try:
                reply = self.line.ask(request)
            except SeatError as fault:
                told_of.add(request, None)
                if standing is None:
                    raise _with(fault, used, told_of) from None
                return self._noted(*standing, used, view, told_of)
            used = used.plus(reply.usage)
            told_of.add(request, reply)
            try:
                standing = _read(blank, reply), reply.model
                told = standing[0].wanting
            except SeatError as fault:
                if last and standing is None:
                    fault.volatile = {"came_back": reply.text[:RECALLED]}
                    raise _with(fault, used, told_of) from None
                told = str(fault)
            if standing is not None and (last or not told):
                return self._noted(*standing, used, view, told_of)
            came_back = reply.text[:RECALLED] or "-"
            messages = (*messages, ("assistant", came_back), ("user", prompts.repair(view, told, self.how)))
        raise AssertionError("a turn ends with a move or a fault")

    def _noted(self, filled: Filled, model: str, used: Usage, view: View, told_of: _Exchanges) -> Noted[Any]:
        said, withheld = _discreet(filled.move, view) if self.how.leak_filter else (filled.move, 0)
        alone = {"weighs": filled.weighs if self.keep_weighing else "", "scratchpad": filled.scratchpad}
        volatile = {"usage": used._asdict(), "model": model, **told_of.volatile}
        volatile |= {name: text for name, text in alone.items() if text}
        return Noted(said, withheld, volatile, filled.dropped)


class _Exchanges:
    """What a turn asked of a model: each request by its hash, and as a whole where somebody wants to keep it."""

    def __init__(self, seat: Model) -> None:
        self.seat, self.hashes, self.whole = seat, list[str](), list[dict[str, Any]]()
        self.not_taken: dict[str, None] = {}

    def add(self, request: Request, reply: ModelReply | None) -> None:
        model = self.seat.line.model
        self.hashes.append(request.digest(model))
        if reply is not None:
            self.not_taken |= dict.fromkeys(reply.not_taken)
        if self.seat.keep_requests:
            self.whole.append({"request": {"model": model, **request.plain()}, "reply": reply and reply.text})

    @property
    def volatile(self) -> dict[str, Any]:
        told = {"requests": self.hashes, "not_taken": list(self.not_taken), "exchanges": self.whole}
        return {name: value for name, value in told.items() if value}


def _read(blank: Form, reply: ModelReply) -> Filled:
    found = object_in(reply.text)
    if found is None:
        broken = (
            "the answer broke off, it was too long"
            if reply.truncated
            else "the answer is not one JSON object"
        )
        raise SeatError("malformed", broken)
    if isinstance(found.get("says"), str):
        found["says"] = without_thoughts(found["says"])
    return read(blank, found)


def _discreet(move: Move, view: View) -> tuple[Move, int]:
    """The move without what it recites word for word of the seat's own briefing and untabled evidence."""
    tabling = getattr(move, "tables", ())
    private = [text for text in (view.me.private, view.me.otherwise) if text]
    for name in view.untabled:
        if name not in tabling:
            fact = view.scenario.facts[name]
            private += [text for text in (fact.says, fact.plainly, fact.aloud, fact.source) if text]
    private += _kept(view, move)
    public = _public(view, tabling)
    taken = 0

    def spoken(text: str) -> str:
        nonlocal taken
        said, count = withhold(text, private, public)
        taken += count
        return said

    changed: dict[str, Any] = {"says": spoken(move.says)}
    if isinstance(move, Position | Proposal) and move.question is not None:
        changed["question"] = move.question.model_copy(update={"text": spoken(move.question.text)[:400]})
    if isinstance(move, Signing):
        changed["reason"] = spoken(move.reason)[:400]
    return move.model_copy(update=changed), taken


def _kept(view: View, move: Move) -> list[str]:
    """What is wrong with its own facts, what only it means by a word, how it would bring an option: unless it
    is just saying so."""
    replies = move.replies if isinstance(move, Position) else ()
    told = {word for role, word in view.heard.meanings if role == view.role}
    told |= {reply.about for reply in replies if not reply.declined}
    kept = [means for word, means in view.me.terms.items() if word not in told]
    found = {(each.evidence, each.ground) for each in view.heard.contests}
    for name, fact in view.scenario.facts.items():
        kept += [limit.says for limit in fact.limits if (name, limit.ground) not in found]
    brought = {(each.issue, each.option) for each in getattr(move, "brings", ())}
    for issue in view.scenario.issues:
        for option in issue.options:
            if option.aloud and (issue.id, option.id) in view.secret and (issue.id, option.id) not in brought:
                kept.append(option.aloud)
    return kept


def _public(view: View, tabling: tuple[str, ...]) -> list[str]:
    scenario = view.scenario
    texts = [scenario.title, scenario.question, scenario.background, scenario.purpose, scenario.otherwise]
    texts += [party.wants for party in scenario.parties.values()]
    texts += [issue.question for issue in scenario.issues]
    texts += [criterion.asks for _, criterion in scenario.criteria.values()]
    for name in (*view.tabled, *tabling):
        fact = scenario.facts[name]
        texts += [fact.says, fact.plainly, fact.aloud, fact.source]
    return [text for text in texts if text]


def _with(fault: SeatError, used: Usage, told_of: _Exchanges) -> SeatError:
    """The fault, with what all calls of this turn used."""
    own = fault.volatile.get("usage")
    total = used.plus(Usage(**own)) if own else used
    fault.volatile = {**fault.volatile, "usage": total._asdict(), **told_of.volatile}
    return fault
