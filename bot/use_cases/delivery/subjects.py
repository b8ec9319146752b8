"""The facts from which a message about one promise is drawn, or all its messages are redrawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.agenda import is_still_true
from bot.domain.asides import Aside
from bot.domain.digests import LastChance
from bot.domain.kinds import NEEDS_HISTORY, NOT_REDRAWN
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
    standing: tuple[Delivery, ...] = ()
    asides: Mapping[DeliveryId, tuple[Aside, ...]] = field(default_factory=dict)
    chances: tuple[tuple[Delivery, LastChance], ...] = ()
    gathered: tuple[Gathering, ...] = ()
    is_true: bool = True
    series: Series | None = None
    zones: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)


def to_draw(tx: Transaction, delivery: Delivery, promise: Promise, now: datetime) -> Subject:
    """Read the subject of a message that is not posted yet."""
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


def to_redraw(tx: Transaction, promise: Promise, now: datetime) -> Subject:
    """Read the subject of a redraw, with all messages that show it."""
    standing = tuple(row for row in tx.deliveries.shown(promise.id) if row.kind not in NOT_REDRAWN)
    shows_history = any(row.kind in NEEDS_HISTORY for row in standing)
    history = tx.promises.history(promise.id) if shows_history else ()
    asides = {row.id: asides_of(tx, row, promise, history, now) for row in standing}
    chances = chances_naming(tx, promise.id)
    gathering = tx.agendas.gathered_about(promise.id)
    preload(tx, gathering)
    gathered = tuple(posted_content(tx, row, now) for row in gathering)
    rows = (*standing, *(row for row, _ in chances), *(each.message for each in gathered))
    zones, languages = {}, {}
    for reader in {row.to for row in rows}:
        zones[reader], languages[reader] = zone_and_language(tx, reader)
    series = _series_of(tx, promise)
    return Subject(promise, history, standing, asides, chances, gathered, True, series, zones, languages)


def _series_of(tx: Transaction, promise: Promise) -> Series | None:
    return tx.series.get(promise.series_id) if promise.series_id else None


def zone_and_language(tx: Transaction, to: str) -> tuple[str, str]:
    """Return the zone and language of a message's reader; a channel has no zone."""
    return habits_of(tx, UserId(to)).hours.zone if is_person(to) else "", language_to(tx, to)
