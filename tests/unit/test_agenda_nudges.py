"""Which nudges one promise has, to whom and when: one row for each condition and its edge."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.acts import Act
from bot.domain.agenda import Candidate, Case, MessageRecord
from bot.domain.agenda.nudges import heads_up_at, nudges
from bot.domain.habits import Habits
from bot.domain.kinds import Kind
from bot.domain.promise import Due, Proposal, UserId, Word
from bot.domain.working_time import WorkingHours
from tests.unit.factories import ALICE, BOB, promised
from tests.unit.test_agenda_apart import UNTIL_FOUR
from tests.unit.test_agenda_places import utc
from tests.unit.test_agenda_unanswered import FROM_TWO, UNTIL_TWO

#: A kind of message, who gets it, when it was decided and when Slack took it ("" where it has not).
Message = tuple[Kind, UserId, str, str]


def case(
    *messages: Message,
    made: str = "23 09:00",
    due: str = "27 17:00",
    owner: Habits | None = None,
    requester: Habits | None = None,
    **changes: Any,
) -> Case:
    """A promise of Alice's to Bob made on Monday for Friday, with the messages about it so far."""
    gone = changes.pop("is_owner_gone", False)
    terms = replace(promised().terms, due=Due(utc(due), "UTC"))
    records = [
        MessageRecord(kind, to, "v1", utc(decided) if decided else None, utc(taken) if taken else None)
        for kind, to, decided, taken in messages
    ]
    promise = promised(made_at=utc(made), terms=terms, **changes)
    return Case(promise, owner or Habits(), requester or Habits(), tuple(records), is_owner_gone=gone)


def sent(kind: Kind, to: UserId, at: str) -> Message:
    return kind, to, at, at


def lines(found: Iterable[Candidate]) -> list[str]:
    """Write each nudge as its kind, its time, and since when it may join another message if not from then on."""
    return [f"{each.kind} {each.at:%d %H:%M}" + _from(each) for each in found]


def _from(nudge: Candidate) -> str:
    return f" from {nudge.earliest:%d %H:%M}" if nudge.earliest and nudge.earliest != nudge.at else ""


def on_track(at: str) -> dict[str, Word]:
    return {"last_word": Word(Act.ON_TRACK, "", utc(at))}


CHECK_IN, LAST_CALL, DUE_NOW = "check_in 26 14:00 from 26 13:00", "last_call 27 14:30 from 27 13:30", "due_now 27 17:00"
OFFER = {"proposal": Proposal(BOB, ALICE, utc("24 11:00"), what="half", due=Due(utc("24 17:00"), "UTC"))}
OVER_NIGHT, UNTIL_EIGHT = {"made": "24 17:00", "due": "25 09:00"}, {"made": "24 10:00", "due": "24 20:00"}


@pytest.mark.parametrize(
    ("messages", "changes", "found"),
    [
        ([], {}, [CHECK_IN, LAST_CALL, "beside 25 13:00", DUE_NOW]),
        ([], on_track("25 14:00"), ["check_in 26 14:00", LAST_CALL, "beside 26 14:00", DUE_NOW]),
        ([sent(Kind.SIDE_QUESTION, ALICE, "23 12:00")], {}, [CHECK_IN, LAST_CALL, "beside 23 16:00", DUE_NOW]),
        ([(Kind.SNOOZED, ALICE, "", "")], {}, [LAST_CALL, DUE_NOW]),
        # apart from the last message, but not after their hours where it would have come within them
        (
            [sent(Kind.NOTICE, ALICE, "24 15:10")],
            UNTIL_EIGHT | {"owner": UNTIL_FOUR},
            ["last_call 24 15:40 from 24 16:10", "beside 24 15:40 from 24 16:10", "due_now 24 20:00"],
        ),
        (
            [sent(Kind.NOTICE, ALICE, "24 17:30")],
            OVER_NIGHT,
            ["last_call 25 06:30 from 25 05:30", "beside 25 10:00", "due_now 25 09:00"],
        ),
        # a third of the time in which an offer can be answered
        (
            [sent(Kind.CHECK_IN, ALICE, "24 14:59")],
            OFFER,
            ["offer_open 24 15:39 from 24 15:59", "ask_again 25 09:59", LAST_CALL, "beside 25 09:59", DUE_NOW],
        ),
    ],
)
def test_before_the_deadline_the_owner_is_asked(
    messages: list[Message], changes: dict[str, Any], found: list[str]
) -> None:
    nudged = list(nudges(case(*messages, **changes), ALICE, utc("24 09:00")))
    assert lines(nudged) == found
    assert [each.is_hourless for each in nudged] == [line.startswith("due_now") for line in found]


HEADS_UP, TODAY = "heads_up 26 17:00 from 24 19:40", {"made": "24 09:00", "due": "24 17:00"}
IN_THE_EVENING = {"made": "24 09:00", "due": "24 20:00", "owner": FROM_TWO, "requester": FROM_TWO}


