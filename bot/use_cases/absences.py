"""Time off: entered by the person, or taken from a Slack status once they confirm it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.absences import added, coming, without_today
from bot.domain.errors import NotFoundError
from bot.domain.habits import Absence
from bot.domain.kinds import Kind, Planned
from bot.domain.promise import TeamId, UserId
from bot.domain.statuses import SlackStatus, StatusQuestion, absence_of
from bot.language import N_, _
from bot.ports import Delivery, Side, Transaction
from bot.use_cases.clashes import Clashes, clashes_of, notify_of_clashes
from bot.use_cases.context import Context
from bot.use_cases.outbox import owe
from bot.use_cases.people import People, hours_of

TOO_OLD = N_("That question was about an earlier status, or is answered already. `/promise away` lists your days off.")


@dataclass(frozen=True, slots=True)
class AddedAbsence:
    """The absence that was added, and the promises whose deadline falls on a day off only since then."""

    absence: Absence
    clashes: Clashes = ()


class Absences:
    def __init__(self, context: Context, people: People) -> None:
        self._store, self._clock = context.store, context.clock
        self._new_delivery, self._wake = context.new_delivery, context.wake
        self._people = people

    async def of(self, team_id: TeamId, person: UserId) -> tuple[Absence, ...]:
        """Return a person's current and future absences, the earliest first."""
        today = await self._today(team_id, person)
        return coming(await self._store.read(team_id, lambda tx: tx.absences.of(person)), today)

    async def add(self, team_id: TeamId, person: UserId, absence: Absence) -> AddedAbsence:
        """Add an absence and reschedule the person's open promises in the same transaction.

        Raises UnreadableError when the person has too many absences.
        """
        today = await self._today(team_id, person)
        noted = await self._store.write(team_id, lambda tx: self._add(tx, person, absence, today))
        self._moved(team_id, person)
        return noted

    async def remove(self, team_id: TeamId, person: UserId, first_on: date | None = None) -> tuple[Absence, ...]:
        """Remove the absence that begins on `first_on`, or all current and future ones; return the removed ones."""
        today = await self._today(team_id, person)

        def fits(each: Absence) -> bool:
            return each.last_on >= today and first_on in (None, each.first_on)

        return await self._change(team_id, person, lambda all_: tuple(each for each in all_ if not fits(each)))

    async def come_back(self, team_id: TeamId, person: UserId) -> tuple[Absence, ...]:
        """End the absence that covers today; return the promises and absences that changed."""
        today = await self._today(team_id, person)
        return await self._change(team_id, person, lambda all_: without_today(all_, today))

    async def ask(self, team_id: TeamId, person: UserId, status: SlackStatus) -> None:
        """Ask a person with open promises whether their Slack status means time off. One question per status."""

        def work(tx: Transaction) -> None:
            known = tx.people.get(person)
            if known is None or known.is_bot or known.is_gone:
                return
            now, before = self._clock.now(), tx.absences.asked(person)
            absence = absence_of(status, known.hours, now)
            if absence is None or (before and before.mark == status.mark) or _covers(known.absences, absence):
                return
            if tx.promises.concerning(person, Side.ALL, 1):
                tx.absences.ask(person, StatusQuestion(status.mark, absence))
                # An earlier question is obsolete, and its row would collide with this one in the same minute.
                tx.deliveries.cancel(None, Kind.AWAY, person)
                owe(tx, None, [Planned(Kind.AWAY, person, now, status.mark)], self._new_delivery)

        await self._store.write(team_id, work)
        self._wake()

    async def answer(self, team_id: TeamId, person: UserId, mark: str, *, yes: bool) -> AddedAbsence:
        """Record the answer to a status question. The same answer twice counts once.

        Raises NotFoundError if another question was asked since, or this one was answered.
        """
        today = await self._today(team_id, person)

        def work(tx: Transaction) -> AddedAbsence:
            tx.absences.of(person, for_change=True)
            asked = tx.absences.asked(person)
            if asked is None or asked.mark != mark or asked.is_answered or asked.absence.last_on < today:
                raise NotFoundError(_(TOO_OLD))
            tx.absences.ask(person, replace(asked, is_answered=True))
            return self._add(tx, person, asked.absence, today) if yes else AddedAbsence(asked.absence)

        noted = await self._store.write(team_id, work)
        self._moved(team_id, person)
        return noted

    def _add(self, tx: Transaction, person: UserId, absence: Absence, today: date) -> AddedAbsence:
        now, noted = self._clock.now(), tx.absences.of(person, for_change=True)
        before = clashes_of(tx, person, now)
        tx.absences.write(person, added(noted, absence, today))
        return AddedAbsence(absence, notify_of_clashes(tx, person, now, self._new_delivery, before, is_in_reply=True))

    async def _change(
        self, team_id: TeamId, person: UserId, change: Callable[[tuple[Absence, ...]], tuple[Absence, ...]]
    ) -> tuple[Absence, ...]:
        def work(tx: Transaction) -> tuple[Absence, ...]:
            noted, now = tx.absences.of(person, for_change=True), self._clock.now()
            after = change(noted)
            if after != noted:
                before = clashes_of(tx, person, now)
                tx.absences.write(person, after)
                notify_of_clashes(tx, person, now, self._new_delivery, before)
            return tuple(each for each in noted if each not in after)

        gone = await self._store.write(team_id, work)
        self._moved(team_id, person)
        return gone

    async def _today(self, team_id: TeamId, person: UserId) -> date:
        me = await self._people.of(team_id, person)
        return me.hours.local(self._clock.now()).date()

    def _moved(self, team_id: TeamId, person: UserId) -> None:
        self._people.forget_cached(team_id, person)
        self._wake()


def _covers(absences: tuple[Absence, ...], asked: Absence) -> bool:
    return any(each.first_on <= asked.first_on and asked.last_on <= each.last_on for each in absences)


def question_of_delivery(tx: Transaction, delivery: Delivery, now: datetime) -> Absence | None:
    """Return the status question that a delivery asks; None once it is answered or replaced."""
    reader = UserId(delivery.to)
    asked, today = tx.absences.asked(reader), hours_of(tx, reader).local(now).date()
    if asked is None or asked.mark != delivery.occasion or asked.is_answered or asked.absence.last_on < today:
        return None
    return asked.absence
