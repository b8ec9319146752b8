"""The facts of a new promise: the next number, its owner's deadlines, and how many were made lately."""

from collections.abc import Callable
from itertools import starmap
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
    type_coerce,
)
from sqlalchemy.dialects import postgresql

from bot.domain.acts import State
from bot.domain.load import Owed
from bot.domain.promise import PromiseId, TeamId
from bot.ports import MakingAsked, MakingFacts
from bot.storage.compiled import Compiled, from_microseconds
from bot.storage.rows import Values, estimate_from
from bot.storage.tables import EPOCH, for_both, is_open, promises, teams

Named = Callable[[str], Any]


def deadlines_of(asked: Named) -> "Select[Any, Any]":
    """Build the query of an owner's deadlines; `asked` returns the bound value or the column of a name."""
    return (
        select(promises.c.due_at, promises.c.estimate_minutes)
        .where(
            promises.c.team_id == asked("team"),
            is_open,
            promises.c.owner_id == asked("owner"),
            promises.c.due_at >= asked("due_since"),
            promises.c.state == State.ACTIVE.value,
            promises.c.id != asked("but"),
        )
        .order_by(promises.c.due_at)
        .limit(asked("at_most"))
    )


def made_since(asked: Named) -> "Select[int, int]":
    """Build the query that counts recent promises; `asked` as for `deadlines_of`.

    Numbers rise with time, so the newest promise before then is found from the end of the index of numbers.
    """
    in_team = promises.c.team_id == asked("team")
    before = (
        select(promises.c.number)
        .where(in_team, promises.c.made_at < asked("made_since"))
        .order_by(promises.c.number.desc())
        .limit(1)
    )
    in_channel = and_(promises.c.channel_id == asked("channel"), promises.c.is_private.is_(False))
    return select(
        func.count(case((promises.c.made_by == asked("by"), 1))).label("by_person"),
        func.count(case((in_channel, 1))).label("in_channel"),
    ).where(in_team, promises.c.number > func.coalesce(before.scalar_subquery(), 0))


NEXT_NUMBER = for_both(
    lambda insert: (
        insert(teams)
        .values(team_id=bindparam("team"), last_number=1)
        .on_conflict_do_update(index_elements=["team_id"], set_={"last_number": teams.c.last_number + 1})
        .returning(teams.c.last_number)
    )
)


def grouped_deadlines_of(asked: Named) -> "Select[Any, Any, int]":
    """Build the query of the same deadlines, with equal ones counted in one row: each row has its price in Python."""
    each = deadlines_of(asked).subquery("each")
    return (
        select(each.c.due_at, each.c.estimate_minutes, func.count().label("alike"))
        .group_by(each.c.due_at, each.c.estimate_minutes)
        .order_by(each.c.due_at)
    )


DEADLINES_OF = grouped_deadlines_of(bindparam)
_MOMENT = postgresql.TIMESTAMP(timezone=True)
ASKED_COLUMNS: dict[str, Any] = {
    **dict.fromkeys(("team", "promise", "owner", "but", "by", "channel"), String()),
    **dict.fromkeys(("due_since", "made_since"), _MOMENT),
    **dict.fromkeys(("place", "at_most", "most_by_person", "most_in_channel"), Integer()),
    "counts": Boolean(),
}


def _of_asked(name: str) -> Any:
    """Return a column of the request by its name only: SQLAlchemy would expand that list again in each subquery."""
    return literal_column(f"asked.{name}", ASKED_COLUMNS[name])


def facts_of_several() -> Any:
    """Build the query of the facts of several promises, over the rows `asked`."""
    asked = table("asked", *starmap(column, ASKED_COLUMNS.items()))
    made = made_since(_of_asked).where(_of_asked("counts")).lateral("made")
    owed = grouped_deadlines_of(_of_asked).subquery("owed")
    lists = select(
        type_coerce(func.array_agg(owed.c.due_at), postgresql.ARRAY(_MOMENT)).label("due"),
        type_coerce(func.array_agg(owed.c.estimate_minutes), postgresql.ARRAY(Integer)).label("minutes"),
        type_coerce(func.array_agg(owed.c.alike), postgresql.ARRAY(Integer)).label("alike"),
    ).lateral("lists")
    always: ColumnElement[bool] = literal_column("true")
    fits = and_(
        or_(asked.c.most_by_person == 0, made.c.by_person < asked.c.most_by_person),
        or_(asked.c.most_in_channel == 0, made.c.in_channel < asked.c.most_in_channel),
    )
    return select(asked.c.place, asked.c.team, asked.c.promise, lists, made, fits.label("fits")).select_from(
        asked.join(made, always).join(lists, always)
    )


_NUMBER, _DEADLINES, _MADE = (
    Compiled(each, "sqlite") for each in (NEXT_NUMBER["sqlite"], DEADLINES_OF, made_since(bindparam))
)


def next_number(connection: Connection, team_id: str) -> int:
    """Take a workspace's next number."""
    if connection.dialect.name == "postgresql":
        return int(connection.execute(NEXT_NUMBER["postgresql"], {"team": team_id}).scalar_one())
    [(number,)] = _NUMBER.rows(connection, {"team": team_id})
    return int(number)


def facts_of_one(connection: Connection, asked: Values) -> MakingFacts:
    """Read what a new promise depends on, but for its number."""
    if connection.dialect.name == "postgresql":
        rows = connection.execute(DEADLINES_OF, asked).all()
        counts = connection.execute(made_since(bindparam), asked).one() if asked["counts"] else ()
        return MakingFacts(tuple(Owed(at, estimate_from(minutes), alike) for at, minutes, alike in rows), *counts)
    found = _DEADLINES.rows(connection, asked) if asked["at_most"] else ()
    deadlines = tuple(Owed(from_microseconds(at), estimate_from(minutes), alike) for at, minutes, alike in found)
    return MakingFacts(deadlines, *(_MADE.rows(connection, asked)[0] if asked["counts"] else ()))


def values_of(asked: MakingAsked, team_id: TeamId, new: PromiseId) -> Values:
    """Return the values that the statements name."""
    return {
        "team": team_id,
        "promise": new,
        "owner": asked.owner,
        "due_since": asked.due_since,
        "at_most": asked.at_most,
        "but": "",
        "by": asked.by,
        "channel": asked.channel,
        "counts": asked.made_since is not None,
        "made_since": asked.made_since or EPOCH,
        "most_by_person": asked.limits.person,
        "most_in_channel": asked.limits.channel,
    }
