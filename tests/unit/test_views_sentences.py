"""Kept's sentences, word for word: they are the product."""

import re
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.acts import Act
from bot.domain.kinds import Kind
from bot.domain.promise import ChannelId, Origin
from bot.domain.transitions import perform
from bot.views.notices import notice
from bot.views.nudges import nudge
from bot.views.promise_card import promise_card, promise_details
from bot.views.words import in_words
from tests.unit.factories import ALICE, BOB, CHARLIE, DAVE, FRIDAY, MONDAY, entry, promised
from tests.unit.views_gallery import LATER, SOON, stage, stages, texts_in

DUE, MOVED = "Fri 27 Nov, 18:00 CET", "Mon 30 Nov, 18:00 CET"


def test_the_check_in_asks_the_owner_while_the_date_can_move() -> None:
    message = nudge(Kind.CHECK_IN, promised(), ALICE, FRIDAY - timedelta(days=1))
    assert in_words(message.text) == f"#12 “send the deck”: Still on track for {DUE}?"
    assert texts_in(message) == (
        f"*Still on track for {DUE}?*\n"
        "*#12* · You promised <@UBOB>\n>send the deck\n"
        "[On track] [Propose a change] [⋯ Done, At risk]\n"
        "I ask before each deadline, while a date can still move. "
        "Change how early I check in: `/promise settings`."
    )


def test_the_heads_up_says_no_more_than_the_owner_has() -> None:
    day_before = FRIDAY - timedelta(days=1)
    assert (
        in_words(nudge(Kind.HEADS_UP, promised(), BOB, day_before).text)
        == f"#12 “send the deck”: This is due {DUE}. Does that still suit you?"
    )
    sure = perform(promised(), entry(Act.ON_TRACK, ALICE, day_before - timedelta(hours=1)))
    assert (
        in_words(nudge(Kind.HEADS_UP, sure, BOB, day_before).text)
        == f"#12 “send the deck”: <@UALICE> is on track for {DUE}. Does that still suit you?"
    )


def test_the_heads_up_beside_an_open_offer_asks_for_its_answer() -> None:
    day_before = FRIDAY - timedelta(days=1)
    offered = perform(promised(), entry(Act.PROPOSE, ALICE, day_before - timedelta(hours=1)))
    for kind in (Kind.HEADS_UP, Kind.NO_WORD):
        shown = in_words(nudge(kind, offered, BOB, day_before).text)
        assert shown == f"#12 “send the deck”: <@UALICE> still waits for your answer. {DUE} holds until then."
    refused = perform(offered, entry(Act.REJECT_PROPOSAL, BOB, day_before))
    assert "on track" not in nudge(Kind.HEADS_UP, refused, BOB, day_before).text


def test_a_hand_over_says_what_is_taken_over_and_whose_it_is_until_then() -> None:
    handed = perform(promised(), entry(Act.HAND_OVER, ALICE, SOON))
    history = [entry(Act.PROMISE, ALICE, MONDAY), entry(Act.HAND_OVER, ALICE, SOON)]
    assert f"<@UBOB> waits for it, due {DUE}." in texts_in(notice(handed, history, "a2", DAVE, SOON))
    asked = in_words(nudge(Kind.CHECK_IN, handed, ALICE, FRIDAY - timedelta(days=1)).text)
    assert asked == f"#12 “send the deck”: You asked <@UDAVE> to take it over. Until they do, you owe it, due {DUE}."
    assert "Is it done?" in nudge(Kind.DUE_NOW, handed, ALICE, FRIDAY).text


def test_the_owners_warning_is_repeated_to_the_requester_with_the_heads_up() -> None:
    promise = perform(promised(), entry(Act.AT_RISK, ALICE, SOON, note="Waiting for the figures"))
    shown = texts_in(nudge(Kind.HEADS_UP, promise, BOB, FRIDAY - timedelta(days=1)))
    assert "At risk since Mon 23 Nov, 10:01 CET – “Waiting for the figures”" in shown


def test_overdue_asks_for_a_realistic_date_without_blame() -> None:
    message = nudge(Kind.OVERDUE, promised(), ALICE, FRIDAY + timedelta(days=3))
    assert in_words(message.text) == f"#12 “send the deck”: This was due {DUE}. Is it done, or which date is realistic?"


