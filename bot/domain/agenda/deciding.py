"""Decide which messages are sent to one person, when, and together with which: the nine rules of docs/reminders.md."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import partial

from bot.domain.agenda.facts import Candidate, Case, Entry, Facts, Hold, MessageRecord, Send, Upcoming, Wait
from bot.domain.agenda.far_off import far_off
from bot.domain.agenda.news import NEWS_WAITS, is_settled, news, overtaken
from bot.domain.agenda.nudges import nudges
from bot.domain.brief import brief
from bot.domain.habits import Habits
from bot.domain.kinds import Kind, Way
from bot.domain.ordering import SortKey, sort_key
from bot.domain.promise import PromiseId, UserId
from bot.domain.timing import FAIR_GAP
from bot.domain.working_time import WorkingHours

#: Messages that fall due to one person within this time may be one.
TOGETHER = timedelta(hours=2)
#: Questions asked a second time, which no deadline takes over a limit.
_REPEATED = frozenset({Kind.ASK_AGAIN, Kind.CALL_AGAIN})
#: Most promises in one message, each with its buttons; what a downtime held up is one message all the same.
MAX_ENTRIES = 6
#: Maximum number of questions that join a message without being a reason for it.
MAX_SIDE_QUESTIONS = 2
#: Two messages to one person are at least this far apart.
SPACING = timedelta(minutes=1)
#: The night, by the reader's clock: only messages about a deadline within it are sent.
NIGHT_FROM, NIGHT_TO = time(22), time(7)
#: A brief is sent within this time of the morning or not at all.
BRIEF_LASTS = timedelta(hours=3)
#: An agenda decided with this much delay was held up by downtime.
HELD_UP = timedelta(minutes=15)
#: Maximum time between two decisions: calendars change by themselves (holidays of a new year).
LOOK_AGAIN = timedelta(days=7)


def agenda(facts: Facts, now: datetime) -> Send | Wait:
    """Decide which message to send to a person now, or when to evaluate the agenda again; pure and total."""
    if facts.is_gone:
        return Wait(None, tuple(row.id for row in facts.untold))
    facts, dropped = _without_settled(facts)
    near, later = far_off(facts.cases, facts.person, now + TOGETHER)
    found, place = candidates(facts, now, near), Place(facts, now)
    own = [each for each in found if not each.joins_only]
    ready = [each for each in own if each.at <= now and place.of(each) <= now]
    if not ready:
        return Wait(_next_look(place, list(map(place.of, own)), later), dropped)
    if facts.last_at and now < facts.last_at + SPACING:
        return Wait(facts.last_at + SPACING, dropped)
    if facts.on_its_way_at:
        return Wait(_poll_at(facts.on_its_way_at, now), dropped)
    return _message(facts, found, ready, dropped, now)


def candidates(facts: Facts, now: datetime, cases: Iterable[Case]) -> list[Candidate]:
    """Return all possible messages, now or later, with the nudges about some of the promises."""
    found = [*news(facts)]
    for case in cases:
        found += nudges(case, facts.person, now)
    morning = _brief_at(facts, now)
    return [*found, Candidate(Kind.BRIEF, "", morning, earliest=morning)] if morning else found


def upcoming(facts: Facts, now: datetime) -> list[Upcoming]:
    """Return the expected messages as things are now, the earliest first: for timelines."""
    if facts.is_gone:
        return []
    facts, _ = _without_settled(facts)
    soonest = max(now, facts.last_at + SPACING) if facts.last_at else now
    found = []
    for each in (one for one in candidates(facts, now, facts.cases) if not one.joins_only):
        at, hold = Place(facts, now).held(each)
        found.append(Upcoming(max(at, soonest), each, hold))
    return sorted(found, key=lambda one: (one.at, one.candidate.kind.rule.rank))


def _without_settled(facts: Facts) -> tuple[Facts, tuple[str, ...]]:
    """Return the facts without obsolete rows, and the ids of those."""
    cases = {case.promise.id: case for case in facts.cases}
    needless = overtaken(facts, cases)
    settled = [row for row in facts.untold if row.id in needless or is_settled(row, cases)]
    if not settled:
        return facts, ()
    keys = {(row.promise_id, row.kind, row.occasion) for row in settled}
    kept = [
        replace(case, messages=tuple(each for each in case.messages if not _is_row(each, case, facts.person, keys)))
        for case in facts.cases
    ]
    untold = tuple(row for row in facts.untold if row not in settled)
    return replace(facts, cases=tuple(kept), untold=untold), tuple(row.id for row in settled)


def _is_row(message: MessageRecord, case: Case, person: UserId, keys: Set[tuple[PromiseId | None, Kind, str]]) -> bool:
    return (
        message.decided_at is None
        and message.to == person
        and (case.promise.id, message.kind, message.occasion) in keys
    )


@dataclass(frozen=True, slots=True)
class Place:
    """When each candidate may be sent: by its reader's hours, night and limits, and by other messages."""

    facts: Facts
    now: datetime

    def of(self, candidate: Candidate) -> datetime:
        """Return the earliest instant at which it is a reason to speak."""
        return self.held(candidate)[0]

    def held(self, candidate: Candidate) -> tuple[datetime, Hold | None]:
        """Return the earliest instant at which it is a reason to speak, and what keeps it until then."""
        if candidate.is_blocked:
            return _poll_at(candidate.at, self.now), Hold.ON_ITS_WAY
        has_time = candidate.waits_for_company and self.facts.habits.is_listening(candidate.at + NEWS_WAITS)
        wanted = max(candidate.at + (NEWS_WAITS if has_time else timedelta()), self.now)
        at = self.in_hours(candidate, wanted)
        is_over_limit = self.facts.sent_today >= self.facts.habits.daily_cap
        if is_over_limit and at < self.morning and not self._breaks_limit(candidate, at):
            return self.in_hours(candidate, self.morning), Hold.LIMIT
        if at > wanted:
            return at, self._closed_by(candidate, wanted)
        return at, Hold.COMPANY if candidate.waits_for_company and at > self.now else None

    def _closed_by(self, candidate: Candidate, at: datetime) -> Hold:
        """Return the reason for which its reader gets no messages at an instant."""
        if self._is_away(candidate, at):
            return Hold.AWAY
        return Hold.DO_NOT_DISTURB if self.facts.habits.is_listening(at) else Hold.HOURS

    def in_hours(self, candidate: Candidate, at: datetime) -> datetime:
        """Return the first instant from `at` on at which its reader may get messages."""
        habits, quiet_until = self.facts.habits, self.facts.quiet_until
        if quiet_until and at < quiet_until and not candidate.is_exempt and self._outlasts(candidate, quiet_until):
            at = quiet_until
        is_welcome = habits.is_listening(at) or (candidate.is_exempt and habits.hours.is_working(at))
        if is_welcome or (candidate.is_hourless and not self._is_away(candidate, at)):
            return at
        opening = habits.next_moment(at)
        needs_by = candidate.needs_by
        if needs_by is None or needs_by > opening or at >= needs_by or self._is_away(candidate, at):
            return opening
        night_ends = _night_end(habits, at)
        return at if night_ends is None or needs_by <= night_ends else min(night_ends, opening)

    @property
    def morning(self) -> datetime:
        """Return when the next day's messages begin."""
        return self.facts.habits.next_morning(_midnight_after(self.facts.habits, self.now))

    def _breaks_limit(self, candidate: Candidate, at: datetime) -> bool:
        """Return whether a limit does not hold: for deliveries, and what is needed today or early next morning."""
        if candidate.is_exempt:
            return True
        if candidate.kind in _REPEATED:
            return False
        local, needs_by = self.facts.habits.hours.local, candidate.needs_by
        if candidate.promise and local(candidate.promise.terms.due.at).date() == local(at).date():
            return True
        return needs_by is not None and candidate.at <= needs_by <= self.morning + FAIR_GAP

    def _outlasts(self, candidate: Candidate, quiet_until: datetime) -> bool:
        """Return whether it still helps after "do not disturb" is over."""
        return candidate.needs_by is None or quiet_until + TOGETHER <= candidate.needs_by

    def _is_away(self, candidate: Candidate, at: datetime) -> bool:
        """Return whether the reader entered that day as a day off; messages about terms made on it are still sent."""
        habits, promise = self.facts.habits, candidate.promise
        covering = habits.absences_at(at)
        if not covering or promise is None:
            return bool(covering)
        began_on = habits.hours.local(promise.renegotiated_at or promise.made_at).date()
        return not any(each.covers(began_on) for each in covering)


