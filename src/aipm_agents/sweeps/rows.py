"""The rows of a sweep: one a run, as JSON Lines while it goes on, in order and as CSV too when it ends.

A row follows from its transcript alone. The file only saves making it again: what is missing in it is made
from the transcripts, and a file that is deleted comes back.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aipm_agents.analysis.sample.case import case, columns, row
from aipm_agents.errors import AipmError
from aipm_agents.language import tr
from aipm_agents.report.compare.plain_data import cell
from aipm_agents.report.papers.csv_rows import csv_lines
from aipm_agents.transcript import dumped, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Self

    from aipm_agents.sweeps.folder import Folder


class Rows:
    """Keeps where in the file each row begins, and none of the rows: memory grows by a few bytes a run."""

    def __init__(self, folder: Folder) -> None:
        self.folder, self.path = folder, folder.path / "rows.jsonl"
        self._places: dict[str, int] = {}
        self._names: set[str] = set()
        try:
            self._out = self.path.open("ab", buffering=0)  # nothing is left to be written when it is closed
            self._in = self.path.open("rb")
            self._out.truncate(self._take_in())
        except OSError as error:
            raise AipmError(
                tr("{path}: cannot be written: {strerror}", path=self.path, strerror=error.strerror)
            ) from None

    def _take_in(self) -> int:
        """Note the rows that are there; how many bytes of the file are whole."""
        whole = 0
        for line in self._in:
            try:
                data = json.loads(line) if line.endswith(b"\n") else None
            except ValueError:
                data = None
            if data is None:
                break  # torn, and so is all that follows
            self._place(data, whole)
            whole += len(line)
        return whole

    def append(self, data: Mapping[str, Any]) -> None:
        """Raises `AipmError` where it cannot be written; what is torn then is cut off when it is next read."""
        place = self._out.seek(0, 2)
        rest = memoryview(dumped(dict(data)).encode("utf-8", "backslashreplace") + b"\n")
        try:
            while rest:
                rest = rest[self._out.write(rest) :]
        except OSError as error:
            raise AipmError(
                tr("{path}: cannot be written: {strerror}", path=self.path, strerror=error.strerror)
            ) from None
        self._place(data, place)

    def settle(
        self, names: Callable[[], Iterable[str]], done: frozenset[str], failures: Iterable[dict[str, Any]]
    ) -> int:
        """Write the rows of these runs anew, in this order; make what is missing. Returns how many."""
        for name in done - self._places.keys():
            self.append(row(case("", read(self.folder.run(name)))))
        failed = {each["run_id"]: _failed(each) for each in failures}
        for each in failed.values():
            self._names |= each.keys()
        head = columns(self._names)

        def kept() -> Iterator[dict[str, Any]]:
            for name in names():
                found = failed.get(name) or (self._at(self._places[name]) if name in done else None)
                if found is not None:
                    yield found

        def in_full() -> Iterator[str]:
            for each in kept():
                yield dumped({name: each.get(name) for name in head}) + "\n"

        csv_rows = ([cell(each.get(name)) for name in head] for each in kept())
        self.folder.write(self.path.with_name("rows.csv"), csv_lines(_headed(head, csv_rows)))
        self.folder.write(self.path, in_full())
        return len(done) + len(failed)

    def _place(self, data: Mapping[str, Any], place: int) -> None:
        if data.get("decision") == "failed":
            return  # told by its own record, as long as it stands
        self._places[str(data["run_id"])] = place
        self._names |= data.keys()

    def _at(self, place: int) -> dict[str, Any]:
        self._in.seek(place)
        found: dict[str, Any] = json.loads(self._in.readline())
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._out.close()
        self._in.close()


def _headed(head: list[str], rows: Iterable[list[str]]) -> Iterator[list[str]]:
    yield head
    yield from rows


def _failed(record: Mapping[str, Any]) -> dict[str, Any]:
    """The row of a run that came to nothing."""
    return {
        "run_id": record["run_id"], "scenario": record["scenario"], "origin_sha256": record["origin"],
        "seed": record["seed"], **{f"factor.{key}": value for key, value in record["factors"].items()},
        "decision": "failed", "why": record["why"],
    }  # fmt: skip
