"""Ended promises are deleted after their workspace's time, in small steps; the figures of records stay."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.domain.kinds import Kind, Planned
from bot.domain.outcomes import account_of
from bot.domain.promise import ChannelId, PromiseId
from bot.ports import DeliveryId, Side
from bot.storage.tables import acts, deliveries, promises
from bot.use_cases.retention import MIN_STEP, PAUSE_S, SLOW_S, STEP, RetentionSweep, StepSize
from tests.integration.front import Front, front_door
from tests.integration.store_examples import OTHER_TEAM, nudge
from tests.integration.test_settings_of_time import make_admin
from tests.integration.test_store_opening import on_connection
from tests.integration.workspaces import DAYS, OWNERS, mixed, writing
from tests.unit.factories import ALICE, BOB, TEAM

SIZE = 150


@pytest.fixture
async def front(tmp_path: Path, database_url: str) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as door:
        await door.store.write(TEAM, writing(mixed(Random(17), SIZE)))
        await door.store.write(TEAM, lambda tx: [tx.promises.next_number() for _ in range(SIZE)])
        yield door


async def prune(front: Front) -> list[int]:
    """Return how many promises each step was about, until nothing is left to do."""
    services, steps = front.services, []
    sweep = RetentionSweep(services.context, look_s=0, pause_s=0)
    while done := await sweep.step():
        steps.append(done)
    return steps


async def records(front: Front) -> list[Any]:
    found = []
    for owner in OWNERS:
        record = (await front.services.records.of(TEAM, owner, owner, "UTC")).record
        found.append((owner, dict(record.counts), round(float(record.kept), 5)))
    return found


async def closed(front: Front) -> int:
    def count(connection: Connection) -> int:
        return len(connection.execute(select(promises.c.id).where(promises.c.closed_at.is_not(None))).all())

    return int(await on_connection(front.database_url, count))


async def test_records_count_what_was_deleted_and_open_promises_stay(front: Front) -> None:
    def still_open() -> Any:
        return front.store.read(TEAM, lambda tx: tx.promises.concerning(BOB, Side.ALL, 999))

    before, left = await records(front), await still_open()
    were_closed = await closed(front)
    front.clock.move(timedelta(days=DAYS + 400 + 60))
    steps = await prune(front)
    assert sum(steps) == were_closed > STEP
    assert max(steps) <= STEP
    assert await closed(front) == 0
    assert await records(front) == before
    assert await still_open() == left


@pytest.mark.both_databases
async def test_words_go_first_and_nothing_that_counts_changes(front: Front) -> None:
    def histories() -> Any:
        def work(tx: Any) -> Any:
            pasts = [past for owner in OWNERS for past in tx.records.closed_of(owner, 999)]
            return {past.promise.id: (account_of(past), past.promise.state, len(past.history)) for past in pasts}

        return front.store.read(TEAM, work)

    before, figures, were_closed = await histories(), await records(front), await closed(front)
    front.clock.move(timedelta(days=DAYS + 90 + 60))
    assert sum(await prune(front)) == were_closed
    assert await histories() == before
    assert await records(front) == figures

    def words(connection: Connection) -> set[Any]:
        over = select(promises.c.id).where(promises.c.closed_at.is_not(None))
        texts = select(acts.c.note, acts.c.what, acts.c.done_when).where(acts.c.promise_id.in_(over))
        return {text for row in connection.execute(texts) for text in row if text}

    assert await on_connection(front.database_url, words) == {"(words deleted for their age)"}
    assert await prune(front) == [], "done once"


async def test_a_woken_scheduler_deletes_no_batch_before_its_pause_is_over(front: Front) -> None:
    front.clock.move(timedelta(days=DAYS + 400 + 60))
    services = front.services
    sweep = RetentionSweep(services.context, look_s=0, pause_s=3600 * PAUSE_S)
    assert [await sweep.step() for _ in range(3)] == [STEP, 0, 0]


def test_a_slow_batch_makes_the_next_ones_smaller() -> None:
    steps, sizes = StepSize(), []
    for took_s in [2 * SLOW_S] * 4 + [SLOW_S / 2] * 9:
        steps.note(took_s)
        sizes.append(steps.size)
    assert sizes[:4] == [25, 12, 6, MIN_STEP]
    assert sizes[4:] == [*range(10, STEP + 1, 5)]


async def test_nothing_young_and_nothing_of_another_workspace_is_touched(front: Front) -> None:
    front.clock.move(timedelta(days=30))
    assert await prune(front) == []
    make_admin(front, ALICE)
    await front.services.admin_choices.choose_retention(OTHER_TEAM, ALICE, "promises 30 words 30")
    front.clock.move(timedelta(days=DAYS))
    before = await closed(front)
    await prune(front)
    assert await closed(front) == before


async def test_an_admin_chooses_for_how_long_and_the_audit_says_who_did(front: Front) -> None:
    assert "90 days" in (await front.command("settings retention")).text
    assert "owners and admins" in (await front.command("settings retention promises 60 words 30")).text
    make_admin(front, ALICE)
    assert "30 days or more" in (await front.command("settings retention promises 60 words 3")).text
    assert "60 days" in (await front.command("settings retention promises 60 words 30")).text
    await front.command("settings listening off")
    assert "switched listening off" in (await front.command("listen on", by=BOB)).text
    await front.command("settings listening on")
    assert "listen" in (await front.command("listen on", by=BOB)).text
    audit = (await front.command("settings audit")).body
    assert audit.index("listening") < audit.index("promises 60 words 30")
    assert "<@UALICE>" in audit
    assert "owners and admins" in (await front.command("settings audit", by=BOB)).text


@pytest.mark.both_databases
async def test_messages_about_no_promise_go_after_the_same_time_unless_something_open_is_in_them(front: Front) -> None:
    def owe(tx: Any) -> None:
        ids = iter(("D-OLD", "D-GATHERED", "D-IN-IT", "D-WAITS"))
        old, at = front.clock.now(), [Planned(Kind.TROUBLE, BOB, front.clock.now(), f"person:U{n}") for n in range(2)]
        tx.deliveries.owe(None, at, lambda: DeliveryId(next(ids)))
        tx.deliveries.owe(PromiseId("P-OPEN"), [nudge(to=BOB)], lambda: DeliveryId(next(ids)))
        tx.deliveries.owe(None, [Planned(Kind.TROUBLE, BOB, old, "person:U9")], lambda: DeliveryId(next(ids)))

    def ends(connection: Connection) -> None:
        ended = {"state": "sent", "ended_at": front.clock.now()}
        connection.execute(deliveries.update().where(deliveries.c.id.in_(("D-OLD", "D-GATHERED"))).values(**ended))
        connection.execute(deliveries.update().where(deliveries.c.id == "D-IN-IT").values(told_in="D-GATHERED"))

    def left(connection: Connection) -> set[str]:
        return set(connection.execute(select(deliveries.c.id).where(deliveries.c.id.like("D-%"))).scalars())

    await front.store.write(TEAM, owe)
    await on_connection(front.database_url, ends)
    front.clock.move(timedelta(days=399))
    await prune(front)
    assert len(await on_connection(front.database_url, left)) == 4
    front.clock.move(timedelta(days=2))
    await prune(front)
    assert await on_connection(front.database_url, left) == {"D-GATHERED", "D-IN-IT", "D-WAITS"}


@pytest.mark.both_databases
async def test_an_admin_chooses_where_digests_go_and_the_audit_has_the_old_and_the_new(front: Front) -> None:
    await front.command("digest here daily 9:00", by=BOB)
    assert "owners and admins" in (await front.command("settings digests only <#C2|team>", by=BOB)).text
    make_admin(front, ALICE)
    assert "Write it like" in (await front.command("settings digests only C2")).text
    assert "ended 1 digest" in (await front.command("settings digests only <#C2|team>, <#C3|more>")).body
    assert "Your admins chose" in (await front.command("digest here daily 9:00", by=BOB)).text
    assert "<#C2>, <#C3>" in (await front.command("settings digests", by=BOB)).body
    assert "no digest" in (await front.command("digest pause", by=BOB)).text
    await front.command("settings digests anywhere")
    assert "first on" in (await front.command("digest here daily 9:00", by=BOB)).text

    await front.command("settings retention promises 60 words 30")
    known = await front.services.preference_changes.for_all(TEAM, ALICE)
    await front.services.preference_changes.choose_for_all(TEAM, ALICE, replace(known, country="AT", start=time(8)))
    await front.services.preference_changes.choose_for_all(TEAM, ALICE, replace(known, country="AT", start=time(8)))
    changes = [(each.choice.name, each.before, each.choice.value) for each in await audited(front)]
    assert changes == [
        ("settings for everybody", "", "start of the day: 09:00 → 08:00; country of holidays: none → AT"),
        ("retention", "promises 400 words 90", "promises 60 words 30"),
        ("digests", "C2 C3", "anywhere"),
        ("digests", "anywhere", "C2 C3"),
    ]
    shown = (await front.command("settings audit")).body
    assert "changed digests: <#C2>, <#C3> " in shown
    assert "changed retention: promises 400 words 90 " in shown


async def audited(front: Front) -> Any:
    return await front.services.admin_choices.audit(TEAM, ALICE)


async def test_a_channel_is_not_listened_to_while_an_admin_forbids_it(front: Front) -> None:
    await front.command("listen on", by=BOB)
    make_admin(front, ALICE)
    await front.command("settings listening off")
    assert await front.services.places.listening(TEAM, ChannelId("C1")) is None
