"""Protocols of the infrastructure that use cases need: a clock, a store, a messenger.

A transaction is a plain function over a `Transaction`. It cannot await, so it cannot call Slack while it holds a lock
(docs/adr/0003-transactions-are-plain-functions.md).
"""

from bot.ports.absences import AbsenceBook, Calendars
from bot.ports.agendas import AgendaBook, AgendaState, Gathering, IncludedRow, RecentMessages
from bot.ports.books import (
    Backlog,
    DeliveryBook,
    DigestBook,
    PersonBook,
    PromiseBook,
    Side,
    Stop,
    StopBook,
    Transaction,
)
from bot.ports.delivery import Delivery, DeliveryId, Posted, Restored, Sharing
from bot.ports.facts import ActingFacts, MakingAsked, MakingFacts
from bot.ports.installations import Installation, InstallationBook
from bot.ports.messenger import Audience, Blocks, Fault, Message, Messenger, Outcome, Refused, Sent, Unknown
from bot.ports.progress import Progress, unseen
from bot.ports.records import Feed, FeedBook, LinkBook, RecordBook, SeriesBook
from bot.ports.store import Clock, Event, EventBook, Meter, Renderer, Store

__all__ = [
    "AbsenceBook",
    "ActingFacts",
    "AgendaBook",
    "AgendaState",
    "Audience",
    "Backlog",
    "Blocks",
    "Calendars",
    "Clock",
    "Delivery",
    "DeliveryBook",
    "DeliveryId",
    "DigestBook",
    "Event",
    "EventBook",
    "Fault",
    "Feed",
    "FeedBook",
    "Gathering",
    "IncludedRow",
    "Installation",
    "InstallationBook",
    "LinkBook",
    "MakingAsked",
    "MakingFacts",
    "Message",
    "Messenger",
    "Meter",
    "Outcome",
    "PersonBook",
    "Posted",
    "Progress",
    "PromiseBook",
    "RecentMessages",
    "RecordBook",
    "Refused",
    "Renderer",
    "Restored",
    "Sent",
    "SeriesBook",
    "Sharing",
    "Side",
    "Stop",
    "StopBook",
    "Store",
    "Transaction",
    "Unknown",
    "unseen",
]
