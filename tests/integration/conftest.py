"""The databases that the integration tests run on."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from bot.ports import Store
from bot.storage.engine import open_store
from tests.databases import Databases, PostgresServer, SqliteFiles, in_thread
from tests.integration.answering import answering_within
from tests.integration.dialects import dialects_of
from tests.patience import PATIENCE_S


@pytest.fixture(autouse=True)
def forms_wait_for_their_contents(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a slow machine, too, a form opens whole; the test of the placeholder sets its own time."""
    monkeypatch.setattr("handlers.modals.SOON_S", PATIENCE_S)


@pytest.fixture(autouse=True)
def answers_wait_for_their_work() -> Iterator[None]:
    """On a slow machine, too, no request is answered with "still working"; tests of that answer set their own times."""
    with answering_within(PATIENCE_S):
        yield


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    server = PostgresServer()
    yield server
    server.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test of a database on those that it is for, unless it names them itself."""
    named = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    if "databases" in metafunc.fixturenames and not any("databases" in each for each in named):
        metafunc.parametrize("databases", dialects_of(metafunc.definition), indirect=True)


@pytest.fixture
def databases(request: pytest.FixtureRequest) -> Databases:
    """SQLite or PostgreSQL."""
    name = {"sqlite": "sqlite_files", "postgresql": "postgres_server"}[request.param]
    found: Databases = request.getfixturevalue(name)
    return found


@pytest.fixture
async def database_url(databases: Databases) -> AsyncIterator[str]:
    """A database of this test's own, with all tables and no rows."""
    url = await in_thread(databases)
    yield url
    await asyncio.to_thread(databases.give_back, url)


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    store = await open_store(database_url)
    yield store
    await store.close()
