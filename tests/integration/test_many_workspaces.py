"""Workspaces that install Kept themselves: each with its own token and rows, whatever the others do."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
import structlog
from slack_sdk.errors import SlackApiError

from bot.doctor import Status, examine
from bot.domain.promise import TeamId, UserId
from bot.key_rotation import rotate
from bot.ports import Side, Stop, Store
from bot.secret import SecretStr
from bot.storage.encryption import new_encryption_key
from bot.use_cases.context import Context
from bot.use_cases.departures import Departures
from handlers.workspaces import NOT_SERVED
from tests.fakes import SetClock
from tests.integration.front import SECRET
from tests.integration.many import ALL, CLIENT, HERE, THERE, Kept, SlackOfMany, running, settings_for, slack_of_many
from tests.integration.store_examples import adding
from tests.integration.test_leaving import rows
from tests.integration.test_logs import Logged, logged  # noqa: F401  pytest finds it by name
from tests.integration.test_store_installations import ACME, stored
from tests.patience import IS_LONG, until_true
from tests.unit.factories import ALICE, MONDAY

WORDS = "<@UBOB> send the deck by tomorrow 17:00"
REVOKED = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["UBOT"]}}
UNINSTALLED = {"type": "app_uninstalled"}


@pytest.fixture
async def slack() -> AsyncIterator[SlackOfMany]:
    async with slack_of_many() as slack:
        yield slack


@pytest.fixture
async def kept(slack: SlackOfMany, database_url: str) -> AsyncIterator[Kept]:
    async with running(slack, settings_for(slack, database_url)) as kept:
        yield kept


async def numbers(kept: Kept, team: str) -> list[int]:
    read = kept.parts.services.store.read
    found = await read(TeamId(team), lambda tx: tx.promises.concerning(UserId("UALICE"), Side.ALL, 99))
    return [promise.number for promise in found]


async def left_over(kept: Kept, database_url: str) -> dict[str, int]:
    """Return how many rows there are once what was under way has ended and was cleared up."""
    await kept.tick()  # one that was woken before may run; this one comes after it
    await kept.parts.services.departures.clear()
    return await rows(database_url)


async def test_two_workspaces_have_numbers_and_tokens_of_their_own(kept: Kept, slack: SlackOfMany) -> None:
    for team in (HERE, THERE):
        assert (await kept.install(team)).status == 200
        assert "#1" in (await kept.command(WORDS, team)).text
    await kept.tick()

    assert [await numbers(kept, team) for team in (HERE, THERE)] == [[1], [1]]
    used = {token for token, _, _ in slack.calls if token}
    assert used == set(slack.teams)
    assert slack.posts(HERE)
    assert len(slack.posts(HERE)) == len(slack.posts(THERE))


async def test_a_workspace_without_an_installation_is_refused_and_leaves_no_row(kept: Kept, database_url: str) -> None:
    await kept.install(HERE)
    before = await rows(database_url)
    assert (await kept.command(WORDS, THERE)).text == NOT_SERVED
    assert await rows(database_url) == before


async def test_an_organisations_installation_serves_its_workspaces_after_a_restart_too(
    slack: SlackOfMany, database_url: str
) -> None:
    slack.orgs = {"T7": ALL, "T8": ALL}
    settings = settings_for(slack, database_url)
    async with running(slack, settings) as kept:
        await kept.install(ALL)
        for team in slack.orgs:
            assert "#1" in (await kept.command(WORDS, team, "WALICE")).text
        home = {"type": "app_home_opened", "user": "WALICE", "tab": "home", "channel": "D1"}
        assert (await kept.event(home, "T7")).status == 200
        await until_true(lambda: "views.publish" in [method for _, method, _ in slack.calls])
    async with running(slack, settings) as kept:  # what time does knows the workspace alone
        await kept.tick()
        assert slack.posts(ALL)
        await kept.event(UNINSTALLED, ALL)
    assert await rows(database_url) == {}


async def test_a_workspace_that_its_organisation_takes_kept_away_from_is_forgotten(
    slack: SlackOfMany, database_url: str
) -> None:
    slack.orgs = {"T7": ALL, "T8": ALL}
    async with running(slack, settings_for(slack, database_url)) as kept:
        await kept.install(ALL)
        for team in slack.orgs:
            await kept.command(WORDS, team)
        await kept.event({"type": "team_access_revoked", "team_ids": ["T7"]}, ALL)
        assert [await numbers(kept, team) for team in slack.orgs] == [[], [1]]


async def test_nothing_is_sent_while_a_token_is_revoked_and_again_after_the_return(
    kept: Kept, slack: SlackOfMany
) -> None:
    for team in (HERE, THERE):
        await kept.install(team)
        await kept.command(WORDS, team)
    slack.revoke(HERE)
    await kept.event(REVOKED, HERE)
    await kept.tick()  # what was under way has ended
    slack.calls.clear()

    await kept.command(WORDS, THERE)
    await kept.tick()
    assert [token for token, _, _ in slack.calls if f"-{HERE}-" in token] == []
    assert slack.posts(THERE)
    assert (await kept.command(WORDS, HERE)).text == NOT_SERVED

    await kept.install(HERE)
    assert await kept.parts.services.store.stopped() == ()
    assert "#2" in (await kept.command(WORDS, HERE)).text
    await kept.tick()
    assert slack.posts(HERE)


#: Orders of coming and leaving; the first two on PostgreSQL, too, and all of them in a long run.
ORDERS = 20 if IS_LONG else 5
ON_POSTGRESQL = ORDERS if IS_LONG else 2


@pytest.fixture
def order(request: pytest.FixtureRequest, database_url: str) -> Random:
    if database_url.startswith("postgresql") and request.param >= ON_POSTGRESQL:
        pytest.skip("KEPT_LONG tries every order on PostgreSQL, too")
    return Random(request.param)


@pytest.mark.parametrize("order", range(ORDERS), indirect=True)
async def test_rows_are_where_they_may_be_in_every_order_of_coming_and_leaving(
    order: Random, kept: Kept, slack: SlackOfMany, database_url: str
) -> None:
    """Ends with an uninstallation and a revocation, in one order or the other, each sent twice."""
    await kept.install(HERE)
    is_in_force, steps = True, []
    for _ in range(6):
        step = order.choice(["install", "revoke", "uninstall", "promise", "tick"])
        steps.append(step)
        if step == "install":
            await kept.install(HERE)
            is_in_force = True
        elif step == "promise":
            answer = await kept.command(WORDS, HERE)
            assert (answer.text == NOT_SERVED) is not is_in_force, (steps, answer.text)
        elif step == "tick":
            await kept.tick()
        else:
            slack.revoke(HERE)
            await kept.event(REVOKED if step == "revoke" else UNINSTALLED, HERE)
            is_in_force = False
        if step == "uninstall":
            assert await left_over(kept, database_url) == {}
    last = [REVOKED, UNINSTALLED]
    order.shuffle(last)
    for event in [*last, *last]:
        await kept.event(event, HERE)
        await kept.tick()
    assert await left_over(kept, database_url) == {}


async def test_an_uninstallation_reported_late_takes_the_old_rows_and_leaves_the_new_installation(
    kept: Kept, slack: SlackOfMany
) -> None:
    await kept.install(HERE)
    await kept.command(WORDS, HERE)
    an_hour_ago = time.time() - 3600
    await kept.install(HERE)
    for event in (REVOKED, UNINSTALLED):
        await kept.event(event, HERE, at=an_hour_ago)
    assert await numbers(kept, HERE) == []
    assert "#1" in (await kept.command(WORDS, HERE)).text


async def test_what_was_written_while_a_workspace_left_is_swept_away(kept: Kept, database_url: str) -> None:
    await kept.install(HERE)
    await kept.event(UNINSTALLED, HERE)
    await kept.tick()  # one that was woken before may run, and would sweep
    await kept.parts.services.places.is_welcomed(TeamId(HERE), UserId("UALICE"))  # on another replica, just then
    assert await rows(database_url) != {}
    assert await left_over(kept, database_url) == {}


async def test_a_pause_ends_after_thirty_days_and_not_before(slack: SlackOfMany, store: Store) -> None:
    book, clock = store.installations([new_encryption_key()]), SetClock(MONDAY)
    leaving = Departures(Context(store, clock), book)
    for team in (HERE, THERE, "T3"):
        await book.save(replace(ACME, team_id=TeamId(team)))
        await store.write(TeamId(team), adding(team_id=TeamId(team)))
    clock.move(timedelta(hours=1))
    await leaving.revoked(TeamId(HERE), clock.now())  # by Slack's event
    gone = Stop(TeamId(THERE), "", "account_inactive", clock.now())  # without an event, but by every answer since
    await store.write(TeamId(THERE), lambda tx: tx.stops.set(gone))

    clock.move(timedelta(days=30))
    assert await leaving.retire() == 0
    clock.move(timedelta(seconds=1))
    assert await leaving.retire() > 0
    assert [each.team_id for each in await stored(book)] == ["T3"]
    for team, kept in ((HERE, 0), (THERE, 0), ("T3", 1)):
        found = await store.read(TeamId(team), lambda tx: tx.promises.concerning(ALICE, Side.ALL, 9))
        assert len(found) == kept


async def test_keys_are_rotated_under_load_without_a_failed_request(slack: SlackOfMany, database_url: str) -> None:
    """Every workspace is read from the database for each request, while its token is encrypted again."""
    old, new = new_encryption_key(), new_encryption_key()
    teams = [f"T{number}" for number in range(10, 18)]
    async with running(slack, settings_for(slack, database_url, old)) as kept:
        for team in teams:
            await kept.install(team)
    both = settings_for(slack, database_url, f"{new},{old}")
    async with running(slack, both) as kept:
        rotating = asyncio.create_task(rotate(both))
        answers = []
        while len(answers) < len(teams) or not rotating.done():
            for team in teams:
                kept.parts.workspaces.forget(TeamId(team))
            answers += await asyncio.gather(*(kept.command(WORDS, team) for team in teams))
    assert "Encrypted 8 token(s)" in await rotating
    assert [answer.text for answer in answers if "Recorded" not in answer.text] == []
    async with running(slack, settings_for(slack, database_url, new)) as kept:
        assert "Recorded" in (await kept.command(WORDS, teams[0])).text


def contents_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def test_no_token_or_secret_of_a_webhook_is_written_anywhere(
    logged: Logged,  # noqa: F811  the fixture
    slack: SlackOfMany,
    tmp_path: Path,
) -> None:
    """Looked for in the talkative log, a dump of the settings, tracebacks, metrics, pages and every file."""
    slack.lives_s = 60  # so that it is exchanged at every look
    settings = settings_for(slack, f"sqlite:///{tmp_path}/kept.db")
    pages = []
    async with running(slack, settings) as kept:
        pages.append((await kept.install(HERE)).body)
        pages.append((await kept.command(WORDS, HERE)).body)
        hook = await kept.parts.services.webhooks.add(TeamId(HERE), UserId("UALICE"), "https://example.com/kept")
        await kept.tick()
        slack.refresh.clear()
        kept.parts.workspaces.forget(TeamId(HERE))
        await kept.command(WORDS, HERE)  # its token is not rotated
        slack.revoke(HERE)
        await kept.tick()
        refusal = SlackApiError("no", {"ok": False, "token": slack.issued[-1]})  # type: ignore[no-untyped-call]
        structlog.get_logger("kept.test").error("failed", team=HERE, exc_info=refusal)
        pages.append(kept.parts.metrics.written().decode())
        pages.append(repr(settings) + str(settings))
        files = await asyncio.to_thread(contents_of, tmp_path)
        await kept.parts.services.webhooks.drain.stop()
    pages.append(logged())
    assert "failed" in pages[-1]
    assert "kept.db" in files
    assert len(slack.issued) > 2
    for canary in [*slack.issued, *CLIENT[1:], SECRET, hook.secret]:
        assert not [page for page in pages if canary in page]
        assert not [name for name, content in files.items() if canary.encode() in content]


async def test_the_doctor_names_a_workspace_without_installation_and_keys_that_do_not_fit(
    slack: SlackOfMany, store: Store, database_url: str
) -> None:
    await store.write(TeamId(THERE), adding(team_id=TeamId(THERE)))
    settings = settings_for(slack, database_url)
    async with running(slack, settings) as kept:
        await kept.install(HERE)
        await kept.command(WORDS, HERE)
    faults = [finding for finding in await examine(settings, {}) if finding.status is Status.FAULT]
    there = "has promises but no installation in force, so nothing is sent."
    assert [finding.words for finding in faults if finding.check == "installations"] == [f"Workspace {THERE} {there}"]
    assert "keys" not in {finding.check for finding in faults}
    other = replace(settings, kept_encryption_keys=SecretStr(new_encryption_key()))
    [keys] = [finding for finding in await examine(other, {}) if finding.check == "keys"]
    assert "do not decrypt" in keys.words
