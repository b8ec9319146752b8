"""Content of gathered messages: their rows with promises, and the day of a morning brief."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.domain.agenda import is_still_true
from bot.domain.brief import Brief, brief
from bot.domain.kinds import NEEDS_HISTORY, Kind
from bot.domain.ordering import sort_key
from bot.domain.promise import UserId
from bot.ports import Delivery, Gathering, IncludedRow, Message, Renderer, Side, Transaction
from bot.use_cases.asides import asides_of
from bot.use_cases.people import habits_of, language_to

log = structlog.get_logger("kept.delivery")

#: How many open promises a brief reads, the nearest deadline first.
MAX_PROMISES_BRIEFED = 500


def gathered_entries(tx: Transaction, message: Delivery) -> list[IncludedRow]:
    """Return the entries of a gathered message, each with its promise, and its history if it tells of an act."""
    found = [(row, tx.promises.get(row.promise_id)) for row in tx.agendas.included_in(message.id) if row.promise_id]
    return [
        IncludedRow(row, promise, tx.promises.history(promise.id) if row.kind in NEEDS_HISTORY else ())
        for row, promise in found
        if promise
    ]


@dataclass(frozen=True, slots=True)
class ToGather:
    """The content of a gathered message, the rows that it includes, those left out because they are settled, and its
    reader's zone and language.
    """

    gathering: Gathering
    included: tuple[Delivery, ...]
    settled: tuple[Delivery, ...]
    zone: str
    language: str


def read_to_gather(tx: Transaction, message: Delivery, now: datetime) -> ToGather:
    """Return the content of a gathered message."""
    entries = gathered_entries(tx, message)
    still = [one for one in entries if is_still_true(one.row.kind, one.row.occasion, one.promise, now)]
    settled = tuple(one.row for one in entries if one not in still)
    included = tuple(row for row in tx.agendas.included_in(message.id) if row not in settled)
    gathering = Gathering(message, entries_with_asides(tx, message, still, now), brief_of(tx, message, now))
    zone = habits_of(tx, UserId(message.to)).hours.zone
    return ToGather(gathering, included, settled, zone, language_to(tx, message.to))


def drawn(renderer: Renderer, gathering: Gathering, now: datetime) -> tuple[Message, Gathering]:
    """Return a gathered message and what it includes: entries that cannot be rendered are left out.

    Raises what the rendering raises where that is no fault of a single entry.
    """
    try:
        return renderer.gathered(gathering, now), gathering
    except Exception as fault:
        kept = [one for one in gathering.included if _is_drawable(renderer, gathering, one, now)]
        if len(kept) in (0, len(gathering.included)):
            raise
        log.exception("entries were left out of a message", message=gathering.message.id, error=type(fault).__name__)
        rest = replace(gathering, included=tuple(kept))
        return renderer.gathered(rest, now), rest


def _is_drawable(renderer: Renderer, gathering: Gathering, one: IncludedRow, now: datetime) -> bool:
    try:
        renderer.gathered(replace(gathering, included=(one,), brief=None), now)
    except Exception:  # noqa: BLE001  logged with the whole message, by the caller
        return False
    return True


def posted_content(tx: Transaction, message: Delivery, now: datetime) -> Gathering:
    """Return the content of a gathered message that is already posted."""
    entries, reader = gathered_entries(tx, message), UserId(message.to)
    newest = tx.agendas.newest_to(reader, {one.promise.id for one in entries})
    marked = [replace(one, is_older=(message.ts or "") < newest.get(one.promise.id, "")) for one in entries]
    return Gathering(message, entries_with_asides(tx, message, marked, now), brief_of(tx, message, now))


def brief_of(tx: Transaction, message: Delivery, now: datetime) -> Brief | None:
    """Return the promises of the day for a morning brief; empty for a brief of an earlier day."""
    if message.kind is not Kind.BRIEF:
        return None
    reader = UserId(message.to)
    habits = habits_of(tx, reader)
    if message.ts is None and message.occasion != habits.hours.local(now).date().isoformat():
        return Brief()
    promises = tx.promises.concerning(reader, Side.ALL, MAX_PROMISES_BRIEFED)
    return brief(reader, promises, habits, message.planned_at or message.due_at)


def entries_with_asides(
    tx: Transaction, message: Delivery, entries: Sequence[IncludedRow], now: datetime
) -> tuple[IncludedRow, ...]:
    """Return the entries, the most urgent first, each with its asides; one that a newer message tells shrinks to a
    line, which has none.
    """
    hours = habits_of(tx, UserId(message.to)).hours
    ordered = sorted(entries, key=lambda one: sort_key(one.promise, hours))
    return tuple(
        one if one.is_older else replace(one, asides=asides_of(tx, one.row, one.promise, one.history, now))
        for one in ordered
    )
