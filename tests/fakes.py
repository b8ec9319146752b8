"""Stand-ins for what lies outside: Slack as far as saying things goes, and a clock that is set by hand."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.errors import UnreachableError
from bot.domain.people import Person
from bot.domain.promise import ChannelId, TeamId, UserId
from bot.ports import Audience, Fault, Message, Outcome, Refused, Sent


class SetClock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def move(self, by: timedelta) -> None:
        self._now += by


@dataclass
class Post:
    """One message as it stands in a conversation."""

    to: str
    message: Message
    mark: str = ""
    thread_ts: str = ""


def set_event() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@dataclass
class FakeMessenger:
    """Remembers what stands where; `is_away` makes Slack unreachable, and it answers questions once `slow` is set."""

    people: dict[UserId, Person] = field(default_factory=dict)
    handles: dict[str, UserId] = field(default_factory=dict)
    private: set[ChannelId] = field(default_factory=set)
    #: Channels that another company reads, too.
    shared: set[ChannelId] = field(default_factory=set)
    #: Permissions that were left out at the installation.
    lacking: set[str] = field(default_factory=set)
    forgotten: list[str] = field(default_factory=list)
    members_of: dict[ChannelId, frozenset[UserId]] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    quiet: dict[UserId, datetime] = field(default_factory=dict)
    asked_for_quiet: list[UserId] = field(default_factory=list)
    is_away: bool = False
    is_listing: bool = False
    #: Slack's answer to any message for a person.
    refusals: dict[str, Refused] = field(default_factory=dict)
    slow: asyncio.Event = field(default_factory=set_event)
    #: Whom and which places Slack is being asked about, while it is slow.
    asked: set[str] = field(default_factory=set)

    def know(self, people: Iterable[Person]) -> None:
        for person in people:
            self.people[person.id] = person
            self.handles[person.name.lower()] = person.id

    def sent_to(self, to: str) -> list[Message]:
        """Return the messages of one conversation, the oldest first."""
        return [post.message for post in self.posts.values() if post.to == to]

    async def post(self, team_id: TeamId, to: str, message: Message, mark: str = "", thread_ts: str = "") -> Outcome:
        if self.is_away:
            return Refused(Fault.OUTAGE, "away")
        if to in self.refusals:
            return self.refusals[to]
        ts = f"1700000000.{len(self.posts):06d}"
        self.posts[ts] = Post(to, message, mark, thread_ts)
        return Sent(ChannelId(to), ts)

    async def update(self, team_id: TeamId, channel_id: ChannelId, ts: str, message: Message) -> Outcome:
        if ts not in self.posts:
            return Refused(Fault.MESSAGE_GONE, "message_not_found")
        self.posts[ts].message = message
        return Sent(channel_id, ts)

    async def find(self, team_id: TeamId, to: str, mark: str, since: datetime, thread_ts: str = "") -> Outcome:
        for ts, post in self.posts.items():
            if (post.to, post.thread_ts) == (to, thread_ts) and mark in post.mark.split():
                return Sent(ChannelId(to), ts)
        return Refused(Fault.MESSAGE_GONE, "message_not_found")

    async def works(self, team_id: TeamId) -> bool:
        return not self.is_away

    async def person(self, team_id: TeamId, person: UserId) -> Person | None:
        if self.is_away:
            raise UnreachableError("Slack could not be asked just now. Nothing was recorded: please try again.")
        await self._answer_about(person)
        return self.people.get(person)

    async def _answer_about(self, subject: str) -> None:
        self.asked.add(subject)
        await self.slow.wait()
        self.asked.discard(subject)

    async def people_of(self, team_id: TeamId) -> Sequence[Person]:
        return tuple(self.people.values()) if self.is_listing else ()

    async def quiet_until(self, team_id: TeamId, person: UserId) -> datetime | None:
        self.asked_for_quiet.append(person)
        return self.quiet.get(person)

    async def person_named(self, team_id: TeamId, handle: str) -> UserId | None:
        return self.handles.get(handle.lower())

    async def is_private(self, team_id: TeamId, channel_id: ChannelId, name: str) -> bool:
        if not name:
            await self._answer_about(channel_id)
        return channel_id in self.private or channel_id.startswith("D")

    async def lacks(self, team_id: TeamId, scope: str) -> bool:
        return scope in self.lacking

    async def guests(self, team_id: TeamId) -> frozenset[UserId]:
        return frozenset(person.id for person in self.people.values() if person.is_guest)

    async def audience(self, team_id: TeamId, channel_id: ChannelId, *, just_now: bool = False) -> Audience:
        if await self.is_private(team_id, channel_id, ""):
            return Audience.MEMBERS
        return Audience.OTHERS_TOO if channel_id in self.shared else Audience.COLLEAGUES

    def forget(self, team_id: TeamId, channel_id: str = "") -> None:
        """It remembers nothing; what should no longer hold is noted."""
        self.forgotten.append(channel_id)

    async def members(self, team_id: TeamId, channel_id: ChannelId) -> frozenset[UserId]:
        return self.members_of.get(channel_id, frozenset())
