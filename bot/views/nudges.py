"""Nudges: check-in, heads-up, last call, due now, overdue. Redrawn whenever the promise changes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.acts import Act, State
from bot.domain.kinds import Kind, Phase, Reader
from bot.domain.occasions import asked_as
from bot.domain.open_question import ANSWERS_TO_OFFER
from bot.domain.promise import Promise, Proposal, UserId, Word
from bot.language import N_, _
from bot.ports import Delivery, Message
from bot.views.blocks import Block, actions, button, context, section, select
from bot.views.buttons import MORE, open_acts, row
from bot.views.phrases import (
    NOTE_SHOWN,
    change,
    fresh_word,
    headline,
    quote,
    reason_lines,
    shrunk,
    standing,
    status,
    undone,
    why_line,
)
from bot.views.words import due_of, name_of, named, opening, person, quoted, when

#: A report this close to the deadline answers the check-in: asking again would be nagging.
LATELY = timedelta(days=4)
_WORDS = {str(Act.ON_TRACK): N_("on track"), str(Act.AT_RISK): N_("at risk")}
_AHEAD = N_("Change how early I check in: `/promise settings`.")
_HOURS = N_("Change when I write: `/promise settings`.")
#: The reason for each nudge, if not obvious, and where to change it.
WHY: dict[Kind, tuple[str, ...]] = {
    Kind.MIDWAY: (N_("I ask once half-way through a long one."), _HOURS),
    Kind.CHECK_IN: (N_("I ask before each deadline, while a date can still move."), _AHEAD),
    Kind.ASK_AGAIN: (N_("I ask about a promise three times a day at most."), _HOURS),
    Kind.CALL_AGAIN: (N_("I ask about a promise three times a day at most."), _HOURS),
    Kind.SIDE_QUESTION: (_HOURS,),
    Kind.OFFER_OPEN: (N_("I ask once for an answer."), _HOURS),
    Kind.ASKED: (_HOURS,),
    Kind.SNOOZED: (N_("You chose “Not now”."), _HOURS),
    Kind.HEADS_UP: (N_("I ask once before it is due."), _AHEAD),
    Kind.NO_WORD: (_AHEAD,),
    Kind.LAST_CALL: (_HOURS,),
    Kind.DUE_NOW: (_HOURS,),
    Kind.OVERDUE: (_HOURS,),
    Kind.LET_GO: (N_("I will not ask about it again."),),
}
#: Alternatives to offer the requester.
_ELSE = {Act.PROPOSE: N_("Another date, or a part"), Act.RELEASE: N_("I no longer need it")}
#: Longest quotation of a promise that is one of several, and in their notification.
BRIEFLY, NAMED = 200, 60


def nudge(kind: Kind, promise: Promise, viewer: UserId, now: datetime, row_id: str = "") -> Message:
    """Return a nudge from the promise's current state; once it is answered, it shows the answer and no buttons.

    `row_id` is the delivery that “Not now” snoozes.
    """
    if promise.state is State.UNDONE:
        return undone(promise)
    subject = f"{name_of(promise)} {quoted(promise.terms.what)}"
    face = section(f"{headline(promise, viewer)}\n{quote(promise.terms.what)}")
    if not _is_timely(kind, promise, viewer, now):
        return shrunk(promise, viewer, now)
    asks = _question(kind, promise, viewer, now)
    since = [context(line) for line in _since(promise, viewer, now)]
    buttons = _buttons(kind, promise, viewer, now, row_id)
    return Message(
        f"{subject}: {asks}",
        [section(f"*{asks}*"), face, *since, *buttons, *why_line(promise, " ".join(map(_, WHY[kind])))],
    )


def nudge_entry(row: Delivery, promise: Promise, viewer: UserId, now: datetime) -> Message:
    """Return the short form, as one of several entries."""
    kind = asked_as(row.kind, row.occasion) if row.kind is Kind.SNOOZED else row.kind
    about = f"*{name_of(promise)}* {quoted(promise.terms.what, BRIEFLY)}"
    name = f"{name_of(promise)} {quoted(promise.terms.what, NAMED)}"
    stands = _("due {due} · {status}").format(due=due_of(promise), status=status(promise, viewer, now))
    if not _is_timely(kind, promise, viewer, now):
        return Message(f"{name}: {standing(promise, viewer, now)}.", [section(f"{about}\n{stands}")])
    asks = _question(kind, promise, viewer, now)
    buttons = _buttons(kind, promise, viewer, now, row.id)
    offered = _offer_lines(promise, viewer, now) if promise.is_proposed_to(viewer) else []
    lines = "\n".join([about, *offered, f"{stands}. *{asks}*"])
    return Message(f"{name}: {asks}", [section(lines), *buttons])


def _is_timely(kind: Kind, promise: Promise, viewer: UserId, now: datetime) -> bool:
    """Return whether the question still applies: the promise is open, theirs, and on the same side of its deadline."""
    readers = {
        Reader.OWNER: (promise.owner_id,),
        Reader.REQUESTER: (promise.requester_id,),
    }.get(kind.rule.to, (promise.owner_id, promise.requester_id))
    is_over, phase = promise.terms.due.at <= now, kind.rule.phase
    is_its_time = phase is Phase.EITHER or is_over == (phase is Phase.AFTER)
    if kind is Kind.OFFER_OPEN:
        return viewer == promise.answerer
    return promise.state is State.ACTIVE and viewer in readers and is_its_time


def _buttons(kind: Kind, promise: Promise, viewer: UserId, now: datetime, row_id: str) -> list[Block]:
    """Return the answers: “Ask again” or “Yes” for the requester, “Not now” for an owner who has not reported."""
    spent = (
        {Act.AT_RISK} if kind in (Kind.LAST_CALL, Kind.CALL_AGAIN, Kind.SIDE_QUESTION) else {Act.ON_TRACK, Act.AT_RISK}
    )
    spent &= {Act(word.act) for word in _recent(promise)}
    is_over = promise.terms.due.at <= now
    rule = (Kind.OVERDUE if kind is Kind.ASKED and is_over else kind).rule
    wanted = (
        (Act.RETRACT, Act.REPORT)
        if _is_asking(promise, viewer)
        else tuple(dict.fromkeys((*ANSWERS_TO_OFFER, *rule.offers)))
    )
    may = open_acts(promise, viewer, now)
    acts = [act for act in wanted if act in may and (act not in spent or is_over)]
    if kind is Kind.HEADS_UP and not promise.proposal:
        return _yes_or_else(acts, promise)
    before = [button("nudge.ask_again", _("Ask again"), promise.id)] if kind is Kind.NO_WORD and not spent else []
    has_reported = bool(spent) and not is_over
    waits = [button("nudge.snooze", _("Not now"), row_id)] if rule.asks and row_id and acts and not has_reported else []
    return row(acts, promise, before=before, after=waits)


def _is_asking(promise: Promise, viewer: UserId) -> bool:
    """Return whether this person has proposed a change and waits for the answer."""
    return promise.proposal is not None and promise.proposal.by == viewer


def _is_handing_over(promise: Promise, viewer: UserId) -> bool:
    """Return whether this person has asked another to take the promise over, and waits for the answer."""
    return _is_asking(promise, viewer) and promise.proposal is not None and promise.proposal.heir is not None


def _yes_or_else(acts: Sequence[Act], promise: Promise) -> list[Block]:
    """Return the answers to whether a date still suits: yes, or what they need instead."""
    if not acts:
        return []
    yes = button("nudge.suits", _("Yes"), promise.id, "primary")
    return actions(
        [yes, select(MORE, _("I need something else"), [(f"{act}:{promise.id}", _(_ELSE[act])) for act in acts])]
    )


def _recent(promise: Promise) -> list[Word]:
    """Return the owner's last report, if it is on these terms and recent enough to answer a check-in."""
    word = fresh_word(promise)
    return [word] if word and promise.terms.due.at - word.at <= LATELY else []


