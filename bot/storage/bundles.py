"""What waits for one person, what told what, and how much somebody was told today."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Index,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    union_all,
    update,
)

from bot.domain.promise import PromiseId, TeamId, UserId
from bot.domain.reminders import GATHERED, NUDGES, ON_DEMAND, Kind
from bot.ports import Delivery, DeliveryId
from bot.storage.deliveries import MINE, STILL_PENDING, DeliveryState, delivery_from
from bot.storage.tables import Instant, deliveries, is_open, is_pending, promises

_TABLE = deliveries.c
_IN_TEAM = _TABLE.team_id == bindparam("team")
_FREE = _TABLE.lease_until.is_(None)
#: Conditions of partial indexes, as literals: neither planner matches a bound value to them.
_was_put_off = is_pending & (_TABLE.due_at > _TABLE.planned_at)
_was_sent = _TABLE.state == literal_column("'sent'")
_was_told = _TABLE.told_in.is_not(None)

for _name, _columns, _condition in (
    ("deliveries_said", (_TABLE.team_id, _TABLE.recipient, _TABLE.ended_at), _was_sent),
    ("deliveries_told", (_TABLE.team_id, _TABLE.told_in), _was_told),
    ("deliveries_held", (_TABLE.team_id, _TABLE.recipient), _was_put_off),
):
    Index(_name, *_columns, sqlite_where=_condition, postgresql_where=_condition)


def _kinds(kinds: Collection[Kind]) -> list[Any]:
    return [literal_column(f"'{kind}'") for kind in sorted(kinds)]


_WAITING = (
    select(deliveries)
    .where(
        _IN_TEAM,
        _TABLE.promise_id == literal_column("''"),
        _TABLE.kind.in_(_kinds(GATHERED)),
        _TABLE.recipient == bindparam("person"),
        STILL_PENDING,
        ~_TABLE.was_unknown,  # it may stand in Slack already, as it was then
        or_(_FREE, _TABLE.id.in_(bindparam("in_hand", expanding=True))),
    )
    .order_by(_TABLE.due_at)
    .limit(10)
)
_WAITING_FOR_CHANGE = _WAITING.with_for_update()
_OPEN = [
    select(promises.c.id).where(promises.c.team_id == bindparam("team"), is_open, side == bindparam("person"))
    for side in (promises.c.owner_id, promises.c.requester_id)
]
#: By way of somebody's open promises, so that no index of recipients has to be kept for each message ever owed.
_NUDGES = (
    select(deliveries)
    .where(
        _IN_TEAM,
        _TABLE.promise_id.in_(union_all(*_OPEN)),
        _TABLE.recipient == bindparam("person"),
        _TABLE.kind.in_(_kinds(NUDGES | ON_DEMAND)),
        STILL_PENDING,
        _FREE,
        _TABLE.planned_at <= bindparam("before"),
    )
    .order_by(_TABLE.planned_at)
    .limit(100)
)
_HELD = (
    select(deliveries)
    .where(
        _IN_TEAM,
        _TABLE.recipient == bindparam("person"),
        _was_put_off,
        _FREE,
        _TABLE.kind == literal_column(f"'{Kind.NOTICE}'"),
        _TABLE.planned_at <= bindparam("before"),
    )
    .order_by(_TABLE.planned_at)
    .limit(100)
)
_SAID_SINCE = (
    select(func.count())
    .select_from(deliveries)
    .where(
        _IN_TEAM,
        _TABLE.recipient == bindparam("person"),
        _was_sent,
        _TABLE.ended_at >= bindparam("since"),
        _TABLE.kind != literal_column(f"'{Kind.RECEIPT}'"),
    )
)
_TELL = (
    update(deliveries)
    .where(*MINE, STILL_PENDING)
    .values(state=DeliveryState.DONE.value, told_in=bindparam("message"), ended_at=bindparam("at"), lease_until=null())
)
_LEAVE_OUT = update(deliveries).where(_IN_TEAM, _TABLE.id == bindparam("delivery")).values(told_in=null())
_TOLD_IN = (
    select(deliveries)
    .where(_IN_TEAM, _TABLE.told_in == bindparam("message"), _was_told)
    .order_by(_TABLE.planned_at, _TABLE.id)
    .limit(200)
)
_HOLD = (
    update(deliveries)
    .where(*MINE, STILL_PENDING)
    .values(
        due_at=bindparam("until"),
        planned_at=case((bindparam("moves") == true(), bindparam("until", type_=Instant())), else_=_TABLE.planned_at),
        lease_until=null(),
    )
)
_message = deliveries.alias("message")
_ABOUT = (_IN_TEAM, _TABLE.promise_id == bindparam("promise"))
_TELLING_OF = (
    select(_message)
    .join(deliveries, (_message.c.team_id == _TABLE.team_id) & (_message.c.id == _TABLE.told_in))
    .where(*_ABOUT, _message.c.team_id == bindparam("team"), _message.c.ts.is_not(None))
)
_ASKED_AT = (
    select(func.max(func.coalesce(_message.c.due_at, _TABLE.due_at, type_=Instant()), type_=Instant()))
    .select_from(
        deliveries.outerjoin(_message, (_message.c.team_id == _TABLE.team_id) & (_message.c.id == _TABLE.told_in))
    )
    .where(
        *_ABOUT,
        _TABLE.kind == Kind.CHECK_IN.value,
        _TABLE.occasion == bindparam("occasion"),
        or_(_was_sent, _message.c.ts.is_not(None)),
    )
)
_FIND = select(deliveries).where(_IN_TEAM, _TABLE.id == bindparam("delivery"))
_LATEST = (
    select(deliveries)
    .where(
        *_ABOUT,
        _TABLE.kind == bindparam("of_kind"),
        _TABLE.recipient == bindparam("person"),
        _TABLE.state != DeliveryState.CANCELLED.value,
    )
    .order_by(_TABLE.due_at.desc())
    .limit(1)
)
_COMING = _LATEST.where(STILL_PENDING)
_WAS_BRIEFED = select(
    exists().where(
        _IN_TEAM,
        _TABLE.promise_id == literal_column("''"),
        _TABLE.kind == Kind.BRIEF.value,
        _TABLE.recipient == bindparam("person"),
        _TABLE.occasion == bindparam("day"),
        _TABLE.state.not_in([DeliveryState.PENDING.value, DeliveryState.CANCELLED.value]),
    )
)


class Bundles:
    """BundleBook over a connection."""

    __slots__ = ("_connection", "_team_id")

    def __init__(self, connection: Connection, team_id: TeamId) -> None:
        self._connection = connection
        self._team_id = team_id

    def waiting(
        self, person: UserId, in_hand: Collection[DeliveryId] = (), *, for_change: bool = False
    ) -> tuple[Delivery, ...]:
        statement = _WAITING_FOR_CHANGE if for_change else _WAITING
        return self._many(statement, person=person, in_hand=list(in_hand))

    def owed(self, person: UserId, planned_before: datetime) -> tuple[Delivery, ...]:
        asked = {"person": person, "before": planned_before}
        return (*self._many(_NUDGES, **asked), *self._many(_HELD, **asked))

    def said_since(self, person: UserId, since: datetime) -> int:
        asked = {"team": self._team_id, "person": person, "since": since}
        return int(self._connection.execute(_SAID_SINCE, asked).scalar_one())

    def tell(self, row: Delivery, told_in: DeliveryId, at: datetime) -> bool:
        return self._mine(_TELL, row, message=told_in, at=at)

    def told_in(self, message: DeliveryId) -> tuple[Delivery, ...]:
        return self._many(_TOLD_IN, message=message)

    def leave_out(self, row: Delivery) -> None:
        self._connection.execute(_LEAVE_OUT, {"team": self._team_id, "delivery": row.id})

    def telling_of(self, promise_id: PromiseId) -> tuple[Delivery, ...]:
        found = {row.id: row for row in self._many(_TELLING_OF, promise=promise_id)}
        return tuple(found.values())

    def hold(self, row: Delivery, until: datetime) -> bool:
        return self._mine(_HOLD, row, until=until, moves=row.kind.is_nudge)

    def asked_at(self, promise_id: PromiseId, occasion: str) -> datetime | None:
        asked = {"team": self._team_id, "promise": promise_id, "occasion": occasion}
        found: datetime | None = self._connection.execute(_ASKED_AT, asked).scalar_one()
        return found

    def find(self, delivery_id: DeliveryId) -> Delivery | None:
        return next(iter(self._many(_FIND, delivery=delivery_id)), None)

    def latest(self, promise_id: PromiseId, kind: Kind, to: UserId) -> Delivery | None:
        return next(iter(self._many(_LATEST, promise=promise_id, of_kind=kind.value, person=to)), None)

    def coming(self, promise_id: PromiseId, kind: Kind, to: UserId) -> Delivery | None:
        return next(iter(self._many(_COMING, promise=promise_id, of_kind=kind.value, person=to)), None)

    def was_briefed(self, person: UserId, day: str) -> bool:
        asked = {"team": self._team_id, "person": person, "day": day}
        return bool(self._connection.execute(_WAS_BRIEFED, asked).scalar_one())

    def _many(self, statement: Any, **asked: object) -> tuple[Delivery, ...]:
        return tuple(map(delivery_from, self._connection.execute(statement, {"team": self._team_id, **asked})))

    def _mine(self, statement: Any, row: Delivery, **values: object) -> bool:
        key = {"team": self._team_id, "delivery": row.id, "mine": row.attempt}
        return bool(self._connection.execute(statement, key | values).rowcount)
