"""The facts from which a message about one promise is drawn, or all its messages are redrawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from bot.domain.acts import State
from bot.domain.agenda import is_still_true
from bot.domain.asides import Aside
from bot.domain.digests import LastChance
from bot.domain.kinds import NEEDS_HISTORY, NOT_REDRAWN
from bot.domain.occasions import OfMessage
from bot.domain.people import is_person
from bot.domain.promise import Promise, UserId
from bot.domain.recurring import Series
from bot.domain.transitions import HistoryEntry
from bot.ports import Delivery, DeliveryId, Gathering, Transaction
from bot.use_cases.asides import asides_of
from bot.use_cases.delivery.gathering import posted_content
from bot.use_cases.delivery.preloading import preload
from bot.use_cases.last_chances import chances_naming
from bot.use_cases.people import habits_of, language_to


@dataclass(frozen=True, slots=True)
class Subject:
    """A promise, its history and series, its posted messages, and the asides of its readers.

    `chances` are the last-chance messages that name it and `gathered` the gathered messages that contain it. `is_true`
    says whether the delivery itself still holds. `zones` and `languages` are those of its readers.
    """

    promise: Promise
    history: tuple[HistoryEntry, ...]
    standing: Sequence[Delivery] = ()
    asides: Mapping[DeliveryId, tuple[Aside, ...]] = field(default_factory=dict)
    chances: Sequence[tuple[Delivery, LastChance]] = ()
    gathered: Sequence[Gathering] = ()
    is_true: bool = True
    series: Series | None = None
    zones: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)


def to_draw(tx: Transaction, delivery: Delivery, now: datetime) -> Subject | None:
    """Read the subject of a message that is not posted yet; None when it no longer exists."""
    promise = tx.promises.get(delivery.promise_id) if delivery.promise_id else None
    if promise is None or promise.state is State.UNDONE:
        return None  # undone means as if never made: unsent messages stay unsent
    history = tx.promises.history(promise.id) if delivery.kind in NEEDS_HISTORY else ()
    zone, language = zone_and_language(tx, delivery.to)
    return Subject(
        promise,
        history,
        asides={delivery.id: asides_of(tx, delivery, promise, history, now)},
        is_true=is_still_true(delivery.kind, delivery.occasion, promise, now),
        series=_series_of(tx, promise),
        zones={delivery.to: zone},
        languages={delivery.to: language},
    )


def to_redraw(tx: Transaction, redraws: Sequence[Delivery], now: datetime) -> list[Subject | None]:
    """Read the subjects of redraws, with the messages that show them; None for a promise that no longer exists.

    A message outdates those to its reader alone, and notices of a miss, which say when the owner was asked.
    """
    about = {each.promise_id for each in redraws if each.promise_id}
    promises, chances = tx.promises.those(about), chances_naming(tx, about)
    standing, gathered = tx.deliveries.shown(*about), tx.agendas.gathered_about(about)
    named = [row for found in chances.values() for row, _ in found]
    readers = {str(OfMessage(row.id)): row.to for row in chain(standing, named, *gathered.values())}

    def outdated(redraw: Delivery) -> _Outdated | None:
        promise = promises.get(redraw.promise_id) if redraw.promise_id else None
        if promise is None:
            return None
        reader = None if promise.missed_at else readers.get(redraw.occasion)
        return _Outdated(
            promise,
            [row for row in standing if row.promise_id == promise.id and reader in (None, row.to)],
            [(row, chance) for row, chance in chances[promise.id] if reader in (None, row.to)],
            {row.id: row for row in gathered[promise.id] if reader in (None, row.to)},
        )

    found = list(map(outdated, redraws))
    messages = {row_id: row for each in found if each for row_id, row in each.gathered.items()}
    preload(tx, [*redraws, *(row for each in found if each for row in each.standing), *messages.values()])
    contents = {row_id: posted_content(tx, row, now) for row_id, row in messages.items()}
    return [_redrawn(tx, each, [contents[row_id] for row_id in each.gathered], now) if each else None for each in found]


@dataclass(frozen=True, slots=True)
class _Outdated:
    """The messages about a promise that a redraw may change."""

    promise: Promise
    standing: Sequence[Delivery]
    chances: Sequence[tuple[Delivery, LastChance]]
    gathered: Mapping[DeliveryId, Delivery]


def _redrawn(tx: Transaction, shown: _Outdated, gathered: Sequence[Gathering], now: datetime) -> Subject:
    promise, standing = shown.promise, [row for row in shown.standing if row.kind not in NOT_REDRAWN]
    shows_history = any(row.kind in NEEDS_HISTORY for row in standing)
    history = tx.promises.history(promise.id) if shows_history else ()
    asides = {row.id: asides_of(tx, row, promise, history, now) for row in standing}
    rows = (*standing, *(row for row, _ in shown.chances), *(each.message for each in gathered))
    zones, languages = {}, {}
    for reader in {row.to for row in rows}:
        zones[reader], languages[reader] = zone_and_language(tx, reader)
    series = _series_of(tx, promise)
    return Subject(promise, history, standing, asides, shown.chances, gathered, True, series, zones, languages)


def _series_of(tx: Transaction, promise: Promise) -> Series | None:
    return tx.series.get(promise.series_id) if promise.series_id else None


def zone_and_language(tx: Transaction, to: str) -> tuple[str, str]:
    """Return the zone and language of a message's reader; a channel has no zone."""
    return habits_of(tx, UserId(to)).hours.zone if is_person(to) else "", language_to(tx, to)
