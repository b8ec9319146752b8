"""Properties of every agenda: it is total, it never hurries, it keeps the night, and repeats nothing."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.acts import Act
from bot.domain.agenda import Facts, Wait, agenda, upcoming
from bot.domain.errors import KeptError
from bot.domain.habits import Habits
from bot.domain.kinds import KINDS, Kind, Reader, Way, is_for_agenda
from bot.domain.occasions import (
    InThread,
    OfAct,
    OfClash,
    OfPost,
    OfTerms,
    OnDemand,
    PersonUnreachable,
    PlaceUnreachable,
    Upstream,
)
from bot.domain.promise import ChannelId, Due, Promise, PromiseId, UserId
from bot.views.nudges import WHY
from tests.patience import IS_LONG
from tests.unit.agenda_play import Play
from tests.unit.factories import ALICE, BOB, MONDAY
from tests.unit.policy_people import listens, situations

Situation = tuple[Promise, Habits, Habits]
#: Each plays weeks of a promise.
EXAMPLES = 100 if IS_LONG else 30
ACTS = [
    (Act.ON_TRACK, ALICE),
    (Act.AT_RISK, ALICE),
    (Act.PROPOSE, ALICE),
    (Act.PROPOSE, BOB),
    (Act.ACCEPT_PROPOSAL, BOB),
    (Act.ACCEPT_PROPOSAL, ALICE),
    (Act.REJECT_PROPOSAL, BOB),
    (Act.REPORT, ALICE),
    (Act.REOPEN, BOB),
]


def played(situation: Situation, steps: list[tuple[int, tuple[Act, UserId]]]) -> Play:
    """A promise on which things are done at some hours of its life, and time goes on for six weeks after it."""
    promise, owner, requester = situation
    play = Play(promise, owner, requester)
    for hours, (act, by) in sorted(steps, key=lambda step: step[0]):
        at = promise.made_at + timedelta(hours=hours)
        play.run(at)
        play.now = at
        due = {"due": Due(at + timedelta(days=3), "UTC")} if act is Act.PROPOSE else {}
        try:
            play.act(act, by, **due)
        except KeptError:
            continue
    return play.run(play.promise.terms.due.at + timedelta(weeks=6))


@settings(max_examples=EXAMPLES)
@given(situations(), st.lists(st.tuples(st.integers(1, 400), st.sampled_from(ACTS)), max_size=5))
def test_time_advances_nothing_is_sent_twice_and_no_two_messages_share_a_minute(
    situation: Situation, steps: list[tuple[int, tuple[Act, UserId]]]
) -> None:
    play = played(situation, steps)  # raises when time stands still, or an entry is sent twice
    for person in (ALICE, BOB):
        lines = play.to(person)
        assert all(b.at - a.at >= timedelta(minutes=1) for a, b in itertools.pairwise(lines))


@settings(max_examples=EXAMPLES)
@given(situations())
def test_at_night_and_on_days_off_nothing_is_sent_but_what_cannot_wait(situation: Situation) -> None:
    promise, owner, requester = situation
    play = played(situation, [])
    for line in play.lines:
        habits = owner if line.to == ALICE else requester
        if listens(habits, line.at):
            continue
        due_at, opening = promise.terms.due.at, habits.next_moment(line.at)
        is_deadline = line.kinds == (Kind.DUE_NOW,)  # the last minute of a day, or work that lies outside all hours
        assert is_deadline or line.at < due_at <= opening, play.table()
        local = line.at.astimezone(habits.hours.tz)
        if not is_deadline and not 7 <= local.hour < 22:
            assert due_at - line.at <= timedelta(hours=10), play.table()


@settings(max_examples=EXAMPLES)
@given(situations(least=timedelta(minutes=30)))
def test_both_sides_are_warned_before_every_deadline_of_half_an_hour_or_more(situation: Situation) -> None:
    promise, owner, requester = situation
    if owner.absences or requester.absences:
        return  # who is away is not written to; the clash was reported when it was seen
    play = played(situation, [])
    before = [line for line in play.lines if line.at < promise.terms.due.at]
    asked = {kind for line in before if line.to == ALICE for kind in line.kinds}
    sent = {kind for line in before if line.to == BOB for kind in line.kinds}
    assert asked & {Kind.CHECK_IN, Kind.LAST_CALL}, play.table()
    announced = play.first(Kind.NOTICE, Act.PROMISE)
    assert announced, play.table()
    is_long = promise.terms.due.at - announced >= timedelta(minutes=30)
    has_room = is_long and requester.hours.working_time(announced, promise.terms.due.at)  # else that was enough
    assert sent & {Kind.HEADS_UP, Kind.NO_WORD} or not has_room, play.table()


@settings(max_examples=EXAMPLES)
@given(situations(), st.integers(0, 24 * 60), st.booleans(), st.integers(0, 30))
def test_an_agenda_is_total_and_looks_again_only_later(
    situation: Situation, after: int, is_gone: bool, had: int
) -> None:
    promise, owner, requester = situation
    play, now = Play(promise, owner, requester), promise.made_at + timedelta(minutes=after * 30)
    play.now = now
    for person in (ALICE, BOB):
        facts = replace(play.facts(person), is_gone=is_gone, sent_today=had)
        decided = agenda(facts, now)
        if isinstance(decided, Wait):
            assert decided.until is None or decided.until > now
        assert all(at >= now for at, _, _ in upcoming(facts, now))


@settings(max_examples=EXAMPLES)
@given(situations(), situations(), st.integers(0, 24 * 60))
def test_a_nudge_about_one_promise_depends_on_no_other(one: Situation, other: Situation, after: int) -> None:
    """So the next one about a promise is found without deciding about all the others."""
    play, accessory = Play(*one), Play(*other)
    play.now = accessory.now = one[0].made_at + timedelta(minutes=after * 30)
    for person in (ALICE, BOB):
        alone = play.facts(person)
        more = [
            replace(each, promise=replace(each.promise, id=PromiseId("other")))
            for each in accessory.facts(person).cases
        ]
        together = upcoming(replace(alone, cases=(*more, *alone.cases)), play.now)
        mine = [each for each in together if each.candidate.promise == play.promise]
        assert mine == [each for each in upcoming(alone, play.now) if each.candidate.promise == play.promise]


def test_a_person_with_nothing_open_is_not_woken_again() -> None:
    assert agenda(Facts(ALICE), datetime(2026, 11, 23, tzinfo=UTC)) == Wait(None)


def test_the_table_of_kinds_is_total_and_names_each_reader() -> None:
    assert set(KINDS) == set(Kind)
    assert len({rule.rank for rule in KINDS.values()}) == len(KINDS)
    nudges = {kind for kind in Kind if kind.is_nudge}
    assert nudges == set(WHY)
    for kind in nudges:
        assert kind.rule.to in (Reader.OWNER, Reader.REQUESTER, Reader.EITHER)
        assert kind.rule.offers
    assert all(is_for_agenda(kind, "U1") == (kind.rule.way in (Way.JOINS, Way.ALONE)) for kind in Kind)
    assert not any(is_for_agenda(kind, "C1") for kind in Kind)


def test_every_occasion_reads_what_it_wrote() -> None:
    for each in (
        OfAct(7),
        OfTerms(2),
        OfTerms(2, 3),
        OnDemand(1, Kind.CHECK_IN, MONDAY),
        OfClash.of(1, [(BOB, "absence"), (ALICE, "holiday")]),
        Upstream(PromiseId("P1"), 4, Act.MISS),
        InThread("1700000000.000100"),
        OfPost(MONDAY, ChannelId("C1")),
        PersonUnreachable(ALICE),
        PlaceUnreachable(ChannelId("C1"), "is_archived", MONDAY.date()),
    ):
        assert type(each).read(str(each)) == each
