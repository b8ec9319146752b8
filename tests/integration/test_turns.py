"""Workspaces in turn: one whose Slack is slow, limited or away holds up no other."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.agenda import Facts, Send, Wait, agenda, in_turn
from bot.domain.promise import TeamId, UserId
from bot.holidays_of import Holidays
from bot.ports import Fault, Message, Outcome, Store
from bot.services import build_services
from bot.use_cases import agenda as deciding
from bot.use_cases.context import Context
from bot.use_cases.delivery import deliveries as sending
from bot.use_cases.delivery.settings import DeliverySettings
from tests.integration.agendas import decide
from tests.integration.post_office import PostOffice, open_office, refused
from tests.integration.store_examples import OTHER_TEAM
from tests.patience import PATIENCE_S, until_true
from tests.unit.factories import BOB, TEAM

MANY = 12


async def office_of(store: Store) -> PostOffice:
    office = await open_office(store, TEAM, OTHER_TEAM)
    for _ in range(MANY):
        await office.make(team=TEAM)
    await office.make(team=OTHER_TEAM)
    office.clock.move(timedelta(minutes=1))
    return office


async def tick(office: PostOffice) -> None:
    await office.services.agenda.run_due()
    await office.services.deliveries.send_due()


async def test_a_workspace_whose_slack_does_not_answer_a_question_holds_up_no_other(store: Store) -> None:
    """Its people stay due: they are asked about once, and notified when the answer is there."""
    office, answered, asked = await office_of(store), asyncio.Event(), []

    async def quiet_until(team_id: TeamId, person: UserId) -> datetime | None:
        asked.append((team_id, person))
        if team_id == TEAM:
            await answered.wait()
        return None

    office.slack.quiet_until = quiet_until  # type: ignore[method-assign]
    sent: list[TeamId] = []
    post = office.slack.post

    async def note(team_id: TeamId, to: str, message: Message, mark: str = "", thread_ts: str = "") -> Outcome:
        sent.append(team_id)
        return await post(team_id, to, message, mark, thread_ts)

    office.slack.post = note  # type: ignore[method-assign]
    while OTHER_TEAM not in sent:
        await tick(office)
    assert TEAM not in sent
    assert asked.count((TEAM, BOB)) == 1
    answered.set()
    while TEAM not in sent:
        await tick(office)


async def test_requests_are_answered_between_the_agendas_of_two_people(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, turns, seen = await open_office(store, TEAM, OTHER_TEAM), 0, []
    for team in (TEAM, OTHER_TEAM):
        await office.make(team=team)

    def noted(facts: Facts, now: datetime) -> Send | Wait:
        seen.append(turns)
        return agenda(facts, now)

    async def request() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    monkeypatch.setattr(in_turn, "agenda", noted)
    office.clock.move(timedelta(minutes=1))
    going_on = asyncio.create_task(request())
    await office.services.agenda.run_due()
    going_on.cancel()
    assert len(seen) >= 4
    assert sorted(set(seen)) == seen


async def test_a_workspace_that_has_enough_to_send_waits_for_the_others_and_gets_one_batch_a_round(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, busy = await open_office(store, TEAM, OTHER_TEAM), min(TEAM, OTHER_TEAM)
    for team in (TEAM, OTHER_TEAM):
        await office.make(team=team)
    office.clock.move(timedelta(minutes=1))
    monkeypatch.setattr(deciding, "BATCH", 1)

    async def due() -> list[TeamId]:
        return [team for team, _ in await store.agendas_due(office.clock.now(), 10, busy=[busy])]

    both_sides = [max(TEAM, OTHER_TEAM)] * 2 + [busy] * 2
    assert await due() == both_sides
    await office.services.agenda.run_due(lambda: {busy})
    assert await due() == both_sides[3:]
    assert office.services.agenda.is_behind, "redraws wait for the messages that follow"
    await office.services.agenda.run_due(lambda: {busy})
    assert await due() == []
    await office.services.agenda.run_due(lambda: {busy})
    assert not office.services.agenda.is_behind


async def test_what_a_round_leaves_is_decided_about_at_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next tick would leave the processor idle for a second."""
    office, woken = await open_office(store, TEAM, OTHER_TEAM), list[str]()
    for team in (TEAM, OTHER_TEAM):
        await office.make(team=team)
    office.clock.move(timedelta(minutes=1))
    context = Context(
        store, office.clock, wake=lambda: woken.append("every process"), tick_again=lambda: woken.append("this one")
    )
    services = build_services(context, office.slack, Holidays(office.clock), DeliverySettings("s"))
    monkeypatch.setattr(deciding, "BATCH", 1)
    monkeypatch.setattr(deciding, "ROUND_S", 0.001)
    await services.agenda.run_due()
    assert woken == ["this one"]
    monkeypatch.setattr(deciding, "ROUND_S", PATIENCE_S)
    await services.agenda.run_due(lambda: {TEAM, OTHER_TEAM})
    assert await store.agendas_due(office.clock.now(), 1)
    assert woken == ["this one"], "those whose workspace has enough to send can wait"
    await services.agenda.run_due()
    assert woken == ["this one"], "nobody is due any more"


async def test_messages_are_claimed_without_waiting_for_room_while_people_are_due(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, answered = await office_of(store), asyncio.Event()

    async def post(*_: Any) -> Outcome:
        await answered.wait()
        return refused(Fault.OTHER, "not_now")

    office.slack.post = post  # type: ignore[method-assign]
    monkeypatch.setattr(sending, "ROUND_S", 2 * PATIENCE_S)
    await decide(office.services)
    async with asyncio.timeout(PATIENCE_S):
        assert await office.deliveries.send_due(more_follow=True)
    answered.set()
    await office.deliveries.idle()


async def test_those_who_are_due_are_found_once_for_several_batches(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, searches = await office_of(store), 0
    monkeypatch.setattr(deciding, "BATCH", 1)
    search = store.agendas_due

    async def counted(*asked: Any, **also: Any) -> Sequence[tuple[TeamId, UserId]]:
        nonlocal searches
        searches += 1
        return await search(*asked, **also)

    monkeypatch.setattr(store, "agendas_due", counted)
    assert len(await search(office.clock.now(), 10)) == deciding.BATCHES_FOUND
    office.services.agenda._after = TEAM
    monkeypatch.setattr(deciding, "ROUND_S", 0.001)
    while await search(office.clock.now(), 10):
        await office.services.agenda.run_due()
    assert searches <= 2, "a round begins with those whom the one before left"


@pytest.mark.parametrize(
    "outcome", [refused(Fault.LIMITED, "ratelimited", timedelta(minutes=5)), refused(Fault.OUTAGE, "unreachable")]
)
async def test_a_workspace_that_is_turned_away_is_left_alone_and_holds_up_no_other(
    store: Store, outcome: Outcome
) -> None:
    office = await office_of(store)
    tried: dict[TeamId, int] = {TEAM: 0, OTHER_TEAM: 0}
    post = office.slack.post

    async def turned_away(team_id: TeamId, to: str, message: Message, mark: str = "", thread_ts: str = "") -> Outcome:
        tried[team_id] += 1
        return outcome if team_id == TEAM else await post(team_id, to, message, mark, thread_ts)

    office.slack.post = turned_away  # type: ignore[method-assign]
    for _ in range(5):
        await tick(office)
    await office.services.deliveries.idle()
    await until_true(lambda: tried[OTHER_TEAM] == 1)
    assert tried[TEAM] == 1, "the workspace waits as a whole"
