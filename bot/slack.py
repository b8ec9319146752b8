"""The Messenger over Slack's Web API: what Slack answers becomes sent, refused or unknown."""

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
from bot.ports import Clock, Fault, Message, Outcome, Refused, Sent, Unknown
from bot.posting import said
from bot.profiles import person_of, quiet_until

#: Longer than Slack ever takes, shorter than a delivery's lease.
REQUEST_TIMEOUT = aiohttp.ClientTimeout(total=20, sock_connect=5)
#: The event type under which a delivery's opaque id travels in a message's metadata.
METADATA = "kept_delivery"
#: How many pages of a conversation, or of the members' list, are looked through at most.
PAGES = 10

#: Slack's error names by what follows from them; any other is Fault.OTHER.
FAULTS: Mapping[str, Fault] = {
    "ratelimited": Fault.LIMITED,
    "rate_limited": Fault.LIMITED,
    **dict.fromkeys(("account_inactive", "token_revoked", "invalid_auth", "not_authed"), Fault.WORKSPACE_GONE),
    **dict.fromkeys(("team_access_not_granted", "org_login_required"), Fault.WORKSPACE_GONE),
    **dict.fromkeys(("user_disabled", "cannot_dm_bot", "user_not_found", "user_not_visible"), Fault.PERSON_GONE),
    **dict.fromkeys(("not_in_channel", "channel_not_found", "is_archived", "restricted_action"), Fault.PLACE_GONE),
    **dict.fromkeys(("message_not_found", "cant_update_message", "edit_window_closed"), Fault.MESSAGE_GONE),
}
#: Answers after which nobody can tell whether the message was posted.
UNCLEAR = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout", "unreadable_answer"})
TOO_MANY, SERVER_FAULT = 429, 500


class LimitedError(Exception):
    """Slack wants no more calls of a method for a workspace until `wait` is over."""

    def __init__(self, method: str, wait: timedelta) -> None:
        super().__init__(method)
        self.method = method
        self.wait = wait


