"""Notices to the other side: who did what, what it changes and why, and the buttons to answer."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.acts import Act, State
from bot.domain.last_word import standing_word
from bot.domain.occasions import OfAct
from bot.domain.open_question import (
    ANSWERS_TO_DELIVERY,
    ANSWERS_TO_OFFER,
    ANSWERS_TO_REQUEST,
    OFFERS,
    answers_of,
    is_put_by,
)
from bot.domain.promise import Promise, UserId
from bot.domain.transitions import HistoryEntry
from bot.language import N_, _
from bot.ports import Message
from bot.views.blocks import Block, button, context, section
from bot.views.buttons import open_acts, some_buttons
from bot.views.notice_context import (
    around,
    ended_offer,
    is_asked_at,
    later_words,
    lines_of,
    of_ended_offer,
    of_hand_over,
    of_offer,
    question_of,
    with_offer,
)
from bot.views.phrases import NOTE_SHOWN, fresh_word, headline, how_kept, quote, status, undone, why_line
from bot.views.promise_card import done_when
from bot.views.refusing import part_button
from bot.views.story import Step, act_sentence, changed, phrase, steps
from bot.views.words import due_of, name_of, opening, person, quoted, when

#: Possible answers to each act; the domain decides which of them this person may still do.
_ANSWERS: dict[Act, tuple[Act, ...]] = {
    Act.PROMISE: (Act.PROPOSE, Act.RELEASE),
    Act.REQUEST: ANSWERS_TO_REQUEST,
    Act.AT_RISK: (Act.OFFER_HELP, Act.PROPOSE, Act.RELEASE),
    Act.OFFER_HELP: (Act.HAND_OVER, Act.PROPOSE),
    **dict.fromkeys(OFFERS, ANSWERS_TO_OFFER),
    Act.REJECT_PROPOSAL: (Act.HAND_OVER, Act.AT_RISK, Act.PROPOSE),
    Act.EXPIRE: (Act.PROPOSE, Act.REPORT),
    Act.REPORT: ANSWERS_TO_DELIVERY,  # thanks are offered once, by the answer to the one who accepts
    Act.ADD_NOTE: ANSWERS_TO_DELIVERY,
    Act.SETTLE: (Act.RATE,),
    Act.REOPEN: (Act.REPORT, Act.PROPOSE),
    Act.UNREPORT: (Act.PROPOSE,),
    Act.MISS: (Act.ACCEPT_PROPOSAL, Act.REJECT_PROPOSAL, Act.REPORT, Act.PROPOSE, Act.RELEASE),
    Act.EDIT: (*ANSWERS_TO_REQUEST, Act.RELEASE),
    Act.ADJUST: (Act.ON_TRACK, Act.AT_RISK),
    # These need no answer.
    **dict.fromkeys((Act.ACCEPT_REQUEST, Act.ACCEPT_PROPOSAL, Act.ACCEPT_DELIVERY, Act.RATE, Act.RETRACT), ()),
    **dict.fromkeys((Act.DECLINE, Act.WITHDRAW, Act.REVOKE, Act.RELEASE, Act.ON_TRACK, Act.UNDO), ()),
}
#: The first line of these states the terms already.
_SAY_IT_ALL = frozenset({Act.PROMISE, Act.REQUEST, Act.EDIT})
#: An owner's last word about the terms as a sentence; proposals are shown separately.
_REPORTS = {
    Act.ON_TRACK: N_("{owner} last said “on track”, {at}."),
    Act.AT_RISK: N_("{owner} last said “at risk”, {at}."),
    Act.PROPOSE: N_("{owner} asked for another date, {at}."),
    Act.COUNTER: N_("{owner} asked for another date, {at}."),
    Act.HAND_OVER: N_("{owner} asked {heir} to take it over, {at}."),
}
_GIVES_REASON = frozenset(
    {Act.PROPOSE, Act.COUNTER, Act.HAND_OVER, Act.REJECT_PROPOSAL, Act.DECLINE, Act.REVOKE, Act.RELEASE}
)


def notice(promise: Promise, history: Sequence[HistoryEntry], occasion: str, viewer: UserId, now: datetime) -> Message:
    """Return the notice of the promise's `a<seq>`-th act for the viewer, with what followed since."""
    if promise.state is State.UNDONE:
        return undone(promise)
    history_steps = list(steps(promise, history))
    step = next((each for each in history_steps if each.seq == OfAct.read(occasion).seq), None)
    foot = why_line(promise, _why(promise, viewer))
    if step is None:
        text = _("{number} {words} has changed.").format(number=name_of(promise), words=quoted(promise.terms.what))
        return Message(
            text,
            [
                section(f"{headline(promise, viewer)}\n{quote(promise.terms.what)}"),
                _stands_now(promise, viewer, now),
                *foot,
            ],
        )
    if step.entry.act is Act.MISS:
        promise = replace(promise, last_word=standing_word(promise, history))
    others = around(step, history_steps, promise, viewer)
    spent = {each.act for each in history[step.seq :] if each.by == viewer} & {Act.OFFER_HELP}
    blocks = [
        *_fact_and_change(step, promise, viewer),
        *ended_offer(step, history_steps, promise, viewer),
        *lines_of(step, others, promise, viewer),
        *_follows(step, promise, viewer, now),
        *_buttons(
            step, promise, viewer, now, [act for act in _wanted(step, others, promise, viewer) if act not in spent]
        ),
        *foot,
    ]
    return Message(_text(step, promise, viewer) + later_words(step, others, promise, viewer), blocks)


