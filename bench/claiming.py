"""The cost of claiming 100 due deliveries at 10,000 and at ten times as many pending, with as many sent ones as well.

`KEPT_BENCH_FULL=1 make bench ARGS=claiming` takes 1,000,000.
"""

import asyncio
import itertools
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from bench.crowds import both, copied, fill, hours_from_now, opened, rows
from bench.figures import Figure, at_most
from bench.sizes import sized

FEW, MANY, CLAIM, CLAIMS = 10_000, sized(100_000, 1_000_000), 100, 60
LEASE = timedelta(minutes=1)


async def figures() -> Sequence[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        return await asyncio.to_thread(_figures, Path(folder))


def _figures(folder: Path) -> list[Figure]:
    found = []
    with both(folder) as urls:
        for name, url in urls.items():
            fill(url, rows(FEW, "pending", hours_from_now(-3), "few"))
            few = copied(url, "few")
            fill(url, rows(MANY - FEW, "pending", hours_from_now(1), "many"))
            many = copied(url, "many")
            fill(url, rows(MANY, "sent", hours_from_now(-1000), "sent"))
            few_ms, many_ms, sent_rows_ms = asyncio.run(_claims([few, many, url]))
            what = f"claiming {CLAIM} at {MANY:,} pending against {FEW:,}, {name}"
            found.append(at_most(what, "ms", many_ms, few_ms, 1.2))
            found.append(at_most(f"{what}, {MANY:,} sent beside them", "ms", sent_rows_ms, few_ms, 1.3))
    return found


async def _claims(urls: Sequence[str]) -> list[float]:
    """The median cost of a claim in each, in milliseconds, taken in turn; what is claimed is given back each time."""
    took: list[list[float]] = [[] for _ in urls]
    async with AsyncExitStack() as stack:
        stores = [await stack.enter_async_context(opened(url)) for url in urls]
        for _, (store, times) in itertools.product(range(CLAIMS), list(zip(stores, took, strict=True))):
            now = datetime.now(UTC)
            started = time.perf_counter()
            claimed = await store.claim_due(now, LEASE, CLAIM)
            times.append((time.perf_counter() - started) * 1000)
            if len(claimed) != CLAIM:
                raise RuntimeError(f"{len(claimed)} deliveries were claimed instead of {CLAIM}")
            await store.release([(delivery, delivery.due_at) for delivery in claimed])
    return [median(times) for times in took]
