"""Tokens by which other tools use Kept: of a person, or of the workspace (person empty)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"

_INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    words = ("person", "name", "secret_hash", "scopes", "made_by")
    op.create_table(
        "access_tokens",
        sa.Column("team_id", sa.String(), primary_key=True, nullable=False),
        sa.Column("id", sa.String(), primary_key=True, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in words),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("last_used_at", _INSTANT),
    )
    op.create_index("access_tokens_of", "access_tokens", ["team_id", "person"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE access_tokens ENABLE ROW LEVEL SECURITY")
        op.execute("CREATE POLICY own_workspace ON access_tokens USING (team_id = current_setting('kept.team', true))")
