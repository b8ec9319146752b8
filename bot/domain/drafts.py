"""What somebody is about to promise or to ask for, before it binds."""

from dataclasses import dataclass

from bot.domain.promise import Due, UserId


@dataclass(frozen=True, slots=True)
class Draft:
    """A promise not yet made. `requester_id` None: to oneself, or to the channel it is made in.

    For a request (`asks` true) `requester_id` is the asker and `owner_id` the one asked; otherwise `owner_id` is None
    and whoever confirms the draft is the owner.
    """

    what: str = ""
    due: Due | None = None
    requester_id: UserId | None = None
    owner_id: UserId | None = None
    watchers: tuple[UserId, ...] = ()
    done_when: str = ""
    asks: bool = False
