"""When one candidate may be sent, and which candidates share a message: one row for each limit and its edge."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bot.domain.acts import Act, State
from bot.domain.agenda import Candidate, Case, Entry, Facts, Hold, MessageRecord, Speak, Untold, Wait, agenda, upcoming
from bot.domain.agenda.deciding import MAX_ENTRIES, Place
from bot.domain.habits import Absence, Habits
from bot.domain.kinds import Kind
from bot.domain.promise import CLOCK, Due, Promise, PromiseId
from bot.domain.transitions import HistoryEntry
from tests.unit.factories import ALICE, BOB, FRIDAY, promised

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def utc(written: str) -> datetime:
    """Return an instant of a day in November 2026: "24 10:30" is on a Tuesday."""
    return datetime.strptime(f"2026-11-{written}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


NOON, EVENING, NIGHT, TUESDAY, WEDNESDAY = (
    utc(at) for at in ("24 12:00", "24 20:00", "24 23:00", "24 09:00", "25 09:00")
)
QUIET = Habits(quiet=(time(12), time(14)))
OFF_TODAY = Absence(date(2026, 11, 24), date(2026, 11, 24))
LAST_WEEK, UNTIL_WEDNESDAY = (
    Absence(date(2026, 11, 16), date(2026, 11, 20)),
    Absence(date(2026, 11, 24), date(2026, 11, 25)),
)
FULL = {"sent_today": 4}


def away(*absences: Absence) -> Habits:
    days_off = frozenset(day for each in absences for day in each.days())
    return Habits(replace(Habits().hours, days_off=days_off), absences=absences)


def due(at: datetime, **changes: Any) -> Promise:
    return promised(terms=replace(promised().terms, due=Due(at, "UTC")), **changes)


@pytest.mark.parametrize(
    ("now", "candidate", "facts", "at", "hold"),
    [
        (NOON, {}, {}, NOON, None),
        (NOON, {"at": NOON + HOUR}, {}, NOON + HOUR, None),
        (NOON, {"waits_for_company": True}, {}, NOON + HOUR, Hold.COMPANY),
        (NOON, {"at": NOON - HOUR, "waits_for_company": True}, {}, NOON, None),
        (EVENING, {}, {}, WEDNESDAY, Hold.HOURS),
        # "do not disturb", unless an answer is needed within two hours of its end
        (NOON, {}, {"quiet_until": NOON + HOUR}, NOON + HOUR, Hold.DO_NOT_DISTURB),
        (NOON, {"needs_by": NOON + 3 * HOUR}, {"quiet_until": NOON + HOUR}, NOON + HOUR, Hold.DO_NOT_DISTURB),
        (NOON, {"needs_by": NOON + 3 * HOUR - MINUTE}, {"quiet_until": NOON + HOUR}, NOON, None),
        (NOON, {"is_exempt": True}, {"quiet_until": NOON + HOUR}, NOON, None),
        # hours without messages within work hold all but deliveries
        (NOON, {}, {"habits": QUIET}, NOON + 2 * HOUR, Hold.HOURS),
        (NOON, {"is_exempt": True}, {"habits": QUIET}, NOON, None),
        # at its instant whatever the hour, but not on a day that its reader has taken off
        (NIGHT, {"is_hourless": True}, {}, NIGHT, None),
        (NOON, {"is_hourless": True, "promise": promised()}, {"habits": away(OFF_TODAY)}, WEDNESDAY, Hold.AWAY),
        (NOON, {"is_hourless": True}, {"habits": away(OFF_TODAY)}, NOON, None),
        (EVENING, {}, {"habits": away(LAST_WEEK)}, WEDNESDAY, Hold.HOURS),
        # terms made on a day off are spoken of on it
        (NOON, {"is_hourless": True, "promise": due(FRIDAY, made_at=TUESDAY)}, {"habits": away(OFF_TODAY)}, NOON, None),
        (
            NOON,
            {"is_hourless": True, "promise": due(FRIDAY, made_at=TUESDAY - 5 * DAY)},
            {"habits": away(OFF_TODAY, UNTIL_WEDNESDAY)},
            utc("26 09:00"),
            Hold.AWAY,
        ),
        (
            WEDNESDAY,
            {"is_hourless": True, "promise": due(FRIDAY, made_at=TUESDAY)},
            {"habits": away(UNTIL_WEDNESDAY, Absence(date(2026, 11, 25), date(2026, 11, 26)))},
            WEDNESDAY,
            None,
        ),
        # outside of hours: now where an answer is needed before work begins, at night only for a deadline within it
        (EVENING, {"needs_by": WEDNESDAY - MINUTE}, {}, EVENING, None),
        (EVENING, {"needs_by": WEDNESDAY + MINUTE}, {}, WEDNESDAY, Hold.HOURS),
        (EVENING, {"needs_by": EVENING}, {}, WEDNESDAY, Hold.HOURS),
        (EVENING, {"needs_by": EVENING + MINUTE}, {}, EVENING, None),
        (NIGHT, {"needs_by": utc("25 07:00")}, {}, NIGHT, None),
        (NIGHT, {"needs_by": utc("25 07:01")}, {}, utc("25 07:00"), Hold.HOURS),
        (NIGHT, {"needs_by": WEDNESDAY}, {}, utc("25 07:00"), Hold.HOURS),
        (utc("24 22:00"), {"needs_by": utc("25 08:00")}, {}, utc("25 07:00"), Hold.HOURS),
        (utc("24 21:59"), {"needs_by": utc("25 08:00")}, {}, utc("24 21:59"), None),
        (utc("25 06:59"), {"needs_by": utc("25 08:00")}, {}, utc("25 07:00"), Hold.HOURS),
        (utc("25 07:00"), {"needs_by": utc("25 08:00")}, {}, utc("25 07:00"), None),
        # over the limit: the next morning, unless it is a delivery or needed until an hour after that morning
        (NOON, {}, {"sent_today": 3}, NOON, None),
        (NOON, {}, FULL, WEDNESDAY, Hold.LIMIT),
        (EVENING, {}, FULL, WEDNESDAY, Hold.HOURS),
        (NOON, {"is_exempt": True}, FULL, NOON, None),
        (NOON, {"promise": due(utc("24 17:00"))}, FULL, NOON, None),
        (NOON, {"promise": due(utc("25 17:00"))}, FULL, WEDNESDAY, Hold.LIMIT),
        (NOON, {"kind": Kind.CALL_AGAIN, "promise": due(utc("24 17:00"))}, FULL, WEDNESDAY, Hold.LIMIT),
        (NOON, {"kind": Kind.ASK_AGAIN, "promise": due(utc("24 17:00"))}, FULL, WEDNESDAY, Hold.LIMIT),
        (NOON, {"needs_by": WEDNESDAY + HOUR}, FULL, NOON, None),
        (NOON, {"needs_by": WEDNESDAY + HOUR + MINUTE}, FULL, WEDNESDAY, Hold.LIMIT),
        (NOON, {"needs_by": NOON}, FULL, NOON, None),
        (NOON, {"needs_by": NOON - MINUTE}, FULL, WEDNESDAY, Hold.LIMIT),
        # looked at again after a minute, then after a quarter of the time it has been on its way
        (NOON, {"is_blocked": True}, {}, NOON + MINUTE, Hold.ON_ITS_WAY),
        (NOON, {"is_blocked": True, "at": NOON - HOUR}, {}, NOON + 15 * MINUTE, Hold.ON_ITS_WAY),
    ],
)
def test_a_candidate_is_placed_by_its_readers_hours_night_and_limits(
    now: datetime, candidate: dict[str, Any], facts: dict[str, Any], at: datetime, hold: Hold | None
) -> None:
    one = Candidate(**{"kind": Kind.CHECK_IN, "occasion": "v1", "at": now} | candidate)
    assert Place(Facts(BOB, **facts), now).held(one) == (at, hold)


# What shares a message. Rows wait for Bob, each about a promise of Alice's to him.


def case(number: int, **changes: Any) -> Case:
    values: dict[str, Any] = {"id": PromiseId(f"P{number}"), "number": number, "made_at": utc("23 09:00")} | changes
    return Case(promised(**values))


def row(number: int, act: Act | None = Act.AT_RISK, kind: Kind = Kind.NOTICE, **changes: Any) -> Untold:
    entry = HistoryEntry(act, ALICE, NOON) if act else None
    occasion = "a1" if kind is Kind.NOTICE else "v1:"
    return Untold(f"r{number}{kind}", kind, occasion, NOON, PromiseId(f"P{number}"), entry, **changes)


def facts(cases: int, *rows: Untold, **changes: Any) -> Facts:
    return Facts(BOB, cases=tuple(case(number) for number in range(cases)), untold=rows, **changes)


def spoken(known: Facts, now: datetime = NOON) -> Speak:
    decided = agenda(known, now)
    assert isinstance(decided, Speak), decided
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
    assert decided == (Wait(until) if until else Speak((Entry(Kind.NOTICE, "a1", PromiseId("P0"), "r0notice"),)))


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
    assert [each.kind for each in spoken(facts(1, row(0)), NOON).entries] == [Kind.NOTICE]
    assert spoken(facts(0, trouble)).entries == (Entry(Kind.TROUBLE, "", None, "t"),)


def test_the_terms_themselves_mention_a_deadline_on_a_day_off() -> None:
    clash = Untold("c", Kind.CLASH, "v1:UBOB.away", NOON, PromiseId("P0"))
    assert spoken(facts(1, row(0, Act.PROMISE), clash)).absorbed == ("c",)
    assert spoken(facts(1, row(0, Act.AT_RISK), clash)).absorbed == ()
    assert spoken(facts(2, row(1, Act.PROMISE), replace(clash, at=NOON))).absorbed == ()


@pytest.mark.parametrize(("news", "questions"), [(1, 2), (4, 2), (5, 1), (6, 0)])
def test_side_questions_are_two_at_most_and_take_the_place_of_no_news(news: int, questions: int) -> None:
    asked = MessageRecord(Kind.CHECK_IN, ALICE, "v1", utc("25 13:00"), utc("25 13:00"))
    unanswered = [replace(case(n), messages=(asked,)) for n in range(3)]
    awaited = [case(3 + n, owner_id=BOB, requester_id=ALICE, made_by=BOB) for n in range(news)]
    known = Facts(ALICE, cases=(*unanswered, *awaited), untold=tuple(row(3 + n) for n in range(news)))
    kinds = [each.kind for each in spoken(known, utc("25 14:00")).entries]
    assert (kinds.count(Kind.NOTICE), kinds.count(Kind.SIDE_QUESTION)) == (news, questions)


def test_a_row_that_became_pointless_is_dropped_with_its_record_and_no_other() -> None:
    promise = case(0).promise
    miss = Untold("m", Kind.NOTICE, "a3", NOON, promise.id, HistoryEntry(Act.MISS, CLOCK, NOON))
    waiting = MessageRecord(Kind.NOTICE, BOB, "a3")
    others = (replace(waiting, to=ALICE), replace(waiting, occasion="a2", decided_at=NOON - DAY, taken_at=NOON - DAY))
    known = Facts(BOB, cases=(Case(promise, messages=(waiting, *others)),), untold=(miss,))
    plain = Facts(BOB, cases=(Case(promise, messages=others),))
    assert agenda(plain, NOON) != agenda(replace(plain, cases=(Case(promise, messages=(waiting, *others)),)), NOON)
    assert agenda(known, NOON) == replace(agenda(plain, NOON), dropped=("m",))


def test_what_is_expected_comes_a_minute_after_the_last_message_at_the_earliest_and_never_to_a_closed_account() -> None:
    known = facts(1, row(0), last_at=NOON - MINUTE / 2)
    assert [(each.at, each.candidate.kind) for each in upcoming(known, NOON)][:1] == [(NOON + MINUTE / 2, Kind.NOTICE)]
    assert upcoming(replace(known, is_gone=True), NOON) == []
    assert all(not each.candidate.joins_only for each in upcoming(replace(known, person=ALICE), NOON))


def test_without_anything_to_wait_for_the_agenda_sleeps_and_else_it_looks_again_within_a_week() -> None:
    assert agenda(Facts(BOB), NOON) == Wait(None)
    reported = Case(replace(promised(), state=State.REPORTED))
    assert agenda(Facts(BOB, cases=(reported,)), NOON) == Wait(NOON + 7 * DAY)


@pytest.mark.parametrize(
    ("now", "changes", "at"),
    [
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
