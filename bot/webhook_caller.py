"""Requests to webhooks: signed, without redirects, and to no address inside our own network."""

import ipaddress
import socket
from collections.abc import Sequence
from datetime import datetime

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from standardwebhooks.webhooks import Webhook as Signer
from yarl import URL

from bot.domain.errors import KeptError
from bot.domain.networks import Network
from bot.domain.webhooks import Webhook, WebhookCall
from bot.ports.webhooks import CallResult, StoredSecrets

TIMEOUT = aiohttp.ClientTimeout(total=10)
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
#: IPv6 networks that lead to an IPv4 address written inside of them.
CARRYING = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")))


class InnerAddressError(OSError):
    """A name that leads into a network that webhooks are kept out of."""


class CheckedResolver(AbstractResolver):
    """Resolve names for each connection, and hand on only addresses that were checked."""

    def __init__(self, allowed: Sequence[Network], resolver: AbstractResolver | None = None) -> None:
        self._allowed = allowed
        self._resolver = resolver or aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        outer = [each for each in found if may_call(each["host"], self._allowed)]
        if not outer:
            raise InnerAddressError("an inner address")
        return outer

    async def close(self) -> None:
        await self._resolver.close()


class WebhookCaller:
    """Caller over HTTP. `allowed` are networks that may be called although they are inner ones, over http, too.

    Without `secrets` the webhooks' secrets are stored in clear text.
    """

    def __init__(
        self,
        allowed: Sequence[Network] = (),
        resolver: AbstractResolver | None = None,
        secrets: StoredSecrets | None = None,
    ) -> None:
        self._allowed = allowed
        self._resolver = resolver
        self._secrets = secrets
        self._session: aiohttp.ClientSession | None = None

    def encrypted(self, secret: str) -> str:
        return self._secrets.encrypted(secret) if self._secrets else secret

    async def call(self, webhook: Webhook, call: WebhookCall, body: str, at: datetime) -> CallResult:
        """Send it once. A name that leads to an inner address, a redirect and a silence are failures like others."""
        url = URL(webhook.url)
        if url.scheme != "https" and not self._allowed:
            return CallResult(0, "the address does not begin with https")
        if is_literal(url.host or "") and not may_call(url.host or "", self._allowed):
            return CallResult(0, "an inner address")
        try:
            secret = self._secrets.decrypted(webhook.secret) if self._secrets else webhook.secret
            signature = Signer(secret).sign(call.id, at, body)
        except KeptError:
            return CallResult(0, "its secret cannot be decrypted")  # `kept doctor` names the cure
        headers = {
            "content-type": "application/json",
            "user-agent": "Kept",
            "webhook-id": call.id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": signature,
        }
        try:
            async with self._opened().post(url, data=body.encode(), headers=headers, allow_redirects=False) as answer:
                return CallResult(answer.status, "" if answer.ok else f"HTTP {answer.status}")
        except aiohttp.ClientConnectorError as error:
            inner = isinstance(error.os_error, InnerAddressError)
            return CallResult(0, "an inner address" if inner else type(error).__name__)
        except (aiohttp.ClientError, TimeoutError, ValueError, OSError) as error:
            return CallResult(0, type(error).__name__)

    async def __aenter__(self) -> "WebhookCaller":
        return self

    async def __aexit__(self, *_fault: object) -> None:
        await self.close()

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    def _opened(self) -> aiohttp.ClientSession:
        """Return the session; each call makes its own connection, so that each address is checked."""
        if self._session is None:
            resolver = CheckedResolver(self._allowed, self._resolver)
            connector = aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False, force_close=True)
            self._session = aiohttp.ClientSession(
                connector=connector, timeout=TIMEOUT, cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._session


def is_literal(host: str) -> bool:
    """Return whether a host is an address rather than a name, in any form that a connection would take."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host.replace(".", "").isdigit() or host.lower().startswith("0x")
    return True


def may_call(host: str, allowed: Sequence[Network]) -> bool:
    """Return whether an address is one of the internet, or in a network that is allowed.

    >>> may_call("10.0.0.1", ()), may_call("93.184.215.14", ()), may_call("::ffff:127.0.0.1", ())
    (False, True, False)
    """
    try:
        address: Address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if any(address in network for network in allowed):
        return True
    is_carried = any(address in network for network in CARRYING)
    return address.is_global and not address.is_multicast and not is_carried
