"""Follow-ups of an unanswered question: repeat it, notify the requester, or ask within other messages."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.domain.agenda.facts import Candidate, Case, MessageRecord
from bot.domain.habits import Habits
from bot.domain.kinds import Kind, Planned
from bot.domain.occasions import OfTerms, OnDemand
from bot.domain.promise import Promise, UserId
from bot.domain.timing import ANSWER_TIME, CALLED_AGAIN, FAIR_GAP, LATEST_WORD, MIN_GAP, QUICK_ANSWER
from bot.domain.working_time import WorkingHours

#: The least distance between a last call and its repetition.
MIN_REST = timedelta(minutes=30)
#: The same before the third question of a day, and after it: a promise of few hours has none.
LAST_REST = timedelta(minutes=35)
#: How often a question is asked alongside other messages about one version of the terms, and in how many of the
#: owner's last working days.
MAX_SIDE_QUESTIONS_ASKED, SIDE_QUESTION_DAYS = 6, 4
#: How many questions about one promise its owner gets in a day, by themselves or with other news.
MAX_ASKED_A_DAY = 3
#: How often a last call is repeated.
MAX_REPEATED = 2


def ask_again_at(case: Case) -> datetime | None:
    """Return when a question that was read and not answered is repeated: once, four working hours later.

    It comes QUICK_ANSWER before a change would be late, where it was asked in time for that. It is not repeated while
    an offer of the owner's waits: the answer is another person's.
    """
    asked, timing = questions_unanswered(case), case.timing
    if not asked or asked[-1].taken_at is None or case.has(Kind.ASK_AGAIN, case.promise.owner_id) or case.awaits_answer:
        return None
    owner, early_until = timing.owner, timing.early_until
    read_at = owner.next_moment(asked[-1].taken_at)
    latest = (timing.last_call_at or timing.due_at) - FAIR_GAP
    want = owner.hours.after(read_at, ANSWER_TIME)
    if read_at <= owner.hours.leaving(early_until, 2 * QUICK_ANSWER - MIN_GAP):
        want = min(want, owner.hours.leaving(early_until, QUICK_ANSWER))
    at = owner.moment(want, read_at + FAIR_GAP, latest)
    if at > latest or not owner.is_listening(at):
        return None
    called_at = timing.last_call_at
    is_third = called_at is not None and _is_one_day(owner.hours, asked[-1].taken_at, at, called_at)
    return None if is_third else at


def call_again_at(case: Case) -> tuple[datetime | None, int]:
    """Return when a last call that was read and not answered is repeated, and how often it was already.

    The third question of a day is the last, and only for an owner who answered neither of the first two.
    """
    timing, owner, unanswered = case.timing, case.timing.owner, _unanswered(case)
    called = [each for each in unanswered if each.kind in (Kind.LAST_CALL, Kind.CALL_AGAIN)]
    repeated = sum(each.kind is Kind.CALL_AGAIN for each in called)
    if not called or (taken_at := called[-1].taken_at) is None or repeated >= MAX_REPEATED or case.awaits_answer:
        return None, repeated
    today = _asked_on(case, taken_at)
    own = [each for each in today if each.kind is not Kind.SIDE_QUESTION]
    if len(today) >= MAX_ASKED_A_DAY or any(each not in unanswered for each in own):
        return None, repeated
    read_at = taken_at if timing.is_outside_work else owner.next_moment(taken_at)
    rest, latest = (MIN_REST, timing.due_at - MIN_GAP) if len(own) < 2 else (LAST_REST, timing.due_at - LAST_REST)
    want = max(timing.due_at - CALLED_AGAIN * (timing.due_at - read_at), read_at + rest)
    if want > latest or timing.is_outside_work:
        return want if want <= latest else None, repeated
    return owner.moment_after(want, latest) or owner.moment_before(want, read_at + FAIR_GAP), repeated


def no_word_at(case: Case) -> tuple[datetime | None, bool]:
    """Return when the requester is notified of silence, and whether a question on its way to the owner delays that.

    The last question has been read for four of the owner's working hours, or for as many as leave the requester one.
    An owner whose offer waits for the requester's answer is not silent.
    """
    if case.awaits_answer and case.promise.answerer == case.promise.requester_id:
        return None, False
    asked, timing = questions_unanswered(case), case.timing
    latest = timing.silence_notice_by
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


def _asked_on(case: Case, instant: datetime) -> list[MessageRecord]:
    """Return the questions of the owner's local day."""
    hours = case.owner.hours
    return [each for each in case.questions if each.taken_at and _is_one_day(hours, each.taken_at, instant)]


def questions_unanswered(case: Case) -> list[MessageRecord]:
    """Return the questions since which the owner has done nothing, half-way ones and last calls left out."""
    left_out = {Kind.MIDWAY, Kind.LAST_CALL, Kind.CALL_AGAIN, Kind.SIDE_QUESTION}
    return [each for each in _unanswered(case) if each.kind not in left_out]


