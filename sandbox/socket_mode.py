"""Socket Mode: the app's own connection, over which everything is delivered while it lasts."""

import asyncio
import json
import secrets
from typing import Any

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox.settings import APP_ID
from sandbox.world import World

LIFE_S = 3600
#: How long a socket stays open after its `disconnect` (Slack: about ten seconds); a `warning` alone closes none.
CLOSED_AFTER_S = 2.0


def routes() -> list[WebSocketRoute]:
    return [WebSocketRoute("/link/", _connected)]


async def _connected(socket: WebSocket) -> None:
    world: World = socket.app.state.world
    ticket = socket.query_params.get("ticket", "")
    if ticket not in world.socket_tickets:
        await socket.close(4001)
        return
    world.socket_tickets.discard(ticket)
    await socket.accept()
    socket_id = secrets.token_hex(8)
    sending = asyncio.Lock()
    closing: list[asyncio.Task[None]] = []

    async def send(envelope: dict[str, Any]) -> None:
        async with sending:
            await socket.send_text(json.dumps(envelope))
        if envelope["type"] == "disconnect" and envelope["reason"] != "warning":
            world.link.detach(socket_id)  # its app reads it no more: what is sent into it would never be answered
            closing.append(asyncio.create_task(_close_soon(socket)))

    await send(_hello(world.link.attach(socket_id, send)))
    world.feed.publish("link", sockets=len(world.link.sockets()))
    try:
        while True:
            _acknowledged(world, await socket.receive_text())
    except WebSocketDisconnect:
        return
    finally:
        world.link.detach(socket_id)
        world.feed.publish("link", sockets=len(world.link.sockets()))
        for task in closing:
            task.cancel()


async def _close_soon(socket: WebSocket) -> None:
    """Close a socket that its app may have stopped reading, so that nothing more is sent into it."""
    await asyncio.sleep(CLOSED_AFTER_S)
    await socket.close(1000)


async def disconnect_all(world: World, reason: str) -> int:
    """Announce to every socket that it will be closed ("warning", "refresh_requested" or "link_disabled")."""
    sockets = world.link.sockets()
    for send in sockets:
        await send({"type": "disconnect", "reason": reason, "debug_info": _debug()})
    return len(sockets)


def _acknowledged(world: World, text: str) -> None:
    try:
        envelope = json.loads(text)
    except ValueError:
        return  # Slack, too, ignores what is no JSON, such as the ping-pong text of some clients
    if isinstance(envelope, dict) and isinstance(envelope.get("envelope_id"), str):
        world.link.acknowledge(envelope["envelope_id"], envelope.get("payload"))


def _hello(connections: int) -> dict[str, Any]:
    return {
        "type": "hello",
        "num_connections": connections,
        "debug_info": _debug(),
        "connection_info": {"app_id": APP_ID},
    }


def _debug() -> dict[str, Any]:
    return {"host": "sandbox", "build_number": 1, "approximate_connection_time": LIFE_S}
