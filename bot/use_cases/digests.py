"""Channel digests: set, stopped, composed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.domain.digests import DigestContent, DigestSetting, digest, next_post_at
from bot.domain.errors import NotFoundError
from bot.domain.promise import ChannelId, TeamId
from bot.domain.reminders import Kind, Planned
from bot.ports import Clock, DeliveryId, Store, Transaction


class Digests:
    def __init__(self, store: Store, clock: Clock, new_id: Callable[[], str]) -> None:
        self._store = store
        self._clock = clock
        self._new_id = new_id

    async def set(self, setting: DigestSetting) -> datetime:
        """Sets or replaces a channel's digest; returns when the next one is posted. What was covered stays covered."""

        def work(tx: Transaction) -> datetime:
            earlier = tx.digests.get(setting.channel_id)
            kept = replace(setting, covered_to=earlier.covered_to) if earlier else setting
            tx.digests.save(kept)
            return self.plan_next(tx, kept)

        return await self._store.write(setting.team_id, work)

    async def stop(self, team_id: TeamId, channel_id: ChannelId) -> None:
        """Ends a channel's digest.

        Raises NotFoundError when it has none.
        """

        def work(tx: Transaction) -> None:
            if tx.digests.get(channel_id) is None:
                raise NotFoundError("This channel has no digest. `/promise digest here weekly 16:00` sets one.")
            tx.digests.remove(channel_id)
            tx.deliveries.cancel(None, Kind.DIGEST, channel_id)

        await self._store.write(team_id, work)

    def plan_next(self, tx: Transaction, setting: DigestSetting) -> datetime:
        """Owes the next post in place of any other that was pending."""
        at = next_post_at(setting, self._clock.now())
        tx.deliveries.cancel(None, Kind.DIGEST, setting.channel_id)
        post = Planned(Kind.DIGEST, setting.channel_id, at, at.isoformat())
        tx.deliveries.owe(None, [post], lambda: DeliveryId(self._new_id()))
        return at

    def covered(self, tx: Transaction, setting: DigestSetting, up_to: datetime) -> None:
        """Notes what the post just sent told, and owes the next one."""
        told = replace(setting, covered_to=up_to)
        tx.digests.save(told)
        self.plan_next(tx, told)

    def compose(self, tx: Transaction, channel_id: ChannelId) -> tuple[DigestSetting, DigestContent] | None:
        """What the digest of a channel says now; None when it has been stopped."""
        setting = tx.digests.get(channel_id)
        if setting is None:
            return None
        promises = tx.promises.of_channel(channel_id, setting.covered_to)
        return setting, digest(promises, setting.covered_to, self._clock.now())
