"""Access tokens of one workspace."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Row, String, Table, bindparam, delete, insert, select, update

from bot.domain.access_tokens import AccessToken, Scope
from bot.domain.promise import UserId
from bot.storage.book import SqlBook
from bot.storage.tables import Instant, metadata

access_tokens = Table(
    "access_tokens",
    metadata,
    Column("team_id", String, primary_key=True, nullable=False),
    Column("id", String, primary_key=True, nullable=False),
    Column("person", String, nullable=False),
    Column("name", String, nullable=False),
    Column("secret_hash", String, nullable=False),
    Column("scopes", String, nullable=False),
    Column("made_by", String, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("last_used_at", Instant),
)
Index("access_tokens_of", access_tokens.c.team_id, access_tokens.c.person)
_IN_TEAM = access_tokens.c.team_id == bindparam("team")
_THIS = (_IN_TEAM, access_tokens.c.id == bindparam("this"))
_GET, _REMOVE = select(access_tokens).where(*_THIS), delete(access_tokens).where(*_THIS)
_USED = update(access_tokens).where(*_THIS).values(last_used_at=bindparam("used_at"))
_OF = (
    select(access_tokens)
    .where(_IN_TEAM, access_tokens.c.person == bindparam("whose"))
    .order_by(access_tokens.c.made_at, access_tokens.c.id)
)


class SqlAccessBook(SqlBook):
    """AccessBook over a connection."""

    __slots__ = ()

    def token(self, token_id: str) -> AccessToken | None:
        row = self._connection.execute(_GET, self._this(token_id)).one_or_none()
        return _read(row) if row is not None else None

    def tokens_of(self, person: UserId) -> tuple[AccessToken, ...]:
        rows = self._connection.execute(_OF, {"team": self._team_id, "whose": person})
        return tuple(_read(row) for row in rows)

    def add_token(self, token: AccessToken) -> None:
        values = {
            "team_id": self._team_id,
            "id": token.id,
            "person": token.person,
            "name": token.name,
            "secret_hash": token.secret_hash,
            "scopes": " ".join(sorted(token.scopes)),
            "made_by": token.made_by,
            "made_at": token.made_at,
        }
        self._connection.execute(insert(access_tokens), values)

    def note_token_used(self, token_id: str, at: datetime) -> None:
        self._connection.execute(_USED, {**self._this(token_id), "used_at": at})

    def remove_token(self, token_id: str) -> None:
        self._connection.execute(_REMOVE, self._this(token_id))

    def _this(self, token_id: str) -> dict[str, str]:
        return {"team": self._team_id, "this": token_id}


def _read(row: "Row[Any]") -> AccessToken:
    scopes = frozenset(Scope(name) for name in row.scopes.split() if name in set(Scope))
    return AccessToken(
        row.id,
        UserId(row.person),
        row.name,
        row.secret_hash,
        scopes,
        UserId(row.made_by),
        row.made_at,
        row.last_used_at,
    )
