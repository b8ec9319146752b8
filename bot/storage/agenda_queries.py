"""SQL statements of bot.storage.agendas: agendas due, messages to a person, messages about their promises."""

from typing import Any

from sqlalchemy import (
    Column,
    Index,
    Integer,
    String,
    Table,
    bindparam,
    case,
    cast,
    exists,
    false,
    func,
    literal_column,
    null,
    select,
    union_all,
    update,
)

from bot.domain.agenda import ANSWERS, OFFER_ACTS, is_on_record
from bot.domain.kinds import KINDS, NOT_REDRAWN, Kind, Way
from bot.storage.among import among, unindexed
from bot.storage.deliveries import DeliveryState
from bot.storage.tables import Instant, acts, deliveries, for_both, is_open, metadata, promises, turns, was_sent

agendas = Table(
    "agendas",
    metadata,
    Column("team_id", String, primary_key=True, nullable=False),
    Column("person_id", String, primary_key=True, nullable=False),
    Column("wakes_at", Instant),
    Column("seq", Integer, nullable=False),
)
is_set = agendas.c.wakes_at.is_not(None)
Index("agendas_wake", agendas.c.wakes_at, sqlite_where=is_set, postgresql_where=is_set)

_TABLE = deliveries.c
_IN_TEAM = _TABLE.team_id == bindparam("team")
_TO = _TABLE.recipient == bindparam("person")
#: Conditions of partial indexes, as literals: neither planner matches a bound value to them.
_waits = _TABLE.state.in_([literal_column("'untold'"), literal_column("'pending'")])
_is_included = _TABLE.told_in.is_not(None)

for _name, _columns, _condition in (
    ("deliveries_said", (_TABLE.team_id, _TABLE.recipient, _TABLE.ended_at), was_sent),
    ("deliveries_told", (_TABLE.team_id, _TABLE.told_in), _is_included),
    ("deliveries_to", (_TABLE.team_id, _TABLE.recipient), _waits),
):
    Index(_name, *_columns, sqlite_where=_condition, postgresql_where=_condition)


def _wake(insert: Any) -> Any:
    statement = insert(agendas)
    new = statement.excluded.wakes_at
    earlier = case((agendas.c.wakes_at <= new, agendas.c.wakes_at), else_=new)
    changes = {"wakes_at": earlier, "seq": agendas.c.seq + 1}
    return statement.on_conflict_do_update(index_elements=["team_id", "person_id"], set_=changes)


WAKE = for_both(_wake)
_IN_AGENDAS = agendas.c.team_id == bindparam("team")
_MINE = (_IN_AGENDAS, agendas.c.person_id == bindparam("person"))
_earlier = case(
    (agendas.c.wakes_at <= bindparam("at", type_=Instant()), agendas.c.wakes_at),
    else_=bindparam("at", type_=Instant()),
)
_PARTIES = (promises.c.team_id == bindparam("team"), is_open)
_OTHERS = [
    select(other).where(*_PARTIES, side == bindparam("person"))
    for side, other in (
        (promises.c.owner_id, promises.c.requester_id),
        (promises.c.requester_id, promises.c.owner_id),
    )
]
#: Those with whom a person has open promises.
AROUND = union_all(*_OTHERS)
WAKE_THESE = (
    update(agendas)
    .where(_IN_AGENDAS, among(agendas.c.person_id, "people"))
    .values(wakes_at=_earlier, seq=agendas.c.seq + 1)
)
WAKE_ALL = update(agendas).where(_IN_AGENDAS).values(wakes_at=_earlier, seq=agendas.c.seq + 1)
LOOK = select(agendas.c.person_id, agendas.c.wakes_at, agendas.c.seq).where(
    _IN_AGENDAS, among(agendas.c.person_id, "people")
)
LOCK = (
    select(agendas.c.person_id, agendas.c.seq)
    .where(_IN_AGENDAS, among(agendas.c.person_id, "people"))
    .order_by(agendas.c.person_id)
    .with_for_update()
)
SETTLE = (
    update(agendas)
    .where(*_MINE, agendas.c.seq == bindparam("seen"))
    .values(wakes_at=bindparam("until", type_=Instant()), seq=agendas.c.seq + 1)
)
_place = func.row_number().over(partition_by=agendas.c.team_id, order_by=agendas.c.wakes_at)
_waiting = (
    select(agendas.c.team_id, agendas.c.person_id, _place.label("place"))
    .where(agendas.c.wakes_at <= bindparam("now", type_=Instant()))
    .subquery()
)
#: So many people of one workspace are processed together, before it is another workspace's turn. On PostgreSQL their
#: rows are read in the event loop, which they must not hold up.
TOGETHER = {"sqlite": 25, "postgresql": 10}


