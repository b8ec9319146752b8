"""Who is told of an act."""

from bot.domain.acts import Act
from bot.domain.promise import CLOCK, Promise, UserId


def audience(before: Promise | None, after: Promise, act: Act, by: UserId, *, awaited: bool = False) -> list[UserId]:
    """Return whom an act concerns besides whoever did it.

    `awaited` says that the requester was asked to wait for the owner's word, so that "on track" is told to them.
    """
    told: set[UserId] = {after.owner_id, after.requester_id} if by == CLOCK else {after.other(by)}
    if act is Act.MISS:
        told = {after.requester_id} - {after.owner_id}
    if act is Act.SETTLE:
        told = {after.owner_id}  # the requester was told when it was reported, and had nothing to say
    if act is Act.ON_TRACK and not awaited:
        told = set()
    if act is Act.ADJUST:  # how long it takes is the owner's matter; how pressing it is concerns both
        is_news = before is not None and before.weight.priority is not after.weight.priority
        return [after.other(by)] if is_news and not after.is_own else []
    if act is Act.OFFER_HELP:
        return [after.owner_id]
    for proposal in (before.proposal if before else None, after.proposal):
        if proposal and proposal.heir:
            told |= {proposal.heir}
    if before and before.owner_id != after.owner_id:
        told |= {before.owner_id, after.requester_id}
    told |= set(after.watchers)
    return sorted(told - {by})
