"""Each act as one sentence: a promise's history, and the first line of a notice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.domain.acts import Act
from bot.domain.promise import Promise, Proposal, Terms, UserId
from bot.domain.transitions import HistoryEntry
from bot.domain.weight import UNWEIGHED
from bot.language import N_, _
from bot.views.phrases import RATINGS, change
from bot.views.weight import PRIORITIES, estimate_words, weight_words
from bot.views.words import named, opening, quoted, when


@dataclass(frozen=True, slots=True)
class Step:
    """One act with the state before and after: terms before and after, the owner and the open proposal before.

    `missed` is whether it was overdue at the time, `delivered` whether it was reported.
    """

    seq: int
    entry: HistoryEntry
    before: Terms
    after: Terms
    owner_id: UserId
    answered: Proposal | None
    offered: Proposal | None
    missed: bool = False
    delivered: bool = False

    @property
    def repairs(self) -> bool:
        """Return whether the act agrees another date after a miss."""
        return self.missed and self.after.due.at != self.before.due.at and self.entry.act is not Act.EDIT


def steps(promise: Promise, history: Sequence[HistoryEntry]) -> Iterator[Step]:
    """Return the history, each act with what it changed."""
    if not history:
        return
    first = history[0]
    terms = Terms(first.what or promise.terms.what, first.due or promise.terms.due, first.done_when or "")
    owner_id, offered, missed, delivered = _first_owner(promise, history), None, False, False
    for seq, entry in enumerate(history, 1):
        made = _proposal(entry, terms, owner_id, promise)
        after = _terms_after(entry, terms, made if promise.is_own else offered)
        yield Step(seq, entry, terms, after, owner_id, offered, made, missed, delivered)
        delivered = entry.act is Act.REPORT or (delivered and entry.act not in (Act.REOPEN, Act.UNREPORT))
        missed = entry.act is Act.MISS or (missed and after.due.at == terms.due.at)
        if entry.act is Act.ACCEPT_PROPOSAL and offered and offered.heir:
            owner_id = offered.heir
        terms, offered = after, _open_after(entry, made, offered)


def history_lines(promise: Promise, history: Sequence[HistoryEntry], viewer: UserId | None) -> list[str]:
    """Return every act as one line: when, who, what, and the note."""
    lines = []
    for step in steps(promise, history):
        words = f" – {quoted(step.entry.note, 500)}" if step.entry.note.strip() else ""
        did = f"{act_sentence(step, promise, viewer)}{_credit(step)}"
        lines.append(f"{when(step.entry.at, step.after.due.zone)} · {did}{words}")
    return lines


def _credit(step: Step) -> str:
    """Return the credit that the record gives for an act, as text."""
    early = _(", raised early") if step.entry.early else ""
    return early + (_(", which repairs the miss") if step.repairs else "")


def act_sentence(step: Step, promise: Promise, viewer: UserId | None) -> str:
    """Return who did what and what it changes, without full stop."""
    changes = "; ".join(changed(step, 250))
    return phrase(step, promise, viewer) + (f": {changes}" if changes else "")


def changed(step: Step, room: int = 700) -> list[str]:
    """Return what an act offers or agrees to change: old → new."""
    proposal = step.answered if step.entry.act is Act.ACCEPT_PROPOSAL else step.offered
    return change(step.before, proposal, room) if proposal else []


def phrase(step: Step, promise: Promise, viewer: UserId | None) -> str:
    """Return who did what."""
    entry = step.entry
    words = _words(step, promise).format(
        by=named(entry.by, viewer),
        requester=named(promise.requester_id, viewer),
        owner=named(step.owner_id, viewer),
        heir=named(entry.heir, viewer) if entry.heir else "",
        what=quoted(step.after.what, 600),
        due=when(step.after.due.at, step.after.due.zone),
        rating=_(RATINGS.get(entry.rating, "")) if entry.rating else "",
        estimate=estimate_words(entry.estimate) if entry.estimate else _("none"),
        priority=_(PRIORITIES[entry.priority]).lower() if entry.priority else "",
    )
    return opening(words) + (_weighed(entry) if entry.act in (Act.PROMISE, Act.REQUEST, Act.EDIT) else "")


def _words(step: Step, promise: Promise) -> str:
    """Return the sentence of an act, with places for who and what."""
    hands_over = step.answered is not None and step.answered.heir is not None
    match step.entry.act:
        case Act.PROMISE:
            return (
                _("{by} promised {what} by {due}") if promise.is_own else _("{by} promised {requester} {what} by {due}")
            )
        case Act.REQUEST:
            return _("{by} asked {owner} for {what} by {due}")
        case Act.ACCEPT_PROPOSAL if hands_over:
            return _("{by} took it over from {owner}")
        case Act.REJECT_PROPOSAL if hands_over:
            return _("{by} did not take it over")
        case Act.RETRACT if hands_over:
            return _("{by} took the hand-over back")
        case Act.HAND_OVER if step.entry.heir:
            return _("{by} asked {heir} to take it over")
        case Act.RATE if step.entry.rating in RATINGS:
            return _("{by} rated the delivery: {rating}")
        case Act.ACCEPT_DELIVERY if not step.delivered:
            return _("{by} got it")
        case Act.ACCEPT_DELIVERY if step.entry.rating in RATINGS:
            return _("{by} accepted the delivery – {rating}")
        case Act.MISS:
            return _("The deadline passed")
        case Act.EDIT:
            return _("{by} corrected it to {what} by {due}")
        case Act.ADJUST:
            return _adjusted(step.entry)
        case _:
            return _(_PLAIN[step.entry.act])


def _weighed(entry: HistoryEntry) -> str:
    """Return the estimate and priority set by an act that states the terms."""
    words = weight_words(UNWEIGHED.changed(entry.estimate, entry.priority))
    return f" ({', '.join(words)})" if words else ""


def _adjusted(entry: HistoryEntry) -> str:
    if entry.estimate is None:
        return _("{by} set the priority to {priority}")
    if not entry.priority:
        return _("{by} set the estimate to {estimate}")
    return _("{by} set the estimate to {estimate} and the priority to {priority}")


_PLAIN = {
    Act.PROPOSE: N_("{by} proposed a change"),
    Act.COUNTER: N_("{by} suggested another change"),
    Act.ACCEPT_REQUEST: N_("{by} accepted the request"),
    Act.DECLINE: N_("{by} declined the request"),
    Act.WITHDRAW: N_("{by} took the request back"),
    Act.ON_TRACK: N_("{by} marked it on track"),
    Act.AT_RISK: N_("{by} marked it at risk"),
    Act.OFFER_HELP: N_("{by} offered to help"),
    Act.ACCEPT_PROPOSAL: N_("{by} agreed to the change"),
    Act.REJECT_PROPOSAL: N_("{by} wants to keep it as it was"),
    Act.RETRACT: N_("{by} took the proposal back"),
    Act.EXPIRE: N_("The proposal expired without an answer"),
    Act.HAND_OVER: N_("{by} asked a colleague to take it over"),
    Act.REPORT: N_("{by} delivered it"),
    Act.ADD_NOTE: N_("{by} added a note"),
    Act.ACCEPT_DELIVERY: N_("{by} accepted the delivery"),
    Act.RATE: N_("{by} rated the delivery"),
    Act.REOPEN: N_("{by} found something missing"),
    Act.UNREPORT: N_("{by} reopened it: not done yet"),
    Act.SETTLE: N_("No answer for three working days, so it counts as kept"),
    Act.REVOKE: N_("{by} cancelled the promise"),
    Act.RELEASE: N_("{by} no longer needs it"),
    Act.UNDO: N_("{by} undid it"),
}


def _first_owner(promise: Promise, history: Sequence[HistoryEntry]) -> UserId:
    if history[0].act is Act.PROMISE:
        return history[0].by
    return next((entry.by for entry in history if entry.act is Act.HAND_OVER), promise.owner_id)


def _proposal(entry: HistoryEntry, terms: Terms, owner_id: UserId, promise: Promise) -> Proposal | None:
    """Return what the act offers, only the changes."""
    if entry.act not in (Act.PROPOSE, Act.COUNTER, Act.HAND_OVER):
        return None
    other = promise.requester_id if entry.by == owner_id else owner_id
    return Proposal(
        by=entry.by,
        to=entry.heir or other,
        at=entry.at,
        what=entry.what if entry.what != terms.what else None,
        due=entry.due if entry.due and entry.due.at != terms.due.at else None,
        reason=entry.note,
        heir=entry.heir,
        rest=entry.rest,
        done_when=entry.done_when if entry.done_when != terms.done_when else None,
    )


def _terms_after(entry: HistoryEntry, terms: Terms, agreed: Proposal | None) -> Terms:
    alone = entry.act is Act.PROPOSE and agreed is not None and agreed.by == entry.by and agreed.at == entry.at
    if entry.act is Act.EDIT:
        done_when = terms.done_when if entry.done_when is None else entry.done_when
        changed = replace(terms, what=entry.what or terms.what, due=entry.due or terms.due, done_when=done_when)
    elif agreed and (alone or entry.act is Act.ACCEPT_PROPOSAL):
        done_when = terms.done_when if agreed.done_when is None else agreed.done_when
        changed = replace(terms, what=agreed.what or terms.what, due=agreed.due or terms.due, done_when=done_when)
    else:
        return terms
    return replace(changed, version=terms.version + 1)


#: These leave an open proposal as it is; every other act creates, answers or voids one.
_LEAVE_OPEN = frozenset({Act.ON_TRACK, Act.AT_RISK, Act.MISS, Act.ADJUST, Act.OFFER_HELP})


def _open_after(entry: HistoryEntry, made: Proposal | None, offered: Proposal | None) -> Proposal | None:
    return made or (offered if entry.act in _LEAVE_OPEN else None)
