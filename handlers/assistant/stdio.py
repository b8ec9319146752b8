"""`kept mcp`: the same tools for an assistant that starts programs, over the API of a Kept that runs elsewhere."""

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit

import aiohttp
from mcp.server.stdio import stdio_server

from bot.domain.errors import KeptError
from handlers.assistant.api_calls import TIMEOUT, ApiThere
from handlers.assistant.server import assistant_server


def run_stdio(environ: Mapping[str, str]) -> None:
    """Serve until the assistant closes the connection.

    Raises KeptError where KEPT_ADDRESS or KEPT_TOKEN is missing, or the address is none.
    """
    address, token = environ.get("KEPT_ADDRESS", "").strip(), environ.get("KEPT_TOKEN", "").strip()
    if urlsplit(address).scheme not in ("https", "http") or not urlsplit(address).hostname:
        raise KeptError("Set KEPT_ADDRESS to the address at which Kept answers, as https://kept.example.com.")
    if not token or not token.isascii() or not token.isprintable():
        raise KeptError("Set KEPT_TOKEN to a token of yours: `/promise settings tokens` in Slack makes one.")
    asyncio.run(_serve(address, token))


async def _serve(address: str, token: str) -> None:
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        api = ApiThere(session, address, token)
        server = assistant_server(lambda _context: api)
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())
