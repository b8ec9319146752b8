"""Limits on size and time of a request before anything is known about its sender.

Uvicorn's httptools limits neither the length of headers nor the time that a request may take to arrive. Its h11 limits
the length, at two thirds of the rate (docs/adr/0005), so httptools stays and this class counts.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

#: In bytes, of the request line and all headers: Slack and a proxy in front send one or two thousand.
HEAD_LIMIT = 16_384
#: In seconds, from a request's first byte to its last.
REQUEST_S = 15.0


class GuardedProtocol(HttpToolsProtocol):
    """Closes connections whose request has too long a head, or takes too long to arrive."""

    request_s = REQUEST_S

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head_bytes = 0
        self._in_head = True
        self._refused = False
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        self._await_request()
        if self._in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > HEAD_LIMIT:
            self._refuse(b"431 Request Header Fields Too Large")

    def on_message_begin(self) -> None:
        self._await_request()  # the next request may have begun in the bytes that ended this one
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        if len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers) > HEAD_LIMIT:
            self._refuse(b"431 Request Header Fields Too Large")
            return
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if not self._refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        if self._refused:
            return
        self._in_head, self._head_bytes = True, 0
        self._stop_waiting()
        super().on_message_complete()

    def _await_request(self) -> None:
        if self._late is None:
            self._late = asyncio.get_running_loop().call_later(self.request_s, self._on_late)

    def _stop_waiting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _on_late(self) -> None:
        if self._in_head:
            self._refuse(b"408 Request Timeout")
        else:  # the application is reading the body, and gets a disconnect
            self.transport.close()

    def _refuse(self, status: bytes) -> None:
        if self._refused:
            return
        self._refused = True
        self._stop_waiting()
        if not self.transport.is_closing():
            self.transport.write(b"HTTP/1.1 " + status + b"\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
            self.transport.close()
