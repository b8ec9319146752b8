"""A promise that is far off is left out of a decision only if no message about it is due before then."""

import random
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.domain.agenda import Case, MessageRecord, far_off
from bot.domain.agenda.nudges import nudges
from bot.domain.habits import Habits
from bot.domain.kinds import Kind
from bot.domain.preferences import Preferences
from bot.domain.promise import Due
from tests.unit.factories import ALICE, BOB, MONDAY, promised

LONG_AGO, DAY = datetime(2000, 1, 1, tzinfo=UTC), timedelta(days=1)
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Havana"]


def person(chance: random.Random) -> Habits:
    quiet = sorted(time(hour) for hour in chance.sample(range(24), 2))
    chosen = Preferences(
        days=frozenset(chance.sample(range(7), chance.randint(2, 6))),
        lead_days=chance.choice([1, 1, 3]),
        quiet=(quiet[0], quiet[1]) if chance.random() < 0.5 else None,
    )
    holidays = [MONDAY.date() + timedelta(days=chance.randint(-20, 40)) for _ in range(5)]
    return (Preferences() if chosen.faults() else chosen).habits(chance.choice(ZONES), holidays)


def cases(chance: random.Random, count: int) -> list[Case]:
    """Promises of up to a month, announced at some time after they were made, or not yet."""
    found = []
    for _ in range(count):
        made_at = MONDAY - chance.random() * 10 * DAY
        terms = replace(promised().terms, due=Due(MONDAY + chance.random() * 30 * DAY, "UTC"))
        promise = promised(made_at=made_at, terms=terms, lead_days=chance.choice([None, 7, 10]))
        at = made_at + chance.random() * (MONDAY - made_at)
        notices = [MessageRecord(Kind.NOTICE, to, "a1", at, at) for to in (ALICE, BOB) if chance.random() < 0.5]
        found.append(Case(promise, person(chance), person(chance), tuple(notices)))
    return found


def too_late(some: list[Case]) -> int:
    """Return how often a nudge to either side comes before its bound."""
    far_off._bounds.cache_clear()
    found = 0
    for case in some:
        for to in (ALICE, BOB):
            bound = far_off.no_nudge_before(case, to, LONG_AGO)
            found += bound is not None and any(each.at < bound for each in nudges(case, to, MONDAY))
    return found


def test_no_nudge_comes_before_the_bound() -> None:
    assert too_late(cases(random.Random(3), 500)) == 0


@pytest.mark.parametrize("step", ["_opened", "_days_ahead"])
def test_a_bound_that_leaves_out_a_step_is_caught(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(far_off, step, {"_opened": lambda _, at: at, "_days_ahead": lambda at, *_: at}[step])
    assert too_late(cases(random.Random(3), 500)) > 0
    far_off._bounds.cache_clear()


def test_most_of_what_is_due_in_weeks_is_far_off_and_the_earliest_is_first() -> None:
    some = [
        case for case in cases(random.Random(4), 200) if case.promise.terms.due.at > MONDAY + 20 * DAY
    ]  # some have lead times of ten working days
    near, later = far_off.far_off(some, ALICE, MONDAY)
    assert len(near) < len(later) == len(some) - len(near)
    assert [bound for bound, _ in later] == sorted(bound for bound, _ in later)
