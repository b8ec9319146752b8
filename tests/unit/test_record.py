"""The record: what each promise came to, and the figures that follow."""

from collections import Counter
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random

from bot.domain.acts import Act, State
from bot.domain.figures import (
    RecordAccess,
    curve,
    may_see,
    record_of,
    team_record,
    visible_pasts,
    weeks,
)
from bot.domain.outcomes import Account, Outcome, Past, account_of, accounts_of
from bot.domain.promise import CLOCK, Due, Origin, Promise, Terms, UserId
from bot.domain.transitions import HistoryEntry, begin, perform
from bot.domain.working_time import WorkingHours
from tests.unit.factories import ALICE, BOB, CHARLIE, DAVE, FRIDAY, MONDAY, promised, requested
from tests.unit.histories import BERLIN, agreed, delivered, first_entry, past, proposed, random_past

TUESDAY, WEDNESDAY, THURSDAY = (MONDAY + timedelta(days=n) for n in (1, 2, 3))
NEXT_MONDAY, NEXT_FRIDAY = FRIDAY + timedelta(days=3), FRIDAY + timedelta(days=7)
MISS = HistoryEntry(Act.MISS, CLOCK, FRIDAY)


def outcome(*entries: HistoryEntry, **changes: object) -> Account:
    account = account_of(past(*entries, **changes))
    assert account is not None
    return account


def test_delivered_by_the_deadline_is_on_time() -> None:
    assert outcome(*delivered(FRIDAY)).outcome is Outcome.ON_TIME
    assert outcome(HistoryEntry(Act.AT_RISK, ALICE, TUESDAY), *delivered(THURSDAY)).notice is None


def test_asked_early_agreed_and_then_kept_is_renegotiated_with_its_notice() -> None:
    account = outcome(proposed(TUESDAY, NEXT_MONDAY, early=True), agreed(WEDNESDAY), *delivered(NEXT_MONDAY))

    # Tuesday 10:00 to Friday 18:00 in Berlin: the warning came before the agreement.
    assert (account.outcome, account.notice) == (Outcome.RENEGOTIATED, timedelta(hours=8 + 9 + 9 + 9))
    twice = proposed(THURSDAY, NEXT_FRIDAY, early=True), agreed(THURSDAY + timedelta(hours=1))
    moved = outcome(proposed(TUESDAY, NEXT_MONDAY, early=True), agreed(WEDNESDAY), *twice, *delivered(NEXT_FRIDAY))
    assert moved.notice == timedelta(hours=8 + 9 + 9)  # the shorter of the two


def test_a_counter_keeps_the_credit_of_having_asked_early() -> None:
    counter = HistoryEntry(Act.COUNTER, BOB, WEDNESDAY, due=Due(NEXT_MONDAY, BERLIN))
    sent = outcome(
        proposed(TUESDAY, NEXT_FRIDAY, early=True), counter, agreed(THURSDAY, ALICE), *delivered(NEXT_MONDAY)
    )
    assert sent.outcome is Outcome.RENEGOTIATED


def test_what_the_requester_asked_for_is_neither_credit_nor_debt() -> None:
    moved = proposed(THURSDAY, NEXT_MONDAY, BOB), agreed(FRIDAY - timedelta(hours=2), ALICE)
    assert outcome(*moved, *delivered(NEXT_MONDAY)).outcome is Outcome.ON_TIME


def test_a_date_moved_at_the_last_minute_is_late_by_the_date_it_replaced() -> None:
    last_minute = proposed(FRIDAY - timedelta(hours=1), NEXT_MONDAY), agreed(FRIDAY - timedelta(minutes=30))
    account = outcome(*last_minute, *delivered(NEXT_MONDAY))
    assert (account.outcome, account.late_by) == (Outcome.LATE, timedelta(hours=9))
    assert account.notice == timedelta(hours=1)
    assert outcome(*last_minute, *delivered(FRIDAY)).outcome is Outcome.ON_TIME


def test_delivered_after_a_silent_miss_is_late_without_notice() -> None:
    account = outcome(MISS, *delivered(NEXT_MONDAY))
    assert (account.outcome, account.late_by, account.notice) == (Outcome.LATE, timedelta(hours=9), timedelta())


def test_late_counts_even_when_the_clock_had_no_time_to_mark_it() -> None:
    assert outcome(*delivered(FRIDAY + timedelta(seconds=1))).outcome is Outcome.LATE


def test_a_miss_that_stays_open_counts_until_it_is_repaired() -> None:
    assert outcome(MISS).outcome is Outcome.MISSED
    assert account_of(past(MISS, HistoryEntry(Act.REPORT, ALICE, NEXT_MONDAY))) is None

    repaired = MISS, proposed(NEXT_MONDAY, NEXT_FRIDAY), agreed(NEXT_MONDAY + timedelta(hours=1))
    assert account_of(past(*repaired)) is None
    assert outcome(*repaired, *delivered(NEXT_FRIDAY)).outcome is Outcome.REPAIRED
    assert outcome(*repaired, HistoryEntry(Act.MISS, CLOCK, NEXT_FRIDAY)).outcome is Outcome.MISSED


