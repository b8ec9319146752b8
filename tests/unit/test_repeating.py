"""How often something is promised, read from what people type: with certainty, or not at all."""

import random
from datetime import UTC, date, datetime

import pytest

from bot.domain.due_dates import Deadline, Refusal, Unread
from bot.domain.recurring import OnDayOff, RecurrencePace, rule_from
from bot.domain.repeating import read_repeating
from bot.domain.wording import Wording
from bot.domain.working_time import WorkingHours
from bot.views.recurring import every
from tests.corpus import sentences
from tests.growth import assert_grows_linearly
from tests.patience import IS_LONG
from tests.unit.test_reader_hostile import REPEATED, random_text

#: A Wednesday, 10:15 in New York.
NOW = datetime(2026, 3, 4, 15, 15, tzinfo=UTC)
HOURS = WorkingHours("America/New_York")
BEGINNINGS = ("every ", "each friday ", "every 2 weeks on ", "every month on the ", "daily ", "on mondays ", "weekly ")
BEFORE = "every Friday at 18:00, or on the working day before"
GERMAN_BEGINNINGS = ("jeden ", "alle zwei Wochen ", "am letzten Freitag jedes Monats ", "täglich ", "montags ")


def read(text: str, locale: str = "en") -> Wording | None:
    return read_repeating(text, NOW, HOURS, locale)


def certain(text: str, locale: str = "en") -> tuple[str, str, str]:
    """Return the text, how often it is due and when first."""
    wording = read(text, locale)
    assert wording is not None
    assert isinstance(wording.deadline, Deadline)
    (rule,) = wording.rules
    local = HOURS.local(wording.deadline.at)
    return wording.what, every(rule, zone=False), f"{local:%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("text", "how_often", "first"),
    [
        ("every Friday send it", "every Friday at 18:00", "03-06 18:00"),
        ("send it every Friday", "every Friday at 18:00", "03-06 18:00"),
        ("send it each Monday 10am", "every Monday at 10:00", "03-09 10:00"),
        ("Every Friday at 5pm I will send it", "every Friday at 17:00", "03-06 17:00"),
        ("every Friday send it by 5pm", "every Friday at 17:00", "03-06 17:00"),
        ("every week send it by Friday noon", "every Friday at 12:00", "03-06 12:00"),
        ("send it every week on Friday", "every Friday at 18:00", "03-06 18:00"),
        ("send it weekly on Fridays at 4", "every Friday at 16:00", "03-06 16:00"),
        ("every 2 weeks on Tuesday send it", "every 2 weeks on Tuesday at 18:00", "03-10 18:00"),
        ("send it every other Friday", "every 2 weeks on Friday at 18:00", "03-06 18:00"),
        ("every Wednesday at 9 send it", "every Wednesday at 09:00", "03-11 09:00"),
        ("every Wednesday at 11:30 send it", "every Wednesday at 11:30", "03-04 11:30"),
        ("on Mondays and Thursdays send it", "every Monday and Thursday at 18:00", "03-05 18:00"),
        ("send it every Monday, Wednesday & Friday", "every Monday, Wednesday and Friday at 18:00", "03-04 18:00"),
        ("send it every day at 9", "every working day at 09:00", "03-05 09:00"),
        ("every working day at 9 send it", "every working day at 09:00", "03-05 09:00"),
        ("on weekdays at 9am send it", "every working day at 09:00", "03-05 09:00"),
        ("send it every morning", "every working day at 12:00", "03-04 12:00"),
        ("send it every month on the 1st", "on the 1st of every month at 18:00", "04-01 18:00"),
        ("send it on the 15th of every month at noon", "on the 15th of every month at 12:00", "03-15 12:00"),
        ("send it every first Monday of the month", "on the first Monday of every month at 18:00", "04-06 18:00"),
        ("send it every last Friday of the month", "on the last Friday of every month at 18:00", "03-27 18:00"),
        ("send it at the end of every month", "on the last day of every month at 18:00", "03-31 18:00"),
        (
            "on the last working day of every month send it",
            "on the last working day of every month at 18:00",
            "03-31 18:00",
        ),
        ("send it every 3 months on the 15th", "on the 15th of every 3rd month at 18:00", "03-15 18:00"),
        ("send it every Friday starting next week", "every Friday at 18:00", "03-13 18:00"),
        ("send it every Friday until the end of May", "every Friday at 18:00, until 31 May 2026", "03-06 18:00"),
        ("every Friday send it until June", "every Friday at 18:00, until 30 Jun 2026", "03-06 18:00"),
        ("send it every Friday thru June", "every Friday at 18:00, until 30 Jun 2026", "03-06 18:00"),
        ("every Friday send it or the working day before", BEFORE, "03-06 18:00"),
        (
            "every Friday 5pm: send it (or the business day before).",
            "every Friday at 17:00, or on the working day before",
            "03-06 17:00",
        ),
        ("send it every Friday or the working day before", BEFORE, "03-06 18:00"),
        ("every Friday, please send it", "every Friday at 18:00", "03-06 18:00"),
        (
            "send it every Friday from 1 April until 1 May",
            "every Friday at 18:00, until 1 May 2026",
            "04-03 18:00",
        ),
        ("every Friday until 1 May send it", "every Friday at 18:00, until 1 May 2026", "03-06 18:00"),
        ("every Tuesday from next month send it", "every Tuesday at 18:00", "04-07 18:00"),
        ("send it every Monday - Wednesday at 9", "every Monday, Tuesday and Wednesday at 09:00", "03-09 09:00"),
        (
            "every Friday to Tuesday send it",
            "every Monday, Tuesday, Friday, Saturday and Sunday at 18:00",
            "03-06 18:00",
        ),
        ("send it every 2 fortnights on Monday", "every 4 weeks on Monday at 18:00", "03-09 18:00"),
        ("every 7 days on Monday send it", "every Monday at 18:00", "03-09 18:00"),
        ("every 60 weeks on Monday send it", "every 60 weeks on Monday at 18:00", "03-09 18:00"),
        ("send it every second month on the 5th", "on the 5th of every 2nd month at 18:00", "03-05 18:00"),
        ("send it every 5th at 5pm", "on the 5th of every month at 17:00", "03-05 17:00"),
        ("send it every 5th, please", "on the 5th of every month at 18:00", "03-05 18:00"),
        ("send it every Friday (at 5pm)", "every Friday at 17:00", "03-06 17:00"),
        ("send it every month on the first day", "on the 1st of every month at 18:00", "04-01 18:00"),
        ("send it every last day of the month", "on the last day of every month at 18:00", "03-31 18:00"),
        (
            "send it every month on the fourth Monday",
            "on the fourth Monday of every month at 18:00",
            "03-23 18:00",
        ),
        ("send it on the 31st of every month", "on the last day of every month at 18:00", "03-31 18:00"),
        ("send it every Friday (or the day before)", BEFORE, "03-06 18:00"),
        ("send it every 15th", "on the 15th of every month at 18:00", "03-15 18:00"),
    ],
)
def test_how_often_is_read_with_its_hour_and_its_bounds(text: str, how_often: str, first: str) -> None:
    what, *rest = certain(text)
    assert what in ("send it", "please send it")
    assert rest == [how_often, first]


