"""Logs for people or for machines, in which no token and no word of a promise is ever written."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from bot.config import LogFormat, LogLevel

#: Bot, user, app-level and configuration tokens, refresh tokens, and the secret part of a response_url.
SECRETS = re.compile(r"xox[a-z](?:\.xox[a-z])?-[\w-]+|xapp-[\w-]+|(?<=hooks\.slack\.com/)\S+")
#: Fields that would carry what people typed; the event's own name is the only free text of a line.
TYPED = frozenset({"text", "what", "note", "reason", "body", "blocks", "payload", "message"})
#: Loggers that would write a whole request, or speak of every tick.
QUIET = ("slack_bolt", "slack_sdk", "apscheduler", "aiosqlite", "uvicorn.error", "alembic")


def configure(form: LogFormat, level: LogLevel) -> None:
    """Sets up structlog and the standard library's logging, once for the process."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    machine = form is LogFormat.JSON
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if machine
        # A plain traceback: the fancy one prints local variables, and with them what people typed.
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    last: list[structlog.typing.Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    last += [structlog.processors.format_exc_info] if machine else []
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[*last, redact, renderer])
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
    logging.getLogger("slack_bolt.RequestVerification").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def redact(_logger: Any, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Takes tokens out of every value, and leaves out fields that hold what people typed."""
    for key, value in list(line.items()):
        if key in TYPED:
            line[key] = "(not logged)"
        elif isinstance(value, str):
            line[key] = SECRETS.sub("(secret)", value)
    return line
