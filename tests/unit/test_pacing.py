"""Draining in step with Slack's limits: never too soon, and hardly later than they allow."""

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime
from itertools import count

import pytest

from bot.domain.kinds import Kind
from bot.domain.promise import TeamId
from bot.ports import Delivery, DeliveryId
from bot.use_cases.delivery.channels import Claimed
from bot.use_cases.delivery.lanes import MAX_BEGUN, MAX_IN_FLIGHT, Lane
from bot.use_cases.delivery.pacing import UNPACED, Pace, steady
from bot.use_cases.delivery.request_slots import RequestSlot, Settled
from tests.unit.steady_loop import run_without_waiting

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
#: What Slack allows, and how long it takes to answer.
CHANNEL_S, WORKSPACE_S, TRAVEL_S = 1.0, 0.2, 0.15
#: How long a sender waits for room before it looks again. All of this is the skipping loop's time.
LOOK_S = 1.0
PACE = Pace()


class StrictSlack:
    """Notes when each message left, and counts those that came sooner than the limits allow."""

    def __init__(self) -> None:
        self.left_at: list[tuple[str, float]] = []
        self.too_soon = 0

    async def settle(self, claimed: Claimed, slot: RequestSlot | None = None) -> Settled:
        to, now = claimed.delivery.to, steady()
        mine = [at for other, at in self.left_at if other == to]
        minute = [at for _, at in self.left_at[-400:] if now - at < 60]
        if (mine and now - mine[-1] < CHANNEL_S - 1e-6) or len(minute) > 60 / WORKSPACE_S + PACE.workspace_burst:
            self.too_soon += 1
        self.left_at.append((to, now))
        await asyncio.sleep(TRAVEL_S)
        if slot:
            slot.answered()
        return Settled(posted=True)

    @property
    def took_s(self) -> float:
        return self.left_at[-1][1] - self.left_at[0][1]


def burst(channels: dict[str, int], seed: int) -> list[str]:
    queue = [to for to, times in channels.items() for _ in range(times)]
    random.Random(seed).shuffle(queue)
    return queue


def floor_s(queue: list[str]) -> float:
    """No schedule is shorter: the busiest channel, or the workspace as a whole."""
    return max((max(Counter(queue).values()) - 1) * CHANNEL_S, (len(queue) - 1) * WORKSPACE_S)


async def drain(queue: list[str], slack: StrictSlack) -> None:
    """As the sender does it: claims of a batch while there is room, and rows that come back at their time."""
    ids = count()
    waiting = [
        (0.0, Delivery(TeamId("T"), DeliveryId(f"D{next(ids)}"), Kind.NOTICE, None, to, "a1", NOW)) for to in queue
    ]
    began, room = steady(), asyncio.Event()
    lane = Lane(PACE, slack.settle, room.set, 100)
    while waiting or lane.size:
        room.clear()
        due = [row for row in waiting if row[0] <= steady() - began][:100] if lane.size < 200 else []
        waiting = [row for row in waiting if row not in due]
        deadline = steady() + 35
        later = lane.take([Claimed(delivery, deadline) for _, delivery in due], NOW) if due else []
        waiting += [((until - NOW).total_seconds() + steady() - began, delivery) for delivery, until in later]
        waiting += [(steady() - began, delivery) for delivery in lane.take_returned()]
        waiting.sort(key=lambda row: row[0])
        if not due:
            try:
                await asyncio.wait_for(room.wait(), LOOK_S)
            except TimeoutError:
                continue


BURSTS = {
    "one busy channel among many people": {"C1": 200, **{f"U{n}": 1 for n in range(400)}},
    "everybody alike": {f"U{n}": 3 for n in range(200)},
    "a few busy channels": {"C1": 90, "C2": 80, "C3": 70, **{f"U{n}": 2 for n in range(60)}},
    "one channel alone": {"C1": 60},
}


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", BURSTS)
def test_a_burst_drains_within_a_twentieth_of_what_the_limits_allow(name: str, seed: int) -> None:
    queue, slack = burst(BURSTS[name], seed), StrictSlack()
    run_without_waiting(drain(queue, slack))
    assert Counter(to for to, _ in slack.left_at) == Counter(queue)
    assert slack.too_soon == 0
    assert slack.took_s <= 1.05 * floor_s(queue) + 1.0


def test_a_plain_queue_takes_several_times_as_long() -> None:
    """The twin: one after the other, each waiting for its own channel."""

    async def one_by_one(queue: list[str], slack: StrictSlack) -> None:
        spoken_at: dict[str, float] = {}
        for to in queue:
            delivery = Delivery(TeamId("T"), DeliveryId("D"), Kind.NOTICE, None, to, "a1", NOW)
            await asyncio.sleep(max(spoken_at.get(to, 0.0) + CHANNEL_S - steady(), WORKSPACE_S - TRAVEL_S, 0.0))
            spoken_at[to] = steady()
            await slack.settle(Claimed(delivery, 0.0))

    queue, slack = sorted(burst(BURSTS["a few busy channels"], 1)), StrictSlack()
    run_without_waiting(one_by_one(queue, slack))
    assert slack.took_s > 2 * floor_s(queue)


