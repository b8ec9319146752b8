"""Render a delivery from the facts at the moment of sending; end it if there is nothing to send."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.domain.kinds import Kind, Way
from bot.domain.people import is_person
from bot.domain.promise import UserId
from bot.language import ENGLISH, reading_in
from bot.ports import Delivery, DeliveryId, Gathering, Message, Renderer, Side, Transaction
from bot.use_cases.absences import question_of_delivery
from bot.use_cases.chains import change_of_delivery
from bot.use_cases.clashes import clash_of_delivery
from bot.use_cases.context import Context
from bot.use_cases.delivery.gathering import ToGather, drawn, read_to_gather
from bot.use_cases.delivery.preloading import GATHERED_GROUP, BatchedReads
from bot.use_cases.delivery.refusals import FAULT_OF_OURS, Refusals
from bot.use_cases.delivery.rendered import Drawing, Rendered
from bot.use_cases.delivery.subjects import Subject, to_draw, to_redraw, zone_and_language
from bot.use_cases.digests import Digests

#: Most promises that a message about an unreachable person lists.
MAX_PROMISES_LISTED = 50


class Rendering:
    """Renders deliveries; one with nothing to send is ended here."""

    def __init__(self, context: Context, renderer: Renderer, digests: Digests, refusals: Refusals) -> None:
        self._store, self._clock = context.store, context.clock
        self._reads = BatchedReads(context.store.read)
        self._gathers = BatchedReads(context.store.read, GATHERED_GROUP)
        self._renderer = renderer
        self._digests = digests
        self._refusals = refusals

    def begun(self, delivery: Delivery) -> Drawing | None:
        """Begin to draw a message about promises, with others that are begun now; return None for another kind."""
        now = self._clock.now()
        if delivery.kind.rule.way is Way.GATHERED:
            return self._gathers.of(delivery, lambda tx: read_to_gather(tx, delivery, now), self._drawn_gathered)
        if not delivery.kind.rule.is_about_one or delivery.promise_id is None:
            return None
        return self._reads.of(delivery, lambda tx: to_draw(tx, delivery, now), partial(self._rendered, delivery))

    async def of(self, delivery: Delivery, drawing: Drawing | None = None) -> Rendered | None:
        """Render a delivery, or await its `drawing`; return None when there is nothing to send and it was ended.

        Raises ValueError for a redraw, which is no message of its own.
        """
        if delivery.kind.rule.is_about_one or delivery.kind.rule.way is Way.GATHERED:
            drawing = drawing or self.begun(delivery)
            rendered = await drawing if drawing else None
            if rendered is None:
                await self._end(delivery, "moot")
            elif rendered.settled or rendered.broken:
                await self._leave_out(delivery, rendered)
            return rendered
        zone, language = await self._store.read(delivery.team_id, lambda tx: zone_and_language(tx, delivery.to))
        with reading_in(language):
            rendered = await self._in_words(delivery)
            if rendered is None:
                return None
            return replace(rendered, message=self._renderer.localised(rendered.message, zone, self._clock.now()))

    async def _in_words(self, delivery: Delivery) -> Rendered | None:
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

    async def subjects(self, redraws: Sequence[Delivery]) -> Sequence[Subject | None]:
        """Read the subjects of redraws of one workspace; None for a promise that no longer exists."""
        now = self._clock.now()
        return await self._store.read(redraws[0].team_id, lambda tx: to_redraw(tx, redraws, now))

    def again(self, standing: Delivery, subject: Subject, now: datetime) -> Message:
        """Render a message from current facts, whether it is posted already or not."""
        message = self._renderer.render(standing, subject.promise, subject.history, now)
        if subject.series:
            message = self._renderer.recurring(message, subject.series, standing)
        asides = subject.asides.get(standing.id, ())
        return self._renderer.add_asides(message, asides, subject.promise) if asides else message

    def redrawn(self, subject: Subject, now: datetime, seen: set[DeliveryId]) -> Iterator[tuple[Delivery, Message]]:
        """Return every posted message that shows the promise, rendered from current facts.

        Those `seen` are left out, and the others added to them.
        """
        for row, draw in self._all_redrawn(subject, now):
            if row.id not in seen:
                seen.add(row.id)
                yield row, self._for_reader(row, subject, draw, now)

    def _for_reader(self, row: Delivery, subject: Subject, draw: Callable[[], Message], now: datetime) -> Message:
        """Return a message in its reader's language and zone."""
        with reading_in(subject.languages.get(row.to, ENGLISH)):
            return self._renderer.localised(draw(), subject.zones.get(row.to, ""), now)

    def _all_redrawn(self, subject: Subject, now: datetime) -> Iterator[tuple[Delivery, Callable[[], Message]]]:
        newest = _newest(subject)
        for row in subject.standing:
            if is_person(row.to) and (row.ts or "") < newest.get(row.to, ""):
                yield row, partial(self._renderer.shrunk, subject.promise, UserId(row.to), now)
            else:
                yield row, partial(self.again, row, subject, now)
        yield from ((row, partial(self._renderer.last_chance, chance, now)) for row, chance in subject.chances)
        yield from ((each.message, partial(self._drawn, each, now)) for each in subject.gathered)

    def _drawn(self, gathering: Gathering, now: datetime) -> Message:
        return drawn(self._renderer, gathering, now)[0]

    def _rendered(self, delivery: Delivery, subject: Subject | None) -> Rendered | None:
        if subject is None or not subject.is_true:
            return None
        now = self._clock.now()
        message = self._for_reader(delivery, subject, partial(self.again, delivery, subject, now), now)
        return Rendered(message, subject.promise.seq)

    async def _digest(self, delivery: Delivery) -> Rendered | None:
        if await self._digests.waits(delivery):
            return None
        composed = await self._digests.compose(delivery)
        if composed is None or composed[1].is_empty:

            def over(tx: Transaction) -> None:
                self._refusals.digest_over(tx, delivery, "nothing to say")

            await self._store.write(delivery.team_id, over)
            return None
        return Rendered(self._renderer.digest(*composed, self._clock.now()))

    async def _details(self, delivery: Delivery) -> Rendered | None:
        content = await self._digests.details(delivery)
        if content is None or content.is_empty or not content.has_details:
            await self._end(delivery, "moot")
            return None
        return Rendered(self._renderer.digest_details(content, self._clock.now()))

    async def _last_chance(self, delivery: Delivery) -> Rendered | None:
        """Render an owner's last chance; the row addressed to the channel adds one row per owner instead."""
        if not is_person(delivery.to):
            if not await self._digests.waits(delivery):
                await self._digests.announce(delivery)
            return None
        mine = await self._digests.chance(delivery)
        if mine is None:
            await self._end(delivery, "moot")
            return None
        named = [promise.id for promise in mine.promises]
        await self._store.write(delivery.team_id, lambda tx: tx.digests.name_in(delivery.id, named))
        return Rendered(self._renderer.last_chance(mine, self._clock.now()))

    async def _chain(self, delivery: Delivery) -> Rendered | None:
        change = await self._store.read(delivery.team_id, lambda tx: change_of_delivery(tx, delivery))
        if change is None or not change.downstream.state.is_open or change.downstream.owner_id != delivery.to:
            await self._end(delivery, "moot")
            return None
        return Rendered(self._renderer.chain(change), change.downstream.seq)

    async def _clash(self, delivery: Delivery) -> Rendered | None:
        now = self._clock.now()
        found = await self._store.read(delivery.team_id, lambda tx: clash_of_delivery(tx, delivery, now))
        if found is None:
            await self._end(delivery, "moot")
            return None
        promise, clash = found
        return Rendered(self._renderer.clash(promise, clash, UserId(delivery.to)), promise.seq)

    async def _away(self, delivery: Delivery) -> Rendered | None:
        now = self._clock.now()
        absence = await self._store.read(delivery.team_id, lambda tx: question_of_delivery(tx, delivery, now))
        if absence is None:
            await self._end(delivery, "moot")
            return None
        return Rendered(self._renderer.away(delivery, absence))

    async def _series_over(self, delivery: Delivery) -> Rendered | None:
        about = delivery.promise_id
        series = await self._store.read(delivery.team_id, lambda tx: tx.series.get(about)) if about else None
        if series is None or series.ended_at is None:
            await self._end(delivery, "moot")
            return None
        return Rendered(self._renderer.series_over(series, UserId(delivery.to)))

    async def _leave_out(self, delivery: Delivery, rendered: Rendered) -> None:
        """Remove rows from their gathered message, before it is sent without them."""
        now = self._clock.now()

        def work(tx: Transaction) -> None:
            for row in rendered.settled:
                tx.agendas.leave_out(row)
            tx.agendas.give_up(rendered.broken, FAULT_OF_OURS, now)

        await self._store.write(delivery.team_id, work)

    def _drawn_gathered(self, read: ToGather) -> Rendered | None:
        """Return a gathered message; None if nothing is left to send."""
        if read.gathering.is_empty:
            return None
        now = self._clock.now()
        with reading_in(read.language):
            message, shown = drawn(self._renderer, read.gathering, now)
            message = self._renderer.localised(message, read.zone, now)
        broken = tuple(one.row for one in read.gathering.included if one not in shown.included)
        seqs = {each.promise.id: each.promise.seq for each in shown.included}
        included = tuple(row for row in read.included if row not in broken)
        return Rendered(message, seqs=seqs, included=included, settled=read.settled, broken=broken)

    async def _trouble(self, delivery: Delivery) -> Rendered:
        reader = UserId(delivery.to)
        promises = await self._store.read(
            delivery.team_id, lambda tx: tx.promises.concerning(reader, Side.ALL, MAX_PROMISES_LISTED)
        )
        return Rendered(self._renderer.trouble(delivery, promises, self._clock.now()))

    async def _end(self, delivery: Delivery, why: str) -> None:
        now = self._clock.now()
        await self._store.write(delivery.team_id, lambda tx: tx.deliveries.record_done(delivery, why, now))


def _newest(subject: Subject) -> Mapping[str, str]:
    """Return the timestamp of the newest message about a promise to each person.

    Only that one has buttons. Slack's timestamps have one length, so they compare as strings.
    """
    newest: dict[str, str] = {}
    for row in (*subject.standing, *(each.message for each in subject.gathered)):
        newest[row.to] = max(newest.get(row.to, ""), row.ts or "")
    return newest
