"""`python -m bench [NAME …]`: runs the benches named, or all of them, and writes docs/performance.md."""

import asyncio
import importlib
import sys
from collections.abc import Sequence
from inspect import isawaitable

from bench.figures import Figure, keep, table

#: Each is a module with `figures()`, a function or coroutine function that returns a list of Figure.
BENCHES = (
    *("promise_path", "first_command", "claiming", "draining", "limits", "sending", "slow_database", "start_up"),
    *("hostile", "memory", "accuracy", "reader", "long_page"),
)


async def measured(name: str) -> Sequence[Figure]:
    found = importlib.import_module(f"bench.{name}").figures()
    return await found if isawaitable(found) else found


def main() -> None:
    names = sys.argv[1:] or BENCHES
    unknown = set(names) - set(BENCHES)
    if unknown:
        sys.exit(f"There is no bench {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}.")
    for name in names:
        sys.stdout.write(f"\n{name}\n")
        figures = asyncio.run(measured(name))
        sys.stdout.write(table(figures) + "\n")
        keep(figures)


if __name__ == "__main__":
    main()
