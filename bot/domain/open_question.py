"""The open question of a promise: an offer, a request or a delivery; who answers it, how, and which act put it."""

from datetime import datetime

from bot.domain.acts import Act, State
from bot.domain.promise import Promise, UserId

OFFERS = frozenset({Act.PROPOSE, Act.COUNTER, Act.HAND_OVER})
#: The answers to each; the domain decides which of them a person may still do.
ANSWERS_TO_OFFER = (Act.ACCEPT_PROPOSAL, Act.COUNTER, Act.REJECT_PROPOSAL)
ANSWERS_TO_REQUEST = (Act.ACCEPT_REQUEST, Act.PROPOSE, Act.DECLINE)
ANSWERS_TO_DELIVERY = (Act.ACCEPT_DELIVERY, Act.REOPEN)


def asked_at(promise: Promise) -> datetime:
    """Return when what is to be answered now was asked."""
    return promise.proposal.at if promise.proposal else promise.reported_at or promise.made_at


def answers_of(promise: Promise, person: UserId) -> tuple[Act, ...]:
    """Return the acts that answer what is open to a person; none if they are not asked anything."""
    if promise.is_proposed_to(person):
        return ANSWERS_TO_OFFER
    if promise.state is State.REQUESTED and promise.answerer == person:
        return ANSWERS_TO_REQUEST
    if promise.state is State.REPORTED and promise.is_owed_to(person):
        return ANSWERS_TO_DELIVERY
    return ()


def is_put_by(act: Act, at: datetime, promise: Promise) -> bool:
    """Return whether an act put the question that is open now, to whomever."""
    if promise.proposal:
        return act in OFFERS and promise.proposal.at == at
    if promise.state is State.REPORTED:
        return act in (Act.REPORT, Act.ADD_NOTE) and promise.reported_at is not None and at >= promise.reported_at
    return promise.state is State.REQUESTED and act in (Act.REQUEST, Act.EDIT)
