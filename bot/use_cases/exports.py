"""One's own promises taken along: as rows, as a calendar, and at a private address that can be revoked."""

import hashlib
import secrets
from collections.abc import Callable

from bot.domain.errors import KeptError, NotFoundError
from bot.domain.export import in_calendar, rows
from bot.domain.outcomes import Past
from bot.domain.promise import Promise, TeamId, UserId
from bot.ports import Feed, Transaction
from bot.use_cases.context import Context
from bot.use_cases.people import People

#: How many closed promises an export goes back.
LOOK_BACK = 10_000


class Exports:
    """`public_url` is where Kept is reached from outside, empty where it is not; without `people` no feed is read."""

    def __init__(
        self,
        context: Context,
        public_url: str = "",
        new_secret: Callable[[], str] = secrets.token_urlsafe,
        people: People | None = None,
    ) -> None:
        self._store, self._clock = context.store, context.clock
        self._new_secret = new_secret
        self._people = people
        self._public_url = public_url.rstrip("/")

    async def open_feed(self, team_id: TeamId, person: UserId) -> str:
        """A new private address, without its ending; any earlier one is void from now on.

        Raises NotFoundError where Kept has no address that a calendar could reach.
        """
        if not self._public_url:
            raise NotFoundError(
                "A calendar could not reach me: whoever runs Kept must set PUBLIC_URL, or can run kept export for you."
            )
        secret = self._new_secret()
        feed = Feed(person, _hash(secret), self._clock.now())
        await self._store.write(team_id, lambda tx: tx.feeds.save(feed))
        return f"{self._public_url}/mine/{team_id}/{secret}"

    async def close_feed(self, team_id: TeamId, person: UserId) -> None:
        await self._store.write(team_id, lambda tx: tx.feeds.remove(person))

    async def owner_of(self, team_id: TeamId, secret: str) -> UserId | None:
        """Whose address it is; None when it is nobody's, or no more, or its owner's account was closed."""
        feed = await self._store.read(team_id, lambda tx: tx.feeds.with_secret(_hash(secret)))
        if feed is None or self._people is None:
            return None
        try:  # asked of Slack once a day, should it not have said that the account was closed
            return None if (await self._people.of(team_id, feed.person)).is_gone else feed.person
        except KeptError:
            return None

    async def table(self, team_id: TeamId, person: UserId) -> list[tuple[str, ...]]:
        """All that somebody ever owed, as rows under a head."""

        def work(tx: Transaction) -> list[tuple[str, ...]]:
            pasts = tx.records.of_owner(person, LOOK_BACK)
            others = {past.promise.requester_id for past in pasts}
            names = {each: known.name for each in others if (known := tx.people.get(each))}
            return rows(pasts, names)

        return await self._store.read(team_id, work)

    async def calendar(self, team_id: TeamId, person: UserId) -> tuple[Promise, ...]:
        """What somebody has still to deliver."""
        pasts: tuple[Past, ...] = await self._store.read(team_id, lambda tx: tx.records.of_owner(person, 0))
        return in_calendar(pasts)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
