"""Comments, docstrings and names use plain technical words."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("bot", "handlers", "scheduler", "sandbox", "bench", "docs", "tests")
#: Words of manner, of which professional projects of this kind use one or none in 1,000 lines.
MANNERED = re.compile(
    r"\b(whoever|anew|somebody|nobody|besides?|hears?|heard|tells?|told|said|whence|at once|by now)\b"
)
MAX_PER_1000_LINES = 1.0
#: A docstring states what a thing is or does ("Return whether …").
QUESTION = re.compile(r"(what|whatever|whether)\b", re.IGNORECASE)


def prose_and_names(source: str) -> Iterator[str]:
    """Yield comments, docstrings, and names split at underscores and capitals; not the texts that people read."""
    previous = tokenize.NEWLINE
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        is_docstring = token.type == tokenize.STRING and previous in (tokenize.NEWLINE, tokenize.INDENT)
        if token.type in (tokenize.NAME, tokenize.COMMENT) or is_docstring:
            yield re.sub(r"(?<=[a-z])(?=[A-Z])", " ", token.string).replace("_", " ").lower()
        if token.type not in (tokenize.NL, tokenize.COMMENT):
            previous = token.type


def mannered(source: str) -> list[str]:
    return [word for text in prose_and_names(source) for word in MANNERED.findall(text)]


def docstrings(source: str) -> Iterator[str]:
    """Yield the docstrings of a module, its classes and its functions."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield ast.get_docstring(node) or ""


def test_no_docstring_begins_with_a_question_word() -> None:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for text in docstrings(path.read_text(encoding="utf-8")):
                assert not QUESTION.match(text), f"{path.relative_to(ROOT)}: {text}"
    assert any(map(QUESTION.match, docstrings('def f():\n    """Whether it is open."""')))


def test_mannered_words_are_rare() -> None:
    found, lines = {}, 0
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            lines += source.count("\n")
            if words := mannered(source):
                found[str(path.relative_to(ROOT))] = words
    assert sum(map(len, found.values())) <= MAX_PER_1000_LINES * lines / 1000, found


def test_mannered_words_are_found_in_prose_and_names_and_not_in_texts() -> None:
    source = '"""Tell it at once."""\n\n\ndef told_nobody():  # whoever asks\n    return "said"\n'
    assert mannered(source) == ["tell", "at once", "told", "nobody", "whoever"]
