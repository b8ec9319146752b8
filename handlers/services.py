"""What the handlers may use: the house's use cases, Slack's ear, and the clock."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from bot.ports import Calendars, Clock, Messenger, Store
from bot.use_cases.absences import Absences
from bot.use_cases.asides import Asides
from bot.use_cases.chains import Chains
from bot.use_cases.digests import Digests
from bot.use_cases.exports import Exports
from bot.use_cases.nudging import Nudging
from bot.use_cases.people import People
from bot.use_cases.places import Places
from bot.use_cases.preferring import Preferring
from bot.use_cases.promises import Promises
from bot.use_cases.records import Records
from bot.use_cases.recurring import Recurring


@dataclass(frozen=True, slots=True)
class Services:
    promises: Promises
    people: People
    digests: Digests
    preferring: Preferring
    nudging: Nudging
    recurring: Recurring
    messenger: Messenger
    clock: Clock
    records: Records
    places: Places
    chains: Chains
    exports: Exports
    asides: Asides
    absences: Absences
    calendars: Calendars


def services_over(
    store: Store,
    promises: Promises,
    people: People,
    digests: Digests,
    recurring: Recurring,
    messenger: Messenger,
    clock: Clock,
    calendars: Calendars,
    new_id: Callable[[], str],
    wake: Callable[[], None],
    public_url: str = "",
) -> Services:
    """All of them; those that nobody else needs are made here."""
    preferring = Preferring(store, people, messenger, clock, new_id, wake)
    absences = Absences(store, people, clock, new_id, wake)
    nudging = Nudging(store, clock, new_id, wake)
    exports = Exports(store, clock, secrets.token_urlsafe, public_url)
    books = (Records(store, clock), Places(store, clock), Chains(store, clock), exports, Asides(store, clock))
    return Services(
        promises, people, digests, preferring, nudging, recurring, messenger, clock, *books, absences, calendars
    )
