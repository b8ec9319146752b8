"""Follow-ups of an unanswered question: repeat it, notify the requester, or ask within other messages."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.domain.agenda.facts import Candidate, Case, MessageRecord
from bot.domain.kinds import Kind
from bot.domain.occasions import OfTerms
from bot.domain.promise import Promise, UserId
from bot.domain.timing import ANSWER_TIME, CALLED_AGAIN, FAIR_GAP, LATEST_WORD, LEAST_GAP, QUICK_ANSWER
from bot.domain.working_time import WorkingHours

#: The least distance between a last call and its repetition.
LEAST_REST = timedelta(minutes=30)
#: How often a question is asked alongside other messages about one version of the terms.
MAX_SIDE_QUESTIONS_ASKED = 3


def ask_again_at(case: Case) -> datetime | None:
    """Return when a question that was read and found no answer is repeated: once, four working hours later.

    It comes QUICK_ANSWER before a change would be late, where it was asked in time for that.
    """
    asked, timing = questions_unanswered(case), case.timing
    if not asked or asked[-1].taken_at is None or case.has(Kind.ASK_AGAIN, case.promise.owner_id):
        return None
    owner, early_until = timing.owner, timing.early_until()
    read_at = owner.next_moment(asked[-1].taken_at)
    latest = (timing.last_call_at() or timing.due_at) - FAIR_GAP
    want = owner.hours.after(read_at, ANSWER_TIME)
    if read_at <= owner.hours.leaving(early_until, 2 * QUICK_ANSWER - LEAST_GAP):
        want = min(want, owner.hours.leaving(early_until, QUICK_ANSWER))
    at = owner.moment(want, read_at + FAIR_GAP, latest)
    if not (read_at + FAIR_GAP <= at <= latest and owner.is_listening(at)):
        return None
    called_at = timing.last_call_at()
    is_third = called_at is not None and _is_one_day(owner.hours, asked[-1].taken_at, at, called_at)
    return None if is_third else at


def call_again_at(case: Case) -> datetime | None:
    """Return when a last call that was read and found no answer is repeated, while there is time for an answer.

    Not as the third question of a day.
    """
    called, timing = [each for each in _unanswered(case) if each.kind is Kind.LAST_CALL], case.timing
    if not called or called[-1].taken_at is None:
        return None
    before = [
        each.taken_at
        for each in case.questions()
        if each.taken_at and each.kind not in (Kind.LAST_CALL, Kind.SIDE_QUESTION)
    ]
    if before and _is_one_day(timing.owner.hours, before[-1], called[-1].taken_at):
        return None
    owner, latest = timing.owner, timing.due_at - LEAST_GAP
    read_at = called[-1].taken_at if timing.is_outside_work else owner.next_moment(called[-1].taken_at)
    want = max(timing.due_at - CALLED_AGAIN * (timing.due_at - read_at), read_at + LEAST_REST)
    if want > latest or timing.is_outside_work:
        return want if want <= latest else None
    return owner.moment_after(want, latest) or owner.moment_before(want, read_at + FAIR_GAP)


def no_word_at(case: Case) -> tuple[datetime | None, bool]:
    """Return when the requester is notified of silence, and whether a question on its way to the owner delays that.

    The last question has been read for four of the owner's working hours, or for as many as leave the requester one.
    """
    asked, timing = questions_unanswered(case), case.timing
    latest = timing.silence_notice_by()
    if not asked or latest is None or case.is_untold(Kind.SNOOZED, case.promise.owner_id):
        return None, False
    taken_at = asked[-1].taken_at
    if taken_at is None:
        return latest, True
    again_at = ask_again_at(case)
    if again_at and timing.owner.hours.after(again_at, FAIR_GAP) <= latest:
        return None, False
    read_at = timing.owner.next_moment(taken_at)
    earliest = timing.owner.hours.after(read_at, FAIR_GAP)
    minute = timedelta(minutes=1)  # four hours from 14:00 on are over at 18:00, not when work begins again
    want = min(timing.owner.hours.after(read_at, ANSWER_TIME - minute) + minute, latest)
    if want < earliest:
        return None, False
    at = timing.requester.moment_after(want, latest) or timing.requester.moment_before(want, earliest)
    return at, False


def _is_one_day(hours: WorkingHours, *instants: datetime) -> bool:
    return len({hours.local(each).date() for each in instants}) == 1


def questions_unanswered(case: Case) -> list[MessageRecord]:
    """Return the questions since which the owner has done nothing, half-way ones and last calls left out."""
    left_out = {Kind.MIDWAY, Kind.LAST_CALL, Kind.CALL_AGAIN, Kind.SIDE_QUESTION}
    return [each for each in _unanswered(case) if each.kind not in left_out]


def _unanswered(case: Case) -> list[MessageRecord]:
    since = max(filter(None, (case.acted_at, case.timing.word_at)))
    return [each for each in case.questions() if (each.taken_at or each.decided_at or since) > since]


def side_question(case: Case, now: datetime) -> Iterator[Candidate]:
    """Yield the question that joins any other message to the owner, and is no reason for one.

    It repeats one that was read and not answered, or asks on the day of the deadline.
    """
    promise, timing, owner = case.promise, case.timing, case.owner
    due_at, called_at = timing.due_at, timing.last_call_at()
    asked = case.questions()
    beside = [each for each in asked if each.kind is Kind.SIDE_QUESTION]
    if len(beside) >= MAX_SIDE_QUESTIONS_ASKED or (promise.proposal and promise.proposal.by == promise.owner_id):
        return
    has_called = case.has(Kind.LAST_CALL, promise.owner_id)
    if called_at and not has_called and now >= called_at - FAIR_GAP:
        return  # the last call itself may come that much early
    if open_ones := _unanswered(case):
        taken_at = open_ones[-1].taken_at
        if taken_at is None:
            return
        at = owner.hours.after(owner.next_moment(taken_at), LEAST_REST if has_called else FAIR_GAP)
    else:
        at = max(
            owner.hours.opens(owner.hours.local(due_at).date()),
            owner.hours.after(timing.word_at, LATEST_WORD),
            timing.began_at + (due_at - timing.began_at) / 2,
        )
        if asked and asked[-1].taken_at is None:
            return
    occasion = OfTerms(promise.terms.version, len(beside) + 1)
    yield Candidate(Kind.SIDE_QUESTION, str(occasion), at, promise, earliest=at, needs_by=due_at, joins_only=True)


def offer_open(case: Case, person: UserId) -> Iterator[Candidate]:
    """Yield the question for an answer to an offer that waits for the person: once, a working day before it is over.

    It is over when its date is, or when the deadline comes that holds until then. The person had some working hours
    to answer before.
    """
    promise = case.promise
    offer, due_at = promise.proposal, promise.terms.due.at
    if offer is None or offer.to != person or offer.heir or case.is_untold(Kind.NOTICE, person):
        return
    ends = [at for at in (offer.lapses_at, due_at if due_at > offer.at else None) if at]
    if not ends:
        return
    habits = case.owner if person == promise.owner_id else case.requester
    ends_at = min(ends)
    notified_at = max(case.last_message_to(person, news_only=True) or offer.at, offer.at)
    at = max(
        habits.hours.leaving(ends_at, habits.hours.working_day),
        habits.hours.after(habits.next_moment(notified_at), ANSWER_TIME),
    )
    if placed := habits.moment_after(at, habits.hours.leaving(ends_at, FAIR_GAP)):
        yield Candidate(Kind.OFFER_OPEN, offer_occasion(promise), placed, promise, earliest=placed, needs_by=ends_at)


def offer_occasion(promise: Promise) -> str:
    """Return the occasion of asking about the open offer, one for each offer; for none, of the terms alone."""
    step = int(promise.proposal.at.timestamp()) if promise.proposal else 0
    return str(OfTerms(promise.terms.version, step))
