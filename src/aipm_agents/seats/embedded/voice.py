"""From acts to speech: phrase banks by language, voice and act, filled with the scenario's own words.

A seat says nothing twice in a run and never opens two turns with the same word while its bank has another; both are
read off the record, so the voice needs no memory of its own. A line that presupposes what the move does not hold is
never drawn. When a voice has used its lines up, it draws on those that are anyone's; seats that speak in the same
round, and so do not hear each other, are dealt different ones.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.roles import BUILT_IN, PM
from aipm_agents.seats.embedded.interests import dice
from aipm_agents.seats.embedded.phrases import bank, joins
from aipm_agents.seats.embedded.prose import PROSE
from aipm_agents.table.events import Answered, Framed, Opened, Proposed, Signed
from aipm_agents.table.heard import has
from aipm_agents.table.memory import remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package
    from aipm_agents.seats.embedded.phrases import Phrase
    from aipm_agents.seats.embedded.prose import Prose
    from aipm_agents.styles import Style
    from aipm_agents.table.view import View

VOTES = (
    "yes", "yes_moved", "yes_fact", "yes_time", "yes_after_all", "yes_closer", "yes_concern",
    "yes_if", "trade", "taken_out", "no", "no_ask", "no_left", "red_line",
)  # fmt: skip
"""The acts that say a vote."""
CHANGES = ("besides", "back")
"""The acts that say what a package has that the one before had not."""
ANYONE = "anyone"
OPTIONAL = (
    "pickup_ask",
    "pickup_earlier",
    "pickup_fact",
    "pickup_no",
    "pickup_yes",
    "news_bare",
    "stay",
    "again",
)
"""The acts a turn is whole without."""
LAST = ("question_", "asks", "besides", "back", "trade_", "more", "argument")
"""How acts are called that lean on what was said before them."""


class Act(NamedTuple):
    """One thing a turn does, to be put into words."""

    name: str
    slots: dict[str, str] = {}
    lines: tuple[str, ...] = ()
    """The scenario's own sentences for it; they come before the bank's."""
    bare: bool = False
    """True where nothing is said unless the scenario has a sentence for it."""
    holds: frozenset[str] = frozenset()
    """What lines may presuppose here."""
    else_: str = ""
    """The act whose lines serve when this one's are used up."""


def prose(view: View) -> Prose:
    """How the table's language is written."""
    return PROSE[view.scenario.language]


def joined(view: View, key: str) -> str:
    return str(joins(view.scenario.language)[key])


_wordless: ContextVar[bool] = ContextVar("wordless", default=False)


@contextmanager
def wordless(wanted: bool) -> Iterator[None]:
    """While it lasts, turns are taken without a word."""
    before = _wordless.set(wanted)
    try:
        yield
    finally:
        _wordless.reset(before)


def speak(view: View, acts: Sequence[Act]) -> str:
    """A turn in words: each act its sentence, in order, as far as there are fresh ones."""
    if _wordless.get():
        return ""
    said, written = _said(view), prose(view)
    own = [text for role, text in said if role == view.role]
    before = " ".join(text for _, text in said)
    openers = {written.opener(text) for text in own}
    turn: list[str] = []
    kinds: list[str] = []
    for act in acts:
        heard = " ".join((before, *turn))
        line = _first(_lines(view, act, heard, own=True), written, turn, openers)
        if line is None:
            line = _first(_lines(view, act, heard, own=False), written, turn, openers)
        if line is None and act.name in (*VOTES, *CHANGES):  # never silent about a vote, nor about a change
            line = joined(view, act.name).format_map(act.slots)
        if line is not None:
            turn.append(line)
            kinds.append(act.name)
    if not turn and view.round:
        turn = [joined(view, "stand").format(n=view.round)]
    return written.joined(_begun(written, turn, kinds, openers))


def _begun(written: Prose, turn: list[str], kinds: list[str], openers: set[str]) -> list[str]:
    """A turn that begins as none did before, as far as its order allows: what may go unsaid is left out, or one sentence
    is said first. An answer stays in front, and a question at the end."""
    if len(turn) < 2 or written.opener(turn[0]) not in openers or kinds[0].startswith("reply_"):
        return turn
    if kinds[0] in OPTIONAL and written.opener(turn[1]) not in openers:
        return turn[1:]
    for number, (line, kind) in enumerate(zip(turn, kinds, strict=True)):
        if written.opener(line) not in openers and not kind.startswith(LAST):
            return [line, *turn[:number], *turn[number + 1 :]]
    return turn


def _first(lines: Iterator[str], written: Prose, turn: list[str], openers: set[str]) -> str | None:
    """The first line that is not in the turn yet; one to open it with had better begin as none did before."""
    known = None
    for line in lines:
        if line in turn:
            continue
        if turn or written.opener(line) not in openers:
            return line
        known = known or line
    return known


def styled(view: View, style: Style, act: str, slots: dict[str, str]) -> tuple[str, ...]:
    """A style's own sentences for an act; they come before the PM's."""
    lines = [phrase.says for phrase in bank(view.scenario.language)[f"pm/{style.name}"].get(act, ())]
    dice(view, view.role, f"style/{act}").shuffle(lines)
    before, written = " ".join(text for _, text in _said(view)), prose(view)
    filled = (_filled(written, line, slots) for line in lines if _fresh(written, line, before))
    return tuple(line for line in filled if line)


