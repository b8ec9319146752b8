"""A bar on standard error for work that takes long, where that is a terminal; nothing elsewhere."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import TextIO

import typer

#: Called with how much is done and how much there is.
Progress = Callable[[int, int], None]


def unseen(done: int, total: int) -> None:
    """Show no progress."""


@contextlib.contextmanager
def progress_bar(label: str, stream: TextIO | None = None) -> Iterator[Progress]:
    """Draw a bar while the block runs, and yield the function that moves it."""
    stream = stream or sys.stderr
    with typer.progressbar(length=1, label=label, file=stream, hidden=not stream.isatty()) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield progress
