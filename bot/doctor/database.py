"""Check the database: it exists, is ours and of this version; report failed messages and events."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.config import Settings
from bot.doctor.findings import Finding, Status
from bot.domain.promise import TeamId
from bot.ports import Stop
from bot.storage.errors import DatabaseError
from bot.storage.inspection import Inspection, Schema, inspect_database
from bot.use_cases.events import KEPT_FOR, MAX_TRIES

#: How far back failed messages are reported.
LOOKED_BACK = timedelta(days=14)
REPORT = "The log says where; please report it. What the person asked for did not happen, and they may ask again."
UNKNOWN = "Look it up in Slack's list of errors for chat.postMessage; docs/operations.md says what Kept does."
SCOPES = "Save the manifest of this version in the app's settings first, then install the app again."
REINSTALL = "Install the app again, and its messages leave within a minute."
_BUILT_WRONG = "Please report it, for Slack refused how the message was built."
CURES: Mapping[str, str] = {
    "msg_too_long": "Please report it, for Kept cuts its messages to Slack's limits.",
    **dict.fromkeys(("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"), _BUILT_WRONG),
    **dict.fromkeys(("missing_scope", "no_permission", "access_denied"), SCOPES),
    "messages_tab_disabled": "Switch the Messages tab on under App Home, in the app's settings.",
    "app_access_restricted": "Ask an admin of the workspace to allow the app to everybody.",
    "kept_failed": "Please report it with the log: it was a fault of Kept's own.",
}
UNREADABLE_SECRETS = Finding(
    "keys",
    Status.FAULT,
    "KEPT_ENCRYPTION_KEYS do not decrypt a workspace's token or a webhook's secret, so nothing is sent there.",
    "Put the key it was encrypted with back, behind the new one, and run `kept keys rotate`.",
)
NO_ROW_SECURITY = Finding(
    "row security",
    Status.NOTE,
    "Row level security is not in force: each query names its workspace, but PostgreSQL does not hold it to that.",
    "Have an administrator run once: CREATE ROLE kept_member NOLOGIN; GRANT kept_member TO the role of DATABASE_URL. "
    "Then start Kept again.",
)
#: Each state of the schema: status, text and cure; total by test.
SCHEMAS: Mapping[Schema, tuple[Status, str, str]] = {
    Schema.CURRENT: (Status.OK, "The database answers ({server}), and its schema is up to date ({found}).", ""),
    Schema.MISSING: (
        Status.NOTE,
        "There is no database of Kept's at DATABASE_URL yet.",
        "`kept run` makes one. If you expected promises there, check the address.",
    ),
    Schema.BEHIND: (
        Status.FAULT,
        "The database is of an older version (schema {found}, this version has {newest}).",
        "Make a backup, read UPGRADING.md, then start this version or run `kept migrate`.",
    ),
    Schema.NEWER: (
        Status.FAULT,
        "The database was written by a newer Kept (schema {found}, this version has {newest}).",
        "Update Kept, or restore the copy made before the update.",
    ),
    Schema.FOREIGN: (
        Status.FAULT,
        "The database holds tables that are not Kept's.",
        "Point DATABASE_URL at a database of Kept's own.",
    ),
}


async def check_database(settings: Settings, now: datetime) -> list[Finding]:
    """Return findings about the database, which is opened read-only."""
    try:
        database = await inspect_database(
            settings.database, now - LOOKED_BACK, now - KEPT_FOR, settings.encryption_keys
        )
    except DatabaseError as fault:
        return [Finding("database", Status.FAULT, str(fault))]
    status, words, cure = SCHEMAS[database.schema]
    text = words.format(server=database.server, found=database.revision, newest=database.newest)
    found = [Finding("database", status, text, cure)]
    if database.schema is Schema.CURRENT:
        found += [*_failures(database), *_events(database), *_stops(database.stops)]
        found += [_not_installed(each) for each in database.not_installed if settings.is_for_many]
        found += [UNREADABLE_SECRETS] if database.has_unreadable_secrets else []
        found += [] if database.has_row_security else [NO_ROW_SECURITY]
    return found


def _failures(database: Inspection) -> list[Finding]:
    return [
        Finding("messages", Status.FAULT, f"{times} message(s) were given up ({error}).", CURES.get(error, UNKNOWN))
        for error, times in sorted(database.failures.items())
    ] or [Finding("messages", Status.OK, f"No message was given up in the last {LOOKED_BACK.days} days.")]


def _events(database: Inspection) -> list[Finding]:
    return [
        Finding(
            "events",
            Status.FAULT,
            f"{times} event(s) from Slack were set aside after {MAX_TRIES} tries ({error}).",
            REPORT,
        )
        for error, times in sorted(database.set_aside.items())
    ] or [Finding("events", Status.OK, "Every event from Slack was handled in the last day.")]


def _stops(stops: tuple[Stop, ...]) -> list[Finding]:
    """Report recipients to whom nothing is sent for now. Rate limits and outages end by themselves; others do not."""
    found = []
    for stop in stops:
        if stop.subject:
            place = "Channel" if stop.subject.startswith(("C", "G")) else "Person"
            words = f"{place} {stop.subject} of {stop.team_id} cannot be reached ({stop.error})."
            found.append(Finding("stops", Status.FAULT, words, _REACHED_AGAIN[place]))
        elif stop.until is None:
            words = f"Workspace {stop.team_id} is paused ({stop.error}); its messages wait."
            found.append(Finding("stops", Status.FAULT, words, REINSTALL))
    return found or [Finding("stops", Status.OK, "Every person and place can be reached.")]


def _not_installed(team_id: TeamId) -> Finding:
    words = f"Workspace {team_id} has promises but no installation in force, so nothing is sent."
    return Finding("installations", Status.FAULT, words, "Install Kept there, at /slack/install.")


_REACHED_AGAIN = {
    "Channel": "Invite Kept into it again, or end its digest there with `/promise digest off`.",
    "Person": "Nothing is needed if their account was closed; otherwise they may have blocked the app.",
}
