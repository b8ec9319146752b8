"""`kept doctor`: what is well and what is not, each with what to do."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from bot.app import House, house
from bot.config import Mode, Settings
from bot.domain.errors import UnreachableError
from bot.domain.promise import TeamId
from bot.storage.errors import DatabaseError
from bot.use_cases.events import KEPT_FOR, MOST_TRIES
from handlers.socket import AppTokenError, SocketLine
from handlers.workspaces import slack_answers

#: How far back messages that were given up are told of.
LOOKED_BACK = timedelta(days=14)
REINSTALL = "Install the app again, and they leave within a minute."
REPORT = "The log says where; please report it. What the person asked for did not happen, and they may ask again."
UNKNOWN = "look it up in Slack's list of errors for chat.postMessage; docs/operations.md says what Kept does."
REPORTED = "please report it, for Slack refused how the message was built."
SCOPES = "install the app again, so that it has every scope of manifest.yaml."
NOT_INSTALLED = "has promises but no installation in force, so nothing is sent: install Kept there, at /slack/install."
CURES = {
    "msg_too_long": "please report it, for Kept cuts what it says to Slack's limits.",
    **dict.fromkeys(("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"), REPORTED),
    **dict.fromkeys(("missing_scope", "no_permission", "access_denied"), SCOPES),
    "messages_tab_disabled": "switch the Messages tab on under App Home, in the app's settings.",
    "app_access_restricted": "ask an admin of the workspace to allow the app to everybody.",
    "kept_failed": "please report it with the log: it was a fault of Kept's own.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    well: bool
    words: str


async def examine(settings: Settings) -> list[Finding]:
    """Settings, database, deliveries and Slack; later checks are left out when an earlier one fails."""
    found = [Finding(True, f"Settings are complete: Kept would run in {settings.mode.value} mode.")]
    try:
        async with house(settings) as parts:
            checks: list[Callable[[House], Awaitable[list[Finding]]]] = [_database, _failures, _events, _stops]
            if settings.mode is not Mode.SANDBOX:
                checks.append(_slack)
            if settings.mode is Mode.SOCKET:
                checks.append(partial(_line, settings))
            for check in checks:
                found += await check(parts)
    except DatabaseError as fault:
        found.append(Finding(False, str(fault)))
    except Exception as fault:  # noqa: BLE001  whatever it is, the person running the doctor is the one to be told
        found.append(Finding(False, f"The database could not be opened ({fault}). Check DATABASE_URL."))
    return found


async def _database(parts: House) -> list[Finding]:
    await parts.services.store.ping()
    return [Finding(True, "The database answers, and its schema is up to date.")]


async def _failures(parts: House) -> list[Finding]:
    failures = await parts.services.store.failures(parts.services.clock.now() - LOOKED_BACK)
    if not failures:
        return [Finding(True, f"No message was given up in the last {LOOKED_BACK.days} days.")]
    return [
        Finding(False, f"{times} message(s) were given up ({error}): {CURES.get(error, UNKNOWN)}")
        for error, times in sorted(failures.items())
    ]


async def _events(parts: House) -> list[Finding]:
    failures = await parts.services.store.events.failures(parts.services.clock.now() - KEPT_FOR)
    return [
        Finding(False, f"{times} event(s) from Slack were set aside after {MOST_TRIES} tries ({error}). {REPORT}")
        for error, times in sorted(failures.items())
    ] or [Finding(True, "Every event from Slack was handled in the last day.")]


async def _stops(parts: House) -> list[Finding]:
    """What is not spoken to for now. A limit or an outage ends by itself; people and places need somebody."""
    found = []
    for stop in await parts.services.store.stopped():
        if stop.subject:
            place = "Channel" if stop.subject.startswith(("C", "G")) else "Person"
            found.append(Finding(False, f"{place} {stop.subject} of {stop.team_id} cannot be reached ({stop.error})."))
        elif stop.until is None:
            words = f"Workspace {stop.team_id} is paused ({stop.error}); its messages wait. {REINSTALL}"
            found.append(Finding(False, words))
    return found or [Finding(True, "Nobody and no place is out of reach.")]


async def _slack(parts: House) -> list[Finding]:
    try:
        found = [Finding(True, await parts.workspaces.introduction())]
    except UnreachableError as fault:
        return [Finding(False, str(fault))]
    if parts.workspaces.is_for_many:
        found += [Finding(False, f"Workspace {each} {NOT_INSTALLED}") for each in await _not_installed(parts)]
    return found


async def _not_installed(parts: House) -> list[TeamId]:
    """Return workspaces that have promises and no installation."""
    teams = await parts.services.store.workspaces()
    return [each for each in teams if await parts.workspaces.authorize(each) is None]


async def _line(settings: Settings, parts: House) -> list[Finding]:
    try:
        await SocketLine(parts.bolt, settings, partial(slack_answers, parts.bolt.client)).check()
    except AppTokenError as fault:
        return [Finding(False, str(fault))]
    return [Finding(True, "Slack does not refuse the token of Socket Mode.")]
