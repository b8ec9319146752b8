"""A digest's sentences, word for word; contents too long for it; and 500 promises within Slack's limits."""

from datetime import time, timedelta

import pytest

from bot.domain.acts import Act
from bot.domain.digests import Cadence, DigestContent, DigestSetting, LastChance, digest, period_of
from bot.domain.figures import weeks
from bot.domain.outcomes import accounts_of
from bot.domain.promise import CLOCK, ChannelId, Due, Terms
from bot.domain.transitions import HistoryEntry
from bot.ports import Message
from bot.views.digest import channel_digest, digest_details, last_chance
from sandbox.block_kit import check_message
from tests.unit.factories import ALICE, BOB, CHARLIE, FRIDAY, MONDAY, TEAM
from tests.unit.histories import BERLIN, agreed, delivered, past, proposed
from tests.unit.slack_limits import within_limits
from tests.unit.views_gallery import texts_in

NOW = FRIDAY + timedelta(days=2)
SETTING = DigestSetting(TEAM, ChannelId("C1"), Cadence.WEEKLY, time(16), BERLIN, CHARLIE, MONDAY, MONDAY)
DUE, NEXT_FRIDAY = "Fri 27 Nov, 18:00 CET", FRIDAY + timedelta(days=7)
TUESDAY = MONDAY + timedelta(days=1)
MISS = HistoryEntry(Act.MISS, CLOCK, FRIDAY)
THANKS = HistoryEntry(Act.ACCEPT_DELIVERY, BOB, FRIDAY, rating="exceeded", note="Lovely.")


def week() -> DigestContent:
    pasts = [
        past(HistoryEntry(Act.AT_RISK, ALICE, TUESDAY, note="Waiting for the figures"), MISS, number=3),
        past(proposed(TUESDAY, NEXT_FRIDAY, early=True), agreed(TUESDAY), number=4),
        past(delivered(TUESDAY)[0], THANKS, number=5),
        past(MISS, *delivered(FRIDAY + timedelta(days=1)), number=6),
        past(MISS, proposed(FRIDAY, NEXT_FRIDAY), agreed(FRIDAY), number=7),
        past(MISS, HistoryEntry(Act.REVOKE, ALICE, NOW), number=8),
        past(MISS, HistoryEntry(Act.RELEASE, BOB, NOW), number=9),
    ]
    return digest(pasts, period_of(SETTING, NOW), BERLIN)


def without_charts(message: Message) -> str:
    return texts_in({"blocks": [block for block in message.blocks if block["type"] != "data_visualization"]})


def test_a_post_says_what_was_missed_repaired_moved_kept_and_what_comes() -> None:
    message = channel_digest(week(), SETTING, NOW)
    assert message.text == (
        "Promises in this channel: 1 kept, 1 moved in good time, 2 repaired, 1 cancelled late, 1 missed."
    )
    assert without_charts(message) == (
        "Promises of the week\n"
        "*Kept – thank you* (1)\n"
        "• <@UALICE> → <@UBOB> *#5* “send the deck”, in time – more than expected\n"
        "*Moved in good time* (1)\n"
        "• <@UALICE> → <@UBOB> *#4* “send the deck”, moved 3 working days ahead, now due Fri 4 Dec, 18:00 CET\n"
        "*Missed, then repaired* (2)\n"
        "• <@UALICE> → <@UBOB> *#6* “send the deck”, delivered 1 day late\n"
        "• <@UALICE> → <@UBOB> *#7* “send the deck”, new date Fri 4 Dec, 18:00 CET\n"
        "*Cancelled late* (1)\n"
        f"• <@UALICE> → <@UBOB> *#8* “send the deck”, was due {DUE}, cancelled 2 days after\n"
        "*Missed* (1)\n"
        f"• <@UALICE> → <@UBOB> *#3* “send the deck”, was due {DUE}, still open\n"
        "Set up by <@UCHARLIE>: every Friday at 16:00, Berlin time. `/promise digest off` ends it."
    )


def test_the_thread_adds_the_words_that_go_with_each() -> None:
    sent = texts_in(digest_details(week(), NOW))
    assert "still open “Waiting for the figures”" in sent
    assert "in time – more than expected “Lovely.”" in sent


@pytest.mark.parametrize("what", ["send the deck", "&" * 600, "漢" * 600, "<!channel> @here " * 35])
def test_five_hundred_promises_fit_into_every_message(what: str) -> None:
    terms = Terms(what, Due(FRIDAY, BERLIN))
    pasts = tuple(past(MISS, number=number, terms=terms) for number in range(500))
    content = DigestContent(pasts, pasts, pasts, pasts, pasts, pasts, weeks(accounts_of(pasts), NOW, BERLIN))
    for message in (
        channel_digest(content, SETTING, NOW),
        digest_details(content, NOW),
        last_chance(LastChance(ALICE, SETTING.channel_id, BERLIN, NOW, tuple(each.promise for each in pasts)), NOW),
    ):
        assert within_limits(message.blocks) == []
        check_message(list(message.blocks))
        assert len(message.text) <= 4000
