"""Slack refuses no view, and no words in one ping, link or trick anybody."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from bot.views.blocks import actions, button, section
from sandbox.block_kit import check_message, check_view
from tests.patience import IS_LONG
from tests.unit.slack_limits import within_limits
from tests.unit.views_gallery import messages, modals

HOSTILE = (
    "<!channel> @everyone <@U666> <http://evil.test|bank.test> *b* ```\n>x\n• #9 \u202efdp.exe\u200f\x00 R&D <!here>"
)
LONGEST = {
    "plain": "w" * 5000,
    "ampersands": "&" * 5000,
    "arrows": "<>" * 2500,
    "hostile": (HOSTILE + " ") * 60,
    "lines": "a\n" * 2500,
    "wide": "漢" * 5000,
    "right to left": "שלום " * 1000,
    "emoji": "👩‍👩‍👧" * 1000,
    "short": "x",
    "nothing visible": "\x00\u202e\u200b",
}
#: Each is cut or escaped in a way of its own; the others differ from one of these by little, and wait for a long run.
USUAL = ("ampersands", "hostile", "wide", "emoji", "nothing visible")
CHOSEN = [pytest.param(words, id=name) for name, words in LONGEST.items() if IS_LONG or name in USUAL]
#: Words whose messages and views the sandbox checks, too: drawing them all once more takes three seconds.
IN_SANDBOX = LONGEST["hostile"]
#: The only markup there may be: mentions and dates of ours, and a link to where a promise began.
OURS = re.compile(
    r"<@U[A-Z0-9]+>|<#C[A-Z0-9]+>|<!date\^\d+\^\{day_divider_pretty\} at \{time\}\|[^<>|]+>|<https://[^<>|]+\|[^<>]+>"
)
TRICKS = re.compile("[\x00-\x08\x0b-\x1f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2067]")


def texts(shown: object, inside: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every text object, with the type of the block it stands in."""
    if isinstance(shown, Mapping):
        if isinstance(shown.get("text"), str):
            yield inside, shown
        for value in shown.values():
            yield from texts(value, str(shown.get("type", inside)))
    elif isinstance(shown, Sequence) and not isinstance(shown, str):
        for value in shown:
            yield from texts(value, inside)


def harmless(text: str) -> bool:
    rest = OURS.sub("", text)
    return "<" not in rest and not re.search(r"&(?!(amp|lt|gt);)", rest) and not TRICKS.search(text)


@pytest.mark.parametrize("words", CHOSEN)
def test_slack_takes_every_message_and_no_words_ping_link_or_trick_anybody(words: str) -> None:
    for name, message in messages(words):
        assert within_limits(message.blocks) == [], name
        assert 0 < len(message.text) <= 4000, name
        assert harmless(message.text), name
        assert_harmless(name, message.blocks)
        if words == IN_SANDBOX:
            check_message(json.loads(json.dumps(message.blocks)))


@pytest.mark.parametrize("words", CHOSEN)
def test_slack_takes_every_view_and_no_words_ping_link_or_trick_anybody(words: str) -> None:
    for name, view in modals(words):
        assert within_limits(view) == [], name
        assert_harmless(name, view)
        if words == IN_SANDBOX:
            check_view(json.loads(json.dumps(view)), "modal", "home")


def assert_harmless(name: str, shown: object) -> None:
    for inside, each in texts(shown):
        if each.get("type") == "mrkdwn":
            assert each["verbatim"] is True, name
            assert harmless(each["text"]), (name, each["text"])
            assert "```" not in each["text"], name
        elif each.get("type") == "text":
            assert inside == "rich_text_preformatted" or inside == "rich_text", name
            assert not TRICKS.search(each["text"]), name


def test_every_message_has_a_full_sentence_for_notifications() -> None:
    for name, message in messages("send the deck"):
        assert message.text.rstrip("“”")[-1] in ".?)", (name, message.text)


def test_the_check_finds_what_slack_would_refuse() -> None:
    assert within_limits([section("x" * 3001)])
    assert within_limits([section("")])
    assert within_limits([section("x")] * 51)
    assert within_limits([section("x" * 2900)] * 5)
    assert within_limits(actions([button("a", "A"), button("a", "B")]))
    assert within_limits(actions([button("a", "A", "v" * 2001)]))
    assert within_limits(actions([button(f"a{n}", "A") for n in range(26)]))
    assert within_limits([{"type": "actions", "elements": []}])
    assert within_limits([{**section("x"), "block_id": "same"}] * 2)
    assert within_limits({"type": "modal", "title": {"type": "plain_text", "text": "t" * 25}, "blocks": []})
    assert within_limits({"type": "home", "blocks": [section("x")] * 101})
    assert within_limits([section("x")]) == []