def _unanswered(case: Case) -> list[MessageRecord]:
    since = max(filter(None, (case.acted_at, case.timing.word_at)))
    return [each for each in case.questions if (each.taken_at or each.decided_at or since) > since]


def side_question(case: Case, now: datetime) -> Iterator[Candidate]:
    """Yield the question that joins any other message to the owner, and is no reason for one.

    It repeats one that was read and not answered, four working hours later or soon after the last call. Otherwise it
    asks in the last working days, once half of the time has passed and their word is a working day old, or some hours
    on the day of the deadline. It leaves room for the last call in MAX_ASKED_A_DAY.
    """
    promise, timing, owner = case.promise, case.timing, case.owner
    due_at, called_at = timing.due_at, timing.last_call_at
    asked = case.questions
    side_questions = [each for each in asked if each.kind is Kind.SIDE_QUESTION]
    if len(side_questions) >= MAX_SIDE_QUESTIONS_ASKED or case.awaits_answer:
        return
    has_called = case.has(Kind.LAST_CALL, promise.owner_id)
    if called_at and not has_called and now >= called_at - FAIR_GAP:
        return  # the last call itself may come that much early
    is_call_ahead = called_at and not has_called and _is_one_day(owner.hours, called_at, now)
    if len(_asked_on(case, now)) >= MAX_ASKED_A_DAY - bool(is_call_ahead):
        return
    if open_ones := _unanswered(case):
        taken_at = open_ones[-1].taken_at
        if taken_at is None:
            return
        at = owner.hours.after(owner.next_moment(taken_at), MIN_REST if has_called else ANSWER_TIME)
    else:
        last_at = asked[-1].taken_at if asked else timing.began_at
        if last_at is None:
            return
        hours, day = owner.hours, owner.hours.working_day
        on_the_day = max(hours.opens(hours.local(due_at).date()), hours.after(timing.word_at, LATEST_WORD))
        before = max(hours.leaving(due_at, SIDE_QUESTION_DAYS * day), timing.word_holds_until)
        at = max(min(before, on_the_day), timing.began_at + (due_at - timing.began_at) / 2)
        if asked:
            at = max(at, hours.after(last_at, LATEST_WORD))
    occasion = OfTerms(promise.terms.version, len(side_questions) + 1)
    yield Candidate(Kind.SIDE_QUESTION, str(occasion), at, promise, earliest=at, needs_by=due_at, joins_only=True)


def offer_open(case: Case, person: UserId) -> Iterator[Candidate]:
    """Yield the question for an answer to an offer or a request that waits for the person: once, a working day before
    it is over.

    It is over when its date is, or when the deadline comes that holds until then. The person had some working hours
    to answer before.
    """
    promise, offer = case.promise, case.promise.proposal
    if person != promise.answerer or (offer and offer.heir) or case.is_untold(Kind.NOTICE, person):
        return
    since, due_at = offer.at if offer else promise.made_at, promise.terms.due.at
    ends = [at for at in (offer.lapses_at if offer else None, due_at if due_at > since else None) if at]
    if not ends:
        return
    habits = case.owner if person == promise.owner_id else case.requester
    ends_at = min(ends)
    notified_at = max(case.last_message_to(person, news_only=True) or since, since)
    if placed := _answer_asked_at(habits, notified_at, ends_at):
        yield Candidate(Kind.OFFER_OPEN, offer_occasion(promise), placed, promise, earliest=placed, needs_by=ends_at)


def heir_asked_again(promise: Promise, heir: Habits) -> Planned | None:
    """Return the question for an answer to a hand-over just offered; None if there is no time for it.

    It is stored with the hand-over, because the agenda of one who is neither of the two sides does not read the
    promise.
    """
    offer = promise.proposal
    if offer is None or offer.heir is None or offer.at >= promise.terms.due.at:
        return None
    at = _answer_asked_at(heir, offer.at, promise.terms.due.at)
    return Planned(Kind.OFFER_OPEN, offer.heir, at, offer_occasion(promise)) if at else None


def _answer_asked_at(habits: Habits, notified_at: datetime, ends_at: datetime) -> datetime | None:
    """Return when a person is asked once more for an answer that is useful until `ends_at`."""
    at = max(
        habits.hours.leaving(ends_at, habits.hours.working_day),
        habits.hours.after(habits.next_moment(notified_at), ANSWER_TIME),
    )
    return habits.moment_after(at, habits.hours.leaving(ends_at, FAIR_GAP))


def offer_occasion(promise: Promise) -> str:
    """Return the occasion of asking about the open offer, one for each offer; for a request, of its terms.

    That of a hand-over is stored before it is sent, so it has the form of every stored nudge.
    """
    if promise.proposal and promise.proposal.heir:
        return str(OnDemand(promise.terms.version, Kind.OFFER_OPEN, promise.proposal.at))
    step = int(promise.proposal.at.timestamp()) if promise.proposal else 0
    return str(OfTerms(promise.terms.version, step))
