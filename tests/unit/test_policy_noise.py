"""Few messages: what is said together, what waits for the morning, and what the morning holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.acts import Act
from bot.domain.bundles import TOGETHER, Owed, brief, saying, today_began_at
from bot.domain.deciding import perform
from bot.domain.following_up import can_wait
from bot.domain.habits import Habits
from bot.domain.promise import Due, Promise
from bot.domain.reminders import NUDGES, Kind, Planned
from bot.domain.working_time import WorkingHours
from tests.unit.factories import ALICE, BOB, CHARLIE, FRIDAY, MONDAY, entry, promised

HOUR = timedelta(hours=1)
ALICES = Habits(daily_cap=4)


def owed(kind: Kind, at: datetime, due_at: datetime = FRIDAY) -> Owed:
    promise = promised(terms=replace(promised().terms, due=Due(due_at, "UTC")))
    return Owed(promise, Planned(kind, ALICE, at, "v1"))


def test_what_is_due_within_two_hours_is_said_in_one_message() -> None:
    now, soon = owed(Kind.CHECK_IN, MONDAY), owed(Kind.HEADS_UP, MONDAY + 2 * HOUR)
    later = owed(Kind.CHECK_IN, MONDAY + 2 * HOUR + timedelta(seconds=1))
    assert set(saying([now, soon, later], ALICES, 0, MONDAY).said) == {now, soon}
    assert saying([soon], ALICES, 0, MONDAY).said == ()


def test_what_would_not_be_true_yet_is_not_said_early() -> None:
    now = owed(Kind.CHECK_IN, MONDAY)
    for kind in (Kind.DUE_NOW, Kind.OVERDUE, Kind.ASK_AGAIN, Kind.NO_WORD):
        assert saying([now, owed(kind, MONDAY + HOUR)], ALICES, 0, MONDAY).said == (now,)
        assert set(saying([now, waits := owed(kind, MONDAY)], ALICES, 0, MONDAY).said) == {now, waits}


def test_over_the_daily_limit_what_can_wait_comes_with_the_next_morning() -> None:
    waiting = [owed(Kind.CHECK_IN, MONDAY), owed(Kind.MIDWAY, MONDAY)]
    assert saying(waiting, ALICES, 3, MONDAY).said
    over = saying(waiting, ALICES, 4, MONDAY)
    assert (over.said, over.held) == ((), tuple(waiting))
    assert over.held_until == datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_over_the_limit_what_cannot_wait_takes_the_rest_along() -> None:
    urgent, patient = owed(Kind.HEADS_UP, MONDAY, MONDAY + 5 * HOUR), owed(Kind.CHECK_IN, MONDAY)
    assert set(saying([urgent, patient], ALICES, 9, MONDAY).said) == {urgent, patient}


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(NUDGES)), st.integers(0, 300), st.integers(0, 3000)), min_size=1, max_size=8
    ),
    st.integers(0, 8),
)
def test_nothing_due_is_lost_and_nothing_waits_past_its_use(
    drawn: list[tuple[Kind, int, int]], said_today: int
) -> None:
    now = MONDAY + 2 * HOUR
    waiting = [owed(kind, MONDAY + timedelta(minutes=at), now + timedelta(minutes=more)) for kind, at, more in drawn]
    said = saying(waiting, ALICES, said_today, now)
    assert {*said.said, *said.held} >= {one for one in waiting if one.nudge.at <= now}
    assert all(one.nudge.at <= now + TOGETHER for one in said.said)
    for one in said.held:
        assert said.held_until
        assert can_wait(one.nudge.kind, one.promise, said.held_until)
        assert said_today >= ALICES.daily_cap


def test_the_limit_counts_from_the_persons_own_midnight() -> None:
    tokyo = Habits(WorkingHours("Asia/Tokyo"))
    assert today_began_at(tokyo, MONDAY) == datetime(2026, 11, 22, 15, tzinfo=UTC)


def due_at(at: datetime, number: int, **changes: str) -> Promise:
    return promised(number=number, terms=replace(promised().terms, due=Due(at, "UTC")), **changes)


def test_the_morning_tells_what_is_owed_today_what_is_awaited_and_what_is_late() -> None:
    now = FRIDAY - 8 * HOUR
    today, tomorrow = due_at(FRIDAY, 1), due_at(FRIDAY + 24 * HOUR, 2)
    awaited = due_at(FRIDAY, 3, owner_id=CHARLIE, requester_id=ALICE)
    late = due_at(FRIDAY - 24 * HOUR, 4)
    own = due_at(FRIDAY - HOUR, 5, requester_id=ALICE)
    done = perform(due_at(FRIDAY, 6), entry(Act.REPORT, ALICE))
    morning = brief(ALICE, [today, tomorrow, awaited, late, own, done], ALICES, now)
    assert [p.number for p in morning.owes] == [5, 1]
    assert [p.number for p in morning.waits_for] == [3]
    assert [p.number for p in morning.late] == [4]
    assert brief(BOB, [today, late], ALICES, now).waits_for == (today,)
    assert brief(ALICE, [tomorrow, done], ALICES, now).is_empty
