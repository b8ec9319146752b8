"""The owner's last word on a promise that still stands, from its history."""

from collections.abc import Sequence

from bot.domain.acts import Act
from bot.domain.open_question import OFFERS
from bot.domain.promise import Promise, Word
from bot.domain.transitions import HistoryEntry

#: What an owner says of the terms. A hand-over is a word only while it waits for its answer.
_WORDS = frozenset({Act.ON_TRACK, Act.AT_RISK, Act.PROPOSE, Act.COUNTER})


def standing_word(promise: Promise, history: Sequence[HistoryEntry]) -> Word | None:
    """Return the owner's last word without offers that were taken back and hand-overs that are not open any more."""
    word, offer = promise.last_word, promise.proposal
    if word is None or word.act not in OFFERS or (offer and offer.at == word.at):
        return word
    last_offer: HistoryEntry | None = None
    words: list[HistoryEntry] = []
    for entry in history:
        if entry.act is Act.RETRACT:
            words = [each for each in words if each is not last_offer]
        elif entry.act in OFFERS:
            last_offer = entry
        if entry.act in _WORDS and entry.by == promise.owner_id:
            words.append(entry)
    return Word(words[-1].act.value, words[-1].note, words[-1].at) if words else None
