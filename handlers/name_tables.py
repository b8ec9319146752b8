"""Listeners by the name in a request."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from handlers.errors import Listener


class NameTable:
    """The listeners of one kind of request; `listen` is that of all of them.

    A name that is written out comes before the patterns, the first pattern that fits before the others.
    """

    def __init__(self, name_of: Callable[[Mapping[str, Any]], str], otherwise: Listener) -> None:
        self._name_of, self._otherwise = name_of, otherwise
        self._exact: dict[str, Listener] = {}
        self._patterns: list[tuple[re.Pattern[str], Listener]] = []

    def add(self, name: str | re.Pattern[str], listener: Listener) -> None:
        """Add a listener. Raises ValueError for a name that has one."""
        if isinstance(name, re.Pattern):
            self._patterns.append((name, listener))
        elif name in self._exact:
            raise ValueError(f"{name} has a listener already.")
        else:
            self._exact[name] = listener

    async def listen(
        self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        """Call the listener of the name in the request; `otherwise` if there is none."""
        await self.of(self._name_of(body))(ack, body, context, client)

    def of(self, name: str) -> Listener:
        found = self._exact.get(name)
        return found or next((each for pattern, each in self._patterns if pattern.search(name)), self._otherwise)
