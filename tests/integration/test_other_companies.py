"""Channels shared with another company, and its people: what they read of us, and what we read of them."""

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.domain.promise import ChannelId, UserId
from bot.ports import Audience
from tests.integration.front import Front, front_door
from tests.integration.test_handlers_hearing import PROMISE, direct, overheard, whispers
from tests.integration.test_slack_answers import slack_that
from tests.unit.factories import ALICE, BOB, CHARLIE, TEAM

C1 = ChannelId("C1")
THEIRS = {"user_team": "T0THEM", "source_team": "T0THEM"}


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as door:
        door.messenger.members_of[C1] = frozenset({ALICE, CHARLIE})
        yield door


async def posted(front: Front) -> list[str]:
    """Lets the Friday come on which the digest is posted; every word of what then stands in the channel."""
    end = datetime.fromisoformat("2026-11-27T16:00:00+00:00")
    while front.clock.now() < end:
        front.clock.move(min(timedelta(hours=4), end - front.clock.now()))
        await front.services.promises.run_due()
        await front.send()
    return [json.dumps([message.text, message.blocks]) for message in front.messenger.sent_to(C1)]


async def promised_elsewhere(front: Front) -> None:
    await front.command(f"<@{BOB}|bob> the publicgiraffe by Wednesday 12:00", ALICE, "C2", "sales")


async def test_members_are_refused_in_a_channel_that_another_company_reads(front: Front) -> None:
    front.messenger.shared.add(C1)
    answer = await front.command("digest here weekly 16:00 friday members", CHARLIE)
    assert "shared with people outside this workspace" in answer.text
    assert await front.services.digests.setting(TEAM, C1) is None
    assert "first on" in (await front.command("digest here weekly 16:00 friday", CHARLIE)).text


@pytest.mark.parametrize("is_shared", [True, False])
async def test_a_digest_shows_nothing_of_other_channels_once_its_channel_is_shared(
    front: Front, is_shared: bool
) -> None:
    await front.command("digest here weekly 16:00 friday members", CHARLIE)
    await promised_elsewhere(front)
    await front.make("the hereword by Wednesday 12:00")
    if is_shared:
        front.messenger.shared.add(C1)
    words = await posted(front)
    assert any("hereword" in each for each in words)
    assert any("publicgiraffe" in each for each in words) is not is_shared
    setting = await front.services.digests.setting(TEAM, C1)
    assert setting is not None
    assert setting.of_members
    sent = [
        message.text for message in front.messenger.sent_to(CHARLIE) if "shared with another company" in message.text
    ]
    assert len(sent) == is_shared, "whoever set it is told, once"


async def test_the_setter_of_a_digest_is_notified_when_its_channel_is_shared(front: Front) -> None:
    await front.command("digest here weekly 16:00 friday members", CHARLIE)
    for _ in range(2):
        await front.event({"type": "channel_shared", "channel": C1, "connected_team_id": "T0THEM"})
        front.messenger.shared.add(C1)
    await front.send()
    (sent,) = front.messenger.sent_to(CHARLIE)
    assert sent.text.startswith("<#C1> is shared with another company now")


async def test_a_shared_channel_still_shows_what_was_promised_in_it(front: Front) -> None:
    front.messenger.shared.add(C1)
    await front.command("digest here weekly 16:00 friday", CHARLIE)
    await front.make("the hereword by Wednesday 12:00")
    assert any("hereword" in each for each in await posted(front))


async def test_promises_of_a_channel_made_private_are_shown_nowhere_else(front: Front) -> None:
    await front.command("digest here weekly 16:00 friday members", CHARLIE)
    await promised_elsewhere(front)
    front.messenger.private.add(ChannelId("C2"))
    assert not any("publicgiraffe" in each for each in await posted(front))


@pytest.mark.parametrize("sent", [THEIRS, {"user_team": "T0THEM"}, {"source_team": "T0THEM"}])
async def test_a_message_of_theirs_is_not_read(front: Front, sent: dict[str, str]) -> None:
    await front.command("listen on")
    await front.event(overheard(PROMISE) | sent)
    await front.event(direct("help") | sent)
    assert (whispers(front), front.messenger.posts) == ([], {})
    await front.event(overheard(PROMISE) | {"user_team": TEAM, "source_team": TEAM})
    assert len(whispers(front)) == 1


async def test_slackbots_words_are_nobodys_promise(front: Front) -> None:
    await front.command("listen on")
    await front.event(overheard(PROMISE, UserId("USLACKBOT")))
    assert whispers(front) == []


async def test_a_click_of_theirs_does_nothing(front: Front) -> None:
    promise = await front.make()
    user = {"id": BOB, "username": "pat", "team_id": "T0THEM"}
    pressed = {"actions": [{"action_id": "act.accept_delivery", "type": "button", "value": promise.id}]}
    answer = await front.interact("block_actions", BOB, {"user": user, **pressed})
    assert (answer.status, answer.body, front.api.answers) == (200, "", [])


USERS: dict[str, tuple[dict[str, Any], bool]] = {
    "ours": ({"team_id": "T1"}, True),
    "ours, without a team": ({}, True),
    "of another company, met in a shared channel": ({"team_id": "T0THEM", "is_stranger": False}, False),
    "of another company, met nowhere": ({"team_id": "T0THEM", "is_stranger": True}, False),
    "of our organisation and workspace": ({"team_id": "T9", "enterprise_user": {"teams": ["T9", "T1"]}}, True),
    "of our organisation's other workspace": ({"team_id": "T9", "enterprise_user": {"teams": ["T9"]}}, False),
}


