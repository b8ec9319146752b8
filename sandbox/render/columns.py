"""A column of the page: one conversation as one person sees it."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.errors import UnknownHereError
from sandbox.places import find_channel, find_user
from sandbox.render.lens import Lens
from sandbox.render.options import offered
from sandbox.workspace import Channel, User
from sandbox.world import World
from sandbox.zones import local

LIMIT = 200
#: The two columns of a page whose address names no person: whose view, and of which place.
FIRST_OF_ONE = (("alice", "project-deck"), ("client", "dm"))
FIRST_OF_TWO = (("alice", "general"), ("grace", "general"))


@dataclass(frozen=True)
class Look:
    """A person and the place they look at; `side` is "left" or "right", and makes the ids of controls unique."""

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
    """Raises UnknownHereError for an unknown person or place, and for a person no one can act as."""
    viewer = find_user(world, who)
    if viewer.is_bot or viewer.deleted:
        raise UnknownHereError(f"It is not possible to act as @{viewer.name}.")
    channel = find_channel(world, viewer, where)
    side = "right" if more.get("side") == "right" else "left"
    given = more.get("limit", "")
    limit = int(given) if given.isdigit() and int(given) else LIMIT
    has_tabs = world.manifest.home_tab and channel.is_with_app
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
            "has_tabs": world.manifest.home_tab and seen.channel.is_with_app,
            "tab": seen.tab,
            "directory": lens.directory().replace("<", "\\u003c"),
        }
    )


def basics(seen: Look) -> dict[str, Any]:
    """Return the values that every part of a column may use."""
    world, lens, channel = seen.world, seen.lens, seen.channel
    stack = world.workspace.modals.get(lens.viewer.id, [])
    return {
        "lens": lens,
        "side": seen.side,
        "app_name": world.manifest.app_name,
        "install_url": _install_url(world, lens),
        "channel": channel,
        "current": channel,
        "place": lens.place(channel),
        "limit": seen.limit,
        "shortcuts": world.manifest.shortcuts,
        "offered": lambda element: offered(element, world.workspace, lens.viewer, channel),
        "home": world.workspace.homes.get(lens.viewer.id),
        "view": stack[-1] if stack else None,
    }


def _install_url(world: World, lens: Lens) -> str:
    """Return the address where the viewer installs the app, under the sandbox's own name: its cookie is of one host."""
    return world.settings.install_url or "" if not lens.has_app else ""


def who(seen: Look) -> dict[str, Any]:
    """Return the people one can act as with their unread counts, and one person of each other workspace."""
    world, workspace, own = seen.world, seen.world.workspace, seen.lens.team
    people = [
        (user, same_place(world, user, seen.channel).id, Lens(world, user).unread_directly())
        for user in workspace.people()
        if workspace.team_of(user) is own
    ]
    firsts = [(team, workspace.people(team.id)[0]) for team in workspace.teams if team is not own]
    others = [(team, user, same_place(world, user, seen.channel).id) for team, user in firsts]
    return {"people": people, "others": others, "now": local(seen.viewer.tz, world.clock.seconds())}


def same_place(world: World, user: User, channel: Channel) -> Channel:
    """Return a person's place after a change of sides: the same one, their own with the app, or their first."""
    workspace = world.workspace
    own = workspace.direct(user.id, workspace.team_of(user).bot_user_id)
    if channel.is_with_app and own:
        return own
    places = [channel, *workspace.channels.values()]
    return next((each for each in places if user.id in each.members), channel)
