"""The door for assistants, driven by the official client: nothing done there binds anybody else before their click."""

import contextlib
import os
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from bot.domain.access_tokens import Scope
from bot.domain.acts import State
from bot.domain.errors import KeptError
from bot.domain.promise import UserId
from bot.setting_names import misspelt
from handlers.assistant.api_calls import ApiCall, ApiThere
from handlers.assistant.stdio import run_stdio
from handlers.assistant.tools import TOOLS
from tests.integration.front import Front, front_door, request
from tests.integration.tools import DUE, listening, tool_of, tool_of_workspace
from tests.patience import PATIENCE_S
from tests.ports import free_port
from tests.unit.factories import ALICE, BOB, CHARLIE, FRIDAY, TEAM

WAYS = ("/mcp", "/mcp of 2025", "stdio")


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as door:
        yield door


@contextlib.asynccontextmanager
async def assistant(front: Front, way: str, person: UserId = ALICE) -> AsyncIterator[Client]:
    """The package's own client, connected as an assistant of a person."""
    token = (await tool_of(front, person)).token
    async with contextlib.AsyncExitStack() as stack:
        address = await stack.enter_async_context(listening(front))
        if way == "stdio":
            environ = {**os.environ, "KEPT_ADDRESS": address, "KEPT_TOKEN": token}
            server: Any = StdioServerParameters(command=sys.executable, args=["-m", "bot", "mcp"], env=environ)
        else:
            headers = {"Authorization": f"Bearer {token}"}
            http = await stack.enter_async_context(httpx2.AsyncClient(headers=headers, timeout=PATIENCE_S))
            server = streamable_http_client(f"{address}/mcp", http_client=http)
        mode = "legacy" if "2025" in way else "auto"
        yield await stack.enter_async_context(Client(server, mode=mode, read_timeout_seconds=PATIENCE_S))


async def done(client: Client, tool: str, **given: Any) -> dict[str, Any]:
    """The result of a tool that does what it is to do."""
    result = await client.call_tool(tool, given)
    assert not result.is_error, result.content
    assert isinstance(result.structured_content, dict)
    return result.structured_content


async def refused(client: Client, tool: str, **given: Any) -> str:
    """The sentence with which a tool refuses."""
    result = await client.call_tool(tool, given)
    assert result.is_error
    (content,) = result.content
    return str(getattr(content, "text", ""))


@pytest.mark.parametrize("way", WAYS)
async def test_a_request_by_an_assistant_binds_no_one_before_the_click(front: Front, way: str) -> None:
    async with assistant(front, way) as client:
        assert {tool.name for tool in (await client.list_tools()).tools} == set(TOOLS)
        asked = await done(client, "ask", owner=BOB, what="review the deck", due_at=DUE, key="k1")
        again = await done(client, "ask", owner=BOB, what="review the deck", due_at=DUE, key="k1")
        assert (asked["id"], asked["state"], asked["owner"]) == (again["id"], "requested", BOB)
        (request_,) = await front.promises_of(BOB)
        assert request_.state is State.REQUESTED
        await front.click("act.accept_request", request_.id, BOB)
        assert (await done(client, "show", promise=str(asked["number"])))["state"] == "active"


async def test_an_assistant_promises_proposes_and_reports_for_its_person_and_agrees_to_nothing(front: Front) -> None:
    made = await front.make()
    async with assistant(front, "/mcp") as client:
        own = await done(client, "promise", what="send the figures", due_at=DUE, requester="@bob")
        assert (own["owner"], own["requester"]) == (ALICE, BOB)
        assert "nobody called @rob" in await refused(client, "ask", owner="@rob", what="review it", due_at=DUE)
        listed = await done(client, "list", side="owing", words="figures")
        assert [each["number"] for each in listed["promises"]] == [own["number"]]
        assert listed["people"] == {ALICE: "alice", BOB: "bob"}
        later = FRIDAY + timedelta(days=3)
        proposed = await done(client, "propose", promise=str(made.number), due_at=later.isoformat(), note="I am ill")
        assert (proposed["due_at"], proposed["proposal"]["to"]) == (own["due_at"].replace("17:00", "16:00"), BOB)
        assert (await front.now_of(made)).terms == made.terms, "the old terms hold"
        await front.click("act.accept_proposal", made.id, BOB)
        assert (await front.now_of(made)).terms.due.at == later
        assert (await done(client, "report", promise=own["id"], note="in the folder"))["state"] == "reported"
        assert (await done(client, "show", promise=own["id"]))["history"][-1]["note"] == "in the folder"
    assert not {"accept", "act", "decline", "revoke"} & set(TOOLS)
    assert {tool.name for tool in TOOLS.values() if tool.only_reads} == {"list", "show"}


