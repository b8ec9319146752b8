"""Protocol for the access tokens of a workspace."""

from datetime import datetime
from typing import Protocol

from bot.domain.access_tokens import AccessToken
from bot.domain.promise import UserId


class AccessBook(Protocol):
    """Tokens of one workspace, personal ones and its own."""

    def token(self, token_id: str) -> AccessToken | None: ...

    def tokens_of(self, person: UserId) -> tuple[AccessToken, ...]:
        """Return a person's tokens, the oldest first; those of the workspace for the empty id."""
        ...

    def add_token(self, token: AccessToken) -> None: ...

    def note_token_used(self, token_id: str, at: datetime) -> None: ...

    def remove_token(self, token_id: str) -> None: ...
