"""The order in which the decisions about several people are written."""

import pytest

from bot.domain.agenda import Facts, Wait
from bot.domain.promise import UserId
from bot.use_cases.agenda_decisions import woken_first
from bot.use_cases.agenda_facts import Seen


@pytest.mark.parametrize(
    ("wakes", "order"),
    [
        ({"A": "B", "B": "C", "C": ""}, "CBA"),
        ({"A": "", "B": "", "C": "AB"}, "ABC"),
        ({"A": "XC", "B": "A", "C": ""}, "CAB"),
        ({"A": "B", "B": "A", "C": "A"}, "BAC"),
    ],
    ids=["a chain", "nothing to do", "a person who is not due", "a circle"],
)
def test_a_person_comes_before_those_whose_messages_wake_them(wakes: dict[str, str], order: str) -> None:
    pairs = [(Seen(Facts(UserId(person)), 0), Wait()) for person in wakes]
    found = woken_first(pairs, {UserId(person): frozenset(map(UserId, theirs)) for person, theirs in wakes.items()})
    assert [seen.facts.person for seen, _ in found] == list(order)
