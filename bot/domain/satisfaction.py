"""The ratings of deliveries between a pair or of one person, and their trend."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.domain.outcomes import Past
from bot.domain.promise import RATINGS

#: Number of recent ratings; with fewer than twice LEAST there is no trend.
LATELY, LEAST = 8, 3
_NEEDED = frozenset(RATINGS) - {"not_needed"}


@dataclass(frozen=True, slots=True)
class Trend:
    """The recent ratings by kind; `rises` is None if there are too few to compare with earlier ones."""

    lately: Mapping[str, int]
    rises: int | None = None

    @property
    def count(self) -> int:
        return sum(self.lately.values())


def trend(pasts: Iterable[Past]) -> Trend | None:
    """Return the trend of the ratings, recent against earlier; None without ratings."""
    rated = [past.promise for past in pasts if past.promise.rating in RATINGS]
    rated.sort(key=lambda promise: (promise.closed_at or promise.made_at, promise.number))
    ratings = [promise.rating for promise in rated]
    if not ratings:
        return None
    lately = ratings[-LATELY:] if len(ratings) >= LATELY + LEAST else ratings[len(ratings) // 2 :]
    before = ratings[: len(ratings) - len(lately)]
    if min(len(lately), len(before)) < LEAST:
        return Trend(Counter(ratings))
    now, then = _share(lately), _share(before)
    return Trend(Counter(lately), (now > then) - (now < then))


def _share(ratings: list[str]) -> float:
    return sum(rating in _NEEDED for rating in ratings) / len(ratings)
