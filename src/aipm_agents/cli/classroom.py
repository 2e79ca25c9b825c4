from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from aipm_agents import language
from aipm_agents.cli import consent, models, runs, seating
from aipm_agents.errors import UsageError
from aipm_agents.language import follow, tr, tr_n

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_agents.roles import Role
    from aipm_agents.room.chairs import Chairs
    from aipm_agents.room.happenings import ClassOpened
    from aipm_agents.room.lesson import Lesson
    from aipm_agents.room.register import Register
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.seats import Seat

PORT = 8300


def hold(
    scenario: Annotated[
        str, typer.Argument(help="A scenario; or the folder of a class that was stopped, to go on with it.")
    ],
    tables: Annotated[int, typer.Option("--tables", min=1, max=40, help="How many tables play it.")] = 1,
    minutes: Annotated[
        int,
        typer.Option(
            "--minutes",
            min=1,
            max=600,
            help="How long the class is, from Begin to the end of the debrief; board and teacher see what is left.",
        ),
    ] = 50,
    patience: Annotated[
        int,
        typer.Option(
            "--wait", min=5, max=3600, help="Seconds a phase waits for a silent seat; then it abstains."
        ),
    ] = 240,
    port: Annotated[int, typer.Option("--port", help="Where to serve it; 0 takes any that is free.")] = PORT,
    host: Annotated[
        str, typer.Option("--host", help="The address to serve it at; 127.0.0.1 is this machine alone.")
    ] = "0.0.0.0",
    output: Annotated[str | None, typer.Option("-o", "--output", help="The folder of the class.")] = None,
    seed: Annotated[int, typer.Option(help="The same seed plays the others the same way.")] = 0,
    rehearse: Annotated[
        bool, typer.Option("--rehearse", help="Every seat is played by the program, at reading pace.")
    ] = False,
    seat: seating.SeatOption = None,
    base_url: models.BaseUrl = None,
    allow_address: consent.AllowAddress = None,
    max_tokens: models.MaxTokens = None,
    max_calls: models.MaxCalls = None,
    timeout: models.Timeout = None,
    answer_tokens: models.AnswerTokens = None,
    keep_weighing: models.KeepWeighing = False,
    cassette: models.CassetteOption = None,
    offline: models.Offline = False,
) -> None:
    from aipm_agents.room import address as where
    from aipm_agents.room.board import board_path
    from aipm_agents.room.classroom import site
    from aipm_agents.room.lesson import Lesson
    from aipm_agents.room.server import Server, claimed, port_of
    from aipm_agents.room.tokens import derived

    means = models.Means(
        base_url, None, max_tokens, max_calls, timeout, 8, answer_tokens, cassette, offline, keep_weighing
    )
    going_on = (Path(scenario) / runs.REGISTER).is_file()
    with ExitStack() as open_:
        if going_on:
            register = open_.enter_context(closing(_old(scenario)))
            means = means._replace(allowed=_agreed(register, seat, means, allow_address or ()))
        else:
            if allow_address:
                raise UsageError(tr("--allow-address: for a class that goes on; in a new one nobody but you names an address"))  # fmt: skip
            made = _new(scenario, output, seat, rehearse, tables=tables, minutes=minutes, patience=patience, seed=seed)  # fmt: skip
            register = open_.enter_context(closing(made))
        opened = register.opened
        follow(opened.scenario.language)
        listening = open_.enter_context(claimed(host, port))
        number = port_of(listening)
        found = where.addresses() if host == where.ANY else [host]
        address = f"http://{(found or ['127.0.0.1'])[0]}:{number}/"
        programs = bool(opened.kinds) and not opened.rehearsal
        seats = open_.enter_context(seating.seated(dict(opened.kinds), means) if programs else _nobody())
        lesson = open_.enter_context(closing(Lesson(register, _chairs(opened, seats.players))))
        lesson.lay()  # before anybody is told where it is: a damaged record is told at once
        server = Server(listening)
        app = site(lesson, address, names=where.names(), leave=server.leave)
        _print(lesson, address, found, number, host, derived(opened.secret, "teacher"), board_path(lesson))  # fmt: skip
        server.run(app)
    if register.path.exists():
        print(
            "\n"
            + tr(
                "Everything is kept in {folder}. Go on with: aipm class {folder}{options}",
                folder=quote(str(register.folder)),
                options=seats.again,
            )
        )


def _old(folder: str) -> Register:
    from aipm_agents.room.register import Register

    return Register(Path(folder))


