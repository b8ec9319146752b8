"""Run each person's agenda: claim the people who are due, decide, and write each decision in one transaction."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from bot.domain.agenda import (
    SPACING,
    Case,
    Entry,
    Facts,
    Speak,
    Untold,
    Upcoming,
    Wait,
    agenda,
    day_began_at,
    is_answered,
    upcoming,
)
from bot.domain.habits import Habits
from bot.domain.kinds import Kind, Planned
from bot.domain.occasions import OfAct
from bot.domain.promise import Promise, PromiseId, TeamId, UserId
from bot.domain.transitions import HistoryEntry
from bot.ports import Delivery, DeliveryId, Messenger, Side, Transaction
from bot.use_cases.context import Context
from bot.use_cases.delivery.pacing import steady
from bot.use_cases.delivery.recalling import brief_id, decided_id
from bot.use_cases.do_not_disturb import DoNotDisturb
from bot.use_cases.people import habits_of

K = TypeVar("K")
V = TypeVar("V")
#: How many people are processed per batch.
BATCH = 200
#: How long one round lasts at most; the rest waits for the next round.
ROUND_S = 1.0
#: Upper bound of a person's open promises.
MAX_PROMISES = 10_000


@dataclass(frozen=True, slots=True)
class Seen:
    """The facts of one person as read, and the version (`seq`) of their agenda at that moment."""

    facts: Facts
    seq: int


class Agenda:
    def __init__(self, context: Context, messenger: Messenger) -> None:
        self._store, self._clock, self._new_id = context.store, context.clock, context.new_id
        self._do_not_disturb = DoNotDisturb(messenger, context.clock)

    async def run_due(self) -> int:
        """Process everyone whose `wakes_at` has passed; return how many messages were decided.

        A crash repeats the decision, never the message: a decision is written only if the agenda's `seq` is unchanged.
        """
        spoken, ends = 0, steady() + ROUND_S
        while steady() < ends:
            due = await self._store.agendas_due(self._clock.now(), BATCH)
            looked = await self._look_at(due, ends)
            if not looked:
                break
            for team_id, pairs in looked.items():
                spoken += await self._write(team_id, pairs)
        return spoken

    async def ahead(self, team_id: TeamId, person: UserId) -> list[Upcoming]:
        """Return the messages that the agenda would send to a person as of now, the earliest first."""
        now = self._clock.now()
        seen = await self._store.read(team_id, lambda tx: read_facts(tx, person, now))
        found = upcoming(seen.facts, now)
        if not found or found[0].at > now:
            return found
        until = await self._do_not_disturb.until(team_id, person)
        return upcoming(replace(seen.facts, quiet_until=until), now) if until else found

    async def next_about(self, team_id: TeamId, person: UserId, promise_id: PromiseId) -> Upcoming | None:
        """Return the next nudge to a person about one promise as of now; None if there is none."""
        now = self._clock.now()
        seen = await self._store.read(team_id, lambda tx: read_facts(tx, person, now))
        about = tuple(case for case in seen.facts.cases if case.promise.id == promise_id)
        found = upcoming(replace(seen.facts, cases=about), now) if about else []  # no nudge depends on other promises
        nudges = [each for each in found if each.candidate.kind.is_nudge]
        mine = (each for each in nudges if each.candidate.promise and each.candidate.promise.id == promise_id)
        return next(mine, None)

    async def _look_at(
        self, due: Sequence[tuple[TeamId, UserId]], ends: float
    ) -> dict[TeamId, list[tuple[Seen, Speak | Wait]]]:
        """Read everyone's facts and decide, grouped by workspace.

        Slack is asked for "do not disturb" only about people who would get a message, concurrently across workspaces.
        People whose answer does not arrive before the round `ends` stay due, so one workspace's outage does not delay
        others.
        """
        now, teams = self._clock.now(), _by_team(due)
        found = {team_id: await self._read(team_id, people, now) for team_id, people in teams.items()}
        decided: list[tuple[TeamId, Seen, Speak | Wait]] = []
        asked: dict[tuple[TeamId, UserId], asyncio.Task[datetime | None]] = {}
        for team_id, seen in ((team_id, seen) for team_id, all_seen in found.items() for seen in all_seen):
            result, person = agenda(seen.facts, now), seen.facts.person
            decided.append((team_id, seen, result))
            if isinstance(result, Speak):
                asked[team_id, person] = asyncio.create_task(self._do_not_disturb.until(team_id, person))
            await asyncio.sleep(0)  # a decision takes milliseconds: requests are answered between two of them
        quiet = await _answers(asked, ends - steady())
        looked: dict[TeamId, list[tuple[Seen, Speak | Wait]]] = {}
        for team_id, seen, result in decided:
            whose = team_id, seen.facts.person
            if whose not in asked or whose in quiet:
                until = quiet.get(whose)
                final = agenda(replace(seen.facts, quiet_until=until), now) if until else result
                looked.setdefault(team_id, []).append((seen, final))
        return looked

    async def _read(self, team_id: TeamId, people: Sequence[UserId], now: datetime) -> list[Seen]:
        return await self._store.read(team_id, lambda tx: [read_facts(tx, person, now) for person in people])

    async def _write(self, team_id: TeamId, pairs: Sequence[tuple[Seen, Speak | Wait]]) -> int:
        now = self._clock.now()

        def write(tx: Transaction) -> int:
            people = {seen.facts.person for seen, _ in pairs}
            tx.agendas.lock({*people, *(each for seen, result in pairs for each in _waiting(seen.facts, result))})
            return sum(write_decision(tx, seen, result, now, self._new_delivery) for seen, result in pairs)

        return await self._store.write(team_id, write)

    def _new_delivery(self) -> DeliveryId:
        return DeliveryId(self._new_id())


async def _answers(asked: Mapping[K, "asyncio.Task[V]"], within_s: float) -> dict[K, V]:
    """Return the answers that arrived in time. The other waits are cancelled; the requests behind them go on."""
    if asked:
        await asyncio.wait(asked.values(), timeout=max(0.0, within_s))
    answered = {key: task.result() for key, task in asked.items() if task.done()}
    for task in asked.values():
        task.cancel()
    return answered


def _by_team(due: Sequence[tuple[TeamId, UserId]]) -> dict[TeamId, list[UserId]]:
    teams: dict[TeamId, list[UserId]] = {}
    for team_id, person in due:
        teams.setdefault(team_id, []).append(person)
    return teams


def read_facts(tx: Transaction, person: UserId, now: datetime) -> Seen:
    """Read everything that one person's agenda depends on."""
    look, known = tx.agendas.look(person), tx.people.get(person)
    habits = known.habits if known else Habits()
    today = day_began_at(habits, now)
    had = tx.agendas.had(person, today, min(today, now - SPACING))
    open_ones = tx.promises.concerning(person, Side.ALL, MAX_PROMISES)
    promises = {each.id: each for each in open_ones}
    others = {row.promise_id for row in had.untold if row.promise_id and row.promise_id not in promises}
    pasts = tx.records.those({row.promise_id for row in had.untold if row.promise_id})
    promises |= {past.promise.id: past.promise for past in pasts.values()}
    messages, acted = tx.agendas.messages_about(person, others), tx.agendas.acted(person, others)
    histories = {each: past.history for each, past in pasts.items()}
    facts = Facts(
        person,
        habits,
        tuple(
            _case(tx, each, messages=messages.get(each.id, ()), acted_at=acted.get(each.id))
            for each in promises.values()
        ),
        tuple(_untold(row, histories, person) for row in had.untold),
        had.today,
        had.last_at,
        had.on_its_way_at,
        is_gone=known is not None and known.is_gone,
        was_briefed=habits.has_brief and tx.agendas.was_briefed(person, _day(habits, now)),
        woken_at=look.wakes_at,
    )
    return Seen(facts, look.seq)


