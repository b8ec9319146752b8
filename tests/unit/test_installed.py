"""Tokens of workspaces that installed Kept: read seldom, rotated in time, exchanged once."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.domain.promise import TeamId, UserId
from bot.ports import Installation
from handlers.installed import STALE_S, InstalledWorkspaces
from handlers.workspaces import no_access
from tests.fakes import SetClock
from tests.unit.factories import MONDAY

TEAM, ORG = TeamId("T1"), TeamId("E1")
LIVES = timedelta(hours=12)
FIRST = Installation(TEAM, "xoxb-0", "B1", UserId("UBOT"), UserId("UADMIN"), MONDAY, refresh_token="xoxe-0")
ROTATING = replace(FIRST, expires_at=MONDAY + LIVES)


class Book:
    """Remembers installations in memory, and how often one was looked up."""

    def __init__(self, *installations: Installation) -> None:
        self.held = {each.team_id: each for each in installations}
        self.found = 0
        self.noted: list[tuple[str, str]] = []

    async def find(self, team_id: str, enterprise_id: str = "") -> Installation | None:
        self.found += 1
        await asyncio.sleep(0)
        return self.held.get(TeamId(team_id)) or self.held.get(TeamId(enterprise_id))

    async def renew(self, team_id: str, bot_token: str, refresh_token: str, expires_at: Any) -> bool:
        found = self.held.get(TeamId(team_id))
        if found:
            self.held[found.team_id] = found.with_tokens(bot_token, refresh_token, expires_at)
        return found is not None

    async def note_member(self, team_id: str, enterprise_id: str) -> None:
        self.noted.append((team_id, enterprise_id))


class Exchange:
    """Gives the next pair of tokens for each refresh token, once."""

    def __init__(self, clock: SetClock) -> None:
        self.spent: list[str] = []
        self._clock = clock

    async def __call__(self, installation: Installation) -> Installation:
        await asyncio.sleep(0)
        if installation.refresh_token in self.spent:
            raise SlackApiError("no", {"ok": False, "error": "invalid_refresh_token"})  # type: ignore[no-untyped-call]
        self.spent.append(installation.refresh_token)
        number = len(self.spent)
        return installation.with_tokens(f"xoxb-{number}", f"xoxe-{number}", self._clock.now() + LIVES)


def served(book: Book, clock: SetClock, exchange: Any = None) -> InstalledWorkspaces:
    return InstalledWorkspaces(book, None, clock, exchange or Exchange(clock))  # type: ignore[arg-type]


async def test_a_workspace_is_looked_up_once_however_many_ask_together() -> None:
    book = Book(FIRST)
    workspaces = served(book, SetClock(MONDAY))
    assert set(await asyncio.gather(*(workspaces.token_of(TEAM) for _ in range(20)))) == {"xoxb-0"}
    assert book.found == 1


async def test_one_that_left_is_looked_up_again_and_has_no_token() -> None:
    book = Book(FIRST)
    workspaces = served(book, SetClock(MONDAY))
    await workspaces.token_of(TEAM)
    book.held.clear()
    assert await workspaces.token_of(TEAM) == "xoxb-0", "remembered"
    workspaces.forget(TEAM)
    assert await workspaces.authorize(TEAM) is None
    with pytest.raises(SlackApiError, match="team_access_not_granted"):
        await workspaces.token_of(TEAM)
    book.held[TEAM] = replace(FIRST, bot_token="xoxb-again")
    assert await workspaces.token_of(TEAM) == "xoxb-again", "its absence is not remembered"


async def test_the_bot_is_never_taken_for_the_one_who_clicked() -> None:
    known = await served(Book(FIRST), SetClock(MONDAY)).authorize(TEAM)
    assert known is not None
    assert (known.user_id, known.bot_user_id, known.bot_token) == (None, "UBOT", "xoxb-0")


async def test_a_token_is_rotated_two_hours_before_its_end_and_once_for_all_who_wait() -> None:
    clock, book = SetClock(MONDAY), Book(ROTATING)
    exchange = Exchange(clock)
    workspaces = served(book, clock, exchange)
    clock.move(LIVES - timedelta(hours=2, seconds=1))
    assert await workspaces.token_of(TEAM) == "xoxb-0"
    clock.move(timedelta(seconds=2))
    workspaces.forget(TEAM)
    assert set(await asyncio.gather(*(workspaces.token_of(TEAM) for _ in range(20)))) == {"xoxb-1"}
    assert exchange.spent == ["xoxe-0"]
    assert book.held[TEAM].refresh_token == "xoxe-1"


async def test_a_token_that_ended_while_the_machine_slept_is_not_used_from_memory() -> None:
    clock = SetClock(MONDAY)
    workspaces = served(Book(ROTATING), clock)
    assert await workspaces.token_of(TEAM) == "xoxb-0"
    clock.move(LIVES)
    assert await workspaces.token_of(TEAM) == "xoxb-1"


async def test_of_two_replicas_that_exchange_together_both_go_on_with_the_same_token() -> None:
    clock, book = SetClock(MONDAY + LIVES), Book(ROTATING)
    exchange = Exchange(clock)
    one, other = served(book, clock, exchange), served(book, clock, exchange)
    await asyncio.gather(one.token_of(TEAM), other.token_of(TEAM))
    for each in (one, other):
        each.forget(TEAM)
        assert await each.token_of(TEAM) == "xoxb-1"
    assert exchange.spent == ["xoxe-0"]


async def test_a_token_that_cannot_be_rotated_is_used_while_slack_takes_it() -> None:
    clock = SetClock(MONDAY + LIVES - timedelta(hours=1))

    async def away(installation: Installation) -> Installation:
        raise ConnectionError

    assert await served(Book(ROTATING), clock, away).token_of(TEAM) == "xoxb-0"


async def test_a_workspace_that_left_while_its_token_was_rotated_stays_away() -> None:
    clock, book = SetClock(MONDAY + LIVES), Book(ROTATING)
    exchange = Exchange(clock)

    async def leaving(installation: Installation) -> Installation:
        book.held.clear()
        return await exchange(installation)

    await served(book, clock, leaving).authorize(TEAM)
    assert book.held == {}


async def test_what_uses_an_organisations_installation_is_noted_once() -> None:
    book = Book(replace(FIRST, team_id=ORG, enterprise_id=ORG, is_org=True))
    workspaces = served(book, SetClock(MONDAY))
    for _ in range(2):
        known = await workspaces.authorize("T7", ORG)
        assert known is not None
        assert (known.team_id, known.enterprise_id) == ("T7", ORG)
        workspaces.forget(ORG)
    assert book.noted == [("T7", ORG)]


async def test_a_cached_installation_is_refreshed_during_a_request_before_it_expires(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    book = Book(FIRST)
    workspaces = served(book, SetClock(MONDAY))
    await workspaces.token_of(TEAM)
    book.held[TEAM] = replace(FIRST, bot_token="xoxb-again")
    monkeypatch.setattr("handlers.installed.FRESH_S", -1.0)
    assert STALE_S > 0
    assert await workspaces.token_of(TEAM) == "xoxb-0", "nobody waits for it"
    await workspaces.drain()
    assert await workspaces.token_of(TEAM) == "xoxb-again"


def test_an_error_of_no_access_reads_as_slacks_own() -> None:
    assert no_access("no").response["error"] == "team_access_not_granted"
