"""A question of the evening still has its buttons in the morning, with later news about the same promise."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.acts import Act
from bot.domain.promise import UserId
from bot.ports import Side
from tests.integration.front import Front, front_door
from tests.integration.situations import MODAL_VALUES
from tests.integration.test_both_sides import berlin, controls, go
from tests.unit.factories import ALICE, BOB, CHARLIE, TEAM
from tests.unit.texts import texts_in

PROMISE = f"<@{BOB}|bob> send the deck by Friday 17:00"
REQUEST = f"ask <@{CHARLIE}|charlie> send the deck by Friday 17:00"


@pytest.fixture
async def front(tmp_path: Path, database_url: str) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as door:
        yield door


@pytest.mark.parametrize(
    ("made", "typed", "reader", "button", "says"),
    [
        (PROMISE, ["move 1 to Monday 12:00", "risk 1 I am ill"], BOB, "act.accept_proposal", "30 Nov"),
        (PROMISE, [f"hand 1 to <@{CHARLIE}|charlie>", "risk 1"], CHARLIE, "act.accept_proposal", "take it over"),
    ],
)
async def test_what_was_asked_in_the_evening_has_its_buttons_in_the_morning(
    front: Front, made: str, typed: list[str], reader: UserId, button: str, says: str
) -> None:
    await go(front, berlin(24, 21))
    for text in (made, *typed):
        await front.command(text)
    await go(front, berlin(25, 9, 30))
    [asked] = [each for each in front.messenger.sent_to(reader) if button in controls(each)]
    assert says in texts_in(asked).replace("\xa0", " ")


async def test_a_request_that_was_corrected_can_be_accepted_from_the_correction(front: Front) -> None:
    await go(front, berlin(24, 21))
    await front.command(REQUEST)
    [request] = await front.store.read(TEAM, lambda tx: tx.promises.concerning(CHARLIE, Side.OWING, 2))
    await front.click("act.edit", request.id, ALICE, own=True)
    await front.submit(front.api.views[0], MODAL_VALUES[Act.EDIT])
    await go(front, berlin(25, 9, 30))
    asked = front.messenger.sent_to(CHARLIE)[-1]
    assert "send the whole deck" in texts_in(asked)
    assert controls(asked)[:3] == ["act.accept_request", "act.propose", "act.decline"]


async def test_a_risk_is_not_answered_with_a_later_date_where_one_is_proposed_already(front: Front) -> None:
    await front.command(PROMISE)
    await go(front, berlin(24, 10))
    await front.command("move 1 to Monday 12:00")
    await front.send()
    await go(front, berlin(24, 10, 30))
    await front.command("risk 1 I am ill", by=ALICE)
    await front.send()
    risk = front.messenger.sent_to(BOB)[-1]
    assert "at risk" in risk.text
    assert "Would a later date" not in texts_in(risk)
