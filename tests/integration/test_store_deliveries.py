"""Messages owed, planned, recorded and redrawn, on both databases."""

from datetime import datetime, timedelta

import pytest

from bot.domain.kinds import Kind, Planned
from bot.domain.occasions import OfMessage
from bot.domain.promise import ChannelId, PromiseId
from bot.ports import Delivery, DeliveryId, Posted, Store
from tests.integration.store_examples import (
    LEASE,
    OTHER_TEAM,
    SPENT,
    adding,
    claim_one,
    new_id,
    nudge,
    owing,
    pending,
)
from tests.unit.factories import ALICE, BOB, FRIDAY, MONDAY, TEAM

P1 = PromiseId("P1")
DM = ChannelId("D1")
HOUR = timedelta(hours=1)
CHECK_IN = nudge(Kind.CHECK_IN, ALICE, MONDAY + HOUR)
HEADS_UP = nudge(Kind.HEADS_UP, BOB, MONDAY + 2 * HOUR)
NOTICE = nudge(Kind.NOTICE, BOB, MONDAY + HOUR, "a2")


def as_planned(*messages: Planned) -> list[tuple[str, str, datetime]]:
    return [(message.kind.value, message.to, message.at) for message in messages]


async def send(store: Store, delivery: Delivery, ts: str = "1.1") -> bool:
    return await store.write(TEAM, lambda tx: tx.deliveries.record_sent(delivery, DM, ts, "hash", MONDAY))


async def test_deciding_twice_owes_each_message_once(store: Store) -> None:
    await store.write(TEAM, owing(CHECK_IN, HEADS_UP))
    await store.write(TEAM, owing(HEADS_UP, CHECK_IN))

    assert await pending(store) == as_planned(CHECK_IN, HEADS_UP)


async def test_what_was_called_off_and_is_decided_again_comes_back(store: Store) -> None:
    again = nudge(at=FRIDAY)
    await store.write(TEAM, owing(CHECK_IN))
    await store.write(TEAM, lambda tx: tx.deliveries.cancel(P1, Kind.CHECK_IN))
    await store.write(TEAM, owing(again))

    assert await pending(store) == as_planned(again)


async def test_what_was_sent_is_not_owed_again(store: Store) -> None:
    await store.write(TEAM, owing(CHECK_IN))
    await send(store, await claim_one(store, FRIDAY))

    await store.write(TEAM, owing(nudge(at=FRIDAY)))
    assert await pending(store) == []
    assert len(await store.read(TEAM, lambda tx: tx.deliveries.shown(P1))) == 1


async def test_a_retry_put_off_keeps_its_time_when_the_same_is_owed_again(store: Store) -> None:
    await store.write(TEAM, owing(CHECK_IN))
    claimed = await claim_one(store, FRIDAY)
    await store.write(TEAM, lambda tx: tx.deliveries.put_off(claimed, FRIDAY, "ratelimited", unknown=False))

    await store.write(TEAM, owing(CHECK_IN))

    assert await pending(store) == [("check_in", ALICE, FRIDAY)]


async def test_what_an_agenda_decides_about_is_not_sent_before_that(store: Store) -> None:
    await store.write(TEAM, lambda tx: tx.deliveries.owe(P1, [NOTICE], new_id))
    assert await store.claim_due(FRIDAY, LEASE, 10) == ()
    (row,) = (await store.read(TEAM, lambda tx: tx.agendas.recent_messages({BOB: (MONDAY, MONDAY)})))[BOB].untold
    await store.write(TEAM, lambda tx: tx.agendas.begin([row.id], FRIDAY))
    assert (await claim_one(store, FRIDAY)).id == row.id


