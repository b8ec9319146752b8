"""Errors in the terms of a new promise, all of them, so that a form can show them together."""

from collections.abc import Iterator
from datetime import datetime

from bot.domain.errors import UnreadableError
from bot.domain.promise import NOTE_LIMIT, WHAT_LIMIT, Due
from bot.domain.working_time import aware
from bot.language import N_, _

NO_DUE = N_("Say by when, too.")
NO_WHAT = N_("Say what is promised as well as by when.")


def term_errors(what: str, due: Due | None, done_when: str, at: datetime) -> Iterator[UnreadableError]:
    """Yield an error for each faulty value, about its name."""
    found = (
        too_long("what", what, WHAT_LIMIT),
        too_long("done_when", done_when, NOTE_LIMIT),
        already_past(due, at) if due else UnreadableError(_(NO_DUE), "due"),
        UnreadableError(_(NO_WHAT), "what") if not what.strip() else None,
    )
    yield from (error for error in found if error)


def too_long(name: str, words: str, limit: int) -> UnreadableError | None:
    """Return the error about a text over its limit; None for any other."""
    if len(words) <= limit:
        return None
    sentence = _("That is {count:,} characters long; {limit:,} fit. Shorten it, and link to the details.")
    return UnreadableError(sentence.format(count=len(words), limit=limit), name)


def already_past(due: Due | None, at: datetime, about: str = "due") -> UnreadableError | None:
    """Return the error about a date that is not in the future; None for any other, and for no date."""
    if due is None or aware(due.at) > at:
        return None
    return UnreadableError(_("That time has already passed. Choose one in the future."), about)
