"""Seats written in Python: what they may answer, what they see, and what becomes of their bugs."""

from __future__ import annotations

import traceback

import pytest
from making import scenario
from records import EXAMPLES, bundle

import aipm_agents as aipm
from aipm_agents.table.lawful import check


@pytest.fixture(scope="module")
def small():
    return scenario()


def test_an_agent_that_overrides_nothing_plays_as_the_embedded_do(small):
    class Plain(aipm.Agent):
        pass

    run = aipm.run(small, {role: Plain() for role in small.parties}, seed=4)
    assert run.seats == dict.fromkeys(small.parties, "Plain")
    embedded = aipm.run(small, seed=4)
    assert [event.model_copy(update={"volatile": {}}) for event in run.events[1:]] == [
        event.model_copy(update={"volatile": {}}) for event in embedded.events[1:]
    ]


def test_agents_that_wait_are_asked_side_by_side_and_the_moves_are_the_same(small):
    import threading

    both = threading.Barrier(2, timeout=60)

    class Waits(aipm.Agent):
        at_once = False

        def open(self, view):
            both.wait()
            return super().open(view)

    class Quick(aipm.Agent):
        pass

    waited = aipm.run(small, dict.fromkeys(small.colleagues, Waits), seed=2)
    quick = aipm.run(small, dict.fromkeys(small.colleagues, Quick), seed=2)
    assert len(small.colleagues) == 2
    assert waited.deal == quick.deal
    assert [turn["says"] for turn in waited.turns()] == [turn["says"] for turn in quick.turns()]


def test_short_answers_are_read_as_moves(small):
    class Short(aipm.Agent):
        def frame(self, view):
            return "Let us begin."

        def propose(self, view):
            return {"reach": "few", "review": "some"}

        def open(self, view):
            return "I need little."

        def answer(self, view):
            return "yes" if view.role == "legal" else aipm.yes("Fine.", tables=view.lawful().tables)

        def sign(self, view):
            return True

    run = aipm.run(small, dict.fromkeys(small.parties, Short))
    said = [event.move.says for event in run.events if event.kind in ("framing", "opening")]
    assert said == ["Let us begin.", "I need little.", "I need little."]
    assert (run.decision, run.deal) == ("go_with_follow_ups", {"reach": "few", "review": "some"})


def test_votes_are_made_in_one_line(small):
    wish = aipm.Ask(issue="reach", options=("few",))
    assert aipm.no(asks=[wish]).asks == aipm.no(asks={"reach": "few"}).asks == (wish,)
    assert aipm.yes_if({"reach": ["few", "all"]}, "Fewer.").asks[0].options == ("few", "all")
    assert aipm.yes(concern="safe").vote == "yes"


# --- what is wrong with a seat ----------------------------------------------------------------


class Missing:
    kind = "missing"

    def open(self, view):
        return aipm.Opening()


class Unnamed(Missing):
    kind = ""

    def answer(self, view):
        return aipm.yes()


class Someone(Unnamed):
    kind = "human"


class Async(aipm.Agent):
    async def answer(self, view):
        return "yes"


class Narrow(aipm.Agent):
    def answer(self):
        return "yes"


@pytest.mark.parametrize("on_fault", ["raise", "abstain"])
@pytest.mark.parametrize(
    ("seat", "why"),
    [
        (Missing(), r"legal: Missing has no answer\(view\)"),
        (Unnamed(), "legal: Unnamed.kind is ''"),
        (Someone(), "legal: Someone.kind is 'human', which is what another kind"),
        (Async, "legal: Async.answer is async"),
        (Narrow(), r"legal: Narrow.answer takes \(\)"),
        (object(), "legal: object has no open"),
    ],
)
def test_a_seat_is_looked_over_when_it_is_seated(small, seat, why, on_fault):
    with pytest.raises(TypeError, match=why):
        aipm.run(small, {"legal": seat}, on_fault=on_fault, on_event=lambda event: pytest.fail("played"))


async def later():
    return "yes"


