"""A Slack on this machine that takes every message, over TLS."""

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from aiohttp import web


@dataclass
class Slack:
    """A Slack that takes everything; it keeps the last message it got, for the peers to post the same."""

    url: str = ""
    taken: int = 0
    last: bytes = b""
    trust: ssl.SSLContext | None = None

    def session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=self.trust or True))

    async def post(self, request: web.Request) -> web.Response:
        self.taken, self.last = self.taken + 1, await request.read()
        return web.json_response({"ok": True, "channel": "C1", "ts": f"{self.taken}.0001"})

    def secure(self, folder: Path) -> ssl.SSLContext:
        """A certificate for one run; its own clients trust it."""
        names = "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -days 2 -batch -nodes"
        made = f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -keyout key.pem -out cert.pem {names}"
        subprocess.run(made.split(), cwd=folder, check=True, capture_output=True)  # noqa: S603  our own words
        self.trust = ssl.create_default_context(cafile=str(folder / "cert.pem"))
        served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        served.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        return served

    async def start(self, folder: Path) -> web.AppRunner:
        app = web.Application()
        app.router.add_post("/api/{method}", self.post)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=self.secure(folder))
        await site.start()
        self.url = f"https://127.0.0.1:{runner.addresses[0][1]}/api/"
        return runner
