"""Access tokens: created and revoked by people in Slack, checked at each request."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.access_tokens import (
    MAX_TOKENS,
    AccessToken,
    Scope,
    TokenParts,
    checked_name,
    checked_scopes,
    read_token,
    secret_hash,
)
from bot.domain.errors import KeptError, NotFoundError, TooManyError
from bot.domain.people import WORKSPACE
from bot.domain.promise import TeamId, UserId
from bot.language import _
from bot.ports import Transaction
from bot.ports.retention import Choice
from bot.use_cases.context import Context
from bot.use_cases.people import People
from bot.use_cases.preferences import PreferenceChanges

#: `last_used_at` is written at most this often, so that reading causes few writes.
USED_EVERY = timedelta(minutes=1)
#: The audit's name for workspace tokens.
AUDITED = "workspace token"


@dataclass(frozen=True, slots=True)
class Holder:
    """The identity of a request. `person` is None for a workspace's token, which only reads what its scopes allow."""

    team_id: TeamId
    token_id: str
    person: UserId | None
    scopes: frozenset[Scope]


class TokenAccess:
    def __init__(self, context: Context, people: People, preference_changes: PreferenceChanges) -> None:
        self._store, self._clock, self._new_id = context.store, context.clock, context.new_id
        self._people, self._preference_changes = people, preference_changes

    async def make(self, team_id: TeamId, person: UserId, name: str) -> str:
        """Create a token that acts as the person and return it; it is shown once, since only its hash is stored.

        Raises UnreadableError for an invalid name, TooManyError, NotFoundError for a bot or a closed account.
        """
        await self._people.colleague(team_id, person)
        return await self._add(team_id, person, person, name, frozenset())

    async def make_for_workspace(self, team_id: TeamId, by: UserId, name: str, scopes: frozenset[Scope]) -> str:
        """Create a token that reads for the workspace what its scopes allow; the audit records who created it.

        Raises NotAllowedError for anyone but admins, and what `make` raises.
        """
        await self._preference_changes.check_admin(team_id, by)
        return await self._add(team_id, WORKSPACE, by, name, checked_scopes(scopes))

    async def revoke(self, team_id: TeamId, by: UserId, token_id: str) -> None:
        """Delete a token of one's own, or as an admin one of the workspace's.

        Raises NotFoundError for another person's, NotAllowedError for a workspace's if not an admin.
        """
        token = await self._store.read(team_id, lambda tx: tx.access.token(token_id))
        if token is None or token.person not in (by, WORKSPACE):
            raise NotFoundError(_("That token is gone already. Nothing can be done with it."))
        if not token.is_personal:
            await self._preference_changes.check_admin(team_id, by)

        def work(tx: Transaction) -> None:
            tx.access.remove_token(token_id)
            if not token.is_personal:
                self._audit(tx, by, f"revoked {token.name}")

        await self._store.write(team_id, work)

    async def listed(self, team_id: TeamId, person: UserId) -> tuple[AccessToken, ...]:
        """Return one's own tokens, the oldest first."""
        return await self._store.read(team_id, lambda tx: tx.access.tokens_of(person))

    async def listed_for_workspace(self, team_id: TeamId, by: UserId) -> tuple[AccessToken, ...]:
        """Return the workspace's tokens, the oldest first. Raises NotAllowedError for no admin."""
        await self._preference_changes.check_admin(team_id, by)
        return await self.listed(team_id, WORKSPACE)

    async def holder_of(self, text: str) -> Holder | None:
        """Return the identity of a token; None if it is unknown or revoked, or its account was closed."""
        parts = read_token(text)
        if parts is None:
            return None
        token = await self._store.read(parts.team_id, lambda tx: tx.access.token(parts.id))
        if token is None or not token.fits(parts.secret):
            return None
        if token.is_personal and not await self._is_here(parts.team_id, token.person):
            return None
        now = self._clock.now()
        if token.last_used_at is None or now - token.last_used_at >= USED_EVERY:
            await self._store.write(parts.team_id, lambda tx: tx.access.note_token_used(parts.id, now))
        return Holder(parts.team_id, token.id, token.person or None, token.scopes)

    async def _is_here(self, team_id: TeamId, person: UserId) -> bool:
        """Return whether the account is open. Slack is asked once a day at most, in case no event reported it."""
        try:
            return not (await self._people.of(team_id, person)).is_gone
        except KeptError:
            return False

    async def _add(self, team_id: TeamId, person: UserId, by: UserId, name: str, scopes: frozenset[Scope]) -> str:
        parts = TokenParts(team_id, secrets.token_hex(8), secrets.token_hex(32))
        token = AccessToken(
            parts.id, person, checked_name(name), secret_hash(parts.secret), scopes, by, self._clock.now()
        )

        def work(tx: Transaction) -> None:
            if len(tx.access.tokens_of(person)) >= MAX_TOKENS:
                raise TooManyError(
                    _("There are {most_tokens} tokens already. Revoke one that is no longer used.").format(
                        most_tokens=MAX_TOKENS
                    ),
                    "name",
                )
            tx.access.add_token(token)
            if person == WORKSPACE:
                self._audit(tx, by, f"made {token.name} for {' and '.join(sorted(scopes))}")

        await self._store.write(team_id, work)
        return parts.written()

    def _audit(self, tx: Transaction, by: UserId, what: str) -> None:
        tx.retention.choose(self._new_id(), Choice(AUDITED, what, by, self._clock.now()))
