"""The Messenger over Slack's Web API; each answer becomes Sent, Refused or Unknown."""

import json
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import UnreachableError
from bot.domain.people import Person, is_person
from bot.domain.promise import ChannelId, TeamId, UserId
from bot.language import _
from bot.ports import Audience, Clock, Fault, Message, Outcome, Refused, Sent, Unknown
from bot.profiles import is_outsider, person_of, quiet_until
from bot.slack_errors import FAULTS
from bot.slack_marks import marked, metadata_of
from bot.slack_outcomes import (
    LIMITED_NOW,
    NO_ANSWER_NOW,
    LimitedError,
    again_in,
    error_name,
    first_taken,
    outcome_of,
    wait_of,
)
from bot.slack_people import PAGE_SIZE, Roster
from bot.slack_places import Audiences
from bot.slack_posts import post_message

#: The event type of the metadata that carries a delivery's opaque id.
METADATA = "kept_delivery"
#: Most pages read of a conversation, or of its members.
PAGES = 10
#: Most interrupted searches whose position is remembered.
MAX_LOOKS = 10_000


#: Exceptions when Slack refuses a read or does not answer.
NO_ANSWER = (SlackApiError, aiohttp.ClientError, TimeoutError, LimitedError, UnreachableError)


class SlackMessenger:
    """One shared HTTP session for all workspaces; `token_of` returns a workspace's bot token.

    During Retry-After a method is not called again for that workspace by any caller. `limited` is called for each 429.

    The session is a `slack_session` (slack_sdk's own timeout does not apply to a shared session), and the client must
    not retry by itself: its retry of a broken connection posts twice. Messages are posted without the SDK.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        token_of: Callable[[TeamId], Awaitable[str]],
        clock: Clock,
        limited: Callable[[str], None] = lambda method: None,
    ) -> None:
        self._client = client
        self._token_of = token_of
        self._clock = clock
        self._limited = limited
        #: Until when, in monotonic seconds, a method is rate-limited for a workspace.
        self._shut: dict[tuple[TeamId, str], float] = {}
        self._direct: dict[tuple[TeamId, str], str] = {}
        self._audiences, self._roster = Audiences(self._channel), Roster(self._roster_page)
        #: The cursor of an interrupted search for a mark, by workspace, mark and start of the search.
        self._cursors: dict[tuple[TeamId, str, str], str] = {}

    async def post(self, team_id: TeamId, to: str, message: Message, mark: str = "", thread_ts: str = "") -> Outcome:
        async def call(form: Message) -> Outcome:
            fields = {
                "channel": json.dumps(await self._conversation(team_id, to)),
                "thread_ts": json.dumps(thread_ts) if thread_ts else "",
                "metadata": metadata_of(mark),
                "unfurl_links": "false",
                "unfurl_media": "false",
            }
            answer = await self._write(team_id, "chat.postMessage", form, fields)
            return Sent(ChannelId(answer["channel"]), answer["ts"])

        return await first_taken(message, call)

    async def update(self, team_id: TeamId, channel_id: ChannelId, ts: str, message: Message) -> Outcome:
        async def call(form: Message) -> Outcome:
            await self._write(team_id, "chat.update", form, {"channel": json.dumps(channel_id), "ts": json.dumps(ts)})
            return Sent(channel_id, ts)

        return await first_taken(message, call)

    async def find(self, team_id: TeamId, to: str, mark: str, since: datetime, thread_ts: str = "") -> Outcome:
        asked = {
            "ts": thread_ts,
            "oldest": f"{since.timestamp():.6f}",
            "include_all_metadata": "true",
            "limit": "200",
        }
        method = "conversations.replies" if thread_ts else "conversations.history"
        look = team_id, mark, asked["oldest"]

        async def call() -> Outcome:
            channel, cursor = await self._conversation(team_id, to), self._cursors.pop(look, "")
            for pages in range(PAGES):
                try:
                    page = await self._call(team_id, method, **asked, channel=channel, cursor=cursor)
                except LimitedError as limit:
                    self._go_on_at(look, cursor)
                    return Refused(Fault.LIMITED, "ratelimited", limit.wait, method, is_partial=pages > 0)
                if ts := marked(page, mark):
                    return Sent(ChannelId(channel), ts)
                cursor = _next_cursor(page)
                if not cursor:
                    return Refused(Fault.MESSAGE_GONE, "message_not_found")
            self._go_on_at(look, cursor)
            return Unknown("long_conversation", was_answered=True)

        return await outcome_of(call)

    def _go_on_at(self, look: tuple[TeamId, str, str], cursor: str) -> None:
        if len(self._cursors) >= MAX_LOOKS:
            self._cursors.clear()  # those searches start over
        self._cursors[look] = cursor

    async def works(self, team_id: TeamId) -> bool:
        try:
            await self._client.auth_test(token=await self._token_of(team_id))
        except (*NO_ANSWER, ConnectionError):
            return False
        return True

    async def lacks(self, team_id: TeamId, scope: str) -> bool:
        try:
            answer = await self._call(team_id, "auth.test")
        except NO_ANSWER:
            return False
        given = {name.lower(): value for name, value in answer.headers.items()}.get("x-oauth-scopes", "")
        return bool(given) and scope not in given.replace(" ", "").split(",")

    async def person(self, team_id: TeamId, person: UserId) -> Person | None:
        answer = await self._ask(team_id, "users.info", user=person, include_locale="true")
        if not answer or is_outsider(team_id, answer["user"]):
            return None
        return person_of(team_id, answer["user"], self._clock.now())

    async def people_of(self, team_id: TeamId) -> tuple[Person, ...]:
        try:
            return tuple([person_of(team_id, each, self._clock.now()) async for each in self._roster.people(team_id)])
        except NO_ANSWER:
            return ()

    async def quiet_until(self, team_id: TeamId, person: UserId) -> datetime | None:
        try:
            answer = await self._call(team_id, "dnd.info", user=person, team_id=team_id)
        except NO_ANSWER:
            return None
        return quiet_until(answer, self._clock.now())

    async def person_named(self, team_id: TeamId, handle: str) -> UserId | None:
        return await self._roster.named(team_id, handle)

    async def guests(self, team_id: TeamId) -> frozenset[UserId] | None:
        try:
            return await self._roster.guests(team_id)
        except NO_ANSWER:
            return None

    async def _roster_page(self, team_id: TeamId, cursor: str) -> Mapping[str, Any]:
        asked = {"limit": PAGE_SIZE, "cursor": cursor, "include_locale": "true", "team_id": team_id}
        return await self._ask(team_id, "users.list", **asked) or {}

    async def is_private(self, team_id: TeamId, channel_id: ChannelId, name: str) -> bool:
        """Return whether a channel is private, by its name in the payload: `privategroup` or `directmessage`.

        So the name decides without a request to Slack, unless a channel of that id is cached as private. Without a name
        Slack is asked; a channel for which it does not answer counts as private.
        """
        if name:
            is_named_private = name in ("privategroup", "directmessage") or name.startswith("mpdm-")
            return is_named_private or self._audiences.remembered(team_id, channel_id) is Audience.MEMBERS
        return await self.audience(team_id, channel_id) is Audience.MEMBERS

    async def audience(self, team_id: TeamId, channel_id: ChannelId, *, just_now: bool = False) -> Audience:
        try:
            return await self._audience(team_id, channel_id, just_now=just_now)
        except NO_ANSWER:
            return Audience.MEMBERS

    async def _audience(self, team_id: TeamId, channel_id: ChannelId, *, just_now: bool = False) -> Audience:
        if not channel_id.startswith("C"):
            return Audience.MEMBERS
        return await self._audiences.of(team_id, channel_id, just_now=just_now)

    async def _channel(self, team_id: TeamId, channel_id: ChannelId) -> Mapping[str, Any]:
        answer = await self._call(team_id, "conversations.info", channel=channel_id)
        found: Mapping[str, Any] = answer["channel"]
        return found

    def forget(self, team_id: TeamId, channel_id: str = "") -> None:
        self._audiences.forget(team_id, channel_id)
        if not channel_id:
            self._roster.forget(team_id)
            self._direct = {key: direct for key, direct in self._direct.items() if key[0] != team_id}
            self._shut = {key: until for key, until in self._shut.items() if key[0] != team_id}

    async def members(self, team_id: TeamId, channel_id: ChannelId) -> frozenset[UserId]:
        found: set[UserId] = set()
        cursor = ""
        for _page in range(PAGES):
            try:
                page = await self._call(
                    team_id, "conversations.members", channel=channel_id, limit="1000", cursor=cursor
                )
            except NO_ANSWER:
                return frozenset()
            found |= {UserId(each) for each in page.get("members") or ()}
            cursor = _next_cursor(page)
            if not cursor:
                break
        return frozenset(found)

    async def _conversation(self, team_id: TeamId, to: str) -> str:
        """Return the channel's id, or that of the direct messages with a person."""
        if not is_person(to):
            return to
        key = (team_id, to)
        if key not in self._direct:
            opened = await self._call(team_id, "conversations.open", users=to)
            self._direct[key] = opened["channel"]["id"]
        return self._direct[key]

    async def _call(self, team_id: TeamId, method: str, /, **arguments: str) -> Any:
        """Call a method with a form body by POST, which Slack allows for all: the SDK puts arguments into the URL."""
        given = {name: value for name, value in arguments.items() if value}
        headers = {"Authorization": f"Bearer {await self._token_of(team_id)}"}
        return await self._in_turn(team_id, method, partial(self._client.api_call, method, data=given, headers=headers))

    async def _write(self, team_id: TeamId, method: str, message: Message, fields: Mapping[str, str]) -> Any:
        """Post a message without the SDK, with other `fields` as JSON. Raises what the SDK would raise."""
        how: Any = {"proxy": self._client.proxy, "ssl": self._client.ssl or True}
        url, token = f"{self._client.base_url}{method}", await self._token_of(team_id)

        async def ask() -> Any:
            answer = await post_message(self._client.session, url, token, message, fields, **how)
            if not answer.is_yes:
                raise SlackApiError(f"Slack did not take {method}.", answer)  # type: ignore[no-untyped-call]
            return answer.data

        return await self._in_turn(team_id, method, ask)

    async def _in_turn(self, team_id: TeamId, method: str, ask: Callable[[], Awaitable[Any]]) -> Any:
        """Call Slack, unless the method is rate-limited for this workspace.

        Raises LimitedError when it is, or the answer is a 429; and what the client raises.
        """
        left_s = self._shut.get((team_id, method), 0.0) - time.monotonic()
        if left_s > 0:
            raise LimitedError(method, timedelta(seconds=left_s))
        try:
            return await ask()
        except SlackApiError as refusal:
            wait = wait_of(refusal)
            if wait is None:
                raise
            self._shut[team_id, method] = time.monotonic() + wait.total_seconds()
            self._limited(method)
            raise LimitedError(method, wait) from refusal

    async def _ask(self, team_id: TeamId, method: str, /, **arguments: str) -> Any | None:
        """Return the answer to a read; None when Slack says that there is no such thing.

        Raises UnreachableError when Slack does not answer.
        """
        try:
            return await self._call(team_id, method, **arguments)
        except SlackApiError as refusal:
            if FAULTS.get(error_name(refusal)) is Fault.PERSON_GONE:
                return None
            reason = error_name(refusal)
        except LimitedError as limit:
            raise UnreachableError(f"{_(LIMITED_NOW)} {again_in(limit.wait)}") from limit
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as broken:
            raise UnreachableError(f"{_(NO_ANSWER_NOW)} {_('Please try again.')}") from broken
        said = _("It said {reason}. Please try again.").format(reason=reason)
        raise UnreachableError(f"{_(NO_ANSWER_NOW)} {said}")


def _next_cursor(page: Any) -> str:
    return str((page.get("response_metadata") or {}).get("next_cursor") or "")
