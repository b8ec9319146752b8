"""The messages of one workspace that are owed, under way, sent or given up."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, literal_column, null, or_, select, update

from bot.domain.kinds import Kind, Planned, is_for_agenda
from bot.domain.promise import ChannelId, PromiseId, TeamId, UserId
from bot.ports import Delivery, DeliveryId
from bot.slack_errors import NOT_SET_UP
from bot.storage.among import among
from bot.storage.book import SqlBook
from bot.storage.bulk_select import BulkSelect
from bot.storage.compiled import Compiled
from bot.storage.tables import Instant, deliveries, for_both, promises, was_sent


class DeliveryState(StrEnum):
    """State of a delivery. UNTOLD: its reader's agenda has yet to decide about it. PENDING with a lease: being sent."""

    UNTOLD = "untold"
    PENDING = "pending"
    SENT = "sent"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


_TABLE = deliveries.c
_IN_TEAM = _TABLE.team_id == bindparam("team")
_THIS = (_IN_TEAM, _TABLE.id == bindparam("delivery"))
_OF_PROMISE = (_IN_TEAM, _TABLE.promise_id == bindparam("promise"))
MINE = (*_THIS, _TABLE.attempt == bindparam("mine"))
#: Expressed as NOT IN: without statistics, "state = 'pending'" would make PostgreSQL scan the whole workspace by the
#: indexes of due rows.
STILL_PENDING = _TABLE.state.not_in(
    [literal_column(f"'{state}'") for state in DeliveryState if state is not DeliveryState.PENDING]
)
_WAITING = (DeliveryState.UNTOLD, DeliveryState.PENDING)
STILL_WAITING = _TABLE.state.not_in([literal_column(f"'{state}'") for state in DeliveryState if state not in _WAITING])
_SHOWN = BulkSelect(
    select(deliveries).where(_IN_TEAM, among(_TABLE.promise_id, "promises"), was_sent, _TABLE.ts.is_not(None))
)
_STANDING_AT = select(deliveries).where(
    _IN_TEAM, _TABLE.channel_id == bindparam("place"), _TABLE.ts == bindparam("at_ts"), _TABLE.ts.is_not(None)
)
_NOTE_SHOWN = update(deliveries).where(*_THIS).values(shown=bindparam("now_shown"))

CANCEL_KIND = (
    update(deliveries)
    .where(*_OF_PROMISE, STILL_WAITING, _TABLE.kind == bindparam("of_kind"))
    .values(state=DeliveryState.CANCELLED.value)
)
_CANCEL_KIND_TO = CANCEL_KIND.where(_TABLE.recipient == bindparam("to"))


def _insert(insert: Any) -> Any:
    """Build an INSERT that restores a cancelled message and leaves any other existing one unchanged."""
    statement = insert(deliveries)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["team_id", "promise_id", "kind", "recipient", "occasion"],
        set_={
            "state": new.state,
            "due_at": new.due_at,
            "planned_at": new.planned_at,
            "told_in": new.told_in,
            "ended_at": new.ended_at,
        },
        where=_TABLE.state == literal_column("'cancelled'"),
    )


INSERT = for_both(_insert)
_COLUMNS = list(deliveries.columns.keys())
_INSERT_ON_SQLITE, _UNSENT = Compiled(INSERT["sqlite"], "sqlite", _COLUMNS), dict.fromkeys(_COLUMNS)

#: Includes 'cancelled': a message cancelled while it was being sent has reached Slack, so it is recorded as sent.
_RECORD_SENT = (
    update(deliveries)
    .where(*MINE, _TABLE.state.in_([literal_column("'pending'"), literal_column("'cancelled'")]))
    .values(
        state=DeliveryState.SENT.value,
        channel_id=bindparam("posted_in"),
        ts=bindparam("posted_ts"),
        shown=bindparam("now_shown"),
        ended_at=bindparam("at"),
        lease_until=null(),
        error="",
    )
)
_RECORD_END = (
    update(deliveries)
    .where(*MINE, STILL_PENDING)
    .values(state=bindparam("ends_as"), error=bindparam("why"), ended_at=bindparam("at"), lease_until=null())
)
_PUT_OFF = (
    update(deliveries)
    .where(*MINE, STILL_PENDING)
    .values(
        due_at=bindparam("until"),
        error=bindparam("why"),
        was_unknown=bindparam("unknown"),
        resend_at=bindparam("not_before", type_=Instant()),
        tries=_TABLE.tries + case((bindparam("counts"), 1), else_=0),
        lease_until=null(),
    )
)
_FIND = select(deliveries).where(*_THIS)
_LATEST = (
    select(deliveries)
    .where(
        *_OF_PROMISE,
        _TABLE.kind == bindparam("of_kind"),
        _TABLE.recipient == bindparam("person"),
        _TABLE.state != DeliveryState.CANCELLED.value,
    )
    .order_by(_TABLE.due_at.desc())
    .limit(1)
)
_COMING = _LATEST.where(_TABLE.state.in_([DeliveryState.UNTOLD.value, DeliveryState.PENDING.value]))
_ABOUT_OPEN = (
    select(deliveries)
    .join(promises, (promises.c.team_id == _TABLE.team_id) & (promises.c.id == _TABLE.promise_id))
    .where(promises.c.team_id == bindparam("team"), _IN_TEAM, promises.c.closed_at.is_(None))
)
_FAILED_FOR = (
    _ABOUT_OPEN.where(
        promises.c.owner_id == bindparam("person"),
        or_(_TABLE.state == DeliveryState.FAILED.value, and_(STILL_PENDING, _TABLE.error.in_(NOT_SET_UP))),
    )
    .order_by(_TABLE.planned_at.desc())
    .limit(bindparam("at_most"))
)


