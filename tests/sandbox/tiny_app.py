"""A small Bolt app that the sandbox's tests drive: one command, a modal, buttons, a home tab."""

import asyncio
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

sys.path.insert(0, str(Path(__file__).parents[2]))  # it is started as a script of its own

from tests.sandbox import gallery

FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "A promise"},
    "submit": {"type": "plain_text", "text": "Promise"},
    "blocks": [
        {
            "type": "input",
            "block_id": "what",
            "label": {"type": "plain_text", "text": "What"},
            "element": {"type": "plain_text_input", "action_id": "what"},
        },
        {
            "type": "input",
            "block_id": "due",
            "label": {"type": "plain_text", "text": "Due"},
            "element": {"type": "datetimepicker", "action_id": "due"},
        },
        {
            "type": "input",
            "block_id": "requester",
            "optional": True,
            "label": {"type": "plain_text", "text": "To whom"},
            "element": {"type": "users_select", "action_id": "requester"},
        },
    ],
}
CARD: list[dict[str, Any]] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Send the deck*"}},
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": "act.report",
                "style": "primary",
                "text": {"type": "plain_text", "text": "Done"},
                "value": "p1",
            }
        ],
    },
]


async def promise(ack: Any, command: Any, client: Any, respond: Any) -> None:
    text = command["text"]
    if text == "":
        await ack()
        await client.views_open(trigger_id=command["trigger_id"], view=FORM)
    elif text == "slow":
        await asyncio.Event().wait()  # for ever
    elif text == "everything":
        await ack()
        await client.chat_postMessage(channel=command["channel_id"], text="Everything", blocks=gallery.MESSAGE)
        await client.chat_postMessage(channel=command["channel_id"], text="Charts", blocks=gallery.CHARTS)
    elif text == "every input":
        await ack()
        await client.views_open(trigger_id=command["trigger_id"], view=gallery.FORM)
    elif text == "search":
        await ack(text="Find a promise", blocks=[gallery.SEARCH])
    elif text == "later":
        await ack()
        await respond(text="said later")
    elif text == "public":
        await ack(text=f"heard: {text}", response_type="in_channel")
    else:
        await ack(text=f"heard: {text}", blocks=CARD)


async def echo(ack: Any, action: Any, respond: Any) -> None:
    await ack()
    chosen = action.get("selected_option") or {}
    shown = action.get("value") or chosen.get("value") or action.get("selected_date")
    await respond(text=f"{action['action_id']}: {shown}")


async def everything(ack: Any, body: Any, view: Any, client: Any) -> None:
    await ack()
    values = {action: value for each in view["state"]["values"].values() for action, value in each.items()}
    await client.chat_postMessage(channel=body["user"]["id"], text=json.dumps(values))


async def offer(ack: Any, payload: Any) -> None:
    """The promises that contain what was typed, for a menu that asks as one types."""
    found = [each for each in ("send the deck", "send the list", "book a room") if payload["value"] in each]
    await ack(options=[{"text": {"type": "plain_text", "text": each}, "value": each[-4:]} for each in found])


async def closed(ack: Any, body: Any, client: Any) -> None:
    await ack()
    await client.chat_postMessage(channel=body["user"]["id"], text="you closed it")


async def report(ack: Any, action: Any, respond: Any) -> None:
    await ack()
    await respond(text=f"done {action['value']}", replace_original=True)


async def submitted(ack: Any, body: Any, view: Any, client: Any) -> None:
    what = view["state"]["values"]["what"]["what"]["value"]
    due = view["state"]["values"]["due"]["due"]["selected_date_time"]
    if what == "nothing":
        await ack(response_action="errors", errors={"what": "Promise something."})
        return
    await ack()
    await client.chat_postMessage(
        channel=body["user"]["id"],
        text=f"{what} due {due}",
        metadata={"event_type": "promise", "event_payload": {"id": "p1"}},
    )


async def home(event: Any, client: Any) -> None:
    view = {"type": "home", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "Yours"}}]}
    await client.views_publish(user_id=event["user"], view=view)


async def mentioned(event: Any, say: Any) -> None:
    await say(text=f"you said {event['text']}", thread_ts=event["ts"])


async def ignored() -> None:
    return


def build(api_url: str) -> AsyncApp:
    client = AsyncWebClient(token="xoxb-sandbox", base_url=api_url)
    app = AsyncApp(client=client, signing_secret="sandbox-signing-secret")

    app.command("/promise")(promise)
    app.action("act.report")(report)
    app.action(re.compile("^(plain|good|bad|pick|more|aside|day|find)$"))(echo)
    app.options("find")(offer)
    app.view("form")(submitted)
    app.view("everything")(everything)
    app.view_closed("everything")(closed)
    app.event("app_home_opened")(home)
    app.event("app_mention")(mentioned)
    app.event("message")(ignored)
    return app


async def run(api_url: str, port: int) -> None:
    """Over HTTP on that port, or over Socket Mode when the port is 0."""
    app = build(api_url)
    if port:
        server = app.server(port=port, path="/slack/events", host="127.0.0.1")
        runner = web.AppRunner(server.web_app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
    else:
        link = AsyncWebClient(token="xapp-sandbox", base_url=api_url)
        await AsyncSocketModeHandler(app, "xapp-sandbox", web_client=link).connect_async()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], int(os.environ.get("TINY_PORT", sys.argv[2]))))
