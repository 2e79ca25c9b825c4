"""Scenarios for tests: one made to order, and Hypothesis strategies for random ones with random seats."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import numpy as np
from hypothesis import strategies as st

from aipm_agents.errors import SeatError
from aipm_agents.scenario.lenses import LENS_OF
from aipm_agents.scenario.model import Scenario
from aipm_agents.table.heard import challenges
from aipm_agents.table.lawful import put
from aipm_agents.table.moves import (
    Challenge,
    Choice,
    Opening,
    Position,
    Proposal,
    Question,
    Reply,
    Signing,
    Words,
)

ROLES = ("pm", "engineer", "legal")


def scenario(**changes: Any) -> Scenario:
    """Two issues of two options, three roles, one criterion at each checkpoint; change what you need."""
    data: dict[str, Any] = {
        "format": 1, "id": "small", "title": "Small", "question": "Shall we?",
        "issues": [
            {"id": "reach", "question": "Who?", "options": [
                {"id": "all", "label": "all of them", "effects": {"load": 3}},
                {"id": "few", "label": "a few", "effects": {"load": 1}}]},
            {"id": "review", "question": "Who reads?", "options": [
                {"id": "none", "label": "nobody"}, {"id": "some", "label": "somebody"}]},
        ],
        "metrics": [{"id": "load", "label": "load"}],
        "evidence": [
            {"id": "survey", "says": "They want it.", "held_by": ["engineer"], "supports": ["wanted"]},
            {"id": "test", "says": "It errs.", "held_by": ["legal"], "undermines": ["safe"],
             "unless": {"review": "some"}},
        ],
        "parties": {
            role: {"wants": "Something.", "walk_away": 20,
                   "points": {"reach": {"all": 60, "few": 40}, "review": {"none": 40, "some": 20}}}
            for role in ROLES
        },
        "checkpoints": {
            "desire": [{"id": "wanted", "asks": "Is it wanted?", "owner": "engineer", "evidence": "required"}],
            "feasible": [{"id": "light", "asks": "Is it light?", "owner": "engineer",
                          "rule": {"metric": "load", "at_most": 2}}],
            "viable": [{"id": "pays", "asks": "Does it pay?", "owner": "pm", "blocking": False,
                        "rule": {"choose": {"reach": "all"}}}],
            "alignment": [{"id": "safe", "asks": "Is it safe?", "owner": "legal"}],
        },
        "agreement": {"accept_at_least": 2, "veto": ["legal"]},
        "rounds": 5,
    }  # fmt: skip
    return Scenario.model_validate({**data, **changes})


def cases(found):
    """Choices as they stand in plain data: one set, or a list of such."""
    return found if isinstance(found, list) else [found] if found else []


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Small valid scenarios of every kind: rules, required evidence, undermining facts, red lines, injects."""
    sizes = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    issues = [
        {"id": f"i{i}", "question": "?", "options": [
            {"id": f"o{k}", "label": f"{i}.{k}", "effects": {"m": draw(st.integers(-2, 3))}}
            for k in range(size)]}
        for i, size in enumerate(sizes)
    ]  # fmt: skip
    names = [f"c{i}" for i in range(draw(st.integers(0, 5)))]
    choices = st.dictionaries(
        st.sampled_from([f"i{i}" for i in range(len(sizes))]), st.just("o0"), min_size=1, max_size=2
    )
    choices = st.one_of(choices, st.lists(choices, min_size=1, max_size=2))
    rounds = draw(st.integers(1, 5))
    made_of = draw(st.sampled_from([None, None, "product", "sum"]))
    for option in (option for issue in issues for option in issue["options"]):
        if draw(st.integers(0, 3)) == 0:
            option["effects"]["m"] = [
                {"add": option["effects"]["m"]},
                {"add": draw(st.integers(-2, 3)), "when": draw(choices)},
            ]
        if option["id"] != "o0" and draw(st.integers(0, 4)) == 0:
            option["available"] = {"when": draw(choices)}
        if made_of:
            option["effects"]["n"] = draw(st.sampled_from([0, 1, Decimal("1.5")]))

    def criterion(name: str) -> dict[str, Any]:
        made: dict[str, Any] = {"id": name, "asks": f"{name}?", "owner": draw(st.sampled_from(ROLES))}
        if draw(st.booleans()):
            made["evidence"] = "required"
        kind = draw(st.sampled_from(["none", "most", "least", "choose"]))
        if kind in ("most", "least"):
            made["rule"] = {
                "metric": draw(st.sampled_from(["m", "p"] if made_of else ["m"])),
                f"at_{kind}": draw(st.integers(-2, 4)),
            }
        elif kind == "choose":
            made["rule"] = {"choose": draw(choices)}
        made["blocking"] = draw(st.sampled_from([True, True, True, False]))
        return made

    def fact(name: str, held: bool) -> dict[str, Any]:
        made: dict[str, Any] = {"id": name, "says": f"fact {name}"}
        if held and draw(st.integers(0, 3)):
            made["held_by"] = draw(st.lists(st.sampled_from(ROLES), min_size=1, max_size=2, unique=True))
        if names:
            made["supports"] = draw(st.lists(st.sampled_from(names), max_size=2, unique=True))
            made["undermines"] = draw(st.lists(st.sampled_from(names), max_size=1))
        if made.get("undermines") and draw(st.booleans()):
            made["unless"] = draw(choices)
        if made.get("supports") and draw(st.integers(0, 2)) == 0:
            made["when"] = draw(choices)
        return made

    checkpoints: dict[str, list[Any]] = {name: [] for name in ("desire", "feasible", "viable", "alignment")}
    for name in names:
        checkpoints[draw(st.sampled_from(sorted(checkpoints)))].append(criterion(name))
    parties = {}
    for role in ROLES:
        points = {
            f"i{i}": {f"o{k}": draw(st.integers(0, 50)) for k in range(size)} for i, size in enumerate(sizes)
        }
        parties[role] = {"wants": "?", "points": points, "walk_away": draw(st.integers(0, 60))}
        if draw(st.integers(0, 3)) == 0:
            parties[role]["red_lines"] = [{"when": draw(choices), "because": "never"}]
        if draw(st.integers(0, 3)) == 0:
            parties[role]["bonuses"] = [{"when": draw(choices), "points": draw(st.integers(-20, 20))}]
        if draw(st.integers(0, 5)) == 0:
            parties[role]["discount"] = draw(st.sampled_from([Decimal("0.5"), Decimal("0.9")]))
    injects = []
    if draw(st.integers(0, 2)) == 0:
        when = draw(st.integers(1, rounds))
        injects.append(
            {"before_round": when, "headline": "News", "from": "Outside", "evidence": [fact("late", False)]}
        )
    return Scenario.model_validate({
        "format": 1, "id": "random", "title": "Random", "question": "?", "issues": issues,
        "metrics": [
            {"id": "m", "label": "m", "base": draw(st.sampled_from([0, 1, Decimal("0.5")]))},
            *([{"id": "n", "label": "n"}, {"id": "p", "label": "p", "of": ["m", "n"], "how": made_of}] if made_of else []),
        ],
        "evidence": [fact(f"e{i}", True) for i in range(draw(st.integers(0, 4)))],
        "parties": parties, "checkpoints": checkpoints, "injects": injects, "rounds": rounds,
        "agreement": {
            "accept_at_least": draw(st.integers(1, 3)),
            "veto": draw(st.lists(st.sampled_from(ROLES), max_size=2, unique=True)),
        },
    })  # fmt: skip