def _message(
    facts: Facts, found: Sequence[Candidate], ready: Sequence[Candidate], dropped: tuple[str, ...], now: datetime
) -> Send:
    """Compose one message: the candidates that are ready, and those that may join them."""
    order = partial(_order, facts.habits.hours)
    first = min(ready, key=order)
    if first.kind.rule.way is Way.ALONE:
        return Send((_entry(first),), None, (), dropped)
    place = Place(facts, now)
    joining = [each for each in found if _joins(each, place, now)]
    groups: dict[PromiseId, list[Candidate]] = {}
    for each in sorted({id(one): one for one in (*ready, *joining)}.values(), key=order):
        if each.promise and each.kind.rule.way is Way.JOINS:
            groups.setdefault(each.promise.id, []).append(each)
    side_questions = [about for about, group in groups.items() if group[0].joins_only]
    room = MAX_ENTRIES - (len(groups) - len(side_questions))
    for about in side_questions[max(0, min(MAX_SIDE_QUESTIONS, room)) :]:
        del groups[about]
    lead = _lead(facts, ready, len(groups), now)
    if lead is Kind.BUNDLE:
        groups = dict(list(groups.items())[:MAX_ENTRIES])
    entries = tuple(_entry(group[0]) for group in groups.values())
    absorbed = tuple(each.row_id for group in groups.values() for each in group[1:] if each.row_id)
    absorbed += tuple(each.row_id for each in found if each.row_id and _is_covered_by_terms(each, groups))
    return Send(entries, lead, absorbed, dropped)


