"""Encrypt what must not lie in the database in clear text: the tokens of workspaces.

cryptography is imported only where it is used: a Kept for one workspace does without it.
"""

from collections.abc import Sequence

from bot.storage.errors import DatabaseError


class Sealing:
    """Seals with the first key, opens with any. Each key is a Fernet key: 32 bytes in URL-safe base64.

    Raises ValueError for a key that is none.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        from cryptography.fernet import Fernet, MultiFernet

        self._first = Fernet(keys[0])
        self._all = MultiFernet([Fernet(key) for key in keys])

    def seal(self, text: str) -> str:
        return self._first.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Return what was sealed.

        Raises DatabaseError when no key opens it.
        """
        from cryptography.fernet import InvalidToken

        try:
            return self._all.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise DatabaseError(
                "A workspace's token cannot be decrypted with KEPT_ENCRYPTION_KEYS. Put the key it was encrypted with "
                "back, behind the new one, and run `kept keys rotate` before you take it away."
            ) from None

    def is_first(self, sealed: str) -> bool:
        """Return whether the first key opens it, so that the others are not needed for it."""
        from cryptography.fernet import InvalidToken

        try:
            self._first.decrypt(sealed.encode())
        except InvalidToken:
            return False
        return True


def new_encryption_key() -> str:
    """Return a fresh key for KEPT_ENCRYPTION_KEYS."""
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode()