def said_before(view: View, text: str) -> bool:
    """Whether somebody has said these words in this run."""
    return any(text in words for _, words in _said(view))


def name(view: View, role: str) -> str:
    """A colleague as addressed at the table."""
    return view.scenario.address(role)


def listed(view: View, labels: Iterable[str], *, marked: bool = False) -> str:
    """Labels as a person would read them out; where one has a comma or an "and" of its own and no quotation marks
    (`marked`) that hold it together, further apart."""
    words = list(labels)
    if len(words) < 2:
        return "".join(words)
    parts = "apart" if not marked and any(prose(view).jointed(word) for word in words) else "comma"
    last = joined(view, f"{parts}_and") if len(words) > 2 or parts == "apart" else joined(view, "and")
    return joined(view, parts).join(words[:-1]) + last + words[-1]


def chosen(view: View, choices: Package) -> str:
    """Choices by their labels, in quotation marks: a label is not to be taken for the sentence it stands in."""
    return listed(view, (_labelled(view, *pair) for pair in choices.items()), marked=True)


def package_read(view: View, package: Package) -> str:
    """A whole package read out: plain labels, and a frame for those that say nothing by themselves."""
    return listed(
        view,
        (
            _labelled(view, issue, option)
            if prose(view).bare_answer(view.scenario.label(issue, option)) else view.scenario.label(issue, option)
            for issue, option in package.items()
        ),
    )  # fmt: skip


def cited(view: View, text: str) -> str:
    """A label or a word of the scenario's as it stands inside a sentence."""
    return prose(view).cited(text)


def asked(view: View, text: str) -> str:
    """A whole sentence of the scenario's, a question mostly, as it stands between sentences."""
    return prose(view).asked(text)


def voice_of(view: View, role: Role) -> str:
    """Whose phrases a seat speaks in: its role's, what it is said to sound like, or anyone's."""
    if role == PM:
        return PM
    like = view.scenario.parties[role].sounds_like
    return like or (role if role in BUILT_IN[view.scenario.language] else ANYONE)


def _labelled(view: View, issue: str, option: str) -> str:
    label = view.scenario.label(issue, option)
    if not prose(view).bare_answer(label):
        return cited(view, label)
    return joined(view, "answer").format(
        label=cited(view, label), question=cited(view, view.scenario.issue[issue].question)
    )


def _lines(view: View, act: Act, before: str, *, own: bool) -> Iterator[str]:
    """What can be said for an act: the scenario's sentences, then the voice's own, then anyone's, then those of the act that
    may stand for it; without what was said before and what the move does not hold. `own`: those dealt to this seat, else
    those dealt to others."""
    written = prose(view)
    if own:
        yield from (line for line in act.lines if _fresh(written, line, before))
    for kind in (act.name, act.else_) if not act.bare else ():
        drawn = _drawn(view, kind, before, own=own) if kind else ()
        filled = (_filled(written, phrase.says, act.slots) for phrase in drawn if phrase.needs <= act.holds)
        yield from (line for line in filled if line and line not in before)


def _drawn(view: View, act: str, before: str, *, own: bool) -> Iterator[Phrase]:
    """The fresh phrases this seat may draw for an act in this round, in the order it would; anyone's are looked through
    when its own are used up."""
    mine = voice_of(view, view.role)
    if mine == PM:
        yield from _dealt(view, PM, act, before, [PM], own=own)
        return
    alike = [role for role in view.scenario.colleagues if voice_of(view, role) == mine]
    voiced = [role for role in view.scenario.colleagues if voice_of(view, role) != ANYONE]
    strangers = [role for role in view.scenario.colleagues if role not in voiced]
    if mine != ANYONE:
        yield from _dealt(view, mine, act, before, alike, own=own)
    yield from _dealt(view, ANYONE, act, before, [*strangers, *voiced], own=own)


def _dealt(view: View, voice: str, act: str, before: str, among: list[Role], *, own: bool) -> list[Phrase]:
    """A voice's lines for an act, shuffled alike for all who share them, and dealt out: this seat's, or the others'."""
    lines = list(bank(view.scenario.language)[voice].get(act, ()))
    dice(view, voice, f"voice/{act}").shuffle(lines)
    left = [line for line in lines if _fresh(prose(view), line.says, before)]
    place = among.index(view.role)
    dealt = left[place :: len(among)]
    if not own:
        # rather another's than none: its last, and each seat another, for two who speak at once could say the same; what may
        # go unsaid does
        others = [line for line in reversed(left) if line not in dealt] if act not in OPTIONAL else []
        turn = place % len(others) if others else 0
        dealt = [*others[turn:], *others[:turn]]
    # a word that means something here is not used by the way while there is another line
    return sorted(dealt, key=lambda line: any(has(line.says, word) for word in view.words))


def _filled(written: Prose, line: str, slots: dict[str, str]) -> str | None:
    try:
        return written.mended(line.format_map(slots)) or None
    except KeyError:
        return None


def _fresh(written: Prose, line: str, before: str) -> bool:
    """Whether no sentence of a line, or of a line with slots no part between them, was said before."""
    return not written.said(line, before)


@remembered
def _said(view: View) -> list[tuple[str, str]]:
    spoken = [
        (event.role, event.move.says)
        for event in view.events
        if isinstance(event, Framed | Opened | Proposed | Answered | Signed) and event.move is not None
    ]
    return [(role, text) for role, text in spoken if text]
