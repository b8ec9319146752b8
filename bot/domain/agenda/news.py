"""News for a person: waiting rows about acts of others, and events that affect them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from bot.domain.acts import Act, State
from bot.domain.agenda.facts import ActRecord, Candidate, Case, Facts, Untold
from bot.domain.agenda.nudges import miss_notice_at
from bot.domain.agenda.unanswered import offer_occasion
from bot.domain.kinds import Kind
from bot.domain.occasions import OfAct, OfPost, OnDemand, version_of
from bot.domain.open_question import ANSWERS_TO_DELIVERY, ANSWERS_TO_OFFER, OFFERS, answers_of, is_put_by
from bot.domain.promise import Promise, PromiseId, UserId

#: After FREE messages a day, news that needs no answer within the hour waits up to NEWS_WAITS to be gathered.
FREE, NEWS_WAITS = 2, timedelta(hours=1)
#: Acts that need no answer within the hour: a promise made to a person, thanks, and settling.
_MAY_WAIT = frozenset({Act.PROMISE, Act.ACCEPT_DELIVERY, Act.RATE, Act.SETTLE})
_DELIVERIES = frozenset({Act.REPORT})
#: Acts whose notice states the terms in force.
STATES_TERMS = frozenset({Act.PROMISE, Act.REQUEST, Act.EDIT, Act.ACCEPT_PROPOSAL})
_ASKS = OFFERS | {Act.REQUEST}
#: Acts that change neither terms nor state, so the notice of another act says more; the latter half says least.
_REMARKS, _DETAILS = (Act.AT_RISK, Act.OFFER_HELP, Act.ADD_NOTE), (Act.ON_TRACK, Act.ADJUST)
_DELIVERED = frozenset({Act.REPORT, Act.ADD_NOTE})
#: A report ends an offer, too.
_OFFER_ANSWERS = frozenset({*ANSWERS_TO_OFFER, Act.ACCEPT_REQUEST, Act.DECLINE, Act.REPORT})
_DELIVERY_ANSWERS = frozenset(ANSWERS_TO_DELIVERY)
#: Acts by which a promise ends. The person who did one needs no news of what came before.
_ENDS = frozenset({Act.ACCEPT_DELIVERY, Act.DECLINE, Act.WITHDRAW, Act.REVOKE, Act.RELEASE})
#: The acts of a reader that make earlier notices needless.
ANSWERS = _OFFER_ANSWERS | _DELIVERY_ANSWERS | _ENDS
#: Acts after which an offer is open, and those after which none is.
OFFER_ACTS = OFFERS | _OFFER_ANSWERS | {Act.RETRACT, Act.EXPIRE, Act.EDIT}


def news(facts: Facts) -> Iterator[Candidate]:
    """Yield the waiting rows; those that are settled have been left out (deciding._without_settled)."""
    cases = {case.promise.id: case for case in facts.cases}
    for row in facts.untold:
        yield _candidate(facts, row, cases.get(row.promise_id) if row.promise_id else None)


def is_answered(asked: Act, later: Iterable[ActRecord], reader: UserId) -> bool:
    """Return whether a reader needs no notice of an act: they answered it, on the Home tab say, or ended it all."""
    answers = _OFFER_ANSWERS if asked in _ASKS else _DELIVERY_ANSWERS if asked in _DELIVERED else frozenset()
    return any(each.by == reader and each.act in answers | _ENDS for each in later)


def voids_offer(report: ActRecord, earlier: Iterable[ActRecord]) -> bool:
    """Return whether an offer was open when a promise was reported as delivered, which ended it."""
    before = [each for each in earlier if each.act in OFFER_ACTS and each.seq < report.seq]
    return report.act is Act.REPORT and bool(before) and max(before).act in OFFERS


def precedence(act: Act | None, at: datetime, promise: Promise, reader: UserId) -> int:
    """Return the rank of an act among the news of one promise, the lowest first: what asks its reader for an answer,
    what changed, remarks, and details.
    """
    if act in _REMARKS or act in _DETAILS:
        return 2 if act in _REMARKS else 3
    if act is Act.MISS:
        return 0 if promise.is_owed_to(reader) else 1
    asks = act is not None and is_put_by(act, at, promise) and bool(answers_of(promise, reader))
    return 0 if asks else 1


def overtaken(facts: Facts, cases: Mapping[PromiseId, Case]) -> set[str]:
    """Return the ids of notices that say nothing any more: both of an act that was taken back before it was read, and
    all to a person who was asked to take a promise over and is not concerned any more.
    """
    found: set[str] = set()
    by_promise: dict[PromiseId, list[Untold]] = {}
    for row in facts.untold:
        if row.promise_id in cases and row.kind is Kind.NOTICE and row.promise_id:
            by_promise.setdefault(row.promise_id, []).append(row)
    for about, rows in by_promise.items():
        promise = cases[about].promise
        if facts.person not in promise.parties and any(row.act is Act.HAND_OVER for row in rows):
            found |= {row.id for row in rows}
        is_side = facts.person in (promise.owner_id, promise.requester_id)
        found |= _taken_back(rows, promise, is_side=is_side)
    return found


def _taken_back(rows: Iterable[Untold], promise: Promise, *, is_side: bool) -> set[str]:
    """Return the ids of the notices of acts that were taken back, and of taking them back.

    A report that ended an offer is news to the two sides all the same.
    """
    found: set[str] = set()
    unread: dict[Act, Untold] = {}
    for row in sorted(rows, key=lambda each: OfAct.read(each.occasion).seq):
        if row.act in (Act.PROPOSE, Act.HAND_OVER):
            unread[Act.RETRACT] = row
        elif row.act is Act.REPORT and not (row.voids_offer and is_side):
            unread[Act.UNREPORT] = row
        elif row.act is Act.COUNTER:
            unread.pop(Act.RETRACT, None)
        elif row.act and row.act in unread and (row.act is Act.RETRACT or promise.missed_at is None):
            found |= {row.id, unread.pop(row.act).id}
    return found


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
        return row.act is None or row.is_answered or (row.act is Act.MISS and is_over) or _is_outdated(row, promise)
    if row.kind is Kind.CLASH:
        return version_of(row.occasion) != promise.terms.version or not promise.state.is_open
    if row.kind is Kind.OFFER_OPEN:
        return promise.missed_at is not None or row.occasion != offer_occasion(promise)
    if not row.kind.is_nudge:
        return False
    has_moved = version_of(row.occasion) != promise.terms.version or promise.state is not State.ACTIVE
    return has_moved or (case.acted_at is not None and case.acted_at >= OnDemand.read(row.occasion).clicked_at)


def _is_outdated(row: Untold, promise: Promise) -> bool:
    """Return whether what a notice says held once, and the reader gets the news of what holds now, if it is any."""
    if row.act is Act.REQUEST:  # its owner answered it with another date
        return promise.proposal is not None and promise.proposal.by == promise.owner_id
    if row.act is Act.HAND_OVER:
        return promise.proposal is None or promise.proposal.at != row.at
    if row.act is Act.ADD_NOTE:
        return promise.reported_at is None or row.at < promise.reported_at
    word = promise.last_word
    return row.act is Act.AT_RISK and word is not None and word.act == Act.ON_TRACK and word.at >= row.at


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
        precedence=precedence(act, row.at, promise, facts.person) if promise else 1,
        seq=OfAct.read(row.occasion).seq if row.kind is Kind.NOTICE else 0,
    )


def _needs_by(act: Act | None, promise: Promise | None, row: Untold) -> datetime | None:
    """Return the latest time of a useful answer: an offer expires, terms bind at their deadline, a digest is posted."""
    if row.kind is Kind.LAST_CHANCE:
        return OfPost.read(row.occasion).post_at
    if promise is None or not promise.state.is_open or promise.state is State.REPORTED:
        return None
    if act in OFFERS and promise.proposal and promise.proposal.lapses_at:
        return min(promise.proposal.lapses_at, promise.terms.due.at)
    if act is Act.MISS or (row.kind is Kind.NOTICE and act in _MAY_WAIT - {Act.PROMISE}):
        return None
    return promise.terms.due.at
