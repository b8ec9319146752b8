"""Another workspace’s requests and rows: a signature that fits is no leave to use this workspace's token."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.holidays_of import Holidays
from bot.ports import Side, Store
from bot.services import build_services
from bot.slack import SlackMessenger
from bot.use_cases.context import Context
from bot.use_cases.delivery.settings import DeliverySettings
from handlers.workspaces import NOT_SERVED, SingleWorkspace
from tests.fakes import SetClock
from tests.integration.front import Answer, Front, front_door
from tests.integration.slack_api import slack_api
from tests.integration.store_examples import OTHER_TEAM, adding, nudge, owing
from tests.unit.factories import ALICE, BOB, MONDAY, TEAM


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as door:
        yield door


def _form(front: Front, **fields: str) -> str:
    return urlencode({"team_id": OTHER_TEAM, "user_id": ALICE, "response_url": front.api.response_url, **fields})


async def command(front: Front) -> Answer:
    words = f"<@{BOB}> send the deck by Friday 17:00"
    return await front.sent(_form(front, command="/promise", text=words, channel_id="C1", trigger_id="1.2"))


async def event(front: Front, kind: str = "message") -> Answer:
    received = {"type": kind, "channel": "D1", "channel_type": "im", "user": ALICE, "text": "help", "ts": "1.2"}
    body = {"type": "event_callback", "team_id": OTHER_TEAM, "event_id": "Ev1", "event": received}
    return await front.sent(json.dumps(body), "application/json")


async def uninstalled(front: Front) -> Answer:
    return await event(front, "app_uninstalled")


async def click(front: Front) -> Answer:
    return await front.interact("block_actions", ALICE, _elsewhere(front) | {"actions": [{"action_id": "home.make"}]})


async def form(front: Front) -> Answer:
    view = {"id": "V1", "type": "modal", "team_id": OTHER_TEAM, "callback_id": "make", "state": {"values": {}}}
    return await front.interact("view_submission", ALICE, {"team": {"id": OTHER_TEAM}, "view": view})


async def shortcut(front: Front) -> Answer:
    return await front.interact("shortcut", ALICE, {"team": {"id": OTHER_TEAM}, "callback_id": "make_promise"})


def _elsewhere(front: Front) -> dict[str, Any]:
    return {"team": {"id": OTHER_TEAM}, "response_url": front.api.response_url, "trigger_id": "1.2"}


@pytest.mark.parametrize("request_", [command, event, uninstalled, click, form, shortcut])
async def test_a_signed_request_of_another_workspace_does_nothing(
    front: Front, request_: Callable[[Front], Awaitable[Answer]]
) -> None:
    await front.store.write(OTHER_TEAM, adding(team_id=OTHER_TEAM))

    answer = await request_(front)

    assert answer.status == 200
    kept = await front.store.read(OTHER_TEAM, lambda tx: tx.promises.concerning(ALICE, Side.ALL, 9))
    assert [promise.number for promise in kept] == [1]
    assert (front.api.calls, front.api.answers, front.messenger.posts) == ([], [], {})


async def test_its_people_are_shown_whom_to_ask(front: Front) -> None:
    assert (await command(front)).text == NOT_SERVED


@pytest.mark.parametrize(("request_", "status"), [(command, 200), (event, 503), (click, 503), (form, 503)])
async def test_a_request_while_slack_never_answered_is_refused_with_a_sentence_or_sent_again(
    front: Front, request_: Callable[[Front], Awaitable[Answer]], status: int
) -> None:
    front.api.is_down = True

    answer = await request_(front)

    assert answer.status == status
    shown = answer.text if request_ is command else answer.body
    assert shown == (
        "Slack could not be asked just now, so nothing was recorded. Please try again." if request_ is command else ""
    )


async def test_the_workspace_of_an_event_is_where_the_app_is_installed_not_where_it_was_written(front: Front) -> None:
    """In a channel shared with another company `team_id` may be theirs; `authorizations` says for whom it is sent."""
    received = {"type": "message", "channel": "D1", "channel_type": "im", "user": ALICE, "text": "help", "ts": "1.2"}
    ours = {"authorizations": [{"team_id": TEAM, "user_id": "UBOT", "is_bot": True}]}
    body = {"type": "event_callback", "team_id": "T0THEM", "event_id": "Ev1", "event": received, **ours}
    await front.sent(json.dumps(body), "application/json")
    assert len(front.messenger.posts) == 1


async def test_rows_of_another_workspace_wait_and_are_never_sent(store: Store) -> None:
    async with slack_api() as api, aiohttp.ClientSession() as session:
        client = AsyncWebClient(base_url=f"{api.url}/api/", session=session, retry_handlers=[])
        workspaces, clock = SingleWorkspace(client, "xoxb-1"), SetClock(MONDAY + timedelta(hours=1))
        messenger = SlackMessenger(client, workspaces.token_of, clock)
        services = build_services(Context(store, clock), messenger, Holidays(clock), DeliverySettings("a secret"))
        deliveries = services.deliveries
        for team in (TEAM, OTHER_TEAM):
            await store.write(team, adding(team_id=team))
            await store.write(team, owing(nudge()))

        await deliveries.send_due()
        deliveries.stop()
        await deliveries.drain()

        assert [method for method, _ in api.calls if method.startswith(("chat", "conv"))] == [
            "conversations.open",
            "chat.postMessage",
        ]
        waiting = await store.planned(MONDAY - timedelta(days=9), 9)
        assert [row.team_id for row in waiting] == [OTHER_TEAM]
        assert [(stop.team_id, stop.error) for stop in await store.stopped()] == [
            (OTHER_TEAM, "team_access_not_granted")
        ]
