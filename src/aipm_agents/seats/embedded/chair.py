"""How the embedded PM runs the table in words: framing, the turn after a ruling, the read-back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.roles import PM
from aipm_agents.seats.embedded import enquiry
from aipm_agents.seats.embedded.asking import question_act, still_unshown
from aipm_agents.seats.embedded.interests import dice
from aipm_agents.seats.embedded.leaning import in_order
from aipm_agents.seats.embedded.news import read_aloud, translated, two_things
from aipm_agents.seats.embedded.voice import Act, bank, chosen, listed, name, prose, speak, styled
from aipm_agents.table.events import (
    Ruled,
    Signed,
    last_ruling,
    positions,
)
from aipm_agents.table.moves import Proposal, Question, Signing, Words

if TYPE_CHECKING:
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package
    from aipm_agents.seats.embedded.mediator import Mediator
    from aipm_agents.styles import Style
    from aipm_agents.table.moves import Trade
    from aipm_agents.table.view import View

HOLD_ROUNDS = 2
"""Rounds that must be left for a hold: one to show it, one to spare."""


def framing(view: View, style: Style | None = None) -> Words:
    scenario, joins = view.scenario, bank(view.scenario.language)["joins"]
    if scenario.purpose:
        acts = [Act("frame", {"purpose": prose(view).bare(scenario.purpose)})]
    else:
        acts = [Act("frame_bare", {"question": scenario.question})]
    if style is not None:
        acts.append(Act("frame_style", lines=styled(view, style, "frame", {}), bare=True))
    if scenario.affected:
        acts.append(Act("frame_affected", _empty_chair(view)))
    others = [name(view, role) for role in scenario.agreement.veto if role != PM]
    if PM in scenario.agreement.veto:
        vetoes = joins["veto"].format(who=listed(view, others)) if others else joins["veto_pm"]
    else:
        vetoes = joins["veto_one"].format(who=listed(view, others)) if others else joins["veto_none"]
    counts = {"needed": scenario.agreement.accept_at_least, "seats": len(scenario.parties)}
    numbers = {slot: prose(view).counted(count) for slot, count in counts.items()}
    acts.append(Act("frame_deal", {**numbers, "vetoes": vetoes}))
    return Words(says=speak(view, acts))


def proposal(view: View, mediator: Mediator) -> Proposal:
    package, style = mediator.propose(view), mediator.style
    question = enquiry.question(view, mediator, package)
    commissions = enquiry.sends_for(view, package, style)
    asking = question.about if question else None
    acts = _first(view, package, style) if view.package is None else _next(view, package, asking, style)
    acts += _commission_acts(view, commissions)
    if question is not None:
        acts.append(_question_act(view, mediator, question))
    return Proposal(package=package, question=question, commissions=commissions, says=speak(view, acts))


def signing(view: View, style: Style | None = None) -> Signing:
    scenario = view.scenario
    assert view.package is not None
    if style is not None and (held := _to_hold(view, style)):
        return _hold(view, style, held)
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


_STYLED = {"evidence": ("question_criterion", "question_lens"), "order": ("question_issue",)}
"""What a style has its own words for, by what it asks for."""


def _to_hold(view: View, style: Style) -> str | None:
    """A follow-up of its first checkpoint that a style holds the pen for, where it can still be shown or mended:
    once a run, and while there is time."""
    ruling = last_ruling(view.events)
    held = any(isinstance(event, Signed) for event in view.events)
    if not style.holds or held or ruling is None or view.round + HOLD_ROUNDS > view.scenario.rounds:
        return None
    unmet = [finding.criterion for finding in ruling.findings
             if finding.status == "not_shown" or (finding.status == "failed" and finding.opens)]  # fmt: skip
    for name_ in in_order(view, style, unmet):
        if view.scenario.criteria[name_][0] == style.gates[0]:
            return name_
    return None


def _hold(view: View, style: Style, criterion: str) -> Signing:
    asks = view.scenario.criteria[criterion][1].asks
    owner = view.scenario.criteria[criterion][1].owner
    slots = {"asks": asks, "who": name(view, owner)}
    says = speak(view, [Act("hold", lines=styled(view, style, "hold", slots), bare=True)])
    return Signing(signs=False, criterion=criterion, reason=asks, says=says)


def _question_act(view: View, mediator: Mediator, question: Question) -> Act:
    act = question_act(view, question)
    style = mediator.style
    if style is not None and act.name in _STYLED[style.asks]:
        return act._replace(lines=styled(view, style, "asks", act.slots))
    if act.name == "question_issue" and enquiry.nothing_passes(view, mediator):
        return act._replace(name="question_open")
    return act


def _commission_acts(view: View, commissions: tuple[str, ...]) -> list[Act]:
    facts = [view.scenario.facts[each] for each in commissions]
    return [
        Act("sends_for", {"study": fact.study.asks, "round": str(view.round + (fact.takes or 0))})
        for fact in facts if fact.study is not None
    ]  # fmt: skip


def _first(view: View, package: Package, style: Style | None = None) -> list[Act]:
    slots = {"package": _labels(view, package)}
    lines = styled(view, style, "first", slots) if style is not None else ()
    return [*read_aloud(view), *translated(view), Act("first", slots, lines)]


def _next(view: View, package: Package, asking: str | None, style: Style | None = None) -> list[Act]:
    """What the PM makes of the last ruling, and what it changes: three acts at most."""
    ruling, before = last_ruling(view.events), view.package
    if ruling is None or before is None:
        return _first(view, package)
    cure, trade = _cure(view, ruling, package), _trade_taken(view, ruling, package)
    if trade and any(choice in cure.items() for choice in (*trade[1].give.items(), *trade[1].get.items())):
        cure = {}  # the trade names it
    acts = [*read_aloud(view), *translated(view), *two_things(view)]
    acts += _on_findings(view, ruling, package, cure, asking, style)
    change, named = _on_trade(view, *trade) if trade else _on_change(view, ruling, before, package, cure)
    acts = [*acts, change][:3]
    told = {**cure, **named} if change in acts else cure
    return [*acts, *_besides(view, before, package, told), *_on_trades(view, ruling, package)]


def _besides(view: View, before: Package, package: Package, told: Package) -> list[Act]:
    """Whatever else is new, so that what is said to have changed is all that did."""
    rest = {
        issue: option for issue, option in package.items() if option != before[issue] and issue not in told
    }
    return [Act("besides", {"option": chosen(view, rest)})] if rest else []


def _cure(view: View, ruling: Ruled, package: Package) -> Package:
    """What the new package takes up to mend the first thing that failed."""
    for finding in ruling.findings:
        if finding.status == "failed" and view.scenario.criteria[finding.criterion][1].blocking:
            return next((c for c in finding.opens if all(package[i] == o for i, o in c.items())), {})
    return {}


def _on_findings(
    view: View, ruling: Ruled, package: Package, cure: Package, asking: str | None, style: Style | None
) -> list[Act]:
    """What stopped the last package, and what is taken up to mend it, if that is to be named here."""
    scenario, called = view.scenario, bank(view.scenario.language)["joins"]["checkpoints"]
    for finding in ruling.findings:
        checkpoint, criterion = scenario.criteria[finding.criterion]
        slots = {"checkpoint": called[checkpoint], "asks": criterion.asks}
        if finding.status == "failed" and criterion.blocking:
            if cure:
                return [Act("blocked_open", {**slots, "option": chosen(view, cure)})]
            return [Act("blocked", slots)]
    for finding in ruling.findings:
        criterion = scenario.criteria[finding.criterion][1]
        if finding.contests and criterion.blocking and still_unshown(view, finding.criterion, package):
            contest = finding.contests[0]
            limit = scenario.facts[contest.evidence].limit(contest.ground)
            slots = {"who": name(view, contest.by[0]), "asks": criterion.asks}
            return [Act("contested", {**slots, "limit": limit.says.rstrip(".")} if limit else slots)]
    for name_ in enquiry.still_asked(view, ruling, package, style):
        checkpoint, criterion = scenario.criteria[name_]
        if criterion.owner != PM and name_ != asking:
            who = name(view, criterion.owner)
            slots = {"who": who, "checkpoint": called[checkpoint], "asks": criterion.asks}
            return [Act("not_shown", slots)]
    return []


def _trade_taken(view: View, ruling: Ruled, package: Package) -> tuple[Role, Trade] | None:
    for role, event in positions(view.events, ruling.round).items():
        trade = event.move.trade
        if trade and all(package[i] == o for i, o in (*trade.give.items(), *trade.get.items())):
            return role, trade
    return None


def _on_trade(view: View, role: Role, trade: Trade) -> tuple[Act, Package]:
    swap = {"give": chosen(view, trade.give), "get": chosen(view, trade.get)}
    return Act("trade_taken", {"who": name(view, role), **swap}), {**trade.give, **trade.get}


def _on_change(
    view: View, ruling: Ruled, before: Package, package: Package, cure: Package
) -> tuple[Act, Package]:
    """What has changed for whom, beside the cure, which is said already; and the choices that names."""
    against = [role for role in view.scenario.colleagues if role not in ruling.team.yes]
    changed = [issue for issue in package if package[issue] != before[issue]]
    for role, event in positions(view.events, ruling.round).items():
        for ask in event.move.asks:
            if ask.issue in set(changed) - cure.keys() and package[ask.issue] in ask.options:
                named = {ask.issue: package[ask.issue]}
                return Act("moved", {"who": name(view, role), "option": chosen(view, named)}), named
    addressed = against or [dice(view, PM, "address").choice(view.scenario.colleagues)]
    who = {"who": name(view, dice(view, PM, "address").choice(addressed))}
    if not changed:
        return Act("alone" if len(against) == 1 else "stay", who), {}
    return Act("again", who), {}


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
