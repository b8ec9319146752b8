"""Find contradictions between settings that are each valid alone; recognise loopback addresses."""

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

SLACK_API_URL = "https://slack.com/api/"


def contradictions(values: Mapping[str, str]) -> list[str]:
    """Return the contradictions between settings, one sentence each."""
    of_many = values.keys() & {"slack_client_id", "slack_client_secret"}
    if "slack_bot_token" not in values:  # with a bot token, the keys encrypt the secrets of webhooks alone
        of_many |= values.keys() & {"kept_encryption_keys"}
    faults = _faults_for_many(values, min(of_many).upper()) if of_many else _faults_for_one(values)
    clock, slack = values.get("kept_clock_url"), values.get("slack_api_url", SLACK_API_URL)
    if clock and not (is_loopback(clock) and is_loopback(slack)):
        faults.append(
            "KEPT_CLOCK_URL moves the clock of the sandbox alone: "
            "it and SLACK_API_URL must both be addresses of this machine, such as http://127.0.0.1:4000."
        )
    return faults


def _faults_for_one(values: Mapping[str, str]) -> list[str]:
    """Return the faults of settings with one workspace's own token."""
    bot, door = "slack_bot_token" in values, values.keys() & {"slack_app_token", "slack_signing_secret"}
    if bot and not door:
        return [
            "SLACK_BOT_TOKEN needs a way for Slack to reach Kept: "
            "set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) too."
        ]
    if door and not bot:
        return [f"{min(door).upper()} needs SLACK_BOT_TOKEN too: without it Kept cannot answer."]
    return []


#: Settings that OAuth installation needs, with the reason.
_FOR_MANY = {
    "slack_client_id": "it names the app",
    "slack_client_secret": "Slack gives a workspace's token for it",
    "slack_signing_secret": "Slack's requests are signed with it",
    "kept_encryption_keys": "workspaces' tokens are encrypted with them; `kept keys new` prints one",
    "public_url": "Slack sends people back there after they agreed",
}


def _faults_for_many(values: Mapping[str, str], named: str) -> list[str]:
    """Return the faults of settings for OAuth installation; `named` is the setting that chose it."""
    missing = [f"{name.upper()} ({use})" for name, use in _FOR_MANY.items() if name not in values]
    faults = [f"{named} needs more, for workspaces to install Kept: {', '.join(missing)}."] if missing else []
    if "slack_bot_token" in values:
        faults.append(
            f"SLACK_BOT_TOKEN is one workspace's own token, and {named} is for workspaces that install Kept "
            "themselves: remove one of the two."
        )
    if "slack_app_token" in values:
        faults.append(
            f"SLACK_APP_TOKEN chooses Socket Mode, over which Slack sends nothing to an app that workspaces install "
            f"themselves ({named}): remove it, and switch Socket Mode off in the app's settings."
        )
    address = values.get("public_url", "https://")
    if not address.startswith("https://") and not is_loopback(address):
        faults.append(f"PUBLIC_URL must begin with https:// where {named} is set: Slack sends nobody back to http://.")
    return faults


def is_loopback(url: str) -> bool:
    """Return whether the address can only be this machine's."""
    host = host_of(url)
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def host_of(url: str) -> str:
    """Return the address's host; empty if it cannot be parsed."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