BUGS = [
    (lambda view: view.worth() + "x", TypeError, "unsupported operand", "failure"),
    (lambda view: {"vote": "yes"}, TypeError, "answer returned dict", "failure"),
    (lambda view: later(), TypeError, "a coroutine that nobody awaits", "failure"),
    (lambda view: None, TypeError, "answer returned NoneType", "failure"),
    (lambda view: "maybe", TypeError, "which is no Position and no vote", "failure"),
    (lambda view: aipm.no(asks={"reach": "most"}), aipm.SeatError, "no option 'most'", "malformed"),
    (lambda view: aipm.no(red_line=3), aipm.SeatError, "does not cross that red line", "malformed"),
    (lambda view: aipm.no(asks="reach"), ValueError, "asks", "malformed"),
]


@pytest.mark.parametrize(("answer", "kind", "says", "fault"), BUGS, ids=[each[2] for each in BUGS])
def test_a_bug_is_raised_with_its_traceback_and_an_abstention_only_where_that_was_chosen(
    small, answer, kind, says, fault
):
    class Buggy(aipm.Agent):
        def answer(self, view):
            return answer(view)

    with pytest.raises(kind, match=says) as caught:
        aipm.run(small, {"legal": Buggy()})
    assert caught.value.__notes__ == ["Buggy as legal, round 1, asked to answer"]
    if fault == "failure" and "returned" not in says and "coroutine" not in says and "vote" not in says:
        frames = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
        assert frames[-2:] == ["answer", "<lambda>"]

    run = aipm.run(small, {"legal": Buggy()}, on_fault="abstain")
    turns = [turn for turn in run.turns() if turn["role"] == "legal" and turn["verb"] == "answer"]
    assert {(turn["vote"], turn["fault"]) for turn in turns} == {("no_answer", fault)}
    assert run.faults == {"legal": len(turns)}


def test_an_agent_may_abstain_on_purpose(small):
    class Out(aipm.Agent):
        def answer(self, view):
            raise aipm.SeatError("no_reply", "my model is down")

    run = aipm.run(small, {"legal": Out()})
    assert {
        turn["fault"] for turn in run.turns() if turn["verb"] == "answer" and turn["role"] == "legal"
    } == {"no_reply"}


# --- what a seat sees -------------------------------------------------------------------------


class Curious(aipm.Agent):
    """Checks, at every turn, that what its view offers is its own, is right, and may be done."""

    turns = 0

    def answer(self, view):
        type(self).turns += 1
        may, points = view.lawful(), view.me.points
        assert view.worth() == sum(points[issue][option] for issue, option in view.package.items())
        best = {issue: max(options, key=points[issue].get) for issue, options in may.options.items()}
        assert view.worth(best) >= view.worth()
        assert view.totals().keys() == {metric.id for metric in view.scenario.metrics}
        wishes = view.favourites(3)
        for wish in wishes:
            assert view.package[wish.issue] not in wish.options
            assert not {(wish.issue, option) for option in wish.options} & set(view.secret)
        losses = [view.worth({**view.package, wish.issue: wish.options[0]}) for wish in wishes]
        assert losses == sorted(losses, reverse=True)
        assert losses == [] or losses[-1] > view.worth()
        assert view.role not in view.asks()
        why = {"moved_by": (f"pm@{view.round}",)} if may.must_say_why else {}
        check(aipm.no(asks=wishes, tables=may.tables, brings=may.brings, **why), view, "answer")
        for challenge in may.challenges:
            check(aipm.no(challenge=challenge, **why), view, "answer")
        for about in may.asks_about:
            question = aipm.Question(to=may.asks_whom[0], about=about)
            check(aipm.no(question=question, **why), view, "answer")
        for line in may.red_lines:
            check(aipm.no(red_line=line), view, "answer")
        others = [party for role, party in view.scenario.parties.items() if role != view.role]
        assert all(party.points == {} and party.private is None for party in others)
        return super().answer(view)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_view_offers_what_a_seat_may_do_from_its_own_card_alone(name):
    Curious.turns = 0
    case = bundle(name)
    run = aipm.run(case, dict.fromkeys(case.colleagues, Curious), seed=1)
    assert Curious.turns == sum(turn["verb"] == "answer" for turn in run.turns())
    assert run.faults == {}


def test_before_a_package_there_is_nothing_to_be_worth(small):
    class Early(aipm.Agent):
        def open(self, view):
            with pytest.raises(ValueError, match="nothing is on the table yet"):
                view.worth()
            assert view.lawful().votes == ()
            assert [wish.options[0] for wish in view.favourites()] == ["all", "none"]
            return "Nothing yet."

    assert aipm.run(small, {"legal": Early()}).faults == {}


