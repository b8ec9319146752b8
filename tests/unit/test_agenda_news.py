"""Which news is still worth sending, until when an answer to it helps, and which decided messages are still true."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.acts import Act, State
from bot.domain.agenda import ActRecord, Candidate, Case, Facts, MessageRecord, Untold, is_answered, is_still_true
from bot.domain.agenda.news import is_settled, news
from bot.domain.agenda.nudges import miss_notice_at
from bot.domain.agenda.unanswered import offer_occasion
from bot.domain.kinds import Kind
from bot.domain.occasions import OfPost, OnDemand
from bot.domain.promise import CLOCK, ChannelId, Due, Promise
from bot.domain.transitions import HistoryEntry, perform
from tests.unit.factories import ALICE, BOB, DAVE, FRIDAY, MONDAY, entry, promised, requested

INSTANT, HOUR, DAY = timedelta(microseconds=1), timedelta(hours=1), timedelta(days=1)
NOON = MONDAY + 3 * HOUR
OFFERED = perform(promised(), entry(Act.PROPOSE, ALICE, due=Due(FRIDAY - DAY, "UTC")))
HANDED_OVER = perform(promised(), entry(Act.HAND_OVER, ALICE))
OFFERED_LATER = perform(promised(), entry(Act.PROPOSE, ALICE))
MISSED = perform(promised(), HistoryEntry(Act.MISS, CLOCK, FRIDAY))
REPORTED = perform(promised(), entry(Act.REPORT, ALICE))
UNDONE = perform(promised(), entry(Act.UNDO, ALICE))
KEPT = perform(REPORTED, entry(Act.ACCEPT_DELIVERY, BOB))
CLICKED, ASKED_ON = str(OnDemand(1, Kind.CHECK_IN, NOON)), str(OnDemand(1, Kind.OVERDUE, FRIDAY))


@pytest.mark.parametrize(
    ("kind", "occasion", "promise", "now", "is_true"),
    [
        (Kind.NOTICE, "a1", promised(), NOON, True),
        (Kind.NOTICE, "a1", KEPT, NOON, True),
        (Kind.NOTICE, "a1", UNDONE, NOON, False),
        (Kind.CHECK_IN, "v1", promised(), FRIDAY - INSTANT, True),
        (Kind.CHECK_IN, "v1", promised(), FRIDAY, False),
        (Kind.CHECK_IN, "v2", promised(), NOON, False),
        (Kind.CHECK_IN, "v1", REPORTED, NOON, False),
        (Kind.SNOOZED, CLICKED, promised(), NOON, True),
        (Kind.SNOOZED, CLICKED, promised(), FRIDAY, False),
        (Kind.ASKED, ASKED_ON, promised(), NOON, False),
        (Kind.ASKED, ASKED_ON, promised(), FRIDAY, True),
        (Kind.OVERDUE, "v1", promised(), FRIDAY - INSTANT, False),
        (Kind.OVERDUE, "v1", promised(), FRIDAY + 2 * DAY, True),
        (Kind.DUE_NOW, "v1", promised(), FRIDAY - INSTANT, False),
        (Kind.DUE_NOW, "v1", promised(), FRIDAY, True),
        (Kind.DUE_NOW, "v1", promised(), FRIDAY + HOUR, True),
        (Kind.DUE_NOW, "v1", promised(), FRIDAY + HOUR + INSTANT, False),
        (Kind.OFFER_OPEN, offer_occasion(OFFERED), OFFERED, NOON, True),
        (Kind.OFFER_OPEN, offer_occasion(OFFERED), promised(), NOON, False),
        (Kind.OFFER_OPEN, "v1", OFFERED, NOON, False),
        (Kind.OFFER_OPEN, "v1", promised(), NOON, False),
        (Kind.OFFER_OPEN, "v1", requested(), NOON, True),
        (Kind.OFFER_OPEN, offer_occasion(HANDED_OVER), HANDED_OVER, NOON, True),
        (Kind.OFFER_OPEN, offer_occasion(HANDED_OVER), OFFERED, NOON, False),
    ],
)
def test_a_decided_message_is_sent_only_while_it_is_true(
    kind: Kind, occasion: str, promise: Promise, now: datetime, is_true: bool
) -> None:
    assert is_still_true(kind, occasion, promise, now) is is_true


def row(kind: Kind = Kind.NOTICE, act: Act | None = None, **changes: Any) -> Untold:
    values = {"occasion": "a4" if kind is Kind.NOTICE else "v1:x"} | changes
    return Untold("r", kind, at=NOON, promise_id=promised().id, act=act, **values)


def candidates(promise: Promise, waiting: Untold, **changes: Any) -> list[Candidate]:
    return list(news(Facts(BOB, cases=(Case(promise),), untold=(waiting,), **changes)))


@pytest.mark.parametrize(
    ("promise", "waiting", "acted_at", "is_told"),
    [
        (promised(), row(act=Act.AT_RISK), None, True),
        (promised(), row(), None, False),
        (promised(), row(act=Act.AT_RISK, is_answered=True), None, False),
        (UNDONE, row(act=Act.AT_RISK), None, False),
        (KEPT, row(act=Act.ACCEPT_DELIVERY), None, True),
        (MISSED, row(act=Act.MISS), None, True),
        (promised(), row(act=Act.MISS), None, False),
        (replace(MISSED, state=State.REPORTED), row(act=Act.MISS), None, False),
        (promised(), row(Kind.CLASH), None, True),
        (promised(), row(Kind.CLASH, occasion="v2:x"), None, False),
        (KEPT, row(Kind.CLASH), None, False),
        (promised(), row(Kind.CHAIN), None, True),
        (promised(), row(Kind.SNOOZED, occasion=CLICKED), None, True),
        (promised(), row(Kind.SNOOZED, occasion=CLICKED), NOON - INSTANT, True),
        (promised(), row(Kind.SNOOZED, occasion=CLICKED), NOON, False),
        (REPORTED, row(Kind.SNOOZED, occasion=CLICKED), None, False),
        (promised(), row(Kind.SNOOZED, occasion=str(OnDemand(2, Kind.CHECK_IN, NOON))), None, False),
        (HANDED_OVER, row(Kind.OFFER_OPEN, occasion=offer_occasion(HANDED_OVER)), NOON, True),
        (OFFERED, row(Kind.OFFER_OPEN, occasion=offer_occasion(HANDED_OVER)), None, False),
        (promised(), row(Kind.OFFER_OPEN, occasion=offer_occasion(HANDED_OVER)), None, False),
        (
            perform(HANDED_OVER, HistoryEntry(Act.MISS, CLOCK, FRIDAY)),
            row(Kind.OFFER_OPEN, occasion=offer_occasion(HANDED_OVER)),
            None,
            False,
        ),
    ],
)
def test_news_that_has_become_pointless_is_not_told(
    promise: Promise, waiting: Untold, acted_at: datetime | None, is_told: bool
) -> None:
    assert is_settled(waiting, {promise.id: Case(promise, acted_at=acted_at)}) is not is_told


def test_a_row_of_a_promise_that_is_gone_is_pointless_and_one_of_no_promise_is_not() -> None:
    assert is_settled(row(act=Act.AT_RISK), {})
    trouble = replace(row(Kind.TROUBLE), promise_id=None)
    assert not is_settled(trouble, {})
    assert [each.promise for each in news(Facts(BOB, untold=(trouble,)))] == [None]


@pytest.mark.parametrize(
    ("promise", "waiting", "needs_by"),
    [
        (promised(), row(act=Act.PROMISE), FRIDAY),
        (promised(), row(act=Act.AT_RISK), FRIDAY),
        (KEPT, row(act=Act.ACCEPT_DELIVERY), None),
        (REPORTED, row(act=Act.REPORT), None),
        (promised(), row(act=Act.SETTLE), None),
        (MISSED, row(act=Act.MISS), None),
        (OFFERED, row(act=Act.PROPOSE), FRIDAY - DAY),
        (OFFERED, row(act=Act.COUNTER), FRIDAY - DAY),
        (OFFERED, row(act=Act.AT_RISK), FRIDAY),
        (OFFERED_LATER, row(act=Act.PROPOSE), FRIDAY),
        (promised(), row(act=Act.PROPOSE), FRIDAY),
        (promised(), row(Kind.CHAIN), FRIDAY),
        (promised(), row(Kind.LAST_CHANCE, occasion=str(OfPost(NOON + HOUR, ChannelId("C1")))), NOON + HOUR),
    ],
)
def test_an_answer_helps_until_the_offer_or_the_deadline_is_over(
    promise: Promise, waiting: Untold, needs_by: datetime | None
) -> None:
    assert [each.needs_by for each in candidates(promise, waiting)] == [needs_by]


@pytest.mark.parametrize(
    ("act", "sent_today", "exempt", "waits", "terms"),
    [
        (Act.REPORT, 9, True, False, False),
        (Act.PROMISE, 1, False, False, True),
        (Act.PROMISE, 2, False, True, True),
        (Act.RATE, 2, False, True, False),
        (Act.SETTLE, 2, False, True, False),
        (Act.ACCEPT_DELIVERY, 2, False, True, False),
        (Act.REQUEST, 2, False, False, True),
        (Act.EDIT, 2, False, False, True),
        (Act.ACCEPT_PROPOSAL, 2, False, False, True),
        (Act.PROPOSE, 2, False, False, False),
    ],
)
def test_deliveries_pass_the_limits_and_what_needs_no_answer_waits_for_company_after_two_messages(
    act: Act, sent_today: int, exempt: bool, waits: bool, terms: bool
) -> None:
    (found,) = candidates(promised(), row(act=act), sent_today=sent_today)
    assert (found.is_exempt, found.waits_for_company, found.states_terms) == (exempt, waits, terms)
    assert (found.seq, found.row_id, found.at, found.earliest) == (4, "r", NOON, NOON)


@pytest.mark.parametrize(
    ("asked", "later", "by", "answered"),
    [
        (Act.PROPOSE, Act.ACCEPT_PROPOSAL, BOB, True),
        (Act.COUNTER, Act.REJECT_PROPOSAL, BOB, True),
        (Act.HAND_OVER, Act.ACCEPT_PROPOSAL, BOB, True),
        (Act.PROPOSE, Act.COUNTER, BOB, True),
        (Act.REQUEST, Act.ACCEPT_REQUEST, BOB, True),
        (Act.REQUEST, Act.DECLINE, BOB, True),
        (Act.REQUEST, Act.DECLINE, ALICE, False),
        (Act.PROPOSE, Act.AT_RISK, BOB, False),
        (Act.AT_RISK, Act.ACCEPT_PROPOSAL, BOB, False),
    ],
)
def test_a_notice_is_answered_by_its_reader_alone(asked: Act, later: Act, by: Any, answered: bool) -> None:
    acts = [ActRecord(5, Act.AT_RISK, BOB), ActRecord(6, later, by)]
    assert is_answered(asked, acts, BOB) is answered


def question(decided_at: datetime, taken_at: datetime | None, to: Any = ALICE) -> MessageRecord:
    return MessageRecord(Kind.DUE_NOW, to, "v1", decided_at, taken_at)


@pytest.mark.parametrize(
    ("messages", "is_gone", "at", "is_blocked"),
    [
        ((), False, FRIDAY + 3 * DAY, False),
        ((), True, FRIDAY, False),
        ((question(FRIDAY, FRIDAY),), False, FRIDAY + timedelta(minutes=15), False),
        ((question(FRIDAY, None),), False, FRIDAY + 3 * DAY, True),
        ((question(FRIDAY - INSTANT, FRIDAY - INSTANT),), False, FRIDAY + 3 * DAY, False),
        ((question(FRIDAY, FRIDAY, DAVE),), False, FRIDAY + 3 * DAY, False),
        ((question(FRIDAY, FRIDAY)._replace(was_dropped=True),), False, FRIDAY + 3 * DAY, False),
        ((question(FRIDAY, FRIDAY)._replace(occasion="v2"),), False, FRIDAY + 3 * DAY, False),
    ],
)
def test_others_learn_of_a_miss_after_its_owner_was_asked_or_a_working_day_later(
    messages: tuple[MessageRecord, ...], is_gone: bool, at: datetime, is_blocked: bool
) -> None:
    case = Case(MISSED, messages=messages, is_owner_gone=is_gone)
    assert miss_notice_at(case, FRIDAY) == (at, is_blocked)
