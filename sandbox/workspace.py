"""The people, places, messages and views of one pretend workspace: plain values in memory."""

import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sandbox.settings import TEAM_ID
from sandbox.teams import BOT_USER_IDS, FIRST, Team, team_with

Blocks = list[dict[str, Any]]


@dataclass
class User:
    id: str
    name: str
    real_name: str
    tz: str = "Etc/UTC"
    deleted: bool = False
    bot_id: str | None = None
    title: str = ""
    dnd: tuple[int, int] | None = None
    status: tuple[str, str, int] = ("", "", 0)
    is_admin: bool = False
    guest: str = ""  # "" for a member, "multi" or "single" for a guest of several channels or of one
    team: str = TEAM_ID  # another team's id for people of another company

    @property
    def is_bot(self) -> bool:
        return self.bot_id is not None


class Kind(StrEnum):
    PUBLIC = "channel"
    PRIVATE = "group"
    DIRECT = "im"
    GROUP = "mpim"

    @property
    def is_talk(self) -> bool:
        """True where there are people and no name: a direct conversation of two, or of several."""
        return self in (Kind.DIRECT, Kind.GROUP)


@dataclass
class Message:
    """`ephemeral_for` names the only reader of an ephemeral message."""

    ts: str
    user: str
    text: str
    blocks: Blocks = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    thread_ts: str | None = None
    metadata: dict[str, Any] | None = None
    ephemeral_for: str | None = None
    bot_id: str | None = None
    username: str | None = None
    icon_emoji: str | None = None
    subtype: str | None = None
    edited_ts: str | None = None
    broadcast: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)
    team: str = TEAM_ID  # its author's

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass
class Channel:
    """A place. `messages` are in order of arrival, which a moved clock can make differ from the order of ts."""

    id: str
    name: str
    kind: Kind = Kind.PUBLIC
    members: set[str] = field(default_factory=set)
    archived: bool = False
    purpose: str = ""
    created: int = 0
    messages: list[Message] = field(default_factory=list)
    read: dict[str, int] = field(default_factory=dict)
    shared_with: set[str] = field(default_factory=set)  # teams of other companies that are in it, too
    pending_with: set[str] = field(default_factory=set)  # those that were invited and did not answer yet
    team: str = TEAM_ID  # the team that it was made in

    @property
    def is_ext_shared(self) -> bool:
        return bool(self.shared_with)

    @property
    def is_with_app(self) -> bool:
        """True for a person's own conversation with the app."""
        return self.kind is Kind.DIRECT and bool(self.members & BOT_USER_IDS)

    def is_of(self, team_id: str) -> bool:
        return team_id == self.team or team_id in self.shared_with

    def message(self, ts: str) -> Message | None:
        return next((message for message in reversed(self.messages) if message.ts == ts), None)

    def replies(self, thread_ts: str, reader: str | None = None) -> list[Message]:
        return [m for m in self.messages if m.thread_ts == thread_ts and m.is_reply and visible(m, reader)]

    def readable_by(self, user: User) -> bool:
        """Members read everything; colleagues who are no guests read public channels, too."""
        return user.id in self.members or (self.kind is Kind.PUBLIC and not user.guest and user.team == self.team)

    def readers(self) -> frozenset[str] | None:
        return None if self.kind is Kind.PUBLIC else frozenset(self.members)

    def other(self, user_id: str) -> str:
        """The other party of a direct conversation (oneself in a note to oneself)."""
        return next((member for member in sorted(self.members) if member != user_id), user_id)


def visible(message: Message, reader: str | None) -> bool:
    return message.ephemeral_for is None or message.ephemeral_for == reader


@dataclass
class View:
    """A modal or a home tab. `body` is what the app sent, `state` what the person typed so far."""

    id: str
    user: str
    body: dict[str, Any]
    root_id: str
    previous_id: str | None = None
    hash: str = ""
    state: dict[str, dict[str, Any]] = field(default_factory=dict)
    team: str = TEAM_ID

    @property
    def blocks(self) -> Blocks:
        blocks: Blocks = self.body.get("blocks", [])
        return blocks


