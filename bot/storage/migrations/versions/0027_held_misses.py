"""Add the misses that a channel's digests left to the next one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.add_column("digests", sa.Column("held", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")))
