"""Every sentence of the project's own corpus is read as a colleague would."""

import pytest

from bot.domain.due_dates import Deadline, read_deadline
from bot.domain.wording import read_promise
from bot.domain.working_time import WorkingHours
from tests.corpus import Sentence, sentences


@pytest.mark.parametrize("sentence", sentences("english"), ids=lambda sentence: sentence.text)
def test_an_english_deadline_is_read(sentence: Sentence) -> None:
    answer = read_deadline(sentence.text, sentence.now, WorkingHours(sentence.zone), sentence.locale)
    assert sentence.allows(answer), answer


@pytest.mark.parametrize("sentence", sentences("german"), ids=lambda sentence: sentence.text)
def test_a_german_deadline_is_read(sentence: Sentence) -> None:
    answer = read_deadline(sentence.text, sentence.now, WorkingHours(sentence.zone), sentence.locale)
    assert sentence.allows(answer), answer


@pytest.mark.parametrize("sentence", sentences("promises"), ids=lambda sentence: sentence.text)
def test_a_promise_is_taken_apart(sentence: Sentence) -> None:
    read = read_promise(sentence.text, sentence.now, WorkingHours(sentence.zone), sentence.locale)
    assert sentence.allows(read.deadline), read.deadline
    assert (read.what, read.people) == (sentence.what, sentence.people)


@pytest.mark.parametrize("sentence", [*sentences("kinds"), *sentences("hasty")], ids=lambda sentence: sentence.text)
def test_what_is_not_certain_is_asked_with_the_answer_among_the_buttons(sentence: Sentence) -> None:
    read = read_promise(sentence.text, sentence.now, WorkingHours(sentence.zone), sentence.locale)
    assert sentence.allows(read.deadline), read.deadline
    assert sentence.what in (None, read.what)
    assert isinstance(read.deadline, Deadline) or sentence.is_offered(read.deadline), read.deadline
