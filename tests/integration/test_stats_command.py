"""`/promise stats`, by the front door: who sees whose record."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.acts import Act
from bot.domain.promise import UserId
from bot.domain.transitions import HistoryEntry
from sandbox.block_kit import check_message
from tests.integration.front import NAMES, Front, front_door
from tests.unit.factories import ALICE, BOB, CHARLIE, DAVE, TEAM


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as front:
        yield front


async def stats_shown(front: Front, text: str, by: UserId = ALICE) -> dict[str, Any]:
    """Return the answer to a command: a message with a chart comes after the ack, where Slack may refuse it."""
    answer = await front.command(text, by)
    return answer.message if answer.body else front.api.answers[-1]


async def keep(front: Front, times: int, owner: UserId = ALICE, requester: UserId = BOB) -> None:
    for _ in range(times):
        promise = await front.make("send the deck by Friday 17:00", owner, requester)
        for act, by in ((Act.REPORT, owner), (Act.ACCEPT_DELIVERY, requester)):
            rating = "met" if act is Act.ACCEPT_DELIVERY else ""
            done = HistoryEntry(act, by, front.clock.now(), rating=rating)
            await front.services.promises.act(TEAM, promise.id, done)


async def test_ones_own_record_comes_with_a_chart_and_its_words(front: Front) -> None:
    await keep(front, 5)
    answer = await stats_shown(front, "stats")
    assert answer["text"] == "Kept: 100 % of 5."
    check_message(answer["blocks"])
    (chart,) = [block for block in answer["blocks"] if block["type"] == "data_visualization"]
    assert chart["chart"]["series"][0]["name"] == "Kept as agreed"
    assert "Week of 23 Nov: 5 kept as agreed." in str(answer)
    assert "5 just what was needed" in str(answer)


@pytest.mark.parametrize("refused", [{"data_visualization"}, {"data_visualization", "section", "context"}])
async def test_a_record_is_shown_without_its_chart_where_slack_refuses_charts(front: Front, refused: set[str]) -> None:
    await keep(front, 5)
    front.api.refused_blocks = refused
    answer = await stats_shown(front, "stats")
    assert answer["text"] == "Kept: 100 % of 5."
    assert ("Week of 23 Nov: 5 kept as agreed." in str(answer)) == ("section" not in refused)
    assert "data_visualization" not in str(answer)


async def test_below_five_outcomes_there_are_no_figures(front: Front) -> None:
    await keep(front, 4)
    answer = await stats_shown(front, "stats")
    assert answer["text"] == "Figures appear after 5 finished promises (4 so far)."
    assert "%" not in str(answer)


async def test_the_other_side_sees_what_is_shared_and_a_bystander_nothing(front: Front) -> None:
    await keep(front, 5)
    await keep(front, 5, ALICE, DAVE)
    mention = f"stats <@{ALICE}|{NAMES[ALICE]}>"
    assert "of 5" in (await stats_shown(front, mention, BOB))["text"]
    answer = await stats_shown(front, mention, CHARLIE)
    assert answer["text"] == f"<@{ALICE}> has promised you nothing yet, and keeps their record private."


async def test_an_opened_record_is_seen_by_all_without_what_was_private_until_it_is_closed(front: Front) -> None:
    await keep(front, 5)
    for _ in range(5):
        await front.command(f"<@{BOB}|bob> a secret by Friday 17:00", ALICE, "D1", "directmessage")
    await front.command("stats open", ALICE)
    answer = await stats_shown(front, f"stats <@{ALICE}|alice>", CHARLIE)
    assert answer["text"] == "Kept: 100 % of 5."
    await front.command("stats close", ALICE)
    assert "keeps their record private" in (await stats_shown(front, f"stats <@{ALICE}|alice>", CHARLIE))["text"]


async def test_a_channels_figures_need_five_people(front: Front) -> None:
    await keep(front, 9)
    answer = await stats_shown(front, "stats here")
    assert answer["text"].startswith("Figures for a channel appear once 5 people")
