"""`kept doctor`: check the installation without changing it; each fault comes with its cure."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from bot.clock import SystemClock
from bot.config import Mode, Settings
from bot.doctor.address import check_address
from bot.doctor.database import check_database
from bot.doctor.findings import Finding, Status
from bot.doctor.machine import check_machine, check_room, free_bytes
from bot.doctor.tokens import check_tokens

__all__ = ["EXIT_CODES", "Finding", "Status", "examine", "exit_code"]

#: The exit status of the worst finding. 2 stands for refused settings.
EXIT_CODES: Mapping[Status, int] = {Status.OK: 0, Status.NOTE: 0, Status.FAULT: 1, Status.UNKNOWN: 3}
utc_now = SystemClock().now
_WORST_FIRST = (Status.FAULT, Status.UNKNOWN, Status.NOTE, Status.OK)


async def examine(
    settings: Settings,
    sources: Mapping[str, str],
    *,
    room: Callable[[Path], int] = free_bytes,
) -> list[Finding]:
    """Return findings about versions and settings, the database and its disk, both tokens, and the public address.

    `sources` gives the origin of each setting's value; `room` returns the free bytes of a folder's disk.
    """
    found = [*check_machine(settings, sources), *check_room(settings, room)]
    checks: list[Callable[[], Awaitable[list[Finding]]]] = [lambda: check_database(settings, utc_now())]
    if settings.mode is not Mode.SANDBOX:
        checks.append(lambda: check_tokens(settings, utc_now))
    if settings.mode is Mode.HTTP:
        checks.append(lambda: check_address(settings, utc_now()))
    for check in checks:
        found += await check()
    return found


def exit_code(found: list[Finding]) -> int:
    """Return the exit status of the worst finding."""
    there = {finding.status for finding in found}
    return next(EXIT_CODES[status] for status in _WORST_FIRST if status in there)
