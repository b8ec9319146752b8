"""`python -m bench [NAME …|quick]`: runs the benches named, or all but the soak, and writes docs/performance.md.

All but the soak take a quarter of an hour; `KEPT_BENCH_FULL=1` takes the sizes that Kept is built for (bench/sizes.py).
`quick` takes two minutes for what people wait for, writes nothing, and says what is worse than on the page.
"""

import asyncio
import importlib
import os
import sys
import time
from collections.abc import Sequence
from inspect import iscoroutine

from bench.figures import Figure, keep, kept_before, table, worse
from bot.progress_bar import progress_bar

#: Each is a module with `figures()`, a function or coroutine function that returns a list of Figure.
BENCHES = (
    *(
        "waiting",
        "promise_path",
        "first_command",
        "claiming",
        "draining",
        "limits",
        "sending",
        "slow_database",
        "start_up",
    ),
    *("scale", "nine", "pruning", "many_workspaces", "hostile", "memory", "accuracy", "reader", "long_page"),
)
#: Run only by name: what it measures shows in an hour.
SOAK = "soak"


def measured(name: str) -> Sequence[Figure]:
    """Run a bench; one that is no coroutine function starts event loops of its own."""
    found = importlib.import_module(f"bench.{name}").figures()
    return asyncio.run(found) if iscoroutine(found) else found


def main() -> None:
    names = sys.argv[1:] or BENCHES
    if names == ["quick"]:
        os.environ["KEPT_BENCH_QUICK"] = "1"
        began = time.monotonic()
        figures = measured("waiting")
        sys.stdout.write("\n".join([table(figures), *worse(figures, kept_before()), _took(began)]) + "\n")
        return
    unknown = set(names) - {*BENCHES, SOAK}
    if unknown:
        sys.exit(f"There is no bench {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)} and {SOAK}.")
    before, lines, start = kept_before(), [], time.monotonic()
    with progress_bar("Benches") as progress:
        for done, name in enumerate(names):
            sys.stdout.write(f"\n{name}\n")
            progress(done, len(names))
            began, figures = time.monotonic(), measured(name)
            sys.stdout.write("\n".join(["", table(figures), _took(began)]) + "\n")
            lines += [f"{name}: {_took(began)}", *worse(figures, before)]
            keep(figures)
        progress(len(names), len(names))
    sys.stdout.write("\n".join(["", *lines, f"together: {_took(start)}"]) + "\n")


def _took(since: float) -> str:
    return f"{time.monotonic() - since:.0f} s"


if __name__ == "__main__":
    main()
