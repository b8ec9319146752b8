"""Answers of the app: in the body of an acknowledgement, or later through a response URL."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sandbox.block_kit import check_message
from sandbox.errors import SlackError
from sandbox.teams import BOT_IDS, Team
from sandbox.tickets import ResponseUrl
from sandbox.workspace import Channel, Message
from sandbox.world import World


def routes() -> list[Route]:
    return [Route("/response/{secret}", _respond, methods=["POST"])]


def show_reply(
    world: World, body: dict[str, Any], *, channel: Channel, reader: str, thread_ts: str | None = None
) -> str | None:
    """Shows an answer as the app wants it: to the one reader, or in the channel. Returns the name of a refusal."""
    try:
        message = _message(body, _team(world, reader))
    except SlackError as error:
        return error.name
    message.thread_ts = body.get("thread_ts") or thread_ts
    if body.get("response_type") != "in_channel":
        message.ephemeral_for = reader
    world.messages.post(channel, message)
    return None


def _team(world: World, reader: str) -> Team:
    """Return the team in which that person sees the app."""
    return world.workspace.team_of(world.workspace.users[reader])


def _message(body: dict[str, Any], team: Team) -> Message:
    text, blocks = body.get("text") or "", body.get("blocks") or []
    attachments = body.get("attachments") or []
    if isinstance(blocks, str):
        blocks = json.loads(blocks)
    if blocks:
        check_message(blocks)
    if not (text or blocks or attachments):
        raise SlackError("no_text")
    return Message("", team.bot_user_id, text[:40_000], blocks, attachments, bot_id=team.bot_id)


async def _respond(request: Request) -> Response:
    world: World = request.app.state.world
    raw = (await request.body()).decode(errors="replace")
    try:
        body = json.loads(raw)
    except ValueError:
        body = None
    record = world.calls.begin("from_app", "response_url", body if body is not None else raw, {})
    try:
        if not isinstance(body, dict):
            raise SlackError("invalid_payload")  # noqa: TRY301 (one way out for every refusal)
        _carry_out(world, world.tickets.use_response_url(request.path_params["secret"]), body)
    except SlackError as error:
        world.calls.end(record, 404 if error.name in ("used_url", "expired_url") else 400, error.body())
        return JSONResponse(error.body(), 404 if error.name in ("used_url", "expired_url") else 400)
    world.calls.end(record, 200, "ok")
    return PlainTextResponse("ok")


def _carry_out(world: World, url: ResponseUrl, body: dict[str, Any]) -> None:
    channel = world.workspace.channels[url.channel]
    original = channel.message(url.message_ts) if url.message_ts else None
    if body.get("delete_original") and original:
        world.messages.remove(channel, original)
    elif body.get("replace_original") and original and original.bot_id in BOT_IDS:
        changed = _message(body, _team(world, url.user))
        world.messages.change(
            channel, original, text=changed.text, blocks=changed.blocks, attachments=changed.attachments
        )
    elif not body.get("delete_original"):
        refusal = show_reply(world, body, channel=channel, reader=url.user, thread_ts=url.thread_ts)
        if refusal:
            raise SlackError(refusal)
