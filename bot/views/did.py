"""The first reply to an act: what happened, who is notified, and what can follow."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.domain.acts import RULE_OF, Act, Role, State
from bot.domain.promise import Promise, UserId
from bot.language import N_, _
from bot.ports import Message
from bot.views.blocks import context, section, text_message
from bot.views.buttons import open_acts, ordered, some_buttons
from bot.views.phrases import NOTE_SHOWN, standing, undone
from bot.views.weight import weight_words
from bot.views.words import due_of, name_of, one_line, person, quoted, when

WHAT_SHOWN = 200
#: A risk reported at least this long before the deadline is early.
EARLY = timedelta(days=1)
#: The reply to each act; `{n}` is the promise, `{other}` the other side, `{due}` the terms in force.
_DID: Mapping[Act, str] = {
    Act.PROMISE: "",
    Act.REQUEST: "",
    Act.ACCEPT_REQUEST: N_("You promised {requester}: {n} is due {due}."),
    Act.DECLINE: N_("Declined {n}. I’ll tell {requester}."),
    Act.WITHDRAW: N_("Took the request {n} back. Nothing is owed."),
    Act.ON_TRACK: N_("Noted: {n} is on track for {due}."),
    Act.AT_RISK: N_("Told {requester}: {n} may slip."),
    Act.OFFER_HELP: N_("Told {owner}: you offer to help with {n}."),
    Act.PROPOSE: N_("Asked {other} about {n}: {offer}. {due} holds until they answer."),
    Act.COUNTER: N_("Asked {other} about {n}: {offer}. {due} holds until they answer."),
    Act.ACCEPT_PROPOSAL: N_("Agreed: {n} is due {due}."),
    Act.REJECT_PROPOSAL: N_("{n} stays as it was, due {due}. I’ll tell {other}."),
    Act.RETRACT: N_("Took the proposal back. {n} stays due {due}."),
    Act.EXPIRE: "",
    Act.HAND_OVER: N_("Asked {heir} to take over {n}. Until they do, you owe it."),
    Act.REPORT: N_("Delivered {n}. I’ve asked {requester} to confirm."),
    Act.ADD_NOTE: N_("Passed on to {requester}."),
    Act.ACCEPT_DELIVERY: N_("Thank you – I’ll tell {owner}. {n} is kept."),
    Act.RATE: N_("Thank you – I’ll tell {owner}."),
    Act.REOPEN: N_("Told {owner} what is missing. {n} is open again."),
    Act.UNREPORT: N_("{n} is open again. I’ll tell {requester}."),
    Act.SETTLE: "",
    Act.REVOKE: N_("Cancelled {n}. I’ll tell {requester}."),
    Act.RELEASE: N_("Closed {n}: no longer needed. It won’t count against {owner}."),
    Act.MISS: "",
    Act.UNDO: N_("{n} is undone."),
    Act.EDIT: N_("Corrected {n}."),
    Act.ADJUST: N_("Noted for {n}: {weight}."),
}
#: The same for a promise to oneself.
_ALONE: Mapping[Act, str] = {
    Act.AT_RISK: N_("Noted: {n} may slip."),
    Act.PROPOSE: N_("{n} is due {due} now."),
    Act.REPORT: N_("Done: {n} is kept."),
    Act.REVOKE: N_("Cancelled {n}."),
}
#: The same for a hand-over, whose new owner this is: before the deadline and after it.
_TAKEN = N_("{n} is yours now. {requester} waits for it, due {due}.")
_TAKEN_LATE = N_("{n} is yours now. {requester} has waited for it since {due}. Suggest a date that you can keep.")
#: The same for a request that is not accepted yet: no date holds before both agree.
_ASKED: Mapping[Act, str] = dict.fromkeys(
    (Act.PROPOSE, Act.COUNTER), N_("Asked {other} about {n}: {offer}. Nothing is owed until you both agree.")
)
#: The same after the deadline, which holds no more.
_LATE: Mapping[Act, str] = {
    Act.ON_TRACK: N_("Noted: {n} is on its way."),
    Act.AT_RISK: N_("Told {requester} about {n}."),
    Act.PROPOSE: N_("Asked {other} about {n}: {offer}."),
    Act.COUNTER: N_("Asked {other} about {n}: {offer}."),
    Act.REJECT_PROPOSAL: N_("{n} stays as it was: it was due {due}. I’ll tell {other}."),
    Act.RETRACT: N_("Took the proposal back. {n} was due {due} and is still open."),
}
#: Acts to suggest after each act.
_NEXT: Mapping[Act, tuple[Act, ...]] = {
    Act.AT_RISK: (Act.PROPOSE, Act.HAND_OVER),
    Act.PROPOSE: (Act.RETRACT,),
    Act.COUNTER: (Act.RETRACT,),
    Act.HAND_OVER: (Act.RETRACT,),
    Act.REPORT: (Act.ADD_NOTE, Act.UNREPORT),
    Act.UNREPORT: (Act.PROPOSE,),
    Act.ACCEPT_DELIVERY: (Act.RATE,),
    Act.ACCEPT_REQUEST: (Act.PROPOSE,),
    Act.REJECT_PROPOSAL: (Act.PROPOSE,),
    # Nothing to suggest after these.
    **dict.fromkeys((Act.PROMISE, Act.REQUEST, Act.EDIT, Act.ADJUST, Act.UNDO, Act.ON_TRACK, Act.OFFER_HELP), ()),
    **dict.fromkeys((Act.ACCEPT_PROPOSAL, Act.RETRACT, Act.EXPIRE, Act.ADD_NOTE, Act.RATE, Act.REOPEN, Act.SETTLE), ()),
    **dict.fromkeys((Act.DECLINE, Act.WITHDRAW, Act.REVOKE, Act.RELEASE, Act.MISS), ()),
}
_HINTS: Mapping[Act, str] = {
    Act.REPORT: N_("Say what it is and where to find it, if that helps."),
    Act.ACCEPT_DELIVERY: N_("A word on how it was helps them more than you think."),
}


def lead(act: Act, promise: Promise, viewer: UserId) -> str:
    """Return the sentence on what an act did; `promise` is its state after the act."""
    words = (_ALONE.get(act) if promise.is_own else _LATE.get(act) if promise.missed_at else None) or _DID[act]
    if act is Act.ACCEPT_PROPOSAL and (taken := _taken_over(promise, viewer)):
        words = taken
    if promise.state is State.REQUESTED:
        words = _ASKED.get(act, words)
    if act is Act.REJECT_PROPOSAL and viewer not in (promise.owner_id, promise.requester_id):
        words = N_("{n} stays with {owner}. I’ll tell them.")
    proposal = promise.proposal
    owner = promise.owner_id if promise.owner_id != viewer else promise.requester_id
    offer = ""
    if proposal and proposal.due:
        offer = f"*{when(proposal.due.at, proposal.due.zone)}*"
    elif proposal and proposal.what:
        offer = quoted(proposal.what, WHAT_SHOWN)
    elif proposal:
        offer = _("another “done when”")
    return _(words).format(
        n=f"*{name_of(promise)}*",
        requester=person(promise.requester_id),
        owner=person(owner),
        other=person(promise.other(viewer)),
        heir=person(proposal.heir) if proposal and proposal.heir else _("them"),
        due=due_of(promise),
        offer=offer,
        weight=", ".join(weight_words(promise.weight)) or _("no estimate, normal priority"),
    )


def _taken_over(promise: Promise, viewer: UserId) -> str:
    """Return the sentence to a person who has just taken a promise over; empty to anybody else."""
    word = promise.last_word
    if viewer != promise.owner_id or word is None or word.act != Act.ACCEPT_PROPOSAL:
        return ""
    if promise.renegotiated_at and promise.renegotiated_at >= word.at:
        return ""  # they agreed to new terms since
    return _TAKEN_LATE if word.at >= promise.terms.due.at else _TAKEN


def is_early_warning(act: Act, promise: Promise, viewer: UserId) -> bool:
    """Return whether the owner has just warned the other side early."""
    if viewer != promise.owner_id or promise.is_own:
        return False
    if act in (Act.PROPOSE, Act.COUNTER):
        return promise.proposal is not None and promise.proposal.raised_early
    word = promise.last_word
    return act is Act.AT_RISK and word is not None and promise.terms.due.at - word.at >= EARLY


def answer(act: Act, promise: Promise, viewer: UserId, now: datetime, note: str = "") -> Message:
    """Return the reply to an act: what happened, then the promise in one line."""
    if promise.state is State.UNDONE:
        return undone(promise)
    thanks = _(" Thanks for saying so early.") if is_early_warning(act, promise, viewer) else ""
    text = lead(act, promise, viewer) + thanks
    words = f"\n{quoted(note, NOTE_SHOWN)}" if note.strip() else ""
    stands = _("{number} {words} · due {due}").format(
        number=name_of(promise), words=one_line(promise.terms.what, WHAT_SHOWN), due=due_of(promise)
    )
    lines = [context(f"{stands} · {standing(promise, viewer, now)}")]
    if hint := _HINTS.get(act) if not promise.is_own and not note.strip() else "":
        lines.append(context(_(hint)))
    if promise.series_id and act in (Act.REVOKE, Act.RELEASE):
        lines.append(
            context(
                _("Only this one of the series: `/promise end {number}` ends all of it.").format(number=promise.number)
            )
        )
    is_late = promise.terms.due.at <= now and bool(_taken_over(promise, viewer))
    following = (Act.PROPOSE, Act.REPORT) if act is Act.ACCEPT_PROPOSAL and is_late else _NEXT[act]
    buttons = some_buttons(following, promise, viewer, now)
    return Message(text, [section(f"{text}{words}"), *lines, *buttons])


def not_yours(promise: Promise, act: Act, viewer: UserId, now: datetime) -> Message:
    """Return who may do an act that was refused, and the acts open to this reader."""
    rule = RULE_OF[act]
    may = [who for role, who in _people(promise).items() if role in rule.by and who]
    named = _(" or ").join(person(who) for who in dict.fromkeys(may)) or _("the clock")
    open_to_them = open_acts(promise, viewer, now)
    has_it = act is Act.REPORT and Act.ACCEPT_DELIVERY in open_to_them
    instead_words = _HAVE_IT if has_it else _INSTEAD.get(act, "")
    text = _("Only {named} can {words}.").format(named=named, words=_(rule.words))
    text += f" {_(instead_words)}" if instead_words else ""
    instead = some_buttons(ordered(open_to_them), promise, viewer, now)
    return text_message(text, context(f"{name_of(promise)} {one_line(promise.terms.what, WHAT_SHOWN)}"), *instead)


def beside_offer(refusal: str, promise: Promise, viewer: UserId, now: datetime) -> Message:
    """Return the refusal of a second proposal, with buttons that answer the open one or take it back."""
    wanted = (Act.ACCEPT_PROPOSAL, Act.COUNTER, Act.REJECT_PROPOSAL, Act.RETRACT)
    return Message(refusal, [section(refusal), *some_buttons(wanted, promise, viewer, now)])


#: For the requester, next to the button of that name.
_HAVE_IT = N_("If you have it already, press *I have it*: then it counts as kept.")
_INSTEAD: Mapping[Act, str] = {
    Act.ON_TRACK: N_("If you need to know, ask them."),
}


def _people(promise: Promise) -> Mapping[Role, UserId | None]:
    proposal = promise.proposal
    return {
        Role.OWNER: promise.owner_id,
        Role.REQUESTER: promise.requester_id,
        Role.PROPOSER: proposal.by if proposal else None,
        Role.ANSWERER: proposal.to if proposal else None,
        Role.MAKER: promise.made_by,
    }
