"""The folder of a kit, written whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from aipm_agents.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping


def check(output: str, *, force: bool) -> Path:
    """Where a kit is to be written. Raises `UsageError` where it cannot be, before anything is played.

    A folder with something in it is left alone unless `force`; what is no folder is left alone always.
    """
    path = Path(output)
    try:
        taken = path.is_dir() and any(path.iterdir())
        other = path.exists() and not path.is_dir()
    except OSError as error:
        raise UsageError(f"-o {output[:60]}: cannot be written: {error.strerror}") from None
    if other:
        raise UsageError(f"-o {output}: is a file; name a folder for the kit")
    if not path.parent.is_dir():
        raise UsageError(f"-o {output}: there is no folder {path.parent}")
    if taken and not force:
        raise UsageError(
            f"-o {output}: there is something in it; name another folder, or --force writes it anew"
        )
    if taken and not (path / "index.html").is_file():
        raise UsageError(f"-o {output}: holds no kit, so --force does not clear it; name another folder")
    return path


def write(path: Path, files: Mapping[str, str]) -> None:
    """Every file, beside its place first: a folder that bears the name is a whole kit. An earlier kit is replaced;
    what somebody else put there stays."""
    try:
        beside = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    except OSError as error:
        raise UsageError(f"-o {path}: cannot be written: {error.strerror}") from None
    try:
        beside.chmod(0o755)
        for name, text in files.items():
            (beside / name).write_bytes(text.encode("utf-8", "backslashreplace"))
        if path.is_dir():
            for each in path.iterdir():
                if each.name not in files and not each.match("card-*") and not each.match("scores-*"):
                    os.replace(each, beside / each.name)
            shutil.rmtree(path)
        os.replace(beside, path)
    except OSError as error:
        raise UsageError(f"-o {path}: cannot be written: {error.strerror}") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
