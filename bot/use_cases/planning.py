"""The nudges that a promise owes by the calendars and the choices of its two sides."""

from datetime import datetime

from bot.domain.acts import Act
from bot.domain.deciding import Entry
from bot.domain.habits import Habits
from bot.domain.promise import Promise, UserId
from bot.domain.reminders import Kind, Planned, asked_for_at, notices, plan
from bot.ports import Transaction


def nudges_of(tx: Transaction, promise: Promise, now: datetime) -> tuple[Planned, ...]:
    """Every nudge that the promise still owes, as our own books know its two sides."""
    sides = habits_of(tx, promise.owner_id), habits_of(tx, promise.requester_id)
    return plan(promise, *sides, now, promise.lead_days)


def notices_of(tx: Transaction, before: Promise, after: Promise, entry: Entry) -> tuple[Planned, ...]:
    """Whom an act is told to; a requester who had the owner asked hears that it is on track, too."""
    told = notices(before, after, entry.act, entry.by, entry.at)
    if entry.act is not Act.ON_TRACK:
        return told
    asked = tx.bundles.latest(after.id, Kind.ASKED, after.owner_id)
    is_answer = asked and (before.last_word is None or before.last_word.at < asked_for_at(asked.occasion))
    return (*told, Planned(Kind.NOTICE, after.requester_id, entry.at, f"a{after.seq}")) if is_answer else told


def habits_of(tx: Transaction, user_id: UserId) -> Habits:
    """Somebody's time and choices; the defaults until they have been met."""
    person = tx.people.get(user_id)
    return person.habits if person else Habits()
