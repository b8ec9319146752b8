"""What time says: check-in, heads-up, last call, due now, overdue. Redrawn whenever the promise moves."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.acts import Act, State
from bot.domain.deciding import Entry
from bot.domain.promise import Promise, UserId, Word
from bot.domain.reminders import Kind
from bot.ports import Message
from bot.views.blocks import context, section
from bot.views.buttons import some_buttons
from bot.views.notices import notice_of
from bot.views.phrases import NOTE_SHOWN, change, fresh_word, headline, quote, standing, status, undone, why_line
from bot.views.words import due_of, name_of, named, opening, plain_due_of, quoted, when

#: A word given this near to the deadline answers the check-in: asking again would be nagging.
LATELY = timedelta(days=4)
ANSWERS = (Act.ACCEPT_PROPOSAL, Act.COUNTER, Act.REJECT_PROPOSAL)
_OFFERS: dict[Kind, tuple[Act, ...]] = {
    Kind.MIDWAY: (Act.ON_TRACK, Act.AT_RISK, Act.PROPOSE, Act.REPORT),
    Kind.CHECK_IN: (Act.ON_TRACK, Act.AT_RISK, Act.PROPOSE, Act.REPORT),
    Kind.ASK_AGAIN: (Act.ON_TRACK, Act.AT_RISK, Act.PROPOSE, Act.REPORT),
    Kind.HEADS_UP: (Act.PROPOSE, Act.RELEASE),
    Kind.NO_WORD: (Act.PROPOSE, Act.RELEASE),
    Kind.LAST_CALL: (Act.REPORT, Act.PROPOSE, Act.AT_RISK),
    Kind.DUE_NOW: (Act.REPORT, Act.PROPOSE),
    Kind.OVERDUE: (Act.REPORT, Act.PROPOSE, Act.REVOKE),
}
_TO_REQUESTER = frozenset({Kind.HEADS_UP, Kind.NO_WORD})
_AFTER = frozenset({Kind.DUE_NOW, Kind.OVERDUE})
_WORDS = {str(Act.ON_TRACK): "on track", str(Act.AT_RISK): "at risk"}
_WHY = {
    Kind.MIDWAY: "You get this once when a promise runs for many days",
    Kind.CHECK_IN: "You get this once before each deadline, while a date can still move",
    Kind.ASK_AGAIN: "I ask a second time, and not a third",
    Kind.HEADS_UP: "You get this once before something is due to you",
    Kind.NO_WORD: "You get this once when two questions found no answer",
    Kind.LAST_CALL: "A last word before the deadline",
    Kind.DUE_NOW: "The deadline is here",
    Kind.OVERDUE: "I ask this once, the morning after",
}


def nudge(kind: Kind, promise: Promise, viewer: UserId, now: datetime) -> Message:
    """One nudge as the promise stands now; what has been answered since is said, and its buttons are gone."""
    if promise.state is State.UNDONE:
        return undone(promise)
    subject = f"{name_of(promise)} {quoted(promise.terms.what)}"
    face = section(f"{headline(promise, viewer)}\n{quote(promise.terms.what)}")
    if not _is_timely(kind, promise, viewer, now):
        stands = f"{status(promise, viewer, now)} · due {due_of(promise)}"
        text = f"{subject}, due {plain_due_of(promise)}: {standing(promise, viewer, now)}."
        return Message(text, [face, context(stands), *why_line(promise, "")])
    text = f"{subject}: {_question(kind, promise, viewer, plain_due_of(promise))}"
    question = section(f"*{_question(kind, promise, viewer, due_of(promise))}*")
    spent = {Act.ON_TRACK, Act.AT_RISK} & {word.act for word in _recent(promise)}
    offers = [act for act in (*ANSWERS, *_OFFERS[kind]) if act not in spent]
    heard = [context(line) for line in _heard(promise, viewer)]
    buttons = some_buttons(offers, promise, viewer, now)
    return Message(text, [question, face, *heard, *buttons, *why_line(promise, _WHY[kind])])


def _is_timely(kind: Kind, promise: Promise, viewer: UserId, now: datetime) -> bool:
    """Whether the question still stands: the promise is open, theirs, and on the same side of its deadline."""
    asked = promise.requester_id if kind in _TO_REQUESTER else promise.owner_id
    is_over = promise.terms.due.at <= now
    return promise.state is State.ACTIVE and viewer == asked and is_over == (kind in _AFTER)


def notice(promise: Promise, history: Sequence[Entry], occasion: str, viewer: UserId, now: datetime) -> Message:
    """What an act means to the other side; `occasion` is "a<seq>", the act that caused it."""
    return notice_of(promise, history, occasion, viewer, now)


def _recent(promise: Promise) -> list[Word]:
    """The owner's last word, if it was given of these terms and near enough to the deadline to answer a check-in."""
    word = fresh_word(promise)
    return [word] if word and promise.terms.due.at - word.at <= LATELY else []


def _question(kind: Kind, promise: Promise, viewer: UserId, due: str) -> str:
    words = {word.act for word in _recent(promise)}
    match kind:
        case Kind.MIDWAY:
            return f"Half of the time is gone. Still on track for {due}?"
        case Kind.CHECK_IN | Kind.ASK_AGAIN if Act.ON_TRACK in words:
            return f"On track for {due}, you said. If that changes, tell me here."
        case Kind.CHECK_IN | Kind.ASK_AGAIN if Act.AT_RISK in words:
            return f"At risk for {due}, you said. Is there a date you could keep?"
        case Kind.CHECK_IN:
            return f"Still on track for {due}?"
        case Kind.ASK_AGAIN:
            return f"I have heard nothing yet. Still on track for {due}?"
        case Kind.NO_WORD if not words:
            owner = named(promise.owner_id, viewer)
            return f"No word yet from {owner} on this, due {due}. Ask them, or change what you need."
        case Kind.HEADS_UP | Kind.NO_WORD:
            return f"{opening(named(promise.owner_id, viewer))} owes you this by {due}. Do you still need it then?"
        case Kind.LAST_CALL:
            return f"Due {due}. If it will be later, now is the time to say so."
        case Kind.DUE_NOW:
            return "This is due now. Is it done?"
        case Kind.OVERDUE:
            return f"This was due {due}. Is it done, or which date is realistic?"
        case _:
            return f"Due {due}."


def _heard(promise: Promise, viewer: UserId) -> list[str]:
    """What was said meanwhile: the owner’s last word, and a proposal that waits."""
    lines = []
    word, proposal = fresh_word(promise), promise.proposal
    if word and word.act in _WORDS:
        note = f" – {quoted(word.note, NOTE_SHOWN)}" if word.note.strip() else ""
        lines.append(f"Last word, {when(word.at, promise.terms.due.zone)}: {_WORDS[word.act]}{note}")
    if proposal:
        by, to = opening(named(proposal.by, viewer)), named(proposal.to, viewer)
        changes = "; ".join(change(promise.terms, proposal, room=250))
        lines.append(f"{by} asked {to} to take it over" if proposal.heir else f"{by} proposed: {changes}")
    return lines
