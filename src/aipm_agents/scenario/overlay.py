"""An overlay: the texts of a scenario in another language, in a file beside it, and nothing but texts.

texts: refund-copilot        # refund-copilot.zh-Hant.yaml
language: zh-Hant
figures: {50: 1500}          # amounts that are others where the story plays
words: {pilot: 試辦}          # words whose meaning the table asks for
title: 退款小幫手
evidence:
  calls:                     # by its id, whatever stands in a list
    says: ...
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from aipm_agents.language import LANGUAGES, tr
from aipm_agents.scenario.figures import figures
from aipm_agents.scenario.problems import Found, did_you_mean, dotted
from aipm_agents.scenario.wording import Worded, texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aipm_agents.roles import Language
    from aipm_agents.scenario.marked import YamlDocument
    from aipm_agents.scenario.problems import Path

_HEAD = ("texts", "language", "figures", "words")
"""What an overlay says of itself; all else in it are texts."""
_HAN = re.compile("[\u3400-\u9fff]")
_WORDS = re.compile("[A-Za-z]{3,}")


class Laid(NamedTuple):
    """A scenario's plain data with the texts of an overlay in it."""

    data: dict[str, Any]
    found: list[Found]
    """What is wrong, at its place in the overlay."""
    places: dict[Path, Path]
    """Where a text stands in the scenario -> where in the overlay."""


def is_one(data: Any) -> bool:
    """Whether a document is an overlay: it begins with whose texts it holds."""
    return isinstance(data, dict) and "texts" in data


def lay(case: dict[str, Any], spoken: Language, overlay: YamlDocument) -> Laid:
    """The overlay's texts in the places of the case's. `case`: plain data of a valid scenario in the language
    `spoken`. Where a text is missing the case's own stays."""
    found = list(_heading(case, spoken, overlay.data))
    language = overlay.data.get("language")
    data = _copied(case)
    if any(each.path == ("language",) for each in found):
        return Laid(data, found, {})
    moved, words = _moved(overlay.data, found), _words(overlay.data, case, found)
    own = {each.address: each for each in texts(case)}
    units: dict[Path, Path] = {
        ("metrics", metric["id"], "unit"): ("metrics", i, "unit")
        for i, metric in enumerate(case.get("metrics", ()))
    }
    given = dict(_leaves({key: each for key, each in overlay.data.items() if key not in _HEAD}, own, ()))
    places: dict[Path, Path] = {(): ()}
    for address, value in given.items():
        path = own[address].path if address in own else units.get(address)
        if path is None:
            found.append(Found(address, _nowhere(address, own)))
            continue
        if address in own:
            doubts = _doubts(own[address], value, language, moved)
            found += (Found(address, told, "warning") for told in doubts)
        _put(data, path, value)
        places |= {path[:n]: address[:n] for n in range(1, len(path) + 1)}
    found += (
        Found(_known(overlay, address), tr("the text {where} is missing; that of the case stands in its place", where=dotted(address)), "warning")
        for address in own if address not in given and not _may_stay(own[address])
    )  # fmt: skip
    data["language"] = language
    for party in data["parties"].values():
        if "terms" in party:
            party["terms"] = {words.get(word, word): says for word, says in party["terms"].items()}
    return Laid(data, found, places)


def _heading(case: dict[str, Any], spoken: Language, data: dict[str, Any]) -> Iterator[Found]:
    if data["texts"] != case["id"]:
        told = tr("these are texts of {one!r}; the file they lie beside is {other!r}", one=str(data["texts"]), other=case["id"])  # fmt: skip
        yield Found(("texts",), told)
    language = data.get("language")
    if language not in LANGUAGES:
        hint = did_you_mean(str(language), LANGUAGES)
        yield Found(
            ("language",), tr("{language!r} is no language it speaks{hint}", language=language, hint=hint)
        )
    elif language == spoken:
        yield Found(
            ("language",), tr("the case itself is in {language}; its texts stand there", language=language)
        )


def _moved(data: dict[str, Any], found: list[Found]) -> dict[Decimal, Decimal]:
    given = data.get("figures", {})
    try:
        return {Decimal(str(one)): Decimal(str(other)) for one, other in given.items()}
    except (ArithmeticError, AttributeError):
        found.append(Found(("figures",), tr("expected figures, as in {example}", example="`{50: 1500}`")))
        return {}


