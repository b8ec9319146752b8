"""One person, and one channel, can take so many promises within ten minutes; what was typed comes back to copy."""

import contextlib
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.limits import WINDOW, Limits
from tests.integration.front import Front, front_door
from tests.unit.factories import ALICE, BOB, CHARLIE, DAVE

PEOPLE = (ALICE, CHARLIE, DAVE)


@contextlib.asynccontextmanager
async def front_with(folder: Path, database_url: str, limits: Limits) -> AsyncIterator[Front]:
    async with front_door(folder, database_url=database_url, limits=limits) as front:
        yield front


async def test_one_person_makes_so_many_promises_within_ten_minutes(tmp_path: Path, database_url: str) -> None:
    async with front_with(tmp_path, database_url, Limits(person=3)) as front:
        for _ in range(3):
            await front.make()
        refused = await front.command("<@UBOB|bob> send the *fourth* deck by Friday 17:00")
        assert "You have made 3 promises within ten minutes" in refused.text
        assert "send the *fourth* deck by Friday 17:00" in json.dumps(refused.message)
        assert len(await front.promises_of(ALICE)) == 3
        await front.make(by=BOB, to=ALICE)  # others go on
        front.clock.move(WINDOW + timedelta(seconds=1))
        await front.make()


async def test_requests_count_and_forms_keep_what_was_filled_in(tmp_path: Path, database_url: str) -> None:
    async with front_with(tmp_path, database_url, Limits(person=2)) as front:
        await front.make()
        await front.command("ask <@UBOB|bob> to send the deck by Friday 17:00")
        await front.command("")
        values = {"what": {"value": "send the deck"}, "due": {"selected_date_time": 1795795200}}
        answer = await front.submit(front.api.views[0], values)
        assert answer.message["response_action"] == "errors"
        assert "within ten minutes" in str(answer.message["errors"])


async def test_one_channel_shows_so_many_promises_within_ten_minutes(tmp_path: Path, database_url: str) -> None:
    async with front_with(tmp_path, database_url, Limits(channel=3)) as front:
        for person in PEOPLE:
            await front.make(by=person)
        refused = await front.command("<@UBOB|bob> send it by Friday 17:00", BOB)
        assert "This channel has had 3 new promises within ten minutes" in refused.text
        assert (
            "Recorded" in (await front.command("<@UBOB|bob> send it by Friday 17:00", channel="C2", name="other")).text
        )


async def test_what_is_made_in_private_floods_no_channel(tmp_path: Path, database_url: str) -> None:
    async with front_with(tmp_path, database_url, Limits(channel=1)) as front:
        for _ in range(3):
            answer = await front.command("send it by Friday 17:00", channel="D1", name="directmessage")
            assert "Recorded" in answer.text


async def test_a_request_that_slack_repeats_is_recorded_once_at_the_limit(tmp_path: Path, database_url: str) -> None:
    async with front_with(tmp_path, database_url, Limits(person=1)) as front:
        for _ in range(2):
            assert "Recorded" in (await front.command("<@UBOB|bob> send it by Friday 17:00", trigger="7.1.x")).text
        assert len(await front.promises_of(ALICE)) == 1


@pytest.mark.parametrize("limits", [Limits(), Limits(person=0, channel=0)])
async def test_zero_is_no_limit(tmp_path: Path, database_url: str, limits: Limits) -> None:
    async with front_with(tmp_path, database_url, limits) as front:
        for _ in range(40):
            await front.make()
