"""Settings of one person, and an admin's defaults for everyone, with their effects on open promises."""

from functools import partial

from bot.domain.errors import NotAllowedError
from bot.domain.preferences import Preferences, changes_between
from bot.domain.promise import Promise, TeamId, UserId
from bot.language import N_, _
from bot.ports import Messenger, Transaction
from bot.ports.retention import Choice
from bot.use_cases.clashes import clashes_of, notify_of_clash, notify_of_clashes
from bot.use_cases.context import Context
from bot.use_cases.people import People

#: How many promises one transaction checks for clashes when an admin changes the defaults.
PROMISES_PER_TRANSACTION = 200
ADMINS_ALONE = N_(
    "Settings for the whole workspace are made by its owners and admins, as Slack lists them. Your own are yours: "
    "`/promise settings`."
)

#: The audit's name for the settings of everybody who has none of their own.
DEFAULTS = "settings for everybody"


class PreferenceChanges:
    def __init__(self, context: Context, people: People, messenger: Messenger) -> None:
        self._store, self._clock = context.store, context.clock
        self._new_id, self._new_delivery, self._wake = context.new_id, context.new_delivery, context.wake
        self._people = people
        self._messenger = messenger

    async def choose(self, team_id: TeamId, person: UserId, chosen: Preferences) -> None:
        """Save a person's settings and wake the agendas they affect.

        Raises NotFoundError for a person unknown to Slack.
        """
        await self._people.of(team_id, person)

        def work(tx: Transaction) -> None:
            now, known = self._clock.now(), tx.people.get(person)
            if known and known.preferences.country == chosen.country:
                tx.people.choose(person, chosen)
                tx.agendas.wake_around(person, now)  # the same days off: no deadline clashes that did not before
                return
            before = clashes_of(tx, person, now)
            tx.people.choose(person, chosen)
            notify_of_clashes(tx, person, now, self._new_delivery, before)

        await self._store.write(team_id, work)
        self._people.forget_cached(team_id, person)
        self._wake()

    async def for_all(self, team_id: TeamId, by: UserId) -> Preferences:
        """Return the defaults for everyone without settings of their own.

        Raises NotAllowedError for anyone who may not change them, UnreachableError when Slack cannot be asked.
        """
        await self.check_admin(team_id, by)
        return await self._store.read(team_id, lambda tx: tx.people.for_all())

    async def choose_for_all(self, team_id: TeamId, by: UserId, chosen: Preferences) -> None:
        """Save the defaults, and wake everyone's agenda.

        Another country's holidays may put deadlines on days off: both sides are notified, in separate transactions of
        PROMISES_PER_TRANSACTION. Raises what `for_all` raises.
        """
        await self.check_admin(team_id, by)

        def work(tx: Transaction) -> bool:
            before = tx.people.for_all()
            tx.people.choose_for_all(chosen, by, self._clock.now())
            if changed := changes_between(before, chosen):
                tx.retention.choose(self._new_id(), Choice(DEFAULTS, changed, by, self._clock.now()))
            tx.agendas.wake_all(self._clock.now())
            return before.country != chosen.country

        is_elsewhere = await self._store.write(team_id, work)
        last: Promise | None = None
        while is_elsewhere:
            batch = await self._store.write(team_id, partial(self._notify_of_clashes, last))
            last, is_elsewhere = (batch[-1] if batch else None), len(batch) == PROMISES_PER_TRANSACTION
        self._people.forget_all_cached()
        self._wake()

    def _notify_of_clashes(self, after: Promise | None, tx: Transaction) -> tuple[Promise, ...]:
        batch = tx.promises.open_after((after.terms.due.at, after.number) if after else None, PROMISES_PER_TRANSACTION)
        for each in batch:
            notify_of_clash(tx, each, self._clock.now(), self._new_delivery)
        return batch

    async def check_admin(self, team_id: TeamId, person: UserId) -> None:
        """Raise NotAllowedError unless Slack says, asked now, that the person is an admin."""
        known = await self._messenger.person(team_id, person)
        if known is None or not known.is_admin:
            raise NotAllowedError(_(ADMINS_ALONE))
