"""Ticks go on when the wall clock is set back, and a silently dead connection to Slack is rebuilt."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, timedelta

import aiohttp
import pytest
from aiohttp import web
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.config import Settings
from bot.secret import SecretStr
from handlers.socket import BUILD_S, PING_S, SILENT_PINGS, ConnectionDeadError, SocketConnection
from scheduler.clockwork import SILENCE_S, Clockwork
from tests.patience import PATIENCE_S, SLOWNESS, until_true


class WrongClock(AsyncIOScheduler):  # type: ignore[misc]  # APScheduler ships no types
    """A scheduler under a wall clock that was moved: it waits for an hour of the day, so it waits so much too long."""

    wrong_by_s = 0.0

    def _start_timer(self, wait_seconds: float | None) -> None:
        wait_s = None if wait_seconds is None else max(wait_seconds - self.wrong_by_s, 0.0)
        super()._start_timer(wait_s)


class Ticking:
    """A clockwork under a wall clock that can jump, and how often it ticked since."""

    def __init__(self, max_silence_s: float) -> None:
        self.ticks = 0
        self.wall = WrongClock(timezone=UTC)
        self.clockwork = Clockwork(self._tick, scheduler=self.wall, max_silence_s=max_silence_s)
        self.clockwork.start()

    async def _tick(self) -> None:
        self.ticks += 1

    async def jump(self, by: timedelta) -> None:
        await until_true(lambda: self.ticks > 0)
        self.wall.wrong_by_s, self.ticks = by.total_seconds(), 0


async def test_no_jump_of_the_wall_clock_stops_the_ticking() -> None:
    """The last is the twin: with an hour's silence allowed nothing wakes the scheduler."""
    back, on = timedelta(hours=-2), timedelta(days=3)
    watched, asleep, unwatched = Ticking(0.4), Ticking(0.4), Ticking(3600)
    for ticking, jump in ((unwatched, back), (watched, back), (asleep, on)):
        await ticking.jump(jump)
    await until_true(lambda: min(watched.ticks, asleep.ticks) >= 4)
    assert unwatched.ticks <= 1  # one that was planned before may still come
    for ticking in (watched, asleep, unwatched):
        await ticking.clockwork.stop()


async def test_stopping_waits_for_the_tick_in_progress() -> None:
    began, end, ended = asyncio.Event(), asyncio.Event(), []

    async def work() -> None:
        began.set()
        await end.wait()
        ended.append(True)

    clockwork = Clockwork(work)
    clockwork.start()
    await began.wait()
    stopping = asyncio.create_task(clockwork.stop())
    asyncio.get_running_loop().call_soon(end.set)
    await stopping
    assert ended


def test_the_silence_allowed_leaves_a_tick_within_half_a_minute() -> None:
    assert SILENCE_S * 1.25 <= 30


class SilentSlack:
    """Opens lines that fall silent: from then on no ping is answered, and nothing is closed."""

    def __init__(self) -> None:
        self.url = ""
        self.lines = 0
        self.is_silent = False
        self.opens = True

    async def on_call(self, request: web.Request) -> web.Response:
        if request.match_info["method"] == "apps.connections.open" and self.opens:
            return web.json_response({"ok": True, "url": self.url.replace("http", "ws") + "/socket"})
        if request.match_info["method"] == "auth.test":
            return web.json_response({"ok": True, "team_id": "T1", "bot_id": "B1", "user_id": "UBOT"})
        await asyncio.Event().wait()  # it never answers
        return web.Response()

    async def on_connection(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        self.lines += 1
        async for message in socket:
            while self.is_silent:  # noqa: ASYNC110  silence is set from outside
                await asyncio.sleep(0.05)
            if message.type == aiohttp.WSMsgType.PING:
                await socket.pong(message.data)
        return socket


@pytest.fixture
async def slack() -> AsyncIterator[SilentSlack]:
    slack, app = SilentSlack(), web.Application()
    app.router.add_post("/api/{method}", slack.on_call)
    app.router.add_get("/socket", slack.on_connection)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    slack.url = f"http://{host}:{port}"
    yield slack
    await runner.cleanup()


async def connection_to(slack: SilentSlack, session: aiohttp.ClientSession) -> SocketConnection:
    async def authorize(**_: object) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1")

    async def answers() -> bool:
        return True

    client = AsyncWebClient(base_url=f"{slack.url}/api/", session=session)
    bolt = AsyncApp(client=client, authorize=authorize, request_verification_enabled=False)
    settings = Settings(
        slack_app_token=SecretStr("xapp-1"), slack_bot_token=SecretStr("xoxb-1"), slack_api_url=f"{slack.url}/api/"
    )
    return SocketConnection(bolt, settings, answers, ping_s=0.1 * SLOWNESS, build_s=0.5 * SLOWNESS)


async def test_a_line_that_died_in_silence_is_rebuilt(slack: SilentSlack) -> None:
    async with aiohttp.ClientSession() as session:
        connection = await connection_to(slack, session)
        await connection.open()
        watching = asyncio.create_task(connection.watch())
        await until_true(lambda: slack.lines == 1 and connection.is_well)
        slack.is_silent = True
        await until_true(lambda: not connection.is_well)
        slack.is_silent = False
        await until_true(lambda: slack.lines >= 2 and connection.is_well)
        watching.cancel()
        await connection.close()


async def test_when_no_line_can_be_built_though_slack_answers_the_process_gives_up(slack: SilentSlack) -> None:
    async with aiohttp.ClientSession() as session:
        connection = await connection_to(slack, session)
        await connection.open()
        slack.opens, slack.is_silent = False, True
        with pytest.raises(ConnectionDeadError, match="though Slack answers"):
            await asyncio.wait_for(connection.watch(), PATIENCE_S)
        await connection.close()


def test_a_silent_death_is_noticed_within_a_minute_and_a_half() -> None:
    assert PING_S * (SILENT_PINGS + 1) + BUILD_S <= 90
