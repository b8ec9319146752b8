"""People's Slack profiles, cached for a day."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from dataclasses import replace
from datetime import timedelta

from bot.domain.errors import KeptError, NotFoundError, UnreachableError, UnreadableError
from bot.domain.habits import Habits
from bot.domain.leavers import NAME, has_left
from bot.domain.people import Person, is_called, is_person
from bot.domain.promise import Promise, TeamId, UserId
from bot.domain.working_time import WorkingHours
from bot.language import ENGLISH, N_, _, language_of, read_in
from bot.ports import Messenger, Transaction
from bot.use_cases.context import Context
from bot.use_cases.single_flight import SingleFlight

#: How long a profile is used before Slack is asked again.
FRESH_FOR = timedelta(days=1)
#: How long an older profile is used while a newer one is fetched; events report changes, too.
SERVES_FOR = timedelta(days=7)
#: How long a person is not read from the database again: another replica may have updated the row.
CACHED_FOR_S = 60.0
#: How many people are cached in memory.
MAX_CACHED = 10_000
#: With how many names a word is compared.
MAX_COMPARED = 2000
#: The reader of this task, if they were unknown when it began.
_NEW_READER: ContextVar[tuple[TeamId, UserId] | None] = ContextVar("new_reader", default=None)
STRANGER = N_(
    "I do not find that person here. Promises are between people of this workspace: pick a teammate from the list "
    "that Slack offers. For somebody outside it, promise it to yourself and name them in the words."
)


class People:
    """`changed` is called with the old and the new row of a person, within the transaction that writes it."""

    def __init__(
        self,
        context: Context,
        messenger: Messenger,
        changed: Callable[[Transaction, Person, Person], None] = lambda tx, before, after: None,
    ) -> None:
        self._store, self._clock = context.store, context.clock
        self._messenger = messenger
        self._changed = changed
        self._cached: dict[tuple[TeamId, UserId], Person] = {}
        self._cached_at: dict[tuple[TeamId, UserId], float] = {}  # monotonic
        self._loaded: dict[tuple[TeamId, UserId], Person] = {}
        self._loading: SingleFlight[Person | None] = SingleFlight()
        self._rows: SingleFlight[dict[UserId, Person]] = SingleFlight()
        self._refreshing: dict[tuple[TeamId, UserId], asyncio.Task[None]] = {}

    def cached(self, team_id: TeamId, user_id: UserId) -> Person | None:
        """Return a person from memory alone, for callers that may not wait for the database."""
        person = self._cached.get((team_id, user_id))
        return person if person and abs(self._clock.now() - person.fetched_at) < FRESH_FOR else None

    def fresh(self, team_id: TeamId, user_id: UserId) -> Person | None:
        """Return a cached person for whom neither the database nor Slack has to be read; None otherwise."""
        known = self.cached(team_id, user_id)
        return known if known and time.monotonic() - self._cached_at[team_id, user_id] < CACHED_FOR_S else None

    async def of(self, team_id: TeamId, user_id: UserId) -> Person:
        """Return a person, from the database while fresh; an older row is used when Slack cannot be reached.

        Raises NotFoundError for an id that Slack does not know, UnreachableError for an unknown person when Slack is
        down.
        """
        if has_left(user_id):
            return Person(team_id, user_id, NAME, self._clock.now(), is_gone=True)
        person = self.fresh(team_id, user_id)
        if person is None:
            person = await self._loading.run((team_id, user_id), lambda: self._of(team_id, user_id))
            if person is None:
                raise NotFoundError(_(STRANGER), user_id)
        if _NEW_READER.get() == (team_id, user_id):
            read_in(person.language)
        return person

    def _remember(self, person: Person) -> None:
        if len(self._cached) >= MAX_CACHED:
            self.forget_all_cached()
        someone = person.team_id, person.id
        self._cached[someone], self._cached_at[someone] = person, time.monotonic()

    async def load_all(self, team_id: TeamId) -> None:
        """Fetch all people of a workspace from Slack, so that no first command has to wait for it.

        Each profile fetched is used once, to write the row; later questions go to Slack.
        """
        for person in await self._messenger.people_of(team_id):
            self._loaded[team_id, person.id] = person

    async def refresh(self, team_id: TeamId, user_id: UserId) -> None:
        """Fetch a person's profile again after Slack reported a change, if they are known here."""
        self.forget_cached(team_id, user_id)
        if known := await self._store.read(team_id, lambda tx: tx.people.get(user_id)):
            fetched = await self._messenger.person(team_id, user_id)
            gone = replace(known, is_gone=True, fetched_at=self._clock.now())
            await self._store.write(team_id, lambda tx: self._saved(tx, fetched or gone))

    def forget_cached(self, team_id: TeamId, user_id: UserId) -> None:
        """Drop a person from memory."""
        self._cached.pop((team_id, user_id), None)
        self._loaded.pop((team_id, user_id), None)

    def forget_all_cached(self) -> None:
        """Drop everyone from memory."""
        self._cached.clear()
        self._cached_at.clear()
        self._loaded.clear()

    async def language_of(self, team_id: TeamId, user_id: UserId, named: Iterable[UserId] = ()) -> str:
        """Return the language that a person reads, without asking Slack; `named` are read with them, for later.

        For an unknown person that is English; this task goes on in their language once `of` has asked Slack.
        """
        if known := self.fresh(team_id, user_id):
            return known.language
        unread = (user_id, *(each for each in named if not self.fresh(team_id, each)))
        rows = await self._rows.run((team_id, unread), lambda: self._read(team_id, unread))
        for person in rows.values():
            if abs(self._clock.now() - person.fetched_at) < FRESH_FOR:
                self._remember(person)
        if user_id not in rows:
            _NEW_READER.set((team_id, user_id))
            return ENGLISH
        return rows[user_id].language

    async def _read(self, team_id: TeamId, people: Sequence[UserId]) -> dict[UserId, Person]:
        def work(tx: Transaction) -> dict[UserId, Person]:
            tx.people.prefetch(people)
            return {each: found for each in people if (found := tx.people.get(each))}

        return await self._store.read(team_id, work)

    async def _of(self, team_id: TeamId, user_id: UserId) -> Person | None:
        """Return a person, remembered from now on; None for one whom Slack does not know."""
        person = await self._found(team_id, user_id)
        if person:
            self._remember(person)
        return person

    async def _found(self, team_id: TeamId, user_id: UserId) -> Person | None:
        known = await self._store.read(team_id, lambda tx: tx.people.get(user_id))
        age = abs(self._clock.now() - known.fetched_at) if known else SERVES_FOR
        if known and age < SERVES_FOR:
            if age >= FRESH_FOR:
                self._refresh_in_background(team_id, user_id)
            return known
        loaded = self._loaded.pop((team_id, user_id), None)
        is_fresh = loaded and abs(self._clock.now() - loaded.fetched_at) < FRESH_FOR
        try:
            fetched = loaded if is_fresh else await self._messenger.person(team_id, user_id)
        except UnreachableError:
            if known:
                return known
            raise
        if fetched is None:
            return None
        return await self._store.write(team_id, lambda tx: self._saved(tx, fetched))

    def _refresh_in_background(self, team_id: TeamId, user_id: UserId) -> None:
        """Fetch a person's profile in the background, once."""
        someone = team_id, user_id

        async def refresh() -> None:
            with contextlib.suppress(KeptError):  # the older profile stays in use, and is fetched again later
                await self.refresh(team_id, user_id)

        if someone not in self._refreshing:
            self._refreshing[someone] = asyncio.create_task(refresh(), name="profile")
            self._refreshing[someone].add_done_callback(lambda _: self._refreshing.pop(someone))

    def _saved(self, tx: Transaction, fetched: Person) -> Person:
        """Save a profile and return it with the person's settings."""
        before = tx.people.get(fetched.id)
        tx.people.save(fetched)
        if before:
            self._changed(tx, before, fetched)
        return tx.people.get(fetched.id) or fetched

    async def seen(self, team_id: TeamId, viewer: UserId, promises: Sequence[Promise]) -> tuple[Promise, ...]:
        """Return the promises that a person may see.

        Of public promises, a guest sees those they are party to and those made in channels they are in, as in Slack.
        """
        visible = tuple(each for each in promises if each.is_visible_to(viewer))
        places = {each.origin.channel_id for each in visible if viewer not in each.parties}
        if not places or not (await self.of(team_id, viewer)).is_guest:
            return visible
        theirs = {each for each in places if viewer in await self._messenger.members(team_id, each)}
        return tuple(each for each in visible if viewer in each.parties or each.origin.channel_id in theirs)

    async def check_needs(self, team_id: TeamId, by: UserId, numbers: Sequence[int]) -> None:
        """Check that a guest names only dependencies that they may see; others are checked when it is recorded.

        Raises UnreadableError, with the text for a promise that does not exist.
        """
        if not numbers or not (await self.of(team_id, by)).is_guest:
            return
        named = await self._store.read(team_id, lambda tx: {each: tx.promises.numbered(each) for each in numbers})
        for number, needed in named.items():
            if needed is None or not await self.seen(team_id, by, (needed,)):
                raise UnreadableError(
                    _("There is no promise #{number} that you can see.").format(number=number), "needs"
                )

    async def with_handle(self, team_id: TeamId, handle: str) -> UserId:
        """Return the id behind a handle that was typed without Slack's autocompletion.

        Raises NotFoundError if no one has that handle.
        """
        found = await self._messenger.person_named(team_id, handle)
        if found is None:
            raise NotFoundError(
                _("I know nobody called @{handle} here. Pick a teammate from the list that @ offers.").format(
                    handle=handle
                )
            )
        return found

    async def with_first_name(self, team_id: TeamId, word: str) -> dict[UserId, str]:
        """Return the people known here whose first name a word is, with their names, in the order of these."""
        loaded = [each for each in self._loaded.values() if each.team_id == team_id]
        names = {each.id: each.name for each in loaded if not (each.is_bot or each.is_gone)}
        names |= await self._store.read(team_id, lambda tx: tx.people.names(MAX_COMPARED))
        return dict(
            sorted(((who, name) for who, name in names.items() if is_called(name, word)), key=lambda one: one[1])
        )

    async def names(self, team_id: TeamId, user_ids: Sequence[UserId]) -> dict[str, str]:
        """Return the names of those people that are known here; Slack is not asked."""
        cached: dict[str, str] = {each: found.name for each in user_ids if (found := self.cached(team_id, each))}
        rest = [each for each in user_ids if each not in cached]

        def work(tx: Transaction) -> dict[str, str]:
            return {each: found.name for each in rest if (found := tx.people.get(each))}

        return cached | (await self._store.read(team_id, work) if rest else {})

    async def colleague(self, team_id: TeamId, user_id: UserId) -> Person:
        """Return a person to whom a promise can be made.

        Raises NotFoundError for people of other companies, bots and closed accounts.
        """
        person = await self.of(team_id, user_id)
        if person.is_bot:
            raise NotFoundError(
                _("{name} is an app, and promises are between people. Name a colleague.").format(name=person.name),
                user_id,
            )
        if person.is_gone:
            raise NotFoundError(
                _("{name} is no longer in this workspace. Name somebody who is.").format(name=person.name), user_id
            )
        return person

    async def colleagues(self, team_id: TeamId, user_ids: Iterable[UserId]) -> list[Person]:
        """Return people to whom a promise can be made, in order; Slack is asked about all of them concurrently.

        Raises what `colleague` raises.
        """
        wanted = tuple(user_ids)
        if all(self.fresh(team_id, each) for each in wanted):  # a task per person would cost more than the lookups
            return [await self.colleague(team_id, each) for each in wanted]
        return await asyncio.gather(*(self.colleague(team_id, each) for each in wanted))


def hours_of(tx: Transaction, user_id: UserId) -> WorkingHours:
    """Return a person's stored working hours; the default if the person is unknown."""
    person = tx.people.get(user_id)
    return person.hours if person else WorkingHours()


def language_to(tx: Transaction, to: str) -> str:
    """Return the language of a message's reader; in a channel, the workspace's."""
    person = tx.people.get(UserId(to)) if is_person(to) else None
    return person.language if person else language_of("", tx.people.for_all().language)


def habits_of(tx: Transaction, user_id: UserId) -> Habits:
    """Return a person's stored hours and settings; the defaults if the person is unknown."""
    person = tx.people.get(user_id)
    return person.habits if person else Habits()
