"""Apply an act to a promise, or refuse it."""

from dataclasses import replace
from datetime import datetime

from bot.domain.act_errors import act_errors, new_what, word_errors
from bot.domain.acts import RULE_OF, Act, State
from bot.domain.errors import TooLateError
from bot.domain.history import HistoryEntry as HistoryEntry  # so that callers have one module for acts
from bot.domain.promise import Promise, Proposal, Rest, Terms, Word
from bot.domain.rights import allowed_acts as allowed_acts
from bot.domain.rights import check_right, stage_fault
from bot.domain.rights import roles as roles
from bot.domain.term_errors import term_errors
from bot.domain.working_time import aware


def begin(blank: Promise, entry: HistoryEntry) -> Promise:
    """Return the promise after its first act.

    Raises UnreadableError if the terms are empty, too long or already past.
    """
    terms = blank.terms
    for error in (*term_errors(terms.what, terms.due, terms.done_when, entry.at), *word_errors(entry)):
        raise error
    to = RULE_OF[entry.act].to
    assert to is not None  # noqa: S101  both making acts lead somewhere: a fact of the table
    weight = blank.weight.changed(entry.estimate, entry.priority)
    return replace(blank, state=to, made_at=aware(entry.at), made_by=entry.by, seq=1, weight=weight)


def perform(promise: Promise, entry: HistoryEntry) -> Promise:
    """Return the promise after the act.

    Raises NotFoundError if the person may not see it, NotAllowedError if they may not do the act, TooLateError if the
    promise has changed, UnreadableError if the act's values are invalid.
    """
    rule = RULE_OF[entry.act]
    check_right(promise, rule, entry.by)
    fault = stage_fault(promise, rule, entry.by, entry.at)
    if fault:
        raise TooLateError(fault)
    for error in act_errors(promise, entry):
        raise error
    after = _changed(promise, entry)
    state = rule.to or promise.state
    if entry.act is Act.REPORT and promise.is_own:
        state = State.KEPT
    return replace(
        after,
        state=state,
        proposal=None if rule.clears_proposal else after.proposal,
        closed_at=_closed_at(promise, state, entry),
        seq=promise.seq + 1,
    )


def _closed_at(promise: Promise, state: State, entry: HistoryEntry) -> datetime | None:
    """Return when the promise closed; acts after closing (rate, note) keep the original time."""
    if state.is_open:
        return None
    return promise.closed_at if state is promise.state else aware(entry.at)


def clock_act(promise: Promise, now: datetime) -> Act | None:
    """Return the clock act due at `now`, the most urgent first; None if none is."""
    lapses_at = promise.proposal.lapses_at if promise.proposal else None
    if lapses_at and lapses_at <= now and promise.state in RULE_OF[Act.EXPIRE].frm:
        return Act.EXPIRE
    if promise.state is State.ACTIVE and promise.missed_at is None and promise.terms.due.at <= now:
        return Act.MISS
    if promise.state is State.REPORTED and promise.settles_at and promise.settles_at <= now:
        return Act.SETTLE
    return None


def _changed(promise: Promise, entry: HistoryEntry) -> Promise:
    """Return the promise with the act's values; the table of acts decides state and proposal."""
    match entry.act:
        case Act.PROPOSE | Act.COUNTER | Act.HAND_OVER:
            offered = _with_word(replace(promise, proposal=_proposal(promise, entry)), entry)
            agrees_alone = entry.act is Act.PROPOSE and promise.is_own
            return replace(_agreed(offered, entry), proposal=None) if agrees_alone else offered
        case Act.ACCEPT_PROPOSAL:
            return _agreed(promise, entry)
        case Act.ACCEPT_REQUEST | Act.ON_TRACK | Act.AT_RISK:
            return _with_word(promise, entry)
        case Act.REPORT:
            return replace(promise, reported_at=entry.at, settles_at=entry.settles_at)
        case Act.REOPEN | Act.UNREPORT:
            undelivered = replace(promise, reported_at=None, settles_at=None)
            return _missed(undelivered, entry) if promise.terms.due.at <= entry.at else undelivered
        case Act.ACCEPT_DELIVERY if promise.state is State.ACTIVE:  # they have it, whatever the owner has reported
            return replace(promise, rating=entry.rating, reported_at=entry.at)
        case Act.ACCEPT_DELIVERY | Act.RATE:
            return replace(promise, rating=entry.rating)
        case Act.MISS:
            return _missed(promise, entry)
        case Act.EDIT:
            return replace(_adjusted(promise, entry), terms=_corrected(promise.terms, entry), missed_at=None)
        case Act.ADJUST:
            return _adjusted(promise, entry)
        case _:
            return promise


def _adjusted(promise: Promise, entry: HistoryEntry) -> Promise:
    return replace(promise, weight=promise.weight.changed(entry.estimate, entry.priority))


def _missed(promise: Promise, entry: HistoryEntry) -> Promise:
    return replace(promise, missed_at=promise.missed_at or entry.at, repaired_at=None)


def _with_word(promise: Promise, entry: HistoryEntry) -> Promise:
    if entry.by != promise.owner_id:
        return promise
    return replace(promise, last_word=Word(entry.act.value, entry.note, entry.at))


def _proposal(promise: Promise, entry: HistoryEntry) -> Proposal:
    if entry.act is Act.HAND_OVER and entry.heir:
        return Proposal(by=entry.by, to=entry.heir, at=entry.at, reason=entry.note, heir=entry.heir)
    return Proposal(
        by=entry.by,
        to=promise.other(entry.by),
        at=entry.at,
        what=new_what(promise, entry),
        due=entry.due if entry.due and entry.due.at != promise.terms.due.at else None,
        reason=entry.note,
        raised_early=entry.early,
        rest=entry.rest,
        done_when=entry.done_when if entry.done_when != promise.terms.done_when else None,
    )


def _agreed(promise: Promise, entry: HistoryEntry) -> Promise:
    proposal = promise.proposal
    assert proposal is not None  # noqa: S101  stage_fault has refused the act otherwise
    if proposal.heir:
        word = Word(entry.act.value, "", entry.at)
        return replace(promise, owner_id=proposal.heir, terms=promise.proposed_terms(), last_word=word)
    repaired_at = entry.at if proposal.due and promise.missed_at else promise.repaired_at
    return replace(
        promise,
        terms=promise.proposed_terms(),
        missed_at=None if proposal.due else promise.missed_at,
        repaired_at=repaired_at,
        renegotiated_at=entry.at,
        raised_early=proposal.raised_early,
    )


def _corrected(terms: Terms, entry: HistoryEntry) -> Terms:
    return replace(
        terms,
        what=entry.what or terms.what,
        due=entry.due or terms.due,
        done_when=terms.done_when if entry.done_when is None else entry.done_when,
        version=terms.version + 1,
    )


def agreed_rest(before: Promise, entry: HistoryEntry) -> Rest | None:
    """Return the part left for later by an agreement just made; for an own promise a proposal is an agreement."""
    if entry.act is Act.PROPOSE and before.is_own:
        return entry.rest
    return before.proposal.rest if entry.act is Act.ACCEPT_PROPOSAL and before.proposal else None
