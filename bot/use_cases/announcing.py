"""What is posted where a promise was made, besides the notices to its people: its card, and how it ended."""

from bot.domain.acts import State
from bot.domain.deciding import Entry
from bot.domain.kinds import Kind, Planned
from bot.domain.occasions import InThread
from bot.domain.promise import Promise


def shown_where_made(promise: Promise, entry: Entry) -> list[Planned]:
    """The card for everybody in a public place; where there is no place at all, the maker's receipt."""
    place = promise.origin
    if not place.channel_id:
        return [Planned(Kind.RECEIPT, entry.by, entry.at, "made")]
    occasion = str(InThread(place.thread_ts)) if place.thread_ts else "made"
    return [] if place.is_private else [Planned(Kind.CARD, place.channel_id, entry.at, occasion)]


def told_where_it_began(promise: Promise, entry: Entry) -> list[Planned]:
    """How it ended, under the message that it was made from."""
    place = promise.origin
    if place.is_private or not place.thread_ts or promise.state is State.UNDONE:
        return []
    return [Planned(Kind.OUTCOME, place.channel_id, entry.at, str(InThread(place.thread_ts)))]
