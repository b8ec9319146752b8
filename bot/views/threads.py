"""Questions in a thread: which promise is meant, and whether it is done."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.acts import Act
from bot.domain.promise import Promise, UserId
from bot.language import _
from bot.ports import Message
from bot.views.blocks import text_message
from bot.views.buttons import some_buttons
from bot.views.guesses import Guess, row_to_run
from bot.views.words import name_of, one_line, quoted

WHAT_SHOWN = 120
_FOR_THE_OWNER = (Act.REPORT, Act.PROPOSE, Act.AT_RISK)
_FOR_ANYBODY = (Act.ACCEPT_REQUEST, Act.ACCEPT_PROPOSAL, Act.ACCEPT_DELIVERY, *_FOR_THE_OWNER, Act.REOPEN)


def which_promise(guesses: Sequence[Guess], typed: str) -> Message:
    """Ask which of the promises in a message a reply is about."""
    asks = _("Which promise do you mean by {words}?").format(words=quoted(typed, 80))
    rows = [
        row_to_run(guess.promise, place, name_of(guess.promise), guess.command)
        for place, guess in enumerate(guesses)
        if guess.promise
    ]
    return text_message(asks, *rows)


def maybe_done(promise: Promise, viewer: UserId, now: datetime) -> Message:
    """Ask whether the promise is done, if the text may mean that it is not yet."""
    asks = _("Is *{number} {words}* done? Nothing has changed yet.").format(
        number=name_of(promise), words=one_line(promise.terms.what, WHAT_SHOWN)
    )
    wanted = [Act.ACCEPT_DELIVERY, Act.REOPEN, *_FOR_THE_OWNER]
    return text_message(asks, *some_buttons(wanted, promise, viewer, now))


def not_understood(promise: Promise, viewer: UserId, now: datetime) -> Message:
    """Return the list of replies that are understood in a thread, with buttons for the same."""
    what = f"*{name_of(promise)} {one_line(promise.terms.what, WHAT_SHOWN)}*"
    text = _("I didn’t understand that about {what}. Try `done`, `on track`, `at risk` or `need until Monday`.").format(
        what=what
    )
    return text_message(text, *some_buttons(_FOR_ANYBODY, promise, viewer, now))
