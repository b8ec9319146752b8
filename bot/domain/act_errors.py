"""Errors in the values of an act, all of them, so that a form can show them together."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.acts import Act
from bot.domain.errors import UnreadableError
from bot.domain.history import HistoryEntry
from bot.domain.promise import NOTE_LIMIT, RATINGS, WHAT_LIMIT, Promise, Rest, is_blank
from bot.domain.term_errors import NO_WHAT, already_past, too_long
from bot.language import N_, _

#: Acts whose note is required where a person or a tool is asked for it, and the error without one.
NEED_WORDS = {
    Act.REVOKE: N_("Say why it is cancelled."),
    Act.REOPEN: N_("Say what is missing."),
    Act.ADD_NOTE: N_("Say what was delivered, and where to find it."),
}


def act_errors(promise: Promise, entry: HistoryEntry) -> Iterator[UnreadableError]:
    """Yield an error for each faulty value of an act that this person may do now, about its name."""
    yield from word_errors(entry)
    if entry.what and is_blank(entry.what):
        yield UnreadableError(_(NO_WHAT), "what")
    match entry.act:
        case Act.PROPOSE | Act.COUNTER:
            yield from _proposal_errors(promise, entry)
        case Act.HAND_OVER if entry.heir in (None, promise.owner_id, promise.requester_id):
            yield UnreadableError(_("Choose a third person to hand it over to."), "heir")
        case Act.ACCEPT_PROPOSAL if promise.proposal and (error := already_past(promise.proposal.due, entry.at)):
            yield error
        case Act.ACCEPT_REQUEST if promise.terms.due.at <= entry.at:
            yield UnreadableError(_("The date asked for has passed. Propose another one instead."), "due")
        case Act.ACCEPT_DELIVERY | Act.RATE if _has_no_rating(entry):
            choices = _("Choose how it was: just what was needed, more than expected, or not what was needed.")
            yield UnreadableError(choices, "rating")
        case Act.ADD_NOTE if error := without_words(entry):
            yield error
        case Act.EDIT if error := already_past(entry.due, entry.at):
            yield error
        case Act.ADJUST if entry.estimate is None and entry.priority is None:
            yield UnreadableError(_("Nothing would change. Choose another estimate or another priority."), "hours")


def without_words(entry: HistoryEntry) -> UnreadableError | None:
    """Return the error about an act that needs words and has none; None for any other."""
    if entry.act not in NEED_WORDS or not is_blank(entry.note):
        return None
    return UnreadableError(_(NEED_WORDS[entry.act]), "note")


def word_errors(entry: HistoryEntry) -> Iterator[UnreadableError]:
    """Yield an error for each text that is too long."""
    given = {
        "what": (entry.what, WHAT_LIMIT),
        "rest": (entry.rest and entry.rest.what, WHAT_LIMIT),
        "note": (entry.note, NOTE_LIMIT),
        "done_when": (entry.done_when, NOTE_LIMIT),
    }
    for name, (words, limit) in given.items():
        if error := too_long(name, words or "", limit):
            yield error


def changes_terms(promise: Promise, entry: HistoryEntry) -> bool:
    """Return whether a proposal would change what is owed, by when, or when it is done."""
    terms = promise.terms
    is_new = entry.due is not None and entry.due.at != terms.due.at
    return is_new or new_what(promise, entry) is not None or entry.done_when not in (None, terms.done_when)


def new_what(promise: Promise, entry: HistoryEntry) -> str | None:
    """Return what would be owed instead; None if that stays."""
    return entry.what if entry.what and entry.what != promise.terms.what else None


def _proposal_errors(promise: Promise, entry: HistoryEntry) -> Iterator[UnreadableError]:
    if error := already_past(entry.due, entry.at):
        yield error
    if entry.rest:
        yield from _rest_errors(entry.rest, new_what(promise, entry), entry)
    if not changes_terms(promise, entry):
        yield UnreadableError(_("Nothing would change. Choose another date, or another deliverable."), "due")
    elif entry.act is Act.COUNTER and _repeats(promise, entry):
        yield UnreadableError(_("That is what was proposed. Agree to it, or choose another date."), "due")


def _rest_errors(rest: Rest, part: str | None, entry: HistoryEntry) -> Iterator[UnreadableError]:
    if error := already_past(rest.due, entry.at, "rest_due"):
        yield error
    if is_blank(rest.what):
        yield UnreadableError(_("Say what comes later, or leave its date out."), "rest")
    if part is None:
        yield UnreadableError(_("Say which part comes first: shorten what is owed to it."), "what")


def _repeats(promise: Promise, entry: HistoryEntry) -> bool:
    """Return whether a counter-offer is the open offer itself."""
    offer = promise.proposal
    if offer is None or offer.due is None or entry.due is None or offer.what or offer.rest or offer.done_when:
        return False
    return offer.due.at == entry.due.at and not (entry.rest or changes_terms(promise, replace(entry, due=None)))


def _has_no_rating(entry: HistoryEntry) -> bool:
    """Return whether the rating is unknown, or missing in an act that consists of one."""
    return entry.rating not in RATINGS and (bool(entry.rating) or entry.act is Act.RATE)
