"""Authorisation: who may do which act on a promise now, and the sentence shown when they may not."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache

from bot.domain.acts import BY_CLOCK, MAKING, RULE_OF, Act, ActRule, Pending, Role, State
from bot.domain.errors import ChangedError, NotAllowedError, NotFoundError, TooLateError
from bot.domain.open_question import asked_at
from bot.domain.promise import CLOCK, RATE_WITHIN, UNDO_WITHIN, Promise, UserId
from bot.language import N_, _

#: Acts that answer a request, proposal or report. It may be replaced before the click, and agreeing unseen would bind.
ANSWERS = frozenset(
    {
        Act.ACCEPT_REQUEST,
        Act.ACCEPT_PROPOSAL,
        Act.COUNTER,
        Act.REJECT_PROPOSAL,
        Act.ACCEPT_DELIVERY,
        Act.REOPEN,
    }
)
#: For an answer to a proposal that is no longer open.
_GONE = N_(
    "The proposal on #{number} has been answered or replaced. `/promise show {number}` shows the promise as it is now."
)
#: The states in words that complete "#12 …".
STANDS: dict[State, str] = {
    State.REQUESTED: N_("is not accepted yet"),
    State.ACTIVE: N_("is a promise already"),
    State.REPORTED: N_("is delivered and waits to be confirmed"),
    State.KEPT: N_("is kept"),
    State.DECLINED: N_("was declined"),
    State.WITHDRAWN: N_("was taken back"),
    State.REVOKED: N_("was cancelled"),
    State.RELEASED: N_("is no longer needed"),
    State.UNDONE: N_("was undone"),
}


def question_id(promise: Promise) -> str:
    """Return an id of what is to be answered now; it changes with the terms, the proposal and the report."""
    return f"{promise.terms.version}.{int(asked_at(promise).timestamp() * 1_000_000)}"


def check_question(promise: Promise, act: Act, answered: str) -> None:
    """Raise TooLateError if the act answers another question than the one shown; `answered` is empty if unknown."""
    if answered and act in ANSWERS and promise.state.is_open and answered != question_id(promise):
        raise TooLateError(
            _(
                "#{number} has changed since you were asked, so nothing was done. "
                "`/promise show {number}` shows it as it is now."
            ).format(number=promise.number)
        )


def check_seq(promise: Promise, seqs: Collection[int]) -> None:
    """Raise ChangedError unless the promise is at one of these; nothing is checked if there are none."""
    if seqs and promise.seq not in seqs:
        raise ChangedError(
            _("#{number} has changed since you read it, so nothing was done. Read it again.").format(
                number=promise.number
            )
        )


def roles(promise: Promise, person: UserId) -> frozenset[Role]:
    """Return the roles in which this person may act on the promise as it is now."""
    if person == CLOCK:
        return frozenset({Role.CLOCK})
    proposal = promise.proposal
    held = {
        Role.OWNER: person == promise.owner_id,
        Role.REQUESTER: person == promise.requester_id,
        # A maker who has handed the promise over may no longer undo or edit it.
        Role.MAKER: person == promise.made_by and person in (promise.owner_id, promise.requester_id),
        Role.WATCHER: person in promise.watchers,
        Role.PROPOSER: proposal is not None and person == proposal.by,
        Role.ANSWERER: proposal is not None and person == proposal.to,
    }
    return frozenset(role for role, holds in held.items() if holds)


def allowed_acts(promise: Promise, person: UserId, now: datetime) -> frozenset[Act]:
    """Return every act this person could do now; a card has buttons for these."""
    rules = _rules_for(promise.state, roles(promise, person))
    return frozenset([rule.act for rule in rules if _fault(promise, rule, person, now) is None])


@cache
def _rules_for(state: State, held: frozenset[Role]) -> Sequence[ActRule]:
    """Return the rules for people in some roles from a state, before offers and time are checked."""
    return [
        rule for rule in RULE_OF.values() if rule.act not in MAKING | BY_CLOCK and state in rule.frm and held & rule.by
    ]


def check_right(promise: Promise, rule: ActRule, person: UserId) -> None:
    """Raise NotFoundError if the person may not see the promise, NotAllowedError if they may not do this act."""
    if rule.by & roles(promise, person):
        return
    if not promise.is_visible_to(person):
        raise NotFoundError(_("There is no such promise that you can see."))
    if rule.pending is Pending.OPEN and promise.proposal is None:
        raise TooLateError(_(_GONE).format(number=promise.number))
    who = _(" or ").join(sorted(_(role.value) for role in rule.by))
    raise NotAllowedError(_("Only {named} can {words}.").format(named=who, words=_(rule.words)))


def stage_fault(promise: Promise, rule: ActRule, person: UserId, now: datetime) -> str | None:
    """Return why the act is not possible at this point; None if it is."""
    if promise.state not in rule.frm:
        is_to_come = promise.state is State.ACTIVE and State.REQUESTED not in rule.frm
        stands = _("is not delivered yet") if is_to_come else _(STANDS[promise.state])
        why_not = (
            _("{number} {stands}, so you can’t {words} now.")
            if promise.state.is_open
            else _("{number} {stands}, so nothing was changed.")
        )
        return why_not.format(number=f"#{promise.number}", stands=stands, words=_(rule.words))
    fault = _fault(promise, rule, person, now)
    return fault and _(fault).format(number=promise.number, days=RATE_WITHIN.days)


def _fault(promise: Promise, rule: ActRule, person: UserId, now: datetime) -> str | None:
    """Return the sentence, untranslated, for which an act possible in this state is not possible now; None if it is."""
    if rule.pending is Pending.OPEN and promise.proposal is None:
        return _GONE
    if rule.pending is Pending.NONE and promise.proposal is not None:
        if promise.proposal.by == person:
            return N_("Your proposal on #{number} still waits for an answer. Take it back to make another.")
        return N_("A proposal on #{number} waits for an answer. Answer it first.")
    if rule.act in (Act.UNDO, Act.EDIT) and now - promise.made_at > UNDO_WITHIN:
        return N_("#{number} is more than five minutes old. Propose a change or cancel it instead.")
    if rule.act is Act.COUNTER and promise.proposal and promise.proposal.heir:
        return N_("A hand-over is accepted or declined as it stands.")
    if rule.act is Act.ACCEPT_DELIVERY and promise.is_own:
        return N_("#{number} is yours: report it as done.")
    if rule.act is Act.OFFER_HELP:
        return _help_fault(promise, person)
    if rule.act is Act.RATE:
        return _rating_fault(promise, now)
    return None


def _help_fault(promise: Promise, person: UserId) -> str | None:
    """Return why help cannot be offered; it can be when the promise is at risk or missed, and by others alone."""
    if person == promise.owner_id:
        return N_("#{number} is yours. Hand it over if somebody else should do it.")
    word, moved_at = promise.last_word, promise.renegotiated_at
    is_at_risk = word is not None and word.act == Act.AT_RISK and not (moved_at and word.at <= moved_at)
    if is_at_risk or promise.missed_at:
        return None
    return N_("#{number} is not at risk just now. If you want to help all the same, ask its owner.")


def _rating_fault(promise: Promise, now: datetime) -> str | None:
    if promise.is_own:
        return N_("You promised #{number} to yourself, so there is nobody to rate it.")
    if promise.rating:
        return N_("You have said already how #{number} was.")
    if promise.closed_at and now - promise.closed_at > RATE_WITHIN:
        return N_("#{number} was closed more than {days} days ago. Tell them in your own words.")
    return None
