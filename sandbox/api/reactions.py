"""reactions.*: what people and apps answer a message with."""

import re

from sandbox.api.call import Answer, Call, Method
from sandbox.errors import SlackError
from sandbox.payloads import message_json
from sandbox.workspace import Channel, Message

_NAME = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


def add(call: Call) -> Answer:
    channel, message, name = _named(call)
    if channel.archived:
        raise SlackError("is_archived")
    if not call.world.messages.react(channel, message, call.team.bot_user_id, name):
        raise SlackError("already_reacted")
    call.world.events.reacted(channel, message, call.bot, name)
    return {}


def remove(call: Call) -> Answer:
    channel, message, name = _named(call)
    if not call.world.messages.react(channel, message, call.team.bot_user_id, name, take_back=True):
        raise SlackError("no_reaction")
    call.world.events.reacted(channel, message, call.bot, name, removed=True)
    return {}


def get(call: Call) -> Answer:
    channel, message = _message(call)
    return {"type": "message", "channel": channel.id, "message": message_json(channel, message)}


def _named(call: Call) -> tuple[Channel, Message, str]:
    name = call.needed("name").strip(":")
    if not _NAME.fullmatch(name):
        raise SlackError("invalid_name")
    return *_message(call), name


def _message(call: Call) -> tuple[Channel, Message]:
    channel = call.channel()
    message = channel.message(call.needed("timestamp"))
    if message is None or message.ephemeral_for:
        raise SlackError("message_not_found")
    return channel, message


METHODS = {
    "reactions.add": Method(add, ("reactions:write",), arguments=("channel", "name", "timestamp")),
    "reactions.remove": Method(
        remove, ("reactions:write",), arguments=("channel", "name", "timestamp"), absent=("file", "file_comment")
    ),
    "reactions.get": Method(
        get, ("reactions:read",), arguments=("channel", "timestamp"), absent=("file", "file_comment", "full")
    ),
}
