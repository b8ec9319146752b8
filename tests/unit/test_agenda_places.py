"""When one candidate may be sent, and which candidates share a message: one row for each limit and its edge."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bot.domain.agenda import (
    Candidate,
    Facts,
    Hold,
)
from bot.domain.agenda.deciding import Place
from bot.domain.habits import Absence, Habits
from bot.domain.kinds import Kind
from bot.domain.promise import Due, Promise
from bot.domain.working_time import WorkingHours
from tests.unit.factories import BOB, FRIDAY, promised

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def utc(written: str) -> datetime:
    """Return an instant of a day in November 2026: "24 10:30" is on a Tuesday."""
    return datetime.strptime(f"2026-11-{written}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


NOON, EVENING, NIGHT, TUESDAY, WEDNESDAY = (
    utc(at) for at in ("24 12:00", "24 20:00", "24 23:00", "24 09:00", "25 09:00")
)
QUIET = Habits(quiet=(time(12), time(14)))
NIGHT_SHIFT = Habits(WorkingHours(start=time(0), end=time(8)))
OFF_TODAY = Absence(date(2026, 11, 24), date(2026, 11, 24))
LAST_WEEK, UNTIL_WEDNESDAY = (
    Absence(date(2026, 11, 16), date(2026, 11, 20)),
    Absence(date(2026, 11, 24), date(2026, 11, 25)),
)
LAST_CHANCE = {"kind": Kind.LAST_CHANCE, "needs_by": EVENING + HOUR}
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
        (NOON, LAST_CHANCE, {}, NOON, None),
        (EVENING, LAST_CHANCE, {}, EVENING, None),
        (NOON, LAST_CHANCE, {"habits": away(OFF_TODAY)}, WEDNESDAY, Hold.AWAY),
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
        (utc("24 05:00"), {}, FULL | {"habits": NIGHT_SHIFT}, utc("25 00:00"), Hold.LIMIT),
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
