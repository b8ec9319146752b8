"""views.*: modals and home tabs."""

import secrets
from typing import Any

from sandbox.api.call import Answer, Call, Method
from sandbox.block_kit import check_view
from sandbox.errors import SlackError, refused_blocks
from sandbox.payloads import view_json
from sandbox.tickets import Trigger
from sandbox.views import place_home, push_modal, replace_modal
from sandbox.workspace import View


def open_(call: Call) -> Answer:
    body = _view(call, "modal")
    trigger = _trigger(call)
    stack = call.world.workspace.modals.setdefault(trigger.user, [])
    stack.clear()
    return {"view": view_json(push_modal(call.world, trigger.user, body))}


def push(call: Call) -> Answer:
    body = _view(call, "modal")
    trigger = _trigger(call)
    if not call.world.workspace.modals.get(trigger.user):
        raise SlackError("not_found")
    return {"view": view_json(push_modal(call.world, trigger.user, body))}


def update(call: Call) -> Answer:
    body = _view(call, "modal", "home")
    workspace = call.world.workspace
    if call.text("view_id"):
        view = workspace.view(call.text("view_id"))
    else:
        view = workspace.view_with_external_id(call.needed("external_id"))
    if view is None:
        raise SlackError("not_found")
    _same_hash(call, view)
    replace_modal(call.world, view, body)
    return {"view": view_json(view)}


def publish(call: Call) -> Answer:
    body = _view(call, "home")
    user = call.world.workspace.users.get(call.needed("user_id"))
    if user is None:
        raise refused_blocks("invalid_arguments", ["invalid `user_id`"])
    if not call.world.manifest.home_tab:
        raise SlackError("not_enabled")
    shown = call.world.workspace.homes.get(user.id)
    if shown:
        _same_hash(call, shown)
    return {"view": view_json(place_home(call.world, user.id, body))}


def _view(call: Call, *kinds: str) -> dict[str, Any]:
    view = call.structure("view", "invalid_arguments")
    if view is None:
        raise refused_blocks("invalid_arguments", ["missing required field: view [json-pointer:/view]"])
    check_view(view, *kinds)
    checked: dict[str, Any] = view
    external_id = checked.get("external_id")
    taken = call.world.workspace.view_with_external_id(external_id) if external_id else None
    if taken and taken.id != call.text("view_id") and call.method in ("views.open", "views.push"):
        raise SlackError("duplicate_external_id")
    return checked


def _trigger(call: Call) -> Trigger:
    return call.world.tickets.use_trigger(call.text("trigger_id") or call.needed("interactivity_pointer"))


def _same_hash(call: Call, view: View) -> None:
    given = call.text("hash")
    if given and not secrets.compare_digest(given, view.hash):
        raise SlackError("hash_conflict")


METHODS = {
    "views.open": Method(open_, arguments=("trigger_id", "interactivity_pointer", "view")),
    "views.push": Method(push, arguments=("trigger_id", "interactivity_pointer", "view")),
    "views.update": Method(update, arguments=("view_id", "external_id", "view", "hash")),
    "views.publish": Method(publish, arguments=("user_id", "view", "hash"), absent=("interactivity_pointer",)),
}
