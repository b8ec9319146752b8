"""Kept as workspaces install it: all of it over a Slack of several workspaces, each with tokens of its own."""

import asyncio
import contextlib
import itertools
import json
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from aiohttp import web
from starlette.types import ASGIApp

from bot.app import Parts, assembled
from bot.config import Settings, load
from bot.process import http_config
from bot.storage.encryption import new_encryption_key
from tests.integration.front import FORM, SECRET, Answer, request, signed

PUBLIC = "http://127.0.0.1:3000"
CLIENT = ("1.2", "a-client-secret")
ALL = "E1"
HERE, THERE = "T1", "T2"


@dataclass
class SlackOfMany:
    """Slack's Web API for several workspaces: a token opens its own alone. Every call stands in `calls`.

    A workspace in `orgs` has no token of its own but its organisation's. `lives_s` is how long tokens live.
    """

    url: str = ""
    orgs: dict[str, str] = field(default_factory=dict)
    lives_s: int = 0
    teams: dict[str, str] = field(default_factory=dict)
    refresh: dict[str, str] = field(default_factory=dict)
    issued: list[str] = field(default_factory=list)
    calls: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def issue(self, team: str) -> dict[str, Any]:
        """A new token for a workspace or an organisation; those before it open nothing any more."""
        self.revoke(team)
        token = f"xoxb-canary-{team}-{next(self._numbers)}"
        self.teams[token] = team
        self.issued.append(token)
        org = team.startswith("E")
        answer: dict[str, Any] = {
            "ok": True,
            "access_token": token,
            "token_type": "bot",
            "scope": "chat:write,commands",
            "bot_user_id": f"UBOT{team}",
            "app_id": "A1",
            "team": None if org else {"id": team, "name": f"Workspace {team}"},
            "enterprise": {"id": team, "name": f"Organisation {team}"} if org else None,
            "authed_user": {"id": "UADMIN"},
            "is_enterprise_install": org,
        }
        if self.lives_s:
            refresh = f"xoxe-1-canary-{team}-{next(self._numbers)}"
            self.refresh[refresh] = team
            self.issued.append(refresh)
            answer |= {"refresh_token": refresh, "expires_in": self.lives_s}
        return answer

    def revoke(self, team: str) -> None:
        self.teams = {token: each for token, each in self.teams.items() if each != team}

    def posts(self, team: str) -> list[dict[str, Any]]:
        """Return the messages posted with a workspace's token."""
        return [body for token, method, body in self.calls if method == "chat.postMessage" and f"-{team}-" in token]

    async def on_call(self, asked: web.Request) -> web.Response:
        method, fields = asked.match_info["method"], dict(await asked.post())
        if asked.content_type == "application/json":
            fields = await asked.json()
        if method == "oauth.v2.access":
            return web.json_response(self._access(fields))
        token = asked.headers.get("Authorization", "").removeprefix("Bearer ")
        self.calls.append((token, method, fields))
        team = self.teams.get(token)
        if team is None:
            return web.json_response({"ok": False, "error": "token_revoked" if token else "not_authed"})
        return web.json_response({"ok": True, **self._answer(method, fields, team)})

    def _access(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        if fields.get("grant_type") == "refresh_token":
            team = self.refresh.pop(str(fields.get("refresh_token")), "")
            return self.issue(team) if team else {"ok": False, "error": "invalid_refresh_token"}
        return self.issue(str(fields["code"]).removeprefix("code-"))

    def _answer(self, method: str, fields: Mapping[str, Any], team: str) -> dict[str, Any]:
        if method == "auth.test":
            return {"team_id": team, "user_id": f"UBOT{team}", "bot_id": "B1", "url": "https://acme.slack.com/"}
        if method == "users.info":
            home = {"id": fields["user"], "name": f"{fields['user']}".lower(), "tz": "Europe/Berlin"}
            grid = {"enterprise_user": {"teams": sorted(self.orgs)}} if team.startswith("E") else {"team_id": team}
            return {"user": home | grid}
        if method == "conversations.open":
            return {"channel": {"id": f"D{fields['users']}"}}
        if method == "conversations.info":
            return {"channel": {"id": fields["channel"], "is_channel": True, "is_member": True}}
        if method == "chat.postMessage":
            return {"channel": fields["channel"], "ts": f"{len(self.calls)}.1"}
        return {"view": {"id": f"V{len(self.calls)}"}, "members": [], "messages": []}

    async def on_answer(self, asked: web.Request) -> web.Response:
        self.calls.append(("", "response_url", await asked.json()))
        return web.Response(text="ok")


@dataclass
class Kept:
    """A running Kept, its pages, and what people and Slack send to it."""

    parts: Parts
    app: ASGIApp
    slack: SlackOfMany
    settings: Settings
    _ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    async def install(self, team: str) -> Answer:
        """Press “Add to Slack”, agree, and come back."""
        sent = await request(self.app, "GET", "/slack/install")  # type: ignore[arg-type]
        state = parse_qs(urlsplit(sent.headers["location"]).query)["state"][0]
        cookie = {"cookie": sent.headers["set-cookie"].partition(";")[0]}
        path = f"/slack/oauth_redirect?{urlencode({'state': state, 'code': f'code-{team}'})}"
        return await request(self.app, "GET", path, headers=cookie)  # type: ignore[arg-type]

    async def command(self, text: str, team: str, by: str = "UALICE") -> Answer:
        org = self.slack.orgs.get(team, "")
        fields = {
            "team_id": team,
            "enterprise_id": org,
            "is_enterprise_install": "true" if org else "false",
            "channel_id": "C1",
            "channel_name": "general",
            "user_id": by,
            "command": "/promise",
            "text": text,
            "response_url": f"{self.slack.url}/answers",
            "trigger_id": f"{next(self._ids)}.1",
        }
        return await self.sent(urlencode(fields))

    async def event(self, event: Mapping[str, Any], team: str, at: float | None = None) -> Answer:
        """An event of a workspace, or of an organisation as a whole; `at` is when it happened."""
        org = team if team.startswith("E") else self.slack.orgs.get(team, "")
        named = {"team_id": None if org else team, "enterprise_id": org or None, "is_enterprise_install": bool(org)}
        body = {
            "type": "event_callback",
            "event": dict(event),
            "event_id": f"Ev{next(self._ids)}",
            "event_time": int(time.time() if at is None else at),
            "authorizations": [named | {"user_id": "UBOT", "is_bot": True}],
        }
        body |= {"team_id": team} if team != org else {}
        body |= {"enterprise_id": org} if org else {}
        return await self.sent(json.dumps(body), "application/json")

    async def sent(self, body: str, content_type: str = FORM) -> Answer:
        now = str(int(time.time()))
        headers = {
            "content-type": content_type,
            "x-slack-request-timestamp": now,
            "x-slack-signature": signed(body.encode(), now),
        }
        answer = await request(self.app, "POST", "/slack/events", body.encode(), headers)  # type: ignore[arg-type]
        await self.parts.background.drain()
        return answer

    async def tick(self) -> None:
        await self.parts.clockwork.tick()
        await self.parts.services.deliveries.idle()


@contextlib.asynccontextmanager
async def slack_of_many() -> AsyncIterator[SlackOfMany]:
    slack, app = SlackOfMany(), web.Application()
    app.router.add_post("/api/{method}", slack.on_call)
    app.router.add_post("/answers", slack.on_answer)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield slack
    finally:
        await runner.cleanup()


def settings_for(slack: SlackOfMany, database_url: str, keys: str = "") -> Settings:
    given = {
        "SLACK_CLIENT_ID": CLIENT[0],
        "SLACK_CLIENT_SECRET": CLIENT[1],
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": f"{slack.url}/api/",
        "KEPT_ENCRYPTION_KEYS": keys or new_encryption_key(),
        "PUBLIC_URL": PUBLIC,
        "DATABASE_URL": database_url,
    }
    return load(given, env_file="no-such-file")


@contextlib.asynccontextmanager
async def running(slack: SlackOfMany, settings: Settings) -> AsyncIterator[Kept]:
    """One process of Kept; what it was doing is ended before it goes."""
    async with assembled(settings) as parts:
        yield Kept(parts, http_config(settings, parts, None).app, slack, settings)  # type: ignore[arg-type]
        parts.services.deliveries.stop()
        await asyncio.gather(*parts.clockwork._wakes)  # ticks that something woke
        await parts.services.deliveries.drain()
