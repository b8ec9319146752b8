"""`kept doctor` in broken states: each is named with its cure, and no byte of the database changes."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest
import uvicorn
from slack_bolt.async_app import AsyncApp
from sqlalchemy import text

from bot.config import load
from bot.doctor import EXIT_CODES, Finding, Status, examine, exit_code
from bot.doctor.database import SCHEMAS
from bot.storage.inspection import Schema
from bot.storage.schema import revisions, upgrade
from handlers.http import web_app
from tests.databases import Databases, SqliteFiles, in_thread
from tests.integration.broken_states import (
    HTTP,
    ROOMY,
    SECRET,
    STATES,
    Prepare,
    State,
    refused,
    slack_and_address,
    turned_away,
)
from tests.integration.doctor_mutants import MUTANTS
from tests.integration.test_refused_start import contents, in_use, kept
from tests.integration.test_store_opening import on_connection
from tests.patience import until_true


def names_in(folder: Path, pattern: str = "*") -> list[str]:
    return sorted(each.name for each in folder.glob(pattern))


def findings_of(found: list[Finding], check: str) -> list[Finding]:
    return [finding for finding in found if finding.check == check]


async def examined(settings: dict[str, str], room: int = ROOMY) -> list[Finding]:
    return await examine(load(settings, env_file="/nowhere"), {}, room=lambda _: room)


async def check_that_it_is_named(state: State, url: str) -> None:
    """Examine a broken state; raise AssertionError or ValueError where it is not named with its cure, and it alone."""
    if state.database:
        await on_connection(url, state.database)
    before = await contents(url)

    async with slack_and_address(state) as settings:
        found = await examined(settings | {"DATABASE_URL": url}, state.room)

    assert await contents(url) == before
    [finding] = findings_of(found, state.check)
    assert finding.status is state.status, finding
    assert state.words in finding.words
    assert state.cure in finding.cure
    others = [each for each in found if each.check != state.check and each.status in (Status.FAULT, Status.UNKNOWN)]
    related = {"bot token", "app token"} if state.check in ("bot token", "app token") else set()
    assert {each.check for each in others} <= related
    assert "canary" not in str(found)
    assert SECRET not in str(found)


@pytest.mark.parametrize("name", STATES)
async def test_a_broken_state_is_named_with_its_cure_and_nothing_changes(
    sqlite_files: SqliteFiles, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = await in_use(await in_thread(sqlite_files))
    await check_that_it_is_named(STATES[name], url)
    MUTANTS[name](monkeypatch)
    with pytest.raises((AssertionError, ValueError)):
        await check_that_it_is_named(replace(STATES[name], database=None), url)


def test_each_broken_state_has_a_doctor_that_misses_it() -> None:
    assert set(MUTANTS) == set(STATES)


async def test_all_is_well_where_all_is_well(database_url: str) -> None:
    url = await in_use(database_url)
    async with slack_and_address(State("", "")) as settings:
        found = await examined(settings | {"DATABASE_URL": url})
    assert {finding.status for finding in found} == {Status.OK}, found
    assert exit_code(found) == 0


DATABASES: dict[str, tuple[Prepare | None, Schema]] = {
    "of an older version": (lambda connection: upgrade(connection, revisions()[-3]), Schema.BEHIND),
    "of a newer version": (
        lambda connection: (
            upgrade(connection),
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'")),
        ),
        Schema.NEWER,
    ),
    "of another program": (
        lambda connection: connection.execute(text("CREATE TABLE cats (name TEXT)")),
        Schema.FOREIGN,
    ),
    "with nothing in it": (None, Schema.MISSING),
    "up to date": (upgrade, Schema.CURRENT),
}


@pytest.mark.parametrize("name", DATABASES)
async def test_a_database_is_looked_at_and_never_migrated(databases: Databases, name: str) -> None:
    prepare, schema = DATABASES[name]
    url = await asyncio.to_thread(databases.empty)
    if prepare:
        await on_connection(url, prepare)
        before = await contents(url)
    async with slack_and_address(State("", "")) as settings:
        found = await examined(settings | {"DATABASE_URL": url})
    [finding] = findings_of(found, "database")
    status, words, cure = SCHEMAS[schema]
    assert (finding.status, finding.cure) == (status, cure)
    assert words.split("(")[0].strip() in finding.words
    if prepare:
        assert await contents(url) == before
    elif url.startswith("sqlite"):
        assert names_in(Path(url.removeprefix("sqlite:///")).parent, Path(url).name) == []


UNUSABLE = {
    "no file but rubbish": "cannot be read: file is not a database",
    "a folder": "cannot be read",
    "a server that is down": "PostgreSQL at 127.0.0.1/kept cannot be used",
    "a folder that does not exist": "There is no database of Kept's",
}


@pytest.mark.parametrize("name", UNUSABLE)
async def test_a_database_that_cannot_be_used_is_named(tmp_path: Path, name: str) -> None:
    rubbish = tmp_path / "rubbish.db"
    rubbish.write_bytes(b"no database at all" * 100)
    url = {
        "no file but rubbish": f"sqlite:///{rubbish}",
        "a folder": f"sqlite:///{tmp_path}",
        "a server that is down": "postgresql://kept:a-password@127.0.0.1:9/kept",
        "a folder that does not exist": f"sqlite:///{tmp_path}/typo/kept.db",
    }[name]
    async with slack_and_address(State("", "")) as settings:
        found = await examined(settings | {"DATABASE_URL": url})
    [finding] = findings_of(found, "database")
    assert UNUSABLE[name] in finding.words
    assert "a-password" not in str(found)
    assert names_in(tmp_path) == ["rubbish.db"]


@pytest.mark.parametrize("secret", [SECRET, "the secret of another app"])
async def test_the_signing_secret_is_tried_at_the_public_address(tmp_path: Path, secret: str) -> None:
    bolt = AsyncApp(signing_secret=SECRET, token="xoxb-1")
    server = uvicorn.Server(uvicorn.Config(web_app(bolt, _ready, signing_secret=SECRET), port=0, log_config=None))
    serving = asyncio.create_task(server.serve())
    await until_true(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    state = State("", "", settings=HTTP | {"SLACK_SIGNING_SECRET": secret, "PUBLIC_URL": f"http://127.0.0.1:{port}"})
    async with slack_and_address(state) as settings:
        found = await examined(settings | {"DATABASE_URL": f"sqlite:///{tmp_path}/none.db"})
    server.should_exit = True
    await serving
    [finding] = findings_of(found, "address")
    assert finding.status is (Status.OK if secret == SECRET else Status.FAULT)
    assert secret == SECRET or "another signing secret" in finding.words


async def _ready() -> dict[str, str]:
    return {}


def test_each_state_of_a_schema_and_each_status_has_its_words() -> None:
    assert set(SCHEMAS) == set(Schema)
    assert set(EXIT_CODES) == set(Status)


async def test_the_command_prints_json_and_its_status_is_that_of_the_worst(tmp_path: Path) -> None:
    async with slack_and_address(State("", "", bot_token=refused("invalid_auth"))) as settings:
        status, written = await kept(tmp_path, "doctor", "--json", **settings)
    found = json.loads(written)
    assert status == 1
    assert [each["status"] for each in found if each["check"] == "bot token"] == ["fault"]
    assert [each["words"] for each in found if "SLACK_BOT_TOKEN (the environment)" in each["words"]]
    assert names_in(tmp_path) == []


async def test_what_could_not_be_checked_has_a_status_of_its_own(tmp_path: Path) -> None:
    async with slack_and_address(State("", "", bot_token=turned_away(429))) as settings:
        status, written = await kept(tmp_path, "doctor", **settings)
    assert status == EXIT_CODES[Status.UNKNOWN]
    assert "UNKNOWN SLACK_BOT_TOKEN could not be checked: Slack asks to wait 30 s (429)." in written
