"""Errors of the database: with sentences for the operator, or for who changes the code."""

from bot.domain.errors import KeptError


class DatabaseError(KeptError):
    """The database cannot be used as it is; the sentence says what to do."""


class ForbiddenStatementError(RuntimeError):
    """A statement that may not run without row level security was to run so."""
