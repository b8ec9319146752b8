"""Writing to Slack over a session that stays open: a body encoded once, and Slack's answer as it came.

The SDK builds each request several times over, which costs more than all that Kept does for a message.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.ports import Message

_WRITTEN = json.JSONEncoder()
OK = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, under the names that the SDK gives these; `data` is empty where it could not be read."""

    status_code: int
    headers: Mapping[str, str]
    data: Mapping[str, Any]

    @property
    def is_yes(self) -> bool:
        return self.status_code == OK and bool(self.data.get("ok"))


async def said(
    session: aiohttp.ClientSession | None, url: str, token: str, message: Message, fields: Mapping[str, Any], **how: Any
) -> Answer:
    """Posts the message with those of the fields that are not None; `how` is for the session.

    Raises what the session raises, and ValueError without one.
    """
    if session is None:
        raise ValueError("Messages leave over a shared session, so the client has to have one.")
    beside = _WRITTEN.encode({name: value for name, value in fields.items() if value is not None})
    text, blocks = message.written
    body = f'{{"text": {text}, "blocks": {blocks}, {beside[1:]}'.encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json;charset=utf-8"}
    async with session.post(url, data=body, headers=headers, **how) as answer:
        return Answer(answer.status, answer.headers, _read(await answer.read()))


def _read(body: bytes) -> Mapping[str, Any]:
    try:
        data = json.loads(body)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
