from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from aipm_agents import disk
from aipm_agents.cli import files, models
from aipm_agents.errors import AipmError, UsageError
from aipm_agents.language import spoken, tr
from aipm_agents.redaction import redacted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aipm_agents.drafting.brief import Brief
    from aipm_agents.drafting.written import Draft

MOST_CALLS, MOST_TOKENS = 6, 150_000
"""What a draft may spend, unless somebody says otherwise."""


def draft(
    brief: Annotated[
        str | None,
        typer.Argument(
            help="A brief, a PRD, notes of a meeting: Markdown, text or .docx. Left out: you are asked."
        ),
    ] = None,
    output: Annotated[
        str, typer.Option("-o", "--output", help="The scenario file to write, NAME.yaml.")
    ] = "draft.yaml",
    model: Annotated[
        str | None,
        typer.Option("-m", "--model", help="Who drafts it from the brief.", rich_help_panel=models.PANEL),
    ] = None,
    base_url: models.BaseUrl = None,
    max_tokens: models.MaxTokens = None,
    max_calls: models.MaxCalls = None,
    timeout: models.Timeout = None,
    answer_tokens: models.AnswerTokens = None,
    cassette: models.CassetteOption = None,
    offline: models.Offline = False,
) -> None:
    from aipm_agents.drafting.remarks import counted, remarks

    path = Path(output)
    if path.suffix not in (".yaml", ".yml") or not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,59}", path.stem):
        raise UsageError(
            tr("-o {output}: name it as the scenario's id with .yaml, as in fridge-door.yaml", output=output)
        )
    said = path.with_suffix(".answers.txt")
    for each in (path, said) if brief is None else (path,):
        if each.exists():
            raise UsageError(tr("{path} is already there; choose another name", path=each))
    files.check(output, (".yaml", ".yml"))
    if (brief is None) != (model is None):
        raise UsageError(
            tr(
                "a brief takes a model to read it: aipm draft BRIEF.md -m MODEL -o FILE; without both you are asked"
            )
        )
    means = models.Means(base_url, None, max_tokens or MOST_TOKENS, max_calls or MOST_CALLS, timeout, 1, answer_tokens, cassette, offline)  # fmt: skip
    made, answers = (
        _asked(path, output) if brief is None else (_modelled(Path(brief), path.stem, model or "", means), ())
    )
    with _given_back(answers, output):
        _written(path, made.text)
        if brief is None:
            _written(said, "\n".join(answers) + "\n")
    print(tr("Wrote {path}: {counted}", path=path, counted=counted(made, asked=brief is None)))
    if brief is None:
        print(tr("Your answers, as the lines it names: {path}", path=said))
    for remark in remarks(made):
        print(remark)
    print(tr("Next: read every INVENTED, then aipm validate {path} --explain", path=quote(output)))


def _written(path: Path, text: str) -> None:
    try:
        disk.create(path, redacted(text))
    except OSError as error:
        raise UsageError(
            tr("{path}: cannot be written: {strerror}", path=path, strerror=error.strerror)
        ) from None


def _modelled(brief: Path, id_: str, model: str, means: models.Means) -> Draft:
    from aipm_agents.cli import seating
    from aipm_agents.drafting.asking import drafted
    from aipm_agents.drafting.brief import read_brief
    from aipm_agents.seats.model import Model

    told: Brief = read_brief(brief)
    kind = seating.kind_of(model)
    if kind in ("embedded", "human"):
        raise UsageError(tr("-m {model}: no language model; leave out the brief to be asked", model=model))
    with seating.seated({"pm": kind}, means) as table:
        seat = table.players["pm"]
        if not isinstance(seat, Model):
            raise UsageError(
                tr("-m {model}: no language model; leave out the brief to be asked", model=model)
            )
        return drafted(
            told, id_, model, seat.line.ask, answer_tokens=max(seat.answer_tokens, 8192),
            on_try=lambda n: print(tr("aipm: try {n} ...", n=n), file=sys.stderr),
        )  # fmt: skip


def _asked(path: Path, output: str) -> tuple[Draft, tuple[str, ...]]:
    from aipm_agents.drafting.talk import Talk
    from aipm_agents.drafting.written import draft as written

    def ask(question: str) -> str:
        try:
            return input(f"{question}\n> ")
        except EOFError:
            raise UsageError(tr("the answers ended before the last question; nothing was written")) from None

    talk = Talk("zh-Hant" if spoken() == "zh-Hant" else "en", ask, print)
    with _given_back(talk.answers, output):
        sketch, answers = talk.sketch()
        made = written(sketch, answers, path.stem, tr("you"))
        if made.reading.scenario is None:
            raise AipmError("; ".join(f"{each.where}: {each.message}" for each in made.reading.errors[:5]))
    return made, answers.lines


@contextmanager
def _given_back(answers: Sequence[str], output: str) -> Iterator[None]:
    """Whatever goes wrong, nothing that was said is lost."""
    try:
        yield
    except BaseException:
        if answers:
            text = tr("Your answers, in a file, are taken again with aipm draft -o {path} < FILE:", path=quote(output))  # fmt: skip
            print(f"\naipm: {text}", *answers, sep="\n", file=sys.stderr)
        raise
