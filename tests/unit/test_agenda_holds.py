"""Reasons why a message does not come sooner, as the sandbox's clock shows them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest

from bot.domain.acts import Act
from bot.domain.agenda import Candidate, Hold, upcoming
from bot.domain.agenda.deciding import Place
from bot.domain.habits import Absence
from bot.domain.kinds import Kind
from tests.unit.agenda_play import Play
from tests.unit.factories import BOB
from tests.unit.test_agenda_limits import limited, utc, week

TUESDAY = utc("2026-11-24T10:00")


def at_risk(play: Play, at: datetime = TUESDAY) -> Play:
    play.run(at)
    play.now = at
    play.act(Act.AT_RISK, play.promise.owner_id)
    return play


def do_not_disturb(play: Play) -> Play:
    play.quiet[BOB] = utc("2026-11-24T12:00")
    return play


def away(play: Play) -> Play:
    absence = Absence(date(2026, 11, 24), date(2026, 11, 24))
    hours = replace(play.requester.hours, days_off=absence.days())
    play.requester = replace(play.requester, hours=hours, absences=(absence,))
    return play


@pytest.mark.parametrize(
    ("play", "hold", "until"),
    [
        (lambda: limited(week(), 9, ["2026-11-23T09:00", "2026-11-23T09:30"]), Hold.COMPANY, "2026-11-23T11:00"),
        (lambda: at_risk(week()), None, "2026-11-24T10:00"),
        (lambda: at_risk(week(), utc("2026-11-24T18:30")), Hold.HOURS, "2026-11-25T09:00"),
        (lambda: at_risk(do_not_disturb(week())), Hold.DO_NOT_DISTURB, "2026-11-24T12:00"),
        (lambda: at_risk(away(week())), Hold.AWAY, "2026-11-25T09:00"),
        (
            lambda: at_risk(limited(week(), 2, ["2026-11-24T09:00", "2026-11-24T09:30"])),
            Hold.LIMIT,
            "2026-11-25T09:00",
        ),
    ],
)
def test_what_comes_next_says_what_it_waits_for(play: Callable[[], Play], hold: Hold | None, until: str) -> None:
    played = play()
    first = next(each for each in upcoming(played.facts(BOB), played.now) if each.candidate.kind is Kind.NOTICE)
    assert (first.hold, first.at) == (hold, utc(until))


def test_what_waits_for_a_message_on_its_way_says_so() -> None:
    blocked = Candidate(Kind.CHECK_IN, "v1", TUESDAY, is_blocked=True)
    assert Place(week().facts(BOB), TUESDAY).held(blocked)[1] is Hold.ON_ITS_WAY
