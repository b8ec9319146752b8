"""Send one claimed delivery: search for an earlier attempt, render, post, record (docs/adr/0004)."""

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import assert_never

from bot.domain.kinds import Kind, Way
from bot.domain.people import is_person
from bot.domain.promise import TeamId
from bot.ports import (
    Delivery,
    DeliveryId,
    Fault,
    Messenger,
    Outcome,
    Refused,
    Restored,
    Sent,
    Stop,
    Transaction,
    Unknown,
)
from bot.use_cases.context import Context
from bot.use_cases.delivery.after_sending import AfterSending, posted_of
from bot.use_cases.delivery.channels import Claimed
from bot.use_cases.delivery.pacing import steady
from bot.use_cases.delivery.recalling import is_in_doubt, posted_at, rows_to_recall
from bot.use_cases.delivery.redraws import Redraws
from bot.use_cases.delivery.refusals import Refusals, is_last_try
from bot.use_cases.delivery.rendered import Rendered
from bot.use_cases.delivery.rendering import Rendering
from bot.use_cases.delivery.request_slots import RequestSlot, Settled
from bot.use_cases.delivery.settings import DeliverySettings

#: Largest difference between our clock and Slack's timestamps: Slack accepts signatures as old as that.
CLOCKS_APART = timedelta(minutes=5)
#: How many unfinished searches are remembered.
MAX_LOOKS = 10_000
#: How many marks a message carries at most: Slack limits its metadata.
MAX_MARKS = 50
#: A message that waited longer for its request is drawn again.
FRESH_S = 2.0
ENDED = Settled()
#: A search refused with one of these finds nothing: no message, or no permission (an optional scope) to read.
NOT_THERE = frozenset({Fault.MESSAGE_GONE, Fault.NOT_SET_UP})


