"""When an unanswered question is repeated, reported, or asked with other news: one row for each edge."""

from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from bot.domain.agenda import Case, MessageRecord
from bot.domain.agenda.unanswered import ask_again_at, call_again_at, no_word_at, offer_open, side_question
from bot.domain.habits import Habits
from bot.domain.kinds import Kind
from bot.domain.promise import Due, Proposal
from bot.domain.working_time import WorkingHours
from tests.unit.factories import ALICE, BOB, promised
from tests.unit.test_agenda_places import utc

#: A kind of question, when it was decided, and when Slack took it ("" where it has not).
Question = tuple[Kind, str, str]


def case(
    *asked: Question,
    made: str = "23 09:00",
    due: str = "27 17:00",
    waiting: tuple[Kind, ...] = (),
    acted: str = "",
    requester: Habits | None = None,
) -> Case:
    """A promise of Alice's to Bob made on Monday for Friday, with the questions asked so far."""
    terms = replace(promised().terms, due=Due(utc(due), "UTC"))
    messages = [
        MessageRecord(kind, ALICE, f"v1:{n}", utc(decided), utc(taken) if taken else None)
        for n, (kind, decided, taken) in enumerate(asked)
    ]
    messages += [MessageRecord(kind, ALICE, "v1:x") for kind in waiting]
    promise = promised(made_at=utc(made), terms=terms)
    acted_at = utc(acted) if acted else None
    return Case(promise, requester=requester or Habits(), messages=tuple(messages), acted_at=acted_at)


def read(kind: Kind, *times: str) -> tuple[Question, ...]:
    return tuple((kind, at, at) for at in times)


@pytest.mark.parametrize(
    ("asked", "due", "again"),
    [
        ((), "27 17:00", None),
        (read(Kind.CHECK_IN, "26 10:00"), "27 17:00", "26 14:00"),
        # a change is early until Thursday at five: an hour and a half before, where there is time for that
        (read(Kind.CHECK_IN, "26 13:00"), "27 17:00", "26 15:30"),
        (read(Kind.CHECK_IN, "26 14:10"), "27 17:00", "26 15:30"),
        (read(Kind.CHECK_IN, "26 14:11"), "27 17:00", "27 09:11"),
        # an hour before the last call at the latest
        (read(Kind.CHECK_IN, "26 20:00"), "27 16:30", "27 13:00"),
        (read(Kind.CHECK_IN, "26 20:00"), "27 16:29", None),
        # the last question counts
        (read(Kind.CHECK_IN, "25 13:00", "26 10:00"), "27 17:00", "26 14:00"),
        ((*read(Kind.CHECK_IN, "25 13:00"), (Kind.ASKED, "26 10:00", "")), "27 17:00", None),
        ((*read(Kind.CHECK_IN, "26 10:00"), *read(Kind.SIDE_QUESTION, "26 11:00")), "27 17:00", "26 14:00"),
        # never the third of a day
        (read(Kind.CHECK_IN, "26 20:00", "27 09:30"), "27 17:00", None),
        (read(Kind.ASK_AGAIN, "26 10:00"), "27 17:00", None),
    ],
)
def test_a_question_is_repeated_after_four_hours_or_in_time_for_an_early_change(
    asked: tuple[Question, ...], due: str, again: str | None
) -> None:
    assert ask_again_at(case(*asked, due=due)) == (utc(again) if again else None)