def _due(together: int) -> Any:
    return (
        select(_waiting.c.team_id, _waiting.c.person_id)
        .order_by(
            among(_waiting.c.team_id, "busy"),
            (_waiting.c.place - 1) // literal_column(str(together), Integer),
            _waiting.c.team_id <= bindparam("after"),
            _waiting.c.team_id,
            _waiting.c.place,
        )
        .limit(bindparam("at_most"))
    )


_DUE = _due(TOGETHER["postgresql"])
_others_turn = (turns.c.held_by != bindparam("holder")) & (turns.c.held_until > func.now())
#: Workspaces whose messages another process sends come last: it decides about their people, too.
_DUE_SHARED = (
    _DUE.join(turns, turns.c.team_id == _waiting.c.team_id, isouter=True)
    .order_by(None)
    .order_by(func.coalesce(_others_turn, false()), *_DUE._order_by_clauses)
)
DUE = {"sqlite": _due(TOGETHER["sqlite"]), "postgresql": _DUE_SHARED}
NEXT_AGENDA = select(agendas.c.wakes_at.label("at")).where(is_set).order_by(agendas.c.wakes_at).limit(1)

_TO_ONE_OF = among(_TABLE.recipient, "people")
WAITS = select(deliveries).where(_IN_TEAM, _TO_ONE_OF, _waits).order_by(_TABLE.due_at, _TABLE.id)
HAD = select(_TABLE.recipient, _TABLE.ended_at).where(
    _IN_TEAM,
    _TO_ONE_OF,
    was_sent,
    _TABLE.ended_at >= bindparam("since"),
    _TABLE.kind != literal_column(f"'{Kind.RECEIPT}'"),
)
_message = deliveries.alias("message")
_SPEAKS: list[Any] = [literal_column(f"'{kind}'") for kind in sorted(KINDS) if is_on_record(kind)]
#: A row included in another message has that one's state, and was taken when that one was.
_state = case((_is_included, _message.c.state), else_=_TABLE.state)
_taken_at = case((_state == literal_column("'sent'"), case((_is_included, _message.c.ended_at), else_=_TABLE.ended_at)))
MESSAGES_ABOUT = (
    select(
        *(_TABLE.promise_id, _TABLE.kind, _TABLE.recipient, _TABLE.occasion),
        *(_state.label("state"), _TABLE.planned_at, _taken_at.label("taken_at")),
    )
    .select_from(
        deliveries.outerjoin(_message, (_message.c.team_id == _TABLE.team_id) & (_message.c.id == _TABLE.told_in))
    )
    .where(
        _IN_TEAM,
        among(_TABLE.promise_id, "promises"),
        unindexed(_TABLE.kind).in_(_SPEAKS),
        _TABLE.state != literal_column("'cancelled'"),
    )
)
_ANSWERS: list[Any] = [literal_column(f"'{act}'") for act in sorted(ANSWERS)]
_OFFER_ACTS: list[Any] = [literal_column(f"'{act}'") for act in sorted(OFFER_ACTS)]
ACTED = (
    select(acts.c.promise_id, func.max(acts.c.at, type_=Instant()).label("at"))
    .join(promises, (promises.c.team_id == acts.c.team_id) & (promises.c.id == acts.c.promise_id))
    .where(
        acts.c.team_id == bindparam("team"),
        among(acts.c.promise_id, "promises"),
        acts.c.by == promises.c.owner_id,
    )
    .group_by(acts.c.promise_id)
)
_names_terms = acts.c.what.is_not(None) | acts.c.due_at.is_not(None) | acts.c.done_when.is_not(None)
_is_adjusted = ~_names_terms & (acts.c.estimate_minutes.is_not(None) | acts.c.priority.is_not(None))
ACTS_OF = select(
    *(acts.c.promise_id, acts.c.seq, acts.c.by, acts.c.act, acts.c.rating, _is_adjusted.label("is_adjusted"))
).where(
    acts.c.team_id == bindparam("team"),
    among(acts.c.promise_id, "promises"),
    among(cast(acts.c.seq, String), "seqs")
    | (among(acts.c.by, "readers") & acts.c.act.in_(_ANSWERS))
    | acts.c.act.in_(_OFFER_ACTS),
)
_UNTOLD = (_IN_TEAM, _TABLE.id == bindparam("row"), _TABLE.state == literal_column("'untold'"))
BEGIN = (
    update(deliveries)
    .where(*_UNTOLD)
    .values(state=DeliveryState.PENDING.value, due_at=bindparam("at"), planned_at=bindparam("at"))
)
INCLUDE = (
    update(deliveries)
    .where(*_UNTOLD)
    .values(
        state=DeliveryState.DONE.value,
        told_in=bindparam("message"),
        planned_at=bindparam("at"),
        ended_at=bindparam("at"),
    )
)
DROP = (
    update(deliveries).where(*_UNTOLD).values(state=DeliveryState.DONE.value, error="settled", ended_at=bindparam("at"))
)
RECALL = (
    update(deliveries)
    .where(_IN_TEAM, _TABLE.id == bindparam("row"), _TABLE.state.in_(["pending", "done"]))
    .values(state=DeliveryState.SENT.value, told_in=null(), lease_until=null(), ended_at=bindparam("at"))
)
LEAVE_OUT = update(deliveries).where(_IN_TEAM, _TABLE.id == bindparam("delivery")).values(told_in=null())
GIVE_UP = (
    update(deliveries)
    .where(_IN_TEAM, _TABLE.id == bindparam("delivery"))
    .values(told_in=null(), state=DeliveryState.FAILED.value, error=bindparam("why"), ended_at=bindparam("at"))
)
INCLUDED_IN = (
    select(deliveries)
    .where(_IN_TEAM, among(_TABLE.told_in, "messages"), _is_included)
    .order_by(_TABLE.planned_at, _TABLE.id)
)
_GATHERED: list[Any] = [literal_column(f"'{kind}'") for kind in sorted(KINDS) if kind.rule.way is Way.GATHERED]
GATHERED_ABOUT = (
    select(_message, _TABLE.promise_id.label("about"))
    .join(deliveries, (_message.c.team_id == _TABLE.team_id) & (_message.c.id == _TABLE.told_in))
    .where(
        _IN_TEAM,
        among(_TABLE.promise_id, "promises"),
        _message.c.team_id == bindparam("team"),
        _message.c.kind.in_(_GATHERED),
        _message.c.ts.is_not(None),
    )
)
_NOT_REDRAWN: list[Any] = [literal_column(f"'{kind}'") for kind in sorted(NOT_REDRAWN)]
_stamp = func.coalesce(_message.c.ts, _TABLE.ts)
NEWEST_TO = (
    select(_TABLE.promise_id, func.max(_stamp).label("stamp"))
    .join_from(
        deliveries,
        _message,
        (_message.c.team_id == _TABLE.team_id) & (_message.c.id == _TABLE.told_in),
        isouter=True,
    )
    .where(
        _IN_TEAM,
        among(_TABLE.promise_id, "promises"),
        _TO,
        _TABLE.kind.not_in(_NOT_REDRAWN),
        _stamp.is_not(None),
    )
    .group_by(_TABLE.promise_id)
)
WAS_BRIEFED = select(
    exists().where(
        _IN_TEAM,
        _TABLE.promise_id == literal_column("''"),
        _TABLE.kind == Kind.BRIEF.value,
        _TO,
        _TABLE.occasion == bindparam("day"),
        _TABLE.state != DeliveryState.CANCELLED.value,
    )
)
