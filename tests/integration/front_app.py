"""The bot's own HTTP as the tests ask it: every address that Kept serves for people and for other tools."""

from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette

from bot.backlog_metrics import BacklogMetrics
from bot.domain.promise import TeamId
from bot.metrics import Metrics
from bot.services import Services
from handlers.api.lazy_app import tool_routes
from handlers.api.rate_limits import Buckets
from handlers.export import mine
from handlers.http import MetricsPage, web_app
from tests.unit.factories import TEAM


def front_app(bolt: AsyncApp, services: Services, metrics: Metrics, secret: str, requests: int) -> Starlette:
    """Return the app; a token may send so many `requests` together."""

    async def ready() -> dict[str, str]:
        return {"database": "ok"}

    async def is_served(team_id: TeamId) -> bool:
        return team_id == TEAM

    page = MetricsPage(BacklogMetrics(metrics, services.store.backlog, services.clock.now).page)
    more = [mine(services.exports, services.own_data, services.clock)]
    tools = tool_routes(services, is_served, Buckets(lambda: services.clock.now().timestamp(), requests))
    return web_app(bolt, ready, metrics=page, more=[*more, *tools], signing_secret=secret)
