"""Phrases about a promise's state that all views share."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import assert_never

from bot.domain.absences import coming
from bot.domain.acts import Act, State
from bot.domain.drafts import Draft
from bot.domain.habits import Absence
from bot.domain.promise import Promise, Proposal, Terms, UserId, Word
from bot.domain.record import lateness
from bot.domain.working_time import MONDAY_TO_FRIDAY, WorkingHours
from bot.language import N_, _, day_text, weekday_name
from bot.ports import Message
from bot.views.blocks import Block, context, section
from bot.views.weight import facts
from bot.views.words import city_of, clean, due_of, late, name_of, named, one_line, opening, person, quoted, when

#: `Entry.rating` as text; the values are the form's choices.
RATINGS = {
    "met": N_("just what was needed"),
    "exceeded": N_("more than expected"),
    "not_needed": N_("not what was needed"),
}
WHAT_SHOWN, NOTE_SHOWN, LINES_SHOWN, SHRUNK_SHOWN = 2400, 1200, 8, 200


def headline(promise: Promise, viewer: UserId | None) -> str:
    """Return who owes whom: “#12 · You promised @Bob”."""
    owner, requester = named(promise.owner_id, viewer), named(promise.requester_id, viewer)
    if promise.is_own:
        words = _("{owner} promised")
    elif promise.state in (State.REQUESTED, State.DECLINED, State.WITHDRAWN):
        words = _("{requester} asked {owner}")
    else:
        words = _("{owner} promised {requester}")
    return f"*{name_of(promise)}* · {opening(words.format(owner=owner, requester=requester))}"


def status(promise: Promise, viewer: UserId | None, now: datetime) -> str:
    """Return the state, after one small sign."""
    match promise.state:
        case State.REQUESTED if promise.proposal:
            return _("⇄ Change proposed")
        case State.REQUESTED:
            waits = (
                _("◇ Waiting for your answer") if promise.owner_id == viewer else _("◇ Waiting for {owner}’s answer")
            )
            return waits.format(owner=person(promise.owner_id))
        case State.ACTIVE:
            return _active(promise, now)
        case State.REPORTED:
            if promise.requester_id == viewer:
                return _("◐ Delivered – is it what you needed?")
            return _("◐ Delivered – waiting for {requester} to confirm").format(requester=person(promise.requester_id))
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
            return _("✓ Kept{how}").format(how=how_kept(promise, now))
        case State.DECLINED:
            return _("– Declined")
        case State.WITHDRAWN:
            return _("– Taken back")
        case State.REVOKED:
            return _("– Cancelled")
        case State.RELEASED:
            return _("– No longer needed")
        case State.UNDONE:
            return _("– Undone")
        case State.REQUESTED | State.ACTIVE | State.REPORTED:
            return ""
        case _:
            assert_never(promise.state)


def how_kept(promise: Promise, now: datetime) -> str:
    """Return “in time” or how late, and the requester's rating; to follow the word “kept”."""
    by = lateness(promise, now)
    if promise.repaired_at:
        how = (
            _(", missed first and {late} after that").format(late=late(by))
            if by
            else _(", missed first, then repaired")
        )
    elif by:
        how = _(", {late}").format(late=late(by))
    else:
        how = _(" in time, at the date agreed early") if promise.raised_early else _(" in time")
    rating = RATINGS.get(promise.rating)
    return f"{how} – {_(rating)}" if rating else how


def _active(promise: Promise, now: datetime) -> str:
    due_at = promise.terms.due.at
    if due_at <= now:
        return _("△ Late, still open")
    word = fresh_word(promise)
    if word and word.act == Act.AT_RISK:
        return _("△ At risk")
    if promise.proposal:
        return _("⇄ Change proposed")
    return _("○ On track") if word and word.act == Act.ON_TRACK else _("○ Open")


#: Reports that only agree to the terms.
_AGREEMENTS = frozenset({Act.ACCEPT_REQUEST, Act.ACCEPT_PROPOSAL})


def fresh_word(promise: Promise) -> Word | None:
    """Return the owner's last report, unless it was on terms that no longer apply."""
    word = promise.last_word
    if word is None or word.act in _AGREEMENTS:
        return None
    return None if promise.renegotiated_at and word.at <= promise.renegotiated_at else word


def reason_lines(proposal: Proposal) -> list[str]:
    """Return the reason that was given for an open offer, if one was."""
    return [_("Why: {words}").format(words=quoted(proposal.reason, NOTE_SHOWN))] if proposal.reason.strip() else []


