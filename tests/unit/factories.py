"""Promises and people to test with: Alice owes, Bob waits, Charlie looks on."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.acts import Act, State
from bot.domain.promise import ChannelId, Due, Origin, Promise, PromiseId, TeamId, Terms, UserId, is_blank
from bot.domain.transitions import HistoryEntry, begin, perform
from bot.domain.weight import Priority

TEAM = TeamId("T1")
ALICE, BOB, CHARLIE, DAVE = UserId("UALICE"), UserId("UBOB"), UserId("UCHARLIE"), UserId("UDAVE")
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 17, tzinfo=UTC)


def blank(**changes: Any) -> Promise:
    """A promise before its first act, as a use case hands it to the domain."""
    values: dict[str, Any] = {
        "team_id": TEAM,
        "id": PromiseId("P1"),
        "number": 12,
        "owner_id": ALICE,
        "requester_id": BOB,
        "made_by": ALICE,
        "made_at": MONDAY,
        "origin": Origin(ChannelId("C1")),
        "state": State.ACTIVE,
        "terms": Terms("send the deck", Due(FRIDAY, "Europe/Berlin")),
    }
    return Promise(**values | changes)


def promised(**changes: Any) -> Promise:
    """An active promise of Alice's to Bob, due on Friday."""
    start = blank(**changes)
    return begin(
        start, HistoryEntry(Act.PROMISE, start.owner_id, start.made_at, what=start.terms.what, due=start.terms.due)
    )


def requested(**changes: Any) -> Promise:
    """Bob asked Alice, who has not answered yet."""
    start = blank(made_by=BOB, **changes)
    return begin(start, HistoryEntry(Act.REQUEST, BOB, start.made_at, what=start.terms.what, due=start.terms.due))


def entry(act: Act, by: UserId, at: datetime = MONDAY + timedelta(minutes=1), **changes: Any) -> HistoryEntry:
    """An act with whatever it needs to make sense."""
    needed: dict[Act, dict[str, Any]] = {
        Act.PROPOSE: {"due": Due(FRIDAY + timedelta(days=3), "Europe/Berlin")},
        Act.COUNTER: {"due": Due(FRIDAY + timedelta(days=1), "Europe/Berlin")},
        Act.HAND_OVER: {"heir": DAVE},
        Act.ADD_NOTE: {"note": "it is in the shared folder"},
        Act.RATE: {"rating": "met"},
        Act.ADJUST: {"priority": Priority.URGENT},
    }
    return HistoryEntry(act, by, at, **needed.get(act, {}) | changes)


def replay(blank: Promise, history: Iterable[HistoryEntry]) -> Promise:
    """Rebuild a promise from its history."""
    entries = iter(history)
    promise = begin(blank, next(entries))
    for entry in entries:
        promise = perform(promise, entry)
    return promise


def visible(words: str) -> str:
    """Return the text, or another where nothing of it can be seen: an act that needs words refuses such a text."""
    return "x" if is_blank(words) else words
