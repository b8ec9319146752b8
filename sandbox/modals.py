"""Submitting and closing modals: what the person filled in, and what the app does with it."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.app_link import Answer
from sandbox.block_kit import check_view
from sandbox.errors import SlackError
from sandbox.messages import interactive
from sandbox.payloads import envelope, view_json
from sandbox.state import WrongInputError, chosen, first_state, missing
from sandbox.tickets import ResponseUrl
from sandbox.views import close_modals, push_modal, replace_modal
from sandbox.workspace import User, View
from sandbox.world import World

TROUBLE = "We had some trouble connecting. Try again?"


@dataclass(frozen=True)
class SubmissionResult:
    """The result of a submission. `errors` are sentences by block_id; `sent` says whether the app was asked."""

    response_action: str
    errors: dict[str, str] = field(default_factory=dict)
    problem: str | None = None
    sent: bool = True
    answer: Answer | None = None


def fill_in(view: View, given: dict[str, Any], user: User) -> dict[str, str]:
    """Takes over what was typed, by block_id and action_id or by action_id alone; returns errors by block_id."""
    state, errors = first_state(view.blocks), {}
    for block_id, actions in view.state.items():
        if block_id in state:
            state[block_id] |= {name: value for name, value in actions.items() if name in state[block_id]}
    for block in view.blocks:
        block_id = block["block_id"]
        for element in interactive(block):
            action_id = element["action_id"]
            inner = given.get(block_id)
            source = inner if isinstance(inner, dict) and action_id in inner else given
            if action_id in source and block_id in state:
                try:
                    state[block_id][action_id] = chosen(element, source[action_id], user.tz)
                except WrongInputError as error:
                    errors[block_id] = str(error)
    view.state = state
    return errors


async def submit(world: World, user: User, view: View, given: dict[str, Any]) -> SubmissionResult:
    """Checks what Slack's own client checks, asks the app, and does what it answers."""
    errors = fill_in(view, given, user)
    errors = missing(view.blocks, view.state) | errors
    if errors:
        return SubmissionResult("errors", errors, sent=False)
    token = world.settings.credentials.verification_token
    payload = envelope(world.workspace, "view_submission", user, token, world.tickets.trigger(user.id, view.id))
    payload |= {"view": view_json(view), "response_urls": _response_urls(world, user, view)}
    answer = await world.link.deliver("interactive", f"view_submission {view.body.get('callback_id', '')}", payload)
    if not answer.ok:
        return SubmissionResult("errors", problem=TROUBLE, answer=answer)
    return _carried_out(world, view, answer)


def _carried_out(world: World, view: View, answer: Answer) -> SubmissionResult:
    body = answer.body if isinstance(answer.body, dict) else {}
    action = str(body.get("response_action", "close"))
    try:
        match action:
            case "errors":
                errors = {str(block): str(text) for block, text in (body.get("errors") or {}).items()}
                known = {block["block_id"] for block in view.blocks if block["type"] == "input"}
                lost = [text for block, text in errors.items() if block not in known]
                return SubmissionResult("errors", errors, "; ".join(lost) or None, answer=answer)
            case "update":
                check_view(body.get("view"), "modal")
                replace_modal(world, view, body["view"])
            case "push":
                check_view(body.get("view"), "modal")
                push_modal(world, view.user, body["view"])
            case "clear":
                close_modals(world, view.user, view, everything=True)
            case _:
                close_modals(world, view.user, view)
    except SlackError as error:
        return SubmissionResult("errors", problem=f"{TROUBLE} ({error.name})", answer=answer)
    return SubmissionResult(action, answer=answer)


async def close(world: World, user: User, view: View, *, everything: bool = False) -> None:
    """Cancel a modal; the app is notified if it asked for that."""
    close_modals(world, user.id, view, everything=everything)
    if view.body.get("notify_on_close"):
        token = world.settings.credentials.verification_token
        payload = envelope(world.workspace, "view_closed", user, token, "")
        del payload["trigger_id"]
        payload |= {"view": view_json(view), "is_cleared": everything}
        await world.link.deliver("interactive", f"view_closed {view.body.get('callback_id', '')}", payload)


def _response_urls(world: World, user: User, view: View) -> list[dict[str, str]]:
    """A response URL for every place chosen in an input that asks for one."""
    urls = []
    for block in view.blocks:
        for element in interactive(block):
            if element.get("response_url_enabled"):
                state = view.state.get(block["block_id"], {}).get(element["action_id"], {})
                channel_id = state.get("selected_conversation") or state.get("selected_channel")
                if channel_id in world.workspace.channels:
                    url = world.response_url(ResponseUrl(user.id, channel_id))
                    place = {"block_id": block["block_id"], "action_id": element["action_id"]}
                    urls.append({**place, "channel_id": channel_id, "response_url": url})
    return urls
