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
) -> None:
    import json
    import re
    from importlib.resources import files

    from aipm_agents.scenario.schema import scenario_schema

    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,59}", name):
        raise UsageError(
            tr("{name!r} is no id; use small letters, digits, - and _, as in fridge-door-ai", name=name)
        )
    path, schema = Path(f"{name}.yaml"), Path("scenario.schema.json")
    of = (
        "" if spoken() == "en" else f".{spoken()}"
    )  # a first scenario in the language of whoever writes the next
    template = (files("aipm_agents.scenario") / f"template{of}.yaml").read_text("utf-8")
    try:
        disk.create(path, template.replace("id: NAME", f"id: {name}"))
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
