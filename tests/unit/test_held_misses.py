"""Owners who can answer a last chance before a digest names a miss of theirs, and what a digest leaves to the next."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.acts import Act
from bot.domain.digests import Cadence, DigestContent, DigestSetting, announcement, digest, period_of
from bot.domain.held_misses import Held
from bot.domain.outcomes import Outcome
from bot.domain.promise import CLOCK, ChannelId, PromiseId
from bot.domain.transitions import HistoryEntry
from bot.domain.working_time import WorkingHours
from tests.unit.factories import CHARLIE, FRIDAY, MONDAY, TEAM
from tests.unit.histories import BERLIN, past

THU, FRI, MON = date(2026, 11, 26), date(2026, 11, 27), date(2026, 11, 30)
FRIDAY_AT_FOUR, MONDAY_AT_NINE = datetime(2026, 11, 27, 15, tzinfo=UTC), datetime(2026, 11, 30, 8, tzinfo=UTC)
FOUR_DAYS = frozenset(range(4))


@pytest.mark.parametrize(
    ("post_at", "owner", "can"),
    [
        (FRIDAY_AT_FOUR, WorkingHours(BERLIN), True),
        (FRIDAY_AT_FOUR, WorkingHours(BERLIN, days_off=frozenset({THU})), True),
        (FRIDAY_AT_FOUR, WorkingHours(BERLIN, days_off=frozenset({FRI})), False),
        # Of a weekend in between only the working days count.
        (MONDAY_AT_NINE, WorkingHours(BERLIN), True),
        (MONDAY_AT_NINE, WorkingHours(BERLIN, days_off=frozenset({MON})), True),
        (MONDAY_AT_NINE, WorkingHours(BERLIN, days_off=frozenset({FRI})), False),
        # Who never works on Fridays can answer on Thursdays.
        (FRIDAY_AT_FOUR, WorkingHours(BERLIN, FOUR_DAYS), True),
        (FRIDAY_AT_FOUR, WorkingHours(BERLIN, FOUR_DAYS, days_off=frozenset({THU})), False),
        # Other hours than those of the channel: the same day in Tokyo, mornings alone, an hour at the least.
        (FRIDAY_AT_FOUR, WorkingHours("Asia/Tokyo"), True),
        (FRIDAY_AT_FOUR, WorkingHours(BERLIN, end=time(12)), True),
        (MONDAY_AT_NINE, WorkingHours(BERLIN, start=time(8), days_off=frozenset({FRI})), True),
        (MONDAY_AT_NINE, WorkingHours(BERLIN, start=time(8, 1), days_off=frozenset({FRI})), False),
        (FRIDAY_AT_FOUR, WorkingHours(BERLIN, days=frozenset()), False),
    ],
)
def test_an_owner_can_answer_who_is_at_work_for_an_hour_between_the_last_chance_and_the_post(
    post_at: datetime, owner: WorkingHours, can: bool
) -> None:
    setting = DigestSetting(TEAM, ChannelId("C1"), Cadence.WEEKLY, time(16), BERLIN, CHARLIE, MONDAY, MONDAY)
    assert announcement(setting, post_at).can_answer(owner, MONDAY) is can


def test_a_post_counts_what_it_leaves_to_the_next_only_there() -> None:
    setting = DigestSetting(TEAM, ChannelId("C1"), Cadence.WEEKLY, time(16), BERLIN, CHARLIE, MONDAY, MONDAY)
    miss = HistoryEntry(Act.MISS, CLOCK, FRIDAY)
    deck, plan = (past(miss, number=number, id=PromiseId(f"P{number}")) for number in (1, 2))
    later = FRIDAY + timedelta(days=7)
    left = replace(period_of(setting, FRIDAY), held=frozenset({deck.promise.id}))
    first = digest([deck, plan], left, BERLIN)
    assert (first.missed, missed_in(first)) == ((plan,), 1)

    carried = replace(setting, covered_to=FRIDAY, held=Held(last=left.held))
    second = digest([deck, plan], period_of(carried, later), BERLIN)
    assert (second.missed, missed_in(second)) == ((deck,), 2)


def missed_in(content: DigestContent) -> int:
    return sum(week.counts.get(Outcome.MISSED, 0) for week in content.weeks)


def test_what_a_post_leaves_out_is_kept_for_the_next_and_for_its_own_thread() -> None:
    one, two = frozenset({PromiseId("P1")}), frozenset({PromiseId("P2")})
    assert Held(next=one).posted() == Held(last=one)
    assert Held(last=one, next=two).posted() == Held(before=one, last=two)
