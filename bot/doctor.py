"""`kept doctor`: what is well and what is not, each with what to do."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.app import House, house
from bot.config import Mode, Settings
from bot.domain.errors import UnreachableError


@dataclass(frozen=True, slots=True)
class Finding:
    well: bool
    words: str


async def examine(settings: Settings) -> list[Finding]:
    """Settings, database and Slack, in that order; later checks are left out when an earlier one fails."""
    found = [Finding(True, f"Settings are complete: Kept would run in {settings.mode.value} mode.")]
    try:
        async with house(settings) as parts:
            checks: list[Callable[[House], Awaitable[Finding]]] = [_database]
            if settings.mode is not Mode.SANDBOX:
                checks.append(_slack)
            found += [await check(parts) for check in checks]
    except Exception as fault:  # noqa: BLE001  whatever it is, the person running the doctor is the one to be told
        found.append(Finding(False, f"The database could not be opened ({fault}). Check DATABASE_URL."))
    return found


async def _database(parts: House) -> Finding:
    await parts.store.ping()
    return Finding(True, "The database answers, and its schema is up to date.")


async def _slack(parts: House) -> Finding:
    try:
        return Finding(True, await parts.workspace.introduction())
    except UnreachableError as fault:
        return Finding(False, str(fault))
