"""Dependencies between promises, latest useful dates, obstacles, and deadlines on the same day."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, literal_column, select

from bot.domain.acts import State
from bot.domain.promise import Due, Promise, PromiseId, TeamId, UserId
from bot.domain.risk import SAME_DAY
from bot.storage.among import among
from bot.storage.book import SqlBook
from bot.storage.bulk_select import BulkSelect
from bot.storage.record_tables import need_bys, needs, obstacles
from bot.storage.rows import promise_from
from bot.storage.tables import for_both, is_open, promises

_ADD = for_both(lambda insert_into: insert_into(needs).on_conflict_do_nothing())
_OF = (needs.c.team_id == bindparam("team"), needs.c.promise_id == bindparam("promise"))
_REMOVE = delete(needs).where(*_OF, needs.c.needs_id == bindparam("needed"))
_DEPENDENCIES = select(needs.c.needs_id).where(*_OF).order_by(needs.c.needs_id)
_DEPENDENTS = (
    select(promises)
    .join(needs, (needs.c.team_id == promises.c.team_id) & (needs.c.promise_id == promises.c.id))
    .where(needs.c.team_id == bindparam("team"), needs.c.needs_id == bindparam("promise"), is_open)
    .order_by(promises.c.due_at, promises.c.number)
)
_NOTE_OF = (need_bys.c.team_id == bindparam("team"), need_bys.c.promise_id == bindparam("promise"))
_NEED_BY, _FORGET = select(need_bys).where(*_NOTE_OF), delete(need_bys).where(*_NOTE_OF)
_FORESEEN_BY = (
    obstacles.c.team_id == bindparam("team"),
    obstacles.c.promise_id == bindparam("promise"),
    obstacles.c.person == bindparam("whose"),
)
_OBSTACLE, _NO_OBSTACLE = select(obstacles.c.words).where(*_FORESEEN_BY), delete(obstacles).where(*_FORESEEN_BY)
#: Without an order: for it, SQLite would read all dependencies of a workspace.
DEPENDENCIES_OF_THESE = select(needs.c.promise_id, needs.c.needs_id).where(
    needs.c.team_id == bindparam("team"), among(needs.c.promise_id, "promises")
)
OBSTACLES_TO_THESE = select(obstacles.c.promise_id, obstacles.c.person, obstacles.c.words).where(
    obstacles.c.team_id == bindparam("team"), among(obstacles.c.promise_id, "promises")
)
#: With a condition on the deadline, PostgreSQL would read all of a workspace's deadlines of some days.
ACTIVE_OF = select(promises.c.owner_id, promises.c.id, promises.c.due_at).where(
    promises.c.team_id == bindparam("team"),
    is_open,
    promises.c.state == literal_column(f"'{State.ACTIVE}'"),
    among(promises.c.owner_id, "owners"),
)
_DEPENDENCIES_OF_THESE, _OBSTACLES_TO_THESE = BulkSelect(DEPENDENCIES_OF_THESE), BulkSelect(OBSTACLES_TO_THESE)
_ACTIVE_OF = BulkSelect(ACTIVE_OF)


class SqlLinkBook(SqlBook):
    """LinkBook over a connection."""

    __slots__ = ("_around", "_dependencies", "_obstacles", "_prefetched")

    def __init__(self, connection: Connection, team_id: TeamId) -> None:
        super().__init__(connection, team_id)
        #: The promises of which these were read to be kept in this transaction.
        self._prefetched: set[PromiseId] = set()
        self._dependencies: dict[PromiseId, list[PromiseId]] = {}
        self._obstacles: dict[tuple[PromiseId, UserId], str] = {}
        self._around: dict[PromiseId, tuple[datetime, ...]] = {}

    def prefetch(self, promises: Collection[Promise]) -> None:
        ids = {each.id for each in promises}
        asked = {"team": self._team_id, "promises": sorted(ids)}
        for promise_id, needs_id in _DEPENDENCIES_OF_THESE.rows(self._connection, asked):
            self._dependencies.setdefault(promise_id, []).append(needs_id)
        for promise_id, person, words in _OBSTACLES_TO_THESE.rows(self._connection, asked):
            self._obstacles[promise_id, person] = words
        self._around |= self._deadlines_around(promises)
        self._prefetched |= ids

    def _deadlines_around(self, promises: Collection[Promise]) -> dict[PromiseId, tuple[datetime, ...]]:
        owners = sorted({each.owner_id for each in promises})
        found: dict[UserId, list[tuple[PromiseId, datetime]]] = {owner: [] for owner in owners}
        for owner, promise_id, at in _ACTIVE_OF.rows(self._connection, {"team": self._team_id, "owners": owners}):
            found[owner].append((promise_id, at))
        return {
            each.id: tuple(
                at for other, at in found[each.owner_id] if other != each.id and abs(at - each.terms.due.at) <= SAME_DAY
            )
            for each in promises
        }

    def due_around(self, promise: Promise) -> tuple[datetime, ...]:
        around = self._around if promise.id in self._prefetched else self._deadlines_around([promise])
        return around[promise.id]

    def add(self, promise_id: PromiseId, needs_id: PromiseId) -> None:
        self._prefetched.discard(promise_id)
        values = {"team_id": self._team_id, "promise_id": promise_id, "needs_id": needs_id}
        self._connection.execute(_ADD[self._connection.dialect.name], values)

    def remove(self, promise_id: PromiseId, needs_id: PromiseId) -> None:
        self._prefetched.discard(promise_id)
        self._connection.execute(_REMOVE, {**self._key(promise_id), "needed": needs_id})

    def dependencies_of(self, promise_id: PromiseId) -> tuple[PromiseId, ...]:
        if promise_id in self._prefetched:
            return tuple(sorted(self._dependencies.get(promise_id, ())))
        return tuple(map(PromiseId, self._connection.execute(_DEPENDENCIES, self._key(promise_id)).scalars()))

    def dependents_of(self, promise_id: PromiseId) -> tuple[Promise, ...]:
        return tuple(map(promise_from, self._connection.execute(_DEPENDENTS, self._key(promise_id))))

    def need_by(self, promise_id: PromiseId) -> Due | None:
        row = self._connection.execute(_NEED_BY, self._key(promise_id)).one_or_none()
        return Due(row.latest_at, row.zone) if row is not None else None

    def note_need_by(self, promise_id: PromiseId, latest: Due | None) -> None:
        self._connection.execute(_FORGET, self._key(promise_id))
        if latest:
            values = {"team_id": self._team_id, "promise_id": promise_id, "latest_at": latest.at, "zone": latest.zone}
            self._connection.execute(insert(need_bys), values)

    def obstacle(self, promise_id: PromiseId, person: UserId) -> str:
        if promise_id in self._prefetched:
            return self._obstacles.get((promise_id, person), "")
        found = self._connection.execute(_OBSTACLE, self._key(promise_id) | {"whose": person}).scalar_one_or_none()
        return found or ""

    def note_obstacle(self, promise_id: PromiseId, person: UserId, words: str, at: datetime) -> None:
        self._prefetched.discard(promise_id)
        self._connection.execute(_NO_OBSTACLE, self._key(promise_id) | {"whose": person})
        if words:
            noted = {"promise_id": promise_id, "person": person, "words": words, "noted_at": at}
            self._connection.execute(insert(obstacles), {"team_id": self._team_id, **noted})

    def _key(self, promise_id: PromiseId) -> dict[str, str]:
        return {"team": self._team_id, "promise": promise_id}
