"""Socket Mode: Slack's requests over a connection that the bot opens, so that it needs no public address."""

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.config import Settings


class SocketLine:
    """One line to Slack; it reconnects by itself. Made inside a running loop."""

    def __init__(self, bolt: AsyncApp, settings: Settings) -> None:
        assert settings.slack_app_token, "Socket Mode needs SLACK_APP_TOKEN"  # noqa: S101  Mode.SOCKET means it is set
        token = settings.slack_app_token.get_secret_value()
        client = AsyncWebClient(token=token, base_url=settings.slack_api_url, session=bolt.client.session)
        self._handler = AsyncSocketModeHandler(bolt, app_token=token, web_client=client)

    async def open(self) -> None:
        await self._handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it unannotated

    async def close(self) -> None:
        await self._handler.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it unannotated
