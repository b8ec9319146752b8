"""After a restore: search Slack for messages that were sent after the backup, before sending them again.

Their rows are lost, but the agenda decides the same from the same facts, under the same ids (`decided_id`), which the
messages carry.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from bot.domain.acts import Act
from bot.domain.agenda import Entry, Facts
from bot.domain.kinds import Kind, Planned, Way
from bot.domain.promise import Promise, TeamId
from bot.ports import Delivery, DeliveryId, Restored, Transaction

#: So long after a restore messages are looked for first: a long weekend, for those who are away meanwhile.
RECALLED_FOR = timedelta(days=3)
#: Messages that follow a click: their rows are in the backup, or they cannot have been sent.
_AFTER_A_CLICK = frozenset({Kind.RECEIPT, Kind.CARD})


def decided_id(facts: Facts, entry: Entry) -> DeliveryId | None:
    """Return the id of an entry that an agenda decided from these facts; None for one that is about no promise.

    The same decision has the same id, also on a database that was put back; another deadline makes it another.
    """
    promise = next((case.promise for case in facts.cases if case.promise.id == entry.promise_id), None)
    if promise is None:
        return None
    return _id_of(promise.id, promise.terms.due.at.isoformat(), entry.kind, facts.person, entry.occasion)


def brief_id(facts: Facts, day: str) -> DeliveryId:
    """Return the id of a person's morning brief of one day."""
    return _id_of(Kind.BRIEF, facts.person, day)


def clock_ids(promise: Promise, act: Act, messages: Iterable[Planned]) -> Callable[[], DeliveryId]:
    """Return what gives the ids of the messages about an act of the clock, one after the other."""
    due_at = promise.terms.due.at.isoformat()
    ids = iter([_id_of(promise.id, due_at, act, each.kind, each.to, each.occasion) for each in messages])
    return lambda: next(ids)


def _id_of(*parts: object) -> DeliveryId:
    return DeliveryId(hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:32])


def is_in_doubt(delivery: Delivery, restored: Mapping[TeamId, Restored]) -> bool:
    """Return whether the process that ran before the restore may have sent it."""
    restore = restored.get(delivery.team_id)
    if restore is None or delivery.kind is Kind.REFRESH:
        return False
    latest = restore.at if delivery.kind in _AFTER_A_CLICK else restore.at + RECALLED_FOR
    return (delivery.planned_at or delivery.due_at) <= latest


def rows_to_recall(tx: Transaction, delivery: Delivery) -> tuple[Delivery, ...]:
    """Return the rows whose ids identify a sent message: its own, and those of its entries."""
    if delivery.kind.rule.way is not Way.GATHERED:
        return (delivery,)
    own = (delivery,) if delivery.kind is Kind.BRIEF else ()
    return own + tx.agendas.included_in(delivery.id)


def posted_at(ts: str, restore: Restored) -> datetime:
    """Return when Slack took a message that the lost record held."""
    return max(datetime.fromtimestamp(float(ts), restore.since.tzinfo), restore.since)