@pytest.mark.parametrize(
    ("asked", "changes", "again", "repeated"),
    [
        ((), {}, None, 0),
        (((Kind.LAST_CALL, "27 14:30", ""),), {}, None, 0),
        (read(Kind.LAST_CALL, "27 14:30"), {}, "27 15:30", 0),
        ((*read(Kind.LAST_CALL, "27 14:30"), *read(Kind.CALL_AGAIN, "27 15:30")), {}, "27 16:06", 1),
        ((*read(Kind.LAST_CALL, "27 14:30"), *read(Kind.CALL_AGAIN, "27 15:30", "27 16:06")), {}, None, 2),
        # not the third time over two days either
        ((*read(Kind.LAST_CALL, "26 17:00"), *read(Kind.CALL_AGAIN, "26 17:30", "27 09:00")), {}, None, 2),
        (read(Kind.LAST_CALL, "27 16:20"), {}, "27 16:50", 0),
        (read(Kind.LAST_CALL, "27 16:21"), {}, None, 0),
        (read(Kind.LAST_CALL, "27 17:40"), {"due": "27 18:20"}, None, 0),  # it would come after work
        # questions that joined other news count towards the three of a day
        ((*read(Kind.SIDE_QUESTION, "27 10:00"), *read(Kind.LAST_CALL, "27 14:30")), {}, "27 15:30", 0),
        ((*read(Kind.SIDE_QUESTION, "27 09:00", "27 13:00"), *read(Kind.LAST_CALL, "27 14:30")), {}, None, 0),
        # read when work begins
        (read(Kind.LAST_CALL, "26 20:00"), {"due": "27 10:00"}, "27 09:30", 0),
        # a promise outside of all work
        (read(Kind.LAST_CALL, "28 14:00"), {"made": "28 10:00", "due": "28 16:00"}, "28 14:48", 0),
        (read(Kind.LAST_CALL, "28 15:20"), {"made": "28 10:00", "due": "28 16:00"}, "28 15:50", 0),
        (read(Kind.LAST_CALL, "28 15:21"), {"made": "28 10:00", "due": "28 16:00"}, None, 0),
    ],
)
def test_a_last_call_is_repeated_twice_while_there_is_time_to_answer(
    asked: tuple[Question, ...], changes: dict[str, str], again: str | None, repeated: int
) -> None:
    assert call_again_at(case(*asked, **changes)) == (utc(again) if again else None, repeated)


ASKED_TWICE = (*read(Kind.CHECK_IN, "26 10:00"), *read(Kind.ASK_AGAIN, "26 13:00"))


UNTIL_TWO, FROM_TWO = (Habits(WorkingHours(start=time(start), end=time(start + 8))) for start in (6, 14))


@pytest.mark.parametrize(
    ("asked", "changes", "sent"),
    [
        (read(Kind.ASK_AGAIN, "26 14:00"), {"requester": FROM_TWO}, "26 18:00"),
        (read(Kind.ASK_AGAIN, "26 14:01"), {"requester": FROM_TWO}, "27 14:00"),
        (read(Kind.CHECK_IN, "26 17:00"), {"requester": UNTIL_TWO}, None),  # repeated an hour before is in time
        (read(Kind.ASK_AGAIN, "26 10:00"), {"acted": "26 10:00"}, None),
    ],
)
def test_silence_is_told_in_the_hours_of_the_requester(
    asked: tuple[Question, ...], changes: dict[str, Any], sent: str | None
) -> None:
    assert no_word_at(case(*asked, **changes)) == (utc(sent) if sent else None, False)


@pytest.mark.parametrize(
    ("asked", "waiting", "sent", "is_blocked"),
    [
        ((), (), None, False),
        (read(Kind.CHECK_IN, "26 10:00"), (), None, False),  # it is repeated first
        (ASKED_TWICE, (), "26 17:00", False),
        (ASKED_TWICE, (Kind.SNOOZED,), None, False),
        (ASKED_TWICE, (Kind.ASKED,), "26 17:00", False),
        (((Kind.CHECK_IN, "26 10:00", ""),), (), "27 16:00", True),
        ((*read(Kind.CHECK_IN, "25 10:00"), *read(Kind.ASK_AGAIN, "26 14:11")), (), "27 09:11", False),
        ((*read(Kind.CHECK_IN, "25 10:00"), (Kind.ASKED, "26 10:00", "")), (), "27 16:00", True),
        (read(Kind.CHECK_IN, "27 15:00"), (), "27 16:00", False),
        (read(Kind.CHECK_IN, "27 15:01"), (), None, False),
    ],
)
def test_silence_is_told_after_four_hours_and_an_hour_before_the_deadline_at_the_latest(
    asked: tuple[Question, ...], waiting: tuple[Kind, ...], sent: str | None, is_blocked: bool
) -> None:
    assert no_word_at(case(*asked, waiting=waiting)) == (utc(sent) if sent else None, is_blocked)


def side_questions(number: int) -> tuple[Question, ...]:
    return tuple((Kind.SIDE_QUESTION, "24 10:00", "24 10:00") for _ in range(number))


