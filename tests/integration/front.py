"""The bot's front door: signed requests through the real HTTP app, the real Bolt app and a real database."""

import asyncio
import contextlib
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette

from bot.app import bolt_app
from bot.config import load
from bot.domain.limits import NO_LIMITS, Limits
from bot.domain.people import Person
from bot.domain.promise import Promise, UserId
from bot.holidays_of import Holidays
from bot.metrics import Metrics
from bot.ports import Side, Store
from bot.services import Outside, Services, build_services
from bot.serving import workspaces_of
from bot.slack_steps import SlackSteps
from bot.storage.engine import open_store
from bot.use_cases.context import Context
from bot.use_cases.delivery.deliveries import Deliveries
from bot.use_cases.delivery.settings import DeliverySettings
from handlers.registration import register
from handlers.replies import BackgroundTasks
from tests.databases import migrated_file
from tests.fakes import FakeMessenger, SetClock
from tests.integration.agendas import look
from tests.integration.answering import answering_within
from tests.integration.front_app import front_app
from tests.integration.slack_api import SlackApi, slack_api
from tests.patience import PATIENCE_S
from tests.unit.factories import ALICE, BOB, CHARLIE, DAVE, MONDAY, TEAM

#: Two messages to one person never leave within one.
A_MINUTE = timedelta(minutes=1)
SECRET, TOKEN = "a-signing-secret", "xoxb-test"
FORM = "application/x-www-form-urlencoded"
GONE, ROBOT = UserId("UGONE"), UserId("UROBOT")
NAMES = {ALICE: "alice", BOB: "bob", CHARLIE: "charlie", DAVE: "dave", GONE: "gone", ROBOT: "robot"}