@pytest.mark.parametrize(
    ("text", "how_often", "first"),
    [
        ("jeden Freitag den Status schicken", "every Friday at 18:00", "03-06 18:00"),
        ("den Status jeden Freitag um 17 Uhr schicken", "every Friday at 17:00", "03-06 17:00"),
        ("den Status schicken jede Woche Montag", "every Monday at 18:00", "03-09 18:00"),
        ("alle zwei Wochen am Dienstag den Status schicken", "every 2 weeks on Tuesday at 18:00", "03-10 18:00"),
        ("alle 14 Tage freitags den Status schicken", "every 2 weeks on Friday at 18:00", "03-06 18:00"),
        ("montags und donnerstags den Status schicken", "every Monday and Thursday at 18:00", "03-05 18:00"),
        ("täglich um 9 Uhr den Status schicken", "every working day at 09:00", "03-05 09:00"),
        ("am ersten jedes Monats den Status schicken", "on the 1st of every month at 18:00", "04-01 18:00"),
        (
            "den Status jeden Freitag ab April bis Juni schicken",
            "every Friday at 18:00, until 30 Jun 2026",
            "04-03 18:00",
        ),
        ("den Status jeden zweiten Monat am 5. schicken", "on the 5th of every 2nd month at 18:00", "03-05 18:00"),
        ("den Status am 5. in jedem Monat schicken", "on the 5th of every month at 18:00", "03-05 18:00"),
        (
            "am letzten Arbeitstag jedes Monats den Status schicken",
            "on the last working day of every month at 18:00",
            "03-31 18:00",
        ),
    ],
)
def test_german_is_read_too(text: str, how_often: str, first: str) -> None:
    assert certain(text, "de") == ("den Status schicken", how_often, first)


def test_people_and_the_rest_of_the_words_stay_what_they_are() -> None:
    wording = read("<@U1AB|ann> and @bob every Friday send 10 `every --monday` slides to the board")
    assert wording is not None
    assert wording.people == ("<@U1AB|ann>", "@bob")
    assert wording.what == "send 10 `every --monday` slides to the board"
    assert certain("every Friday 10 slides to the board")[0] == "10 slides to the board"
    for rest in ("to the team", "to the team until it works"):
        assert certain(f"send it every Friday {rest}") == (f"send it {rest}", "every Friday at 18:00", "03-06 18:00")
    assert certain("send it every Friday 5pm, then call")[1] == "every Friday at 17:00"
    assert certain("every first Monday send it")[0] == "send it"


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("send it every week", 5),
        ("alle zwei Wochen schicken", 0),
        ("send it every month", 3),
        ("send it every second Friday", 2),
        ("prepare slides for Monday every Sunday", 1),
        ("write up every Friday meeting by Tuesday", 1),
        ("prepare slides for every Monday", 1),
        ("Fridays deck by 5pm", 1),
        ("Mondays deck", 1),
        ("every Friday at 5:75 send it", 1),
        ("share the deck every Friday zorp and so on", 1),
        ("send it daily at 9am, 5pm", 1),
        ("sync it every second week", 5),
        ("send it every month on the", 3),
    ],
)
def test_what_is_in_doubt_is_asked_about_with_what_may_be_meant(text: str, choices: int) -> None:
    wording = read(text, "de" if text.startswith("alle") else "en")
    assert wording is not None
    assert isinstance(wording.deadline, Unread)
    assert wording.deadline.refusal is Refusal.RECURRING
    assert len(wording.rules) == (choices or 5)


