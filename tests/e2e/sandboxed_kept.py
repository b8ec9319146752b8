"""Kept and its sandbox, each in a process of its own, and people who type and click."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import aiohttp

from tests.patience import PATIENCE_S, pauses_s
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
#: What a command says first on a busy machine; its answer follows.
STILL_WORKING = "Still working on it…"
SIGNING_SECRET = "sandbox-signing-secret"
T = TypeVar("T")


async def until(question: Callable[[], Awaitable[T | None]], what: str) -> T:
    """The first true answer to a question asked again and again, within PATIENCE_S."""
    loop = asyncio.get_running_loop()
    end, pauses = loop.time() + PATIENCE_S, pauses_s()
    while True:
        with contextlib.suppress(aiohttp.ClientError):
            answer = await question()
            if answer:
                return answer
        assert loop.time() < end, f"{what} did not come true within {PATIENCE_S:.0f} s"
        await asyncio.sleep(next(pauses))


@dataclass
class SandboxedKept:
    """Slack and the bot under test; `settings` are the bot's environment."""

    session: aiohttp.ClientSession
    folder: Path
    settings: dict[str, str]
    slack_port: int = field(default_factory=free_port)
    bot_port: int = field(default_factory=free_port)
    bot: asyncio.subprocess.Process | None = None
    slack: asyncio.subprocess.Process | None = None

    @property
    def slack_url(self) -> str:
        return f"http://127.0.0.1:{self.slack_port}"

    @property
    def bot_url(self) -> str:
        return f"http://127.0.0.1:{self.bot_port}"

    async def open(self) -> None:
        command = ["-m", "sandbox", "--port", str(self.slack_port), "--app-url", f"{self.bot_url}/slack/events"]
        command += ["--planned-url", f"{self.bot_url}/planned", "--progress-url", f"{self.bot_url}/so-far"]
        command += ["--manifest", str(ROOT / "manifest.yaml")]
        command += ["--answer-within", str(PATIENCE_S)]
        self.slack = await self._start(command, {})
        await self.answers(f"{self.slack_url}/healthz")
        await self.start_bot()

    async def start_bot(self) -> None:
        database = f"sqlite:///{self.folder}/kept.db"
        environment = {
            "SLACK_BOT_TOKEN": "xoxb-sandbox",
            "SLACK_API_URL": f"{self.slack_url}/api/",
            "KEPT_CLOCK_URL": f"{self.slack_url}/clock",
            "DATABASE_URL": database,
            "PORT": str(self.bot_port),
        }
        self.bot = await self._start(["-m", "bot", "run"], environment | self.settings)
        await self.answers(f"{self.bot_url}/readyz")
        if "SLACK_APP_TOKEN" in self.settings:
            await until(self._socket_open, "the socket")

    async def kill_bot(self) -> None:
        assert self.bot is not None
        self.bot.send_signal(signal.SIGKILL)
        await self.bot.wait()

    async def close(self) -> None:
        for process in (self.bot, self.slack):
            if process and process.returncode is None:
                process.terminate()
                await process.wait()

    async def answers(self, url: str) -> None:
        async def asked() -> bool:
            async with self.session.get(url) as answer:
                return answer.status == 200

        await until(asked, url)

    async def _socket_open(self) -> bool:
        return bool((await self.get("/healthz"))["sockets"])

    async def _start(self, command: list[str], environment: Mapping[str, str]) -> asyncio.subprocess.Process:
        # Only what was asked for: settings of the machine must not leak in.
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "KEPT_"))}
        return await asyncio.create_subprocess_exec(
            sys.executable, *command, cwd=self.folder, env={**inherited, "PYTHONPATH": str(ROOT), **environment}
        )

    # What people do -------------------------------------------------------------------------------------------

    async def get(self, path: str, **query: str) -> dict[str, Any]:
        async with self.session.get(self.slack_url + path, params=query) as answer:
            return dict(await answer.json())

    async def post(self, path: str, **body: Any) -> dict[str, Any]:
        async with self.session.post(self.slack_url + path, json=body) as answer:
            return dict(await answer.json())

    async def command(self, user: str, text: str, channel: str = "project-deck") -> str:
        """Types /promise; the words of the private answer."""
        before = len(await self.messages(user, channel))
        answer = await self.post("/control/command", user=user, channel=channel, command="/promise", text=text)
        assert answer["status"] == 200, answer
        shown = words(answer["ack"])
        return shown if shown != STILL_WORKING else await self._finishes(user, channel, before)

    async def _finishes(self, user: str, channel: str, before: int) -> str:
        """The answer that a busy machine gives later."""

        async def answered() -> str | None:
            since = [each for each in (await self.messages(user, channel))[before:] if each["is_ephemeral"]]
            return next((shown for shown in map(words, since) if shown != STILL_WORKING), None)

        return await until(answered, "the answer to a command")

    async def dms(self, user: str) -> list[dict[str, Any]]:
        return list((await self.get("/control/dms", user=user))["messages"])

    async def messages(self, user: str, channel: str) -> list[dict[str, Any]]:
        return list((await self.get("/control/messages", user=user, channel=channel))["messages"])

    async def gets(self, user: str, *shown: str) -> dict[str, Any]:
        """Waits for a direct message from the bot in which all of these words stand."""

        async def asked() -> dict[str, Any] | None:
            found = [message for message in await self.dms(user) if all(word in words(message) for word in shown)]
            return found[-1] if found else None

        return await until(asked, f"{user} hearing {shown}")

    async def reads(self, user: str, channel: str, *shown: str) -> dict[str, Any]:
        """Waits for a message in a channel in which all of these words stand."""

        async def asked() -> dict[str, Any] | None:
            seen = await self.messages(user, channel)
            found = [message for message in seen if all(word in words(message) for word in shown)]
            return found[-1] if found else None

        return await until(asked, f"{user} reading {shown} in {channel}")

    async def click(self, user: str, message: dict[str, Any], action_id: str, channel: str = "dm") -> dict[str, Any]:
        return await self.post("/control/click", user=user, channel=channel, ts=message["ts"], action_id=action_id)

    async def choose(self, user: str, message: dict[str, Any], action_id: str, label: str) -> dict[str, Any]:
        """Choose the entry of a menu that has this label."""
        elements = [each for block in message["blocks"] for each in block.get("elements", ())]
        (menu,) = [each for each in elements if each.get("action_id") == action_id]
        (value,) = [option["value"] for option in menu["options"] if option["text"]["text"] == label]
        asked = {"ts": message["ts"], "action_id": action_id, "value": value}
        return await self.post("/control/click", user=user, channel="dm", **asked)

    async def form(self, user: str) -> dict[str, Any]:
        """Waits for a modal to stand open."""

        async def asked() -> dict[str, Any] | None:
            views = (await self.get("/control/views", user=user))["views"]
            return views[-1] if views else None

        return await until(asked, f"a form open for {user}")

    async def submit(self, user: str, view: dict[str, Any], **inputs: Any) -> dict[str, Any]:
        return await self.post("/control/submit", user=user, view_id=view["id"], state=inputs)

    # What time does -------------------------------------------------------------------------------------------

    async def now(self) -> datetime:
        return datetime.fromisoformat((await self.get("/clock"))["now"])

    async def move_to(self, instant: datetime) -> None:
        """Move the clock once what Slack shows is recorded: a message counts from its record, not from its post."""
        await self.settled()
        await self.post("/clock", to=instant.isoformat())

    async def wait(self, span: timedelta) -> None:
        await self.post("/clock", advance_s=span.total_seconds())

    async def settled(self) -> None:
        """Wait until the bot is silent and has recorded what it sent."""
        await self.get("/control/settled")

    async def planned(self) -> list[dict[str, Any]]:
        await self.settled()
        async with self.session.get(f"{self.bot_url}/planned") as answer:
            return [plan for plan in await answer.json() if plan["to"]]  # the others are looks at an agenda


def words(message: Mapping[str, Any]) -> str:
    """Everything that a message says, wherever in its blocks it stands."""

    def texts(node: Any) -> list[str]:
        if isinstance(node, Mapping):
            own = [node["text"]] if isinstance(node.get("text"), str) else []
            return own + [text for value in node.values() if not isinstance(value, str) for text in texts(value)]
        return [text for item in node for text in texts(item)] if isinstance(node, list) else []

    return "\n".join(texts(message)) if isinstance(message, Mapping) else str(message)


def buttons(message: Mapping[str, Any]) -> set[str]:
    """The action ids of all buttons of a message."""
    actions = [block for block in message.get("blocks", []) if block["type"] in ("actions", "section")]
    elements = [item for block in actions for item in [*block.get("elements", []), block.get("accessory", {})]]
    return {element["action_id"] for element in elements if "action_id" in element}


@contextlib.asynccontextmanager
async def sandboxed_kept(folder: Path, **settings: str) -> AsyncIterator[SandboxedKept]:
    """Start both for one test, and end them after it."""
    async with aiohttp.ClientSession() as session:
        place = SandboxedKept(session, folder, settings)
        try:
            await place.open()
            yield place
        finally:
            await place.close()
