"""Webhooks of one workspace and their pending events; a trigger records each act for which there is a webhook."""

import contextlib
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Delete,
    Index,
    Integer,
    Row,
    String,
    Table,
    delete,
    select,
    tuple_,
    union,
    update,
)

from bot.domain.promise import PromiseId, TeamId, UserId
from bot.domain.webhooks import CallState, Webhook, WebhookCall
from bot.storage.book import SqlBook
from bot.storage.tables import Instant, for_both, metadata

webhooks = Table(
    "webhooks",
    metadata,
    Column("team_id", String, primary_key=True, nullable=False),
    Column("id", String, primary_key=True, nullable=False),
    Column("owner", String, nullable=False),
    Column("url", String, nullable=False),
    Column("secret", String, nullable=False),
    Column("made_by", String, nullable=False),
    Column("made_at", Instant, nullable=False),
)
#: Acts that are still to be owed to webhooks: written by a trigger in the transaction of the act itself.
webhook_events = Table(
    "webhook_events",
    metadata,
    Column("team_id", String, primary_key=True, nullable=False),
    Column("promise_id", String, primary_key=True, nullable=False),
    Column("seq", Integer, primary_key=True, nullable=False, autoincrement=False),
)
webhook_calls = Table(
    "webhook_calls",
    metadata,
    Column("team_id", String, primary_key=True, nullable=False),
    Column("id", String, primary_key=True, nullable=False),
    Column("webhook_id", String, nullable=False),
    Column("promise_id", String, nullable=False),
    Column("place", Integer, nullable=False),
    Column("event", String, nullable=False),
    Column("state", String, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("status", Integer, nullable=False),
    Column("error", String, nullable=False),
    Column("tried_at", Instant),
)
_PENDING = webhook_calls.c.state == CallState.PENDING.value
Index("webhook_calls_due", webhook_calls.c.team_id, webhook_calls.c.state, webhook_calls.c.due_at)
Index("webhook_calls_of", webhook_calls.c.team_id, webhook_calls.c.webhook_id, webhook_calls.c.promise_id)
_OWE = for_both(lambda insert: insert(webhook_calls).on_conflict_do_nothing())
_NAMES = tuple(column.name for column in webhook_calls.c if column.name != "team_id")


class SqlWebhookBook(SqlBook):
    """WebhookBook over a connection."""

    __slots__ = ()

    def webhook(self, webhook_id: str) -> Webhook | None:
        found = self._webhooks(webhooks.c.id == webhook_id)
        return found[0] if found else None

    def webhooks_of(self, owner: UserId) -> tuple[Webhook, ...]:
        return self._webhooks(webhooks.c.owner == owner)

    def all_webhooks(self) -> tuple[Webhook, ...]:
        return self._webhooks()

    def _webhooks(self, *conditions: Any) -> tuple[Webhook, ...]:
        query = select(webhooks).where(webhooks.c.team_id == self._team_id, *conditions)
        rows = self._connection.execute(query.order_by(webhooks.c.made_at, webhooks.c.id))
        return tuple(
            Webhook(row.id, UserId(row.owner), row.url, row.secret, UserId(row.made_by), row.made_at) for row in rows
        )

    def add_webhook(self, webhook: Webhook) -> None:
        values = {name: getattr(webhook, name) for name in ("id", "owner", "url", "secret", "made_by", "made_at")}
        self._connection.execute(webhooks.insert(), {"team_id": self._team_id, **values})

    def remove_webhook(self, webhook_id: str) -> None:
        self._connection.execute(delete(webhook_calls).where(*self._calls(webhook_calls.c.webhook_id == webhook_id)))
        this = (webhooks.c.team_id == self._team_id, webhooks.c.id == webhook_id)
        self._connection.execute(delete(webhooks).where(*this))

    def take_events(self, limit: int) -> tuple[tuple[PromiseId, int], ...]:
        in_team = webhook_events.c.team_id == self._team_id
        keys = (webhook_events.c.promise_id, webhook_events.c.seq)
        # One process at a time: two that took turns within a promise could owe its acts in the wrong order.
        mine = select(webhooks.c.id).where(webhooks.c.team_id == self._team_id).order_by(webhooks.c.id)
        self._connection.execute(mine.with_for_update()).all()
        oldest = select(*keys).where(in_team).order_by(*keys).limit(limit)
        found = [(PromiseId(row.promise_id), int(row.seq)) for row in self._connection.execute(oldest)]
        if found:
            self._connection.execute(delete(webhook_events).where(in_team, tuple_(*keys).in_(found)))
        return tuple(found)

    def owe_calls(self, calls: Sequence[WebhookCall]) -> None:
        if calls:
            rows = [{"team_id": self._team_id} | {name: getattr(call, name) for name in _NAMES} for call in calls]
            self._connection.execute(_OWE[self._connection.dialect.name], rows)

    def claim_calls(self, now: datetime, lease: timedelta, limit: int) -> tuple[WebhookCall, ...]:
        before = webhook_calls.alias("before")
        overtaken = (
            select(before.c.id)
            .where(
                before.c.team_id == self._team_id,
                before.c.webhook_id == webhook_calls.c.webhook_id,
                before.c.promise_id == webhook_calls.c.promise_id,
                before.c.state == CallState.PENDING.value,
                before.c.place < webhook_calls.c.place,
            )
            .exists()
        )
        due = self._calls(_PENDING, webhook_calls.c.due_at <= now, ~overtaken)
        query = select(webhook_calls).where(*due).order_by(webhook_calls.c.due_at).limit(limit)
        rows = self._connection.execute(query.with_for_update(skip_locked=True, of=webhook_calls)).all()
        # A lease is a later `due_at`: when this process dies, the call is due again once it is over.
        mine = webhook_calls.c.id.in_([row.id for row in rows])
        taken = {"attempt": webhook_calls.c.attempt + 1, "due_at": now + lease}
        if rows:
            self._connection.execute(update(webhook_calls).where(*self._calls(mine)).values(**taken))
        return tuple(_read(row, row.attempt + 1) for row in rows)

    def record_call(self, call: WebhookCall, attempt: int) -> bool:
        changed = {name: getattr(call, name) for name in ("state", "due_at", "tries", "status", "error", "tried_at")}
        mine = self._calls(webhook_calls.c.id == call.id, webhook_calls.c.attempt == attempt, _PENDING)
        return self._connection.execute(update(webhook_calls).where(*mine).values(**changed)).rowcount == 1

    def last_calls(self, webhook_id: str, limit: int) -> tuple[WebhookCall, ...]:
        tried = self._calls(webhook_calls.c.webhook_id == webhook_id, webhook_calls.c.tried_at.is_not(None))
        query = (
            select(webhook_calls).where(*tried).order_by(webhook_calls.c.tried_at.desc(), webhook_calls.c.place.desc())
        )
        return tuple(_read(row, row.attempt) for row in self._connection.execute(query.limit(limit)))

    def prune_calls(self, webhook_id: str, keep: int) -> None:
        ended = self._calls(webhook_calls.c.webhook_id == webhook_id, ~_PENDING)
        order = (webhook_calls.c.tried_at.desc(), webhook_calls.c.id)
        old = select(webhook_calls.c.id).where(*ended).order_by(*order).limit(10_000).offset(keep)
        gone = [row.id for row in self._connection.execute(old)]
        if gone:
            self._connection.execute(delete(webhook_calls).where(*self._calls(webhook_calls.c.id.in_(gone))))

    def _calls(self, *conditions: Any) -> tuple[Any, ...]:
        return (webhook_calls.c.team_id == self._team_id, *conditions)


def owed_to(team_id: TeamId, owner: UserId) -> Delete:
    """Return the statement that deletes pending calls to the webhooks of a person."""
    theirs = select(webhooks.c.id).where(webhooks.c.team_id == team_id, webhooks.c.owner == owner)
    return delete(webhook_calls).where(webhook_calls.c.team_id == team_id, webhook_calls.c.webhook_id.in_(theirs))


def webhook_teams(connection: Connection, now: datetime, limit: int) -> tuple[TeamId, ...]:
    """Return the workspaces with recorded acts or due calls."""
    due = select(webhook_calls.c.team_id).where(_PENDING, webhook_calls.c.due_at <= now)
    found = union(select(webhook_events.c.team_id), due).limit(limit)
    return tuple(TeamId(row.team_id) for row in connection.execute(found))


@contextlib.contextmanager
def without_events(
    connection: Connection, team_id: TeamId, promise_ids: Collection[str] | None = None
) -> Iterator[None]:
    """Send no events for acts that are rewritten without their words; None is every promise."""
    these = [webhook_events.c.team_id == team_id]
    these += [] if promise_ids is None else [webhook_events.c.promise_id.in_(promise_ids)]
    keys = (webhook_events.c.promise_id, webhook_events.c.seq)
    before = {(row.promise_id, row.seq) for row in connection.execute(select(*keys).where(*these))}
    yield
    after = {(row.promise_id, row.seq) for row in connection.execute(select(*keys).where(*these))}
    if new := sorted(after - before):
        connection.execute(delete(webhook_events).where(*these, tuple_(*keys).in_(new)))


def _read(row: "Row[Any]", attempt: int) -> WebhookCall:
    values = {name: getattr(row, name) for name in _NAMES}
    return WebhookCall(**values | {"state": CallState(row.state), "attempt": attempt})
