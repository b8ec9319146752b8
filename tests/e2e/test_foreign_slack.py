"""The main job against a pretend Slack that others wrote, while the bot's wall clock jumps.

Needs the npm package `emulate` and libfaketime, neither of which the project installs:
KEPT_FOREIGN_SLACK is the command that starts `emulate`, KEPT_FAKETIME the path of libfaketimeMT.so.1.
"""

import asyncio
import contextlib
import hashlib
import hmac
import json
import os
import shlex
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from tests.e2e.sandboxed_kept import ROOT, until, words
from tests.ports import free_port

COMMAND, FAKETIME = os.environ.get("KEPT_FOREIGN_SLACK"), os.environ.get("KEPT_FAKETIME")
SECRET, TOKEN = "a signing secret", "xoxb-foreign"
SEED = """
tokens:
  xoxb-foreign:
    login: admin
    scopes: ["chat:write", "channels:read", "channels:history", "im:read", "im:history", "im:write", "users:read"]
slack:
  users:
    - {name: host, real_name: Host, email: host@example.com} # the first is whom the token speaks for
    - {name: alice, real_name: Alice, email: a@example.com}
    - {name: bob, real_name: Bob, email: b@example.com}
  channels: [{name: deck, topic: The deck}]
"""

pytestmark = pytest.mark.skipif(
    not (COMMAND and FAKETIME), reason="KEPT_FOREIGN_SLACK and KEPT_FAKETIME are not set: no foreign Slack to test with"
)


@dataclass
class Abroad:
    """The foreign Slack, and the bot under a wall clock that this test sets."""

    session: aiohttp.ClientSession
    slack: str
    bot: str
    clock: Path
    offset: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def jump_to(self, instant: datetime) -> None:
        self.offset = instant - datetime.now(UTC)
        self.clock.write_text(f"{self.offset.total_seconds():+.0f}")

    async def api(self, method: str, **arguments: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with self.session.post(f"{self.slack}/api/{method}", data=arguments, headers=headers) as answer:
            return dict(await answer.json())

    async def talk_with(self, person: str) -> str:
        return str((await self.api("conversations.open", users=person))["channel"]["id"])

    async def sent_to_bot(self, form: dict[str, str]) -> dict[str, Any]:
        body, timestamp = urlencode(form), str(int(self.now().timestamp()))
        digest = hmac.new(SECRET.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": f"v0={digest}",
        }
        async with self.session.post(f"{self.bot}/slack/events", data=body, headers=headers) as answer:
            text = await answer.text()
            assert answer.status == 200, text
            return dict(await answer.json()) if text.startswith("{") else {"text": text}

    async def command(self, person: str, channel: str, text: str) -> str:
        form = {"command": "/promise", "text": text, "user_id": person, "channel_id": channel, "channel_name": "deck"}
        form |= {"team_id": "T000000001", "trigger_id": os.urandom(4).hex(), "response_url": f"{self.slack}/void"}
        return words(await self.sent_to_bot(form))

    async def click(self, person: str, channel: str, message: dict[str, Any], action_id: str) -> None:

        elements = [item for block in message["blocks"] for item in block.get("elements", [])]
        value = next(item["value"] for item in elements if item.get("action_id") == action_id)
        action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value, "action_ts": "1.0"}
        payload = {
            "type": "block_actions",
            "team": {"id": "T000000001", "domain": "foreign"},
            "user": {"id": person, "team_id": "T000000001", "username": "somebody"},
            "channel": {"id": channel, "name": "directmessage"},
            "container": {"type": "message", "message_ts": message["ts"], "channel_id": channel, "is_ephemeral": False},
            "message": message,
            "trigger_id": os.urandom(4).hex(),
            "response_url": f"{self.slack}/void",
            "actions": [action],
            "api_app_id": "A1",
            "token": "unused",
        }
        await self.sent_to_bot({"payload": json.dumps(payload)})

    async def reads(self, channel: str, *shown: str) -> dict[str, Any]:
        async def asked() -> dict[str, Any] | None:
            messages = (await self.api("conversations.history", channel=channel)).get("messages", [])
            return next((message for message in messages if all(word in words(message) for word in shown)), None)

        return await until(asked, f"{shown} in {channel}")


@contextlib.asynccontextmanager
async def abroad(folder: Path) -> AsyncIterator[Abroad]:
    slack_port, bot_port = free_port(), free_port()
    (folder / "seed.yaml").write_text(SEED)
    place: Abroad
    async with aiohttp.ClientSession() as session:
        place = Abroad(session, f"http://127.0.0.1:{slack_port}", f"http://127.0.0.1:{bot_port}", folder / "clock")
        place.jump_to(datetime(2027, 1, 4, 9, tzinfo=UTC))
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "KEPT_"))}
        environment |= {"PYTHONPATH": str(ROOT), "LD_PRELOAD": str(FAKETIME), "FAKETIME_CACHE_DURATION": "1"}
        environment |= {"FAKETIME_TIMESTAMP_FILE": str(place.clock), "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        environment |= {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET, "PORT": str(bot_port)}
        environment |= {"SLACK_API_URL": f"{place.slack}/api/", "DATABASE_URL": f"sqlite:///{folder}/kept.db"}
        arguments = ["start", "--service", "slack", "--port", str(slack_port), "--seed", "seed.yaml"]
        slack = await asyncio.create_subprocess_exec(*shlex.split(str(COMMAND)), *arguments, cwd=folder)
        bot = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "run", cwd=folder, env=environment)
        try:
            await until(lambda: place.api("auth.test"), "the foreign Slack")
            await until(lambda: _ready(session, f"{place.bot}/readyz"), "the bot")
            yield place
        finally:
            for process in (bot, slack):
                process.terminate()
                await process.wait()


async def _ready(session: aiohttp.ClientSession, url: str) -> bool:
    async with session.get(url) as answer:
        return answer.status == 200


async def test_the_main_job_against_a_slack_that_others_wrote_under_a_jumping_clock(tmp_path: Path) -> None:
    async with abroad(tmp_path) as place:
        people = {user["name"]: user["id"] for user in (await place.api("users.list"))["members"]}
        channels = {channel["name"]: channel["id"] for channel in (await place.api("conversations.list"))["channels"]}
        alice, bob, deck = people["alice"], people["bob"], channels["deck"]
        await place.api("conversations.join", channel=deck)
        talks = {name: await place.talk_with(people[name]) for name in ("alice", "bob")}

        assert "#1" in await place.command(alice, deck, f"<@{bob}|bob> send the deck by Friday 5pm")
        await place.reads(deck, "send the deck")
        await place.reads(talks["bob"], "promised you", "send the deck")

        place.jump_to(datetime(2027, 1, 7, 17, 0, 5, tzinfo=UTC))
        await place.reads(talks["alice"], "on track", "send the deck")
        await place.reads(talks["bob"], "still need", "send the deck")

        assert "#1" in await place.command(alice, deck, "move 1 to Monday 5pm")
        offer = await place.reads(talks["bob"], "proposed a change")
        await place.click(bob, talks["bob"], offer, "act.accept_proposal")
        await place.reads(talks["alice"], "agreed to the change")
        await place.command(bob, deck, "digest here daily 18:00")

        place.jump_to(datetime(2027, 1, 8, 16, tzinfo=UTC))  # a working day before the new deadline
        place.jump_to(datetime(2027, 1, 11, 17, 0, 5, tzinfo=UTC))
        await place.reads(talks["bob"], "passed", "send the deck")
        place.jump_to(datetime(2027, 1, 11, 18, 0, 5, tzinfo=UTC))
        await place.reads(deck, "issed", "send the deck", "late")
