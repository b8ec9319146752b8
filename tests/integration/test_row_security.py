"""Row level security: every query names its workspace, and PostgreSQL checks it a second time."""

import os
from collections.abc import AsyncIterator, Callable
from datetime import time, timedelta
from itertools import count
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.exc import DBAPIError

from bot.config import load
from bot.doctor.database import NO_ROW_SECURITY, check_database
from bot.domain.access_tokens import AccessToken
from bot.domain.acts import Act
from bot.domain.digests import Cadence, DigestSetting
from bot.domain.people import Person
from bot.domain.promise import ChannelId, PromiseId, TeamId
from bot.domain.webhooks import Webhook
from bot.domain.workflow_steps import WorkflowStep
from bot.ports import DeliveryId, Feed, Side, Stop, Store, Transaction
from bot.ports.surfaces import Listening
from bot.storage import promises
from bot.storage.engine import open_store
from bot.storage.row_security import MEMBER, OF_ALL
from bot.storage.tables import is_open
from bot.storage.tables import promises as table
from tests.databases import PostgresServer, in_thread
from tests.integration.store_examples import OTHER_TEAM, adding, doing, nudge
from tests.integration.test_store_opening import on_connection
from tests.unit.factories import ALICE, BOB, FRIDAY, MONDAY, TEAM

#: How many random programs are run; each on two workspaces in turn, and once more alone.
PROGRAMS = 10_000 if os.environ.get("KEPT_LONG") else 25
STEPS = 8
C1 = ChannelId("C1")
PEOPLE = (ALICE, BOB)
Step = Callable[[Transaction, TeamId, Random], Any]


def _promise(tx: Transaction, team: TeamId, random: Random) -> Any:
    return adding(team_id=team, owner_id=random.choice(PEOPLE), requester_id=random.choice(PEOPLE))(tx)


def _report(tx: Transaction, team: TeamId, random: Random) -> Any:
    if (found := tx.promises.get(_some(random))) and found.owner_id != found.requester_id and found.reported_at is None:
        return doing(found.id, Act.REPORT, found.owner_id)(tx)
    return None


def _owe(tx: Transaction, team: TeamId, random: Random) -> Any:
    tx.deliveries.owe(_some(random), [nudge(to=random.choice(PEOPLE))], lambda: DeliveryId(f"D{random.random()}"))


def _surfaces(tx: Transaction, team: TeamId, random: Random) -> Any:
    tx.people.save(Person(team, random.choice(PEOPLE), f"name {random.random()}", MONDAY))
    tx.surfaces.listen(Listening(C1, random.choice(PEOPLE), MONDAY))
    tx.surfaces.note_welcome(random.choice(PEOPLE), MONDAY)
    tx.stops.set(Stop(team, random.choice(PEOPLE), f"error {random.random()}", MONDAY))
    tx.access.add_token(AccessToken(f"{random.random()}", random.choice(PEOPLE), "", "", frozenset(), ALICE, MONDAY))
    hook = Webhook(f"{random.random()}", random.choice(PEOPLE), "https://a.example", "", ALICE, MONDAY)
    tx.webhooks.add_webhook(hook)
    tx.steps.add_step(WorkflowStep(f"{random.random()}", random.choice(PEOPLE), _some(random), MONDAY, MONDAY))
    tx.feeds.save(Feed(random.choice(PEOPLE), f"secret {random.random()}", MONDAY))
    setting = DigestSetting(team, C1, Cadence.WEEKLY, time(9), "UTC", random.choice(PEOPLE), MONDAY, MONDAY)
    tx.digests.save(setting)


def _links(tx: Transaction, team: TeamId, random: Random) -> Any:
    tx.links.add(_some(random), _some(random))
    tx.links.note_obstacle(_some(random), random.choice(PEOPLE), f"words {random.random()}", MONDAY)


