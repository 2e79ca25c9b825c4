"""Interface texts: those the code speaks, and the catalogues. `python tests/words.py` brings new texts into
the catalogues (untranslated, for somebody to fill in), drops those no longer spoken, and compiles them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import typer
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from aipm_agents.cli import manual
from aipm_agents.cli.app import app

PACKAGE = Path(__file__).parents[1] / "src" / "aipm_agents"
METHODS = [("**.py", "python"), ("**.jinja", "jinja2.ext:babel_extract")]
LOCALES = {"zh-Hant": "zh_Hant"}
HEADER = """# Texts of aipm-agents in {language}. `make words` brings in new ones and compiles this file.
msgid ""
msgstr ""
"Language: {locale}\\n"
"POT-Creation-Date: 2026-11-25 00:00+0000\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def spoken():
    """Every text that the code asks a translation of; one with a plural as a pair."""
    texts = set()
    keywords = {"tr": None, "tr_n": (1, 2), "mark": None}
    for file, _, text, _, _ in extract_from_dir(PACKAGE, METHODS, keywords=keywords):
        if file.endswith(".jinja") or "aipm_agents.language import" in (PACKAGE / file).read_text(
            "utf-8"
        ):  # else it is another `mark`
            texts.add(text)
    texts |= set(manual.texts(typer.main.get_command(app)))  # help pages, which need no `tr`
    return sorted(texts, key=lambda text: text if isinstance(text, str) else text[0])


def catalogue(language):
    """Text -> translation, as the catalogue has it."""
    with (PACKAGE / "locales" / language / "aipm.po").open("rb") as file:
        found = read_po(file, locale=LOCALES[language])
    return {each.id: each.string for each in found if each.id}


def as_file(language, known):
    made = Catalog(locale=LOCALES[language], fuzzy=False)
    for text in spoken():
        made.add(text, known.get(text, "" if isinstance(text, str) else ("",)))
    body = BytesIO()
    write_po(body, made, width=110, omit_header=True)
    return HEADER.format(language=language, locale=LOCALES[language]) + body.getvalue().decode()


def compiled(language):
    with (PACKAGE / "locales" / language / "aipm.po").open("rb") as file:
        found = read_po(file, locale=LOCALES[language])
    made = BytesIO()
    write_mo(made, found)
    return made.getvalue()


if __name__ == "__main__":
    for each in LOCALES:
        folder = PACKAGE / "locales" / each
        (folder / "aipm.po").write_text(as_file(each, catalogue(each)), "utf-8")
        (folder / "aipm.mo").write_bytes(compiled(each))
        missing = [
            text for text, said in catalogue(each).items() if not (said if isinstance(said, str) else said[0])
        ]
        print(f"{each}: {len(missing)} to translate", *missing, sep="\n  ")
