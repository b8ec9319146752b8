"""How long a promise takes, in minutes, and its priority.

Every column may be empty, so that replicas of the version before go on writing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    for table in ("promises", "acts", "series"):
        op.add_column(table, sa.Column("estimate_minutes", sa.Integer()))
        op.add_column(table, sa.Column("priority", sa.String()))
