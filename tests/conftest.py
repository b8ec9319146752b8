"""Fixtures and settings of every test: none of them depends on how fast this machine is."""

import gc
import os
import sys
from collections.abc import Sequence

import pytest
import structlog
from hypothesis import HealthCheck, settings

from tests.browsers import browser, chromium
from tests.memory import folder_in_memory
from tests.patience import IS_LONG

__all__ = ["browser", "chromium"]

# Hypothesis fails a test whose examples take long to make or to run: that is the machine's speed, not the code's.
# The examples are the same in every run, so that a run says what changed; a long run tries others.
settings.register_profile(
    "any machine",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=not IS_LONG,
    database=None,
)
settings.load_profile("any machine")
# The sandbox answers as fast as it can: its usual delay is for people to see, and the tests wait for events.
os.environ.setdefault("SANDBOX_LATENCY_MS", "0")
# Without compiled files, which many containers forbid, each process that a test starts compiles every library again.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# Where rich is installed, as it is with our tools, structlog has it draw every local variable of each traceback.
plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[*structlog.get_config()["processors"][:-1], plain])


if folder := folder_in_memory():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))  # where pytest makes the folders of tests


def pytest_xdist_auto_num_workers() -> int:
    """Return how many processes run the tests: one more than there are cores, for some always wait for a browser."""
    return 1 + (os.cpu_count() or 1)


def pytest_collection_finish() -> None:
    """Keep the garbage collector off what the run has loaded: it took a sixth of the processor time."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Run the tests of a browser in the event loop of the browser they share."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