def _look(tx: Transaction, team: TeamId, random: Random) -> Any:
    person, promise = random.choice(PEOPLE), _some(random)
    had = tx.agendas.recent_messages({person: (MONDAY, MONDAY)})[person]
    return (
        [sorted(map(repr, tx.promises.concerning(person, side, 99))) for side in Side],
        (tx.promises.get(promise), tx.promises.history(promise), tx.promises.numbered(random.randint(1, 4))),
        tx.promises.open_after(None, 99),
        (tx.deliveries.latest(promise, nudge().kind, person), tx.deliveries.failed_for(person, 99), had.today),
        (tx.records.of_owner(person, 99), tx.records.of_channel(C1, MONDAY, FRIDAY + timedelta(9))),
        (tx.people.get(person), tx.surfaces.listening(C1), tx.surfaces.welcome(person), tx.stops.get(person)),
        (tx.feeds.get(person), tx.digests.get(C1), tx.links.dependencies_of(promise), tx.links.dependents_of(promise)),
        (tx.access.tokens_of(person), tx.webhooks.all_webhooks(), tx.steps.claim_steps(MONDAY, timedelta(), 99)),
        (tx.links.obstacle(promise, person), sorted(map(repr, had.untold))),
    )


DOING: tuple[Step, ...] = (_promise, _promise, _report, _owe, _surfaces, _links)


def _some(random: Random) -> PromiseId:
    return PromiseId(f"P{random.randint(1, 4)}")


def _half(team: TeamId, seed: str, part: int) -> Callable[[Transaction], str]:
    """Half a program as one transaction: some things done, and all that is seen of them, without the team's name."""

    def work(tx: Transaction) -> str:
        random = Random(f"{seed} {part}")
        done = [random.choice(DOING)(tx, team, random) for _ in range(STEPS)]
        return repr((done, _look(tx, team, random))).replace(repr(team), "'TEAM'")

    return work


async def leaks(store: Store, programs: int = PROGRAMS) -> int:
    """Return how many programs saw something else with another workspace's rows than alone."""
    found = 0
    for number in range(programs):
        seen: dict[str, list[str]] = {}
        one, other, alone = (TeamId(f"{name}{number}") for name in ("ONE", "OTHER", "ALONE"))
        for part in range(2):
            for team, seed in ((one, f"{number}"), (other, f"{number} other"), (alone, f"{number}")):
                seen.setdefault(team, []).append(await store.write(team, _half(team, seed, part)))
        found += seen[one] != seen[alone]
    return found


@pytest.fixture
async def secured(postgres_server: PostgresServer) -> AsyncIterator[Store]:
    store = await open_store(await in_thread(postgres_server))
    yield store
    await store.close()


@pytest.fixture
async def without_row_security(secured: Store) -> Store:
    """PostgreSQL where the role of row level security may not be made."""
    secured.has_row_security = False  # type: ignore[misc]  # read for each transaction
    return secured


async def test_random_programs_see_no_row_of_another_workspace(store: Store) -> None:
    assert store.has_row_security is (type(store).__name__ == "PostgresStore")
    assert await leaks(store) == 0


async def test_random_programs_see_no_foreign_row_without_it_either(
    without_row_security: Store,
) -> None:
    assert await leaks(without_row_security) == 0


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mutant: the query of a person's open promises lacks its workspace."""
    lost = {
        side: select(table).where(is_open, concerns).order_by(table.c.due_at, table.c.number).limit(99)
        for side, concerns in promises._OF_SIDE.items()
    }
    monkeypatch.setattr(promises, "_CONCERNING", lost)


@pytest.mark.usefixtures("forgetful")
async def test_a_query_without_its_workspace_shows_nothing_foreign_under_row_security(secured: Store) -> None:
    assert await leaks(secured, 5) == 0


@pytest.mark.usefixtures("forgetful")
async def test_and_is_noticed_by_these_tests_where_there_are_none(without_row_security: Store) -> None:
    assert await leaks(without_row_security, 5) > 0


def raw(tx: Transaction) -> Connection:
    """The connection of a transaction, for SQL that no book would say."""
    connection: Connection = tx.promises._connection  # type: ignore[attr-defined]
    return connection


