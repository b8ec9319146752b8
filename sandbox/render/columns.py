"""What a column of the page shows: one conversation as one person sees it."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.errors import UnknownHereError
from sandbox.places import find_channel, find_user
from sandbox.render.lens import Lens
from sandbox.render.options import offered
from sandbox.settings import BOT_USER_ID
from sandbox.workspace import Channel, Kind, User
from sandbox.world import World
from sandbox.zones import local

LIMIT = 200
#: Who looks where on the two sides of a page whose address names nobody.
FIRST_LEFT, FIRST_RIGHT = ("alice", "project-deck"), ("client", "dm")


@dataclass(frozen=True)
class Look:
    """Who looks where; `side` is "left" or "right", and makes the ids of controls unique."""

    world: World
    viewer: User
    channel: Channel
    side: str = "left"
    tab: str = "messages"
    limit: int = LIMIT
    lens: Lens = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lens", Lens(self.world, self.viewer, self.side))


def look(world: World, who: str, where: str, **more: str) -> Look:
    """Raises: UnknownHereError when there is no such person or place, or nobody can act as them."""
    viewer = find_user(world, who)
    if viewer.is_bot or viewer.deleted:
        raise UnknownHereError(f"Nobody can act as @{viewer.name}.")
    channel = find_channel(world, viewer, where)
    side = "right" if more.get("side") == "right" else "left"
    given = more.get("limit", "")
    limit = int(given) if given.isdigit() and int(given) else LIMIT
    has_tabs = world.manifest.home_tab and is_app(channel)
    tab = "home" if has_tabs and more.get("tab") == "home" else "messages"
    return Look(world, viewer, channel, side, tab, limit)


def column(seen: Look) -> dict[str, Any]:
    """Everything that the template of a column asks for."""
    world, lens = seen.world, seen.lens
    rows, earlier = lens.timeline(seen.channel, seen.limit)
    return (
        basics(seen)
        | who(seen)
        | {
            "places": lens.places(),
            "rows": rows,
            "earlier": earlier,
            "has_tabs": world.manifest.home_tab and is_app(seen.channel),
            "tab": seen.tab,
            "directory": lens.directory().replace("<", "\\u003c"),
        }
    )


def basics(seen: Look) -> dict[str, Any]:
    """What every part of a column may ask for."""
    world, lens, channel = seen.world, seen.lens, seen.channel
    stack = world.workspace.modals.get(lens.viewer.id, [])
    return {
        "lens": lens,
        "side": seen.side,
        "channel": channel,
        "current": channel,
        "place": lens.place(channel),
        "limit": seen.limit,
        "shortcuts": world.manifest.shortcuts,
        "offered": lambda element: offered(element, world.workspace, lens.viewer, channel),
        "home": world.workspace.homes.get(lens.viewer.id),
        "view": stack[-1] if stack else None,
    }


def who(seen: Look) -> dict[str, Any]:
    """The people one can act as, with what each has not read."""
    world = seen.world
    people = [
        (user, same_place(world, user, seen.channel).id, Lens(world, user).unread_directly())
        for user in world.workspace.people()
    ]
    return {"people": people, "now": local(seen.viewer.tz, world.clock.seconds())}


def same_place(world: World, user: User, channel: Channel) -> Channel:
    """Where another person looks after a change of sides: the same place, their own with the app, or their first."""
    if is_app(channel) and world.workspace.direct(user.id, BOT_USER_ID):
        return find_channel(world, user, BOT_USER_ID)
    places = [channel, *world.workspace.channels.values()]
    return next((each for each in places if user.id in each.members), channel)


def is_app(channel: Channel) -> bool:
    """True for a person's own conversation with the app."""
    return channel.kind is Kind.DIRECT and BOT_USER_ID in channel.members
