"""What should not have been said or signed is found, and what may be said is not called a leak."""

from __future__ import annotations

from decimal import Decimal

import pytest
from cases import FEW
from making import scenario
from records import bundle, kept

from aipm_agents.analysis.run.audit import breaches, leaks
from aipm_agents.analysis.run.invented import invented
from aipm_agents.negotiation import negotiate
from aipm_agents.seats.scripted import Scripted
from aipm_agents.table.moves import Opening, Position
from aipm_agents.table.record import Record

BRIEFING = (
    "You promised the harbour council in March that nothing would change before the winter contract is signed. "
    "Your deputy kept the measurements and knows the pumps were tested twice."
)


def table(says, *, role="legal", tables=(), **opening):
    facts = [
        {"id": "survey", "says": "They want it.", "held_by": ["engineer"], "supports": ["wanted"]},
        {"id": "test", "says": "It errs, on every second letter we sent to the islands last year.",
         "held_by": ["legal"], "undermines": ["safe"], "unless": {"review": "some"}},
    ]  # fmt: skip
    made = scenario(language=opening.pop("language", "en"), evidence=facts)
    party = made.parties["legal"].model_copy(
        update={"private": opening.pop("private", BRIEFING), "walk_away": Decimal(37)}
    )
    made = made.model_copy(update={"parties": {**made.parties, "legal": party}})
    seats = {each: Scripted(positions=["no"]) for each in made.colleagues}
    seats["pm"] = Scripted(packages=[{"reach": "few", "review": "some"}])
    seats[role] = Scripted(opening=Opening(says=says, tables=tables), positions=["no"])
    return made, tuple(negotiate(made, seats, seed=0))


LEAKS = {
    "My walk-away is 37 points, so no.": "points",
    "That package gives me 60 points.": "points",
    "For me it is worth a score of 20. Sorry.": "points",
    "Listen: nothing would change before the winter contract is signed, and that is that.": "briefing",
    "It errs, on every second letter we sent to the islands last year, says my test": "evidence",
    "The deputy has measurements; the pumps have been tested, twice, I am told, and the deputy knows.": "paraphrase",
}


@pytest.mark.parametrize("says", LEAKS)
def test_a_planted_leak_is_found(says):
    made, events = table(says)
    (found,) = leaks(Record(made, events))
    assert (found.round, found.role, found.kind) == (0, "legal", LEAKS[says])
    assert found.quote
    assert found.quote in says


FINE = [
    "We lost 37 percent of the calls.", "Thirty people came. I count 60 letters.", "There are 3 points on my list.",
    "Nothing would change, I think, before winter.", "Is it light? Is it safe? Who reads?", "Something.",
    "The pumps are fine.", "They want it, and I want it too, and so do all of you.", "",
]  # fmt: skip


@pytest.mark.parametrize("says", FINE)
def test_ordinary_words_are_no_leak(says):
    made, events = table(says)
    assert leaks(Record(made, events)) == []


def test_what_another_said_first_is_no_longer_a_secret():
    aloud = "nothing would change before the winter contract is signed"
    made, events = table(aloud, role="engineer")
    assert leaks(Record(made, events)) == []  # it is not the engineer's briefing
    made, events = table(f"As I heard, {aloud}.")
    heard = tuple(
        event.model_copy(update={"move": event.move.model_copy(update={"says": aloud})}) if event.kind == "framing" else event
        for event in events
    )  # fmt: skip
    assert leaks(Record(made, heard)) == []


def test_a_fact_that_is_tabled_may_be_spoken():
    made, events = table(
        "It errs, on every second letter we sent to the islands last year.", tables=("test",)
    )
    assert leaks(Record(made, events)) == []


def test_an_option_that_is_brought_may_be_told_in_its_own_words():
    """Its words come close to the briefing; once it is on the table they are everybody's."""
    aloud = "The deputy has measurements; the pumps were tested twice, I am told, and the deputy knows."
    data = scenario().plain()
    data["issues"][0]["options"][-1] |= {"held_by": ["legal"], "aloud": aloud}
    data["parties"]["legal"]["private"] = BRIEFING
    made = scenario(issues=data["issues"], parties=data["parties"])
    issue, held = made.issues[0], made.issues[0].options[-1]
    brought = Opening(says=aloud, brings=[{"issue": issue.id, "option": held.id}])
    for opening, found in ((brought, []), (Opening(says=aloud), ["paraphrase"])):
        seats = {role: Scripted(positions=["no"]) for role in made.colleagues}
        seats["legal"] = Scripted(opening=opening, positions=["no"])
        package = {each.id: each.options[0].id for each in made.issues}
        events = tuple(negotiate(made, {**seats, "pm": Scripted(packages=[package])}, seed=0))
        assert [leak.kind for leak in leaks(Record(made, events))] == found


def test_a_leak_in_chinese():
    private = "你在三月答應過港務局，冬季合約簽下之前什麼都不會改，這件事沒有別人知道。"
    made, events = table(
        "老實說，我答應過港務局，冬季合約簽下之前什麼都不會改，就這樣。", private=private, language="zh-Hant"
    )
    assert [leak.kind for leak in leaks(Record(made, events))] == ["briefing"]
    made, events = table("我的底線是 37 分。", private=private, language="zh-Hant")
    assert [leak.kind for leak in leaks(Record(made, events))] == ["points"]


