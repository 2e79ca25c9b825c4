"""What `run` and `resume` share: seats by name, the live screen, a run to its end or to Ctrl-C."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import typer

from aipm_agents.cli import runs
from aipm_agents.errors import AipmError, UsageError
from aipm_agents.scenario.problems import did_you_mean
from aipm_agents.table.events import Decided, Ruled, Stopped, last_ruling

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.seats import Seat
    from aipm_agents.table.events import Event
    from aipm_agents.transcript import Header, Recorder


class Display(StrEnum):
    conversation = "conversation"
    plain = "plain"
    none = "none"


def seats(scenario: Scenario, chosen: Mapping[Role, str]) -> dict[Role, Seat]:
    """Someone for every seat; what is not chosen is played by the embedded negotiator."""
    from aipm_agents.seats.embedded import Embedded

    for role, kind in chosen.items():
        if role not in scenario.parties:
            raise UsageError(f"--seat {role}={kind}: no such role here{did_you_mean(role, scenario.parties)}")
        if kind != "embedded":
            raise UsageError(f"--seat {role}={kind}: this version plays seats as 'embedded'")
    return {role: Embedded() for role in scenario.parties}


def parsed(options: list[str]) -> dict[Role, str]:
    chosen: dict[Role, str] = {}
    for option in options:
        role, equals, kind = option.partition("=")
        if not equals or not role or not kind:
            raise UsageError(f"--seat {option}: write it ROLE=KIND, as in --seat legal=embedded")
        chosen[role] = kind
    return chosen


def to_the_end(
    recorder: Recorder, header: Header, earlier: tuple[Event, ...], players: Mapping[Role, Seat],
    *, display: Display, as_json: bool,
) -> None:  # fmt: skip
    """Play from the earlier events to the decision, on screen and on file."""
    from aipm_agents.negotiation import negotiate
    from aipm_agents.report.wording import as_json as dumped

    scenario, events = header.scenario, list(earlier)
    handle = runs.handle(recorder.path, header)
    stage = _Stage(scenario, header.seed, Display.none if as_json else display, handle)
    stage.begin(tuple(earlier))

    def on_event(event: Event) -> None:
        recorder.append(event)
        events.append(event)
        stage.show(tuple(events))

    try:
        negotiate(scenario, players, seed=header.seed, earlier=earlier, on_event=on_event)
    except KeyboardInterrupt:
        number = max((event.round for event in events), default=0)
        if not any(isinstance(event, Decided) for event in events):
            recorder.append(Stopped(round=number, reason="interrupted"))
        print(f"\nBroken off; nothing is lost. Go on with: aipm resume {handle}", file=sys.stderr)
        raise typer.Exit(130) from None
    except OSError as error:
        raise AipmError(
            f"{recorder.path}: cannot be written: {error.strerror}; all before it is kept"
        ) from None
    if as_json:
        print(dumped(summary(header, tuple(events), recorder.path)))
    elif display is Display.none:
        print(recorder.path)
    else:
        print(f"\nTranscript: {recorder.path}")


def summary(header: Header, events: tuple[Event, ...], path: Path | None) -> dict[str, Any]:
    """What `--json` prints of a run."""
    decision = next((event for event in events if isinstance(event, Decided)), None)
    ruling = last_ruling(events)
    return {
        "run_id": header.run_id,
        "scenario": header.scenario.id,
        "seed": header.seed,
        "outcome": decision.outcome if decision else "stopped",
        "package": decision.package if decision else None,
        "checkpoints": dict(ruling.verdicts) if ruling else {},
        "rounds": max((event.round for event in events), default=0),
        "transcript": str(path) if path else None,
    }


class _Stage:
    """The live screen: paced on a terminal, straight through when piped."""

    def __init__(self, scenario: Scenario, seed: int, display: Display, handle: str) -> None:
        from rich.console import Console

        self.scenario, self.seed, self.display, self.handle = scenario, seed, display, handle
        plain = display is Display.plain
        self.console = Console(highlight=False, no_color=plain or None, soft_wrap=False)
        self.paced = display is Display.conversation and sys.stdin.isatty() and sys.stdout.isatty()

    def begin(self, earlier: tuple[Event, ...]) -> None:
        from aipm_agents.report.terminal import heading

        if self.display is not Display.none:
            self.console.print(heading(self.scenario, self.seed))
            for number in range(1, len(earlier) + 1):
                self._print(earlier[:number])

    def show(self, events: tuple[Event, ...]) -> None:
        if self.display is not Display.none:
            self._print(events)
            if self.paced and isinstance(events[-1], Ruled):
                self._pause(events[-1])

    def _print(self, events: tuple[Event, ...]) -> None:
        from aipm_agents.report.terminal import screen

        seen = screen(self.scenario, events, handle=self.handle)
        if seen is not None:
            self.console.print(seen)

    def _pause(self, ruling: Ruled) -> None:
        """Enter for the next step, e for the end; the end of the input counts as e."""
        try:
            key = input(f"Round {ruling.round} of {self.scenario.rounds}     Enter: go on   e: to the end  ")
        except EOFError:
            key = "e"
        if key.strip().lower().startswith("e"):
            self.paced = False
