"""`kept doctor`: what is well and what is not, each fault with its cure. It looks, and changes nothing."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path

from bot.clock import SystemClock
from bot.config import Mode, Settings
from bot.doctor.address import check_address
from bot.doctor.books import check_books
from bot.doctor.findings import Finding, Status
from bot.doctor.machine import check_machine, check_room, free_bytes
from bot.doctor.tokens import check_tokens

__all__ = ["EXIT_CODES", "Finding", "Status", "examine", "exit_code"]

#: What the command returns for the worst of its findings. 2 is the answer to settings that are refused.
EXIT_CODES: Mapping[Status, int] = {Status.OK: 0, Status.NOTE: 0, Status.FAULT: 1, Status.UNKNOWN: 3}
utc_now = SystemClock().now
_WORST_FIRST = (Status.FAULT, Status.UNKNOWN, Status.NOTE, Status.OK)


async def examine(
    settings: Settings,
    sources: Mapping[str, str],
    *,
    now: Callable[[], datetime] = utc_now,
    room: Callable[[Path], int] = free_bytes,
) -> list[Finding]:
    """Return findings about versions and settings, the database and its disk, both tokens, and the public address.

    `sources` says by name of a setting where its value came from; `room` returns the free bytes of a folder's disk.
    """
    found = [*check_machine(settings, sources), *check_room(settings, room)]
    checks: list[Callable[[], Awaitable[list[Finding]]]] = [lambda: check_books(settings, now())]
    if settings.mode is not Mode.SANDBOX:
        checks.append(lambda: check_tokens(settings, now))
    if settings.mode is Mode.HTTP:
        checks.append(lambda: check_address(settings, now()))
    for check in checks:
        found += await check()
    return found


def exit_code(found: list[Finding]) -> int:
    """Return the exit status that stands for the worst finding."""
    there = {finding.status for finding in found}
    return next(EXIT_CODES[status] for status in _WORST_FIRST if status in there)
