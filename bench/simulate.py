"""Fifty people over ninety days, with the reminders' real functions: `make simulate` writes the table of the docs."""

import heapq
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from statistics import median, quantiles

from bench.office import DAYS, FIRST_DAY, Work, Worker, workers, works
from bot.domain.acts import Act, State
from bot.domain.bundles import TOGETHER, Owed, is_news, saying
from bot.domain.deciding import Entry, begin, perform
from bot.domain.following_up import is_unanswered
from bot.domain.promise import CLOCK, Due, Promise, UserId
from bot.domain.record import is_early
from bot.domain.reminders import FOLLOW_UPS, Kind, Planned, notices, plan, still_wanted
from bot.domain.working_time import add_working_days

SEED = 6
#: Guesses about people: how often a message is answered, and how often somebody speaks or reports unasked.
ANSWERS, SPEAKS_UP, REPORTS, ACCEPTS = 0.7, 0.15, 0.6, 0.6
PAGE = Path(__file__).parents[1] / "docs" / "reminders.md"
BEGIN, END = "<!-- simulation: begin -->", "<!-- simulation: end -->"
Key = tuple[Kind, str, str]


@dataclass(slots=True)
class Job:
    """A promise on its way through the simulation, with its deliveries by what makes them unique."""

    work: Work
    promise: Promise
    history: list[Entry]
    pending: dict[Key, Planned] = field(default_factory=dict)
    sent: dict[Key, datetime] = field(default_factory=dict)
    acts: dict[str, Act] = field(default_factory=dict)
    fate: str = ""


@dataclass(slots=True)
class Seen:
    """What the table counts; `messages` by person and their local day, `fates` of dates that could not be kept.

    A fate comes with whether its owner saw it coming early enough to say so early.
    """

    messages: Counter[tuple[UserId, date]] = field(default_factory=Counter)
    warned: list[timedelta] = field(default_factory=list)
    nudges: Counter[tuple[UserId, date]] = field(default_factory=Counter)
    outside: int = 0
    promises: int = 0
    fates: Counter[tuple[str, bool]] = field(default_factory=Counter)


