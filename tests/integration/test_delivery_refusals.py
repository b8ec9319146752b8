"""The consequences of each refusal by Slack."""

from collections.abc import AsyncIterator
from datetime import time, timedelta

import pytest

from bot.domain.digests import Cadence, DigestSetting
from bot.domain.kinds import Kind
from bot.domain.promise import ChannelId, TeamId
from bot.ports import Fault, Message, Unknown
from bot.slack_errors import FAULTS
from bot.use_cases.delivery.refusals import FAULT_OF_OURS, MAX_TRIES
from bot.views.refusals import why
from bot.views.renderer import BlockKitRenderer
from tests.databases import SqliteFiles, in_thread
from tests.integration.post_office import PostOffice, post_office, refused
from tests.unit.factories import ALICE, BOB, FRIDAY, MONDAY, TEAM

OTHER = TeamId("T2")
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
async def office(sqlite_files: SqliteFiles) -> AsyncIterator[PostOffice]:
    async with post_office(await in_thread(sqlite_files), TEAM, OTHER) as office:
        yield office


async def test_a_limit_holds_back_its_workspace_until_it_is_over_and_no_other(office: PostOffice) -> None:
    office.slack.moods[BOB] = [refused(Fault.LIMITED, "ratelimited", 30 * SECOND)]
    await office.make()
    await office.send()
    await office.make("send the plan")
    await office.make("send the bill", OTHER)
    await office.send(29 * SECOND)
    assert office.slack.tried == [(TEAM, BOB), (OTHER, BOB)]
    assert all(row.tries == 0 for row in await office.rows())
    await office.send(3 * SECOND)
    await office.send(MINUTE)
    sent = " ".join(office.texts_to(BOB))
    assert all(what in sent for what in ("the deck", "the plan", "the bill"))


async def test_an_outage_is_waited_out_ever_longer_and_counts_against_no_message(office: PostOffice) -> None:
    await office.make()
    office.slack.is_away = True
    waits = []
    for _ in range(10):
        await office.send()
        (row,) = [row for row in await office.rows() if row.kind is Kind.NOTICE]
        waits.append(row.due_at - office.clock.now())
        assert row.tries == 0
        office.clock.move(waits[-1])
    assert waits[0] < 3 * SECOND < waits[3]
    assert max(waits) <= 5.5 * MINUTE
    office.slack.is_away = False
    await office.send(6 * MINUTE)
    assert len(office.texts_to(BOB)) == 1


@pytest.mark.parametrize("error", ["account_inactive", "token_revoked"])
async def test_a_workspace_that_turned_us_out_is_paused_and_keeps_its_messages(office: PostOffice, error: str) -> None:
    office.slack.moods[BOB] = [refused(Fault.WORKSPACE_GONE, error)]
    office.slack.works_now = False
    await office.make()
    await office.make("send the plan")
    await office.send()
    await office.another().send_due()
    assert len(office.slack.tried) == 1
    assert [stop.error for stop in await office.store.stopped()] == [error]
    office.slack.works_now = True
    await office.another().send_due()
    assert not await office.store.stopped()
    await office.send(MINUTE)
    sent = " ".join(office.texts_to(BOB))
    assert all(what in sent for what in ("the deck", "the plan"))


async def test_an_unreachable_person_gets_no_more_messages_and_the_other_side_is_notified_once(
    office: PostOffice,
) -> None:
    office.slack.always[ALICE] = refused(Fault.PERSON_GONE, "user_disabled")
    first, second = await office.make(), await office.make("send the plan")
    for _ in range(20):
        await office.send(timedelta(hours=6))
    sent = [text for text in office.texts_to(BOB) if "cannot reach" in text]
    assert len(sent) == 1
    assert f"#{first.number}" in sent[0]
    assert f"#{second.number}" in sent[0]
    assert not await office.store.failures(MONDAY)


@pytest.mark.parametrize("error", ["cannot_dm_bot", "channel_not_found", "invalid_user_combination"])
async def test_a_requester_out_of_reach_is_reported_to_the_owner(office: PostOffice, error: str) -> None:
    office.slack.always[BOB] = refused(FAULTS[error], error)
    await office.make()
    await office.send()
    await office.send()
    assert any("cannot reach" in text for text in office.texts_to(ALICE))


async def test_who_can_be_reached_again_is_spoken_to_again(office: PostOffice) -> None:
    office.slack.moods[BOB] = [refused(Fault.PERSON_GONE, "user_not_visible")]
    await office.make()
    await office.send()
    await office.make("send the plan")
    await office.send()
    assert not office.texts_to(BOB)
    await office.send(timedelta(days=2))
    await office.make("send the bill")
    await office.send()
    assert any("send the bill" in text for text in office.texts_to(BOB))
    assert not await office.store.stopped()


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("not_in_channel", "not in it"),
        ("is_archived", "archived"),
        ("restricted_action", "only some people"),
        ("restricted_action_read_only_channel", "reading only"),
        ("restricted_action_thread_only_channel", "replies in threads"),
        ("ekm_access_denied", "switched off"),
    ],
)
async def test_a_card_that_has_no_place_is_reported_to_its_owner(office: PostOffice, error: str, reason: str) -> None:
    office.slack.always["C1"] = refused(FAULTS[error], error)
    await office.make(private=False)
    await office.send()
    await office.send()
    assert any("C1" in text and reason in text for text in office.texts_to(ALICE))
    assert [(stop.subject, stop.error) for stop in await office.store.stopped()] == [("C1", error)]


