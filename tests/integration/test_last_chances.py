"""Last chances in the owner's own hours, after a downtime and after an illness; pauses leave out only themselves."""

from collections.abc import AsyncIterator
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from bot.domain.preferences import Preferences
from bot.domain.promise import UserId
from bot.domain.spans import EPOCH
from bot.process import planned_row
from tests.integration.agendas import until
from tests.integration.front import Front, front_door
from tests.integration.test_digests_after_absence import ONE_MISSED, last_post, posts, seen
from tests.unit.factories import ALICE, BOB, CHARLIE, TEAM
from tests.unit.texts import texts_in

CHANCE = "The digest would list"


@pytest.fixture
async def front(tmp_path: Path, database_url: str) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as front:
        yield front


async def works(front: Front, person: UserId, days: range, end: time = time(18)) -> None:
    await front.services.preference_changes.choose(TEAM, person, Preferences(days=frozenset(days), end=end))


def chance_of(front: Front) -> str:
    [found] = [each for each in front.messenger.sent_to(ALICE) if "It comes once before each digest" in texts_in(each)]
    return texts_in(found)


@pytest.mark.parametrize(
    ("days", "end", "chance_at"),
    [
        (range(4), time(18), "Thu 26 18:00"),  # Fridays off: from 17:00 on, the last hour of Thursday
        (range(5), time(12), "Fri 27 12:00"),  # mornings alone
        (range(5), time(18), "Fri 27 14:00"),
    ],
)
async def test_a_last_chance_comes_in_its_owners_working_hours(
    front: Front, days: range, end: time, chance_at: str
) -> None:
    await works(front, ALICE, days, end)
    await front.command("digest here weekly 16:00 friday", CHARLIE)
    await front.make("send the deck by Wednesday 12:00")
    assert [at for at, _ in await seen(front, ALICE, CHANCE, "2026-11-27T15:00")] == [chance_at]
    assert await posts(front, "2026-11-27T18:00") == [("Fri 27 16:00", ONE_MISSED)]


async def test_a_miss_after_the_last_chance_of_an_owner_with_fridays_off_belongs_to_the_next_digest(
    front: Front,
) -> None:
    await works(front, ALICE, range(4))
    await front.command("digest here weekly 16:00 friday", CHARLIE)
    await front.make("send the deck by Friday 10:00")
    assert await seen(front, ALICE, CHANCE, "2026-11-27T16:30") == []
    assert front.messenger.sent_to("C1")[-1].text != ONE_MISSED
    assert [at for at, _ in await seen(front, ALICE, CHANCE, "2026-12-04T15:00")] == ["Thu 03 18:00"]
    assert await posts(front, "2026-12-04T18:00") == [("Fri 04 16:00", ONE_MISSED)]


async def test_a_last_chance_does_not_say_that_a_miss_was_listed_which_the_post_left_to_the_next(front: Front) -> None:
    await front.command("digest here weekly 16:00 friday", CHARLIE)
    deck = await front.make("send the deck by Wednesday 12:00")
    assert await seen(front, ALICE, CHANCE, "2026-11-27T14:00") != []
    await front.command("away today")
    assert await posts(front, "2026-11-30T10:00") == []
    await front.click("act.on_track", deck.id)
    await front.send()
    assert "left this to the next one, and it is still open:" in chance_of(front)
    assert "listed this as missed" not in chance_of(front)


@pytest.mark.parametrize("again", ["digest resume", "digest here weekly 16:00 friday"])
async def test_a_pause_leaves_out_what_happens_in_it_and_not_what_was_before(front: Front, again: str) -> None:
    await front.command("digest here weekly 16:00 friday", CHARLIE)
    await front.make("send the deck by Tuesday 12:00")
    await front.make("send the minutes by Wednesday 12:00")
    await front.make("send the plan by Friday 10:00")
    assert await posts(front, "2026-11-24T18:00") == []
    await front.command("digest pause", CHARLIE)
    assert await posts(front, "2026-11-25T18:00") == []
    await front.command(again, CHARLIE)
    assert await posts(front, "2026-11-27T18:00") == [("Fri 27 16:00", "Promises in this channel: 2 missed.")]
    shown = texts_in(last_post(front))
    assert "send the deck" in shown
    assert "send the plan" in shown
    assert "send the minutes" not in shown
    assert await posts(front, "2026-12-04T18:00") == []


@pytest.mark.parametrize(
    ("day", "down_at", "back_at", "to", "begins", "text_shown"),
    [
        (
            *("Wednesday", "2026-11-24T12:00", "2026-11-27T14:00"),
            *(BOB, "The digest would", "The digest would list #5 as missed."),
        ),
        (
            *("Friday", "2026-11-27T12:30", "2026-11-30T09:00"),  # the last chances were sent at noon
            *("C1", "Promises in this channel", "Promises in this channel: 5 missed."),
        ),
    ],
    ids=["last chance", "post"],
)
async def test_after_a_downtime_a_post_and_its_last_chance_wait_for_the_misses_of_the_period(
    front: Front,
    monkeypatch: pytest.MonkeyPatch,
    day: str,
    down_at: str,
    back_at: str,
    to: str,
    begins: str,
    text_shown: str,
) -> None:
    """The clock marks them in batches, and what is sent in between would leave them out for good."""
    monkeypatch.setattr("bot.use_cases.promises.BATCH", 2)
    await front.command("digest here weekly 16:00 friday", CHARLIE)
    for number in range(4):
        await front.make(f"send deck {number} by {day} 14:00")
    await front.command(f"<@{ALICE}|alice> call the client by {day} 14:30", BOB)
    await until(front.services, front.clock, datetime.fromisoformat(f"{down_at}+00:00"), timedelta(hours=1))
    front.clock.move(datetime.fromisoformat(f"{back_at}+00:00") - front.clock.now())
    for _ in range(3):
        await front.services.promises.run_due()
        await front.send()
        front.clock.move(timedelta(seconds=6))
    for _ in range(2):  # the last chance leaves a minute after what the downtime held up
        await front.send()
        front.clock.move(timedelta(minutes=1))
    found = [each.text[: len(text_shown)] for each in front.messenger.sent_to(to) if begins in each.text]
    assert found == [text_shown]


async def test_looking_for_those_who_get_a_last_chance_has_no_recipient(front: Front) -> None:
    await front.command("digest here weekly 16:00 friday", CHARLIE)
    rows = [planned_row(row) for row in await front.store.planned(EPOCH, 100)]
    assert [(kind, to) for _, kind, to, *_ in rows] == [("look", ""), ("digest", "C1")]
