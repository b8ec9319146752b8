"""Broken states for `kept doctor`: what is set up, and the finding that names it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime

from aiohttp import web
from sqlalchemy import Connection, insert, update

from bot.clock import SystemClock
from bot.doctor import Status
from bot.doctor.tokens import manifest_scopes
from bot.storage.tables import deliveries, events, stops

SECRET = "the secret of the doctor's tests"
GOOD = {"ok": True, "team": "Example", "team_id": "T1", "user": "kept"}
SOCKET = {"SLACK_BOT_TOKEN": "xoxb-canary", "SLACK_APP_TOKEN": "xapp-canary"}
HTTP = {"SLACK_BOT_TOKEN": "xoxb-canary", "SLACK_SIGNING_SECRET": SECRET}
ROOMY = 10**12
Prepare = Callable[[Connection], object]


def refused(error: str) -> Callable[[], web.Response]:
    return lambda: web.json_response({"ok": False, "error": error})


def granted(scopes: str = "", *, minutes_off: int = 0, team_id: str = "T1") -> Callable[[], web.Response]:
    """Return Slack's answer to a good token, with these scopes in place of all."""

    def answer() -> web.Response:
        slack_now = SystemClock().now() - timedelta(minutes=minutes_off)
        headers = {"x-oauth-scopes": scopes or ",".join(sorted(manifest_scopes()[0]))}
        headers["Date"] = format_datetime(slack_now, usegmt=True)
        return web.json_response(GOOD | {"team_id": team_id}, headers=headers)

    return answer


def turned_away(status: int) -> Callable[[], web.Response]:
    return lambda: web.Response(status=status, text="<html>no</html>", headers={"Retry-After": "30"})


ALL_GRANTED = granted()


@dataclass(frozen=True)
class State:
    """A broken state and the finding expected: its check, status, and parts of its words and cure."""

    check: str
    words: str
    cure: str = ""
    status: Status = Status.FAULT
    settings: dict[str, str] = field(default_factory=lambda: dict(SOCKET))
    bot_token: Callable[[], web.Response] = ALL_GRANTED
    app_token: Callable[[], web.Response] = lambda: web.json_response({"ok": True, "url": "wss://nowhere"})
    address: Callable[[], web.Response] | None = None
    database: Prepare | None = None
    room: int = ROOMY


def stopped(subject: str, error: str) -> Prepare:
    values = {"team_id": "T1", "subject": subject, "error": error, "since": SystemClock().now()}
    return lambda connection: connection.execute(insert(stops).values(values))


def given_up(error: str) -> Prepare:
    values = {"state": "failed", "error": error, "ended_at": SystemClock().now()}
    return lambda connection: connection.execute(update(deliveries).values(values))


def set_aside(connection: Connection) -> object:
    times = dict.fromkeys(("received_at", "lease_until", "done_at"), SystemClock().now())
    values = {"team_id": "T1", "event_id": "Ev1", "body": "", "attempt": 5, "error": "KeyError"}
    return connection.execute(insert(events).values(values | times))