def change(before: Terms, proposal: Proposal, room: int = 700) -> list[str]:
    """Return what a proposal would change, a phrase each, old → new; `room` is the longest quotation."""
    lines = []
    if proposal.due:
        old, new = before.due, proposal.due
        lines.append(_("due {old} → {new}").format(old=when(old.at, old.zone), new=when(new.at, new.zone)))
    if proposal.what:
        lines.append(f"{quoted(before.what, room)} → {quoted(proposal.what, room)}")
    if proposal.done_when is not None:
        words = proposal.done_when.strip()
        lines.append(
            _("done when {words}").format(words=quoted(words, room // 2)) if words else _("no “done when” any more")
        )
    if proposal.rest:
        rest = proposal.rest
        lines.append(
            _("and later {words} by {when}").format(
                words=quoted(rest.what, room), when=when(rest.due.at, rest.due.zone)
            )
        )
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
    begins = day_text(first)
    return begins if first == last else f"{begins} – {day_text(last, year=last.year != first.year)}"


def away_line(absences: Iterable[Absence], today: date) -> str:
    """Return the current and future days off, for their owner; empty when there are none.

    >>> away_line([Absence(date(2026, 12, 24), date(2026, 12, 24))], date(2026, 11, 25))
    'You are away Thu 24 Dec.'
    """
    days = ", ".join(days_shown(each.first_on, each.last_on) for each in coming(tuple(absences), today))
    return _("You are away {days}.").format(days=days) if days else ""


def hours_line(hours: WorkingHours) -> str:
    """Return the hours in which Kept sends a person messages.

    >>> hours_line(WorkingHours("Europe/Berlin"))
    'You work Mon–Fri from 09:00 to 18:00, Berlin time.'
    """
    days = _("Mon–Fri") if hours.days == MONDAY_TO_FRIDAY else ", ".join(map(weekday_name, sorted(hours.days)))
    return _("You work {days} from {start:%H:%M} to {end:%H:%M}, {city} time.").format(
        days=days, start=hours.start, end=hours.end, city=one_line(city_of(hours.zone), 60)
    )


def subject(promise: Promise) -> Block:
    """Return the first block of a form about a promise."""
    line = _("*{number}*, due {due}").format(number=name_of(promise), due=due_of(promise))
    return section(f"{line}\n{quote(promise.terms.what)}")


def row_text(promise: Promise, viewer: UserId, now: datetime, what_shown: int) -> str:
    """Return a promise as a row of a list: who owes whom what, then when it is due and how it stands."""
    line = facts(_("Due {due}").format(due=due_of(promise)), status(promise, viewer, now), weight=promise.weight)
    return f"{headline(promise, viewer)}: {one_line(promise.terms.what, what_shown)}\n{line}"


def other_side_line(draft: Draft) -> list[Block]:
    """Return a line on the other side of a draft; none if it names no one."""
    if draft.asks:
        return [context(_("Asked of {owner}:").format(owner=person(draft.owner_id)))] if draft.owner_id else []
    other = draft.requester_id
    return [context(_("Promised to {requester}:").format(requester=person(other)))] if other else []


def undone(promise: Promise) -> Message:
    """Return the line that is left of an undone promise."""
    sentence = _("{number} was undone.").format(number=name_of(promise))
    return Message(sentence, [context(sentence)])


def shrunk(promise: Promise, viewer: UserId | None, now: datetime) -> Message:
    """Return a message reduced to one line with the promise's state, without buttons."""
    if promise.state is State.UNDONE:
        return undone(promise)
    what, due = one_line(promise.terms.what, SHRUNK_SHOWN), promise.terms.due
    subject = _("{number} {words}, due {when}").format(
        number=name_of(promise), words=quoted(promise.terms.what), when=when(due.at, due.zone)
    )
    state = standing(promise, viewer, now)
    text = f"{subject}: {state}" if state.endswith("?") else f"{subject}: {state}."
    link = permalink(promise)
    line = _("*{number}* {what} · due {when} · {status}").format(
        number=name_of(promise), what=what, when=when(due.at, due.zone), status=status(promise, viewer, now)
    )
    return Message(text, [context(f"{line} · {link}" if link else line)])


def why_line(promise: Promise, why: str) -> list[Block]:
    """Return one small line: the reason for the message, and where the promise was made."""
    parts = [part for part in (why, permalink(promise)) if part]
    return [context(" · ".join(parts))] if parts else []


def permalink(promise: Promise) -> str:
    """Return a link to where the promise was made; only Slack's own addresses are linked."""
    address = promise.origin.permalink
    is_plain = address.startswith("https://") and not set(address) & set("<>|\n ")
    return _("<{address}|where it began>").format(address=address) if is_plain else ""
