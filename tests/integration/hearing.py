"""Direct messages to Kept, and a promise with a message in whose thread people reply."""

from typing import Any

from bot.domain.promise import Promise, UserId
from tests.integration.front import Front
from tests.unit.factories import ALICE, BOB


def direct(text: str, by: UserId = ALICE, **more: Any) -> dict[str, Any]:
    place = {"channel": "D1", "channel_type": "im"}
    return {"type": "message", "user": by, "text": text, "ts": "170.5", **place, **more}


async def asked(front: Front) -> tuple[Promise, str]:
    """A promise of Bob's to Alice, and where a message about it stands."""
    promise = await front.make("send the deck by Friday 17:00", BOB, ALICE)
    await front.send()
    (ts,) = (ts for ts, post in front.messenger.posts.items() if post.to == ALICE)
    return promise, ts
