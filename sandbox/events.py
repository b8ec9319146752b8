"""Events for the app: which happenings it subscribed to, and their delivery with Slack's retries."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from sandbox.app_link import Answer, AppLink
from sandbox.manifest import Manifest
from sandbox.payloads import message_json
from sandbox.settings import APP_ID, Settings
from sandbox.teams import BOT_IDS, BOT_USER_IDS, Team, team_with
from sandbox.workspace import Channel, Kind, Message, User, Workspace

_REASONS = {"operation_timeout": "http_timeout", "dispatch_failed": "http_error"}
_SUBSCRIPTIONS = {Kind.PUBLIC: "channels", Kind.PRIVATE: "groups", Kind.DIRECT: "im", Kind.GROUP: "mpim"}
_SUBTYPES = {"changed": "message_changed", "removed": "message_deleted"}


class Events:
    """Sends the app the events that it subscribed to, in the background."""

    def __init__(
        self,
        settings: Settings,
        manifest: Manifest,
        link: AppLink,
        workspace: Workspace,
        seconds: Callable[[], float],
    ) -> None:
        self._settings = settings
        self._manifest = manifest
        self._link = link
        self._workspace = workspace
        self._seconds = seconds
        self._tasks: set[asyncio.Task[Any]] = set()

    def on_message(self, channel: Channel, message: Message, change: str) -> None:
        """A message was added, changed or removed in a place."""
        team = self._receiver(self._workspace.with_app(channel), self._workspace.users.get(message.user))
        if team is None:
            return
        kind = _SUBSCRIPTIONS[channel.kind]
        mentioned = f"<@{team.bot_user_id}>" in message.text and message.user not in BOT_USER_IDS
        if change == "added" and mentioned and channel.kind is not Kind.DIRECT:
            self.notify("app_mention", {**self._base_event(channel, message), "type": "app_mention"}, channel, team)
        self.notify(f"message.{kind}", self._message_event(channel, message, change, kind), channel, team)

    def joined(self, channel: Channel, user: User, left: bool = False) -> None:
        name = "member_left_channel" if left else "member_joined_channel"
        letter = "G" if channel.kind is Kind.PRIVATE else "C"
        event = {"type": name, "user": user.id, "channel": channel.id, "channel_type": letter, "team": user.team}
        self.notify(name, event, channel, self._receiver(self._seeing(channel), user))

    def reacted(self, channel: Channel, message: Message, user: User, name: str, *, removed: bool = False) -> None:
        team = self._receiver(self._workspace.with_app(channel), user)
        if team is None:
            return
        kind = "reaction_removed" if removed else "reaction_added"
        item = {"type": "message", "channel": channel.id, "ts": message.ts}
        event = {"type": kind, "user": user.id, "reaction": name, "item": item, "item_user": message.user}
        self.notify(kind, event, channel, team)

    def home_opened(self, user: User, direct: Channel, tab: str, view: dict[str, Any] | None) -> None:
        event: dict[str, Any] = {"type": "app_home_opened", "user": user.id, "channel": direct.id, "tab": tab}
        self.notify("app_home_opened", event | ({"view": view} if view else {}), None, self._workspace.team_of(user))

    def _receiver(self, teams: list[Team], user: User | None) -> Team | None:
        """Return the team that receives an event: the person's own, else the first.

        Slack sends one event also where several workspaces that installed the app share a channel.
        """
        return next((team for team in teams if user and team.id == user.team), teams[0] if teams else None)

    def _seeing(self, channel: Channel | None) -> list[Team]:
        """The teams that installed the app and have that channel."""
        workspace = self._workspace
        teams = [team for team in workspace.teams if team.id in workspace.installed]
        return [team for team in teams if channel is None or channel.is_of(team.id)]

    def notify(
        self, subscription: str, event: dict[str, Any], channel: Channel | None = None, team: Team | None = None
    ) -> None:
        """Delivers the event, about a channel or not, when the app subscribed to it and the team installed the app."""
        team = team or self._receiver(self._seeing(channel), None)
        if subscription not in self._manifest.events or team is None or team.id not in self._workspace.installed:
            return
        is_org = self._workspace.installed[team.id]
        event.setdefault("event_ts", self._workspace.next_ts(self._seconds()))
        payload = {
            "token": self._settings.credentials.verification_token,
            "team_id": team.id,
            "enterprise_id": team.enterprise_id or None,
            "context_team_id": team.id,
            "context_enterprise_id": team.enterprise_id or None,
            "api_app_id": APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": self._workspace.next_id("Ev"),
            "event_time": int(self._seconds()),
            "authorizations": [
                {
                    "enterprise_id": team.enterprise_id or None,
                    "team_id": None if is_org else team.id,
                    "user_id": team.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": is_org,
                }
            ],
            "is_ext_shared_channel": channel is not None and channel.is_ext_shared,
            "event_context": f"4-{self._workspace.next_id('ec')}",
        }
        self.spawn(self._deliver(f"event {event['type']}", payload))

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _deliver(self, name: str, payload: dict[str, Any]) -> None:
        answer = await self._link.deliver("events_api", name, payload)
        for attempt, pause_s in enumerate(self._settings.event_retries_s, start=1):
            if answer.ok or _refuses_retries(answer):
                return
            await asyncio.sleep(pause_s)
            reason = _REASONS.get(answer.failure or "", "unknown_error")
            answer = await self._link.deliver("events_api", name, payload, retry=(attempt, reason))

    def _message_event(self, channel: Channel, message: Message, change: str, kind: str) -> dict[str, Any]:
        place = {"channel": channel.id, "channel_type": "channel" if kind == "channels" else kind.removesuffix("s")}
        if change == "added":
            return {**self._base_event(channel, message), **place}
        happened = self._workspace.next_ts(self._seconds())
        event = {"type": "message", "subtype": _SUBTYPES[change], "hidden": True, "ts": happened, **place}
        shown = message_json(channel, message, metadata=True)
        if change == "changed":
            return event | {"message": shown, "previous_message": shown}
        return event | {"deleted_ts": message.ts, "previous_message": shown}

    def _base_event(self, channel: Channel, message: Message) -> dict[str, Any]:
        shown = message_json(channel, message, metadata=True)
        author = self._workspace.users.get(message.user)
        if channel.is_ext_shared and author:
            shown |= {"user_team": author.team, "source_team": author.team}
        if message.bot_id in BOT_IDS:
            bot = self._workspace.bot(team_with(message.team))
            shown["bot_profile"] = {"id": message.bot_id, "app_id": APP_ID, "name": bot.real_name}
        return {**shown, "channel": channel.id, "event_ts": message.ts}


def _refuses_retries(answer: Answer) -> bool:
    headers = {name.lower(): value for name, value in (answer.headers or {}).items()}
    return headers.get("x-slack-no-retry") == "1"
