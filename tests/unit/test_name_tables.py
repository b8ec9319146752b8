"""A request's listener is found by the name in it, and typed text is a command or none."""

import asyncio
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis.strategies import from_regex, sampled_from

from handlers.name_tables import NameTable
from handlers.routes import ROUTES


def listener(called: list[str], name: str) -> Any:
    async def listen(*_: object) -> None:
        called.append(name)

    return listen


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("act.more", "exact"),
        ("act.undo", "first pattern"),
        ("act", "second pattern"),
        ("else", "otherwise"),
        ("", "otherwise"),
    ],
)
def test_a_name_that_is_written_out_comes_first_then_the_first_pattern(name: str, expected: str) -> None:
    called: list[str] = []
    table = NameTable(lambda body: str(body["name"]), listener(called, "otherwise"))
    table.add(re.compile(r"^act\."), listener(called, "first pattern"))
    table.add(re.compile("^act"), listener(called, "second pattern"))
    table.add("act.more", listener(called, "exact"))
    unused: Any = None
    asyncio.run(table.listen(unused, {"name": name}, unused, unused))
    assert called == [expected]


def test_a_name_has_one_listener() -> None:
    table = NameTable(lambda body: "", listener([], "otherwise"))
    table.add("act.more", listener([], "one"))
    with pytest.raises(ValueError, match=r"act\.more has a listener already"):
        table.add("act.more", listener([], "another"))


@settings(max_examples=200)
@given(sampled_from(ROUTES).flatmap(lambda route: from_regex(route[0], fullmatch=True)))
def test_no_command_begins_with_a_person(text: str) -> None:
    assert not text.startswith(("<", "@"))
