"""No pattern that meets typed text takes more than a little longer for twice as much of it."""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping

import pytest

import bot
import handlers
from bot.domain.answers import read_answer
from bot.domain.chains import split_needs
from bot.domain.commands import marked_number, typed
from bot.domain.errors import UnreadableError
from bot.domain.likely_answers import suggested_by
from bot.domain.speech import is_worth_offering, sounds_like_a_promise, sounds_like_a_request
from bot.domain.statuses import SlackStatus
from bot.views.markup import plain, unnamed
from handlers.making import TEXT_LIMIT
from handlers.payloads import numbers_in
from handlers.routes import ROUTES
from tests.growth import assert_grows_linearly

ATOMS = (
    *("1", "12 ", "1,", "1, ", "#1 ", "1 and ", "1&", " ", "\n", ",", ",;", "\t \n", "(", ")", "[", "{", "<", ">", "|"),
    *(
        "<@",
        "<@U",
        "<@U1",
        "<@U1|",
        "<@U1>",
        "<@U1|a>",
        "@",
        "@a",
        "@a.",
        "a",
        "a ",
        "A1",
        ".",
        "-",
        "–",
        ":",
        "'",
        "’",
    ),
    *(
        "`",
        '"',
        "*",
        "_",
        "&",
        "&lt;",
        "&lt",
        "needs ",
        "needs #1",
        "needs #1 ",
        "and ",
        "to ",
        "by ",
        "over ",
        "here ",
    ),
    *("on ", "at ", "1:", "friday ", "members ", "x", "🎉", "\0", "I'll ", "please ", "done ", "it's "),
)
#: What gets a text past the beginning of every route, so that its rest is what is tried.
OPENINGS = (
    *(
        "",
        "1 needs ",
        "1 needs 1",
        "list ",
        "list @",
        "show ",
        "done 1 ",
        "move 1 to ",
        "hand 1 to @a ",
        "hand 1 over ",
    ),
    *("ask <@U1|", "ask @a", "need 1 by ", "export ", "settings ", "away ", "i'm ", "stats @", "digest here weekly "),
    *("digest here daily 9:00 on ", "digest here ", "end ", "listen ", "needs #1", "promise "),
)


def is_away(text: str) -> bool:
    return SlackStatus(text).says_away


def numbers(text: str) -> object:
    try:
        return numbers_in(text)
    except UnreadableError as refusal:
        return refusal


def route(text: str) -> object:
    return [pattern.fullmatch(text) for pattern, _ in ROUTES]


@pytest.mark.parametrize("opening", OPENINGS)
def test_twice_the_text_takes_the_routes_about_twice_as_long(opening: str) -> None:
    for atom in ATOMS:
        assert_grows_linearly(lambda text: route(opening + text), atom)


@pytest.mark.parametrize(
    "read",
    [
        *(split_needs, read_answer, typed, marked_number, is_worth_offering, sounds_like_a_promise),
        *(suggested_by, sounds_like_a_request, plain, unnamed, is_away, numbers),
    ],
)
def test_twice_the_text_takes_every_reader_about_twice_as_long(read: Callable[[str], object]) -> None:
    for atom in ATOMS:
        assert_grows_linearly(read, atom)


#: Modules that never read what people type, or that cannot be imported.
NOT_PEOPLES = ("migrations", "__main__", "bot.setting_names", "bot.config")


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every pattern that a module of the bot keeps."""
    for package in (bot, handlers):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if any(name in module.name for name in NOT_PEOPLES):
                continue
            for name, value in vars(importlib.import_module(module.name)).items():
                if value is not ROUTES:
                    yield from ((f"{module.name}.{name}", pattern) for pattern in patterns_in(value))


def patterns_in(value: object) -> Iterator[re.Pattern[str]]:
    """Yield a pattern, or those in a table of them."""
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, Mapping):
        yield from patterns_in((*value, *value.values()))
    elif isinstance(value, tuple):
        yield from (pattern for each in value for pattern in patterns_in(each))


@pytest.mark.parametrize("pattern", [pytest.param(pattern, id=name) for name, pattern in patterns()])
def test_twice_the_text_takes_every_pattern_about_twice_as_long(pattern: re.Pattern[str]) -> None:
    for atom in ATOMS:
        assert_grows_linearly(lambda text: _search(pattern, text), atom, longest=2 * TEXT_LIMIT)


def _search(pattern: re.Pattern[str], text: str) -> None:
    """Find every match, and keep none: memory for thousands can cost more than twice as much for twice as many."""
    for _ in pattern.finditer(text):
        pass
    pattern.fullmatch(text)
