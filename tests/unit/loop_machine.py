"""The whole loop as a state machine: anybody does anything, in any order, to several promises, while time goes forward.

Hypothesis drives it, and it drives a Desk: the domain alone, or the use case over a real database.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import product
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.domain.acts import Act
from bot.domain.drafts import Draft
from bot.domain.errors import KeptError, NotAllowedError, NotFoundError, TooLateError, UnreadableError
from bot.domain.promise import (
    CLOCK,
    NOTE_LIMIT,
    RATINGS,
    WHAT_LIMIT,
    ChannelId,
    Due,
    Origin,
    Promise,
    PromiseId,
    Rest,
    UserId,
)
from bot.domain.transitions import HistoryEntry, allowed_acts, clock_act, perform
from bot.domain.weight import Priority
from tests.unit.factories import ALICE, BOB, CHARLIE, DAVE, MONDAY
from tests.unit.loop_desk import Desk, Drawer
from tests.unit.loop_invariants import Ledger, Performing, check_agenda, check_notices, check_replay

PAIRS = ((ALICE, BOB), (BOB, ALICE), (ALICE, BOB), (ALICE, ALICE))
PEOPLE = (ALICE, BOB, CHARLIE, DAVE)
INSTANT, MINUTE = timedelta(microseconds=1), timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AHEAD = (DAY, 4 * DAY, 3 * HOUR, None, 10 * MINUTE, 30 * DAY, INSTANT, 200 * DAY, timedelta(), -HOUR)
#: How time goes by: around the five minutes of second thoughts; what is below zero, to before the clock is wanted.
WAITS = (MINUTE, INSTANT, 4 * MINUTE, 3 * HOUR, -INSTANT, DAY, 3 * DAY, 40 * DAY)
OF_RIGHT_OR_STAGE = (NotFoundError, NotAllowedError, TooLateError)
#: Acts that make no sense without what they carry.
NEEDS_MORE = frozenset(
    {Act.ADJUST, Act.PROPOSE, Act.COUNTER, Act.EDIT, Act.HAND_OVER, Act.ADD_NOTE, Act.RATE, Act.ACCEPT_DELIVERY}
)
ENDS = frozenset({Act.UNDO, Act.REVOKE, Act.RELEASE, Act.DECLINE, Act.WITHDRAW})


@dataclass(frozen=True)
class Wish:
    """The inputs of an act, sensible or not: words by their length, times counted from the present."""

    note: int = 0
    what: int | None = None
    ahead: timedelta | None = None
    rest_ahead: timedelta | None = None
    heir: UserId = DAVE
    rating: str = ""
    early: bool = False

    def entry(self, act: Act, by: UserId, now: datetime) -> HistoryEntry:
        rest = Rest("the rest", Due(now + self.rest_ahead, "UTC")) if self.rest_ahead else None
        return HistoryEntry(
            act,
            by,
            now,
            note="ü" * self.note,
            what=None if self.what is None else "x" * self.what,
            due=Due(now + self.ahead, "Europe/Berlin") if self.ahead is not None else None,
            done_when="y" * self.note or None,
            rating=self.rating,
            heir=self.heir if act is Act.HAND_OVER else None,
            rest=rest if act in (Act.PROPOSE, Act.COUNTER) else None,
            early=self.early,
            estimate=HOUR * len(self.rating) if act is Act.ADJUST and self.note else None,
            priority=Priority.URGENT if act is Act.ADJUST and self.early else None,
        )


SENSIBLE = [
    Wish(7, what, ahead, rest_ahead, DAVE, rating, early)
    for what, ahead, rest_ahead, rating, early in product(
        (9, WHAT_LIMIT),
        (10 * MINUTE, None, 3 * HOUR, 4 * DAY, 30 * DAY),
        (None, 40 * DAY),
        ("", RATINGS[0]),
        (True, False),
    )
]
_some = st.sampled_from
#: 15 is the length of what was promised first.
WILD = st.builds(
    Wish,
    _some((0, 7, NOTE_LIMIT, NOTE_LIMIT + 1)),
    _some((None, 0, 9, 15, WHAT_LIMIT, WHAT_LIMIT + 1)),
    _some(AHEAD),
    _some((None, 40 * DAY, -DAY)),
    _some(PEOPLE),
    _some(("", RATINGS[0], "superb")),
)
WHICH, PICK = st.integers(0, 3), st.integers(0, 59)


class LoopMachine(RuleBasedStateMachine):
    """Subclasses say which desk, and may break it."""

    perform: Performing = staticmethod(perform)
    reached: ClassVar[Counter[Act]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.now = MONDAY
        self.desk = self.new_desk()
        self.ledgers: dict[PromiseId, Ledger] = {}

    def new_desk(self) -> Desk:
        return Drawer(self.perform)

    def teardown(self) -> None:
        self.desk.close()

    def _one(self, which: int) -> PromiseId:
        return list(self.ledgers)[which % len(self.ledgers)]

    @precondition(lambda self: len(self.ledgers) < 4)
    @rule(
        owner=_some(PEOPLE[:2]), other=_some(PEOPLE[:2]), asks=st.booleans(), ahead=_some(AHEAD), private=st.booleans()
    )
    def make(self, owner: UserId, other: UserId, asks: bool, ahead: timedelta | None, private: bool) -> None:
        ahead = ahead or timedelta()
        watchers = (CHARLIE,) if len(self.ledgers) % 2 else ()
        draft = Draft("x" * 15, Due(self.now + ahead, "Europe/Berlin"), other, owner, watchers, asks=asks)
        by, place = other if asks else owner, Origin(ChannelId("D1" if private else "C1"), is_private=private)
        try:
            made = self.desk.make(by, draft, place, self.now)
        except UnreadableError:
            assert ahead <= timedelta()
            return
        assert ahead > timedelta()
        self.ledgers[made.id] = Ledger(made, made.terms)
        self._check_step(made.id, None, self.desk.shown(made.id)[1][0])

    @precondition(lambda self: self.ledgers)
    @rule(which=WHICH, talk=st.lists(st.tuples(PICK, _some(SENSIBLE)), min_size=2, max_size=10))
    def talk(self, which: int, talk: list[tuple[int, Wish]]) -> None:
        """People do what their buttons offer, and fill in the forms well; others try what they may not do."""
        promise_id = self._one(which)
        for pick, wish in talk:
            promise, _ = self.desk.shown(promise_id)
            act, who = self._next_in_talk(promise, pick)
            third = next(person for person in PEOPLE if person not in (promise.owner_id, promise.requester_id))
            what = 8 if wish.what == len(promise.terms.what) else wish.what
            sensible = replace(wish, heir=third, rating=RATINGS[1] if act is Act.RATE else wish.rating, what=what)
            self._do(promise_id, act, who, sensible, may_be_unreadable=False)
            self.now += timedelta(seconds=1)
        for who, act in self.meddling(self.desk.shown(promise_id)[0]):
            self._do(promise_id, act, who, talk[0][1], may_be_unreadable=False)

    @precondition(lambda self: self.ledgers)
    @rule(which=WHICH, pick=PICK, wish=WILD)
    def blunder(self, which: int, pick: int, wish: Wish) -> None:
        """A person does an offered act, with anything at all in the form."""
        promise_id = self._one(which)
        act, who = self._next_in_talk(self.desk.shown(promise_id)[0], pick)
        too_long = wish.note > NOTE_LIMIT or (wish.what or 0) > WHAT_LIMIT
        self._do(promise_id, act, who, wish, may_be_unreadable=too_long or act in NEEDS_MORE)

    @precondition(lambda self: self.ledgers)
    @rule(which=WHICH, wait=_some(WAITS), clock_sleeps=st.booleans())
    def wait(self, which: int, wait: timedelta, clock_sleeps: bool) -> None:
        """Time goes forward: by so much, or to just before the clock is wanted."""
        wanted_at = self.desk.shown(self._one(which))[0].next_clock_at() or self.now
        self.now = max(self.now, wanted_at + wait) if wait < timedelta() else self.now + wait
        if not clock_sleeps:
            self._let_the_clock_act()

    def meddling(self, promise: Promise) -> list[tuple[UserId, Act]]:
        """All that is not offered, so that every bit of it is refused."""
        return [(who, act) for who in PEOPLE for act in sorted(set(Act) - allowed_acts(promise, who, self.now))]

    def _next_in_talk(self, promise: Promise, pick: int) -> tuple[Act, UserId]:
        """An act offered to a person, or one of the clock; acts that end the promise come up less often."""
        offered = [(act, who) for who in PEOPLE for act in allowed_acts(promise, who, self.now)]
        if wakes_at := promise.next_clock_at():
            offered.append((clock_act(promise, wakes_at) or Act.MISS, CLOCK))
        likely = [each for each in offered if each[0] not in ENDS for _ in range(4)] + offered
        return sorted(likely, reverse=True)[pick % len(likely)] if likely else (Act.REOPEN, promise.requester_id)

    def _do(self, promise_id: PromiseId, act: Act, who: UserId, wish: Wish, *, may_be_unreadable: bool) -> None:
        promise, _ = self.desk.shown(promise_id)
        if who == CLOCK:
            self.now = max(self.now, promise.next_clock_at() or self.now)
            self._let_the_clock_act()
        else:
            odd = may_be_unreadable or self._is_stale(promise, act)
            self._try(promise_id, wish.entry(act, who, self.now), may_be_unreadable=odd)

    def _let_the_clock_act(self) -> None:
        for _ in range(4):
            before = {promise_id: self.desk.shown(promise_id) for promise_id in self.ledgers}
            owed = {promise_id: clock_act(promise, self.now) for promise_id, (promise, _) in before.items()}
            done = self.desk.pass_time(self.now)
            for promise_id, act in owed.items():
                history = self.desk.shown(promise_id)[1]
                assert [entry.act for entry in history[len(before[promise_id][1]) :]] == ([act] if act else [])
                if act:
                    self._check_step(promise_id, before[promise_id][0], history[-1])
            if not done:
                return
        raise AssertionError("the clock never comes to rest")

    @invariant()
    def the_clock_is_woken_exactly_when_it_has_something_to_do(self) -> None:
        for promise_id in self.ledgers:
            promise, _ = self.desk.shown(promise_id)
            wakes_at = promise.next_clock_at()
            assert (wakes_at is not None and wakes_at <= self.now) == (clock_act(promise, self.now) is not None)

    def _try(self, promise_id: PromiseId, entry: HistoryEntry, *, may_be_unreadable: bool) -> None:
        before, history = self.desk.shown(promise_id)
        offered = entry.act in allowed_acts(before, entry.by, self.now)
        refusal = self._refusal(promise_id, entry)
        may_be_unreadable |= entry.act is Act.ACCEPT_REQUEST and before.terms.due.at <= self.now
        if refusal:
            assert self.desk.shown(promise_id) == (before, history), "a refusal changes nothing"
            assert isinstance(refusal, UnreadableError if offered else OF_RIGHT_OR_STAGE), (refusal, offered)
            assert may_be_unreadable or not offered, refusal
            return
        assert offered, "what is not offered is refused"
        lengthened = self.desk.shown(promise_id)[1]
        assert lengthened[:-1] == history, "an act adds one line to the history and touches no other"
        self._check_step(promise_id, before, lengthened[-1])

    def _refusal(self, promise_id: PromiseId, entry: HistoryEntry) -> KeptError | None:
        try:
            self.desk.act(promise_id, entry)
        except KeptError as refusal:
            return refusal
        return None

    def _is_stale(self, promise: Promise, act: Act) -> bool:
        """Return whether the proposal is past its time and not yet closed by a tick."""
        offer = promise.proposal
        dates = [each.due for each in (offer, offer and offer.rest) if each and each.due]
        return act is Act.ACCEPT_PROPOSAL and any(due.at <= self.now for due in dates)

    def _check_step(self, promise_id: PromiseId, before: Promise | None, entry: HistoryEntry) -> None:
        promise, history = self.desk.shown(promise_id)
        ledger = self.ledgers[promise_id]
        if before:
            ledger.enter(before, entry)
        ledger.check(promise)
        assert (promise.closed_at is None) == promise.state.is_open
        if before and not before.state.is_open and entry.act is not Act.UNDO:
            assert (promise.state, promise.closed_at) == (before.state, before.closed_at), "closed stays closed"
        assert not promise.missed_at or promise.missed_at >= promise.terms.due.at
        check_replay(promise, ledger.made, history, self.perform)
        check_notices(before, promise, entry)
        check_agenda(promise, self.now)
        self.reached[entry.act] += 1
