"""Database maintenance from the command line while Kept runs."""

from bot.config import ConfigError, Settings
from bot.storage.engine import open_store


async def rotate(settings: Settings) -> str:
    """Re-encrypt tokens and webhooks' secrets with the first key; return a sentence with their number.

    Raises ConfigError without keys, DatabaseError when a token is encrypted with none of them.
    """
    if not settings.encryption_keys:
        raise ConfigError(["KEPT_ENCRYPTION_KEYS is missing: the new key first, then the one in use, with a comma."])
    store = await open_store(settings.database)
    try:
        count = await store.installations(settings.encryption_keys).reencrypt()
    finally:
        await store.close()
    return (
        f"Encrypted {count} token(s) and secret(s) with the first key. "
        "The other keys may be removed from KEPT_ENCRYPTION_KEYS now."
    )
