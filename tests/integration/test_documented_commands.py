"""Every shell command in the pages is run here, or stands in a short list with what runs it, or why nothing can."""

import asyncio
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from bot.cli import app
from bot.storage.encryption import new_encryption_key
from bot.storage.engine import open_store
from tests.databases import migrated_file
from tests.integration.store_examples import adding
from tests.ports import free_port
from tests.unit.factories import ALICE, TEAM

ROOT = Path(__file__).parents[2]
#: Pages made of messages and phrases hold no commands.
PAGES = [
    *(ROOT / name for name in ("README.md", "UPGRADING.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted(path for path in (ROOT / "docs").rglob("*.md") if path.name not in ("messages.md", "deadlines.md")),
]
PROGRAMS = "kept|make|python3?|pip|git|docker|systemctl|openssl|promtool|cp|mkdir|curl|kubectl|psql|sudo|journalctl"
#: What stands in the pages for a value.
STANDS_FOR = {
    "FILE": "kept.backup",
    "TEAM": TEAM,
    "USER": ALICE,
    "PERSON": ALICE,
    "https://…": "https://kept.example.com",
}
#: Commands that the prose names without what they need.
NAMES = frozenset({"kept backup", "kept restore", "kept export", "kept keys"})
#: Commands that are not run here, by how they begin: what runs them, or why nothing can.
NOT_HERE = {
    "kept run": "tests/e2e/test_wheel.py",
    "/opt/kept/bin/kept run": "tests/e2e/test_wheel.py",
    "/opt/kept/bin/kept doctor": "tests/integration/test_doctor.py",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "tests/integration/test_tracing.py",
    "kept sandbox": "tests/sandbox/conftest.py",
    "python -m sandbox --": "tests/sandbox/conftest.py",
    "python -m sandbox.coverage": "tests/sandbox/test_coverage.py",
    "kept mcp": "tests/integration/test_assistant.py",
    "promtool": "tests/unit/test_deploy.py",
    "docker": "needs Docker, which no machine of ours has; tests/unit/test_deploy.py reads the files",
    "python3 -m venv": "installs into /opt",
    "/opt/kept/bin/pip": "installs from a registry",
    "pip install": "installs from a registry",
    "echo KEPT_DOMAIN": "belongs to docker compose",
    "git pull": "needs the network",
    "git tag": "is for a release",
    "curl -X POST": "is a sketch",
}


def commands() -> dict[str, str]:
    """Return each command with the page that holds it: every line of a shell block, and every inline one."""
    found = {}
    for page in PAGES:
        # The pieces between fences are prose and blocks in turn; a block begins with its language.
        pieces = re.split(r"^ *```", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
        blocks = [piece.partition("\n") for piece in pieces[1::2]]
        lines = [line for language, _, block in blocks if language in ("", "sh") for line in block.splitlines()]
        prose = "".join(pieces[::2])
        lines += [" ".join(each.split()) for each in re.findall(rf"`((?:{PROGRAMS}) [^`]+)`", prose)]
        for line in lines:
            command = re.sub(r" {2,}# .*| # .*", "", line.strip())
            if command and command not in NAMES:
                found[command] = page.name
    return found


def is_elsewhere(command: str) -> bool:
    return any(command.startswith(start) for start in NOT_HERE)


def words_of(command: str) -> list[str]:
    """Return the words after the program, with values for what stands for one."""
    return [STANDS_FOR.get(word, word) for word in shlex.split(command)[1:]]


HERE = {command: page for command, page in commands().items() if not is_elsewhere(command)}
OURS = sorted(each for each in HERE if each.startswith("kept "))
TARGETS = sorted(each for each in HERE if each.startswith("make "))
SHELL = [each for each in HERE if each not in {*OURS, *TARGETS}]


@pytest.fixture
async def operated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with a database that holds a promise, and settings under which no Slack answers."""
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_SIGNING_SECRET": "s",
        "SLACK_API_URL": f"http://127.0.0.1:{free_port()}/api/",
        "KEPT_ENCRYPTION_KEYS": new_encryption_key(),
    }.items():
        monkeypatch.setenv(name, value)
    await asyncio.to_thread(migrated_file, tmp_path / "kept.db")
    store = await open_store("sqlite:///kept.db")
    await store.write(TEAM, adding())
    await store.close()


@pytest.mark.parametrize("command", OURS)
@pytest.mark.usefixtures("operated")
async def test_a_command_of_kept_does_what_its_page_says(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    words = words_of(command)
    if words[0] == "restore":
        words = ["restore", "kept.backup"]
        assert (await asyncio.to_thread(CliRunner().invoke, app, ["backup", "kept.backup"])).exit_code == 0
        monkeypatch.setenv("DATABASE_URL", "sqlite:///new.db")
    done = await asyncio.to_thread(CliRunner().invoke, app, words)
    assert done.exit_code == (3 if words == ["doctor"] else 0), done.output  # no Slack answers the doctor here


def test_a_target_that_a_page_names_is_there() -> None:
    for command in TARGETS:
        tried = subprocess.run(
            ["make", "--dry-run", *words_of(command)], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert tried.returncode == 0, f"{command}: {tried.stderr}"


def test_the_files_of_secrets_are_those_that_compose_reads(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    shutil.copy(ROOT / ".env.example", tmp_path)
    script = "set -euo pipefail\n" + "\n".join(SHELL)
    ran = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    named = {each["file"] for each in yaml.safe_load((ROOT / "compose.yaml").read_text())["secrets"].values()}
    made = {f"./{each.relative_to(tmp_path)}" for each in (tmp_path / "secrets").iterdir()}
    assert made == named
    assert oct((tmp_path / "secrets").stat().st_mode & 0o777) == "0o700"
    assert all(each.read_text().strip() for each in (tmp_path / "secrets").iterdir())


def test_the_list_of_what_is_not_run_here_is_true() -> None:
    given = commands()
    for start, why in NOT_HERE.items():
        assert any(command.startswith(start) for command in given), f"no page holds {start} any more"
        if why.startswith("tests/"):
            assert (ROOT / why).exists(), f"{start}: {why} is gone"
