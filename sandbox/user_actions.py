"""User actions: typing commands and messages, clicks, forms, the home tab. Each is sent to the app, as by Slack."""

import uuid
from dataclasses import dataclass
from typing import Any

from sandbox.app_link import Answer
from sandbox.messages import interactive
from sandbox.payloads import envelope, message_json, place, place_name, view_json
from sandbox.places import find_channel
from sandbox.replies import show_reply
from sandbox.settings import APP_ID
from sandbox.state import chosen, first_state
from sandbox.teams import BOT_IDS, Team, team_with
from sandbox.tickets import ResponseUrl
from sandbox.typed import entities
from sandbox.workspace import Channel, Message, User, View
from sandbox.world import World

SLACKBOT = "USLACKBOT"


class NotPossibleError(Exception):
    """An action that is not possible here; the sentence says why."""


@dataclass(frozen=True)
class Click:
    """The control that a person uses: on a message (channel, ts) or in a view."""

    action_id: str
    block_id: str | None = None
    value: Any = None
    channel: Channel | None = None
    message: Message | None = None
    view: View | None = None


async def type_command(world: World, user: User, channel: Channel, command: str, text: str) -> Answer:
    """Sends a slash command and shows its answer, or Slack's sentence about the lack of one."""
    declared = world.manifest.command(command)
    if declared is None and command in OWN_COMMANDS:
        return OWN_COMMANDS[command](world, user, channel, text)
    team = world.workspace.team_of(user)
    if refusal := _no_command(world, user, team, command):
        send_ephemeral(world, channel, user, refusal)
        return Answer(None, None, 0.0, "invalid_command")
    escapes = declared is not None and declared.should_escape
    shown = entities(world.workspace, text, user, labels=True) if escapes else text
    payload = {
        "token": world.settings.credentials.verification_token,
        "team_id": team.id,
        "team_domain": team.domain,
        **({"enterprise_id": team.enterprise_id, "enterprise_name": team.enterprise_name} if team.enterprise else {}),
        "channel_id": channel.id,
        "channel_name": place_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": shown.strip(),
        "api_app_id": APP_ID,
        "is_enterprise_install": str(world.workspace.installed[team.id]).lower(),
        "response_url": world.response_url(ResponseUrl(user.id, channel.id)),
        "trigger_id": world.tickets.trigger(user.id),
    }
    answer = await world.link.deliver("slash_commands", command, payload)
    if not answer.ok:
        send_ephemeral(world, channel, user, f'{command} failed with the error "{answer.failure}"')
    elif answer.body:
        body = answer.body if isinstance(answer.body, dict) else {"text": answer.body}
        problem = show_reply(world, body, channel=channel, reader=user.id)
        if problem:
            send_ephemeral(world, channel, user, f'{command} failed with the error "{problem}"')
    return answer


def _no_command(world: World, user: User, team: Team, command: str) -> str:
    """Return why a person cannot use a command; "" if they can."""
    if user.team != team.id:
        return f"`{command}` is not there for people of another company."
    if team.id not in world.workspace.installed:
        return f"`{command}` is not a valid command here: {world.manifest.app_name} is not installed in {team.name}."
    if world.manifest.command(command) is None:
        return f"`{command}` is not a valid command here. The app's commands: {_names(world)}"
    return ""


def invite(world: World, user: User, channel: Channel, text: str) -> Answer:
    """Slack's own /invite: add a person, or the app, to a channel."""
    guest = world.workspace.user_named(text.strip(), user.team)
    is_welcome = guest and not guest.deleted and channel.is_of(guest.team)
    if guest is None or not is_welcome or channel.kind.is_talk or user.id not in channel.members:
        send_ephemeral(world, channel, user, f"{text.strip() or 'That'} cannot be invited here.")
    elif guest.id not in channel.members:
        channel.members.add(guest.id)
        world.events.joined(channel, guest)
        world.messages.post(
            channel, Message("", guest.id, f"<@{guest.id}> has joined the channel", subtype="channel_join")
        )
    return Answer(None, None, 0.0)


def talk(world: World, user: User, channel: Channel, text: str) -> Answer:
    """Slack's own /dm: opens the conversation of several people."""
    named = [world.workspace.user_named(each, user.team) for each in text.split()]
    people = {each.id for each in named if each and not each.deleted} | {user.id}
    if None in named or len(people) < 3:
        send_ephemeral(world, channel, user, "Name two people or more, as in `/dm @bob @dave`.")
        return Answer(None, None, 0.0)
    opened = world.workspace.open_group(people, world.clock.seconds())
    world.feed.publish("places", seen_by=frozenset(people))
    send_ephemeral(world, channel, user, f"You can talk there now: <#{opened.id}>")
    return Answer(None, None, 0.0)


#: What Slack's own client understands; an app's command of the same name goes first.
OWN_COMMANDS = {"/invite": invite, "/dm": talk}


def react(world: World, user: User, channel: Channel, message: Message, name: str) -> None:
    """Answers a message with an emoji, or takes it back when it is there."""
    if user.id not in channel.members or message.ephemeral_for:
        raise NotPossibleError(f"@{user.name} cannot react there.")
    take_back = user.id in message.reactions.get(name, [])
    world.messages.react(channel, message, user.id, name, take_back=take_back)
    world.events.reacted(channel, message, user, name, removed=take_back)


