"""When a workspace's rows were put back from a backup, and the latest instant that it knew of."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"

_INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "restores",
        sa.Column("team_id", sa.String(), primary_key=True, nullable=False),
        sa.Column("since", _INSTANT, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE restores ENABLE ROW LEVEL SECURITY")
        op.execute("CREATE POLICY own_workspace ON restores USING (team_id = current_setting('kept.team', true))")
