"""A filled form, part by part: the core always counts, extras may fall, and what fell is said."""

from __future__ import annotations

import json

import pytest
from endpoint import agreeable, endpoint, filled
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from making import instances, rich_scenarios, scenario

from aipm_agents.errors import SeatError
from aipm_agents.keyring import Home
from aipm_agents.negotiation import negotiate
from aipm_agents.scenario.model import Scenario
from aipm_agents.seats.embedded import Embedded
from aipm_agents.seats.model import Model, prompts
from aipm_agents.seats.model.address import Address
from aipm_agents.seats.model.budget import Budget, Usage
from aipm_agents.seats.model.exchange import ModelReply
from aipm_agents.seats.model.filled import cut, read
from aipm_agents.seats.model.form import form
from aipm_agents.seats.model.switchboard import Switchboard
from aipm_agents.table.agenda import next_step
from aipm_agents.table.events import Answered, Decided, Framed, Opened, Proposed, Signed
from aipm_agents.table.lawful import check
from aipm_agents.table.moves import Ask, Opening, Position, Proposal, Question, Trade
from aipm_agents.table.rules import exists
from aipm_agents.table.view import said, view, view_after

PACKAGE = {"reach": "all", "review": "none"}
LINE = {"when": {"reach": "all", "review": "none"}, "because": "nobody reads it"}


def made(**changes):
    """Three roles; Legal has a red line across everything unread, and a fact that can be doubted."""
    data = scenario().plain()
    data["parties"]["legal"]["red_lines"] = [
        LINE,
        {"when": {"reach": "few", "review": "none"}, "because": "too few"},
    ]
    data["evidence"][0]["limits"] = [{"ground": "sample", "says": "It was Sunday."}]
    data["evidence"] += [{"id": "study", "says": "So it is.", "takes": 2,
                          "study": {"asks": "Is it so?", "about": ["safe"]}}]  # fmt: skip
    data["issues"][1]["options"].append({"id": "new", "label": "a clerk", "held_by": ["legal"]})
    for party in data["parties"].values():
        party["points"]["review"]["new"] = 10
    return Scenario.model_validate({**data, **changes})


def table(*more, package=PACKAGE, question=None):
    """The table of round 1: the engineer has shown its survey, and the PM proposed."""
    opened = Opened(round=0, role="engineer", move=Opening(tables=("survey",)))
    tabled = Proposed(round=1, package=package, move=Proposal(package=package, question=question))
    return (opened, tabled, *more)


def seen(role="legal", events=None, number=1, **changes):
    return view(made(**changes), table() if events is None else events, role, seed=0, number=number)


def answered(at=None, **wanted):
    blank = form("answer", at or seen())
    answer = filled(blank.schema, vote="no") | wanted
    return read(blank, {name: value for name, value in answer.items() if value is not GONE})


GONE = object()


def fell(found):
    return {each.part: each.because for each in found.dropped}


# --- what is offered --------------------------------------------------------------------------


def test_only_a_red_line_that_is_crossed_can_be_named():
    assert form("answer", seen()).schema["properties"]["red_line"]["anyOf"][0]["enum"] == ["red_line_1"]
    few = {"reach": "few", "review": "none"}
    offered = form("answer", seen(events=table(package=few))).schema["properties"]["red_line"]
    assert offered["anyOf"][0]["enum"] == ["red_line_2"]
    neither = form("answer", seen(events=table(package={"reach": "all", "review": "some"})))
    assert neither.schema["properties"]["red_line"] == {"type": "null"}


def test_a_trade_within_one_issue_cannot_be_written():
    sides = form("answer", seen()).schema["properties"]["trade"]["anyOf"][0]["properties"]
    assert sides["reach"]["enum"] == ["none", "give=all", "give=few", "want=all", "want=few"]
    found = answered(trade={"reach": "want=few", "review": "give=some"})
    assert found.move.trade == Trade.model_validate({"give": {"review": "some"}, "for": {"reach": "few"}})


def test_a_challenge_that_was_made_is_offered_no_more():
    spent = Answered(round=1, role="legal", move=Position.model_validate(
        {"vote": "no", "challenge": {"evidence": "survey", "ground": "sample"}}))  # fmt: skip
    offered = form("answer", seen(events=(*table(), spent), number=2)).schema["properties"]["challenge"]
    assert "survey=sample" not in offered["anyOf"][0]["enum"]
    assert "survey=baseline" in offered["anyOf"][0]["enum"]


