"""The estimate (working time) and the priority of a promise; neither is binding."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.domain.errors import UnreadableError
from bot.language import _

#: The shortest and the longest estimate.
MIN_ESTIMATE, MAX_ESTIMATE = timedelta(minutes=5), timedelta(hours=200)
#: The value that removes an estimate.
NO_ESTIMATE = timedelta()


class Priority(StrEnum):
    """Priorities, the most urgent first."""

    URGENT = "urgent"
    NORMAL = "normal"
    WHENEVER = "when_you_can"


@dataclass(frozen=True, slots=True)
class Weight:
    """`estimate` is the working time that the owner needs; None if not given."""

    estimate: timedelta | None = None
    priority: Priority = Priority.NORMAL

    def changed(self, estimate: timedelta | None, priority: Priority | None) -> "Weight":
        """Return the weight with the given values; None leaves one unchanged, NO_ESTIMATE removes the estimate.

        Raises UnreadableError for an estimate that is too short or too long.

        >>> Weight().changed(timedelta(hours=3), None).changed(None, Priority.URGENT)
        Weight(estimate=datetime.timedelta(seconds=10800), priority=<Priority.URGENT: 'urgent'>)
        """
        if estimate and not MIN_ESTIMATE <= estimate <= MAX_ESTIMATE:
            most = MAX_ESTIMATE // timedelta(hours=1)
            raise UnreadableError(
                _("An estimate is from 5 minutes to {most} hours. Split what takes longer.").format(most=most), "hours"
            )
        kept = self.estimate if estimate is None else estimate or None
        return Weight(kept, priority or self.priority)


UNWEIGHED = Weight()