def _question(kind: Kind, promise: Promise, viewer: UserId, now: datetime) -> str:
    proposal = promise.proposal
    return _question_words(kind, promise, viewer, now).format(
        due=due_of(promise),
        owner=person(promise.owner_id),
        requester=person(promise.requester_id),
        by=person(proposal.by if proposal else promise.requester_id),
        to=person(proposal.to) if proposal else "",
    )


def _question_words(kind: Kind, promise: Promise, viewer: UserId, now: datetime) -> str:
    """Return the question, with places for the date and people."""
    is_over, words = promise.terms.due.at <= now, {word.act for word in _recent(promise)}
    match kind:
        case _ if kind.rule.asks and _is_handing_over(promise, viewer) and not is_over:
            return _("You asked {to} to take it over. Until they do, you owe it, due {due}.")
        case Kind.OVERDUE if _is_handing_over(promise, viewer):
            return _("This was due {due}. Is it done? {to} has not answered yet whether they take it over.")
        case _ if kind.rule.asks and _is_asking(promise, viewer) and not _is_handing_over(promise, viewer):
            return _("You asked {to} for a change. {due} holds until they answer.")
        case Kind.OFFER_OPEN if promise.state is State.REQUESTED:
            return _("{by} still waits for your answer. It binds once you accept it.")
        case Kind.OFFER_OPEN if promise.proposal and promise.proposal.heir and is_over:
            return _("It was due {due}. {owner} still asks you to take it over.")
        case Kind.OFFER_OPEN if promise.proposal and promise.proposal.heir:
            return _("It is due {due}. {owner} still asks you to take it over.")
        case Kind.OFFER_OPEN if promise.proposal and is_over:
            return _("{by} still waits for your answer. It was due {due} and is still open.")
        case Kind.OFFER_OPEN if promise.proposal:
            return _("{by} still waits for your answer. {due} holds until then.")
        case Kind.HEADS_UP | Kind.NO_WORD if promise.proposal and promise.is_proposed_to(viewer):
            return _("{by} still waits for your answer. {due} holds until then.")
        case Kind.CHECK_IN | Kind.ASK_AGAIN | Kind.SNOOZED:
            return _check_in_words(kind, promise, on_track=Act.ON_TRACK in words)
        case Kind.ASKED if is_over:
            return _("{requester} asks: this was due {due}. Is it done, or which date is realistic?")
        case Kind.NO_WORD if words.isdisjoint((Act.ON_TRACK, Act.AT_RISK)):
            return _("{owner} hasn’t answered yet about this, due {due}. Ask again, or change what you need?")
        case Kind.HEADS_UP | Kind.NO_WORD if _may_slip(promise):
            return _("{owner} said that this may slip, due {due}. Does that still suit you?")
        case Kind.HEADS_UP | Kind.NO_WORD if Act.ON_TRACK in words:
            return _("{owner} is on track for {due}. Does that still suit you?")
        case Kind.HEADS_UP:
            return _("This is due {due}. Does that still suit you?")
        case Kind.CALL_AGAIN if promise.terms.due.at - now <= timedelta(hours=1):
            return _("Due within the hour, and no answer yet. Is it coming by {due}, or which date is realistic?")
        case Kind.LET_GO if viewer == promise.owner_id:
            return _("This was due {due} and is still open. Is it still coming, or will you let it go?")
        case _:
            return _(_QUESTIONS[kind]) if kind in _QUESTIONS else _("Due {due}.")


