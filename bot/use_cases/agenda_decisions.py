"""Write what people's agendas decided: a few statements for several people of one workspace."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.agenda import SPACING, Decided, Entry, Facts, Send, Wait, waiting_for
from bot.domain.kinds import Kind, Planned
from bot.domain.promise import PromiseId, UserId
from bot.ports import DeliveryId, Transaction
from bot.use_cases.agenda_facts import Seen, local_day_of
from bot.use_cases.delivery.recalling import brief_id, decided_id

Decision = tuple[Seen, Decided]
Row = tuple[DeliveryId, PromiseId | None, Planned, DeliveryId | None]


@dataclass
class Batch:
    """Decisions of several people, collected to be written together.

    `sent_to` are the people who get a message, `woken` those whose agendas the messages change afterwards, each with
    who got those, and `lost` the number of those about whom another process decided meanwhile.
    """

    now: datetime
    new_id: Callable[[], DeliveryId]
    sent_to: set[UserId] = field(default_factory=set)
    woken: dict[UserId, set[UserId]] = field(default_factory=dict)
    lost: int = 0
    settled: list[tuple[UserId, int, datetime | None]] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    included: list[tuple[str, DeliveryId]] = field(default_factory=list)

    def add(self, pairs: Sequence[Decision], seqs: Mapping[UserId, int]) -> None:
        """Collect the decisions whose facts still hold; the others stay due.

        They do not if the agenda's `seq` changed since they were read, or if the messages before it in the batch that
        wake it are not those that the decision knows.
        """
        for seen, decided in pairs:
            person, result = seen.facts.person, decided.result
            if self.woken.get(person, set()) != decided.after:
                continue
            if seqs.get(person) != seen.seq:
                self.lost += 1
                continue
            self.woken.pop(person, None)
            self.settled.append((person, seen.seq, self._due_next(result)))
            self.dropped += result.dropped
            if isinstance(result, Send):
                self.sent_to.add(person)
                self._add_message(seen.facts, result)
                for other in waiting_for(seen.facts, result):
                    self.woken.setdefault(other, set()).add(person)

    def _due_next(self, decided: Send | Wait) -> datetime | None:
        return self.now + SPACING if isinstance(decided, Send) else decided.until

    def _add_message(self, facts: Facts, message: Send) -> None:
        first = message.entries[0] if message.entries else None
        if message.lead is None and first:
            message_id = DeliveryId(first.row_id) if first.row_id else decided_id(facts, first) or self.new_id()
            if first.row_id:
                self.begun.append(first.row_id)
            else:
                self.rows.append((message_id, first.promise_id, self._planned(first, facts.person), None))
            self.included += [(row, message_id) for row in message.absorbed]
            return
        lead, day = message.lead or Kind.BUNDLE, local_day_of(facts.habits, self.now)
        message_id = brief_id(facts, day) if lead is Kind.BRIEF else self.new_id()
        occasion = day if lead is Kind.BRIEF else f"{self.now.isoformat()} {facts.person}"
        self.rows.append((message_id, None, Planned(lead, facts.person, self.now, occasion), None))
        for each in message.entries:
            if each.row_id:
                self.included.append((each.row_id, message_id))
            else:
                entry_id = decided_id(facts, each) or self.new_id()
                self.rows.append((entry_id, each.promise_id, self._planned(each, facts.person), message_id))
        self.included += [(row, message_id) for row in message.absorbed]

    def _planned(self, entry: Entry, person: UserId) -> Planned:
        return Planned(entry.kind, person, self.now, entry.occasion)


def write_decisions(
    tx: Transaction, pairs: Sequence[Decision], batch: Batch, resting: Mapping[UserId, datetime]
) -> None:
    """Write the decided messages and when each agenda is due next.

    People whose agendas the messages change are due immediately; those in `resting`, who have just been sent a message,
    are due at the instant it gives.
    """
    wakes = {seen.facts.person: waiting_for(seen.facts, decided.result) for seen, decided in pairs}
    seqs = tx.agendas.lock(set(wakes).union(*wakes.values()))
    batch.add(pairs, seqs)
    tx.agendas.settle(batch.settled)
    tx.agendas.drop(batch.dropped, batch.now)
    tx.agendas.insert(batch.rows, batch.now)
    tx.agendas.begin(batch.begun, batch.now)
    tx.agendas.include(batch.included, batch.now)
    rest = dict(resting) | dict.fromkeys(batch.sent_to, batch.now + SPACING)
    tx.agendas.wake({each: rest.get(each, batch.now) for each in batch.woken})