class SlackMessenger:
    """One shared HTTP session for all workspaces; `token_of` finds the bot token of one.

    Within its Retry-After a method is not called again for that workspace, whoever asks. `limited` is told of each 429.

    The session must carry REQUEST_TIMEOUT (slack_sdk's own timeout does not reach a shared session), and the client
    must not retry by itself: its retry of a broken connection posts twice. Messages leave over it without the SDK.
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
        #: Until when, in monotonic seconds, a method is shut for a workspace.
        self._shut: dict[tuple[TeamId, str], float] = {}
        self._direct: dict[tuple[TeamId, str], str] = {}
        self._privacy: dict[tuple[TeamId, ChannelId], bool] = {}

    async def post(self, team_id: TeamId, to: str, message: Message, mark: str = "", thread_ts: str = "") -> Outcome:
        async def call() -> Outcome:
            fields = {
                "channel": await self._conversation(team_id, to),
                "thread_ts": thread_ts or None,
                "metadata": {"event_type": METADATA, "event_payload": {"id": mark}} if mark else None,
                "unfurl_links": False,
                "unfurl_media": False,
            }
            answer = await self._say(team_id, "chat.postMessage", message, fields)
            return Sent(ChannelId(answer["channel"]), answer["ts"])

        return await outcome_of(call)

    async def update(self, team_id: TeamId, channel_id: ChannelId, ts: str, message: Message) -> Outcome:
        async def call() -> Outcome:
            await self._say(team_id, "chat.update", message, {"channel": channel_id, "ts": ts})
            return Sent(channel_id, ts)

        return await outcome_of(call)

    async def find(self, team_id: TeamId, to: str, mark: str, since: datetime, thread_ts: str = "") -> Outcome:
        async def call() -> Outcome:
            channel, cursor = await self._conversation(team_id, to), ""
            for _ in range(PAGES):
                page = await self._call(
                    team_id,
                    "conversations.replies" if thread_ts else "conversations.history",
                    channel=channel,
                    ts=thread_ts,
                    oldest=f"{since.timestamp():.6f}",
                    include_all_metadata="true",
                    limit="200",
                    cursor=cursor,
                )
                for message in page.get("messages") or ():
                    if ((message.get("metadata") or {}).get("event_payload") or {}).get("id") == mark:
                        return Sent(ChannelId(channel), message["ts"])
                cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
                if not cursor:
                    return Refused(Fault.MESSAGE_GONE, "message_not_found")
            return Unknown("the conversation is too long to look through")

        return await outcome_of(call)

    async def works(self, team_id: TeamId) -> bool:
        try:
            await self._client.auth_test(token=await self._token_of(team_id))
        except (SlackApiError, aiohttp.ClientError, TimeoutError, ConnectionError):
            return False
        return True

    async def person(self, team_id: TeamId, person: UserId) -> Person | None:
        answer = await self._ask(team_id, "users.info", user=person, include_locale="true")
        if not answer or answer["user"].get("is_stranger"):
            return None  # somebody of another workspace, met in a shared channel
        return person_of(team_id, answer["user"], self._clock.now())

    async def quiet_until(self, team_id: TeamId, person: UserId) -> datetime | None:
        try:
            told = await self._call(team_id, "dnd.info", user=person)
        except (SlackApiError, aiohttp.ClientError, TimeoutError, LimitedError):
            return None
        return quiet_until(told, self._clock.now())

    async def person_named(self, team_id: TeamId, handle: str) -> UserId | None:
        wanted, cursor = handle.casefold(), ""
        for _ in range(PAGES):
            page = await self._ask(team_id, "users.list", limit="200", cursor=cursor)
            for member in (page or {}).get("members") or ():
                profile = member.get("profile") or {}
                names = {member.get("name"), profile.get("display_name"), profile.get("display_name_normalized")}
                if not member.get("deleted") and wanted in {name.casefold() for name in names if name}:
                    return UserId(member["id"])
            cursor = ((page or {}).get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return None

    async def is_private(self, team_id: TeamId, channel_id: ChannelId, name: str) -> bool:
        """Slack names private places `privategroup` and `directmessage` in a command's payload; ids tell the rest.

        A channel whose kind Slack will not tell is private; when Slack cannot be asked, the payload's name decides.
        """
        if not channel_id.startswith("C") or name in ("privategroup", "directmessage") or name.startswith("mpdm-"):
            return True
        key = (team_id, channel_id)
        if key not in self._privacy:
            try:
                answer = await self._call(team_id, "conversations.info", channel=channel_id)
            except SlackApiError as refusal:
                return _error_name(refusal) in ("channel_not_found", "missing_scope")
            except (aiohttp.ClientError, TimeoutError, LimitedError):
                return not name
            channel = answer["channel"]
            self._privacy[key] = bool(
                channel.get("is_private") or channel.get("is_im") or channel.get("is_mpim") or channel.get("is_group")
            )
        return self._privacy[key]

    async def members(self, team_id: TeamId, channel_id: ChannelId) -> frozenset[UserId]:
        found: set[UserId] = set()
        cursor = ""
        for _ in range(PAGES):
            try:
                page = await self._call(
                    team_id, "conversations.members", channel=channel_id, limit="1000", cursor=cursor
                )
            except (SlackApiError, aiohttp.ClientError, TimeoutError, LimitedError):
                return frozenset()
            found |= {UserId(each) for each in page.get("members") or ()}
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return frozenset(found)

    async def _conversation(self, team_id: TeamId, to: str) -> str:
        """The channel's id, or that of the direct messages with a person."""
        if not is_person(to):
            return to
        key = (team_id, to)
        if key not in self._direct:
            opened = await self._call(team_id, "conversations.open", users=to)
            self._direct[key] = opened["channel"]["id"]
        return self._direct[key]

    async def _call(self, team_id: TeamId, method: str, **arguments: str) -> Any:
        """A method's answer, asked for as a form by POST as Slack allows for all: the SDK puts arguments in the URL."""
        given = {name: value for name, value in arguments.items() if value}
        headers = {"Authorization": f"Bearer {await self._token_of(team_id)}"}
        return await self._in_turn(team_id, method, partial(self._client.api_call, method, data=given, headers=headers))

    async def _say(self, team_id: TeamId, method: str, message: Message, fields: Mapping[str, Any]) -> Any:
        """A message's way into Slack, past the SDK. Raises what the SDK would raise."""
        how: Any = {"proxy": self._client.proxy, "ssl": self._client.ssl or True}
        url, token = f"{self._client.base_url}{method}", await self._token_of(team_id)

        async def ask() -> Any:
            answer = await said(self._client.session, url, token, message, fields, **how)
            if not answer.is_yes:
                raise SlackApiError(f"Slack did not take {method}.", answer)  # type: ignore[no-untyped-call]
            return answer.data

        return await self._in_turn(team_id, method, ask)

    async def _in_turn(self, team_id: TeamId, method: str, ask: Callable[[], Awaitable[Any]]) -> Any:
        """Calls Slack, unless the method is shut for this workspace.

        Raises LimitedError when it is, or is shut by the answer; and what the client raises.
        """
        left_s = self._shut.get((team_id, method), 0.0) - time.monotonic()
        if left_s > 0:
            raise LimitedError(method, timedelta(seconds=left_s))
        try:
            return await ask()
        except SlackApiError as refusal:
            wait = _wait_of(refusal)
            if wait is None:
                raise
            self._shut[team_id, method] = time.monotonic() + wait.total_seconds()
            self._limited(method)
            raise LimitedError(method, wait) from refusal

    async def _ask(self, team_id: TeamId, method: str, **arguments: str) -> Any | None:
        """A question's answer; None when Slack says that there is no such thing.

        Raises UnreachableError when Slack does not answer the question at all.
        """
        try:
            return await self._call(team_id, method, **arguments)
        except SlackApiError as refusal:
            if FAULTS.get(_error_name(refusal)) is Fault.PERSON_GONE:
                return None
            reason = _error_name(refusal)
        except (aiohttp.ClientError, TimeoutError, LimitedError) as broken:
            reason = type(broken).__name__
        raise UnreachableError(f"Slack could not be asked just now ({reason}). Nothing was recorded: please try again.")