def _agreed(
    register: Register, seat: list[str] | None, means: models.Means, allowed: Sequence[str]
) -> tuple[str, ...]:
    """The addresses that may be called on. A folder may be somebody else's: what it names is run, or called on, only
    where it is named here too."""
    opened = register.opened
    typed = seating.changed(opened.scenario, seat)
    for role, kind in typed.items():
        if opened.kinds.get(role) != kind:
            plays = opened.kinds.get(role) or tr("people")
            raise UsageError(
                tr("--seat {role}={kind}: a class goes on with who played when it began, here {plays}", role=role, kind=kind, plays=plays)
            )  # fmt: skip
    consent.named_here(register.path, opened.kinds, typed)
    return consent.given(register.path, opened.kinds, typed, means, allowed)


def _new(
    scenario: str, output: str | None, seat: list[str] | None, rehearse: bool, *, tables: int, minutes: int, patience: int, seed: int
) -> Register:  # fmt: skip
    from datetime import datetime

    from aipm_agents.room.register import Register, new_class
    from aipm_agents.scenario.library import locate
    from aipm_agents.scenario.reader import read

    decided: Scenario = read(locate(scenario, language.asked()))
    kinds: dict[Role, str] = seating.changed(decided, seat)
    if any(kind == "human" for kind in kinds.values()):
        raise UsageError(tr("--seat ROLE=human: in a class people take the seats that no program plays"))
    if rehearse:
        kinds = dict.fromkeys(decided.parties, "embedded")
    opened = new_class(decided, seed=seed, tables=tables, minutes=minutes, patience=patience, kinds=kinds, rehearsal=rehearse)  # fmt: skip
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    folder = Path(output) if output else runs.folder() / f"class-{stamp}-{decided.id}-{opened.code.lower()}"
    try:
        return Register(folder, opened)
    except OSError as error:
        raise UsageError(
            tr("{folder}: a class cannot be kept there: {strerror}; choose a place with -o", folder=folder, strerror=error.strerror)
        ) from None  # fmt: skip


def _nobody() -> seating.Seating:
    return seating.Seating({})


def _chairs(opened: ClassOpened, given: dict[Role, Seat]) -> Chairs:
    """Embedded seats where nobody else plays; in a rehearsal they take their time."""
    from aipm_agents.room.chairs import Chairs
    from aipm_agents.room.rehearsal import Paced
    from aipm_agents.seats.embedded import Embedded

    players: dict[str, dict[Role, Seat]] = {
        "embedded": {role: Paced() if opened.rehearsal else Embedded() for role in opened.scenario.parties}
    }
    for role, kind in opened.kinds.items():
        if kind != "embedded":
            players.setdefault(kind, {})[role] = given[role]
    return Chairs(players)


def _stands(lesson: Lesson) -> str:
    """Where a class stands that is gone on with, and what a rehearsal needs."""
    if lesson.roster.cards_open:
        return tr("The cards are open.")
    if lesson.over:
        return tr("Every table has ended. Open the cards on your page.")
    if lesson.roster.begun:
        return tr("It goes on where it was.")
    if lesson.opened.rehearsal:
        return tr("A rehearsal: the program plays every seat. Open your page, press Begin; nobody has to join.")  # fmt: skip
    return ""


def _print(
    lesson: Lesson,
    address: str,
    found: list[str],
    port: int,
    host: str,
    teacher: str,
    board: str,
) -> None:
    """Where everybody goes, and who could come."""
    import segno

    opened, folder = lesson.opened, lesson.register.folder
    many = tr_n("a class of {n} table", "a class of {n} tables", opened.tables)
    print(f"{opened.scenario.title} · {many}")
    if told := _stands(lesson):
        print(told)
    segno.make(f"{address}?code={opened.code}", error="l").terminal(compact=True, border=2)
    print(tr("Students: {address}   room code {code}", address=address, code=opened.code))
    for other in found[1:]:
        print("          " + tr("or {address}", address=f"http://{other}:{port}/"))
    own = f"http://127.0.0.1:{port}"
    print(tr("Board, for the projector: {address}", address=own + board))
    print(tr("You alone, and nobody else: {address}", address=f"{own}/teacher/enter/{teacher}"))
    print(tr("Kept in: {folder}", folder=folder))
    if host in ("127.0.0.1", "::1", "localhost"):
        print(tr("For this machine alone. Ctrl-C ends it."), flush=True)
    else:
        print(tr("Whoever is in this network can reach it. Ctrl-C stops it; nothing is lost. If phones cannot: aipm doctor --room"), flush=True)  # fmt: skip
