"""Where tests keep their files: in memory, where the machine has room, because a commit waits for its disk."""

import os
import shutil
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  Linux's own; a folder in it is made as pytest makes one elsewhere
#: Bytes that must be free: a suite leaves some hundred megabytes behind, PostgreSQL's files among them.
ROOM = 4_000_000_000


def folder_in_memory() -> Path | None:
    """Return a folder whose files never reach a disk; None where there is none, too little room or nothing may run."""
    try:
        if os.statvfs(SHARED_MEMORY).f_flag & os.ST_NOEXEC or shutil.disk_usage(SHARED_MEMORY).free < ROOM:
            return None
    except OSError:
        return None
    return SHARED_MEMORY if os.access(SHARED_MEMORY, os.W_OK) else None
