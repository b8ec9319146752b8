"""Ports for the processes that tests start: none is given twice by a process of tests, whatever the system reuses.

The system's own choice (port 0) comes from the ports of outgoing connections, and may be one that was just closed
(a sandbox and its bot once got the same). These lie below that range, and each process of tests begins elsewhere.
"""

import os
import socket
from itertools import count

FIRST, PORTS = 10_000, 20_000
#: Apart from each other for processes that start one after the other: a suite takes some hundred ports.
_offsets = count(os.getpid() * 617)


def free_port() -> int:
    """Return a port of 127.0.0.1 that nothing listens on and that this process has not given away yet."""
    while True:
        port = FIRST + next(_offsets) % PORTS
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