@settings(max_examples=15, deadline=None)
@given(decided=rich_scenarios())
def test_the_keys_of_a_form_are_the_same_all_run(decided):
    keys: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for verb, at in turns(decided):
        keys.setdefault((verb, at.role), set()).add(tuple(form(verb, at).schema["properties"]))
    assert all(len(each) == 1 for each in keys.values())
    assert all("tables" in each for (verb, _), (each,) in keys.items() if verb in ("open", "answer"))


def turns(decided, seed=0):
    """Every turn of an embedded run: (verb, view)."""
    events = negotiate(decided, {role: Embedded() for role in decided.parties}, seed=seed)
    for number in range(len(events)):
        step = next_step(decided, events[:number])
        if step.phase in ("frame", "open", "propose", "answer", "sign"):
            for role in step.roles:
                yield step.phase, view(decided, events[:number], role, seed=seed, number=step.round)


@settings(max_examples=25, deadline=None)
@given(decided=rich_scenarios(), data=st.data())
def test_a_form_filled_at_random_is_a_lawful_move(decided, data):
    """Every answer that a form allows counts, but for a yes across one's own red line, a hold without a reason, and
    options that cannot be had together, which no form can say."""
    for verb, at in [*turns(decided)][:12]:
        blank = form(verb, at)
        Draft202012Validator.check_schema(blank.schema)
        answer = data.draw(instances(blank.schema))
        try:
            found = read(blank, answer)
        except SeatError:
            crossed = answer.get("vote") == "yes" and answer.get("red_line")
            held = answer.get("signs") is False and not (answer["criterion"] and answer["reason"].strip())
            apart = verb == "propose" and not exists(at.scenario, answer["package"])
            assert crossed or held or apart or not answer["says"].strip()
            continue
        check(found.move, at, verb, [each.part for each in found.dropped])
        if verb == "answer":
            assert found.move.vote == answer["vote"]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whatever_stands_in_an_extra_a_readable_vote_counts_as_it_is(data):
    at = seen()
    blank = form("answer", at)
    extras = [name for name in blank.schema["properties"] if name not in ("vote", "says")]
    vote = data.draw(st.sampled_from(["no", "yes_if"]))
    answer = {"vote": vote, "says": "Not so."} | {name: data.draw(ANYTHING, name) for name in extras}
    found = read(blank, answer)
    assert (found.move.vote, found.move.says) == (vote, "Not so.")
    check(found.move, at, "answer", [each.part for each in found.dropped])


# --- what is read -----------------------------------------------------------------------------


def test_a_filled_form_becomes_a_move():
    found = answered(
        vote="yes_if", asks=["review=some", "reach=few", "reach=all"], tables=["test"], brings=["review=new"],
        question={"to": "engineer", "about": "light", "text": "How heavy?"}, challenge="survey=sample",
        trade={"reach": "give=all", "review": "want=some"}, moved_by_people=["pm", "engineer"], concern="safe",
        moved_by_evidence=["survey"], weighs="They are in a hurry.", says="Not\x00 so\ud800 fast.",
    )  # fmt: skip
    move = found.move
    assert not found.dropped
    assert [(ask.issue, ask.options) for ask in move.asks] == [
        ("review", ("some",)),
        ("reach", ("few", "all")),
    ]
    assert move.moved_by == ("survey", "pm@1", "engineer@0"), "the turn it spoke in last"
    assert (move.trade.give, move.trade.get) == ({"reach": "all"}, {"review": "some"})
    assert (move.challenge.evidence, move.challenge.ground, move.concern) == ("survey", "sample", "safe")
    assert move.says == "Not so fast."
    assert found.weighs == "They are in a hurry."


