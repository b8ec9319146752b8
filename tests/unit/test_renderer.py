"""The voice: docs/voice.md held against every message of the gallery."""

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from bot.ports import Message
from bot.views.blocks import button, overflow
from bot.views.buttons import MORE
from bot.views.renderer import BlockKitRenderer
from docs.gallery_page import groups, readable
from tests.unit.slack_limits import within_limits
from tests.unit.test_views_limits import LONGEST, assert_harmless
from tests.unit.views_gallery import SOON, messages, modals
from tests.unit.views_load import load_messages
from tests.unit.views_typed import typed_messages

#: A sentence of ours is no longer; quotations, lists of commands and tables are not sentences.
WORDS = 25
VISIBLE = 3
#: Words of ours that people do not say, and rebukes.
AVOIDED = re.compile(
    r"\b(?:anew|whoever|whence|binds from now|counts for nobody|stands on|no word"
    r"|terms v\d|void|hears? (?:of|from) me|at once|you said)\b",
    re.IGNORECASE,
)


RAW_ID = re.compile(r"\b(?:Europe|America|Asia|Africa|Australia|Pacific)/[A-Z]\w+")
#: Commands are sent in backticks, or in quotation marks where there is plain text alone.
BARE_COMMAND = re.compile(r"(?<![`“\w/])/(?:promise|invite)\b")
BARE_DATE = re.compile(
    r"(?<!(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) )\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec), \d"
)


@functools.cache
def every() -> Mapping[str, tuple[str, Any]]:
    """Return the gallery, and every other message and view: text to name and view, each text once."""
    shown = [
        *((f"{title}: {name}", each) for title, group in groups() for name, each in group),
        *messages("send the deck"),
        *modals("send the deck"),
    ]
    return {readable(each): (name, each) for name, each in reversed(shown)}


def every_message() -> list[tuple[str, Message]]:
    return [(name, shown) for name, shown in every().values() if isinstance(shown, Message)]


def sentences(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if line.startswith((">", "•", "`", "[")) or "` – " in line or " → " in line:
            continue
        bare = re.sub(r"“[^”]*”|`[^`]*`|\[[^\]]*\]", "x", line)
        yield from re.split(r"(?<=[.!?])\s+|\s·\s", bare)


def is_long(sentence: str) -> bool:
    return len(sentence.split()) > WORDS


def is_crowded(row: list[Mapping[str, Any]]) -> bool:
    buttons = [each for each in row if each["type"] == "button"]
    return len(buttons) > VISIBLE or len([each for each in row if each["action_id"] == MORE]) > 1


def rows(shown: Message) -> Iterator[list[Mapping[str, Any]]]:
    for block in shown.blocks:
        if block["type"] == "actions":
            yield block["elements"]


def test_no_sentence_is_longer_than_25_words() -> None:
    assert [(name, each) for text, (name, _) in every().items() for each in sentences(text) if is_long(each)] == []


def test_no_message_uses_a_word_that_people_do_not_say() -> None:
    assert [(name, found) for text, (name, _) in every().items() if (found := AVOIDED.findall(text))] == []


def test_a_row_has_at_most_three_buttons_and_one_menu() -> None:
    assert [name for name, shown in every_message() if any(map(is_crowded, rows(shown)))] == []


def test_dates_carry_their_weekday_and_no_zone_id() -> None:
    assert [(name, found) for text, (name, _) in every().items() if (found := RAW_ID.findall(text))] == []
    assert [(name, found) for text, (name, _) in every().items() if (found := BARE_DATE.findall(text))] == []


def test_commands_stand_apart_from_the_sentence() -> None:
    assert [name for text, (name, _) in every().items() if BARE_COMMAND.search(text)] == []


def test_notifications_show_dates_in_words_and_in_the_readers_own_zone() -> None:
    sent = [(name, BlockKitRenderer().localised(shown, "Asia/Kathmandu", SOON).text) for name, shown in every_message()]
    assert [name for name, text in sent if RAW_ID.search(text) or "<!date" in text] == []
    assert [(name, text) for name, text in sent if re.search(r"\d\d:\d\d (?:CET|UTC)(?!\+5:45)", text)] == []
    assert len([text for _, text in sent if "Fri 27 Nov, 22:45 UTC+5:45" in text]) > 100


def test_a_message_in_the_readers_zone_is_encoded_as_it_is() -> None:
    for name, shown in every_message():
        sent = BlockKitRenderer().localised(shown, "Asia/Kathmandu", SOON)
        assert sent.written == Message(sent.text, shown.blocks).written, name


def test_the_rules_find_what_breaks_them() -> None:
    assert [each for each in sentences("word " * 26) if is_long(each)]
    assert RAW_ID.findall("until Fri 27 Nov, 18:00 Europe/Berlin")
    assert BARE_DATE.findall("until 27 Nov, 18:00")
    assert BARE_COMMAND.search("An admin changes it: /promise settings")
    assert not BARE_DATE.findall("until Fri 27 Nov, 18:00")
    assert is_crowded([button(f"b{place}", "B") for place in range(4)])
    assert is_crowded([overflow(MORE, [("a", "A"), ("b", "B")])] * 2)
    assert AVOIDED.findall("No word yet. It stands on #4.") == ["No word", "stands on"]


@pytest.mark.parametrize("words", LONGEST.values(), ids=LONGEST.keys())
def test_slack_takes_every_answer_to_what_is_typed(words: str) -> None:
    for name, message in (*typed_messages(words), *load_messages(words)):
        assert within_limits(message.blocks) == [], name
        assert 0 < len(message.text) <= 4000, name
        assert_harmless(name, message.blocks)
