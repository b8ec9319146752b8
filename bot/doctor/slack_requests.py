"""Single requests to Slack, and answers that are inconclusive."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.doctor.findings import Finding, Status

#: How long to wait for an answer, in seconds.
WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A method's answer with its headers; `excuse` says why there is none that could be judged."""

    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    excuse: str = ""

    def unknown(self, check: str, subject: str) -> Finding:
        """Return the finding that something could not be checked."""
        words = f"{subject} could not be checked: {self.excuse}"
        return Finding(check, Status.UNKNOWN, words, "Run `kept doctor` again in a minute.")


async def ask(api_url: str, method: str, token: str) -> Answer:
    """Call a method of Slack's Web API without retrying."""
    headers = {"Authorization": f"Bearer {token}"}
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=WITHIN_S)) as session,
            session.post(f"{api_url}{method}", headers=headers, allow_redirects=False) as answer,
        ):
            return await _judged(answer)
    except (aiohttp.ClientError, TimeoutError, OSError) as fault:
        return Answer(excuse=f"Slack cannot be reached from here ({type(fault).__name__}).")


async def _judged(answer: aiohttp.ClientResponse) -> Answer:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    if answer.status == 429:
        return Answer({}, headers, f"Slack asks to wait {headers.get('retry-after', 'a few')} s (429).")
    if answer.status >= 500:
        return Answer({}, headers, f"Slack has a fault of its own ({answer.status}).")
    try:
        body = await answer.json(content_type=None)
    except ValueError:
        return Answer({}, headers, "what answers at SLACK_API_URL is not Slack; a proxy may stand between.")
    if not isinstance(body, dict):
        return Answer({}, headers, "what answers at SLACK_API_URL is not Slack; a proxy may stand between.")
    return Answer(body, headers)
