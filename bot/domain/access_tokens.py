"""Tokens by which other tools use Kept: as one person, or to read for a whole workspace."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.errors import UnreadableError
from bot.domain.promise import TeamId, UserId
from bot.language import _

#: `kept_<workspace>_<id>_<secret>`; the workspace and the id find the row, the secret is compared by its hash.
SHAPE = re.compile(r"kept_(?P<team>[A-Za-z0-9]{1,32})_(?P<id>[0-9a-f]{16})_(?P<secret>[0-9a-f]{64})")
#: The longest name, in characters, and how many tokens one person or one workspace has at most.
NAME_LIMIT, MAX_TOKENS = 60, 20


class Scope(StrEnum):
    """The scopes of a workspace token. A personal token has none: it has the rights of its person."""

    PROMISES = "promises:read"
    DIGESTS = "digests:read"


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A stored token; of its secret only the hash. `person` is empty for a workspace's."""

    id: str
    person: UserId
    name: str
    secret_hash: str
    scopes: frozenset[Scope]
    made_by: UserId
    made_at: datetime
    last_used_at: datetime | None = None

    @property
    def is_personal(self) -> bool:
        return bool(self.person)

    def fits(self, secret: str) -> bool:
        """Compare in constant time."""
        return hmac.compare_digest(self.secret_hash, secret_hash(secret))


@dataclass(frozen=True, slots=True)
class TokenParts:
    """A token as it was sent."""

    team_id: TeamId
    id: str
    secret: str

    def written(self) -> str:
        return f"kept_{self.team_id}_{self.id}_{self.secret}"


def read_token(text: str) -> TokenParts | None:
    """Return the parts of a token; None for what cannot be one.

    >>> read_token(TokenParts(TeamId("T1"), "0" * 16, "a" * 64).written()).team_id
    'T1'
    """
    found = SHAPE.fullmatch(text)
    return TokenParts(TeamId(found["team"]), found["id"], found["secret"]) if found else None


def secret_hash(secret: str) -> str:
    """Return what is stored: the secret has 256 random bits, so a fast hash cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def checked_name(name: str) -> str:
    """Return a token's name without space around it. Raises UnreadableError for none, or one that is too long."""
    name = " ".join(name.split())
    if not name or len(name) > NAME_LIMIT:
        raise UnreadableError(
            _("Give the token a name of up to {name_limit} characters, like the tool’s.").format(name_limit=NAME_LIMIT),
            "name",
        )
    return name


def checked_scopes(scopes: frozenset[Scope]) -> frozenset[Scope]:
    """Return the scopes of a workspace token. Raises UnreadableError for none."""
    if not scopes:
        raise UnreadableError(_("Choose what the token may read."), "scopes")
    return scopes
