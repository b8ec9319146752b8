"""Fast writes to Slack over a kept-open session: each body is encoded once, without the SDK.

The SDK builds each request several times over, which costs more than everything else Kept does for a message.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp.payload import BytesPayload

from bot.ports import Message

OK = 200
#: Longer than Slack ever takes, shorter than a delivery's lease.
REQUEST_TIMEOUT = aiohttp.ClientTimeout(total=20, sock_connect=5)
JSON = "application/json;charset=utf-8"


@dataclass(frozen=True, slots=True)
class PostAnswer:
    """Slack's answer, with the SDK's attribute names; `data` is empty if it could not be parsed."""

    status_code: int
    headers: Mapping[str, str]
    data: Mapping[str, Any]

    @property
    def is_yes(self) -> bool:
        return self.status_code == OK and bool(self.data.get("ok"))


def slack_session(timeout: aiohttp.ClientTimeout = REQUEST_TIMEOUT) -> aiohttp.ClientSession:
    """Return a session for requests to Slack. It keeps no cookies: those of one workspace would go with another's."""
    return aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())


async def post_message(
    session: aiohttp.ClientSession | None, url: str, token: str, message: Message, fields: Mapping[str, str], **how: Any
) -> PostAnswer:
    """Post the message and return Slack's answer; `how` is passed to the session.

    `fields` are the other arguments, each as JSON; empty ones are left out.

    Raises what the session raises, and ValueError without one.
    """
    if session is None:
        raise ValueError("Messages leave over a shared session, so the client has to have one.")
    text, blocks = message.written
    others = "".join([f', "{name}": {value}' for name, value in fields.items() if value])
    body = BytesPayload(f'{{"text": {text}, "blocks": {blocks}{others}}}'.encode(), content_type=JSON)
    async with session.post(url, data=body, headers={"Authorization": f"Bearer {token}"}, **how) as answer:
        return PostAnswer(answer.status, answer.headers, _read(await answer.read()))


def _read(body: bytes) -> Mapping[str, Any]:
    try:
        data = json.loads(body)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
