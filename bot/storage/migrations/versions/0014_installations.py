"""Installations in many workspaces: each one's encrypted token, and the states of installations under way."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"

_INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    words = ("enterprise_id", "name", "app_id", "sealed", "bot_id", "bot_user_id", "scopes", "installed_by")
    op.create_table(
        "installations",
        sa.Column("team_id", sa.String(), primary_key=True, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in words),
        sa.Column("is_org", sa.Boolean(), nullable=False),
        sa.Column("expires_at", _INSTANT),
        sa.Column("installed_at", _INSTANT, nullable=False),
        sa.Column("revoked_at", _INSTANT),
    )
    op.create_table(
        "oauth_states",
        sa.Column("team_id", sa.String(), primary_key=True, nullable=False),
        sa.Column("state", sa.String(), primary_key=True, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
    )
