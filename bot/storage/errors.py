"""Errors of the database: with sentences for the operator, or for who changes the code."""

from bot.domain.errors import KeptError


class DatabaseError(KeptError):
    """The database cannot be used as it is; the sentence says what to do."""


class OutsideWallsError(RuntimeError):
    """A statement was to run in a workspace without row level security, and is none of those that may."""
