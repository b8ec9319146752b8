"""Add deliveries, and wake the agendas that depend on them."""

from collections.abc import Callable, Iterable
from datetime import datetime

from bot.domain.acts import Act
from bot.domain.audience import audience
from bot.domain.deciding import HistoryEntry
from bot.domain.kinds import Kind, Planned, is_for_agenda
from bot.domain.occasions import OfAct, OnDemand
from bot.domain.promise import Promise, PromiseId, UserId
from bot.ports import DeliveryId, Transaction


def owe(
    tx: Transaction,
    promise_id: PromiseId | None,
    messages: Iterable[Planned],
    new_id: Callable[[], DeliveryId],
    concerned: Iterable[UserId] = (),
    at: datetime | None = None,
) -> None:
    """Add deliveries, and wake their readers and all `concerned` at the earliest of their times."""
    owed = list(messages)
    tx.deliveries.owe(promise_id, owed, new_id)
    wakes_at = at or min((each.at for each in owed), default=None)
    if wakes_at:
        tx.agendas.wake({*readers_of(owed), *concerned}, wakes_at)


def readers_of(messages: Iterable[Planned]) -> set[UserId]:
    """Return the people whose agenda decides about the messages."""
    return {UserId(each.to) for each in messages if is_for_agenda(each.kind, each.to)}


def notices_of(tx: Transaction, before: Promise | None, after: Promise, entry: HistoryEntry) -> list[Planned]:
    """Return the notices that an act sends to others."""
    awaited = entry.act is Act.ON_TRACK and before is not None and is_awaited(tx, before)
    recipients = audience(before, after, entry.act, entry.by, awaited=awaited)
    return [Planned(Kind.NOTICE, person, entry.at, str(OfAct(after.seq))) for person in recipients]


def is_awaited(tx: Transaction, promise: Promise) -> bool:
    """Return whether the requester waits for the owner: they asked again, or were notified of the silence."""
    asked = tx.deliveries.latest(promise.id, Kind.ASKED, promise.owner_id)
    silent = tx.deliveries.latest(promise.id, Kind.NO_WORD, promise.requester_id)
    since = [OnDemand.read(asked.occasion).clicked_at] if asked else []
    since += [silent.planned_at or silent.due_at] if silent else []
    word = promise.last_word
    return bool(since) and (word is None or word.at < max(since))
