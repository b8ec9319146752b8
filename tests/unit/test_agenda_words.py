"""Sentences to each side at the moments that matter: an early warning, and a miss in words that are true."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.acts import Act
from bot.domain.asides import OwnerAsked
from bot.domain.promise import CLOCK
from bot.domain.transitions import perform
from bot.views.asides import aside_lines
from bot.views.did import answer
from bot.views.notices import notice
from tests.unit.factories import ALICE, BOB, FRIDAY, MONDAY, entry, promised

SOON = MONDAY + timedelta(minutes=1)
LATE = FRIDAY + timedelta(hours=1)


def test_an_early_warning_is_thanked_and_a_late_one_is_not() -> None:
    early = perform(promised(), entry(Act.AT_RISK, ALICE, SOON))
    late = perform(promised(), entry(Act.AT_RISK, ALICE, FRIDAY - timedelta(hours=3)))
    assert "Thanks for saying so early." in answer(Act.AT_RISK, early, ALICE, SOON).text
    assert "Thanks" not in answer(Act.AT_RISK, late, ALICE, FRIDAY).text
    offered = perform(promised(), entry(Act.PROPOSE, ALICE, SOON, early=True))
    assert "Thanks for saying so early." in answer(Act.PROPOSE, offered, ALICE, SOON).text
    asked = perform(promised(), entry(Act.PROPOSE, BOB, SOON))
    assert "Thanks" not in answer(Act.PROPOSE, asked, BOB, SOON).text


def test_a_miss_is_reported_with_the_owners_last_word() -> None:
    text_shown = perform(promised(), entry(Act.ON_TRACK, ALICE, SOON))
    missed = perform(text_shown, entry(Act.MISS, CLOCK, FRIDAY))
    history = (entry(Act.PROMISE, ALICE, MONDAY), entry(Act.ON_TRACK, ALICE, SOON), entry(Act.MISS, CLOCK, FRIDAY))
    shown = str(notice(missed, history, "a3", BOB, LATE).blocks)
    assert f"<@{ALICE}> last said “on track”" in shown
    assert "without word" not in shown
    silent = replace(missed, last_word=None)
    assert "last said" not in str(notice(silent, history, "a3", BOB, LATE).blocks)


def test_a_miss_is_reported_with_whether_its_owner_was_asked() -> None:
    promise = promised()
    assert "I asked <@UALICE> whether it is done" in str(aside_lines([OwnerAsked(ALICE, FRIDAY)], promise))
    assert "I have not been able to ask <@UALICE>" in str(aside_lines([OwnerAsked(ALICE, None)], promise))


def test_a_miss_is_reported_with_what_its_reader_can_do() -> None:
    offered = perform(promised(), entry(Act.PROPOSE, ALICE, SOON))
    history = (entry(Act.PROMISE, ALICE, MONDAY), entry(Act.PROPOSE, ALICE, SOON), entry(Act.MISS, CLOCK, FRIDAY))
    shown = str(notice(perform(offered, history[-1]), history, "a3", BOB, LATE).blocks)
    assert "Answer the proposal, ask again, or let it go." in shown
    assert "act.accept_proposal" in shown
