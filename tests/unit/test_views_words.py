"""Words, times and drafts as they travel through Slack."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.drafts import Draft, RequesterDoubt
from bot.domain.errors import UnreadableError
from bot.domain.overview import Show
from bot.domain.promise import WHAT_LIMIT, Due, UserId
from bot.views.drafts import decode_draft, encode_draft
from bot.views.home import place, read_place
from bot.views.phrases import quote
from bot.views.words import _TRICKS, clean, cut, escape, late, one_line, person, plain_when, span, when
from tests.unit.factories import FRIDAY

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=1200)
people = st.from_regex(r"\A[UW][A-Z0-9]{2,12}\Z").map(UserId)
dues = st.builds(
    lambda at, zone: Due(at.replace(microsecond=0, tzinfo=UTC), zone),
    st.datetimes(datetime(2001, 9, 10), datetime(2200, 1, 1)),  # noqa: DTZ001  made aware one line above
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia"]),
)
drafts = st.builds(
    Draft,
    what=words,
    due=st.none() | dues,
    requester_id=st.none() | people,
    owner_id=st.none() | people,
    watchers=st.lists(people, max_size=60).map(tuple),
    done_when=words,
    asks=st.booleans(),
    is_private=st.booleans(),
    doubt=st.none() | st.builds(RequesterDoubt, people, words, st.lists(people, max_size=3).map(tuple)),
)


@given(drafts)
def test_any_draft_fits_into_a_button(draft: Draft) -> None:
    value = encode_draft(draft)
    read = decode_draft(value)
    assert len(value) <= 2000
    assert (read.due, read.requester_id, read.owner_id, read.asks) == (
        draft.due,
        draft.requester_id,
        draft.owner_id,
        draft.asks,
    )
    assert draft.what.startswith(read.what)


@given(drafts.filter(lambda draft: len(json.dumps(draft.what + draft.done_when, ensure_ascii=False)) < 1400))
def test_a_draft_that_fits_comes_back_whole(draft: Draft) -> None:
    small = Draft(draft.what, draft.due, draft.requester_id, draft.owner_id, draft.watchers[:20], draft.done_when)
    assert decode_draft(encode_draft(small)) == small


@given(words.filter(lambda task: len(json.dumps(task, ensure_ascii=False)) < 700), words.map(lambda text: text[:200]))
def test_a_doubt_comes_back_with_the_draft(task: str, other: str) -> None:
    for what, others in ((task, ()), (other, ()), (task, (UserId("U2"),)), (other, (UserId("U2"), UserId("U3")))):
        draft = Draft(task[:300], doubt=RequesterDoubt(UserId("U1"), what[:300], others))
        assert decode_draft(encode_draft(draft)) == draft


def test_the_longest_promise_fits_into_a_button_whole() -> None:
    draft = Draft("w" * WHAT_LIMIT, Due(FRIDAY, "America/Argentina/ComodRivadavia"), UserId("U" * 12))
    assert decode_draft(encode_draft(draft)) == draft


@pytest.mark.parametrize(
    "value",
    [
        "",
        "make",
        "[]",
        "null",
        '{"x":1}',
        '{"w":1}',
        '{"q":[]}',
        '{"q":["U1","a","b","c","d","e","f"]}',
        '{"a":"yes"}',
        '{"s":[1]}',
        '{"d":[1]}',
        '{"d":["1","UTC"]}',
        '{"d":[1e99,"UTC"]}',
        '{"d":[99999999999999999,"UTC"]}',
        '{"d":[1,"No/Where"]}',
        '{"d":[1,"../etc/passwd"]}',
        '{"d":[1,"Europe"]}',
        "[" * 100_000,
    ],
)
def test_a_forged_draft_is_refused_with_a_sentence(value: str) -> None:
    with pytest.raises(UnreadableError, match="Type the promise again"):
        decode_draft(value)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400), st.integers(3, 300))
def test_typed_text_fits_on_one_harmless_line(text: str, limit: int) -> None:
    shown = one_line(text, limit)
    assert len(shown) <= limit
    assert not set("\n<>\x00\u202e") & set(shown)


def test_no_invisible_letter_stays_however_short_the_text() -> None:
    assert {clean(f"a{chr(code)}b") for code in range(0x3000) if _TRICKS.match(chr(code))} == {"ab"}


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=3000))
def test_a_quotation_fits_and_every_line_of_it_is_marked(text: str) -> None:
    shown = quote(text, 2400)
    assert len(shown) <= 2400
    assert all(line.startswith(">") and "<" not in line for line in shown.split("\n"))


def test_text_is_cut_first_and_escaped_last() -> None:
    assert escape("a < b & c > d") == "a &lt; b &amp; c &gt; d"
    assert one_line("&" * 10, 20) == "&amp;&amp;&amp;…"
    assert cut("short", 5) == "short"
    assert cut("shorter", 5) == "shor…"


def test_right_to_left_words_keep_to_themselves() -> None:
    assert one_line("שלום", 20) == "\u2068שלום\u2069"
    assert one_line("deck", 20) == "deck"


def test_an_instant_is_shown_in_the_readers_zone_with_a_plain_fallback() -> None:
    at = datetime(2026, 11, 27, 16, tzinfo=UTC)
    plain = "Fri 27 Nov, 17:00 CET"
    assert when(at, "Europe/Berlin") == f"<!date^1795795200^{{day_divider_pretty}} at {{time}}|{plain}>"
    assert plain_when(at, "Europe/Berlin", datetime(2025, 1, 1, tzinfo=UTC)) == "Fri 27 Nov 2026, 17:00 CET"


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(hours=23), "23 hours"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=13), "13 days"),
        (timedelta(days=15), "2 weeks"),
    ],
)
def test_lengths_of_time_read_as_people_say_them(length: timedelta, words: str) -> None:
    assert span(length) == words
    assert late(length) == f"{words} late"


def test_a_person_is_mentioned_by_id() -> None:
    assert person(UserId("U1")) == "<@U1>"


@pytest.mark.parametrize("value", ["", "all", "all:-1", "all:x", "none:1", "all:1:2", "all:9999999", "all:²"])
def test_a_place_on_the_home_tab_is_read_strictly(value: str) -> None:
    assert read_place(place(Show.OWED, 3)) == (Show.OWED, 3)
    with pytest.raises(UnreadableError):
        read_place(value)
