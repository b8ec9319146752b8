"""The recipients of the notice about an act."""

from bot.domain.acts import Act, State
from bot.domain.open_question import OFFERS
from bot.domain.promise import CLOCK, Promise, UserId

#: Acts that leave a follower's expectation as it is: offers until they are agreed, and what comes after a delivery.
_NOT_FOR_WATCHERS = frozenset(
    {
        *(Act.PROPOSE, Act.COUNTER, Act.HAND_OVER, Act.REJECT_PROPOSAL, Act.RETRACT, Act.EXPIRE),
        *(Act.ON_TRACK, Act.ADD_NOTE, Act.RATE, Act.SETTLE),
    }
)


def audience(before: Promise | None, after: Promise, act: Act, by: UserId, *, awaited: bool = False) -> list[UserId]:
    """Return the people to notify of an act, sorted, without its actor.

    Those who follow the promise read of dates, ends, misses and risks alone. Of "on track" they and the requester are
    notified if it was at risk before, the requester also after an offer of the owner's that changed nothing, and if it
    is `awaited`: they were informed that the owner has not answered.
    """
    recipients: set[UserId] = {after.owner_id, after.requester_id} if by == CLOCK else {after.other(by)}
    if act is Act.MISS:
        recipients = {after.requester_id} - {after.owner_id}
    if act is Act.SETTLE:
        recipients = {after.owner_id}  # the requester was notified of the report and did not respond
    was_at_risk = before is not None and before.last_word is not None and before.last_word.act == Act.AT_RISK
    if act is Act.ON_TRACK and not (awaited or was_at_risk or (before and _has_offered(before))):
        recipients = set()
    if act is Act.ADJUST:  # how long it takes is the owner's matter; how pressing it is concerns both
        is_news = before is not None and before.weight.priority is not after.weight.priority
        return [after.other(by)] if is_news and not after.is_own else []
    if act is Act.OFFER_HELP:
        return [after.owner_id]
    for proposal in (before.proposal if before else None, after.proposal):
        if proposal and proposal.heir:
            recipients |= {proposal.heir}
    if before and before.owner_id != after.owner_id:
        recipients |= {before.owner_id, after.requester_id}
    is_confirmed = act is Act.ACCEPT_DELIVERY and before is not None and before.state is State.REPORTED
    if not (act in _NOT_FOR_WATCHERS or is_confirmed) or (act is Act.ON_TRACK and was_at_risk):
        recipients |= set(after.watchers)
    return sorted(recipients - {by})


def _has_offered(promise: Promise) -> bool:
    """Return whether the owner's last word was an offer that changed nothing: a risk may have come before."""
    word, moved_at = promise.last_word, promise.renegotiated_at
    return word is not None and word.act in OFFERS and not (moved_at and word.at <= moved_at)
