"""The rules of the meeting as a class reads them: what decides a criterion, what makes a deal, who plays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import mark, tr, tr_n
from aipm_agents.report.words import numbers, phrase, vocabulary
from aipm_agents.report.words.fact_effects import choices, either

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from decimal import Decimal

    from aipm_agents.roles import Role
    from aipm_agents.scenario.criteria import Criterion
    from aipm_agents.scenario.measures import Metric, Rule
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.scenario.party import RedLine

ROUND = (
    mark(
        "The PM proposes one package, an option for every question, and writes it on the ruling sheet where all can see it."
    ),
    mark(
        "A minute without talking. Everybody but the PM decides: yes, yes if (and what), or no; then all show it at once. "
        "The PM's package is the PM's yes. Who shows nothing has not said yes."
    ),
    mark(
        "One after the other says what stands behind the vote: what would make it a yes, one question to one person, a "
        "trade, a fact. A fact counts once it is read out word for word; hinting at it does not count."
    ),
    mark(
        "The table rules all four checkpoints with the ruling sheet, every round, also those that look easy. A fact "
        "read out in this round counts in this ruling."
    ),
    mark(
        "The PM says for each checkpoint that is shut what would open it, and asks by name whoever answers for a "
        "criterion that nobody has shown yet. Then the next round begins. How many there are, your teacher says; after "
        "the last one there is no deal."
    ),
)  # fmt: skip

STATUSES = (
    (mark("met"), mark("Its rule holds, the proof it needs is on the table, and no fact there fails it that the package does not answer.")),
    (mark("NOT SHOWN"), mark("It needs a fact as proof, and nobody has read one out. Not shown is not shown to be false: ask for it.")),
    (
        mark("FAILED"),
        mark("Its rule does not hold, or a fact on the table fails it and the package does not answer that. No proof outweighs it."),
    ),
    (
        mark("follow-up only"),
        mark("It is ruled like the others and stops nothing: not met, it goes onto the agreement form, with the name of whoever answers for it."),
    ),
    (
        mark("a checkpoint"),
        mark("It is open, and lets the package through, when none of its criteria is NOT SHOWN or FAILED; those marked follow-up only do not count."),
    ),
)  # fmt: skip


def deal(scenario: Scenario) -> str:
    """When there is a deal."""
    seats, needed = len(scenario.parties), scenario.agreement.accept_at_least
    text = tr("There is a deal when all four checkpoints let one package through in the same round. ")
    always = tr(", ").join(scenario.card(role).short for role in scenario.agreement.veto)
    text += (
        tr("The team's half of Alignment needs {needed} of {seats} yeses (always among them: {who})", needed=needed, seats=seats, who=always)
        if always else tr("The team's half of Alignment needs {needed} of {seats} yeses", needed=needed, seats=seats)
    )  # fmt: skip
    return text + tr(
        ", and nobody's red line may be crossed. Only a plain yes counts. Then the PM signs, or lets the next round begin. "
        "If somebody read out a fact in this round that fails a criterion by its own note, nothing is signed before the next "
        "round, even where the package answers it: some voted before hearing it. News and results are not read out by anybody "
        "and hold nothing up."
    )


def decides(scenario: Scenario, criterion: Criterion) -> str:
    """What makes a criterion met, from what all may know."""
    parts = [_rule(scenario, rule) for rule in criterion.rule]
    if criterion.evidence is not None:
        parts.append(tr("a fact on the table is its proof"))
    if not parts:
        parts.append(tr("no fact fails it unanswered"))
    text = phrase.listed(parts)
    return text if criterion.blocking else tr("{what}; follow-up only", what=text)


def _rule(scenario: Scenario, rule: Rule) -> str:
    if rule.choose is not None:
        return tr("the package has {choices}", choices=choices(scenario, rule.choose, quoted=True))
    metric = next(each for each in scenario.metrics if each.id == rule.metric)
    if rule.at_most is not None:
        return tr("{label} at most {bound}", label=metric.label, bound=measured(rule.at_most, metric))
    assert rule.at_least is not None
    return tr("{label} at least {bound}", label=metric.label, bound=measured(rule.at_least, metric))


def measured(number: Decimal, metric: Metric) -> str:
    """A figure with its unit."""
    return numbers.measured(number, metric.unit)


def red_line(scenario: Scenario, line: RedLine) -> str:
    """What is never accepted, and why. Several choices are a red line only together."""
    what = either(
        tr(", together with ").join(
            choices(scenario, ({issue: options},), quoted=True) for issue, options in chosen.items()
        )
        for chosen in line.when
    )
    return tr("{choices}: {because}", choices=what, because=line.because)


def beyond(scenario: Scenario) -> Iterator[str]:
    """What there may be here beyond packages and facts, told without telling what."""
    if "challenges" in scenario.extras:
        grounds = phrase.listed(vocabulary.GROUNDS[ground] for ground in vocabulary.GROUNDS)
        yield tr(
            "A fact on the table can be challenged once on each of six grounds: {grounds}. Say which. If there is "
            "something to it, whoever brought the fact (or your teacher) says what, and it shows nothing until that is answered.",
            grounds=grounds,
        )  # fmt: skip
    if "inventions" in scenario.extras:
        yield tr(
            "The list of options may not be all there is. Somebody may know one more; ask what else was built or tried."
        )
    if "terms" in scenario.extras:
        yield tr("One word may mean two things at this table. You may ask anybody what they mean by a word.")


def players(scenario: Scenario, programs: Collection[Role]) -> str:
    """Which seats a program plays."""
    if not programs:
        return tr(
            "Every seat at this table is played by a person. If that changes, it is said before you begin."
        )
    who = phrase.listed(scenario.card(role).title for role in scenario.parties if role in programs)
    return tr_n(
        "Played by a program in this class: {who}. All other seats are people.",
        "Played by programs in this class: {who}. All other seats are people.", len(programs), who=who,
    )  # fmt: skip
