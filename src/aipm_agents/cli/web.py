"""`aipm play --web`: a seat, or several, in the browser of this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import follow, spoken, tr
from aipm_agents.roles import PM

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from aipm_agents.cli import models
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.styles import StyleName

_PATIENCE = 3600
"""Nobody is hurried at home."""


def sit(
    scenario: Scenario, kinds: Mapping[Role, str], means: models.Means, seed: int, *, path: Path, port: int, style: StyleName | None
) -> None:  # fmt: skip
    """Serve a table to whoever plays the seats of people, until Ctrl-C. The record is an ordinary one."""
    from aipm_agents.cli import runs, seating, study
    from aipm_agents.room import tokens
    from aipm_agents.room.chairs import Chairs
    from aipm_agents.room.classroom import at_home
    from aipm_agents.room.happenings import Begun, Joined, Moved, Placing
    from aipm_agents.room.lesson import Lesson
    from aipm_agents.room.register import Alone, new_class
    from aipm_agents.room.server import Server, claimed, port_of
    from aipm_agents.seats.embedded import Embedded

    follow(scenario.language)
    people = [role for role in scenario.parties if kinds[role] == "human"]
    others = {role: kind for role, kind in kinds.items() if kind != "human"}
    with seating.seated(kinds, means, style=style) as seats, claimed("127.0.0.1", port) as listening:
        header = study.header(scenario, seed, seats, means, style=style)
        opened = new_class(
            scenario, seed=header.seed, tables=1, minutes=600, patience=_PATIENCE, kinds=others
        )
        register = Alone(opened, header, path)
        keys = {tokens.token(): role for role in people}
        for token, role in keys.items():
            register.append(
                Joined(
                    person=role, name=scenario.card(role).title, language=spoken(), key=tokens.digest(token)
                )
            )
            register.append(Moved(place=Placing(person=role, table=1, role=role)))
        register.append(Begun())
        players = {
            kind: {r: seats.players[r] for r, k in kinds.items() if k == kind} for kind in others.values()
        }
        players["embedded"] = {
            role: Embedded(style if role == PM else None) for role in scenario.parties
        } | players.get("embedded", {})
        lesson = Lesson(register, Chairs(players))
        lesson.lay()
        own = f"http://127.0.0.1:{port_of(listening)}"
        for token, role in keys.items():
            print(tr("{title}: {address}", title=scenario.card(role).title, address=f"{own}/enter/{token}"))
        if len(keys) > 1:
            print(tr("A browser has one seat: open each in a browser, or a private window, of its own."))
        print(tr("For this machine alone. Ctrl-C ends it."), flush=True)
        try:
            Server(listening).run(at_home(lesson, dict(keys)))
        finally:
            lesson.close()
        done = bool(lesson.tables) and lesson.over
    handle = runs.handle(path, header)
    print(
        "\n"
        + (tr("Transcript: {path}", path=path) if done else tr("Go on with: aipm resume {run}", run=handle))
    )
