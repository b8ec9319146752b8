"""A person's own data: all of it taken along, or none of it left."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.config import load
from bot.domain.errors import NotFoundError
from bot.domain.outcomes import Past
from bot.domain.preferences import Preferences
from bot.domain.promise import UserId
from bot.export import delete_person, export_person
from tests.databases import migrated_tables
from tests.integration.front import NAMES, Front, front_door
from tests.integration.test_export import address, get
from tests.integration.test_handlers_hearing import direct
from tests.integration.test_logs import Logged, logged  # noqa: F401  pytest finds it by name
from tests.integration.test_settings_of_time import make_admin
from tests.integration.test_store_opening import on_connection
from tests.unit.factories import ALICE, BOB, CHARLIE, TEAM

CANARY = "zebracanary"


@pytest.fixture
async def front(tmp_path: Path, database_url: str) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as door:
        yield door


async def live(front: Front) -> None:
    """Alice owes, is owed and watches, has words in every place that takes some, and settings of every kind."""
    owed = await front.make(f"the {CANARY} deck by Friday 17:00")
    await front.make("the numbers for <@UALICE|alice> by Friday 17:00", by=BOB, to=CHARLIE)
    await front.make("review it by Friday 17:00", by=BOB, to=ALICE)
    await front.command(f"risk {owed.number} {CANARY} is late")
    await front.command(f"move {owed.number} to Monday, because {CANARY}")
    await front.command(f"<@{BOB}|bob> send the {CANARY} report every Friday at 17:00")
    await front.services.access.make(TEAM, ALICE, f"{CANARY} script")
    await front.services.webhooks.add(TEAM, ALICE, f"https://{CANARY}.example/")
    await front.services.steps.wait(TEAM, "Fx1", ALICE, owed.id)
    await front.services.steps.failed(TEAM, "Fx2", ALICE, f"{CANARY} is no date")
    await front.command("away 24 Dec - 2 Jan")
    await front.command("stats open")
    await front.command("listen on")
    await front.command("digest here weekly 16:00 friday")
    await front.services.places.is_welcomed(TEAM, ALICE)
    await front.services.preference_changes.choose(TEAM, ALICE, Preferences(daily_cap=7))
    await address(front)
    await front.event(direct(f"{CANARY} by Friday"))
    await front.send()
    done = await front.make(f"the {CANARY} slides by Friday 17:00")
    await front.command(f"done {done.number} {CANARY}")
    await front.send()


async def holding(url: str, *words: str) -> list[str]:
    """Which tables hold one of the words anywhere, whatever their case."""

    def look(connection: Connection) -> list[str]:
        tables = migrated_tables(connection)
        held = {table.name: repr(connection.execute(select(table)).all()).lower() for table in tables}
        return [name for name, rows in held.items() if any(word.lower() in rows for word in words)]

    return list(await on_connection(url, look))


async def record_of(front: Front, person: UserId) -> list[Any]:
    """Return a person's promises without the other side's words and id."""

    def sent(past: Past) -> Any:
        promise = past.promise
        return promise.number, promise.state, promise.terms.due, promise.rating, [each.act for each in past.history]

    return [sent(past) for past in await front.store.read(TEAM, lambda tx: tx.records.of_owner(person, 99))]


async def forget_me(front: Front) -> str:
    answer = await front.click("data.forget", "me")
    assert answer.status == 200
    return str(front.api.answers[-1]["text"])


@pytest.mark.both_databases
async def test_forgetting_leaves_no_word_name_or_id_in_any_table_and_the_other_record_as_it_was(
    front: Front, database_url: str
) -> None:
    await live(front)
    assert {"promises", "acts", "people", "deliveries", "series", "feeds"} <= set(
        await holding(database_url, CANARY, ALICE, NAMES[ALICE])
    )
    before = await record_of(front, BOB)

    assert "deleted" in await forget_me(front)

    assert await holding(database_url, CANARY, ALICE, NAMES[ALICE]) == []
    assert await record_of(front, BOB) == before
    await front.send()
    assert await holding(database_url, CANARY, ALICE, NAMES[ALICE]) == [], "nothing brings them back"


@pytest.mark.parametrize("command", ["list", "list missed", "show 1", "stats", "list all"])
async def test_the_other_side_reads_that_the_person_left(front: Front, command: str) -> None:
    await live(front)
    await forget_me(front)
    answer = await front.command(command, by=BOB)
    assert answer.status == 200
    assert not [word for word in (CANARY, ALICE, "U-left-", "went wrong") if word in answer.body]
    if command == "show 1":
        assert "somebody who left" in answer.body.lower()


async def test_the_other_side_is_notified_once_and_nothing_more_is_written_to_them(front: Front) -> None:
    await front.make()
    await front.send()
    front.messenger.posts.clear()
    await forget_me(front)
    for _ in range(3):
        await front.send()
    assert [post.to for post in front.messenger.posts.values()] == [BOB]


async def test_no_log_line_names_a_forgotten_person(tmp_path: Path, logged: Logged) -> None:  # noqa: F811  the fixture
    async with front_door(tmp_path) as front:
        await live(front)
        await forget_me(front)
        await front.send()
    assert not [word for word in (CANARY, NAMES[ALICE]) if word in logged()]


async def test_only_an_admin_forgets_another_person(front: Front, database_url: str) -> None:
    await live(front)
    asked = await front.command(f"forget <@{ALICE}|alice>", by=BOB)
    assert "owners and admins" in asked.text
    await front.click("data.forget", ALICE, by=BOB)
    assert "owners and admins" in front.api.answers[-1]["text"]
    assert await holding(database_url, CANARY) != []

    make_admin(front, BOB)
    assert "Forget" in (await front.command(f"forget <@{ALICE}|alice>", by=BOB)).text
    await front.click("data.forget", ALICE, by=BOB)
    assert await holding(database_url, CANARY, ALICE) == []


@pytest.mark.both_databases
async def test_everything_of_a_person_is_theirs_to_take_and_nothing_of_anybody_else(front: Front) -> None:
    await live(front)
    await front.make("the private owlsecret by Friday 17:00", by=BOB, to=CHARLIE)
    page = await get(front, f"{await address(front)}.json")
    assert page.status == 200
    taken = json.loads(page.body)
    assert {"promises", "acts", "deliveries", "people", "series", "open_records", "welcomes"} <= set(taken)
    assert CANARY in page.body
    assert "owlsecret" not in page.body
    assert "secret_hash" not in page.body


@pytest.mark.both_databases
async def test_operators_export_and_forget_and_are_refused_what_does_not_exist(front: Front, database_url: str) -> None:
    await live(front)
    settings = load({"DATABASE_URL": database_url}, "no-such-file")
    steps: list[tuple[int, int]] = []
    assert CANARY in await export_person(settings, TEAM, ALICE, lambda *step: steps.append(step), everything=True)
    assert steps == [(each, len(steps)) for each in range(1, len(steps) + 1)], "a bar is drawn by them"
    assert CANARY in await export_person(settings, TEAM, ALICE)
    assert "Forgot UALICE" in await delete_person(settings, TEAM, ALICE)
    assert await holding(database_url, CANARY, ALICE) == []
    for attempt in (
        export_person(settings, TEAM, ALICE),
        export_person(settings, "T0NONE", BOB, everything=True),
        delete_person(settings, TEAM, "U0"),
    ):
        with pytest.raises(NotFoundError, match="Nothing of"):
            await attempt
