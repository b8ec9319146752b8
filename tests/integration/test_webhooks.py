"""Webhooks: sent each act in order, again until they take it, signed, and never inside our own network."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver
from sqlalchemy import select
from standardwebhooks.webhooks import Webhook as Verifier

from bot.domain.errors import NotAllowedError, NotFoundError, UnreadableError
from bot.domain.networks import networks_of
from bot.domain.webhooks import PAUSES, CallState, Webhook, WebhookCall, checked_url
from bot.storage.webhooks import webhook_events
from bot.use_cases.webhooks import CALLS_KEPT, LEASE, Webhooks
from bot.webhook_caller import WebhookCaller, is_literal, may_call
from tests.integration.front import Front, front_door
from tests.integration.receiver import Receiver, receiver
from tests.integration.test_settings_of_time import make_admin
from tests.integration.test_store_opening import on_connection
from tests.unit.factories import ALICE, BOB, CHARLIE, MONDAY, TEAM

LOOPBACK = networks_of("127.0.0.0/8")


@pytest.fixture
async def front(tmp_path: Path, database_url: str) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as door:
        yield door


@pytest.fixture
async def there() -> AsyncIterator[Receiver]:
    async with receiver() as found:
        yield found


@pytest.fixture
async def webhooks(front: Front) -> AsyncIterator[Webhooks]:
    services, caller = front.services, WebhookCaller(LOOPBACK)
    yield Webhooks(services.context, services.people, services.preference_changes, caller)
    await caller.close()


async def test_each_act_is_sent_in_order_and_signed_and_the_end_by_its_name(
    front: Front, webhooks: Webhooks, there: Receiver
) -> None:
    added = await webhooks.add(TEAM, BOB, there.url)
    promise = await front.make()
    await front.click("act.report", promise.id)
    await webhooks.drain.run()
    front.clock.move(timedelta(minutes=2))
    await front.click("act.accept_delivery", promise.id, BOB)
    await webhooks.drain.run()
    assert there.events == ["promise.promise", "promise.report", "promise.accept_delivery", "promise.kept"]
    headers, body, sent = there.taken[-1]
    assert (sent["data"]["promise"]["state"], sent["data"]["act"]["by"]) == ("kept", BOB)
    signature = Verifier(added.secret).sign(headers["webhook-id"], front.clock.now(), body)
    assert headers["webhook-signature"] == signature
    await webhooks.drain.run()
    assert len(there.taken) == 4


async def test_a_webhook_is_sent_what_its_owner_is_party_to_and_a_workspaces_what_is_public(
    front: Front, webhooks: Webhooks, there: Receiver
) -> None:
    with pytest.raises(NotAllowedError):
        await webhooks.add(TEAM, ALICE, there.url, is_own=False)
    make_admin(front, ALICE)
    await webhooks.add(TEAM, ALICE, f"{there.url}/all", is_own=False)
    await webhooks.add(TEAM, CHARLIE, f"{there.url}/charlie")
    await front.command(f"<@{BOB}|bob> send the plan by Friday 17:00", channel="D1", name="directmessage")
    await front.make("send the figures by Friday 17:00")
    await front.make("send the deck by Friday 17:00", BOB, CHARLIE)
    await webhooks.drain.run()
    whats = sorted(sent["data"]["promise"]["what"] for _, _, sent in there.taken)
    assert whats == ["send the deck", "send the deck", "send the figures"]


async def test_what_is_not_taken_is_sent_again_later_and_given_up_for_all_to_see(
    front: Front, webhooks: Webhooks, there: Receiver
) -> None:
    there.fails = lambda call_id, attempt: 500
    added = await webhooks.add(TEAM, ALICE, there.url)
    await front.make()
    for pause in (timedelta(), *PAUSES):
        front.clock.move(pause)
        await webhooks.drain.run()
    assert list(there.attempts.values()) == [1 + len(PAUSES)]
    (call,) = await webhooks.attempts(TEAM, ALICE, added.id)
    assert (call.state, call.status, call.tries) == (CallState.GIVEN_UP, 500, 1 + len(PAUSES))

    await front.command("settings webhooks")
    await front.click("webhooks.attempts", added.id)
    shown = json.dumps([body["view"] for method, body in front.api.calls if method == "views.push"][-1])
    assert "HTTP 500" in shown
    assert "given up" in shown
    there.fails = lambda call_id, attempt: 410 if attempt == 1 else 0
    await webhooks.test(TEAM, ALICE, added.id)
    await webhooks.drain.run()
    assert (await webhooks.attempts(TEAM, ALICE, added.id))[0].state is CallState.GIVEN_UP, "gone is gone"
    there.fails = lambda call_id, attempt: 302
    await webhooks.test(TEAM, ALICE, added.id)
    await webhooks.drain.run()
    assert there.taken == [], "a redirect is not followed"
    assert sorted(there.attempts.values()) == [1, 1, 1 + len(PAUSES)]


async def test_later_acts_wait_for_the_earlier_of_their_promise_and_for_no_other(
    front: Front, webhooks: Webhooks, there: Receiver
) -> None:
    await webhooks.add(TEAM, ALICE, there.url)
    stuck, free = await front.make(), await front.make("send the plan by Friday 17:00")
    await webhooks.drain.run()
    there.taken.clear()
    await front.click("act.on_track", stuck.id)
    there.fails = lambda call_id, attempt: 503
    await webhooks.drain.run()
    there.fails = lambda call_id, attempt: 0
    await front.click("act.report", stuck.id)
    await front.click("act.report", free.id)
    await webhooks.drain.run()
    assert [sent["data"]["promise"]["id"] for _, _, sent in there.taken] == [free.id]
    front.clock.move(PAUSES[0])
    await webhooks.drain.run()
    assert there.events == ["promise.report", "promise.on_track", "promise.report"]


async def test_a_process_that_died_lets_go_of_what_it_held_and_a_late_answer_counts_for_nothing(
    front: Front, webhooks: Webhooks, there: Receiver
) -> None:
    await webhooks.add(TEAM, ALICE, there.url)
    await front.make()
    await front.store.write(TEAM, webhooks._owe)
    now = front.clock.now()
    (held,) = await front.store.write(TEAM, lambda tx: tx.webhooks.claim_calls(now, LEASE, 9))
    await webhooks.drain.run()
    assert there.taken == []
    front.clock.move(LEASE)
    await webhooks.drain.run()
    assert len(there.taken) == 1
    late = replace(held, state=CallState.GIVEN_UP)
    assert not await front.store.write(TEAM, lambda tx: tx.webhooks.record_call(late, held.attempt))


async def test_webhooks_are_added_tested_and_removed_in_the_settings(
    front: Front, webhooks: Webhooks, there: Receiver
) -> None:
    await front.command("settings webhooks")
    refused = await front.submit(front.api.views[-1], {"url": {"value": "ftp://example.com"}})
    assert "Write an address" in refused.message["errors"]["url"]
    shown = (await front.submit(front.api.views[-1], {"url": {"value": there.url}})).message
    (secret,) = re.findall(r"whsec_[\w+/=]+", json.dumps(shown))
    (added,) = await webhooks.listed(TEAM, ALICE)
    assert added.secret == secret
    await front.command("settings webhooks")
    assert secret not in json.dumps(front.api.views[-1])
    await front.click("webhooks.test", added.id)
    await webhooks.drain.run()
    assert there.events == ["test"]
    await front.click("webhooks.remove", added.id, BOB)
    assert "gone already" in front.api.answers[-1]["text"]
    with pytest.raises(NotFoundError):
        await webhooks.attempts(TEAM, BOB, added.id)
    await front.click("webhooks.remove", added.id)
    await front.make()
    await webhooks.drain.run()
    assert (await webhooks.listed(TEAM, ALICE), there.events) == ((), ["test"])


async def test_forgotten_promises_are_sent_to_no_webhook_and_twenty_attempts_are_kept(
    front: Front, webhooks: Webhooks, there: Receiver
) -> None:
    await webhooks.add(TEAM, ALICE, there.url)
    bobs = await webhooks.add(TEAM, BOB, there.url)
    await front.make("send the figures by Friday 17:00")
    await webhooks.drain.run()
    there.taken.clear()
    unsent = await front.make("send the zebracanary by Friday 17:00")
    await front.click("data.forget", "me")
    query = select(webhook_events.c.promise_id)
    noted = await on_connection(front.database_url, lambda connection: connection.execute(query).scalars().all())
    assert noted == [unsent.id], "acts that are written again without their words are no news"
    await webhooks.drain.run()
    assert "zebracanary" not in str(there.taken)
    assert {sent["type"] for _, _, sent in there.taken} <= {"promise.promise"}
    assert len(there.taken) == 1
    for _ in range(CALLS_KEPT + 3):
        await webhooks.test(TEAM, BOB, bobs.id)
    await webhooks.drain.run()
    assert len(await webhooks.attempts(TEAM, BOB, bobs.id)) == CALLS_KEPT


class Names(AbstractResolver):
    """A name server that leads everywhere."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[Any]:
        named = {"hostname": host, "port": port, "family": 2, "proto": 0, "flags": 0}
        return [{**named, "host": address} for address in self.addresses]

    async def close(self) -> None: ...


