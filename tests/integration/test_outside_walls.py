"""The statements that make a promise commit by themselves, outside row level security: they read as if within it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import bindparam, select

from bot.domain.promise import TeamId
from bot.ports import MakingAsked, Side, Store, Transaction
from bot.storage import making, postgres
from bot.storage.agenda_queries import agendas
from bot.storage.compiled import Compiled
from bot.storage.promises import SqlPromiseBook
from bot.storage.tables import acts, deliveries, promises, teams
from bot.storage.walls import OutsideWallsError
from tests.integration.store_examples import OTHER_TEAM, adding
from tests.integration.test_walls import PEOPLE, PROGRAMS, raw, walled  # noqa: F401  the fixture
from tests.unit.factories import ALICE, MONDAY, TEAM


def _within(team: TeamId, asked: MakingAsked) -> Callable[[Transaction], Any]:
    """The same statement on the transaction's own connection, which has entered the workspace's role."""
    return lambda tx: replace(SqlPromiseBook(raw(tx), team, None).facts(asked), number=0)


def _outside(asked: MakingAsked) -> Callable[[Transaction], Any]:
    return lambda tx: replace(tx.promises.facts(asked), number=0)


def _all_rows(tx: Transaction) -> str:
    """Return every row that the walls show."""
    tables = (teams, promises, acts, deliveries, agendas)
    return repr([raw(tx).execute(table.select()).all() for table in tables])


async def differences(store: Store) -> int:
    """How many makings of promises read what is not seen within the walls, or touched another workspace."""
    found = 0
    for number in range(PROGRAMS // 5):
        random = Random(number)
        team, other = random.sample((TEAM, OTHER_TEAM), 2)
        since, place = random.choice((MONDAY - timedelta(minutes=10), None)), random.choice(("C1", ""))
        asked = MakingAsked(random.choice(PEOPLE), MONDAY, 99, random.choice(PEOPLE), place, since)
        before = await store.read(other, _all_rows)
        found += await store.write(team, _within(team, asked)) != await store.write_once(team, _outside(asked))
        made = adding(team_id=team, owner_id=random.choice(PEOPLE), made_by=random.choice(PEOPLE))
        await store.write_once(team, made)
        found += await store.read(other, _all_rows) != before
    return found


async def test_a_promise_made_outside_the_walls_reads_and_writes_as_if_within(walled: Store) -> None:  # noqa: F811
    assert await differences(walled) == 0


@pytest.fixture
def unscoped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mutant: the deadlines that a new promise is compared with have lost their workspace, and may be asked for."""
    deadlines = select(promises.c.due_at, promises.c.estimate_minutes)
    monkeypatch.setattr(making, "DEADLINES_OF", deadlines.where(promises.c.owner_id == bindparam("owner")))
    monkeypatch.setattr(making, "_FACTS", Compiled(making._facts(), "postgresql"))
    monkeypatch.setattr(postgres, "OUTSIDE_WALLS", making.OUTSIDE_WALLS | {making._FACTS.sql})


@pytest.mark.usefixtures("unscoped")
async def test_and_a_query_of_it_without_its_workspace_is_noticed(walled: Store) -> None:  # noqa: F811
    assert await differences(walled) > 0


async def test_nothing_else_runs_outside_the_walls(walled: Store) -> None:  # noqa: F811
    with pytest.raises(OutsideWallsError, match="SELECT promises"):
        await walled.write_once(TEAM, lambda tx: tx.promises.concerning(ALICE, Side.ALL, 9))
