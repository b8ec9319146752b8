"""Rules 1 to 6 of the agenda (docs/reminders.md), each on one promise played through on its two sides."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.acts import Act
from bot.domain.habits import Absence
from bot.domain.kinds import Kind
from bot.domain.occasions import OnDemand
from bot.domain.promise import Due, UserId
from bot.domain.weight import Priority
from tests.unit.agenda_play import Play, between
from tests.unit.factories import ALICE, BOB

BERLIN, NEW_YORK, KOLKATA = "Europe/Berlin", "America/New_York", "Asia/Kolkata"


def utc(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def week(made: str = "2026-11-23T10:00", due: str = "2026-11-27T16:00", zone: str = "UTC") -> Play:
    """Alice promises Bob something on Monday morning for Friday afternoon."""
    return between(zone, zone, made, due)


def has_two_messages_in_a_minute(play: Play, person: UserId) -> bool:
    lines = play.to(person)
    return any(b.at - a.at < timedelta(minutes=1) for a, b in itertools.pairwise(lines))


# Rule 1: one entry a promise in one message, and news of it beats a nudge about it.


def test_news_of_a_promise_beats_a_nudge_about_it_in_one_message() -> None:
    play = week(made="2026-11-26T18:30", due="2026-11-27T16:00")
    play.run(utc("2026-11-27T20:00"))
    first = play.to(BOB)[0]
    assert (first.at, first.kinds, first.lead) == (utc("2026-11-27T09:00"), (Kind.NOTICE,), None)
    assert all(len(line.kinds) == 1 for line in play.lines)


def test_of_several_acts_the_newest_speaks_for_all() -> None:
    play = week(made="2026-11-23T18:30")
    play.act(Act.AT_RISK, ALICE)
    play.act(Act.PROPOSE, ALICE, due=Due(utc("2026-11-30T12:00"), "UTC"))
    play.run(utc("2026-11-24T10:00"))
    assert [line.acts for line in play.to(BOB)] == [(Act.PROPOSE,)]


@pytest.mark.parametrize("later", [Act.AT_RISK, Act.ADJUST])
def test_what_asks_for_an_answer_is_not_replaced_by_later_news(later: Act) -> None:
    play = week(made="2026-11-23T18:30")
    play.act(Act.PROPOSE, ALICE, due=Due(utc("2026-11-30T12:00"), "UTC"))
    play.act(later, ALICE, priority=Priority.URGENT if later is Act.ADJUST else None)
    play.run(utc("2026-11-24T10:00"))
    assert [line.acts for line in play.to(BOB)] == [(Act.PROPOSE,)]


# Rule 2: acts of colleagues within a minute in working hours, outside them with the next one, and never at night.


@pytest.mark.parametrize("act", [Act.REPORT, Act.AT_RISK, Act.REVOKE])
def test_what_a_colleague_did_reaches_its_reader_within_a_minute_in_working_hours(act: Act) -> None:
    play = week()
    play.run(utc("2026-11-24T11:00"))
    play.now = utc("2026-11-24T11:00")
    play.act(act, ALICE)
    play.run(utc("2026-11-24T12:00"))
    assert play.to(BOB)[-1].acts == (act,)
    assert play.to(BOB)[-1].at - utc("2026-11-24T11:00") <= timedelta(minutes=1)


def test_a_delivery_is_never_held_back_for_company_or_for_a_limit() -> None:
    play = week()
    play.run(utc("2026-11-24T11:00"))
    play.other_messages = [(utc(f"2026-11-24T09:0{n}"), BOB) for n in range(9)]
    play.now = utc("2026-11-24T11:00")
    play.act(Act.REPORT, ALICE)
    play.run(utc("2026-11-24T12:00"))
    assert play.first(Kind.NOTICE, Act.REPORT) == utc("2026-11-24T11:00")


def test_outside_working_hours_news_waits_for_the_next_one() -> None:
    play = week()
    play.run(utc("2026-11-24T19:00"))
    play.now = utc("2026-11-24T19:00")
    play.act(Act.REPORT, ALICE)
    play.run(utc("2026-11-25T12:00"))
    assert play.first(Kind.NOTICE, Act.REPORT) == utc("2026-11-25T09:00")


@pytest.mark.parametrize(
    ("made", "due", "sent"),
    [
        ("2026-11-24T19:00", "2026-11-24T21:00", "2026-11-24T19:00"),  # an answer is needed this evening
        ("2026-11-24T23:00", "2026-11-25T06:00", "2026-11-24T23:00"),  # a deadline within the night
        ("2026-11-24T23:00", "2026-11-25T08:30", "2026-11-25T07:00"),  # after the night, before work
        ("2026-11-24T23:00", "2026-11-25T12:00", "2026-11-25T09:00"),  # work is early enough
    ],
)
def test_at_night_nothing_is_sent_but_what_concerns_a_deadline_within_it(made: str, due: str, sent: str) -> None:
    play = week(made, due).run(utc("2026-11-25T08:59") if sent < due else utc(due))
    play.run(utc("2026-11-25T12:00"))
    assert play.first(Kind.NOTICE, Act.PROMISE) == utc(sent)


# Rule 3: agreeing to terms is the owner's word on them.


def test_agreeing_to_new_terms_stops_questions_and_reports_of_silence_for_a_working_day() -> None:
    play = week()
    play.run(utc("2026-11-26T13:00"))
    play.now = utc("2026-11-26T13:00")
    play.act(Act.PROPOSE, ALICE, due=Due(utc("2026-11-30T12:00"), "UTC"))
    play.now += timedelta(minutes=20)
    play.act(Act.ACCEPT_PROPOSAL, BOB)
    agreed, before = play.now, len(play.lines)
    play.run(utc("2026-11-27T13:19"))
    assert [line.acts for line in play.lines[before:] if line.to == ALICE] == [(Act.ACCEPT_PROPOSAL,)]
    play.run(utc("2026-11-30T11:59"))
    silent = play.first(Kind.NO_WORD)
    assert silent is None or play.owner.hours.working_time(agreed, silent) >= play.owner.hours.working_day
    assert "last_call" in play.kinds(ALICE)


def test_a_promise_of_one_day_is_asked_about_by_its_last_call_alone_and_again_without_an_answer() -> None:
    play = week(made="2026-11-24T10:00", due="2026-11-24T16:00").run(utc("2026-11-24T14:00"))
    assert play.kinds(ALICE) == ["last_call"]
    assert play.first(Kind.LAST_CALL) == utc("2026-11-24T14:00")
    play.run(utc("2026-11-24T15:59"))
    assert play.kinds(ALICE) == ["last_call", "call_again", "call_again"]
    assert play.first(Kind.CALL_AGAIN) == utc("2026-11-24T14:48")
    answered = week(made="2026-11-24T10:00", due="2026-11-24T16:00").run(utc("2026-11-24T14:10"))
    answered.act(Act.ON_TRACK, ALICE)
    answered.run(utc("2026-11-24T15:59"))
    assert answered.kinds(ALICE) == ["last_call"]


def test_silence_is_reported_only_after_a_question_about_these_terms_was_read() -> None:
    play = week().run(utc("2026-11-27T15:59"))
    asked, again, silent = play.first(Kind.CHECK_IN), play.first(Kind.ASK_AGAIN), play.first(Kind.NO_WORD)
    assert asked
    assert again
    assert silent
    assert asked < again < silent
    answered = week()
    answered.run(asked + timedelta(minutes=5))
    answered.now = asked + timedelta(minutes=5)
    answered.act(Act.ON_TRACK, ALICE)
    answered.run(utc("2026-11-27T15:59"))
    assert "no_word" not in answered.kinds(BOB)
    assert "ask_again" not in answered.kinds(ALICE)


# Rule 4: a question counts from when it was taken and its reader free to read it.


def test_after_do_not_disturb_there_is_one_question_and_its_repetition_four_working_hours_later() -> None:
    undisturbed = week(made="2026-11-16T10:00").run(utc("2026-11-27T15:59")).first(Kind.CHECK_IN)
    assert undisturbed
    play = week(made="2026-11-16T10:00").run(undisturbed - timedelta(hours=2))
    play.quiet[ALICE] = undisturbed + timedelta(minutes=30)
    play.run(utc("2026-11-27T15:59"))
    asked, again = play.first(Kind.CHECK_IN), play.first(Kind.ASK_AGAIN)
    assert asked == play.quiet[ALICE]
    assert again
    assert again - asked == timedelta(hours=4)


# Rule 5: the owner is asked first, the requester is notified fifteen working minutes later, in their hours.


def test_the_requester_is_notified_of_a_miss_fifteen_working_minutes_after_the_owner_was_asked() -> None:
    play = week().run(utc("2026-11-30T12:00"))
    assert play.first(Kind.DUE_NOW) == utc("2026-11-27T16:00")
    assert play.first(Kind.NOTICE, Act.MISS) == utc("2026-11-27T16:15")


def test_in_kolkata_a_miss_of_friday_in_new_york_is_reported_on_monday_at_nine() -> None:
    play = between(NEW_YORK, KOLKATA, "2026-11-23T10:00", "2026-11-27T17:00").run(utc("2026-12-01T12:00"))
    assert play.first(Kind.NOTICE, Act.MISS) == utc("2026-11-30T03:30")


def test_a_delivery_after_the_deadline_supersedes_the_miss() -> None:
    play = week()
    play.run(utc("2026-11-27T16:05"))
    play.now = utc("2026-11-27T16:05")
    play.act(Act.REPORT, ALICE)
    play.run(utc("2026-11-30T12:00"))
    assert play.kinds(BOB)[-1] == "report"
    assert "miss" not in play.kinds(BOB)


def test_a_miss_is_reported_even_if_its_owner_cannot_be_asked() -> None:
    play = week(due="2026-11-24T16:00")
    play.owner = replace(
        play.owner,
        hours=replace(play.owner.hours, days_off=frozenset(date(2026, 11, d) for d in (24, 25, 26, 27))),
        absences=(Absence(date(2026, 11, 24), date(2026, 11, 27)),),
    )
    play.run(utc("2026-11-27T18:00"))
    assert play.first(Kind.NOTICE, Act.MISS) == utc("2026-11-25T16:00")
    assert not [line for line in play.to(ALICE) if line.at > utc("2026-11-24T00:00")]


# Rule 6: a warning apart from the announcement, and silence reported before the deadline.


@pytest.mark.parametrize("minutes", [30, 45, 60, 150, 300])
def test_a_promise_of_half_an_hour_or_more_has_a_heads_up_of_its_own_before_the_deadline(minutes: int) -> None:
    made = utc("2026-11-24T10:00")
    due = made + timedelta(minutes=minutes)
    play = week(made.isoformat()[:16], due.isoformat()[:16]).run(due)
    sent, warned = play.first(Kind.NOTICE, Act.PROMISE), play.first(Kind.HEADS_UP)
    assert sent == made
    assert warned
    assert (due - sent) / 3 <= warned - sent
    assert warned <= due - timedelta(minutes=5)
    assert play.first(Kind.LAST_CALL)


def test_silence_is_reported_before_the_deadline_wherever_a_working_hour_of_the_requesters_is_left() -> None:
    play = between(NEW_YORK, KOLKATA, "2026-11-23T10:00", "2026-11-27T17:00").run(utc("2026-11-28T12:00"))
    silent = play.first(Kind.NO_WORD)
    assert silent
    assert play.requester.hours.working_time(silent, play.promise.terms.due.at) >= timedelta(hours=1)


def test_a_check_in_and_its_repetition_come_while_a_change_is_still_early() -> None:
    play = week().run(utc("2026-11-27T15:59"))
    early_until, hours = utc("2026-11-26T16:00"), play.owner.hours
    asked, again = play.first(Kind.CHECK_IN), play.first(Kind.ASK_AGAIN)
    assert asked
    assert again
    assert hours.working_time(asked, early_until) >= timedelta(hours=3)
    assert hours.working_time(again, early_until) == timedelta(hours=1, minutes=30)
    assert again - asked >= timedelta(hours=1)


@pytest.mark.parametrize(
    ("made", "due", "called", "again"),
    [
        ("2026-11-23T10:00", "2026-11-27T17:00", "2026-11-27T14:30", "2026-11-27T15:30"),
        ("2026-11-24T10:00", "2026-11-24T13:00", "2026-11-24T11:30", "2026-11-24T12:06"),
        ("2026-11-23T10:00", "2026-11-27T10:00", "2026-11-27T09:00", "2026-11-27T09:30"),  # not the evening before
        ("2026-11-23T10:00", "2026-11-27T09:00", "2026-11-26T17:00", None),  # no hour of rest is left that day
        ("2026-11-24T10:00", "2026-11-24T10:30", "2026-11-24T10:15", None),
    ],
)
def test_a_last_call_comes_while_there_is_time_to_answer_and_again_without_an_answer(
    made: str, due: str, called: str, again: str | None
) -> None:
    play = week(made, due).run(utc(due))
    assert play.first(Kind.LAST_CALL) == utc(called)
    assert play.first(Kind.CALL_AGAIN) == (utc(again) if again else None)


def test_a_last_call_joins_a_message_up_to_an_hour_ahead() -> None:
    play = week(made="2026-11-23T10:00", due="2026-11-27T17:00").run(utc("2026-11-27T13:40"))
    play.wait(ALICE, utc("2026-11-27T13:45"), Kind.ASKED, str(OnDemand(1, Kind.CHECK_IN, utc("2026-11-27T13:45"))))
    play.run(utc("2026-11-27T14:29"))
    assert play.first(Kind.LAST_CALL) == utc("2026-11-27T13:45")


def test_a_requester_who_agreed_before_a_miss_was_reported_is_warned_of_the_new_deadline() -> None:
    play = between("America/Los_Angeles", BERLIN, "2027-05-19T15:59", "2027-05-21T15:00")
    play.run(utc("2027-05-21T18:34"))
    play.now = utc("2027-05-21T18:34")
    play.act(Act.PROPOSE, ALICE, due=Due(utc("2027-05-24T18:00"), "America/Los_Angeles"))
    play.run(utc("2027-05-24T08:36"))
    play.act(Act.ACCEPT_PROPOSAL, BOB)
    agreed = len(play.lines)
    play.run(utc("2027-05-24T17:59"))
    (warned,) = [line for line in play.lines[agreed:] if line.to == BOB]
    assert warned.kinds == (Kind.HEADS_UP,)
    assert play.requester.is_listening(warned.at)


def test_a_warning_is_kept_apart_from_the_announcement_within_the_readers_hours() -> None:
    play = between("UTC", "UTC", "2026-11-24T17:30", "2026-11-24T20:30").run(utc("2026-11-24T20:29"))
    warned = play.first(Kind.HEADS_UP)
    assert warned
    assert utc("2026-11-24T17:40") <= warned < utc("2026-11-24T18:00")
