"""Run each person's agenda: claim the people who are due, decide, and write each decision in one transaction."""

import asyncio
import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from bot.domain.agenda import SPACING, Send, Turn, Upcoming, upcoming
from bot.domain.promise import Promise, TeamId, UserId
from bot.ports import Messenger, Transaction
from bot.use_cases.agenda_decisions import Batch, Decision, write_decisions
from bot.use_cases.agenda_facts import Seen, read_about, read_all, read_facts
from bot.use_cases.context import Context
from bot.use_cases.delivery.pacing import steady
from bot.use_cases.delivery.settings import HOLD
from bot.use_cases.do_not_disturb import DoNotDisturb

K = TypeVar("K")
V = TypeVar("V")
#: How many people are processed per batch, and how many batches are found by one query: it sorts everyone who is due.
BATCH, BATCHES_FOUND = 100, 4
#: Most workspaces that are read or written at the same time. The pool to PostgreSQL has ten connections, and requests
#: need some of them.
AT_ONCE = 4
#: How long one round lasts at most; the rest waits for the next round.
ROUND_S = 1.0


class Agenda:
    def __init__(self, context: Context, messenger: Messenger) -> None:
        self._store, self._clock, self._new_delivery = context.store, context.clock, context.new_delivery
        self._tick_again = context.tick_again
        self._do_not_disturb = DoNotDisturb(messenger, context.clock)
        self._at_once = asyncio.Semaphore(AT_ONCE)
        #: The workspace whose turn was last; None: begin with any, so that two replicas seldom do the same work. It is
        #: None as well after another replica was found at work.
        self._after: str | None = None
        #: Those found to be due whose turn is still to come; the next round begins with them.
        self._found: Sequence[tuple[TeamId, UserId]] = ()
        #: The last round ended before everyone due was decided about.
        self.is_behind = False
        #: Until when those who were written to get no further message.
        self._resting: dict[tuple[TeamId, UserId], datetime] = {}

    async def run_due(self, busy: Callable[[], Collection[TeamId]] = frozenset) -> int:
        """Process everyone whose `wakes_at` has passed; return how many messages were decided.

        `busy` returns the workspaces that have messages to send for some time already: deciding about more of their
        people would only keep others waiting, so that one batch of theirs ends the round. A crash repeats the
        decision, never the message: a decision is written only if the agenda's `seq` is unchanged.
        """
        count, ends = 0, steady() + ROUND_S
        self.is_behind = is_any_decided = True
        while (self._found or is_any_decided) and steady() < ends:
            waiting = busy()
            if not self._found:
                self._found, is_any_decided = await self._due(waiting), False
            batch, self._found = self._found[:BATCH], self._found[BATCH:]
            looked = await self._look_at(await self._mine(batch), ends) if batch else {}
            # Together: on SQLite they share a commit, on PostgreSQL they wait for it at the same time.
            count += sum(await asyncio.gather(*(self._write(*decided) for decided in looked.items())))
            is_any_decided = is_any_decided or bool(looked)
            if looked and batch[0][0] in waiting:
                self._found = ()
                return count
        self.is_behind = bool(self._found) or is_any_decided
        if self.is_behind:
            self._tick_again()  # the rest does not wait for the next second
        return count

    async def _due(self, busy: Collection[TeamId]) -> Sequence[tuple[TeamId, UserId]]:
        """Return people who are due, of some workspaces behind those of the last batch; those of `busy` ones last."""
        now, limit = self._clock.now(), BATCH * BATCHES_FOUND
        due = await self._store.agendas_due(now, limit, self._after or "", busy)
        if self._after is None and len(due) >= BATCH:
            due = await self._store.agendas_due(now, limit, random.choice(due)[0], busy)  # noqa: S311  no secret
        if not due:
            self._after = None
        return due

    async def _mine(self, batch: Sequence[tuple[TeamId, UserId]]) -> Sequence[tuple[TeamId, UserId]]:
        """Return the people of a batch, without workspaces that another process decides about, and sends for."""
        self._after = batch[-1][0]
        mine = await self._store.take_turns({team_id for team_id, _ in batch}, HOLD)
        return [each for each in batch if each[0] in mine]

    async def ahead(self, team_id: TeamId, person: UserId) -> list[Upcoming]:
        """Return the messages that the agenda would send to a person as of now, the earliest first."""
        now = self._clock.now()
        seen = await self._store.read(team_id, lambda tx: read_facts(tx, person, now))
        found = upcoming(seen.facts, now)
        if not found or found[0].at > now:
            return found
        until = await self._do_not_disturb.until(team_id, person)
        return upcoming(replace(seen.facts, quiet_until=until), now) if until else found

    async def next_about(self, promise: Promise, person: UserId) -> Upcoming | None:
        """Return the next nudge to a person about a promise as of now; None if there is none."""
        if not promise.state.is_open or person not in (promise.owner_id, promise.requester_id):
            return None
        now = self._clock.now()
        facts = await self._store.read(promise.team_id, lambda tx: read_about(tx, person, promise, now))
        return next((each for each in upcoming(facts, now) if each.candidate.kind.is_nudge), None)

    async def _look_at(self, due: Sequence[tuple[TeamId, UserId]], ends: float) -> dict[TeamId, Sequence[Decision]]:
        """Read everyone's facts and decide, grouped by workspace.

        Slack is asked for "do not disturb" only about people who would get a message, concurrently across workspaces.
        People whose answer does not arrive before the round `ends` stay due, so one workspace's outage does not delay
        others.
        """
        now, teams = self._clock.now(), _by_team(due)
        decided: dict[TeamId, list[Decision]] = {}
        asked: dict[tuple[TeamId, UserId], asyncio.Future[datetime | None]] = {}
        read = await asyncio.gather(*(self._read(team_id, people, now) for team_id, people in teams.items()))
        for team_id, facts in zip(teams, read, strict=True):
            turn = Turn(now)
            for seen in facts:
                found, person = turn.decide(seen.facts), seen.facts.person
                turn.note(seen.facts, found)
                decided.setdefault(team_id, []).append((seen, found))
                if isinstance(found.result, Send):
                    asked[team_id, person] = self._do_not_disturb.asked(team_id, person)
                await asyncio.sleep(0)  # a decision takes a millisecond: requests are answered between two of them
        quiet: dict[TeamId, dict[UserId, datetime | None]] = {}
        for (team_id, person), until in (await _answers(asked, ends - steady())).items():
            quiet.setdefault(team_id, {})[person] = until if until and until > now else None
        final = {team_id: _with_quiet(pairs, quiet.get(team_id, {}), now) for team_id, pairs in decided.items()}
        return {team_id: pairs for team_id, pairs in final.items() if pairs}

    async def _read(self, team_id: TeamId, people: Sequence[UserId], now: datetime) -> list[Seen]:
        async with self._at_once:
            return await self._store.read(team_id, lambda tx: read_all(tx, people, now))

    async def _write(self, team_id: TeamId, pairs: Sequence[Decision]) -> int:
        now = self._clock.now()
        resting = {person: until for (team, person), until in self._resting.items() if team == team_id and until > now}

        def write(tx: Transaction) -> Batch:
            batch = Batch(now, self._new_delivery)
            write_decisions(tx, pairs, batch, resting)
            return batch

        async with self._at_once:
            batch = await self._store.write(team_id, write)
        if batch.lost:
            self._after, self._found = None, ()
        self._resting = {whom: until for whom, until in self._resting.items() if until > now}
        self._resting |= {(team_id, person): now + SPACING for person in batch.sent_to}
        return len(batch.sent_to)


