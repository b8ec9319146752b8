"""What one person is told at once: what falls together, news that waited for company, and what an outage held up.

Each message passes here on its way out. It goes alone, joins a message that is still to be said, begins one, or waits.
What is told elsewhere is ended in the transaction that says where, so that a crash neither loses nor doubles it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.acts import State
from bot.domain.bundles import TOGETHER, Owed, Saying, is_news, saying, today_began_at
from bot.domain.deciding import Entry
from bot.domain.following_up import is_unanswered
from bot.domain.people import is_person
from bot.domain.promise import Promise, PromiseId, UserId
from bot.domain.reminders import (
    GATHERED,
    ON_DEMAND,
    WHILE_SILENT,
    Kind,
    Planned,
    asked_for_at,
    still_wanted,
)
from bot.ports import Delivery, DeliveryId, Told, Transaction
from bot.use_cases.clashing import clash_beside
from bot.use_cases.planning import habits_of

#: A nudge later than this was held up, and goes together with others that were.
LATE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Course:
    """What becomes of a message: `rows` are held, or told in the message they join or begin; without, it goes alone."""

    rows: tuple[Delivery, ...] = ()
    joins: Delivery | None = None
    begins: Planned | None = None
    held_until: datetime | None = None


ALONE = Course()


def may_be_told(row: Delivery) -> bool:
    """Whether another message may say it; what may stand in Slack already goes its own way."""
    is_one = row.kind.is_nudge or row.kind is Kind.NOTICE
    return is_one and not row.was_unknown and is_person(row.to)


def course_of(
    tx: Transaction, delivery: Delivery, behind: Sequence[Delivery], now: datetime, *, for_change: bool = False
) -> Course:
    """`behind` are deliveries to the same person that this process has claimed and not begun."""
    person = UserId(delivery.to)
    mine = {row.id: row for row in behind if row.kind in GATHERED}
    found = tx.bundles.waiting(person, list(mine), for_change=for_change)
    messages = [each for each in found if each.id not in mine or each.attempt == mine[each.id].attempt]
    in_hand = [delivery, *filter(may_be_told, behind)]
    wanted = _waiting_for(tx, person, in_hand, now)
    late = _catch_up(tx, delivery, [told for told in wanted if is_held_up(told.row, now)], messages, now)
    return late or _together(tx, delivery, in_hand, wanted, messages, now)


def gather(
    tx: Transaction, delivery: Delivery, behind: Sequence[Delivery], new_id: Callable[[], str], now: datetime
) -> frozenset[DeliveryId]:
    """Takes the delivery's course; returns what was left to another message or to a later hour."""
    course = course_of(tx, delivery, behind, now, for_change=True)
    if course.held_until:
        until = course.held_until
        return frozenset(row.id for row in course.rows if tx.bundles.hold(row, until))
    message_id = course.joins.id if course.joins else DeliveryId(new_id())
    if course.begins:
        tx.deliveries.owe(None, [course.begins], lambda: message_id)
    return frozenset(row.id for row in course.rows if tx.bundles.tell(row, message_id, now))


def take_along(tx: Transaction, message: Delivery, behind: Sequence[Delivery], now: datetime) -> frozenset[DeliveryId]:
    """Lets a message that goes anyway tell what is due to its reader; returns what it tells."""
    person = UserId(message.to)
    wanted = _waiting_for(tx, person, list(filter(may_be_told, behind)), now)
    decided, owed = _saying(tx, person, wanted, now)
    rows = [owed[one] for one in (decided.said or decided.held)]
    return frozenset(row.id for row in rows if tx.bundles.tell(row, message.id, now))


def told_in(tx: Transaction, message: Delivery) -> list[Told]:
    """All that a gathered message tells, settled or not: what a redrawing shows."""
    return _read(tx, tx.bundles.told_in(message.id))


def still_told_in(tx: Transaction, message: Delivery, now: datetime) -> list[Told]:
    """What a gathered message has to tell by now; what was settled meanwhile is left out of it for good."""
    all_told = told_in(tx, message)
    wanted = [told for told in all_told if is_wanted(tx, told, now)]
    for told in all_told:
        if told not in wanted:
            tx.bundles.leave_out(told.row)
    return wanted


def is_wanted(tx: Transaction, told: Told, now: datetime) -> bool:
    """Whether it is still worth saying: the promise is as it was, and nobody has answered what it asks."""
    row = told.row
    if told.promise.state is State.UNDONE or not still_wanted(row.kind, row.occasion, told.promise, now):
        return False
    return row.kind not in WHILE_SILENT or is_unanswered(told.promise, told.history, _asked_at(tx, row))


