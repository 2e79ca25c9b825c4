"""A LangGraph agent in a seat. Code decides the vote, a model finds the words for it.

    cd examples/agents
    export OPENAI_BASE_URL=http://localhost:8080/v1 OPENAI_API_KEY=none SEAT_MODEL=qwen3
    aipm run refund-copilot --seat legal=python:langgraph_seat:Weighing

The graph is its own: with a checkpointer it would keep its own threads (`docs/api.md`, "A LangGraph agent").
"""

from __future__ import annotations

import os
from typing import Any, Literal, TypedDict

from langchain_openai import ChatOpenAI
from langgraph.graph import END, START, StateGraph

import aipm_agents as aipm


class Turn(TypedDict, total=False):
    view: aipm.View
    gain: float
    says: str
    position: aipm.Position


def weigh(turn: Turn) -> Turn:
    """What the package on the table gives this seat above its walk-away."""
    view = turn["view"]
    return {"gain": float(view.worth() - view.me.walk_away)}


def route(turn: Turn) -> Literal["agree", "object"]:
    return "agree" if turn["gain"] >= 0 else "object"


class Weighing(aipm.Agent):
    """Says yes to what is no worse than no deal, and otherwise asks for what costs it most."""

    at_once = False  # it waits for a model, so colleagues are asked side by side

    def __init__(self) -> None:
        model = ChatOpenAI(model=os.environ.get("SEAT_MODEL", "gpt-5-mini"), timeout=60, max_retries=1)

        def say(turn: Turn, what: str) -> str:
            view = turn["view"]
            asked = model.invoke([
                ("system", f"You are {view.scenario.card(view.role).title} at a meeting. One sentence, no figures."),
                ("user", f"The plan: {view.package}. You {what}. Say so to the product manager."),
            ])  # fmt: skip
            return str(asked.text).strip()

        def agree(turn: Turn) -> Turn:
            return {"position": aipm.yes(says=say(turn, "agree"))}

        def object_(turn: Turn) -> Turn:
            asks = turn["view"].favourites(2)
            wanted = ", ".join(option for ask in asks for option in ask.options)
            return {"position": aipm.no(says=say(turn, f"cannot agree, and need {wanted}"), asks=asks)}

        graph = StateGraph(Turn)
        graph.add_node("weigh", weigh)
        graph.add_node("agree", agree)
        graph.add_node("object", object_)
        graph.add_edge(START, "weigh")
        graph.add_conditional_edges("weigh", route)
        graph.add_edge("agree", END)
        graph.add_edge("object", END)
        self.graph: Any = graph.compile()

    def answer(self, view: aipm.View) -> aipm.Position:
        position: aipm.Position = self.graph.invoke({"view": view})["position"]
        return position