#: The questions that depend on their kind alone.
_QUESTIONS = {
    Kind.MIDWAY: N_("Half of the time has passed. Still on track for {due}?"),
    Kind.ASKED: N_("{requester} asks: are you still on track for {due}?"),
    Kind.LAST_CALL: N_("Due {due}. Still on track? If it will be later, say so now."),
    Kind.SIDE_QUESTION: N_("Due {due}. Still on track? If it will be later, say so now."),
    Kind.CALL_AGAIN: N_("No answer yet. Due {due}. Is it coming, or will it be later?"),
    Kind.DUE_NOW: N_("This is due now. Is it done?"),
    Kind.OVERDUE: N_("This was due {due}. Is it done, or which date is realistic?"),
    Kind.LET_GO: N_("This was due {due} and is still open. Do you still need it, or will you let it go?"),
}


def _check_in_words(kind: Kind, promise: Promise, *, on_track: bool) -> str:
    if on_track:
        return _("On track for {due}. If that changes, tell me here.")
    if _may_slip(promise):
        return _("At risk for {due}. Is there a date you could keep?")
    return _("No answer yet. Still on track for {due}?") if kind is Kind.ASK_AGAIN else _("Still on track for {due}?")


def _may_slip(promise: Promise) -> bool:
    word = fresh_word(promise)
    return word is not None and word.act == Act.AT_RISK


def _since(promise: Promise, viewer: UserId, now: datetime) -> list[str]:
    """Return what happened since: the owner’s last report, and an open proposal that the question does not name."""
    lines = []
    word = fresh_word(promise)
    if word and word.act in _WORDS:
        note = f" – {quoted(word.note, NOTE_SHOWN)}" if word.note.strip() else ""
        at = when(word.at, promise.terms.due.zone)
        lines.append(_("{report} since {when}").format(report=opening(_(_WORDS[word.act])), when=at) + note)
    return lines + _offer_lines(promise, viewer, now)


def _offer_lines(promise: Promise, viewer: UserId, now: datetime) -> list[str]:
    """Return the open proposal, unless the question names it, and for the person who is to answer it the reason."""
    proposal, lines = promise.proposal, []
    if proposal is None:
        return []
    if not _is_named(proposal, viewer, is_over=promise.terms.due.at <= now):
        by, to = named(proposal.by, viewer), named(proposal.to, viewer)
        changes = "; ".join(change(promise.terms, proposal, room=250))
        line = _("{by} asked {to} to take it over") if proposal.heir else _("{by} proposed: {changes}")
        lines.append(opening(line.format(by=by, to=to, changes=changes)))
    return lines + (reason_lines(proposal) if proposal.to == viewer else [])


def _is_named(proposal: Proposal, viewer: UserId, *, is_over: bool) -> bool:
    """Return whether each question to this person names the proposal: a hand-over, which both of its sides read."""
    return proposal.heir is not None and (viewer == proposal.heir or (viewer == proposal.by and not is_over))
