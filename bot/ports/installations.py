"""Protocol for installations: each workspace's token, and the OAuth states of installations in progress."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from bot.domain.promise import TeamId, UserId


@dataclass(frozen=True, slots=True)
class Installation:
    """Kept in one workspace, or in every workspace of an Enterprise organisation (`is_org`).

    `team_id` is then the organisation's own id, which begins with E. `refresh_token` and `expires_at` are set where
    Slack rotates tokens. Tokens stay out of `repr`.
    """

    team_id: TeamId
    bot_token: str
    bot_id: str
    bot_user_id: UserId
    installed_by: UserId
    installed_at: datetime
    enterprise_id: str = ""
    name: str = ""
    app_id: str = ""
    scopes: tuple[str, ...] = ()
    is_org: bool = False
    refresh_token: str = ""
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def with_tokens(self, bot_token: str, refresh_token: str, expires_at: datetime | None) -> "Installation":
        """Return the same with the tokens that Slack rotated."""
        return replace(self, bot_token=bot_token, refresh_token=refresh_token, expires_at=expires_at)

    def __repr__(self) -> str:
        hidden = replace(self, bot_token="", refresh_token="")
        fields = (f"{name}={getattr(hidden, name)!r}" for name in self.__dataclass_fields__ if "token" not in name)
        return f"Installation({', '.join(fields)})"


class InstallationBook(Protocol):
    """Installations of all workspaces. Tokens are encrypted when stored and decrypted when read."""

    async def save(self, installation: Installation) -> None:
        """Store an installation in place of an earlier one of the same workspace; it is in force, and may go on."""
        ...

    async def find(self, team_id: str, enterprise_id: str = "") -> Installation | None:
        """Return the installation in force for a workspace: its own, else its organisation's."""
        ...

    async def renew(self, team_id: str, bot_token: str, refresh_token: str, expires_at: datetime | None) -> bool:
        """Store the tokens that Slack rotated; return False when the installation is no longer in force."""
        ...

    async def note_member(self, team_id: str, enterprise_id: str) -> None:
        """Note that a workspace uses its organisation's installation."""
        ...

    async def members(self, enterprise_id: str) -> tuple[TeamId, ...]:
        """Return the workspaces that were seen to use an organisation's installation."""
        ...

    async def revoke(self, team_id: str, at: datetime) -> bool:
        """Mark an installation as revoked by Slack at a time, and stop sending for its workspaces.

        Return whether there was one in force; one younger than `at` stays in force.
        """
        ...

    async def revoked(self, before: datetime) -> tuple[TeamId, ...]:
        """Return the installations that were revoked before an instant."""
        ...

    async def remove(self, team_id: str) -> bool:
        """Delete an installation and its token; return whether there was one."""
        ...

    async def reencrypt(self) -> int:
        """Encrypt every token and webhook secret with the first key where it is not yet; return their number."""
        ...

    async def begin(self, state: str, expires_at: datetime) -> None:
        """Remember the state of an installation under way."""
        ...

    async def complete(self, state: str, now: datetime) -> bool:
        """Consume a state; return whether it was known, unused and not expired."""
        ...
