"""Write the catalogues in bot/locale: every sentence of the code, with its translations so far."""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.language import CATALOGUES, ENGLISH, NAMES

ROOT = Path(__file__).parent.parent
#: The packages whose sentences people read.
PACKAGES = ("bot", "handlers")
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
_PROJECT = {"project": "Kept", "copyright_holder": "the authors of Kept", "fuzzy": False}


def template() -> Catalog:
    """Return every marked sentence, untranslated."""
    catalogue = Catalog(**_PROJECT)
    for package in PACKAGES:
        for _name, _line, message, _comments, context in extract_from_dir(
            ROOT / package, [("**.py", "python")], keywords=KEYWORDS
        ):
            catalogue.add(message, context=context)
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