@pytest.mark.parametrize(
    ("messages", "changes", "now", "found"),
    [
        ([], {}, "24 09:00", [HEADS_UP]),
        ([], {}, "27 16:59", [HEADS_UP]),
        ([], {"requester": UNTIL_TWO}, "27 17:00", ["let_go 28 06:00"]),
        ([], {"is_owner_gone": True}, "27 17:00", []),
        ([], {"is_owner_gone": True}, "24 09:00", []),
        # other messages contain the same
        ([sent(Kind.NO_WORD, BOB, "23 12:00")], {}, "24 09:00", []),
        ([sent(Kind.OFFER_OPEN, BOB, "23 12:00")], {}, "24 09:00", []),
        ([(Kind.NOTICE, BOB, "", "")], {}, "24 09:00", []),
        # so does word of silence on that day and within four hours, unless it waits for a question on its way
        ([sent(Kind.ASK_AGAIN, ALICE, "24 09:30")], TODAY, "24 09:31", ["no_word 24 13:30"]),
        (
            [(Kind.ASKED, ALICE, "24 09:30", "")],
            TODAY,
            "24 09:31",
            ["heads_up 24 13:00 from 24 11:40", "no_word 24 16:00"],
        ),
        ([sent(Kind.ASK_AGAIN, ALICE, "24 14:30")], IN_THE_EVENING, "24 14:31", ["no_word 24 18:30"]),
        (
            [sent(Kind.ASK_AGAIN, ALICE, "24 14:31")],
            IN_THE_EVENING,
            "24 14:32",
            ["heads_up 24 14:30 from 24 12:40", "no_word 24 18:31"],
        ),
    ],
)
def test_the_requester_is_warned_once(
    messages: list[Message], changes: dict[str, Any], now: str, found: list[str]
) -> None:
    assert lines(nudges(case(*messages, **changes), BOB, utc(now))) == found


@pytest.mark.parametrize(
    ("changes", "at", "earliest"),
    [
        # a working day after other terms, where that ends an hour before the deadline
        ({"renegotiated_at": utc("26 16:00")}, "27 16:00:00", "27 16:00:00"),
        ({"renegotiated_at": utc("26 16:01")}, "27 09:00:00", "27 00:20:40"),
        # all of their working time lies before half of it has passed
        ({"made": "24 17:00", "due": "25 06:00"}, "24 17:40:00", "24 17:20:00"),
        ({"made": "24 20:00", "due": "25 09:02"}, "25 02:31:00", "25 09:00:40"),
        # the announcement is enough for less than 25 minutes, and where none of it is their working time
        ({"made": "24 09:00", "due": "24 09:25"}, "24 09:12:30", "24 09:08:20"),
        ({"made": "24 09:00", "due": "24 09:24"}, None, None),
        ({"made": "24 20:00", "due": "25 08:00"}, None, None),
    ],
)
def test_a_warning_leaves_a_third_of_the_time_to_the_announcement(
    changes: dict[str, Any], at: str | None, earliest: str | None
) -> None:
    found = [f"{each:%d %H:%M:%S}" if each else None for each in heads_up_at(case(**changes))]
    assert found == [at, earliest]


LET_GO = "v1 let_go 28 09:00"


@pytest.mark.parametrize(
    ("asked", "changes", "now", "found"),
    [
        ([], {}, "11-27 17:00", ["v1 due_now 27 17:00"]),
        ([], {}, "11-27 18:00", ["v1 due_now 27 17:00"]),
        ([], {}, "11-27 18:01", ["v1 overdue 27 17:00", LET_GO]),
        # a working day after a word since the deadline
        ([], on_track("27 17:00"), "11-27 17:00", ["v1 due_now 27 17:00"]),
        ([], on_track("27 17:10"), "11-27 17:20", ["v1 due_now 30 17:10"]),
        ([], on_track("27 17:10"), "11-28 09:00", ["v1 overdue 30 17:10", LET_GO]),
        # one, three and seven working days later, then weekly for four weeks
        ([sent(Kind.DUE_NOW, ALICE, "27 17:00")], {}, "11-27 17:01", ["v1:1 overdue 30 09:00", LET_GO]),
        ([(Kind.DUE_NOW, ALICE, "27 17:00", "")], {}, "11-27 17:01", ["v1:1 overdue 30 09:00", LET_GO]),
        ([sent(Kind.DUE_NOW, ALICE, "27 17:00")], {}, "12-02 08:59", ["v1:1 overdue 30 09:00", LET_GO]),
        ([sent(Kind.DUE_NOW, ALICE, "27 17:00")], {}, "12-02 09:00", ["v1:3 overdue 02 09:00", LET_GO]),
        ([sent(Kind.DUE_NOW, ALICE, "27 17:00")], {}, "12-24 09:00", ["v1:17 overdue 22 09:00", LET_GO]),
        ([sent(Kind.OVERDUE, ALICE, "30 09:00")], {}, "11-30 10:00", ["v1:3 overdue 02 09:00", LET_GO]),
        (
            [sent(Kind.DUE_NOW, ALICE, "27 17:00")],
            {"owner": Habits(WorkingHours(days=frozenset(range(6))))},
            "12-24 09:00",
            ["v1:22 overdue 23 09:00", "v1 let_go 26 09:00"],
        ),
        # the 22nd working day of five a week is not within four weeks
        ([sent(Kind.DUE_NOW, ALICE, "27 17:00")], {}, "12-25 16:59", ["v1:17 overdue 22 09:00", LET_GO]),
        ([sent(Kind.DUE_NOW, ALICE, "27 17:00")], {}, "12-25 17:00", [LET_GO]),
        ([], {}, "12-25 16:59", ["v1 overdue 27 17:00", LET_GO]),
        ([], {}, "12-25 17:00", [LET_GO]),
        ([sent(Kind.LET_GO, ALICE, "28 08:00")], {}, "11-28 09:00", []),
        ([], {"owner": UNTIL_TWO}, "11-28 09:00", ["v1 overdue 30 06:00", "v1 let_go 28 06:00"]),
        ([], {"proposal": Proposal(ALICE, BOB, utc("24 11:00"), what="half")}, "11-28 09:00", []),
    ],
)
def test_after_the_deadline_the_owner_is_asked_less_and_less_often(
    asked: list[Message], changes: dict[str, Any], now: str, found: list[str]
) -> None:
    at = datetime.strptime(f"2026-{now}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    nudged = nudges(case(*asked, **changes), ALICE, at)
    assert [f"{each.occasion} {line}" for each in nudged for line in lines([each])] == found