def _words(data: dict[str, Any], case: dict[str, Any], found: list[Found]) -> dict[str, str]:
    """Words the table asks about, in the other language. They are keys in the case, so they need a line of their own."""
    given = data.get("words", {})
    asked = dict.fromkeys(word for party in case["parties"].values() for word in party.get("terms", ()))
    if not (isinstance(given, dict) and all(isinstance(each, str) for each in given.values())):
        found.append(Found(("words",), tr("expected words, as in {example}", example="`{pilot: 試辦}`")))
        return {}
    for word in given:
        if word not in asked:
            hint = did_you_mean(word, asked)
            found.append(
                Found(("words", word), tr("nobody is asked what {word!r} means{hint}", word=word, hint=hint))
            )
    other: dict[str, str] = {}
    for word in asked:
        if (first := other.setdefault(str(given.get(word, word)), word)) != word:
            told = tr(
                "{one!r} and {other!r} are one word here, so what one of them means would be lost",
                one=first,
                other=word,
            )
            found.append(Found(("words", word), told))
        if word not in given:
            told = tr("the word {word!r} is missing: it is said as it stands in the case", word=word)
            found.append(Found(("words",), told, "warning"))
    return given


def _leaves(data: Any, own: Mapping[Path, Worded], path: Path) -> Iterator[tuple[Path, Any]]:
    """Every value of the overlay with its address. Lines are one value, as they are in the case."""
    if isinstance(data, dict) and path not in own:
        for key, each in data.items():
            yield from _leaves(each, own, (*path, key))
    elif isinstance(data, list) and path not in own:
        for place, each in enumerate(data):
            yield from _leaves(each, own, (*path, place))
    else:
        yield path, data


def _nowhere(address: Path, own: Mapping[Path, Worded]) -> str:
    """Why an address leads nowhere: the step that is not there, and what there is beside it."""
    for n in range(1, len(address) + 1):
        if not any(each[:n] == address[:n] for each in own):
            beside = dict.fromkeys(
                str(each[n - 1]) for each in own if each[: n - 1] == address[: n - 1] and len(each) >= n
            )
            hint = did_you_mean(str(address[n - 1]), beside)
            return tr("the case has no text {step!r} here{hint}", step=str(address[n - 1]), hint=hint)
    return tr("this is no text in the case; an overlay holds texts and nothing else")


def _doubts(own: Worded, value: Any, language: Language, moved: Mapping[Decimal, Decimal]) -> Iterator[str]:
    """What looks wrong with a text: it was left as it is, it is in no words of its language, or its figures are others."""
    said = "\n".join(map(str, value)) if isinstance(value, list) else str(value)
    if own.address[-1] not in ("name", "unit"):
        if said == own.text and (_HAN.search(said) or len(_WORDS.findall(said)) > 1):
            yield tr("is the same as in the case; it looks untranslated")
        elif language == "zh-Hant" and not _HAN.search(said) and _WORDS.search(said):
            yield tr("has no Chinese character; it looks untranslated")
        elif language == "en" and _HAN.search(said):
            yield tr("has Chinese characters in it; it looks untranslated")
    before, after = figures(own.text), figures(said)
    lost = [each for each in before.digits if each not in after.every and moved.get(each) not in after.every]
    allowed = before.every | {moved[each] for each in before.every if each in moved}
    new = [each for each in after.digits if each not in allowed]
    if lost or new:
        told = tr(
            "its figures differ from the case's: {lost} there, {new} here",
            lost=_listed(lost),
            new=_listed(new),
        )
        yield told


def _listed(numbers: list[Decimal]) -> str:
    return ", ".join(f"{each.normalize():f}" for each in sorted(numbers)) or tr("none")


def _may_stay(own: Worded) -> bool:
    """A unit or a name that is the same in both languages is left out."""
    return own.address[-1] in ("unit", "name") or not (_HAN.search(own.text) or _WORDS.search(own.text))


def _known(overlay: YamlDocument, address: Path) -> Path:
    """The part of an address that the overlay has."""
    known: Path = ()
    for step in address:
        if (*known, step) not in overlay.marks:
            break
        known = (*known, step)
    return known


def _copied(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _copied(each) for key, each in data.items()}
    return [_copied(each) for each in data] if isinstance(data, list) else data


def _put(data: Any, path: Path, value: Any) -> None:
    for step in path[:-1]:
        data = data[step]
    data[path[-1]] = value
