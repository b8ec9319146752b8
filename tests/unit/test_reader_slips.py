"""A word that is not understood, or mistyped, never yields another deadline in silence."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.due_dates import Deadline, candidates_of
from bot.domain.wording import read_promise
from bot.domain.working_time import WorkingHours
from tests.patience import IS_LONG

NOW = datetime(2026, 10, 13, 14, 20, tzinfo=UTC)
HOURS = WorkingHours("America/New_York")
ANNOUNCERS = ["by", "before", "until", "due", "due by", "no later than", "not later than", "on or before"]
DAYS = [
    *(
        "today",
        "tomorrow",
        "friday",
        "next thursday",
        "this weekend",
        "weds",
        "march 15",
        "15 march",
        "nov 22nd",
        "3/15",
    ),
    *("the 15th", "next week", "the day after tomorrow", "2027-03-15", "monday morning", "thursday evening", "easter"),
    *("the second friday of november", "twenty third of november", "a week from monday", "christmas eve", "eow"),
]
CLOCKS = [
    *("", "3pm", "at 4pm", "15:30", "at noon", "10 a.m.", "at half past four", "at quarter to five", "at ten to five"),
    *("at eleven", "at 4", "17h", "at three thirty", "17:00 UTC"),
]
LENGTHS = [
    *("in two hours", "in 3 days", "in half an hour", "within two weeks", "in four working days", "in ninety minutes"),
    *("within the hour", "in six months", "in a couple of days", "in the next two hours"),
]
TIMES = st.one_of(
    st.tuples(st.sampled_from(DAYS), st.sampled_from(CLOCKS)).map(lambda both: " ".join(both).strip()),
    st.sampled_from(LENGTHS),
)
UNKNOWN = st.one_of(
    st.sampled_from(["zorp", "client", "phase", "acme", "project", "quarterly", "kickoff", "Bob's", "viernes", "SLA"]),
    st.text("bcdfgklmnpqrstvwxz", min_size=4, max_size=9),
)
TRIES = 20_000 if IS_LONG else 300


def deadline(text: str) -> datetime | None:
    read = read_promise(text, NOW, HOURS).deadline
    return read.at if isinstance(read, Deadline) else None


@given(st.sampled_from(ANNOUNCERS), UNKNOWN, TIMES)
@settings(max_examples=TRIES, deadline=None)
def test_an_unknown_word_behind_an_announcer_leaves_no_deadline(announcer: str, word: str, time: str) -> None:
    assert deadline(f"send it {announcer} {word} {time}") is None


@given(st.sampled_from(["", *ANNOUNCERS]), TIMES, st.integers(0, 60))
@settings(max_examples=TRIES, deadline=None)
def test_a_letter_missing_or_doubled_leaves_the_deadline_or_none(announcer: str, time: str, nth: int) -> None:
    meant = deadline(f"send it {announcer} {time}")
    letters = [at for at, letter in enumerate(time) if letter.isalpha()]
    at = letters[nth % len(letters)] if letters else 0
    for slip in (time[:at] + time[at + 1 :], time[:at] + time[at] + time[at:]):
        assert not letters or meant is None or deadline(f"send it {announcer} {slip}") in (meant, None)


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        # in a colleague's German, or with a letter wrong: a part of the words is not tried alone
        ("send it by Mittwoch 9am", ["14 09:00"]),
        ("send it Fridy 5pm", ["16 17:00"]),
        ("send it by Freitag", ["16 18:00"]),
        # words that are not next to each other may mean two things
        ("send it Friday um 5pm", ["16 17:00", "13 17:00"]),
        ("send it am Freitag um 17 Uhr", ["16 17:00"]),
        ("send it after Friday um 5pm", ["13 17:00"]),
        # alternatives, each at the time behind the last
        ("send it Thursday or Friday or Monday by noon", ["15 12:00", "16 12:00", "19 12:00"]),
        ("send it by Thursday 3pm, Friday 4pm or Monday 5pm", ["15 15:00", "16 16:00", "19 17:00"]),
        ("Donnerstag, Freitag oder Montag bis 12 Uhr schicken", ["15 12:00", "16 12:00", "19 12:00"]),
        ("send it Thursday or maybe Friday noon", ["15 18:00", "16 12:00"]),
        # each of two meanings, and no others
        ("send it by 9 EST", ["13 21:00", "13 22:00"]),
        ("send it by 2027", ["31 18:00", "31 18:00"]),  # of 2026 and of 2027
        ("an hour before Thursday send it", ["14 23:00", "15 08:00"]),
        ("send it mid Q1", ["14 18:00", "01 18:00"]),
    ],
)
def test_a_question_offers_the_day_and_its_time_together(text: str, offered: list[str]) -> None:
    answer = read_promise(text, NOW, HOURS).deadline
    assert not isinstance(answer, Deadline)
    assert [f"{HOURS.local(one.at):%d %H:%M}" for one in candidates_of(answer)] == offered


@pytest.mark.parametrize("text", ["send the deck feb 30 - mar 2", "send it by feb 30", "call Monday night people"])
def test_a_question_repeats_the_words_that_it_is_about(text: str) -> None:
    answer = read_promise(text, NOW, HOURS).deadline
    assert not isinstance(answer, Deadline)
    assert answer.understood
    assert answer.understood in text
