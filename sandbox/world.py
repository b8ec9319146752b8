"""One running sandbox: its parts, put together."""

import asyncio
from collections.abc import Coroutine
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import aiohttp

from sandbox.app_link import AppLink
from sandbox.calls import Calls
from sandbox.clock import Clock, in_hours
from sandbox.events import Events
from sandbox.faults import Faults
from sandbox.feed import Feed
from sandbox.guide import Counts, read_guide
from sandbox.happenings import Happenings
from sandbox.manifest import Manifest, read_manifest
from sandbox.messages import Messages
from sandbox.rates import Rates
from sandbox.seed import seeded, seeded_with_two
from sandbox.settings import Settings
from sandbox.story_progress import StoryProgress
from sandbox.tickets import ResponseUrl, Tickets
from sandbox.tokens import Tokens
from sandbox.workflows import Workflows
from sandbox.workspace import Channel, Message, Workspace


class World:
    """The state of the sandbox. `reset` clears it without losing the listeners and the clock's waiters."""

    workspace: Workspace
    tickets: Tickets
    tokens: Tokens
    faults: Faults
    rates: Rates
    events: Events
    messages: Messages
    happenings: Happenings
    workflows: Workflows

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.manifest: Manifest = read_manifest(settings.manifest)
        now = datetime.now(UTC)
        self.clock = Clock((in_hours(now) - now).total_seconds() if settings.in_hours else 0.0)
        self.feed = Feed()
        self.calls = Calls(self.feed)
        self.link = AppLink(settings, self.calls)
        self.socket_tickets: set[str] = set()
        self.progress = StoryProgress()
        self.guide = read_guide()
        self.guide_from: Counts = {}
        self.playing: asyncio.Task[None] | None = None
        self._working: set[asyncio.Task[None]] = set()
        self._begin()

    def _begin(self) -> None:
        manifest, settings, now_s = self.manifest, self.settings, self.clock.seconds()
        two = settings.two_workspaces
        self.workspace = seeded_with_two(now_s) if two else seeded(manifest.app_name, manifest.bot_name, now_s)
        self.tickets = Tickets(settings.answer_within_s)
        rotating, seconds = manifest.rotates_tokens, self.clock.seconds
        self.tokens = Tokens(settings.credentials, manifest.scopes, seconds, rotating=rotating, own=not two)
        self.faults = Faults()
        self.rates = Rates(on=self.settings.rate_limits)
        self.happenings = Happenings()
        self.events = Events(self.settings, self.manifest, self.link, self.workspace, self.clock.seconds)
        self.messages = Messages(self.workspace, self.feed, self.clock.seconds, self._on_message)
        self.workflows = Workflows(manifest, self.workspace, self.events, self.messages, self.feed, self.tokens)

    async def reset(self) -> None:
        """The workspace as it was at the start, at real time; the app's own memory is not touched."""
        self._stop()
        await self.events.close()
        self.calls.clear()
        await self.clock.back_to_real_time()
        self._begin()
        self.guide_from = await self.so_far()
        self.feed.publish("reload")

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Has work go on in the background until the sandbox ends."""
        self._working.add(asyncio.get_running_loop().create_task(work))

    def _stop(self) -> None:
        """Ends what goes on by itself: a story, and time that passes."""
        self.progress.stop()
        if self.playing:
            self.playing.cancel()
            self.playing = None

    async def open(self) -> None:
        await self.link.open()

    async def close(self) -> None:
        self.feed.close()
        self._stop()
        for task in self._working:
            task.cancel()
        await asyncio.gather(*self._working, return_exceptions=True)
        await self.events.close()
        await self.link.close()

    def response_url(self, url: ResponseUrl) -> str:
        return f"{self.settings.base_url}/response/{self.tickets.response_url(url)}"

    async def so_far(self) -> Counts:
        """Return the app's own counts: `acts` by name, and messages (`said`) by kind."""
        if not self.settings.progress_url:
            return {}
        try:
            counted = await self.link.ask(self.settings.progress_url)
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return self.guide_from
        return counted if isinstance(counted, dict) else {}

    async def begin_guide(self) -> None:
        """Has the guide count from now on."""
        self.guide_from = await self.so_far()
        self.feed.publish("guide")

    async def planned(self) -> list[dict[str, Any]]:
        """Return the app's plans in time order; a message has a `to`. Empty when the app does not answer."""
        if not self.settings.planned_url:
            return []
        try:
            listed = await self.link.ask(self.settings.planned_url)
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return []
        plans = listed if isinstance(listed, list) else []
        return [each for each in plans if isinstance(each, dict) and each.get("at")]

    def _on_message(self, channel: Channel, message: Message, change: str) -> None:
        self.events.on_message(channel, message, change)
        happening = self.happenings.add(channel, message) if change == "added" else None
        if happening:
            reader = self.workspace.users.get(happening.reader or "")
            self.feed.publish("happened", **asdict(happening), handle=reader.name if reader else None)
