"""Find a person and a place by name."""

from sandbox.errors import UnknownHereError
from sandbox.workspace import Channel, User
from sandbox.world import World


def find_user(world: World, name: str) -> User:
    """The person with that id or handle. Raises: UnknownHereError when there is none."""
    user = world.workspace.user_named(name)
    if user is None:
        raise UnknownHereError(f"There is no user “{name}” here.")
    return user


def find_channel(world: World, user: User, name: str) -> Channel:
    """A place by id or name; the direct conversation of `user` by the other's id or @handle, or "dm" for the app's.

    Raises: UnknownHereError when there is none that the person can see.
    """
    team = world.workspace.team_of(user)
    if name == "dm" and team.bot_user_id not in world.workspace.users:
        raise UnknownHereError(f"{world.manifest.app_name} is not installed in {team.name} yet.")
    name = team.bot_user_id if name == "dm" else name
    channel = world.workspace.channel_named(name, team.id)
    other = world.workspace.user_named(name, team.id) if channel is None else None
    if other is not None and not _may_talk(world, user, other):
        raise UnknownHereError(f"@{user.name} is of another company, and has no conversation with @{other.name}.")
    if other is not None:
        return world.workspace.open_direct(user.id, other.id, world.clock.seconds())
    if channel is None or not channel.readable_by(user):
        raise UnknownHereError(f"There is no conversation “{name}” that @{user.name} can see.")
    return channel


def _may_talk(world: World, user: User, other: User) -> bool:
    """People of another company have the conversations that were opened to them, and no others."""
    return user.team == other.team or world.workspace.direct(user.id, other.id) is not None
