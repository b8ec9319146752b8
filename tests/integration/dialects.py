"""On which databases a test runs: on both, or in turn on one where its behaviour is the same SQL as that of others.

The files below enter by the door and look at messages. Each statement that they have a database run is run on that
database by another test, too: this was compared statement by statement. KEPT_LONG runs them on both.
"""

from zlib import crc32

import pytest

from tests.databases import DIALECTS
from tests.patience import IS_LONG

IN_TURN = frozenset(
    {
        "test_at_500",
        "test_away",
        "test_both_sides",
        "test_brief",
        "test_bundles",
        "test_chains",
        "test_digests_counted",
        "test_digests_posted",
        "test_do_not_disturb",
        "test_guests",
        "test_installing",
        "test_nudging",
        "test_obstacles",
        "test_own_data",
        "test_recurring",
        "test_warm_up",
        "test_retention",
        "test_right_moments",
        "test_settings_of_time",
        "test_status",
        "test_turns",
    }
)


def dialects_of(test: pytest.Function) -> tuple[str, ...]:
    """Return the databases of a test: half of the tests in turn run on one, half on the other, always the same ones."""
    if IS_LONG or test.path.stem not in IN_TURN or test.get_closest_marker("both_databases"):
        return DIALECTS
    return (DIALECTS[crc32(test.name.encode()) % 2],)
