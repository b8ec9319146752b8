"""What is said beside a nudge to whoever put it off, or had somebody asked."""

from datetime import datetime

from bot.domain.promise import Promise
from bot.ports import Message
from bot.views.blocks import context, section
from bot.views.words import name_of, person, plain_when, when


def comes_back(promise: Promise, at: datetime) -> Message:
    zone = promise.terms.due.zone
    text = f"I come back to {name_of(promise)}"
    why = "No later, so that what you say then still helps. Whatever you say before that ends it."
    return Message(f"{text} {plain_when(at, zone)}.", [section(f"{text} {when(at, zone)}."), context(why)])


def will_ask(promise: Promise, at: datetime) -> Message:
    zone, owner = promise.terms.due.zone, person(promise.owner_id)
    text = f"{owner} hears your question about {name_of(promise)}"
    why = "You hear what they answer. I ask for you once in four of their working hours, and not more often."
    return Message(f"{text} {plain_when(at, zone)}.", [section(f"{text} {when(at, zone)}."), context(why)])
