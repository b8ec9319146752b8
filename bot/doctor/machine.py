"""Check versions, settings and their sources, and free disk space."""

import platform
import shutil
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path

from bot.config import Settings
from bot.doctor.findings import Finding, Status
from bot.storage.inspection import folder_of

#: Less free space than this is a fault: a day of a large workspace and the copy that a checkpoint makes fit into it.
MIN_ROOM = 200_000_000
MEGABYTE = 1_000_000


def check_machine(settings: Settings, sources: Mapping[str, str]) -> list[Finding]:
    """Return the running versions and the names of the settings made; no value is repeated."""
    versions = (
        f"Kept {version('kept')} on Python {platform.python_version()}, {platform.system()} {platform.machine()}."
    )
    made = ", ".join(f"{name} ({source})" for name, source in sorted(sources.items())) or "nothing"
    words = f"Settings are complete: Kept would run in {settings.mode.value} mode. Set: {made}."
    return [Finding("versions", Status.OK, versions), Finding("settings", Status.OK, words)]


def check_room(settings: Settings, room: Callable[[Path], int]) -> list[Finding]:
    """Return the free space of a SQLite file's disk; a database server's disk is not visible from here."""
    folder = folder_of(settings.database)
    if folder is None:
        return []
    free = room(folder)
    words = f"The disk of the database has {free // MEGABYTE} MB free."
    if free < MIN_ROOM:
        return [Finding("disk", Status.FAULT, words, "Make room before nothing can be recorded any more.")]
    return [Finding("disk", Status.OK, words)]


def free_bytes(folder: Path) -> int:
    """Return the free bytes of the disk that holds a folder."""
    return shutil.disk_usage(folder).free