async def test_what_waits_and_what_a_message_includes_come_the_earliest_first(store: Store) -> None:
    second, first = nudge(Kind.NOTICE, BOB, MONDAY + HOUR, "a3"), nudge(Kind.NOTICE, BOB, MONDAY, "a2")
    await store.write(TEAM, lambda tx: tx.deliveries.owe(P1, [second, first], new_id))
    waiting = (await store.read(TEAM, lambda tx: tx.agendas.recent_messages({BOB: (MONDAY, MONDAY)})))[BOB].untold
    assert [each.occasion for each in waiting] == ["a2", "a3"]

    message = DeliveryId("M1")
    included = [(new_id(), P1, each, message) for each in (HEADS_UP, CHECK_IN)]
    rows = [(message, None, nudge(Kind.BUNDLE, BOB), None), *included]
    await store.write(TEAM, lambda tx: tx.agendas.insert(rows, MONDAY))
    found = await store.read(TEAM, lambda tx: tx.agendas.included_in(message))
    assert [each.kind for each in found] == [Kind.CHECK_IN, Kind.HEADS_UP]


async def test_owing_the_same_twice_changes_nothing_and_brings_back_what_was_called_off(store: Store) -> None:
    digest = nudge(Kind.DIGEST, "C1", FRIDAY, "week 48")

    async def owe() -> None:
        await store.write(TEAM, lambda tx: tx.deliveries.owe(None, [digest], new_id))

    await owe()
    await owe()
    assert await pending(store) == as_planned(digest)
    await store.write(TEAM, lambda tx: tx.deliveries.cancel(None, Kind.DIGEST, "C1"))
    assert await pending(store) == []
    await owe()
    assert await pending(store) == as_planned(digest)


async def test_cancelling_a_kind_can_be_narrowed_to_one_recipient(store: Store) -> None:
    mine, theirs = nudge(Kind.NOTICE, ALICE), nudge(Kind.NOTICE, BOB)
    await store.write(TEAM, owing(mine, theirs, CHECK_IN))

    await store.write(TEAM, lambda tx: tx.deliveries.cancel(P1, Kind.NOTICE, ALICE))
    assert await pending(store) == as_planned(theirs, CHECK_IN)
    await store.write(TEAM, lambda tx: tx.deliveries.cancel(P1, Kind.NOTICE))
    assert await pending(store) == as_planned(CHECK_IN)


async def test_a_sent_message_is_found_again_to_be_redrawn(store: Store) -> None:
    await store.write(TEAM, owing(CHECK_IN, HEADS_UP))
    claimed = (await store.claim_due(MONDAY + HOUR, LEASE, 10))[0]
    assert await send(store, claimed, "17.5")

    (shown,) = await store.read(TEAM, lambda tx: tx.deliveries.shown(P1))
    assert (shown.id, shown.channel_id, shown.ts, shown.shown) == (claimed.id, DM, "17.5", "hash")
    await store.write(TEAM, lambda tx: tx.deliveries.note_shown(shown, "newer"))
    (redrawn,) = await store.read(TEAM, lambda tx: tx.deliveries.shown(P1))
    assert redrawn.shown == "newer"
    assert await store.read(OTHER_TEAM, lambda tx: tx.deliveries.shown(P1)) == ()


async def test_an_outcome_counts_once(store: Store) -> None:
    await store.write(TEAM, owing(CHECK_IN))
    claimed = await claim_one(store, FRIDAY)

    assert await send(store, claimed)
    assert not await send(store, claimed)
    assert not await store.write(TEAM, lambda tx: tx.deliveries.record_failed(claimed, "late", MONDAY))
    assert await store.claim_due(FRIDAY, LEASE, 10) == ()


@pytest.mark.parametrize("ending", ["record_done", "record_failed"])
async def test_what_ended_unsent_is_neither_claimed_nor_shown(store: Store, ending: str) -> None:
    await store.write(TEAM, owing(CHECK_IN))
    claimed = await claim_one(store, FRIDAY)

    assert await store.write(TEAM, lambda tx: getattr(tx.deliveries, ending)(claimed, "because", MONDAY))

    assert await store.claim_due(FRIDAY + HOUR, LEASE, 10) == ()
    assert await store.read(TEAM, lambda tx: tx.deliveries.shown(P1)) == ()