@st.composite
def rich_scenarios(draw: st.DrawFn) -> Scenario:
    """The same, with things wrong with facts, options that somebody holds, studies, and a word."""
    data = draw(scenarios()).plain()
    names = [each["id"] for gate in data.get("checkpoints", {}).values() for each in gate]
    issues = {issue["id"]: [option["id"] for option in issue["options"]] for issue in data["issues"]}
    facts = data.setdefault("evidence", [])
    if names and draw(st.booleans()):
        about = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
        facts.append({
            "id": "study", "says": "It is so.", "takes": draw(st.integers(1, 3)),
            "study": {"asks": "Is it so?", "about": about},
            "supports": draw(st.lists(st.sampled_from(names), max_size=2, unique=True)),
            "undermines": draw(st.lists(st.sampled_from(names), max_size=1)),
        })  # fmt: skip
    for fact in facts:
        others = [each["id"] for each in facts if each is not fact]
        grounds = draw(st.lists(st.sampled_from(list(LENS_OF)), max_size=2, unique=True))
        if grounds:
            fact["limits"] = [{"ground": ground, "says": "weak"} for ground in grounds]
        for limit in fact.get("limits", ()):
            if others and draw(st.booleans()):
                limit["answered_by"] = draw(st.lists(st.sampled_from(others), min_size=1, max_size=2))
            if draw(st.booleans()):
                issue = draw(st.sampled_from(sorted(issues)))
                limit["unless"] = {issue: [draw(st.sampled_from(issues[issue]))]}
    for issue in data["issues"]:
        if draw(st.booleans()):
            holders = draw(st.lists(st.sampled_from(ROLES), min_size=1, max_size=2, unique=True))
            effects = {"m": draw(st.integers(-2, 3))}
            issue["options"].append({"id": "new", "label": "another", "held_by": holders, "effects": effects})
            for party in data["parties"].values():
                party["points"][issue["id"]]["new"] = draw(st.integers(0, 50))
            for holder in (*facts, *(limit for fact in facts for limit in fact.get("limits", ()))):
                for case in cases(holder.get("unless")):
                    if issue["id"] in case and draw(st.booleans()):
                        case[issue["id"]] = draw(st.sampled_from([["new"], ["new", "o0"]]))
            for gate in data.get("checkpoints", {}).values():
                for rule in (rule for each in gate for rule in each.get("rule", ())):
                    for case in cases(rule.get("choose")):
                        if issue["id"] in case and draw(st.booleans()):
                            case[issue["id"]] = ["new"]
    if draw(st.booleans()):
        for role in ("engineer", "legal"):
            data["parties"][role]["terms"] = {"pilot": f"what {role} means"}
    return Scenario.model_validate_json(json.dumps(data), strict=False)


