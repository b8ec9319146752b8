"""Who is a guest of the workspace: they see what was made in their channels alone.

Slack is asked about everybody again when they are next met: until now it was not asked who is a guest, and people of
other companies could be taken for colleagues.

The column may be empty, so that replicas of the version before go on writing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("people", sa.Column("is_guest", sa.Boolean()))
    long_ago = "0" if op.get_bind().dialect.name == "sqlite" else "'epoch'"
    op.execute(f"UPDATE people SET fetched_at = {long_ago}")  # noqa: S608  one of two words of ours
