"""The shapes of Slack: what apps are sent, and how people, places and messages look in answers."""

from typing import Any

from sandbox.settings import APP_ID
from sandbox.teams import BOT_IDS, BOT_USER_IDS, Team, team_with
from sandbox.workspace import Channel, Kind, Message, User, View, Workspace
from sandbox.zones import offset_s, zone_label


def acting_user(user: User) -> dict[str, Any]:
    return {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team}


def envelope(
    workspace: Workspace, kind: str, user: User, token: str, trigger_id: str, team: Team | None = None
) -> dict[str, Any]:
    """Return the common fields of every interaction's payload; `team` is that of the message, if not the person's."""
    team = team or workspace.team_of(user)
    return {
        "type": kind,
        "team": team_json(team),
        "user": acting_user(user),
        "api_app_id": APP_ID,
        "token": token,
        "trigger_id": trigger_id,
        "enterprise": team.enterprise,
        "is_enterprise_install": workspace.installed.get(team.id, False),
    }


def team_json(team: Team) -> dict[str, Any]:
    of_grid = {"enterprise_id": team.enterprise_id, "enterprise_name": team.enterprise_name}
    return {"id": team.id, "domain": team.domain} | (of_grid if team.enterprise_id else {})


def place(channel: Channel) -> dict[str, Any]:
    """A channel as payloads name it: private places by what they are."""
    return {"id": channel.id, "name": place_name(channel)}


def place_name(channel: Channel) -> str:
    match channel.kind:
        case Kind.PUBLIC:
            return channel.name
        case Kind.PRIVATE:
            return "privategroup"
        case Kind.DIRECT:
            return "directmessage"
        case Kind.GROUP:
            return channel.name


def message_json(channel: Channel, message: Message, *, metadata: bool = False) -> dict[str, Any]:
    """A message as the Web API and the events show it."""
    shown: dict[str, Any] = {
        "type": "message",
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "team": message.team,
        "bot_id": message.bot_id,
        "app_id": APP_ID if message.bot_id in BOT_IDS else None,
        "subtype": message.subtype,
        "username": message.username,
        "blocks": message.blocks or None,
        "attachments": message.attachments or None,
        "thread_ts": message.thread_ts,
        "parent_user_id": None,
        "edited": {"user": message.user, "ts": message.edited_ts} if message.edited_ts else None,
        "metadata": message.metadata if metadata else None,
        "reactions": reactions_json(message) or None,
    }
    replies = channel.replies(message.ts) if not message.is_reply else []
    if replies:
        shown |= {
            "thread_ts": message.ts,
            "reply_count": len(replies),
            "reply_users": sorted({reply.user for reply in replies}),
            "reply_users_count": len({reply.user for reply in replies}),
            "latest_reply": replies[-1].ts,
        }
    return {name: value for name, value in shown.items() if value is not None}


def reactions_json(message: Message) -> list[dict[str, Any]]:
    return [{"name": name, "users": users, "count": len(users)} for name, users in message.reactions.items()]


def view_json(view: View) -> dict[str, Any]:
    body = view.body
    return {
        "id": view.id,
        "team_id": view.team,
        "type": body["type"],
        "blocks": view.blocks,
        "private_metadata": body.get("private_metadata", ""),
        "callback_id": body.get("callback_id", ""),
        "state": {"values": view.state},
        "hash": view.hash,
        "title": body.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": body.get("clear_on_close", False),
        "notify_on_close": body.get("notify_on_close", False),
        "close": body.get("close"),
        "submit": body.get("submit"),
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": APP_ID,
        "external_id": body.get("external_id", ""),
        "app_installed_team_id": view.team,
        "bot_id": team_with(view.team).bot_id,
    }


def user_json(user: User, now_s: float) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": user.id,
        "team_id": user.team,
        "name": user.name,
        "real_name": user.real_name,
        "deleted": user.deleted,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": 1_700_000_000,
        "profile": _profile(user),
    }
    if user.deleted:
        return shown
    return shown | {
        "color": "9f69e7",
        "tz": user.tz,
        "tz_label": zone_label(user.tz, now_s),
        "tz_offset": offset_s(user.tz, now_s),
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": bool(user.guest),
        "is_ultra_restricted": user.guest == "single",
        "is_email_confirmed": not user.is_bot,
        "who_can_share_contact_card": "EVERYONE",
        **_enterprise_user(user),
    }


def _enterprise_user(user: User) -> dict[str, Any]:
    team = team_with(user.team)
    if team.id != user.team or not team.enterprise_id:
        return {}
    facts = {"id": user.id, "enterprise_id": team.enterprise_id, "enterprise_name": team.enterprise_name}
    return {"enterprise_user": facts | {"is_admin": user.is_admin, "is_owner": False, "teams": [team.id]}}


def _profile(user: User) -> dict[str, Any]:
    text, emoji, expires = user.status
    shown: dict[str, Any] = {
        "title": user.title,
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": "" if user.is_bot else user.real_name,
        "display_name_normalized": "" if user.is_bot else user.real_name,
        "status_text": text,
        "status_emoji": emoji,
        "status_expiration": expires,
        "team": user.team,
    }
    if user.is_bot:
        return shown | {"bot_id": user.bot_id, "api_app_id": APP_ID if user.id in BOT_USER_IDS else ""}
    first, _, last = user.real_name.partition(" ")
    return shown | {"first_name": first, "last_name": last, "email": f"{user.name}@sandbox.example"}


def channel_json(channel: Channel, reader: User) -> dict[str, Any]:
    common: dict[str, Any] = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.archived,
        "is_im": channel.kind is Kind.DIRECT,
        "is_org_shared": False,
        "context_team_id": reader.team,
    }
    if channel.kind is Kind.DIRECT:
        return common | {"user": channel.other(reader.id), "is_user_deleted": False, "priority": 0}
    private = channel.kind is not Kind.PUBLIC
    return (
        common
        | shared_json(channel, reader.team)
        | {
            "name": channel.name,
            "name_normalized": channel.name,
            "is_channel": channel.kind is not Kind.GROUP,
            "is_group": channel.kind is Kind.PRIVATE,
            "is_private": private,
            "is_mpim": channel.kind is Kind.GROUP,
            "is_general": channel.name == "general",
            "is_member": reader.id in channel.members,
            "creator": "U00ALICE",
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": channel.purpose, "creator": "", "last_set": 0},
            "previous_names": [],
            "num_members": len(channel.members),
        }
    )


def shared_json(channel: Channel, team_id: str) -> dict[str, Any]:
    """With which other companies a team shares a channel, or soon may."""
    shown: dict[str, Any] = {
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_pending_ext_shared": bool(channel.pending_with),
        "pending_shared": sorted(channel.pending_with),
        "pending_connected_team_ids": sorted(channel.pending_with),
    }
    if channel.is_ext_shared:
        teams = {channel.team, *channel.shared_with}
        shown |= {"shared_team_ids": sorted(teams), "connected_team_ids": sorted(teams - {team_id})}
        shown |= {"conversation_host_id": channel.team, "internal_team_ids": [team_id]}
    return shown
