"""Add deliveries, and wake the agendas that depend on them."""

from collections.abc import Callable, Iterable
from datetime import datetime

from bot.domain.acts import Act
from bot.domain.audience import audience
from bot.domain.kinds import Kind, Planned, is_for_agenda
from bot.domain.occasions import OfAct, OnDemand
from bot.domain.promise import Promise, PromiseId, UserId
from bot.domain.transitions import HistoryEntry
from bot.ports import ActingFacts, DeliveryId, Transaction


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
        tx.agendas.wake(dict.fromkeys([*readers_of(owed), *concerned], wakes_at))


def readers_of(messages: Iterable[Planned]) -> set[UserId]:
    """Return the people whose agenda decides about the messages."""
    return {UserId(each.to) for each in messages if is_for_agenda(each.kind, each.to)}


def notices_of(
    before: Promise | None, after: Promise, entry: HistoryEntry, facts: ActingFacts | None = None
) -> list[Planned]:
    """Return the notices that an act sends to others; `facts` are those before it, None for a new promise."""
    awaited = entry.act is Act.ON_TRACK and facts is not None and is_awaited(facts)
    recipients = audience(before, after, entry.act, entry.by, awaited=awaited)
    return [Planned(Kind.NOTICE, person, entry.at, str(OfAct(after.seq))) for person in recipients]


def is_awaited(facts: ActingFacts) -> bool:
    """Return whether the requester waits for the owner: they asked again, or were notified of the silence."""
    since = [OnDemand.read(facts.asked).clicked_at] if facts.asked else []
    since += [facts.silent_at] if facts.silent_at else []
    word = facts.promise.last_word
    return bool(since) and (word is None or word.at < max(since))
