"""How much work a promise is and how pressing: an estimate in hours and a priority, which bind nobody."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.domain.errors import UnreadableError

#: The shortest and the longest estimate; what is longer is a project, to be promised in parts.
LEAST_ESTIMATE, MOST_ESTIMATE = timedelta(minutes=5), timedelta(hours=200)
#: What takes an estimate back.
NO_ESTIMATE = timedelta()


class Priority(StrEnum):
    """How pressing a promise is, the most pressing first."""

    URGENT = "urgent"
    NORMAL = "normal"
    WHENEVER = "when_you_can"


@dataclass(frozen=True, slots=True)
class Weight:
    """`estimate` is the working time that the owner will need for it; None where nobody has said."""

    estimate: timedelta | None = None
    priority: Priority = Priority.NORMAL

    def changed(self, estimate: timedelta | None, priority: Priority | None) -> "Weight":
        """Return the weight with what is given; None leaves a part as it is, NO_ESTIMATE takes the estimate back.

        Raises UnreadableError for an estimate that is too short or too long.

        >>> Weight().changed(timedelta(hours=3), None).changed(None, Priority.URGENT)
        Weight(estimate=datetime.timedelta(seconds=10800), priority=<Priority.URGENT: 'urgent'>)
        """
        if estimate and not LEAST_ESTIMATE <= estimate <= MOST_ESTIMATE:
            most = MOST_ESTIMATE // timedelta(hours=1)
            raise UnreadableError(f"An estimate is from 5 minutes to {most} hours. Split what takes longer.", "hours")
        kept = self.estimate if estimate is None else estimate or None
        return Weight(kept, priority or self.priority)


UNWEIGHED = Weight()