@dataclass
class Workspace:
    """The people and places of one team, or of two. `installed` has the teams that installed the app, and for each
    whether its whole organisation did.
    """

    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    modals: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    last_ts: tuple[int, int] = (0, 0)
    teams: tuple[Team, ...] = (FIRST,)
    installed: dict[str, bool] = field(default_factory=dict)

    def next_id(self, prefix: str) -> str:
        """A fresh id in Slack's manner; random, since the app may remember those of an earlier run."""
        return f"{prefix}0{secrets.token_hex(5).upper()}"

    def next_ts(self, seconds: float) -> str:
        """A timestamp at that time that no message has yet."""
        whole, micro = int(seconds), int(seconds % 1 * 1_000_000)
        if (whole, micro) <= self.last_ts and whole >= self.last_ts[0]:
            whole, micro = self.last_ts[0], self.last_ts[1] + 1
        self.last_ts = (whole, micro)
        return f"{whole}.{micro:06d}"

    def people(self, team_id: str | None = None) -> list[User]:
        """Everybody who can be acted as, of all teams or of one."""
        people = [user for user in self.users.values() if not user.is_bot and not user.deleted]
        return [user for user in people if team_id in (None, user.team)]

    def is_known(self, user: User, viewer: User) -> bool:
        """True when they are colleagues, or meet in a conversation."""
        together = ({user.id, viewer.id} <= channel.members for channel in self.channels.values())
        return user.team == viewer.team or any(together)

    def team_of(self, user: User) -> Team:
        """Return the team in which a person sees the app: their own, or the first for people of other companies."""
        return next((team for team in self.teams if team.id == user.team), FIRST)

    def bot(self, team: Team = FIRST) -> User:
        return self.users[team.bot_user_id]

    def with_app(self, channel: Channel) -> list[Team]:
        """The teams whose own app is in a conversation."""
        return [team for team in self.teams if team.id in self.installed and team.bot_user_id in channel.members]

    def user_named(self, name: str, team_id: str = TEAM_ID) -> User | None:
        """The user with that id or handle; that team's, where a handle is in several."""
        wanted = name.removeprefix("@").lower()
        by_id = self.users.get(name)
        named = sorted((u for u in self.users.values() if u.name == wanted), key=lambda u: u.team != team_id)
        return by_id or next(iter(named), None)

    def channel_named(self, name: str, team_id: str = TEAM_ID) -> Channel | None:
        """The place with that id or name, as seen from a team."""
        wanted = name.removeprefix("#").lower()
        by_id = self.channels.get(name)
        named = (channel for channel in self.channels.values() if not channel.kind.is_talk and channel.is_of(team_id))
        return by_id or next((channel for channel in named if channel.name == wanted), None)

    def direct(self, one: str, other: str) -> Channel | None:
        pair = {one, other}
        return next((c for c in self.channels.values() if c.kind is Kind.DIRECT and c.members == pair), None)

    def open_direct(self, one: str, other: str, now_s: float) -> Channel:
        found = self.direct(one, other)
        if found is None:
            team = team_with(self.users[one].team).id
            found = Channel(self.next_id("D"), "", Kind.DIRECT, {one, other}, created=int(now_s), team=team)
            self.channels[found.id] = found
        return found

    def open_group(self, members: set[str], now_s: float) -> Channel:
        """The conversation of just these people, three or more."""
        found = next((c for c in self.channels.values() if c.kind is Kind.GROUP and c.members == members), None)
        if found is None:
            names = sorted(self.users[each].name for each in members)
            name = f"mpdm-{'--'.join(names)}-1"
            team = team_with(self.users[min(members)].team).id
            found = Channel(self.next_id("C"), name, Kind.GROUP, members, created=int(now_s), team=team)
            self.channels[found.id] = found
        return found

    def view(self, view_id: str) -> View | None:
        views = [*self.homes.values(), *(view for stack in self.modals.values() for view in stack)]
        return next((view for view in views if view.id == view_id), None)

    def view_with_external_id(self, external_id: str) -> View | None:
        views = [*self.homes.values(), *(view for stack in self.modals.values() for view in stack)]
        return next((view for view in views if view.body.get("external_id") == external_id), None)
