"""Whom it is for, said at the start and read back before signing; and what a style holds the pen for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.roles import PM
from aipm_agents.scenario.phrasing import fits
from aipm_agents.seats.embedded.leaning import in_order
from aipm_agents.seats.embedded.phrases import joins
from aipm_agents.seats.embedded.voice import Act, asked, listed, name, package_read, prose, speak, styled
from aipm_agents.table.events import Signed, last_ruling
from aipm_agents.table.moves import Signing, Words
from aipm_agents.table.studies import pending

if TYPE_CHECKING:
    from aipm_agents.styles import Style
    from aipm_agents.table.view import View

HOLD_ROUNDS = 2
"""Rounds that must be left for a hold: one to show it, one to spare."""


def framing(view: View, style: Style | None = None) -> Words:
    scenario, between = view.scenario, joins(view.scenario.language)
    question = {"question": asked(view, scenario.question)}
    if scenario.criteria:
        acts = [_serving(view, "frame", {}) or Act("frame_bare", question)]
    else:  # a game of votes alone: there are no four questions to ask
        acts = [Act("frame_plain", question)]
    if style is not None:
        acts.append(Act("frame_style", lines=styled(view, style, "frame", {}), bare=True))
    if scenario.affected:
        acts.append(Act("frame_affected", _empty_chair(view)))
    others = [name(view, role) for role in scenario.agreement.veto if role != PM]
    if PM in scenario.agreement.veto:
        vetoes = between["veto"].format(who=listed(view, others)) if others else between["veto_pm"]
    else:
        vetoes = between["veto_one"].format(who=listed(view, others)) if others else between["veto_none"]
    counts = {"needed": scenario.agreement.accept_at_least, "seats": len(scenario.parties)}
    numbers = {slot: prose(view).counted(count) for slot, count in counts.items()}
    acts.append(Act("frame_deal", {**numbers, "vetoes": vetoes}))
    return Words(says=speak(view, acts))


def signing(view: View, style: Style | None = None) -> Signing:
    scenario = view.scenario
    assert view.package is not None
    if style is not None and (held := _to_hold(view, style)):
        return _hold(view, style, held)
    slots = {"package": package_read(view, view.package)}
    acts = [_serving(view, "sign", slots) or Act("sign_bare", slots)]
    if scenario.success:
        by = joins(scenario.language)["by"] + scenario.success.by if scenario.success.by else ""
        acts.append(
            Act(
                "sign_goal",
                {"metric": scenario.success.metric, "to": prose(view).bare(scenario.success.to), "by": by},
            )
        )
        if scenario.success.guardrail:
            acts.append(Act("sign_guard", {"guardrail": prose(view).bare(scenario.success.guardrail)}))
    acts += _without_study(view)
    if scenario.affected:
        acts.append(Act("sign_affected", _empty_chair(view)))
    return Signing(signs=True, says=speak(view, acts))


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


def _serving(view: View, act: str, slots: dict[str, str]) -> Act | None:
    """Whom it serves, in a sentence where the purpose is written to stand in one, else as it is written."""
    purpose = view.scenario.purpose
    if not purpose:
        return None
    if not fits("purpose", purpose, view.scenario.language):
        return Act(f"{act}_title", {**slots, "purpose": asked(view, purpose)})
    written = prose(view)
    return Act(act, {**slots, "purpose": written.lowered(written.bare(purpose))})


def _hold(view: View, style: Style, criterion: str) -> Signing:
    asks = view.scenario.criteria[criterion][1].asks
    owner = view.scenario.criteria[criterion][1].owner
    slots = {"asks": asked(view, asks), "who": name(view, owner)}
    says = speak(view, [Act("hold", lines=styled(view, style, "hold", slots), bare=True)])
    return Signing(signs=False, criterion=criterion, reason=asks, says=says)


def _empty_chair(view: View) -> dict[str, str]:
    """Who is not in the room, and what they stand to lose."""
    absent, written = view.scenario.affected[0], prose(view)
    return {"affected": written.lowered(absent.who), "stake": written.bare(absent.stake)}


def _without_study(view: View) -> list[Act]:
    """What was sent for and is not back when the deal is signed, as what it is for has been met without it."""
    ruling = last_ruling(view.events)
    met = {finding.criterion for finding in ruling.findings if finding.status == "met"} if ruling else set()
    studies = (view.scenario.facts[each].study for each in pending(view.events))
    return [
        Act("sign_study", {"study": asked(view, study.asks)}, holds=frozenset({"shown_since"}))
        for study in studies if study is not None and study.about and met.issuperset(study.about)
    ][:1]  # fmt: skip
