"""The glossary explains the words that the code uses, each once."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TERMS = re.findall(r"^(\S.*)\n:   ", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE)


def names_in_code() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "bot").rglob("*.py"))).lower()


def test_no_term_is_explained_twice_and_they_are_in_order() -> None:
    assert sorted(set(TERMS)) == TERMS != []


def test_every_term_is_used_in_the_code() -> None:
    code = names_in_code()
    unused = [
        term for term in TERMS if not re.search(rf"\b{re.sub('[- ]', '[-_ ]', term)}s?\b", code.replace("_", " "))
    ]
    assert unused == []


def test_a_term_that_the_code_does_not_use_is_found() -> None:
    assert not re.search(r"\bmidwife\b", names_in_code())
