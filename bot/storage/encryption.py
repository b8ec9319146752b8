"""Encryption of workspaces' tokens and webhooks' secrets in the database.

cryptography is imported only where it is used: a Kept for one workspace does without it.
"""

from collections.abc import Sequence

from bot.domain.webhooks import SECRET_PREFIX
from bot.storage.errors import DatabaseError


class Cipher:
    """Encrypts with the first key, decrypts with any. Each key is a Fernet key: 32 bytes in URL-safe base64.

    Raises ValueError for a key that is none, and without keys.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        from cryptography.fernet import Fernet, MultiFernet

        self._first = Fernet(keys[0])
        self._all = MultiFernet([Fernet(key) for key in keys])

    def encrypt(self, text: str) -> str:
        return self._first.encrypt(text.encode()).decode()

    def decrypt(self, sealed: str) -> str:
        """Return the decrypted text.

        Raises DatabaseError when no key decrypts it.
        """
        from cryptography.fernet import InvalidToken

        try:
            return self._all.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise DatabaseError(
                "A workspace's token or a webhook's secret cannot be decrypted with KEPT_ENCRYPTION_KEYS. Put the key "
                "it was encrypted with back, behind the new one, and run `kept keys rotate` before you take it away."
            ) from None

    def is_by_first_key(self, sealed: str) -> bool:
        """Return whether the first key decrypts it."""
        from cryptography.fernet import InvalidToken

        try:
            self._first.decrypt(sealed.encode())
        except InvalidToken:
            return False
        return True


class WebhookSecrets:
    """Webhooks' secrets as stored: encrypted if there are keys, else in clear text."""

    def __init__(self, keys: Sequence[str] = ()) -> None:
        self._cipher = Cipher(keys) if keys else None

    def encrypted(self, secret: str) -> str:
        return self._cipher.encrypt(secret) if self._cipher else secret

    def decrypted(self, stored: str) -> str:
        """Return the secret in clear text. Raises DatabaseError when no key decrypts it."""
        if stored.startswith(SECRET_PREFIX):
            return stored
        if self._cipher is None:
            raise DatabaseError("A webhook's secret is encrypted, and KEPT_ENCRYPTION_KEYS is not set. Set it again.")
        return self._cipher.decrypt(stored)


def new_encryption_key() -> str:
    """Return a new key for KEPT_ENCRYPTION_KEYS."""
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode()
