"""Integration with a process supervisor: early binding of the port, and sd_notify(3)."""

import asyncio
import os
import socket
from collections.abc import Callable

from bot.domain.errors import KeptError


class AddressError(KeptError):
    """HOST and PORT cannot be listened on; the sentence says what to do."""


def bound(host: str, port: int) -> socket.socket:
    """Return a socket bound to an address, IPv4 or IPv6; port 0 takes any that is free.

    Raises AddressError when it is taken, not this machine's, or not allowed.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise AddressError(f"HOST {host} is no address of this machine: {error.strerror}. Set another.") from None
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(address)
    except OSError as error:
        listening.close()
        cure = "Stop the program that holds it, or set PORT to another number (and your proxy to the same)."
        raise AddressError(f"PORT {port} of HOST {host} cannot be used: {error.strerror}. {cure}") from None
    listening.set_inheritable(True)
    return listening


def notify(state: str) -> None:
    """Send `READY=1`, `WATCHDOG=1` or `STOPPING=1` to the supervisor, if there is one (NOTIFY_SOCKET)."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.connect("\0" + address[1:] if address.startswith("@") else address)
        channel.sendall(state.encode())


async def keep_alive(is_well: Callable[[], bool]) -> None:
    """Notify the supervisor's watchdog periodically while the process is healthy (WATCHDOG_USEC)."""
    watched_us = int(os.environ.get("WATCHDOG_USEC") or 0)
    while watched_us:
        if is_well():
            notify("WATCHDOG=1")
        await asyncio.sleep(watched_us / 2e6)
