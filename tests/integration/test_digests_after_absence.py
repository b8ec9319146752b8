"""Misses of people who are away: no digest names one before its owner could answer, and each is named once."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.acts import Act
from bot.domain.transitions import HistoryEntry
from bot.ports import Message
from tests.integration.agendas import looks
from tests.integration.front import Front, front_door
from tests.unit.factories import ALICE, BOB, CHARLIE, TEAM

CHANNEL, HOUR = "C1", timedelta(hours=1)
ONE_MISSED = "Promises in this channel: 1 missed."


@pytest.fixture
async def front(tmp_path: Path, database_url: str) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as front:
        yield front


async def seen(front: Front, to: str, word: str, until: str) -> list[tuple[str, str]]:
    """Let time go by; return what was sent to a person or channel with this word, and by which hour in Berlin."""
    found, before = [], len(front.messenger.sent_to(to))
    async for _ in looks(front.services, front.clock, datetime.fromisoformat(f"{until}+01:00"), HOUR):
        new = front.messenger.sent_to(to)[before:]
        before += len(new)
        found += [(f"{front.clock.now() + HOUR:%a %d %H:00}", each.text) for each in new if word in each.text]
    return found


async def posts(front: Front, until: str) -> list[tuple[str, str]]:
    return await seen(front, CHANNEL, "Promises in this channel", until)


def last_post(front: Front) -> Message:
    return [each for each in front.messenger.sent_to(CHANNEL) if "Promises in this channel" in each.text][-1]


async def test_a_daily_digest_names_a_miss_the_morning_after_its_owner_is_back_and_asked(front: Front) -> None:
    await front.command("digest here daily 9:00", CHARLIE)
    await front.make("send the deck by Wednesday 12:00")
    await front.command("away Tuesday to Thursday")
    assert [text for _, text in await posts(front, "2026-11-25T11:00")] == ["Promises in this channel: 1 coming up."]

    assert await seen(front, ALICE, "digest", "2026-11-27T08:30") == []
    preview = await front.command("digest preview", BOB)
    assert "nothing was kept" in preview.text
    # There is a post at Friday 9:00, when she is back, and one on Monday, after the last chance of Friday afternoon.
    ((chance_at, chance),) = await seen(front, ALICE, "The digest would list", "2026-11-27T18:00")
    assert (chance_at, chance[:35]) == ("Fri 27 16:00", "The digest would list #1 as missed.")
    assert await posts(front, "2026-12-04T18:00") == [("Mon 30 09:00", ONE_MISSED)]


async def test_a_weekly_digest_leaves_the_miss_of_an_absent_owner_to_the_next_and_names_the_others(
    front: Front,
) -> None:
    await front.command("digest here weekly 16:00 friday", CHARLIE)
    await front.make("send the deck by Wednesday 12:00")
    await front.make("call the client by Wednesday 12:00", by=BOB, to=ALICE)
    await front.command("away Thursday to Friday")
    assert await posts(front, "2026-11-27T18:00") == [("Fri 27 16:00", ONE_MISSED)]
    assert "send the deck" not in str(last_post(front).blocks)
    assert [text for _, text in await posts(front, "2026-12-18T18:00")] == [ONE_MISSED]
    assert "send the deck" in str(last_post(front).blocks)
    assert "call the client" not in str(last_post(front).blocks)


async def test_a_miss_that_is_left_out_is_in_no_figure_of_the_post_nor_in_its_thread(front: Front) -> None:
    await front.command("digest here weekly 16:00 friday", CHARLIE)
    done = await front.make("send the figures by Wednesday 12:00", by=BOB, to=ALICE)
    await front.make("send the deck by Wednesday 12:00")
    await front.command("away Thursday to Friday")
    front.clock.move(timedelta(minutes=1))
    for act, by, note in ((Act.REPORT, BOB, ""), (Act.ACCEPT_DELIVERY, ALICE, "Just right.")):
        await front.services.promises.act(TEAM, done.id, HistoryEntry(act, by, front.clock.now(), note=note))
    assert [text for _, text in await posts(front, "2026-11-27T18:00")] == ["Promises in this channel: 1 kept."]
    (thread,) = [each for each in front.messenger.sent_to(CHANNEL) if each.text.startswith("The details")]
    assert "Just right." in str(thread.blocks)
    for message in (last_post(front), thread):
        assert "missed" not in str(message.blocks).lower()


async def test_a_miss_that_was_left_out_and_is_repaired_before_the_next_post_is_named_as_repaired(front: Front) -> None:
    await front.command("digest here weekly 16:00 friday", CHARLIE)
    deck = await front.make("send the deck by Wednesday 12:00")
    await front.command("away Thursday to Friday")
    assert await posts(front, "2026-11-30T10:00") == []
    await front.click("act.report", deck.id, ALICE)
    await front.click("act.accept_delivery", deck.id, BOB)
    assert [text for _, text in await posts(front, "2026-12-11T18:00")] == ["Promises in this channel: 1 repaired."]


async def test_an_owner_who_falls_ill_after_the_last_chance_and_one_who_comes_back_after_it_are_not_named(
    front: Front,
) -> None:
    await front.command("digest here weekly 16:00 friday", CHARLIE)
    await front.make("send the deck by Wednesday 12:00")
    await front.make("call the client by Wednesday 12:00", by=BOB, to=ALICE)
    await front.command("away Thursday to Friday", BOB)
    assert [text for _, text in await seen(front, ALICE, "The digest would list", "2026-11-27T14:00")] != []
    await front.command("away today", ALICE)
    await front.command("away off", BOB)
    assert await posts(front, "2026-11-27T18:00") == []
    assert [text for _, text in await posts(front, "2026-12-11T18:00")] == ["Promises in this channel: 2 missed."]


async def test_a_pause_and_new_hours_do_not_lose_a_miss_that_was_left_out(front: Front) -> None:
    await front.command("digest here weekly 16:00 friday", CHARLIE)
    await front.make("send the deck by Wednesday 12:00")
    await front.make("call the client by Wednesday 12:00", by=BOB, to=ALICE)
    await front.command("away Thursday to Friday")
    assert await posts(front, "2026-11-27T18:00") == [("Fri 27 16:00", ONE_MISSED)]
    await front.command("digest pause", CHARLIE)
    assert await posts(front, "2026-12-01T10:00") == []
    await front.command("digest resume", CHARLIE)
    await front.command("digest here daily 9:00", CHARLIE)
    assert await posts(front, "2026-12-04T18:00") == [("Wed 02 09:00", ONE_MISSED)]
    assert "send the deck" in str(last_post(front).blocks)


async def test_a_pause_after_an_empty_digest_does_not_lose_the_miss_that_it_left_out(front: Front) -> None:
    await front.command("digest here weekly 16:00 friday", CHARLIE)
    await front.make("send the deck by Wednesday 12:00")
    await front.command("away Thursday to Friday")
    assert await posts(front, "2026-11-27T18:00") == []
    await front.command("digest pause", CHARLIE)
    assert await posts(front, "2026-12-01T10:00") == []
    await front.command("digest resume", CHARLIE)
    assert await posts(front, "2026-12-18T18:00") == [("Fri 04 16:00", ONE_MISSED)]


async def test_a_miss_is_left_out_for_four_weeks_at_most(front: Front) -> None:
    await front.command("digest here weekly 16:00 friday", CHARLIE)
    await front.make("send the deck by Wednesday 12:00")
    await front.command("away Tuesday to 31 January")
    assert await posts(front, "2027-01-15T18:00") == [("Fri 25 16:00", ONE_MISSED)]


async def test_the_miss_of_a_closed_account_is_named_at_once(front: Front) -> None:
    await front.command("digest here weekly 16:00 friday", CHARLIE)
    await front.make("send the deck by Wednesday 12:00")
    await front.command("away Thursday to Friday")
    front.messenger.know([replace(front.messenger.people[ALICE], is_gone=True)])
    await front.services.people.refresh(TEAM, ALICE)
    assert [text for _, text in await posts(front, "2026-11-27T18:00")] == [ONE_MISSED]


async def test_a_digest_moved_to_the_next_hours_announces_its_misses_at_once(front: Front) -> None:
    await front.command("digest here weekly 16:00 friday", CHARLIE)
    await front.make("send the deck by Wednesday 12:00")
    assert await seen(front, ALICE, "The digest would list", "2026-11-27T09:30") == []
    await front.command("digest here weekly 11:00 friday", CHARLIE)
    assert [at for at, _ in await seen(front, ALICE, "The digest would list", "2026-11-27T10:45")] == ["Fri 27 10:00"]
    assert await posts(front, "2026-12-04T18:00") == [("Fri 27 11:00", ONE_MISSED)]
