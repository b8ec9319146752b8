"""Names mean one thing, and signatures stay short."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef
#: Most parameters of a function and of a constructor, without self.
MOST, MAX_OF_CONSTRUCTOR = 7, 6


def modules() -> Iterator[tuple[str, str]]:
    for folder in ("bot", "handlers", "scheduler"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def defined_twice(sources: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return the public classes and functions that several modules define, each with the modules."""
    places: dict[str, list[str]] = defaultdict(list)
    for name, source in sources:
        for node in ast.parse(source).body:
            if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_"):
                places[node.name].append(name)
    return {name: where for name, where in places.items() if len(where) > 1}


def long_signatures(source: str, name: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, Function):
            given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            count = len([each for each in given if each.arg not in ("self", "cls")])
            if count > (MAX_OF_CONSTRUCTOR if node.name == "__init__" else MOST):
                yield f"{name}:{node.lineno} {node.name} has {count} parameters"


def test_no_class_and_no_function_is_named_like_another() -> None:
    assert defined_twice(modules()) == {}


def test_a_name_given_twice_is_noticed() -> None:
    sources = [("a.py", "class A: ...\ndef _b(): ...\n"), ("b.py", "def A(): ...\ndef _b(): ...\n")]
    assert defined_twice(sources) == {"A": ["a.py", "b.py"]}


def test_signatures_stay_short() -> None:
    assert [line for name, source in modules() for line in long_signatures(source, name)] == []


def test_a_parameter_too_many_is_noticed() -> None:
    seven, six = "def f(a, b, c, d, e, *, f, g): ...", "class A:\n def __init__(self, a, b, c, d, e, f): ..."
    assert [*long_signatures(seven, "m"), *long_signatures(six, "m")] == []
    assert list(long_signatures(seven.replace("g)", "g, h)"), "m")) == ["m:1 f has 8 parameters"]
    assert list(long_signatures(six.replace("f)", "f, g)"), "m")) == ["m:2 __init__ has 7 parameters"]
