"""Phrases about a promise's state that all views share."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import assert_never

from bot.domain.absences import coming
from bot.domain.acts import Act, State
from bot.domain.habits import Absence
from bot.domain.promise import Promise, Proposal, Terms, UserId, Word
from bot.domain.record import lateness
from bot.domain.working_time import MONDAY_TO_FRIDAY, WorkingHours
from bot.ports import Message
from bot.views.blocks import Block, context
from bot.views.words import city_of, clean, late, name_of, named, one_line, opening, person, quoted, when

#: `Entry.rating` as text; the values are the form's choices.
RATINGS = {"met": "just what was needed", "exceeded": "more than expected", "not_needed": "not what was needed"}
WHAT_SHOWN, NOTE_SHOWN, LINES_SHOWN, SHRUNK_SHOWN = 2400, 1200, 8, 200


def headline(promise: Promise, viewer: UserId | None) -> str:
    """Return who owes whom: “#12 · You promised @Bob”."""
    owner, requester = named(promise.owner_id, viewer), named(promise.requester_id, viewer)
    if promise.is_own:
        words = f"{opening(owner)} promised"
    elif promise.state in (State.REQUESTED, State.DECLINED, State.WITHDRAWN):
        words = f"{opening(requester)} asked {owner}"
    else:
        words = f"{opening(owner)} promised {requester}"
    return f"*{name_of(promise)}* · {words}"


def status(promise: Promise, viewer: UserId | None, now: datetime) -> str:
    """Return the state, after one small sign."""
    match promise.state:
        case State.REQUESTED if promise.proposal:
            return "⇄ Change proposed"
        case State.REQUESTED:
            return f"◇ Waiting for {_possessive(promise.owner_id, viewer)} answer"
        case State.ACTIVE:
            return _active(promise, now)
        case State.REPORTED:
            asks = "is it what you needed?" if promise.requester_id == viewer else ""
            return f"◐ Delivered – {asks or f'waiting for {person(promise.requester_id)} to confirm'}"
        case State.KEPT | State.DECLINED | State.WITHDRAWN | State.REVOKED | State.RELEASED | State.UNDONE:
            return outcome(promise, now)
        case _:
            assert_never(promise.state)


def standing(promise: Promise, viewer: UserId | None, now: datetime) -> str:
    """Return the state in words only, for notifications and screen readers."""
    return status(promise, viewer, now).split(" ", 1)[1]


def outcome(promise: Promise, now: datetime) -> str:
    """Return how a closed promise ended."""
    match promise.state:
        case State.KEPT:
            return f"✓ Kept{how_kept(promise, now)}"
        case State.DECLINED:
            return "– Declined"
        case State.WITHDRAWN:
            return "– Taken back"
        case State.REVOKED:
            return "– Cancelled"
        case State.RELEASED:
            return "– No longer needed"
        case State.UNDONE:
            return "– Undone"
        case State.REQUESTED | State.ACTIVE | State.REPORTED:
            return ""
        case _:
            assert_never(promise.state)


def how_kept(promise: Promise, now: datetime) -> str:
    """Return “in time” or how late, and the requester's rating; to follow the word “kept”."""
    by = lateness(promise, now)
    if promise.repaired_at:
        how = f", missed first and {late(by)} after that" if by else ", missed first, then repaired"
    elif by:
        how = f", {late(by)}"
    else:
        how = " in time, at the date agreed early" if promise.raised_early else " in time"
    rating = RATINGS.get(promise.rating)
    return f"{how} – {rating}" if rating else how


def _active(promise: Promise, now: datetime) -> str:
    due_at = promise.terms.due.at
    if due_at <= now:
        return "△ Late, still open"
    word = fresh_word(promise)
    if word and word.act == Act.AT_RISK:
        return "△ At risk"
    if promise.proposal:
        return "⇄ Change proposed"
    return "○ On track" if word and word.act == Act.ON_TRACK else "○ Open"


#: Reports that only agree to the terms.
_AGREEMENTS = frozenset({Act.ACCEPT_REQUEST, Act.ACCEPT_PROPOSAL})


def fresh_word(promise: Promise) -> Word | None:
    """Return the owner's last report, unless it was on terms that no longer apply."""
    word = promise.last_word
    if word is None or word.act in _AGREEMENTS:
        return None
    return None if promise.renegotiated_at and word.at <= promise.renegotiated_at else word


def _possessive(user_id: UserId, viewer: UserId | None) -> str:
    return "your" if user_id == viewer else f"{person(user_id)}’s"


