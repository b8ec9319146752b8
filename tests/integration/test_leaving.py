"""A workspace or a person leaves: no row of theirs stays, whatever the order of Slack's events."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from bot.ports import Fault, Refused
from bot.use_cases.events import Events
from handlers.stored_events import keep_events
from tests.databases import migrated_tables
from tests.integration.front import Front, front_door
from tests.integration.test_export import address, get
from tests.integration.test_handlers_hearing import direct
from tests.integration.test_store_opening import on_connection
from tests.patience import until_true
from tests.unit.factories import ALICE, TEAM

OURS = {"authorizations": [{"team_id": TEAM, "user_id": "UBOT", "is_bot": True}]}
LEAVES: dict[str, dict[str, Any]] = {
    "uninstalled": {"type": "app_uninstalled"},
    "revoked": {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["UBOT"]}},
    "shared": {"type": "channel_shared", "channel": "C1"},
}


@pytest.fixture
async def front(tmp_path: Path, database_url: str) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as door:
        keep_events(door.bolt, Events(door.store.events, door.clock), door.background)
        yield door


async def rows(url: str) -> dict[str, int]:
    """Return how many rows each table has, of those that have any."""

    def count(connection: Connection) -> dict[str, int]:
        counted = {
            each.name: connection.execute(select(func.count()).select_from(each)).scalar_one()
            for each in migrated_tables(connection)
        }
        return {name: number for name, number in counted.items() if number}

    return dict(await on_connection(url, count))


@pytest.mark.parametrize("order", list(permutations(LEAVES)))
async def test_uninstalling_leaves_no_row_whatever_the_order_of_events(
    front: Front, database_url: str, order: tuple[str, ...]
) -> None:
    await front.make()
    await front.event(direct("help"))
    for name in order:
        await front.event(LEAVES[name])
    assert await rows(database_url) == {}


async def test_an_event_of_a_shared_channel_is_kept_with_the_workspace_that_kept_serves(
    front: Front, database_url: str
) -> None:
    """Its outer team_id is the other company's."""
    await front.event(direct("help"), team_id="T0THEM")
    assert await rows(database_url) != {}
    await front.event(LEAVES["uninstalled"])
    assert await rows(database_url) == {}


async def test_a_message_on_its_way_when_the_workspace_leaves_brings_nothing_back(
    front: Front, database_url: str
) -> None:
    await front.make()

    async def leaving(*_: Any, **__: Any) -> Refused:
        await front.services.departures.uninstalled(TEAM)
        return Refused(Fault.WORKSPACE_GONE, "account_inactive")

    front.messenger.post = leaving  # type: ignore[method-assign]
    await front.send()
    assert await rows(database_url) == {}


@pytest.mark.parametrize("is_in_event", [True, False])
async def test_the_feed_of_a_closed_account_is_void(front: Front, is_in_event: bool) -> None:
    """Immediately on Slack's event of a closed account, else within the day in which the profile is fetched again."""
    await front.make("the zebrasecret by Friday 17:00")
    path = await address(front)
    assert "zebrasecret" in (await get(front, f"{path}.csv")).body

    front.messenger.know([replace(front.messenger.people[ALICE], is_gone=True)])
    if is_in_event:
        await front.event({"type": "user_change", "user": {"id": ALICE, "deleted": True}})
    else:
        front.clock.move(timedelta(days=1))

        async def is_void() -> bool:
            return (await get(front, f"{path}.csv")).status == 404

        await until_true(is_void)

    for kind in ("csv", "ics"):
        answer = await get(front, f"{path}.{kind}")
        assert (answer.status, "zebrasecret" in answer.body) == (404, False)
