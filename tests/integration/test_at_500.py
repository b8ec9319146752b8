"""Five hundred open promises that all depend on one: every message and view that lists many of them."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.promise import Due, Promise, PromiseId, Terms
from bot.ports import Transaction
from sandbox.block_kit import check_message, check_view
from tests.integration.front import Front, front_door
from tests.integration.store_examples import first_entry
from tests.unit.factories import ALICE, DAVE, FRIDAY, TEAM, promised

MANY = 500
WHAT = "<!channel> @everyone & " * 26


@pytest.fixture
async def front(tmp_path: Path, database_url: str) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as front:
        yield front


async def filled(front: Front) -> Promise:
    """#1 of Dave to Alice, and five hundred of Alice's to Bob that stand on it."""
    below = await front.make("send the figures by Thursday 17:00", DAVE, ALICE)

    def fill(tx: Transaction) -> None:
        for each in range(MANY):
            number = tx.promises.next_number()
            changes = {"id": PromiseId(f"P{number}"), "number": number}
            promise = promised(**changes, terms=Terms(WHAT, Due(FRIDAY + timedelta(minutes=each), "Europe/Berlin")))
            tx.promises.add(promise, first_entry(promise))
            tx.links.add(promise.id, below.id)

    await front.store.write(TEAM, fill)
    return below


async def test_slack_takes_every_message_about_five_hundred(front: Front) -> None:
    below = await filled(front)
    for shown in ("list", "list owing", f"list <@{ALICE}|alice>", "show 2", "stats", "stats here", "digest preview"):
        answer = await front.command(shown, ALICE)
        assert answer.message["text"], shown
        check_message(answer.message["blocks"])
    for page in ("all:0", "owing:0", "owing:19", "at_risk:0"):
        await front.click("home.show.all", page, ALICE, home=page)
        check_view(front.api.homes[-1], "home")
    await front.click("act.propose", below.id, DAVE)
    check_view(front.api.views[-1], "modal")
    assert "492 more of what you see" in str(front.api.views[-1])
    check_message((await front.command("move 1 to 30 December 10:00", DAVE)).message["blocks"])
