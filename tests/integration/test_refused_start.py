"""A start that would put the wrong Slack on a database: refused with exit status 2, and not one byte written."""

import asyncio
import contextlib
import os
import sqlite3
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Connection, MetaData, select

from bot.config import load
from bot.domain.people import Person
from bot.domain.promise import TeamId
from bot.holidays_of import Holidays
from bot.process import check_at_last
from bot.services import build_services
from bot.serving import served_by
from bot.storage.engine import check_only_for, open_store, upgrade_database
from bot.storage.schema import revisions, upgrade
from bot.use_cases.context import Context
from bot.use_cases.delivery.settings import DeliverySettings
from handlers.workspaces import SingleWorkspace
from tests.databases import SqliteFiles, in_thread
from tests.fakes import FakeMessenger, SetClock
from tests.integration.slack_api import SlackApi, slack_api
from tests.integration.store_examples import adding, nudge, owing
from tests.integration.test_store_opening import fill, on_connection
from tests.patience import PATIENCE_S
from tests.unit.factories import MONDAY, TEAM

ROOT = Path(__file__).parents[2]
HTTP = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "a secret"}
WRONG: dict[str, tuple[dict[str, str], str]] = {
    "no token": ({}, "SLACK_BOT_TOKEN is missing, though DATABASE_URL is set."),
    "an empty token": (HTTP | {"SLACK_BOT_TOKEN": "", "SLACK_SIGNING_SECRET": ""}, "SLACK_BOT_TOKEN is missing"),
    "a misspelt token": (
        {"SLACK_BOT_TOKN": "xoxb-1", "SLACK_SIGNING_SECRET": "a secret"},
        "SLACK_BOT_TOKN is not a setting of Kept. Did you mean SLACK_BOT_TOKEN?",
    ),
    "a misspelt token alone": (
        {"SLACK_BOT_TOKN": "xoxb-1"},
        "SLACK_BOT_TOKN is not a setting of Kept. Did you mean SLACK_BOT_TOKEN?",
    ),
}


@pytest.fixture
async def slack() -> AsyncIterator[SlackApi]:
    async with slack_api() as api:
        api.team_id = "T0OTHER"
        yield api


def environment(**settings: str) -> dict[str, str]:
    """Return this process's environment with these settings and no others."""
    names = ("SLACK_", "KEPT_", "DATABASE_URL")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(names)}
    return {**inherited, "PYTHONPATH": str(ROOT), "PORT": "0", "SANDBOX_PORT": "0", **settings}


async def kept(folder: Path, *words: str, **settings: str) -> tuple[int | None, str]:
    """Runs `kept`; its exit status and what it wrote."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words),
        cwd=folder,
        env=environment(**settings),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        written, _ = await asyncio.wait_for(child.communicate(), PATIENCE_S)
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
    return child.returncode, written.decode()


async def in_use(url: str) -> str:
    """A database with a promise and a reminder long due."""
    store = await open_store(url)
    await store.write(TEAM, adding())
    await store.write(TEAM, owing(nudge(at=MONDAY - timedelta(days=1))))
    await store.close()
    return url


async def contents(url: str) -> Any:
    """Every byte of a SQLite file and of its siblings; every row of every table of a PostgreSQL."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        return {each.name: each.read_bytes() for each in path.parent.glob(f"{path.name}*") if "-shm" not in each.name}

    def rows(connection: Connection) -> dict[str, list[Any]]:
        found = MetaData()
        found.reflect(connection)
        return {table.name: [tuple(row) for row in connection.execute(select(table))] for table in found.sorted_tables}

    return await on_connection(url, rows)


@pytest.mark.parametrize("name", WRONG)
async def test_a_start_with_wrong_settings_leaves_the_database_as_it_was(
    sqlite_files: SqliteFiles, tmp_path: Path, slack: SlackApi, name: str
) -> None:
    """They are refused before the database is opened, so one kind of it is enough."""
    settings, sentence = WRONG[name]
    await is_refused(await in_thread(sqlite_files), tmp_path, slack, settings, sentence)


async def test_a_start_with_another_workspaces_token_leaves_the_database_as_it_was(
    database_url: str, tmp_path: Path, slack: SlackApi
) -> None:
    sentence = "belongs to workspace T1, and SLACK_BOT_TOKEN to workspace T0OTHER"
    await is_refused(database_url, tmp_path, slack, HTTP, sentence)


async def is_refused(
    database_url: str, tmp_path: Path, slack: SlackApi, settings: dict[str, str], sentence: str
) -> None:
    url = await in_use(database_url)
    before = await contents(url)

    status, written = await kept(tmp_path, "run", DATABASE_URL=url, **_at(slack, settings))

    assert (status, await contents(url)) == (2, before)
    assert sentence in written
    assert "Traceback" not in written
    assert slack.calls == []


