"""Notice that a person or a channel cannot be reached, to the person who can act on it."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.occasions import SHARED, PersonUnreachable, PlaceUnreachable
from bot.domain.promise import Promise, UserId
from bot.language import _
from bot.ports import Delivery, Message
from bot.views.blocks import context, section, text_message
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
    about = " " + _("It concerns {promises}.").format(promises=names) if names else ""
    text = _("I cannot reach {person} any more: their account is closed, or does not accept messages from me.").format(
        person=person(gone)
    )
    text += about
    lines = [
        _("• *{number}* {words}, due {due}").format(
            number=name_of(promise), words=quoted(promise.terms.what, 120), due=due_of(promise)
        )
        for promise in between[:SHOWN]
    ]
    blocks = [section("\n".join([_("*I cannot reach {person} any more.*").format(person=person(gone)), *lines]))]
    cure = _(
        "My messages do not reach them until that changes. Talk to them, hand it over, or let it go: `/promise list`."
    )
    return Message(text, [*blocks, context(cure)])


def _place_gone(channel: str, error: str) -> Message:
    if error == SHARED:
        text = _(
            "{channel} is shared with another company now, so its digest lists only what was promised in it."
        ).format(channel=f"<#{channel}>")
        cure = _("What its members promise in other channels is left out, as everybody in the channel would read it.")
        return text_message(text, context(cure))
    found = why(error, channel)
    text = _("I cannot post in {channel}: {reason}.").format(channel=f"<#{channel}>", reason=found.reason)
    return Message(
        text,
        [
            section(_("*I cannot post in {channel}:* {reason}.").format(channel=f"<#{channel}>", reason=found.reason)),
            context(found.cure),
        ],
    )
