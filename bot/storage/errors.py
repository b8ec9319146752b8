"""Database errors with sentences for the operator."""

from bot.domain.errors import KeptError


class DatabaseError(KeptError):
    """The database cannot be used as it is; the sentence says what to do."""