async def test_an_assistant_reads_why_not_and_nothing_that_its_person_may_not_see(front: Front) -> None:
    made = await front.make()
    await front.command(f"<@{BOB}|bob> send the plan by Friday 17:00", channel="D1", name="directmessage")
    async with assistant(front, "/mcp", CHARLIE) as client:
        assert "no promise #2 that you can see" in await refused(client, "show", promise="2")
        assert "Only" in await refused(client, "report", promise=made.id)
        assert "Field required" in await refused(client, "ask", owner=BOB, what="review it")
        assert "wen" in await refused(client, "promise", what="send it", due_at=DUE, wen="today")
        assert "no tool" in await refused(client, "accept", promise=made.id)
    workspaces = await tool_of_workspace(front, Scope.PROMISES)
    body = b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "ask", "arguments": %s}}'
    asks = b'{"owner": "%s", "what": "review it", "due_at": "%s"}' % (BOB.encode(), DUE.encode())
    headers = {"authorization": f"Bearer {workspaces.token}", "content-type": "application/json"}
    headers |= {"accept": "application/json, text/event-stream", "host": "127.0.0.1"}
    answer = await request(front.app, "POST", "/mcp", body % asks, headers)
    assert (answer.message["result"]["isError"], "personal token" in str(answer.message)) == (True, True)


async def test_without_a_token_there_is_no_tool_at_all(front: Front) -> None:
    forgotten = (await tool_of(front, BOB)).token
    await front.store.forget_person(TEAM, BOB, UserId("UNOBODY"))
    for headers in ({}, {"authorization": "Bearer kept_nothing"}, {"authorization": f"Bearer {forgotten}"}):
        answer = await request(front.app, "POST", "/mcp", b"{}", headers)
        assert (answer.status, answer.headers["www-authenticate"]) == (401, 'Bearer realm="Kept"')
    assert (await request(front.app, "GET", "/mcp")).status == 405


async def test_a_kept_without_the_package_says_how_to_get_it(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "handlers.assistant.assistant_app", None)
    answer = await request(front.app, "POST", "/mcp")
    assert (answer.status, "kept[mcp]" in answer.message["detail"]) == (501, True)


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({}, "Set KEPT_ADDRESS"),
        ({"KEPT_ADDRESS": "kept.example.com", "KEPT_TOKEN": "t"}, "Set KEPT_ADDRESS"),
        ({"KEPT_ADDRESS": "https://kept.example.com"}, "Set KEPT_TOKEN"),
    ],
)
def test_an_assistant_that_lacks_a_setting_is_shown_which(environ: dict[str, str], sentence: str) -> None:
    with pytest.raises(KeptError, match=sentence):
        run_stdio(environ)
    assert not misspelt(environ, ["KEPT_CLOCK_URL"]), "a Kept that runs here does not take them for slips of its own"


async def test_a_kept_that_does_not_answer_is_named() -> None:
    async with aiohttp.ClientSession() as session:
        api = ApiThere(session, f"http://127.0.0.1:{free_port()}", "t")
        answer = await api.call(ApiCall("GET", "/promises"))
    assert (answer.status, "does not answer at http://127.0.0.1" in answer.value["detail"]) == (503, True)
