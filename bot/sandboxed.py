"""Run Kept with the sandbox as a child process, and settings that point at it."""

import base64
import contextlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import yaml

from bot.config import KEY_BYTES, Settings
from bot.free_ports import own_address, sandbox_at, why_not
from bot.secret import SecretStr
from bot.shipped import manifest_for, path_of

#: The sandbox's fixed credentials; they are valid nowhere else.
BOT_TOKEN, SIGNING_SECRET = "xoxb-sandbox", "sandbox-signing-secret"
CLIENT_ID, CLIENT_SECRET = "sandbox.client", "sandbox-client-secret"
#: Settings by which Kept comes into the one workspace of a sandbox.
ONE_TOKEN: dict[str, object] = {"slack_bot_token": SecretStr(BOT_TOKEN)}
_STEPS_OF_ONE = """
  Type   /promise @client send the deck by Friday 5pm
  Then   move the clock, and watch both sides being asked before the deadline."""
_STEPS_OF_TWO = """
  Press  Add Kept, for each of the two workspaces: Alice's on the left, Grace's on the right
  Type   /invite @kept, then /promise @client send the deck by Friday 5pm"""
#: The file that holds the key for tokens, in the folder of a sandbox of two workspaces.
KEY_FILE = "encryption-key"
#: How long the sandbox may take to start.
PATIENCE_S = 120.0


class SandboxError(Exception):
    """The sandbox did not start."""


@contextlib.contextmanager
def sandboxed(
    settings: Settings, story: str = "", keep: Path | None = None, *, two_workspaces: bool = False
) -> Iterator[Settings]:
    """Start the sandbox, optionally with a story, and yield the settings with which the bot connects to it.

    The sandbox forgets everything when it ends, so the bot uses a temporary database, whatever DATABASE_URL is:
    messages of the sandbox and effects of its clock must never reach a real one. With `keep` both are stored in that
    folder, and loaded at the next start. With `two_workspaces` Kept has no token until it is installed.

    Raises SandboxError when it does not answer, or one of the two ports is taken.
    """
    if fault := why_not(settings):
        raise SandboxError(fault)
    with _home(keep) as folder:
        access = _installable(settings, folder) if two_workspaces or _is_of_two(folder) else ONE_TOKEN
        more = ["--story", story] if story else []
        more += ["--world", str(folder / "world.json")] if keep else []
        with _child(settings, [*more, *_installing(settings, folder, access)]) as child:
            _wait(child, settings.sandbox_port)
            _welcome(settings, keep, access)
            base = f"http://127.0.0.1:{settings.sandbox_port}"
            common = {
                "slack_signing_secret": SecretStr(SIGNING_SECRET),
                "slack_api_url": f"{base}/api/",
                "kept_clock_url": f"{base}/clock",
                "database_url": SecretStr(f"sqlite:///{folder.absolute()}/sandbox.db"),
            }
            changed: Any = common | access
            yield replace(settings, **changed)


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


def _is_of_two(folder: Path) -> bool:
    """Return whether what is kept there began with two workspaces."""
    return (folder / KEY_FILE).exists()


def _installable(settings: Settings, folder: Path) -> dict[str, object]:
    """Return the settings of a Kept that workspaces install; their tokens' key stays in the folder.

    Raises SandboxError when a sandbox of one workspace is kept there.
    """
    key_file = folder / KEY_FILE
    if not key_file.exists():
        if (folder / "world.json").exists():
            raise SandboxError(f"{folder} holds a sandbox of one workspace: choose another folder for one of two.")
        key_file.write_text(base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode(), encoding="ascii")
        key_file.chmod(0o600)
    return {
        "slack_client_id": CLIENT_ID,
        "slack_client_secret": SecretStr(CLIENT_SECRET),
        "kept_encryption_keys": SecretStr(key_file.read_text(encoding="ascii")),
        "public_url": f"http://localhost:{settings.port}",
        # By the name under which the page is open: consent is asked on it.
        "slack_api_url": f"http://localhost:{settings.sandbox_port}/api/",
    }


def _installing(settings: Settings, folder: Path, access: dict[str, object]) -> list[str]:
    """Return the sandbox's settings for an app installed by OAuth; empty for one with a bot token."""
    public_url = access.get("public_url")
    if not public_url:
        return []
    manifest = yaml.safe_load(manifest_for(str(public_url), for_many=True))
    manifest["settings"]["token_rotation_enabled"] = True
    path = folder / "manifest.json"
    path.write_text(json.dumps(manifest), encoding="utf-8")
    return ["--two-workspaces", "--install-url", f"{public_url}/slack/install", "--manifest", str(path)]


@contextlib.contextmanager
def _child(settings: Settings, options: list[str]) -> Iterator[subprocess.Popen[bytes]]:
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


def _welcome(settings: Settings, keep: Path | None, access: dict[str, object]) -> None:
    kept = (
        f"All of it is kept in {keep.absolute()}." if keep else "Nothing is kept when it ends: --keep FOLDER keeps it."
    )
    click.echo(
        "\nNo Slack settings were found, so Kept runs with its sandbox: a pretend Slack on this machine.\n"
        f"\n  Open   http://localhost:{settings.sandbox_port}"
        f"{_STEPS_OF_TWO if 'slack_client_id' in access else _STEPS_OF_ONE}\n"
        f"\n{kept} For a real workspace set SLACK_BOT_TOKEN and SLACK_APP_TOKEN: see README.md.\n"
    )
