"""Promises read by other tools: page by page, or one with its history."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.acts import State
from bot.domain.promise import Promise, PromiseId, TeamId, UserId
from bot.ports import Transaction
from bot.ports.pages import PageQuery
from bot.use_cases.context import Context
from bot.use_cases.dependencies import visible_dependencies
from bot.use_cases.lookup import find, unknown_promise
from bot.use_cases.people import People
from bot.use_cases.promises import PromiseDetails


@dataclass(frozen=True, slots=True)
class Page:
    """One page of promises, and the start of the next page; None after the last."""

    promises: tuple[Promise, ...]
    after: tuple[datetime, int] | None


class Listings:
    """`viewer` is None for a workspace's token, which sees what was made in public."""

    def __init__(self, context: Context, people: People) -> None:
        self._store, self._people = context.store, people

    async def page(self, team_id: TeamId, viewer: UserId | None, asked: PageQuery) -> Page:
        """Return the promises that match, as far as the viewer may see them: a page may hold fewer than its limit."""
        one_more = replace(asked, limit=asked.limit + 1)
        found = await self._store.read(team_id, lambda tx: tx.pages.page(one_more))
        page, last = found[: asked.limit], found[asked.limit - 1 : asked.limit]
        after = (last[0].terms.due.at, last[0].number) if last and len(found) > asked.limit else None
        if viewer is None:
            return Page(tuple(each for each in page if not each.origin.is_private), after)
        return Page(await self._people.seen(team_id, viewer, page), after)

    async def in_public(self, team_id: TeamId, ref: PromiseId | int) -> PromiseDetails:
        """Return one promise that was made in public, with its history.

        Raises NotFoundError when there is none, in the words of one that does not exist.
        """

        def work(tx: Transaction) -> PromiseDetails:
            promise = find(tx, ref)
            if promise.origin.is_private or promise.state is State.UNDONE:
                raise unknown_promise(ref)
            needs = visible_dependencies(tx, promise.id, promise.requester_id)
            public = tuple(each for each in needs if not each.origin.is_private)
            return PromiseDetails(promise, tx.promises.history(promise.id), public)

        return await self._store.read(team_id, work)
