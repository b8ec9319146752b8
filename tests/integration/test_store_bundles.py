"""What waits for one person is found by indexes alone, however much was ever said in the workspace."""

import re
import sqlite3
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import sqlite

from bot.storage import bundles
from bot.storage.tables import deliveries, promises
from tests.databases import SqliteFiles

WAITING = ("_NUDGES", "_HELD", "_WAITING", "_SAID_SINCE", "_WAS_BRIEFED")
TOLD = ("_TOLD_IN", "_TELLING_OF", "_ASKED_AT", "_LATEST", "_COMING")


def walks(url: str, statement: Any) -> list[str]:
    """Every step in which SQLite looks through the deliveries of a whole workspace, or of all."""
    written = str(statement.compile(dialect=sqlite.dialect()))
    words = re.sub(r"\(__\[POSTCOMPILE_\w+\]\)", "('x')", written)
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {words}", [None] * words.count("?")).fetchall()
    steps = [str(step[3]) for step in plan if "SCAN" in step[3] or "SEARCH" in step[3]]
    return [step for step in steps if "SCAN deliveries" in step or step.endswith("(team_id=?)")]


@pytest.mark.parametrize("name", WAITING + TOLD)
def test_no_question_about_one_person_walks_the_workspace(sqlite_files: SqliteFiles, name: str) -> None:
    assert walks(sqlite_files.migrated(), getattr(bundles, name)) == []


def test_the_broken_twin_that_joins_the_promises_walks_it(sqlite_files: SqliteFiles) -> None:
    """As it was asked before: 610 ms at a million rows."""
    joined = select(deliveries).join(promises, promises.c.id == deliveries.c.promise_id)
    twin = joined.where(deliveries.c.team_id == "T1", promises.c.team_id == "T1", promises.c.owner_id == "U1")
    assert walks(sqlite_files.migrated(), twin)