def test_what_lies_in_hand_is_not_begun_when_its_lease_is_about_to_end() -> None:
    async def work() -> tuple[int, int]:
        slack, room = StrictSlack(), asyncio.Event()
        lane = Lane(PACE, slack.settle, room.set, 5)
        row = Delivery(TeamId("T"), DeliveryId("D"), Kind.NOTICE, None, "C1", "a1", NOW)
        lane.take([Claimed(row, steady() + 2.5) for _ in range(8)], NOW)
        await lane.finished()
        return len(slack.left_at), len(lane.take_returned())

    sent, returned = run_without_waiting(work())
    assert (sent, returned) == (3, 5)


@pytest.mark.parametrize(("to", "begun"), [("C1", 3), ("U1", 1)])
def test_what_slack_took_holds_nobody_up_while_it_is_recorded_but_for_the_same_person(to: str, begun: int) -> None:
    """The record of a message to a person decides whether an older one shrinks, so that one is recorded first."""

    async def work() -> tuple[int, int, int]:
        taken, recorded = [], asyncio.Event()

        async def settle(claimed: Claimed, slot: RequestSlot) -> Settled:
            taken.append(claimed.delivery.id)
            slot.answered()
            await recorded.wait()
            return Settled(posted=True)

        lane = Lane(UNPACED, settle, lambda: None, 1)
        rows = [Delivery(TeamId("T"), DeliveryId(f"D{n}"), Kind.NOTICE, None, to, "a1", NOW) for n in range(3)]
        lane.take([Claimed(row, steady() + 60) for row in rows], NOW)
        await asyncio.sleep(1)
        before, in_hand = len(taken), lane.size
        recorded.set()
        await lane.finished()
        return before, in_hand, len(taken)

    assert run_without_waiting(work()) == (begun, 3, 3)


async def _burst_into_a_silent_slack(*, halts: bool) -> tuple[int, int, int, int]:
    """Return how many were in hand and in flight while Slack was silent, and how many left and were given back."""
    in_flight, left, turned_away, answers = 0, 0, 0, asyncio.Event()

    async def settle(_claimed: Claimed, slot: RequestSlot) -> Settled:
        nonlocal in_flight, left, turned_away
        if not slot.is_open:
            turned_away += 1
            return Settled()
        in_flight, left = in_flight + 1, left + 1
        await answers.wait()
        in_flight -= 1
        slot.answered()
        return Settled(posted=True)

    lane = Lane(UNPACED, settle, lambda: None, 1)
    rows = [Delivery(TeamId("T"), DeliveryId(f"D{n}"), Kind.NOTICE, None, f"C{n}", "a1", NOW) for n in range(100)]
    lane.take([Claimed(row, steady() + 60) for row in rows], NOW)
    await asyncio.sleep(1)
    waited_for = lane.size, in_flight
    if halts:
        lane.halt()
    answers.set()
    await lane.finished()
    return *waited_for, left, turned_away


@pytest.mark.parametrize(
    ("halts", "left", "turned_away"), [(False, 100, 0), (True, MAX_IN_FLIGHT, MAX_BEGUN - MAX_IN_FLIGHT)]
)
def test_a_silent_slack_gets_no_more_than_its_requests_and_none_leaves_once_the_lane_is_halted(
    halts: bool, left: int, turned_away: int
) -> None:
    found = run_without_waiting(_burst_into_a_silent_slack(halts=halts))
    assert found == (100, MAX_IN_FLIGHT, left, turned_away)


@pytest.mark.parametrize(
    ("to", "pace", "groups"),
    [
        ("C1", UNPACED, [9]),
        ("U1", UNPACED, [1] * 9),
        ("C{}", PACE, [5, 4]),
        ("C1", PACE, [1] * 9),
    ],
)
def test_what_starts_within_a_second_is_drawn_together(to: str, pace: Pace, groups: list[int]) -> None:
    """To one person, what the next message says depends on the record of the last: it is not drawn before."""

    async def work() -> list[int]:
        asked: list[Claimed] = []
        sent: list[DeliveryId] = []
        asked_before: list[int] = []

        async def settle(claimed: Claimed, slot: RequestSlot) -> Settled:
            assert claimed in asked
            asked_before.append(len(asked))
            await asyncio.sleep(0.01)
            sent.append(claimed.delivery.id)
            slot.answered()
            return Settled(posted=True)

        lane = Lane(pace, settle, lambda: None, 1, draw=asked.append)
        rows = [
            Delivery(TeamId("T"), DeliveryId(f"D{n}"), Kind.NOTICE, None, to.format(n), "a1", NOW) for n in range(9)
        ]
        lane.take([Claimed(row, steady() + 60) for row in rows], NOW)
        await lane.finished()
        assert len(asked) == len({each.delivery.id for each in asked}) == len(sent) == 9
        ends = sorted(set(asked_before))
        return [end - begin for begin, end in zip([0, *ends], ends, strict=False)]

    assert run_without_waiting(work()) == groups
