"""A progress bar for long work, on standard error if that is a terminal."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import TextIO

import typer

#: Called with the work done and the total.
Progress = Callable[[int, int], None]


def unseen(done: int, total: int) -> None:
    """Show no progress."""


@contextlib.contextmanager
def progress_bar(label: str, stream: TextIO | None = None) -> Iterator[Progress]:
    """Draw a bar while the block runs, and yield the function that updates it."""
    stream = stream or sys.stderr
    with typer.progressbar(length=1, label=label, file=stream, hidden=not stream.isatty()) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield progress