STATES: dict[str, State] = {
    "the bot token is wrong": State(
        "bot token", "refuses SLACK_BOT_TOKEN (invalid_auth)", "Copy", bot_token=refused("invalid_auth")
    ),
    "the app was removed": State(
        "bot token", "(account_inactive)", "install it again", bot_token=refused("account_inactive")
    ),
    "the token was revoked": State(
        "bot token", "(token_revoked)", "install it again", bot_token=refused("token_revoked")
    ),
    "the token has expired": State(
        "bot token", "(token_expired)", "token rotation", bot_token=refused("token_expired")
    ),
    "an unknown refusal": State("bot token", "(brand_new)", "list of errors", bot_token=refused("brand_new")),
    "keys of the organisation": State(
        "bot token", "(ekm_access_denied)", "admins", bot_token=refused("ekm_access_denied")
    ),
    "slack limits us": State(
        "bot token", "asks to wait 30 s (429)", "again in a minute", Status.UNKNOWN, bot_token=turned_away(429)
    ),
    "slack has a fault": State(
        "bot token", "fault of its own (503)", "again in a minute", Status.UNKNOWN, bot_token=turned_away(503)
    ),
    "a proxy answers": State("bot token", "is not Slack; a proxy", "", Status.UNKNOWN, bot_token=turned_away(200)),
    "slack is out of reach": State(
        "bot token",
        "cannot be reached from here",
        "",
        Status.UNKNOWN,
        SOCKET | {"SLACK_API_URL": "http://127.0.0.1:9/"},
    ),
    "another workspace's token": State(
        "bot token",
        "belongs to workspace T1, and SLACK_BOT_TOKEN to workspace T0OTHER",
        bot_token=granted(team_id="T0OTHER"),
    ),
    "a scope is missing": State(
        "scopes",
        "lacks the scope(s) chat:write",
        "manifest",
        bot_token=granted("commands,im:write,im:history,users:read,channels:read"),
    ),
    "an optional scope is missing": State(
        "scopes",
        "optional scope(s) dnd:read",
        status=Status.NOTE,
        bot_token=granted(",".join(manifest_scopes()[0] - {"dnd:read"})),
    ),
    "the clock is 40 minutes ahead": State("clock", "40 minutes off", "NTP", bot_token=granted(minutes_off=40)),
    "the clock is 40 minutes behind": State("clock", "40 minutes off", "NTP", bot_token=granted(minutes_off=-40)),
    "the clock drifts": State("clock", "3 minutes off", "NTP", bot_token=granted(minutes_off=3)),
    "the app token is wrong": State(
        "app token", "refuses SLACK_APP_TOKEN (invalid_auth)", "connections:write", app_token=refused("invalid_auth")
    ),
    "the app token lacks its scope": State(
        "app token", "(missing_scope)", "connections:write", app_token=refused("missing_scope")
    ),
    "slack limits the app token": State("app token", "(429)", status=Status.UNKNOWN, app_token=turned_away(429)),
    "no public address": State("address", "PUBLIC_URL is not set", status=Status.NOTE, settings=HTTP),
    "the public address is out of reach": State(
        "address", "cannot be reached", "proxy", settings=HTTP | {"PUBLIC_URL": "http://127.0.0.1:9"}
    ),
    "the proxy finds no kept": State(
        "address", "fault of the proxy's (502)", "Start Kept", settings=HTTP, address=turned_away(502)
    ),
    "something else is there": State(
        "address", "nothing is at /slack/events", "Point the proxy", settings=HTTP, address=turned_away(404)
    ),
    "the address redirects": State("address", "redirects", "answers itself", settings=HTTP, address=turned_away(301)),
    "the proxy refuses bodies": State("address", "too large", "250 kB", settings=HTTP, address=turned_away(413)),
    "the disk is nearly full": State("disk", "5 MB free", "Make room", room=5_000_000),
    "messages were too long": State(
        "messages", "1 message(s) were given up (msg_too_long)", "report", database=given_up("msg_too_long")
    ),
    "messages lacked a scope": State(
        "messages", "(missing_scope)", "manifest of this version", database=given_up("missing_scope")
    ),
    "messages failed otherwise": State("messages", "(brand_new)", "list of errors", database=given_up("brand_new")),
    "events were set aside": State(
        "events", "1 event(s) from Slack were set aside after 5 tries (KeyError)", "report", database=set_aside
    ),
    "a workspace is paused": State(
        "stops",
        "Workspace T1 is paused (token_revoked)",
        "Install the app again",
        database=stopped("", "token_revoked"),
    ),
    "a person is out of reach": State(
        "stops", "Person U7 of T1 cannot be reached (user_disabled)", "closed", database=stopped("U7", "user_disabled")
    ),
    "a channel is out of reach": State(
        "stops",
        "Channel C7 of T1 cannot be reached (not_in_channel)",
        "Invite",
        database=stopped("C7", "not_in_channel"),
    ),
}


@asynccontextmanager
async def slack_and_address(state: State) -> AsyncIterator[dict[str, str]]:
    """Yield the settings that lead to a Slack and, where the state has one, a public address that answer as it says."""

    async def at(answer: Callable[[], web.Response]) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(_request: web.Request) -> web.Response:
            return answer()

        return handle

    app = web.Application()
    app.router.add_post("/api/auth.test", await at(state.bot_token))
    app.router.add_post("/api/apps.connections.open", await at(state.app_token))
    if state.address:
        app.router.add_post("/slack/events", await at(state.address))
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    here = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield {"SLACK_API_URL": f"{here}/api/"} | ({"PUBLIC_URL": here} if state.address else {}) | state.settings
    finally:
        await runner.cleanup()
