"""Turning points in words: what was said, by whom and when, and what it changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from aipm_agents.analysis.debrief.turning_points import WARMTH, turned, weightiest
from aipm_agents.language import mark, tr, tr_n
from aipm_agents.report.papers.blocks import Heading, Lines, Quote, Quotes
from aipm_agents.report.papers.typography import quoted, sentences, shortened, together
from aipm_agents.report.words import changed_figure, fact_text, numbers, phrase, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from aipm_agents.analysis.debrief.turning_points import Turning
    from aipm_agents.analysis.run.summary import Gate
    from aipm_agents.analysis.run.what_if import Shift
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario

FEW = 3
"""Turning points told first."""
MOST = 5
"""Changes of one package that are told."""
GATES: vocabulary.Vocabulary[Gate] = vocabulary.Vocabulary({
    "desire": mark("Desire"), "feasible": mark("Feasible"), "viable": mark("Viable"),
    "people": mark("Alignment: people"), "team": mark("Alignment: team"),
})  # fmt: skip


def moments(
    scenario: Scenario, found: tuple[Turning, ...], *, full: bool, unheard: bool = False
) -> Iterator[Block]:
    """`unheard`: nobody wrote down the reasons."""
    yield Heading(tr("Turning points") if turned(found) or not found else tr("What it rested on"))
    if not found:
        yield Lines((tr("None: no fact that came out changed a ruling, and no vote changed."),))
        return
    yield Quotes(tuple(
        Quote(place(scenario, each), _quoted(scenario, each, full=full), what_it_did(scenario, each, unheard=unheard, full=full))
        for each in (found if full else weightiest(found, FEW))
    ))  # fmt: skip


def _quoted(scenario: Scenario, each: Turning, *, full: bool) -> str:
    """What was said with it. On two screens a plan is told by what changed in it: the speech says the same."""
    said = to_the_point(scenario, each) if full or each.kind != "package" else ""
    return quoted(said, 900 if full else 150) if said else ""


def to_the_point(scenario: Scenario, each: Turning) -> str:
    """Of a speech the sentences that did it, known by the case's own words: the fact, the option, what is new in a package
    and the questions it met. All of it where none has them, and of votes, challenges and holds."""
    match each.kind:
        case "fact":
            fact = scenario.facts[each.name]
            words = [*sentences(fact.aloud or ""), *sentences(fact.says)]
            return _kept(each.says, lambda said: any(said in text or text in said for text in words))
        case "option" | "package":
            names = [scenario.label(each.name, each.part)] if each.kind == "option" else [
                scenario.label(i, o) for i, o in (each.package or {}).items() if (each.before or {}).get(i) != o
            ]  # fmt: skip
            names += [
                scenario.criteria[n][1].asks for n in (*each.gained, *each.together) if n in scenario.criteria
            ]
            return _kept(each.says, lambda said: any(name.rstrip("?？") in said for name in names))
        case "vote" | "challenge" | "hold" | "news":
            return each.says
    assert_never(each.kind)


def _kept(says: str, wanted: Callable[[str], bool]) -> str:
    """The sentences that are wanted, with a gap where something between them is left out."""
    texts: list[str] = []
    last = None
    found = sentences(says)
    for number, said in enumerate(found):
        if wanted(said):
            texts += ["…"] if last is not None and number > last + 1 else []
            texts.append(said)
            last = number
    return together(texts) or says


def _teller(scenario: Scenario, by: Role | None) -> str:
    return scenario.card(by).called if by else tr("from outside")


def place(scenario: Scenario, each: Turning) -> str:
    return tr("{when}, {who}", when=phrase.when(each.round), who=_teller(scenario, each.role))


def what_it_did(scenario: Scenario, each: Turning, *, unheard: bool = False, full: bool = True) -> str:
    texts = [_vote(each) if unheard and each.kind == "vote" else _deed(scenario, each, unheard=unheard)]
    if each.kind != "vote" and each.was != each.now:
        texts.append(tr("In the same turn: {vote}", vote=_vote(each)))
    if moved := [
        pair for pair in each.moved if pair[0] not in (*each.gained, *each.together)
    ]:  # who is told already
        who = phrase.listed(
            tr("{who} ({when})", who=scenario.card(role).called, when=phrase.when(number))
            for role, number in moved
        )
        texts.append(tr("Named as a reason by {who}.", who=who))
    if each.heard:
        new = phrase.listed(
            tr("{fact} ({told}, {when})", fact=quoted(fact_text.fact(scenario, name), 90), told=_teller(scenario, by), when=phrase.when(number))
            for name, by, number in each.heard
        )  # fmt: skip
        who = phrase.listed(dict.fromkeys(_teller(scenario, by) for _, by, _ in each.heard))
        texts.append(tr("Also new since the vote before: {facts}.", facts=new) if full else tr("A fact came out before that vote, too ({who}).", who=who))  # fmt: skip
    if full:
        texts += [tr("{who} said with the yes: {says}", who=scenario.card(role).called, says=quoted(says)) for role, says in each.said]  # fmt: skip
    return together(texts)


def _deed(scenario: Scenario, each: Turning, *, unheard: bool) -> str:
    match each.kind:
        case "fact":
            fact, gates = scenario.facts[each.name], without(each.shifts)
            told = tr("In the case's plain words: {fact}", fact=shortened(fact.plainly, 160)) if fact.plainly else tr("Told: {fact}", fact=quoted(fact.says, 160))  # fmt: skip
            gone = tr("Had nobody told it, {gates}.", gates=gates) if len(fact.held_by) > 1 else tr("Without it {gates}.", gates=gates)  # fmt: skip
            return together((told, gone))
        case "option":
            label = scenario.label(each.name, each.part)
            return tr(
                "Brought {option}, which was on nobody's list; the PM took it up.", option=quoted(label)
            )
        case "challenge":
            name, ground = each.name, each.part
            fact = scenario.facts[name]
            told = tr(
                "Challenged {fact} on {ground}, and there was something to it.",
                fact=quoted(fact.plainly or fact.says, 80), ground=vocabulary.GROUNDS[ground],  # type: ignore[index]
            )  # fmt: skip
            return together(
                (
                    told,
                    tr("Without the challenge {gates}.", gates=without(each.shifts)) if each.shifts else "",
                )
            )
        case "news":
            now = changed_figure.sentences(scenario, each.changes)
            return together((*now, tr("Had it changed no figure, {gates}.", gates=without(each.shifts))))
        case "vote":
            return _vote(each, scenario)
        case "package":
            return together(_package(scenario, each, unheard=unheard))
        case "hold":
            asks = quoted(scenario.criteria[each.name][1].asks) if each.name in scenario.criteria else ""
            return tr("Held a deal that all four let through, for {asks}", asks=asks)
    assert_never(each.kind)


def without(shifts: Iterable[Shift], *, now: bool = False) -> str:
    """`Desire would have read NOT SHOWN instead of pass in rounds 2 to 5`. `now`: as they would have come out with something
    more, not with something less."""
    by: dict[tuple[Gate, str, str], list[int]] = {}
    for shift in shifts:
        was, is_ = vocabulary.VERDICTS[shift.was], vocabulary.VERDICTS[shift.now]
        verdict, stood = (is_, was) if now else (was, is_)
        by.setdefault((shift.gate, verdict, stood), []).append(shift.round)
    return tr("; ").join(
        tr(
            "{gate} would have read {verdict} instead of {stood} in {rounds}", gate=GATES[gate], verdict=verdict,
            stood=stood, rounds=phrase.rounds(rounds),
        )
        for (gate, verdict, stood), rounds in by.items()
    )  # fmt: skip


def _vote(each: Turning, scenario: Scenario | None = None) -> str:
    assert each.was is not None
    assert each.now is not None
    if each.was != each.now:
        text = tr("From {was} to {now}", was=vocabulary.VOTES[each.was], now=vocabulary.VOTES[each.now])
        if each.once is not None:
            text = tr("{text}, as in {round}", text=text, round=phrase.when(each.once))
    else:
        text = tr("No vote turned: still {now}", now=vocabulary.VOTES[each.now])
    if each.gave > 0 and each.was == each.now == "yes":  # it asked for nothing
        text = tr("{text}, to a package worth {points} points less on that card", text=text, points=numbers.figure(each.gave))  # fmt: skip
    elif each.gave > 0:
        text = tr(
            "{text}, giving up {points} points of what that card had asked for",
            text=text,
            points=numbers.figure(each.gave),
        )
    elif each.gave < 0:
        text = tr("{text}, asking {points} points more", text=text, points=numbers.figure(-each.gave))
    if each.was != each.now and each.better:
        more = mark(
            "{text}; on that card the package is worth {points} points more than the one voted on before"
        )
        less = mark(
            "{text}; on that card the package is worth {points} points less than the one voted on before"
        )
        text = tr(more if each.better > 0 else less, text=text, points=numbers.figure(abs(each.better)))
    if scenario is None or _hardened(each):
        return tr("{text}.", text=text)  # a reason is asked of whoever softens
    if each.reasons:
        why = phrase.listed(fact_text.source(scenario, source) for source in each.reasons)
        return tr("{text}; moved by {why}.", text=text, why=why)
    if each.asked:
        return tr("{text}; something that it had made a condition is new in the package.", text=text)
    return tr("{text}; no reason on record.", text=text)


def _hardened(each: Turning) -> bool:
    assert each.was is not None
    assert each.now is not None
    warmer = WARMTH[each.now] - WARMTH[each.was]
    return warmer < 0 or (warmer == 0 and each.gave < 0)


def _package(scenario: Scenario, each: Turning, *, unheard: bool) -> Iterator[str]:
    yield tr("Proposed {change}.", change=_change(scenario, each))
    if met := [quoted(scenario.criteria[name][1].asks) for name in each.gained if name in scenario.criteria]:
        yield tr("With that it met {asks}", asks=phrase.listed(met))
    if each.broke:
        yield tr("It broke {asks}, which the package before would have met.", asks=phrase.listed(quoted(scenario.criteria[name][1].asks) for name in each.broke))  # fmt: skip
    if each.shifts:
        yield tr("With the package before, {gates}.", gates=without(each.shifts))
    if roles := [name for name in each.gained if name in scenario.parties]:
        yield tr(
            "With it came the yes of {who}, who named it as a reason.", who=phrase.names(scenario, roles)
        )
    if criteria := tuple(name for name in each.together if name in scenario.criteria):
        yield tr("{what}: met by this and by what has come since the ruling before; neither would have done it alone.", what=_won(scenario, criteria))  # fmt: skip
    if both := tuple(name for name in each.together if name in scenario.parties):
        yield tr("{what}: for this, and for other reasons given.", what=phrase.begun(_won(scenario, both)))
    if each.asked:
        yield tr("With it came {what}, who had made something in it a condition.", what=_won(scenario, each.asked))  # fmt: skip
    if rest := tuple(role for role in each.besides if role not in each.asked):
        without_it = mark("With it came {what}; for what reason, nobody wrote down.") if unheard else mark("With it came {what}, who did not name it.")  # fmt: skip
        yield tr(without_it, what=_won(scenario, rest))
    if each.lost:
        yield tr("Gone with it: {what}, given to the package before.", what=_won(scenario, each.lost))


def _won(scenario: Scenario, gained: tuple[str, ...]) -> str:
    roles = [name for name in gained if name in scenario.parties]
    asks = [quoted(scenario.criteria[name][1].asks) for name in gained if name not in roles]
    if roles:
        asks.append(tr("the yes of {who}", who=phrase.names(scenario, roles)))
    return phrase.listed(asks)


def _change(scenario: Scenario, each: Turning) -> str:
    """Every issue that changed: which of them did it is told beside."""
    before, now = each.before or {}, each.package or {}
    changed = [issue for issue in now if issue in before and before[issue] != now[issue]]
    told = tr("; ").join(
        tr(
            "{now} instead of {was}", now=quoted(scenario.label(i, now[i])), was=quoted(scenario.label(i, before[i])))
        for i in changed[:MOST]
    )  # fmt: skip
    rest = len(changed) - MOST
    return (
        tr_n("{told} and {n} more change", "{told} and {n} more changes", rest, told=told)
        if rest > 0
        else told
    )
