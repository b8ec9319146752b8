"""Whether the two ports of a sandboxed Kept are free, who holds them if not, and what to do then."""

import contextlib
import json
import socket
import urllib.request
from typing import Any

from bot.config import Settings

#: How far from a taken port a free one is looked for.
NEARBY = 100


def why_not(settings: Settings) -> str | None:
    """Return a sentence when the sandbox's port or the bot's own is taken; None when both are free."""
    wanted = {"SANDBOX_PORT": settings.sandbox_port, "PORT": settings.port}
    taken = next(((name, port) for name, port in wanted.items() if not _is_free(port)), None)
    if taken is None:
        return None
    name, port = taken
    others = " ".join(f"{each}={_next_free(start)}" for each, start in wanted.items())
    return f"{name} {port} is taken by {_holder(port)}. Stop that one, or run this one beside it: {others} make run"


def sandbox_at(port: int) -> dict[str, Any]:
    """Return what a sandbox at that port says of itself (pid, app_url); nothing when there is none."""
    address = f"http://127.0.0.1:{port}/healthz"
    with contextlib.suppress(OSError, ValueError), urllib.request.urlopen(address, timeout=1) as answer:
        said = json.loads(answer.read())
        return dict(said.get("sandbox") or {}) if isinstance(said, dict) else {}
    return {}


def _holder(port: int) -> str:
    app = str(sandbox_at(port).get("app_url", ""))
    return f"the sandbox of another Kept (its bot: {app.removesuffix('/slack/events')})" if app else "another program"


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _next_free(port: int) -> int:
    return next((each for each in range(port, min(port + NEARBY, 65_536)) if _is_free(each)), port)
