"""The voice: docs/voice.md held against every message of the gallery."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from bot.ports import Message
from bot.views.blocks import within_limits
from bot.views.buttons import MORE
from docs.gallery_page import groups, readable
from tests.unit.test_views_limits import LONGEST, assert_harmless
from tests.unit.views_typed import typed_messages

EVERY = [(f"{title}: {name}", shown) for title, group in groups() for name, shown in group]
MESSAGES = [(name, shown) for name, shown in EVERY if isinstance(shown, Message)]
#: A sentence of ours is no longer; quotations, lists of commands and tables are not sentences.
WORDS = 25
VISIBLE = 3
#: Words of ours that people do not say, and rebukes.
AVOIDED = re.compile(
    r"\b(?:anew|whoever|whence|binds from now|counts for nobody|stands on|no word"
    r"|terms v\d|void|hears? (?:of|from) me|at once|you said)\b",
    re.IGNORECASE,
)


def sentences(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if line.startswith((">", "•", "`", "[")) or "` – " in line or " → " in line:
            continue
        bare = re.sub(r"“[^”]*”|`[^`]*`|\[[^\]]*\]", "x", line)
        yield from re.split(r"(?<=[.!?])\s+|\s·\s", bare)


def rows(shown: Message) -> Iterator[list[Mapping[str, Any]]]:
    for block in shown.blocks:
        if block["type"] == "actions":
            yield block["elements"]


@pytest.mark.parametrize(("name", "shown"), EVERY, ids=[name for name, _ in EVERY])
def test_no_sentence_is_longer_than_25_words(name: str, shown: Any) -> None:
    long = [each for each in sentences(readable(shown)) if len(each.split()) > WORDS]
    assert long == []


@pytest.mark.parametrize(("name", "shown"), EVERY, ids=[name for name, _ in EVERY])
def test_no_message_uses_a_word_that_people_do_not_say(name: str, shown: Any) -> None:
    assert AVOIDED.findall(readable(shown)) == []


@pytest.mark.parametrize(("name", "shown"), MESSAGES, ids=[name for name, _ in MESSAGES])
def test_a_row_has_at_most_three_buttons_and_one_menu(name: str, shown: Message) -> None:
    for row in rows(shown):
        buttons = [each for each in row if each["type"] == "button"]
        assert len(buttons) <= VISIBLE
        assert len([each for each in row if each["action_id"] == MORE]) <= 1


@pytest.mark.parametrize(("name", "shown"), EVERY, ids=[name for name, _ in EVERY])
def test_dates_carry_their_weekday_and_no_zone_id(name: str, shown: Any) -> None:
    text = readable(shown)
    assert not re.search(r"\b(?:Europe|America|Asia|Africa|Australia|Pacific)/[A-Z]", text)
    assert not re.search(r"(?<!\w{3} )\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec), \d", text)


def test_the_rules_find_what_breaks_them() -> None:
    assert [each for each in sentences("word " * 26) if len(each.split()) > WORDS]
    assert AVOIDED.findall("No word yet. It stands on #4.") == ["No word", "stands on"]


@pytest.mark.parametrize("words", LONGEST.values(), ids=LONGEST.keys())
def test_slack_takes_every_answer_to_what_is_typed(words: str) -> None:
    for name, message in typed_messages(words):
        assert within_limits(message.blocks) == [], name
        assert 0 < len(message.text) <= 4000, name
        assert_harmless(name, message.blocks)
