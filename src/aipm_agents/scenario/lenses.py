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

DOUBTS: dict[Language, dict[Ground, str]] = {
    "en": {
        "sample": "Who or what was never tried?",
        "slice": "Does it hold for each group by itself, or only on the average?",
        "stale": "How old is it, and what has changed since?",
        "baseline": "More than what? How was it before, or without?",
        "proxy": "What does this figure stand for, and is that what we want?",
        "interest": "Who gains if we believe this?",
    },
    "zh-Hant": {
        "sample": "誰、哪些情況，根本沒試到？",
        "slice": "拆開來一群一群看，還成立嗎？還是只有平均成立？",
        "stale": "這是多久以前的？之後變了什麼？",
        "baseline": "跟什麼比？以前、或者不做，是多少？",
        "proxy": "這個數字代表什麼？那真的是我們要的嗎？",
        "interest": "大家信了這個，誰得利？",
    },
}
"""What to ask of a figure on each ground; three of them look through one lens, and ask three things."""