@st.composite
def changing(draw: st.DrawFn) -> Scenario:
    """The rich ones, with news that changes figures of every kind, to all or to one seat."""
    data = draw(rich_scenarios()).plain()
    figures: dict[str, Any] = {"metrics.m.base": st.integers(-2, 3)}
    for issue in data["issues"]:
        free = [o for o in issue["options"] if "held_by" not in o]
        for option in free:
            here = f"issues.{issue['id']}.options.{option['id']}"
            figures[f"{here}.effects.m"] = st.integers(-3, 3)
            if option is not free[0]:
                figures[f"{here}.available"] = st.sampled_from(["always", "never", {"when": {"i0": "o0"}}])
            for role in ROLES:
                figures[f"parties.{role}.points.{issue['id']}.{option['id']}"] = st.integers(0, 50)
    for gate, criteria in data.get("checkpoints", {}).items():
        for each in criteria:
            for side in (
                side for rule in each.get("rule", ()) for side in rule if side in ("at_most", "at_least")
            ):
                figures[f"checkpoints.{gate}.{each['id']}.rule.{side}"] = st.integers(-2, 4)
    figures |= {f"parties.{role}.walk_away": st.integers(0, 60) for role in ROLES}
    keys = draw(st.lists(st.sampled_from(sorted(figures)), min_size=1, max_size=4, unique=True))
    news = {
        "before_round": draw(st.integers(1, data.get("rounds", 8))),
        "headline": "News",
        "from": "Outside",
    }
    data["injects"] = [{**news, "changes": {key: draw(figures[key]) for key in keys}}]
    if all(key.startswith("parties.legal") for key in keys):
        data["injects"][0]["to"] = ["legal"]
    return Scenario.model_validate_json(json.dumps(data), strict=False)


