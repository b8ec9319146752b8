"""Risk in words: the sentence to the owner, and when there is none."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.acts import Act, State
from bot.domain.promise import Due, Terms, Word
from bot.domain.risk import NeedBy, risk
from bot.domain.working_time import WorkingHours
from bot.views.asides import need_by_words, repair, risk_words
from tests.unit.factories import BOB, FRIDAY, MONDAY, promised
from tests.unit.histories import BERLIN
from tests.unit.texts import DATE

HOURS = WorkingHours(BERLIN)
PROMISE = promised()
THURSDAY = FRIDAY - timedelta(days=1)
OTHERS = [PROMISE.terms.due.at] * 3


def plain(text: str) -> str:
    return DATE.sub(r"\1", text)


def test_silence_and_a_full_day_are_shown_in_words() -> None:
    found = risk(PROMISE, OTHERS, [], HOURS, THURSDAY)
    assert found is not None
    assert plain(risk_words(found, PROMISE)) == (
        "Only you see this. It may slip: no update since Mon 23 Nov, 10:00 CET, "
        "due Fri 27 Nov, 18:00 CET, 3 other promises the same day."
    )


def test_one_reason_alone_or_much_time_left_is_not_worth_a_word() -> None:
    spoken = replace(PROMISE, last_word=Word(str(Act.ON_TRACK), "", THURSDAY))
    assert risk(spoken, OTHERS, [], HOURS, THURSDAY) is None
    assert risk(PROMISE, [], [], HOURS, THURSDAY) is None
    assert risk(PROMISE, OTHERS, [], HOURS, MONDAY + timedelta(hours=1)) is None
    assert risk(replace(PROMISE, state=State.REPORTED), OTHERS, [], HOURS, THURSDAY) is None
    assert risk(PROMISE, OTHERS, [], HOURS, FRIDAY + timedelta(hours=1)) is None


def test_what_it_stands_on_counts_once_it_is_shaky() -> None:
    early = Terms("the figures", Due(THURSDAY, BERLIN))
    sound = promised(number=7, terms=early)
    for shaky in (
        replace(sound, last_word=Word(str(Act.AT_RISK), "", MONDAY)),
        replace(sound, missed_at=THURSDAY),
        replace(sound, terms=replace(early, due=Due(FRIDAY, BERLIN))),
        replace(sound, state=State.REVOKED),
    ):
        found = risk(PROMISE, [], [shaky], HOURS, THURSDAY)
        assert found is not None
        assert "#7, which it depends on, may come too late" in risk_words(found, PROMISE)
    for safe in (sound, replace(sound, state=State.KEPT)):
        assert risk(PROMISE, [], [safe], HOURS, THURSDAY) is None


def test_terms_that_moved_twice_are_named() -> None:
    moved = replace(PROMISE, terms=replace(PROMISE.terms, version=3))
    found = risk(moved, [], [], HOURS, THURSDAY)
    assert found is not None
    assert "its terms changed 2 times already" in risk_words(found, moved)


def test_a_need_by_says_whether_a_date_still_fits() -> None:
    latest = Due(FRIDAY, BERLIN)
    assert "still fits" in need_by_words(NeedBy(latest, Due(FRIDAY, BERLIN)))
    assert "too late" in need_by_words(NeedBy(latest, Due(FRIDAY + timedelta(minutes=1), BERLIN)))


def test_a_miss_opens_a_repair_and_nothing_else_does() -> None:
    (steps,) = repair(replace(PROMISE, missed_at=FRIDAY))
    assert f"Ask <@{BOB}> what they need now" in str(steps)
    assert repair(PROMISE) == []