class SendOne:
    def __init__(
        self,
        context: Context,
        messenger: Messenger,
        rendering: Rendering,
        refusals: Refusals,
        after: AfterSending,
        sending: DeliverySettings,
    ) -> None:
        self._store, self._clock = context.store, context.clock
        self._messenger = messenger
        self._rendering = rendering
        self._refusals = refusals
        self._keyed = hmac.new(sending.secret.encode(), digestmod="sha256")
        self._meter = sending.meter
        self._after = after
        self._redraws = Redraws(context, messenger, rendering, sending.pace)
        #: Workspaces whose rows were put back from a backup.
        self.restored: Mapping[TeamId, Restored] = {}
        #: Searches that Slack interrupted: from which time they search, and when they began.
        self._looks: dict[tuple[TeamId, DeliveryId], tuple[datetime, datetime]] = {}

    def draw_ahead(self, claimed: Claimed) -> None:
        """Begin to draw a message that starts in a moment, with others that do.

        Not one that is searched for first: what an earlier attempt posted is not to be sent again.
        """
        if not claimed.delivery.was_unknown and not is_in_doubt(claimed.delivery, self.restored):
            claimed.drawing = self._rendering.begun(claimed.delivery)

    async def settle(self, claimed: Claimed, slot: RequestSlot) -> Settled:
        """Bring one delivery to an outcome and record it. An exception counts as a try, and is raised again."""
        try:
            return await self._settle(claimed, slot)
        except Exception:
            await self._after.broke(claimed.delivery)
            raise

    async def _settle(self, claimed: Claimed, slot: RequestSlot) -> Settled:
        delivery = claimed.delivery
        if delivery.kind is Kind.REFRESH:
            return await self._redraw(claimed, slot)
        if delivery.was_unknown and (found := await self._look(delivery, slot)):
            return found
        if is_in_doubt(delivery, self.restored) and (found := await self._recall(delivery, slot)):
            return found
        if stop := self._out_of_reach(delivery):
            await self._store.write(delivery.team_id, lambda tx: self._refusals.unreachable(tx, delivery, stop))
            self._meter.settled(delivery.kind, "unreachable")
            return ENDED
        rendered = await self._rendering.of(delivery, claimed.drawing)
        drawn_at = claimed.drawn_at if claimed.drawing and claimed.drawn_at is not None else steady()
        if rendered is not None and slot.is_open and steady() - drawn_at > FRESH_S:
            rendered = await self._rendering.of(delivery)
        if rendered is None:
            self._meter.settled(delivery.kind, "unsaid")
            return ENDED
        if not slot.is_open or steady() > claimed.deadline:
            await self._store.release([(delivery, delivery.due_at)])
            return ENDED
        mark = self._marks(delivery, rendered)
        outcome = await self._messenger.post(delivery.team_id, delivery.to, rendered.message, mark, delivery.thread_ts)
        if isinstance(outcome, Sent):
            slot.answered()
        return await self._record(delivery, rendered, outcome, slot)

    async def _look(self, delivery: Delivery, slot: RequestSlot) -> Settled | None:
        """Search for a message that an earlier attempt may have posted; return None when it may be sent again.

        That is if a search that began at `resend_at` or later does not find it, or if Kept may not read there.
        """
        about, now, resend_at = (delivery.team_id, delivery.id), self._clock.now(), delivery.resend_at
        since, began = self._looks.pop(about, (self._may_stand_since(delivery), now))
        mark, thread_ts = self._mark(delivery), delivery.thread_ts
        found = await self._messenger.find(delivery.team_id, delivery.to, mark, since, thread_ts)
        if isinstance(found, Unknown) or (isinstance(found, Refused) and found.fault is Fault.LIMITED):
            if len(self._looks) < MAX_LOOKS:
                self._looks[about] = since, began
            doubt = partial(self._refusals.still_in_doubt, delivery=delivery, outcome=found)
            is_over = await self._store.write(delivery.team_id, doubt)
            self._meter.settled(delivery.kind, "failed" if is_over else "looked_for")
            return ENDED
        if not (isinstance(found, Refused) and found.fault in NOT_THERE):
            return await self._record(delivery, None, found, slot)
        if resend_at is None or began >= resend_at:
            return None
        until = min(max(resend_at, now), now + self._refusals.look_after)

        def wait(tx: Transaction) -> None:
            tx.deliveries.put_off(delivery, until, "not there yet", unknown=True, counts=False, resend_at=resend_at)

        await self._store.write(delivery.team_id, wait)
        self._meter.settled(delivery.kind, "looked_for")
        return ENDED

    async def _recall(self, delivery: Delivery, slot: RequestSlot) -> Settled | None:
        """Search for a message sent after the backup; return None when something is left to send."""
        restore = self.restored[delivery.team_id]
        since, recalled = restore.since - CLOCKS_APART, 0
        rows = await self._store.read(delivery.team_id, lambda tx: rows_to_recall(tx, delivery))
        for row in rows:
            found = await self._messenger.find(
                delivery.team_id, delivery.to, self._mark(row), since, delivery.thread_ts
            )
            if isinstance(found, Sent) and row.kind.rule.way is not Way.JOINS:
                return await self._record(delivery, None, found, slot)
            if isinstance(found, Sent):
                await self._store.write(delivery.team_id, partial(_recall_row, row, posted_at(found.ts, restore)))
                recalled += 1
            elif not (isinstance(found, Refused) and found.fault in NOT_THERE):
                await self._store.release([(delivery, self._clock.now() + self._refusals.look_after)])
                return ENDED
        return ENDED if recalled and rows == (delivery,) else None

    def _may_stand_since(self, delivery: Delivery) -> datetime:
        """Return the earliest timestamp that Slack may have given to the message of the last attempt.

        An attempt without a clear answer was recorded a lease before `resend_at`; one cut off by a crash was not
        recorded, but began no earlier than `due_at`.
        """
        noted = delivery.resend_at - self._refusals.lease if delivery.resend_at else delivery.due_at
        return min(noted, delivery.due_at) - CLOCKS_APART

    def _marks(self, delivery: Delivery, rendered: Rendered) -> str:
        """Return the marks under which a message is found: its own, and those of what it gathers."""
        return " ".join(map(self._mark, (delivery, *rendered.included[: MAX_MARKS - 1])))

    def _mark(self, delivery: Delivery) -> str:
        """Return an opaque id for the message's metadata, which the whole workspace can read.

        It depends on the delivery alone, so that a message rendered differently is still found.
        """
        keyed = self._keyed.copy()  # half the time of preparing the key for each message
        keyed.update(f"{delivery.team_id}:{delivery.id}".encode())
        return keyed.hexdigest()[:32]

    def _out_of_reach(self, delivery: Delivery) -> Stop | None:
        """Return the stop of a person who is not to be retried yet; a channel is retried each time."""
        stop = self._after.flagged.get((delivery.team_id, delivery.to)) if is_person(delivery.to) else None
        return stop if stop and (stop.until is None or stop.until > self._clock.now()) else None

    async def _record(
        self, delivery: Delivery, rendered: Rendered | None, outcome: Outcome, slot: RequestSlot
    ) -> Settled:
        """Record an outcome. `rendered` is None for a message that was found rather than posted: its content is
        unknown.
        """
        match outcome:
            case Sent():
                self._after.record(posted_of(delivery, rendered, outcome), slot)
                return Settled(posted=rendered is not None, is_being_recorded=True)
            case Unknown():
                doubt = partial(self._refusals.unclear, delivery=delivery, outcome=outcome)
                is_over = await self._store.write(delivery.team_id, doubt)
                self._meter.settled(delivery.kind, "failed" if is_over else "unknown")
                return Settled(posted=True)
            case Refused():
                halts = await self._store.write(
                    delivery.team_id, lambda tx: self._refusals.refused(tx, delivery, outcome)
                )
                await self._note_flag(delivery)
                self._meter.settled(delivery.kind, _state_after(outcome.fault, delivery))
                return Settled(posted=True, halts=halts)
            case _:
                assert_never(outcome)

    async def _note_flag(self, delivery: Delivery) -> None:
        if not delivery.to:
            return
        stop = await self._store.read(delivery.team_id, lambda tx: tx.stops.get(delivery.to))
        if stop:
            self._after.flagged[delivery.team_id, delivery.to] = stop

    async def _redraw(self, claimed: Claimed, slot: RequestSlot) -> Settled:
        redraws = [claimed.delivery, *claimed.others]
        ended, fault = await self._redraws.run(redraws, lambda: slot.is_held_up)
        for each in ended:
            self._meter.settled(each.kind, "redrawn")
        rest = redraws[len(ended) :]
        settled = await self._record(rest.pop(0), None, fault, slot) if fault else ENDED
        if rest:
            await self._store.release([(each, each.due_at) for each in rest])
        return settled


def _recall_row(row: Delivery, at: datetime, tx: Transaction) -> None:
    tx.agendas.recall(row.id, at)


def _state_after(fault: Fault, delivery: Delivery) -> str:
    is_over = fault is Fault.NOT_SET_UP and is_last_try(delivery)
    return "failed" if is_over or fault in (Fault.OTHER, Fault.FORM, Fault.MESSAGE_GONE) else str(fault)
