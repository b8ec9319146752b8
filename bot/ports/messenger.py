"""Slack, as far as saying things goes: a message, and what came of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol

from bot.domain.people import Person
from bot.domain.promise import ChannelId, TeamId, UserId

Blocks = Sequence[Mapping[str, Any]]


_WRITTEN = json.JSONEncoder(sort_keys=True, default=str)


@dataclass(frozen=True)
class Message:
    """A message as views make it: `text` is a full sentence, for notifications and screen readers."""

    text: str
    blocks: Blocks = ()

    @cached_property
    def written(self) -> tuple[str, str]:
        """Text and blocks as JSON: what it shows is compared by this, and sent as this."""
        return _WRITTEN.encode(self.text), _WRITTEN.encode(list(self.blocks))


@dataclass(frozen=True, slots=True)
class Sent:
    channel_id: ChannelId
    ts: str


class Fault(StrEnum):
    """Why Slack refused, by what follows from it.

    NOT_SET_UP is what an admin has to mend: a permission, or a switch of the app. FORM is about how a message is built.
    """

    LIMITED = "limited"
    OUTAGE = "outage"
    WORKSPACE_GONE = "workspace_gone"
    NOT_SET_UP = "not_set_up"
    PERSON_GONE = "person_gone"
    PLACE_GONE = "place_gone"
    MESSAGE_GONE = "message_gone"
    FORM = "form"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Refused:
    """Slack said no, so nothing arrived. `method` is the one that said it, where a limit counts by method.

    `is_partial` tells of a look that had read part of the conversation before it was refused, and goes on from there.
    """

    fault: Fault
    error: str
    retry_after: timedelta | None = None
    method: str = ""
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may or may not have arrived: a time-out, a broken connection, a 5xx.

    `said` tells that Slack did answer, with an error that may be the message's own fault.
    """

    error: str
    said: bool = False


Outcome = Sent | Refused | Unknown


class Audience(StrEnum):
    """Who reads what is posted in a place."""

    MEMBERS = "members"  # a private place: its members alone
    COLLEAGUES = "colleagues"  # everybody of the workspace
    OTHERS_TOO = "others_too"  # people of another company, or of another workspace of the same one, as well


class Messenger(Protocol):
    """Slack, as far as saying things goes. No method raises for what Slack or the network does."""

    async def post(self, team_id: TeamId, to: str, message: Message, mark: str = "", thread_ts: str = "") -> Outcome:
        """Posts to a channel, or to a person's direct messages; `mark` is an opaque id kept in the metadata.

        A message whose form Slack refuses is said in a simpler one, in the end as text alone.
        """
        ...

    async def update(self, team_id: TeamId, channel_id: ChannelId, ts: str, message: Message) -> Outcome: ...

    async def find(self, team_id: TeamId, to: str, mark: str, since: datetime, thread_ts: str = "") -> Outcome:
        """The message that carries the mark; Refused with MESSAGE_GONE when it is certainly not there.

        What was said in a thread is looked for in that thread. A look that Slack cuts short (LIMITED, or Unknown) goes
        on where it was when it is asked again with the same arguments.
        """
        ...

    async def works(self, team_id: TeamId) -> bool:
        """Whether Slack takes our word for this workspace at all, asked just now."""
        ...

    async def person(self, team_id: TeamId, person: UserId) -> Person | None:
        """Who that is by Slack's account; None when there is nobody of that id.

        Raises UnreachableError when Slack cannot be asked just now.
        """
        ...

    async def people_of(self, team_id: TeamId) -> Sequence[Person]:
        """Everybody of the workspace, at most some thousands; nobody when Slack will not tell."""
        ...

    async def quiet_until(self, team_id: TeamId, person: UserId) -> datetime | None:
        """Until when Slack is not to disturb them; None when it may, and when it will not tell."""
        ...

    async def person_named(self, team_id: TeamId, handle: str) -> UserId | None:
        """The id behind a handle typed as plain text, without its @."""
        ...

    async def is_private(self, team_id: TeamId, channel_id: ChannelId, name: str) -> bool:
        """Whether a place is seen by its members alone; in doubt it is private."""
        ...

    async def lacks(self, team_id: TeamId, scope: str) -> bool:
        """Whether a permission was left out when Kept was installed; in doubt it was not."""
        ...

    async def guests(self, team_id: TeamId) -> frozenset[UserId] | None:
        """Everybody whom Slack shows some channels of the workspace alone; None when it will not tell."""
        ...

    async def audience(self, team_id: TeamId, channel_id: ChannelId, *, just_now: bool = False) -> Audience:
        """Who reads a channel, by memory or asked just now; in doubt its members alone."""
        ...

    def forget(self, team_id: TeamId, channel_id: str = "") -> None:
        """What is in memory of a channel, or of the whole workspace, no longer holds."""
        ...

    async def members(self, team_id: TeamId, channel_id: ChannelId) -> frozenset[UserId]:
        """Who is in a channel; nobody when Slack will not tell."""
        ...
