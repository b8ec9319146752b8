"""Upgrades from every released version, with a process of that version's own code on the database.

UPGRADING.md lists the versions. Their code comes from the history; where a checkout has none, test_store_opening.py
still walks every schema with rows.
"""

import asyncio
import contextlib
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.domain.acts import Act
from bot.domain.promise import PromiseId
from bot.ports import Store
from bot.storage.engine import open_store
from bot.storage.errors import DatabaseError
from bot.storage.schema import ALONE_SINCE, revisions
from tests.databases import Databases
from tests.integration.store_examples import adding, doing
from tests.patience import PATIENCE_S
from tests.unit.factories import BOB, TEAM

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| (\S+) \| `([0-9a-f]{40})` \| (\d{4}) \| (.+) \|$", re.MULTILINE)
CODE = ("bot", "handlers", "scheduler", "sandbox", "tests")
#: Run by the code of a version: does a line's task on the store that it opened, and answers each with a line.
OLDER_KEPT = """
import asyncio, sys
from bot.domain.acts import Act
from bot.domain.promise import PromiseId
from bot.storage.engine import open_store
from tests.integration.store_examples import LEASE, adding, doing
from tests.unit.factories import ALICE, MONDAY, TEAM

async def main():
    store = await open_store(sys.argv[1])
    print("ready", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        task, *words = line.split()
        if task == "make":
            await store.write(TEAM, adding())
        elif task == "report":
            await store.write(TEAM, doing(PromiseId(words[0]), Act.REPORT, ALICE))
        elif task == "read":
            found = await store.read(TEAM, lambda tx: tx.promises.get(PromiseId(words[0])))
            print(found.state.value, len(await store.read(TEAM, lambda tx: tx.promises.history(found.id))), flush=True)
            continue
        elif task == "claim":
            await store.claim_due(MONDAY, LEASE, 10)
            await store.workspaces()
        print("done", flush=True)
    await store.close()

asyncio.run(main())
"""


@dataclass(frozen=True)
class Release:
    """A line of the table in UPGRADING.md."""

    version: str
    day: str
    commit: str
    schema: str
    alongside: str

    @property
    def is_refused(self) -> bool:
        return self.schema < ALONE_SINCE


RELEASES = [Release(*row) for row in ROW.findall((ROOT / "UPGRADING.md").read_text(encoding="utf-8"))]


def git(*words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, check=False)


@pytest.fixture(scope="module")
def code_of(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folder of each version's own code, where the history holds it."""
    found: dict[str, Path] = {}
    for release in RELEASES if shutil.which("git") and shutil.which("tar") else []:
        packed = git("archive", release.commit, *CODE, "manifest.yaml")
        if packed.returncode == 0:
            folder = tmp_path_factory.mktemp(f"kept-{release.version}-")
            subprocess.run(["tar", "-x", "-C", folder], input=packed.stdout, check=True)
            found[release.version] = folder
    return found


class OlderKept:
    """A process that runs an older version's code on a database."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def asked(self, task: str) -> str:
        assert self._process.stdin
        self._process.stdin.write(f"{task}\n".encode())
        return await self.shown()

    async def shown(self) -> str:
        assert self._process.stdout
        line = await asyncio.wait_for(self._process.stdout.readline(), PATIENCE_S)
        return line.decode().strip()


@contextlib.asynccontextmanager
async def older_kept(folder: Path, url: str) -> AsyncIterator[OlderKept]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", OLDER_KEPT, url),
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        older = OlderKept(process)
        assert await older.shown() == "ready"
        yield older
        assert process.stdin
        process.stdin.close()
        assert await asyncio.wait_for(process.wait(), PATIENCE_S) == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def seen(store: Store, number: int) -> tuple[str, int]:
    """Return the state of a promise and how many acts it has."""
    promise_id = PromiseId(f"P{number}")

    def work(tx):  # type: ignore[no-untyped-def]
        found = tx.promises.get(promise_id)
        return found.state.value, len(tx.promises.history(promise_id))

    return await store.read(TEAM, work)


@pytest.mark.parametrize("release", RELEASES, ids=lambda each: each.version)
async def test_an_upgrade_alongside_a_process_of_a_released_version(
    databases: Databases, release: Release, code_of: dict[str, Path]
) -> None:
    if release.version not in code_of:
        pytest.skip(f"this checkout does not hold the history up to {release.version}")
    url = await asyncio.to_thread(databases.empty)
    async with older_kept(code_of[release.version], url) as older:
        assert await older.asked("make") == "done"
        if release.is_refused:
            with pytest.raises(DatabaseError, match=r"older Kept is still running.*Stop every process"):
                await open_store(url)
        else:
            await _both_work(older, await open_store(url))
        assert await older.asked("make") == "done"
        assert await older.asked("report P1") == "done", "the version before goes on undisturbed"
    store = await open_store(url)
    acts = 2 if release.is_refused else 3
    assert [await seen(store, number) for number in (1, 2)] == [("reported", acts), ("active", 1)]
    await store.write(TEAM, doing(PromiseId("P1"), Act.ACCEPT_DELIVERY, BOB))
    assert await seen(store, 1) == ("kept", acts + 1)
    await store.close()


async def _both_work(older: OlderKept, store: Store) -> None:
    """Each reads and writes what the other wrote, and claims alongside it."""
    await store.write(TEAM, doing(PromiseId("P1"), Act.AT_RISK))
    assert await older.asked("read P1") == "active 2"
    assert await older.asked("claim") == "done"
    await store.write(TEAM, adding())
    await store.close()


def test_the_versions_are_those_of_the_changelog_and_of_the_tags() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    dated = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - (\S+)$", changelog, re.MULTILINE)
    assert [(each.version, each.day) for each in RELEASES] == dated
    assert {each.schema for each in RELEASES} <= set(revisions())
    for each in RELEASES:
        assert f"## To {each.version}, " in (ROOT / "UPGRADING.md").read_text() or each is RELEASES[-1]
        assert each.alongside == ("refuses to start" if each.is_refused else "starts beside it")
        tagged = git("rev-parse", f"v{each.version}^{{commit}}")
        if tagged.returncode == 0:  # a clone may come without tags
            assert tagged.stdout.decode().strip() == each.commit
            newest = git("ls-tree", "--name-only", each.commit, "bot/storage/migrations/versions/").stdout.decode()
            assert Path(newest.split()[-1]).name.startswith(each.schema)
