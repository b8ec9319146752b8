"""Messages in the channel where a promise was made: its card, and its outcome."""

from bot.domain.acts import State
from bot.domain.kinds import Kind, Planned
from bot.domain.occasions import InThread
from bot.domain.promise import Promise
from bot.domain.transitions import HistoryEntry


def card_or_receipt(promise: Promise, entry: HistoryEntry) -> list[Planned]:
    """Return the public card, or the maker's receipt if the promise was made outside any channel."""
    place = promise.origin
    if not place.channel_id:
        return [Planned(Kind.RECEIPT, entry.by, entry.at, "made")]
    occasion = str(InThread(place.thread_ts)) if place.thread_ts else "made"
    return [] if place.is_private else [Planned(Kind.CARD, place.channel_id, entry.at, occasion)]


def outcome_in_thread(promise: Promise, entry: HistoryEntry) -> list[Planned]:
    """Return the outcome message for the thread that the promise was made from."""
    place = promise.origin
    if place.is_private or not place.thread_ts or promise.state is State.UNDONE:
        return []
    return [Planned(Kind.OUTCOME, place.channel_id, entry.at, str(InThread(place.thread_ts)))]
