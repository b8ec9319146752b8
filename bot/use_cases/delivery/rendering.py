"""What a delivery says by now, if anything: read from the books as they are at the moment of sending."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.acts import State
from bot.domain.agenda import is_still_true
from bot.domain.asides import Aside
from bot.domain.brief import Brief, brief
from bot.domain.deciding import Entry
from bot.domain.digests import Chance
from bot.domain.kinds import Kind, Way
from bot.domain.ordering import place_of
from bot.domain.people import is_person
from bot.domain.promise import Promise, PromiseId, UserId
from bot.domain.recurring import Series
from bot.ports import Delivery, DeliveryId, Gathering, Message, Side, Told, Transaction, Voice
from bot.use_cases.absences import question_behind
from bot.use_cases.asides import asides_of
from bot.use_cases.chains import shock_behind
from bot.use_cases.clashing import clash_behind
from bot.use_cases.context import Context
from bot.use_cases.delivery.preloading import Reading
from bot.use_cases.delivery.refusals import Refusals
from bot.use_cases.digests import Digests, chances_naming
from bot.use_cases.people import habits_of

#: Most promises that a message about an unreachable person lists.
MAX_PROMISES_LISTED = 50
#: How many open promises a brief looks at, the nearest deadline first.
MAX_PROMISES_BRIEFED = 500
#: Kinds that a promise's redrawing leaves as they were said.
_NOT_REDRAWN = frozenset({Kind.CHAIN, Kind.SERIES, Kind.CLASH})


@dataclass(frozen=True, slots=True)
class Rendered:
    """What will be said, and the `seq` of each promise it was said of: of the one, or of all that it tells."""

    message: Message
    seq: int = 0
    seqs: Mapping[PromiseId, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Subject:
    """A promise, its history and series, what of it stands in Slack, and what its readers alone are told beside it.

    `chances` are the last chances that name it and `gathered` the messages that tell it, among others, each with all
    that it tells. `is_true` says whether the delivery itself still is.
    """

    promise: Promise
    history: tuple[Entry, ...]
    standing: tuple[Delivery, ...] = ()
    asides: Mapping[DeliveryId, tuple[Aside, ...]] = field(default_factory=dict)
    chances: tuple[tuple[Delivery, Chance], ...] = ()
    gathered: tuple[Gathering, ...] = ()
    is_true: bool = True
    series: Series | None = None


class Rendering:
    """Puts deliveries into words; one that has nothing to say any more is ended here."""

    def __init__(self, context: Context, voice: Voice, digests: Digests, refusals: Refusals) -> None:
        self._store, self._clock, self._new_id = context.store, context.clock, context.new_id
        self._reading = Reading(context.store)
        self._voice = voice
        self._digests = digests
        self._refusals = refusals

    async def of(self, delivery: Delivery) -> Rendered | None:
        """Put a delivery into words; return None when it has nothing to say any more and was ended.

        Raises ValueError for a redrawing, which is no message of its own.
        """
        if delivery.kind.rule.speaks_of_one:
            return await self._of_promise(delivery)
        if delivery.kind.rule.way is Way.GATHERED:
            return await self._gathered(delivery)
        match delivery.kind:
            case Kind.DIGEST:
                return await self._digest(delivery)
            case Kind.DETAILS:
                return await self._details(delivery)
            case Kind.LAST_CHANCE:
                return await self._last_chance(delivery)
            case Kind.TROUBLE:
                return await self._trouble(delivery)
            case Kind.CHAIN:
                return await self._chain(delivery)
            case Kind.SERIES:
                return await self._series_over(delivery)
            case Kind.CLASH:
                return await self._clash(delivery)
            case Kind.AWAY:
                return await self._away(delivery)
            case _:
                raise ValueError(f"A {delivery.kind.value} is no message of its own.")

    async def subject(self, delivery: Delivery) -> Subject | None:
        """Read what the delivery is about; return None when there is nothing any more."""
        promise_id, now = delivery.promise_id, self._clock.now()
        if promise_id is None:
            return None

        def work(tx: Transaction) -> Subject | None:
            promise = tx.promises.get(promise_id)
            if promise is None or (promise.state is State.UNDONE and delivery.kind is not Kind.REFRESH):
                return None  # undone means as if never made: what was not said yet stays unsaid
            redraws = delivery.kind is Kind.REFRESH
            shown = tx.deliveries.shown(promise.id) if redraws else ()
            of_it_alone = tuple(row for row in shown if row.kind not in _NOT_REDRAWN)
            history = tx.promises.history(promise_id)
            asides = {row.id: asides_of(tx, row, promise, history, now) for row in (delivery, *of_it_alone)}
            chances = chances_naming(tx, promise.id) if redraws else ()
            telling = tx.agendas.telling_of(promise.id) if redraws else ()
            gathered = tuple(_as_it_stands(tx, row, now) for row in telling)
            is_true = is_still_true(delivery.kind, delivery.occasion, promise, now)
            series = tx.series.get(promise.series_id) if promise.series_id else None
            return Subject(promise, history, of_it_alone, asides, chances, gathered, is_true, series)

        return await self._reading.of(delivery.team_id, promise_id, work)

    def again(self, standing: Delivery, subject: Subject, now: datetime) -> Message:
        """What a message would say by now, whether it stands in Slack or not."""
        message = self._voice.speak(standing, subject.promise, subject.history, now)
        if subject.series:
            message = self._voice.recurring(message, subject.series, standing)
        asides = subject.asides.get(standing.id, ())
        return self._voice.beside(message, asides, subject.promise) if asides else message

    def redrawn(self, subject: Subject, now: datetime) -> Iterator[tuple[Delivery, Message]]:
        """Every message that stands in Slack and tells of the promise, as it would be by now."""
        newest = _newest(subject)
        for row in subject.standing:
            is_older = is_person(row.to) and (row.ts or "") < newest.get(row.to, "")
            shrunk = self._voice.shrunk(subject.promise, UserId(row.to), now) if is_older else None
            yield row, shrunk or self.again(row, subject, now)
        yield from ((row, self._voice.last_chance(chance, now)) for row, chance in subject.chances)
        yield from ((each.message, self._voice.gathered(each, now)) for each in subject.gathered)

    async def _of_promise(self, delivery: Delivery) -> Rendered | None:
        subject, now = await self.subject(delivery), self._clock.now()
        if subject is None or not subject.is_true:
            await self._end(delivery, "moot")
            return None
        return Rendered(self.again(delivery, subject, now), subject.promise.seq)

    async def _digest(self, delivery: Delivery) -> Rendered | None:
        if await self._digests.waits(delivery):
            return None
        composed = await self._digests.compose(delivery)
        if composed is None or composed[1].is_empty:

            def over(tx: Transaction) -> None:
                self._refusals.digest_over(tx, delivery, "nothing to say")

            await self._store.write(delivery.team_id, over)
            return None
        return Rendered(self._voice.digest(*composed, self._clock.now()))

    async def _details(self, delivery: Delivery) -> Rendered | None:
        content = await self._digests.details(delivery)
        if content is None or content.is_empty or not content.has_details:
            await self._end(delivery, "moot")
            return None
        return Rendered(self._voice.digest_details(content, self._clock.now()))

    async def _last_chance(self, delivery: Delivery) -> Rendered | None:
        """The channel's own finds out whom to tell; theirs tell them."""
        chances = await self._digests.chances(delivery)
        if chances and not is_person(delivery.to):
            owners = [chance.owner_id for chance in chances]
            await self._store.write(delivery.team_id, lambda tx: self._digests.tell_owners(tx, delivery, owners))
            return None
        mine = next((chance for chance in chances if chance.owner_id == delivery.to), None)
        if mine is None:
            await self._end(delivery, "moot")
            return None
        named = [promise.id for promise in mine.promises]
        await self._store.write(delivery.team_id, lambda tx: tx.digests.name_in(delivery.id, named))
        return Rendered(self._voice.last_chance(mine, self._clock.now()))

    async def _chain(self, delivery: Delivery) -> Rendered | None:
        shock = await self._store.read(delivery.team_id, lambda tx: shock_behind(tx, delivery))
        if shock is None or not shock.downstream.state.is_open or shock.downstream.owner_id != delivery.to:
            await self._end(delivery, "moot")
            return None
        return Rendered(self._voice.chain(shock), shock.downstream.seq)

    async def _clash(self, delivery: Delivery) -> Rendered | None:
        now = self._clock.now()
        found = await self._store.read(delivery.team_id, lambda tx: clash_behind(tx, delivery, now))
        if found is None:
            await self._end(delivery, "moot")
            return None
        promise, clash = found
        return Rendered(self._voice.clash(promise, clash, UserId(delivery.to)), promise.seq)

    async def _away(self, delivery: Delivery) -> Rendered | None:
        now = self._clock.now()
        absence = await self._store.read(delivery.team_id, lambda tx: question_behind(tx, delivery, now))
        if absence is None:
            await self._end(delivery, "moot")
            return None
        return Rendered(self._voice.away(delivery, absence))

    async def _series_over(self, delivery: Delivery) -> Rendered | None:
        about = delivery.promise_id
        series = await self._store.read(delivery.team_id, lambda tx: tx.series.get(about)) if about else None
        if series is None or series.ended_at is None:
            await self._end(delivery, "moot")
            return None
        return Rendered(self._voice.series_over(series, UserId(delivery.to)))

    async def _gathered(self, delivery: Delivery) -> Rendered | None:
        now = self._clock.now()

        def work(tx: Transaction) -> Gathering:
            all_told = told_in(tx, delivery)
            still = [one for one in all_told if is_still_true(one.row.kind, one.row.occasion, one.promise, now)]
            for one in all_told:
                if one not in still:
                    tx.agendas.leave_out(one.row)
            gathering = Gathering(delivery, _with_asides(tx, delivery, still, now), _day_of(tx, delivery, now))
            if gathering.is_empty:
                tx.deliveries.record_done(delivery, "moot", now)
            return gathering

        gathering = await self._store.write(delivery.team_id, work)
        if gathering.is_empty:
            return None
        seqs = {told.promise.id: told.promise.seq for told in gathering.told}
        return Rendered(self._voice.gathered(gathering, now), seqs=seqs)

    async def _trouble(self, delivery: Delivery) -> Rendered:
        reader = UserId(delivery.to)
        promises = await self._store.read(
            delivery.team_id, lambda tx: tx.promises.concerning(reader, Side.ALL, MAX_PROMISES_LISTED)
        )
        return Rendered(self._voice.trouble(delivery, promises, self._clock.now()))

    async def _end(self, delivery: Delivery, why: str) -> None:
        now = self._clock.now()
        await self._store.write(delivery.team_id, lambda tx: tx.deliveries.record_done(delivery, why, now))


