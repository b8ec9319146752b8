"""The instants at which a promise is spoken of, given the calendars of both sides.

What is wanted first: the requester knows while a working day is left to them; the owner is asked while their answer can
still reach the requester by then. What calendars forbid moves earlier, and only if nothing earlier is left, later.
docs/reminders.md tells it to users.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.acts import Act
from bot.domain.habits import Habits
from bot.domain.promise import Promise, Word

#: Nobody has less warning than this, as long as there is twice as much time.
LEAST_WARNING = timedelta(minutes=5)
#: How much of their own working time the owner has for an answer, before they are asked again or it is told.
ANSWER_TIME = timedelta(hours=4)
#: Work of this many of the owner's working days or more is asked about half-way, too.
LONG_DAYS = 8
#: The last call comes this long before the deadline, or at three quarters of a promise shorter than four times that.
LAST_CALL_LEAD = timedelta(hours=1)
#: What comes closer than this to another nudge, or to the deadline, would only repeat it.
LEAST_GAP = timedelta(minutes=10)
#: A nudge that was moved, or a second question, keeps this distance instead.
FAIR_GAP = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Timing:
    """One promise between two people: every method answers for plans made at `since`."""

    promise: Promise
    owner: Habits
    requester: Habits
    lead_days: int | None = None

    @property
    def due_at(self) -> datetime:
        return self.promise.terms.due.at

    @property
    def began_at(self) -> datetime:
        """When these terms came into force."""
        return self.promise.renegotiated_at or self.promise.made_at

    def word_since(self, instant: datetime) -> Word | None:
        """What the owner said of these terms at or after `instant`."""
        word = self.promise.last_word
        return word if word and word.at >= max(instant, self.began_at) else None

    def is_on_track(self, at: datetime) -> bool:
        """Whether the owner said so in the last working hours before `at`."""
        word = self.word_since(self.owner.hours.leaving(at, ANSWER_TIME))
        return word is not None and word.act == Act.ON_TRACK

    def heads_up_at(self, since: datetime) -> datetime:
        """When the requester hears: a working day ahead of the deadline, while the owner is at work to answer."""
        want = self._days_ahead(self.requester)
        owner_there = self.owner.hours.leaving(self.due_at, ANSWER_TIME)
        return self._warning(min(want, owner_there) if owner_there > since else want, self.requester, since)

    def check_in_at(self, since: datetime) -> datetime:
        """When the owner is asked: early enough to answer before the requester is told."""
        want = self._days_ahead(self.owner)
        if not self.promise.is_own and self._days_ahead(self.requester) > since:
            told_at = self.heads_up_at(since)
            in_time = max(self.owner.hours.leaving(told_at, ANSWER_TIME), since + (told_at - since) / 2)
            want = min(want, in_time) if want > since else in_time
        return self._warning(want, self.owner, since)

    def midway_at(self, since: datetime, asked_at: datetime) -> datetime | None:
        """When the owner of long work is asked half-way, well before the check-in; not if they just spoke of it."""
        hours = self.owner.hours
        whole = hours.working_time(since, self.due_at)
        if whole < LONG_DAYS * hours.working_day:
            return None
        at = self.owner.moment_before(hours.after(since, whole / 2), since)
        if at is None or at > hours.leaving(asked_at, hours.working_day):
            return None
        return None if self.word_since(hours.leaving(at, hours.working_day)) else at

    def last_call_at(self, since: datetime, asked_at: datetime) -> datetime | None:
        """When the owner hears once more, shortly before the deadline and apart from the check-in."""
        want = self.due_at - min(LAST_CALL_LEAD, (self.due_at - since) / 4)
        at = want if self.is_outside_work else self.owner.moment_before(want, since)
        if at is None or self.due_at - at < LEAST_GAP:
            return None
        gap = LEAST_GAP if at == want else FAIR_GAP
        return at if at - asked_at >= gap else None

    def ask_again_at(self, asked_at: datetime) -> datetime | None:
        """When an unanswered check-in is repeated, if there is still time for that."""
        want = self.owner.hours.after(asked_at, ANSWER_TIME)
        at = self.owner.moment(want, asked_at + FAIR_GAP, self.due_at - FAIR_GAP)
        return at if asked_at + FAIR_GAP <= at <= self.due_at - FAIR_GAP and self.owner.is_listening(at) else None

    def no_word_at(self, asked_again_at: datetime) -> datetime | None:
        """When the requester is told of silence: four more working hours of the owner's, or as much as there is."""
        if self.promise.is_own:
            return None
        earliest, latest = asked_again_at + FAIR_GAP, self.due_at - FAIR_GAP
        want = min(self.owner.hours.after(asked_again_at, ANSWER_TIME), latest)
        at = self.requester.moment_after(want, latest) or self.requester.moment_before(want, earliest)
        return at if at and at >= earliest else None

    def early_until(self) -> datetime:
        """Until when a change leaves the requester a whole working day (bot.domain.record.is_early)."""
        return self.requester.hours.leaving(self.due_at, self.requester.hours.working_day)

    @property
    def is_outside_work(self) -> bool:
        """Whether nobody could speak to the owner in their hours between the making and the deadline."""
        return self.owner.moment_after(self.began_at, self.due_at) is None

    @property
    def is_due_by_day(self) -> bool:
        """Whether the owner may be spoken to at the deadline itself.

        No other instant can say "now", so a weekend that was agreed to counts as a day; nights, quiet hours and days
        off do not. The very end of a day, the usual deadline, still belongs to it.
        """
        any_day = replace(self.owner, hours=replace(self.owner.hours, days=frozenset(range(7))))
        return any_day.is_listening(self.due_at) or any_day.is_listening(self.due_at - timedelta(minutes=1))

    def _days_ahead(self, habits: Habits) -> datetime:
        days = self.lead_days or habits.lead_days
        at = self.due_at
        for _ in range(days):
            at = habits.hours.working_day_before(at)
        return min(at, habits.hours.leaving(self.due_at, days * habits.hours.working_day))

    def _warning(self, want: datetime, habits: Habits, since: datetime) -> datetime:
        """`want` if that is still ahead, else half-way from `since`; moved into their hours, never too late."""
        half_way = since + (self.due_at - since) / 2
        latest = max(self.due_at - LEAST_WARNING, half_way) if self._has_room(since) else half_way
        return habits.moment(min(want if want > since else half_way, latest), since, latest)

    def _has_room(self, since: datetime) -> bool:
        return self.due_at - since >= 2 * LEAST_WARNING
