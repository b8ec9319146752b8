"""Which workspaces use the installation of their Enterprise organisation."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "org_workspaces",
        sa.Column("team_id", sa.String(), primary_key=True, nullable=False),
        sa.Column("enterprise_id", sa.String(), nullable=False),
    )
