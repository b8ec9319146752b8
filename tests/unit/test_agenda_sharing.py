"""Which candidates share a message, and when the agenda looks again: one row for each limit and its edge."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.acts import Act, State
from bot.domain.agenda import (
    Case,
    Entry,
    Facts,
    MessageRecord,
    Send,
    Untold,
    Wait,
    agenda,
    day_began_at,
    upcoming,
)
from bot.domain.agenda.deciding import MAX_ENTRIES
from bot.domain.habits import Habits
from bot.domain.kinds import Kind
from bot.domain.promise import PromiseId
from bot.domain.weight import Priority, Weight
from tests.unit.factories import ALICE, BOB, FRIDAY, promised
from tests.unit.test_agenda_places import due, utc

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOON = utc("24 12:00")

# Rows wait for Bob, each about a promise of Alice's to him.


def case(number: int, **changes: Any) -> Case:
    values: dict[str, Any] = {"id": PromiseId(f"P{number}"), "number": number, "made_at": utc("23 09:00")} | changes
    return Case(promised(**values))


def row(number: int, act: Act | None = Act.AT_RISK, kind: Kind = Kind.NOTICE, **changes: Any) -> Untold:
    occasion = "a1" if kind is Kind.NOTICE else "v1:"
    return Untold(f"r{number}{kind}", kind, occasion, NOON, PromiseId(f"P{number}"), act, **changes)


def facts(cases: int, *rows: Untold, **changes: Any) -> Facts:
    return Facts(BOB, cases=tuple(case(number) for number in range(cases)), untold=rows, **changes)


def spoken(known: Facts, now: datetime = NOON) -> Send:
    decided = agenda(known, now)
    assert isinstance(decided, Send), decided
    return decided


@pytest.mark.parametrize(
    ("known", "until"),
    [
        ({"last_at": NOON - MINUTE / 2}, NOON + MINUTE / 2),
        ({"last_at": NOON - MINUTE}, None),
        ({"on_its_way_at": NOON}, NOON + MINUTE),
        ({"on_its_way_at": NOON - HOUR}, NOON + 15 * MINUTE),
    ],
)
def test_two_messages_are_a_minute_apart_and_the_second_waits_for_the_first(
    known: dict[str, Any], until: datetime | None
) -> None:
    decided = agenda(facts(1, row(0), **known), NOON)
    assert decided == (Wait(until) if until else Send((Entry(Kind.NOTICE, "a1", PromiseId("P0"), "r0notice"),)))


@pytest.mark.parametrize(
    ("woken_at", "waiting", "entries", "lead"),
    [
        (NOON, 1, 1, None),
        (NOON, MAX_ENTRIES + 1, MAX_ENTRIES, Kind.BUNDLE),
        (NOON - 15 * MINUTE, MAX_ENTRIES + 1, MAX_ENTRIES, Kind.BUNDLE),
        (NOON - 16 * MINUTE, MAX_ENTRIES + 1, MAX_ENTRIES + 1, Kind.CATCH_UP),
        (None, 2, 2, Kind.BUNDLE),
    ],
)
def test_a_message_has_six_promises_unless_it_makes_up_for_a_downtime(
    woken_at: datetime | None, waiting: int, entries: int, lead: Kind | None
) -> None:
    decided = spoken(facts(waiting, *(row(number) for number in range(waiting)), woken_at=woken_at))
    assert (len(decided.entries), decided.lead) == (entries, lead)
    assert [each.promise_id for each in decided.entries] == [f"P{number}" for number in range(entries)]


def test_what_needs_a_message_of_its_own_has_one_and_the_most_urgent_comes_first() -> None:
    clash = Untold("c", Kind.CLASH, "v1:UBOB.away", NOON, PromiseId("P0"))
    assert spoken(facts(2, row(1), clash)).entries == (Entry(Kind.CLASH, "v1:UBOB.away", PromiseId("P0"), "c"),)
    assert [
        each.promise_id for each in spoken(facts(2, row(0), replace(clash, promise_id=PromiseId("P1")))).entries
    ] == ["P0"]
    trouble = Untold("t", Kind.TROUBLE, "", NOON)
    assert [each.kind for each in spoken(facts(1, row(0), trouble)).entries] == [Kind.TROUBLE]
    today = Facts(BOB, cases=(Case(due(NOON + HOUR)),), untold=(trouble, replace(row(0), promise_id=PromiseId("P1"))))
    assert [each.kind for each in spoken(today).entries] == [Kind.TROUBLE]
    assert spoken(facts(0, trouble)).entries == (Entry(Kind.TROUBLE, "", None, "t"),)


def test_an_urgent_promise_comes_before_what_is_about_no_promise() -> None:
    urgent = replace(case(0).promise, weight=Weight(priority=Priority.URGENT))
    known = Facts(BOB, cases=(Case(urgent),), untold=(Untold("t", Kind.TROUBLE, "", NOON), row(0)))
    assert [each.kind for each in spoken(known).entries] == [Kind.NOTICE]


@pytest.mark.parametrize(("now", "kinds"), [("26 14:59", [Kind.NOTICE]), ("26 15:00", [Kind.HEADS_UP, Kind.NOTICE])])
def test_a_warning_joins_a_message_up_to_two_hours_ahead(now: str, kinds: list[Kind]) -> None:
    decided = spoken(facts(2, row(1)), utc(now))
    assert [each.kind for each in decided.entries] == kinds
    assert spoken(facts(1, row(0)), utc("27 12:00")).absorbed == ()


@pytest.mark.parametrize(("now", "kind"), [("27 13:29", Kind.CHECK_IN), ("27 13:30", Kind.LAST_CALL)])
def test_a_last_call_joins_a_question_from_an_hour_ahead_on(now: str, kind: Kind) -> None:
    assert [each.kind for each in spoken(Facts(ALICE, cases=(case(0),)), utc(now)).entries] == [kind]


def test_what_waits_for_a_message_on_its_way_joins_no_other() -> None:
    missed = replace(case(0).promise, missed_at=FRIDAY)
    asked = MessageRecord(Kind.DUE_NOW, ALICE, "v1", FRIDAY)
    miss = Untold("m", Kind.NOTICE, "a3", FRIDAY, missed.id, Act.MISS)
    known = Facts(BOB, cases=(Case(missed, messages=(asked,)), case(1)), untold=(miss, row(1)))
    for now in (FRIDAY + MINUTE, FRIDAY + 3 * DAY + MINUTE):
        assert "P0" not in [each.promise_id for each in spoken(known, now).entries]


def test_the_terms_themselves_mention_a_deadline_on_a_day_off() -> None:
    clash = Untold("c", Kind.CLASH, "v1:UBOB.away", NOON, PromiseId("P0"))
    assert spoken(facts(1, row(0, Act.PROMISE), clash)).absorbed == ("c",)
    assert spoken(facts(1, row(0, Act.AT_RISK), clash)).absorbed == ()
    assert spoken(facts(2, row(1, Act.PROMISE), replace(clash, at=NOON))).absorbed == ()


@pytest.mark.parametrize(("news", "questions"), [(1, 2), (4, 2), (5, 1), (6, 0)])
def test_side_questions_are_two_at_most_and_take_the_place_of_no_news(news: int, questions: int) -> None:
    asked = MessageRecord(Kind.SIDE_QUESTION, ALICE, "v1", utc("25 10:00"), utc("25 10:00"))
    unanswered = [replace(case(n), messages=(asked,)) for n in range(3)]
    awaited = [case(3 + n, owner_id=BOB, requester_id=ALICE, made_by=BOB) for n in range(news)]
    known = Facts(ALICE, cases=(*unanswered, *awaited), untold=tuple(row(3 + n) for n in range(news)))
    kinds = [each.kind for each in spoken(known, utc("25 14:00")).entries]
    assert (kinds.count(Kind.NOTICE), kinds.count(Kind.SIDE_QUESTION)) == (news, questions)


def test_a_row_that_became_pointless_is_dropped_with_its_record_and_no_other() -> None:
    promise = case(0).promise
    miss = Untold("m", Kind.NOTICE, "a3", NOON, promise.id, Act.MISS)
    waiting = MessageRecord(Kind.NOTICE, BOB, "a3")
    noon = utc("27 12:00")
    told = waiting._replace(occasion="a2", decided_at=noon - 2 * HOUR, taken_at=noon - 2 * HOUR)
    others = (waiting._replace(to=ALICE), told)
    known = Facts(BOB, cases=(Case(promise, messages=(waiting, *others)),), untold=(miss,))
    plain = Facts(BOB, cases=(Case(promise, messages=others),))
    assert agenda(plain, noon) != agenda(replace(plain, cases=(Case(promise, messages=(waiting, *others)),)), noon)
    assert agenda(known, noon) == replace(agenda(plain, noon), dropped=("m",))


def test_news_that_was_answered_is_dropped_and_not_sent() -> None:
    answered = agenda(facts(1, row(0, is_answered=True)), NOON)
    assert isinstance(answered, Wait)
    assert answered.dropped == ("r0notice",)


def test_what_is_expected_comes_a_minute_after_the_last_message_at_the_earliest_and_never_to_a_closed_account() -> None:
    known = facts(1, row(0), last_at=NOON - MINUTE / 2)
    assert [(each.at, each.candidate.kind) for each in upcoming(known, NOON)][:1] == [(NOON + MINUTE / 2, Kind.NOTICE)]
    assert upcoming(replace(known, is_gone=True), NOON) == []
    assert all(not each.candidate.joins_only for each in upcoming(replace(known, person=ALICE), NOON))


def test_news_in_the_morning_is_part_of_the_brief() -> None:
    known = Facts(
        BOB, Habits(has_brief=True), cases=(Case(due(FRIDAY)),), untold=(replace(row(0), promise_id=PromiseId("P1")),)
    )
    assert spoken(known, utc("27 09:00")).lead is Kind.BRIEF


def test_the_day_begins_at_the_readers_midnight() -> None:
    assert day_began_at(Habits(), NOON) == utc("24 00:00")


def test_without_anything_to_wait_for_the_agenda_sleeps_and_else_it_looks_again_within_a_week() -> None:
    assert agenda(Facts(BOB), NOON) == Wait(None)
    reported = Case(replace(promised(), state=State.REPORTED))
    assert agenda(Facts(BOB, cases=(reported,)), NOON) == Wait(NOON + 7 * DAY)


@pytest.mark.parametrize(
    ("now", "changes", "at"),
    [
        (utc("26 10:00"), {}, utc("27 09:00")),
        (utc("27 08:00"), {"person": BOB}, utc("27 09:00")),
        (utc("27 09:30"), {"person": BOB}, utc("27 09:30")),
        (utc("27 08:00"), {"person": BOB, "cases": (Case(due(utc("27 08:30"))),)}, utc("27 09:00")),
        (utc("27 08:31"), {"person": BOB, "cases": (Case(due(utc("27 08:30"))),)}, utc("27 09:00")),
        (utc("27 10:00"), {"person": BOB, "cases": (Case(due(utc("27 09:30"))),)}, utc("30 09:00")),
        (utc("27 08:00"), {}, utc("27 09:00")),
        (utc("27 12:00"), {}, utc("27 12:00")),
        (utc("27 12:01"), {}, utc("30 09:00")),
        (utc("27 10:00"), {"was_briefed": True}, utc("30 09:00")),
        (utc("26 08:00"), {}, utc("26 09:00")),
        (utc("25 08:00"), {"habits": Habits()}, None),
    ],
)
def test_the_brief_comes_in_the_first_three_hours_of_a_morning_with_something_due(
    now: datetime, changes: dict[str, Any], at: datetime | None
) -> None:
    known = Facts(ALICE, Habits(has_brief=True), cases=(Case(due(FRIDAY)),))
    briefs = [each.at for each in upcoming(replace(known, **changes), now) if each.candidate.kind is Kind.BRIEF]
    assert briefs == ([at] if at else [])