def _follows(step: Step, promise: Promise, viewer: UserId, now: datetime) -> list[Block]:
    """Return what is asked of the viewer or follows from the act; how things stand if others followed it."""
    is_newest, is_asked = promise.seq == step.seq, bool(_question(step, promise, viewer))
    if not (is_newest or is_asked):
        return [_stands_now(promise, viewer, now)]
    asked = [question_of(promise, viewer, now)] if is_asked and not _asks(step, promise) else []
    if asked and promise.state is not State.REQUESTED:
        return asked
    following = _next(step, promise, viewer, now)
    if step.entry.act is Act.MISS:
        following = "\n".join(with_offer(following, promise, viewer))
    return [*([section(following)] if following else []), *asked]


def _question(step: Step, promise: Promise, viewer: UserId) -> tuple[Act, ...]:
    """Return the answers to what the viewer is asked; a miss asks by itself."""
    is_miss = step.entry.act is Act.MISS and promise.seq == step.seq
    return () if is_miss or not is_asked_at(step, promise) else answers_of(promise, viewer)


def _asks(step: Step, promise: Promise) -> bool:
    """Return whether an act put the question that is open now."""
    return is_put_by(step.entry.act, step.entry.at, promise)


def _stands_now(promise: Promise, viewer: UserId, now: datetime) -> Block:
    return context(_("Now: {status} · due {due}").format(status=status(promise, viewer, now), due=due_of(promise)))


def _fact_and_change(step: Step, promise: Promise, viewer: UserId) -> list[Block]:
    """Return the fact, the promise, the change and the note."""
    lines = [f"*{name_of(promise)}* · {phrase(step, promise, viewer)}."]
    if step.entry.act not in _SAY_IT_ALL:
        lines.append(quote(step.before.what))
    blocks = [section("\n".join(lines))]
    if changes := changed(step):
        blocks.append(section("\n".join(map(opening, changes))))
    if step.entry.note.strip():
        words = quoted(step.entry.note, NOTE_SHOWN)
        blocks.append(section(_("Why: {words}").format(words=words) if step.entry.act in _GIVES_REASON else words))
    if step.entry.act in (Act.REPORT, Act.ADD_NOTE):
        blocks += done_when(promise)
    return blocks


def _text(step: Step, promise: Promise, viewer: UserId) -> str:
    subject = "" if step.entry.act in _SAY_IT_ALL else f" {quoted(step.before.what, 200)}"
    return f"{name_of(promise)}{subject}: {act_sentence(step, promise, viewer)}."


def _wanted(step: Step, others: Sequence[Step], promise: Promise, viewer: UserId) -> Iterator[Act]:
    """Yield the answers to what the viewer is asked, to the act, and to the acts around it, each once."""
    act, question = step.entry.act, _question(step, promise, viewer)
    found = list(question)
    if _is_open(step, promise):
        found += _ANSWERS[act]
        beside = [each.entry.act for each in others if each.entry.act is not Act.ADJUST and not question]
        found += [one for each in beside for one in _ANSWERS[each]]
    yield from dict.fromkeys(found)


def _is_open(step: Step, promise: Promise) -> bool:
    """Return whether an act can still be answered: it was neither replaced nor settled."""
    act, at = step.entry.act, step.entry.at
    if act in OFFERS or act in (Act.REPORT, Act.ADD_NOTE):
        return _asks(step, promise)
    if act is Act.MISS:
        return promise.missed_at == at and promise.state is State.ACTIVE
    return (act is Act.SETTLE) == (promise.state is State.KEPT) and promise.state is not State.REPORTED


def _buttons(step: Step, promise: Promise, viewer: UserId, now: datetime, wanted: Iterable[Act]) -> list[Block]:
    """Return the wanted answers that are open to the viewer."""
    act = step.entry.act
    before = [part_button(promise)] if act is Act.REJECT_PROPOSAL and _may_offer(promise, viewer, now) else []
    rows = some_buttons(wanted, promise, viewer, now, before)
    if act is Act.MISS and viewer == promise.requester_id and rows:
        asks = button("nudge.ask_again", _("Ask again"), promise.id)
        rows = [{**rows[0], "elements": [asks, *rows[0]["elements"]]}, *rows[1:]]
    return rows


def _may_offer(promise: Promise, viewer: UserId, now: datetime) -> bool:
    return viewer == promise.owner_id and Act.PROPOSE in open_acts(promise, viewer, now)


