"""/api/v1: what a tool reads, makes and does, once and in the sentences of the chat, for its person alone."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest

from bot.domain.access_tokens import Scope
from bot.domain.acts import State
from bot.domain.digests import Group
from bot.domain.drafts import Draft
from bot.domain.promise import RATINGS, ChannelId, Due, Origin
from handlers.api.inputs import Rating
from handlers.api.rate_limits import Buckets
from tests.integration.front import Front, front_door, request
from tests.integration.test_logs import Logged, logged  # noqa: F401  pytest finds it by name
from tests.integration.tools import DUE, Tool, listening, tool_of, tool_of_workspace
from tests.unit.factories import ALICE, BOB, CHARLIE, DAVE, FRIDAY, TEAM

DECK = {"what": "send the deck", "due_at": DUE, "requester": BOB}


@pytest.fixture
async def front(tmp_path: Path, database_url: str) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as door:
        yield door


async def test_a_promise_is_made_asked_for_shown_and_kept_as_in_slack(front: Front) -> None:
    alice, bob = await tool_of(front), await tool_of(front, BOB)
    made = await alice.post("/promises", DECK)
    assert (made.status, made.headers["location"], made.headers["etag"]) == (201, "/api/v1/promises/1", '"1"')
    assert (made.message["owner"], made.message["state"], made.message["is_private"]) == (ALICE, "active", True)
    asked = await alice.post("/requests", {"what": "review it", "due_at": DUE, "owner": BOB})
    assert (asked.message["owner"], asked.message["state"]) == (BOB, "requested")
    assert "accept_request" in (await bob.get("/promises/2")).message["acts"]
    await front.send()
    front.clock.move(timedelta(hours=1))
    await front.send()
    assert "send the deck" in str([message.blocks for message in front.messenger.sent_to(BOB)])

    assert (await bob.act(2, "accept_request", 1)).message["state"] == "active"
    assert (await alice.act(1, "report", note="in the folder")).message["state"] == "reported"
    kept = await bob.act(1, "accept_delivery", 2, rating="exceeded")
    assert (kept.message["state"], kept.message["rating"]) == ("kept", "exceeded")
    history = (await alice.get("/promises/1")).message["history"]
    assert [(each["act"], each["by"]) for each in history] == [
        ("promise", ALICE),
        ("report", ALICE),
        ("accept_delivery", BOB),
    ]
    record = (await alice.get("/me/record")).message
    assert (record["counts"], record["kept"]) == ({"on_time": 1}, None)
    assert (await alice.get("/me")).message == {"team": TEAM, "person": ALICE, "scopes": []}


async def test_the_same_key_does_the_same_thing_once_and_nothing_else(front: Front) -> None:
    tool = await tool_of(front)
    first, again = [await tool.post("/promises", DECK, idempotency_key="k1") for _ in range(2)]
    assert first.message["id"] == again.message["id"]
    other = await tool.post("/promises", DECK | {"what": "send the plan"}, idempotency_key="k1")
    assert (other.status, other.message["type"]) == (422, "urn:kept:problem:reused-key")
    risks = [await tool.post("/promises/1/acts", {"act": "at_risk"}, idempotency_key="k1") for _ in range(2)]
    assert [each.message["seq"] for each in risks] == [2, 2]
    other = await tool.post("/promises/1/acts", {"act": "report"}, idempotency_key="k1")
    assert other.message["type"] == "urn:kept:problem:reused-key"
    another = await (await tool_of(front)).post("/promises", DECK, idempotency_key="k1")
    assert another.message["id"] != first.message["id"]
    assert (await tool.post("/promises", DECK, idempotency_key="k k")).status == 400


async def test_nothing_is_done_to_a_promise_that_has_changed_and_nothing_agreed_to_unseen(front: Front) -> None:
    promise = await front.make()
    alice, bob = await tool_of(front), await tool_of(front, BOB)
    path = f"/promises/{promise.number}"
    etag = (await alice.get(path)).headers["etag"]
    assert (await alice.get(path, if_none_match=etag)).status == 304
    await bob.act(promise.number, "propose", due_at=(FRIDAY + timedelta(days=3)).isoformat(), note="busy")
    assert (await alice.get(path, if_none_match=etag)).status == 200
    unseen = await alice.act(promise.number, "accept_proposal")
    assert (unseen.status, unseen.message["type"]) == (428, "urn:kept:problem:unread")
    stale = await alice.act(promise.number, "accept_proposal", 1)
    assert (stale.status, stale.message["type"]) == (412, "urn:kept:problem:changed")
    assert (await alice.post(f"{path}/acts", {"act": "report"}, if_match='"x", "1"')).status == 412
    agreed = await alice.act(promise.number, "accept_proposal", 2)
    assert (agreed.status, agreed.message["version"]) == (200, 2)


async def test_a_list_goes_on_by_its_cursor_and_keeps_to_its_filters(front: Front) -> None:
    tool, bob = await tool_of(front), await tool_of(front, BOB)
    for day in (3, 1, 2, 1):
        await tool.post("/promises", DECK | {"due_at": (FRIDAY + timedelta(days=day)).isoformat()})
    await bob.post("/promises", {"what": "100% of the plan", "due_at": DUE, "requester": ALICE})
    await tool.act(3, "report")
    numbers, cursor = [], ""
    while True:
        page = (await tool.get(f"/promises?limit=2&cursor={cursor}")).message
        numbers += [each["number"] for each in page["promises"]]
        if not (cursor := page["next"] or ""):
            break
    assert numbers == [5, 2, 4, 3, 1]
    for query, found in {
        "side=owing": [2, 4, 3, 1],
        "side=owed": [5],
        "side=missed": [],
        "state=reported": [3],
        "state=closed": [],
        "state=any&words=0%25": [5],
        f"due_before={DUE}".replace("+", "%2B"): [],
    }.items():
        assert [each["number"] for each in (await tool.get(f"/promises?{query}")).message["promises"]] == found, query
    for query in ("cursor=nonsense", "cursor=WzEsMl0=", "limit=0", "side=his", "colour=red", "limit=1&limit=2"):
        assert (await tool.get(f"/promises?{query}")).status == 422, query


async def test_private_promises_are_seen_by_their_parties_alone(front: Front) -> None:
    owner, other = await tool_of(front), await tool_of(front, CHARLIE)
    report = await tool_of_workspace(front, Scope.PROMISES)
    await owner.post("/promises", DECK)
    public = await front.make("send the figures by Friday 17:00")
    hidden = await other.get("/promises/1")
    never = await other.get("/promises/99")
    assert (hidden.status, hidden.message["detail"]) == (404, never.message["detail"].replace("99", "1"))
    assert (await report.get("/promises/1")).status == 404
    for tool in (other, report):
        for query in (f"person={ALICE}&state=any", "channel=C1&state=any"):
            assert [each["number"] for each in (await tool.get(f"/promises?{query}")).message["promises"]] == [2], query
    assert [each["number"] for each in (await report.get("/promises")).message["promises"]] == [2]
    assert (await report.get(f"/promises/{public.id}")).message["acts"] == []


async def test_a_workspaces_token_reads_what_its_scopes_name_and_does_nothing(front: Front) -> None:
    await front.make()
    report, digests = await tool_of_workspace(front, Scope.PROMISES), await tool_of_workspace(front, Scope.DIGESTS)
    await front.command("digest here weekly 16:00 friday")
    assert (await report.get("/me")).message["scopes"] == ["promises:read"]
    assert set((await digests.get("/digests/C1")).message["groups"]) == {group.value for group in Group}
    refused = [
        await report.get("/digests/C1"),
        await digests.get("/promises"),
        await digests.get("/promises/1"),
        await report.get("/me/record"),
        await report.post("/promises", DECK),
        await report.post("/requests", {}),
        await report.act(1, "report", 1),
    ]
    assert {each.status for each in refused} == {403}
    assert {each.message["type"] for each in refused} == {"urn:kept:problem:no-scope"}
    assert (await digests.get("/digests/C2")).status == 404
    front.messenger.private.add(ChannelId("C1"))
    assert (await digests.get("/digests/C1")).status == 404


async def test_a_tool_promises_in_a_channel_that_its_person_is_in(front: Front) -> None:
    tool = await tool_of(front)
    refused = await tool.post("/promises", DECK | {"channel": "C1"})
    assert (refused.status, refused.message["about"]) == (404, "channel")
    front.messenger.members_of[ChannelId("C1")] = frozenset({ALICE})
    made = (await tool.post("/promises", DECK | {"channel": "C1"})).message
    assert (made["channel"], made["is_private"]) == ("C1", False)


REFUSED: list[tuple[str, Any, int, str, str]] = [
    ("/promises", DECK | {"due_at": "2020-01-01T00:00:00Z"}, 422, "due", "That time has already passed."),
    ("/promises", DECK | {"what": "x" * 601}, 422, "what", "That is 601 characters long; 600 fit."),
    ("/promises", DECK | {"requester": "UROBOT"}, 404, "UROBOT", "is an app"),
    ("/promises", DECK | {"due_at": "2026-11-27T17:00:00"}, 422, "due_at", "timezone"),
    ("/promises", DECK | {"to": BOB}, 422, "to", "Extra inputs"),
    ("/requests", {"what": "x", "due_at": DUE, "owner": ALICE}, 422, "owner", "Ask a colleague."),
    ("/promises/1/acts", {"act": "settle"}, 422, "act", "no act"),
    ("/promises/1/acts", {"act": "revoke"}, 422, "note", "Say why"),
    ("/promises/1/acts", {"act": "revoke", "note": " \u200b"}, 422, "note", "Say why"),
    ("/promises/1/acts", {"act": "rate", "rating": "met"}, 404, "", "There is no promise #1 that you can see."),
]


async def test_what_cannot_be_done_is_answered_as_in_slack(front: Front) -> None:
    tool = await tool_of(front)
    for path, body, status, about, sentence in REFUSED:
        answer = await tool.post(path, body)
        assert answer.headers["content-type"] == "application/problem+json"
        assert (answer.status, answer.message["status"], answer.message.get("about", "")) == (status, status, about)
        assert sentence in answer.message["detail"]


async def test_what_is_no_request_is_refused_with_its_reason(front: Front) -> None:
    tool = await tool_of(front)
    for method, path, body, status in (
        ("POST", "/promises", b"{", 400),
        ("POST", "/promises", b"[" * 50_000, 400),
        ("POST", "/promises", b'"' + b"x" * 70_000, 413),
        ("DELETE", "/promises", b"", 405),
        ("GET", "/nothing", b"", 404),
        ("GET", "/promises/x", b"", 404),
    ):
        answer = await tool.send(method, path, body, {})
        assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json"), path
    for token in ("", "Bearer", f"Bearer {tool.token[:-64]}{'0' * 64}", f"Basic {tool.token}"):
        answer = await request(front.app, "GET", "/api/v1/me", b"", {"authorization": token})
        assert (answer.status, answer.headers["www-authenticate"]) == (401, 'Bearer realm="Kept"')
    assert (await request(front.app, "GET", "/api/v1/openapi.json")).message["openapi"] == "3.1.0"


async def test_another_workspace_is_another_world(front: Front) -> None:
    elsewhere = Draft("send the deck", Due(FRIDAY, "UTC"))
    await front.services.promises.make("T2", ALICE, elsewhere, Origin(ChannelId("C1")), "x")  # type: ignore[arg-type]
    foreign = Tool(front, await front.services.access.make("T2", ALICE, "x"))  # type: ignore[arg-type]
    assert (await foreign.get("/promises/1")).status == 401, "not a workspace that is served"
    assert (await (await tool_of(front)).get("/promises/1")).status == 404


async def test_a_token_takes_so_many_requests_and_then_says_when(tmp_path: Path) -> None:
    async with front_door(tmp_path, requests=3) as front:
        tool, other = await tool_of(front), await tool_of(front, BOB)
        answers = [await tool.get("/me") for _ in range(4)]
        assert [each.status for each in answers] == [200, 200, 200, 429]
        assert [each.headers["ratelimit-remaining"] for each in answers[:3]] == ["2", "1", "0"]
        assert answers[3].headers["retry-after"] == "1"
        assert (await other.get("/me")).status == 200
    seconds = [0.0]
    buckets = Buckets(lambda: seconds[0], burst=2)
    assert [buckets.take("a").is_taken for _ in range(3)] == [True, True, False]
    seconds[0] = 0.5
    assert [buckets.take("a").is_taken for _ in range(2)] == [True, False]


async def test_no_token_and_no_word_is_logged(tmp_path: Path, logged: Logged) -> None:  # noqa: F811  the fixture
    async with front_door(tmp_path) as front:
        tool = await tool_of(front)
        await tool.post("/promises", DECK | {"what": "the zebracanary"})
        await tool.post("/promises", b"zebracanary".decode())
        await tool.get(f"/promises?words=zebracanary&token={tool.token}")
    assert "api.make_promise" in logged()
    assert not [word for word in ("zebracanary", tool.token[-64:]) if word in logged()]


async def test_the_client_of_the_documentation_runs_as_it_stands(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    (client,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len([line for line in client.splitlines() if line]) <= 20
    async with front_door(tmp_path) as front, listening(front) as address:
        promise = await front.make()
        tool = await tool_of(front)
        sent = os.environ | {"KEPT_ADDRESS": address, "KEPT_TOKEN": tool.token}
        run = await asyncio.create_subprocess_exec(
            sys.executable, "-c", client, env=sent, stdout=asyncio.subprocess.PIPE
        )
        printed, _ = await run.communicate()
        assert printed.decode().splitlines()[-1] == "reported"
        assert (await front.now_of(promise)).state is State.REPORTED


async def test_a_guest_reads_what_they_are_party_to(front: Front) -> None:
    await front.make()
    front.messenger.know([replace(front.messenger.people[DAVE], is_guest=True)])
    guest = await tool_of(front, DAVE)
    assert (await guest.get("/promises/1")).status == 404
    assert (await guest.get(f"/promises?person={ALICE}")).message["promises"] == []


def test_the_ratings_of_the_document_are_those_of_the_domain() -> None:
    assert get_args(Rating) == RATINGS