MEANT = {
    "other case": ({"vote": "NO", "tables": ["Test"]}, {"tables": ("test",)}),
    "other separators": ({"asks": ["review: some", "Reach / few"]}, {"asks": ("review", "reach")}),
    "an option without its issue": ({"asks": ["some"]}, {"asks": ("review",)}),
    "an option by its label": ({"asks": ["somebody"]}, {"asks": ("review",)}),
    "a mapping for a list": ({"asks": {"review": "some", "reach": ["few"]}}, {"asks": ("review", "reach")}),
    "one for a list of one": ({"tables": "test"}, {"tables": ("test",)}),
    "a list of one": ({"vote": ["no"], "concern": []}, {}),
    "a person by title": ({"question": {"to": "Engineer", "about": "safe"}}, {"question": "engineer"}),
    "null for a list": ({"asks": None, "tables": None, "moved_by_people": None}, {}),
    "none in words": ({"trade": "none", "concern": "None", "question": "", "tables": ["none"]}, {}),
    "speech in pieces": ({"says": ["Not so.", "Never."]}, {"says": "Not so. Never."}),
    "keys as they come": ({"Moved By Evidence": ["survey"], "moved_by_evidence": GONE}, {"moved_by": ("survey",)}),
    "unknown keys": ({"role": "pm", "checkpoint": "pass", "signs": True}, {}),
    "only the core": (dict.fromkeys(["asks", "trade", "tables", "question", "weighs"], GONE), {}),
}  # fmt: skip


@pytest.mark.parametrize("name", MEANT)
def test_what_is_meant_counts(name):
    wanted, expected = MEANT[name]
    found = answered(**wanted)
    assert not found.dropped
    assert found.move.vote == "no"
    told = {
        "asks": tuple(ask.issue for ask in found.move.asks), "tables": found.move.tables,
        "question": getattr(found.move.question, "to", None), "says": found.move.says, "moved_by": found.move.moved_by,
    }  # fmt: skip
    nothing = {"asks": (), "tables": (), "question": None, "says": "Well.", "moved_by": ()}
    assert told == nothing | expected


# Each slip in each part: (verb, part, what stands there, what is said of it).
SLIPS = [
    ("open", "asks", ["reach=mars"], "'reach=mars' is none of reach=all"),
    ("open", "asks", 7, "'7' is none of"),
    ("open", "tables", ["survey"], "'survey' is none of test"),
    ("open", "tables", [["test"]], "is no name"),
    ("open", "brings", ["review=some"], "is none of review=new"),
    ("open", "says", "x" * 5000, "2000 characters"),
    ("propose", "question", "how heavy is it?", "is not an object"),
    ("propose", "question", {"to": "pm", "about": "light"}, "to: 'pm' is none of engineer, legal"),
    ("propose", "question", {"to": "legal", "text": "?"}, "neither whom nor about what"),
    ("propose", "commissions", ["survey"], "'survey' is none of study"),
    ("propose", "commissions", True, "'True' is none of"),
    ("propose", "says", "A. " * 900, "2000 characters"),
    ("answer", "asks", ["review"], "'review' is none of"),
    ("answer", "asks", [{"issue": "review", "options": ["some"]}], "is no name"),
    ("answer", "trade", {"reach": "give=all"}, "it wants nothing"),
    ("answer", "trade", {"review": "want=some"}, "it gives nothing"),
    ("answer", "trade", {"reach": "give=mars", "review": "want=some"}, "reach: 'give=mars' is none of"),
    ("answer", "trade", "I give reach for review", "is not an object"),
    ("answer", "tables", ["survey"], "'survey' is none of test"),
    ("answer", "brings", ["reach=few"], "is none of review=new"),
    ("answer", "challenge", "test=sample", "'test=sample' is none of"),
    ("answer", "challenge", "survey", "'survey' is none of"),
    ("answer", "challenge", {"evidence": "survey"}, "is no name"),
    ("answer", "question", {"to": "legal", "about": "light", "text": "?"}, "to: 'legal' is none of"),
    ("answer", "question", {"to": "pm", "about": "the weather", "text": "?"}, "about: 'the weather' is none of"),
    ("answer", "answer", "answered", "nothing can be named here now"),
    ("answer", "moved_by_evidence", ["test"], "'test' is none of survey"),
    ("answer", "moved_by_people", ["legal"], "'legal' is none of pm, engineer"),
    ("answer", "concern", "honesty", "'honesty' is none of"),
    ("answer", "red_line", "red_line_2", "nothing can be named here now"),
    ("answer", "says", {"text": "Yes."}, "is no text"),
    ("answer", "says", "No full stop" * 400, "2000 characters"),
    ("sign", "criterion", "honesty", "'honesty' is none of"),
    ("sign", "reason", ["It is", 7], "is no text"),
]  # fmt: skip
PARTS = {"moved_by_evidence": "moved_by", "moved_by_people": "moved_by"}
GOOD = {"reach": "few", "review": "some"}


