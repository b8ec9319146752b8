"""Run Kept with the sandbox as a child process, and settings that point at it."""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import typer
from pydantic import SecretStr

from bot.config import Settings
from bot.free_ports import own_address, sandbox_at, why_not
from bot.shipped import path_of

#: The sandbox's fixed credentials; they are valid nowhere else.
BOT_TOKEN, SIGNING_SECRET = "xoxb-sandbox", "sandbox-signing-secret"
#: How long the sandbox may take to start.
PATIENCE_S = 120.0


class SandboxError(Exception):
    """The sandbox did not start."""


@contextlib.contextmanager
def sandboxed(settings: Settings, story: str = "", keep: Path | None = None) -> Iterator[Settings]:
    """Start the sandbox, optionally with a story, and yield the settings with which the bot connects to it.

    The sandbox forgets everything when it ends, so the bot uses a temporary database, whatever DATABASE_URL is:
    messages of the sandbox and effects of its clock must never reach a real one. With `keep` both are stored in that
    folder, and loaded at the next start.

    Raises SandboxError when it does not answer, or one of the two ports is taken.
    """
    if fault := why_not(settings):
        raise SandboxError(fault)
    with _home(keep) as folder, _child(settings, story, folder / "world.json" if keep else None) as child:
        _wait(child, settings.sandbox_port)
        _welcome(settings, keep)
        base = f"http://127.0.0.1:{settings.sandbox_port}"
        yield settings.model_copy(
            update={
                "slack_bot_token": SecretStr(BOT_TOKEN),
                "slack_signing_secret": SecretStr(SIGNING_SECRET),
                "slack_api_url": f"{base}/api/",
                "kept_clock_url": f"{base}/clock",
                "database_url": SecretStr(f"sqlite:///{folder.absolute()}/sandbox.db"),
            }
        )


def run_sandbox(settings: Settings) -> int:
    """Run the sandbox alone, in the foreground; return its exit status."""
    return subprocess.run(_command(settings), check=False).returncode  # noqa: S603  our own module, our own words


@contextlib.contextmanager
def _home(keep: Path | None) -> Iterator[Path]:
    """Return the folder of this sandbox: the kept one, or a temporary one."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="kept-sandbox-") as folder:
            yield Path(folder)
        return
    try:
        keep.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as fault:
        raise SandboxError(f"The sandbox cannot be kept in {keep}: {fault.strerror}.") from None
    yield keep


@contextlib.contextmanager
def _child(settings: Settings, story: str, world: Path | None) -> Iterator[subprocess.Popen[bytes]]:
    options = ["--story", story] if story else []
    options += ["--world", str(world)] if world else []
    # In the evening, the other side would be notified next morning; a newcomer should see the message arrive.
    command = [*_command(settings), "--in-hours", "--with-parent", str(os.getpid()), *options]
    # Its own session, so that Ctrl-C reaches only us, and the sandbox runs until the bot has stopped using it.
    child = subprocess.Popen(command, start_new_session=True)  # noqa: S603  our own module, our own words
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            child.kill()


def _command(settings: Settings) -> list[str]:
    bot = own_address(settings)
    command = [sys.executable, "-m", "sandbox", "--port", str(settings.sandbox_port)]
    command += ["--app-url", f"{bot}/slack/events"]
    command += ["--planned-url", f"{bot}/planned", "--progress-url", f"{bot}/so-far"]
    return [*command, "--manifest", str(path_of("manifest.yaml"))]


def _wait(child: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if child.poll() is not None:
            raise SandboxError("The sandbox ended as it started; what it said stands above.")
        if sandbox_at(port).get("pid") == child.pid:
            return
        time.sleep(0.1)
    raise SandboxError(f"The sandbox did not answer on port {port} within {PATIENCE_S:.0f} s.")


def _welcome(settings: Settings, keep: Path | None) -> None:
    kept = (
        f"All of it is kept in {keep.absolute()}." if keep else "Nothing is kept when it ends: --keep FOLDER keeps it."
    )
    typer.echo(
        "\nNo Slack settings were found, so Kept runs with its sandbox: a pretend Slack on this machine.\n"
        f"\n  Open   http://localhost:{settings.sandbox_port}"
        "\n  Type   /promise @client send the deck by Friday 5pm"
        "\n  Then   move the clock, and watch both sides being asked before the deadline.\n"
        f"\n{kept} For a real workspace set SLACK_BOT_TOKEN and SLACK_APP_TOKEN: see README.md.\n"
    )
