"""Logging for people or machines, without any token or text of a promise.

Libraries set their loggers' levels at any time (Bolt does when its app is built), so the filter is on the handler, by
the logger's name.
"""

import io
import logging
import re
import sys
from collections.abc import Iterator, MutableMapping
from typing import Any, TextIO

import structlog

from bot.config import LogFormat, LogLevel
from bot.repeats import RepeatingHandler

Line = MutableMapping[str, Any]

#: Slack's tokens of every kind, the secret part of a response_url, and Kept's access tokens.
SECRETS = re.compile(
    r"xox[a-z](?:\.xox[a-z])?-[\w-]+|xapp-[\w-]+|(?<=hooks\.slack\.com/)\S+|kept_[A-Za-z0-9]+_[0-9a-f]{16}_\w+"
)
#: Fields that could hold typed text; the event's own name is the only free text of a line.
TYPED = frozenset({"text", "what", "note", "reason", "body", "blocks", "payload", "message"})
#: Characters that end a line, move the cursor or change the reading direction: written as \n, \x1b, \u202e.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
#: Prefix of our own loggers' names.
OURS = "kept"
#: Libraries whose errors are about addresses, jobs and schemas, never about a request: their text is logged.
PLAIN = ("uvicorn", "apscheduler", "alembic")
#: Exceptions whose text comes from the system or from us. Others are logged by type: their text may hold what a person
#: typed.
SPEAKING, OUR_SPEAKING = (OSError, ImportError), "bot.storage.errors.DatabaseError"


def configure(form: LogFormat, level: LogLevel, stream: TextIO | None = None) -> None:
    """Set up structlog and the standard library's logging once per process; lines go to stderr by default."""
    out = stream or sys.stderr or io.StringIO()  # a process without a console has no standard error
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[structlog.typing.Processor] = [
        add_times,
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.ExceptionRenderer(traceback_of),
        redact,
    ]
    renderer: list[structlog.typing.Processor] = (
        [structlog.processors.JSONRenderer()]
        if form is LogFormat.JSON
        else [
            escape_control,
            structlog.dev.ConsoleRenderer(colors=out.isatty(), exception_formatter=structlog.dev.plain_traceback),
        ]
    )
    handler = RepeatingHandler(out)
    handler.addFilter(is_logged)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=[*shared, say_less], processors=[*last, *renderer])
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def is_logged(record: logging.LogRecord) -> bool:
    """Return whether to log a record: ours, or a library's error. Below that, libraries log requests and every tick."""
    return _is_of(record.name, OURS) or record.levelno >= logging.ERROR


def say_less(_logger: Any, _name: str, line: Line) -> Line:
    """Replace the text of a library's error, which may hold a person's text or a whole request, by its location."""
    record: logging.LogRecord = line["_record"]
    if any(_is_of(record.name, name) for name in PLAIN):
        return line
    line["event"] = "an error in a library"
    line["where"] = f"{record.module}:{record.lineno} {record.funcName}"
    return line


def add_times(_logger: Any, _name: str, line: Line) -> Line:
    """Add how often a repeated failure was suppressed since its last line."""
    times = getattr(line.get("_record"), "times", None)
    return line if times is None else {**line, "times": times}


def redact(_logger: Any, _name: str, line: Line) -> Line:
    """Remove tokens from all values, and drop fields that hold typed text."""
    for key, value in list(line.items()):
        if key in TYPED:
            line[key] = "(not logged)"
        elif isinstance(value, str):
            line[key] = SECRETS.sub("(secret)", value)
    return line


def escape_control(_logger: Any, _name: str, line: Line) -> Line:
    """Write control characters as escapes, so that no value starts a new line."""
    for key, value in line.items():
        if key != "exception" and isinstance(value, str):
            line[key] = _escaped(value)
    return line


def traceback_of(exc_info: Any) -> str:
    """Return the traceback with each line indented, without any text but the system's and our own."""
    lines = ["  " + _escaped(line) for fault in _chain(exc_info[1]) for line in _lines_of(fault)]
    return "\n".join(lines)


def _chain(fault: BaseException | None) -> Iterator[BaseException]:
    """Yield the exception and its causes, the first cause first."""
    seen: list[BaseException] = []
    while fault is not None and fault not in seen:
        seen.append(fault)
        fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    yield from reversed(seen)


def _lines_of(fault: BaseException) -> Iterator[str]:
    trace = fault.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        yield f"{code.co_filename}:{trace.tb_lineno} {code.co_name}"
        trace = trace.tb_next
    name = f"{type(fault).__module__}.{type(fault).__qualname__}"
    yield f"{name}: {fault}" if isinstance(fault, SPEAKING) or name == OUR_SPEAKING else name


def _is_of(logger: str, name: str) -> bool:
    return logger == name or logger.startswith(f"{name}.")


def _escaped(text: str) -> str:
    return CONTROL.sub(lambda mark: mark[0].encode("unicode_escape").decode(), text)