def is_held_up(delivery: Delivery, now: datetime) -> bool:
    """Whether a nudge is so late that it may belong into a catch-up; one that may have arrived goes its own way."""
    planned_at = delivery.planned_at or delivery.due_at
    return delivery.kind.is_nudge and not delivery.was_unknown and now - planned_at > LATE


def _asked_at(tx: Transaction, row: Delivery) -> datetime | None:
    if row.kind in ON_DEMAND:
        return asked_for_at(row.occasion)
    return tx.bundles.asked_at(row.promise_id, row.occasion) if row.promise_id else None


def _catch_up(
    tx: Transaction, delivery: Delivery, late: Sequence[Told], messages: Sequence[Delivery], now: datetime
) -> Course | None:
    """Several that were held up go in one message, in the person's hours, or at once when one is due before these."""
    if not is_held_up(delivery, now):
        return None
    rows = tuple(told.row for told in late)
    waiting = next((each for each in messages if each.kind is Kind.CATCH_UP), None)
    if waiting:
        return Course(rows, joins=waiting)
    if len(late) < 2:
        return None
    person = UserId(delivery.to)
    opening = habits_of(tx, person).next_moment(now)
    is_urgent = any(now < told.promise.terms.due.at <= opening for told in late)
    return Course(rows, begins=_message(Kind.CATCH_UP, delivery, now if is_urgent else opening, now))


def _together(
    tx: Transaction,
    delivery: Delivery,
    in_hand: Sequence[Delivery],
    wanted: Sequence[Told],
    messages: Sequence[Delivery],
    now: datetime,
) -> Course:
    decided, owed = _saying(tx, UserId(delivery.to), wanted, now)
    rows = tuple(owed[one] for one in (decided.said or decided.held))
    leaving = next((each for each in messages if each.due_at <= now), None)
    if leaving and rows:
        return Course(rows, joins=leaving)  # it goes anyway
    if decided.held:
        ours = {row.id for row in in_hand}
        return Course(tuple(row for row in rows if row.id in ours), held_until=decided.held_until)
    return Course(rows, begins=_message(Kind.BUNDLE, delivery, now, now)) if len(rows) > 1 else ALONE


def _waiting_for(tx: Transaction, person: UserId, in_hand: Sequence[Delivery], now: datetime) -> list[Told]:
    """What waits for somebody and is still worth saying: in the books, and in this process's hand."""
    owed = [row for row in tx.bundles.owed(person, now + TOGETHER) if may_be_told(row)]
    rows = {row.id: row for row in (*owed, *in_hand)}.values()
    return [told for told in _read(tx, rows) if is_wanted(tx, told, now) and not _raises_a_day_off(tx, told, now)]


def _raises_a_day_off(tx: Transaction, told: Told, now: datetime) -> bool:
    """What tells of a deadline on a day off needs room for the days to propose, so it goes alone."""
    return clash_beside(tx, told.row, told.promise, told.history, now) is not None


def _saying(
    tx: Transaction, person: UserId, wanted: Sequence[Told], now: datetime
) -> tuple[Saying, dict[Owed, Delivery]]:
    habits = habits_of(tx, person)
    said_today = tx.bundles.said_since(person, today_began_at(habits, now))
    owed = {_owed(told): told.row for told in wanted}
    return saying(tuple(owed), habits, said_today, now), owed


def _message(kind: Kind, first: Delivery, at: datetime, now: datetime) -> Planned:
    return Planned(kind, first.to, at, f"{now.isoformat()} {first.id}")


def _owed(told: Told) -> Owed:
    row = told.row
    act = _act_of(told.history, row.occasion) if row.kind is Kind.NOTICE else None
    planned = Planned(row.kind, row.to, row.planned_at or row.due_at, row.occasion)
    return Owed(told.promise, planned, act is not None and is_news(row.kind, act.act))


def _act_of(history: Sequence[Entry], occasion: str) -> Entry | None:
    seq = int(occasion.removeprefix("a"))
    return history[seq - 1] if seq <= len(history) else None


def _read(tx: Transaction, rows: Iterable[Delivery]) -> list[Told]:
    """Each with its promise, and the history where it matters; what has lost its promise is left out."""
    rows, promises, histories = list(rows), dict[PromiseId, Promise | None](), dict[PromiseId, tuple[Entry, ...]]()
    told = []
    for row in rows:
        if row.promise_id is None:
            continue
        if row.promise_id not in promises:
            promises[row.promise_id] = tx.promises.get(row.promise_id)
        promise = promises[row.promise_id]
        if (row.kind is Kind.NOTICE or row.kind in WHILE_SILENT) and row.promise_id not in histories:
            histories[row.promise_id] = tx.promises.history(row.promise_id)
        if promise:
            told.append(Told(row, promise, histories.get(row.promise_id, ())))
    return told
