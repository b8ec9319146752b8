"""Every sentence of the project's own corpus is read as a colleague would."""

import pytest

from bot.domain.due_dates import Deadline, read_deadline
from bot.domain.wording import read_promise
from bot.domain.working_time import WorkingHours
from tests.corpus import sentences
from tests.rows import noted


@pytest.mark.parametrize("corpus", ["english", "german"])
def test_a_deadline_is_read(corpus: str) -> None:
    for sentence in sentences(corpus):
        with noted(sentence):
            answer = read_deadline(sentence.text, sentence.now, WorkingHours(sentence.zone), sentence.locale)
            assert sentence.allows(answer), answer


def test_a_promise_is_taken_apart() -> None:
    for sentence in sentences("promises"):
        with noted(sentence):
            read = read_promise(sentence.text, sentence.now, WorkingHours(sentence.zone), sentence.locale)
            assert sentence.allows(read.deadline), read.deadline
            assert (read.what, read.people) == (sentence.what, sentence.people)


@pytest.mark.parametrize("corpus", ["kinds", "hasty"])
def test_what_is_not_certain_is_asked_with_the_answer_among_the_buttons(corpus: str) -> None:
    for sentence in sentences(corpus):
        with noted(sentence):
            read = read_promise(sentence.text, sentence.now, WorkingHours(sentence.zone), sentence.locale)
            assert sentence.allows(read.deadline), read.deadline
            assert sentence.what in (None, read.what)
            assert isinstance(read.deadline, Deadline) or sentence.is_offered(read.deadline), read.deadline
