"""Webhooks, what they are owed, and a trigger that notes each act for them in the act's own transaction.

On PostgreSQL the trigger runs with its owner's rights: replicas of the version before have no rights to the new tables.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"

_INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "webhooks",
        *_texts("team_id", "id", key=True),
        *_texts("owner", "url", "secret", "made_by"),
        sa.Column("made_at", _INSTANT, nullable=False),
    )
    op.create_table(
        "webhook_events",
        *_texts("team_id", "promise_id", key=True),
        sa.Column("seq", sa.Integer(), primary_key=True, nullable=False, autoincrement=False),
    )
    op.create_table(
        "webhook_calls",
        *_texts("team_id", "id", key=True),
        *_texts("webhook_id", "promise_id", "event", "state", "error"),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("place", "attempt", "tries", "status")),
        *(sa.Column(name, _INSTANT, nullable=False) for name in ("made_at", "due_at")),
        sa.Column("tried_at", _INSTANT),
    )
    op.create_index("webhook_calls_due", "webhook_calls", ["team_id", "state", "due_at"])
    op.create_index("webhook_calls_of", "webhook_calls", ["team_id", "webhook_id", "promise_id"])
    _note_acts()
    if op.get_bind().dialect.name == "postgresql":
        for table in ("webhooks", "webhook_events", "webhook_calls"):
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY own_workspace ON {table} USING (team_id = current_setting('kept.team', true))")


def _texts(*names: str, key: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), primary_key=key, nullable=False) for name in names]


def _note_acts() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER acts_told AFTER INSERT ON acts "
            "WHEN EXISTS (SELECT 1 FROM webhooks WHERE team_id = NEW.team_id) BEGIN "
            "INSERT OR IGNORE INTO webhook_events (team_id, promise_id, seq) "
            "VALUES (NEW.team_id, NEW.promise_id, NEW.seq); "
            "END"
        )
        return
    op.execute(
        "CREATE FUNCTION acts_told() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT "
        "AS $$ "
        "BEGIN IF EXISTS (SELECT FROM webhooks WHERE team_id = NEW.team_id) THEN "
        "INSERT INTO webhook_events (team_id, promise_id, seq) VALUES (NEW.team_id, NEW.promise_id, NEW.seq) "
        "ON CONFLICT DO NOTHING; END IF; RETURN NULL; END $$"
    )
    op.execute("CREATE TRIGGER acts_told AFTER INSERT ON acts FOR EACH ROW EXECUTE FUNCTION acts_told()")
