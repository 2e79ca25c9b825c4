"""How the embedded PM runs the table: what it makes of the last ruling, and what it changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aipm_agents.roles import PM
from aipm_agents.seats.embedded import bargain, enquiry
from aipm_agents.seats.embedded.asking import question_act, sent_for, shown_otherwise, still_unshown
from aipm_agents.seats.embedded.deadlock import Deadlock, deadlock, only_votes
from aipm_agents.seats.embedded.interests import dice
from aipm_agents.seats.embedded.news import answered_by, just_in, put_plainly, read_aloud, two_things
from aipm_agents.seats.embedded.phrases import joins
from aipm_agents.seats.embedded.voice import (
    Act,
    asked,
    chosen,
    cited,
    listed,
    name,
    package_read,
    prose,
    speak,
    styled,
)
from aipm_agents.table.checkpoints import fails, is_open
from aipm_agents.table.events import (
    Proposed,
    Ruled,
    last_ruling,
    positions,
)
from aipm_agents.table.moves import Proposal, Question

if TYPE_CHECKING:
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package
    from aipm_agents.seats.embedded.mediator import Mediator
    from aipm_agents.styles import Style
    from aipm_agents.table.moves import Trade
    from aipm_agents.table.view import View

_WEIGHTY = ("reads_aloud", "news", "study_in", "plainly", "two_things", "stuck", "stuck_mine")
"""What takes the room a while to hear."""
_CHANGED, _UNCHANGED = frozenset({"changed"}), frozenset({"unchanged"})


def proposal(view: View, mediator: Mediator) -> Proposal:
    package, style = mediator.propose(view), mediator.style
    question = enquiry.question(view, mediator, package)
    commissions = enquiry.sends_for(view, package)
    first = view.package is None
    acts = _first(view, package, style) if first else _next(view, mediator, package, question)
    acts += _commission_acts(view, package, commissions)
    if question is not None:
        acts.append(_question_act(view, mediator, question))
    says = _naming_all(view, package, acts)
    return Proposal(package=package, question=question, commissions=commissions, says=says)


def _naming_all(view: View, package: Package, acts: list[Act]) -> str:
    """What the PM says; whatever is new and went unsaid, because a line was spent or cut, is named at its end."""
    says, before = speak(view, acts), view.package or package
    unsaid = {
        issue: option for issue, option in package.items()
        if option != before[issue] and view.scenario.label(issue, option).casefold() not in says.casefold()
    }  # fmt: skip
    if not unsaid:
        return says
    return speak(
        view, [*acts, *_besides(view, before, package, {i: o for i, o in package.items() if i not in unsaid})]
    )


_STYLED = {"evidence": ("question_criterion", "question_lens"), "order": ("question_issue",)}
"""What a style has its own words for, by what it asks for."""


def _question_act(view: View, mediator: Mediator, question: Question) -> Act:
    act = question_act(view, question)
    style = mediator.style
    if style is not None and act.name in _STYLED[style.asks]:
        return act._replace(lines=styled(view, style, "asks", act.slots))
    if question.about in view.scenario.criteria:
        checkpoint, criterion = view.scenario.criteria[question.about]
        if criterion.owner == question.to:  # that is not asking around
            called = joins(view.scenario.language)["checkpoints"][checkpoint]
            return Act(
                "not_shown", {"who": act.slots["who"], "asks": act.slots["about"], "checkpoint": called}
            )
    if act.name == "question_issue" and enquiry.nothing_passes(view, mediator):
        return act._replace(name="question_open")
    return act


def _commission_acts(view: View, package: Package, commissions: tuple[str, ...]) -> list[Act]:
    facts = [(view.scenario.facts[each], "sends_for", "in_time") for each in commissions]
    if not facts and (late := enquiry.too_late(view, package)) is not None:
        facts = [(view.scenario.facts[late], "study_late", "too_late")]
    return [
        Act(
            kind, {"study": asked(view, fact.study.asks), "round": str(view.round + (fact.takes or 0)),
                   "rounds": prose(view).counted(fact.takes or 0)}, holds=frozenset({holds}),
        )
        for fact, kind, holds in facts if fact.study is not None
    ]  # fmt: skip


def _first(view: View, package: Package, style: Style | None = None) -> list[Act]:
    slots = {"package": package_read(view, package)}
    lines = styled(view, style, "first", slots) if style is not None else ()
    return [*read_aloud(view), *put_plainly(view, package), Act("first", slots, lines)]


def _next(view: View, mediator: Mediator, package: Package, question: Question | None) -> list[Act]:
    """What the PM makes of the last ruling, and what it changes: three acts at most."""
    ruling, before, style = last_ruling(view.events), view.package, mediator.style
    if ruling is None or before is None:
        return _first(view, package)
    cure, trade = _cure(view, ruling, before, package), bargain.taken(view, ruling, package)
    if trade and any(choice in cure.items() for choice in (*trade[1].give.items(), *trade[1].get.items())):
        cure = {}  # the trade names it
    answer = _answering_news(view, before, package, {**trade[1].give, **trade[1].get} if trade else {})
    if not answer.keys().isdisjoint(cure):
        cure = {}
    stuck = _stuck(view, ruling) if trade is None and not answer else None
    if stuck is not None:  # that says what the plan has there
        cure = {stuck.issue: package[stuck.issue]}
    news = [*read_aloud(view), *put_plainly(view, package)]
    if answer:
        news.append(Act("by_news", {"option": chosen(view, answer)}, holds=_CHANGED))
    acts = [*news, *two_things(view), *_stuck_acts(view, stuck, package)]
    asking, to = (question.about, question.to) if question else (None, None)
    acts += _on_findings(view, ruling, package, cure if stuck is None else {}, asking, style)
    changes, named = (
        _on_trade(view, *trade) if trade else _on_change(view, ruling, package, {**cure, **answer}, to)
    )
    most = max(3, len(news) + 1)  # whose wish or trade it is, is said whatever else there is
    acts = [*acts[:most], *changes] if named else [*acts, *changes][:most]
    said = any(act.name in ("blocked_open", "stuck", "stuck_mine") for act in acts)  # it may be cut
    told = {**answer, **(cure if said else {}), **named}
    if (
        sum(act.name in _WEIGHTY for act in acts) > 1
    ):  # that is a breath: whose wish is not in hears it another time
        return [*acts, *_besides(view, before, package, told)]
    left = bargain.left(view, mediator, ruling, package)
    if not left and stuck is None and (left := bargain.passed_over(view, mediator, ruling, package, to)):
        acts = [act for act in acts if act.name not in ("again", "stay")]  # that is somebody to turn to
    return [*acts, *_besides(view, before, package, told), *left]


def _answering_news(view: View, before: Package, package: Package, named: Package) -> Package:
    """What is new in the package and answers what has just come in, as the last one did not; beside what is `named`."""
    for fact in just_in(view):
        if not answered_by(fact, before) and (answer := answered_by(fact, package)):
            return {i: o for i, o in answer.items() if o != before[i] and i not in named}
    return {}


def _stuck(view: View, ruling: Ruled) -> Deadlock | None:
    """Who stands against whom over what, where that was not so a round ago: it is said once."""
    stuck = deadlock(view)
    earlier = replace(view, events=view.events[: view.events.index(ruling)])
    return stuck if stuck is not None and deadlock(earlier) != stuck else None


def _stuck_acts(view: View, stuck: Deadlock | None, package: Package) -> list[Act]:
    if stuck is None:
        return []
    slots = {
        "one": name(view, stuck.one), "about": asked(view, view.scenario.issue[stuck.issue].question),
        "mine": cited(view, view.scenario.label(stuck.issue, stuck.mine)),
        "yours": cited(view, view.scenario.label(stuck.issue, stuck.yours)),
        "now": cited(view, view.scenario.label(stuck.issue, package[stuck.issue])),
    }  # fmt: skip
    turned = view.package is not None and package[stuck.issue] != view.package[stuck.issue]
    holds = frozenset({"deadlock", "turned"} if turned else {"deadlock"})
    if stuck.other == PM:
        return [Act("stuck_mine", slots, holds=holds)]
    return [Act("stuck", {**slots, "other": name(view, stuck.other)}, holds=holds)]


def _besides(view: View, before: Package, package: Package, told: Package) -> list[Act]:
    """Whatever else is new, so that what is said to have changed is all that did; what an earlier package had, is back."""
    rest = {
        issue: option for issue, option in package.items() if option != before[issue] and issue not in told
    }
    earlier = [e.package for e in view.events if isinstance(e, Proposed) and e.package is not None]
    back = {i: o for i, o in rest.items() if any(each[i] == o for each in earlier)}
    new = {i: o for i, o in rest.items() if i not in back}
    return [
        Act(kind, {"option": chosen(view, choices)}, holds=_CHANGED)
        for kind, choices in (("besides", new), ("back", back)) if choices
    ]  # fmt: skip


def _cure(view: View, ruling: Ruled, before: Package, package: Package) -> Package:
    """What the new package takes up to mend the first thing that failed: as the ruling said, or one other choice that does."""
    for finding in ruling.findings:
        criterion = view.scenario.criteria[finding.criterion][1]
        if finding.status == "failed" and criterion.blocking:
            named = next((c for c in finding.opens if all(package[i] == o for i, o in c.items())), None)
            if named is not None:
                return named
            mends = (
                issue for issue, option in package.items() if option != before[issue]
                and not fails(view.scenario, criterion, {**before, issue: option}, view.tabled)
            )  # fmt: skip
            return {issue: package[issue] for issue in [*mends][:1]}
    return {}


def _on_findings(
    view: View, ruling: Ruled, package: Package, cure: Package, asking: str | None, style: Style | None
) -> list[Act]:
    """What stopped the last package, and what is taken up to mend it, if that is to be named here."""
    scenario, called = view.scenario, joins(view.scenario.language)["checkpoints"]
    for finding in ruling.findings:
        checkpoint, criterion = scenario.criteria[finding.criterion]
        slots = {"checkpoint": called[checkpoint], "asks": asked(view, criterion.asks)}
        if finding.status == "failed" and criterion.blocking:
            if cure:
                return [Act("blocked_open", {**slots, "option": chosen(view, cure)}, holds=_CHANGED)]
            return [Act("blocked", slots)]
    for finding in ruling.findings:
        criterion = scenario.criteria[finding.criterion][1]
        if finding.contests and criterion.blocking and still_unshown(view, finding.criterion, package):
            contest = finding.contests[0]
            limit = scenario.facts[contest.evidence].limit(contest.ground)
            slots = {"who": name(view, contest.by[0]), "asks": asked(view, criterion.asks)}
            return [Act("contested", {**slots, "limit": prose(view).bare(limit.says)} if limit else slots)]
    for name_ in enquiry.still_asked(view, ruling, package, style):
        if name_ in sent_for(view) or shown_otherwise(view, name_, package):
            continue
        checkpoint, criterion = scenario.criteria[name_]
        if criterion.owner != PM and name_ != asking:
            who = name(view, criterion.owner)
            slots = {"who": who, "checkpoint": called[checkpoint], "asks": asked(view, criterion.asks)}
            return [Act("not_shown", slots)]
    return []


def _on_trade(view: View, role: Role, trade: Trade) -> tuple[list[Act], Package]:
    swap = {"give": chosen(view, trade.give), "get": chosen(view, trade.get)}
    return [Act("trade_taken", {"who": name(view, role), **swap})], {**trade.give, **trade.get}


def _on_change(
    view: View, ruling: Ruled, package: Package, cure: Package, to: Role | None
) -> tuple[list[Act], Package]:
    """What has changed for whom, beside the cure, which is said already; and the choices that names. `to`: who is asked
    something in the same turn."""
    before = view.package or package
    against = [role for role in view.scenario.colleagues if role not in ruling.team.yes]
    changed = [issue for issue in package if package[issue] != before[issue]]
    if credited := _asked_for(view, ruling, package, [i for i in changed if i not in cure]):
        acts = [
            Act("moved", {"who": listed(view, (name(view, role) for role in who)), "option": chosen(view, wish)},
                holds=_CHANGED | {"asked_for"})
            for who, wish in credited
        ]  # fmt: skip
        return acts, {issue: option for _, wish in credited for issue, option in wish.items()}
    addressed = [role for role in against if role != to] or against
    addressed = addressed or [dice(view, PM, "address").choice(view.scenario.colleagues)]
    slots = {"who": name(view, dice(view, PM, "address").choice(addressed))}
    if changed:
        return [Act("again", slots, holds=_CHANGED)], {}
    if ruling.too_new and all(map(is_open, (*ruling.verdicts.values(), ruling.team.verdict))):
        facts = [view.scenario.facts[name] for name in ruling.too_new]
        told = prose(view).joined([prose(view).ended(fact.plainly or fact.says) for fact in facts])
        return [Act("unheard", {"plainly": told}, holds=_UNCHANGED)], {}
    if len(against) == 1 and only_votes(view, ruling):
        return [Act("alone", slots, holds=_UNCHANGED | {"votes_only"}, else_="stay")], {}
    return [Act("stay", slots, holds=_UNCHANGED)], {}


def _asked_for(
    view: View, ruling: Ruled, package: Package, changed: list[str]
) -> list[tuple[tuple[Role, ...], Package]]:
    """Who asked for something that is new in the package, and has not said yes: their wish bought nobody's but theirs.
    Two wishes at most, of different people."""
    before = view.package or package
    asked = {
        role: {a.issue for a in event.move.asks if package[a.issue] in a.options and before[a.issue] not in a.options}
        for role, event in positions(view.events, ruling.round).items() if role not in ruling.team.yes
    }  # fmt: skip
    found: dict[tuple[Role, ...], Package] = {}
    for issue in changed:
        if who := tuple(role for role, issues in asked.items() if issue in issues):
            found.setdefault(who, {issue: package[issue]})
    return list(found.items())[:2]
