"""Channels in which Kept listens, and people it welcomes."""

from datetime import timedelta

from bot.domain.promise import ChannelId, TeamId, UserId
from bot.ports import Transaction
from bot.ports.surfaces import Listening, Welcome
from bot.use_cases.context import Context

#: Under which name an admin's choice about listening stands.
LISTENING = "listening"
#: How long the welcome stands on somebody's Home tab unless they end it.
WELCOME_LASTS = timedelta(days=1)


class Places:
    def __init__(self, context: Context) -> None:
        self._store, self._clock = context.store, context.clock

    async def listening(self, team_id: TeamId, channel_id: ChannelId) -> Listening | None:
        """Whether Kept listens in a channel, and who turned it on; nowhere where an admin switched listening off."""

        def work(tx: Transaction) -> Listening | None:
            latest = tx.retention.choices(1, LISTENING)
            return None if latest and latest[0].value == "off" else tx.surfaces.listening(channel_id)

        return await self._store.read(team_id, work)

    async def listen(self, team_id: TeamId, channel_id: ChannelId, by: UserId) -> Listening:
        """Turns it on; who turned it on first stays named."""
        setting = Listening(channel_id, by, self._clock.now())
        await self._store.write(team_id, lambda tx: tx.surfaces.listen(setting))
        return await self.listening(team_id, channel_id) or setting

    async def stop_listening(self, team_id: TeamId, channel_id: ChannelId) -> None:
        await self._store.write(team_id, lambda tx: tx.surfaces.stop_listening(channel_id))

    async def is_welcomed(self, team_id: TeamId, person: UserId) -> bool:
        """Whether to welcome somebody now: on the day they first open the Home tab, until they have had enough."""
        now = self._clock.now()
        known = await self._store.read(team_id, lambda tx: tx.surfaces.welcome(person))
        if known is None:
            await self._store.write(team_id, lambda tx: tx.surfaces.note_welcome(person, now))
            known = Welcome(now)
        return not known.is_over and now - known.first_at < WELCOME_LASTS

    async def end_welcome(self, team_id: TeamId, person: UserId) -> None:
        await self._store.write(team_id, lambda tx: tx.surfaces.end_welcome(person))