def test_words_taken_out_before_they_were_said_are_told():
    made, events = table("Fine.")
    marked = [
        e.model_copy(update={"withheld": 2}) if e.kind == "opening" and e.role == "legal" else e
        for e in events
    ]
    assert [(leak.role, leak.kind) for leak in leaks(Record(made, tuple(marked)))] == [("legal", "withheld")]


def test_a_yes_against_its_own_limits_is_a_breach():
    made = scenario(evidence=[], checkpoints={}, agreement={"accept_at_least": 2})
    poor = made.parties["legal"].model_copy(update={"walk_away": Decimal(61)})
    line = {"when": {"reach": ["few"]}, "because": "never"}
    strict = type(made.parties["engineer"]).model_validate(
        {"wants": "?", "points": made.parties["engineer"].points, "walk_away": made.parties["engineer"].walk_away, "red_lines": [line]}
    )  # fmt: skip
    made = made.model_copy(update={"parties": {"pm": made.parties["pm"], "engineer": strict, "legal": poor}})
    seats = {"pm": Scripted(packages=[{"reach": "few", "review": "some"}])}
    seats |= {role: Scripted(positions=[Position(vote="yes")]) for role in ("engineer", "legal")}
    events = tuple(negotiate(made, seats, seed=0))
    found = {(b.role, b.kind) for b in breaches(Record(made, events)) if b.round == 1}
    assert found == {("legal", "yes_below_walk_away"), ("engineer", "yes_across_red_line")}
    assert not [
        b for b in breaches(Record(made, events)) if b.kind.startswith("deal")
    ]  # a crossed red line is no deal


def test_a_yes_at_the_walk_away_is_no_breach():
    made = scenario(evidence=[], checkpoints={}, agreement={"accept_at_least": 2})
    parties = {r: p.model_copy(update={"walk_away": Decimal(60)}) for r, p in made.parties.items()}
    made = made.model_copy(update={"parties": parties})
    seats = {r: Scripted(positions=["yes"]) for r in made.colleagues}
    seats["pm"] = Scripted(packages=[{"reach": "few", "review": "some"}])
    assert breaches(Record(made, tuple(negotiate(made, seats, seed=0)))) == []


def test_a_deal_below_a_walk_away_is_told():
    made = scenario(evidence=[], checkpoints={}, agreement={"accept_at_least": 2})
    poor = made.parties["legal"].model_copy(update={"walk_away": Decimal(61)})
    made = made.model_copy(update={"parties": {**made.parties, "legal": poor}})
    seats = {
        "pm": Scripted(packages=[{"reach": "few", "review": "some"}]),
        "legal": Scripted(positions=["no"]),
    }
    seats["engineer"] = Scripted(positions=["yes"])
    events = tuple(negotiate(made, seats, seed=0))
    assert [(b.role, b.kind) for b in breaches(Record(made, events))] == [("legal", "deal_below_walk_away")]


@pytest.mark.parametrize("name", FEW)
def test_the_embedded_voices_leak_nothing_and_keep_their_limits(tmp_path, name):
    for seed in range(3):
        run = kept(tmp_path / f"{seed}.jsonl", bundle(name), seed=seed)
        assert leaks(Record(run.scenario, run.events)) == []
        assert invented(Record(run.scenario, run.events)) == []
        assert breaches(Record(run.scenario, run.events)) in ([], _below_only(run))


def _below_only(run):
    """A seat outvoted under a partial quorum may be left below its walk-away; it did not say yes."""
    return [b for b in breaches(Record(run.scenario, run.events)) if b.kind == "deal_below_walk_away"]


FIGURES = [
    ("It errs in 41 of 200 cases.", ["41", "200"]),
    ("The load is 3, and 12 people read.", []),
    ("It is 0.4 % of them, I am told.", ["0.4"]),
    ("Two thousand, or 2,500, by next year.", ["2,500"]),
    ("It is 60 to me.", []),  # its own sheet: a leak, and no invention
]


@pytest.mark.parametrize(("says", "figures"), FIGURES, ids=[says for says, _ in FIGURES])
def test_a_figure_that_nobody_could_know_is_marked(says, figures):
    made, events = table(says)
    found = invented(Record(made, events))
    assert [each.figure for each in found] == figures
    assert all(each.role == "legal" and each.quote == says for each in found)


def test_a_figure_somebody_has_spoken_is_known_from_then_on():
    made = scenario(rounds=2)
    seats = {
        "pm": Scripted(packages=[{"reach": "all", "review": "none"}]),
        "engineer": Scripted(positions=[Position(vote="no", says="I counted 4,711 of them.")]),
        "legal": Scripted(
            positions=[Position(vote="no"), Position(vote="no", says="Then 4,711 people wait.")]
        ),
    }
    found = invented(Record(made, tuple(negotiate(made, seats))))
    assert [(each.role, each.round) for each in found] == [("engineer", 1)]
