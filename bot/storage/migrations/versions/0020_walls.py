"""Row level security on PostgreSQL: a workspace's transaction sees its own rows alone (bot/storage/row_security.py).

The owner of the tables is not bound by it, so replicas of the version before go on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    found = sa.inspect(op.get_bind())
    for table in sorted(found.get_table_names()):
        if any(column["name"] == "team_id" for column in found.get_columns(table)):
            op.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
            own = "team_id = current_setting('kept.team', true)"
            op.execute(f'CREATE POLICY own_workspace ON "{table}" USING ({own})')
