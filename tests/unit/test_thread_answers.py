"""A reply in a thread answers a question only in words that certainly do."""

import pytest

from bot.domain.acts import Act
from bot.domain.answers import AnswerKind, read_answer
from bot.domain.likely_answers import PHRASES, Likely, dates_in, likely_act, suggested_by
from bot.domain.transitions import perform
from tests.unit.factories import ALICE, BOB, entry, promised, requested


@pytest.mark.parametrize(
    ("kind", "replies"),
    [
        (
            AnswerKind.YES,
            [
                "yes",
                "yes please",
                "ok with me",
                "works for me, thanks",
                "thanks, perfect",
                "passt",
                "+1",
                "👍🏽",
                "ja bitte",
            ],
        ),
        (
            AnswerKind.AGREEMENT,
            [
                "no problem",
                "No worries!",
                "all good, thanks",
                "yes, no problem",
                "sounds good",
                "sure thing",
                "fine by me",
                "kein Problem",
            ],
        ),
        (AnswerKind.NO, ["no", "Nope, sorry", "no, too late", "no – legal needs it", "no thank you", "nein", "👎🏿"]),
        (
            AnswerKind.UNCLEAR,
            [
                "no longer needed",
                "no rush",
                "no idea",
                "no way to tell",
                "no, no problem",
                "yes but Monday",
                "no?",
                "hm",
                "",
            ],
        ),
    ],
)
def test_a_reply_is_read_as_it_is_meant(kind: AnswerKind, replies: list[str]) -> None:
    assert {reply: read_answer(reply).kind for reply in replies} == dict.fromkeys(replies, kind)


def test_a_refusal_has_its_reason() -> None:
    assert [read_answer(reply).note for reply in ("no, too late", "no – legal needs it")] == [
        "too late",
        "legal needs it",
    ]


@pytest.mark.parametrize(
    ("kinds", "replies"),
    [
        ([Likely.ENDED], ["never mind", "forget it!", "brauchen wir nicht mehr"]),
        ([Likely.NEGATIVE], ["can’t, sorry", "not yet", "👎🏿", "das schaffe ich leider nicht", "I need more time"]),
        ([Likely.POSITIVE], ["will do", "no problem at all", "no rush", "bin dran"]),
        ([Likely.DONE], ["I sent it yesterday", "✅✅", "ist raus"]),
        ([Likely.THANKS], ["thanks!", "❤️", ":tada:", "danke dir"]),
        ([Likely.PART], ["ok but only the first half", "nur die erste Hälfte"]),
        ([], ["hm", "who is waiting for this?", "", "sent " * 100]),
    ],
)
def test_an_unclear_reply_suggests_what_people_mean_by_it(kinds: list[Likely], replies: list[str]) -> None:
    first = {reply: suggested_by(reply)[:1] for reply in replies}
    assert first == dict.fromkeys(replies, kinds)


@pytest.mark.parametrize(
    ("reply", "date"),
    [
        ("sorry, running late, maybe tomorrow?", "tomorrow"),
        ("wie wär’s mit Dienstag 10 Uhr?", "Dienstag 10 Uhr"),
        ("I need input by Friday", "input by Friday"),
        ("no", None),
    ],
)
def test_the_date_in_a_reply_is_what_is_left_without_the_words_around_it(reply: str, date: str | None) -> None:
    assert next(dates_in(reply), None) == date


@pytest.mark.parametrize("kind", Likely)
def test_every_meaning_has_words_and_leads_to_an_act_of_somebody(kind: Likely) -> None:
    words = PHRASES[kind].split(",")[0]
    assert suggested_by(words) == [kind]
    promises = promised(), requested(), perform(promised(), entry(Act.REPORT, ALICE))
    assert any(likely_act(words, promise, person) for promise in promises for person in (ALICE, BOB))
