"""One call of a Web API method: its arguments, and what they are allowed to be."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sandbox.errors import SlackError
from sandbox.teams import FIRST, Team
from sandbox.workspace import Channel, Kind, User
from sandbox.world import World

Answer = dict[str, Any]
MAX_A_PAGE = 1000
Item = TypeVar("Item")
Handler = Callable[["Call"], Answer | Awaitable[Answer]]


@dataclass(frozen=True)
class Method:
    """`scopes`: any one of them is enough; none means that the method needs none. `absent` arguments change nothing."""

    handler: Handler
    scopes: tuple[str, ...] = ()
    token: str = "bot"  # noqa: S105 ("bot", "app" or "none": which token may call it)
    arguments: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


@dataclass(frozen=True)
class Call:
    world: World
    method: str
    args: Mapping[str, Any]
    scopes: frozenset[str] | None = None
    token: str = ""
    #: The workspace that the token opens; `is_org` when it is its whole organisation's.
    team: Team = FIRST
    is_org: bool = False

    @property
    def bot(self) -> User:
        return self.world.workspace.bot(self.team)

    def text(self, name: str, default: str = "") -> str:
        value = self.args.get(name)
        return default if value is None else str(value)

    def needed(self, name: str) -> str:
        value = self.text(name)
        if not value:
            message = f"[ERROR] missing required field: {name}"
            raise SlackError("invalid_arguments", response_metadata={"messages": [message]})
        return value

    def flag(self, name: str) -> bool:
        return str(self.args.get(name, "")).lower() in ("1", "true")

    def limit(self, default: int) -> int:
        try:
            wanted = int(self.text("limit") or default)
        except ValueError:
            raise SlackError("invalid_limit") from None
        if not 0 < wanted <= MAX_A_PAGE:
            raise SlackError("invalid_limit")
        return wanted

    def structure(self, name: str, broken: str) -> Any:
        """An argument that is JSON: as it came in a JSON body, or as text in a form. None when it is absent."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(broken) from None

    def channel(self, name: str = "channel") -> Channel:
        """The place of that id that the app may know of."""
        wanted = self.text(name)
        channel = self.world.workspace.channels.get(wanted)
        if channel is None or not channel.is_of(self.team.id):
            raise SlackError("channel_not_found")
        if channel.kind is not Kind.PUBLIC and self.team.bot_user_id not in channel.members:
            raise SlackError("channel_not_found")
        return channel

    def user(self, name: str = "user") -> User:
        user = self.world.workspace.users.get(self.text(name))
        if user is None:
            raise SlackError("user_not_found")
        return user

    def now_s(self) -> float:
        return self.world.clock.seconds()

    def allow(self, scopes: tuple[str, ...]) -> None:
        """Raises: SlackError when the app has none of these scopes."""
        if scopes and self.scopes is not None and not self.scopes & set(scopes):
            raise SlackError("missing_scope", needed=",".join(scopes), provided=",".join(sorted(self.scopes)))

    def page(self, items: list[Item], default: int = 100) -> tuple[list[Item], str]:
        """One page of a list and the cursor of the next one, "" at the end."""
        limit, cursor = self.limit(default), self.text("cursor")
        if cursor and not cursor.removeprefix("next:").isdigit():
            raise SlackError("invalid_cursor")
        start = int(cursor.removeprefix("next:")) if cursor else 0
        end = start + limit
        return items[start:end], f"next:{end}" if end < len(items) else ""
