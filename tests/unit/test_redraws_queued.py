"""Redraws in the send queue of a workspace: after its messages, a few together, and no more than Slack takes."""

from datetime import UTC, datetime

import pytest

from bot.domain.kinds import Kind
from bot.domain.promise import TeamId
from bot.ports import Delivery, DeliveryId
from bot.use_cases.delivery.channels import MAX_REDRAWS, TOGETHER, Claimed
from bot.use_cases.delivery.lanes import Lane
from bot.use_cases.delivery.pacing import Pace, steady
from bot.use_cases.delivery.request_slots import RequestSlot, Settled
from tests.unit.steady_loop import run_without_waiting

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PACE = Pace()


async def _redraws_among_messages(*, lease_s: float, is_crowded: bool | None = None) -> dict[str, float]:
    """Return how long after the beginning a redraw after a message, one after an act, and the last message left."""
    left_at: dict[str, float] = {}

    async def settle(claimed: Claimed, slot: RequestSlot) -> Settled:
        left_at[claimed.delivery.occasion] = round(steady() - began)
        slot.answered()
        return Settled(posted=True)

    lane = Lane(PACE, settle, lambda: None, 1, lambda: bool(lane.messages) if is_crowded is None else is_crowded)
    rows = [Delivery(TeamId("T"), DeliveryId(f"D{n}"), Kind.NOTICE, None, f"U{n}", "a1", NOW) for n in range(50)]
    rows += [
        Delivery(TeamId("T"), DeliveryId(f"R{why}"), Kind.REFRESH, None, "", why, NOW) for why in ("after D1", "a2")
    ]
    began = steady()
    lane.take([Claimed(row, began + lease_s) for row in reversed(rows)], NOW)
    assert (lane.size, lane.load) == (len(rows), 50), "redraws that wait leave room for messages"
    await lane.finished()
    return left_at


@pytest.mark.parametrize(
    ("lease_s", "is_crowded", "after_message"),
    [(35, None, 9), (35, True, 25), (17, None, 7), (35, False, 0)],
    ids=["own messages first", "other workspaces' first", "not beyond its lease", "nothing waits"],
)
def test_a_redraw_because_of_a_newer_message_waits_for_messages_and_one_because_of_an_act_does_not(
    lease_s: float, is_crowded: bool | None, after_message: int
) -> None:
    left_at = run_without_waiting(_redraws_among_messages(lease_s=lease_s, is_crowded=is_crowded))
    assert left_at == {"a1": 9, "a2": 0, "after D1": after_message}


def test_redraws_that_slack_does_not_take_soon_are_given_back_those_that_no_act_asks_for_first() -> None:
    async def work() -> tuple[list[str], list[str]]:
        sent = list[str]()

        async def settle(claimed: Claimed, slot: RequestSlot) -> Settled:
            sent.append(claimed.delivery.occasion)
            slot.answered()
            return Settled()

        lane = Lane(PACE, settle, lambda: None, 1)
        whys = ["after D1", *["a2"] * MAX_REDRAWS, "a3", "after D2"]
        rows = [Delivery(TeamId("T"), DeliveryId("R"), Kind.REFRESH, None, "", why, NOW) for why in whys]
        later = lane.take([Claimed(row, steady() + 35) for row in rows], NOW)
        await lane.finished()
        assert all(due_at > NOW for _, due_at in later)
        return sent, [delivery.occasion for delivery, _ in later]

    assert run_without_waiting(work()) == (["a2"] * MAX_REDRAWS, ["after D1", "a3", "after D2"])


def test_redraws_after_messages_are_begun_a_few_together() -> None:
    async def work(left_s: float) -> tuple[list[list[str]], list[Delivery]]:
        begun = list[list[str]]()

        async def settle(claimed: Claimed, slot: RequestSlot) -> Settled:
            begun.append([each.occasion for each in (claimed.delivery, *claimed.others)])
            slot.answered()
            return Settled()

        lane = Lane(PACE, settle, lambda: None, 1)
        whys = ["a2", "a2", *["after D1"] * (TOGETHER + 1), "after D2"]
        rows = [Delivery(TeamId("T"), DeliveryId("R"), Kind.REFRESH, None, "", why, NOW) for why in whys]
        lane.take([Claimed(row, steady() + left_s) for row in rows], NOW)
        await lane.finished()
        assert lane.size == 0
        return begun, lane.take_returned()

    groups = [["a2"], ["a2"], ["after D1"] * TOGETHER, ["after D1", "after D2"]]
    assert run_without_waiting(work(35)) == (groups, [])
    begun, returned = run_without_waiting(work(-1))
    assert (begun, len(returned)) == ([], sum(map(len, groups)))


@pytest.mark.parametrize(("why", "is_held_up"), [("a2", True), ("after D2", False)])
def test_redraws_after_messages_are_held_up_by_one_that_an_act_asks_for(why: str, is_held_up: bool) -> None:
    async def work() -> list[bool]:
        found = list[bool]()

        def claimed(why: str) -> Claimed:
            row = Delivery(TeamId("T"), DeliveryId(f"R{why}"), Kind.REFRESH, None, "", why, NOW)
            return Claimed(row, steady() + 35)

        async def settle(begun: Claimed, slot: RequestSlot) -> Settled:
            if not found:
                found.append(slot.is_held_up)
                lane.take([claimed(why)], NOW)
                found.append(slot.is_held_up)
            slot.answered()
            return Settled()

        lane = Lane(PACE, settle, lambda: None, 1)
        lane.take([claimed("after D1")], NOW)
        await lane.finished()
        return found

    assert run_without_waiting(work()) == [False, is_held_up]
