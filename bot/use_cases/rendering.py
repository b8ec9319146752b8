"""What a delivery says by now, if anything: read from the books as they are at the moment of sending."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.acts import State
from bot.domain.asides import Aside
from bot.domain.clashes import ClashSeen
from bot.domain.deciding import Entry
from bot.domain.digests import Chance
from bot.domain.people import is_person
from bot.domain.promise import Promise, PromiseId, UserId
from bot.domain.recurring import Series
from bot.domain.reminders import GATHERED, OF_ONE, Kind
from bot.ports import Delivery, DeliveryId, Gathering, Message, Side, Told, Transaction, Voice
from bot.use_cases.absences import question_behind
from bot.use_cases.asides import asides_of
from bot.use_cases.briefing import begin_brief, brief_of
from bot.use_cases.bundling import ALONE, course_of, gather, is_wanted, may_be_told, still_told_in, told_in
from bot.use_cases.chains import shock_behind
from bot.use_cases.clashing import clash_behind
from bot.use_cases.context import Context
from bot.use_cases.digests import Digests, chances_naming
from bot.use_cases.reading import Reading
from bot.use_cases.refusals import Refusals

#: Of how many promises a word about somebody out of reach tells.
NAMED = 50


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
    that it tells. `is_wanted` and `is_alone` say whether the delivery itself is still worth saying, and in a message of
    its own.
    """

    promise: Promise
    history: tuple[Entry, ...]
    standing: tuple[Delivery, ...] = ()
    asides: Mapping[DeliveryId, tuple[Aside, ...]] = field(default_factory=dict)
    chances: tuple[tuple[Delivery, Chance], ...] = ()
    gathered: tuple[Gathering, ...] = ()
    is_wanted: bool = True
    is_alone: bool = True
    series: Series | None = None


class Rendering:
    """Puts deliveries into words; one that has nothing to say any more is ended here."""

    def __init__(self, context: Context, voice: Voice, digests: Digests, refusals: Refusals) -> None:
        self._store, self._clock, self._new_id = context.store, context.clock, context.new_id
        self._reading = Reading(context.store)
        self._voice = voice
        self._digests = digests
        self._refusals = refusals
        #: What is in this process's hand and was left to another message while it waited for its turn.
        self._left: set[tuple[DeliveryId, int]] = set()

    async def of(self, delivery: Delivery, behind: Sequence[Delivery] = ()) -> Rendered | None:
        """None when it was ended, held or left to another message instead.

        `behind` are deliveries to the same person in this process's hand that it has not begun. Raises ValueError for a
        redrawing, which is no message of its own.
        """
        if delivery.kind in OF_ONE:
            return await self._of_promise(delivery, behind)
        if delivery.kind in GATHERED:
            return await self._gathered(delivery, behind)
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

    async def subject(self, delivery: Delivery, behind: Sequence[Delivery] = ()) -> Subject | None:
        """What the delivery is about; None when there is nothing any more."""
        promise_id, now = delivery.promise_id, self._clock.now()
        if promise_id is None:
            return None

        def work(tx: Transaction) -> Subject | None:
            promise = tx.promises.get(promise_id)
            if promise is None or (promise.state is State.UNDONE and delivery.kind is not Kind.REFRESH):
                return None  # undone means as if never made: what was not said yet stays unsaid
            redraws = delivery.kind is Kind.REFRESH
            shown = tx.deliveries.shown(promise.id) if redraws else ()
            of_it_alone = tuple(row for row in shown if row.kind not in (Kind.CHAIN, Kind.SERIES, Kind.CLASH))
            history = tx.promises.history(promise_id)
            asides = {row.id: asides_of(tx, row, promise, history, now) for row in (delivery, *of_it_alone)}
            chances = chances_naming(tx, promise.id) if redraws else ()
            telling = tx.bundles.telling_of(promise.id) if redraws else ()
            gathered = tuple(_as_it_stands(tx, row, now) for row in telling)
            wanted = is_wanted(tx, Told(delivery, promise, history), now)
            is_full = any(isinstance(aside, ClashSeen) for aside in asides[delivery.id])
            may_join = wanted and may_be_told(delivery) and not is_full
            alone = not may_join or course_of(tx, delivery, behind, now) == ALONE
            series = tx.series.get(promise.series_id) if promise.series_id else None
            return Subject(promise, history, of_it_alone, asides, chances, gathered, wanted, alone, series)

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
        yield from ((row, self.again(row, subject, now)) for row in subject.standing)
        yield from ((row, self._voice.last_chance(chance, now)) for row, chance in subject.chances)
        yield from ((each.message, self._voice.gathered(each, now)) for each in subject.gathered)

    async def _of_promise(self, delivery: Delivery, behind: Sequence[Delivery]) -> Rendered | None:
        if (delivery.id, delivery.attempt) in self._left:
            self._left.discard((delivery.id, delivery.attempt))
            return None
        subject, now = await self.subject(delivery, behind), self._clock.now()
        if subject is None or not subject.is_wanted:
            await self._end(delivery, "moot")
            return None
        if not subject.is_alone:

            def leave(tx: Transaction) -> frozenset[DeliveryId]:
                return gather(tx, delivery, behind, self._new_id, now)

            left = await self._store.write(delivery.team_id, leave)
            self._left |= {(row.id, row.attempt) for row in behind if row.id in left}
            if delivery.id in left:
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
        if content is None or content.is_empty:
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

    async def _gathered(self, delivery: Delivery, behind: Sequence[Delivery]) -> Rendered | None:
        now, left = self._clock.now(), frozenset[DeliveryId]()

        def work(tx: Transaction) -> Gathering:
            nonlocal left
            if delivery.kind is Kind.BRIEF:
                left = begin_brief(tx, delivery, behind, now, lambda: DeliveryId(self._new_id()))
            day = brief_of(tx, delivery, now) if delivery.kind is Kind.BRIEF else None
            gathering = Gathering(delivery, _with_asides(tx, still_told_in(tx, delivery, now), now), day)
            if gathering.is_empty:
                tx.deliveries.record_done(delivery, "moot", now)
            return gathering

        gathering = await self._store.write(delivery.team_id, work)
        self._left |= {(row.id, row.attempt) for row in behind if row.id in left}
        if gathering.is_empty:
            return None
        seqs = {told.promise.id: told.promise.seq for told in gathering.told}
        return Rendered(self._voice.gathered(gathering, now), seqs=seqs)

    async def _trouble(self, delivery: Delivery) -> Rendered:
        reader = UserId(delivery.to)
        promises = await self._store.read(delivery.team_id, lambda tx: tx.promises.concerning(reader, Side.ALL, NAMED))
        return Rendered(self._voice.trouble(delivery, promises, self._clock.now()))

    async def _end(self, delivery: Delivery, why: str) -> None:
        now = self._clock.now()
        await self._store.write(delivery.team_id, lambda tx: tx.deliveries.record_done(delivery, why, now))


def _as_it_stands(tx: Transaction, message: Delivery, now: datetime) -> Gathering:
    day = brief_of(tx, message, now) if message.kind is Kind.BRIEF else None
    return Gathering(message, _with_asides(tx, told_in(tx, message), now), day)


def _with_asides(tx: Transaction, told: Sequence[Told], now: datetime) -> tuple[Told, ...]:
    return tuple(replace(one, asides=asides_of(tx, one.row, one.promise, one.history, now)) for one in told)


def fingerprint(message: Message) -> str:
    """A short hash of what a message shows: equal messages need no redrawing."""
    text, blocks = message.written
    return hashlib.sha256(f"[{text}, {blocks}]".encode()).hexdigest()[:16]
