"""Progress reports of long work."""

from collections.abc import Callable

#: Called with the work done and the total.
Progress = Callable[[int, int], None]


def unseen(done: int, total: int) -> None:
    """Show no progress."""
