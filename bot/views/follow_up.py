"""Replies to the buttons of a nudge: snoozed, asked again, or the date still suits."""

from datetime import datetime

from bot.domain.promise import Promise, UserId
from bot.ports import Message
from bot.views.blocks import context, section
from bot.views.buttons import row_menu
from bot.views.words import due_of, name_of, person, when


def comes_back(promise: Promise, at: datetime) -> Message:
    zone = promise.terms.due.zone
    text = f"I’ll ask again about {name_of(promise)}: {when(at, zone)}."
    why = "If you answer before that, I won’t."
    return Message(text, [section(text), context(why)])


def will_ask(promise: Promise, at: datetime) -> Message:
    zone, owner = promise.terms.due.zone, person(promise.owner_id)
    text = f"I’ll ask {owner} about {name_of(promise)}: {when(at, zone)}."
    why = "I’ll tell you what they answer. I ask once in four of their working hours."
    return Message(text, [section(text), context(why)])


def suits(promise: Promise, viewer: UserId, now: datetime) -> Message:
    text = f"Good – {name_of(promise)} stays as it is, due {due_of(promise)}."
    return Message(text, [section(text, row_menu(promise, viewer, now))])
