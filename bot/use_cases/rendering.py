"""What a delivery says by now, if anything: read from the books as they are at the moment of sending."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from bot.domain.acts import State
from bot.domain.asides import Aside
from bot.domain.deciding import Entry
from bot.domain.digests import Chance
from bot.domain.following_up import is_unanswered
from bot.domain.promise import Promise, UserId
from bot.domain.reminders import FOLLOW_UPS, Kind, still_wanted
from bot.ports import Clock, Delivery, DeliveryId, Message, Side, Store, Transaction, Voice
from bot.use_cases.absences import question_behind
from bot.use_cases.asides import asides_of
from bot.use_cases.catching_up import is_held_up, leave_to_catch_up, told_in
from bot.use_cases.chains import shock_behind
from bot.use_cases.clashing import clash_behind
from bot.use_cases.digests import Digests, chances_naming
from bot.use_cases.refusals import Refusals

#: Of how many promises a word about somebody out of reach tells.
NAMED = 50
#: How the ids of people begin; any other is a place.
PEOPLE = ("U", "W")
_WRITTEN = json.JSONEncoder(sort_keys=True, default=str)


@dataclass(frozen=True, slots=True)
class Rendered:
    """What will be said, and the `seq` of the promise it was said of."""

    message: Message
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Subject:
    """A promise, its history, what of it stands in Slack, and what is said beside each message to its reader alone.

    `chances` are the last chances that name it, among others.
    """

    promise: Promise
    history: tuple[Entry, ...]
    standing: tuple[Delivery, ...] = ()
    asides: Mapping[DeliveryId, tuple[Aside, ...]] = field(default_factory=dict)
    chances: tuple[tuple[Delivery, Chance], ...] = ()


class Rendering:
    """Puts deliveries into words; one that has nothing to say any more is ended here."""

    def __init__(
        self, store: Store, voice: Voice, digests: Digests, refusals: Refusals, clock: Clock, new_id: Callable[[], str]
    ) -> None:
        self._store = store
        self._voice = voice
        self._digests = digests
        self._refusals = refusals
        self._clock = clock
        self._new_id = new_id

    async def of(self, delivery: Delivery) -> Rendered | None:
        """None when it was ended instead. Raises ValueError for a redrawing, which is no message of its own."""
        match delivery.kind:
            case Kind.DIGEST:
                return await self._digest(delivery)
            case Kind.DETAILS:
                return await self._details(delivery)
            case Kind.LAST_CHANCE:
                return await self._last_chance(delivery)
            case Kind.CATCH_UP:
                return await self._catch_up(delivery)
            case Kind.TROUBLE:
                return await self._trouble(delivery)
            case (
                Kind.MIDWAY
                | Kind.CHECK_IN
                | Kind.ASK_AGAIN
                | Kind.HEADS_UP
                | Kind.NO_WORD
                | Kind.LAST_CALL
                | Kind.DUE_NOW
                | Kind.OVERDUE
                | Kind.NOTICE
                | Kind.CARD
                | Kind.RECEIPT
                | Kind.OUTCOME
            ):
                return await self._of_promise(delivery)
            case Kind.CHAIN:
                return await self._chain(delivery)
            case Kind.CLASH:
                return await self._clash(delivery)
            case Kind.AWAY:
                return await self._away(delivery)
            case Kind.REFRESH:
                raise ValueError("A refresh redraws what was said; it says nothing itself.")
            case _:
                assert_never(delivery.kind)

    async def subject(self, delivery: Delivery) -> Subject | None:
        """What the delivery is about; None when there is nothing any more."""
        promise_id = delivery.promise_id
        if promise_id is None:
            return None

        def work(tx: Transaction) -> Subject | None:
            promise = tx.promises.get(promise_id)
            if promise is None or (promise.state is State.UNDONE and delivery.kind is not Kind.REFRESH):
                return None  # undone means as if never made: what was not said yet stays unsaid
            needs_standing = delivery.kind in FOLLOW_UPS or delivery.kind is Kind.REFRESH
            standing = tx.deliveries.shown(promise.id) if needs_standing else ()
            of_it_alone = tuple(row for row in standing if row.kind not in (Kind.CHAIN, Kind.CLASH))
            history = tx.promises.history(promise_id)
            rows = (delivery, *of_it_alone)
            asides = {row.id: asides_of(tx, row, promise, history, self._clock.now()) for row in rows}
            chances = chances_naming(tx, promise.id) if delivery.kind is Kind.REFRESH else ()
            return Subject(promise, history, of_it_alone, asides, chances)

        return await self._store.read(delivery.team_id, work)

    def again(self, standing: Delivery, subject: Subject, now: datetime) -> Message:
        """What a message would say by now, whether it stands in Slack or not."""
        message = self._voice.speak(standing, subject.promise, subject.history, now)
        asides = subject.asides.get(standing.id, ())
        return self._voice.beside(message, asides, subject.promise) if asides else message

    def redrawn(self, subject: Subject, now: datetime) -> Iterator[tuple[Delivery, Message]]:
        """Every message that stands in Slack and tells of the promise, as it would be by now."""
        yield from ((row, self.again(row, subject, now)) for row in subject.standing)
        yield from ((row, self._voice.last_chance(chance, now)) for row, chance in subject.chances)

    async def _of_promise(self, delivery: Delivery) -> Rendered | None:
        subject, now = await self.subject(delivery), self._clock.now()
        if subject is None or not still_wanted(delivery.kind, delivery.occasion, subject.promise, now):
            await self._end(delivery, "moot")
            return None
        if delivery.kind in FOLLOW_UPS and not _is_unanswered(delivery, subject):
            await self._end(delivery, "answered")
            return None
        if is_held_up(delivery, now):

            def leave(tx: Transaction) -> bool:
                return leave_to_catch_up(tx, delivery, self._new_id, now)

            if await self._store.write(delivery.team_id, leave):
                return None
        return Rendered(self.again(delivery, subject, now), subject.promise.seq)

    async def _digest(self, delivery: Delivery) -> Rendered | None:
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
        if chances and not delivery.to.startswith(PEOPLE):
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

    async def _catch_up(self, delivery: Delivery) -> Rendered | None:
        now = self._clock.now()
        told = await self._store.read(delivery.team_id, lambda tx: told_in(tx, delivery, now))
        if not told:
            await self._end(delivery, "moot")
            return None
        return Rendered(self._voice.catch_up(told, now))

    async def _trouble(self, delivery: Delivery) -> Rendered:
        reader = UserId(delivery.to)
        promises = await self._store.read(delivery.team_id, lambda tx: tx.promises.concerning(reader, Side.ALL, NAMED))
        return Rendered(self._voice.trouble(delivery, promises, self._clock.now()))

    async def _end(self, delivery: Delivery, why: str) -> None:
        now = self._clock.now()
        await self._store.write(delivery.team_id, lambda tx: tx.deliveries.record_done(delivery, why, now))


def _is_unanswered(delivery: Delivery, subject: Subject) -> bool:
    asked = [row for row in subject.standing if (row.kind, row.occasion) == (Kind.CHECK_IN, delivery.occasion)]
    asked_at = max((row.due_at for row in asked), default=None)
    return is_unanswered(subject.promise, subject.history, asked_at)


def fingerprint(message: Message) -> str:
    """A short hash of what a message shows: equal messages need no redrawing."""
    shown = _WRITTEN.encode([message.text, list(message.blocks)])
    return hashlib.sha256(shown.encode()).hexdigest()[:16]
