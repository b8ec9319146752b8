"""The tokens that the Web API takes, and what each allows."""

import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from sandbox.errors import SlackError
from sandbox.settings import TEAM_ID, Credentials

CODE_LIFE_S = 600.0
#: How long a token lives where the app's manifest has them rotate, by the sandbox's clock.
TOKEN_LIFE_S = 12 * 3600


@dataclass(frozen=True)
class Grant:
    """`scopes` None means everything; `user` is who installed the app; `kind` is "bot" or "app".

    It opens `team`, and with `is_org` stands for that team's whole organisation.
    """

    scopes: frozenset[str] | None
    user: str = "U00ALICE"
    kind: str = "bot"
    team: str = TEAM_ID
    is_org: bool = False


@dataclass(frozen=True)
class Code:
    """An authorisation code; good for one exchange within ten minutes of real time."""

    grant: Grant
    redirect_uri: str
    born: float = field(default_factory=time.monotonic)


@dataclass(frozen=True)
class Issued:
    """A token just given out; one that rotates has a refresh token, good once."""

    token: str
    grant: Grant
    refresh_token: str = ""
    expires_in: int = 0


class Tokens:
    """The two fixed tokens, and those given to apps that were installed. `seconds` is the sandbox's time."""

    def __init__(
        self,
        credentials: Credentials,
        scopes: frozenset[str] | None,
        seconds: Callable[[], float] = time.time,
        *,
        rotating: bool = False,
        own: bool = True,
    ) -> None:
        """Without `own` the app is in no workspace until it is installed, so there is no bot token yet."""
        self._grants = {credentials.app_token: Grant(None, kind="app")}
        if own:
            self._grants[credentials.bot_token] = Grant(scopes)
        self._seconds = seconds
        self._rotating = rotating
        self._ends: dict[str, float] = {}
        self._refreshing: dict[str, str] = {}
        self._revoked: set[str] = set()
        self._codes: dict[str, Code] = {}

    def code(self, grant: Grant, redirect_uri: str) -> str:
        code = secrets.token_urlsafe(24)
        self._codes[code] = Code(grant, redirect_uri)
        return code

    def exchange(self, code: str, redirect_uri: str) -> Issued:
        """A new token for a code. Raises: SlackError when the code is unknown, used or old, or the address differs."""
        found = self._codes.pop(code, None)
        if found is None or time.monotonic() - found.born > CODE_LIFE_S:
            raise SlackError("invalid_code")
        if redirect_uri and redirect_uri != found.redirect_uri:
            raise SlackError("bad_redirect_uri")
        return self._issue(found.grant)

    def renew(self, refresh_token: str) -> Issued:
        """The next token for a refresh token. Raises: SlackError when that is unknown or used."""
        before = self._refreshing.pop(refresh_token, None)
        if before is None or before in self._revoked:
            raise SlackError("invalid_refresh_token")
        return self._issue(self._grants[before])

    def _issue(self, grant: Grant) -> Issued:
        token = f"xoxb-sandbox-{secrets.token_hex(12)}"
        self._grants[token] = grant
        if not self._rotating:
            return Issued(token, grant)
        refresh = f"xoxe-1-sandbox-{secrets.token_hex(12)}"
        self._refreshing[refresh] = token
        self._ends[token] = self._seconds() + TOKEN_LIFE_S
        return Issued(token, grant, refresh, TOKEN_LIFE_S)

    def lend(self, grant: Grant) -> str:
        """A token for the time of one step of a workflow, to be revoked at its end."""
        token = f"xwfp-sandbox-{secrets.token_hex(12)}"
        self._grants[token] = grant
        return token

    def revoke(self, token: str) -> None:
        self._revoked.add(token)

    def grant(self, token: str) -> Grant:
        """Raises: SlackError when the token is missing, unknown, revoked or over."""
        if not token:
            raise SlackError("not_authed")
        if token in self._revoked:
            raise SlackError("token_revoked")
        found = self._grants.get(token)
        if found is None:
            raise SlackError("invalid_auth")
        if self._ends.get(token, float("inf")) <= self._seconds():
            raise SlackError("token_expired")
        return found

    def saved(self) -> dict[str, Any]:
        """Return the issued tokens, as plain values."""
        grants = {token: asdict(grant) for token, grant in self._grants.items()}
        for each in grants.values():
            each["scopes"] = None if each["scopes"] is None else sorted(each["scopes"])
        revoked = sorted(self._revoked)
        return {"grants": grants, "ends": self._ends, "refreshing": self._refreshing, "revoked": revoked}

    def restore(self, given: dict[str, Any]) -> None:
        """Puts back what was saved. Raises: KeyError or TypeError for what is none."""
        for token, each in given["grants"].items():
            scopes = None if each["scopes"] is None else frozenset(each["scopes"])
            self._grants[token] = Grant(**(each | {"scopes": scopes}))
        self._ends, self._refreshing = dict(given["ends"]), dict(given["refreshing"])
        self._revoked = set(given["revoked"])
