"""Which questions are worth their place: three times a day at most, with other news, and about an offer that waits."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.acts import Act, State
from bot.domain.agenda import Case, MessageRecord, Send, Untold, agenda
from bot.domain.agenda.nudges import nudges
from bot.domain.habits import Habits
from bot.domain.kinds import Kind
from bot.domain.occasions import OnDemand
from bot.domain.promise import Due, PromiseId
from bot.domain.working_time import WorkingHours
from tests.unit.agenda_play import Play, between
from tests.unit.factories import ALICE, BOB, DAVE
from tests.unit.test_agenda import BERLIN, NEW_YORK, utc, week


@pytest.mark.parametrize(
    ("due", "asked"),
    [
        # the check-in and its repetition the day before, then the last call and its two repetitions
        ("2026-11-27T17:00", {26: 2, 27: 3}),
        # a last call in the afternoon before takes the place of the repetition
        ("2026-11-27T09:00", {25: 2, 26: 1}),
    ],
)
def test_one_promise_is_asked_about_at_most_three_times_a_day(due: str, asked: dict[int, int]) -> None:
    play = week(due=due).run(utc(due) - timedelta(minutes=1))
    questions = [line.at.day for line in play.to(ALICE) if line.kinds[0].rule.asks]
    assert {day: questions.count(day) for day in questions} == asked


@pytest.mark.parametrize(("answers", "called"), [(False, ["last_call", "call_again"]), (True, ["last_call"])])
def test_the_third_question_of_a_day_goes_only_to_who_answered_neither_of_the_others(
    answers: bool, called: list[str]
) -> None:
    play = week(due="2026-11-27T17:00").run(utc("2026-11-27T09:00"))
    asked = OnDemand(play.promise.terms.version, Kind.CHECK_IN, utc("2026-11-27T09:00"))
    play.wait(ALICE, utc("2026-11-27T09:00"), Kind.ASKED, str(asked))
    play.run(utc("2026-11-27T10:00"))
    if answers:
        play.act(Act.ON_TRACK, ALICE)
    before = len(play.kinds(ALICE))
    play.run(utc("2026-11-27T16:59"))
    assert play.kinds(ALICE)[before:] == called


def test_a_date_moved_to_the_next_morning_is_asked_about_twice_the_day_before() -> None:
    play = between(NEW_YORK, "Europe/London", "2026-11-02T09:30", "2026-11-05T15:00")
    play.run(utc("2026-11-04T15:00"))
    play.now = utc("2026-11-04T15:00")
    play.act(Act.PROPOSE, ALICE, due=Due(utc("2026-11-06T14:00"), NEW_YORK))
    play.run(utc("2026-11-04T15:40"))
    play.act(Act.ACCEPT_PROPOSAL, BOB)
    play.run(utc("2026-11-06T13:59"))
    asked = [line.kinds[0] for line in play.to(ALICE) if line.at >= utc("2026-11-05T00:00")]
    assert asked == [Kind.CHECK_IN, Kind.LAST_CALL]


@pytest.mark.parametrize(
    ("notified", "occasion", "is_warned"),
    [
        ("2026-11-26T10:00", "v1:UALICE.absence", False),
        ("2026-11-25T15:00", "v1:UALICE.absence", True),  # more than a working day before the heads-up
        ("2026-11-26T10:00", "v0:UALICE.absence", True),  # about an earlier date
    ],
)
def test_who_read_within_a_working_day_that_the_deadline_is_a_day_off_is_not_warned_of_it(
    notified: str, occasion: str, is_warned: bool
) -> None:
    play = week(due="2026-11-27T16:00").run(utc(notified))
    play.shown.append(MessageRecord(Kind.CLASH, BOB, occasion, utc(notified), utc(notified)))
    play.act(Act.ON_TRACK, ALICE)
    play.run(utc("2026-11-27T15:59"))
    assert ("heads_up" in play.kinds(BOB)) == is_warned


def test_a_warning_does_not_leave_before_the_message_that_the_deadline_is_a_day_off_or_if_that_was_dropped() -> None:
    play = week(due="2026-11-27T16:00").run(utc("2026-11-26T15:00"))
    clash = Untold("c", Kind.CLASH, "v1:UALICE.absence", utc("2026-11-26T15:30"), play.promise.id)
    waiting = MessageRecord(Kind.CLASH, BOB, clash.occasion)
    dropped = waiting._replace(decided_at=clash.at, was_dropped=True)
    for message, kinds in ((waiting, set()), (dropped, {Kind.HEADS_UP})):
        facts = play.facts(BOB)
        case = replace(facts.cases[0], messages=(*facts.cases[0].messages, message))
        assert {each.kind for each in nudges(case, BOB, clash.at)} & {Kind.HEADS_UP} == kinds


def test_an_agreement_gives_the_requester_a_working_day_without_a_warning_unless_the_deadline_comes_before() -> None:
    play = week(due="2026-11-26T16:00")
    play.run(utc("2026-11-25T15:00"))
    play.act(Act.PROPOSE, ALICE, due=Due(utc("2026-11-27T12:00"), "UTC"))
    play.act(Act.ACCEPT_PROPOSAL, BOB)
    agreed = len(play.lines)
    play.run(utc("2026-11-27T11:59"))
    warned = [line.at for line in play.lines[agreed:] if line.to == BOB and line.kinds == (Kind.HEADS_UP,)]
    assert warned == [utc("2026-11-26T15:00")]


def test_a_reader_about_to_be_notified_of_silence_gets_no_separate_warning_of_the_deadline() -> None:
    sunday_to_thursday = Habits(WorkingHours("Asia/Jerusalem", frozenset({6, 0, 1, 2, 3})))
    play, answered = (between(BERLIN, BERLIN, "2026-11-24T10:00", "2026-11-27T16:00") for _ in range(2))
    play.requester = answered.requester = sunday_to_thursday
    play.run(utc("2026-11-27T14:59"))
    assert play.kinds(BOB) == ["promise", "no_word"]
    answered.run(utc("2026-11-26T08:00"))
    answered.act(Act.ON_TRACK, ALICE)
    answered.run(utc("2026-11-27T14:59"))
    assert answered.kinds(BOB)[:2] == ["promise", "heads_up"]


# A question with other news, and an offer without an answer.


def with_other_news(play: Play, at: str) -> list[Kind]:
    """Return what Alice is asked about the promise in a message that some other news brings."""
    play.run(utc(at))
    facts = play.facts(ALICE)
    other = replace(facts.cases[0].promise, id=PromiseId("P2"), number=13, owner_id=BOB, requester_id=ALICE)
    row = Untold("r9", Kind.NOTICE, "a2", utc(at), other.id, Act.REPORT)
    more = replace(facts, cases=(*facts.cases, Case(other, play.requester, play.owner)), untold=(row,))
    decided = agenda(more, utc(at))
    assert isinstance(decided, Send)
    return [each.kind for each in decided.entries]


@pytest.mark.parametrize(
    ("at", "entries"),
    [
        ("2026-11-24T11:00", [Kind.NOTICE]),  # nothing was asked, and the deadline is days away
        ("2026-11-25T12:30", [Kind.NOTICE]),  # not half of the time has passed
        ("2026-11-25T13:00", [Kind.NOTICE, Kind.SIDE_QUESTION]),
        ("2026-11-26T14:10", [Kind.NOTICE]),  # asked at 13:00: four hours to answer come first
        ("2026-11-27T09:30", [Kind.NOTICE, Kind.SIDE_QUESTION]),  # the day of the deadline
    ],
)
def test_a_question_without_an_answer_joins_other_news_and_so_does_the_day_of_the_deadline(
    at: str, entries: list[Kind]
) -> None:
    assert sorted(with_other_news(week(), at)) == sorted(entries)


def test_a_silent_owner_asked_three_times_in_a_day_is_not_asked_again_with_other_news() -> None:
    play = week(due="2026-11-27T17:00").run(utc("2026-11-27T16:39"))
    asked = [line.at.date() for line in play.to(ALICE) if line.kinds[0].rule.asks]
    assert asked.count(utc("2026-11-27T16:40").date()) == 3
    assert Kind.SIDE_QUESTION not in with_other_news(play, "2026-11-27T16:40")


def test_a_question_with_other_news_is_never_a_message_of_its_own() -> None:
    play = week().run(utc("2026-11-27T15:59"))
    assert "beside" not in play.kinds(ALICE)


@pytest.mark.parametrize(
    ("offered", "to", "asked"),
    [
        ("2026-11-24T10:00", "2026-11-30T16:00", "2026-11-26T16:00"),  # a working day before the deadline that holds
        ("2026-11-27T10:00", "2026-11-30T16:00", "2026-11-27T14:00"),  # four hours to answer come first
        ("2026-11-27T14:00", "2026-11-30T16:00", None),  # no hour is left after these
        ("2026-11-30T10:00", "2026-12-03T12:00", "2026-12-02T12:00"),  # after a miss: before the offered date
    ],
)
def test_an_offer_without_an_answer_is_asked_about_once_before_it_is_over(
    offered: str, to: str, asked: str | None
) -> None:
    play = week()
    play.run(utc(offered))
    play.now = utc(offered)
    play.act(Act.PROPOSE, ALICE, due=Due(utc(to), "UTC"))
    play.run(utc(to) - timedelta(minutes=1))
    times = [line.at for line in play.to(BOB) if line.kinds == (Kind.OFFER_OPEN,)]
    assert times == ([utc(asked)] if asked else [])
    assert "heads_up" not in play.kinds(BOB)[play.kinds(BOB).index("propose") :] or not asked


def test_an_owner_whose_offer_waits_is_reminded_twice_and_never_reported_as_silent() -> None:
    play = week(due="2026-11-27T17:00").run(utc("2026-11-25T10:00"))
    play.now = utc("2026-11-25T10:00")
    play.act(Act.PROPOSE, ALICE, due=Due(utc("2026-11-30T17:00"), "UTC"))
    play.run(utc("2026-11-27T16:59"))
    asked = [line.kinds[0] for line in play.to(ALICE) if line.kinds[0].rule.asks]
    assert asked == [Kind.CHECK_IN, Kind.LAST_CALL]
    assert Kind.NO_WORD not in play.kinds(BOB)
    assert Kind.OFFER_OPEN in play.kinds(BOB)


def test_an_owner_who_waits_for_an_heir_is_asked_at_the_deadline() -> None:
    play = week(due="2026-11-27T17:00").run(utc("2026-11-25T10:00"))
    play.now = utc("2026-11-25T10:00")
    play.act(Act.HAND_OVER, ALICE, heir=DAVE)
    play.run(utc("2026-11-30T09:00"))
    asked = [line.kinds[0] for line in play.to(ALICE) if line.kinds[0].rule.asks]
    assert asked[:3] == [Kind.CHECK_IN, Kind.LAST_CALL, Kind.DUE_NOW]


@pytest.mark.parametrize(("made", "asked"), [("2026-11-24T10:00", "2026-11-26T16:00"), ("2026-11-27T13:00", None)])
def test_a_request_without_an_answer_is_asked_about_once_before_its_deadline(made: str, asked: str | None) -> None:
    request = replace(week(made=made).promise, state=State.REQUESTED, made_by=BOB)
    play = Play(request).run(utc("2026-11-30T09:00"))
    times = [line.at for line in play.to(ALICE) if Kind.OFFER_OPEN in line.kinds]
    assert times == ([utc(asked)] if asked else [])
    assert Kind.OFFER_OPEN not in play.kinds(BOB)
