"""Room in each page for a delivery's next version: PostgreSQL then leaves the indexes alone when it is claimed."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Set the fill factor for pages written from now on: nothing is rewritten or locked."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE deliveries SET (fillfactor = 50)")