def change(before: Terms, proposal: Proposal, room: int = 700) -> list[str]:
    """Return what a proposal would change, a phrase each, old → new; `room` is the longest quotation."""
    lines = []
    if proposal.due:
        old, new = before.due, proposal.due
        lines.append(f"due {when(old.at, old.zone)} → {when(new.at, new.zone)}")
    if proposal.what:
        lines.append(f"{quoted(before.what, room)} → {quoted(proposal.what, room)}")
    if proposal.done_when is not None:
        words = proposal.done_when.strip()
        lines.append(f"done when {quoted(words, room // 2)}" if words else "no “done when” any more")
    if proposal.rest:
        rest = proposal.rest
        lines.append(f"and later {quoted(rest.what, room)} by {when(rest.due.at, rest.due.zone)}")
    return lines


def quote(text: str, limit: int = WHAT_SHOWN) -> str:
    """Return typed text as a block quotation; its first lines stay lines."""
    given = [line for line in clean(text).splitlines() if line.strip()]
    lines, room = [], limit - 2 * LINES_SHOWN
    for line in given[:LINES_SHOWN]:
        lines.append(f">{one_line(line, room)}" if room > 0 else ">…")
        room -= len(lines[-1])
    more = [">…"] if len(given) > LINES_SHOWN or not given else []
    return "\n".join([*lines, *more])


def days_shown(first: date, last: date) -> str:
    """
    >>> days_shown(date(2026, 12, 24), date(2027, 1, 2)), days_shown(date(2026, 12, 25), date(2026, 12, 25))
    ('Thu 24 Dec – Sat 2 Jan 2027', 'Fri 25 Dec')
    """
    begins = f"{first:%a} {first.day} {first:%b}"
    if first == last:
        return begins
    year = f" {last.year}" if last.year != first.year else ""
    return f"{begins} – {last:%a} {last.day} {last:%b}{year}"


def away_line(absences: Iterable[Absence], today: date) -> str:
    """Return the current and future days off, for their owner; empty when there are none.

    >>> away_line([Absence(date(2026, 12, 24), date(2026, 12, 24))], date(2026, 11, 25))
    'You are away Thu 24 Dec.'
    """
    days = ", ".join(days_shown(each.first_on, each.last_on) for each in coming(tuple(absences), today))
    return f"You are away {days}." if days else ""


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def hours_line(hours: WorkingHours) -> str:
    """Return the hours in which Kept sends a person messages.

    >>> hours_line(WorkingHours("Europe/Berlin"))
    'You work Mon–Fri from 09:00 to 18:00, Berlin time.'
    """
    days = "Mon–Fri" if hours.days == MONDAY_TO_FRIDAY else ", ".join(_DAYS[day] for day in sorted(hours.days))
    return f"You work {days} from {hours.start:%H:%M} to {hours.end:%H:%M}, {one_line(city_of(hours.zone), 60)} time."


def undone(promise: Promise) -> Message:
    """Return the line that is left of an undone promise."""
    sentence = f"{name_of(promise)} was undone."
    return Message(sentence, [context(sentence)])


def shrunk(promise: Promise, viewer: UserId | None, now: datetime) -> Message:
    """Return a message reduced to one line with the promise's state, without buttons."""
    if promise.state is State.UNDONE:
        return undone(promise)
    what, due = one_line(promise.terms.what, SHRUNK_SHOWN), promise.terms.due
    subject = f"{name_of(promise)} {quoted(promise.terms.what)}, due {when(due.at, due.zone)}"
    state = standing(promise, viewer, now)
    text = f"{subject}: {state}" if state.endswith("?") else f"{subject}: {state}."
    link = permalink(promise)
    line = f"*{name_of(promise)}* {what} · due {when(due.at, due.zone)} · {status(promise, viewer, now)}"
    return Message(text, [context(f"{line} · {link}" if link else line)])


def why_line(promise: Promise, why: str) -> list[Block]:
    """Return one small line: the reason for the message, and where the promise was made."""
    parts = [part for part in (why, permalink(promise)) if part]
    return [context(" · ".join(parts))] if parts else []


def permalink(promise: Promise) -> str:
    """Return a link to where the promise was made; only Slack's own addresses are linked."""
    address = promise.origin.permalink
    is_plain = address.startswith("https://") and not set(address) & set("<>|\n ")
    return f"<{address}|where it began>" if is_plain else ""