def test_an_option_nobody_knows_of_is_no_favourite():
    parties = scenario().model_dump(mode="json", exclude_defaults=True)["parties"]
    for party in parties.values():
        party["points"] = {"reach": {"all": 50, "few": 20}, "review": {"none": 20, "some": 10, "third": 50}}
    issues = scenario().model_dump(mode="json", exclude_defaults=True)["issues"]
    issues[1]["options"].append(
        {"id": "third", "label": "a third", "held_by": ["legal"], "aloud": "A third."}
    )
    wishes = []

    class Holder(aipm.Agent):
        def open(self, view):
            wishes.extend(view.favourites())
            assert view.lawful().brings == (aipm.Choice(issue="review", option="third"),)
            return aipm.Opening(brings=view.lawful().brings)

    run = aipm.run(scenario(parties=parties, issues=issues), {"legal": Holder()})
    assert {wish.issue: wish.options for wish in wishes} == {"reach": ("all",), "review": ("none",)}
    assert run.faults == {}


# --- a graph of one's own ---------------------------------------------------------------------


def thinking(**compiled):
    """A LangGraph agent of two nodes: it counts what it has seen, then decides."""
    from typing import TypedDict

    from langgraph.graph import END, START, StateGraph
    from langgraph.types import interrupt

    class State(TypedDict, total=False):
        worth: int
        seen: int
        vote: str

    def count(state: State) -> State:
        return {"seen": state.get("seen", 0) + 1}

    def decide(state: State) -> State:
        if state["worth"] < 0:
            return {"vote": interrupt("sure?")}
        return {"vote": "yes" if state["worth"] >= 60 else "no"}

    graph = StateGraph(State)
    graph.add_node("count", count)
    graph.add_node("decide", decide)
    graph.add_edge(START, "count")
    graph.add_edge("count", "decide")
    graph.add_edge("decide", END)
    return graph.compile(**compiled)


@pytest.mark.parametrize("at_once_", [True, False], ids=["in the loop", "within our graph"])
def test_a_graph_with_a_checkpointer_keeps_its_own_thread(small, at_once_):
    from langgraph.checkpoint.memory import InMemorySaver

    memory = InMemorySaver()

    class Thinks(aipm.Agent):
        seen, at_once = (), at_once_

        def __init__(self):
            self.graph = thinking(checkpointer=memory)

        def answer(self, view):
            config = {"configurable": {"thread_id": f"{view.seed}-{view.role}"}}
            state = self.graph.invoke({"worth": int(view.worth())}, config)
            Thinks.seen = (*Thinks.seen, state["seen"])
            return state["vote"]

    run = aipm.run(small, {"legal": Thinks()}, seed=5)
    answers = sum(turn["verb"] == "answer" and turn["role"] == "legal" for turn in run.turns())
    assert Thinks.seen == tuple(range(1, answers + 1)), "its thread goes on from round to round"
    assert {key[0] if isinstance(key, tuple) else key for key in memory.storage} == {"5-legal"}


@pytest.mark.parametrize("at_once_", [True, False], ids=["in the loop", "within our graph"])
def test_an_interrupt_within_a_graph_comes_back_to_its_agent(small, at_once_):
    from langgraph.checkpoint.memory import InMemorySaver
    from langgraph.types import Command

    class Asks(aipm.Agent):
        at_once = at_once_

        def answer(self, view):
            graph = thinking(checkpointer=InMemorySaver())
            config = {"configurable": {"thread_id": "here"}}
            paused = graph.invoke({"worth": -1}, config)
            assert paused["__interrupt__"][0].value == "sure?"
            return graph.invoke(Command(resume="no"), config)["vote"]

    run = aipm.run(small, {"legal": Asks()})
    assert {turn["vote"] for turn in run.turns() if turn["verb"] == "answer" and turn["role"] == "legal"} == {
        "no"
    }


@pytest.mark.parametrize("at_once_", [True, False], ids=["in the loop", "within our graph"])
def test_an_interrupt_that_nobody_can_answer_says_so(small, at_once_):
    from langgraph.types import interrupt

    class Waits(aipm.Agent):
        at_once = at_once_

        def answer(self, view):
            return interrupt("what now?")

    with pytest.raises(RuntimeError) as caught:
        aipm.run(small, {"legal": Waits()})
    assert any("cannot wait for a person" in note for note in caught.value.__notes__)
