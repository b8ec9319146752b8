"""One agenda a person: when each is to be thought of, in place of what was planned for them.

Messages that were planned and never attempted are decided again from the facts: questions and warnings are
cancelled, news and requests wait for the agenda, and the agenda of each person concerned runs when Kept starts.
Messages that may be on their way, and sent ones, stay as they are.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"

_INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
_DERIVED = "('midway','check_in','ask_again','heads_up','no_word','last_call','due_now','overdue','brief')"
_ROWS = "('snoozed','asked','notice','chain','clash','series','trouble','away','last_chance')"
_GATHERED = "('bundle','catch_up')"
_UNTOUCHED = "state = 'pending' AND lease_until IS NULL AND NOT was_unknown"
_PERSON = "(substr(recipient, 1, 1) IN ('U', 'W'))"


def upgrade() -> None:
    op.create_table(
        "agendas",
        sa.Column("team_id", sa.String(), primary_key=True, nullable=False),
        sa.Column("person_id", sa.String(), primary_key=True, nullable=False),
        sa.Column("wakes_at", _INSTANT),
        sa.Column("seq", sa.Integer(), nullable=False),
    )
    where = sa.text("wakes_at IS NOT NULL")
    op.create_index("agendas_wake", "agendas", ["wakes_at"], sqlite_where=where, postgresql_where=where)
    waits = sa.text("state IN ('untold', 'pending')")
    op.create_index("deliveries_to", "deliveries", ["team_id", "recipient"], sqlite_where=waits, postgresql_where=waits)
    op.drop_index("deliveries_held", "deliveries")
    _carry_over()


def _carry_over() -> None:
    now = datetime.now(UTC)
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    at = int(now.timestamp() * 1_000_000) if is_sqlite else now
    unsent = f"SELECT id FROM deliveries m WHERE kind IN {_GATHERED} AND {_UNTOUCHED}"  # noqa: S608  constants
    op.execute(
        f"UPDATE deliveries SET state = CASE WHEN kind IN {_ROWS} THEN 'untold' ELSE 'cancelled' END, told_in = NULL,"  # noqa: S608  constants
        f" ended_at = NULL WHERE told_in IN ({unsent})"
    )
    op.execute(f"UPDATE deliveries SET state = 'cancelled' WHERE {_UNTOUCHED} AND kind IN {_GATHERED}")  # noqa: S608
    wake = sa.text(
        f"""
        INSERT INTO agendas (team_id, person_id, wakes_at, seq)
        SELECT team_id, person_id, CASE WHEN min(at) < :at THEN min(at) ELSE :at END, 0 FROM (
          SELECT team_id, owner_id AS person_id, :at AS at FROM promises WHERE closed_at IS NULL
          UNION ALL SELECT team_id, requester_id, :at FROM promises WHERE closed_at IS NULL
          UNION ALL SELECT team_id, recipient, due_at FROM deliveries WHERE {_UNTOUCHED} AND {_PERSON}
          UNION ALL SELECT team_id, recipient, :at FROM deliveries WHERE state = 'untold' AND {_PERSON}
        ) concerned GROUP BY team_id, person_id
        """  # noqa: S608
    )
    op.execute(wake.bindparams(sa.bindparam("at", at, type_=_INSTANT)))
    op.execute(f"UPDATE deliveries SET state = 'cancelled' WHERE {_UNTOUCHED} AND kind IN {_DERIVED}")  # noqa: S608
    op.execute(f"UPDATE deliveries SET state = 'untold' WHERE {_UNTOUCHED} AND kind IN {_ROWS} AND {_PERSON}")  # noqa: S608
