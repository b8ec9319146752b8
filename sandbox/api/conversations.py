"""conversations.* and users.conversations: places, their members and their messages."""

from collections.abc import Callable

from sandbox.api.call import Answer, Call, Method
from sandbox.errors import SlackError
from sandbox.payloads import channel_json, message_json
from sandbox.workspace import Channel, Kind, Message

MAX_USERS = 8
_TYPES = {"public_channel": Kind.PUBLIC, "private_channel": Kind.PRIVATE, "im": Kind.DIRECT, "mpim": Kind.GROUP}
_SCOPED = {Kind.PUBLIC: "channels", Kind.PRIVATE: "groups", Kind.DIRECT: "im", Kind.GROUP: "mpim"}


def open_(call: Call) -> Answer:
    if call.text("channel"):
        return {"channel": {"id": call.channel().id}}
    wanted = [each for each in call.text("users").split(",") if each]
    if not wanted:
        raise SlackError("users_list_not_supplied")
    if len(wanted) > MAX_USERS:
        raise SlackError("too_many_users")
    workspace, people = call.world.workspace, {call.team.bot_user_id, *wanted}
    for each in wanted:
        may_talk_to(call, each)
    if len(people) > 2:
        before = next((c for c in workspace.channels.values() if c.kind is Kind.GROUP and c.members == people), None)
        channel = before or workspace.open_group(people, call.now_s())
    else:
        before = workspace.direct(wanted[0], call.team.bot_user_id)
        channel = before or workspace.open_direct(wanted[0], call.team.bot_user_id, call.now_s())
    if not before:
        call.world.feed.publish("places", seen_by=frozenset(people))
    known = {"no_op": True, "already_open": True} if before else {}
    shown = channel_json(channel, call.bot) if call.flag("return_im") else {"id": channel.id}
    return {**known, "channel": shown}


def info(call: Call) -> Answer:
    channel = call.channel()
    _scoped(call, channel, "read")
    shown = channel_json(channel, call.bot)
    if not call.flag("include_num_members"):
        shown.pop("num_members", None)
    return {"channel": shown}


def list_(call: Call) -> Answer:
    return _channels(call, lambda _channel: True)


def of_user(call: Call) -> Answer:
    user = call.user() if call.text("user") else call.bot
    return _channels(call, lambda channel: user.id in channel.members)


def history(call: Call) -> Answer:
    channel = _readable(call)
    shown = [m for m in channel.messages if not m.ephemeral_for and (not m.is_reply or m.broadcast)]
    return _messages(call, channel, sorted(shown, key=lambda m: float(m.ts), reverse=True))


def replies(call: Call) -> Answer:
    channel = _readable(call)
    parent = channel.message(call.needed("ts"))
    if parent is None or parent.ephemeral_for:
        raise SlackError("thread_not_found")
    root = parent.thread_ts or parent.ts
    thread = [m for m in channel.messages if not m.ephemeral_for and (m.ts == root or m.thread_ts == root)]
    return _messages(call, channel, sorted(thread, key=lambda m: float(m.ts)))


def members(call: Call) -> Answer:
    channel = call.channel()
    _scoped(call, channel, "read")
    listed, cursor = call.page(sorted(channel.members))
    return {"members": listed, "response_metadata": {"next_cursor": cursor}}


def join(call: Call) -> Answer:
    channel = call.channel()
    if channel.kind is not Kind.PUBLIC:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    if call.team.bot_user_id in channel.members:
        return {"channel": channel_json(channel, call.bot), "warning": "already_in_channel"}
    channel.members.add(call.team.bot_user_id)
    call.world.events.joined(channel, call.bot)
    return {"channel": channel_json(channel, call.bot)}


def leave(call: Call) -> Answer:
    channel = call.channel()
    if call.team.bot_user_id not in channel.members:
        return {"not_in_channel": True}
    channel.members.discard(call.team.bot_user_id)
    call.world.events.joined(channel, call.bot, left=True)
    return {}