class SqlDeliveryBook(SqlBook):
    """DeliveryBook over a connection."""

    __slots__ = ()

    def owe(self, promise_id: PromiseId | None, messages: Iterable[Planned], new_id: Callable[[], DeliveryId]) -> None:
        insert_deliveries(
            self._connection, [new_row(self._team_id, promise_id, message, new_id()) for message in messages]
        )

    def cancel(self, promise_id: PromiseId | None, kind: Kind, to: str | None = None) -> None:
        key = {"team": self._team_id, "promise": promise_id or "", "of_kind": kind.value}
        if to is None:
            self._connection.execute(CANCEL_KIND, key)
        else:
            self._connection.execute(_CANCEL_KIND_TO, key | {"to": to})

    def shown(self, *promises: PromiseId) -> tuple[Delivery, ...]:
        rows = _SHOWN.rows(self._connection, {"team": self._team_id, "promises": sorted(promises)})
        return tuple(map(delivery_from, rows))

    def standing_at(self, channel_id: ChannelId, ts: str) -> Delivery | None:
        key = {"team": self._team_id, "place": channel_id, "at_ts": ts}
        row = self._connection.execute(_STANDING_AT, key).first()
        return delivery_from(row) if row is not None else None

    def note_shown(self, delivery: Delivery, shown: str) -> None:
        self._connection.execute(_NOTE_SHOWN, self._key(delivery.id) | {"now_shown": shown})

    def record_sent(self, delivery: Delivery, channel_id: ChannelId, ts: str, shown: str, at: datetime) -> bool:
        sent = {"posted_in": channel_id, "posted_ts": ts, "now_shown": shown, "at": at}
        return self._record(_RECORD_SENT, delivery, sent)

    def record_done(self, delivery: Delivery, why: str, at: datetime) -> bool:
        return self._record(_RECORD_END, delivery, {"ends_as": DeliveryState.DONE.value, "why": why, "at": at})

    def record_failed(self, delivery: Delivery, error: str, at: datetime) -> bool:
        return self._record(_RECORD_END, delivery, {"ends_as": DeliveryState.FAILED.value, "why": error, "at": at})

    def put_off(
        self,
        delivery: Delivery,
        until: datetime,
        error: str,
        *,
        unknown: bool,
        counts: bool = True,
        resend_at: datetime | None = None,
    ) -> bool:
        again = {"until": until, "why": error, "unknown": unknown, "counts": counts, "not_before": resend_at}
        return self._record(_PUT_OFF, delivery, again)

    def find(self, delivery_id: DeliveryId) -> Delivery | None:
        return next(iter(self._to_person(_FIND, delivery=delivery_id)), None)

    def latest(self, promise_id: PromiseId, kind: Kind, to: UserId) -> Delivery | None:
        return next(iter(self._to_person(_LATEST, promise=promise_id, of_kind=kind.value, person=to)), None)

    def coming(self, promise_id: PromiseId, kind: Kind, to: UserId) -> Delivery | None:
        return next(iter(self._to_person(_COMING, promise=promise_id, of_kind=kind.value, person=to)), None)

    def failed_for(self, owner: UserId, limit: int) -> tuple[Delivery, ...]:
        return self._to_person(_FAILED_FOR, person=owner, at_most=limit)

    def _to_person(self, statement: Any, **asked: object) -> tuple[Delivery, ...]:
        return tuple(map(delivery_from, self._connection.execute(statement, {"team": self._team_id, **asked})))

    def _record(self, statement: Any, delivery: Delivery, outcome: dict[str, Any]) -> bool:
        mine = self._key(delivery.id) | {"mine": delivery.attempt}
        return bool(self._connection.execute(statement, mine | outcome).rowcount)

    def _key(self, delivery_id: str) -> dict[str, Any]:
        return {"team": self._team_id, "delivery": delivery_id}


def insert_deliveries(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Add messages; one that is there already stays as it is, unless it had been called off."""
    if rows and connection.dialect.name == "sqlite":
        _INSERT_ON_SQLITE.change(connection, *(_UNSENT | each for each in rows))
    elif rows:
        connection.execute(INSERT[connection.dialect.name], rows)


def new_row(team_id: TeamId, promise_id: PromiseId | None, message: Planned, delivery_id: DeliveryId) -> dict[str, Any]:
    """Return a message as a row: for its reader's agenda to decide about, or to be sent at its instant."""
    state = DeliveryState.UNTOLD if is_for_agenda(message.kind, message.to) else DeliveryState.PENDING
    return {
        "team_id": team_id,
        "id": delivery_id,
        "promise_id": promise_id or "",
        "kind": message.kind.value,
        "recipient": message.to,
        "occasion": message.occasion,
        "state": state.value,
        "due_at": message.at,
        "planned_at": message.at,
        "leased_by": "",
        "attempt": 0,
        "tries": 0,
        "was_unknown": False,
        "shown": "",
        "error": "",
        "told_in": None,
        "ended_at": None,
    }


def delivery_from(row: Sequence[Any]) -> Delivery:
    """Build a delivery from a row that starts with every column of the table, in the table's order.

    Columns are read by position, which is faster than by name: a claim reads hundreds of rows.
    """
    (team_id, delivery_id, promise_id, kind, recipient, occasion, _, due_at, planned_at, *_) = row[:11]
    (attempt, tries, was_unknown, channel_id, ts, shown, error, _, resend_at) = row[11:20]
    return Delivery(
        team_id,
        delivery_id,
        KIND_OF[kind],
        promise_id or None,
        recipient,
        occasion,
        due_at,
        attempt,
        was_unknown,
        channel_id,
        ts,
        shown,
        planned_at,
        resend_at,
        tries,
        error,
    )


#: Quicker than asking the enumeration, once for each row.
KIND_OF = {kind.value: kind for kind in Kind}
