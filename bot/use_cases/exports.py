"""Export of one's own promises: as a table, as a calendar, and as a private feed that can be revoked."""

import secrets

from bot.domain.access_tokens import secret_hash
from bot.domain.errors import KeptError, NotFoundError
from bot.domain.export import in_calendar, rows
from bot.domain.outcomes import Past
from bot.domain.promise import Promise, TeamId, UserId
from bot.language import _
from bot.ports import Feed, Transaction
from bot.use_cases.context import Context
from bot.use_cases.people import People, language_to

#: How many closed promises an export includes.
LOOK_BACK = 10_000


class Exports:
    """`public_url` is where Kept is reached from outside, empty if it is not. Without `people` no feed is served."""

    def __init__(self, context: Context, public_url: str = "", people: People | None = None) -> None:
        self._store, self._clock = context.store, context.clock
        self._people = people
        self._public_url = public_url.rstrip("/")

    async def open_feed(self, team_id: TeamId, person: UserId) -> str:
        """Create a private feed and return its address without the extension; any earlier address stops working.

        Raises NotFoundError if no PUBLIC_URL is set.
        """
        if not self._public_url:
            raise NotFoundError(
                _(
                    "A calendar could not reach me: the person who runs Kept must set PUBLIC_URL, "
                    "or can run kept export for you."
                )
            )
        secret = secrets.token_urlsafe()
        feed = Feed(person, secret_hash(secret), self._clock.now())
        await self._store.write(team_id, lambda tx: tx.feeds.save(feed))
        return f"{self._public_url}/mine/{team_id}/{secret}"

    async def close_feed(self, team_id: TeamId, person: UserId) -> None:
        await self._store.write(team_id, lambda tx: tx.feeds.remove(person))

    async def owner_of(self, team_id: TeamId, secret: str) -> UserId | None:
        """Return the owner of a feed; None if it is unknown or revoked, or its owner's account is closed."""
        feed = await self._store.read(team_id, lambda tx: tx.feeds.with_secret(secret_hash(secret)))
        if feed is None or self._people is None:
            return None
        try:  # asks Slack at most once a day, in case no event reported the closed account
            return None if (await self._people.of(team_id, feed.person)).is_gone else feed.person
        except KeptError:
            return None

    async def table(self, team_id: TeamId, person: UserId) -> list[tuple[str, ...]]:
        """Return all promises that a person ever owed, as rows under a header."""

        def work(tx: Transaction) -> list[tuple[str, ...]]:
            pasts = tx.records.of_owner(person, LOOK_BACK)
            others = {past.promise.requester_id for past in pasts}
            names = {each: known.name for each in others if (known := tx.people.get(each))}
            return rows(pasts, names)

        return await self._store.read(team_id, work)

    async def language_of(self, team_id: TeamId, person: UserId) -> str:
        """Return the language in which a person reads their calendar."""
        return await self._store.read(team_id, lambda tx: language_to(tx, person))

    async def calendar(self, team_id: TeamId, person: UserId) -> tuple[Promise, ...]:
        """Return the promises that a person still has to deliver."""
        pasts: tuple[Past, ...] = await self._store.read(team_id, lambda tx: tx.records.of_owner(person, 0))
        return in_calendar(pasts)