def _next(step: Step, promise: Promise, viewer: UserId, now: datetime) -> str:
    """Return what follows from the act for the viewer, if nothing has happened since."""
    zone = promise.terms.due.zone
    return _next_words(step, promise, viewer, now).format(
        due=due_of(promise),
        owner=person(promise.owner_id),
        requester=person(promise.requester_id),
        closes=when(promise.settles_at, zone) if promise.settles_at else "",
        how=how_kept(replace(promise, rating=""), now),
        last_report=_last_report(promise),
    )


def _next_words(step: Step, promise: Promise, viewer: UserId, now: datetime) -> str:
    """Return that sentence, with places for dates and people."""
    is_answerer, is_requester = promise.is_proposed_to(viewer), promise.is_owed_to(viewer)
    is_owner, is_over = viewer == promise.owner_id, promise.terms.due.at <= now
    match step.entry.act:
        case Act.PROMISE | Act.EDIT if is_requester and step.entry.by != viewer:
            return _asks_whether_it_suits(step, promise)
        case Act.REQUEST:
            return _("It binds once you accept it.") if is_owner else _("It binds once it is accepted.")
        case Act.ACCEPT_REQUEST:
            return _("I’ll check in before *{due}*.")
        case Act.AT_RISK if is_requester and not promise.proposal and not is_over:
            return _("{due} still holds. Would a later date or a smaller part help?")
        case Act.OFFER_HELP:
            return f"{_('Tell them what would help most, or hand it over.')} {_stands(promise, viewer, now)}"
        case Act.HAND_OVER:
            return of_hand_over(promise, now) if is_answerer else _("Until they do, {owner} owes it, due {due}.")
        case Act.PROPOSE | Act.COUNTER:
            return of_offer(promise, viewer, now)
        case Act.ACCEPT_PROPOSAL | Act.REJECT_PROPOSAL | Act.RETRACT | Act.EXPIRE if is_over:
            return _("It was due {due} and is still open.")
        case Act.ACCEPT_PROPOSAL:
            return _("New date: *{due}*.") if _is_moved(step) else _("The date stays: *{due}*.")
        case Act.REJECT_PROPOSAL | Act.RETRACT | Act.EXPIRE:
            return of_ended_offer(step, is_owner=is_owner)
        case Act.REPORT | Act.ADD_NOTE if promise.settles_at and is_requester:
            return _("*Is it what you needed?* If you don’t answer by {closes}, it counts as kept.")
        case Act.MISS if is_requester:
            return "{last_report}" + _unreported(promise, viewer)
        case Act.DECLINE | Act.WITHDRAW | Act.REVOKE:
            return _("This closes it.")
        case Act.RELEASE:
            return _("This closes it. It won’t count against anybody.")
        case Act.ACCEPT_DELIVERY | Act.SETTLE | Act.RATE:
            return _("Kept{how}.")
        case Act.PROMISE | Act.EDIT:
            return ""  # the first line has the date
        case _:
            return _stands(promise, viewer, now)


def _stands(promise: Promise, viewer: UserId, now: datetime) -> str:
    """Return when a promise is or was due, and that its owner still asks this person to take it over; of a delivered
    one, that it is not confirmed.
    """
    if promise.state is State.REPORTED:
        return _("{requester} has not confirmed it yet.")
    if promise.terms.due.at > now:
        return _("It is due {due}.")
    is_asked = promise.proposal is not None and promise.proposal.heir == viewer
    return _("It was due {due}. {owner} still asks you to take it over.") if is_asked else _("It was due {due}.")


def _unreported(promise: Promise, viewer: UserId) -> str:
    """Return what a requester may do about a miss; a date can be proposed only without an open proposal."""
    if promise.is_proposed_to(viewer):
        return _("Nothing is reported yet. Answer the proposal, ask again, or let it go.")
    if promise.proposal:
        return _("Nothing is reported yet. Ask again, or let it go.")
    return _("Nothing is reported yet. Ask again, propose another date, or let it go.")


def _asks_whether_it_suits(step: Step, promise: Promise) -> str:
    asks = _("Does that work for you? If not, suggest another date.")
    comes_again = promise.series_id == promise.id and step.entry.act is Act.PROMISE
    return f"{asks} {_('It repeats.')}" if comes_again else asks


def _is_moved(step: Step) -> bool:
    return step.answered is not None and step.answered.due is not None


def _last_report(promise: Promise) -> str:
    """Return the owner's last report on these terms as a sentence; empty if there is none."""
    word = fresh_word(promise)
    if word is None:
        return ""
    at, proposal = when(word.at, promise.terms.due.zone), promise.proposal
    note = f"{quoted(word.note, NOTE_SHOWN)} " if word.note.strip() else ""
    heir = person(proposal.heir) if proposal and proposal.heir else ""
    return _(_REPORTS[Act(word.act)]).format(owner=person(promise.owner_id), heir=heir, at=at) + f" {note}"


def _why(promise: Promise, viewer: UserId) -> str:
    is_side = viewer in (promise.requester_id, promise.owner_id) or promise.is_proposed_to(viewer)
    return _("You follow this promise") if viewer in promise.watchers and not is_side else ""