async def test_who_lost_the_lease_records_nothing(store: Store) -> None:
    await store.write(TEAM, owing(CHECK_IN))
    slow = await claim_one(store, FRIDAY, lease=SPENT)
    quick = await claim_one(store, FRIDAY)

    assert quick.attempt == slow.attempt + 1
    assert not await send(store, slow)
    assert not await store.write(TEAM, lambda tx: tx.deliveries.put_off(slow, FRIDAY, "x", unknown=True))
    assert await send(store, quick)


async def test_a_message_called_off_while_it_was_on_its_way_is_known_to_stand_in_slack(store: Store) -> None:
    await store.write(TEAM, owing(CHECK_IN))
    claimed = await claim_one(store, FRIDAY)
    await store.write(TEAM, lambda tx: tx.deliveries.cancel(P1, Kind.CHECK_IN))

    assert await send(store, claimed)

    assert len(await store.read(TEAM, lambda tx: tx.deliveries.shown(P1))) == 1
    await store.write(TEAM, owing(CHECK_IN))
    assert await pending(store) == []


async def test_a_put_off_message_waits_and_remembers_whether_it_may_have_arrived(store: Store) -> None:
    await store.write(TEAM, owing(CHECK_IN))
    first = await claim_one(store, FRIDAY)
    later = FRIDAY + HOUR
    assert await store.write(TEAM, lambda tx: tx.deliveries.put_off(first, later, "timeout", unknown=True))

    assert await store.claim_due(later - timedelta(microseconds=1), LEASE, 10) == ()
    second = await claim_one(store, later)
    assert (second.attempt, second.was_unknown, first.was_unknown) == (2, True, False)

    await store.write(TEAM, lambda tx: tx.deliveries.put_off(second, later, "ratelimited", unknown=False))
    assert not (await claim_one(store, later)).was_unknown


async def test_what_is_planned_comes_in_time_order_from_an_instant_on(store: Store) -> None:
    await store.write(TEAM, owing(HEADS_UP, CHECK_IN))
    await store.write(OTHER_TEAM, owing(nudge(at=FRIDAY)))

    assert [row.due_at for row in await store.planned(MONDAY, 10)] == [CHECK_IN.at, HEADS_UP.at, FRIDAY]
    assert [row.due_at for row in await store.planned(CHECK_IN.at, 1)] == [HEADS_UP.at]
    assert await store.next_due() == CHECK_IN.at


async def test_what_is_under_way_does_not_count_as_next(store: Store) -> None:
    assert await store.next_due() is None
    await store.write(TEAM, owing(CHECK_IN, HEADS_UP))
    await store.claim_due(CHECK_IN.at, LEASE, 10)

    assert await store.next_due() == HEADS_UP.at


async def test_messages_recorded_together_owe_one_redraw_of_a_promise(store: Store) -> None:
    await store.write(TEAM, adding())
    await store.write(TEAM, owing(CHECK_IN, HEADS_UP))
    claimed = await store.claim_due(FRIDAY, LEASE, 10)
    assert len(claimed) == 2

    posted = [Posted(each, ChannelId(f"D{each.to}"), "1.1", "hash", seq=0) for each in claimed]  # of an older version
    await store.record_sent(posted, MONDAY, _redraw)

    (redraw,) = await store.claim_due(FRIDAY, LEASE, 10)
    assert (redraw.kind, redraw.promise_id) == (Kind.REFRESH, P1)
    assert redraw.occasion in {str(OfMessage(each.id)) for each in claimed}


def _redraw(posted: Posted) -> tuple[DeliveryId, Planned]:
    return new_id(), Planned(Kind.REFRESH, "", MONDAY, str(OfMessage(posted.delivery.id)))