@pytest.mark.parametrize("name", USERS)
async def test_only_people_of_the_workspace_owe_and_are_owed(name: str) -> None:
    sent, is_ours = USERS[name]
    user = {"id": "U1", "name": "pat", **sent}

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.json_response({"ok": True, "user": user, "members": [user]})

    async with slack_that(answer) as messenger:
        assert (await messenger.person(TEAM, UserId("U1")) is not None) is is_ours
        assert (await messenger.person_named(TEAM, "pat") == "U1") is is_ours


CHANNELS: dict[str, tuple[dict[str, Any], Audience]] = {
    "public": ({}, Audience.COLLEAGUES),
    "shared with another company": ({"is_ext_shared": True}, Audience.OTHERS_TOO),
    "about to be": ({"is_pending_ext_shared": True}, Audience.OTHERS_TOO),
    "invited": ({"pending_connected_team_ids": ["T0THEM"]}, Audience.OTHERS_TOO),
    "shared with another workspace of the organisation": ({"is_org_shared": True}, Audience.OTHERS_TOO),
    "private": ({"is_private": True}, Audience.MEMBERS),
    "private and shared": ({"is_private": True, "is_ext_shared": True}, Audience.MEMBERS),
}


@pytest.mark.parametrize("name", CHANNELS)
async def test_who_reads_a_channel_is_what_slack_says_of_it(name: str) -> None:
    sent, audience = CHANNELS[name]

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.json_response({"ok": True, "channel": {"id": C1, **sent}})

    async with slack_that(answer) as messenger:
        assert await messenger.audience(TEAM, C1) is audience
        assert await messenger.is_private(TEAM, C1, "") is (audience is Audience.MEMBERS)
        assert await messenger.is_private(TEAM, C1, "general") is (audience is Audience.MEMBERS)


@pytest.mark.parametrize(("name", "is_private"), [("general", False), ("privategroup", True), ("mpdm-a--b-1", True)])
async def test_the_name_in_a_command_says_whether_its_place_is_private(name: str, is_private: bool) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        raise AssertionError("Slack was asked on the path of a command")

    async with slack_that(answer) as messenger:
        assert await messenger.is_private(TEAM, C1, name) is is_private


async def test_everybody_of_the_workspace_is_learnt_page_by_page() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        asked = await request.post()
        member = {"team_id": TEAM, "tz": "Asia/Tokyo", "locale": "de-DE", "profile": {"display_name": "Pat"}}
        following = "" if asked.get("cursor") else "2"
        members = (
            [member | {"id": "U2"}, member | {"id": "U9", "team_id": "T0THEM"}]
            if following
            else [member | {"id": "U3"}]
        )
        return web.json_response({"ok": True, "members": members, "response_metadata": {"next_cursor": following}})

    async with slack_that(answer) as messenger:
        learnt = await messenger.people_of(TEAM)
    assert [(person.id, person.zone, person.locale) for person in learnt] == [
        ("U2", "Asia/Tokyo", "de-DE"),
        ("U3", "Asia/Tokyo", "de-DE"),
    ]


async def test_a_channel_is_asked_about_again_when_it_matters_and_when_slack_says_that_it_changed() -> None:
    channel: dict[str, Any] = {}

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.json_response({"ok": True, "channel": channel})

    async with slack_that(answer) as messenger:
        assert await messenger.audience(TEAM, C1) is Audience.COLLEAGUES
        channel["is_ext_shared"] = True
        assert await messenger.audience(TEAM, C1) is Audience.COLLEAGUES
        assert await messenger.audience(TEAM, C1, just_now=True) is Audience.OTHERS_TOO
        channel["is_private"] = True
        messenger.forget(TEAM, C1)
        assert await messenger.audience(TEAM, C1) is Audience.MEMBERS


async def test_a_channel_of_which_slack_says_nothing_is_private() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429)

    async with slack_that(answer) as messenger:
        assert await messenger.audience(TEAM, C1, just_now=True) is Audience.MEMBERS


@pytest.mark.parametrize(
    "event",
    [
        {"type": "channel_shared", "connected_team_id": "T0THEM", "channel": C1},
        {"type": "channel_unshared", "previously_connected_team_id": "T0THEM", "channel": C1},
        {"type": "message", "subtype": "channel_convert_to_private", "channel": C1, "user": ALICE, "text": "…"},
    ],
)
async def test_what_was_known_of_a_channel_is_forgotten_when_it_changes(front: Front, event: dict[str, Any]) -> None:
    assert (await front.event(event)).status == 200
    assert front.messenger.forgotten == [C1]


async def test_a_supposed_colleague_is_a_stranger_once_slack_is_asked_again(front: Front) -> None:
    await front.make("the deck by Friday 17:00")
    del front.messenger.people[BOB]  # Slack's Messenger returns no person of another company
    await front.event({"type": "user_change", "user": {"id": BOB}})
    answer = await front.command(f"<@{BOB}|bob> the plan by Friday 17:00")
    assert "no longer in this workspace" in answer.text


async def test_listening_is_refused_where_the_permission_to_read_channels_was_left_out(front: Front) -> None:
    front.messenger.lacking.add("channels:history")
    assert "left out when I was installed" in (await front.command("listen on")).text
    assert await front.services.places.listening(TEAM, C1) is None
