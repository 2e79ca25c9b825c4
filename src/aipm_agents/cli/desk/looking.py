"""Commands of every turn: looking around, taking back, sending, leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.cli.desk import choosing
from aipm_agents.cli.desk.choosing import Unclear
from aipm_agents.cli.desk.command import Command
from aipm_agents.cli.desk.lines import Left
from aipm_agents.language import mark, tr
from aipm_agents.table.moves import Proposal

if TYPE_CHECKING:
    from aipm_agents.cli.desk.sitting import DeskSitting
    from aipm_agents.table.view import View


def _help(sitting: DeskSitting, rest: str) -> None:
    from aipm_agents.report.live import seat

    known = [command for command in sitting.commands if command.fits(sitting)]
    if rest:
        known = [sitting.meant(rest)[0]]
    sitting.show(seat.commands((tr(command.name), tr(command.does)) for command in known))
    sitting.say(tr("A number, a name, or the beginning of a name will do. Tab completes."))
    sitting.say(tr("Nothing counts before `send`."))


def _card(sitting: DeskSitting, rest: str) -> None:
    from aipm_agents.report.live import card, seat
    from aipm_agents.report.papers.terminal import paper

    sitting.show(paper(card.briefing(sitting.view), sitting.console.width))
    sitting.show(seat.points(sitting.view))


def _table(sitting: DeskSitting, rest: str) -> None:
    from aipm_agents.report.live import seat

    sitting.show(seat.table(sitting.view))


def _history(sitting: DeskSitting, rest: str) -> None:
    from aipm_agents.report.live import seat

    sitting.show(seat.history(sitting.view))


def _worth(sitting: DeskSitting, rest: str) -> None:
    from aipm_agents.report.live import seat
    from aipm_agents.report.live.goals import against_bounds

    view = sitting.view
    begun = sitting.draft.package if isinstance(sitting.draft, Proposal) else view.package
    chosen = choosing.package(view, rest, begun or {}) if rest else begun
    if chosen is None or any(issue not in chosen for issue in view.scenario.issue):
        raise Unclear(tr("name an option for each issue: worth {example}", example=_example(view)))
    sitting.show(seat.package(view, chosen))
    for line in against_bounds(view, chosen):
        sitting.show(seat.aside(line))
    sitting.say(tr("The four checkpoints, by what is on the table now:"))
    sitting.show(seat.verdicts(view, chosen))


def heard(sitting: DeskSitting, rest: str) -> None:
    """What everybody asked for, as last heard."""
    from aipm_agents.report.live import seat

    for line in seat.heard(sitting.view) or [tr("nobody has asked for anything yet")]:
        sitting.say(line)


def _goals(sitting: DeskSitting, rest: str) -> None:
    from aipm_agents.report.live import goals
    from aipm_agents.report.papers.terminal import paper

    sitting.show(paper(goals.goals(sitting.view), sitting.console.width))


def _example(view: View) -> str:
    return " ".join(options[0] for options in view.space.options.values())


def _save(sitting: DeskSitting, rest: str) -> None:
    sitting.keep(sitting.draft)
    sitting.say(
        "  "
        + tr(
            "Everything is kept in {path}: each finished turn, and this one as far as it is.",
            path=sitting.where,
        )
    )


def _quit(sitting: DeskSitting, rest: str) -> None:
    sitting.keep(sitting.draft)
    raise Left


ALWAYS = (
    Command(mark("send"), mark("make your turn as it stands above; it cannot be taken back"), lambda s, _: s.send(), ("送出",), menu=False, alone=True),
    Command(mark("undo"), mark("take back the last thing you added to this turn"), lambda s, _: s.undo(), ("back", "復原", "收回"), menu=False, alone=True),
    Command(mark("card"), mark("your confidential card"), _card, ("角色卡",), menu=False),
    Command(mark("table"), mark("the package, the last ruling and the facts on the table"), _table, ("桌面",), menu=False),
    Command(mark("history"), mark("what was said and ruled so far"), _history, ("紀錄",), menu=False),
    Command(mark("goals"), mark("what a deal has to meet, with its bounds, and what each choice does to the figures"), _goals, ("目標",), menu=False),
    Command(mark("worth"), mark("what a package is worth to you, and what the checkpoints say: worth OPTION OPTION ..."), _worth, ("值多少",), menu=False),
    Command(mark("save"), mark("say where all of this is kept"), _save, ("存檔",), menu=False),
    Command(mark("quit"), mark("leave the table; the run waits for you"), _quit, ("exit", "q", "離開"), menu=False),
    Command("?", mark("this list"), _help, ("help", "h", "？", "說明"), menu=False),
)  # fmt: skip
