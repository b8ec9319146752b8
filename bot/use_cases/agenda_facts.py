"""Read what people's agendas depend on: a few statements for several people of one workspace."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.agenda import (
    SPACING,
    ActRecord,
    Case,
    Facts,
    MessageRecord,
    Untold,
    day_began_at,
    is_answered,
    voids_offer,
)
from bot.domain.habits import Habits
from bot.domain.kinds import Kind
from bot.domain.occasions import OfAct
from bot.domain.promise import Promise, PromiseId, UserId
from bot.ports import Delivery, RecentMessages, Transaction
from bot.use_cases.people import habits_of

#: Upper bound of a person's open promises.
MAX_PROMISES = 10_000


@dataclass(frozen=True, slots=True)
class Seen:
    """The facts of one person as read, and the version (`seq`) of their agenda at that moment."""

    facts: Facts
    seq: int


@dataclass(frozen=True, slots=True)
class _Read:
    """The facts that were read about the promises of several people, by promise: both sides of one share its case."""

    acts: Mapping[PromiseId, Sequence[ActRecord]]
    cases: Mapping[PromiseId, Case]


def read_facts(tx: Transaction, person: UserId, now: datetime) -> Seen:
    """Read everything that one person's agenda depends on."""
    return read_all(tx, [person], now)[0]


def read_all(tx: Transaction, people: Collection[UserId], now: datetime) -> list[Seen]:
    """Read everything that the agendas of several people depend on."""
    looks = tx.agendas.look(people)
    found = _facts_about(tx, tx.promises.concerning_each(people, MAX_PROMISES), now)
    return [
        Seen(replace(facts, woken_at=looks[each].wakes_at), looks[each].seq)
        for each, facts in zip(people, found, strict=True)
    ]


def read_about(tx: Transaction, person: UserId, promise: Promise, now: datetime) -> Facts:
    """Read what the nudges about one open promise to one of its sides depend on: no nudge depends on other promises."""
    return _facts_about(tx, {person: [promise]}, now, promise.id)[0]


def _facts_about(
    tx: Transaction, promises: Mapping[UserId, Sequence[Promise]], now: datetime, only: PromiseId | None = None
) -> list[Facts]:
    """Read the facts about people's open promises; with `only`, nothing that waits about any other promise."""
    tx.people.prefetch(promises)
    recent = tx.agendas.recent_messages({each: _since(habits_of(tx, each), now) for each in promises})
    if only:
        recent = {each: replace(its, untold=_about(its.untold, only)) for each, its in recent.items()}
    waiting = {row.promise_id for each in recent.values() for row in each.untold if row.promise_id}
    known = {each.id: each for theirs in promises.values() for each in theirs}
    known |= tx.promises.those(waiting - known.keys())
    tx.people.prefetch({side for each in known.values() for side in (each.owner_id, each.requester_id)})
    about = known.keys() | waiting
    messages, acted = tx.agendas.messages_about(about), tx.agendas.acted(about)
    cases = {each: _case(tx, promise, messages.get(each, ()), acted.get(each)) for each, promise in known.items()}
    notices = [row for each in recent.values() for row in each.untold if row.kind is Kind.NOTICE]
    read = _Read(tx.agendas.acts_of(notices) if notices else {}, cases)
    return [_facts(tx, each, theirs, recent[each], read, now) for each, theirs in promises.items()]


def _about(rows: Sequence[Delivery], promise_id: PromiseId) -> tuple[Delivery, ...]:
    return tuple(row for row in rows if row.promise_id == promise_id)


def _since(habits: Habits, now: datetime) -> tuple[datetime, datetime]:
    today = day_began_at(habits, now)
    return today, min(today, now - SPACING)


def _facts(
    tx: Transaction,
    person: UserId,
    open_ones: Sequence[Promise],
    recent: RecentMessages,
    read: _Read,
    now: datetime,
) -> Facts:
    known, habits = tx.people.get(person), habits_of(tx, person)
    mine = dict.fromkeys(each.id for each in open_ones)
    mine |= {row.promise_id: None for row in recent.untold if row.promise_id and row.promise_id in read.cases}
    return Facts(
        person,
        habits,
        tuple(read.cases[each] for each in mine),
        tuple(_untold(row, read.acts, person) for row in recent.untold),
        recent.today,
        recent.last_at,
        recent.on_its_way_at,
        is_gone=known is not None and known.is_gone,
        was_briefed=habits.has_brief and tx.agendas.was_briefed(person, local_day_of(habits, now)),
    )


def _case(tx: Transaction, promise: Promise, messages: tuple[MessageRecord, ...], acted_at: datetime | None) -> Case:
    owner = tx.people.get(promise.owner_id)
    return Case(
        promise,
        habits_of(tx, promise.owner_id),
        habits_of(tx, promise.requester_id),
        messages,
        acted_at,
        owner is not None and owner.is_gone,
    )


def _untold(row: Delivery, acts: Mapping[PromiseId, Sequence[ActRecord]], reader: UserId) -> Untold:
    seq = OfAct.read(row.occasion).seq if row.kind is Kind.NOTICE else 0
    about = acts.get(row.promise_id, ()) if row.promise_id and seq else ()
    found = next((each for each in about if each.seq == seq), None)
    if found is None:
        return Untold(row.id, row.kind, row.occasion, row.due_at, row.promise_id)
    answered = is_answered(found.act, (each for each in about if each.seq > seq), reader)
    voids = voids_offer(found, about)
    return Untold(row.id, row.kind, row.occasion, row.due_at, row.promise_id, found.act, answered, voids)


def local_day_of(habits: Habits, now: datetime) -> str:
    """Return a person's local date, as the occasion of a morning brief."""
    return habits.hours.local(now).date().isoformat()
