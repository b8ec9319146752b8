"""Send due deliveries: claim, send, record.

A claim is committed before anything is sent, and an outcome counts only for the attempt that owns it, so a crash at any
moment loses nothing. A message that may have arrived is searched for before it is sent again (docs/adr/0004).
"""

import asyncio
from datetime import timedelta

from bot.domain.promise import TeamId
from bot.ports import Delivery, Messenger, Renderer, Sharing
from bot.use_cases.context import Context
from bot.use_cases.delivery.after_sending import AfterSending
from bot.use_cases.delivery.channels import Claimed
from bot.use_cases.delivery.lanes import Lane
from bot.use_cases.delivery.pacing import steady
from bot.use_cases.delivery.refusals import WORKSPACE, Refusals, jitter
from bot.use_cases.delivery.rendering import Rendering
from bot.use_cases.delivery.send_one import SendOne
from bot.use_cases.delivery.settings import HOLD, DeliverySettings
from bot.use_cases.digests import Digests

#: The part of a lease in which a send may start: no request may take longer than the rest.
BEGUN_WITHIN = 7 / 12
#: Most deliveries of one workspace per claim: at Slack's rate they take a third of a minute to send.
SHARE = 100
#: Most deliveries in hand of one workspace before the next claim skips it, and of all workspaces.
HAND, HANDS = 400, 2000
#: Deliveries in hand of one workspace that last it until some time after the next round, at Slack's rate.
ENOUGH = 20
#: How long one round lasts at most; lanes that are still busy then continue during the next one.
ROUND_S = 1.0
#: How often stopped workspaces are retried, and the flags of people and channels reloaded.
PROBE_S = 60.0


class Deliveries:
    def __init__(
        self, context: Context, messenger: Messenger, renderer: Renderer, digests: Digests, sending: DeliverySettings
    ) -> None:
        self._store, self._clock = context.store, context.clock
        self._messenger = messenger
        self._pace, self._meter, self._lease = sending.pace, sending.meter, sending.lease
        refusals = Refusals(context, digests, sending.lease)
        self._after = AfterSending(context, refusals, digests, sending)
        rendering = Rendering(context, renderer, digests, refusals)
        self._send_one = SendOne(context, messenger, rendering, refusals, self._after, sending)
        self._lanes: dict[TeamId, Lane] = {}
        self._changed = asyncio.Event()
        self._probed_at = float("-inf")
        self._stopping = self._more_follow = False

    def stop(self) -> None:
        """Stop claiming and starting sends; requests in flight finish."""
        self._stopping = True
        for lane in self._lanes.values():
            lane.halt()
        self._changed.set()

    async def drain(self) -> None:
        """After `stop`: wait for requests in flight, and release everything else."""
        await self.idle()
        await self._give_back()
        await self._store.end_turns()

    async def idle(self) -> None:
        """Wait until no delivery is in hand."""
        await asyncio.gather(*(lane.finished() for lane in self._lanes.values()))

    async def send_due(self, *, more_follow: bool = False) -> int:
        """Claim and send due deliveries for one round; return how many were claimed.

        `more_follow`: more messages are about to be decided. The round does not wait for room then, and redraws that
        can wait do. Raises ExceptionGroup with all failures; those deliveries keep their lease and are retried
        afterwards.
        """
        taken, ends, self._more_follow = 0, steady() + ROUND_S, more_follow
        await self._probe()
        while not self._stopping:
            self._changed.clear()
            claimed = await self._claim()
            taken += claimed
            await self._give_back()
            left_s = ends - steady()
            if claimed and left_s > 0:
                continue
            if more_follow or not self._working() or left_s <= 0 or not await self._progress(left_s):
                break
        faults = [fault for lane in self._lanes.values() for fault in lane.take_faults()]
        if faults:
            raise ExceptionGroup("deliveries failed", faults)
        return taken

    def busy(self) -> set[TeamId]:
        """Return the workspaces that have messages in hand for a few seconds."""
        return {team_id for team_id, lane in self._lanes.items() if lane.messages >= ENOUGH}

    def _new_lane(self) -> Lane:
        send = self._send_one
        return Lane(self._pace, send.settle, self._changed.set, HAND // 2, self._is_crowded, send.draw_ahead)

    def _is_crowded(self) -> bool:
        return self._more_follow or any(lane.messages for lane in self._lanes.values())

    def _working(self) -> set[TeamId]:
        return {team_id for team_id, lane in self._lanes.items() if lane.size}

    async def _progress(self, within_s: float) -> bool:
        """Wait until a lane has room again; return False if none had before the round ended."""
        try:
            await asyncio.wait_for(self._changed.wait(), within_s)
        except TimeoutError:
            return False
        return True

    async def _claim(self) -> int:
        working = self._working()
        room = HANDS - sum(self._lanes[team_id].load for team_id in working)
        if room < self._store.batch:
            return 0
        full = {team_id for team_id in working if self._lanes[team_id].load >= HAND}
        started = steady()  # before the claim: its lease began no earlier
        sharing = Sharing(SHARE, full, working, HOLD)
        claimed = await self._store.claim_due(self._clock.now(), self._lease, self._store.batch, sharing)
        self._meter.claimed(len(claimed), steady() - started)
        await self._hand_over(claimed, started + self._lease.total_seconds() * BEGUN_WITHIN)
        return len(claimed)

    async def _hand_over(self, deliveries: tuple[Delivery, ...], deadline: float) -> None:
        by_team: dict[TeamId, list[Claimed]] = {}
        for delivery in deliveries:
            by_team.setdefault(delivery.team_id, []).append(Claimed(delivery, deadline))
        later = []
        for team_id, claimed in by_team.items():
            if team_id not in self._lanes:
                self._lanes[team_id] = self._new_lane()
            later += self._lanes[team_id].take(claimed, self._clock.now())
        if later:
            await self._store.release(later)

    async def _give_back(self) -> None:
        """Release deliveries that lanes could not start; those of a stopped workspace wait until it may continue."""
        returned = [delivery for lane in self._lanes.values() for delivery in lane.take_returned()]
        if returned:
            await self._store.release([(delivery, delivery.due_at) for delivery in returned])

    async def _probe(self) -> None:
        """Reload the flags, and ask Slack whether a paused workspace accepts the token again."""
        if steady() - self._probed_at < PROBE_S:
            return
        self._probed_at = steady() + jitter(timedelta(seconds=PROBE_S / 10)).total_seconds()
        stops, self._send_one.restored = await self._store.stopped(), await self._store.restored()
        self._after.flagged = {(stop.team_id, stop.subject): stop for stop in stops if stop.subject}
        for stop in stops:
            if stop.subject == WORKSPACE and stop.until is None and await self._messenger.works(stop.team_id):
                await self._store.write(stop.team_id, lambda tx: tx.stops.lift(WORKSPACE))
