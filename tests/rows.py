"""Many rows in one test: a test of its own for each of thousands would take longer to count than to run."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def noted(row: object) -> Iterator[None]:
    """Add the row to the report of what fails within."""
    try:
        yield
    except BaseException as failure:
        failure.add_note(f"row: {row}")
        raise
