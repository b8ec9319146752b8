"""What follows from each way in which Slack says no: who waits, who is told, and what is given up."""

import random
from datetime import timedelta

from bot.domain.people import is_person
from bot.domain.promise import ChannelId, Promise, TeamId, UserId
from bot.domain.reminders import Kind, Planned
from bot.ports import Delivery, DeliveryId, Fault, Refused, Side, Stop, Transaction, Unknown
from bot.use_cases.context import Context
from bot.use_cases.digests import Digests

#: How many failures of its own until a delivery is given up visibly.
MOST_TRIES = 8
#: How long a person or a channel that could not be reached is left alone before the next try.
LEFT_ALONE = timedelta(days=1)
#: Of how many promises the other side of somebody who cannot be reached is told.
TOLD = 50
#: The whole workspace, as the subject of a stop.
WORKSPACE = ""
POSTING = ("", "chat.postMessage")


class Refusals:
    """Every method runs within the transaction that records the outcome.

    `lease` is also how long something may still be on its way into Slack after an unclear answer.
    """

    def __init__(self, context: Context, digests: Digests, lease: timedelta) -> None:
        self._clock, self._new_id = context.clock, context.new_id
        self._lease = lease
        self._digests = digests
        self._outages: dict[TeamId, int] = {}

    @property
    def look_after(self) -> timedelta:
        """How long until a conversation is looked at, and looked at again."""
        return self._lease / 6

    def works_again(self, team_id: TeamId) -> None:
        """The workspace took a message: the next outage is the first one again."""
        self._outages.pop(team_id, None)

    def unclear(self, tx: Transaction, delivery: Delivery, outcome: Unknown) -> None:
        """It may have arrived: looked for soon, and sent again only when nothing can be on its way any more.

        Only what Slack itself answered counts against the message; a broken connection is no fault of its own.
        """
        now = self._clock.now()
        if outcome.said and delivery.tries + 1 >= MOST_TRIES:
            self._give_up(tx, delivery, outcome.error)
            return
        resend_at = max(delivery.resend_at or now, now + self._lease)
        until = now + self.look_after
        tx.deliveries.put_off(delivery, until, outcome.error, unknown=True, counts=outcome.said, resend_at=resend_at)

    def refused(self, tx: Transaction, delivery: Delivery, outcome: Refused) -> bool:
        """Returns whether the whole workspace has to stop."""
        match outcome.fault:
            case Fault.LIMITED:
                return self._limited(tx, delivery, outcome)
            case Fault.OUTAGE:
                return self._away(tx, delivery, outcome)
            case Fault.WORKSPACE_GONE:
                tx.stops.set(Stop(delivery.team_id, WORKSPACE, outcome.error, self._clock.now()))
                self._again(tx, delivery, timedelta(), outcome.error)
                return True
            case Fault.PERSON_GONE if is_person(delivery.to):
                self._person_gone(tx, delivery, outcome.error)
            case Fault.PLACE_GONE if delivery.to and not is_person(delivery.to):
                self._place_gone(tx, delivery, outcome.error)
            case _:
                self._give_up(tx, delivery, outcome.error)
        return False

    def unreachable(self, tx: Transaction, delivery: Delivery, stop: Stop) -> None:
        """Ends what would go to somebody known to be out of reach."""
        tx.deliveries.record_done(delivery, stop.error, self._clock.now())
        self._tell_the_other_side(tx, delivery)

    def _limited(self, tx: Transaction, delivery: Delivery, outcome: Refused) -> bool:
        wait = (outcome.retry_after or timedelta(seconds=1)) + jitter(timedelta(seconds=1))
        self._again(tx, delivery, wait, outcome.error)
        if outcome.method not in POSTING:
            return False
        now = self._clock.now()
        tx.stops.set(Stop(delivery.team_id, WORKSPACE, outcome.error, now, now + wait))
        return True

    def _away(self, tx: Transaction, delivery: Delivery, outcome: Refused) -> bool:
        """Slack is out of reach for everybody: the whole workspace waits, longer each time, and no attempt counts."""
        times = self._outages.get(delivery.team_id, 0)
        self._outages[delivery.team_id] = times + 1
        wait, now = backoff(times) + jitter(backoff(times) / 10), self._clock.now()
        self._again(tx, delivery, wait, outcome.error)
        tx.stops.set(Stop(delivery.team_id, WORKSPACE, outcome.error, now, now + wait))
        return True

    def _again(self, tx: Transaction, delivery: Delivery, wait: timedelta, error: str) -> None:
        until, unknown = self._clock.now() + wait, delivery.was_unknown
        tx.deliveries.put_off(delivery, until, error, unknown=unknown, counts=False, resend_at=delivery.resend_at)

    def _person_gone(self, tx: Transaction, delivery: Delivery, error: str) -> None:
        now = self._clock.now()
        tx.stops.set(Stop(delivery.team_id, delivery.to, error, now, now + LEFT_ALONE))
        tx.deliveries.record_done(delivery, error, now)
        self._tell_the_other_side(tx, delivery)

    def _tell_the_other_side(self, tx: Transaction, delivery: Delivery) -> None:
        """Once for each two people: the requester hears of an owner out of reach, and the owner of a requester."""
        person, subject = UserId(delivery.to), tx.promises.get(delivery.promise_id) if delivery.promise_id else None
        concerned = [*tx.promises.concerning(person, Side.ALL, TOLD), *([subject] if subject else [])]
        others = {other_side(promise, person) for promise in concerned if promise.state.is_open} - {person}
        self._tell(tx, sorted(others), f"person:{person}")

    def _place_gone(self, tx: Transaction, delivery: Delivery, error: str) -> None:
        now, channel = self._clock.now(), ChannelId(delivery.to)
        tx.stops.set(Stop(delivery.team_id, channel, error, now, now + LEFT_ALONE))
        stop = tx.stops.get(channel)
        since = stop.since if stop else now
        told: list[UserId] = []
        if delivery.kind is Kind.DIGEST:
            setting = tx.digests.get(channel)
            told = [setting.set_by] if setting else []
            self.digest_over(tx, delivery, error)
        else:
            promise = tx.promises.get(delivery.promise_id) if delivery.promise_id else None
            told = [promise.owner_id] if promise else []
            tx.deliveries.record_done(delivery, error, now)
        self._tell(tx, told, f"place:{channel}:{error}:{since:%Y-%m-%d}")

    def _tell(self, tx: Transaction, people: list[UserId], occasion: str) -> None:
        words = [Planned(Kind.TROUBLE, person, self._clock.now(), occasion) for person in people]
        tx.deliveries.owe(None, words, lambda: DeliveryId(self._new_id()))

    def _give_up(self, tx: Transaction, delivery: Delivery, error: str) -> None:
        tx.deliveries.record_failed(delivery, error, self._clock.now())
        if delivery.kind is Kind.DIGEST:
            self._plan_next_digest(tx, delivery)

    def digest_over(self, tx: Transaction, delivery: Delivery, why: str) -> None:
        """Ends a digest that says nothing this time, and owes the next one."""
        tx.deliveries.record_done(delivery, why, self._clock.now())
        self._plan_next_digest(tx, delivery)

    def _plan_next_digest(self, tx: Transaction, delivery: Delivery) -> None:
        setting = tx.digests.get(ChannelId(delivery.to))
        if setting:
            self._digests.plan_next(tx, setting)


def other_side(promise: Promise, person: UserId) -> UserId:
    """Whom it concerns that somebody cannot be reached; of a watcher, the owner hears."""
    return promise.other(person) if person in (promise.owner_id, promise.requester_id) else promise.owner_id


def backoff(times: int) -> timedelta:
    """Doubling from two seconds to five minutes."""
    return min(timedelta(seconds=2 ** (min(times, 8) + 1)), timedelta(minutes=5))


def jitter(most: timedelta) -> timedelta:
    """A little more, by chance, so that those who wait for the same do not come back together."""
    return most * random.random()  # noqa: S311  spread, not a secret