def _with_quiet(
    pairs: Sequence[Decision], quiet: Mapping[UserId, datetime | None], now: datetime
) -> Sequence[Decision]:
    """Return the decisions as they are with "do not disturb"; people about whom Slack has not answered are left out.

    So are those to whom nothing was to be sent before, about whom it was not asked.
    """
    written_to = [seen.facts.person for seen, decided in pairs if isinstance(decided.result, Send)]
    if all(person in quiet and quiet[person] is None for person in written_to):
        return pairs
    turn, final = Turn(now), list[Decision]()
    changed: set[UserId] = set()
    for seen, first in pairs:
        person, until = seen.facts.person, quiet.get(seen.facts.person)
        facts, decided = replace(seen.facts, quiet_until=until), first
        if until or turn.woken_by(person) != first.after or first.after & changed:
            decided = turn.decide(facts)
        if isinstance(decided.result, Send) and person not in quiet:
            changed.add(person)
            continue
        if decided.result != first.result:
            changed.add(person)
        turn.note(facts, decided)
        final.append((seen, decided))
    return final


async def _answers(asked: Mapping[K, "asyncio.Future[V]"], within_s: float) -> dict[K, V]:
    """Return the answers that arrived in time; the requests for the others go on."""
    if asked:
        await asyncio.wait(asked.values(), timeout=max(0.0, within_s))
    return {key: answer.result() for key, answer in asked.items() if answer.done()}


def _by_team(due: Sequence[tuple[TeamId, UserId]]) -> dict[TeamId, list[UserId]]:
    teams: dict[TeamId, list[UserId]] = {}
    for team_id, person in due:
        teams.setdefault(team_id, []).append(person)
    return teams