@pytest.mark.parametrize("command", ["run", "doctor"])
async def test_a_database_of_another_workspace_is_not_even_migrated(
    sqlite_files: SqliteFiles, tmp_path: Path, slack: SlackApi, command: str
) -> None:
    url = sqlite_files.empty()

    def age(connection: Connection) -> None:
        upgrade(connection, revisions()[-3])
        fill(connection)

    await on_connection(url, age)
    before = await contents(url)

    status, written = await kept(tmp_path, command, DATABASE_URL=url, **_at(slack, HTTP))

    assert (status, await contents(url)) == (2 if command == "run" else 1, before)
    assert "belongs to workspace some team_id" in written


async def test_what_another_process_has_only_in_its_journal_counts_too(
    sqlite_files: SqliteFiles, tmp_path: Path, slack: SlackApi
) -> None:
    url = await in_thread(sqlite_files)
    with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as other:
        other.execute("INSERT INTO teams VALUES ('T1', 1)")
        other.commit()
        before = await contents(url)

        status, written = await kept(tmp_path, "run", DATABASE_URL=url, **_at(slack, HTTP))

        assert (status, await contents(url)) == (2, before)
    assert "belongs to workspace T1" in written


@pytest.mark.parametrize("from_file", [True, False])
async def test_the_sandbox_is_refused_wherever_the_setting_stands(tmp_path: Path, from_file: bool) -> None:
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}
    if from_file:
        (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
    status, _ = await kept(tmp_path, "run", **({} if from_file else settings))
    assert status == 2
    assert not (tmp_path / "x.db").exists()


async def test_a_slack_that_comes_back_later_still_ends_a_start_on_the_wrong_database(
    database_url: str, tmp_path: Path, slack: SlackApi
) -> None:
    url = await in_use(database_url)
    slack.refusals["auth.test"] = "internal_error"
    start = asyncio.create_task(kept(tmp_path, "run", DATABASE_URL=url, **_at(slack, HTTP)))
    await slack.introduced.wait()
    del slack.refusals["auth.test"]

    status, written = await start

    assert status == 2
    assert "belongs to workspace T1, and SLACK_BOT_TOKEN to workspace T0OTHER" in written
    assert slack.calls == []


class ListingMessenger(FakeMessenger):
    """Says when everybody was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.listed = asyncio.Event()

    async def people_of(self, team_id: TeamId) -> Sequence[Person]:
        self.listed.set()
        return await super().people_of(team_id)


async def test_a_database_that_was_checked_before_it_was_opened_is_not_checked_again(
    database_url: str, tmp_path: Path, slack: SlackApi
) -> None:
    """Rows of another workspace, written behind the check, are what a second one would find."""
    settings = load({"DATABASE_URL": database_url, **_at(slack, HTTP)}, env_file=tmp_path / "no-such-file")
    clock, messenger = SetClock(MONDAY), ListingMessenger()
    calendars = Holidays(clock)
    served = await served_by(settings, AsyncWebClient(base_url=f"{slack.url}/api/"), calendars, clock)
    assert isinstance(served.workspaces, SingleWorkspace)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(served.store.close)
        await served.store.write(TEAM, adding())
        people = build_services(Context(served.store, clock), messenger, calendars, DeliverySettings("a secret")).people
        checking = asyncio.create_task(check_at_last(settings, served.workspaces, people))
        listing = asyncio.create_task(messenger.listed.wait())
        await asyncio.wait({checking, listing}, return_when=asyncio.FIRST_COMPLETED)
        assert messenger.listed.is_set()
        assert not checking.done()
        checking.cancel()


async def test_a_password_is_not_repeated_when_a_database_is_refused(tmp_path: Path) -> None:
    url = "postgresql://kept:s3cr@t@127.0.0.1:9/kept"
    status, written = await kept(tmp_path, "run", DATABASE_URL=url, **HTTP, SLACK_API_URL="http://127.0.0.1:9")
    assert status == 2
    assert not [part for part in ("s3cr", "t@") if part in written]
    assert "In a password, @ is written as %40" in written
    assert "Traceback" not in written


async def test_no_file_an_empty_one_and_one_of_the_tokens_own_workspace_are_let_through(
    sqlite_files: SqliteFiles,
) -> None:
    url = sqlite_files.empty()
    await check_only_for(url, TEAM)
    assert await contents(url) == {}
    await asyncio.to_thread(upgrade_database, url)
    await check_only_for(url, TEAM)
    await in_use(url)
    await check_only_for(url, TEAM)


def _at(slack: SlackApi, settings: dict[str, str]) -> dict[str, str]:
    return settings | ({"SLACK_API_URL": f"{slack.url}/api/"} if "SLACK_BOT_TOKEN" in settings else {})
