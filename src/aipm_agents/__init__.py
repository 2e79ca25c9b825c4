"""aipm-agents: a flight simulator for product decisions.

    import aipm_agents as aipm

    class Tough(aipm.Agent):
        def answer(self, view):
            return "yes" if view.worth() >= 90 else aipm.no(asks=view.favourites(3))

    run = aipm.run(aipm.load("fading-forecast"), seats={"legal": Tough()}, seed=3)

The names below are the public API, documented in docs/api.md: within 1.x they do not break. Each is imported
when it is first used, so that `import aipm_agents` costs nothing.
"""

TYPE_CHECKING = False  # as `typing` has it, which need not be imported for it
if TYPE_CHECKING:
    from aipm_agents.api.flips import flip as flip
    from aipm_agents.api.models import model as model
    from aipm_agents.api.records import Records as Records
    from aipm_agents.api.reports import Report as Report
    from aipm_agents.api.reports import analyze as analyze
    from aipm_agents.api.reports import compare as compare
    from aipm_agents.api.reports import debrief as debrief
    from aipm_agents.api.runs import Run as Run
    from aipm_agents.api.runs import load as load
    from aipm_agents.api.runs import open as open
    from aipm_agents.api.runs import run as run
    from aipm_agents.api.studies import Study as Study
    from aipm_agents.api.studies import sweep as sweep
    from aipm_agents.errors import AipmError as AipmError
    from aipm_agents.errors import BudgetError as BudgetError
    from aipm_agents.errors import EndpointError as EndpointError
    from aipm_agents.errors import ScenarioError as ScenarioError
    from aipm_agents.errors import SeatError as SeatError
    from aipm_agents.errors import TranscriptError as TranscriptError
    from aipm_agents.errors import UsageError as UsageError
    from aipm_agents.scenario.model import Scenario as Scenario
    from aipm_agents.seats import Seat as Seat
    from aipm_agents.seats.agent import Agent as Agent
    from aipm_agents.seats.agent import no as no
    from aipm_agents.seats.agent import yes as yes
    from aipm_agents.seats.agent import yes_if as yes_if
    from aipm_agents.table.events import Event as Event
    from aipm_agents.table.moves import Ask as Ask
    from aipm_agents.table.moves import Challenge as Challenge
    from aipm_agents.table.moves import Choice as Choice
    from aipm_agents.table.moves import Opening as Opening
    from aipm_agents.table.moves import Position as Position
    from aipm_agents.table.moves import Proposal as Proposal
    from aipm_agents.table.moves import Question as Question
    from aipm_agents.table.moves import Reply as Reply
    from aipm_agents.table.moves import Signing as Signing
    from aipm_agents.table.moves import Trade as Trade
    from aipm_agents.table.moves import Words as Words
    from aipm_agents.table.view import View as View
    from aipm_agents.version import __version__ as __version__

_ROOMS = {
    "api.runs": "load run open Run",
    "api.studies": "sweep Study",
    "api.reports": "analyze compare debrief Report",
    "api.flips": "flip",
    "api.records": "Records",
    "api.models": "model",
    "seats.agent": "Agent yes yes_if no",
    "seats": "Seat",
    "table.view": "View",
    "table.moves": "Words Opening Proposal Position Signing Ask Choice Challenge Question Reply Trade",
    "table.events": "Event",
    "scenario.model": "Scenario",
    "errors": "AipmError UsageError ScenarioError TranscriptError EndpointError BudgetError SeatError",
}
_PUBLIC = {name: room for room, names in _ROOMS.items() for name in names.split()}
_FOUND = {**_PUBLIC, "__version__": "version"}

if not TYPE_CHECKING:  # a checker knows the names above, and that there are no others

    def __getattr__(name):
        if name not in _FOUND:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        found = getattr(import_module(f"{__name__}.{_FOUND[name]}"), name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_FOUND})
