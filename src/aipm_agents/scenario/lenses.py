"""The five lenses of the article this project grew from, each with the question it owns.

A lens is a way of seeing what a plan or a figure leaves out. In a debrief it is a heading; at the table it
is a question, so that the trouble is foreseen and not only counted afterwards.
"""

from __future__ import annotations

from typing import Literal

from aipm_agents.roles import Language

Lens = Literal["alignment_control", "frame_problem", "symbol_grounding", "language_games", "gestalt"]

Ground = Literal["sample", "baseline", "slice", "stale", "proxy", "interest"]
"""On what a figure can be challenged: whom it left out, against what it is held, how it falls apart when
cut, how old it is, what it stands for, and who gains when it is believed."""

LENS_OF: dict[Ground, Lens] = {
    "sample": "frame_problem", "slice": "frame_problem", "stale": "frame_problem",
    "baseline": "gestalt", "proxy": "symbol_grounding", "interest": "alignment_control",
}  # fmt: skip
"""Through which lens a challenge looks. The lens of words, language games, looks through `terms`."""

ASKS: dict[Language, dict[Lens, str]] = {
    "en": {
        "alignment_control": "Who gains if we believe this, and who can still say stop?",
        "frame_problem": "What did this test leave outside?",
        "symbol_grounding": "What does this score stand for?",
        "language_games": "Do we all mean the same by that word?",
        "gestalt": "Do we see that, or do we want to see it?",
    },
    "zh-Hant": {
        "alignment_control": "大家信了這個，誰得利？出事的時候，誰還喊得了停？",
        "frame_problem": "這次測試，把什麼留在外面了？",
        "symbol_grounding": "這個分數，到底代表什麼？",
        "language_games": "這個詞，我們講的是同一件事嗎？",
        "gestalt": "這是真的看得出來，還是我們想看到？",
    },
}
"""The question a lens owns, as a person would put it at the table."""