@pytest.mark.parametrize(
    ("verb", "part", "value", "told"), SLIPS, ids=[f"{v} {p} {t[:20]}" for v, p, _, t in SLIPS]
)
def test_a_slip_in_one_part_costs_that_part(verb, part, value, told):
    at = seen("pm" if verb in ("propose", "sign") else "legal", table(package=GOOD))
    blank = form(verb, at)
    plain = filled(blank.schema, vote="yes", package=GOOD, signs=True)
    found, without = read(blank, plain | {part: value}), read(blank, plain)
    assert told in fell(found)[PARTS.get(part, part)]
    assert len(found.dropped) == 1
    if part != "says":
        assert found.move == without.move, "the rest is as if it had not been there"
    assert not without.dropped
    check(found.move, at, verb)


def test_every_part_of_every_form_has_its_slip():
    told = {(verb, part) for verb, part, *_ in SLIPS}
    for verb in ("open", "propose", "answer", "sign"):
        at = seen("pm" if verb in ("propose", "sign") else "legal")
        for part in form(verb, at).schema["properties"]:
            assert (
                (verb, part) in told
                or part in ("weighs", "vote", "package", "signs")
                or (verb, part) == ("sign", "says")
            )


USELESS = [
    ("answer", {"vote": "maybe"}, "vote: 'maybe' is none of yes, yes_if, no"),
    ("answer", {"vote": None}, "vote: is missing"),
    ("answer", {"vote": "yes", "red_line": "red_line_1"}, "a crossed red line is a no"),
    ("propose", {"package": {"reach": "all"}}, "package: the issue review is missing"),
    ("propose", {"package": {"reach": "all", "review": "mars"}}, "review: 'mars' is none of none, some"),
    ("propose", {"package": None}, "package: is missing"),
    ("sign", {"signs": "perhaps"}, "signs: 'perhaps' is neither true nor false"),
    ("sign", {"signs": False, "criterion": None, "reason": "No."}, "criterion: is missing"),
    ("sign", {"signs": False, "criterion": "safe", "reason": " "}, "a hold gives its reason"),
    ("open", {"says": None}, "says: is missing"),
    ("frame", {"says": None}, "says: is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "wanted", "told"), USELESS, ids=[told for *_, told in USELESS])
def test_a_core_that_cannot_be_used_is_named_exactly(verb, wanted, told):
    blank = form(verb, seen("pm" if verb in ("frame", "propose", "sign") else "legal"))
    with pytest.raises(SeatError) as fault:
        read(blank, filled(blank.schema) | wanted)
    assert fault.value.kind == "malformed"
    assert told in str(fault.value)


def test_a_package_may_come_as_a_list_of_choices():
    blank = form("propose", seen("pm"))
    answer = filled(blank.schema)
    assert read(blank, answer | {"package": ["reach=few", "review=some"]}).move.package == {
        "reach": "few",
        "review": "some",
    }
    assert (
        read(blank, answer | {"package": {"Reach": "reach=few", "REVIEW": "Some"}}).move.package["reach"]
        == "few"
    )


# --- a vote is never made softer --------------------------------------------------------------


@pytest.mark.parametrize("asks", [[], ["review=none"], ["reach=mars"], None], ids=str)
def test_a_condition_that_falls_leaves_a_yes_if(asks):
    found = answered(vote="yes_if", asks=asks)
    assert found.move.vote == "yes_if"
    assert "asks" in fell(found)
    assert "yes_if asks for something" in found.wanting, "it is worth asking for"
    with pytest.raises(SeatError, match="yes_if asks for"):
        check(found.move, seen(), "answer")


def test_a_red_line_that_falls_leaves_no_yes():
    found = answered(vote="yes_if", asks=["review=some"], red_line="red_line_1")
    assert (found.move.vote, found.move.red_line) == ("yes_if", None)
    assert fell(found) == {"red_line": "a crossed red line is a no"}
    assert answered(vote="no", red_line="red_line_1").move.red_line == 0


def test_a_doubt_stands_beside_a_yes_if_and_falls_beside_a_no():
    assert answered(vote="yes_if", asks=["review=some"], concern="safe").move.concern == "safe"
    found = answered(vote="no", concern="safe")
    assert found.move.concern is None
    assert "concern" in fell(found)


def test_a_no_to_the_own_offer_wants_its_reason_and_counts_without():
    offer = Position.model_validate(
        {"vote": "no", "trade": {"give": {"reach": "all"}, "for": {"review": "none"}}}
    )
    kept = (*table(), Answered(round=1, role="legal", move=offer),
            Proposed(round=2, package=PACKAGE, move=Proposal(package=PACKAGE)))  # fmt: skip
    at = seen(events=kept, number=2)
    found = answered(at, vote="no")
    assert "must say what changed" in found.wanting
    assert fell(found).keys() == {"moved_by"}
    assert not answered(at, vote="no", moved_by_people=["pm"]).wanting
    assert not answered(at, vote="no", red_line="red_line_1").wanting, "a red line is reason enough"


def test_a_fourth_issue_is_left_out_and_said():
    data = scenario().plain()
    for issue in ("when", "where"):
        data["issues"].append(
            {"id": issue, "question": "?", "options": [{"id": "a", "label": "a"}, {"id": "b", "label": "b"}]}
        )
        for party in data["parties"].values():
            party["points"][issue] = {"a": 0, "b": 0}
    package = PACKAGE | {"when": "a", "where": "a"}
    at = view(Scenario.model_validate(data), table(package=package), "legal", seed=0, number=1)
    found = answered(at, vote="yes_if", asks=["when=b", "reach=few", "where=b", "review=some"])
    assert [ask.issue for ask in found.move.asks] == ["when", "reach", "where"]
    assert fell(found) == {"asks": "more than 3 issues: review"}


def test_a_question_that_is_owed_is_answered_by_the_asks():
    at = seen(events=table(question=Question(to="legal", about="review")))
    found = answered(at, vote="no", answer="Answered.", asks=["review=some"])
    assert (found.move.answer.to, found.move.answer.prefers) == ("pm", ("some",))
    assert answered(at, vote="no", answer="declined").move.answer.declined
    assert answered(at, vote="no", answer=None).move.answer is None


def test_each_of_several_questions_is_answered_by_who_asked_it():
    asked = Position(vote="yes", question=Question(to="legal", about="safe", text="Is it?"))
    again = Proposal(package=PACKAGE, question=Question(to="legal", about="review", text="Who?"))
    last = table(Answered(round=1, role="engineer", move=asked))
    heard = said(made(), (*last, Proposed(round=2, package=PACKAGE, move=again)))
    at = view_after(made(), heard, "legal", seed=0, number=2)
    told = prompts.messages(at, "answer")[1][1]
    assert told.index("from engineer, about safe") < told.index("from pm, about review")
    assert "You were asked 2 questions" in told
    both = answered(at, answer=["pm=answered", "engineer=declined"], asks=["review=some"])
    assert [(each.to, each.about, each.declined, each.prefers) for each in both.move.replies] == [
        ("engineer", "safe", True, ()),
        ("pm", "review", False, ("some",)),
    ]
    check(both.move, at, "answer")
    one = answered(at, answer="pm=answered")
    assert [(each.to, each.about) for each in one.move.replies] == [("pm", "review")]
    assert [each.to for each in answered(at, answer=["engineer=answered", "pm=maybe"]).move.replies] == [
        "engineer"
    ]
    with pytest.raises(SeatError, match="twice about 'safe'"):
        check(both.move.model_copy(update={"also": both.move.replies[:1]}), at, "answer")


CUTS = [
    ("One. Two.", 20, "One. Two."),
    ("One. Two is long.", 10, "One."),
    ("It is 2.8 percent of them. More.", 28, "It is 2.8 percent of them."),
    ("沒有人讀。那就不行。再說。", 10, "沒有人讀。那就不行。"),
    ("沒有停頓的一長串話", 6, "沒有停頓 …"),
]


@pytest.mark.parametrize(("text", "most", "left"), CUTS, ids=[text for text, *_ in CUTS])
def test_overlong_speech_is_cut_at_a_sentence(text, most, left):
    assert cut(text, most) == left
    assert len(left) <= most


# --- the seat ---------------------------------------------------------------------------------


class Answers:
    """A line that replies from a list, and keeps what it was asked."""

    def __init__(self, *answers):
        self.answers, self.asked = [*answers], []

    model = "m"

    def ask(self, request):
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, SeatError):
            raise answer
        return ModelReply(
            answer if isinstance(answer, str) else json.dumps(answer), Usage(1, 10, 4, 2), "m-1"
        )


def test_an_extra_that_fell_costs_no_second_call_and_is_told_to_its_seat_alone():
    at = seen(events=table(package=GOOD))
    line = Answers(filled(form("answer", at).schema, vote="yes", tables=["survey"], says="Yes."))
    played = Model("openai:m", line).answer(at)
    assert len(line.asked) == 1
    assert [each.part for each in played.dropped] == ["tables"]
    event = Answered(round=1, role="legal", move=played.move, dropped=played.dropped)
    after = (*table(package=GOOD), event, *_ruled(made(), (*table(package=GOOD), event)))
    again = Proposed(round=2, package=GOOD, move=Proposal(package=GOOD))
    for role, told in (("legal", True), ("engineer", False)):
        text = prompts.messages(seen(role, (*after, again), 2), "answer")[1][1]
        assert ("'survey' is none of test" in text) is told
        assert ("'survey' is none of test" in str(seen(role, after, 2).events)) is told


def _ruled(decided, events):
    from aipm_agents.table.checkpoints import ruling_of

    return (ruling_of(decided, events, 1),)


def test_a_yes_if_without_its_condition_is_asked_once_more_and_then_counts():
    at = seen()
    blank = form("answer", at).schema
    empty = filled(blank, vote="yes_if", says="Almost.")
    mended = filled(blank, vote="yes_if", asks=["review=some"])
    line = Answers(empty, mended)
    assert Model("openai:m", line).answer(at).move.asks == (Ask(issue="review", options=("some",)),)
    assert "yes_if asks for something" in line.asked[1].messages[-1][1]
    for second in (empty, "Hm?", SeatError("timeout", "too late")):
        played = Model("openai:m", Answers(empty, second)).answer(at)
        assert (played.move.vote, played.move.says) == ("yes_if", "Almost.")
        assert [each.part for each in played.dropped] == ["asks"]
        check(played.move, at, "answer", ["asks"])


def test_what_a_seat_weighs_is_kept_only_when_asked_for():
    at = seen()
    answer = filled(form("answer", at).schema, vote="no", weighs="They need me.")
    assert "weighs" not in Model("openai:m", Answers(answer)).answer(at).volatile
    kept = Model("openai:m", Answers(answer), keep_weighing=True).answer(at)
    assert kept.volatile["weighs"] == "They need me."
    assert "They need me" not in kept.move.says


# --- the whole table --------------------------------------------------------------------------


def played(script, decided):
    with endpoint(script) as server:
        board = Switchboard(Home(server.url), Budget())
        line = board.line(Address("m", server.url))
        events = negotiate(decided, {role: Model("openai:m", line) for role in decided.parties})
        board.close()
        return events, len(server.asked)


def passing(asked):
    """Agrees to the package that passes, and tables what it holds."""
    answer = agreeable(asked).fields
    return answer | {"package": GOOD} if asked.verb == "propose" else answer


@pytest.fixture(scope="module")
def clean():
    return played(passing, made(rounds=3))


@pytest.mark.parametrize(
    ("verb", "part", "value", "told"), SLIPS, ids=[f"{v} {p} {t[:20]}" for v, p, _, t in SLIPS]
)
def test_a_table_that_slips_comes_to_the_same_deal_in_as_many_calls(verb, part, value, told, clean):
    def slipping(asked):
        answer = passing(asked)
        return answer | {part: value} if asked.verb == verb and part in asked.schema["properties"] else answer

    events, calls = played(slipping, made(rounds=3))
    wanted, needed = clean
    assert isinstance(events[-1], Decided)
    assert events[-1].outcome == wanted[-1].outcome == "go_with_follow_ups"
    assert events[-1].package == wanted[-1].package == GOOD
    assert calls == needed or part == "tables", (
        "what is not put on the table at the opening takes a round more"
    )
    assert calls == len(
        spoken := [e for e in events if isinstance(e, Framed | Opened | Proposed | Answered | Signed)]
    )
    assert not any(event.fault for event in spoken)
    assert all(event.move.says for event in spoken if part != "says")
