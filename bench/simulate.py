"""Fifty people over ninety days with the product itself: `make simulate` writes the table of docs/reminders.md.

With `--timeline N` it prints who was sent what about promise N, and when by their own clock.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from random import Random

from bench.counting import Job, Seen, table
from bench.office import DAYS, FIRST_DAY, PEOPLE, Work, Worker, best_possible, workers, works
from bench.simulated_workspace import TEAM, ReceivedMessage, SimulatedWorkspace, simulated_workspace, timeline
from bot.domain.acts import Act, State
from bot.domain.preferences import Preferences
from bot.domain.promise import Due, Promise, PromiseId, UserId
from bot.domain.record import is_early
from bot.progress_bar import progress_bar

SEED = 6
#: How often a delivery is accepted, rather than left to settle by itself.
ACCEPTS = 0.6
#: A promise this long or longer is spoken of to both sides before its deadline.
MIN_SPAN = timedelta(minutes=30)
PAGE = Path(__file__).parents[1] / "docs" / "reminders.md"
BEGIN, END = "<!-- simulation: begin -->", "<!-- simulation: end -->"
WARNINGS = frozenset({"check_in", "heads_up"})


class Office:
    """How people act on what they see and get; `listens` False is an office where reminders are not read.

    A decision depends on the promise and on how often the person decided about it before, not on other people.
    """

    def __init__(
        self, opened: SimulatedWorkspace, people: Sequence[Worker], seed: int, *, listens: bool = True
    ) -> None:
        self.seen = Seen()
        self._workspace = opened
        self._people = {worker.id: worker for worker in people}
        self._seed = seed
        self._listens = listens
        opened.react = self._got

    async def settle_in(self) -> None:
        """Everybody chooses their hours and notes when they are away, by their settings."""
        services = self._workspace.services
        for worker in self._people.values():
            chosen: Preferences = worker.person.preferences
            await services.preference_changes.choose(TEAM, worker.id, chosen)
            for absence in worker.absences:
                await services.absences.add(TEAM, worker.id, absence)

    def expect(self, work: Work) -> None:
        self._workspace.at(work.made_at, partial(self._make, work))

    # What people do unasked.

    async def _make(self, work: Work) -> None:
        what = f"what {work.owner} promised"
        job = Job(work, await self._workspace.make(work.owner, work.requester, what, work.due))
        self.seen.jobs[job.promise.id] = job
        manner = self._people[work.owner].manner
        self._workspace.at(work.due.at, partial(self._deadline, job))
        if self._decides(job, "report").random() < manner.reports:
            self._workspace.at(work.done_at, partial(self._report, job))
        if work.knows_at and self._decides(job, "speak up").random() < manner.speaks_up:
            self._workspace.at(work.knows_at, partial(self._move, job))

    async def _deadline(self, job: Job) -> None:
        """Count the outcome of the first date when it comes: silence is a miss."""
        promise = await self._workspace.promise(job.promise.id)
        if promise.terms.due == job.work.due and promise.state is State.ACTIVE:
            self._fate(job, "missed")
            self._check_warned(promise)

    # What people do with a message.

    def _got(self, received: ReceivedMessage) -> None:
        self._count(received)
        worker, now, workspace = self._people[received.to], received.at, self._workspace
        for job in map(self.seen.jobs.__getitem__, received.offers(Act.REPORT)):
            chance = self._decides(job, "answer")
            is_asked = job.promise.owner_id == received.to and self._listens
            if is_asked and chance.random() < worker.manner.answers:
                workspace.at(_soon(worker, now, 90, chance), partial(self._answer, job))
        for job in map(self.seen.jobs.__getitem__, received.offers(Act.ACCEPT_PROPOSAL)):
            at = _soon(worker, now, 240, self._decides(job, "agree"))
            workspace.at(at, partial(workspace.act, job.promise.id, Act.ACCEPT_PROPOSAL, worker.id))
        for job in map(self.seen.jobs.__getitem__, received.offers(Act.ACCEPT_DELIVERY)):
            chance = self._decides(job, "accept")
            if chance.random() < ACCEPTS:
                at = _soon(worker, now, 600, chance)
                workspace.at(at, partial(workspace.act, job.promise.id, Act.ACCEPT_DELIVERY, worker.id))

    async def _answer(self, job: Job) -> None:
        promise, now, knows_at = (
            await self._workspace.promise(job.promise.id),
            self._workspace.clock.now(),
            job.work.knows_at,
        )
        if promise.state is not State.ACTIVE:
            return
        if now >= job.work.done_at:
            await self._report(job)
        elif (knows_at and now >= knows_at) or now >= promise.terms.due.at:
            await self._move(job)
        else:
            await self._workspace.act(promise.id, Act.ON_TRACK, promise.owner_id)

    async def _move(self, job: Job) -> None:
        promise, now, work = await self._workspace.promise(job.promise.id), self._workspace.clock.now(), job.work
        if promise.state is not State.ACTIVE or promise.proposal or work.done_at <= promise.terms.due.at:
            return
        if promise.terms.due == work.due:
            early = is_early(promise, now, self._people[promise.requester_id].hours)
            self._fate(job, "raised early" if early else "raised late" if now < work.due.at else "missed")
        hours = self._people[promise.owner_id].hours
        later = Due(hours.after(max(work.done_at, now), timedelta(hours=2)), hours.zone)
        await self._workspace.act(promise.id, Act.PROPOSE, promise.owner_id, later)

    async def _report(self, job: Job) -> None:
        await self._workspace.act(job.promise.id, Act.REPORT, job.promise.owner_id)

    def _decides(self, job: Job, what: str) -> Random:
        job.decisions[what] += 1
        return Random(f"{self._seed} {job.promise.number} {what} {job.decisions[what]}")

    # What is counted.

    def _fate(self, job: Job, fate: str) -> None:
        """Note what first became of the first date, if that really cannot be kept."""
        work = job.work
        if work.knows_at and not job.fate:
            job.fate = fate
            job.foreseen = is_early(job.promise, work.knows_at, self._people[work.requester].hours)

    def _count(self, received: ReceivedMessage) -> None:
        worker = self._people[received.to]
        habits, now = (
            worker.person.preferences.habits(worker.person.zone, worker.person.holidays, worker.absences),
            received.at,
        )
        day = (received.to, habits.hours.local(now).date())
        self.seen.messages[day] += 1
        if any(entry.is_by_time for entry in received.entries):
            self.seen.nudges[day] += 1
            if not (habits.is_listening(now) or habits.is_listening(now - timedelta(minutes=1))):
                self.seen.outside.append(received)
        for entry in received.entries:
            if entry.kind in WARNINGS and (job := self.seen.jobs.get(PromiseId(entry.promise_id))):
                self.seen.warned.append(habits.hours.working_time(now, job.promise.terms.due.at))

    def _check_warned(self, promise: Promise) -> None:
        """Look for a word of time to both sides; the announcement serves where it leaves less than half an hour."""
        if promise.terms.due.at - promise.made_at < MIN_SPAN:
            return
        requester, due_at = self._people[promise.requester_id].hours, promise.terms.due.at
        news = [
            received.at
            for received in self._workspace.received
            if received.to == promise.requester_id and any(entry.promise_id == promise.id for entry in received.entries)
        ]
        is_announced = requester.working_time(min(news, default=promise.made_at), due_at) < MIN_SPAN
        for side, person in (("owner", promise.owner_id), ("requester", promise.requester_id)):
            about = (
                entry for received in self._workspace.received if received.to == person for entry in received.entries
            )
            kinds = {entry.kind for entry in about if entry.promise_id == promise.id and entry.kind != "due_now"}
            is_reported = any(not kind.startswith("notice ") for kind in kinds)
            # another date that the owner offered speaks of the deadline to the requester, too
            has_spoken = promise.last_word is not None if side == "owner" else "notice propose" in kinds
            if not (is_reported or has_spoken or (side == "requester" and (is_announced or promise.is_own))):
                self.seen.unwarned.append((side, promise))


def _soon(worker: Worker, now: datetime, minutes: int, chance: Random) -> datetime:
    return worker.hours.after(now, timedelta(minutes=chance.randint(5, minutes)))


async def simulated(
    seed: int = SEED, *, people: int = PEOPLE, days: int = DAYS, listens: bool = True
) -> tuple[Seen, list[tuple[UserId, date]], list[str]]:
    """Return what was seen, every working day of every person, and how each promise's timeline reads."""
    chance = Random(seed)
    staff = workers(chance, people, days)
    everybody = {worker.id: worker for worker in staff}
    start = datetime.combine(FIRST_DAY - timedelta(days=2), time(0), UTC)
    async with simulated_workspace(
        [each.person for each in staff], start, lambda who: everybody[who].quiet_until(opened.clock.now())
    ) as opened:
        office = Office(opened, staff, seed, listens=listens)
        await office.settle_in()
        known = list(works(staff, chance, days))
        for work in known:
            office.expect(work)
        office.seen.best = {questions: best_possible(known, everybody, questions) for questions in (1, 2, 3)}
        with progress_bar("Days") as progress:
            await opened.run(start + timedelta(days=days + 60), progress)
        lines = _timelines(office.seen, opened.received, everybody)
    calendar = [FIRST_DAY + timedelta(days=ahead) for ahead in range(days)]
    return office.seen, [(one.id, day) for one in staff for day in calendar if one.hours.works_on(day)], lines


