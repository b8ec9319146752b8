"""Realistic dates: the load of the week, the first day with room, and how long such things took before."""

import re
from datetime import datetime, timedelta

import pytest

from bot.domain.acts import Act
from bot.domain.load import Days, Owed, load_for
from bot.domain.outcomes import Past
from bot.domain.promise import Due, PromiseId
from bot.domain.realism import DeliveryPace, delivery_pace, doubt, stretched
from bot.domain.transitions import perform
from bot.domain.weight import Weight
from bot.domain.working_time import WorkingHours
from bot.use_cases.realism import due_if_accepted
from bot.views.asides import with_asides
from bot.views.realism import doubt_words, load_words, room_words
from bot.views.replies import recorded
from tests.unit.factories import ALICE, BOB, DAVE, FRIDAY, MONDAY, entry, promised, requested
from tests.unit.histories import BERLIN, delivered, past
from tests.unit.views_gallery import texts_in

HOURS = WorkingHours(BERLIN)
PROMISE = promised(id=PromiseId("NEW"))
UNKNOWN = DeliveryPace(0.0, 0)


def owed(day: int, hours: float = 0) -> Owed:
    """Something else that is owed, with its estimate if it has one."""
    return Owed(MONDAY + timedelta(days=day, hours=8), timedelta(hours=hours) if hours else None)


def days(*others: Owed, now: datetime = MONDAY) -> Days:
    return Days(HOURS, others, now)


def local(at: datetime | None) -> str:
    return f"{HOURS.local(at):%a %d %H:%M}" if at else ""


def took(times: float) -> Past:
    """A promise of a working week, delivered after so many times that long."""
    at = HOURS.after(MONDAY, HOURS.working_time(MONDAY, FRIDAY) * times)
    return past(*delivered(at))


def test_an_empty_week_and_a_punctual_past_raise_no_doubt() -> None:
    assert doubt(PROMISE, delivery_pace([took(0.9)] * 8), days()) is None
    assert doubt(PROMISE, UNKNOWN, days(owed(4), owed(14), owed(15), owed(16))) is None


def test_a_busy_week_names_the_first_day_with_room() -> None:
    found = doubt(PROMISE, UNKNOWN, days(owed(3), owed(4), owed(4), owed(7), owed(7)))
    assert found is not None
    # Friday and the Monday after have two each already: Tuesday, at the same time of day.
    assert (found.others, found.better.local.isoformat()) == (3, "2026-12-01T18:00:00+01:00")


@pytest.mark.parametrize("hours", [0.0, 16.0])
def test_deadlines_counted_together_weigh_as_much_as_one_by_one(hours: float) -> None:
    together = days(*(owed(day, hours)._replace(alike=alike) for day, alike in ((3, 1), (4, 2), (7, 2))))
    single = days(*(owed(day, hours) for day in (3, 4, 4, 7, 7)))
    promise = promised(weight=Weight(timedelta(hours=4))) if hours else PROMISE
    assert doubt(promise, UNKNOWN, together) == doubt(promise, UNKNOWN, single) is not None
    asked = promise.terms.due
    assert load_for(ALICE, asked, timedelta(hours=4), together) == load_for(ALICE, asked, timedelta(hours=4), single)


def test_a_busy_week_with_room_on_the_day_itself_is_no_news() -> None:
    assert doubt(PROMISE, UNKNOWN, days(owed(1), owed(2), owed(3))) is None


@pytest.mark.parametrize(("times", "ratio"), [([1.6] * 8, 1.6), ([0.5, 1.5, 1.5, 2.0, 1.0], 1.5)])
def test_the_outside_view_is_the_median_of_what_the_last_deliveries_took(times: list[float], ratio: float) -> None:
    assert delivery_pace([took(each) for each in times]) == DeliveryPace(pytest.approx(ratio), len(times))


def test_four_deliveries_say_nothing_and_the_newest_eight_say_it_all() -> None:
    assert delivery_pace([took(3)] * 4) == DeliveryPace(0.0, 4)
    assert delivery_pace([*[took(0.2)] * 20, *[took(2)] * 8]) == DeliveryPace(pytest.approx(2), 8)


def test_a_stretched_date_keeps_its_hour_and_falls_on_a_day_of_work() -> None:
    assert HOURS.local(stretched(MONDAY, FRIDAY, 1.6, HOURS)).isoformat() == "2026-12-02T18:00:00+01:00"
    assert days().first_with_room(FRIDAY + timedelta(days=1)) == FRIDAY + timedelta(days=3)


def test_the_line_is_one_and_says_who_sees_it() -> None:
    found = doubt(PROMISE, delivery_pace([took(1.6)] * 8), days(owed(3), owed(4), owed(4)))
    receipt = recorded(PROMISE, MONDAY)
    shown = with_asides(receipt, (found,), PROMISE)
    assert len(shown.blocks) == len(receipt.blocks) + 1
    assert texts_in(shown).splitlines()[-1] == (
        "Only you see this: you already owe 3 others that week, and your last 8 took 1.6 × the promised time. "
        "Would Wed 2 Dec, 18:00 CET be safer?"
    )


