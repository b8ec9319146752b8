"""Add indexes for a person's waiting messages, a message's included ones, and a person's messages of today."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"


def upgrade() -> None:
    for name, columns, condition in (
        ("deliveries_said", ["team_id", "recipient", "ended_at"], "state = 'sent'"),
        ("deliveries_told", ["team_id", "told_in"], "told_in IS NOT NULL"),
        ("deliveries_held", ["team_id", "recipient"], "state = 'pending' AND due_at > planned_at"),
    ):
        where = sa.text(condition)
        op.create_index(name, "deliveries", columns, sqlite_where=where, postgresql_where=where)
