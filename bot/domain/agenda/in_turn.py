"""Decide about several people of one workspace in turn, each from the facts that the messages before leave behind."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.agenda.deciding import agenda
from bot.domain.agenda.facts import Case, Facts, MessageRecord, Send, Wait, is_on_record
from bot.domain.kinds import Kind
from bot.domain.promise import PromiseId, UserId


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision about one person; `after` are those whose messages of the same turn the decision knows."""

    result: Send | Wait
    after: frozenset[UserId] = frozenset()


@dataclass
class Turn:
    """The messages decided so far, as they change the facts about everyone who comes after.

    A person is decided about from these facts only if a message changes their agenda (`waiting_for`). The result is
    the same as if each decision were written before the next person's facts are read.
    """

    now: datetime
    _woken: dict[UserId, set[UserId]] = field(default_factory=dict)
    _messages: dict[PromiseId, tuple[MessageRecord, ...]] = field(default_factory=dict)

    def woken_by(self, person: UserId) -> frozenset[UserId]:
        """Return those whose messages changed a person's agenda since it was decided."""
        return frozenset(self._woken.get(person, ()))

    def decide(self, facts: Facts) -> Decided:
        """Decide about the next person."""
        after = self.woken_by(facts.person)
        return Decided(agenda(self._current(facts) if after else facts, self.now), after)

    def note(self, facts: Facts, decided: Decided) -> None:
        """Note that a decision holds, for those who come after."""
        self._woken.pop(facts.person, None)
        for other in waiting_for(facts, decided.result):
            self._woken.setdefault(other, set()).add(facts.person)
        changes = _changes(facts, decided.result, self.now)
        for case in facts.cases:
            if of_it := changes.get(case.promise.id):
                before = self._messages.get(case.promise.id, case.messages)
                self._messages[case.promise.id] = _with(before, of_it)

    def _current(self, facts: Facts) -> Facts:
        return replace(facts, cases=tuple(map(self._current_case, facts.cases)))

    def _current_case(self, case: Case) -> Case:
        messages = self._messages.get(case.promise.id)
        return replace(case, messages=messages) if messages else case


def waiting_for(facts: Facts, decided: Send | Wait) -> set[UserId]:
    """Return the other parties of the promises just asked about: an answer, or silence, changes their agendas."""
    entries = decided.entries if isinstance(decided, Send) else ()
    asked = {each.promise_id for each in entries if each.kind.rule.asks}
    parties = [case.promise.parties for case in facts.cases if case.promise.id in asked]
    return set().union(*parties) - {facts.person}


@dataclass(frozen=True, slots=True)
class _Change:
    """A message to a person as a decision leaves it; a row that waited is replaced, a new one is added."""

    record: MessageRecord
    promise_id: PromiseId
    is_row: bool

    @property
    def key(self) -> tuple[Kind, UserId, str]:
        return _key(self.record)


def _key(record: MessageRecord) -> tuple[Kind, UserId, str]:
    return record.kind, record.to, record.occasion


def _changes(facts: Facts, decided: Send | Wait, now: datetime) -> dict[PromiseId, list[_Change]]:
    """Return the messages to a person that a decision adds or changes, by promise."""
    found, rows = [], {row.id: row for row in facts.untold}
    sent: set[str] = set()
    if isinstance(decided, Send):
        sent = {*decided.absorbed, *(each.row_id for each in decided.entries if each.row_id)}
        for each in decided.entries:
            if each.promise_id and not each.row_id and is_on_record(each.kind):
                record = MessageRecord(each.kind, facts.person, each.occasion, now)
                found.append(_Change(record, each.promise_id, is_row=False))
    for row_id in (*sent, *decided.dropped):
        row = rows[row_id]
        if row.promise_id and is_on_record(row.kind):
            at, was_dropped = (now, False) if row_id in sent else (row.at, True)
            record = MessageRecord(row.kind, facts.person, row.occasion, at, was_dropped=was_dropped)
            found.append(_Change(record, row.promise_id, is_row=True))
    by_promise: dict[PromiseId, list[_Change]] = {}
    for change in found:
        by_promise.setdefault(change.promise_id, []).append(change)
    return by_promise


def _with(messages: tuple[MessageRecord, ...], changes: Collection[_Change]) -> tuple[MessageRecord, ...]:
    """Return messages with some of them changed; what was decided before stays as it is, as in the table."""
    rows = {each.key: each.record for each in changes if each.is_row}
    known = set(map(_key, messages))
    added = [each.record for each in changes if not each.is_row and each.key not in known]
    return (*(each if each.decided_at else rows.get(_key(each), each) for each in messages), *added)