def test_a_nudge_that_was_answered_says_how_it_ended() -> None:
    promise, _ = stage("kept")
    message = nudge(Kind.CHECK_IN, promise, ALICE, FRIDAY + timedelta(days=3))
    assert in_words(message.text) == f"#12 “send the deck”, due {DUE}: Kept in time – more than expected."
    assert texts_in(message) == (f"*#12* send the deck · due {DUE} · ✓ Kept in time – more than expected")


SENTENCES = [
    ("active", 1, BOB, f"#12: <@UALICE> promised you “send the deck” by {DUE}."),
    ("active", 1, CHARLIE, f"#12: <@UALICE> promised <@UBOB> “send the deck” by {DUE}."),
    ("requested", 1, ALICE, f"#12: <@UBOB> asked you for “send the deck” by {DUE}."),
    ("accepted", 2, BOB, "#12 “send the deck”: <@UALICE> accepted the request."),
    ("declined", 2, BOB, "#12 “send the deck”: <@UALICE> declined the request."),
    ("withdrawn", 2, ALICE, "#12 “send the deck”: <@UBOB> took the request back."),
    ("at risk", 2, BOB, "#12 “send the deck”: <@UALICE> marked it at risk."),
    (
        "proposed by Alice",
        2,
        BOB,
        f"#12 “send the deck”: <@UALICE> proposed a change: due {DUE} → {MOVED}; “send the deck” → “send the dec!”; "
        "done when “send the dec?”; "
        f"and later “send the dec…” by {MOVED}.",
    ),
    (
        "agreed",
        3,
        ALICE,
        f"#12 “send the deck”: <@UBOB> agreed to the change: due {DUE} → {MOVED}; “send the deck” → “send the dec!”; "
        "done when “send the dec?”; "
        f"and later “send the dec…” by {MOVED}.",
    ),
    ("rejected", 3, ALICE, "#12 “send the deck”: <@UBOB> wants to keep it as it was."),
    ("retracted", 3, BOB, "#12 “send the deck”: <@UALICE> took the proposal back."),
    ("expired", 3, ALICE, "#12 “send the deck”: The proposal expired without an answer."),
    ("handing over", 2, DAVE, "#12 “send the deck”: <@UALICE> asked you to take it over."),
    ("handed over", 3, ALICE, "#12 “send the deck”: <@UDAVE> took it over from you."),
    ("not handed over", 3, ALICE, "#12 “send the deck”: <@UDAVE> did not take it over."),
    ("missed", 2, BOB, "#12 “send the deck”: The deadline passed."),
    ("reported", 2, BOB, "#12 “send the deck”: <@UALICE> delivered it."),
    ("reopened", 3, ALICE, "#12 “send the deck”: <@UBOB> found something missing."),
    ("kept", 3, ALICE, "#12 “send the deck”: <@UBOB> accepted the delivery – more than expected."),
    ("settled", 3, ALICE, "#12 “send the deck”: No answer for three working days, so it counts as kept."),
    ("revoked", 2, BOB, "#12 “send the deck”: <@UALICE> cancelled the promise."),
    ("released", 2, ALICE, "#12 “send the deck”: <@UBOB> no longer needs it."),
    ("edited", 2, BOB, f"#12: <@UALICE> corrected it to “send the deck” by {MOVED}."),
]


@pytest.mark.parametrize(("name", "seq", "viewer", "sentence"), SENTENCES, ids=[name for name, *_ in SENTENCES])
def test_every_act_reaches_the_other_side_as_a_sentence(name: str, seq: int, viewer: Any, sentence: str) -> None:
    promise, history = stage(name)
    assert in_words(notice(promise, history, f"a{seq}", viewer, SOON).text) == sentence


def test_a_proposal_shows_old_and_new_the_reason_and_what_holds_meanwhile() -> None:
    promise = promised()
    offer = entry(Act.PROPOSE, ALICE, due=LATER, note="The figures come late")
    history = (entry(Act.PROMISE, ALICE, MONDAY, what=promise.terms.what, due=promise.terms.due), offer)
    assert texts_in(notice(perform(promise, offer), history, "a2", BOB, SOON)) == (
        "*#12* · <@UALICE> proposed a change.\n>send the deck\n"
        f"Due {DUE} → {MOVED}\n"
        "Why: “The figures come late”\n"
        f"{DUE} holds until you answer.\n"
        "[Agree] [Suggest another] [Keep it as it was]"
    )


