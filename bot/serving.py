"""Choose the workspaces that Kept serves by its settings: that of one bot token, or all that installed it by OAuth."""

from collections.abc import Callable
from dataclasses import dataclass, field

from slack_sdk.web.async_client import AsyncWebClient
from starlette.routing import Route

from bot.clock import SystemClock
from bot.config import InstallBy, Settings, secret_of
from bot.domain.promise import TeamId
from bot.holidays_of import Holidays
from bot.ports import Clock, InstallationBook, Store
from bot.shipped import bot_scopes
from bot.storage.engine import check_only_for, open_store
from handlers.installed import InstalledWorkspaces, exchange_with
from handlers.oauth import InstallRules, SlackInstallations, oauth_flow, oauth_routes
from handlers.workspaces import SingleWorkspace, Workspaces, asked_at_start


@dataclass(frozen=True, slots=True)
class ServedBy:
    """The database, its workspaces, and the installations if Kept is installed by OAuth."""

    store: Store
    workspaces: Workspaces
    installations: InstallationBook | None = None
    clock: Clock = field(default_factory=SystemClock)


async def served_by(settings: Settings, client: AsyncWebClient, calendars: Holidays, clock: Clock) -> ServedBy:
    """Open the database. One of another workspace than the token's is refused before migrating.

    Rows of a workspace without an installation wait until it installs Kept.
    """
    if not settings.is_for_many:
        own = workspaces_of(settings, client)
        if settings.slack_bot_token and (team_id := await asked_at_start(own)):
            await check_only_for(settings.database, team_id)
            own.checked_for = team_id
        return ServedBy(await open_store(settings.database, calendars.days_off), own)
    store = await open_store(settings.database, calendars.days_off)
    installations = store.installations(settings.encryption_keys)
    exchange = exchange_with(client, *credentials(settings), clock)
    return ServedBy(store, InstalledWorkspaces(installations, client, clock, exchange), installations, clock)


def install_routes(
    settings: Settings, served: ServedBy, client: AsyncWebClient, wake: Callable[[], None]
) -> list[Route]:
    """Return the OAuth pages; none if one bot token is set."""
    if served.installations is None:
        return []

    def welcome(team_id: TeamId) -> None:
        served.workspaces.forget(team_id)
        wake()  # send what waited for the workspace's return

    installed = SlackInstallations(served.installations, served.clock)
    flow = oauth_flow(credentials(settings), bot_scopes(), str(settings.public_url), installed, client, welcome)
    teams = frozenset(filter(None, (settings.kept_install_teams or "").split(",")))
    flow.rules = InstallRules(teams, admins_only=settings.kept_install_by is InstallBy.ADMINS)
    return oauth_routes(flow)


def credentials(settings: Settings) -> tuple[str, str]:
    """Return the app's client id and secret."""
    return settings.slack_client_id or "", secret_of(settings.slack_client_secret)


def workspaces_of(settings: Settings, client: AsyncWebClient) -> SingleWorkspace:
    return SingleWorkspace(client, secret_of(settings.slack_bot_token))
