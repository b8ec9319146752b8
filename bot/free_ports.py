"""Check that the ports of a sandboxed Kept are free, and say which process holds them if not."""

import contextlib
import errno
import json
import socket
import urllib.request
from collections.abc import Sequence
from typing import Any

from bot.config import Settings

#: How far from a taken port a free one is searched for.
NEARBY = 100
#: Addresses that mean all interfaces, and the loopback address that reaches them.
EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  compared with, not bound


def why_not(settings: Settings) -> str | None:
    """Return a sentence when the sandbox's port or the bot's own is taken; None when both are free."""
    wanted = {"SANDBOX_PORT": settings.sandbox_port, "PORT": settings.port}
    hosts = {"SANDBOX_PORT": ("127.0.0.1", "::1"), "PORT": (settings.host,)}
    taken = next(((name, port) for name, port in wanted.items() if not _is_free(port, hosts[name])), None)
    if taken is None:
        return None
    name, port = taken
    others = " ".join(f"{each}={_next_free(start, hosts[each])}" for each, start in wanted.items())
    return f"{name} {port} is taken by {_holder(port)}. Stop that one, or run this one beside it: {others} make run"


def sandbox_at(port: int) -> dict[str, Any]:
    """Return the description (pid, app_url) that a sandbox at that port gives of itself; empty if there is none."""
    address = f"http://127.0.0.1:{port}/healthz"
    with contextlib.suppress(OSError, ValueError), urllib.request.urlopen(address, timeout=1) as answer:
        parsed = json.loads(answer.read())
        return dict(parsed.get("sandbox") or {}) if isinstance(parsed, dict) else {}
    return {}


def _holder(port: int) -> str:
    app = str(sandbox_at(port).get("app_url", ""))
    return f"the sandbox of another Kept (its bot: {app.removesuffix('/slack/events')})" if app else "another program"


def own_address(settings: Settings) -> str:
    """Return the address of the bot with these settings, as `http://127.0.0.1:3000`."""
    host = EVERYWHERE.get(settings.host, settings.host)
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def _is_free(port: int, hosts: Sequence[str]) -> bool:
    """Return whether a port is free at each of these addresses. An address that this machine lacks is skipped."""
    for host in hosts:
        with contextlib.suppress(socket.gaierror):
            family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            try:
                with socket.socket(family, kind, protocol) as probe:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind(address)
            except OSError as fault:
                if fault.errno in (errno.EADDRINUSE, errno.EACCES):
                    return False
    return True


def _next_free(port: int, hosts: Sequence[str]) -> int:
    return next((each for each in range(port, min(port + NEARBY, 65_536)) if _is_free(each, hosts)), port)
