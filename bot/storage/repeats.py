"""Transactions of PostgreSQL that failed, and may be repeated."""

from sqlalchemy.exc import DBAPIError

from bot.storage.acting import CHANGE_PROMISES
from bot.storage.making import MAKE_PROMISES

#: serialization_failure and deadlock_detected: PostgreSQL aborted the transaction, and it may be repeated.
_GAVE_WAY = frozenset({"40001", "40P01"})
#: Statements that write; each may be a transaction of its own, which commits with it.
_WRITES = frozenset({MAKE_PROMISES, CHANGE_PROMISES})


def may_repeat(error: DBAPIError, *, committing: bool, alone: bool) -> bool:
    """Return whether the transaction was certainly rolled back: aborted, or the connection broke before the commit.

    `alone`: each statement is a transaction of its own.
    """
    if getattr(error.orig, "sqlstate", None) in _GAVE_WAY:
        return True
    return error.connection_invalidated and not committing and not (alone and error.statement in _WRITES)
