"""Webhooks: set up by people in Slack, recorded in the act's own transaction, called in order until they accept."""

import asyncio
import base64
import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.errors import NotFoundError, TooManyError
from bot.domain.people import WORKSPACE
from bot.domain.promise import PromiseId, TeamId, UserId
from bot.domain.webhooks import (
    GONE,
    MAX_WEBHOOKS,
    SECRET_PREFIX,
    TEST,
    CallState,
    Webhook,
    WebhookCall,
    checked_url,
    events_of,
    payload,
    retry_at,
)
from bot.language import _
from bot.ports import Transaction
from bot.ports.retention import Choice
from bot.ports.webhooks import Caller, CallResult
from bot.use_cases.context import Context
from bot.use_cases.people import People
from bot.use_cases.preferences import PreferenceChanges
from bot.use_cases.workspace_drain import WorkspaceDrain

#: How long a call is one process's own. An attempt ends well before it.
LEASE = timedelta(seconds=60)
#: Most acts and calls of one round, and how many calls of a webhook are kept to be looked at.
MAX_EVENTS, MAX_CALLS, CALLS_KEPT = 100, 50, 20
AUDITED = "workspace webhook"


class Webhooks:
    """`caller` is None if nothing is sent, as in tests of other parts. `drain` sends due calls."""

    def __init__(
        self, context: Context, people: People, preference_changes: PreferenceChanges, caller: Caller | None = None
    ) -> None:
        self._store, self._clock = context.store, context.clock
        self._new_id, self._wake = context.new_id, context.wake
        self._people, self._preference_changes, self._caller = people, preference_changes, caller
        self.drain = WorkspaceDrain("webhooks", self._clock, self._store.webhook_teams, self._round, is_on=bool(caller))

    async def add(self, team_id: TeamId, by: UserId, url: str, *, is_own: bool = True) -> Webhook:
        """Return a new webhook with its secret, for oneself or as an admin for the workspace.

        Raises UnreadableError for no address, TooManyError, NotAllowedError for no admin, NotFoundError for no person.
        """
        if is_own:
            await self._people.colleague(team_id, by)
        else:
            await self._preference_changes.check_admin(team_id, by)
        owner = by if is_own else WORKSPACE
        secret = f"{SECRET_PREFIX}{base64.b64encode(secrets.token_bytes(32)).decode()}"
        added = Webhook(self._new_id(), owner, checked_url(url), secret, by, self._clock.now())
        stored = replace(added, secret=self._caller.encrypted(secret)) if self._caller else added

        def work(tx: Transaction) -> None:
            if len(tx.webhooks.webhooks_of(owner)) >= MAX_WEBHOOKS:
                raise TooManyError(
                    _("There are {most_webhooks} webhooks already. Remove one first.").format(
                        most_webhooks=MAX_WEBHOOKS
                    ),
                    "url",
                )
            tx.webhooks.add_webhook(stored)
            self._audit(tx, added, by, "added")

        await self._store.write(team_id, work)
        return added

    async def remove(self, team_id: TeamId, by: UserId, webhook_id: str) -> None:
        """Remove a webhook and its pending calls. Raises what `of` raises."""
        found = await self.of(team_id, by, webhook_id)

        def work(tx: Transaction) -> None:
            tx.webhooks.remove_webhook(found.id)
            self._audit(tx, found, by, "removed")

        await self._store.write(team_id, work)

    async def of(self, team_id: TeamId, by: UserId, webhook_id: str) -> Webhook:
        """Return a webhook of the person, or of the workspace for an admin.

        Raises NotFoundError for anybody else's, NotAllowedError for a workspace's to no admin.
        """
        found = await self._store.read(team_id, lambda tx: tx.webhooks.webhook(webhook_id))
        if found is None or found.owner not in (by, WORKSPACE):
            raise NotFoundError(_("That webhook is gone already."))
        if not found.is_personal:
            await self._preference_changes.check_admin(team_id, by)
        return found

    async def listed(self, team_id: TeamId, by: UserId, *, is_own: bool = True) -> tuple[Webhook, ...]:
        """Return the person's webhooks, or the workspace's for an admin. Raises NotAllowedError."""
        if not is_own:
            await self._preference_changes.check_admin(team_id, by)
        return await self._store.read(team_id, lambda tx: tx.webhooks.webhooks_of(by if is_own else WORKSPACE))

    async def test(self, team_id: TeamId, by: UserId, webhook_id: str) -> None:
        """Add a test call, which is sent like all others. Raises what `of` raises."""
        found, now = await self.of(team_id, by, webhook_id), self._clock.now()
        call = WebhookCall(self._new_id(), found.id, PromiseId(""), 0, TEST, CallState.PENDING, now, now)
        await self._store.write(team_id, lambda tx: tx.webhooks.owe_calls([call]))
        self._wake()

    async def attempts(self, team_id: TeamId, by: UserId, webhook_id: str) -> tuple[WebhookCall, ...]:
        """Return the last attempted calls, the latest first. Raises what `of` raises."""
        found = await self.of(team_id, by, webhook_id)
        return await self._store.read(team_id, lambda tx: tx.webhooks.last_calls(found.id, CALLS_KEPT))

    async def _round(self, team_id: TeamId) -> int:
        expanded = await self._store.write(team_id, self._owe)
        now = self._clock.now()
        claimed = await self._store.write(team_id, lambda tx: tx.webhooks.claim_calls(now, LEASE, MAX_CALLS))
        await asyncio.gather(*(self._attempt(team_id, call) for call in claimed))
        return expanded + len(claimed)

    def _owe(self, tx: Transaction) -> int:
        """Turn recorded acts into calls; return how many acts."""
        noted = tx.webhooks.take_events(MAX_EVENTS)
        listening = tx.webhooks.all_webhooks() if noted else ()
        calls = [call for promise_id, seq in noted for call in self._calls(tx, listening, promise_id, seq)]
        tx.webhooks.owe_calls(calls)
        return len(noted)

    def _calls(
        self, tx: Transaction, listening: Sequence[Webhook], promise_id: PromiseId, seq: int
    ) -> list[WebhookCall]:
        past = tx.records.those([promise_id]).get(promise_id)
        if past is None or len(past.history) < seq:
            return []
        entry, now = past.history[seq - 1], self._clock.now()
        names = events_of(entry, past.promise)
        return [
            WebhookCall(
                hashlib.sha256(f"{webhook.id} {promise_id} {seq} {name}".encode()).hexdigest()[:32],
                webhook.id,
                promise_id,
                seq * 2 + turn,
                name,
                CallState.PENDING,
                entry.at,
                now,
            )
            for webhook in listening
            if webhook.listens_to(past.promise) and webhook.made_at <= entry.at
            for turn, name in enumerate(names)
        ]

    async def _attempt(self, team_id: TeamId, call: WebhookCall) -> None:
        """Send a call once, and record the result if this process still owns it."""
        assert self._caller is not None  # noqa: S101  nothing is claimed without it

        def read(tx: Transaction) -> tuple[Webhook | None, str]:
            webhook = tx.webhooks.webhook(call.webhook_id)
            return webhook, self._body(tx, webhook, call) if webhook else ""

        webhook, body = await self._store.read(team_id, read)
        if webhook is None:
            return
        now = self._clock.now()
        called = await self._caller.call(webhook, call, body, now) if body else None
        after = _after(call, called, self._clock.now()) if called else replace(call, state=CallState.PASSED_OVER)

        def work(tx: Transaction) -> None:
            tx.webhooks.record_call(after, call.attempt)
            tx.webhooks.prune_calls(call.webhook_id, CALLS_KEPT)

        await self._store.write(team_id, work)

    def _body(self, tx: Transaction, webhook: Webhook, call: WebhookCall) -> str:
        """Return the body of a call; empty if its receiver may no longer see it."""
        if call.event == TEST:
            return json.dumps(payload(call, None, None))
        past = tx.records.those([call.promise_id]).get(call.promise_id)
        if past is None or not webhook.listens_to(past.promise):
            return ""
        return json.dumps(payload(call, past.promise, past.history[call.place // 2 - 1]), ensure_ascii=False)

    def _audit(self, tx: Transaction, webhook: Webhook, by: UserId, did: str) -> None:
        if not webhook.is_personal:
            tx.retention.choose(self._new_id(), Choice(AUDITED, f"{did} {webhook.url}", by, self._clock.now()))


def _after(call: WebhookCall, called: CallResult, now: datetime) -> WebhookCall:
    """Return the call with the result of an attempt: accepted, to be retried, or given up."""
    tried = replace(call, status=called.status, error=called.error, tried_at=now)
    if called.is_taken:
        return replace(tried, state=CallState.SENT)
    again = None if called.status == GONE else retry_at(call, now)
    tried = replace(tried, tries=call.tries + 1)
    return replace(tried, due_at=again) if again else replace(tried, state=CallState.GIVEN_UP)