def test_cancelled_with_a_working_day_left_is_early_and_on_the_day_is_late() -> None:
    assert outcome(HistoryEntry(Act.REVOKE, ALICE, WEDNESDAY)).outcome is Outcome.REVOKED_EARLY
    assert outcome(HistoryEntry(Act.REVOKE, ALICE, FRIDAY - timedelta(hours=1))).outcome is Outcome.REVOKED_LATE
    warned = HistoryEntry(Act.AT_RISK, ALICE, WEDNESDAY), HistoryEntry(Act.REVOKE, ALICE, FRIDAY - timedelta(hours=1))
    assert outcome(*warned).outcome is Outcome.REVOKED_EARLY
    assert outcome(MISS, HistoryEntry(Act.REVOKE, ALICE, NEXT_MONDAY)).outcome is Outcome.REVOKED_LATE


def test_a_delivery_in_time_that_lacked_something_is_late_when_it_is_whole_only_later() -> None:
    incomplete = HistoryEntry(Act.REPORT, ALICE, THURSDAY), HistoryEntry(Act.REOPEN, BOB, NEXT_MONDAY)
    assert outcome(*incomplete, *delivered(NEXT_MONDAY + timedelta(hours=1))).outcome is Outcome.LATE


def test_what_was_released_open_or_only_ones_own_counts_for_nothing() -> None:
    assert outcome(MISS, HistoryEntry(Act.RELEASE, BOB, NEXT_MONDAY)).outcome is Outcome.RELEASED
    assert account_of(past()) is None
    assert account_of(past(HistoryEntry(Act.UNDO, ALICE, MONDAY))) is None
    assert account_of(past(HistoryEntry(Act.REPORT, ALICE, TUESDAY), requester_id=ALICE)) is None
    asked = requested()
    declined = perform(asked, HistoryEntry(Act.DECLINE, ALICE, MONDAY))
    assert account_of(Past(declined, (first_entry(asked), HistoryEntry(Act.DECLINE, ALICE, MONDAY)))) is None


def test_figures_hide_below_five_outcomes_and_set_released_ones_aside() -> None:
    kept, let_go = past(*delivered(THURSDAY)), past(HistoryEntry(Act.RELEASE, BOB, TUESDAY))
    few = record_of(accounts_of([kept] * 4 + [let_go] * 9))
    enough = record_of(accounts_of([kept] * 5 + [let_go]))
    assert (few.outcomes, few.is_hidden) == (4, True)
    assert (enough.outcomes, enough.is_hidden, enough.kept) == (5, False, Fraction(1))


def test_lateness_counts_by_degree() -> None:
    assert curve(timedelta()) == 1
    assert curve(timedelta(minutes=5)) > Fraction(99, 100)
    assert curve(timedelta(hours=9)) == Fraction(1, 2)
    assert curve(timedelta(hours=9 * 20)) < Fraction(1, 20)


def test_the_leading_figure_is_the_median_of_the_warnings() -> None:
    silent, day = past(MISS), past(HistoryEntry(Act.REVOKE, ALICE, THURSDAY + timedelta(hours=8)))
    early = past(proposed(TUESDAY, NEXT_MONDAY, early=True), agreed(WEDNESDAY), *delivered(NEXT_MONDAY))
    record = record_of(accounts_of([silent, day, early, past(*delivered(FRIDAY))]))
    assert (record.notice, record.warnings) == (timedelta(hours=9), 3)
    assert record_of(accounts_of([past(*delivered(FRIDAY))])).notice is None


def test_a_record_is_seen_by_its_person_then_the_other_side_and_others_only_once_opened() -> None:
    public, with_dave = past(*delivered(FRIDAY)), past(*delivered(FRIDAY), made_by=ALICE)
    secret = past(*delivered(FRIDAY), origin=Origin(public.promise.origin.channel_id, is_private=True))
    pasts = [public, secret, with_dave]
    assert may_see(ALICE, ALICE, 0, is_opened=False) is RecordAccess.WHOLE
    assert may_see(ALICE, BOB, 3, is_opened=False) is RecordAccess.SHARED
    assert may_see(ALICE, CHARLIE, 0, is_opened=False) is RecordAccess.NOTHING
    assert may_see(ALICE, CHARLIE, 0, is_opened=True) is RecordAccess.OPENED
    assert visible_pasts(pasts, CHARLIE, RecordAccess.NOTHING) == ()
    assert visible_pasts(pasts, CHARLIE, RecordAccess.OPENED) == (public, with_dave)
    assert visible_pasts(pasts, BOB, RecordAccess.SHARED) == tuple(pasts)
    assert visible_pasts(pasts, DAVE, RecordAccess.SHARED) == ()


