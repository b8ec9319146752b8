"""A reply in a thread answers a question only in words that certainly do."""

import pytest

from bot.domain.answers import AnswerKind, read_answer


@pytest.mark.parametrize(
    ("kind", "replies"),
    [
        (
            AnswerKind.YES,
            ["yes", "yes please", "ok with me", "works for me, thanks", "👍🏽", ":+1::skin-tone-4:", "ja bitte"],
        ),
        (
            AnswerKind.AGREEMENT,
            ["no problem", "No worries!", "yes, no problem", "sounds good", "sure thing", "fine by me", "kein Problem"],
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