@pytest.mark.parametrize(
    "inner",
    [
        *(
            "127.0.0.1",
            "10.0.0.7",
            "172.16.3.1",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",  # noqa: S104  an address that is called
            "224.0.0.1",
        ),
        *(
            "::1",
            "fe80::1",
            "fd00::7",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
            "ff02::1",
            "255.255.255.255",
        ),
    ],
)
async def test_no_webhook_reaches_an_inner_address_by_number_or_by_name(inner: str, there: Receiver) -> None:
    port = there.url.rpartition(":")[2]
    now = MONDAY
    call = WebhookCall("c", "w", "", 0, "test", CallState.PENDING, now, now)  # type: ignore[arg-type]
    caller = WebhookCaller(resolver=Names(inner))
    for host in (f"[{inner}]" if ":" in inner else inner, "a-name.example"):
        hook = Webhook("w", ALICE, f"https://{host}:{port}/", "whsec_c2VjcmV0", ALICE, now)
        assert (await caller.call(hook, call, "{}", now)).error == "an inner address", host
    await caller.close()
    assert not may_call(inner, ())
    assert there.attempts == {}


def test_what_is_no_name_is_taken_for_a_number_and_only_an_address_is_called() -> None:
    assert [is_literal(host) for host in ("2130706433", "0x7f000001", "127.1", "::1", "example.com")] == [True] * 4 + [
        False
    ]
    for url in (
        "",
        "example.com",
        "https://",
        "https://user:word@example.com",
        "javascript:x",
        "https://a b",
        "https://a:x",
    ):
        with pytest.raises(UnreadableError):
            checked_url(url)
    assert checked_url(" https://example.com/kept ") == "https://example.com/kept"