@dataclass(frozen=True)
class Answer:
    """The answer to Slack."""

    status: int
    body: str
    headers: Mapping[str, str]

    @property
    def message(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def text(self) -> str:
        return str(self.message["text"])


@dataclass
class Front:
    app: Starlette
    bolt: AsyncApp
    api: SlackApi
    messenger: FakeMessenger
    clock: SetClock
    store: Store
    services: Services
    deliveries: Deliveries
    background: BackgroundTasks
    database_url: str = ""
    #: Whether a request is over only when everything that it set going is.
    drains: bool = True
    _ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    async def command(
        self, text: str, by: UserId = ALICE, channel: str = "C1", name: str = "general", trigger: str = ""
    ) -> Answer:
        fields = {
            "token": "spent",
            "team_id": TEAM,
            "team_domain": "acme",
            "channel_id": channel,
            "channel_name": name,
            "user_id": by,
            "user_name": NAMES.get(by, "somebody"),
            "command": "/promise",
            "text": text,
            "api_app_id": "A1",
            "is_enterprise_install": "false",
            "response_url": self.api.response_url,
            "trigger_id": trigger or self.trigger(),
        }
        return await self.sent(urlencode(fields))

    async def click(
        self,
        action: str,
        value: str,
        by: UserId = ALICE,
        *,
        own: bool = False,
        ts: str = "1.1",
        home: str = "",
        block: str = "b",
        channel: str = "C1",
    ) -> Answer:
        """A click on a message in #general, on one's `own` copy of it, or at a place on the Home tab."""
        container: dict[str, Any] = {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": own}
        place: dict[str, Any] = {
            "container": container,
            "channel": {"id": channel, "name": "directmessage" if channel.startswith("D") else "general"},
            "response_url": self.api.response_url,
        }
        if home:
            view = {"id": "VHOME", "team_id": TEAM, "type": "home", "private_metadata": home, "callback_id": "home"}
            place = {"container": {"type": "view", "view_id": "VHOME"}, "view": view}
        pressed = {"action_id": action, "block_id": block, "type": "button", "value": value, "action_ts": "1.2"}
        return await self.interact("block_actions", by, {**place, "actions": [pressed]})

    async def submit(
        self, view: Mapping[str, Any], values: Mapping[str, Any], by: UserId = ALICE, view_id: str = ""
    ) -> Answer:
        """Sends in a modal as it was opened, with values by the name of their input."""
        state = {name: {name: value} for name, value in values.items()}
        sent = {**view, "id": view_id or f"V{next(self._ids)}", "team_id": TEAM, "state": {"values": state}}
        return await self.interact("view_submission", by, {"view": sent, "response_urls": []})

    async def whole(self, view: Mapping[str, Any], by: UserId = ALICE) -> dict[str, Any]:
        """The same form after its *More…* was pressed."""
        (more,) = [e for block in view["blocks"] for e in block.get("elements", ()) if e["action_id"] == "form.more"]
        opened = {**view, "id": "VMORE", "team_id": TEAM}
        await self.interact("block_actions", by, {"view": opened, "container": {"type": "view"}, "actions": [more]})
        updated: dict[str, Any] = [call["view"] for method, call in self.api.calls if method == "views.update"][-1]
        return updated

    async def shortcut(self, callback_id: str, by: UserId = ALICE, message: Mapping[str, Any] | None = None) -> Answer:
        if message is None:
            return await self.interact("shortcut", by, {"callback_id": callback_id})
        place = {"channel": {"id": "C1", "name": "general"}, "response_url": self.api.response_url}
        return await self.interact("message_action", by, {"callback_id": callback_id, "message": message, **place})

    async def event(self, event: Mapping[str, Any], event_id: str = "", team_id: str = TEAM) -> Answer:
        """An event for this workspace; `team_id` is the one it happened in."""
        body = {
            "type": "event_callback",
            "team_id": team_id,
            "api_app_id": "A1",
            "event": dict(event),
            "event_id": event_id or f"Ev{next(self._ids)}",
            "authorizations": [{"team_id": TEAM, "user_id": "UBOT", "is_bot": True}],
        }
        return await self.sent(json.dumps(body), content_type="application/json")

    async def interact(self, kind: str, by: UserId, more: Mapping[str, Any]) -> Answer:
        body = {
            "type": kind,
            "team": {"id": TEAM, "domain": "acme"},
            "user": {"id": by, "username": NAMES.get(by, "somebody"), "team_id": TEAM},
            "api_app_id": "A1",
            "token": "spent",
            "trigger_id": self.trigger(),
            **more,
        }
        return await self.sent(urlencode({"payload": json.dumps(body)}))

    async def sent(self, body: str | bytes, content_type: str = FORM, **headers: str) -> Answer:
        """A signed request; `headers` (with _ for -) stand in place of the right ones."""
        raw = body.encode() if isinstance(body, str) else body
        now = str(int(time.time()))
        right = {
            "content-type": content_type,
            "x-slack-request-timestamp": now,
            "x-slack-signature": signed(raw, now),
        }
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = await request(self.app, "POST", "/slack/events", raw, right | given)
        if self.drains:
            await self.background.drain(PATIENCE_S)
        return answer

    async def make(self, what: str = "send the deck by Friday 17:00", by: UserId = ALICE, to: UserId = BOB) -> Promise:
        """A promise made in #general, recorded as the newest."""
        answer = await self.command(f"<@{to}|{NAMES[to]}> {what}", by)
        assert "Recorded" in answer.text, answer.text
        owed = await self.promises_of(by)
        return max(owed, key=lambda promise: promise.number)

    async def send(self) -> None:
        """A minute later, what is due is done, decided and sent."""
        self.clock.move(A_MINUTE)
        await look(self.services)

    async def promises_of(self, owner: UserId) -> tuple[Promise, ...]:
        return await self.services.promises.listed(TEAM, owner, Side.OWING, owner)

    async def now_of(self, promise: Promise) -> Promise:
        found = await self.store.read(TEAM, lambda tx: tx.promises.get(promise.id))
        assert found is not None
        return found

    def trigger(self) -> str:
        return f"{next(self._ids)}.1.abc"


def signed(body: bytes, at: str) -> str:
    return "v0=" + hmac.new(SECRET.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()


async def request(
    app: Starlette, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> Answer:
    """One request to an ASGI app, in this very process."""
    path, _, query = path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in (headers or {}).items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 3000),
    }
    shown: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(part: Any) -> None:
        shown.append(part)

    await app(scope, receive, send)
    start = shown[0]
    content = b"".join(part.get("body", b"") for part in shown[1:])
    return Answer(start["status"], content.decode(), {k.decode(): v.decode() for k, v in start["headers"]})


def everybody(clock: SetClock) -> list[Person]:
    return [
        Person(TEAM, id_, name, clock.now(), "Europe/Berlin", is_bot=id_ == ROBOT, is_gone=id_ == GONE)
        for id_, name in NAMES.items()
    ]


@contextlib.asynccontextmanager
async def front_door(
    folder: Path,
    patience_s: float | None = PATIENCE_S,
    database_url: str = "",
    limits: Limits = NO_LIMITS,
    requests: int = 100_000,
) -> AsyncIterator[Front]:
    """Over SQLite in the folder, or the database named; a token may send so many `requests` together."""
    clock, messenger = SetClock(MONDAY), FakeMessenger()
    messenger.know(everybody(clock))
    async with contextlib.AsyncExitStack() as stack:
        if patience_s is not None:
            stack.enter_context(answering_within(patience_s))
        api = await stack.enter_async_context(slack_api())
        session = await stack.enter_async_context(aiohttp.ClientSession())
        calendars = Holidays(clock)
        url = database_url or await asyncio.to_thread(migrated_file, folder / "kept.db")
        store = await open_store(url, calendars.days_off)
        stack.push_async_callback(store.close)

        client = AsyncWebClient(base_url=f"{api.url}/api/", session=session, retry_handlers=[])
        settings = load({"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET}, env_file=folder / "no-such-file")
        workspaces = workspaces_of(settings, client)
        bolt = bolt_app(settings, client, workspaces)
        metrics = Metrics()
        sending = DeliverySettings("a secret", meter=metrics)
        context = Context(store, clock, limits=limits)
        outside = Outside("https://kept.test/", ender=SlackSteps(client, workspaces.token_of))
        services = build_services(context, messenger, calendars, sending, outside)
        background = register(bolt, services)

        app = front_app(bolt, services, metrics, SECRET, requests)
        yield Front(app, bolt, api, messenger, clock, store, services, services.deliveries, background, url)
        await background.drain()