class Town:
    """The clock, everybody's deliveries, and how people answer; `speaks` False is a town without reminders."""

    def __init__(self, people: tuple[Worker, ...], chance: Random, *, speaks: bool) -> None:
        self.people = {worker.id: worker.habits for worker in people}
        self.seen = Seen()
        self._chance = chance
        self._speaks = speaks
        self._order = count()
        self._agenda: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._waiting: dict[UserId, set[tuple[str, Key]]] = defaultdict(set)
        self._jobs: dict[str, Job] = {}

    def run(self) -> None:
        while self._agenda:
            at, _, happen = heapq.heappop(self._agenda)
            happen(at)

    def expect(self, work: Work) -> None:
        self._at(work.promise.made_at, lambda now: self._make(work, now))

    def _at(self, at: datetime, happen: Callable[[datetime], None]) -> None:
        heapq.heappush(self._agenda, (at, next(self._order), happen))

    # What becomes of a promise: the domain's own functions, in the order of the use cases.

    def _make(self, work: Work, now: datetime) -> None:
        terms = work.promise.terms
        first = Entry(Act.PROMISE, work.promise.owner_id, now, what=terms.what, due=terms.due)
        job = Job(work, begin(work.promise, first), [first])
        self._jobs[job.promise.id] = job
        self.seen.promises += 1
        self._follow(None, job, first)
        if self._chance.random() < REPORTS:
            self._at(work.done_at, lambda at: self._report(job, at))
        if work.knows_at and self._chance.random() < SPEAKS_UP:
            self._at(work.knows_at, lambda at: self._move(job, at))

    def _do(self, job: Job, entry: Entry) -> None:
        before, job.promise = job.promise, perform(job.promise, entry)
        job.history.append(entry)
        self._follow(before, job, entry)

    def _follow(self, before: Promise | None, job: Job, entry: Entry) -> None:
        promise, now = job.promise, entry.at
        if promise.state is State.ACTIVE and entry.act is not Act.MISS:
            self._at(promise.terms.due.at, lambda at: self._miss(job, at))
        for key in [key for key in job.pending if key[0].is_nudge]:
            self._waiting[UserId(key[1])].discard((promise.id, key))
        planned = plan(promise, self.people[promise.owner_id], self.people[promise.requester_id], now)
        wanted = {(nudge.kind, nudge.to, nudge.occasion): nudge for nudge in planned} if self._speaks else {}
        nudges = {key: nudge for key, nudge in wanted.items() if key not in job.sent}
        job.pending = {key: told for key, told in job.pending.items() if not key[0].is_nudge} | nudges
        for key, nudge in nudges.items():
            self._wait(job, key, nudge.at)
        for told in notices(before, promise, entry.act, entry.by, now):
            self._notify(job, told, entry.act, now)

    # What time says.

    def _wait(self, job: Job, key: Key, at: datetime) -> None:
        person = UserId(key[1])
        self._waiting[person].add((job.promise.id, key))
        self._at(at, lambda now: self._speak(person, now))

    def _notify(self, job: Job, told: Planned, act: Act, now: datetime) -> None:
        key = (told.kind, told.to, told.occasion)
        job.pending[key], job.acts[told.occasion] = told, act
        self._wait(job, key, now)

    def _speak(self, person: UserId, now: datetime) -> None:
        owed = {}
        for promise_id, key in sorted(self._waiting[person]):
            job = self._jobs[promise_id]
            nudge = job.pending[key]
            if nudge.at <= now + TOGETHER and self._is_wanted(job, key, now):
                act = job.acts.get(key[2], Act.MISS)
                owed[promise_id, key] = Owed(job.promise, nudge, is_news(key[0], act))
        habits = self.people[person]
        today = (person, habits.hours.local(now).date())
        said = saying(tuple(owed.values()), habits, self.seen.messages[today], now)
        for (promise_id, key), one in owed.items():
            job = self._jobs[promise_id]
            if one in said.said:
                self._waiting[person].discard((promise_id, key))
                self._sent(job, key, job.pending.pop(key), now)
            elif one in said.held and said.held_until:
                if key[0].is_nudge:
                    job.pending[key] = Planned(key[0], key[1], said.held_until, key[2])
                self._wait(job, key, said.held_until)
        if said.said:
            self._count(person, now)
        if any(one.nudge.kind.is_nudge for one in said.said):
            self.seen.nudges[today] += 1
            self.seen.outside += not (habits.is_listening(now) or habits.is_listening(now - timedelta(minutes=1)))

    def _is_wanted(self, job: Job, key: Key, now: datetime) -> bool:
        kind, _, occasion = key
        if not still_wanted(kind, occasion, job.promise, now):
            return False
        asked_at = job.sent.get((Kind.CHECK_IN, job.promise.owner_id, occasion))
        return kind not in FOLLOW_UPS or is_unanswered(job.promise, job.history, asked_at)

    def _sent(self, job: Job, key: Key, nudge: Planned, now: datetime) -> None:
        job.sent[key] = now
        person, promise = UserId(nudge.to), job.promise
        if nudge.kind in (Kind.CHECK_IN, Kind.HEADS_UP):
            self.seen.warned.append(self.people[person].hours.working_time(now, promise.terms.due.at))
        if nudge.kind.is_nudge and person == promise.owner_id and self._chance.random() < ANSWERS:
            self._at(self._soon(person, now, 90), lambda at: self._answer(job, at))

    def _count(self, person: UserId, now: datetime) -> None:
        self.seen.messages[person, self.people[person].hours.local(now).date()] += 1

    # What people do.

    def _soon(self, person: UserId, now: datetime, minutes: int) -> datetime:
        return self.people[person].hours.after(now, timedelta(minutes=self._chance.randint(5, minutes)))

    def _answer(self, job: Job, now: datetime) -> None:
        knows_at = job.work.knows_at
        if job.promise.state is not State.ACTIVE:
            return
        if now >= job.work.done_at:
            self._report(job, now)
        elif (knows_at and now >= knows_at) or now >= job.promise.terms.due.at:
            self._move(job, now)
        else:
            self._do(job, Entry(Act.ON_TRACK, job.promise.owner_id, now))

    def _move(self, job: Job, now: datetime) -> None:
        promise = job.promise
        if promise.state is not State.ACTIVE or promise.proposal or job.work.done_at <= promise.terms.due.at:
            return
        owner, requester = self.people[promise.owner_id].hours, self.people[promise.requester_id].hours
        early = is_early(promise, now, requester)
        self._fate(job, "raised early" if early else "raised late" if now < promise.terms.due.at else "missed")
        later = owner.after(max(job.work.done_at, now), timedelta(hours=2))
        self._do(job, Entry(Act.PROPOSE, promise.owner_id, now, due=Due(later, owner.zone), early=early))
        if job.promise.proposal:
            self._at(self._soon(promise.requester_id, now, 240), lambda at: self._agree(job, at))

    def _agree(self, job: Job, now: datetime) -> None:
        proposal = job.promise.proposal
        if job.promise.state is State.ACTIVE and proposal and proposal.due and proposal.due.at > now:
            self._do(job, Entry(Act.ACCEPT_PROPOSAL, proposal.to, now))

    def _report(self, job: Job, now: datetime) -> None:
        promise = job.promise
        if promise.state is not State.ACTIVE:
            return
        settles_at = add_working_days(now, 3, self.people[promise.requester_id].hours)
        self._do(job, Entry(Act.REPORT, promise.owner_id, now, settles_at=settles_at))
        if job.promise.state is State.REPORTED:
            accepts = self._chance.random() < ACCEPTS
            at = self._soon(promise.requester_id, now, 600) if accepts else settles_at
            self._at(at, lambda later: self._close(job, later))

    def _close(self, job: Job, now: datetime) -> None:
        if job.promise.state is State.REPORTED:
            is_over = job.promise.settles_at and now >= job.promise.settles_at
            entry = Entry(Act.SETTLE, CLOCK, now) if is_over else None
            self._do(job, entry or Entry(Act.ACCEPT_DELIVERY, job.promise.requester_id, now))

    def _miss(self, job: Job, now: datetime) -> None:
        promise = job.promise
        if promise.state is State.ACTIVE and promise.missed_at is None and promise.terms.due.at <= now:
            self._fate(job, "missed")
            self._do(job, Entry(Act.MISS, CLOCK, now))

    def _fate(self, job: Job, fate: str) -> None:
        """What first became of the first date, if that really could not be kept."""
        first, knows_at = job.work.promise, job.work.knows_at
        if job.fate or knows_at is None or job.promise.terms.due != first.terms.due:
            return
        job.fate = fate
        is_foreseen = is_early(first, knows_at, self.people[first.requester_id].hours)
        self.seen.fates[fate, is_foreseen] += 1


