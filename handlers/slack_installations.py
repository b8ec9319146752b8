"""Installations as slack_sdk has them, and as they are stored."""

from datetime import UTC, datetime

from slack_sdk.oauth.installation_store import Installation as SlackInstallation

from bot.domain.promise import TeamId, UserId
from bot.ports import Installation


def from_slack(found: SlackInstallation, now: datetime) -> Installation:
    """Return what Slack granted as an installation of `now`."""
    is_org = bool(found.is_enterprise_install)
    return Installation(
        TeamId((found.enterprise_id if is_org else found.team_id) or ""),
        found.bot_token or "",
        found.bot_id or "",
        UserId(found.bot_user_id or ""),
        UserId(found.user_id or ""),
        now,
        found.enterprise_id or "",
        (found.enterprise_name if is_org else found.team_name) or "",
        found.app_id or "",
        tuple(found.bot_scopes or ()),
        is_org,
        found.bot_refresh_token or "",
        expiry_instant(found.bot_token_expires_at),
    )


def to_slack(found: Installation) -> SlackInstallation:
    """Return a stored installation as slack_sdk has it."""
    return SlackInstallation(
        app_id=found.app_id,
        enterprise_id=found.enterprise_id or None,
        team_id=None if found.is_org else found.team_id,
        team_name=found.name,
        bot_token=found.bot_token,
        bot_id=found.bot_id,
        bot_user_id=found.bot_user_id,
        bot_scopes=list(found.scopes),
        bot_refresh_token=found.refresh_token or None,
        bot_token_expires_at=int(found.expires_at.timestamp()) if found.expires_at else None,
        user_id=found.installed_by,
        is_enterprise_install=found.is_org,
        installed_at=found.installed_at.timestamp(),
    )


def expiry_instant(seconds: float | None) -> datetime | None:
    """Return an instant of seconds since 1970, UTC."""
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
