"""What the other side hears: who did what, what it changes and why, and the one tap that answers it."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.acts import Act, State
from bot.domain.deciding import Entry
from bot.domain.promise import Promise, UserId
from bot.ports import Message
from bot.views.blocks import Block, context, section
from bot.views.buttons import some_buttons
from bot.views.phrases import NOTE_SHOWN, headline, quote, status, undone, why_line
from bot.views.story import Step, sentence, step_of
from bot.views.words import due_of, name_of, person, plain_when, quoted, said, when

_CHANGE = (Act.ACCEPT_PROPOSAL, Act.COUNTER, Act.REJECT_PROPOSAL)
#: What answers each act; the domain says which of them this person may still do.
_ANSWERS: dict[Act, tuple[Act, ...]] = {
    Act.PROMISE: (Act.PROPOSE, Act.RELEASE),
    Act.REQUEST: (Act.ACCEPT_REQUEST, Act.PROPOSE, Act.DECLINE),
    Act.AT_RISK: (Act.PROPOSE, Act.RELEASE),
    Act.PROPOSE: _CHANGE,
    Act.COUNTER: _CHANGE,
    Act.HAND_OVER: _CHANGE,
    Act.REJECT_PROPOSAL: (Act.AT_RISK, Act.PROPOSE),
    Act.EXPIRE: (Act.PROPOSE,),
    Act.REPORT: (Act.ACCEPT_DELIVERY, Act.REOPEN),
    Act.REOPEN: (Act.REPORT, Act.PROPOSE),
    Act.MISS: (Act.REPORT, Act.PROPOSE, Act.RELEASE),
    Act.EDIT: (Act.PROPOSE, Act.RELEASE),
}


def notice_of(promise: Promise, history: Sequence[Entry], occasion: str, viewer: UserId, now: datetime) -> Message:
    """The act that was the promise's `a<seq>`-th, as it concerns the viewer, and what became of it since."""
    if promise.state is State.UNDONE:
        return undone(promise)
    step = step_of(promise, history, int(occasion.removeprefix("a")))
    if step is None:
        text = f"{name_of(promise)} has changed."
        return Message(text, [section(headline(promise, viewer)), context(status(promise, viewer, now))])
    told = sentence(step, promise, viewer)
    blocks = [section(f"*{name_of(promise)}* · {told}.")]
    if step.entry.act not in (Act.PROMISE, Act.REQUEST, Act.EDIT):
        blocks.append(section(quote(step.after.what)))
    if step.entry.note.strip():
        blocks.append(section(f"Their words: {quoted(step.entry.note, NOTE_SHOWN)}"))
    buttons = _buttons(step, promise, viewer, now)
    is_last = promise.seq == step.seq
    blocks += [section(_next(step, promise, viewer, now))] if is_last or buttons else []
    blocks += [] if is_last else [context(f"By now: {status(promise, viewer, now)} · due {due_of(promise)}")]
    return Message(_text(step, promise, viewer), [*blocks, *buttons, why_line(promise, _why(promise, viewer))])


def _text(step: Step, promise: Promise, viewer: UserId) -> str:
    subject = "" if step.entry.act in (Act.PROMISE, Act.REQUEST, Act.EDIT) else f" – “{said(step.after.what, 200)}”"
    return f"{name_of(promise)}: {sentence(step, promise, viewer, plain_when)}{subject}."


def _buttons(step: Step, promise: Promise, viewer: UserId, now: datetime) -> list[Block]:
    act, at, proposal = step.entry.act, step.entry.at, promise.proposal
    spent = {
        Act.PROPOSE: proposal is None or proposal.at != at,
        Act.COUNTER: proposal is None or proposal.at != at,
        Act.HAND_OVER: proposal is None or proposal.at != at,
        Act.REPORT: promise.reported_at != at,
        Act.MISS: promise.missed_at != at,
    }
    return [] if spent.get(act, False) else some_buttons(_ANSWERS.get(act, ()), promise, viewer, now)


def _next(step: Step, promise: Promise, viewer: UserId, now: datetime) -> str:
    """What follows from it for the viewer."""
    due, owner = due_of(promise), person(promise.owner_id)
    is_answerer = promise.proposal is not None and promise.proposal.to == viewer
    match step.entry.act:
        case Act.PROMISE:
            return "I ask how it stands before then. If the date or the deliverable does not suit you, say so now."
        case Act.REQUEST:
            return "Nothing is owed until you accept it."
        case Act.ACCEPT_REQUEST:
            return f"It is a promise now, due {due}."
        case Act.AT_RISK:
            return f"Due {due} still holds. A later date or a smaller part may help now more than later."
        case Act.HAND_OVER:
            return "It is yours only if you take it over." if is_answerer else f"Until then {owner} owes it, due {due}."
        case Act.PROPOSE | Act.COUNTER:
            return "The old terms hold until you answer." if is_answerer else "The old terms hold until it is answered."
        case Act.REPORT if promise.settles_at and viewer == promise.requester_id:
            closes = when(promise.settles_at, promise.terms.due.zone)
            return f"Is it what you needed? Without a word from you it closes as kept {closes}."
        case Act.MISS if viewer == promise.requester_id and not promise.is_own:
            return f"It may be done and not reported. Ask {owner}, propose another date, or let it go."
        case _:
            return f"It is due {due}." if promise.state is State.ACTIVE else f"{status(promise, viewer, now)}."


def _why(promise: Promise, viewer: UserId) -> str:
    if viewer == promise.requester_id:
        return "You get this because it is owed to you"
    if viewer == promise.owner_id:
        return "You get this because you owe it"
    return "You get this because you were asked to follow it"
