from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from aipm_agents import disk
from aipm_agents.errors import UsageError
from aipm_agents.language import spoken, tr


def init(
    name: Annotated[str, typer.Argument(help="The id of the new scenario; the file is NAME.yaml.")],
    like: Annotated[
        str | None,
        typer.Option(
            metavar="KIND|CASE",
            help="Begin with a whole case to change: launch, build-or-buy, sunset, pricing, incident, hiring-tool; or the id or file of any.",
        ),
    ] = None,
    points: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.csv",
            help="Begin with issues, options and points from a table: issue, option, question, label and a column a role, as scores.csv of a kit has them.",
        ),
    ] = None,
) -> None:
    import json
    import re
    from importlib.resources import files

    from aipm_agents.scenario.schema import scenario_schema

    name = name.removesuffix(".yaml")  # whoever names the file means it
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,59}", name):
        raise UsageError(
            tr("{name!r} is no id; use small letters, digits, - and _, as in fridge-door-ai", name=name)
        )
    path, schema = Path(f"{name}.yaml"), Path("scenario.schema.json")
    of = (
        "" if spoken() == "en" else f".{spoken()}"
    )  # a first scenario in the language of whoever writes the next
    if points is not None:
        if like is not None:
            raise UsageError(tr("--like and --points both say what to begin with; take one"))
        text = _of_points(Path(points), name)
    elif like is None:
        text = (
            (files("aipm_agents.scenario") / f"template{of}.yaml")
            .read_text("utf-8")
            .replace("id: NAME", f"id: {name}")
        )
    else:
        text = _like(like, name)
    try:
        disk.create(path, text)
    except FileExistsError:
        raise UsageError(tr("{path} is already there; choose another name", path=quote(str(path)))) from None
    except OSError as error:
        raise UsageError(
            tr("{path}: cannot be written: {strerror}", path=path, strerror=error.strerror)
        ) from None
    try:
        disk.create(schema, json.dumps(scenario_schema(), indent=2, ensure_ascii=False) + "\n")
    except FileExistsError:  # it may be of another version, or have been edited
        print(tr("Wrote {path}; {schema} is already there and was left as it is.", path=path, schema=schema))
    except OSError as error:
        disk.discard(path)
        raise UsageError(
            tr("{path}: cannot be written: {strerror}", path=schema, strerror=error.strerror)
        ) from None
    else:
        print(tr("Wrote {path} and {schema}.", path=path, schema=schema))
    print(tr("Next: aipm validate {path}, then aipm run {path}", path=quote(str(path))))


def _of_points(path: Path, name: str) -> str:
    """A scenario made of a table of points, with a line that says what is left to write. Raises `UsageError`."""
    from aipm_agents.scenario.imports.scores import data
    from aipm_agents.scenario.imports.written import block

    made = data(path, name)
    note = tr(
        "Points from {path}. Left to write: every TODO, the facts (`evidence`), and what a package must meet (`checkpoints`); see docs/scenario-format.md.",
        path=path.name,
    )
    return f"# {note}\n{block(made)}"


GALLERY = {
    "launch": {"en": "refund-copilot"}, "build-or-buy": {"en": "one-gauge"},
    "sunset": {"en": "refund-copilot-later"}, "pricing": {"en": "value-share"},
    "incident": {"en": "fading-forecast", "zh-Hant": "fresh-food-orders"}, "hiring-tool": {"en": "second-look"},
}  # fmt: skip
"""Kind of decision -> the case that is most like it, in the languages there is one in."""


def _like(kind: str, name: str) -> str:
    """The file of a case under another name, with a line that says what it was. Raises `UsageError`."""
    import re

    from aipm_agents.scenario.imports.written import block
    from aipm_agents.scenario.library import bundled, locate, parted
    from aipm_agents.scenario.marked import YamlError
    from aipm_agents.scenario.problems import did_you_mean
    from aipm_agents.scenario.reader import in_its_words

    cases = GALLERY.get(kind, {})
    case = cases.get(spoken()) or cases.get("en") or kind
    try:
        path = locate(case, spoken())
        words = in_its_words(path) if parted(path.stem)[1] else None  # texts of it lie in a file beside it
        text = path.read_text("utf-8") if words is None else block({**words, "id": name})
    except (OSError, UnicodeDecodeError, UsageError, YamlError):
        hint = did_you_mean(kind, [*GALLERY, *bundled()])
        raise UsageError(
            tr("--like {kind}: no such kind of decision, and no case{hint}", kind=kind, hint=hint)
        ) from None
    changed, found = re.subn(r"^id:.*$", f"id: {name}", text, count=1, flags=re.MULTILINE)
    if not found:
        raise UsageError(tr("--like {kind}: is no scenario file", kind=kind))
    note = tr(
        "Begun as a copy of {case}: change what is decided, who sits there and what they know; the rules may stay.",
        case=case,
    )
    return f"# {note}\n{changed}"
