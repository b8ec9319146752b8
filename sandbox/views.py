"""Opening, stacking and replacing modals, and placing home tabs."""

import secrets
from typing import Any

from sandbox.errors import SlackError
from sandbox.workspace import View
from sandbox.world import World

MAX_STACKED = 3


def push_modal(world: World, user_id: str, body: dict[str, Any]) -> View:
    """Puts a modal on top of the person's stack.

    Raises: SlackError when three are open already.
    """
    stack = world.workspace.modals.setdefault(user_id, [])
    if len(stack) >= MAX_STACKED:
        raise SlackError("push_limit_reached")
    view_id = world.workspace.next_id("V")
    view = View(
        view_id,
        user_id,
        _labelled(world, body),
        root_id=stack[0].id if stack else view_id,
        previous_id=stack[-1].id if stack else None,
        hash=_new_hash(world),
        team=_team(world, user_id),
    )
    stack.append(view)
    _announce(world, view)
    return view


def replace_modal(world: World, view: View, body: dict[str, Any]) -> None:
    """Shows another body in the same view; what was typed stays where block_id and action_id stay."""
    view.body = _labelled(world, body)
    view.hash = _new_hash(world)
    _announce(world, view)


def place_home(world: World, user_id: str, body: dict[str, Any]) -> View:
    view = world.workspace.homes.get(user_id)
    if view is None:
        view_id = world.workspace.next_id("V")
        view = world.workspace.homes[user_id] = View(
            view_id, user_id, body, root_id=view_id, team=_team(world, user_id)
        )
    replace_modal(world, view, body)
    return view


def close_modals(world: World, user_id: str, view: View, *, everything: bool = False) -> None:
    """Takes that view away, and what lies on it; or the whole stack."""
    stack = world.workspace.modals.get(user_id, [])
    place = 0 if everything else next((i for i, each in enumerate(stack) if each.id == view.id), len(stack))
    del stack[place:]
    _announce(world, view)


def _team(world: World, user_id: str) -> str:
    return world.workspace.team_of(world.workspace.users[user_id]).id


def _labelled(world: World, body: dict[str, Any]) -> dict[str, Any]:
    return body | {"blocks": world.messages.labelled(body["blocks"])}


def _new_hash(world: World) -> str:
    return f"{int(world.clock.seconds())}.{secrets.token_hex(4)}"


def _announce(world: World, view: View) -> None:
    kind = "home" if view.body["type"] == "home" else "modal"
    world.feed.publish(kind, seen_by=frozenset({view.user}), view=view.id)
