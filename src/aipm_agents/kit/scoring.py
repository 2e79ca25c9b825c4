"""The scoring sheet: pick a package, tick what was told and who says yes, and read off points and gates.

Its formulas are the rules of `table/rules.py` and `table/checkpoints.py`; a test evaluates them beside the engine.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.kit.arrivals import Arrivals
from aipm_agents.kit.formulas import all_of, any_of, figure, letter
from aipm_agents.language import speaking, tr
from aipm_agents.report.papers.workbook import Formula, Page
from aipm_agents.report.words import fact_text, phrase, vocabulary
from aipm_agents.roles import PM
from aipm_agents.scenario.criteria import CHECKPOINTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aipm_agents.roles import Role
    from aipm_agents.scenario.criteria import Criterion
    from aipm_agents.scenario.evidence import Evidence
    from aipm_agents.scenario.measures import Added, Available, Rule
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.scenario.values import AnyOf, Id

_X = "x"
Cells = tuple["str | float", ...]


def scoring(scenario: Scenario) -> tuple[Page, ...]:
    """Three pages: to fill in and read off, the facts, and what every option does; a fourth where news changes figures."""
    with speaking(scenario.language):
        return _Scoring(scenario).pages()


class _Words(NamedTuple):
    """What formulas say; a text in a formula is no text to translate."""

    met: str
    not_shown: str
    failed: str
    opened: str
    blocked: str
    crossed: str
    deal: str
    no_deal: str
    too_new: str
    blank: str
    missing: str


class _Scoring:
    """Where everything stands, so that formulas can name it."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.says = _Words(
            tr("met"), tr("NOT SHOWN"), tr("FAILED"), tr("lets it through"), tr("shut"), tr("crossed"),
            tr("a deal"), tr("no deal yet"), tr("no deal before the next round: a fact that fails a criterion was read out in this one"),
            tr("choose an option for each question"), tr("missing"),
        )  # fmt: skip
        self.news = Arrivals(scenario)
        self.names = (tr("Package"), tr("Facts told"), tr("Options"))
        self.issue_rows = {issue.id: n for n, issue in enumerate(scenario.issues, start=3)}
        pairs = [(issue.id, option.id) for issue in scenario.issues for option in issue.options]
        self.option_rows = {pair: n for n, pair in enumerate(pairs, start=2)}
        self.metrics = {metric.id: letter(n) for n, metric in enumerate(scenario.metrics, start=3)}
        self.points = {
            role: letter(n) for n, role in enumerate(scenario.parties, start=3 + len(self.metrics))
        }
        self.metric_rows = {name: n for n, name in enumerate(self.metrics, start=len(self.issue_rows) + 5)}
        self.seat_rows = {
            r: n for n, r in enumerate(self.points, start=len(self.issue_rows) + len(self.metrics) + 7)
        }
        self.fact_rows: dict[Id, int] = {}
        self.limit_rows: dict[tuple[Id, str], int] = {}
        row = 2
        for fact in scenario.facts.values():
            self.fact_rows[fact.id], row = row, row + 1
            for limit in fact.limits:
                self.limit_rows[fact.id, limit.ground], row = row, row + 1

    def pages(self) -> tuple[Page, ...]:
        return self._package(), self._facts(), self._options(), *self.news.pages()

    # --- what is asked of another page ----------------------------------------------------------

    def _chosen(self, issue: Id, option: Id) -> str:
        return f"'{self.names[2]}'!$C${self.option_rows[issue, option]}=1"

    def _told(self, fact: Id) -> str:
        return f"'{self.names[1]}'!$C${self.fact_rows[fact]}=\"{_X}\""

    def _makes(self, cases: AnyOf | None) -> str:
        """Whether the package makes one of these choices."""
        return any_of(
            all_of(
                any_of(self._chosen(issue, option) for option in allowed) for issue, allowed in case.items()
            )
            for case in cases or ()
        )

    # --- the pages ------------------------------------------------------------------------------

    def _options(self) -> Page:
        metrics, parties = self.scenario.metrics, self.scenario.parties
        rows: list[Cells] = [
            (
                tr("Question"),
                tr("Option"),
                tr("chosen"),
                *(m.label for m in metrics),
                *map(self._short, parties),
            )
        ]
        for i, issue in enumerate(self.scenario.issues):
            for o, option in enumerate(issue.options):
                n = self.option_rows[issue.id, option.id]
                here = Formula(f"=IF('{self.names[0]}'!$B${self.issue_rows[issue.id]}=$B{n},1,0)")
                effects = [
                    self.news.now(self._added(option.effects.get(m.id, ())), self._added, "issues", i, "options", o, "effects", m.id)
                    for m in metrics
                ]  # fmt: skip
                points = [
                    self.news.now(figure(p.points[issue.id][option.id]), figure, "parties", role, "points", issue.id, option.id)
                    for role, p in parties.items()
                ]  # fmt: skip
                adds = (Formula(f"=IF($C{n}=1,{each},0)") for each in effects)
                worth = (Formula(f"=IF($C{n}=1,{each},0)") for each in points)
                rows.append((issue.question, option.label, here, *adds, *worth))
        return Page(self.names[2], tuple(rows), (30, 34, 9, 14), heads=frozenset({1}))

    def _added(self, parts: Iterable[Added] | Decimal) -> str:
        if isinstance(parts, Decimal):
            return figure(parts)
        told = [
            figure(each.add) if each.when is None else f"IF({self._makes(each.when)},{figure(each.add)},0)"
            for each in parts
        ]
        return "+".join(told) or "0"

    def _facts(self) -> Page:
        rows: list[Cells] = [
            (tr("Fact, in plain words"), tr("held by"), tr("told: x"), tr("read out in this very round: x"))
        ]
        inputs = set()
        for fact in self.scenario.facts.values():
            who = phrase.listed(self._short(role) for role in fact.held_by) if fact.held_by else ""
            there = fact.known_at_start and fact in self.scenario.evidence
            rows.append((fact_text.fact(self.scenario, fact.id), who, _X if there else "", ""))
            inputs.add(f"C{self.fact_rows[fact.id]}")
            if fact.held_by and fact.undermines:
                inputs.add(f"D{self.fact_rows[fact.id]}")
            for limit in fact.limits:
                rows.append((tr("   challenged: {what}", what=limit.says), "", ""))
                inputs.add(f"C{self.limit_rows[fact.id, limit.ground]}")
        return Page(
            self.names[1], tuple(rows), (80, 30, 9, 16), inputs=frozenset(inputs), heads=frozenset({1})
        )

    def _package(self) -> Page:
        s, rows, heads = self.scenario, list[Cells](), set[int]()

        def head(*cells: str) -> None:
            rows.append(cells)
            heads.add(len(rows))

        head(s.title, tr("Fill in what is yellow; x means yes."))
        head(tr("Question"), tr("Option"))
        rows += [(issue.question, "") for issue in s.issues]
        rows.append(("",))
        head(tr("Figure"), tr("value"), tr("unit"))
        rows += [(m.label, self._value(m.id), m.unit) for m in s.metrics]
        rows.append(("",))
        head(tr("Seat"), tr("points"), tr("walk-away"), tr("yes: x"), tr("red line"))
        rows += [self._seat(role) for role in s.parties]
        rows.append(("",))
        gates: dict[str, str] = {}
        for name in CHECKPOINTS:
            criteria = getattr(s.checkpoints, name)
            head(vocabulary.CHECKPOINT_TITLES[name], "")
            place = len(rows)
            rows += [
                (each.asks, self._status(each), "" if each.blocking else tr("follow-up only"))
                for each in criteria
            ]
            stops = [f"$B${place + n}" for n, each in enumerate(criteria, start=1) if each.blocking]
            failed = any_of(f'{cell}="{self.says.failed}"' for cell in stops)
            shown = any_of(f'{cell}="{self.says.not_shown}"' for cell in stops)
            team = f"NOT({self._team()})" if name == "alignment" else "FALSE"
            verdict = f'=IF({self._blank()},"",IF(OR({failed},{team}),"{self.says.blocked}",IF({shown},"{self.says.not_shown}","{self.says.opened}")))'
            rows[place - 1] = (rows[place - 1][0], Formula(verdict))
            gates[name] = f"$B${place}"
        rows.append(("",))
        there = list(self._there())
        deal = all_of([*there, *(f'{cell}="{self.says.opened}"' for cell in gates.values())])
        passed = f'IF({self._too_new()},"{self.says.too_new}","{self.says.deal}")'
        verdict = f'=IF({self._blank()},"{self.says.blank}",IF({deal},{passed},"{self.says.no_deal}"))'
        head(tr("A deal"), Formula(verdict))
        rows += self._wanting()
        choices = {
            f"B{n}": f"'{self.names[2]}'!$B${low}:$B${high}" for n, (low, high) in self._ranges().items()
        }
        inputs = {*choices, *(f"D{n}" for n in self.seat_rows.values())}
        return Page(
            self.names[0], tuple(rows), (52, 34, 14, 9, 34), choices, frozenset(inputs), frozenset(heads)
        )

    def _wanting(self) -> Iterator[Cells]:
        """Below the verdict: what of a deal is still missing beside the checkpoints' questions."""
        agreement = self.scenario.agreement
        yield tr("   says yes; {n} needed", n=agreement.accept_at_least), Formula(f"={self._yeses()}")
        for role in agreement.veto:
            missing = f'IF($D${self.seat_rows[role]}="{_X}","","{self.says.missing}")'
            yield tr("   no deal without {who}", who=self._short(role)), Formula(f"={missing}")
        if (too_new := self._too_new()) != "FALSE":
            yield tr("   read out in this round, and can fail a criterion"), Formula(f'=IF({too_new},"{_X}","")')  # fmt: skip

    def _there(self) -> Iterator[str]:
        """Of each option that is not to be had always: that it is not chosen, or is to be had."""
        bound = self.scenario.bound_options
        for i, issue in enumerate(self.scenario.issues):
            for o, option in enumerate(issue.options):
                choice, spot = (issue.id, option.id), ("issues", i, "options", o, "available")
                if choice in bound or self.news.changes(*spot):
                    first = self._makes(bound[choice]) if choice in bound else "TRUE"
                    yield f"OR(NOT({self._chosen(*choice)}),{self.news.now(first, self._to_be_had, *spot)})"

    def _to_be_had(self, available: Available | str) -> str:
        if isinstance(available, str):
            return "TRUE" if available == "always" else "FALSE"
        return self._makes(available.when)

    def _blank(self) -> str:
        """Whether a question has no option yet: an empty sheet rules nothing."""
        return any_of(f'$B${n}=""' for n in self.issue_rows.values())

    def _too_new(self) -> str:
        """Whether somebody read out in this round what can fail a criterion, whatever the package answers."""
        return any_of(
            f"'{self.names[1]}'!$D${self.fact_rows[fact.id]}=\"{_X}\""
            for fact in self.scenario.facts.values() if fact.held_by and fact.undermines
        )  # fmt: skip

    def _ranges(self) -> dict[int, tuple[int, int]]:
        return {
            self.issue_rows[i.id]: (
                self.option_rows[i.id, i.options[0].id],
                self.option_rows[i.id, i.options[-1].id],
            )
            for i in self.scenario.issues
        }

    def _value(self, name: Id) -> str:
        at, metric = next((n, m) for n, m in enumerate(self.scenario.metrics) if m.id == name)
        if metric.of:
            sign = "*" if metric.how == "product" else "+"
            return Formula("=" + sign.join(f"$B${self.metric_rows[each]}" for each in metric.of))
        base = self.news.now(figure(metric.base), figure, "metrics", at, "base")
        return Formula(f"={base}+{self._sum(self.metrics[name])}")

    def _sum(self, column: str) -> str:
        return f"SUM('{self.names[2]}'!${column}$2:${column}${len(self.option_rows) + 1})"

    def _seat(self, role: Role) -> Cells:
        party = self.scenario.parties[role]
        more = "".join(f"+IF({self._makes(b.when)},{figure(b.points)},0)" for b in party.bonuses)
        crossed = any_of(self._makes(line.when) for line in party.red_lines)
        line = Formula(f'=IF({crossed},"{self.says.crossed}","")') if party.red_lines else ""
        return (
            self.scenario.who(role),
            Formula(f"={self._sum(self.points[role])}{more}"),
            Formula(f"={self.news.now(figure(party.walk_away), figure, 'parties', role, 'walk_away')}"),
            _X if role == PM else "",
            line,
        )

    def _team(self) -> str:
        """Enough yeses, every veto's among them, and no red line crossed."""
        s, agreement = self.scenario, self.scenario.agreement
        always = [f'$D${self.seat_rows[role]}="{_X}"' for role in agreement.veto]
        kept = [f"NOT({self._makes(line.when)})" for party in s.parties.values() for line in party.red_lines]
        return all_of([f"{self._yeses()}>={agreement.accept_at_least}", *always, *kept])

    def _yeses(self) -> str:
        return "+".join(f'IF($D${n}="{_X}",1,0)' for n in self.seat_rows.values())

    def _status(self, criterion: Criterion) -> str:
        facts = self.scenario.facts.values()
        failed = any_of([
            *(f"NOT({self._holds(rule, criterion.id, n)})" for n, rule in enumerate(criterion.rule)),
            *(all_of([self._told(f.id), f"NOT({self._makes(f.unless)})"]) for f in facts if criterion.id in f.undermines),
        ])  # fmt: skip
        shown = any_of(self._stands(f) for f in facts if criterion.id in f.supports)
        wanting = f"NOT({shown})" if criterion.evidence else "FALSE"
        return Formula(
            f'=IF({self._blank()},"",IF({failed},"{self.says.failed}",IF({wanting},"{self.says.not_shown}","{self.says.met}")))'
        )

    def _holds(self, rule: Rule, criterion: Id, n: int) -> str:
        if rule.choose is not None:
            return self._makes(rule.choose)
        assert rule.metric is not None
        value = f"ROUND($B${self.metric_rows[rule.metric]},6)"
        gate, _ = self.scenario.criteria[criterion]
        at = [each.id for each in getattr(self.scenario.checkpoints, gate)].index(criterion)
        side, sign, bound = ("at_most", "<=", rule.at_most) if rule.at_most is not None else ("at_least", ">=", rule.at_least or 0)  # fmt: skip
        return (
            f"{value}{sign}{self.news.now(figure(bound), figure, 'checkpoints', gate, at, 'rule', n, side)}"
        )

    def _stands(self, fact: Evidence) -> str:
        """Told, of a package it speaks of, and every challenge to it answered."""
        answered = [
            any_of([
                f"NOT('{self.names[1]}'!$C${self.limit_rows[fact.id, limit.ground]}=\"{_X}\")", self._makes(limit.unless),
                *(self._told(each) for each in limit.answered_by),
            ])
            for limit in fact.limits
        ]  # fmt: skip
        spoken_of = [] if fact.when is None else [self._makes(fact.when)]
        return all_of([self._told(fact.id), *spoken_of, *answered])

    def _short(self, role: Role) -> str:
        return self.scenario.card(role).short