async def test_no_sql_reaches_another_workspaces_rows(secured: Store) -> None:
    for team in (TEAM, OTHER_TEAM):
        await secured.write(team, adding(team_id=team))

    def count_all(tx: Transaction) -> int:
        found: int = raw(tx).execute(text("SELECT count(*) FROM promises")).scalar_one()
        return found

    assert await secured.read(TEAM, count_all) == 1
    changed = await secured.write(TEAM, lambda tx: raw(tx).execute(text("UPDATE promises SET what = 'mine'")).rowcount)
    assert changed == 1
    gone = await secured.write(TEAM, lambda tx: raw(tx).execute(text("DELETE FROM acts")).rowcount)
    assert gone == 1
    theirs = await secured.read(OTHER_TEAM, lambda tx: tx.promises.history(PromiseId("P1")))
    assert len(theirs) == 1
    foreign = text("INSERT INTO teams (team_id, last_number) VALUES ('T9', 1)")
    with pytest.raises(DBAPIError, match="row-level security"):
        await secured.write(TEAM, lambda tx: raw(tx).execute(foreign) and None)
    assert (await secured.so_far())["acts"] == {"promise": 1}, "what concerns all workspaces sees them all"


@pytest.mark.parametrize("name", sorted(OF_ALL))
async def test_tokens_are_out_of_reach_of_a_workspaces_transaction(secured: Store, name: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        await secured.read(TEAM, lambda tx: raw(tx).execute(text(f"SELECT * FROM {name}")).all())  # noqa: S608  our own


@pytest.mark.parametrize("team", ["T1' OR true; --", "T1\\", "", "'; RESET ROLE; --"])
async def test_a_strange_id_enters_nowhere(secured: Store, team: str) -> None:
    await secured.write(TEAM, adding())
    assert await secured.read(TeamId(team), lambda tx: tx.promises.concerning(ALICE, Side.ALL, 9)) == ()


async def test_every_table_of_workspaces_has_its_policy(secured: Store, postgres_server: PostgresServer) -> None:
    """A migration that adds a table adds the policy, too: see 0020."""

    def unguarded(connection: Connection) -> list[str]:
        found = inspect(connection)
        tables = [name for name in found.get_table_names() if _has_team(found, name)]
        guarded = set(connection.execute(text("SELECT tablename FROM pg_policies")).scalars())
        return [name for name in tables if name not in guarded]

    assert await on_connection(await in_thread(postgres_server), unguarded) == []


def _has_team(found: Any, name: str) -> bool:
    return "team_id" in {column["name"] for column in found.get_columns(name)}


_roles = count(1)


async def test_a_role_without_rights_goes_on_without_row_security_until_an_admin_allows_it(
    postgres_server: PostgresServer,
) -> None:
    """The role of DATABASE_URL owns the database and may make no roles, as a host hands it out."""
    role, url = f"plain{next(_roles)}", await in_thread(postgres_server)
    database = url.partition("?")[0].rpartition("/")[2]
    postgres_server.run(f"CREATE ROLE {role} LOGIN")
    postgres_server.run(f"ALTER DATABASE {database} OWNER TO {role}")

    def own(connection: Connection) -> None:
        for table_name in inspect(connection).get_table_names():
            connection.execute(text(f'ALTER TABLE "{table_name}" OWNER TO {role}'))

    await on_connection(url, own)
    as_role = url.replace("postgres:@", f"{role}:@")

    async def has_row_security() -> bool:
        store = await open_store(as_role)
        try:
            await store.write(TEAM, adding(id=PromiseId(f"P{next(_roles)}"), click=f"c{next(_roles)}"))
            return store.has_row_security
        finally:
            await store.close()

    assert not await has_row_security()
    settings = load({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "DATABASE_URL": as_role}, "no-such-file")
    assert NO_ROW_SECURITY in await check_database(settings, MONDAY)
    postgres_server.run(f"GRANT {MEMBER} TO {role}")
    assert await has_row_security()
    assert NO_ROW_SECURITY not in await check_database(settings, MONDAY)
