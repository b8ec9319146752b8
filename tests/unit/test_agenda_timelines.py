"""Who is sent what about one promise, and when: one line of tests/corpus/timelines.jsonl for each.

KEPT_WRITE_TIMELINES=1 writes the expected messages again: read the difference before you commit it.
"""

import json
import os
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.acts import Act, State
from bot.domain.habits import Absence, Habits
from bot.domain.kinds import Kind
from bot.domain.occasions import OnDemand
from bot.domain.promise import Due
from tests.unit.agenda_play import Play, between
from tests.unit.factories import ALICE, BOB

CORPUS = Path(__file__).parents[1] / "corpus" / "timelines.jsonl"
PLAYS: list[dict[str, Any]] = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
PEOPLE = {"owner": ALICE, "requester": BOB}


def instant(wall: str, zone: str) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))


def habits(zone: str, told: dict[str, Any]) -> Habits:
    """Return the habits of one side; `away` are its first and its last day."""
    base = Habits()
    absences = (Absence(*map(date.fromisoformat, told["away"])),) if "away" in told else ()
    days_off = frozenset(day for each in absences for day in each.days())
    quiet = tuple(map(time.fromisoformat, told["quiet"])) if "quiet" in told else None
    days = frozenset(told.get("days", base.hours.days))
    simple = {name: told[name] for name in ("lead_days", "daily_cap", "has_brief") if name in told}
    return replace(
        base,
        hours=replace(base.hours, zone=zone, days=days, days_off=days_off),
        quiet=quiet,
        absences=absences,
        **simple,
    )


def played(told: dict[str, Any]) -> Play:
    """Play one promise through, with what is done at its times; all times are by the owner's clock."""
    zone, other = told.get("zones", ["UTC", "UTC"])
    play = between(zone, other, told["made"], told["due"])
    if told.get("is_own"):
        play = Play(replace(play.promise, requester_id=ALICE))
    if told.get("is_asked"):
        play = Play(replace(play.promise, state=State.REQUESTED, made_by=BOB))
        play.untold = {}
    play.owner, play.requester = habits(zone, told.get("owner", {})), habits(other, told.get("requester", {}))
    play.gone = {PEOPLE[who] for who in told.get("gone", ())}
    play.quiet = {PEOPLE[who]: instant(until, zone) for who, until in told.get("dnd", {}).items()}
    for at, who, what, *more in told.get("acts", ()):
        play.run(instant(at, zone))
        play.now = instant(at, zone)
        if what == "snooze":
            occasion = OnDemand(play.promise.terms.version, Kind.CHECK_IN, play.now)
            play.wait(PEOPLE[who], instant(more[0], zone), Kind.SNOOZED, str(occasion))
        else:
            due = {"due": Due(instant(more[0], zone), zone)} if more else {}
            play.act(Act(what), PEOPLE[who], **due)
    return play.run(instant(told["until"], zone))


def lines(play: Play) -> list[str]:
    """Return every message as its reader's clock, reader and kinds show it."""
    return [" ".join(row.split()) for row in play.table().splitlines()]


if os.environ.get("KEPT_WRITE_TIMELINES"):
    PLAYS = [{**told, "expect": lines(played(told))} for told in PLAYS]
    written = "".join(json.dumps(told, ensure_ascii=False) + "\n" for told in PLAYS)
    CORPUS.write_text(written, encoding="utf-8")


@pytest.mark.parametrize("told", PLAYS, ids=lambda told: told["name"])
def test_the_messages_about_a_promise_come_as_written(told: dict[str, Any]) -> None:
    assert lines(played(told)) == told["expect"]
