"""A progress bar for long work, on standard error if that is a terminal."""

import contextlib
import io
import sys
from collections.abc import Iterator
from typing import TextIO

import click

from bot.ports.progress import Progress


@contextlib.contextmanager
def progress_bar(label: str, stream: TextIO | None = None) -> Iterator[Progress]:
    """Draw a bar while the block runs, and yield the function that updates it."""
    out = stream or sys.stderr or io.StringIO()  # a process without a console has no standard error
    with click.progressbar(length=1, label=label, file=out, hidden=not out.isatty()) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield progress
