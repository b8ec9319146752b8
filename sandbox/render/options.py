"""Options of menus: those of the app, people, or places."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sandbox.workspace import Channel, Kind, User, Workspace

_KINDS = {"public": Kind.PUBLIC, "private": Kind.PRIVATE, "im": Kind.DIRECT, "mpim": Kind.GROUP}


@dataclass(frozen=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True)
class Group:
    """Choices under one label ("" for none); `chosen` are the values that are selected at first."""

    label: str
    choices: list[Choice]
    chosen: frozenset[str]


def offered(element: dict[str, Any], workspace: Workspace, viewer: User, current: Channel) -> list[Group]:
    kind = element["type"].removeprefix("multi_")
    chosen = _chosen(element)
    if kind == "users_select":
        people = [
            Choice(user.id, f"{user.real_name} (@{user.name})")
            for user in workspace.users.values()
            if workspace.is_known(user, viewer)
        ]
        return [Group("", [each for each in people if not workspace.users[each.value].deleted], chosen)]
    if kind in ("conversations_select", "channels_select"):
        if element.get("default_to_current_conversation") and not chosen:
            chosen = frozenset({current.id})
        places = [c for c in workspace.channels.values() if c.readable_by(viewer) and not c.archived]
        wanted = [c for c in places if _fits(c, element, workspace, viewer)]
        return [Group("", [Choice(c.id, _title(c, workspace, viewer)) for c in wanted], chosen)]
    if "option_groups" in element:
        return [Group(_text(g["label"]), _choices(g["options"]), chosen) for g in element["option_groups"]]
    options = element.get("options") or element.get("initial_options") or [element.get("initial_option")]
    return [Group("", _choices(option for option in options if option), chosen)]


def _choices(options: Iterable[dict[str, Any]]) -> list[Choice]:
    return [Choice(option["value"], _text(option["text"])) for option in options]


def _chosen(element: dict[str, Any]) -> frozenset[str]:
    options = [element.get("initial_option"), *(element.get("initial_options") or [])]
    names = ("user", "conversation", "channel")
    ids = [element.get(f"initial_{name}") for name in names]
    for name in names:
        ids += element.get(f"initial_{name}s") or []
    return frozenset([option["value"] for option in options if option] + [each for each in ids if each])


def _fits(channel: Channel, element: dict[str, Any], workspace: Workspace, viewer: User) -> bool:
    if element["type"].endswith("channels_select"):
        return channel.kind is Kind.PUBLIC
    wanted = element.get("filter") or {}
    include = [_KINDS[each] for each in wanted.get("include", []) if each in _KINDS]
    if include and channel.kind not in include:
        return False
    if channel.kind is Kind.DIRECT and wanted.get("exclude_bot_users"):
        return not workspace.users[channel.other(viewer.id)].is_bot
    return channel.kind is Kind.PUBLIC or viewer.id in channel.members


def _title(channel: Channel, workspace: Workspace, viewer: User) -> str:
    if channel.kind is Kind.DIRECT:
        return workspace.users[channel.other(viewer.id)].real_name
    return f"{'🔒 ' if channel.kind is Kind.PRIVATE else '#'}{channel.name}"


def _text(text: dict[str, Any]) -> str:
    return str(text["text"])
