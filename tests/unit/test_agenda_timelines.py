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


def habits(zone: str, sent: dict[str, Any]) -> Habits:
    """Return the habits of one side; `away` are its first and its last day."""
    base = Habits()
    absences = (Absence(*map(date.fromisoformat, sent["away"])),) if "away" in sent else ()
    days_off = frozenset(day for each in absences for day in each.days())
    quiet = tuple(map(time.fromisoformat, sent["quiet"])) if "quiet" in sent else None
    days = frozenset(sent.get("days", base.hours.days))
    simple = {name: sent[name] for name in ("lead_days", "daily_cap", "has_brief") if name in sent}
    return replace(
        base,
        hours=replace(base.hours, zone=zone, days=days, days_off=days_off),
        quiet=quiet,
        absences=absences,
        **simple,
    )


def played(sent: dict[str, Any]) -> Play:
    """Play one promise through, with what is done at its times; all times are by the owner's clock."""
    zone, other = sent.get("zones", ["UTC", "UTC"])
    play = between(zone, other, sent["made"], sent["due"])
    if sent.get("is_own"):
        play = Play(replace(play.promise, requester_id=ALICE))
    if sent.get("is_asked"):
        play = Play(replace(play.promise, state=State.REQUESTED, made_by=BOB))
        play.untold = {}
    play.owner, play.requester = habits(zone, sent.get("owner", {})), habits(other, sent.get("requester", {}))
    play.gone = {PEOPLE[who] for who in sent.get("gone", ())}
    play.quiet = {PEOPLE[who]: instant(until, zone) for who, until in sent.get("dnd", {}).items()}
    for at, who, what, *more in sent.get("acts", ()):
        play.run(instant(at, zone))
        play.now = instant(at, zone)
        if what == "snooze":
            occasion = OnDemand(play.promise.terms.version, Kind.CHECK_IN, play.now)
            play.wait(PEOPLE[who], instant(more[0], zone), Kind.SNOOZED, str(occasion))
        else:
            due = {"due": Due(instant(more[0], zone), zone)} if more else {}
            play.act(Act(what), PEOPLE[who], **due)
    return play.run(instant(sent["until"], zone))


def lines(play: Play) -> list[str]:
    """Return every message as its reader's clock, reader and kinds show it."""
    return [" ".join(row.split()) for row in play.table().splitlines()]


if os.environ.get("KEPT_WRITE_TIMELINES"):
    PLAYS = [{**sent, "expect": lines(played(sent))} for sent in PLAYS]
    written = "".join(json.dumps(sent, ensure_ascii=False) + "\n" for sent in PLAYS)
    CORPUS.write_text(written, encoding="utf-8")


@pytest.mark.parametrize("sent", PLAYS, ids=lambda sent: sent["name"])
def test_the_messages_about_a_promise_come_as_written(sent: dict[str, Any]) -> None:
    assert lines(played(sent)) == sent["expect"]