@pytest.mark.parametrize(
    ("asked", "changes", "now", "at", "occasion"),
    [
        # four working days ahead, not before half of the time, and a working day after the owner's word
        ((), {"made": "02 09:00"}, "16 09:00", "23 17:00", "v1:1"),
        ((), {"made": "19 17:00"}, "20 09:00", "23 17:00", "v1:1"),
        ((), {}, "24 09:00", "25 13:00", "v1:1"),
        ((), {"made": "27 08:00"}, "27 09:00", "27 12:30", "v1:1"),
        # four hours after a question that was not answered, half an hour after the last call
        (read(Kind.CHECK_IN, "26 10:00"), {}, "26 10:01", "26 14:00", "v1:1"),
        (read(Kind.LAST_CALL, "27 14:30"), {}, "27 14:31", "27 15:00", "v1:1"),
        (((Kind.CHECK_IN, "26 10:00", ""),), {}, "26 10:01", None, ""),
        (ASKED_TWICE, {}, "26 13:01", "26 17:00", "v1:1"),
        # not in the hour before the last call, which may come that much early
        (read(Kind.CHECK_IN, "26 10:00"), {}, "27 13:29", "26 14:00", "v1:1"),
        (read(Kind.CHECK_IN, "26 10:00"), {}, "27 13:30", None, ""),
        # two hours after a question that was answered
        (read(Kind.CHECK_IN, "26 10:00", "27 10:00"), {"acted": "27 10:05"}, "27 10:06", "27 12:00", "v1:1"),
        ((*read(Kind.CHECK_IN, "26 10:00"), (Kind.ASKED, "27 10:00", "")), {"acted": "27 10:05"}, "27 10:06", None, ""),
        # three a day at most, of which one is the last call
        ((*read(Kind.LAST_CALL, "27 14:30"), *read(Kind.CALL_AGAIN, "27 15:30")), {}, "27 15:31", "27 16:00", "v1:1"),
        ((*read(Kind.LAST_CALL, "27 14:30"), *read(Kind.CALL_AGAIN, "27 15:30", "27 16:06")), {}, "27 16:40", None, ""),
        (read(Kind.CHECK_IN, "27 09:00", "27 09:05"), {}, "27 13:10", None, ""),
        (side_questions(5), {}, "25 13:00", "24 14:00", "v1:6"),
        (side_questions(6), {}, "25 13:00", None, ""),
    ],
)
def test_a_side_question_is_asked_six_times_at_most_and_in_the_last_days(
    asked: tuple[Question, ...], changes: dict[str, Any], now: str, at: str | None, occasion: str
) -> None:
    found = list(side_question(case(*asked, **changes), utc(now)))
    assert [(each.at, each.occasion) for each in found] == ([(utc(at), occasion)] if at else [])
    assert all(each.joins_only and each.needs_by == utc("27 17:00") for each in found)


def test_nothing_is_asked_beside_news_while_an_offer_of_the_owners_waits_for_an_answer() -> None:
    plain = case()
    for by, to, asked in ((ALICE, BOB, False), (BOB, ALICE, True)):
        offered = replace(plain.promise, proposal=Proposal(by, to, utc("23 10:00"), what="half"))
        assert bool(list(side_question(replace(plain, promise=offered), utc("24 09:00")))) is asked


def offered(by: str, at: str, due: str = "") -> dict[str, Any]:
    """An offer of the one to the other, over on its date if it has one."""
    to = BOB if by == ALICE else ALICE
    return {"proposal": Proposal(by, to, utc(at), what="half", due=Due(utc(due), "UTC") if due else None)}


@pytest.mark.parametrize(
    ("person", "changes", "waiting", "asked"),
    [
        (ALICE, offered(BOB, "24 10:00"), (), "26 17:00"),
        (BOB, offered(ALICE, "24 10:00"), (), "27 06:00"),
        (BOB, offered(ALICE, "24 10:00", "25 12:00"), (), "25 06:00"),  # after four hours at least
        (ALICE, offered(ALICE, "24 10:00"), (), None),
        (BOB, offered(ALICE, "24 10:00"), (Kind.NOTICE,), None),  # which asks the same
        (BOB, offered(ALICE, "27 17:00", "30 12:00"), (), "30 10:00"),
        (BOB, offered(ALICE, "27 17:00"), (), None),  # the deadline has passed
    ],
)
def test_an_open_offer_is_asked_about_a_working_day_of_its_reader_before_it_is_over(
    person: str, changes: dict[str, Any], waiting: tuple[Kind, ...], asked: str | None
) -> None:
    plain = case(requester=UNTIL_TWO)
    messages = tuple(MessageRecord(kind, BOB, "a2") for kind in waiting)
    found = list(offer_open(replace(plain, promise=replace(plain.promise, **changes), messages=messages), person))
    assert [each.at for each in found] == ([utc(asked)] if asked else [])