def test_a_teams_figures_need_five_people() -> None:
    def of(number: int) -> Past:
        owner = UserId(f"U{number}")
        start = promised(owner_id=owner, made_by=owner)
        report, accept = HistoryEntry(Act.REPORT, owner, FRIDAY), HistoryEntry(Act.ACCEPT_DELIVERY, BOB, FRIDAY)
        return Past(perform(perform(start, report), accept), (first_entry(start), report, accept))

    assert team_record([of(n % 4) for n in range(40)]) is None
    five = team_record([of(n) for n in range(5)])
    assert five is not None
    assert five.outcomes == 5


def test_eight_weeks_end_with_this_one() -> None:
    sent = weeks(accounts_of([past(*delivered(FRIDAY)), past(MISS)]), NEXT_FRIDAY, BERLIN)
    assert [week.first_on.isoformat() for week in sent][-2:] == ["2026-11-23", "2026-11-30"]
    assert len(sent) == 8
    assert dict(sent[-2].counts) == {Outcome.ON_TIME: 1, Outcome.MISSED: 1}


# ── The same figures, computed another way ─────────────────────────────────────────────────────────────────────────


def states(sent: Past) -> list[tuple[HistoryEntry, Promise]]:
    """Every act with the promise as the domain left it, replayed from nothing."""
    first, *rest = sent.history
    terms = Terms(first.what or "", first.due or sent.promise.terms.due)
    owner = first.by if first.act is Act.PROMISE else ALICE
    blank = promised(id=sent.promise.id, owner_id=owner, made_by=first.by, made_at=first.at, terms=terms)
    now = begin(blank, first)
    line: list[tuple[HistoryEntry, Promise]] = [(first, now)]
    for entry in rest:
        now = perform(now, entry)
        line.append((entry, now))
    return line


def by_replay(sent: Past) -> str | None:
    """The outcome from the domain's own states: deadlines that count are walked through, one by one."""
    line = states(sent)
    end = line[-1][1]
    bound = next((n for n, (_, p) in enumerate(line) if p.state is State.ACTIVE), None)
    if bound is None or end.state in (State.UNDONE, State.DECLINED, State.WITHDRAWN):
        return None
    counts, credited, repaired = line[bound][1].terms.due.at, False, False
    talk: HistoryEntry | None = None
    for n, (entry, promise) in enumerate(line):
        before = line[n - 1][1] if n else promise
        talk = entry if entry.act is Act.PROPOSE else talk
        old, new = before.terms.due.at, promise.terms.due.at
        if n <= bound or old == new:
            continue
        if entry.act is Act.EDIT:
            counts = new
        elif before.missed_at is not None:
            repaired = True
        elif talk and talk.by != BOB and new > counts and (not talk.early or old > counts):
            pass
        else:
            credited = credited or bool(talk and talk.by != BOB and talk.early and new > counts)
            counts = new
    return verdict(line, counts, credited=credited, repaired=repaired, binding=line[bound][0].at)


def verdict(
    line: list[tuple[HistoryEntry, Promise]], counts: datetime, *, credited: bool, repaired: bool, binding: datetime
) -> str | None:
    end, last = line[-1][1], max(n for n, (e, _) in enumerate(line) if e.act is not Act.RATE)
    if end.state is State.RELEASED:
        return "released"
    if end.state is State.ACTIVE:
        return "missed" if end.missed_at else None
    if end.state is State.REPORTED:
        return None
    if end.state is State.REVOKED:
        warnings = [e.at for e, _ in line if e.act in (Act.AT_RISK, Act.PROPOSE) and e.by not in (BOB, CLOCK)]
        first = min([*(at for at in warnings if at >= binding), line[last][0].at])
        hours = WorkingHours(BERLIN)
        left, whole = hours.working_time(first, counts), hours.working_time(binding, counts)
        halfway = counts - first >= (counts - binding) / 2 and counts > binding
        early = left >= timedelta(hours=9) or (whole < timedelta(hours=18) and halfway)
        return "revoked_early" if early else "revoked_late"
    assert end.reported_at
    if end.reported_at <= counts:
        return "renegotiated" if credited else "on_time"
    return "repaired" if repaired and end.repaired_at and end.reported_at <= end.terms.due.at else "late"


def test_the_figures_follow_from_the_history_alone() -> None:
    random = Random(1)
    pasts = [random_past(random, number) for number in range(2000)]
    found: Counter[str | None] = Counter()
    for sent in pasts:
        account = account_of(sent)
        expected = by_replay(sent)
        if expected in ("revoked_early", "revoked_late") and any(e.act is Act.ACCEPT_PROPOSAL for e in sent.history):
            expected = account.outcome.value if account else None  # which warning counts is explained above
        assert (account.outcome.value if account else None) == expected, sent.history
        found[expected] += 1
    assert set(found) == {None, *Outcome}


def test_an_open_promise_counts_for_nothing_before_its_deadline() -> None:
    """RecordBook.counted_of, which the Home tab reads its owner's record with, relies on this."""
    pasts = [random_past(Random(seed), seed) for seed in range(2000)]
    counted = [past for past in pasts if past.promise.closed_at is None and account_of(past)]
    assert counted
    assert all(past.promise.missed_at or past.promise.terms.due.at <= past.history[-1].at for past in counted)
