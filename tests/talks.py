"""Two conversations with `aipm draft`, answer by answer; some are refused and given again."""

from __future__ import annotations

TALK = [
    "The note taker", "Shall it write our minutes?", "people who leave without knowing what was agreed", "much " * 300, "It is built.",
    "Minutes stay with whoever feels like it.",
    "Who is recorded?", "everybody", "everybody ／ whoever agreed", "n", "What writes?", "the large model / the small one", "y", "",
    "②", "2、3", "", "Minutes that are read.", "I promised it.", "1 2", "1 2", "1 2", "", "A model that holds.", "It is slow.", "2 1", "2 1", "2 1", "",
    "Nobody recorded who did not agree.", "I knew in May.", "1 2", "2 1", "1 2", "",
    "In 214 of 300 meetings nobody knew.", "", "0", "1.3", "1", "",
    "The works council was never asked.", "Letter of the works council, 3 May", "3", "", "2", "1.2", "", "",
    "those who are recorded", "they are quoted a year later", "",
]  # fmt: skip
"""A short one, with answers that do not fit."""

REPAIRS = [
    "Sorting repairs", "Shall a model sort what tenants report?", "tenants who wait with water on the floor", "", "It is built.", "",
    "Who reads what it calls routine?", "nobody / a sample / a handler", "n", "Where does it start?", "one estate / all flats", "n", "",
    "1", "head of the repairs desk", "What a night shift can carry.", "6", "",
    "Fewer nights like March.", "It was my idea.", "1 2", "3 2 1", "1 2", "Whoever waits counts more than where we start.",
    "A queue that holds.", "It is slow.", "1 2", "2 1 3", "2 1", "", "Nights my people can do.", "Two have resigned.", "2 1", "3 1 2", "1 2", "",
    "In March 31 of 900 reports waited for two days.", "Log of the desk, 2 April", "5", "1", "", "",
    "hours of the desk a year", "hours", "1", "2,000", "0 400 3000.5", "0 x", "0 100", "3", "Can the desk carry it?", "5",
    "letters sent", "", "2", "7", "0 0 0", "0 0", "", "",
]  # fmt: skip
"""One with a seat of its own, a source and a limit."""