def simulated(*, speaks: bool) -> tuple[Seen, list[tuple[UserId, date]]]:
    """What was seen, and every working day of every person."""
    chance = Random(SEED)
    people = workers(chance)
    town = Town(people, Random(SEED), speaks=speaks)
    for work in works(people, chance):
        town.expect(work)
    town.run()
    days = [FIRST_DAY + timedelta(days=ahead) for ahead in range(DAYS)]
    return town.seen, [(one.id, day) for one in people for day in days if one.habits.hours.works_on(day)]


def table() -> str:
    """The Markdown table of docs/reminders.md."""
    seen, days = simulated(speaks=True)
    silent, _ = simulated(speaks=False)
    warnings = [warning / timedelta(hours=1) for warning in seen.warned]
    loads, nudges = ([counted[day] for day in days] for counted in (seen.messages, seen.nudges))
    rows = [
        ("promises made", f"{seen.promises:,}"),
        ("messages per person and working day, all kinds: median · 99th percentile", _load(loads)),
        ("of these, sent by time: median · 99th percentile", _load(nudges)),
        ("sent by time outside working hours", f"{seen.outside / seen.nudges.total():.1%}"),
        ("warning before the deadline, in working hours: median", f"{median(warnings):.1f}"),
        ("the same: 5th percentile", f"{quantiles(warnings, n=20)[0]:.1f}"),
        ("dates that could not be kept: raised early", _share(seen, "raised early")),
        ("raised, but late", _share(seen, "raised late")),
        ("missed in silence", _share(seen, "missed")),
        ("those that the owner saw coming in time: raised early", _share(seen, "raised early", foreseen=True)),
        ("without reminders: raised early", _share(silent, "raised early")),
        ("without reminders: missed in silence", _share(silent, "missed")),
        ("without reminders: seen coming and raised early", _share(silent, "raised early", foreseen=True)),
    ]
    return "\n".join(["| measure | value |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])


def _load(counts: list[int]) -> str:
    return f"{median(counts):g} · {quantiles(counts, n=100)[98]:g}"


def _share(seen: Seen, fate: str, *, foreseen: bool = False) -> str:
    of_interest = {key: number for key, number in seen.fates.items() if key[1] or not foreseen}
    whole = sum(of_interest.values())
    return f"{sum(number for key, number in of_interest.items() if key[0] == fate) / whole:.0%} of {whole}"


def main() -> None:
    result = table()
    sys.stdout.write(f"{result}\n")
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, tail = rest.partition(END)
    PAGE.write_text(f"{head}{BEGIN}\n{result}\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
