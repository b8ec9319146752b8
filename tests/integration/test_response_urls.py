"""Addresses of answers: a leaked signing secret must not make Kept call any address it is given."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from tests.integration.front import Front, front_door
from tests.unit.factories import ALICE


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as door:
        yield door


@contextlib.asynccontextmanager
async def elsewhere() -> AsyncIterator[tuple[int, list[str]]]:
    """Something else on this machine: its port, and every path that was called. `/r` leads on to `/redirected`."""
    called: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        called.append(request.path)
        if request.path == "/r":
            raise web.HTTPTemporaryRedirect(f"http://localhost:{port}/redirected")
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    try:
        yield port, called
    finally:
        await runner.cleanup()


async def clicked(front: Front, response_url: str) -> None:
    promise = await front.make()
    pressed = {"actions": [{"action_id": "act.report", "type": "button", "value": promise.id}]}
    await front.interact("block_actions", ALICE, {"response_url": response_url, "channel": {"id": "C1"}, **pressed})


async def test_an_address_that_is_not_slacks_is_not_called_and_the_answer_comes_as_a_direct_message(
    front: Front,
) -> None:
    async with elsewhere() as (port, called):
        for address in (
            f"http://localhost:{port}/x",
            "file:///etc/passwd",
            "http://[::1",
            f"http://x@localhost:{port}/",
        ):
            before = len(front.messenger.sent_to(ALICE))
            await clicked(front, address)
            assert len(front.messenger.sent_to(ALICE)) == before + 1
        assert called == []


async def test_no_redirect_is_followed(front: Front) -> None:
    async with elsewhere() as (port, called):
        await clicked(front, f"http://127.0.0.1:{port}/r")
        assert called == ["/r"]
    assert front.messenger.sent_to(ALICE)


async def test_slacks_own_address_is_called(front: Front) -> None:
    await clicked(front, front.api.response_url)
    assert len(front.api.answers) == 1
    assert front.messenger.sent_to(ALICE) == []
