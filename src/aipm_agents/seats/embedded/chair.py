"""How the embedded PM runs the table in words: framing, the turn after a ruling, the read-back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.roles import PM
from aipm_agents.seats.embedded import enquiry
from aipm_agents.seats.embedded.asking import question_act, still_unshown
from aipm_agents.seats.embedded.interests import dice
from aipm_agents.seats.embedded.voice import Act, bank, chosen, listed, name, prose, speak
from aipm_agents.table.events import Answered, Injected, Proposed, Reported, Ruled, last_ruling, positions
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
    question = enquiry.question(view, mediator, package)
    commissions = enquiry.sends_for(view, package)
    asking = question.about if question else None
    acts = _first(view, package) if view.package is None else _next(view, package, asking)
    acts += _commission_acts(view, commissions)
    if question is not None:
        acts.append(_question_act(view, mediator, question))
    return Proposal(package=package, question=question, commissions=commissions, says=speak(view, acts))


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


def _question_act(view: View, mediator: Mediator, question: Question) -> Act:
    act = question_act(view, question)
    if act.name == "question_issue" and enquiry.nothing_passes(view, mediator):
        return act._replace(name="question_open")
    return act


def _commission_acts(view: View, commissions: tuple[str, ...]) -> list[Act]:
    facts = [view.scenario.facts[each] for each in commissions]
    return [
        Act("sends_for", {"study": fact.study.asks, "round": str(view.round + (fact.takes or 0))})
        for fact in facts if fact.study is not None
    ]  # fmt: skip


def _first(view: View, package: Package) -> list[Act]:
    return [*_translation(view), Act("first", {"package": _labels(view, package)})]


def _next(view: View, package: Package, asking: str | None) -> list[Act]:
    """What the PM makes of the last ruling, and what it changes: three acts at most."""
    ruling, before = last_ruling(view.events), view.package
    if ruling is None or before is None:
        return _first(view, package)
    acts = [*_translation(view), *_two_things(view), *_on_findings(view, ruling, package, asking)]
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
        elif isinstance(event, Reported) and event.round == view.round:
            fact = view.scenario.facts[event.evidence[0]]
            return [Act("study_in", {"plainly": fact.plainly or fact.says})]
    for role, each in reversed(since):
        fact = view.scenario.facts[each]
        if fact.plainly:
            return [Act("plainly", {"who": name(view, role), "plainly": fact.plainly})]
    return []


def _two_things(view: View) -> list[Act]:
    """A word that turned out, in the round before, to mean two things here."""
    means: dict[str, list[Role]] = {}
    for role, word in view.heard.meanings:
        means.setdefault(word, []).append(role)
    last = [
        (event.role, event.move.answer.about) for event in view.events
        if isinstance(event, Answered) and event.round == view.round - 1 and event.move.answer is not None
    ]  # fmt: skip
    for word, roles in means.items():
        if len(roles) > 1 and any((role, word) in last for role in roles):
            one, other = roles[-2:]
            terms = {role: view.scenario.parties[role].terms[word].rstrip(".") for role in (one, other)}
            slots = {"word": word, "one": name(view, one), "other": name(view, other)}
            return [Act("two_things", {**slots, "mine": terms[one], "yours": terms[other]})]
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
    for finding in ruling.findings:
        criterion = scenario.criteria[finding.criterion][1]
        if finding.contests and criterion.blocking and still_unshown(view, finding.criterion, package):
            contest = finding.contests[0]
            limit = scenario.facts[contest.evidence].limit(contest.ground)
            slots = {"who": name(view, contest.by[0]), "asks": criterion.asks}
            return [Act("contested", {**slots, "limit": limit.says.rstrip(".")} if limit else slots)]
    for name_ in filter(lambda each: still_unshown(view, each, package), ruling.asked):
        checkpoint, criterion = scenario.criteria[name_]
        if criterion.owner != PM and name_ != asking:
            who = name(view, criterion.owner)
            slots = {"who": who, "checkpoint": called[checkpoint], "asks": criterion.asks}
            return [Act("not_shown", slots)]
    return []


def _on_change(view: View, ruling: Ruled, before: Package, package: Package) -> list[Act]:
    answers = positions(view.events, ruling.round)
    against = [role for role in view.scenario.colleagues if role not in ruling.team.yes]
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
    addressed = against or [dice(view, PM, "address").choice(view.scenario.colleagues)]
    who = {"who": name(view, dice(view, PM, "address").choice(addressed))}
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
