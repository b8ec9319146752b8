"""Invariants of a promise and of its messages, whatever was done: written apart from the act table."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime, time
from functools import reduce

from bot.domain.acts import Act, State
from bot.domain.agenda import Case, Facts, Send, agenda, is_still_true, upcoming
from bot.domain.audience import audience
from bot.domain.errors import KeptError
from bot.domain.habits import Habits
from bot.domain.kinds import Kind, Phase
from bot.domain.promise import CLOCK, UNDO_WITHIN, Promise, Terms, UserId
from bot.domain.transitions import HistoryEntry, begin, perform
from bot.domain.working_time import WorkingHours
from tests.unit.factories import ALICE, BOB, DAVE

Performing = Callable[[Promise, HistoryEntry], Promise]
OPENS, ANSWERS = frozenset({Act.PROPOSE, Act.HAND_OVER}), frozenset({Act.ACCEPT_PROPOSAL, Act.REJECT_PROPOSAL})
HABITS = {
    ALICE: Habits(WorkingHours("Europe/Berlin")),
    BOB: Habits(WorkingHours("America/New_York", frozenset({0, 1, 3}))),
    DAVE: Habits(WorkingHours("Asia/Tokyo", frozenset({6, 0, 1, 2, 3})), quiet=(time(16), time(10)), lead_days=2),
}


@dataclass
class Ledger:
    """The expected state of one promise, kept by hand from its acts alone."""

    made: Promise
    terms: Terms
    offer: Terms | None = None
    proposer: UserId | None = None
    answerer: UserId | None = None

    def enter(self, before: Promise, entry: HistoryEntry) -> None:
        """Takes one act in.

        Raises AssertionError when it could not have happened.
        """
        act = entry.act
        undoes = act is Act.UNDO and before.state is not State.UNDONE and entry.at - before.made_at <= UNDO_WITHIN
        rates = act is Act.RATE and before.state is State.KEPT
        assert before.state.is_open or undoes or rates, "closed stays closed"
        assert (act not in OPENS) or self.offer is None, "one open proposal at most"
        assert (act not in ANSWERS | {Act.COUNTER}) or (self.offer and entry.by == self.answerer), "the other answers"
        assert act is not Act.RETRACT or (self.offer and entry.by == self.proposer), "one takes back one's own"
        if act in OPENS | {Act.COUNTER}:
            done_when = self.terms.done_when if entry.done_when is None else entry.done_when
            changed = Terms(entry.what or self.terms.what, entry.due or self.terms.due, done_when)
            handed = act is Act.HAND_OVER
            self.offer = self.terms if handed else changed
            to = entry.heir if handed else self.proposer or before.other(entry.by)
            self.proposer, self.answerer = entry.by, to
        if act is Act.EDIT:
            done_when = self.terms.done_when if entry.done_when is None else entry.done_when
            self._bind(Terms(entry.what or self.terms.what, entry.due or self.terms.due, done_when))
        elif self.offer and (act is Act.ACCEPT_PROPOSAL or (act is Act.PROPOSE and before.is_own)):
            self._bind(self.offer)
        talk = {Act.COUNTER, Act.ON_TRACK, Act.AT_RISK, Act.MISS, Act.ADJUST, Act.OFFER_HELP}
        if self.offer and act not in OPENS | talk:
            self._forget()

    def _bind(self, terms: Terms) -> None:
        self.terms = replace(terms, version=self.terms.version + 1)
        self._forget()

    def _forget(self) -> None:
        self.offer = self.proposer = self.answerer = None

    def check(self, promise: Promise) -> None:
        assert promise.terms == self.terms, "old terms bind until the other side accepts"
        proposal = promise.proposal
        assert (proposal is not None) == (self.offer is not None), "a proposal is open until it is answered or void"
        if proposal:
            assert (proposal.by, proposal.to) == (self.proposer, self.answerer)
            assert promise.state in (State.REQUESTED, State.ACTIVE)
            assert {proposal.by, proposal.to} <= promise.parties
            assert proposal.by != proposal.to
        same = ("team_id", "id", "number", "requester_id", "made_by", "made_at", "origin", "watchers")
        assert all(getattr(promise, name) == getattr(self.made, name) for name in same)


def check_replay(
    promise: Promise, made: Promise, history: Iterable[HistoryEntry], perform: Performing = perform
) -> None:
    """The history alone, from the first act, rebuilds the same promise."""
    first, *rest = history
    try:
        sent = reduce(perform, rest, begin(made, first))
    except KeptError as refusal:
        raise AssertionError(f"replayed differently: {refusal}") from refusal
    differing = [each.name for each in fields(Promise) if getattr(sent, each.name) != getattr(promise, each.name)]
    assert differing == [], f"replayed differently: {differing}"
    assert promise.seq == 1 + len(rest)


def habits_of(person: UserId) -> Habits:
    return HABITS.get(person, Habits())


def check_notices(before: Promise | None, after: Promise, entry: HistoryEntry) -> None:
    """Each person concerned is notified of an act, no other is, and the actor is not."""
    sent = audience(before, after, entry.act, entry.by)
    assert len(sent) == len(set(sent))
    assert entry.by not in sent, "nobody is told what they did themselves"
    assert set(sent) <= after.parties | (before.parties if before else frozenset()), "no stranger is told"
    pair = {after.owner_id, after.requester_id}
    is_pressing = before is None or before.weight.priority is not after.weight.priority
    if entry.by in pair and entry.act is not Act.ON_TRACK and (entry.act is not Act.ADJUST or is_pressing):
        assert pair - {entry.by} <= set(sent), "the other side hears of it"
    if after.proposal and (before is None or after.proposal != before.proposal):
        assert after.proposal.to in sent, "whoever has to answer is asked"
    if entry.act is Act.EXPIRE and before and before.proposal:
        assert {before.proposal.by, before.proposal.to} <= set(sent)
    assert CLOCK not in sent


def check_agenda(promise: Promise, now: datetime) -> None:
    """Time speaks of an active promise, and of a request to the one who owes an answer; each kind once, and only
    while it makes sense; and it never hurries.
    """
    for person in (promise.owner_id, promise.requester_id):
        case = Case(promise, habits_of(promise.owner_id), habits_of(promise.requester_id))
        facts = Facts(person, habits_of(person), (case,))
        decided, ahead = agenda(facts, now), upcoming(facts, now)
        assert decided == agenda(facts, now)
        asked = {Kind.OFFER_OPEN} if promise.state is State.REQUESTED and person == promise.answerer else set()
        assert promise.state is State.ACTIVE or {each.kind for _, each, _ in ahead} <= asked
        assert len({each.kind for _, each, _ in ahead}) == len(ahead)
        if isinstance(decided, Send):
            for each in decided.entries:
                assert each.kind.rule.phase is not Phase.NONE
                assert is_still_true(each.kind, each.occasion, promise, now), each
            assert decided.lead is None or decided.lead is Kind.BRIEF
        else:
            assert decided.until is None or decided.until > now