def _timelines(seen: Seen, received: Sequence[ReceivedMessage], everybody: dict[UserId, Worker]) -> list[str]:
    people = {id_: worker.person for id_, worker in everybody.items()}
    found = []
    for job in sorted(seen.jobs.values(), key=lambda job: job.promise.number):
        promise, owner = job.promise, people[job.work.owner]
        head = f"#{promise.number}: {owner.name} ({owner.zone}, {everybody[owner.id].manner.name}) to "
        head += f"{people[job.work.requester].name} ({people[job.work.requester].zone}), "
        head += f"made {promise.made_at:%a %d %b %H:%M} UTC, due {promise.terms.due.local:%a %d %b %H:%M %Z}"
        head += f"; {job.fate or 'no trouble'}"
        found.append("\n  ".join([head, *timeline(received, promise.id, people)]))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--timeline", type=int, metavar="N", help="print who was sent what about promise N, and when")
    parser.add_argument("--seed", type=int, default=SEED, help="another office of the same kind; writes no page")
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--days", type=int, default=DAYS)
    asked = parser.parse_args()
    size = {"people": asked.people, "days": asked.days}
    seen, days, timelines = asyncio.run(simulated(asked.seed, **size))
    if asked.timeline:
        sys.stdout.write(f"{timelines[asked.timeline - 1]}\n")
        return
    silent, _, _ = asyncio.run(simulated(asked.seed, **size, listens=False))
    result = table(seen, silent, days)
    sys.stdout.write(f"{result}\n")
    if (asked.seed, asked.people, asked.days) == (SEED, PEOPLE, DAYS):
        head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        _, _, tail = rest.partition(END)
        PAGE.write_text(f"{head}{BEGIN}\n{result}\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