@pytest.mark.parametrize(
    ("error", "reason"),
    [("not_in_channel", "I am not in it"), ("invalid_blocks", "how the message was built"), ("new_error", "new_error")],
)
async def test_a_refused_digest_is_reported_to_its_setter_and_continues(
    office: PostOffice, error: str, reason: str
) -> None:
    office.slack.always["C1"] = refused(FAULTS.get(error, Fault.OTHER), error)
    await office.make(private=False)
    channel = ChannelId("C1")
    await office.digests.set(
        DigestSetting(TEAM, channel, Cadence.DAILY, time(17), "UTC", BOB, office.clock.now(), office.clock.now())
    )
    await office.send(timedelta(days=5))
    await office.promises.run_due()
    for _ in range(5):
        await office.send(timedelta(days=1))
    assert any(text.startswith("I cannot post in <#C1>") and reason in text for text in office.texts_to(BOB))
    assert [row.to for row in await office.rows() if row.kind is Kind.DIGEST] == ["C1"]


@pytest.mark.parametrize("error", ["missing_scope", "messages_tab_disabled", "app_access_restricted"])
async def test_what_an_admin_has_to_mend_is_shown_on_the_home_tab_and_sent_once_it_is_mended(
    office: PostOffice, error: str
) -> None:
    office.slack.always[BOB] = refused(FAULTS[error], error)
    promise = await office.make()
    await office.send()
    await office.send(MINUTE)
    assert len(office.slack.tried) == 1
    shown = await office.store.read(TEAM, lambda tx: tx.deliveries.failed_for(ALICE, 10))
    assert [(row.promise_id, row.to, row.error) for row in shown] == [(promise.id, BOB, error)]
    del office.slack.always[BOB]
    await office.send(timedelta(hours=1))
    assert len(office.texts_to(BOB)) == 1
    assert not await office.store.read(TEAM, lambda tx: tx.deliveries.failed_for(ALICE, 10))


async def test_what_no_admin_mends_is_given_up_in_the_end(office: PostOffice) -> None:
    office.slack.always[BOB] = refused(Fault.NOT_SET_UP, "missing_scope")
    await office.make(due_at=FRIDAY + timedelta(days=60))
    for _ in range(6 * 24):
        await office.send(timedelta(hours=1))
    assert await office.store.failures(MONDAY) == {"missing_scope": 1}
    assert 4 < len([to for _, to in office.slack.tried if to == BOB]) <= MAX_TRIES


async def test_a_workspace_that_takes_no_messages_for_now_waits_and_loses_none(office: PostOffice) -> None:
    office.slack.always[BOB] = refused(FAULTS["message_limit_exceeded"], "message_limit_exceeded")
    await office.make()
    for _ in range(20):
        await office.send(6 * MINUTE)
    assert all(row.tries == 0 for row in await office.rows())
    del office.slack.always[BOB]
    await office.send(6 * MINUTE)
    assert len(office.texts_to(BOB)) == 1


async def test_a_message_that_cannot_be_put_into_words_is_given_up_like_any_other(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Message:
        raise KeyError("no such words")

    promise = await office.make(due_at=FRIDAY + timedelta(days=60))
    monkeypatch.setattr(BlockKitRenderer, "render", broken)
    faults = 0
    for _ in range(60):
        try:
            await office.send(MINUTE)
        except ExceptionGroup:
            faults += 1
    assert faults == MAX_TRIES
    assert await office.store.failures(MONDAY) == {FAULT_OF_OURS: 1}
    shown = await office.store.read(TEAM, lambda tx: tx.deliveries.failed_for(ALICE, 10))
    assert [(row.promise_id, row.to, why(row.error).reason) for row in shown] == [
        (promise.id, BOB, "something went wrong on my side")
    ]


async def test_a_message_that_slack_will_not_have_fails_where_people_see_it(office: PostOffice) -> None:
    office.slack.always[BOB] = refused(Fault.FORM, "invalid_blocks")
    promise = await office.make()
    await office.send()
    assert await office.store.failures(MONDAY) == {"invalid_blocks": 1}
    shown = await office.store.read(TEAM, lambda tx: tx.deliveries.failed_for(ALICE, 10))
    assert [(row.promise_id, row.to, row.error) for row in shown] == [(promise.id, BOB, "invalid_blocks")]


async def test_what_slack_itself_chokes_on_is_given_up_after_some_tries(office: PostOffice) -> None:
    office.slack.always[BOB] = Unknown("internal_error", was_answered=True)
    await office.make()
    for _ in range(30):
        await office.send(MINUTE)
    assert await office.store.failures(MONDAY) == {"internal_error": 1}
    assert len([to for _, to in office.slack.tried if to == BOB]) <= 8
