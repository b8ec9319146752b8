"""Log a repeated failure in full once, and then as one line per minute with a count."""

import logging
import time
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import TextIO

#: How long repeats of one failure are only counted.
WINDOW_S = 60.0
#: Most failures counted at a time; beyond that, each is logged as it occurs.
MAX_KEYS = 1_000


@dataclass
class _Window:
    opened_at: float
    last: logging.LogRecord | None = None
    times: int = 0


class Repeats:
    """Counts equal records of WARNING and above. `steady` returns monotonic seconds."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._windows: dict[Hashable, _Window] = {}

    def let_through(self, record: logging.LogRecord) -> bool:
        """Return whether to log the record now; otherwise it is counted."""
        key = _key(record)
        if key is None:
            return True
        window = self._windows.get(key)
        if window is None:
            if len(self._windows) < MAX_KEYS:
                self._windows[key] = _Window(self._steady())
            return True
        window.last, window.times = record, window.times + 1
        return False

    def summaries(self, *, at_end: bool = False) -> Iterator[logging.LogRecord]:
        """Yield one record, with its `times`, for each failure whose window is over; for all of them `at_end`."""
        now = self._steady()
        for key, window in list(self._windows.items()):
            if not at_end and now - window.opened_at < WINDOW_S:
                continue
            if window.last is None:
                del self._windows[key]
                continue
            window.last.times, window.last.exc_info = window.times, None
            yield _without_traceback(window.last)
            self._windows[key] = _Window(now)


class RepeatingHandler(logging.StreamHandler[TextIO]):
    """Writes lines to a stream, and repeated failures once per minute."""

    def __init__(self, stream: TextIO, steady: Callable[[], float] = time.monotonic) -> None:
        super().__init__(stream)
        self._repeats = Repeats(steady)

    def emit(self, record: logging.LogRecord) -> None:
        for summary in self._repeats.summaries():
            super().emit(summary)
        if self._repeats.let_through(record):
            super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  logging's name
        """Report that a line was lost. The standard library would print the record with its secrets."""
        self.stream.write(f"a line of {record.name} could not be written\n")

    def close(self) -> None:
        for summary in self._repeats.summaries(at_end=True):
            super().emit(summary)
        super().close()


def _key(record: logging.LogRecord) -> Hashable | None:
    """Return the key of equal failures; None for records with a reference, which are never counted: people quote it."""
    if record.levelno < logging.WARNING:
        return None
    if not isinstance(record.msg, dict):
        return (record.name, record.pathname, record.lineno)
    if "reference" in record.msg:
        return None
    return (record.name, record.msg.get("event"), str(record.msg.get("error")))


def _without_traceback(record: logging.LogRecord) -> logging.LogRecord:
    if isinstance(record.msg, dict):
        record.msg = {name: value for name, value in record.msg.items() if name != "exc_info"}
    return record
