"""The statements of a promise and of an act commit by themselves, outside row level security, and read as if within."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.acts import Act
from bot.domain.kinds import Kind, Planned
from bot.domain.promise import Promise, PromiseId, TeamId
from bot.domain.transitions import HistoryEntry, perform
from bot.ports import DeliveryId, MakingAsked, MakingFacts, Side, Store, Transaction
from bot.storage import acting, making, making_facts, pools
from bot.storage.agenda_queries import agendas
from bot.storage.compiled import Compiled
from bot.storage.errors import ForbiddenStatementError
from bot.storage.promises import SqlPromiseBook
from bot.storage.tables import acts, deliveries, promises, teams
from tests.integration.store_examples import OTHER_TEAM, adding, first_entry
from tests.integration.test_row_security import PEOPLE, PROGRAMS, raw, secured  # noqa: F401  the fixture
from tests.unit.factories import ALICE, MONDAY, TEAM, entry, promised


def _within(team: TeamId, asked: MakingAsked) -> Callable[[Transaction], MakingFacts]:
    """Read the facts over the transaction's own connection, which has entered the workspace's role."""
    return lambda tx: making_facts.facts_of_one(raw(tx), making_facts.values_of(asked, team, PromiseId("")))


def _making(asked: MakingAsked, promise: Promise) -> Callable[[Transaction], MakingFacts]:
    return lambda tx: tx.promises.make(asked, promise, first_entry(promise), (), ())


def _all_rows(tx: Transaction) -> str:
    """Return every row that row level security lets through."""
    tables = (teams, promises, acts, deliveries, agendas)
    return repr([raw(tx).execute(table.select()).all() for table in tables])


async def differences(store: Store) -> int:
    """Return how many new promises read rows without row level security, or touched another workspace."""
    found = 0
    for number in range(PROGRAMS // 5):
        random = Random(number)
        team, other = random.sample((TEAM, OTHER_TEAM), 2)
        since, place = random.choice((MONDAY - timedelta(minutes=10), None)), random.choice(("C1", ""))
        asked = MakingAsked(random.choice(PEOPLE), MONDAY, 99, random.choice(PEOPLE), place, since)
        before = await store.read(other, _all_rows)
        parties = {"owner_id": random.choice(PEOPLE), "made_by": random.choice(PEOPLE)}
        promise = promised(id=PromiseId(f"{team}-{number}"), team_id=team, **parties)
        within, made = (
            await store.write(team, _within(team, asked)),
            await store.write_once(team, _making(asked, promise)),
        )
        found += within != replace(made, number=0)
        promise = replace(promise, number=made.number)
        facts = await store.write_once(team, lambda tx, ref=promise.id: tx.promises.for_act(ref, "click"))
        found += facts != await store.write(team, _act_within(team, promise.id))
        done = entry(Act.ON_TRACK, promise.owner_id)
        refresh = (DeliveryId(f"R{number}"), Planned(Kind.REFRESH, "", MONDAY, "act:2"))
        await store.write_once(team, partial(_save, perform(promise, done), done, refresh))
        found += await store.read(other, _all_rows) != before
    return found


def _act_within(team: TeamId, ref: PromiseId) -> Callable[[Transaction], Any]:
    return lambda tx: SqlPromiseBook(raw(tx), team, None).for_act(ref, "click")


def _save(promise: Promise, done: HistoryEntry, refresh: tuple[DeliveryId, Planned], tx: Transaction) -> None:
    tx.promises.save(promise, done, [refresh], promise.parties)


async def test_a_promise_made_without_row_security_reads_and_writes_as_if_with_it(secured: Store) -> None:  # noqa: F811
    assert await differences(secured) == 0


@pytest.fixture
def unscoped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mutant: the deadlines that a new promise is compared with have lost their workspace, and may be asked for."""
    deadlines = select(promises.c.due_at, promises.c.estimate_minutes)
    monkeypatch.setattr(
        making_facts, "deadlines_of", lambda asked: deadlines.where(promises.c.owner_id == asked("owner"))
    )
    monkeypatch.setattr(making, "MAKE_PROMISES", making.making_statement())
    monkeypatch.setattr(pools, "WITHOUT_ROW_SECURITY", making.WITHOUT_ROW_SECURITY | {making.MAKE_PROMISES})


@pytest.mark.usefixtures("unscoped")
async def test_and_a_query_of_it_without_its_workspace_is_noticed(secured: Store) -> None:  # noqa: F811
    assert await differences(secured) > 0


@pytest.fixture
def unscoped_act(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mutant: the promise of an act is looked for in every workspace, with the rights to do so."""
    read = acting._read(promises.c.team_id, acting._ASKED.c.origin).add_columns(acting._ASKED.c.place)
    everywhere = read.select_from(acting._ASKED.join(acting._SOURCES, promises.c.id == acting._ASKED.c.ref))
    monkeypatch.setattr(acting, "BY_ID", (None, everywhere))
    asked = Compiled(everywhere, "postgresql").sql
    monkeypatch.setattr(pools, "WITHOUT_ROW_SECURITY", making.WITHOUT_ROW_SECURITY | {asked})


@pytest.mark.usefixtures("unscoped_act")
async def test_and_so_is_an_act_without_its_workspace(secured: Store) -> None:  # noqa: F811
    made = await secured.write(OTHER_TEAM, adding(team_id=OTHER_TEAM))
    with pytest.raises(ValueError, match="another workspace"):
        await secured.write_once(TEAM, lambda tx: tx.promises.for_act(made.id, "click"))


async def test_nothing_else_runs_without_row_security(secured: Store) -> None:  # noqa: F811
    with pytest.raises(ForbiddenStatementError, match="SELECT promises"):
        await secured.write_once(TEAM, lambda tx: tx.promises.concerning(ALICE, Side.ALL, 9))
