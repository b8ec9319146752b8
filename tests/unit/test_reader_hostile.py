"""The reader answers any text, in a time that grows no faster than the text."""

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.due_dates import Unread, read_deadline
from bot.domain.reading.words_de import GERMAN
from bot.domain.reading.words_en import ENGLISH
from bot.domain.wording import read_promise
from bot.domain.working_time import WorkingHours
from tests.growth import assert_grows_linearly, calls_of, repeated
from tests.patience import IS_LONG

NOW = datetime(2026, 3, 4, 10, 15, tzinfo=UTC)
HOURS = WorkingHours("America/New_York")
WORDS = sorted({word for lang in (ENGLISH, GERMAN) for _, _, words in lang.entries for word in words.split(", ")})
MARKS = list(" \t\n\0,.;:-–/()[]{}<>'\"`@#&~+%½\ufffc\u202e🎉")
NUMBERS = ["0", "00", "1", "5", "12", "17", "29", "31", "32", "60", "99", "730", "1730", "2026", "20260306", "9" * 400]
TRIES = 100_000 if IS_LONG else 800

#: A hostile text may call so many times as many functions as a sentence does.
MOST_CALLS = 600

REPEATED = [
    *(
        "by ",
        "1 ",
        "the ",
        "in 1 h ",
        "friday ",
        "(",
        "`",
        "“",
        '"',
        ":",
        ":a",
        "<@",
        "<@U|",
        "1:",
        "1/",
        "1-",
        "\0",
        "a",
        "-",
    ),
    *("by friday ", "march 1 ", "day after ", "week of ", "end of ", "quarter past ", "1 hour and ", "1 hour before "),
    *("in 1 day from ", "@a ", "i'll ", "i promise to ", "a.", "https://", ", ", "```", "&lt;", "- ", "next ", "half "),
    *("friday, ", "on 1, ", "(on 1,", "friday or ", "1, here )", "monday to ", "from 3 to ", "at the latest, "),
]


def answer(text: str) -> None:
    for deadline in (read_deadline(text, NOW, HOURS), read_promise(text, NOW, HOURS).deadline):
        assert isinstance(deadline, Unread) or deadline.at > NOW


@pytest.mark.parametrize("atom", REPEATED)
def test_twice_as_much_of_one_thing_takes_about_twice_as_long(atom: str) -> None:
    assert_grows_linearly(answer, atom)


@pytest.mark.parametrize("atom", REPEATED)
def test_no_text_is_far_more_work_than_a_sentence(atom: str) -> None:
    """Only the ends of a text are read, so that work which grows without measure stops growing there."""
    answer("send the deck to Ben by Friday 5pm")  # fills caches
    ordinary = calls_of(answer, "send the deck to Ben by Friday 5pm", 10_000)
    assert calls_of(answer, repeated(atom, "x", 600), MOST_CALLS * ordinary) > 0


def test_random_words_marks_and_characters_are_answered() -> None:
    chance = random.Random(7)
    for _ in range(TRIES):
        answer(random_text(chance))


def random_text(chance: random.Random) -> str:
    kind = chance.randrange(4)
    length = chance.choice((3, 8, 20, 60, 400) if chance.random() < 0.98 else (10_000,))
    if kind == 0:
        return "".join(chr(chance.randrange(0x110000)) for _ in range(length))
    if kind == 1:
        return "".join(chance.choice(MARKS) * chance.randrange(1, 9) for _ in range(length))[:10_000]
    glue = " " if kind == 2 else chance.choice(("", " ", "-", "."))
    return glue.join(chance.choice(chance.choice((WORDS, WORDS, NUMBERS, MARKS))) for _ in range(length))[:10_000]


def test_a_spelled_number_glued_to_a_german_date_is_answered() -> None:
    for text in ("schick es am 5.zweiten", "schick es am 3. zwanzigsten."):
        assert isinstance(read_promise(text, NOW, HOURS, "de").deadline, Unread)


@given(st.text(max_size=200))
@settings(max_examples=1_000 if IS_LONG else 100)
def test_any_text_is_answered(text: str) -> None:
    answer(text)


@given(
    st.lists(st.sampled_from(WORDS + NUMBERS + MARKS), max_size=14).map(" ".join),
    st.integers(946_684_800, 4_102_444_799).map(lambda epoch: datetime.fromtimestamp(epoch, UTC)),
    st.sampled_from(["en", "en-GB", "de", ""]),
)
@settings(max_examples=2_000 if IS_LONG else 200)
def test_any_words_are_answered_at_any_time_and_never_with_the_past(words: str, now: datetime, locale: str) -> None:
    answer = read_deadline(words, now, HOURS, locale)
    assert isinstance(answer, Unread) or answer.at > now
    promise = read_promise(f"send it by {words}", now, HOURS, locale)
    assert isinstance(promise.deadline, Unread) or promise.deadline.at > now