@pytest.mark.parametrize(
    "text",
    [
        "water them every other day except Friday",
        "back it up every 15 minutes",
        "send the accounts every quarter on the 1st",
        "every year on March 1 renew it",
        "send it biweekly",
        "every 61 weeks on Monday do it",
        "every 100 months on the 1st send it",
        "send it every third day",
        "send it every 2 days",
        "send it every December",
        "send it every fifth Friday of the month",
        "send it every third working day of the month",
        "send it every 32nd of the month",
    ],
)
def test_what_cannot_be_kept_is_refused_with_every_word(text: str) -> None:
    wording = read(text)
    assert wording is not None
    assert wording.rules == ()
    assert wording.what == text
    assert isinstance(wording.deadline, Unread)


@pytest.mark.parametrize(
    "text",
    [
        "review every ticket by Friday",
        "send the weekly report by Friday",
        "daily standup notes by 5pm",
        "buy 12 mugs for $9.99 each by next Thursday",
        "each of us sends the form by Friday",
        "send it two Fridays from now",
        "every 5th customer gets a call by Friday",
        "send it every 0 weeks on Monday",
        "send it on the 15th of the month",
        '"send every Friday" is the slogan, draft it by Monday',
        "prepare Monday's numbers by noon",
        "join the daily",
        "notes from the weekly",
    ],
)
def test_what_happens_once_is_left_to_the_reader_of_deadlines(text: str) -> None:
    assert read(text) is None


#: The texts of the corpora, all written about single deadlines, in which something comes again all the same.
COME_AGAIN = {
    "finish the doc every Monday",
    "finish the doc daily",
    "finish the doc weekly on Mondays",
    "send it every day by 5pm",
    "send it every Friday by 5pm",
    "on Mondays send the report by 5pm",
    "post the figures daily at 5pm",
    "every Friday",
    "by every Friday",
    "jeden Freitag",
}


@pytest.mark.parametrize("corpus", ["english", "german", "promises"])
def test_no_single_deadline_of_the_corpora_is_taken_for_more(corpus: str) -> None:
    for sentence in sentences(corpus):
        wording = read_repeating(sentence.text, sentence.now, WorkingHours(sentence.zone), sentence.locale)
        sure = wording is not None and isinstance(wording.deadline, Deadline)
        assert sure == (sentence.text in COME_AGAIN), sentence.text


@pytest.mark.parametrize("atom", [*REPEATED, *BEGINNINGS, *GERMAN_BEGINNINGS])
@pytest.mark.parametrize("locale", ["en", "de"])
def test_twice_as_much_of_one_thing_takes_about_twice_as_long(atom: str, locale: str) -> None:
    assert_grows_linearly(lambda text: read(text, locale), atom)


def test_whatever_is_typed_is_answered_and_never_with_the_past() -> None:
    chance = random.Random(11)
    for _ in range(500 if IS_LONG else 150):
        text, beginning = random_text(chance), chance.choice((*BEGINNINGS, *GERMAN_BEGINNINGS))
        at = chance.randrange(len(text) + 1)
        for locale in ("en", "de"):
            wording = read(f"{text[:at]} {beginning}{text[at:]}", locale)
            if wording and isinstance(wording.deadline, Deadline):
                assert wording.deadline.at > NOW


def test_a_rule_survives_being_written_down() -> None:
    for text in ("every 2 weeks on Tuesday do it", "do it on the last working day of every month until June"):
        wording = read(text)
        assert wording is not None
        (rule,) = wording.rules
        assert rule_from(rule.written()) == rule
    assert (rule.pace, rule.on_day_off) == (RecurrencePace.MONTHLY, OnDayOff.DAY_BEFORE)
    assert rule.ends_on == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("name", "value"),
    [("pace", "hourly"), ("every", 0), ("every", 1.5), ("weekdays", [7]), ("weekdays", None), ("zone", "Mars/Phobos")],
)
def test_what_is_no_rule_is_refused(name: str, value: object) -> None:
    wording = read("every Friday do it")
    assert wording is not None
    with pytest.raises((KeyError, TypeError, ValueError)):
        rule_from({**wording.rules[0].written(), name: value})
