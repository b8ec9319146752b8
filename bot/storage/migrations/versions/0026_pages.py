"""Indexes for pages in the order of deadlines: a workspace's public promises, and closed ones of their requester."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    no = "false" if op.get_bind().dialect.name == "postgresql" else "0"
    for name, columns, which in (
        ("promises_ahead", ["team_id", "due_at", "number"], f"closed_at IS NULL AND is_private IS {no}"),
        ("promises_past", ["team_id", "due_at", "number"], f"closed_at IS NOT NULL AND is_private IS {no}"),
        ("promises_received", ["team_id", "requester_id", "due_at", "number"], "closed_at IS NOT NULL"),
    ):
        condition = sa.text(which)
        op.create_index(name, "promises", columns, sqlite_where=condition, postgresql_where=condition)
