"""Record a message that Slack has taken, and what depends on that record."""

from collections.abc import Coroutine
from typing import Any

from bot.domain.kinds import Kind, Planned
from bot.domain.occasions import OfMessage
from bot.domain.promise import ChannelId, TeamId
from bot.ports import Delivery, Posted, Sent, Stop, Transaction
from bot.use_cases.context import Context
from bot.use_cases.delivery.recording import Recorder
from bot.use_cases.delivery.refusals import Refusals
from bot.use_cases.delivery.rendered import Rendered
from bot.use_cases.delivery.request_slots import RequestSlot
from bot.use_cases.delivery.settings import DeliverySettings
from bot.use_cases.digests import Digests

#: Kinds of which more is recorded than that they were sent, each in a transaction of its own.
RECORDED_ALONE = frozenset({Kind.DIGEST, Kind.LAST_CHANCE})


class AfterSending:
    """`flagged` holds the people and channels that could not be reached lately."""

    def __init__(self, context: Context, refusals: Refusals, digests: Digests, sending: DeliverySettings) -> None:
        self._store, self._clock, self._new_delivery = context.store, context.clock, context.new_delivery
        self._refusals, self._digests, self._meter = refusals, digests, sending.meter
        self._recorder = Recorder(context, lambda posted: (self._new_delivery(), self._redraw(posted)), self._recorded)
        self.flagged: dict[tuple[TeamId, str], Stop] = {}

    async def broke(self, delivery: Delivery) -> None:
        """Count an exception as a try."""
        is_over = await self._store.write(delivery.team_id, lambda tx: self._refusals.broken(tx, delivery))
        self._meter.settled(delivery.kind, "failed" if is_over else "broken")

    def record(self, posted: Posted, slot: RequestSlot) -> None:
        """Record a message, and end its slot then."""
        if posted.delivery.kind in RECORDED_ALONE:
            slot.end_with(lambda: self._record_alone(posted))
        else:
            self._recorder.record(posted, slot)

    async def _record_alone(self, posted: Posted) -> None:
        delivery, error = posted.delivery, None
        record = self._record_digest if delivery.kind is Kind.DIGEST else self._record_chance
        try:
            await self._store.write(delivery.team_id, lambda tx: record(tx, posted))
        except Exception as fault:  # noqa: BLE001  raised below
            error = fault
        await self._after_record(delivery, error)

    def _recorded(self, delivery: Delivery, error: Exception | None) -> Coroutine[Any, Any, None] | None:
        """Return what is left to write after a record."""
        if error or (delivery.team_id, delivery.to) in self.flagged:
            return self._after_record(delivery, error)
        self._count_sent(delivery)
        return None

    async def _after_record(self, delivery: Delivery, error: Exception | None) -> None:
        if error:
            await self.broke(delivery)
            raise error
        await self._unflag(delivery)
        self._count_sent(delivery)

    async def _unflag(self, delivery: Delivery) -> None:
        if self.flagged.pop((delivery.team_id, delivery.to), None):
            await self._store.write(delivery.team_id, lambda tx: tx.stops.lift(delivery.to))

    def _count_sent(self, delivery: Delivery) -> None:
        self._refusals.works_again(delivery.team_id)
        self._meter.settled(delivery.kind, "sent")
        self._meter.was_late(delivery.kind, self._clock.now() - (delivery.planned_at or delivery.due_at))

    def _record_digest(self, tx: Transaction, posted: Posted) -> None:
        delivery, now = posted.delivery, self._clock.now()
        if tx.deliveries.record_sent(delivery, posted.channel_id, posted.ts, posted.shown, now):
            setting = tx.digests.get(ChannelId(delivery.to))
            if setting:
                self._digests.covered(tx, setting, posted)

    def _record_chance(self, tx: Transaction, posted: Posted) -> None:
        """Record a last chance and add a redraw: its promises may have changed while it was being sent."""
        delivery = posted.delivery
        if tx.deliveries.record_sent(delivery, posted.channel_id, posted.ts, posted.shown, self._clock.now()):
            for promise_id in tx.digests.named_in(delivery.id)[:1]:
                tx.deliveries.owe(promise_id, [self._redraw(posted)], self._new_delivery)

    def _redraw(self, posted: Posted) -> Planned:
        """Return a redraw for a message that was outdated on arrival, or is newer than another of the same promise."""
        return Planned(Kind.REFRESH, "", self._clock.now(), str(OfMessage(posted.delivery.id)))


def posted_of(delivery: Delivery, rendered: Rendered | None, sent: Sent) -> Posted:
    """Return the record of a message. `rendered` is None for one that was found: its content is unknown."""
    if rendered is None:
        return Posted(delivery, sent.channel_id, sent.ts, "", -1)
    return Posted(delivery, sent.channel_id, sent.ts, rendered.shown, rendered.seq, rendered.seqs)
