"""The recipients of the notice about an act."""

from bot.domain.acts import Act
from bot.domain.promise import CLOCK, Promise, UserId


def audience(before: Promise | None, after: Promise, act: Act, by: UserId, *, awaited: bool = False) -> list[UserId]:
    """Return the people to notify of an act, sorted, without its actor.

    `awaited`: the requester was informed that the owner has not answered, so they are also notified of "on track".
    """
    recipients: set[UserId] = {after.owner_id, after.requester_id} if by == CLOCK else {after.other(by)}
    if act is Act.MISS:
        recipients = {after.requester_id} - {after.owner_id}
    if act is Act.SETTLE:
        recipients = {after.owner_id}  # the requester was notified of the report and did not respond
    if act is Act.ON_TRACK and not awaited:
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
    recipients |= set(after.watchers)
    return sorted(recipients - {by})
