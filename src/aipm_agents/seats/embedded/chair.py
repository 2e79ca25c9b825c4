"""How the embedded PM runs the table in words: framing, the turn after a ruling, the read-back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.roles import PM
from aipm_agents.seats.embedded.interests import dice
from aipm_agents.seats.embedded.voice import Act, bank, chosen, listed, name, prose, speak
from aipm_agents.table.events import Answered, Injected, Proposed, Ruled, last_ruling, positions
from aipm_agents.table.moves import Proposal, Question, Signing, Words

if TYPE_CHECKING:
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package
    from aipm_agents.seats.embedded.mediator import Mediator
    from aipm_agents.table.view import View


def framing(view: View) -> Words:
    scenario, joins = view.scenario, bank(view.scenario.language)["joins"]
    if scenario.purpose:
        acts = [Act("frame", {"purpose": prose(view).bare(scenario.purpose)})]
    else:
        acts = [Act("frame_bare", {"question": scenario.question})]
    if scenario.affected:
        acts.append(Act("frame_affected", _empty_chair(view)))
    others = [name(view, role) for role in scenario.agreement.veto if role != PM]
    if PM in scenario.agreement.veto:
        vetoes = joins["veto"].format(who=listed(view, others)) if others else joins["veto_pm"]
    else:
        vetoes = joins["veto_one"].format(who=listed(view, others)) if others else joins["veto_none"]
    numbers = {"needed": str(scenario.agreement.accept_at_least), "seats": str(len(scenario.parties))}
    acts.append(Act("frame_deal", {**numbers, "vetoes": vetoes}))
    return Words(says=speak(view, acts))


def proposal(view: View, mediator: Mediator) -> Proposal:
    package = mediator.propose(view)
    question = _question(view, mediator, package)
    asking = question.about if question else None
    acts = _first(view, package) if view.package is None else _next(view, package, asking)
    if question is not None:
        issue = view.scenario.issue.get(question.about)
        text = issue.question if issue else view.scenario.criteria[question.about][1].asks
        kind = "question_issue" if issue else "question_criterion"
        acts.append(Act(kind, {"who": name(view, question.to), "about": text}))
    return Proposal(package=package, question=question, says=speak(view, acts))


def signing(view: View) -> Signing:
    scenario = view.scenario
    assert view.package is not None
    slots = {"package": _labels(view, view.package)}
    if scenario.purpose:
        acts = [Act("sign", {**slots, "purpose": prose(view).bare(scenario.purpose)})]
    else:
        acts = [Act("sign_bare", slots)]
    if scenario.success:
        by = bank(scenario.language)["joins"]["by"] + scenario.success.by if scenario.success.by else ""
        acts.append(
            Act("sign_goal", {"metric": scenario.success.metric, "to": scenario.success.to, "by": by})
        )
        if scenario.success.guardrail:
            acts.append(Act("sign_guard", {"guardrail": scenario.success.guardrail}))
    if scenario.affected:
        acts.append(Act("sign_affected", _empty_chair(view)))
    return Signing(signs=True, says=speak(view, acts))


def _question(view: View, mediator: Mediator, package: Package) -> Question | None:
    """What nobody has shown, asked around the table; else the list of whoever is least understood."""
    done = {
        (e.move.question.to, e.move.question.about) for e in view.events
        if isinstance(e, Proposed) and e.move is not None and e.move.question is not None
    }  # fmt: skip
    ruling = last_ruling(view.events)
    if ruling is not None:
        for each in ruling.asked:
            owner = view.scenario.criteria[each][1].owner
            others = [r for r in view.scenario.colleagues if r != owner and (r, each) not in done]
            if others and _asked_before(view, each, ruling):
                return Question(to=dice(view, PM, "ask").choice(others), about=each)
    if view.round < 2:
        return None
    role, issue = mediator.least_understood(view, package)
    return None if (role, issue) in done else Question(to=role, about=issue)


def _asked_before(view: View, criterion: str, ruling: Ruled) -> bool:
    """Whether its owner has had a round to answer; what the PM owns itself is asked around at once."""
    return view.scenario.criteria[criterion][1].owner == PM or any(
        isinstance(event, Ruled) and event.round < ruling.round and criterion in event.asked
        for event in view.events
    )


def _first(view: View, package: Package) -> list[Act]:
    return [*_translation(view), Act("first", {"package": _labels(view, package)})]


def _next(view: View, package: Package, asking: str | None) -> list[Act]:
    """What the PM makes of the last ruling, and what it changes: three acts at most."""
    ruling, before = last_ruling(view.events), view.package
    if ruling is None or before is None:
        return _first(view, package)
    acts = [*_translation(view), *_on_findings(view, ruling, package, asking)]
    acts += _on_change(view, ruling, before, package)
    return [*acts[:3], *_on_trades(view, ruling, package)]


def _translation(view: View) -> list[Act]:
    """A fact tabled since the PM last spoke, in words for someone outside the field."""
    since: list[tuple[Role, str]] = []
    for event in view.events:
        if isinstance(event, Proposed):
            since = []
        elif isinstance(event, Answered):
            since += [(event.role, each) for each in event.move.tables]
        elif isinstance(event, Injected) and event.round == view.round:
            news = [view.scenario.facts[each].plainly for each in event.evidence]
            return [Act("news", {"plainly": text}) for text in news[:1] if text] or [Act("news_bare")]
    for role, each in reversed(since):
        fact = view.scenario.facts[each]
        if fact.plainly:
            return [Act("plainly", {"who": name(view, role), "plainly": fact.plainly})]
    return []


def _on_findings(view: View, ruling: Ruled, package: Package, asking: str | None) -> list[Act]:
    scenario, called = view.scenario, bank(view.scenario.language)["joins"]["checkpoints"]
    for finding in ruling.findings:
        checkpoint, criterion = scenario.criteria[finding.criterion]
        slots = {"checkpoint": called[checkpoint], "asks": criterion.asks}
        if finding.status == "failed" and criterion.blocking:
            mended = [c for c in finding.opens if all(package[i] == o for i, o in c.items())]
            if mended:
                return [Act("blocked_open", {**slots, "option": chosen(view, mended[0])})]
            return [Act("blocked", slots)]
    for name_ in ruling.asked:
        checkpoint, criterion = scenario.criteria[name_]
        if criterion.owner != PM and name_ != asking:
            who = name(view, criterion.owner)
            slots = {"who": who, "checkpoint": called[checkpoint], "asks": criterion.asks}
            return [Act("not_shown", slots)]
    return []


def _on_change(view: View, ruling: Ruled, before: Package, package: Package) -> list[Act]:
    answers = positions(view.events, ruling.round)
    against = [role for role in view.scenario.colleagues if role not in ruling.team.yes] or [
        dice(view, PM, "address").choice(view.scenario.colleagues)
    ]
    changed = [issue for issue in package if package[issue] != before[issue]]
    for role, event in answers.items():
        trade = event.move.trade
        if trade and all(package[i] == o for i, o in (*trade.give.items(), *trade.get.items())):
            swap = {"give": chosen(view, trade.give), "get": chosen(view, trade.get)}
            return [Act("trade_taken", {"who": name(view, role), **swap})]
    for role, event in answers.items():
        for ask in event.move.asks:
            if ask.issue in changed and package[ask.issue] in ask.options:
                option = chosen(view, {ask.issue: package[ask.issue]})
                return [Act("moved", {"who": name(view, role), "option": option})]
    who = {"who": name(view, dice(view, PM, "address").choice(against))}
    if not changed:
        return [Act("alone" if len(against) == 1 else "stay", who)]
    return [Act("again", who)]


def _on_trades(view: View, ruling: Ruled, package: Package) -> list[Act]:
    """An offer that is not taken is answered too."""
    for role, event in positions(view.events, ruling.round).items():
        trade = event.move.trade
        if trade and not all(package[i] == o for i, o in trade.get.items()):
            return [Act("trade_left", {"who": name(view, role), "get": chosen(view, trade.get)})]
    return []


def _labels(view: View, package: Package) -> str:
    return listed(view, (view.scenario.label(issue, option) for issue, option in package.items()))


def _empty_chair(view: View) -> dict[str, str]:
    """Who is not in the room, and what they stand to lose."""
    absent, written = view.scenario.affected[0], prose(view)
    return {"affected": written.lowered(absent.who), "stake": written.bare(absent.stake)}
