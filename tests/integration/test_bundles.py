"""Messages due together are gathered into one, a day has its limit, and nothing is lost or sent twice."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.acts import Act
from bot.domain.kinds import Kind
from bot.domain.promise import ChannelId, Due, Promise, UserId
from bot.domain.transitions import HistoryEntry
from bot.holidays_of import Holidays
from bot.ports import Delivery, Message, Sent, Store
from bot.services import build_services
from bot.use_cases.delivery import DeliverySettings
from bot.views.nudges import nudge_entry
from tests.integration.agendas import ahead, decide, look, until, until_seen
from tests.integration.post_office import PostOffice, open_office
from tests.unit.factories import ALICE, BOB, TEAM

#: Due within an hour of each other on Thursday; asked about on Wednesday.
DUE = tuple(datetime(2026, 11, 26, 16, minute, tzinfo=UTC) for minute in (0, 20, 40))
ASKED = datetime(2026, 11, 25, 9, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
async def office(store: Store) -> PostOffice:
    return await open_office(store)


async def ticks(office: PostOffice, at: datetime, step: timedelta = 10 * MINUTE) -> None:
    await until(office.services, office.clock, at, step)


async def asked(office: PostOffice, to: UserId = ALICE) -> list[str]:
    """Return every message to a person since the promises were made, once the first was sent."""
    for n, due in enumerate(DUE):
        await office.make(f"send part {n}", due_at=due)
    await office.send()
    before = len(office.texts_to(to))
    await until_seen(office.services, office.clock, lambda: len(office.texts_to(to)) > before)
    return office.texts_to(to)[before:]


async def test_what_falls_within_two_hours_is_one_message_with_a_line_and_buttons_for_each(office: PostOffice) -> None:
    (received,) = await asked(office)
    assert all(f"#{number}" in received for number in (1, 2, 3))
    blocks = office.slack.sent_to(ALICE)[-1].blocks
    rows = [block["elements"] for block in blocks if block["type"] == "actions"]
    assert [row[0]["action_id"] for row in rows] == ["act.on_track"] * 3
    assert len({row[0]["value"] for row in rows}) == 3


@pytest.mark.both_databases
async def test_one_that_cannot_be_drawn_does_not_take_the_others_with_it(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(row: Delivery, promise: Promise, viewer: UserId, now: datetime) -> Message:
        if promise.number == 2:
            raise ValueError("a promise that nothing can draw")
        return nudge_entry(row, promise, viewer, now)

    monkeypatch.setattr("bot.views.bundle.nudge_entry", broken)
    (received,) = await asked(office)
    assert ["#1" in received, "#2" in received, "#3" in received] == [True, False, True]
    (given_up,) = await office.services.asides.undelivered(TEAM, ALICE)
    assert (given_up.kind, given_up.error) == (Kind.CHECK_IN, "kept_failed")


async def test_an_act_on_one_of_them_redraws_the_message(office: PostOffice) -> None:
    await asked(office)
    promise = (await office.promises.show(TEAM, 2, ALICE)).promise
    await office.promises.act(TEAM, promise.id, HistoryEntry(Act.REPORT, ALICE, office.clock.now()))
    await office.send()
    shown = [str(block) for block in office.slack.sent_to(ALICE)[-1].blocks]
    assert [("Delivered" in block) for block in shown if "*#" in block] == [False, True, False]
    await office.promises.act(TEAM, promise.id, HistoryEntry(Act.ACCEPT_DELIVERY, BOB, office.clock.now()))
    await office.send()
    assert "Kept in time" in str(next(each for each in office.slack.sent_to(ALICE) if "part 0" in each.text).blocks)


@pytest.mark.both_databases
async def test_a_newer_message_of_its_own_takes_the_buttons_of_its_line(office: PostOffice) -> None:
    """A regression: only a newer gathered message did."""
    await asked(office)
    promise = (await office.promises.show(TEAM, 2, ALICE)).promise
    later = Due(promise.terms.due.at + HOUR, promise.terms.due.zone)
    await office.promises.act(TEAM, promise.id, HistoryEntry(Act.PROPOSE, BOB, office.clock.now(), due=later))
    await until_seen(office.services, office.clock, lambda: "proposed" in office.texts_to(ALICE)[-1])
    await office.send()
    shown = next(each for each in office.slack.sent_to(ALICE) if "part 0" in each.text)
    named = [element["value"] for block in shown.blocks for element in block.get("elements", ()) if "value" in element]
    assert promise.id not in named
    assert len(named) > 1


async def test_an_act_while_it_is_on_its_way_redraws_it_too(office: PostOffice) -> None:
    """The refresh of the act finds nothing in Slack yet, so the message itself has to ask for another."""
    for n, due in enumerate(DUE):
        await office.make(f"send part {n}", due_at=due)
    await office.send()
    promise = (await office.promises.show(TEAM, 2, ALICE)).promise
    arrives = office.slack.post

    async def meanwhile(team: Any, to: str, message: Any, mark: str = "", thread_ts: str = "") -> Any:
        if to == ALICE and "part 1" in message.text:
            await office.promises.act(TEAM, promise.id, HistoryEntry(Act.REPORT, ALICE, office.clock.now()))
        return await arrives(team, to, message, mark, thread_ts)

    office.slack.post = meanwhile  # type: ignore[method-assign, assignment]
    await until_seen(office.services, office.clock, lambda: any("part 1" in text for text in office.texts_to(ALICE)))
    office.slack.post = arrives  # type: ignore[method-assign]
    await office.send()
    assert "Delivered" in str(next(each for each in office.slack.sent_to(ALICE) if "part 1" in each.text).blocks)


async def test_a_question_asked_in_a_bundle_is_asked_again_like_any_other(office: PostOffice) -> None:
    """A regression: a question inside a gathered message did not count as asked."""
    await asked(office)
    at = office.clock.now()
    await ticks(office, at + 6 * HOUR, 10 * MINUTE)
    assert [text for text in office.texts_to(ALICE) if "No answer yet" in text]


async def test_what_one_has_answered_is_not_asked_again(office: PostOffice) -> None:
    await asked(office)
    for number in (1, 2, 3):
        entry = HistoryEntry(Act.ON_TRACK, ALICE, office.clock.now() + MINUTE)
        await office.promises.act(TEAM, number, entry)
    await ticks(office, office.clock.now() + 6 * HOUR)
    assert not [text for text in office.texts_to(ALICE) if "No answer yet" in text]


async def test_over_the_limit_of_a_day_the_rest_comes_together_next_morning(office: PostOffice) -> None:
    person = await office.services.people.of(TEAM, ALICE)
    await office.store.write(TEAM, lambda tx: tx.people.choose(ALICE, replace(person.preferences, daily_cap=1)))
    for n, due in enumerate(((14, 30), (18, 0))):
        await office.make(f"send part {n}", due_at=datetime(2026, 11, 26, *due, tzinfo=UTC))
    await ticks(office, datetime(2026, 11, 25, 23, tzinfo=UTC))
    first_day = [text for text in office.texts_to(ALICE) if "on track" in text]
    assert ["part 0" in text for text in first_day] == [True]
    await ticks(office, datetime(2026, 11, 26, 9, 10, tzinfo=UTC))
    *_, by_morning = [text for text in office.texts_to(ALICE) if "on track" in text]
    assert "part 1" in by_morning
    assert "away" not in by_morning


async def test_news_waits_an_hour_for_company_after_the_second_message_of_a_day(office: PostOffice) -> None:
    for n in range(4):
        await office.make(f"send part {n}")
        await ticks(office, office.clock.now() + 5 * MINUTE, MINUTE)
    assert len(office.texts_to(BOB)) == 2
    await ticks(office, office.clock.now() + 50 * MINUTE, 5 * MINUTE)
    assert len(office.texts_to(BOB)) == 3
    assert "part 2" in office.texts_to(BOB)[-1]
    assert "part 3" in office.texts_to(BOB)[-1]


async def test_what_has_to_be_known_now_takes_waiting_news_along(office: PostOffice) -> None:
    for n in range(3):
        await office.make(f"send part {n}")
        await office.send(MINUTE)
    await office.promises.act(TEAM, 1, HistoryEntry(Act.AT_RISK, ALICE, office.clock.now(), note="no figures"))
    await office.send()
    assert len(office.texts_to(BOB)) == 3
    assert "at risk" in office.texts_to(BOB)[-1]
    assert "part 2" in office.texts_to(BOB)[-1]


def questions(office: PostOffice) -> str:
    """Every first question that stands in Alice's conversation."""
    asking = [message for message in office.slack.sent_to(ALICE) if "Still on track" in message.text]
    return " ".join(str(message.blocks) for message in asking if "No answer" not in message.text)


