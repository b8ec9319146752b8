"""Parse Slack's user profiles and "do not disturb" answers."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.domain.people import Person
from bot.domain.promise import TeamId, UserId


def is_outsider(team_id: TeamId, user: Mapping[str, Any]) -> bool:
    """Return whether a user of `users.info` or `users.list` belongs to another company's workspace.

    `is_stranger` alone is not enough: it is false for people of other companies who share a channel with us. For people
    of an Enterprise Grid `team_id` names one workspace, and `enterprise_user` lists them all.

    >>> [is_outsider(TeamId("T1"), user) for user in ({"team_id": "T1"}, {}, {"team_id": "T2"}, {"is_stranger": True})]
    [False, False, True, True]
    >>> is_outsider(TeamId("T1"), {"team_id": "T2", "enterprise_user": {"teams": ["T2", "T1"]}})
    False
    """
    if user.get("is_stranger"):
        return True
    home, teams = user.get("team_id"), (user.get("enterprise_user") or {}).get("teams") or ()
    return bool(home) and home != team_id and team_id not in teams


def is_guest(user: Mapping[str, Any]) -> bool:
    """Return whether a user is a guest, with one channel or several."""
    return bool(user.get("is_restricted") or user.get("is_ultra_restricted"))


def person_of(team_id: TeamId, user: Mapping[str, Any], now: datetime) -> Person:
    """Return the person of a fresh `users.info` answer."""
    profile = user.get("profile") or {}
    name = profile.get("display_name") or profile.get("real_name") or user.get("real_name") or user.get("name")
    return Person(
        team_id=team_id,
        id=UserId(user["id"]),
        name=str(name or user["id"]),
        fetched_at=now,
        zone=user.get("tz") or "UTC",
        locale=str(user.get("locale") or "en-US"),
        is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        is_gone=bool(user.get("deleted")),
        is_guest=is_guest(user),
        is_admin=bool(user.get("is_admin") or user.get("is_owner")),
    )


def quiet_until(answer: Mapping[str, Any], now: datetime) -> datetime | None:
    """Return the end of "do not disturb" from `dnd.info`; None when it is off now.

    >>> nightly = {"dnd_enabled": True, "next_dnd_start_ts": 100, "next_dnd_end_ts": 200}
    >>> [quiet_until(nightly, datetime.fromtimestamp(at, UTC)) is None for at in (50, 150, 200)]
    [True, False, True]
    """
    ends = []
    if answer.get("snooze_enabled"):
        ends.append(answer.get("snooze_endtime"))
    starts = answer.get("next_dnd_start_ts")
    if answer.get("dnd_enabled") and isinstance(starts, int) and starts <= now.timestamp():
        ends.append(answer.get("next_dnd_end_ts"))
    still = [end for end in ends if isinstance(end, int) and now.timestamp() < end]
    return datetime.fromtimestamp(max(still), UTC) if still else None
