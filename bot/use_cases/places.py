"""Channels in which Kept listens, and people to whom the Home tab shows a welcome."""

from datetime import timedelta

from bot.domain.promise import ChannelId, TeamId, UserId
from bot.ports import Transaction
from bot.ports.surfaces import Listening, Welcome
from bot.use_cases.context import Context

#: The name of the admin setting for listening.
LISTENING = "listening"
#: How long the Home tab shows the welcome unless the person dismisses it.
WELCOME_LASTS = timedelta(days=1)


class Places:
    def __init__(self, context: Context) -> None:
        self._store, self._clock = context.store, context.clock

    async def listening(self, team_id: TeamId, channel_id: ChannelId) -> Listening | None:
        """Return who turned listening on in a channel; None if it is off there or an admin switched it off."""

        def work(tx: Transaction) -> Listening | None:
            return tx.surfaces.listening(channel_id) if may_listen(tx) else None

        return await self._store.read(team_id, work)

    async def listen(self, team_id: TeamId, channel_id: ChannelId, by: UserId) -> Listening:
        """Turn listening on in a channel; the first person who did so stays named."""
        setting = Listening(channel_id, by, self._clock.now())
        await self._store.write(team_id, lambda tx: tx.surfaces.listen(setting))
        return await self.listening(team_id, channel_id) or setting

    async def stop_listening(self, team_id: TeamId, channel_id: ChannelId) -> None:
        await self._store.write(team_id, lambda tx: tx.surfaces.stop_listening(channel_id))

    async def is_welcomed(self, team_id: TeamId, person: UserId) -> bool:
        """Return whether to show the welcome: on the day a person first opens the Home tab, until dismissed."""
        now = self._clock.now()
        known = await self._store.read(team_id, lambda tx: tx.surfaces.welcome(person))
        if known is None:
            await self._store.write(team_id, lambda tx: tx.surfaces.note_welcome(person, now))
            known = Welcome(now)
        return not known.is_over and now - known.first_at < WELCOME_LASTS

    async def end_welcome(self, team_id: TeamId, person: UserId) -> None:
        await self._store.write(team_id, lambda tx: tx.surfaces.end_welcome(person))


def may_listen(tx: Transaction) -> bool:
    """Return whether no admin switched listening off for the whole workspace."""
    return tx.retention.chosen(LISTENING) != "off"
