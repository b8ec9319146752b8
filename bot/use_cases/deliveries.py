"""Sending what is owed: claim, send, record.

A claim is committed before anything is sent, and an outcome counts only for the attempt that owns it, so a crash at
any moment loses nothing. What may have arrived is looked for before it is sent again (docs/adr/0004).
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import assert_never

from bot.domain.acts import State
from bot.domain.deciding import Entry
from bot.domain.following_up import is_unanswered
from bot.domain.promise import ChannelId, Promise
from bot.domain.reminders import FOLLOW_UPS, Kind, Planned, still_wanted
from bot.ports import (
    Clock,
    Delivery,
    DeliveryId,
    Fault,
    Message,
    Messenger,
    Outcome,
    Refused,
    Sent,
    Store,
    Transaction,
    Unknown,
    Voice,
)
from bot.use_cases.digests import Digests

#: How long a claim lasts: longer than any request may take, so that nobody else sends meanwhile.
LEASE = timedelta(seconds=60)
#: How many deliveries one claim takes, and how many are sent at once.
BATCH, AT_ONCE = 50, 8
#: After an unclear answer, how long until the conversation is looked at.
LOOK_AFTER = timedelta(seconds=20)
#: How many counted failures until a delivery is given up visibly.
MOST_ATTEMPTS = 8
#: A time-out's shadow: how long before its claim a message may have been stamped by Slack.
LOOK_BACK = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Rendered:
    """What will be said, and the `seq` of the promise it was said of."""

    message: Message
    seq: int = 0


class Deliveries:
    def __init__(
        self,
        store: Store,
        messenger: Messenger,
        voice: Voice,
        digests: Digests,
        clock: Clock,
        new_id: Callable[[], str],
        secret: str,
    ) -> None:
        self._store = store
        self._messenger = messenger
        self._voice = voice
        self._digests = digests
        self._clock = clock
        self._new_id = new_id
        self._secret = secret.encode()
        self._stopping = False

    def stop(self) -> None:
        """No further claim is made; what is in flight finishes."""
        self._stopping = True

    async def send_due(self) -> int:
        """Sends everything due by now, claim after claim; returns how many deliveries were settled or tried."""
        tried, gate = 0, asyncio.Semaphore(AT_ONCE)

        async def one(delivery: Delivery) -> None:
            async with gate:
                await self._settle(delivery)

        while not self._stopping:
            claimed = await self._store.claim_due(self._clock.now(), LEASE, BATCH)
            if not claimed:
                break
            tried += len(claimed)
            results = await asyncio.gather(*(one(delivery) for delivery in claimed), return_exceptions=True)
            faults = [result for result in results if isinstance(result, BaseException)]
            if faults:
                # The claimed rows keep their lease and come back as unknown; the tick reports the fault.
                raise ExceptionGroup("deliveries failed", [fault for fault in faults if isinstance(fault, Exception)])
        return tried

    async def _settle(self, delivery: Delivery) -> None:
        match delivery.kind:
            case Kind.REFRESH:
                await self._refresh(delivery)
            case Kind.DIGEST:
                await self._post_digest(delivery)
            case (
                Kind.MIDWAY
                | Kind.CHECK_IN
                | Kind.ASK_AGAIN
                | Kind.HEADS_UP
                | Kind.NO_WORD
                | Kind.LAST_CALL
                | Kind.DUE_NOW
                | Kind.OVERDUE
                | Kind.NOTICE
                | Kind.CARD
            ):
                await self._say(delivery)
            case _:
                assert_never(delivery.kind)

    async def _say(self, delivery: Delivery) -> None:
        found = await self._promise_of(delivery)
        now = self._clock.now()
        if (
            found is None
            or not still_wanted(delivery.kind, delivery.occasion, found[0], now)
            or (delivery.kind in FOLLOW_UPS and not await self._is_unanswered(delivery, *found))
        ):
            await self._store.write(delivery.team_id, lambda tx: tx.deliveries.record_done(delivery, "moot", now))
            return
        promise, history = found
        rendered = Rendered(self._voice.speak(delivery, promise, history, now), promise.seq)
        await self._record(delivery, rendered, await self._post(delivery, rendered.message))

    async def _is_unanswered(self, delivery: Delivery, promise: Promise, history: tuple[Entry, ...]) -> bool:
        standing = await self._store.read(delivery.team_id, lambda tx: tx.deliveries.shown(promise.id))
        asked_at = max(
            (row.due_at for row in standing if (row.kind, row.occasion) == (Kind.CHECK_IN, delivery.occasion)),
            default=None,
        )
        return is_unanswered(promise, history, asked_at)

    async def _post_digest(self, delivery: Delivery) -> None:
        channel, now = ChannelId(delivery.to), self._clock.now()
        composed = await self._store.read(delivery.team_id, lambda tx: self._digests.compose(tx, channel))
        if composed is None or composed[1].is_empty:
            await self._store.write(delivery.team_id, lambda tx: self._digest_over(tx, delivery, "nothing to say"))
            return
        message = self._voice.digest(*composed, now)
        await self._record(delivery, Rendered(message), await self._post(delivery, message))

    async def _refresh(self, delivery: Delivery) -> None:
        """Redraws every message of the promise that stands in Slack. Redrawing twice is harmless, so it may repeat."""
        found, now = await self._promise_of(delivery), self._clock.now()
        if found is None:
            await self._store.write(delivery.team_id, lambda tx: tx.deliveries.record_done(delivery, "moot", now))
            return
        promise, history = found
        standing = await self._store.read(delivery.team_id, lambda tx: tx.deliveries.shown(promise.id))
        for row in standing:
            message = self._voice.speak(row, promise, history, now)
            if row.channel_id is None or row.ts is None or fingerprint(message) == row.shown:
                continue
            outcome = await self._messenger.update(row.team_id, row.channel_id, row.ts, message)
            if isinstance(outcome, Unknown) or (isinstance(outcome, Refused) and outcome.fault in _PASSING):
                await self._record(delivery, Rendered(message), outcome)
                return
            await self._store.write(row.team_id, partial(_note_shown, row, fingerprint(message)))
        await self._store.write(delivery.team_id, lambda tx: tx.deliveries.record_done(delivery, "redrawn", now))

    async def _promise_of(self, delivery: Delivery) -> tuple[Promise, tuple[Entry, ...]] | None:
        promise_id = delivery.promise_id
        if promise_id is None:
            return None

        def work(tx: Transaction) -> tuple[Promise, tuple[Entry, ...]] | None:
            promise = tx.promises.get(promise_id)
            if promise is None or (promise.state is State.UNDONE and delivery.kind is not Kind.REFRESH):
                return None  # undone means as if never made: what was not said yet stays unsaid
            return promise, tx.promises.history(promise_id)

        return await self._store.read(delivery.team_id, work)

    async def _post(self, delivery: Delivery, message: Message) -> Outcome:
        mark = self._mark(delivery)
        if delivery.was_unknown:
            since = delivery.due_at - LOOK_BACK
            found = await self._messenger.find(delivery.team_id, delivery.to, mark, since)
            if not (isinstance(found, Refused) and found.fault is Fault.MESSAGE_GONE):
                return found
        return await self._messenger.post(delivery.team_id, delivery.to, message, mark)

    def _mark(self, delivery: Delivery) -> str:
        """Metadata is readable in the whole workspace, so the id in it is opaque."""
        return hmac.new(self._secret, f"{delivery.team_id}:{delivery.id}".encode(), hashlib.sha256).hexdigest()[:32]

    async def _record(self, delivery: Delivery, rendered: Rendered, outcome: Outcome) -> None:
        await self._store.write(delivery.team_id, lambda tx: self._recorded(tx, delivery, rendered, outcome))

    def _recorded(self, tx: Transaction, delivery: Delivery, rendered: Rendered, outcome: Outcome) -> None:
        now = self._clock.now()
        match outcome:
            case Sent(channel_id, ts):
                shown = fingerprint(rendered.message)
                if tx.deliveries.record_sent(delivery, channel_id, ts, shown, now):
                    self._after_sending(tx, delivery, rendered)
            case Unknown(error):
                tx.deliveries.put_off(delivery, now + LOOK_AFTER, error, unknown=True)
            case Refused(fault, error, retry_after) if fault in _PASSING:
                wait = retry_after or backoff(delivery.attempt)
                tx.deliveries.put_off(delivery, now + wait, error, unknown=delivery.was_unknown, counts=False)
            case Refused(_, error):
                if delivery.kind is Kind.DIGEST:
                    self._digest_over(tx, delivery, error)
                else:
                    tx.deliveries.record_failed(delivery, error, now)
            case _:
                assert_never(outcome)

    def _after_sending(self, tx: Transaction, delivery: Delivery, rendered: Rendered) -> None:
        if delivery.kind is Kind.DIGEST:
            setting = tx.digests.get(ChannelId(delivery.to))
            if setting:
                self._digests.covered(tx, setting, self._clock.now())
            return
        promise = tx.promises.get(delivery.promise_id) if delivery.promise_id else None
        if promise and promise.seq != rendered.seq:
            # Somebody acted while this was on its way: what it shows is stale already, and no refresh knew of it.
            again = Planned(Kind.REFRESH, "", self._clock.now(), f"after {delivery.id}")
            tx.deliveries.owe(promise.id, [again], lambda: DeliveryId(self._new_id()))

    def _digest_over(self, tx: Transaction, delivery: Delivery, why: str) -> None:
        now = self._clock.now()
        tx.deliveries.record_done(delivery, why, now)
        setting = tx.digests.get(ChannelId(delivery.to))
        if setting:
            self._digests.plan_next(tx, setting)


def _note_shown(row: Delivery, shown: str, tx: Transaction) -> None:
    tx.deliveries.note_shown(row, shown)


_PASSING = frozenset({Fault.LIMITED, Fault.OUTAGE})


def fingerprint(message: Message) -> str:
    """A short hash of what a message shows: equal messages need no redrawing."""
    shown = json.dumps([message.text, list(message.blocks)], sort_keys=True, default=str)
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


def backoff(attempt: int) -> timedelta:
    """Doubling from one second to five minutes."""
    return min(timedelta(seconds=2 ** min(attempt, 9)), timedelta(minutes=5))
