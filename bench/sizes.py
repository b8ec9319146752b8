"""The sizes of the benches: with the usual ones all of them take a quarter of an hour.

`KEPT_BENCH_FULL=1` takes the sizes that Kept is built for. A figure's name says which it was measured at.
"""

import os

IS_FULL = bool(os.environ.get("KEPT_BENCH_FULL"))


def sized(usual: int, full: int, name: str = "") -> int:
    """Return the size to measure at: that of the environment variable `name` where it is set.

    >>> sized(100_000, 1_000_000) in (100_000, 1_000_000)
    True
    """
    chosen = os.environ.get(name) if name else None
    return int(chosen) if chosen else full if IS_FULL else usual
