"""Hidden profiles, made to order: what everybody knows points to one vendor, and what each knows alone to another.

After Stasser and Titus (1985): the table does best only if those who hold a fact alone tell it. A game is made from its
number alone, so everybody has the same ones.
"""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from aipm_agents.scenario.model import Scenario

_THEMES = (
    ("ward-notes", "Notes from the ward round", "a speech model that writes the notes of a ward round", "patients"),
    ("grant-triage", "Sorting grant applications", "a model that sorts grant applications for a foundation", "applicants"),
    ("night-line", "The night line", "an assistant that answers a landlord's repair line at night", "tenants"),
)  # fmt: skip
_ROLES = ("pm", "engineer", "legal", "marketing")


def hidden_profile(number: int) -> Scenario:
    """The game of this number, from 0."""
    dice = random.Random(f"hidden profile {number}")
    name, title, what, people = _THEMES[number % len(_THEMES)]
    liked, third, best = dice.sample(["north", "south", "west"], 3)
    points = {role: _points(dice, liked, best) for role in _ROLES}
    good = {"vendor": best, "reading": "some", "start": "pilot"}
    least = {
        role: Decimal(sum(row[good[issue]] for issue, row in card.items()) - dice.randint(8, 16)) for role, card in points.items()
    }  # fmt: skip
    data: dict[str, Any] = {
        "format": 1, "id": f"hidden-{number}-{name}", "title": title,
        "question": f"Which vendor runs {what}, who reads along, and where does it start?",
        "issues": [
            {"id": "vendor", "question": "Whose model?", "options": [
                {"id": each, "label": f"the model of {each.capitalize()}", "effects": {"cost": 3 if each == third else 2}}
                for each in sorted((liked, third, best))]},
            {"id": "reading", "question": "Who reads along?", "options": [
                {"id": "none", "label": "nobody"}, {"id": "some", "label": "a person, one in ten", "effects": {"cost": 1}},
                {"id": "all", "label": "a person, every one", "effects": {"cost": 3}}]},
            {"id": "start", "question": "Where does it start?", "options": [
                {"id": "pilot", "label": "in one place"}, {"id": "everywhere", "label": "everywhere", "effects": {"cost": 1}}]},
        ],
        "metrics": [{"id": "cost", "label": "cost", "unit": "thousand a month"}],
        "evidence": [
            {"id": "survey", "says": f"Most {people} who were asked want it.", "supports": ["wanted"]},
            {"id": "prize", "says": f"{liked.capitalize()} won the trade prize twice and is the name everybody knows.", "supports": ["runs"]},
            {"id": "outage", "says": f"{liked.capitalize()} was down for nine hours in March; our own log has it.",
             "held_by": ["engineer"], "undermines": ["runs"], "unless": {"vendor": [third, best]}},
            {"id": "clause", "says": f"The contract of {third.capitalize()} lets it train on whatever it reads.",
             "held_by": ["legal"], "undermines": ["fair"], "unless": {"vendor": [liked, best]}},
            {"id": "mistakes", "says": f"Where nobody read along, one in forty {people} was told something that was wrong.",
             "held_by": ["marketing"], "undermines": ["fair"], "unless": {"reading": ["some", "all"]}},
        ],
        "parties": {
            role: {
                "wants": wants, "walk_away": least[role], "points": points[role],
                "temperament": {"candour": Decimal("0.5"), "concession": "linear"},
            }
            for role, wants in zip(_ROLES, (
                "A decision this month that holds.", "Something that stays up at night.", "Nothing we would have to take back.",
                "A name that people trust.",
            ), strict=True)
        },
        "checkpoints": {
            "desire": [{"id": "wanted", "asks": "Do people want it?", "owner": "marketing", "evidence": "required"}],
            "feasible": [{"id": "runs", "asks": "Does it stay up?", "owner": "engineer"}],
            "viable": [{"id": "pays", "asks": "Is it within the budget?", "owner": "pm", "rule": {"metric": "cost", "at_most": 5}}],
            "alignment": [{"id": "fair", "asks": f"Is it fair to {people}?", "owner": "legal"}],
        },
        "agreement": {"accept_at_least": 4},
        "rounds": 6,
    }  # fmt: skip
    return Scenario.model_validate(data)


def _points(dice: random.Random, liked: str, best: str) -> dict[str, dict[str, int]]:
    """What everybody knows speaks for the one that is liked: it is worth most to everybody."""
    vendors = {each: dice.randint(10, 20) for each in ("north", "south", "west")}
    vendors |= {liked: dice.randint(38, 46), best: dice.randint(24, 34)}
    return {
        "vendor": vendors,
        "reading": dict(zip(("none", "some", "all"), dice.sample([0, dice.randint(10, 18), dice.randint(20, 30)], 3), strict=True)),
        "start": dict(zip(("pilot", "everywhere"), dice.sample([dice.randint(4, 10), dice.randint(14, 24)], 2), strict=True)),
    }  # fmt: skip
