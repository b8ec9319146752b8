"""Notice that a person or a channel cannot be reached, to the person who can act on it."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.occasions import SHARED, PersonUnreachable, PlaceUnreachable
from bot.domain.promise import Promise, UserId
from bot.ports import Delivery, Message
from bot.views.blocks import context, section
from bot.views.refusals import why
from bot.views.words import due_of, name_of, person, quoted

SHOWN = 8


def trouble(delivery: Delivery, promises: Sequence[Promise], now: datetime) -> Message:
    """Return why a person or a channel cannot be reached; promises are the reader's open ones."""
    if delivery.occasion.startswith("person:"):
        return _person_gone(PersonUnreachable.read(delivery.occasion).person, UserId(delivery.to), promises)
    place = PlaceUnreachable.read(delivery.occasion)
    return _place_gone(place.channel_id, place.error)


def _person_gone(gone: UserId, reader: UserId, promises: Sequence[Promise]) -> Message:
    between = [promise for promise in promises if gone in promise.parties and reader in promise.parties]
    names = ", ".join(name_of(promise) for promise in between[:SHOWN])
    about = f" It concerns {names}." if names else ""
    text = f"I cannot reach {person(gone)} any more: their account is closed, or takes no messages from me.{about}"
    lines = [
        f"• *{name_of(promise)}* {quoted(promise.terms.what, 120)}, due {due_of(promise)}"
        for promise in between[:SHOWN]
    ]
    blocks = [section("\n".join([f"*I cannot reach {person(gone)} any more.*", *lines]))]
    cure = "They hear nothing from me until that changes. Speak to them, hand it over, or let it go: `/promise list`."
    return Message(text, [*blocks, context(cure)])


def _place_gone(channel: str, error: str) -> Message:
    if error == SHARED:
        text = f"<#{channel}> is shared with another company now, so its digest lists only what was promised in it."
        cure = "What its members promise in other channels is left out, as everybody in the channel would read it."
        return Message(text, [section(text), context(cure)])
    found = why(error, channel)
    text = f"I cannot post in <#{channel}>: {found.reason}."
    return Message(text, [section(f"*I cannot post in <#{channel}>:* {found.reason}."), context(found.cure)])
