"""Check that Kept answers at the public address, with the same signing secret."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

import aiohttp

from bot.config import Settings
from bot.doctor.findings import Finding, Status
from bot.doctor.slack_requests import WITHIN_S

#: The body that Slack itself sends to check an address; Bolt answers it and does nothing.
BODY = "ssl_check=1"
PATH = "/slack/events"
#: The finding and its cure by HTTP status.
ANSWERS: Mapping[int, tuple[str, str]] = {
    401: (
        "answers, and refuses our signature: the Kept that runs has another signing secret, or its clock is off",
        "Give both the Signing Secret of Basic Information, and restart the one that runs.",
    ),
    404: (
        f"answers, but not with Kept: nothing is at {PATH}",
        "Point the proxy at HOST and PORT of Kept, and check that the Kept that runs is in HTTP mode.",
    ),
    413: ("turns a small request away as too large", "Let the proxy pass bodies of 250 kB."),
}
BEHIND_PROXY = (
    "answers with a fault of the proxy's ({status})",
    "Start Kept, or point the proxy at its HOST and PORT.",
)
REDIRECTED = ("redirects, which Slack does not follow", "Set the address that answers itself, beginning with https://.")


async def check_address(settings: Settings, now: datetime) -> list[Finding]:
    """Send a signed request without effect to PUBLIC_URL, as Slack would."""
    if not settings.public_url or not settings.slack_signing_secret:
        words = "PUBLIC_URL is not set, so neither the public address nor the signing secret was tried."
        return [Finding("address", Status.NOTE, words)]
    secret, sent_at = settings.slack_signing_secret.get_secret_value(), str(int(now.timestamp()))
    signature = hmac.new(secret.encode(), f"v0:{sent_at}:{BODY}".encode(), hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": sent_at,
        "X-Slack-Signature": f"v0={signature}",
    }
    url = settings.public_url.rstrip("/") + PATH
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=WITHIN_S)) as session,
            session.post(url, data=BODY, headers=headers, allow_redirects=False) as answer,
        ):
            return [_judged(answer.status)]
    except aiohttp.ClientSSLError:
        words = "PUBLIC_URL answers with a certificate that is not trusted, so Slack does not send there."
        return [Finding("address", Status.FAULT, words, "Renew the certificate, with its whole chain.")]
    except (aiohttp.ClientError, TimeoutError, OSError) as fault:
        words = f"PUBLIC_URL cannot be reached from here ({type(fault).__name__})."
        cure = "Check the name, the proxy and its firewall; some networks cannot reach their own public address."
        return [Finding("address", Status.FAULT, words, cure)]


def _judged(status: int) -> Finding:
    if status == 200:
        return Finding("address", Status.OK, "Kept answers at PUBLIC_URL, with the same signing secret.")
    words, cure = ANSWERS.get(status) or (REDIRECTED if status in range(300, 400) else BEHIND_PROXY)
    return Finding("address", Status.FAULT, f"PUBLIC_URL {words.format(status=status)}.", cure)
