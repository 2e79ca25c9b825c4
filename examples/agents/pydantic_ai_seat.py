"""A pydantic-ai agent in a seat. The model decides, within a form that code checks.

pip install "pydantic-ai-slim[openai]"
cd examples/agents
export OPENAI_BASE_URL=http://localhost:8080/v1 OPENAI_API_KEY=none SEAT_MODEL=qwen3
aipm sweep refund-copilot --seeds 0:5 --vary seat.engineer=embedded,python:pydantic_ai_seat:Deciding
"""

from __future__ import annotations

import os
from typing import Literal

from pydantic import BaseModel
from pydantic_ai import Agent, ModelRetry
from pydantic_ai.models.openai import OpenAIChatModel

import aipm_agents as aipm


class Answer(BaseModel):
    vote: Literal["yes", "no"]
    says: str
    """What is said aloud, in a sentence or two."""


class Deciding(aipm.Agent):
    """A model of pydantic-ai's: it sees what the seat sees, and answers in a form."""

    at_once = False  # it waits for a model, so colleagues are asked side by side

    def __init__(self) -> None:
        self.agent = Agent(
            OpenAIChatModel(os.environ.get("SEAT_MODEL", "gpt-5-mini")),
            deps_type=aipm.View,
            output_type=Answer,
            instructions="You sit at a meeting that decides about a product. Accept what serves your role; never tell points.",
            retries=1,
        )

        @self.agent.output_validator
        def no_figures(answer: Answer) -> Answer:
            if any(letter.isdigit() for letter in answer.says):
                raise ModelRetry("Say it without figures.")
            return answer

    def answer(self, view: aipm.View) -> aipm.Position:
        told = "\n".join([
            f"You are {view.scenario.card(view.role).title}. You want: {view.me.wants}",
            f"On the table: {view.package}",
            f"Worth {view.worth():g} of 100 to you; below {view.me.walk_away:g} no deal is better.",
        ])  # fmt: skip
        answer = self.agent.run_sync(told, deps=view).output
        return (
            aipm.yes(answer.says) if answer.vote == "yes" else aipm.no(answer.says, asks=view.favourites(2))
        )
