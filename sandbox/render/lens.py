"""The workspace as one person sees it: everything the templates ask for."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from sandbox.render.charts import Chart, chart
from sandbox.render.dates import day_heading
from sandbox.render.emoji import REACTIONS, with_emoji
from sandbox.render.mrkdwn import Mrkdwn
from sandbox.render.rich_text import rich_text
from sandbox.teams import BOT_USER_IDS
from sandbox.workspace import Channel, Kind, Message, User, visible
from sandbox.world import World
from sandbox.zones import local

_TOGETHER_S = 300  # messages of one author this close together share one heading
_HUES = 8


@dataclass(frozen=True)
class Place:
    """A line of the sidebar."""

    channel: Channel
    title: str
    sign: str
    unread: int
    other: User | None = None


@dataclass(frozen=True)
class Row:
    """A message in its list: under a new day, and under its own heading or the one before."""

    message: Message
    day: str | None
    headed: bool
    version: str
    replies: list[Message]


class Lens:
    def __init__(self, world: World, viewer: User, side: str = "") -> None:
        """`side` begins the ids of controls, so that two people can look at one message on one page."""
        self.world = world
        self.viewer = viewer
        self.side = side
        self.workspace = world.workspace
        self.mrkdwn = Mrkdwn(world.workspace, viewer, world.clock.seconds)
        self.bot_user_ids = BOT_USER_IDS
        self.team = world.workspace.team_of(viewer)
        self.has_app = self.team.id in world.workspace.installed
        self.reactions = REACTIONS

    def text(self, text: dict[str, Any] | str | None) -> Markup:
        """A text object (or an option's bare label) as HTML."""
        if not text:
            return Markup()
        if isinstance(text, str):
            return self.mrkdwn.html(text)
        if text.get("type") == "mrkdwn":
            return self.mrkdwn.html(text["text"], verbatim=bool(text.get("verbatim")))
        shown = with_emoji(text["text"]) if text.get("emoji", True) else text["text"]
        return Markup("<br>").join(escape(line) for line in shown.split("\n"))

    def plain(self, text: dict[str, Any] | str | None) -> str:
        """A text object without any markup, for options and labels."""
        if not text:
            return ""
        return with_emoji(text if isinstance(text, str) else text["text"])

    def emoji(self, name: str) -> str:
        return with_emoji(f":{name}:")

    def rich(self, part: dict[str, Any]) -> Markup:
        return rich_text(part, self.mrkdwn)

    def chart(self, content: dict[str, Any]) -> Chart:
        return chart(content)

    def user(self, user_id: str) -> User:
        known = self.workspace.users.get(user_id)
        return known or User(user_id, user_id.lower(), "Slackbot" if user_id == "USLACKBOT" else user_id)

    def hue(self, user_id: str) -> int:
        return sum(user_id.encode()) % _HUES

    def initials(self, user: User) -> str:
        return "".join(word[0] for word in user.real_name.split()[:2]).upper()

    def clock_time(self, ts: str | float) -> str:
        return local(self.viewer.tz, float(ts)).strftime("%H:%M")

    def full_time(self, ts: str | float) -> str:
        return local(self.viewer.tz, float(ts)).strftime("%A %-d %B %Y, %H:%M:%S")

    def local_input(self, epoch: int | None) -> str:
        """An instant as a datetime-local input of the viewer's zone takes it."""
        return local(self.viewer.tz, epoch).strftime("%Y-%m-%dT%H:%M") if epoch else ""

    def places(self) -> dict[str, list[Place]]:
        channels: list[Place] = []
        directs: list[Place] = []
        apps: list[Place] = []
        for channel in self.workspace.channels.values():
            if channel.kind is Kind.DIRECT:
                if self.viewer.id in channel.members:
                    place = self.place(channel)
                    (apps if place.other and place.other.is_bot else directs).append(place)
            elif self.viewer.id in channel.members and not channel.archived:
                (directs if channel.kind is Kind.GROUP else channels).append(self.place(channel))
        return {"channels": channels, "directs": directs, "apps": apps}

    def place(self, channel: Channel) -> Place:
        unread = self.unread(channel)
        if channel.kind is Kind.DIRECT:
            other = self.user(channel.other(self.viewer.id))
            return Place(channel, other.real_name, "", unread, other)
        if channel.kind is Kind.GROUP:
            others = [self.user(each).real_name.split()[0] for each in sorted(channel.members - {self.viewer.id})]
            return Place(channel, ", ".join(others), "people", unread)
        sign = "lock" if channel.kind is Kind.PRIVATE else "shared" if channel.is_ext_shared else "hash"
        return Place(channel, channel.name, sign, unread)

    def unread(self, channel: Channel) -> int:
        seen = channel.read.get(self.viewer.id, 0)
        later = channel.messages[seen:]
        return sum(1 for m in later if visible(m, self.viewer.id) and m.user != self.viewer.id and not m.is_reply)

    def unread_directly(self) -> int:
        """Return the number of unread messages that were written to the viewer alone."""
        direct = [c for c in self.workspace.channels.values() if c.kind.is_talk and self.viewer.id in c.members]
        return sum(map(self.unread, direct))

    def rows(self, messages: list[Message], replies: dict[str, list[Message]]) -> list[Row]:
        rows: list[Row] = []
        before: Message | None = None
        for message in messages:
            at = float(message.ts)
            new_day = before is None or self._day(before) != self._day(message)
            day = day_heading(at, self.viewer.tz, self.world.clock.seconds()) if new_day else None
            headed = new_day or before is None or not self._together(before, message)
            thread = replies.get(message.ts, [])
            rows.append(Row(message, day, headed, self._version(message, day, headed, thread), thread))
            before = message
        return rows

    def timeline(self, channel: Channel, limit: int) -> tuple[list[Row], int]:
        """The last messages of a place, and how many earlier ones there are."""
        seen = [m for m in channel.messages if visible(m, self.viewer.id)]
        replies: dict[str, list[Message]] = {}
        for message in seen:
            if message.is_reply:
                replies.setdefault(str(message.thread_ts), []).append(message)
        shown = [message for message in seen if not message.is_reply or message.broadcast]
        return self.rows(shown[-limit:], replies), max(0, len(shown) - limit)

    def rows_of(self, channel: Channel, wanted: frozenset[str]) -> list[Row]:
        """The rows of some messages alone, each drawn as it looks beneath the one before it."""
        seen = [m for m in channel.messages if visible(m, self.viewer.id) and (not m.is_reply or m.broadcast)]
        found: list[Row] = []
        for place, message in enumerate(seen):
            if message.ts in wanted:
                pair = seen[max(0, place - 1) : place + 1]
                replies = {message.ts: channel.replies(message.ts, self.viewer.id)}
                found.append(self.rows(pair, replies)[-1])
        return found

    def thread(self, channel: Channel, ts: str) -> list[Row]:
        parent = channel.message(ts)
        replies = channel.replies(ts, self.viewer.id)
        return self.rows([parent, *replies] if parent else replies, {})

    def directory(self) -> str:
        """Return the composer's completions, as JSON."""
        people = [
            {"name": user.name, "title": user.real_name, "note": user.title or ("app" if user.is_bot else "")}
            for user in self.workspace.users.values()
            if not user.deleted and self.workspace.is_known(user, self.viewer)
        ]
        channels = [
            {"name": c.name, "title": f"#{c.name}", "note": c.purpose}
            for c in self.workspace.channels.values()
            if not c.kind.is_talk and c.readable_by(self.viewer)
        ]
        own = [
            {"name": "/invite", "title": "/invite", "note": "Bring a person or an app in here", "hint": "@who"},
            {"name": "/dm", "title": "/dm", "note": "Talk to several people", "hint": "@who @who"},
        ]
        commands = [
            {"name": c.name, "title": c.name, "note": c.description, "hint": c.usage_hint}
            for c in self.world.manifest.commands
        ]
        return json.dumps({"people": people, "channels": channels, "commands": [*commands, *own]})

    def summary(self, message: Message, most: int = 120) -> str:
        """The words of a message on one line, cut to a length."""
        words = " ".join(self.mrkdwn.html(message.text).striptags().split())
        return words if len(words) <= most else words[: most - 1].rstrip() + "…"

    def _day(self, message: Message) -> object:
        return local(self.viewer.tz, float(message.ts)).date()

    def _together(self, before: Message, message: Message) -> bool:
        same = (before.user, before.username) == (message.user, message.username)
        near = 0 <= float(message.ts) - float(before.ts) < _TOGETHER_S
        both = (before.ephemeral_for is None) == (message.ephemeral_for is None)
        return same and near and both

    def _version(self, message: Message, day: str | None, headed: bool, replies: list[Message]) -> str:
        """Changes whenever the message would look different, so that a page replaces no more than it has to."""
        today = local(self.viewer.tz, self.world.clock.seconds()).date().isoformat()
        answers = [reply.ts for reply in replies]
        content = [
            message.text,
            message.reactions,
            message.blocks,
            message.attachments,
            message.edited_ts,
            day,
            headed,
            answers,
            today,
        ]
        return hashlib.blake2s(json.dumps(content).encode(), digest_size=6).hexdigest()
