"""Write the catalogues in bot/locale: every sentence of the code, with its translations so far."""

import ast
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from bot.language import CATALOGUES, ENGLISH, NAMES

ROOT = Path(__file__).parent.parent
#: The packages whose sentences people read.
PACKAGES = ("bot", "handlers")
#: How many texts each mark takes: the singular and plural, or the context and the sentence.
MARKS = {"_": 1, "N_": 1, "ngettext": 2, "pgettext": 2}
_PROJECT = {"project": "Kept", "copyright_holder": "the authors of Kept", "fuzzy": False}


def marked(source: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each mark of a file with its texts. Babel’s own extraction reads none within f-strings on Python 3.11."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
            texts = node.args[: MARKS[node.func.id]]
            if all(isinstance(text, ast.Constant) and isinstance(text.value, str) for text in texts):
                yield node.func.id, [ast.literal_eval(text) for text in texts]


def template() -> Catalog:
    """Return every marked sentence, untranslated."""
    catalogue = Catalog(**_PROJECT)
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for mark, texts in marked(path.read_text(encoding="utf-8")):
                message = tuple(texts) if mark == "ngettext" else texts[-1]
                catalogue.add(message, context=texts[0] if mark == "pgettext" else None)
    return catalogue


def path_of(language: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES" / "kept.po"


def read(language: str) -> Catalog:
    """Return a language's catalogue as it stands; an empty one for a new language."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, **_PROJECT)
    with path.open("rb") as written:
        return read_po(written, locale=language)


def updated(language: str, sentences: Catalog) -> bytes:
    """Return a language's file with the sentences of today; translations are kept only for unchanged sentences."""
    known, catalogue = read(language), Catalog(locale=language, **_PROJECT)
    for message in sentences:
        if message.id:
            before = known.get(message.id[0] if isinstance(message.id, tuple) else message.id, message.context)
            same_shape = before is not None and isinstance(before.id, tuple) == isinstance(message.id, tuple)
            catalogue.add(message.id, before.string if before and same_shape else "", context=message.context)
    out = BytesIO()
    write_po(out, catalogue, width=0, sort_output=True, no_location=True, omit_header=False, include_previous=False)
    lines = out.getvalue().decode().split("\n")
    return "\n".join(line for line in lines if not line.startswith(_CHURN)).encode()


#: Header lines that change with every run, or with Babel's version.
_CHURN = (
    *(
        '"POT-Creation-Date',
        '"PO-Revision-Date',
        '"Last-Translator',
        '"Language-Team',
        '"Report-Msgid',
        '"Generated-By',
    ),
    *('"Project-Id', "# Copyright", "# This file", "# FIRST AUTHOR"),
)


def missing(language: str) -> Iterator[str]:
    """Yield each sentence of the code that a language lacks."""
    known = read(language)
    for message in template():
        if message.id:
            first = message.id[0] if isinstance(message.id, tuple) else message.id
            found = known.get(first, message.context)
            strings = found.string if found and isinstance(found.string, tuple) else (found.string if found else "",)
            if not all(strings):
                yield first


def main() -> None:
    """Update every catalogue, and print how many sentences each lacks."""
    sentences = template()
    for language in NAMES:
        if language != ENGLISH:
            path_of(language).parent.mkdir(parents=True, exist_ok=True)
            path_of(language).write_bytes(updated(language, sentences))
            sys.stdout.write(
                f"{NAMES[language]}: {len(list(missing(language)))} of {len(sentences)} sentences to write\n"
            )


if __name__ == "__main__":
    main()
