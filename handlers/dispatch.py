"""Dispatch commands, clicks and forms without Bolt's listeners.

Bolt tries its listeners one after the other, and builds thirty arguments for each that fits, and again for each
function that finds this out.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from handlers.errors import Listener


class Dispatch(AsyncMiddleware):
    """Bolt's last middleware for what it finds a listener for; signature, workspace and token were checked before it.

    `commands` are listeners by command, `others` by the type of the payload.
    """

    def __init__(self, commands: Mapping[str, Listener], others: Mapping[str, Listener]) -> None:
        self._commands, self._others = commands, others

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[Any]],  # noqa: A002  Bolt's name
    ) -> BoltResponse | None:
        body, context = req.body, req.context
        listener = self._commands.get(str(body.get("command"))) or self._others.get(str(body.get("type")))
        if listener is None:
            await next()
            return None
        await listener(context.ack, body, context, context.client)
        return context.ack.response
