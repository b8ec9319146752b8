"""The chart parser finds what its patterns say, and no more."""

from datetime import UTC, datetime
from inspect import signature

import pytest

from bot.domain.reading.chart import Chart, Grammar, Rule, Symbol, variants
from bot.domain.reading.grammar import AMOUNTS, CLOCKS, DATES, PERIODS, WEEKDAYS
from bot.domain.reading.kinds import Token, WordKind
from bot.domain.reading.meaning import View
from bot.domain.reading.tokens import tokenize
from bot.domain.reading.words_de import GERMAN
from bot.domain.reading.words_en import ENGLISH
from bot.domain.working_time import WorkingHours

VIEW = View(datetime(2026, 3, 4, tzinfo=UTC), WorkingHours(), ENGLISH, month_first=True)


def found(text: str, *rules: Rule) -> dict[int, object]:
    return dict(Chart(Grammar(rules), tokenize(text, ENGLISH), VIEW).find("top", 0))


def collected(_: View, *values: object) -> tuple[object, ...]:
    return values


def test_a_kind_passes_its_value_and_a_joining_word_none() -> None:
    assert found("the 5", ("top", "THE NUM", collected)) == {2: (5,)}


def test_an_optional_symbol_may_be_missing() -> None:
    assert found("5", ("top", "THE? NUM", collected)) == {1: (5,)}


def test_a_glued_symbol_needs_its_neighbour() -> None:
    assert found("5p", ("top", "NUM ~AP", collected)) == {2: (5, 12)}
    assert found("5 p", ("top", "NUM ~AP", collected)) == {}


def test_a_wanted_value_is_demanded_and_not_passed() -> None:
    assert found("5 days", ("top", "NUM UNITS=day", collected)) == {2: (5,)}
    assert found("5 weeks", ("top", "NUM UNITS=day", collected)) == {}


def test_every_end_is_found_and_the_earlier_rule_wins() -> None:
    rules: tuple[Rule, ...] = (
        ("top", "NUM", lambda _, number: ("one", number)),
        ("top", "NUM top", lambda _, number, more: ("more", number, more)),
        ("top", "NUM NUM", lambda *_: ("never",)),
    )
    assert found("1 2", *rules) == {1: ("one", 1), 2: ("more", 1, ("one", 2))}


def test_a_rule_that_makes_nothing_of_its_values_does_not_apply() -> None:
    assert found("5", ("top", "NUM", lambda _, number: None)) == {}


def test_a_rule_that_begins_with_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="begins with itself"):
        Grammar([("top", "top NUM", collected)])


def test_deep_nesting_ends() -> None:
    tokens: list[Token] = tokenize("the " * 5_000, ENGLISH)
    grammar = Grammar([("top", "THE top", collected), ("top", "THE", collected)])
    assert len(Chart(grammar, tokens, VIEW).find("top", 0)) < 50


def test_every_rule_of_the_grammar_can_be_called_with_the_values_of_its_symbols() -> None:
    valued = {kind for language in (ENGLISH, GERMAN) for kind, value, _ in language.entries if value is not None}
    valued |= {WordKind.NUM, WordKind.ORD, WordKind.HALF}
    for name, pattern, build in (*AMOUNTS, *DATES, *WEEKDAYS, *PERIODS, *CLOCKS):
        for symbols in variants(pattern):
            for count in numbers_of_values(symbols, valued):
                try:
                    signature(build).bind(VIEW, *[None] * count)
                except TypeError as fault:
                    pytest.fail(f"{name}: {pattern}: {fault}")


def numbers_of_values(symbols: tuple[Symbol, ...], valued: set[WordKind]) -> set[int]:
    counts = {0}
    for symbol in symbols:
        passes = {1} if symbol.rule else {int(wanted is None and kind in valued) for kind, wanted in symbol.kinds}
        counts = {count + more for count in counts for more in passes}
    return counts
