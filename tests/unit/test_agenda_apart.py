"""A nudge keeps its distance from the last message about the same promise, or is left out."""

from datetime import datetime, time, timedelta

import pytest

from bot.domain.agenda import Case, MessageRecord
from bot.domain.agenda.nudges import nudges
from bot.domain.habits import Habits
from bot.domain.kinds import Kind
from bot.domain.promise import Due, Terms
from bot.domain.working_time import WorkingHours
from tests.unit.factories import BOB, promised
from tests.unit.test_agenda_places import utc

SECONDS = timedelta(seconds=1)
UNTIL_FOUR = Habits(WorkingHours(end=time(16)))


def warned(due: str, last: datetime, requester: Habits) -> list[tuple[datetime, datetime | None]]:
    """Return when Bob is warned of a promise made at ten, with its notice then and another message later."""
    promise = promised(made_at=utc("24 10:00"), terms=Terms("send the deck", Due(utc(due), "UTC")))
    notices = [MessageRecord(Kind.NOTICE, BOB, f"a{n}", at, at) for n, at in enumerate((promise.made_at, last))]
    case = Case(promise, requester=requester, messages=tuple(notices))
    found = nudges(case, BOB, last)
    return [(each.at, each.earliest) for each in found if each.kind is Kind.HEADS_UP]


@pytest.mark.parametrize(
    ("due", "last", "at", "earliest"),
    [
        ("24 16:00", utc("24 10:00"), utc("24 13:00"), utc("24 12:00")),
        ("24 16:00", utc("24 12:30"), utc("24 13:30"), utc("24 13:30")),  # an hour later
        ("24 16:00", utc("24 14:30"), utc("24 15:00"), utc("24 15:30")),  # a third of what is left
        ("24 16:00", utc("24 15:52") + 30 * SECONDS, utc("24 15:55"), utc("24 16:52") + 30 * SECONDS),
        ("24 16:00", utc("24 15:52") + 36 * SECONDS, None, None),  # less than five minutes would be left
        ("24 20:00", utc("24 17:45"), utc("24 17:57") + 30 * SECONDS, utc("24 18:45")),  # within their hours
    ],
)
def test_a_warning_keeps_apart_from_the_last_message_while_five_minutes_are_left(
    due: str, last: datetime, at: datetime | None, earliest: datetime | None
) -> None:
    assert warned(due, last, Habits()) == ([(at, earliest)] if at else [])


def test_the_hours_are_those_of_the_reader() -> None:
    assert warned("24 20:00", utc("24 15:45"), UNTIL_FOUR)[0][0] == utc("24 15:57") + 30 * SECONDS
