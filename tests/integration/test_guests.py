"""Guests: Slack shows them their own channels alone, and Kept what they are party to and what was made in those."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.domain.promise import ChannelId, UserId
from tests.integration.front import Front, front_door
from tests.integration.test_slack_answers import slack_that
from tests.unit.factories import ALICE, BOB, CHARLIE, DAVE, TEAM

C1, C2 = ChannelId("C1"), ChannelId("C2")


@pytest.fixture
async def front(tmp_path: Path, database_url: str) -> AsyncIterator[Front]:
    """Dave is a guest in C2; Alice promised Bob something in C1, and something else in C2."""
    async with front_door(tmp_path, database_url=database_url) as door:
        door.messenger.know([replace(door.messenger.people[DAVE], is_guest=True)])
        door.messenger.members_of |= {C1: frozenset({ALICE, BOB}), C2: frozenset({ALICE, BOB, DAVE})}
        for words, place, name in (("hiddenzebra", "C1", "general"), ("openlion", "C2", "visitors")):
            await door.command(f"<@{BOB}|bob> the {words} by Wednesday 12:00", ALICE, place, name)
        await door.command(f"<@{BOB}|bob> the charliebear by Wednesday 12:00", CHARLIE, "C1", "general")
        yield door


@pytest.mark.parametrize(
    "text",
    [
        "show 1",
        f"list <@{ALICE}|alice>",
        f"list <@{BOB}|bob>",
        "done 1 it is there",
        "move 1 to Monday 17:00",
        "cancel 1",
        "accept 1",
        "release 1",
        f"hand 1 to <@{CHARLIE}|charlie>",
        "1 needs 2",
        "need 1 by Thursday",
    ],
)
async def test_a_guest_reads_nothing_of_what_was_made_where_they_are_not(front: Front, text: str) -> None:
    answer = await front.command(text, DAVE, "C2", "visitors")
    assert "hiddenzebra" not in answer.body
    assert "charliebear" not in answer.body
    sent = [*front.messenger.sent_to(DAVE), *map(str, front.api.views)]
    assert not [each for each in sent if "hiddenzebra" in str(each)]


async def test_what_a_guest_may_not_see_is_refused_in_the_words_of_what_does_not_exist(front: Front) -> None:
    for words in ("show {}", "done {} it is there", "accept {}"):
        hidden, missing = [await front.command(words.format(number), DAVE, "C2") for number in (1, 99)]
        assert hidden.text == missing.text.replace("#99", "#1")


async def test_a_guest_reads_what_was_made_in_their_channel_and_what_they_are_party_to(front: Front) -> None:
    assert "openlion" in (await front.command("show 2", DAVE, "C2")).body
    listed = await front.command(f"list <@{ALICE}|alice>", DAVE, "C2")
    assert ("openlion" in listed.body, "hiddenzebra" in listed.body) == (True, False)
    await front.command(f"<@{DAVE}|dave> the davefox by Friday 17:00", ALICE, "C1", "general")
    assert "davefox" in (await front.command("show 4", DAVE, "C2")).body
    assert "davefox" in (await front.command("list", DAVE, "C2")).body


async def test_a_guests_promise_stands_on_nothing_that_they_may_not_see(front: Front) -> None:
    await front.command(f"<@{BOB}|bob> the guestword by Friday 17:00", DAVE, "C2", "visitors")
    for words in ("4 needs 1", f"<@{BOB}|bob> another by Friday 17:00 needs #1"):
        answer = await front.command(words, DAVE, "C2", "visitors")
        assert "There is no promise #1 that you can see." in answer.text
    await front.command("4 needs 2", DAVE, "C2")
    assert "openlion" in (await front.command("show 4", DAVE, "C2")).body


async def test_a_click_on_what_a_guest_may_not_see_says_nothing_of_it(front: Front) -> None:
    (hidden, *_) = await front.promises_of(ALICE)
    for act in ("act.report", "act.propose", "act.accept_delivery", "act.release"):
        await front.click(act, hidden.id, DAVE)
    assert "hiddenzebra" not in str(front.api.answers) + str(front.api.views)


async def test_everybody_else_reads_what_was_made_in_public(front: Front) -> None:
    assert "hiddenzebra" in (await front.command("show 1", CHARLIE, "C2")).body


async def test_an_opened_promise_is_visible_to_colleagues(front: Front) -> None:
    await front.command("stats open", ALICE)
    seen = [await front.services.records.of(TEAM, ALICE, DAVE, "UTC", is_guest=guest) for guest in (True, False)]
    assert seen[0].view != seen[1].view
    assert "has opened" not in (await front.command(f"stats <@{ALICE}|alice>", DAVE)).text


@pytest.mark.parametrize("has_guest", [True, False])
async def test_a_digest_of_members_shows_nothing_of_other_channels_where_a_guest_reads_it(
    front: Front, has_guest: bool
) -> None:
    if not has_guest:
        front.messenger.members_of[C2] -= {DAVE}
    await front.command("digest here weekly 16:00 friday members", ALICE, "C2", "visitors")
    preview = (await front.command("digest preview", ALICE, "C2", "visitors")).body
    assert ("openlion" in preview, "hiddenzebra" in preview) == (True, not has_guest)


@pytest.mark.parametrize(
    ("sent", "is_guest"),
    [({}, False), ({"is_restricted": True}, True), ({"is_restricted": True, "is_ultra_restricted": True}, True)],
)
async def test_who_is_a_guest_is_what_slack_says_of_them(sent: dict[str, Any], is_guest: bool) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.json_response({"ok": True, "user": {"id": "U1", "name": "pat", "team_id": "T1", **sent}})

    async with slack_that(answer) as messenger:
        person = await messenger.person(TEAM, UserId("U1"))
        assert person is not None
        assert person.is_guest is is_guest
