"""The workspace a sandbox begins with: four teammates far apart, and a few places."""

from sandbox.settings import BOT_ID, BOT_USER_ID
from sandbox.workspace import Channel, Kind, User, Workspace

TEAMMATES = ("U00ALICE", "U0000BOB", "U0CLIENT", "U000DAVE")


def seeded(app_name: str, bot_name: str, now_s: float) -> Workspace:
    workspace = Workspace()
    for user in _users(app_name, bot_name):
        workspace.users[user.id] = user
    for channel in _channels():
        channel.created = int(now_s)
        workspace.channels[channel.id] = channel
    for index, teammate in enumerate(TEAMMATES):
        _add_direct(workspace, f"D00KEPT{index}", teammate, BOT_USER_ID, now_s)
        for later in TEAMMATES[index + 1 :]:
            _add_direct(workspace, f"D{teammate[-4:]}{later[-4:]}", teammate, later, now_s)
    return workspace


def add_teammate(workspace: Workspace, user: User, now_s: float) -> None:
    """Makes somebody a member of the team: in its open channels, and in conversation with everybody."""
    if user.id in workspace.users:
        return
    for other in workspace.people():
        workspace.open_direct(user.id, other.id, now_s)
    workspace.users[user.id] = user
    workspace.open_direct(user.id, BOT_USER_ID, now_s)
    for channel in workspace.channels.values():
        if channel.kind is Kind.PUBLIC and BOT_USER_ID in channel.members:
            channel.members.add(user.id)


def _users(app_name: str, bot_name: str) -> list[User]:
    return [
        User("U00ALICE", "alice", "Alice Auer", "Europe/Berlin", title="Product designer", is_admin=True),
        User("U0000BOB", "bob", "Bob Brown", "America/New_York", title="Sales lead"),
        User("U0CLIENT", "client", "Carla Client", "Europe/London", title="Account director"),
        User("U000DAVE", "dave", "Dave Doi", "Asia/Tokyo", title="Engineer"),
        User(BOT_USER_ID, bot_name, app_name, "America/Los_Angeles", bot_id=BOT_ID),
        User("U0OTHERB", "otherbot", "Other Bot", "America/Los_Angeles", bot_id="B0OTHERB"),
        User("U0000EVE", "eve", "Eve Ended", deleted=True),
    ]


def _channels() -> list[Channel]:
    everybody = {*TEAMMATES, BOT_USER_ID}
    return [
        Channel("C0GENERAL", "general", members=set(everybody), purpose="News for everybody"),
        Channel("C0PROJECT", "project-deck", members=set(everybody), purpose="The Q3 deck, until it is sent"),
        Channel("C000QUIET", "quiet", members=set(TEAMMATES), purpose="No apps here"),
        Channel("C000LEADS", "leads", Kind.PRIVATE, {"U00ALICE", "U0000BOB", BOT_USER_ID}, purpose="Leads only"),
        Channel("C000OLDIE", "old-launch", members=set(everybody), archived=True, purpose="Done and archived"),
    ]


def _add_direct(workspace: Workspace, channel_id: str, one: str, other: str, now_s: float) -> None:
    workspace.channels[channel_id] = Channel(channel_id, "", Kind.DIRECT, {one, other}, created=int(now_s))
