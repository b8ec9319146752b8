"""The metrics that operators watch: every series from the start, the backlog, requests, and a page behind a token."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

import handlers
from bot.backlog_metrics import FIGURES, BacklogMetrics
from bot.domain.acts import Act
from bot.domain.kinds import Kind
from bot.metrics import DOORS, METHODS, SETTLED, Metrics
from bot.ports import Backlog, Stop
from handlers.http import MetricsPage, web_app
from handlers.responders import ClickResponder, CommandResponder, FormResponder
from scheduler.clockwork import Clockwork
from tests.fakes import SetClock
from tests.integration.agendas import decide
from tests.integration.front import Front, front_door
from tests.integration.test_handlers_http import request
from tests.unit.factories import ALICE, BOB, MONDAY, TEAM

TOKEN = "a token that Prometheus has"


@pytest.fixture
async def front(tmp_path: Path, database_url: str) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as door:
        yield door


def samples(page: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Return the value of each series by its name and labels."""
    families = text_string_to_metric_families(page)
    return {(each.name, frozenset(each.labels.items())): each.value for family in families for each in family.samples}


async def read(front: Front) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    return samples((await request(front.app, "GET", "/metrics")).body)


def value(found: dict[tuple[str, frozenset[tuple[str, str]]], float], name: str, **labels: str) -> float:
    return found[name, frozenset(labels.items())]


def test_every_series_is_there_before_anything_has_happened() -> None:
    found = samples(Metrics().written().decode())
    assert {value(found, "kept_acts_total", act=act) for act in Act} == {0}
    assert {value(found, "kept_slack_429_total", method=each) for each in METHODS} == {0}
    assert {value(found, "kept_deliveries_total", kind=kind, state=state) for kind in Kind for state in SETTLED} == {0}
    assert {value(found, "kept_reminder_lateness_seconds_count", kind=kind) for kind in Kind} == {0}
    assert value(found, "kept_failed_ticks_total") == value(found, "kept_apologies_total") == 0
    sources = "".join(path.read_text(encoding="utf-8") for path in Path(handlers.__file__).parent.rglob("*.py"))
    of_tools = set(re.findall(r'meter\.answered\("(\w+)"', sources))
    assert {door.name for door in (CommandResponder, ClickResponder, FormResponder)} | of_tools == set(DOORS)


async def test_no_series_appears_only_once_something_has_happened(front: Front) -> None:
    before = set(await read(front))
    await front.make()
    front.clock.move(timedelta(days=8))
    await front.services.promises.run_due()
    await decide(front.services)
    await front.services.deliveries.send_due()
    assert {name for name, _ in set(await read(front)) - before} <= {"kept_acts_created"}


async def test_requests_are_counted_by_the_kind_of_door(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    await front.make()
    monkeypatch.setattr(type(front.services.promises), "listed", None)
    await front.command("list")
    found = await read(front)
    assert value(found, "kept_request_seconds_count", door="command", in_time="yes") == 2
    assert value(found, "kept_request_seconds_count", door="form", in_time="yes") == 0
    assert value(found, "kept_apologies_total") == 1


async def test_the_page_says_what_waits(front: Front) -> None:
    await front.make("send the deck by Friday 17:00")
    await front.store.write(TEAM, lambda tx: tx.agendas.wake({ALICE: MONDAY, BOB: MONDAY}))
    await front.store.write(TEAM, lambda tx: tx.stops.set(Stop(TEAM, "", "token_revoked", MONDAY)))
    front.clock.move(MONDAY + timedelta(hours=2) - front.clock.now())
    found = await read(front)
    assert value(found, "kept_people_overdue") == value(found, "kept_people_pending") == 2
    assert value(found, "kept_oldest_overdue_seconds") == 2 * 3600
    assert value(found, "kept_messages_overdue") >= 1
    assert value(found, "kept_workspaces_paused") == 1
    assert value(found, "kept_database_up") == 1


async def test_a_database_that_is_away_does_not_take_the_page_with_it() -> None:
    async def away(now: datetime) -> Backlog:
        raise ConnectionError

    page = await BacklogMetrics(Metrics(), away, SetClock(MONDAY).now).page()
    found = samples(page.decode())
    assert value(found, "kept_database_up") == 0
    assert {value(found, name) for name in FIGURES} == {0}


@pytest.mark.parametrize(("given", "status"), [("", 401), ("Bearer wrong", 401), (f"Bearer {TOKEN}", 200)])
async def test_with_a_token_the_page_is_for_those_who_have_it(given: str, status: int) -> None:
    async def written() -> bytes:
        return b"kept_acts_total 0"

    async def ready() -> dict[str, str]:
        return {}

    app = web_app(None, ready, metrics=MetricsPage(written, TOKEN))
    answer = await request(app, "GET", "/metrics", headers={"authorization": given} if given else {})
    assert answer.status == status
    assert ("kept_acts_total" in answer.body) == (status == 200)


async def test_a_tick_that_raises_is_counted() -> None:
    failed: list[bool] = []

    async def work() -> None:
        raise RuntimeError

    clockwork = Clockwork(work, failed=lambda: failed.append(True))
    await asyncio.gather(clockwork.tick(), clockwork.tick())
    assert len(failed) == 2
