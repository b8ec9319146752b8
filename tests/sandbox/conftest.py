# ruff: noqa: S107, S310 (every URL and token here is our own, on loopback)
"""A sandbox and the tiny app, each a process of its own, over real HTTP and Socket Mode."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from tests.patience import PATIENCE_S, until
from tests.ports import free_port

__all__ = ["free_port", "until"]

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
HASTE_S = 0.2


class Sandbox:
    """A running sandbox, spoken to as a test or as an app would."""

    def __init__(self, port: int, process: "subprocess.Popen[bytes]") -> None:
        self.port = port
        self.process = process
        self.url = f"http://127.0.0.1:{port}"

    def get(self, path: str, **query: Any) -> Any:
        return self.ask(Request(f"{self.url}{path}?{urlencode(query)}"))

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self.ask_to("POST", path, body)

    def ask_to(self, method: str, path: str, body: dict[str, Any]) -> Any:
        headers = {"Content-Type": "application/json"}
        return self.ask(Request(self.url + path, json.dumps(body).encode(), headers, method=method))

    def api(self, method: str, token: str = "xoxb-sandbox", **args: Any) -> Any:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        return self.ask(Request(f"{self.url}/api/{method}", json.dumps(args).encode(), headers))

    def command(self, text: str, user: str = "alice", channel: str = "general") -> Any:
        return self.post("/control/command", {"user": user, "channel": channel, "text": text})

    def messages(self, user: str = "alice", channel: str = "general") -> list[dict[str, Any]]:
        seen: list[dict[str, Any]] = self.get("/control/messages", user=user, channel=channel)["messages"]
        return seen

    def ask(self, request: Request) -> Any:
        try:
            with urlopen(request, timeout=PATIENCE_S) as answer:
                return json.loads(answer.read())
        except HTTPError as refusal:
            return json.loads(refusal.read() or b"{}") | {"http_status": refusal.code}


@contextmanager
def running(arguments: list[str], **environ: str) -> "Iterator[subprocess.Popen[bytes]]":
    process = subprocess.Popen([sys.executable, *arguments], cwd=REPOSITORY, env=os.environ | environ)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_S)


@contextmanager
def a_sandbox(app_port: int, *options: str) -> Iterator[Sandbox]:
    port = free_port()
    url = f"http://127.0.0.1:{app_port}/slack/events"
    command = ["-m", "sandbox", "--port", str(port), "--app-url", url, "--answer-within", str(PATIENCE_S), *options]
    with running(command) as process:
        until(lambda: listens(port))
        yield Sandbox(port, process)


@contextmanager
def a_tiny_app(sandbox: Sandbox, port: int) -> Iterator[None]:
    """The tiny app, over HTTP on that port, or over Socket Mode when it is 0."""
    with running([str(HERE / "tiny_app.py"), f"{sandbox.url}/api/", str(port)]):
        until(lambda: listens(port) if port else sandbox.get("/healthz")["sockets"])
        yield


def listens(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        return probe.connect_ex((host, port)) == 0


@pytest.fixture(scope="session")
def http_sandbox() -> Iterator[Sandbox]:
    app_port = free_port()
    with a_sandbox(app_port, "--event-retries", "0,0.1,0.1") as sandbox, a_tiny_app(sandbox, app_port):
        yield sandbox


@pytest.fixture
def hasty_sandbox() -> Iterator[Sandbox]:
    """One that waits for an answer no longer than HASTE_S, and whose triggers live no longer."""
    app_port = free_port()
    with a_sandbox(app_port, "--answer-within", str(HASTE_S)) as sandbox, a_tiny_app(sandbox, app_port):
        yield sandbox


@pytest.fixture(scope="session")
def socket_sandbox() -> Iterator[Sandbox]:
    with a_sandbox(free_port()) as sandbox, a_tiny_app(sandbox, 0):
        yield sandbox


@pytest.fixture
def sandbox(http_sandbox: Sandbox) -> Sandbox:
    http_sandbox.post("/control/reset", {})
    return http_sandbox


@pytest.fixture(params=["http", "socket"])
def either(request: pytest.FixtureRequest) -> Sandbox:
    """The same sandbox behaviour is expected over both ways of delivery."""
    chosen: Sandbox = request.getfixturevalue(f"{request.param}_sandbox")
    chosen.post("/control/reset", {})
    return chosen
