"""The workspaces that a sandbox may hold: one, or with `--two-workspaces` a second one, which belongs to a Grid."""

from dataclasses import dataclass

from sandbox.settings import BOT_ID, BOT_USER_ID, TEAM_DOMAIN, TEAM_ID, TEAM_NAME


@dataclass(frozen=True)
class Team:
    """A Slack workspace. `enterprise_id` is "" for one that belongs to no organisation."""

    id: str
    name: str
    domain: str
    bot_user_id: str
    bot_id: str
    enterprise_id: str = ""
    enterprise_name: str = ""

    @property
    def enterprise(self) -> dict[str, str] | None:
        """Its organisation as payloads name it."""
        return {"id": self.enterprise_id, "name": self.enterprise_name} if self.enterprise_id else None


FIRST = Team(TEAM_ID, TEAM_NAME, TEAM_DOMAIN, BOT_USER_ID, BOT_ID)
GRID = Team("T0NORTH", "Northwind", "northwind", "W000KEPT", "B000NORTH", "E0NORTH", "Northwind Group")
BOT_USER_IDS = frozenset({FIRST.bot_user_id, GRID.bot_user_id})
BOT_IDS = frozenset({FIRST.bot_id, GRID.bot_id})
_BY_ID = {team.id: team for team in (FIRST, GRID)}


def team_with(team_id: str) -> Team:
    """The team of that id; the first one for a company that has no workspace here, which is seen from there."""
    return _BY_ID.get(team_id, FIRST)
