"""News for a person: waiting rows about acts of others, and events that affect them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from bot.domain.acts import Act, State
from bot.domain.agenda.facts import ActRecord, Candidate, Case, Facts, Untold
from bot.domain.agenda.nudges import miss_notice_at
from bot.domain.agenda.unanswered import offer_occasion
from bot.domain.kinds import Kind
from bot.domain.occasions import OfAct, OfPost, OnDemand, version_of
from bot.domain.promise import Promise, PromiseId, UserId

#: After FREE messages a day, news that needs no answer within the hour waits up to NEWS_WAITS to be gathered.
FREE, NEWS_WAITS = 2, timedelta(hours=1)
#: Acts that need no answer within the hour: a promise made to a person, thanks, and settling.
_MAY_WAIT = frozenset({Act.PROMISE, Act.ACCEPT_DELIVERY, Act.RATE, Act.SETTLE})
_DELIVERIES = frozenset({Act.REPORT})
#: Acts whose notice states the terms in force.
STATES_TERMS = frozenset({Act.PROMISE, Act.REQUEST, Act.EDIT, Act.ACCEPT_PROPOSAL})
_OFFERS = frozenset({Act.PROPOSE, Act.COUNTER, Act.HAND_OVER})
_ASKS = _OFFERS | {Act.REQUEST}
#: What answers an act that asks.
ANSWERS = frozenset({Act.ACCEPT_PROPOSAL, Act.COUNTER, Act.REJECT_PROPOSAL, Act.ACCEPT_REQUEST, Act.DECLINE})


def news(facts: Facts) -> Iterator[Candidate]:
    """Yield the waiting rows; those that are settled have been left out (deciding._without_settled)."""
    cases = {case.promise.id: case for case in facts.cases}
    for row in facts.untold:
        yield _candidate(facts, row, cases.get(row.promise_id) if row.promise_id else None)


def is_answered(asked: Act, later: Iterable[ActRecord], reader: UserId) -> bool:
    """Return whether the reader of a notice has answered what it asks, say on the Home tab before it was sent."""
    return asked in _ASKS and any(each.by == reader and each.act in ANSWERS for each in later)


def is_settled(row: Untold, cases: Mapping[PromiseId, Case]) -> bool:
    """Return whether a row is obsolete: its promise is undone or past what the row says, or it is answered."""
    if row.promise_id is None:
        return False
    case = cases.get(row.promise_id)
    if case is None or case.promise.state is State.UNDONE:
        return True
    promise = case.promise
    if row.kind is Kind.NOTICE:
        is_over = promise.missed_at is None or promise.state is not State.ACTIVE
        return row.act is None or row.is_answered or (row.act is Act.MISS and is_over)
    if row.kind is Kind.CLASH:
        return version_of(row.occasion) != promise.terms.version or not promise.state.is_open
    if row.kind is Kind.OFFER_OPEN:
        return promise.missed_at is not None or row.occasion != offer_occasion(promise)
    if not row.kind.is_nudge:
        return False
    has_moved = version_of(row.occasion) != promise.terms.version or promise.state is not State.ACTIVE
    return has_moved or (case.acted_at is not None and case.acted_at >= OnDemand.read(row.occasion).clicked_at)


def _candidate(facts: Facts, row: Untold, case: Case | None) -> Candidate:
    promise = case.promise if case else None
    at, is_blocked, act = row.at, False, row.act
    if case and act is Act.MISS:
        notice_at, is_blocked = miss_notice_at(case, case.promise.terms.due.at)
        at = max(at, notice_at)
    return Candidate(
        row.kind,
        row.occasion,
        at,
        promise,
        row.id,
        earliest=at,
        needs_by=_needs_by(act, promise, row),
        is_exempt=act in _DELIVERIES,
        waits_for_company=act in _MAY_WAIT and facts.sent_today >= FREE,
        is_blocked=is_blocked,
        states_terms=act in STATES_TERMS,
        asks=promise is not None and _awaits_answer(act, promise, facts.person),
        seq=OfAct.read(row.occasion).seq if row.kind is Kind.NOTICE else 0,
    )


def _awaits_answer(act: Act | None, promise: Promise, reader: UserId) -> bool:
    """Return whether the notice of an act has the buttons with which its reader answers what is open now."""
    if act in _OFFERS:
        return promise.is_proposed_to(reader)
    if promise.state is State.REQUESTED:
        return act in (Act.REQUEST, Act.EDIT)
    return act is Act.MISS or (promise.state is State.REPORTED and act in (Act.REPORT, Act.ADD_NOTE))


def _needs_by(act: Act | None, promise: Promise | None, row: Untold) -> datetime | None:
    """Return the latest time of a useful answer: an offer expires, terms bind at their deadline, a digest is posted."""
    if row.kind is Kind.LAST_CHANCE:
        return OfPost.read(row.occasion).post_at
    if promise is None or not promise.state.is_open or promise.state is State.REPORTED:
        return None
    if act in _OFFERS and promise.proposal and promise.proposal.lapses_at:
        return min(promise.proposal.lapses_at, promise.terms.due.at)
    if act is Act.MISS or (row.kind is Kind.NOTICE and act in _MAY_WAIT - {Act.PROMISE}):
        return None
    return promise.terms.due.at
