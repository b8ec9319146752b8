"""Installations: each workspace's own token, encrypted in the database, found for it and for no other."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.domain.promise import TeamId, UserId
from bot.ports import Installation, InstallationBook, Store
from bot.storage.encryption import new_encryption_key
from bot.storage.errors import DatabaseError
from bot.storage.installations import SqlInstallationBook, installations
from tests.integration.test_store_opening import on_connection
from tests.unit.factories import MONDAY

OLD, NEW = new_encryption_key(), new_encryption_key()
CANARY = "xoxb-canary-token"
ACME = Installation(
    TeamId("T1"),
    CANARY,
    "B1",
    UserId("UBOT"),
    UserId("UADMIN"),
    MONDAY,
    name="Acme",
    app_id="A1",
    scopes=("chat:write", "commands"),
    refresh_token="xoxe-canary-refresh",
    expires_at=MONDAY + timedelta(hours=12),
)
ORG = replace(ACME, team_id=TeamId("E1"), enterprise_id="E1", is_org=True, bot_token="xoxb-of-the-org")


async def stored(book: InstallationBook) -> tuple[Installation, ...]:
    """Return all installations, revoked ones included, in the order of their workspaces."""
    assert isinstance(book, SqlInstallationBook)
    wanted = select(installations).order_by(installations.c.team_id)
    return tuple(map(book._read, await book._run(lambda connection: connection.execute(wanted).all())))


async def test_an_installation_comes_back_as_it_was_saved(store: Store) -> None:
    book = store.installations([OLD])
    await book.save(ACME)
    assert await book.find("T1") == ACME
    assert await book.find("T2") is None


async def test_installing_again_replaces_the_token_and_lifts_a_revocation(store: Store) -> None:
    book = store.installations([OLD])
    await book.save(ACME)
    assert await book.revoke("T1", MONDAY)
    assert await book.find("T1") is None
    assert [each.revoked_at for each in await stored(book)] == [MONDAY]
    again = replace(ACME, bot_token="xoxb-second", refresh_token="", expires_at=None)
    await book.save(again)
    assert await book.find("T1") == again


async def test_a_revocation_counts_once_and_a_removal_leaves_nothing(store: Store) -> None:
    book = store.installations([OLD])
    await book.save(ACME)
    assert [await book.revoke("T1", MONDAY), await book.revoke("T1", MONDAY)] == [True, False]
    assert [await book.remove("T1"), await book.remove("T1")] == [True, False]
    assert await stored(book) == ()


async def test_forgetting_a_workspace_forgets_its_token(store: Store) -> None:
    book = store.installations([OLD])
    await book.save(ACME)
    assert await store.forget(TeamId("T1")) == 1
    assert await stored(book) == ()


async def test_an_organisations_installation_serves_its_workspaces_and_no_other(store: Store) -> None:
    book = store.installations([OLD])
    await book.save(ORG)
    assert await book.find("T7", "E1") == ORG
    assert await book.find("T7", "E2") is None
    assert await book.find("T7") is None
    await book.save(ACME)
    assert await book.find("T1", "E1") == ACME, "a workspace's own installation comes before its organisation's"


async def test_no_token_lies_in_clear_text_or_prints(store: Store, database_url: str) -> None:
    await store.installations([OLD]).save(ACME)

    def rows(connection: Connection) -> Any:
        return [tuple(row) for row in connection.execute(select(installations))]

    stored = repr(await on_connection(database_url, rows))
    assert "canary" not in stored + repr(ACME) + f"{ACME}"
    assert "T1" in repr(ACME)


async def test_any_key_opens_and_rotation_makes_the_first_enough(store: Store) -> None:
    await store.installations([OLD]).save(ACME)
    both = store.installations([NEW, OLD])
    assert await both.find("T1") == ACME
    assert [await both.reencrypt(), await both.reencrypt()] == [1, 0]
    assert await store.installations([NEW]).find("T1") == ACME
    with pytest.raises(DatabaseError, match="KEPT_ENCRYPTION_KEYS"):
        await store.installations([OLD]).find("T1")


async def test_a_state_is_good_once_and_for_a_while(store: Store) -> None:
    book = store.installations([OLD])
    await book.begin("fresh", MONDAY + timedelta(minutes=10))
    await book.begin("stale", MONDAY + timedelta(minutes=10))
    assert [await book.complete("fresh", MONDAY), await book.complete("fresh", MONDAY)] == [True, False]
    assert not await book.complete("stale", MONDAY + timedelta(minutes=11))
    assert not await book.complete("never begun", MONDAY)
