"""Retention: delete closed promises in small batches, first their words, then the rows; figures stay."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    String,
    Table,
    bindparam,
    delete,
    exists,
    func,
    select,
    update,
)

from bot.domain.outcomes import Outcome
from bot.domain.promise import PromiseId, UserId
from bot.domain.retention import WORDS, PastOutcome
from bot.ports.retention import Choice
from bot.storage.book import SqlBook
from bot.storage.record_tables import chances, need_bys, needs, obstacles
from bot.storage.tables import Instant, acts, deliveries, for_both, metadata, promises
from bot.storage.webhooks import without_events

#: Every choice of an admin's; the latest of a name is in force, and all of them are the audit.
admin_choices = Table(
    "admin_choices",
    metadata,
    Column("team_id", String, primary_key=True, nullable=False),
    Column("id", String, primary_key=True, nullable=False),
    Column("name", String, nullable=False),
    Column("value", String, nullable=False),
    Column("set_by", String, nullable=False),
    Column("set_at", Instant, nullable=False),
)
past_outcomes = Table(
    "past_outcomes",
    metadata,
    Column("team_id", String, primary_key=True, nullable=False),
    Column("person", String, primary_key=True, nullable=False),
    Column("outcome", String, primary_key=True, nullable=False),
    Column("times", Integer, nullable=False),
    Column("credit_millionths", BigInteger, nullable=False),
)
_is_closed = promises.c.closed_at.is_not(None)
Index("promises_old", promises.c.team_id, promises.c.closed_at, sqlite_where=_is_closed, postgresql_where=_is_closed)
MILLION = 1_000_000


def _add(insert: Any) -> Any:
    statement = insert(past_outcomes)
    more = {name: past_outcomes.c[name] + statement.excluded[name] for name in ("times", "credit_millionths")}
    return statement.on_conflict_do_update(index_elements=["team_id", "person", "outcome"], set_=more)


_ADD = for_both(_add)


_included = deliveries.alias("included")
#: A gathered message stays as long as any row that it includes, which is redrawn there.
_OLD_MESSAGES = (
    select(deliveries.c.id)
    .where(deliveries.c.team_id == bindparam("team"), deliveries.c.promise_id == "")
    .where(deliveries.c.state.not_in(["untold", "pending"]))
    .where(func.coalesce(deliveries.c.ended_at, deliveries.c.due_at) < bindparam("before", type_=Instant()))
    .where(~exists().where(_included.c.team_id == deliveries.c.team_id, _included.c.told_in == deliveries.c.id))
    .limit(bindparam("limit"))
)


class SqlRetentionBook(SqlBook):
    """RetentionBook over a connection."""

    __slots__ = ()

    def closed_between(
        self, after: datetime, before: datetime, limit: int, *, with_words: bool = False
    ) -> tuple[tuple[PromiseId, datetime], ...]:
        ended = (promises.c.closed_at >= after, promises.c.closed_at < before)
        found = select(promises.c.id, promises.c.closed_at).where(promises.c.team_id == self._team_id, *ended)
        found = found.where(promises.c.what != WORDS) if with_words else found
        wanted = found.order_by(promises.c.closed_at).limit(limit)
        return tuple((PromiseId(row.id), row.closed_at) for row in self._connection.execute(wanted))

    def remove(self, ids: Sequence[PromiseId]) -> None:
        run, team = self._connection.execute, self._team_id
        for table in (chances, need_bys, needs, obstacles, deliveries, acts):
            run(delete(table).where(table.c.team_id == team, table.c.promise_id.in_(ids)))
        run(delete(needs).where(needs.c.team_id == team, needs.c.needs_id.in_(ids)))
        run(delete(promises).where(promises.c.team_id == team, promises.c.id.in_(ids)))

    def remove_words(self, ids: Sequence[PromiseId]) -> None:
        run, team = self._connection.execute, self._team_id
        run(delete(obstacles).where(obstacles.c.team_id == team, obstacles.c.promise_id.in_(ids)))
        wordless = {"what": WORDS, "done_when": "", "word_note": None, "proposal": None}
        run(update(promises).where(promises.c.team_id == team, promises.c.id.in_(ids)).values(**wordless))
        # A trigger refuses updates of acts, so that no query makes one by accident: rows are deleted and inserted.
        these = (acts.c.team_id == team, acts.c.promise_id.in_(ids))
        rows = [dict(row) for row in run(select(acts).where(*these)).mappings()]
        run(delete(acts).where(*these))
        if rows:
            with without_events(self._connection, team, ids):
                run(acts.insert(), [_wordless(row) for row in rows])

    def remove_messages(self, before: datetime, limit: int) -> int:
        team = self._team_id
        ids = self._connection.execute(_OLD_MESSAGES, {"team": team, "before": before, "limit": limit}).scalars().all()
        run = self._connection.execute
        run(delete(chances).where(chances.c.team_id == team, chances.c.delivery_id.in_(ids)))
        run(delete(deliveries).where(deliveries.c.team_id == team, deliveries.c.id.in_(ids)))
        return len(ids)

    def count(self, person: UserId, outcome: Outcome, credit: Fraction) -> None:
        values = {"team_id": self._team_id, "person": person, "outcome": outcome.value, "times": 1}
        values |= {"credit_millionths": round(credit * MILLION)}
        self._connection.execute(_ADD[self._connection.dialect.name], values)

    def counted(self, person: UserId) -> tuple[PastOutcome, ...]:
        wanted = select(past_outcomes).where(past_outcomes.c.team_id == self._team_id, past_outcomes.c.person == person)
        return tuple(
            PastOutcome(Outcome(row.outcome), row.times, Fraction(row.credit_millionths, MILLION))
            for row in self._connection.execute(wanted)
        )

    def choose(self, choice_id: str, choice: Choice) -> None:
        counted = select(func.count()).select_from(admin_choices).where(admin_choices.c.team_id == self._team_id)
        place = f"{self._connection.execute(counted).scalar_one():09d}-{choice_id}"  # their order, whatever the clock
        values = {"team_id": self._team_id, "id": place, "name": choice.name, "value": choice.value}
        self._connection.execute(admin_choices.insert(), values | {"set_by": choice.by, "set_at": choice.at})

    def chosen(self, name: str) -> str | None:
        named = select(admin_choices.c.value).where(
            admin_choices.c.team_id == self._team_id, admin_choices.c.name == name
        )
        value: str | None = self._connection.execute(named.order_by(admin_choices.c.id.desc()).limit(1)).scalar()
        return value

    def choices(self, limit: int) -> tuple[Choice, ...]:
        made = select(admin_choices).where(admin_choices.c.team_id == self._team_id)
        rows = self._connection.execute(made.order_by(admin_choices.c.id.desc()).limit(limit))
        return tuple(Choice(row.name, row.value, UserId(row.set_by), row.set_at) for row in rows)


def _wordless(row: dict[str, Any]) -> dict[str, Any]:
    rest = row["rest"] and {**row["rest"], "what": WORDS}
    return {**row, "what": row["what"] and WORDS, "note": "", "done_when": None, "rest": rest}