def instances(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Anything a form allows: a strategy for the few kinds of schema that forms are made of."""
    if "anyOf" in schema:
        return st.one_of([instances(each) for each in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema["type"]:
        case "object":
            return st.fixed_dictionaries({k: instances(v) for k, v in schema["properties"].items()})
        case "array":
            return st.lists(instances(schema["items"]), max_size=schema["maxItems"])
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
    return st.text(max_size=30)


class Erratic:
    """A seat that does anything: lawful moves, unlawful ones, silence, a crash. Keyed, so it is repeatable."""

    kind = "scripted"

    def __init__(self, rng: Any, agreeable: bool) -> None:
        self.rng, self.agreeable = rng, agreeable

    def _maybe_fail(self) -> None:
        roll = 1.0 if self.agreeable else self.rng.random()
        if roll < 0.05:
            raise SeatError("timeout", "too late")
        if roll < 0.08:
            raise RuntimeError("the seat fell over")

    def _facts(self, view: Any) -> tuple[str, ...]:
        held = [name for name in view.untabled if self.rng.random() < 0.5]
        return (*held, "never-heard-of") if self.rng.random() < 0.03 and not self.agreeable else tuple(held)

    def frame(self, view: Any) -> Words:
        self._maybe_fail()
        return Words(says="Welcome.")

    def open(self, view: Any) -> Opening:
        self._maybe_fail()
        return Opening(tables=self._facts(view))

    def propose(self, view: Any) -> Proposal:
        self._maybe_fail()
        there = np.flatnonzero(view.space.existing)
        code = (
            self.rng.choice(there)
            if self.agreeable or self.rng.random() < 0.95
            else self.rng.randrange(view.space.size)
        )
        return Proposal(package=view.space.package(int(code)))

    def answer(self, view: Any) -> Position:
        self._maybe_fail()
        if self.agreeable:
            return Position(vote="yes", tables=self._facts(view))
        vote = self.rng.choice(["yes", "yes", "yes_if", "no", "no_answer"])
        issue = self.rng.choice(sorted(view.space.options))
        asks = [{"issue": issue, "options": [view.space.options[issue][0]]}]
        return Position.model_validate({"vote": vote, "asks": asks, "tables": self._facts(view)})

    def sign(self, view: Any) -> Signing:
        self._maybe_fail()
        if not self.agreeable and self.rng.random() < 0.3 and view.scenario.criteria:
            return Signing(
                signs=False, criterion=self.rng.choice(sorted(view.scenario.criteria)), reason="Unsure."
            )
        return Signing(signs=True)


class Curious(Erratic):
    """Erratic, and it challenges, brings, sends for, asks about words and answers: lawfully or not."""

    def _some(self, names: Any, chance: float = 0.4) -> tuple[Any, ...]:
        return tuple(name for name in names if self.rng.random() < chance)

    def _brings(self, view: Any) -> tuple[Choice, ...]:
        return tuple(Choice(issue=i, option=o) for i, o in self._some(view.secret, 0.25))

    def open(self, view: Any) -> Opening:
        return super().open(view).model_copy(update={"brings": self._brings(view)})

    def propose(self, view: Any) -> Proposal:
        sent = {"commissions": self._some(view.studies)}
        if self.rng.random() < 0.4:
            about = [*view.scenario.issue, *view.scenario.criteria, *view.words]
            sent["question"] = Question(to="legal", about=self.rng.choice(about))
        return super().propose(view).model_copy(update=sent)

    def answer(self, view: Any) -> Position:
        made: dict[str, Any] = {"brings": self._brings(view)}
        spent = {event.move.challenge for event in challenges(view.events)}
        fresh = [
            each for name in sorted(view.tabled) for ground in LENS_OF
            if (each := Challenge(evidence=name, ground=ground)) not in spent
        ]  # fmt: skip
        if fresh and self.rng.random() < 0.7:
            made["challenge"] = self.rng.choice(fresh)
        if view.words and self.rng.random() < 0.4:
            to = next(role for role in view.scenario.parties if role not in (view.role, "pm"))
            made["question"] = Question(to=to, about=view.words[0])
        replies = [Reply(to=to, about=q.about, declined=self.rng.random() < 0.3) for to, q in put(view)]
        if replies:
            made |= {"answer": replies[0], "also": tuple(replies[1:])}
        return super().answer(view).model_copy(update=made)
