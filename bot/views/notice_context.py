"""The context of a notice: what its reader is asked just now, and other acts of the same hours.

Only the newest message about a promise has buttons, so each has those of the open question, whatever it is about.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.domain.acts import RULE_OF, Act, State
from bot.domain.open_question import OFFERS, asked_at
from bot.domain.promise import CLOCK, Promise, Proposal, UserId
from bot.language import _
from bot.views.blocks import Block, section
from bot.views.phrases import change, fresh_word, reason_lines
from bot.views.story import Step, act_sentence, phrase
from bot.views.words import due_of, named, opening, person, quoted, when

#: Most other acts that a notice names, and the most of a note on each: a section of Slack's has 3,000 characters.
MAX_AROUND, NOTE_AROUND = 3, 300
#: Of several of these the last says all.
_LAST_COUNTS = (Act.AT_RISK, Act.ADJUST)


def is_asked_at(step: Step, promise: Promise) -> bool:
    """Return whether what is open now was open when the act was done: an older message asks nothing new."""
    return step.entry.at >= asked_at(promise)


def question_of(promise: Promise, viewer: UserId, now: datetime) -> Block:
    """Return the open question to a person, for a message about something else."""
    proposal, lines = promise.proposal, []
    if proposal:
        lines += [offer_line(promise, proposal, viewer), *reason_lines(proposal)]
        words = of_hand_over(promise, now) if proposal.heir else of_offer(promise, viewer, now)
    elif promise.state is State.REQUESTED:
        words = _("It binds once you accept it.")
    else:
        words = _("*Is it what you needed?* If you don’t answer by {closes}, it counts as kept.")
    zone = promise.terms.due.zone
    closes = when(promise.settles_at, zone) if promise.settles_at else ""
    owner, requester = person(promise.owner_id), person(promise.requester_id)
    lines.append(words.format(due=due_of(promise), owner=owner, requester=requester, closes=closes))
    return section("\n".join(lines))


def offer_line(promise: Promise, proposal: Proposal, viewer: UserId) -> str:
    """Return what an open offer would change, and whose it is."""
    by, to = named(proposal.by, viewer), named(proposal.to, viewer)
    if proposal.heir:
        return opening(_("{by} asked {to} to take it over").format(by=by, to=to)) + "."
    changes = "; ".join(change(promise.terms, proposal, room=250))
    return opening(_("{by} proposed: {changes}").format(by=by, changes=changes))


def with_offer(following: str, promise: Promise, viewer: UserId) -> list[str]:
    """Return what follows from a miss, with the offer that waits for the viewer; of a hand-over it says who asks."""
    proposal = promise.proposal
    if proposal is None or not promise.is_proposed_to(viewer):
        return [following]
    if proposal.heir:
        return [following, *reason_lines(proposal)]
    return [offer_line(promise, proposal, viewer), *reason_lines(proposal), following]


def of_offer(promise: Promise, viewer: UserId, now: datetime) -> str:
    """Return what holds while an offer is open: of a request nothing does, and after its deadline the miss does."""
    if promise.state is State.REQUESTED:
        return _("Nothing is owed until both agree.")
    if promise.terms.due.at <= now:
        return _("It was due {due} and is still open.")
    is_answerer = promise.is_proposed_to(viewer)
    return _("{due} holds until you answer.") if is_answerer else _("{due} holds until it is answered.")


def of_hand_over(promise: Promise, now: datetime) -> str:
    """Return what a person takes over: for whom, and by when."""
    if promise.is_own:
        return _("It is due {due}, and yours once you take it over.")
    if promise.terms.due.at <= now:
        return _("{requester} has waited for it since {due}. It’s yours once you take it over.")
    return _("{requester} waits for it, due {due}. It’s yours once you take it over.")


def of_ended_offer(step: Step, *, is_owner: bool) -> str:
    """Return what holds after an offer that came to nothing."""
    if step.answered is None or step.answered.heir is None:
        return _("It stays as it was: *{due}*.")
    return _("It stays yours, due {due}.") if is_owner else _("{owner} still owes it, due {due}.")


def ended_offer(step: Step, history_steps: Sequence[Step], promise: Promise, viewer: UserId) -> list[Block]:
    """Return the offer that ended with a report, for the notice that the report was taken back."""
    is_as_then = promise.state is State.ACTIVE and promise.terms == step.after and not promise.proposal
    is_side = viewer in (promise.owner_id, promise.requester_id)
    if step.entry.act is not Act.UNREPORT or not (is_as_then and is_side):
        return []
    report = next(each for each in reversed(history_steps[: step.seq]) if each.entry.act is Act.REPORT)
    offer = report.answered
    if offer is None:
        return []
    if offer.heir:
        return [section(_("{to} is no longer asked to take it over.").format(to=person(offer.to)))]
    words = (
        _("Your proposal is no longer open: {changes}. Propose it again if you still need it.")
        if offer.by == viewer
        else _("The proposal of {by} is no longer open: {changes}.")
    )
    changes = "; ".join(change(report.before, offer, room=250))
    return [section(words.format(by=person(offer.by), changes=changes))]


def around(step: Step, history_steps: Sequence[Step], promise: Promise, viewer: UserId) -> list[Step]:
    """Return the other acts that a notice mentions: those since the viewer's last act that still matter to them.

    The viewer may have read of them in older messages, but those have no buttons and no words any more. A miss has a
    sentence of its own, and a person who is no party any more reads no words of those who are.
    """
    if step.entry.act is Act.MISS or viewer not in promise.parties:
        return []
    last_seq = max((each.seq for each in history_steps if each.entry.by == viewer and each.seq < step.seq), default=0)
    found = [
        each
        for each in history_steps[last_seq:]
        if each.seq != step.seq
        and each.entry.by not in (viewer, CLOCK)
        and _still_matters(each, history_steps, promise, viewer)
        and not (each.entry.act is step.entry.act and each.entry.act in _LAST_COUNTS)
    ]
    return found[-MAX_AROUND:]


def lines_of(step: Step, others: Sequence[Step], promise: Promise, viewer: UserId) -> Iterator[Block]:
    """Yield what happened before and after an act, a line each."""
    lines = []
    for each in others:
        did = act_sentence(each, promise, viewer)
        if each.entry.note.strip():
            did += f" – {quoted(each.entry.note, NOTE_AROUND)}"
        else:
            did += "."
        lines.append((_("Before: {did}") if each.seq < step.seq else _("Then: {did}")).format(did=did))
    if lines:
        yield section("\n".join(lines))


def later_words(step: Step, others: Sequence[Step], promise: Promise, viewer: UserId) -> str:
    """Return the later acts as sentences, for a notification."""
    return "".join(f" {phrase(each, promise, viewer)}." for each in others if each.seq > step.seq)


def _still_matters(step: Step, history_steps: Sequence[Step], promise: Promise, viewer: UserId) -> bool:
    """Return whether what an act said holds still and concerns the viewer."""
    entry, is_side = step.entry, viewer in (promise.owner_id, promise.requester_id)
    match entry.act:
        case Act.PROPOSE | Act.COUNTER | Act.HAND_OVER:
            is_open = promise.proposal is not None and promise.proposal.at == entry.at
            return is_open and not promise.is_proposed_to(viewer)  # who is asked reads it as the question
        case Act.AT_RISK:
            word, later = fresh_word(promise), history_steps[step.seq :]
            is_risk = word is not None and word.act in {Act.AT_RISK, *OFFERS} and promise.state is State.ACTIVE
            return is_risk and all(each.entry.act not in (Act.AT_RISK, Act.ON_TRACK) for each in later)
        case Act.OFFER_HELP:
            return promise.state is State.ACTIVE and viewer == promise.owner_id
        case Act.REPORT | Act.ADD_NOTE:
            at = promise.reported_at
            return promise.state is State.REPORTED and at is not None and entry.at >= at
        case Act.REOPEN:
            return promise.state is State.ACTIVE and promise.reported_at is None
        case Act.REJECT_PROPOSAL:
            return promise.state.is_open and step.answered is not None and step.answered.by == viewer
        case Act.ADJUST:
            return (
                is_side
                and promise.state in RULE_OF[Act.ADJUST].frm
                and entry.priority is promise.weight.priority is not None
            )
        case _:
            return False
