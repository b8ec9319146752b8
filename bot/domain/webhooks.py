"""Webhooks: addresses that receive each act, and the payloads."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from bot.domain.acts import RULE_OF, Act, State
from bot.domain.errors import UnreadableError
from bot.domain.promise import Promise, PromiseId, UserId
from bot.domain.transitions import HistoryEntry
from bot.language import _

#: The longest address, and how many one person or one workspace has.
URL_LIMIT, MAX_WEBHOOKS = 500, 5
#: How long to wait after each attempt that failed; after the last one it is given up.
PAUSES = (
    *(timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30)),
    *(timedelta(hours=2), timedelta(hours=5), timedelta(hours=10), timedelta(hours=14), timedelta(hours=20)),
)
TEST, KEPT = "test", "promise.kept"
#: How a secret begins in clear text, as Standard Webhooks has it; an encrypted one does not.
SECRET_PREFIX = "whsec_"  # noqa: S105  no secret itself
GONE = 410


class CallState(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    GIVEN_UP = "given_up"
    PASSED_OVER = "passed_over"


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook for the promises that `owner` is party to; with no `owner`, for the workspace's public promises.

    `secret` is as it is stored: encrypted where there are keys.
    """

    id: str
    owner: UserId
    url: str
    secret: str
    made_by: UserId
    made_at: datetime

    @property
    def is_personal(self) -> bool:
        return bool(self.owner)

    def listens_to(self, promise: Promise) -> bool:
        """Return whether acts on a promise are sent."""
        return self.owner in promise.parties if self.is_personal else not promise.origin.is_private


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """One event owed to one webhook. `place` orders those about one promise; `tries` counts the attempts that failed.

    `attempt` grows with each claim, so that only who holds the latest records what came of it.
    """

    id: str
    webhook_id: str
    promise_id: PromiseId
    place: int
    event: str
    state: CallState
    made_at: datetime
    due_at: datetime
    attempt: int = 0
    tries: int = 0
    status: int = 0
    error: str = ""
    tried_at: datetime | None = None


def events_of(entry: HistoryEntry, promise: Promise) -> tuple[str, ...]:
    """Return the names of an act's events; an act that closes a promise as kept has KEPT as a second one."""
    name = "promise.missed" if entry.act is Act.MISS else f"promise.{entry.act.value}"
    closes = RULE_OF[entry.act].to is State.KEPT or (entry.act is Act.REPORT and promise.is_own)
    return (name, KEPT) if closes else (name,)


def retry_at(call: WebhookCall, now: datetime) -> datetime | None:
    """Return when a call that failed once more is tried again; None when it is given up."""
    return now + PAUSES[call.tries] if call.tries < len(PAUSES) else None


def checked_url(url: str) -> str:
    """Return an address in its form alone: where it leads is checked at each connection. Raises UnreadableError."""
    url = url.strip()
    try:
        parts, port = urlsplit(url), urlsplit(url).port
    except ValueError:
        parts, port = urlsplit(""), None
    is_plain = url.isascii() and url.isprintable() and " " not in url and not parts.username and not parts.password
    if parts.scheme not in ("https", "http") or not parts.hostname or not is_plain or port == 0 or len(url) > URL_LIMIT:
        raise UnreadableError(_("Write an address like https://example.com/kept, without a user name in it."), "url")
    return url


def payload(call: WebhookCall, promise: Promise | None, entry: HistoryEntry | None) -> dict[str, Any]:
    """Return what is sent: the act as it was, and the promise as it is now."""
    sent: dict[str, Any] = {"type": call.event, "timestamp": call.made_at.isoformat(), "data": {}}
    if promise and entry:
        sent["data"] = {"act": _act(entry, call.place // 2), "promise": _promise(promise)}
    return sent


def _act(entry: HistoryEntry, seq: int) -> dict[str, Any]:
    due_at = entry.due.at.isoformat() if entry.due else None
    return {
        "seq": seq,
        "act": entry.act.value,
        "by": entry.by,
        "at": entry.at.isoformat(),
        "note": entry.note,
        "what": entry.what,
        "due_at": due_at,
        "rating": entry.rating,
    }


def _promise(promise: Promise) -> dict[str, Any]:
    def moment(at: datetime | None) -> str | None:
        return at.isoformat() if at else None

    return {
        "id": promise.id,
        "number": promise.number,
        "seq": promise.seq,
        "state": promise.state.value,
        "what": promise.terms.what,
        "due_at": promise.terms.due.at.isoformat(),
        "owner": promise.owner_id,
        "requester": promise.requester_id,
        "watchers": list(promise.watchers),
        "channel": promise.origin.channel_id or None,
        "is_private": promise.origin.is_private,
        "missed_at": moment(promise.missed_at),
        "closed_at": moment(promise.closed_at),
    }
