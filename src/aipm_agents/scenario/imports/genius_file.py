"""A file of GENIUS: XML, as lenient as its own reader where that costs nothing."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree

from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.scenario.imports import additive

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element


_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)")


class GeniusFile(NamedTuple):
    path: Path
    root: Element

    def fault(self, message: str) -> UsageError:
        return UsageError(f"{self.path}: {message}")


def read_file(path: Path) -> GeniusFile:
    try:
        data = path.read_bytes()
        found = _ENCODING.search(data[:1000])
        utf_16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
        encoding = "utf-16" if utf_16 else found[1].decode("ascii") if found else "utf-8"
        text = data.decode(encoding).removeprefix("\ufeff")
    except OSError as error:
        raise UsageError(
            tr("{path}: cannot be read: {strerror}", path=path, strerror=error.strerror)
        ) from None
    except (UnicodeError, LookupError):
        told = (
            tr("{path}: is not the {encoding} it is said to be", path=path, encoding=encoding)
            if found or utf_16
            else tr("{path}: is not UTF-8, and does not say what else it is (encoding=)", path=path)
        )
        raise UsageError(told) from None
    if "<!DOCTYPE" in text:
        raise UsageError(tr("{path}: declares a document type, which these files do not", path=path))
    start = text.find("<?xml")
    body = text[text.find("?>", start) + 2 :] if start >= 0 else text  # some have a comment before it
    try:
        return GeniusFile(path, ElementTree.fromstring(body.strip()))
    except ElementTree.ParseError as error:
        raise UsageError(tr("{path}: is no XML: {error}", path=path, error=error)) from None


def required(file: GeniusFile, element: Element, name: str) -> str:
    value = element.get(name)
    if value is None:
        raise file.fault(tr("<{tag}> has no {name}", tag=element.tag, name=name))
    return value.strip()


def number(file: GeniusFile, text: str) -> Decimal:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise file.fault(tr("{text} is no number", text=repr(text[:40]))) from None
    if not additive.reckonable(value):
        raise file.fault(tr("{text} is no number", text=repr(text[:40])))
    return value


def single(file: GeniusFile, tag: str, default: Decimal) -> Decimal:
    found = file.root.find(f".//{tag}")
    return default if found is None else number(file, found.get("value") or "0")


def discount(file: GeniusFile) -> Decimal:
    """A factor of 0 stands for none."""
    return additive.each_round(single(file, "discount_factor", Decimal(1)) or Decimal(1))
