"""Choices of admins for the whole workspace: retention, listening, channels of digests; and the audit of them."""

from bot.domain.digest_channels import DIGEST_CHANNELS, DigestChannels, read_digest_channels
from bot.domain.errors import NotAllowedError
from bot.domain.promise import TeamId, UserId
from bot.domain.retention import Retention, read_retention
from bot.language import _
from bot.ports import Transaction
from bot.ports.retention import Change, Choice
from bot.use_cases.context import Context
from bot.use_cases.digests import Digests, digest_channels
from bot.use_cases.places import LISTENING, may_listen
from bot.use_cases.preferences import PreferenceChanges
from bot.use_cases.retention import RETENTION, retention_of

#: How many admin decisions the audit shows.
CHOICES_SHOWN = 20
#: How many are read, to know what was in force before each.
CHOICES_READ = 1000
#: What is in force before an admin chooses anything, by the name of the choice.
_AT_FIRST = {RETENTION: Retention().written(), LISTENING: "on", DIGEST_CHANNELS: DigestChannels().written()}


class AdminChoices:
    def __init__(self, context: Context, preference_changes: PreferenceChanges, digests: Digests) -> None:
        self._store, self._clock, self._new_id = context.store, context.clock, context.new_id
        self._preference_changes, self._digests = preference_changes, digests

    async def retention(self, team_id: TeamId) -> Retention:
        return await self._store.read(team_id, retention_of)

    async def choose_retention(self, team_id: TeamId, by: UserId, text: str) -> Retention:
        """Save how long an admin's workspace keeps promises.

        Raises NotAllowedError for anyone else, UnreadableError for text that is no retention period.
        """
        await self._preference_changes.check_admin(team_id, by)
        chosen = read_retention(text)
        await self._store.write(team_id, lambda tx: self._note(tx, by, RETENTION, chosen.written()))
        return chosen

    async def allow_listening(self, team_id: TeamId, by: UserId, *, is_allowed: bool) -> None:
        """Save whether Kept may listen in the workspace's channels at all.

        Raises NotAllowedError for anyone but admins.
        """
        await self._preference_changes.check_admin(team_id, by)
        value = "on" if is_allowed else "off"
        await self._store.write(team_id, lambda tx: self._note(tx, by, LISTENING, value))

    async def digest_channels(self, team_id: TeamId) -> DigestChannels:
        return await self._store.read(team_id, digest_channels)

    async def choose_digest_channels(self, team_id: TeamId, by: UserId, text: str) -> tuple[DigestChannels, int]:
        """Save in which channels digests may be posted; return that, and how many digests elsewhere it ended.

        Raises NotAllowedError for anyone but admins, UnreadableError for text that names no channels.
        """
        await self._preference_changes.check_admin(team_id, by)
        chosen = read_digest_channels(text)

        def work(tx: Transaction) -> int:
            self._note(tx, by, DIGEST_CHANNELS, chosen.written())
            return self._digests.restrict(tx, chosen)

        return chosen, await self._store.write(team_id, work)

    async def check_listening(self, team_id: TeamId) -> None:
        """Raise NotAllowedError if an admin switched listening off for the whole workspace."""
        if not await self._store.read(team_id, may_listen):
            raise NotAllowedError(_("An admin switched listening off for this workspace. They can allow it again."))

    async def audit(self, team_id: TeamId, by: UserId) -> tuple[Change, ...]:
        """Return the admins' decisions with what was in force before, the latest first.

        Raises NotAllowedError for anyone but admins.
        """
        await self._preference_changes.check_admin(team_id, by)
        made = await self._store.read(team_id, lambda tx: tx.retention.choices(CHOICES_READ))
        changes, in_force = [], dict(_AT_FIRST)
        for choice in reversed(made):
            changes.append(Change(choice, in_force.get(choice.name, "")))
            if choice.name in _AT_FIRST:
                in_force[choice.name] = choice.value
        return tuple(changes[: -CHOICES_SHOWN - 1 : -1])

    def _note(self, tx: Transaction, by: UserId, name: str, value: str) -> None:
        tx.retention.choose(self._new_id(), Choice(name, value, by, self._clock.now()))
