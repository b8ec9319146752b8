"""Steps of workflows that Slack waits for."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"

_INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "workflow_steps",
        sa.Column("team_id", sa.String(), primary_key=True, nullable=False),
        sa.Column("execution_id", sa.String(), primary_key=True, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("person", "promise_id", "error")),
        *(sa.Column(name, _INSTANT, nullable=False) for name in ("made_at", "due_at")),
        sa.Column("waits", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("attempt", "tries")),
    )
    op.create_index("workflow_steps_due", "workflow_steps", ["due_at"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE workflow_steps ENABLE ROW LEVEL SECURITY")
        op.execute("CREATE POLICY own_workspace ON workflow_steps USING (team_id = current_setting('kept.team', true))")