async def outcome_of(call: Callable[[], Awaitable[Outcome]]) -> Outcome:
    """Runs a call and names what came of it."""
    try:
        return await call()
    except LimitedError as limit:
        return Refused(Fault.LIMITED, "ratelimited", limit.wait, limit.method)
    except SlackApiError as refusal:
        return _refusal(refusal)
    except aiohttp.ClientConnectorError as away:
        return Refused(Fault.OUTAGE, type(away).__name__)  # never connected, so nothing can have arrived
    except (aiohttp.ClientError, TimeoutError, ConnectionError) as broken:
        return Unknown(type(broken).__name__)


def _wait_of(refusal: SlackApiError) -> timedelta | None:
    """How long a 429 asks to wait; None for any other refusal."""
    status = getattr(refusal.response, "status_code", 200)
    if status != TOO_MANY and FAULTS.get(_error_name(refusal)) is not Fault.LIMITED:
        return None
    headers = {name.lower(): value for name, value in getattr(refusal.response, "headers", {}).items()}
    told = headers.get("retry-after") or "1"
    return timedelta(seconds=float(told) if told.replace(".", "", 1).isdigit() else 1.0)


def _refusal(refusal: SlackApiError) -> Outcome:
    error, status = _error_name(refusal), getattr(refusal.response, "status_code", 200)
    if status >= SERVER_FAULT or error in UNCLEAR:
        return Unknown(error, said=status < SERVER_FAULT)
    return Refused(FAULTS.get(error, Fault.OTHER), error)


def _error_name(refusal: SlackApiError) -> str:
    response: Any = refusal.response
    data = response.data if hasattr(response, "data") else response
    return str(data.get("error") or "unreadable_answer") if isinstance(data, Mapping) else "unreadable_answer"