def write_decision(
    tx: Transaction, seen: Seen, decided: Speak | Wait, now: datetime, new_id: Callable[[], DeliveryId]
) -> int:
    """Write the decided message and the next `wakes_at`; return how many messages were written.

    Nothing is written if the person's agenda changed since their facts were read; they stay due.
    """
    person = seen.facts.person
    wakes_at = now + SPACING if isinstance(decided, Speak) else decided.until
    if not tx.agendas.settle(person, seen.seq, wakes_at):
        return 0
    tx.agendas.drop(decided.dropped, now)
    if isinstance(decided, Wait):
        return 0
    _write_message(tx, seen.facts, decided, now, new_id)
    tx.agendas.wake(_waiting(seen.facts, decided), now)
    return 1


def _write_message(
    tx: Transaction, facts: Facts, spoken: Speak, now: datetime, new_id: Callable[[], DeliveryId]
) -> None:
    first = spoken.entries[0] if spoken.entries else None
    if spoken.lead is None and first:
        message_id = DeliveryId(first.row_id) if first.row_id else decided_id(facts, first) or new_id()
        if first.row_id:
            tx.agendas.begin(first.row_id, now)
        else:
            tx.agendas.insert([(message_id, first.promise_id, _planned(first, facts.person, now), None)], now)
        tx.agendas.include(spoken.absorbed, message_id, now)
        return
    lead = spoken.lead or Kind.BUNDLE
    message_id = brief_id(facts, _day(facts.habits, now)) if lead is Kind.BRIEF else new_id()
    occasion = _day(facts.habits, now) if lead is Kind.BRIEF else f"{now.isoformat()} {facts.person}"
    rows = [(message_id, None, Planned(lead, facts.person, now, occasion), None)]
    derived = [each for each in spoken.entries if each.row_id is None]
    derived_rows = [
        (decided_id(facts, each) or new_id(), each.promise_id, _planned(each, facts.person, now), message_id)
        for each in derived
    ]
    tx.agendas.insert([*rows, *derived_rows], now)
    tx.agendas.include([*(each.row_id for each in spoken.entries if each.row_id), *spoken.absorbed], message_id, now)


