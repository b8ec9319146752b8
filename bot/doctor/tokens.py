"""Check both tokens with Slack, the granted scopes, and this machine's clock against Slack's."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import yaml

from bot.config import Settings
from bot.doctor.database import SCOPES
from bot.doctor.findings import Finding, Status
from bot.doctor.slack_requests import Answer, ask
from bot.domain.promise import TeamId
from bot.shipped import text_of
from bot.storage.engine import check_only_for
from bot.storage.errors import DatabaseError

#: Slack refuses signatures that are more than five minutes off; a drifting clock is reported earlier.
MAX_OFF = timedelta(minutes=1)
#: The meaning of Slack's refusals of the bot token; other errors are shown with Slack's name.
REFUSALS: Mapping[str, str] = {
    "invalid_auth": "Copy the Bot User OAuth Token again, from OAuth & Permissions in the app's settings.",
    "not_authed": "Copy the Bot User OAuth Token again, from OAuth & Permissions in the app's settings.",
    "account_inactive": "The app was removed from the workspace: install it again.",
    "token_revoked": "The app was removed from the workspace: install it again.",
    "token_expired": "The token has expired: switch token rotation off in the app's settings, and install it again.",
    "team_access_not_granted": "Ask an admin of the organisation to grant the app access to the workspace.",
    "not_allowed_token_type": "Use the token that begins with xoxb-.",
    "ekm_access_denied": "The workspace's admins suspended access with their own encryption keys: ask them.",
}
NEW_APP_TOKEN = "In the app's settings, generate an app-level token with the scope connections:write."  # noqa: S105  no token


async def check_tokens(settings: Settings, now: Callable[[], datetime]) -> list[Finding]:
    """Return findings about the bot token, its scopes, the clock, and the token of Socket Mode if set."""
    found = []
    if settings.slack_bot_token:
        before = now()
        answer = await ask(settings.slack_api_url, "auth.test", settings.slack_bot_token.get_secret_value())
        found += [await _bot_token(settings, answer), *_scopes(answer), *_clock(answer, before, now())]
    if settings.slack_app_token:
        token = settings.slack_app_token.get_secret_value()
        found.append(_app_token(await ask(settings.slack_api_url, "apps.connections.open", token)))
    return found


async def _bot_token(settings: Settings, answer: Answer) -> Finding:
    if answer.excuse:
        return answer.unknown("bot token", "SLACK_BOT_TOKEN")
    if not answer.body.get("ok"):
        error = str(answer.body.get("error"))
        cure = REFUSALS.get(error, "Look it up in Slack's list of errors for auth.test.")
        return Finding("bot token", Status.FAULT, f"Slack refuses SLACK_BOT_TOKEN ({error}).", cure)
    team_id = TeamId(str(answer.body.get("team_id")))
    try:
        await check_only_for(settings.database, team_id)
    except DatabaseError as fault:
        return Finding("bot token", Status.FAULT, str(fault))
    return Finding(
        "bot token", Status.OK, f"Slack takes SLACK_BOT_TOKEN: it is of {answer.body.get('team')} ({team_id})."
    )


#: What an optional scope is missed for.
WITHOUT = {
    "channels:history": (
        "Kept cannot listen in channels, nor look whether a card or a digest stands whose posting broke off, so that "
        "one may come twice"
    ),
    "dnd:read": "Kept takes do-not-disturb to be off",
    "reactions:read": "a reaction to a card does nothing",
}


def _scopes(answer: Answer) -> list[Finding]:
    granted = set(re.split(r"[, ]+", answer.headers.get("x-oauth-scopes", ""))) - {""}
    if not granted:
        return []  # not an answer of Slack's own, or a refusal
    wanted, optional = manifest_scopes()
    if lost := sorted(wanted - optional - granted):
        words = f"The installation lacks the scope(s) {', '.join(lost)}."
        return [Finding("scopes", Status.FAULT, words, SCOPES)]
    left_out = sorted(optional - granted)
    if left_out:
        missed = "; ".join(WITHOUT.get(scope, "Kept does without what it is for") for scope in left_out)
        words = f"The optional scope(s) {', '.join(left_out)} were left out: {missed}."
        return [Finding("scopes", Status.NOTE, words)]
    return [Finding("scopes", Status.OK, "Every scope of the manifest was granted.")]


def manifest_scopes() -> tuple[frozenset[str], frozenset[str]]:
    """Return the scopes that the manifest requests, and the optional ones among them."""
    scopes = yaml.safe_load(text_of("manifest.yaml"))["oauth_config"]["scopes"]
    optional = frozenset(scopes["bot_optional"])
    return frozenset(scopes["bot"]) | optional, optional


def _clock(answer: Answer, before: datetime, after: datetime) -> list[Finding]:
    try:
        slack = parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError):
        return []
    off = max(before - slack, slack - after, timedelta(0))
    if off > MAX_OFF:
        words = f"This machine's clock is {_in_words(off)} off Slack's: Slack's requests are refused at five minutes."
        return [Finding("clock", Status.FAULT, words, "Let the machine's time be set by NTP.")]
    return [Finding("clock", Status.OK, "This machine's clock agrees with Slack's.")]


def _in_words(off: timedelta) -> str:
    minutes = round(off.total_seconds() / 60)
    return "a minute" if minutes == 1 else f"{minutes} minutes"


def _app_token(answer: Answer) -> Finding:
    if answer.excuse:
        return answer.unknown("app token", "SLACK_APP_TOKEN")
    if answer.body.get("ok"):
        return Finding("app token", Status.OK, "Slack takes SLACK_APP_TOKEN for Socket Mode.")
    error = str(answer.body.get("error"))
    return Finding("app token", Status.FAULT, f"Slack refuses SLACK_APP_TOKEN ({error}).", NEW_APP_TOKEN)