@pytest.mark.parametrize(
    ("others", "hours", "first"),
    [
        ((), 0, "Fri 27 18:00"),
        # Two on Friday fill it by the head; twenty minutes each leave room, and six hours of two do, but not nine.
        ((owed(4), owed(4)), 0, "Mon 30 18:00"),
        ((owed(4, 0.34), owed(4, 0.34)), 0, "Fri 27 18:00"),
        ((owed(4, 45),), 0, "Mon 30 18:00"),
        # It may be worked off on the days before: from Monday at 10 to Friday there are 44 hours.
        ((), 44, "Fri 27 18:00"),
        ((), 45, "Mon 30 18:00"),
        ((owed(3, 20),), 20, "Fri 27 18:00"),
        ((owed(3, 20),), 30, "Mon 30 18:00"),
        ((owed(4), owed(4)), 3, "Fri 27 18:00"),
        # What is late takes of today, and what is due next week leaves this one alone.
        ((owed(-3, 9), owed(8, 9)), 40, "Mon 30 18:00"),
        ((owed(8, 9),), 40, "Fri 27 18:00"),
        # Next Tuesday's sixty hours need this week, too.
        ((owed(8, 60),), 10, "Wed 02 18:00"),
    ],
)
def test_an_estimate_counts_instead_of_heads(others: tuple[Owed, ...], hours: float, first: str) -> None:
    estimate = timedelta(hours=hours) if hours else None
    assert local(days(*others).first_with_room(FRIDAY, estimate)) == first


def test_small_things_make_no_busy_week_and_a_large_one_does() -> None:
    full = [owed(4), owed(4)]
    assert doubt(PROMISE, UNKNOWN, days(*full, owed(3, 0.25))) is None
    found = doubt(PROMISE, UNKNOWN, days(*full, owed(3, 9)))
    assert found is not None
    assert (found.others, found.estimated) == (3, timedelta(hours=9))
    assert "you already owe 3 others that week (about 9 h by estimate)" in doubt_words(found, PROMISE)


def test_an_estimate_that_does_not_fit_before_the_date_is_a_doubt() -> None:
    large = promised(id=PromiseId("NEW"), weight=Weight(timedelta(hours=60)))
    found = doubt(large, UNKNOWN, days())
    assert found is not None
    assert local(found.better.at) == "Tue 01 18:00"
    assert "about 60 h of work do not fit before then. Would" in doubt_words(found, large)


@pytest.mark.parametrize(
    ("others", "asker_reads", "asked_reads"),
    [
        ((), "has room for it by then.", "you owe nothing else that week. There is room for it by then."),
        (
            (owed(4), owed(4), owed(1, 2)),
            "That day is full for <@UALICE>; Mon 30 Nov has room.",
            "you owe 3 others that week (about 2 h by estimate). The first day with room is Mon 30 Nov.",
        ),
        (
            tuple(owed(day) for day in (0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 7, 7)),
            "That week is full for <@UALICE>; Tue 1 Dec has room.",
            "you owe 10 others that week. The first day with room is Tue 1 Dec.",
        ),
        (
            (owed(4, 900),),
            "<@UALICE> has no day with room in the next 60 working days.",
            "None of the next 60 days has room.",
        ),
    ],
)
def test_a_load_reads_with_its_numbers_for_one_and_as_room_alone_for_the_other(
    others: tuple[Owed, ...], asker_reads: str, asked_reads: str
) -> None:
    load = load_for(ALICE, PROMISE.terms.due, None, days(*others))
    assert asker_reads in room_words(load.room)
    assert asked_reads in load_words(load)
    assert not re.search(r"others|estimated|owe", room_words(load.room))


def test_only_the_owner_of_a_request_or_of_a_proposed_date_is_asked() -> None:
    wanted, later = requested(), Due(FRIDAY + timedelta(days=3), BERLIN)
    offered = perform(promised(), entry(Act.PROPOSE, BOB, due=later))
    handed = perform(promised(), entry(Act.HAND_OVER, ALICE))
    asked = [(due_if_accepted(promise, who) or later).at for promise, who in ((wanted, ALICE), (handed, DAVE))]
    assert asked == [FRIDAY, FRIDAY]
    assert due_if_accepted(offered, ALICE) == later
    to_bob = perform(promised(), entry(Act.PROPOSE, ALICE, due=later))
    others = [
        (wanted, BOB),
        (to_bob, BOB),
        (to_bob, ALICE),
        (offered, BOB),
        (handed, ALICE),
        (handed, BOB),
        (promised(), ALICE),
        (promised(), BOB),
    ]
    assert [due_if_accepted(promise, who) for promise, who in others] == [None] * len(others)