def _lead(facts: Facts, ready: Sequence[Candidate], entries: int, now: datetime) -> Kind | None:
    """Return the kind of a message with so many entries; None for an ordinary message with one."""
    if any(each.kind is Kind.BRIEF for each in ready):
        return Kind.BRIEF
    if entries < 2:
        return None
    is_late = facts.woken_at is not None and now - facts.woken_at > HELD_UP
    return Kind.CATCH_UP if is_late else Kind.BUNDLE


def _is_covered_by_terms(candidate: Candidate, groups: Mapping[PromiseId, list[Candidate]]) -> bool:
    """Return whether the message with the terms themselves already mentions a deadline on a day off."""
    group = groups.get(candidate.promise.id) if candidate.promise else None
    return candidate.kind is Kind.CLASH and group is not None and group[0].states_terms


def _joins(candidate: Candidate, place: Place, now: datetime) -> bool:
    """Return whether it may join a message that is sent for another reason."""
    if candidate.is_blocked:
        return False
    if candidate.at <= now:
        return place.in_hours(candidate, now) <= now
    is_near = candidate.kind.rule.may_come_early and candidate.at <= now + TOGETHER
    earliest = candidate.earliest or candidate.at
    return is_near and earliest <= now and place.facts.habits.is_listening(now)


def _order(hours: WorkingHours, candidate: Candidate) -> tuple[SortKey, int, int, int]:
    """Order by urgency, deadline and promise; of one promise news comes first, in its precedence, then the newest."""
    promise, at = candidate.promise, candidate.at
    place = sort_key(promise, hours) if promise else (True, hours.local(at).date(), False, at, 0)
    return place, candidate.kind.rule.rank, candidate.precedence, -candidate.seq


def _entry(candidate: Candidate) -> Entry:
    promise_id = candidate.promise.id if candidate.promise else None
    return Entry(candidate.kind, candidate.occasion, promise_id, candidate.row_id)


def _next_look(place: Place, moments: Sequence[datetime], later: Sequence[tuple[datetime, Case]]) -> datetime | None:
    """Return when to evaluate again; of far-off promises, only those that may come first are computed."""
    facts, now = place.facts, place.now
    if not moments and not facts.cases:
        return None
    at = min([*moments, now + LOOK_AGAIN])
    for bound, case in later:
        if bound >= at:
            break
        at = min([at, *(place.of(each) for each in nudges(case, facts.person, now) if not each.joins_only)])
    return at


def _poll_at(decided_at: datetime, now: datetime) -> datetime:
    """Return when to check a message that is being sent: after a minute, then at growing intervals."""
    return now + max(SPACING, (now - decided_at) / 4)


def _night_end(habits: Habits, at: datetime) -> datetime | None:
    """Return the end of the night that an instant falls into, by the reader's clock; None by day."""
    hours, local = habits.hours, habits.hours.local(at)
    if NIGHT_TO <= local.time() < NIGHT_FROM:
        return None
    day = local.date() if local.time() < NIGHT_TO else local.date() + timedelta(days=1)
    return hours.instant(day, NIGHT_TO)


def day_began_at(habits: Habits, now: datetime) -> datetime:
    """Return the person's last midnight: the daily limit counts from here."""
    return habits.hours.instant(habits.hours.local(now).date(), time(0))


def _midnight_after(habits: Habits, now: datetime) -> datetime:
    return habits.hours.instant(habits.hours.local(now).date() + timedelta(days=1), time(0)) - timedelta(microseconds=1)


def _brief_at(facts: Facts, now: datetime) -> datetime | None:
    """Return when the next morning brief is due; None if the person wants none or has nothing open."""
    habits = facts.habits
    if not habits.has_brief or not facts.cases:
        return None
    spans = habits.windows(habits.hours.local(now).date())
    if spans and now <= spans[0][0] + BRIEF_LASTS and not facts.was_briefed:
        held = brief(facts.person, (case.promise for case in facts.cases), habits, max(now, spans[0][0]))
        if not held.is_empty:
            return spans[0][0]
    return habits.next_morning(now)
