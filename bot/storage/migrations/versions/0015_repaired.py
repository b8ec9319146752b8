"""When a promise that was missed got new terms: what its card says once it is kept.

The column may be empty, so that replicas of the version before go on writing.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"

_INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")

#: New terms alone end a miss, so a promise with a miss behind it and none standing was repaired.
_REPAIRED = """
UPDATE promises SET repaired_at = renegotiated_at
WHERE missed_at IS NULL AND renegotiated_at IS NOT NULL AND EXISTS (
    SELECT 1 FROM acts WHERE acts.team_id = promises.team_id AND acts.promise_id = promises.id
    AND acts.act = 'miss' AND acts.at <= promises.renegotiated_at
)
"""


def upgrade() -> None:
    op.add_column("promises", sa.Column("repaired_at", _INSTANT))
    op.execute(_REPAIRED)
