"""What is said beside a nudge to whoever put it off, or had somebody asked."""

from datetime import datetime

from bot.domain.promise import Promise
from bot.ports import Message
from bot.views.blocks import context, section
from bot.views.words import name_of, person, plain_when, when


def comes_back(promise: Promise, at: datetime) -> Message:
    zone = promise.terms.due.zone
    text = f"I’ll ask again about {name_of(promise)}:"
    why = "If you answer before that, I won’t."
    return Message(f"{text} {plain_when(at, zone)}.", [section(f"{text} {when(at, zone)}."), context(why)])


def will_ask(promise: Promise, at: datetime) -> Message:
    zone, owner = promise.terms.due.zone, person(promise.owner_id)
    text = f"I’ll ask {owner} about {name_of(promise)}:"
    why = "I’ll tell you what they answer. I ask once in four of their working hours."
    return Message(f"{text} {plain_when(at, zone)}.", [section(f"{text} {when(at, zone)}."), context(why)])
