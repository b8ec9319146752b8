"""The first state of a sandbox: a workspace of four teammates far apart, or two workspaces that share a channel."""

from sandbox.settings import BOT_USER_ID
from sandbox.teams import FIRST, GRID, Team
from sandbox.workspace import Channel, Kind, User, Workspace

TEAMMATES = ("U00ALICE", "U0000BOB", "U0CLIENT", "U000DAVE")
#: Where the app is already, in a sandbox of one workspace.
WITH_APP = ("C0GENERAL", "C0PROJECT", "C000LEADS", "C000OLDIE")


def seeded(app_name: str, bot_name: str, now_s: float) -> Workspace:
    """One workspace, with the app in it."""
    workspace = _begun((FIRST,), [*_users(), *_others()], _channels(), now_s)
    for index, teammate in enumerate(TEAMMATES):
        _add_direct(workspace, f"D00KEPT{index}", teammate, BOT_USER_ID, now_s)
        for later in TEAMMATES[index + 1 :]:
            _add_direct(workspace, f"D{teammate[-4:]}{later[-4:]}", teammate, later, now_s)
    install(workspace, FIRST, app_name, bot_name, now_s)
    for channel in workspace.channels.values():
        if channel.id in WITH_APP:
            channel.members.add(BOT_USER_ID)
    return workspace


def seeded_with_two(now_s: float) -> Workspace:
    """Two workspaces that share a channel; the app is not installed yet."""
    people = [*_users(), *_others(), *_users_of_the_second()]
    workspace = _begun((FIRST, GRID), people, [*_channels(), *_channels_of_the_second()], now_s)
    for team in workspace.teams:
        colleagues = workspace.people(team.id)
        for index, one in enumerate(colleagues):
            for other in colleagues[index + 1 :]:
                workspace.open_direct(one.id, other.id, now_s)
    return workspace


def install(workspace: Workspace, team: Team, app_name: str, bot_name: str, now_s: float, is_org: bool = False) -> None:
    """Puts the app into a team: its bot user, in conversation with everybody and in no channel yet."""
    workspace.installed[team.id] = is_org
    if team.bot_user_id not in workspace.users:
        bot = User(team.bot_user_id, bot_name, app_name, "America/Los_Angeles", bot_id=team.bot_id, team=team.id)
        workspace.users[bot.id] = bot
    for colleague in workspace.people(team.id):
        workspace.open_direct(colleague.id, team.bot_user_id, now_s)


def _begun(teams: tuple[Team, ...], users: list[User], channels: list[Channel], now_s: float) -> Workspace:
    workspace = Workspace({user.id: user for user in users}, teams=teams)
    for channel in channels:
        channel.created = int(now_s)
        workspace.channels[channel.id] = channel
    return workspace


def add_teammate(workspace: Workspace, user: User, now_s: float) -> None:
    """Make a person a member of the team: in its open channels, and with a conversation with each colleague."""
    if user.id in workspace.users:
        return
    workspace.users[user.id] = user
    for other in workspace.people(user.team):
        if other.id != user.id:
            workspace.open_direct(user.id, other.id, now_s)
    bot_user_id = workspace.team_of(user).bot_user_id
    if bot_user_id in workspace.users:
        workspace.open_direct(user.id, bot_user_id, now_s)
    for channel in workspace.channels.values():
        if channel.kind is Kind.PUBLIC and bot_user_id in channel.members:
            channel.members.add(user.id)


def _users() -> list[User]:
    return [
        User("U00ALICE", "alice", "Alice Auer", "Europe/Berlin", title="Product designer", is_admin=True),
        User("U0000BOB", "bob", "Bob Brown", "America/New_York", title="Sales lead"),
        User("U0CLIENT", "client", "Carla Client", "Europe/London", title="Account director"),
        User("U000DAVE", "dave", "Dave Doi", "Asia/Tokyo", title="Engineer"),
    ]


def _others() -> list[User]:
    return [
        User("U0OTHERB", "otherbot", "Other Bot", "America/Los_Angeles", bot_id="B0OTHERB"),
        User("U0000EVE", "eve", "Eve Ended", deleted=True),
    ]


def _users_of_the_second() -> list[User]:
    return [
        User("W00GRACE", "grace", "Grace Green", "Europe/London", title="Head of design", is_admin=True, team=GRID.id),
        User("W00HENRY", "henry", "Henry Hall", "America/Chicago", title="Buyer", team=GRID.id),
        User("W000INES", "ines", "Inés Ibarra", "Europe/Madrid", title="Lawyer", team=GRID.id),
    ]


def _channels() -> list[Channel]:
    everybody = set(TEAMMATES)
    return [
        Channel("C0GENERAL", "general", members=set(everybody), purpose="News for everybody"),
        Channel("C0PROJECT", "project-deck", members=set(everybody), purpose="The Q3 deck, until it is sent"),
        Channel("C000QUIET", "quiet", members=set(TEAMMATES), purpose="No apps here"),
        Channel("C000LEADS", "leads", Kind.PRIVATE, {"U00ALICE", "U0000BOB"}, purpose="Leads only"),
        Channel("C000OLDIE", "old-launch", members=set(everybody), archived=True, purpose="Done and archived"),
    ]


def _channels_of_the_second() -> list[Channel]:
    everybody = {user.id for user in _users_of_the_second()}
    shared = {"U00ALICE", "U0CLIENT", "W00GRACE", "W00HENRY"}
    return [
        Channel("C1GENERAL", "general", members=set(everybody), purpose="News for everybody", team=GRID.id),
        Channel("C1FAIR", "fair", members=set(everybody), purpose="The autumn fair", team=GRID.id),
        Channel("C2SHARED", "with-northwind", members=shared, purpose="Both companies", shared_with={GRID.id}),
    ]


def _add_direct(workspace: Workspace, channel_id: str, one: str, other: str, now_s: float) -> None:
    workspace.channels[channel_id] = Channel(channel_id, "", Kind.DIRECT, {one, other}, created=int(now_s))