def may_talk_to(call: Call, user_id: str) -> None:
    """Raises: SlackError when the app cannot open a conversation with that person."""
    workspace = call.world.workspace
    user = workspace.users.get(user_id)
    if user is None:
        raise SlackError("user_not_found")
    if user.deleted:
        raise SlackError("user_disabled")
    if user.is_bot:
        raise SlackError("cannot_dm_bot")
    together = [c for c in workspace.channels.values() if {user.id, call.team.bot_user_id} <= c.members]
    if user.team != call.team.id and not together:
        raise SlackError("invalid_user_combination")


def _scoped(call: Call, channel: Channel, what: str) -> None:
    call.allow((f"{_SCOPED[channel.kind]}:{what}",))


def _readable(call: Call) -> Channel:
    channel = call.channel()
    _scoped(call, channel, "history")
    if call.team.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _messages(call: Call, channel: Channel, messages: list[Message]) -> Answer:
    oldest = _instant(call.text("oldest"), 0.0, SlackError("invalid_ts_oldest"))
    latest = _instant(call.text("latest"), float("inf"), SlackError("invalid_ts_latest"))
    inclusive, metadata = call.flag("inclusive"), call.flag("include_all_metadata")

    def within(message: Message) -> bool:
        ts = float(message.ts)
        return oldest < ts < latest or (inclusive and ts in (oldest, latest))

    shown, cursor = call.page([m for m in messages if within(m)])
    return {
        "messages": [message_json(channel, message, metadata=metadata) for message in shown],
        "has_more": bool(cursor),
        "pin_count": 0,
        "response_metadata": {"next_cursor": cursor},
    }


def _instant(text: str, default: float, refusal: SlackError) -> float:
    try:
        return float(text or default)
    except ValueError:
        raise refusal from None


def _channels(call: Call, wanted: Callable[[Channel], bool]) -> Answer:
    types = [each.strip() for each in (call.text("types") or "public_channel").split(",")]
    if any(each not in _TYPES for each in types):
        raise SlackError("invalid_types")
    kinds = {_TYPES[each] for each in types}
    for kind in kinds:
        call.allow((f"{_SCOPED[kind]}:read",))
    found = [
        channel
        for channel in call.world.workspace.channels.values()
        if channel.kind in kinds
        and channel.is_of(call.team.id)
        and (channel.kind is Kind.PUBLIC or call.team.bot_user_id in channel.members)
        and not (call.flag("exclude_archived") and channel.archived)
        and wanted(channel)
    ]
    listed, cursor = call.page(found)
    return {
        "channels": [channel_json(channel, call.bot) for channel in listed],
        "response_metadata": {"next_cursor": cursor},
    }


_READ = ("channels:read", "groups:read", "im:read", "mpim:read")
_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
_SPAN = ("channel", "cursor", "limit", "oldest", "latest", "inclusive", "include_all_metadata")
METHODS = {
    "conversations.open": Method(
        open_,
        ("im:write", "mpim:write", "groups:write", "channels:manage"),
        arguments=("channel", "users", "return_im"),
        absent=("prevent_creation",),
    ),
    "conversations.info": Method(info, _READ, arguments=("channel", "include_num_members"), absent=("include_locale",)),
    "conversations.list": Method(
        list_, _READ, arguments=("types", "exclude_archived", "limit", "cursor"), absent=("team_id",)
    ),
    "conversations.history": Method(history, _HISTORY, arguments=_SPAN),
    "conversations.replies": Method(replies, _HISTORY, arguments=(*_SPAN, "ts")),
    "conversations.members": Method(members, _READ, arguments=("channel", "limit", "cursor")),
    "conversations.join": Method(join, ("channels:join",), arguments=("channel",)),
    "conversations.leave": Method(leave, ("channels:manage", "groups:write", "im:write"), arguments=("channel",)),
    "users.conversations": Method(
        of_user,
        _READ,
        arguments=("user", "types", "exclude_archived", "limit", "cursor"),
        absent=("exclude_muted", "team_id"),
    ),
}