def _waiting(facts: Facts, decided: Speak | Wait) -> set[UserId]:
    """Return the other parties of the promises just asked about: an answer, or silence, changes their agendas."""
    entries = decided.entries if isinstance(decided, Speak) else ()
    asked = {each.promise_id for each in entries if each.kind.rule.asks}
    parties = [case.promise.parties for case in facts.cases if case.promise.id in asked]
    return set().union(*parties) - {facts.person}


def _planned(entry: Entry, person: UserId, now: datetime) -> Planned:
    return Planned(entry.kind, person, now, entry.occasion)


def _case(tx: Transaction, promise: Promise, **facts: object) -> Case:
    owner = tx.people.get(promise.owner_id)
    return Case(
        promise,
        habits_of(tx, promise.owner_id),
        habits_of(tx, promise.requester_id),
        is_owner_gone=owner is not None and owner.is_gone,
        **facts,  # type: ignore[arg-type]
    )


def _untold(row: Delivery, histories: "dict[PromiseId, tuple[HistoryEntry, ...]]", reader: UserId) -> Untold:
    history = histories.get(row.promise_id, ()) if row.promise_id else ()
    seq = OfAct.read(row.occasion).seq if row.kind is Kind.NOTICE else 0
    act = history[seq - 1] if 0 < seq <= len(history) else None
    answered = act is not None and is_answered(act, history[seq:], reader)
    return Untold(row.id, row.kind, row.occasion, row.due_at, row.promise_id, act, answered)


def _day(habits: Habits, now: datetime) -> str:
    return habits.hours.local(now).date().isoformat()
