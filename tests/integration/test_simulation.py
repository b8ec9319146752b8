"""`make simulate` at a size that fits into the suite: the product itself among six people for two weeks.

KEPT_LONG=1 takes eight people and three weeks.
"""

import asyncio
from datetime import timedelta

from bench.counting import table
from bench.simulate import simulated
from tests.patience import IS_LONG

PEOPLE, DAYS = (8, 21) if IS_LONG else (6, 14)


def test_an_office_that_is_spoken_to_raises_early_what_it_would_have_missed_in_silence() -> None:
    seen, days, timelines = asyncio.run(simulated(people=PEOPLE, days=DAYS))
    silent, _, _ = asyncio.run(simulated(people=PEOPLE, days=DAYS, listens=False))
    assert len(seen.jobs) == len(silent.jobs) == len(timelines)
    assert sum(seen.fates.values()) == sum(silent.fates.values())  # the same dates cannot be kept
    missed, missed_silent = (
        sum(count for (fate, _), count in each.fates.items() if fate == "missed") for each in (seen, silent)
    )
    assert missed < missed_silent
    assert all(job.promise.terms.due.at - job.promise.made_at >= timedelta(minutes=30) for job in seen.jobs.values())
    assert "| promises made |" in table(seen, silent, days)
    assert any("last_call" in each and "notice promise" in each for each in timelines)