def test_a_miss_is_worded_neutrally() -> None:
    promise, history = stage("missed")
    assert texts_in(notice(promise, history, "a2", BOB, FRIDAY)) == (
        "*#12* · The deadline passed.\n>send the deck\n"
        "Nothing is reported yet. Ask again, propose another date, or let it go.\n"
        "[Ask again] [Propose a change] [No longer needed]"
    )


def test_a_notice_says_where_the_promise_stands_now() -> None:
    promise, history = stage("kept")
    shown = texts_in(notice(promise, history, "a2", BOB, SOON))
    assert f"Now: ✓ Kept in time – more than expected · due {DUE}" in shown


def test_a_notice_of_an_act_that_the_history_lacks_still_says_how_it_stands() -> None:
    promise, _ = stage("active")
    assert notice(promise, (), "a1", BOB, SOON).text == "#12 “send the deck” has changed."


def test_the_card_shows_an_open_proposal_and_who_waits_for_whom() -> None:
    promise = perform(promised(), entry(Act.PROPOSE, ALICE, due=LATER, note="The figures come late"))
    assert texts_in(promise_card(promise, None, SOON)) == (
        "*#12* · <@UALICE> promised <@UBOB>\n>send the deck\n"
        f"*Due* {DUE} · ⇄ Change proposed\n"
        f"*<@UALICE> proposed a change*\nDue {DUE} → {MOVED}\n"
        "Why: “The figures come late”\n"
        f"{DUE} holds until <@UBOB> answers.\n"
        "[View or update]"
    )


STANDINGS = [
    ("requested", "Waiting for <@UALICE>’s answer"),
    ("requested, a change proposed", "Change proposed"),
    ("active", "Open"),
    ("on track", "On track"),
    ("at risk", "At risk"),
    ("proposed by Bob", "Change proposed"),
    ("reported", "Delivered – waiting for <@UBOB> to confirm"),
    ("kept", "Kept in time – more than expected"),
    ("settled", "Kept in time"),
    ("declined", "Declined"),
    ("withdrawn", "Taken back"),
    ("revoked", "Cancelled"),
    ("released", "No longer needed"),
]


@pytest.mark.parametrize(("name", "standing"), STANDINGS, ids=[name for name, _ in STANDINGS])
def test_the_card_says_where_the_promise_stands_to_eyes_and_to_screen_readers(name: str, standing: str) -> None:
    card = promise_card(stage(name)[0], None, SOON)
    assert in_words(card.text).endswith(f"by {DUE}. {standing}.")
    assert f" {standing}" in texts_in(card)


def test_a_missed_promise_is_late_and_still_open_whenever_it_is_drawn() -> None:
    card = promise_card(stage("missed")[0], None, FRIDAY + timedelta(days=2, hours=3))
    assert in_words(card.text).endswith("Late, still open.")


def test_the_details_show_the_whole_history() -> None:
    promise, history = stage("agreed")
    sent = texts_in(promise_details(promise, history, BOB, SOON))
    assert f"<@UALICE> promised you “send the deck” by {DUE}" in sent
    assert f"<@UALICE> proposed a change: due {DUE} → {MOVED}" in sent
    assert "You agreed to the change" in sent


def test_a_long_history_keeps_its_beginning_and_its_end_and_says_what_it_leaves_out() -> None:
    promise, history = next((p, h) for name, p, h in stages("word " * 100) if name == "long")
    sent = texts_in(promise_details(promise, history, BOB, SOON))
    assert re.search(r"… \d+ more …", sent)
    assert sent.count("marked it on track") >= 10


def test_only_a_plain_address_becomes_a_link() -> None:
    def link_of(address: str) -> str:
        place = Origin(ChannelId("C1"), permalink=address)
        return texts_in(nudge(Kind.DUE_NOW, promised(origin=place), ALICE, FRIDAY)).split("\n")[-1]

    assert link_of("https://kept.slack.com/archives/C1/p1").endswith(
        "<https://kept.slack.com/archives/C1/p1|where it began>"
    )
    assert link_of("https://x|<!channel>").startswith("Change when I write")
    assert link_of("javascript:alert(1)").startswith("Change when I write")