def _newest(subject: Subject) -> Mapping[str, str]:
    """Return when the last message about a promise was said to each person, by Slack's own stamp.

    The buttons stand on that one alone; Slack's stamps have one length, so they compare as texts.
    """
    newest: dict[str, str] = {}
    for row in (*subject.standing, *(each.message for each in subject.gathered)):
        newest[row.to] = max(newest.get(row.to, ""), row.ts or "")
    return newest


def told_in(tx: Transaction, message: Delivery) -> list[Told]:
    """Return all that a gathered message tells, each with its promise, and the history where it is news."""
    rows = [row for row in tx.agendas.told_in(message.id) if row.promise_id]
    pasts = tx.records.those({row.promise_id for row in rows if row.promise_id})
    found = [(row, pasts.get(row.promise_id)) for row in rows if row.promise_id]
    return [Told(row, past.promise, past.history) for row, past in found if past]


def _as_it_stands(tx: Transaction, message: Delivery, now: datetime) -> Gathering:
    return Gathering(message, _with_asides(tx, message, told_in(tx, message), now), _day_of(tx, message, now))


def _day_of(tx: Transaction, message: Delivery, now: datetime) -> Brief | None:
    """Return what the day of a morning brief held when it was decided; nothing for one that another day overtook."""
    if message.kind is not Kind.BRIEF:
        return None
    reader = UserId(message.to)
    habits = habits_of(tx, reader)
    if message.ts is None and message.occasion != habits.hours.local(now).date().isoformat():
        return Brief()
    promises = tx.promises.concerning(reader, Side.ALL, MAX_PROMISES_BRIEFED)
    return brief(reader, promises, habits, message.planned_at or message.due_at)


def _with_asides(tx: Transaction, message: Delivery, told: Sequence[Told], now: datetime) -> tuple[Told, ...]:
    """Return all that a message tells, the most pressing first, each with what is said beside it."""
    hours = habits_of(tx, UserId(message.to)).hours
    ordered = sorted(told, key=lambda one: place_of(one.promise, hours))
    return tuple(replace(one, asides=asides_of(tx, one.row, one.promise, one.history, now)) for one in ordered)


def fingerprint(message: Message) -> str:
    """A short hash of what a message shows: equal messages need no redrawing."""
    text, blocks = message.written
    return hashlib.sha256(f"[{text}, {blocks}]".encode()).hexdigest()[:16]
