"""What a teacher takes from a comparison into the room: what nobody saw, and three questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.analysis.run.summary import GATES
from aipm_agents.language import tr
from aipm_agents.report.compare.parting import GATE_TITLES
from aipm_agents.report.papers.plain_text import shortened
from aipm_agents.report.words import fact_text, phrase

if TYPE_CHECKING:
    from aipm_agents.analysis.compare.comparison import Comparison
    from aipm_agents.analysis.compare.divergence import Parting
    from aipm_agents.analysis.run.summary import Gate, Sheet
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.heard import Choice


def blindness(found: Comparison) -> str:
    """What no run did, as the end of the sentence that begins with the heading."""
    if not found.blindness:
        return ""
    code, detail, option = found.blindness[0]
    scenario = found.baseline.scenario
    match code:
        case "fact":
            fact = scenario.facts[detail]
            return tr(
                'heard "{says}" ({held}, who was asked about it).',
                says=shortened(fact.says, 120),
                held=fact_text.held(scenario, detail),
            )
        case "unasked":
            fact = scenario.facts[detail]
            return tr(
                'heard "{says}": nobody asked {who} about it.',
                says=shortened(fact.says, 120),
                who=phrase.names(scenario, fact.held_by),
            )
        case "option":
            label = scenario.label(detail, option)
            return tr(
                'heard of "{label}" ({who} could have brought it).',
                label=label,
                who=_holders(scenario, (detail, option)),
            )
        case "harm":
            return tr("took up the question of harm before round 3.")
        case "trade":
            return tr("heard a single trade offered.")
        case _:
            best = found.baseline.outcome.baselines.nash_within_gates
            assert best is not None
            return tr(
                "came to the package that is best for the whole table: {package}.",
                package=phrase.options(scenario, best.package),
            )


def _holders(scenario: Scenario, choice: Choice) -> str:
    return phrase.names(scenario, scenario.held_options[choice])


def questions(found: Comparison) -> list[str]:
    """Three for a class, each from what happened here."""
    one, other = found.sheets
    scenario, asked = one.scenario, []
    parting = found.against[other.label].parting
    if parting is not None:
        asked.append(_about_parting(scenario, one.label, other.label, parting))
    for run in (other, one):
        shut = [gate for gate in GATES if run.verdicts.get(gate) in ("blocked", "not_shown")]
        if shut and run.decision not in ("stopped", "undecided"):
            asked.append(_about_gate(run, shut[0]))
            break
    if len(asked) < 2 and found.same_table and one.deal and other.deal and one.package != other.package:
        asked.append(_about_deals(one, other))
    if found.blindness:
        asked.append(_about_blindness(found))
    if found.same_scenario:
        asked += list(scenario.teaching.debrief) if scenario.teaching else []
    else:
        asked += [
            tr("{who}: {what}", who=run.scenario.title, what=text) for run in found.sheets if run.scenario.teaching
            for text in run.scenario.teaching.debrief[:1]
        ]  # fmt: skip
    return list(dict.fromkeys(asked))[:3]


def _about_parting(scenario: Scenario, one: str, other: str, parting: Parting) -> str:
    who = scenario.card(parting.role).title
    failed = [getattr(branch.move, "fault", None) is not None for branch in parting.branches]
    if any(failed):  # nobody's choice
        label = one if failed[0] else other
        return tr("A turn of {who} failed in {label}. What did that table not hear?", who=who, label=label)
    tables = [getattr(branch.move, "move", None) for branch in parting.branches]
    told = [bool(getattr(move, "tables", ())) for move in tables]
    if "tables" in parting.differs and told[0] != told[1]:
        fact = next(fact for move in tables for fact in getattr(move, "tables", ()))
        silent = other if told[0] else one
        what = shortened(scenario.facts[fact].says, 70)
        return tr(
            '{who} of {silent}: what would it have cost you to say this then, "{what}"?',
            who=who,
            silent=silent,
            what=what,
        )
    if "answer" in parting.differs:
        silent = other if told[0] or not told[1] else one
        return tr("{who} of {silent}: what would it have cost you to answer?", who=who, silent=silent)
    if "vote" in parting.differs:
        return tr(
            "{who}: the same package, and two answers. What had you heard in {one} that you had not in {other}?",
            who=who,
            one=one,
            other=other,
        )
    if parting.kind == "proposal":
        return tr(
            "{who}: two first choices. Whose wish did you put first in {one}, and whose in {other}?",
            who=who,
            one=one,
            other=other,
        )
    return tr("{who}: what made this turn go another way in {other}?", who=who, other=other)


def _about_gate(run: Sheet, gate: Gate) -> str:
    title = GATE_TITLES[gate]
    if gate == "team":
        assert run.ruling is not None
        against = [role for role in run.scenario.parties if role not in run.ruling.team.yes]
        return tr(
            "{label} had its reasons and no deal. What would {who} have needed to say yes?",
            label=run.label,
            who=phrase.names(run.scenario, against),
        )
    if run.verdicts[gate] == "not_shown":
        return tr(
            "{gate} was never shown to be false in {label}. Who could have opened it, and with what?",
            gate=title, label=run.label,
        )  # fmt: skip
    return tr(
        "{gate} stayed shut in {label}. Who could have opened it, and with what?", gate=title, label=run.label
    )


def _about_deals(one: Sheet, other: Sheet) -> str:
    assert one.package is not None
    assert other.package is not None
    issue = next(i for i in one.package if one.package[i] != other.package[i])
    a, b = one.scenario.label(issue, one.package[issue]), one.scenario.label(issue, other.package[issue])
    return tr(
        '"{a}" in {label}, "{b}" in {other}. Who paid for the difference, and did they say so?',
        a=a,
        label=one.label,
        b=b,
        other=other.label,
    )


def _about_blindness(found: Comparison) -> str:
    code, detail, option = found.blindness[0]
    scenario = found.baseline.scenario
    if code in ("fact", "unasked"):
        return tr(
            "{who}: which question would have made you speak?",
            who=scenario.card(scenario.facts[detail].held_by[0]).title,
        )
    if code == "option":
        return tr(
            "{who}: which question would have made you bring what you had built?",
            who=_holders(scenario, (detail, option)),
        )
    if code == "harm":
        return tr("Who was talked about and never quoted?")
    if code == "trade":
        return tr("What did each of you want so little that you could have given it away?")
    return tr("Who would have had to speak first for the best package to be found?")