@pytest.mark.both_databases
async def test_two_replicas_say_each_of_them_once(office: PostOffice) -> None:
    for n in range(8):
        await office.make(f"send part {n}", due_at=DUE[n % 3])
    await ticks(office, ASKED - 3 * HOUR, HOUR)
    others = [
        build_services(office.services.context, office.slack, Holidays(office.clock), DeliverySettings("s"))
        for _ in "ab"
    ]
    while not questions(office):
        office.clock.move(10 * MINUTE)
        await asyncio.gather(*(look(each) for each in (office.services, *others)))
    await ticks(office, office.clock.now() + HOUR)
    assert [questions(office).count(f"“send part {n}”") for n in range(8)] == [1] * 8
    assert office.slack.doubled == []


async def due_together(office: PostOffice) -> None:
    """All three are due to be asked about, and nothing was sent yet."""
    promises = [await office.make(f"send part {n}", due_at=due) for n, due in enumerate(DUE)]
    await office.send()
    checks = [(await ahead(office.services, ALICE, each))[Kind.CHECK_IN] for each in promises]
    office.clock.move(max(checks) + 30 * MINUTE - office.clock.now())


@pytest.mark.both_databases
async def test_a_crash_before_the_message_is_sent_loses_none_of_it(office: PostOffice) -> None:
    """The first process dies after it recorded a gathered message and before it sent it."""
    await due_together(office)
    await decide(office.services)
    assert [row.kind for row in await office.store.claim_due(office.clock.now(), timedelta(), 50)] == [Kind.CATCH_UP]
    for _ in range(3):
        office.clock.move(3 * MINUTE)
        await office.another().send_due()
    assert [questions(office).count(f"“send part {n}”") for n in range(3)] == [1] * 3


