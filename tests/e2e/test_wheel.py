"""The wheel is the product: what the container and the systemd unit run, run here the same way."""

import asyncio
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
import yaml
from hatchling.builders.wheel import WheelBuilder

from bot import shipped
from tests.e2e.sandboxed_kept import ROOT, until
from tests.ports import free_port

KEPT = [sys.executable, "-P", "-c", "from bot.cli import main; main()"]
#: Root without its capabilities may write only where its files allow it, as a user of the container's own may.
WITHOUT_RIGHTS = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The unpacked wheel, where nothing can be written."""
    folder = tmp_path_factory.mktemp("wheel")
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    site = folder / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    folders = [site, *(path for path in site.rglob("*") if path.is_dir())]
    for each in folders:
        each.chmod(0o555)
    yield site
    for each in folders:
        each.chmod(0o755)


def environment(installed: Path, **settings: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1", **settings}


def kept(installed: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    env = environment(installed, **settings)
    return subprocess.run([*KEPT, *words], cwd=installed, env=env, capture_output=True, text=True, check=False)


def files_in(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


def can_write(folder: Path) -> bool:
    touched = subprocess.run([*WITHOUT_RIGHTS, "touch", str(folder / "kept.db")], capture_output=True, check=False)
    return touched.returncode == 0


def test_the_wheel_carries_every_file_that_messages_refer_to(installed: Path) -> None:
    for name in shipped.NAMES:
        assert (installed / "bot" / "shipped" / name).exists(), f"{name} is missing: pyproject.toml, force-include"


def test_the_installed_command_prints_the_manifest_and_the_settings(installed: Path) -> None:
    assert kept(installed, "manifest").stdout == (ROOT / "manifest.yaml").read_text()
    assert kept(installed, "settings").stdout == (ROOT / ".env.example").read_text()


def test_the_manifest_for_http_has_the_address_everywhere_and_no_socket_mode(installed: Path) -> None:
    manifest = yaml.safe_load(kept(installed, "manifest", "--public-url", "https://kept.example.com/").stdout)
    address = "https://kept.example.com/slack/events"
    assert [command["url"] for command in manifest["features"]["slash_commands"]] == [address]
    settings = manifest["settings"]
    assert settings["event_subscriptions"]["request_url"] == settings["interactivity"]["request_url"] == address
    assert settings["socket_mode_enabled"] is False


async def test_a_user_without_rights_runs_it_in_a_read_only_folder(installed: Path, tmp_path: Path) -> None:
    assert not can_write(installed)
    port, before = free_port(), files_in(installed)
    settings = {
        "SLACK_BOT_TOKEN": "xoxb-wheel",
        "SLACK_SIGNING_SECRET": "wheel-signing-secret",
        "SLACK_API_URL": f"http://127.0.0.1:{free_port()}/api/",  # Slack is away, and Kept starts all the same
        "DATABASE_URL": f"sqlite:///{tmp_path}/kept.db",
        "PORT": str(port),
    }
    process = await asyncio.create_subprocess_exec(
        *WITHOUT_RIGHTS, *KEPT, "run", cwd=installed, env=environment(installed, **settings)
    )
    try:
        async with aiohttp.ClientSession() as session:

            async def alive() -> bool:
                assert process.returncode is None, "it ended by itself"
                async with session.get(f"http://127.0.0.1:{port}/healthz") as answer:
                    return answer.status == 200

            await until(alive, "/healthz")
        process.terminate()
        assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert files_in(installed) == before
    assert set(files_in(tmp_path)) <= {tmp_path / f"kept.db{end}" for end in ("", "-wal", "-shm")}
    assert tmp_path / "kept.db" in files_in(tmp_path)
