"""The life of the process as a supervisor sees it: a port that is taken, readiness, the watchdog, and a clean stop."""

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.slack_api import SlackApi, slack_api
from tests.integration.test_refused_start import HTTP, environment, kept
from tests.patience import PATIENCE_S


@pytest.fixture
async def slack() -> AsyncIterator[SlackApi]:
    async with slack_api() as api:
        yield api


def settings_for(slack: SlackApi) -> dict[str, str]:
    return HTTP | {"SLACK_API_URL": f"{slack.url}/api/"}


@contextlib.asynccontextmanager
async def started(folder: Path, *program: str, **settings: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Yield a running `kept run`, or another `program` of Python; one that still runs at the end is killed."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, *(program or ("-m", "bot", "run"))),
        cwd=folder,
        env=environment(**settings),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield child
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()


#: Runs `kept run`, and prints which modules it imported of those that only a sandbox needs.
SEEN = """
import sys
from bot.cli import app
app(["run"], standalone_mode=False)
print([name for name in ("bot.sandboxed", "yaml", "websockets") if name in sys.modules])
"""


async def rest_of(child: asyncio.subprocess.Process) -> str:
    """Return what the process writes until it ends."""
    written, _ = await asyncio.wait_for(child.communicate(), PATIENCE_S)
    return written.decode()


async def test_a_port_that_is_taken_is_one_sentence_before_anything_is_begun(slack: SlackApi, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, written = await kept(tmp_path, "run", **settings_for(slack) | {"PORT": str(port)})
    assert status == 2
    assert written.startswith(f"PORT {port} of HOST 127.0.0.1 cannot be used: Address already in use. Stop the program")
    assert written.count("\n") == 1
    assert not [*tmp_path.iterdir()]  # noqa: ASYNC240  a look, once


@pytest.mark.parametrize(("host", "sentence"), [("192.0.2.1", "cannot be used"), ("no such host", "is no address")])
async def test_a_host_that_is_not_this_machines_is_one_sentence(
    slack: SlackApi, tmp_path: Path, host: str, sentence: str
) -> None:
    status, written = await kept(tmp_path, "run", **settings_for(slack) | {"HOST": host})
    assert (status, written.count("\n")) == (2, 1)
    assert sentence in written


async def test_a_supervisor_is_notified_of_readiness_life_and_the_end(slack: SlackApi, tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.bind(str(tmp_path / "notify"))
        channel.setblocking(False)

        async def sent() -> str:
            word = loop.sock_recv(channel, 100)
            return (await asyncio.wait_for(word, PATIENCE_S)).decode()

        watched = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "200000"}
        async with started(tmp_path, **settings_for(slack), **watched) as child:
            before = [await sent()]
            while before[-1] != "READY=1":
                before.append(await sent())
            assert await sent() == "WATCHDOG=1"
            child.send_signal(signal.SIGTERM)
            after = [await sent()]
            while after[-1] != "STOPPING=1":
                after.append(await sent())
            written = await rest_of(child)
    assert set(before[:-1]) | set(after[:-1]) <= {"WATCHDOG=1"}
    assert child.returncode == 0
    assert written.index("kept is running") < written.index("kept has stopped")
    assert "Traceback" not in written


async def test_a_stop_during_the_start_is_clean(slack: SlackApi, tmp_path: Path) -> None:
    slack.prompt.clear()
    async with started(tmp_path, **settings_for(slack)) as child:
        await asyncio.wait_for(slack.introduced.wait(), PATIENCE_S)
        child.send_signal(signal.SIGTERM)
        slack.prompt.set()
        written = await rest_of(child)
    assert child.returncode == 0
    assert "Traceback" not in written


async def test_a_process_outside_the_sandbox_imports_nothing_of_it(slack: SlackApi, tmp_path: Path) -> None:
    async with started(tmp_path, "-c", SEEN, **settings_for(slack)) as child:
        assert child.stdout
        while b"kept is running" not in (line := await asyncio.wait_for(child.stdout.readline(), PATIENCE_S)):
            assert line, "it ended before it ran"
        child.send_signal(signal.SIGTERM)
        written = await rest_of(child)
    assert written.splitlines()[-1] == "[]"
