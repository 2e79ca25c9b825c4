"""The five roles every scenario may seat, as data: roles differ in what they know, not in code."""

from __future__ import annotations

from typing import Literal, NamedTuple

Role = str
Language = Literal["en", "zh-Hant"]
Voice = Literal[
    "engineer", "data_scientist", "legal", "marketing",
    "finance", "operations", "front_line", "support", "outside",
]  # fmt: skip
"""In whose manner the embedded negotiator speaks: four of the built-in roles, and five people who are often at such tables."""

PM: Role = "pm"
"""The seat in the middle: it proposes, and its rulings are code."""


class RoleCard(NamedTuple):
    title: str
    short: str
    """How a narrow column names it."""
    called: str
    """How colleagues address it."""
    duty: str


_EN = {
    "pm": RoleCard("Product manager", "PM", "PM", "Whom it serves and why; keeps the four checkpoints."),
    "engineer": RoleCard("Engineer", "Engineer", "Engineer", "What can be built, run and rolled back."),
    "data_scientist": RoleCard(
        "Data scientist", "Data sci.", "Data", "What the model does, on whom, and how well that is known."
    ),
    "legal": RoleCard("Legal counsel", "Legal", "Legal", "What is owed to people and to the law."),
    "marketing": RoleCard(
        "Marketing lead", "Marketing", "Marketing", "What people want, and what they will be told."
    ),
}

_ZH_HANT = {
    "pm": RoleCard("產品經理", "PM", "PM", "為誰做、為什麼做；守住四道關卡。"),
    "engineer": RoleCard("工程師", "工程", "工程", "做得出來、撐得住、退得回去。"),
    "data_scientist": RoleCard("資料科學家", "資料科學", "資料科學", "模型對誰有效、有多準、怎麼知道的。"),
    "legal": RoleCard("法務", "法務", "法務", "對人、對法規的責任。"),
    "marketing": RoleCard("行銷", "行銷", "行銷", "使用者要什麼，我們對外怎麼說。"),
}

BUILT_IN: dict[Language, dict[Role, RoleCard]] = {"en": _EN, "zh-Hant": _ZH_HANT}
