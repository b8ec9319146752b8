"""What a gathered message tells: its rows with their promises, and the day of a morning brief."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.brief import Brief, brief
from bot.domain.kinds import Kind
from bot.domain.ordering import place_of
from bot.domain.promise import UserId
from bot.ports import Delivery, Gathering, Side, Told, Transaction
from bot.use_cases.asides import asides_of
from bot.use_cases.people import habits_of

#: How many open promises a brief looks at, the nearest deadline first.
MAX_PROMISES_BRIEFED = 500


def told_in(tx: Transaction, message: Delivery) -> list[Told]:
    """Return all that a gathered message tells, each with its promise, and the history where it is news."""
    rows = [row for row in tx.agendas.told_in(message.id) if row.promise_id]
    pasts = tx.records.those({row.promise_id for row in rows if row.promise_id})
    found = [(row, pasts.get(row.promise_id)) for row in rows if row.promise_id]
    return [Told(row, past.promise, past.history) for row, past in found if past]


def as_it_stands(tx: Transaction, message: Delivery, now: datetime) -> Gathering:
    """Return a gathered message that stands in Slack, with all that it tells."""
    told, reader = told_in(tx, message), UserId(message.to)
    newest = tx.agendas.newest_to(reader, {one.promise.id for one in told})
    marked = [replace(one, is_older=(message.ts or "") < newest.get(one.promise.id, "")) for one in told]
    return Gathering(message, with_asides(tx, message, marked, now), day_of(tx, message, now))


def day_of(tx: Transaction, message: Delivery, now: datetime) -> Brief | None:
    """Return what the day of a morning brief held when it was decided; nothing for one that another day overtook."""
    if message.kind is not Kind.BRIEF:
        return None
    reader = UserId(message.to)
    habits = habits_of(tx, reader)
    if message.ts is None and message.occasion != habits.hours.local(now).date().isoformat():
        return Brief()
    promises = tx.promises.concerning(reader, Side.ALL, MAX_PROMISES_BRIEFED)
    return brief(reader, promises, habits, message.planned_at or message.due_at)


def with_asides(tx: Transaction, message: Delivery, told: Sequence[Told], now: datetime) -> tuple[Told, ...]:
    """Return all that a message tells, the most pressing first, each with what is said beside it."""
    hours = habits_of(tx, UserId(message.to)).hours
    ordered = sorted(told, key=lambda one: place_of(one.promise, hours))
    return tuple(replace(one, asides=asides_of(tx, one.row, one.promise, one.history, now)) for one in ordered)