def say(world: World, user: User, channel: Channel, text: str, thread_ts: str | None = None) -> Message:
    """Posts what a person typed."""
    if channel.archived:
        raise NotPossibleError(f"#{channel.name} is archived: posting there is not possible any more.")
    if user.id not in channel.members:
        raise NotPossibleError(f"@{user.name} is not a member of that conversation.")
    message = Message("", user.id, entities(world.workspace, text, user, labels=False), thread_ts=thread_ts)
    return world.messages.post(channel, message)


def send_ephemeral(world: World, channel: Channel, user: User, text: str) -> None:
    """Slackbot's word to one person."""
    world.messages.post(channel, Message("", SLACKBOT, text, ephemeral_for=user.id, username="Slackbot"))


async def click(world: World, user: User, used: Click) -> Answer:
    """Use a button, menu or picker, and send that to the app."""
    blocks = used.view.blocks if used.view else used.message.blocks if used.message else []
    block, element = _control(blocks, used)
    state = {"type": element["type"]} if element["type"] == "button" else chosen(element, used.value, user.tz)
    action = {"action_id": element["action_id"], "block_id": block["block_id"], **state}
    if element["type"] == "button":
        action["text"] = element["text"]
        if "value" in element:
            action["value"] = element["value"]
    action["action_ts"] = world.workspace.next_ts(world.clock.seconds())
    if used.view and element["type"] not in ("button", "overflow"):
        used.view.state.setdefault(block["block_id"], {})[element["action_id"]] = state
    view_id = used.view.id if used.view else None
    token, trigger = world.settings.credentials.verification_token, world.tickets.trigger(user.id, view_id)
    payload = envelope(world.workspace, "block_actions", user, token, trigger, _author(used))
    payload |= _container(world, user, used)
    payload["actions"] = [action]
    return await world.link.deliver("interactive", f"block_actions {element['action_id']}", payload)


async def suggestions(world: World, user: User, used: Click, typed: str) -> Answer:
    """Asks the app what a menu offers that it fills as one types: `options` or `option_groups` in the answer."""
    blocks = used.view.blocks if used.view else used.message.blocks if used.message else []
    block, element = _control(blocks, used)
    token = world.settings.credentials.verification_token
    payload = envelope(world.workspace, "block_suggestion", user, token, "", _author(used))
    del payload["trigger_id"]
    payload |= {"action_id": element["action_id"], "block_id": block["block_id"], "value": typed}
    about = _container(world, user, used)
    payload |= {name: value for name, value in about.items() if name not in ("state", "response_url")}
    return await world.link.deliver("interactive", f"block_suggestion {element['action_id']}", payload)


def _author(used: Click) -> Team | None:
    """The team whose app wrote the message that was used."""
    return team_with(used.message.team) if used.message and used.message.bot_id in BOT_IDS else None


def _control(blocks: list[dict[str, Any]], used: Click) -> tuple[dict[str, Any], dict[str, Any]]:
    for block in blocks:
        if used.block_id in (None, block["block_id"]):
            for element in interactive(block):
                wanted = used.value if element["type"] == "button" else None
                if element.get("action_id") == used.action_id and wanted in (None, element.get("value")):
                    return block, element
    raise NotPossibleError(f"There is no control “{used.action_id}” there any more.")


def _container(world: World, user: User, used: Click) -> dict[str, Any]:
    if used.view:
        used.view.state = first_state(used.view.blocks) | used.view.state
        shown = view_json(used.view)
        return {"container": {"type": "view", "view_id": used.view.id}, "view": shown}
    channel, message = used.channel, used.message
    if channel is None or message is None:
        raise NotPossibleError("A click needs a message or a view.")
    ephemeral = message.ephemeral_for is not None
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": ephemeral,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    url = world.response_url(ResponseUrl(user.id, channel.id, message.ts, message.thread_ts))
    content = {} if ephemeral else {"message": message_json(channel, message, metadata=True)}
    values = first_state(message.blocks)
    return {
        "container": container,
        "channel": place(channel),
        "state": {"values": values},
        "response_url": url,
        **content,
    }


async def use_shortcut(
    world: World, user: User, callback_id: str, channel: Channel | None, message: Message | None
) -> Answer:
    """Uses a global shortcut, or one on a message."""
    kind = "message_action" if message else "shortcut"
    trigger_id = world.tickets.trigger(user.id)
    payload = envelope(world.workspace, kind, user, world.settings.credentials.verification_token, trigger_id)
    payload |= {"callback_id": callback_id, "action_ts": world.workspace.next_ts(world.clock.seconds())}
    if channel and message:
        shown_message = message_json(channel, message) | {"client_msg_id": str(uuid.uuid4())}
        payload |= {
            "channel": place(channel),
            "message_ts": message.ts,
            "message": shown_message,
            "response_url": world.response_url(ResponseUrl(user.id, channel.id, message.ts)),
        }
    return await world.link.deliver("interactive", f"{kind} {callback_id}", payload)


def open_home(world: World, user: User, tab: str = "home") -> None:
    """Notify the app that the person opened its home (or messages) tab."""
    direct = find_channel(world, user, "dm")
    view = world.workspace.homes.get(user.id)
    world.events.home_opened(user, direct, tab, view_json(view) if view and tab == "home" else None)


def _names(world: World) -> str:
    return ", ".join(command.name for command in world.manifest.commands) or "none"