@pytest.mark.both_databases
async def test_a_crash_before_the_decision_is_written_repeats_it_once(office: PostOffice) -> None:
    await due_together(office)
    writes = office.store.write

    async def dies(*_: Any) -> Any:
        raise ConnectionError

    office.store.write = dies  # type: ignore[method-assign]
    with pytest.raises(ConnectionError):
        await decide(office.services)
    office.store.write = writes  # type: ignore[method-assign]
    for _ in range(3):
        await look(office.services)
    assert [questions(office).count(f"“send part {n}”") for n in range(3)] == [1] * 3


async def test_a_message_that_arrived_unconfirmed_is_found_and_not_sent_again(office: PostOffice) -> None:
    await due_together(office)
    office.slack.moods[ALICE] = [Sent(ChannelId(ALICE), "1.1")]
    for _ in range(5):
        await office.send(MINUTE)
    assert [questions(office).count(f"“send part {n}”") for n in range(3)] == [1] * 3
    await office.promises.act(TEAM, 1, HistoryEntry(Act.REPORT, ALICE, office.clock.now()))
    await office.send()
    assert "Delivered" in questions(office)


async def test_asides_for_its_reader_are_included(office: PostOffice) -> None:
    for number in range(1, 4):
        promise = await office.make(f"send part {number}", due_at=DUE[0])
        for turn in range(2):  # its terms changed twice, which makes a promise doubtful
            due = Due(DUE[turn], "UTC")
            await office.promises.act(
                TEAM, promise.id, HistoryEntry(Act.PROPOSE, ALICE, office.clock.now(), due=due, what=f"v{turn}")
            )
            await office.promises.act(TEAM, promise.id, HistoryEntry(Act.ACCEPT_PROPOSAL, BOB, office.clock.now()))
            office.clock.move(MINUTE)
    await office.send()
    await until_seen(office.services, office.clock, lambda: "Still on track" in office.texts_to(ALICE)[-1])
    assert "Only you see this" in str(office.slack.sent_to(ALICE)[-1].blocks)
