"""The figures of a record against the rows of the history, counted by other means."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import groupby
from random import Random
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from bot.domain.outcomes import Outcome
from bot.domain.promise import UserId
from bot.ports import Store
from bot.use_cases.context import Context
from bot.use_cases.records import Records
from tests.fakes import SetClock
from tests.integration.test_store_opening import on_connection
from tests.integration.workspaces import OWNERS, mixed, writing
from tests.unit.factories import MONDAY, TEAM

HOUR = 3600
Outcomes = tuple[str, Fraction, float | None]
ACTS = 'SELECT promise_id, act, "by", at, due_at, what, early FROM acts ORDER BY promise_id, seq'
PROMISES = "SELECT id, owner_id, requester_id, state, what, due_at FROM promises WHERE state != 'undone'"


def instant(value: Any) -> Any:
    """SQLite counts microseconds, PostgreSQL knows instants."""
    if value is None or isinstance(value, datetime):
        return value
    return datetime.fromtimestamp(value / 1_000_000, UTC)


def working_seconds(start: datetime, end: datetime, zone: str = "Europe/Berlin") -> float:
    """Monday to Friday, nine to six, counted day by day."""
    here, total = ZoneInfo(zone), 0.0
    day = start.astimezone(here).date()
    while day <= end.astimezone(here).date():
        opens, closes = (datetime(day.year, day.month, day.day, hour, tzinfo=here).timestamp() for hour in (9, 18))
        if day.weekday() < 5:
            total += max(min(closes, end.timestamp()) - max(opens, start.timestamp()), 0)
        day += timedelta(days=1)
    return total


class SentEntry:
    """The rows of one promise, read in order, and the outcome they come to."""

    due: Any
    counts: Any
    began: Any
    warned: Any
    missed: Any
    repaired: Any
    reported: Any
    end: Any
    notices: list[float]

    def __init__(self, promise: Any, acts: list[Any]) -> None:
        self.requester, self.what = promise.requester_id, acts[0].what
        self.due = self.counts = instant(acts[0].due_at)
        self.bound = acts[0].act == "promise"
        self.own = self.bound and acts[0].by == promise.requester_id
        self.began = instant(acts[0].at)
        self.talk: dict[str, Any] | None = None
        self.warned = self.missed = self.repaired = self.reported = self.end = None
        self.credited, self.notices = False, []
        for act in acts[1:]:
            self.note(act.act, act.by, instant(act.at), instant(act.due_at), act.what, bool(act.early))

    def note(self, act: str, by: str, at: datetime, due: datetime | None, what: str | None, early: bool) -> None:
        owners = self.own or by != self.requester
        if (act == "at_risk" or (act == "propose" and owners)) and self.bound and at < self.counts:
            self.warned = self.warned or at
        if act == "propose":
            self.talk = {"owners": owners, "early": owners and early}
        if act in ("propose", "counter"):
            self.talk = self.talk or {"owners": False, "early": False}
            self.talk |= {"due": due if due != self.due else None, "what": what if what != self.what else None}
        if act == "hand_over":
            self.talk = {"heir": True}
        if act == "accept_proposal" and self.talk and "heir" in self.talk:
            self.own = False
        elif act == "accept_proposal" or (act == "propose" and self.own):
            self.agree(at)
        corrects = act == "edit" and (what or due)  # else it sets the estimate alone
        if act in ("accept_proposal", "reject_proposal", "retract", "expire", "report") or (
            corrects or (act == "propose" and self.own)
        ):
            self.talk = None
        if act == "accept_request":
            self.bound, self.began = True, at
        if corrects:
            self.due = self.counts = due or self.due
            self.what, self.missed = what or self.what, None
        if act == "miss" or (act == "reopen" and at >= self.due):
            again = self.missed is None or (act == "miss" and self.repaired is not None)
            self.missed, self.repaired = at if again else self.missed, None
        if act == "reopen":
            self.reported = None
        if act == "report" or (act == "accept_delivery" and self.reported is None):
            self.reported, self.missed = at, self.missed or (at if at > self.due else None)
        if act in ("accept_delivery", "settle", "revoke", "release", "decline", "withdraw"):
            self.end = (act, at)

    def agree(self, at: datetime) -> None:
        talk = self.talk or {"owners": False, "early": False, "due": None, "what": None}
        due, slipped = talk["due"] or self.due, self.due > self.counts
        late = self.missed is not None and self.repaired is None and self.reported is None
        later = due > self.counts
        self.due, self.what = due, talk["what"] or self.what
        if not self.bound:
            self.counts, self.bound, self.began = due, True, at
        elif late:
            self.repaired = at if talk["due"] else self.repaired
        elif not (talk["owners"] and later and (slipped or not talk["early"])):
            if talk["early"] and (later or talk["what"]):
                self.credited = True
                self.notices.append(self.warning())
            if talk["due"]:
                self.counts, self.warned = due, None

    def warning(self) -> float:
        return working_seconds(self.warned, self.counts) if self.warned else 0.0

    def outcome(self) -> Outcomes | None:
        """Its name, what it counts for, and the notice where there was something to warn of."""
        act, at = self.end or ("", MONDAY)
        if act in ("accept_delivery", "settle"):
            return self.kept()
        if act == "release" and self.bound:
            return "released", Fraction(0), None
        if act == "revoke" and self.bound:
            first = min(self.warned or at, at)
            left, whole = working_seconds(first, self.counts), working_seconds(self.began, self.counts)
            half = self.counts > self.began and self.counts - first >= (self.counts - self.began) / 2
            early = left >= 9 * HOUR or (whole < 18 * HOUR and half)
            return ("revoked_early", Fraction(1, 2), left) if early else ("revoked_late", Fraction(0), left)
        if not act and self.missed and self.repaired is None and self.reported is None:
            return "missed", Fraction(0), self.warning()
        return None

    def kept(self) -> Outcomes:
        if self.reported <= self.counts:
            return ("renegotiated", Fraction(1), min(self.notices)) if self.credited else ("on_time", Fraction(1), None)
        by = Fraction(working_seconds(self.counts, self.reported))
        curve = 1 / (1 + by / (9 * HOUR))
        if self.repaired and self.reported <= self.due:
            return "repaired", max(curve, Fraction(1, 2)), self.warning()
        return "late", curve, self.warning()


def recounted(
    promises: list[Any], acts: dict[str, list[Any]], owner: str
) -> Iterator[tuple[str, Fraction, float | None]]:
    for promise in promises:
        if promise.owner_id == owner and promise.requester_id != owner:
            sent = SentEntry(promise, acts[promise.id]).outcome()
            if sent:
                yield sent


async def test_a_record_is_what_its_acts_show_counted_another_way(store: Store, database_url: str) -> None:
    await store.write(TEAM, writing(mixed(Random(11), 600)))
    promises = await on_connection(database_url, lambda c: c.execute(text(PROMISES)).all())
    rows = await on_connection(database_url, lambda c: c.execute(text(ACTS)).all())
    acts = {promise_id: list(sent) for promise_id, sent in groupby(rows, key=lambda row: row.promise_id)}
    found: Counter[str] = Counter()
    for owner in OWNERS:
        records = Records(Context(store, SetClock(MONDAY + timedelta(days=90))))
        record = (await records.of(TEAM, UserId(owner), UserId(owner), "Europe/Berlin")).record
        sent = list(recounted(promises, acts, owner))
        counts = Counter(name for name, _, _ in sent)
        assert {outcome.value: count for outcome, count in record.counts.items()} == dict(counts)
        assert record.credit == sum((credit for _, credit, _ in sent), Fraction(0))
        notices = [notice for name, _, notice in sent if notice is not None]
        assert record.notice == (timedelta(seconds=median(notices)) if notices else None)
        found += counts
    assert set(found) == set(Outcome)
