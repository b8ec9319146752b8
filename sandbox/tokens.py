"""The tokens that the Web API takes, and what each allows."""

import secrets
import time
from dataclasses import dataclass, field

from sandbox.errors import SlackError
from sandbox.settings import Credentials

CODE_LIFE_S = 600.0


@dataclass(frozen=True)
class Grant:
    """`scopes` None means everything; `user` is who installed the app; `kind` is "bot" or "app"."""

    scopes: frozenset[str] | None
    user: str = "U00ALICE"
    kind: str = "bot"


@dataclass(frozen=True)
class Code:
    """What a person allowed; good for one exchange within ten minutes of real time."""

    grant: Grant
    redirect_uri: str
    born: float = field(default_factory=time.monotonic)


class Tokens:
    """The two fixed tokens, and those given to apps that were installed."""

    def __init__(self, credentials: Credentials, scopes: frozenset[str] | None) -> None:
        self._grants = {credentials.bot_token: Grant(scopes), credentials.app_token: Grant(None, kind="app")}
        self._revoked: set[str] = set()
        self._codes: dict[str, Code] = {}

    def code(self, grant: Grant, redirect_uri: str) -> str:
        code = secrets.token_urlsafe(24)
        self._codes[code] = Code(grant, redirect_uri)
        return code

    def exchange(self, code: str, redirect_uri: str) -> tuple[str, Grant]:
        """A new token for a code. Raises: SlackError when the code is unknown, used or old, or the address differs."""
        found = self._codes.pop(code, None)
        if found is None or time.monotonic() - found.born > CODE_LIFE_S:
            raise SlackError("invalid_code")
        if redirect_uri and redirect_uri != found.redirect_uri:
            raise SlackError("bad_redirect_uri")
        return self.issue(found.grant), found.grant

    def issue(self, grant: Grant) -> str:
        token = f"xoxb-sandbox-{secrets.token_hex(12)}"
        self._grants[token] = grant
        return token

    def revoke(self, token: str) -> None:
        self._revoked.add(token)

    def grant(self, token: str) -> Grant:
        """Raises: SlackError when the token is missing, unknown or revoked."""
        if not token:
            raise SlackError("not_authed")
        if token in self._revoked:
            raise SlackError("token_revoked")
        found = self._grants.get(token)
        if found is None:
            raise SlackError("invalid_auth")
        return found
