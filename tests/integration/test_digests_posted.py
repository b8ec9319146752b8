"""A channel's digest by the front door: set, announced to those it names, posted with its thread, paused, previewed."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.acts import Act
from bot.domain.promise import ChannelId, Due, TeamId
from bot.domain.transitions import HistoryEntry
from bot.ports import Message, Outcome
from sandbox.block_kit import check_message
from tests.integration.agendas import looks, until
from tests.integration.front import Front, front_door
from tests.unit.factories import ALICE, BOB, CHARLIE, TEAM
from tests.unit.views_gallery import texts_in

CHANNEL = "C1"


@pytest.fixture
async def front(tmp_path: Path, database_url: str) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as front:
        yield front


async def at(front: Front, iso: str) -> None:
    """Moves the clock there, hour by hour, as the clock moves: misses are marked and what is due is sent."""
    await until(front.services, front.clock, datetime.fromisoformat(iso), timedelta(hours=1))


def posts(front: Front, to: str, word: str) -> list[str]:
    return [message.text for message in front.messenger.sent_to(to) if word in message.text]


async def set_weekly(front: Front, more: str = "") -> None:
    answer = await front.command(f"digest here weekly 16:00 friday{more}", CHARLIE)
    assert "first on Fri 27 Nov, 16:00" in answer.text


async def test_a_post_lists_each_promise_once_with_its_thread_and_names_who_set_it(front: Front) -> None:
    await set_weekly(front)
    await front.make("send the deck by Wednesday 12:00")
    kept = await front.make("send the figures by Thursday 12:00")
    await front.make("send the plan by 30 November 12:00")
    done = [(Act.REPORT, ALICE, ""), (Act.ACCEPT_DELIVERY, BOB, "Just right.")]
    front.clock.move(timedelta(minutes=1))
    for act, by, note in done:
        await front.services.promises.act(TEAM, kept.id, HistoryEntry(act, by, front.clock.now(), note=note))
    await at(front, "2026-11-27T16:00:00+00:00")

    assert posts(front, CHANNEL, "Promises in this channel") == [
        "Promises in this channel: 1 kept, 1 coming up, 1 missed."
    ]
    assert posts(front, CHANNEL, "The details") == ["The details: 1 kept, 1 coming up, 1 missed."]
    (ts,) = [ts for ts, post in front.messenger.posts.items() if "Promises in this" in post.message.text]
    (thread,) = [post for post in front.messenger.posts.values() if post.message.text.startswith("The details")]
    assert thread.thread_ts == ts
    assert "Just right." in str(thread.message.blocks)
    post = front.messenger.posts[ts].message
    assert f"Set up by <@{CHARLIE}>" in str(post.blocks)
    check_message(list(post.blocks))
    check_message(list(thread.message.blocks))


async def test_a_person_who_would_be_named_is_warned_first_and_can_still_change_it(front: Front) -> None:
    await set_weekly(front)
    promise = await front.make("send the deck by Wednesday 12:00")
    await at(front, "2026-11-27T13:30:00+00:00")

    (chance,) = [m for m in front.messenger.sent_to(ALICE) if "The digest would list" in m.text]
    offered = [e["action_id"] for b in chance.blocks if b["type"] == "actions" for e in b["elements"]]
    assert offered == ["act.report", "act.propose", "act.revoke"]
    assert not posts(front, BOB, "The digest would")
    await front.click("act.report", promise.id, ALICE)
    await front.click("act.accept_delivery", promise.id, BOB)
    await at(front, "2026-11-27T15:30:00+00:00")
    assert posts(front, CHANNEL, "Promises in this channel") == ["Promises in this channel: 1 repaired."]


def the_chance(front: Front) -> Message:
    """The one last chance that Alice was given, as it stands now."""
    found = [post.message for post in front.messenger.posts.values() if post.to == ALICE and "digest" in str(post)]
    (chance,) = [message for message in found if "It comes once before each digest" in str(message.blocks)]
    return chance


def buttons_of(message: Message) -> list[tuple[str, str]]:
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [(each["action_id"], each["value"]) for row in rows for each in row]


async def test_a_last_chance_is_redrawn_when_something_in_it_is_answered(front: Front) -> None:
    await set_weekly(front)
    deck = await front.make("send the deck by Wednesday 12:00")
    plan = await front.make("send the plan by Thursday 12:00")
    await at(front, "2026-11-27T13:30:00+00:00")
    assert len(buttons_of(the_chance(front))) == 6

    await front.click("act.report", deck.id, ALICE)
    await front.send()
    chance = the_chance(front)
    assert f"list #{plan.number} as missed" in chance.text
    assert {value for _, value in buttons_of(chance)} == {plan.id}
    assert f"Answered since:\n*#{deck.number}* “send the deck” · ◐ Delivered – waiting for" in str(texts_in(chance))

    later = HistoryEntry(
        Act.PROPOSE, ALICE, front.clock.now(), due=Due(datetime(2026, 12, 4, 11, tzinfo=UTC), "Europe/Berlin")
    )
    for entry in (later, HistoryEntry(Act.ACCEPT_PROPOSAL, BOB, front.clock.now())):
        await front.services.promises.act(TEAM, plan.id, entry)
    await front.send()
    assert the_chance(front).text == "The digest would no longer list anything of yours as missed."
    assert buttons_of(the_chance(front)) == []
    check_message(list(the_chance(front).blocks))


async def test_a_last_chance_still_follows_its_promises_after_the_post_and_the_end_of_the_digest(front: Front) -> None:
    await set_weekly(front)
    deck = await front.make("send the deck by Wednesday 12:00")
    await at(front, "2026-11-27T15:30:00+00:00")
    await front.command("digest off", CHARLIE)
    await front.click("act.on_track", deck.id, ALICE)
    await front.send()
    assert the_chance(front).text == f"The digest has been posted; still open of yours: #{deck.number}."
    await front.click("act.release", deck.id, BOB)
    await front.send()
    assert "listed it as it was then" in str(the_chance(front).blocks)


async def test_an_answer_given_while_the_last_chance_was_on_its_way_shows_in_it(front: Front) -> None:
    await set_weekly(front)
    deck = await front.make("send the deck by Wednesday 12:00")
    await at(front, "2026-11-27T11:30:00+00:00")
    post = front.messenger.post

    async def slowly(team_id: TeamId, to: str, message: Message, mark: str = "", thread_ts: str = "") -> Outcome:
        if "The digest would" in message.text:
            await front.services.promises.act(TEAM, deck.id, HistoryEntry(Act.REPORT, ALICE, front.clock.now()))
            await front.deliveries.send_due()
        return await post(team_id, to, message, mark, thread_ts)

    front.messenger.post = slowly  # type: ignore[method-assign]  # Slack, but slower
    await at(front, "2026-11-27T13:30:00+00:00")
    assert the_chance(front).text.startswith("The digest would no longer list anything of yours")


async def test_nothing_is_posted_when_there_is_nothing_to_say(front: Front) -> None:
    await set_weekly(front)
    await at(front, "2026-11-28T16:00:00+00:00")
    assert front.messenger.sent_to(CHANNEL) == []


async def test_a_second_period_does_not_repeat_the_first(front: Front) -> None:
    await set_weekly(front)
    await front.make("send the deck by Wednesday 12:00")
    await at(front, "2026-12-05T16:00:00+00:00")
    assert len(posts(front, CHANNEL, "Promises in this channel")) == 1


async def test_each_channel_has_a_digest_of_its_own_at_its_own_hour(front: Front) -> None:
    await set_weekly(front)
    assert "first on Tue 24 Nov, 09:00" in (await front.command("digest here daily 9:00", BOB, "C2", "sales")).text
    await front.make("send the deck by Wednesday 12:00")
    await front.command(f"<@{BOB}|bob> call the client by Tuesday 12:00", ALICE, "C2", "sales")
    seen = []
    before = len(front.messenger.posts)
    async for _ in looks(front.services, front.clock, datetime(2026, 11, 30, 12, tzinfo=UTC), timedelta(hours=1)):
        new = list(front.messenger.posts.values())[before:]
        before += len(new)
        seen += [(post.to, f"{front.clock.now():%d %H}") for post in new if "Promises in this" in post.message.text]
    # In C2 on Tuesday what comes up, on Wednesday what was missed, and nothing more to say from then on.
    assert seen == [("C2", "24 08"), ("C2", "25 08"), (CHANNEL, "27 15")]
    for channel, other in ((CHANNEL, "call the client"), ("C2", "send the deck")):
        assert other not in str([m.blocks for m in front.messenger.sent_to(channel) if "Promises in this" in m.text])


async def test_a_paused_digest_is_not_posted_and_a_resumed_one_starts_a_new_period(front: Front) -> None:
    await set_weekly(front)
    await front.make("send the deck by Wednesday 12:00")
    assert "is paused" in (await front.command("digest pause", BOB)).text
    await at(front, "2026-11-30T09:00:00+00:00")
    assert posts(front, CHANNEL, "Promises in this channel") == []
    assert "again, from now on" in (await front.command("digest resume", BOB)).text
    await front.make("send the plan by Wednesday 12:00")
    await at(front, "2026-12-04T16:00:00+00:00")
    assert posts(front, CHANNEL, "Promises in this channel") == ["Promises in this channel: 1 missed."]


async def test_a_preview_is_seen_by_its_asker_alone_and_refused_in_private_places(front: Front) -> None:
    await front.make("send the deck by Wednesday 12:00")
    answer = await front.command("digest preview", CHARLIE)
    assert answer.message["response_type"] == "ephemeral"
    assert answer.text == "Promises in this channel: 1 coming up."
    assert not posts(front, CHANNEL, "Promises in this channel")
    assert "private place" in (await front.command("digest preview", CHARLIE, "D1", "directmessage")).text


async def test_promises_of_members_in_other_public_channels_are_listed_if_chosen_and_private_ones_never(
    front: Front,
) -> None:
    front.messenger.members_of[ChannelId(CHANNEL)] = frozenset({ALICE, CHARLIE})
    front.messenger.private.add(ChannelId("C3"))
    for place, name in (("C2", "sales"), ("C3", "privategroup"), ("D1", "directmessage")):
        await front.command(f"<@{BOB}|bob> a word in {place} by Wednesday 12:00", ALICE, place, name)
    await front.command(f"<@{ALICE}|alice> a word of Bob by Wednesday 12:00", BOB, "C2", "sales")
    assert "nothing was kept" in (await front.command("digest preview")).text
    await set_weekly(front, " members")
    answer = await front.command("digest preview")
    assert answer.text == "Promises in this channel: 1 coming up."
    assert "a word in C2" in answer.body


async def test_a_last_chance_names_as_missed_only_what_is_missed_and_the_rest_as_due(front: Front) -> None:
    await set_weekly(front)
    deck = await front.make("send the deck by Wednesday 12:00")
    await front.make("send the plan by Friday 16:00")
    await front.command(f"<@{ALICE}|alice> call the client by Friday 15:30", BOB)
    await at(front, "2026-11-27T13:30:00+00:00")
    assert the_chance(front).text.startswith(f"The digest would list #{deck.number} as missed")
    missed, ahead = str(texts_in(the_chance(front))).split("Due before the digest, and not missed:")
    assert "send the deck" in missed
    assert "send the plan" not in missed
    assert "send the plan” – due Fri 27 Nov, 16:00" in ahead
    assert not posts(front, BOB, "The digest would")  # he has missed nothing so far


async def test_what_is_cancelled_in_the_last_minutes_is_counted_as_the_record_counts_it(front: Front) -> None:
    await set_weekly(front)
    late = await front.make("send the deck by Wednesday 12:00")
    await front.make("send the plan by Wednesday 12:00")
    early = await front.make("send the figures by Friday 12:00")
    for promise, iso in ((early, "2026-11-24T09:00:00+00:00"), (late, "2026-11-25T10:50:00+00:00")):
        await at(front, iso)
        await front.services.promises.act(
            TEAM, promise.id, HistoryEntry(Act.REVOKE, ALICE, front.clock.now(), note="no time")
        )
    await at(front, "2026-11-27T16:00:00+00:00")
    assert posts(front, CHANNEL, "Promises in this channel") == [
        "Promises in this channel: 1 cancelled late, 1 missed."
    ]
    (post,) = [m for m in front.messenger.sent_to(CHANNEL) if "Promises in this channel" in m.text]
    due = "was due Wed 25 Nov, 12:00 CET"
    assert f"*#{late.number}* “send the deck”, {due}, cancelled 10 minutes before" in texts_in(post)


async def test_a_repaired_promise_says_so_everywhere_and_never_that_it_was_kept_in_time(front: Front) -> None:
    await set_weekly(front)
    promise = await front.make("send the deck by Wednesday 12:00")
    await at(front, "2026-11-25T13:00:00+00:00")
    later = Due(datetime(2026, 11, 27, 8, tzinfo=UTC), "Europe/Berlin")
    done = [(Act.PROPOSE, ALICE, later), (Act.ACCEPT_PROPOSAL, BOB, None)]
    done += [(Act.REPORT, ALICE, None), (Act.ACCEPT_DELIVERY, BOB, None)]
    for act, by, due in done:
        front.clock.move(timedelta(minutes=30))
        await front.services.promises.act(TEAM, promise.id, HistoryEntry(act, by, front.clock.now(), due=due))
    await front.send()
    shown = (await front.command(f"show {promise.number}")).body
    cards = [str(m.blocks) for m in front.messenger.sent_to(CHANNEL) if f"#{promise.number}" in m.text]
    assert cards
    for text_shown in (shown, *cards):
        assert "Kept, missed first, then repaired" in text_shown
        assert "Kept in time" not in text_shown
    assert "which repairs the miss" in shown
    await at(front, "2026-11-27T16:00:00+00:00")
    assert posts(front, CHANNEL, "Promises in this channel") == ["Promises in this channel: 1 repaired."]
