"""What can be wrong with a database, as sentences for whoever runs Kept."""

from bot.domain.errors import KeptError


class DatabaseError(KeptError):
    """The database cannot be used as it is; the sentence says what to do."""
