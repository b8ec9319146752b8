"""People's time: who is an admin, who is away, what a workspace chose for everybody, and a promise's own lead time.

Every column may be empty, so that replicas of the version before go on writing.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"

_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
_INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    op.add_column("people", sa.Column("is_admin", sa.Boolean()))
    op.add_column("people", sa.Column("absences", _JSON))
    op.add_column("people", sa.Column("asked", _JSON))
    op.add_column("promises", sa.Column("lead_days", sa.Integer()))
    op.create_table(
        "defaults",
        sa.Column("team_id", sa.String(), primary_key=True, nullable=False),
        sa.Column("preferences", _JSON, nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", _INSTANT, nullable=False),
    )
