"""The getting-started apps of Bolt run against the sandbox, unchanged but for the API's address."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from subprocess import Popen

import pytest

from .conftest import HERE, Sandbox, a_sandbox, free_port, until

MANIFEST = """
display_information: {name: Getting started}
oauth_config: {scopes: {bot: [channels:history, chat:write, groups:history, im:history, mpim:history]}}
settings: {event_subscriptions: {bot_events: [message.channels, message.groups, message.im, message.mpim]}}
"""
# A folder with node_modules/@slack/bolt in it: Bolt for JavaScript is no dependency of ours.
BOLT_JS = os.environ.get("SANDBOX_BOLT_JS")
PYTHON = [sys.executable, str(HERE / "getting_started.py")]
NODE = [shutil.which("node") or "node", str(HERE / "getting_started.js")]
APPS = [
    pytest.param(PYTHON, id="python"),
    pytest.param(NODE, id="javascript", marks=pytest.mark.skipif(not BOLT_JS, reason="SANDBOX_BOLT_JS is not set")),
]


@pytest.fixture(params=APPS)
def greeted(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sandbox]:
    """A sandbox to which the app is connected."""
    manifest = tmp_path / "manifest.yaml"
    manifest.write_text(MANIFEST)
    with ExitStack() as stack:
        sandbox = stack.enter_context(a_sandbox(free_port(), "--manifest", str(manifest)))
        environ = os.environ | {
            "SLACK_BOT_TOKEN": "xoxb-sandbox",
            "SLACK_APP_TOKEN": "xapp-sandbox",
            "SLACK_API_URL": f"{sandbox.url}/api/",
            "NODE_PATH": f"{BOLT_JS}/node_modules",
        }
        app = stack.enter_context(Popen(request.param, env=environ))
        stack.callback(app.kill)
        until(lambda: sandbox.get("/healthz")["sockets"])
        yield sandbox


def test_it_greets_and_receives_the_click(greeted: Sandbox) -> None:
    greeted.post("/control/message", {"user": "alice", "channel": "general", "text": "hello"})
    greeting = until(lambda: [m for m in greeted.messages("bob") if m["text"] == "Hey there <@U00ALICE>!"])[0]
    click = {"user": "bob", "channel": "general", "ts": greeting["ts"], "action_id": "button_click"}
    greeted.post("/control/click", click)
    until(lambda: greeted.messages()[-1]["text"] == "<@U0000BOB> clicked the button")
