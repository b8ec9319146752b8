"""chat.*: posting, changing and removing messages."""

from typing import Any

from sandbox.api.call import Answer, Call, Method
from sandbox.api.conversations import may_talk_to
from sandbox.block_kit import check_message, check_metadata
from sandbox.errors import SlackError
from sandbox.payloads import message_json
from sandbox.workspace import Channel, Kind, Message

CUT_ABOVE = 40_000
UPDATE_AT_MOST = 4_000


def post_message(call: Call) -> Answer:
    channel = _destination(call)
    _may_post(call, channel)
    message = _message(call)
    message.metadata = _metadata(call)
    message.broadcast = call.flag("reply_broadcast")
    if message.thread_ts and channel.message(message.thread_ts) is None:
        raise SlackError("thread_not_found")
    call.world.messages.post(channel, message)
    shown = message_json(channel, message, metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


def post_ephemeral(call: Call) -> Answer:
    channel = call.channel()
    _may_post(call, channel)
    reader = call.text("user")
    if reader not in call.world.workspace.users or reader not in channel.members:
        raise SlackError("user_not_in_channel")
    message = _message(call)
    message.ephemeral_for = reader
    call.world.messages.post(channel, message)
    return {"message_ts": message.ts}


def update(call: Call) -> Answer:
    channel, message = _own_message(call, SlackError("cant_update_message"))
    text, blocks = call.text("text"), _blocks(call)
    if len(text) > UPDATE_AT_MOST:
        raise SlackError("msg_too_long")
    if not text and not blocks and not call.args.get("attachments"):
        raise SlackError("no_text")
    changes: dict[str, Any] = {"text": text}
    if blocks is not None or text:
        changes["blocks"] = blocks or []
    attachments = call.structure("attachments", "invalid_attachments")
    if attachments is not None:
        changes["attachments"] = attachments
    if call.args.get("metadata"):
        changes["metadata"] = _metadata(call)
    call.world.messages.change(channel, message, **changes)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": message_json(channel, message, metadata=True),
    }


def delete(call: Call) -> Answer:
    channel, message = _own_message(call, SlackError("cant_delete_message"))
    call.world.messages.remove(channel, message)
    return {"channel": channel.id, "ts": message.ts}


def permalink(call: Call) -> Answer:
    channel, ts = call.channel(), call.needed("message_ts")
    if channel.message(ts) is None:
        raise SlackError("message_not_found")
    link = f"https://{call.team.domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}


def _destination(call: Call) -> Channel:
    """The place that `channel` names: an id, a public channel's name, or a person."""
    wanted, workspace = call.needed("channel"), call.world.workspace
    user = workspace.users.get(wanted)
    if user is None:
        named = workspace.channel_named(wanted, call.team.id)
        if named is None or wanted in workspace.channels:
            return call.channel()
        return named
    may_talk_to(call, user.id)
    return workspace.open_direct(user.id, call.team.bot_user_id, call.now_s())


def _may_post(call: Call, channel: Channel) -> None:
    if channel.archived:
        raise SlackError("is_archived")
    bot = call.team.bot_user_id
    if bot not in channel.members:
        anywhere = channel.kind is Kind.PUBLIC and call.scopes is not None and "chat:write.public" in call.scopes
        if not anywhere:
            raise SlackError("not_in_channel" if channel.kind is Kind.PUBLIC else "channel_not_found")
    others = [call.world.workspace.users[member] for member in channel.members if member != bot]
    if channel.kind is Kind.DIRECT and any(user.deleted for user in others):
        raise SlackError("user_disabled")


def _blocks(call: Call) -> list[dict[str, Any]] | None:
    blocks = call.structure("blocks", "invalid_blocks_format")
    if blocks is None:
        return None
    check_message(blocks)
    checked: list[dict[str, Any]] = blocks
    return checked


def _message(call: Call) -> Message:
    text, blocks = call.text("text"), _blocks(call)
    markdown = call.text("markdown_text")
    if markdown and (text or blocks):
        raise SlackError("markdown_text_conflict")
    if len(markdown) > 12_000:
        raise SlackError("msg_too_long")
    attachments = call.structure("attachments", "invalid_attachments") or []
    if len(attachments) > 100:
        raise SlackError("too_many_attachments")
    if not (text or blocks or attachments or markdown):
        raise SlackError("no_text")
    return Message(
        ts="",
        user=call.team.bot_user_id,
        text=(text or markdown)[:CUT_ABOVE],
        blocks=blocks or ([{"type": "markdown", "text": markdown}] if markdown else []),
        attachments=attachments,
        thread_ts=call.text("thread_ts") or None,
        bot_id=call.team.bot_id,
        username=call.text("username") or None,
        icon_emoji=call.text("icon_emoji") or None,
    )


def _metadata(call: Call) -> dict[str, Any] | None:
    metadata = call.structure("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    check_metadata(metadata)
    checked: dict[str, Any] = metadata
    return checked


def _own_message(call: Call, refusal: SlackError) -> tuple[Channel, Message]:
    channel = call.channel()
    message = channel.message(call.needed("ts"))
    if message is None or message.ephemeral_for:
        raise SlackError("message_not_found")
    if message.bot_id != call.team.bot_id:
        raise refusal
    return channel, message


_WRITE = ("chat:write",)
_CONTENT = ("channel", "text", "blocks", "attachments", "markdown_text", "thread_ts", "username", "icon_emoji")
_PLAIN = ("as_user", "icon_url", "link_names", "parse")
METHODS = {
    "chat.postMessage": Method(
        post_message,
        _WRITE,
        arguments=(*_CONTENT, "metadata", "reply_broadcast"),
        absent=(*_PLAIN, "mrkdwn", "unfurl_links", "unfurl_media"),
    ),
    "chat.postEphemeral": Method(post_ephemeral, _WRITE, arguments=(*_CONTENT, "user"), absent=(*_PLAIN, "metadata")),
    "chat.update": Method(
        update,
        _WRITE,
        arguments=("channel", "ts", "text", "blocks", "attachments", "metadata"),
        absent=(
            "as_user",
            "file_ids",
            "link_names",
            "markdown_text",
            "parse",
            "reply_broadcast",
            "unfurled_attachments",
        ),
    ),
    "chat.delete": Method(delete, _WRITE, arguments=("channel", "ts"), absent=("as_user",)),
    "chat.getPermalink": Method(permalink, arguments=("channel", "message_ts")),
}
