"""What the handlers may use: the house's use cases, Slack's ear, and the clock."""

from dataclasses import dataclass

from bot.ports import Clock, Messenger
from bot.use_cases.digests import Digests
from bot.use_cases.people import People
from bot.use_cases.places import Places
from bot.use_cases.promises import Promises
from bot.use_cases.records import Records


@dataclass(frozen=True, slots=True)
class Services:
    promises: Promises
    people: People
    digests: Digests
    messenger: Messenger
    clock: Clock
    records: Records
    places: Places
