"""A Slack status of being away: asked about once, and acted on when confirmed; on both databases."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.domain.promise import UserId
from tests.integration.front import Front, front_door
from tests.integration.test_away import buttons, days_off, new_texts
from tests.unit.factories import ALICE, BOB, CHARLIE, TEAM

NEXT_FRIDAY = int(datetime(2026, 12, 4, 22, tzinfo=UTC).timestamp())


@pytest.fixture
async def front(tmp_path: Path, database_url: str) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as door:
        yield door


async def status_set(
    front: Front, who: UserId = ALICE, text: str = "Vacationing", until: int = NEXT_FRIDAY, emoji: str = ":palm_tree:"
) -> list[str]:
    """Return the messages to a person after they set their status."""
    profile = {"status_text": text, "status_emoji": emoji, "status_expiration": until}
    await front.event({"type": "user_change", "user": {"id": who, "profile": profile}})
    return await new_texts(front, who)


def mark_of(front: Front, who: UserId = ALICE) -> str:
    """Return the value that the first button of the question carries."""
    rows = [block for block in front.messenger.sent_to(who)[-1].blocks if block["type"] == "actions"]
    return str(rows[0]["elements"][0]["value"])


async def asked(front: Front) -> str:
    await front.make("send the deck by 2 Dec 17:00")
    await front.send()
    await status_set(front)
    return mark_of(front)


async def test_it_is_asked_about_and_not_believed(front: Front) -> None:
    await asked(front)
    assert "says that you are away until Fri 4 Dec" in front.messenger.sent_to(ALICE)[-1].text
    assert buttons(front.messenger.sent_to(ALICE)[-1]) == {"away.yes": "Yes, I am away", "away.no": "No"}
    assert await days_off(front) == []


async def test_a_yes_notes_the_days_and_raises_the_deadlines_in_them(front: Front) -> None:
    mark = await asked(front)
    await front.click("away.yes", mark, channel="D1")
    assert await days_off(front) == [(date(2026, 11, 23), date(2026, 12, 4))]
    (answer,) = front.api.answers
    assert answer["replace_original"] is True
    assert "One deadline falls into it" in answer["text"]
    assert any("is away then" in text for text in await new_texts(front, BOB))


async def test_a_no_changes_nothing_and_the_same_status_is_not_asked_about_again(front: Front) -> None:
    mark = await asked(front)
    await front.click("away.no", mark, channel="D1")
    assert await days_off(front) == []
    assert await status_set(front) == []
    assert len(await status_set(front, text="Urlaub")) == 1


async def test_it_is_asked_once_however_often_slack_reports_it(front: Front) -> None:
    await asked(front)
    assert await status_set(front) == []


@pytest.mark.parametrize("by", [ALICE, BOB])
async def test_an_answer_to_an_older_question_or_of_another_person_counts_for_nothing(front: Front, by: UserId) -> None:
    mark = await asked(front)
    if by == ALICE:
        await status_set(front, text="Out sick")
    await front.click("away.yes", mark, by=by, channel="D1")
    assert (await days_off(front, by), await days_off(front)) == ([], [])
    assert "earlier status" in front.api.answers[0]["text"]


async def test_answered_twice_it_counts_once(front: Front) -> None:
    mark = await asked(front)
    await front.click("away.yes", mark, channel="D1")
    await front.command("away off")
    await status_set(front)  # Slack sends the same status again
    await front.click("away.yes", mark, channel="D1")
    assert await days_off(front) == []


@pytest.mark.parametrize(
    ("text", "emoji", "until"),
    [("In a meeting", "", NEXT_FRIDAY), ("Vacationing", ":palm_tree:", 0), ("Back from vacation", "", NEXT_FRIDAY)],
)
async def test_any_other_status_is_passed_over(front: Front, text: str, emoji: str, until: int) -> None:
    await front.make()
    await front.send()
    assert await status_set(front, text=text, emoji=emoji, until=until) == []


async def test_a_person_without_anything_open_is_not_asked(front: Front) -> None:
    await front.make()
    assert await status_set(front, CHARLIE) == []
    await front.services.people.of(TEAM, CHARLIE)
    assert await status_set(front, CHARLIE, text="on leave") == []


async def test_a_person_who_answered_already_is_not_asked(front: Front) -> None:
    await front.make()
    await front.send()
    await front.command("away until 6 Dec")
    assert await status_set(front) == []


async def test_a_question_whose_status_was_taken_back_before_it_was_asked_still_says_what_it_asks(front: Front) -> None:
    """Taken back or not, the days are theirs to confirm; a later status takes the question's place."""
    await front.make("send the deck by 2 Dec 17:00")
    await front.send()
    for text in ("Vacationing", "Out sick"):
        profile = {"status_text": text, "status_emoji": "", "status_expiration": NEXT_FRIDAY}
        await front.event({"type": "user_change", "user": {"id": ALICE, "profile": profile}})
    assert len(await new_texts(front, ALICE)) == 1


async def test_no_word_of_a_status_is_stored(front: Front) -> None:
    await front.make()
    await status_set(front, text="Vacationing in Bad Gastein")
    question = await front.store.read(TEAM, lambda tx: tx.absences.asked(ALICE))
    assert question
    assert "Gastein" not in str(question)
