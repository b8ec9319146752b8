"""Replicas of the version before on a database that is up to date: they write without the newest columns."""

from datetime import timedelta

from sqlalchemy import Connection, Table, insert, select

from bot.domain.acts import Act
from bot.domain.promise import PromiseId
from bot.domain.weight import Priority, Weight
from bot.storage.engine import open_store
from bot.storage.schema import upgrade
from tests.databases import Databases
from tests.integration.store_examples import doing
from tests.integration.test_store_opening import a_value, on_connection, tables_of
from tests.unit.factories import TEAM


async def test_a_replica_of_the_version_before_goes_on_writing(databases: Databases) -> None:
    url = databases.empty()
    await on_connection(url, lambda connection: upgrade(connection, "0018"))
    known: dict[str, Table] = {}

    def before(connection: Connection) -> None:
        known.update({table.name: table for table in tables_of(connection)})

    await on_connection(url, before)
    store = await open_store(url)
    row = {**{c.name: a_value(c) for c in known["promises"].columns if not c.nullable}, "team_id": TEAM, "id": "P1"}
    row |= {"state": "active", "due_zone": "UTC", "watchers": []}
    act = {**{c.name: a_value(c) for c in known["acts"].columns if not c.nullable}, "team_id": TEAM, "act": "promise"}

    def write_as_before(connection: Connection) -> None:
        connection.execute(insert(known["promises"]), [row])
        connection.execute(insert(known["acts"]), [act | {"promise_id": "P1"}])

    await on_connection(url, write_as_before)
    found = await store.read(TEAM, lambda tx: tx.promises.get(PromiseId("P1")))
    assert found
    assert found.weight == Weight()
    await store.write(TEAM, doing(PromiseId("P1"), Act.ADJUST, found.owner_id, estimate=timedelta(hours=3)))
    await store.write(TEAM, doing(PromiseId("P1"), Act.AT_RISK, found.owner_id))
    await store.write(TEAM, doing(PromiseId("P1"), Act.OFFER_HELP, found.requester_id))
    first, second, _, third = await store.read(TEAM, lambda tx: tx.promises.history(PromiseId("P1")))
    await store.close()
    assert (first.act, first.priority, second.act, third.act) == (Act.PROMISE, None, Act.ADJUST, Act.OFFER_HELP)
    assert (second.estimate, second.priority) == (timedelta(hours=3), Priority.URGENT)

    def acts_seen_before(connection: Connection) -> list[str]:
        return [row.act for row in connection.execute(select(known["acts"].c.act))]

    unknown = {"adjust", "offer_help", "unreport"}.intersection(await on_connection(url, acts_seen_before))
    assert unknown == set(), "words that the version before cannot read"
