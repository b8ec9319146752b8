"""The best instants for messages about a promise, given the calendars of both sides.

The requester is warned while a working day is left to them; the owner is asked while their answer, or a notice of
their silence, can still reach the requester by then. An instant outside of message hours moves earlier, or later if
there is none earlier. docs/reminders.md describes this for users; bot.domain.agenda decides which messages are sent.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from bot.domain.acts import Act
from bot.domain.habits import Habits
from bot.domain.promise import Promise
from bot.domain.unlocked import unlocked_property
from bot.domain.working_time import WorkingHours

#: The shortest warning before a deadline.
MIN_WARNING = timedelta(minutes=5)
#: The owner's working time for an answer, before the question is repeated or the requester learns of the silence.
ANSWER_TIME = timedelta(hours=4)
#: The same if there is less time: before the requester is warned, and before a change would be late.
QUICK_ANSWER = timedelta(hours=1, minutes=30)
#: Work of this many of the owner's working days or more is asked about half-way, too.
LONG_DAYS = 8
#: The last call comes this long before the deadline, or after two thirds of a promise shorter than three times that:
#: so that QUICK_ANSWER is left, or half of a promise shorter than twice that.
LAST_CALL_LEAD = timedelta(hours=2, minutes=30)
#: Without an answer it is repeated when this share is left of the time from it to the deadline.
CALLED_AGAIN = 0.6
#: "On track" within this time before a last call stands for its answer.
LATEST_WORD = timedelta(hours=2)
#: The least distance between a last call and the deadline, where the promise is long enough.
MIN_GAP = timedelta(minutes=10)
#: The distance between two messages about one promise, and of the last news of silence from the deadline.
FAIR_GAP = timedelta(hours=1)
#: A heads-up is sent apart from the announcement if this much time is left: half an hour, less the time to send it.
WARNED_APART = timedelta(minutes=25)


@dataclass(frozen=True)
class Timing:
    """One promise between two people, from when its terms came into force. Each moment is computed once."""

    promise: Promise
    owner: Habits
    requester: Habits

    @unlocked_property
    def due_at(self) -> datetime:
        return self.promise.terms.due.at

    @unlocked_property
    def began_at(self) -> datetime:
        """Return when these terms came into force."""
        word = self.promise.last_word
        if word and word.act == Act.ACCEPT_REQUEST and self.promise.renegotiated_at is None:
            return word.at
        return self.promise.renegotiated_at or self.promise.made_at

    @unlocked_property
    def word_at(self) -> datetime:
        """Return when the owner last gave their word on these terms; agreeing to them is one."""
        word = self.promise.last_word
        return max(word.at, self.began_at) if word else self.began_at

    @unlocked_property
    def word_holds_until(self) -> datetime:
        """Return until when the owner is not asked again: a working day of theirs after their word."""
        return self.owner.hours.after(self.word_at, self.owner.hours.working_day)

    def is_on_track(self, at: datetime) -> bool:
        """Return whether the owner reported "on track" on these terms within LATEST_WORD before `at`."""
        word = self.promise.last_word
        return word is not None and word.act == Act.ON_TRACK and word.at >= max(at - LATEST_WORD, self.began_at)

    def is_offering(self, at: datetime) -> bool:
        """Return whether an offer of the owner's is open, and some working hours old at most."""
        offer = self.promise.proposal
        if offer is None or offer.by != self.promise.owner_id or offer.heir:
            return False
        return offer.at >= self.owner.hours.leaving(at, ANSWER_TIME)

    @unlocked_property
    def heads_up_at(self) -> datetime:
        """Return when the requester is warned: a working day ahead, while the owner is at work to answer."""
        want = self._warning_begins
        owner_there = self.owner.hours.leaving(self.due_at, ANSWER_TIME)
        return self._warning(min(want, owner_there) if owner_there > self.began_at else want, self.requester)

    @unlocked_property
    def _warning_begins(self) -> datetime:
        """Return when the requester's working days ahead of the deadline begin."""
        return self._days_ahead(self.requester)

    @unlocked_property
    def check_in_at(self) -> datetime | None:
        """Return when the owner is asked: while a change is early, before the requester is warned or learns of silence.

        Not within a working day of their word, and not when the last call would follow within four hours.
        """
        since, want = self.began_at, self._days_ahead(self.owner)
        if not self.promise.is_own:
            if self._warning_begins > since:
                warned_at = self.heads_up_at
                in_time = max(self.owner.hours.leaving(warned_at, QUICK_ANSWER), since + (warned_at - since) / 2)
                want = min(want, in_time) if want > since else in_time
            silence_at = self.silence_notice_by
            if silence_at and (asked_by := self.owner.hours.leaving(silence_at, 2 * ANSWER_TIME)) > since:
                want = min(want, asked_by)
        if (asked_by := self.owner.hours.leaving(self.early_until, 2 * QUICK_ANSWER)) > since:
            want = min(want, asked_by)
        at = self._warning(want, self.owner)
        if at < self.word_holds_until:
            at = self.owner.next_moment(self.word_holds_until)
        return at if at <= (self.last_call_at or self.due_at) - ANSWER_TIME else None

    @unlocked_property
    def midway_at(self) -> datetime | None:
        """Return when the owner of long work is asked half-way, well before the check-in."""
        hours, at = self.owner.hours, self.half_of_work
        asked_at = self.check_in_at if at else None
        if at is None or asked_at is None or at > hours.leaving(asked_at, hours.working_day):
            return None
        return at if at >= self.word_holds_until else None

    @unlocked_property
    def half_of_work(self) -> datetime | None:
        """Return the owner's moment at half of the working time of long work."""
        hours = self.owner.hours
        whole = hours.working_time(self.began_at, self.due_at)
        if whole < LONG_DAYS * hours.working_day:
            return None
        return self.owner.moment_before(hours.after(self.began_at, whole / 2), self.began_at)

    @unlocked_property
    def last_call_at(self) -> datetime | None:
        """Return when the owner is asked once more, while there is time for an answer before the deadline."""
        span = self.due_at - self.began_at
        lead = min(LAST_CALL_LEAD, max(span / 3, min(QUICK_ANSWER, span / 2)))
        if lead < MIN_WARNING:
            return None
        want = self.due_at - lead
        latest = self.due_at - min(FAIR_GAP, lead)
        at = self.owner.moment_after(want, latest) or self.owner.moment(want, self.began_at, self.due_at - MIN_WARNING)
        return want if at - self.began_at < min(FAIR_GAP, span / 3) else at

    @unlocked_property
    def silence_notice_by(self) -> datetime | None:
        """Return the last moment of the requester's from which one of their working hours is left to the deadline."""
        return self.requester.moment_before(self.requester.hours.leaving(self.due_at, FAIR_GAP), self.began_at)

    @unlocked_property
    def early_until(self) -> datetime:
        """Return until when a change leaves the requester a whole working day (bot.domain.record.is_early)."""
        return self.requester.hours.leaving(self.due_at, self.requester.hours.working_day)

    @unlocked_property
    def is_outside_work(self) -> bool:
        """Return whether the owner has no working time between the making and the deadline."""
        return self.owner.moment_after(self.began_at, self.due_at) is None

    @unlocked_property
    def is_due_at_work(self) -> bool:
        """Return whether the owner may be asked at the deadline itself; the very end of a working day is part of it."""
        return self.owner.is_listening(self.due_at) or self.owner.is_listening(self.due_at - timedelta(minutes=1))

    def _days_ahead(self, habits: Habits) -> datetime:
        return _days_before(self.due_at, self.promise.lead_days or habits.lead_days, habits.hours)

    def _warning(self, want: datetime, habits: Habits) -> datetime:
        """Return `want` if that is after the beginning, else half-way; moved into their hours, never too late."""
        since = self.began_at
        half_way = since + (self.due_at - since) / 2
        latest = max(self.due_at - MIN_WARNING, half_way)
        return habits.moment(min(want if want > since else half_way, latest), since, latest)


@lru_cache(1024)  # both sides often have the same hours, and many promises the same deadline
def _days_before(due_at: datetime, days: int, hours: WorkingHours) -> datetime:
    """Return the same time so many working days earlier, with as many days of working time left."""
    at = due_at
    for _ in range(days):
        at = hours.working_day_before(at)
    return min(at, hours.leaving(due_at, days * hours.working_day))
