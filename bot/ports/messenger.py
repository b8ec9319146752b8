"""The protocol for sending messages through Slack, and the outcomes of a call."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.domain.people import Person
from bot.domain.promise import ChannelId, TeamId, UserId
from bot.domain.unlocked import unlocked_property

Blocks = Sequence[Mapping[str, object]]


#: Views make trees, so that no circle is looked for, which takes a seventh of encoding.
_WRITTEN = json.JSONEncoder(sort_keys=True, default=str, check_circular=False)


@dataclass(frozen=True)
class Message:
    """A message as views make it: `text` is a full sentence, for notifications and screen readers."""

    text: str
    blocks: Blocks = ()

    @unlocked_property
    def written(self) -> tuple[str, str]:
        """Text and blocks as JSON, for sending and for comparing messages."""
        return _WRITTEN.encode(self.text), self.written_blocks

    @unlocked_property
    def written_blocks(self) -> str:
        return _WRITTEN.encode(list(self.blocks))

    def with_text(self, text: str) -> "Message":
        """Return a message with another text and the same blocks, which are encoded once for both."""
        changed = Message(text, self.blocks)
        vars(changed)["written_blocks"] = self.written_blocks
        return changed


@dataclass(frozen=True, slots=True)
class Sent:
    channel_id: ChannelId
    ts: str


class Fault(StrEnum):
    """Why Slack refused, by how Kept reacts.

    NOT_SET_UP needs an admin: a missing permission or app setting. FORM means that the message is malformed.
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
    """Slack refused, so nothing arrived. `method` is the API method, for limits per method.

    `is_partial`: a search had read part of the conversation before it was refused, and resumes there.
    """

    fault: Fault
    error: str
    retry_after: timedelta | None = None
    method: str = ""
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may or may not have arrived: a time-out, a broken connection, a 5xx.

    `was_answered`: Slack did answer, with an error that the message itself may have caused.
    """

    error: str
    was_answered: bool = False


Outcome = Sent | Refused | Unknown


class Audience(StrEnum):
    """The readers of a conversation."""

    MEMBERS = "members"  # a private place: its members alone
    COLLEAGUES = "colleagues"  # everybody of the workspace
    OTHERS_TOO = "others_too"  # people of another company, or of another workspace of the same one, as well


class Messenger(Protocol):
    """Slack's API for messages and people. No method raises for errors of Slack or the network, unless documented."""

    async def post(self, team_id: TeamId, to: str, message: Message, mark: str = "", thread_ts: str = "") -> Outcome:
        """Post to a channel or to a person; `mark` holds opaque ids for the metadata, with spaces between.

        A message that Slack refuses as malformed is simplified and posted again, in the end as text alone.
        """
        ...

    async def update(self, team_id: TeamId, channel_id: ChannelId, ts: str, message: Message) -> Outcome: ...

    async def find(self, team_id: TeamId, to: str, mark: str, since: datetime, thread_ts: str = "") -> Outcome:
        """Find the message with a mark; Refused with MESSAGE_GONE if it certainly does not exist.

        With `thread_ts` that thread is searched. A search that Slack interrupts (LIMITED, or Unknown) resumes when
        called again with the same arguments.
        """
        ...

    async def works(self, team_id: TeamId) -> bool:
        """Ask Slack now whether the workspace's token is valid."""
        ...

    async def person(self, team_id: TeamId, person: UserId) -> Person | None:
        """Return a person as Slack knows them; None for an unknown id.

        Raises UnreachableError if Slack cannot be reached.
        """
        ...

    async def people_of(self, team_id: TeamId) -> Sequence[Person]:
        """Return the members of the workspace, at most some thousands; none if Slack refuses."""
        ...

    async def quiet_until(self, team_id: TeamId, person: UserId) -> datetime | None:
        """Return the end of a person's do-not-disturb; None if it is off or Slack refuses."""
        ...

    async def person_named(self, team_id: TeamId, handle: str) -> UserId | None:
        """Return the id for a handle typed as plain text, without its @."""
        ...

    async def is_private(self, team_id: TeamId, channel_id: ChannelId, name: str) -> bool:
        """Return whether a conversation is private; if unknown, True."""
        ...

    async def lacks(self, team_id: TeamId, scope: str) -> bool:
        """Return whether the installation lacks a scope; if unknown, False."""
        ...

    async def guests(self, team_id: TeamId) -> frozenset[UserId] | None:
        """Return the guests of the workspace; None if Slack refuses."""
        ...

    async def audience(self, team_id: TeamId, channel_id: ChannelId, *, just_now: bool = False) -> Audience:
        """Return the readers of a channel, from the cache unless `just_now`; if unknown, MEMBERS."""
        ...

    def forget(self, team_id: TeamId, channel_id: str = "") -> None:
        """Drop the cache of a channel, or of the whole workspace."""
        ...

    async def members(self, team_id: TeamId, channel_id: ChannelId) -> frozenset[UserId]:
        """Return the members of a channel; none if Slack refuses."""
        ...
