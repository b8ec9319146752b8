"""One promise played through on its two sides' agendas, with Slack taking every message immediately."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.acts import Act
from bot.domain.agenda import Case, Facts, MessageRecord, Send, Untold, agenda, day_began_at
from bot.domain.audience import audience
from bot.domain.habits import Habits
from bot.domain.kinds import Kind
from bot.domain.promise import CLOCK, Promise, UserId
from bot.domain.transitions import HistoryEntry, clock_act, perform


@dataclass
class Line:
    """One message: when, to whom, what it says."""

    at: datetime
    to: UserId
    kinds: tuple[Kind, ...]
    lead: Kind | None = None
    acts: tuple[Act, ...] = ()


@dataclass
class Play:
    """The promise and its people; `quiet` holds the ends of "do not disturb", `gone` closed accounts."""

    promise: Promise
    owner: Habits = field(default_factory=Habits)
    requester: Habits = field(default_factory=Habits)
    quiet: dict[UserId, datetime] = field(default_factory=dict)
    gone: set[UserId] = field(default_factory=set)
    lines: list[Line] = field(default_factory=list)
    shown: list[MessageRecord] = field(default_factory=list)
    untold: dict[UserId, list[Untold]] = field(default_factory=dict)
    other_messages: list[tuple[datetime, UserId]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.now = self.promise.made_at
        self.acted_at: datetime | None = None
        if not self.promise.is_own:
            self._notify(None, HistoryEntry(Act.PROMISE, self.promise.owner_id, self.now))

    def act(self, act: Act, by: UserId, **words: Any) -> None:
        before, entry = self.promise, HistoryEntry(act, by, self.now, **words)
        self.promise = perform(before, entry)
        if by == self.promise.owner_id:
            self.acted_at = self.now
        self._notify(before, entry)

    def run(self, until: datetime) -> "Play":
        """Advance time, and send both sides what is due."""
        while self.now <= until:
            act = clock_act(self.promise, self.now)
            if act:
                self.act(act, CLOCK)
                continue
            looks = [self._look(person) for person in sorted({self.promise.owner_id, self.promise.requester_id})]
            clock = self.promise.next_clock_at()
            ahead = [at for at in (*looks, clock) if at is not None]
            if not ahead or min(ahead) > until:
                self.now = until
                break
            assert min(ahead) > self.now, "time stands still"
            self.now = min(ahead)
        return self

    def to(self, person: UserId) -> list[Line]:
        return [line for line in self.lines if line.to == person]

    def kinds(self, person: UserId) -> list[str]:
        """Return the kinds sent to a person, in order; news by its act."""
        return [str(act or kind) for line in self.to(person) for kind, act in zip(line.kinds, line.acts, strict=True)]

    def first(self, kind: Kind, act: Act | None = None) -> datetime | None:
        return next(
            (
                line.at
                for line in self.lines
                for one, its_act in zip(line.kinds, line.acts, strict=True)
                if one is kind and (act is None or its_act is act)
            ),
            None,
        )

    def facts(self, person: UserId) -> Facts:
        habits = self.owner if person == self.promise.owner_id else self.requester
        mine = [line.at for line in self.to(person)] + [at for at, to in self.other_messages if to == person]
        mine = [at for at in mine if at <= self.now]
        waiting = [MessageRecord(row.kind, to, row.occasion) for to, rows in self.untold.items() for row in rows]
        gone = self.promise.owner_id in self.gone
        case = Case(
            self.promise, self.owner, self.requester, (*self.shown, *waiting), self.acted_at, is_owner_gone=gone
        )
        return Facts(
            person,
            habits,
            (case,),
            tuple(self.untold.get(person, ())),
            sent_today=sum(at >= day_began_at(habits, self.now) for at in mine),
            last_at=max(mine, default=None),
            quiet_until=self.quiet.get(person),
            is_gone=person in self.gone,
        )

    def wait(self, person: UserId, at: datetime, kind: Kind, occasion: str) -> None:
        """Add a row that waits for the agenda: what a click asks for."""
        self.untold.setdefault(person, []).append(Untold(f"r{len(self.shown)}", kind, occasion, at, self.promise.id))

    def _look(self, person: UserId) -> datetime | None:
        decided = agenda(self.facts(person), self.now)
        rows = {row.id: row for row in self.untold.get(person, [])}
        self.untold[person] = [row for row in rows.values() if row.id not in decided.dropped]
        if not isinstance(decided, Send):
            return decided.until
        sent = [rows[each.row_id] if each.row_id else None for each in decided.entries]
        acts = tuple(row.act if row else None for row in sent)
        self.lines.append(Line(self.now, person, tuple(each.kind for each in decided.entries), decided.lead, acts))
        ended = {each.row_id for each in decided.entries} | set(decided.absorbed)
        for row in rows.values():
            if row.id in decided.absorbed:
                self.shown.append(MessageRecord(row.kind, person, row.occasion, self.now, self.now))
        for each in decided.entries:
            assert not any(
                (one.kind, one.to, one.occasion) == (each.kind, person, each.occasion) for one in self.shown
            ), f"{each} twice"
            self.shown.append(MessageRecord(each.kind, person, each.occasion, self.now, self.now))
        self.untold[person] = [row for row in self.untold[person] if row.id not in ended]
        return self.now + timedelta(minutes=1)

    def _notify(self, before: Promise | None, entry: HistoryEntry) -> None:
        for person in audience(before, self.promise, entry.act, entry.by):
            row_id, occasion = f"a{self.promise.seq}:{person}", f"a{self.promise.seq}"
            row = Untold(row_id, Kind.NOTICE, occasion, entry.at, self.promise.id, entry.act)
            self.untold.setdefault(person, []).append(row)

    def table(self) -> str:
        """The timeline, each message in its reader's local time."""
        rows = []
        for line in self.lines:
            habits = self.owner if line.to == self.promise.owner_id else self.requester
            local = line.at.astimezone(ZoneInfo(habits.hours.zone))
            who = "owner" if line.to == self.promise.owner_id else "requester"
            what = ", ".join(str(act or kind) for kind, act in zip(line.kinds, line.acts, strict=True))
            rows.append(f"{local:%a %d %b %H:%M} {who}: {what}")
        return "\n".join(rows)


def between(owner: str, requester: str, made: str, due: str, **changes: Any) -> Play:
    """A promise between two zones; `made` and `due` are local to its owner."""
    from bot.domain.promise import Due
    from bot.domain.working_time import WorkingHours
    from tests.unit.factories import promised

    zone = ZoneInfo(owner)
    made_at, due_at = (datetime.fromisoformat(at).replace(tzinfo=zone).astimezone(UTC_ZONE) for at in (made, due))
    base = promised()
    promise = promised(made_at=made_at, terms=replace(base.terms, due=Due(due_at, owner)))
    sides = {"owner": Habits(WorkingHours(owner)), "requester": Habits(WorkingHours(requester))}
    return Play(promise, **(sides | changes))


UTC_ZONE = ZoneInfo("UTC")
