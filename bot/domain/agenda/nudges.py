"""Nudges about one promise to its owner and its requester, decided from the messages and acts so far."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.domain.acts import State
from bot.domain.agenda.facts import Candidate, Case
from bot.domain.agenda.unanswered import ask_again_at, call_again_at, no_word_at, offer_open, side_question
from bot.domain.kinds import Kind, Phase
from bot.domain.occasions import OfTerms, version_of
from bot.domain.promise import UserId
from bot.domain.timing import (
    ANSWER_TIME,
    FAIR_GAP,
    MIN_GAP,
    MIN_WARNING,
    WARNED_APART,
    Timing,
)
from bot.domain.working_time import add_working_days

#: "Due now" is sent within this time of the deadline or not at all.
DUE_NOW_LASTS = timedelta(hours=1)
#: After so many of the owner's working days a miss is asked about again; from the third time on that is weekly.
ASKED_AFTER_DAYS = (1, 3, 7, 12, 17, 22)
#: After this long without an end, both sides are asked to let a miss go.
LET_GO_AFTER = timedelta(weeks=4)
#: The owner's working time to answer "is it done?" before the requester is notified of the miss.
MISS_NOTICE_AFTER = timedelta(minutes=15)


def nudges(case: Case, person: UserId, now: datetime) -> Iterator[Candidate]:
    """Yield the nudges to one of the two sides, now or later; none unless the promise is still owed or asked for."""
    promise = case.promise
    found, is_owed = [*offer_open(case, person)], promise.state is State.ACTIVE
    if is_owed and person == promise.owner_id:
        found += _to_owner(case, now)
    if is_owed and promise.is_owed_to(person):
        found += _to_requester(case, now)
    for each in found:
        if not case.has(each.kind, person, each.occasion) and (placed := _apart(each, case, person)):
            yield placed


def _apart(candidate: Candidate, case: Case, person: UserId) -> Candidate | None:
    """Delay a nudge to keep a distance from the last message about the same promise; None if no time is left."""
    due_at, phase = candidate.needs_by or case.promise.terms.due.at, candidate.kind.rule.phase
    last = case.last_message_to(person, news_only=phase is Phase.AFTER)
    if last is None or candidate.kind is Kind.DUE_NOW:
        return candidate
    if phase is Phase.AFTER:
        answered_by = case.owner.hours.after(last, ANSWER_TIME)
        return candidate._replace(at=answered_by) if answered_by > candidate.at else candidate
    at = max(candidate.at, last + min(FAIR_GAP, max(due_at - last, timedelta()) / 3))
    if at > max(candidate.at, due_at - MIN_WARNING):
        return None
    habits = case.owner if person == case.promise.owner_id else case.requester
    if habits.is_listening(candidate.at) and not habits.is_listening(at):
        at = habits.moment_before(at, last + MIN_GAP) or at  # rather sooner than after their hours
    earliest = max(candidate.earliest or at, last + FAIR_GAP)
    is_apart = at == candidate.at and earliest == candidate.earliest
    return candidate if is_apart else candidate._replace(at=at, earliest=earliest)


def _to_owner(case: Case, now: datetime) -> Iterator[Candidate]:
    timing, due_at, occasion = case.timing, case.promise.terms.due.at, _occasion(case)
    if now >= due_at:
        yield from _after_deadline(case, now)
        return
    asked = [each for each in case.questions if each.kind not in (Kind.MIDWAY, Kind.SIDE_QUESTION)]
    is_put_off = case.is_untold(Kind.SNOOZED, case.promise.owner_id)
    if not asked and not is_put_off:
        if at := timing.midway_at:
            yield _before(case, Kind.MIDWAY, occasion, at, timing.word_holds_until)
        if at := timing.check_in_at:
            yield _before(case, Kind.CHECK_IN, occasion, at, max(timing.word_holds_until, at - FAIR_GAP))
    if not is_put_off and (at := ask_again_at(case)):
        yield _before(case, Kind.ASK_AGAIN, occasion, at)
    if (at := timing.last_call_at) and not (timing.is_on_track(at) or timing.is_offering(at)):
        yield _before(case, Kind.LAST_CALL, occasion, at, at - FAIR_GAP)
    call_at, repeated = call_again_at(case)
    if call_at and not is_put_off:
        yield _before(case, Kind.CALL_AGAIN, _occasion(case, repeated), call_at)
    if not is_put_off:
        yield from side_question(case, now)
    yield Candidate(Kind.DUE_NOW, occasion, due_at, case.promise, is_hourless=True)


def _to_requester(case: Case, now: datetime) -> Iterator[Candidate]:
    due_at, occasion = case.promise.terms.due.at, _occasion(case)
    if now >= due_at:
        if not case.is_owner_gone:
            yield from _let_go(case, case.promise.requester_id)
        return
    if case.is_owner_gone or case.is_untold(Kind.NOTICE, case.promise.requester_id):
        return  # the waiting notice contains the same
    silent_at, is_blocked = no_word_at(case)
    at, earliest = heads_up_at(case)
    is_informed = any(case.has(kind, case.promise.requester_id) for kind in (Kind.NO_WORD, Kind.OFFER_OPEN))
    if at and not (is_informed or _knows_of_clash(case, at) or case.timing.is_offering(at)):
        local, notice_at = case.requester.hours.local, None if is_blocked else silent_at
        if notice_at is None or local(notice_at).date() > local(at).date() or notice_at > at + ANSWER_TIME:
            yield _before(case, Kind.HEADS_UP, occasion, at, earliest)  # else word of silence names the deadline, too
    if silent_at:
        yield _before(case, Kind.NO_WORD, occasion, silent_at)._replace(is_blocked=is_blocked)


def _knows_of_clash(case: Case, at: datetime) -> bool:
    """Return whether the requester is notified that the deadline falls on a day off, within a working day before `at`:
    that message asks the same, with the dates to propose.
    """
    promise, hours = case.promise, case.requester.hours
    since = hours.leaving(at, hours.working_day)
    return case.is_untold(Kind.CLASH, promise.requester_id) or any(
        each.kind is Kind.CLASH
        and each.to == promise.requester_id
        and each.taken_at is not None  # one that Slack has not taken yet may be dropped
        and each.taken_at >= since
        and version_of(each.occasion) == promise.terms.version
        for each in case.messages
    )


def _before(case: Case, kind: Kind, occasion: str, at: datetime, earliest: datetime | None = None) -> Candidate:
    due_at = case.promise.terms.due.at
    return Candidate(kind, occasion, at, case.promise, earliest=earliest or at, needs_by=due_at)


def heads_up_at(case: Case) -> tuple[datetime | None, datetime | None]:
    """Return when the requester is warned and since when they may be; None if the announcement is enough.

    At least a third of the time left when the terms were announced to them lies in between. The announcement is enough
    where none of that is their working time.
    """
    timing, due_at, requester = case.timing, case.promise.terms.due.at, case.promise.requester_id
    announced = [
        each.decided_at
        for each in case.messages
        if each.kind is Kind.NOTICE and each.to == requester and each.decided_at and each.decided_at >= timing.began_at
    ]
    announced_at = min(announced, default=timing.began_at)
    left = due_at - announced_at
    if left < WARNED_APART:
        return None, None
    room = timing.requester.hours.working_time(announced_at, due_at)
    if not room:
        return None, None  # no working time is left before it, and a second message in one night does not help
    earliest = announced_at + left / 3
    agreed_at = case.promise.renegotiated_at
    if agreed_at and (peace_ends := timing.requester.hours.after(agreed_at, timing.requester.hours.working_day)) <= (
        due_at - FAIR_GAP
    ):
        earliest = max(earliest, peace_ends)
    want, latest, habits = max(timing.heads_up_at, earliest), due_at - MIN_WARNING, timing.requester
    if at := habits.moment_before(want, earliest) or habits.moment_after(want, latest):
        return at, earliest
    earliest = habits.hours.after(announced_at, room / 3)  # all of it lies before: then a third of their working time
    return habits.moment_before(want, earliest) or want, earliest


def _after_deadline(case: Case, now: datetime) -> Iterator[Candidate]:
    """Yield "is it done?" at the deadline, its repetitions, and in the end the question whether to let it go."""
    promise, owner = case.promise, case.owner
    if case.awaits_answer and promise.answerer == promise.requester_id:
        return  # the other side is to answer
    due_at, asked_at = promise.terms.due.at, asked_after_deadline(case)
    word = promise.last_word
    free_at = owner.hours.after(word.at, owner.hours.working_day) if word and word.at > due_at else due_at
    if asked_at is None and now <= due_at + DUE_NOW_LASTS and _may_ask_at_deadline(case.timing):
        yield Candidate(Kind.DUE_NOW, _occasion(case), max(due_at, free_at), promise, is_hourless=True)
        return
    over_at = due_at + LET_GO_AFTER
    if now >= over_at or case.has(Kind.LET_GO, promise.owner_id):
        yield from _let_go(case, promise.owner_id)
        return
    following = (0, due_at) if asked_at is None else _next_step(case, asked_at, now)
    if following:
        step, at = following
        placed = max(owner.next_moment(at), free_at)
        yield Candidate(Kind.OVERDUE, _occasion(case, step), placed, promise, earliest=placed)
    yield from _let_go(case, promise.owner_id)


def _may_ask_at_deadline(timing: Timing) -> bool:
    return timing.is_due_at_work or timing.is_outside_work


def _next_step(case: Case, asked_at: datetime, now: datetime) -> tuple[int, datetime] | None:
    """Return which repetition comes next and when; of several not sent in time, only the last one.

    None if there is none before both sides are asked to let it go.
    """
    due_at, hours = case.promise.terms.due.at, case.owner.hours
    mornings = [
        (days, hours.opens(hours.local(add_working_days(due_at, days, hours)).date())) for days in ASKED_AFTER_DAYS
    ]
    left = [(days, at) for days, at in mornings if asked_at < at < due_at + LET_GO_AFTER]
    passed = [each for each in left if each[1] <= now]
    return passed[-1] if passed else next(iter(left), None)


def _let_go(case: Case, person: UserId) -> Iterator[Candidate]:
    habits = case.owner if person == case.promise.owner_id else case.requester
    at = habits.next_morning(case.promise.terms.due.at + LET_GO_AFTER)
    yield Candidate(Kind.LET_GO, _occasion(case), at, case.promise, earliest=at)


def asked_after_deadline(case: Case) -> datetime | None:
    """Return when the owner was last asked since the deadline, decided if not taken yet; None when they never were."""
    due_at = case.promise.terms.due.at
    times = [each.taken_at or each.decided_at for each in case.questions]
    return max((at for at in times if at and at >= due_at), default=None)


def miss_notice_at(case: Case, due_at: datetime) -> tuple[datetime, bool]:
    """Return when others may be notified of a miss, and whether a question on its way to the owner delays that.

    The owner is asked first and has some working minutes to answer; if they cannot be asked, the requester's working
    day after the deadline is the longest wait.
    """
    if case.is_owner_gone:
        return due_at, False
    latest = case.requester.hours.after(due_at, case.requester.hours.working_day)
    asked = [each for each in case.questions if each.decided_at and each.decided_at >= due_at]
    if not asked:
        return latest, False
    taken_at = asked[0].taken_at
    if taken_at is None:
        return latest, True
    return case.owner.hours.after(case.owner.next_moment(taken_at), MISS_NOTICE_AFTER), False


def _occasion(case: Case, step: int = 0) -> str:
    return str(OfTerms(case.promise.terms.version, step))
