"""Replies to the buttons of a nudge: snoozed, asked again, or the date still suits."""

from datetime import datetime

from bot.domain.promise import Promise, UserId
from bot.language import _
from bot.ports import Message
from bot.views.blocks import context, section, text_message
from bot.views.buttons import row_menu
from bot.views.words import due_of, name_of, person, when


def comes_back(promise: Promise, at: datetime) -> Message:
    zone = promise.terms.due.zone
    text = _("I’ll ask again about {number}: {when}.").format(number=name_of(promise), when=when(at, zone))
    why = _("If you answer before that, I won’t.")
    return text_message(text, context(why))


def will_ask(promise: Promise, at: datetime) -> Message:
    zone, owner = promise.terms.due.zone, person(promise.owner_id)
    text = _("I’ll ask {owner} about {number}: {when}.").format(
        owner=owner, number=name_of(promise), when=when(at, zone)
    )
    why = _("I’ll tell you what they answer. I ask once in four of their working hours.")
    return text_message(text, context(why))


def suits(promise: Promise, viewer: UserId, now: datetime) -> Message:
    text = _("Good – {number} stays as it is, due {due}.").format(number=name_of(promise), due=due_of(promise))
    return Message(text, [section(text, row_menu(promise, viewer, now))])
