"""Protocols for webhooks in a transaction, and for calling their addresses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.promise import PromiseId, TeamId, UserId
from bot.domain.webhooks import Webhook, WebhookCall


@dataclass(frozen=True, slots=True)
class CallResult:
    """The result of one attempt: an HTTP status, or 0 and why there was none."""

    status: int
    error: str = ""

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300


class StoredSecrets(Protocol):
    def encrypted(self, secret: str) -> str: ...

    def decrypted(self, stored: str) -> str:
        """Return the secret in clear text. Raises KeptError when no key decrypts it."""
        ...


class Caller(Protocol):
    def encrypted(self, secret: str) -> str:
        """Return a new webhook's secret as it is stored: encrypted where there are keys."""
        ...

    async def call(self, webhook: Webhook, call: WebhookCall, body: str, at: datetime) -> CallResult:
        """Send a signed body to a webhook. Errors of the network or the receiver are returned, not raised."""
        ...


class WebhookBook(Protocol):
    def webhook(self, webhook_id: str) -> Webhook | None: ...

    def webhooks_of(self, owner: UserId) -> tuple[Webhook, ...]:
        """Return a person's webhooks, the oldest first; the workspace's own for the empty id."""
        ...

    def all_webhooks(self) -> tuple[Webhook, ...]: ...

    def add_webhook(self, webhook: Webhook) -> None: ...

    def remove_webhook(self, webhook_id: str) -> None:
        """Delete it with its pending calls."""
        ...

    def take_events(self, limit: int) -> tuple[tuple[PromiseId, int], ...]:
        """Remove and return recorded acts that have no calls yet, by promise and place in its history."""
        ...

    def owe_calls(self, calls: Sequence[WebhookCall]) -> None:
        """Add calls; one whose id exists is left unchanged."""
        ...

    def claim_calls(self, now: datetime, lease: timedelta, limit: int) -> tuple[WebhookCall, ...]:
        """Claim due calls, only the earliest of each webhook and promise, so that none overtakes another."""
        ...

    def record_call(self, call: WebhookCall, attempt: int) -> bool:
        """Record the result of an attempt; False if a later attempt owns the call."""
        ...

    def last_calls(self, webhook_id: str, limit: int) -> tuple[WebhookCall, ...]:
        """Return the last attempted calls, the latest first."""
        ...

    def prune_calls(self, webhook_id: str, keep: int) -> None:
        """Delete ended calls, except for the latest."""
        ...


class WebhookWork(Protocol):
    async def webhook_teams(self, now: datetime, limit: int) -> tuple[TeamId, ...]:
        """Return the workspaces in which an event is due to be sent to a webhook."""
        ...
