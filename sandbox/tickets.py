"""Things an app may use a few times within a short real time: trigger ids and response URLs."""

import secrets
import time
from dataclasses import dataclass, field

from sandbox.errors import SlackError

RESPONSE_URL_LIFE_S = 30 * 60.0
RESPONSE_URL_USES = 5


@dataclass
class Trigger:
    user: str
    view_id: str | None = None
    born: float = field(default_factory=time.monotonic)
    used: bool = False


@dataclass
class ResponseUrl:
    """The place of an app's answer: `message_ts` is the message whose control was used, if there was one."""

    user: str
    channel: str
    message_ts: str | None = None
    thread_ts: str | None = None
    born: float = field(default_factory=time.monotonic)
    uses: int = 0


@dataclass
class Tickets:
    """Lifetimes are in real time: the sandbox's clock may jump while a person waits."""

    trigger_life_s: float = 3.0
    triggers: dict[str, Trigger] = field(default_factory=dict)
    urls: dict[str, ResponseUrl] = field(default_factory=dict)

    def trigger(self, user: str, view_id: str | None = None) -> str:
        trigger_id = f"{secrets.randbelow(10**12):012d}.{secrets.randbelow(10**10):010d}.{secrets.token_hex(16)}"
        self.triggers[trigger_id] = Trigger(user, view_id)
        return trigger_id

    def use_trigger(self, trigger_id: str) -> Trigger:
        """Raises: SlackError when it is unknown, used before, or older than `trigger_life_s`."""
        trigger = self.triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if time.monotonic() - trigger.born > self.trigger_life_s:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def response_url(self, url: ResponseUrl) -> str:
        """The secret that names this answer's way, the last part of its URL."""
        secret = secrets.token_urlsafe(18)
        self.urls[secret] = url
        return secret

    def use_response_url(self, secret: str) -> ResponseUrl:
        """Raises: SlackError when it is unknown, used up, or older than thirty minutes."""
        url = self.urls.get(secret)
        if url is None:
            raise SlackError("invalid_url")
        if url.uses >= RESPONSE_URL_USES or time.monotonic() - url.born > RESPONSE_URL_LIFE_S:
            raise SlackError("used_url" if url.uses >= RESPONSE_URL_USES else "expired_url")
        url.uses += 1
        return url
