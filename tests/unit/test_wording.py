"""A command's line is taken apart into who, what and when, and nothing of the task is lost."""

from datetime import UTC, datetime

import pytest

from bot.domain.due_dates import Deadline, Refusal, Unread
from bot.domain.wording import Wording, read_promise
from bot.domain.working_time import WorkingHours

WEDNESDAY = datetime(2026, 3, 4, 10, 15, tzinfo=UTC)


def read(text: str, locale: str = "en") -> Wording:
    return read_promise(text, WEDNESDAY, WorkingHours(), locale)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("<@U1AB|ann> ship it by Friday", ("<@U1AB|ann>",)),
        ("<@U1AB> <@U2CD>: ship it by Friday", ("<@U1AB>", "<@U2CD>")),
        ("@ann, @bob and @carol: ship it by Friday", ("@ann", "@bob", "@carol")),
        ("to @ann: ship it by Friday", ("@ann",)),
        ("I promise @ann that I'll ship it by Friday", ("@ann",)),
        ("by Friday @ann ship it", ("@ann",)),
        ("<!subteam^S12|@team> ship it by Friday", ("<!subteam^S12|@team>",)),
    ],
)
def test_recipients_lead_the_line(text: str, people: tuple[str, ...]) -> None:
    assert (read(text).people, read(text).what) == (people, "ship it")


@pytest.mark.parametrize(
    "text", ["tell @ann about it by Friday", "fix @ann's laptop by Friday", "@ann's laptop by Friday"]
)
def test_a_mention_inside_the_task_stays_there(text: str) -> None:
    assert (read(text).people, read(text).what) == ((), text.removesuffix(" by Friday"))


@pytest.mark.parametrize(
    "lead",
    ["I'll", "I’ll", "I will", "I promise to", "I'm going to", "I promise that I will", "ok, I'll", "we'll", "gonna"],
)
def test_what_only_leads_in_is_no_part_of_the_task(lead: str) -> None:
    assert read(f"{lead} ship it by Friday").what == "ship it"


@pytest.mark.parametrize("task", ["Will Smith's contract", "promise tracker", "to do list", "check that it works"])
def test_a_word_of_the_task_that_could_lead_in_stays(task: str) -> None:
    assert read(f"{task} by Friday").what == task


@pytest.mark.parametrize(
    "task",
    [
        "run `make release --by friday` twice",
        'answer the "due by Monday" mail',
        "read https://example.com/by/friday/5pm",
        "read <https://example.com/tomorrow|the page of tomorrow>",
        "write to ann@monday.example",
        "clean up <#C012|by-friday>",
        ":rocket: launch it :tada:",
        "check &lt;b&gt; escaping &amp; links",
        "review by Ann's standards",
        "ship v2.3.1 of JIRA-1200",
        "upload 2026-03-06.pdf",
        "order the açaí 日本語 🚀",
    ],
)
def test_what_is_no_deadline_is_left_whole(task: str) -> None:
    read_ = read(f"{task} by Thursday")
    assert isinstance(read_.deadline, Deadline)
    assert read_.what == task


def test_two_deadlines_are_asked_about() -> None:
    answer = read("send the draft by Monday and the rest by Tuesday").deadline
    assert isinstance(answer, Unread)
    assert (answer.refusal, len(answer.candidates)) == (Refusal.AMBIGUOUS, 2)


@pytest.mark.parametrize("text", ["call Ann in an hour or two", "send it by Friday 45", "call Ann 3 tomorrow"])
def test_words_of_time_outside_the_deadline_are_a_veto(text: str) -> None:
    answer = read(text).deadline
    assert isinstance(answer, Unread)
    assert answer.refusal is Refusal.AMBIGUOUS


def test_a_date_that_belongs_to_the_task_is_asked_about_when_there_is_no_other() -> None:
    answer = read("prepare slides for Friday").deadline
    assert isinstance(answer, Unread)
    assert (answer.refusal, len(answer.candidates)) == (Refusal.AMBIGUOUS, 1)
    assert isinstance(read("prepare slides for Friday by tomorrow").deadline, Deadline)


def test_an_amount_is_no_hour() -> None:
    for text in ("cut costs by 5", "reduce the backlog by 10 %", "send 2/3 of it", "walk by 5 houses"):
        answer = read(text).deadline
        assert isinstance(answer, Unread)
        assert answer.refusal is Refusal.NO_DEADLINE


def test_a_refusal_names_the_words_that_were_read() -> None:
    answer = read("send it by February 30, please").deadline
    assert isinstance(answer, Unread)
    assert (answer.refusal, answer.understood) == (Refusal.IMPOSSIBLE, "by February 30, please")


def test_a_line_in_german_is_taken_apart_as_well() -> None:
    wording = read("für @ann: ich werde die Folien bis nächsten Freitag um halb fünf schicken", "de")
    assert (wording.people, wording.what) == (("@ann",), "die Folien schicken")
    assert isinstance(wording.deadline, Deadline)
    assert wording.deadline.at == datetime(2026, 3, 13, 16, 30, tzinfo=UTC)


def test_nothing_typed_is_nothing_promised() -> None:
    assert read("   ") == Wording("", (), Unread(Refusal.NO_DEADLINE))


def test_nothing_that_no_database_stores_is_left_in_the_task() -> None:
    assert read("send\0 it\ud800 by Fri\0day").what == "send it"


def test_a_second_day_behind_the_deadline_is_asked_about() -> None:
    answer = read("send the deck by Friday, or Monday if legal is late").deadline
    assert isinstance(answer, Unread)
    assert answer.refusal is Refusal.AMBIGUOUS
    assert isinstance(read("send the deck by Friday, or cancel the meeting").deadline, Deadline)
