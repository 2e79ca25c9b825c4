"""Questions with one right answer each, as a package that learning platforms take: IMS QTI 2.1."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as Xml
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from aipm_agents.report.papers.plain_text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_agents.roles import Language

_QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
_PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
_SCORED = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"


class QuizQuestion(NamedTuple):
    asks: str
    choices: tuple[str, ...]
    right: int
    """Which of them, counted from 0."""


def package(name: str, title: str, questions: Sequence[QuizQuestion], language: Language) -> bytes:
    """A .zip file, the same bytes for the same questions. `name`: an identifier, of letters, digits, dashes."""
    items = {f"q{n}": _item(f"q{n}", each, language) for n, each in enumerate(questions, start=1)}
    parts = {"imsmanifest.xml": _manifest(name, list(items)), "test.xml": _test(name, title, list(items))}
    parts |= {f"{key}.xml": item for key, item in items.items()}
    out = BytesIO()
    with ZipFile(out, "w") as packed:
        for file, root in parts.items():
            Xml.indent(root)
            text = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
            packed.writestr(ZipInfo(file), text, ZIP_DEFLATED)
    return out.getvalue()


def _item(key: str, question: QuizQuestion, language: Language) -> Xml.Element:
    item = _root(
        "assessmentItem", identifier=key, title=clean(question.asks)[:80], adaptive="false", timeDependent="false"
    )  # fmt: skip
    item.set("xml:lang", language)
    response = _in(
        item, "responseDeclaration", identifier="RESPONSE", cardinality="single", baseType="identifier"
    )
    _in(_in(response, "correctResponse"), "value").text = f"c{question.right + 1}"
    score = _in(item, "outcomeDeclaration", identifier="SCORE", cardinality="single", baseType="float")
    _in(_in(score, "defaultValue"), "value").text = "0"
    asked = _in(
        _in(item, "itemBody"),
        "choiceInteraction",
        responseIdentifier="RESPONSE",
        shuffle="true",
        maxChoices="1",
    )
    _in(asked, "prompt").text = clean(question.asks)
    for n, choice in enumerate(question.choices, start=1):
        _in(asked, "simpleChoice", identifier=f"c{n}").text = clean(choice)
    _in(item, "responseProcessing", template=_SCORED)
    return item


def _test(name: str, title: str, keys: Sequence[str]) -> Xml.Element:
    test = _root("assessmentTest", identifier=f"test-{name}", title=clean(title))
    part = _in(test, "testPart", identifier="part", navigationMode="nonlinear", submissionMode="individual")
    section = _in(part, "assessmentSection", identifier="section", title=clean(title), visible="true")
    for key in keys:
        _in(section, "assessmentItemRef", identifier=key, href=f"{key}.xml")
    return test


def _manifest(name: str, keys: Sequence[str]) -> Xml.Element:
    manifest = Xml.Element("manifest", {"xmlns": _PACKAGE, "identifier": f"package-{name}"})
    about = _in(manifest, "metadata")
    _in(about, "schema").text, _in(about, "schemaversion").text = "QTIv2.1 Package", "1.0.0"
    _in(manifest, "organizations")
    resources = _in(manifest, "resources")
    test = _in(resources, "resource", identifier="test", type="imsqti_test_xmlv2p1", href="test.xml")
    _in(test, "file", href="test.xml")
    for key in keys:
        _in(test, "dependency", identifierref=key)
        item = _in(resources, "resource", identifier=key, type="imsqti_item_xmlv2p1", href=f"{key}.xml")
        _in(item, "file", href=f"{key}.xml")
    return manifest


def _root(tag: str, **of: str) -> Xml.Element:
    return Xml.Element(tag, {"xmlns": _QTI, **of})


def _in(parent: Xml.Element, tag: str, **of: str) -> Xml.Element:
    return Xml.SubElement(parent, tag, of)
