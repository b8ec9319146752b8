"""Answers to words that are nearly a command, filled with one and the same words."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.acts import Act
from bot.domain.drafts import Draft, RequesterDoubt
from bot.domain.due_dates import Deadline, Granularity, Refusal, Unread
from bot.domain.promise import Due
from bot.domain.transitions import perform
from bot.ports import Message
from bot.views.guesses import (
    Guess,
    did_you_mean,
    either,
    fitting,
    is_it_new,
    no_promise,
    small_talk,
    to_whom,
    unknown,
    which_moment,
    which_owes,
    who_owes,
    whom_to_ask,
)
from bot.views.help import short_help
from bot.views.threads import may_mean, may_move, maybe_done, not_understood, which_promise
from tests.unit.factories import ALICE, BOB, CHARLIE, FRIDAY, entry, promised, requested
from tests.unit.views_gallery import LATER, SOON


def typed_messages(words: str) -> Iterator[tuple[str, Message]]:
    """Every answer to what is typed, with the words in each place that people's words can take."""
    promise = promised()
    promise = replace(promise, terms=replace(promise.terms, what=words[:600] or "x"))
    draft = Draft(words, Due(FRIDAY, "Europe/Berlin"), None, None, (CHARLIE,))
    move = Guess("move", "move #12 to 2026-11-30 18:00", promise, LATER)
    done = Guess("done", f"done #12 {words}", promise)
    yield "help", short_help()
    yield "near `move`, with a date", did_you_mean([move], words)
    yield "near `done`", did_you_mean([done], words)
    yield "naming a number", did_you_mean([done, Guess("show", "show 12", promise)], words)
    yield "near `list`", did_you_mean([Guess("list", "list")], words)
    yield "begins like a command", is_it_new(words, [Guess("list", "list")])
    yield "a command or a promise", either(promise, [done, move], words)
    yield "unknown words", unknown(words)
    yield "unknown words, near one", unknown("lst", Guess("list", "list"))
    yield "bare `done`", fitting("done", [promise] * 7)
    yield "bare `accept`, nothing fits", fitting("accept", [])
    moments = tuple(Deadline(due.at, due.zone, Granularity.DAY) for due in (promise.terms.due, LATER))
    asked = Unread(Refusal.AMBIGUOUS, moments, words)
    yield "which moment", which_moment(promise, ALICE, asked, words, SOON)
    yield from _asked_messages(draft, words)
    yield "small talk", small_talk(ALICE, [promise, promise], 1)
    yield "small talk with somebody who is asked", small_talk(ALICE, [], 0, [promise])
    yield "small talk with a newcomer", small_talk(BOB, [], 0)
    yield "in a thread: which promise", which_promise([done, move], words)
    yield "in a thread: maybe done", maybe_done(promise, ALICE, SOON)
    yield "in a thread: not understood", not_understood(promise, ALICE, SOON)
    yield "in a thread: not understood, a request", not_understood(requested(), ALICE, SOON)
    yield "in a thread: not understood, its requester", not_understood(promise, BOB, SOON)
    yield (
        "in a thread: not understood, an offer",
        not_understood(perform(promise, entry(Act.PROPOSE, ALICE)), BOB, SOON),
    )
    reported = perform(promise, entry(Act.REPORT, ALICE))
    yield "in a thread: not understood, a delivery", not_understood(reported, BOB, SOON)
    yield "in a thread: what may be missing", may_mean(Act.REOPEN, reported, BOB, SOON, words)
    yield "in a thread: may mean on track", may_mean(Act.ON_TRACK, promise, ALICE, SOON, "")
    yield "in a thread: may mean at risk, late", may_mean(Act.AT_RISK, promise, ALICE, promise.terms.due.at, "no")
    yield "in a thread: may mean another date", may_move(move, promise, ALICE, SOON)


def _asked_messages(draft: Draft, words: str) -> Iterator[tuple[str, Message]]:
    """The questions about the people of a promise."""
    yield "a refusal", no_promise(words)
    yield "a request without a name", whom_to_ask(replace(draft, asks=True), draft)
    doubtful = replace(draft, doubt=RequesterDoubt(BOB, draft.what, (CHARLIE,)))
    yield "to whom", to_whom(replace(draft, doubt=RequesterDoubt(BOB, draft.what)), {BOB: words})
    yield "to which of them", to_whom(doubtful, {BOB: words, CHARLIE: words})
    asked = [(words, replace(draft, requester_id=None, owner_id=who, asks=True)) for who in (BOB, CHARLIE)]
    yield "who owes it", who_owes(asked[:1], draft)
    yield "which of them owes it", who_owes(asked, doubtful)
    yield "which of two owes it", which_owes([(words, draft), ("bob", draft)])
