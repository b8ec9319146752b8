"""Add the choices of admins with their times, and the counts that are left of promises deleted for their age."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"

_INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "admin_choices",
        sa.Column("team_id", sa.String(), primary_key=True, nullable=False),
        sa.Column("id", sa.String(), primary_key=True, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", _INSTANT, nullable=False),
    )
    op.create_table(
        "past_outcomes",
        sa.Column("team_id", sa.String(), primary_key=True, nullable=False),
        sa.Column("person", sa.String(), primary_key=True, nullable=False),
        sa.Column("outcome", sa.String(), primary_key=True, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("credit_millionths", sa.BigInteger(), nullable=False),
    )
    closed = sa.text("closed_at IS NOT NULL")
    op.create_index("promises_old", "promises", ["team_id", "closed_at"], sqlite_where=closed, postgresql_where=closed)
    if op.get_bind().dialect.name == "postgresql":
        for table in ("admin_choices", "past_outcomes"):
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY own_workspace ON {table} USING (team_id = current_setting('kept.team', true))")
