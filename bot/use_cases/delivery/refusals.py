"""Handling of refused deliveries by error class: retry, notify, or give up."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.digests import after_post
from bot.domain.kinds import Kind, Planned
from bot.domain.occasions import PlaceUnreachable
from bot.domain.people import is_person
from bot.domain.promise import ChannelId, TeamId, UserId
from bot.ports import Delivery, Fault, Refused, Stop, Transaction, Unknown
from bot.use_cases.closed_accounts import notify_other_sides
from bot.use_cases.context import Context
from bot.use_cases.digests import Digests, ends_at
from bot.use_cases.outbox import owe

#: Failures of its own after which a delivery is given up.
MAX_TRIES = 8
#: First delay when something is not set up; each further delay is four times as long.
SET_UP_WAIT = timedelta(minutes=5)
#: After this time an unfinished search for an earlier attempt is given up.
LONGEST_DOUBT = timedelta(days=1)
#: Error recorded for a message that Kept itself failed to render or record; details are in the log.
FAULT_OF_OURS = "kept_failed"
#: How long a person or channel that could not be reached is skipped before the next try.
LEFT_ALONE = timedelta(days=1)
#: Slack's error for a closed account: it is never sent anything again.
ACCOUNT_CLOSED = "user_disabled"
#: The subject of a stop that concerns the whole workspace.
WORKSPACE = ""
#: Messages that a channel's digest setting causes.
OF_DIGEST = frozenset({Kind.DIGEST, Kind.DETAILS})
POSTING = ("", "chat.postMessage")


class Refusals:
    """Every method runs within the transaction that records the outcome.

    `lease` is also how long a request may still be in flight after an unclear answer.
    """

    def __init__(self, context: Context, digests: Digests, lease: timedelta) -> None:
        self._clock, self._new_delivery = context.clock, context.new_delivery
        self.lease = lease
        self._digests = digests
        self._outages: dict[TeamId, int] = {}

    @property
    def look_after(self) -> timedelta:
        """How long until a conversation is searched, and searched again."""
        return self.lease / 6

    def works_again(self, team_id: TeamId) -> None:
        """Reset the workspace's backoff after a message was accepted."""
        self._outages.pop(team_id, None)

    def unclear(self, tx: Transaction, delivery: Delivery, outcome: Unknown) -> bool:
        """Schedule a search for a message that may have arrived; it is sent again only if it is not found.

        Only Slack's own answers count as tries; a broken connection does not. Return whether it was given up.
        """
        now = self._clock.now()
        if outcome.was_answered and is_last_try(delivery):
            return self._give_up(tx, delivery, outcome.error)
        resend_at = max(delivery.resend_at or now, now + self.lease)
        until = now + self.look_after
        tx.deliveries.put_off(
            delivery, until, outcome.error, unknown=True, counts=outcome.was_answered, resend_at=resend_at
        )
        return False

    def broken(self, tx: Transaction, delivery: Delivery) -> bool:
        """Count a failure of Kept as a try. The message may have been posted before it, so it is searched for first."""
        return self.unclear(tx, delivery, Unknown(FAULT_OF_OURS, was_answered=True))

    def still_in_doubt(self, tx: Transaction, delivery: Delivery, outcome: Refused | Unknown) -> bool:
        """Reschedule a search that did not finish, unless its tries or its time are used up.

        Nothing was posted meanwhile, so `resend_at` stays. A rate limit is no try. Return whether it was given up.
        """
        now = self._clock.now()
        counts = outcome.was_answered if isinstance(outcome, Unknown) else outcome.is_partial
        limit = outcome.retry_after if isinstance(outcome, Refused) else None
        resend_at = delivery.resend_at or now
        is_over = limit is not None and now - resend_at > LONGEST_DOUBT
        if is_over or (counts and is_last_try(delivery)):
            return self._give_up(tx, delivery, outcome.error)
        until = now + (limit + jitter(timedelta(seconds=1)) if limit else self.look_after)
        tx.deliveries.put_off(delivery, until, outcome.error, unknown=True, counts=counts, resend_at=resend_at)
        return False

    def refused(self, tx: Transaction, delivery: Delivery, outcome: Refused) -> bool:
        """Handle a refusal by its class; return whether the whole workspace has to stop."""
        match outcome.fault:
            case Fault.LIMITED:
                return self._limited(tx, delivery, outcome)
            case Fault.OUTAGE:
                return self._away(tx, delivery, outcome)
            case Fault.WORKSPACE_GONE:
                if self._again(tx, delivery, timedelta(), outcome.error):
                    tx.stops.set(Stop(delivery.team_id, WORKSPACE, outcome.error, self._clock.now()))
                return True
            case Fault.NOT_SET_UP:
                self._not_set_up(tx, delivery, outcome.error)
            case Fault.PERSON_GONE | Fault.PLACE_GONE if is_person(delivery.to):  # the place is their direct messages
                self._person_gone(tx, delivery, outcome.error)
            case Fault.PLACE_GONE if delivery.to:
                self._place_gone(tx, delivery, outcome.error)
            case _:
                self._give_up(tx, delivery, outcome.error)
        return False

    def unreachable(self, tx: Transaction, delivery: Delivery, stop: Stop) -> None:
        """End a delivery to a person known to be unreachable."""
        tx.deliveries.record_done(delivery, stop.error, self._clock.now())
        self._notify_other_side(tx, delivery)

    def _limited(self, tx: Transaction, delivery: Delivery, outcome: Refused) -> bool:
        wait = (outcome.retry_after or timedelta(seconds=1)) + jitter(timedelta(seconds=1))
        if not self._again(tx, delivery, wait, outcome.error) or outcome.method not in POSTING:
            return False
        now = self._clock.now()
        tx.stops.set(Stop(delivery.team_id, WORKSPACE, outcome.error, now, now + wait))
        return True

    def _away(self, tx: Transaction, delivery: Delivery, outcome: Refused) -> bool:
        """Pause the workspace during an outage of Slack, longer each time; no attempt counts."""
        times = self._outages.get(delivery.team_id, 0)
        self._outages[delivery.team_id] = times + 1
        wait, now = backoff(times) + jitter(backoff(times) / 10), self._clock.now()
        if self._again(tx, delivery, wait, outcome.error):
            tx.stops.set(Stop(delivery.team_id, WORKSPACE, outcome.error, now, now + wait))
        return True

    def _not_set_up(self, tx: Transaction, delivery: Delivery, error: str) -> None:
        """Retry for three days, ever less often, until an admin has fixed the set-up; then give up."""
        if is_last_try(delivery):
            self._give_up(tx, delivery, error)
            return
        wait = min(SET_UP_WAIT * 4**delivery.tries, LEFT_ALONE)
        self._again(tx, delivery, wait, error, counts=True)

    def _again(self, tx: Transaction, delivery: Delivery, wait: timedelta, error: str, *, counts: bool = False) -> bool:
        """Reschedule the delivery; return False when the row belongs to another attempt, or the workspace has left."""
        until, unknown = self._clock.now() + wait, delivery.was_unknown
        return tx.deliveries.put_off(
            delivery, until, error, unknown=unknown, counts=counts, resend_at=delivery.resend_at
        )

    def _person_gone(self, tx: Transaction, delivery: Delivery, error: str) -> None:
        now = self._clock.now()
        if error == ACCOUNT_CLOSED and (person := tx.people.get(UserId(delivery.to))):
            tx.people.save(replace(person, is_gone=True))
        tx.stops.set(Stop(delivery.team_id, delivery.to, error, now, now + LEFT_ALONE))
        tx.deliveries.record_done(delivery, error, now)
        self._notify_other_side(tx, delivery)

    def _notify_other_side(self, tx: Transaction, delivery: Delivery) -> None:
        person, subject = UserId(delivery.to), tx.promises.get(delivery.promise_id) if delivery.promise_id else None
        tx.agendas.wake({person: self._clock.now()})
        notify_other_sides(tx, person, self._clock.now(), self._new_delivery, subject)

    def _place_gone(self, tx: Transaction, delivery: Delivery, error: str) -> None:
        now, channel = self._clock.now(), ChannelId(delivery.to)
        tx.stops.set(Stop(delivery.team_id, channel, error, now, now + LEFT_ALONE))
        stop = tx.stops.get(channel)
        if delivery.kind is Kind.DIGEST:
            self.digest_over(tx, delivery, error)
        else:
            tx.deliveries.record_done(delivery, error, now)
        self._notify_of_place(tx, delivery, error, stop.since if stop else now)

    def _notify_of_place(self, tx: Transaction, delivery: Delivery, error: str, since: datetime) -> None:
        """Notify the owner of the promise, or the person who set the digest, once per error since it began."""
        channel = ChannelId(delivery.to)
        promise = tx.promises.get(delivery.promise_id) if delivery.promise_id else None
        setting = tx.digests.get(channel) if delivery.kind in OF_DIGEST else None
        recipients = [promise.owner_id] if promise else [setting.set_by] if setting else []
        self._notify(tx, recipients, str(PlaceUnreachable(channel, error, since.date())))

    def _notify(self, tx: Transaction, people: list[UserId], occasion: str) -> None:
        words = [Planned(Kind.TROUBLE, person, self._clock.now(), occasion) for person in people]
        owe(tx, None, words, self._new_delivery)

    def _give_up(self, tx: Transaction, delivery: Delivery, error: str) -> bool:
        """Give the delivery up; return False when the row belongs to another attempt."""
        now = self._clock.now()
        is_over = tx.deliveries.record_failed(delivery, error, now)
        if is_over and delivery.kind in OF_DIGEST:
            self._notify_of_place(tx, delivery, error, now)
        if is_over and delivery.kind is Kind.DIGEST:
            self._plan_next_digest(tx, delivery)
        return is_over

    def digest_over(self, tx: Transaction, delivery: Delivery, why: str) -> None:
        """End a digest without content, and add the next one.

        Its period is covered only if it left misses to the next: a pause or new hours must not lose them.
        """
        tx.deliveries.record_done(delivery, why, self._clock.now())
        setting = tx.digests.get(ChannelId(delivery.to))
        if setting and setting.held.next and not setting.paused_at:
            tx.digests.save(after_post(setting, ends_at(delivery)))
        self._plan_next_digest(tx, delivery)

    def _plan_next_digest(self, tx: Transaction, delivery: Delivery) -> None:
        setting = tx.digests.get(ChannelId(delivery.to))
        if setting:
            self._digests.plan_next(tx, setting)


def is_last_try(delivery: Delivery) -> bool:
    """Return whether one more failure of its own ends the delivery."""
    return delivery.tries + 1 >= MAX_TRIES


def backoff(times: int) -> timedelta:
    """Return the delay after so many tries: doubling from two seconds to five minutes."""
    return min(timedelta(seconds=2 ** (min(times, 8) + 1)), timedelta(minutes=5))


def jitter(most: timedelta) -> timedelta:
    """Return a random extra delay, so that retries do not coincide."""
    return most * random.random()  # noqa: S311  spread, not a secret
