"""Rules 7 to 9 of the agenda (docs/reminders.md): after a miss, closed accounts, limits; and what clicks bring."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.acts import Act
from bot.domain.agenda import Send, Wait, agenda
from bot.domain.habits import Habits
from bot.domain.kinds import Kind
from bot.domain.occasions import OfAct, OnDemand
from bot.domain.promise import Due, UserId
from bot.domain.transitions import HistoryEntry
from bot.domain.working_time import WorkingHours
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


# Rule 7: a miss does not end in silence.


def test_a_miss_is_asked_about_after_one_three_and_seven_working_days_then_weekly_and_ends_after_four_weeks() -> None:
    play = week(due="2026-11-24T16:00").run(utc("2027-02-01T12:00"))
    days = [line.at.date() for line in play.to(ALICE) if line.kinds == (Kind.OVERDUE,)]
    assert days == [date(2026, 11, 25), date(2026, 11, 27), date(2026, 12, 3), date(2026, 12, 10), date(2026, 12, 17)]
    for person in (ALICE, BOB):
        assert play.kinds(person)[-1] == "let_go"
        assert play.to(person)[-1].at == utc("2026-12-23T09:00")


def test_an_owner_whose_offer_waits_is_not_asked_about_a_miss() -> None:
    play = week(due="2026-11-24T16:00")
    play.run(utc("2026-11-24T17:00"))
    play.now = utc("2026-11-24T17:00")
    play.act(Act.PROPOSE, ALICE, due=Due(utc("2026-12-11T12:00"), "UTC"))
    play.run(utc("2026-12-10T12:00"))
    assert "overdue" not in play.kinds(ALICE)


# Rule 8: a closed account is never written to again.


def test_nothing_more_is_sent_to_a_closed_account_and_the_rest_is_dropped() -> None:
    play = week()
    play.gone.add(BOB)
    decided = agenda(play.facts(BOB), play.now)
    assert decided == Wait(None, (f"a1:{BOB}",))
    play.run(utc("2026-12-01T12:00"))
    assert not play.to(BOB)


# Rule 9: the limits that a person set hold for everything but deliveries and deadlines of that day.


def limited(play: Play, cap: int, had: list[str]) -> Play:
    play.requester = replace(play.requester, daily_cap=cap)
    play.other_messages = [(utc(at), BOB) for at in had]
    return play


def test_over_the_limit_everything_else_waits_for_the_next_morning() -> None:
    play = limited(week(), 2, ["2026-11-24T09:00", "2026-11-24T09:30"])
    play.run(utc("2026-11-24T10:00"))
    play.now = utc("2026-11-24T10:00")
    play.act(Act.AT_RISK, ALICE)
    play.run(utc("2026-11-25T12:00"))
    assert play.first(Kind.NOTICE, Act.AT_RISK) == utc("2026-11-25T09:00")


def test_a_deadline_of_that_day_breaks_the_limit() -> None:
    play = limited(week(), 1, ["2026-11-27T09:00"])
    play.run(utc("2026-11-27T11:30"))
    play.now = utc("2026-11-27T11:30")
    play.act(Act.AT_RISK, ALICE)
    play.run(utc("2026-11-27T12:00"))
    assert play.first(Kind.NOTICE, Act.AT_RISK) == utc("2026-11-27T11:30")


def test_two_messages_never_leave_in_one_minute_to_one_person() -> None:
    play = week()
    play.run(utc("2026-11-24T11:00"))
    for seconds in range(5):
        play.now = utc("2026-11-24T11:00") + timedelta(seconds=seconds)
        play.act(Act.AT_RISK if seconds % 2 else Act.ON_TRACK, ALICE)
        play.run(play.now)
    play.run(utc("2026-12-20T12:00"))
    assert not has_two_messages_in_a_minute(play, BOB)


# What clicks bring.


def test_a_question_that_was_put_off_comes_back_once_and_silence_counts_from_then() -> None:
    play = week()
    asked = week().run(utc("2026-11-27T15:59")).first(Kind.CHECK_IN)
    assert asked
    play.run(asked)
    back = asked + timedelta(hours=4)
    play.now = asked + timedelta(minutes=2)
    play.wait(ALICE, back, Kind.SNOOZED, str(OnDemand(1, Kind.CHECK_IN, play.now)))
    play.run(utc("2026-11-27T15:59"))
    assert play.first(Kind.SNOOZED) == back
    silent = play.first(Kind.NO_WORD)
    assert silent is None or silent > back
    assert "ask_again" not in play.kinds(ALICE)[: play.kinds(ALICE).index("snoozed")]


def test_an_act_after_a_snooze_ends_it() -> None:
    play = week()
    asked = week().run(utc("2026-11-27T15:59")).first(Kind.CHECK_IN)
    assert asked
    play.run(asked)
    play.now = asked + timedelta(minutes=2)
    play.wait(ALICE, asked + timedelta(hours=4), Kind.SNOOZED, str(OnDemand(1, Kind.CHECK_IN, play.now)))
    play.now += timedelta(minutes=2)
    play.act(Act.ON_TRACK, ALICE)
    play.run(utc("2026-11-27T15:59"))
    assert "snoozed" not in play.kinds(ALICE)


def test_the_morning_brief_takes_along_what_is_due_soon() -> None:
    play = week(due="2026-11-27T16:00")
    play.owner = replace(play.owner, has_brief=True)
    play.run(utc("2026-11-27T08:00"))
    play.now = utc("2026-11-27T09:00")
    decided = agenda(play.facts(ALICE), play.now)
    assert isinstance(decided, Send)
    assert decided.lead is Kind.BRIEF


def test_after_a_downtime_several_things_are_one_catch_up_message() -> None:
    play, other = week(made="2026-11-23T18:30"), week(made="2026-11-23T18:40")
    facts, more = play.facts(BOB), other.facts(BOB)
    second = replace(more.cases[0], promise=replace(more.cases[0].promise, id="P2", number=13))
    row = replace(
        more.untold[0], id="r2", promise_id="P2", act=HistoryEntry(Act.PROMISE, ALICE, play.now), occasion=str(OfAct(1))
    )
    both = replace(facts, cases=(*facts.cases, second), untold=(*facts.untold, row), woken_at=utc("2026-11-24T09:00"))
    late, in_time = (agenda(both, utc(at)) for at in ("2026-11-24T11:00", "2026-11-24T09:00"))
    assert isinstance(late, Send)
    assert isinstance(in_time, Send)
    assert (late.lead, in_time.lead) == (Kind.CATCH_UP, Kind.BUNDLE)
    assert len(late.entries) == 2


def test_quiet_hours_are_kept_and_a_delivery_in_working_hours_is_not_held_by_them() -> None:
    play = week()
    play.requester = Habits(WorkingHours(), quiet=(time(12), time(14)))
    play.run(utc("2026-11-24T12:30"))
    play.now = utc("2026-11-24T12:30")
    play.act(Act.AT_RISK, ALICE)
    play.run(utc("2026-11-24T15:00"))
    assert play.first(Kind.NOTICE, Act.AT_RISK) == utc("2026-11-24T14:00")


def test_news_does_not_wait_for_company_beyond_the_readers_hours() -> None:
    play = week(made="2026-11-24T17:30", due="2026-11-26T16:00")
    play.other_messages = [(utc(f"2026-11-24T1{n}:00"), BOB) for n in range(3)]
    play.run(utc("2026-11-25T12:00"))
    assert play.first(Kind.NOTICE, Act.PROMISE) == utc("2026-11-24T17:30")


@pytest.mark.parametrize(("others", "again"), [(2, "2026-11-27T14:30"), (4, None)])
def test_a_question_is_not_repeated_over_the_limit_though_its_last_call_comes(others: int, again: str | None) -> None:
    play = week(due="2026-11-27T16:00")
    play.other_messages = [(utc(f"2026-11-27T09:0{n}"), ALICE) for n in range(others)]
    play.run(utc("2026-11-27T15:59"))
    assert play.first(Kind.LAST_CALL) == utc("2026-11-27T13:30")
    assert play.first(Kind.CALL_AGAIN) == (utc(again) if again else None)
