"""Tokens for other tools: shown once, stored as a hash, revoked by a click, of no use to anybody else."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.access_tokens import MAX_TOKENS, Scope, read_token
from bot.domain.errors import NotAllowedError, TooManyError
from bot.domain.promise import UserId
from bot.logs import SECRETS
from bot.storage.access import access_tokens
from tests.integration.front import Front, front_door
from tests.integration.test_settings_of_time import make_admin
from tests.integration.test_store_opening import on_connection
from tests.unit.factories import ALICE, BOB, TEAM


@pytest.fixture
async def front(tmp_path: Path, database_url: str) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as door:
        yield door


async def made(front: Front, by: UserId = ALICE, **values: Any) -> str:
    """A token made as a person makes it: by the command, the form, and a copy of what it shows."""
    await front.command("settings workspace tokens" if values else "settings tokens", by)
    filled = {"name": {"value": "Weekly report"}, **values}
    shown = (await front.submit(front.api.views[-1], filled, by)).message
    assert shown["response_action"] == "update"
    (token,) = SECRETS.findall(json.dumps(shown["view"]))
    return str(token)


async def test_a_token_is_shown_once_and_only_its_hash_is_stored(front: Front, database_url: str) -> None:
    token = await made(front)
    holder = await front.services.access.holder_of(token)
    assert holder
    assert (holder.team_id, holder.person, holder.scopes) == (TEAM, ALICE, frozenset())
    rows = await on_connection(database_url, lambda connection: connection.execute(select(access_tokens)).all())
    parts = read_token(token)
    assert parts
    assert parts.secret not in repr(rows)
    await front.command("settings tokens")
    listed = json.dumps(front.api.views[-1])
    assert "Weekly report" in listed
    assert "last used" in listed
    assert parts.secret not in listed


async def test_a_token_is_of_no_use_once_altered_revoked_or_its_account_is_closed(front: Front) -> None:
    token = await made(front)
    holder_of = front.services.access.holder_of
    for other in (
        "",
        "kept_",
        token[:-1],
        f"{token}0",
        token.replace("kept_T1", "kept_T2"),
        f"{token[:-64]}{'0' * 64}",
    ):
        assert await holder_of(other) is None
    alice = front.messenger.people[ALICE]
    front.messenger.know([replace(alice, is_gone=True)])
    await front.services.people.refresh(TEAM, ALICE)
    assert await holder_of(token) is None
    front.messenger.know([alice])
    await front.services.people.refresh(TEAM, ALICE)
    assert await holder_of(token)

    parts = read_token(token)
    assert parts
    await front.click("tokens.revoke", parts.id, by=BOB)
    assert "gone already" in front.api.answers[-1]["text"]
    assert await holder_of(token)
    await front.click("tokens.revoke", parts.id)
    assert await holder_of(token) is None


async def test_a_token_of_the_workspace_is_an_admins_and_the_audit_has_it(front: Front) -> None:
    scopes = {"scopes": {"selected_options": [{"value": "promises:read"}]}}
    assert "owners and admins" in (await front.command("settings workspace tokens")).text
    with pytest.raises(NotAllowedError):
        await front.services.access.make_for_workspace(TEAM, ALICE, "x", frozenset(Scope))
    make_admin(front, ALICE)
    token = await made(front, **scopes)
    holder = await front.services.access.holder_of(token)
    assert holder
    assert (holder.person, holder.scopes) == (None, {Scope.PROMISES})
    await front.click("tokens.revoke", holder.token_id, by=BOB)
    assert "owners and admins" in front.api.answers[-1]["text"]
    await front.click("tokens.revoke", holder.token_id)
    assert await front.services.access.holder_of(token) is None
    audit = (await front.command("settings audit")).body
    assert "made Weekly report for promises:read" in audit
    assert "revoked Weekly report" in audit


async def test_a_form_says_what_it_lacks_and_there_is_an_end_to_tokens(front: Front) -> None:
    await front.command("settings tokens")
    refused = await front.submit(front.api.views[-1], {"name": {"value": " "}})
    assert "Give the token a name" in refused.message["errors"]["name"]
    for number in range(MAX_TOKENS):
        await front.services.access.make(TEAM, ALICE, f"tool {number}")
    with pytest.raises(TooManyError, match="Revoke one"):
        await front.services.access.make(TEAM, ALICE, "one more")


async def test_the_tokens_open_over_the_settings_and_when_one_was_used_is_noted_once_a_minute(front: Front) -> None:
    await front.click("tokens.open.own", "own")
    assert [method for method, _ in front.api.calls][-1:] == ["views.push"]
    token, use = await made(front), front.services.access
    first = front.clock.now()
    for passed, noted in ((0, first), (30, first), (61, first + timedelta(seconds=91))):
        front.clock.move(timedelta(seconds=passed))
        await use.holder_of(token)
        (listed,) = await use.listed(TEAM, ALICE)
        assert listed.last_used_at == noted
