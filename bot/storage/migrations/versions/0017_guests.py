"""Who is a guest of the workspace: they see what was made in their channels alone.

The column may be empty, so that replicas of the version before go on writing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("people", sa.Column("is_guest", sa.Boolean()))
