"""Installing by a click: Slack's consent, the state that is good once, the pages that a person sees."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import text
from starlette.applications import Starlette

from bot.ports import Installation, InstallationBook, Store
from bot.storage.encryption import new_encryption_key
from bot.storage.engine import open_store
from handlers.install_pages import REASONS
from handlers.oauth import InstallRules, SlackInstallations, oauth_flow, oauth_routes
from tests.fakes import SetClock
from tests.integration.front import Answer, request
from tests.integration.test_store_installations import ACME, stored
from tests.integration.test_store_opening import on_connection
from tests.unit.factories import MONDAY

PUBLIC = "http://127.0.0.1:3000"


@dataclass
class Consent:
    """Slack's side: codes that are good once, and what an exchanged one gives."""

    answer: dict[str, Any]
    codes: set[str] = field(default_factory=lambda: {"good"})
    #: What users.info says of who installs, or its error; and the tokens that were revoked.
    user: dict[str, Any] = field(default_factory=dict)
    revoked: list[str] = field(default_factory=list)
    is_silent: bool = False

    async def on_call(self, request: web.Request) -> web.Response:
        if self.is_silent and request.transport:
            request.transport.abort()
        if request.match_info["method"] == "auth.test":
            return web.json_response({"ok": True, "bot_id": "B1", "url": "https://acme.slack.com/"})
        if request.match_info["method"] == "users.info":
            error = self.user.get("error")
            return web.json_response({"ok": not error, "error": error, "user": {"id": "UADMIN", **self.user}})
        if request.match_info["method"] == "auth.revoke":
            self.revoked.append(request.headers["Authorization"].removeprefix("Bearer "))
            return web.json_response({"ok": True, "revoked": True})
        code = (await request.post()).get("code")
        if code not in self.codes:
            return web.json_response({"ok": False, "error": "invalid_code"})
        self.codes.discard(str(code))
        return web.json_response({"ok": True, **self.answer})


@dataclass
class Visit:
    """A browser with its cookies that installs Kept, and what is stored afterwards."""

    app: Starlette
    book: InstallationBook
    clock: SetClock
    consent: Consent
    cookies: str = ""

    async def begin(self) -> str:
        """Open the install page; return the state that Slack would send back."""
        sent = await request(self.app, "GET", "/slack/install")
        assert sent.status == 302
        self.cookies = sent.headers["set-cookie"].partition(";")[0]
        assert "HttpOnly" in sent.headers["set-cookie"]
        address = urlsplit(sent.headers["location"])
        assert address.path == "/oauth/v2/authorize"
        asked = parse_qs(address.query)
        assert asked["redirect_uri"] == [f"{PUBLIC}/slack/oauth_redirect"]
        assert asked["scope"] == ["chat:write,commands"]
        return asked["state"][0]

    async def come_back(self, **query: str) -> Answer:
        path = f"/slack/oauth_redirect?{urlencode(query)}"
        return await request(self.app, "GET", path, headers={"cookie": self.cookies})

    async def stored(self) -> tuple[Installation, ...]:
        return await stored(self.book)


WORKSPACE = {
    "access_token": "xoxb-acme",
    "token_type": "bot",
    "scope": "chat:write,commands",
    "bot_user_id": "UBOT",
    "app_id": "A1",
    "team": {"id": "T1", "name": "Acme & Söhne"},
    "enterprise": None,
    "authed_user": {"id": "UADMIN"},
    "is_enterprise_install": False,
}
ORGANISATION = WORKSPACE | {"team": None, "enterprise": {"id": "E1", "name": "Grid"}, "is_enterprise_install": True}
ROTATED = WORKSPACE | {"refresh_token": "xoxe-1-refresh", "expires_in": 43200}


@contextlib.asynccontextmanager
async def visiting(
    store: Store, answer: dict[str, Any], rules: InstallRules | None = None, user: dict[str, Any] | None = None
) -> AsyncIterator[Visit]:
    consent, app = Consent(answer, user=user or {}), web.Application()
    app.router.add_route("*", "/api/{method}", consent.on_call)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    book, clock = store.installations([new_encryption_key()]), SetClock(MONDAY)
    try:
        async with aiohttp.ClientSession() as session:
            client = AsyncWebClient(base_url=url, session=session)
            flow = oauth_flow(
                ("id", "secret"), ("chat:write", "commands"), PUBLIC, SlackInstallations(book, clock), client
            )
            flow.rules = rules or InstallRules()
            yield Visit(Starlette(routes=oauth_routes(flow)), book, clock, consent)
    finally:
        await runner.cleanup()


async def test_consent_stores_the_workspace_and_says_what_to_do_next(store: Store) -> None:
    async with visiting(store, ROTATED) as visit:
        page = await visit.come_back(state=await visit.begin(), code="good")
        (found,) = await visit.stored()
    assert page.status == 200
    assert "Kept is installed in Acme &amp; Söhne." in page.body
    assert "/invite @Kept" in page.body
    assert (found.team_id, found.bot_token, found.installed_by) == ("T1", "xoxb-acme", "UADMIN")
    assert found.scopes == ("chat:write", "commands")
    assert found.refresh_token == "xoxe-1-refresh"
    assert found.expires_at is not None


async def test_an_organisation_is_stored_under_its_own_id(store: Store) -> None:
    async with visiting(store, ORGANISATION) as visit:
        await visit.come_back(state=await visit.begin(), code="good")
        found = await visit.book.find("T-any-of-its-workspaces", "E1")
    assert found is not None
    assert (found.team_id, found.is_org) == ("E1", True)


@pytest.mark.parametrize(
    ("table", "is_begun"), [("oauth_states", False), ("oauth_states", True), ("installations", True)]
)
async def test_a_lost_database_is_a_page_that_says_what_to_do(tmp_path: Path, table: str, is_begun: bool) -> None:
    url = f"sqlite:///{tmp_path}/kept.db"
    store = await open_store(url)
    async with visiting(store, WORKSPACE) as visit:
        state = await visit.begin()
        await on_connection(url, lambda each: each.execute(text(f"ALTER TABLE {table} RENAME TO away")))
        start = partial(request, visit.app, "GET", "/slack/install")
        page = await (visit.come_back(state=state, code="good") if is_begun else start())
        assert (page.status, REASONS["fault"] in page.body, "xoxb" in page.body) == (503, True, False)
        assert 'href="/slack/install"' in page.body
        await on_connection(url, lambda each: each.execute(text(f"ALTER TABLE away RENAME TO {table}")))
        visit.consent.codes.add("another")
        again = await visit.come_back(state=await visit.begin(), code="another")
        assert (again.status, len(await visit.stored())) == (200, 1)
    await store.close()


async def test_a_slack_that_does_not_answer_is_a_page_too(tmp_path: Path) -> None:
    store = await open_store(f"sqlite:///{tmp_path}/kept.db")
    async with visiting(store, WORKSPACE) as visit:
        state = await visit.begin()
        visit.consent.is_silent = True
        page = await visit.come_back(state=state, code="good")
        assert (page.status, REASONS["slack_silent"] in page.body) == (503, True)
        assert await visit.stored() == ()
    await store.close()


async def used_twice(visit: Visit) -> Answer:
    state = await visit.begin()
    await visit.come_back(state=state, code="bad")
    return await visit.come_back(state=state, code="good")


async def too_late(visit: Visit) -> Answer:
    state = await visit.begin()
    visit.clock.move(timedelta(minutes=11))
    return await visit.come_back(state=state, code="good")


async def another_browser(visit: Visit) -> Answer:
    state = await visit.begin()
    visit.cookies = ""
    return await visit.come_back(state=state, code="good")


async def forged_state(visit: Visit) -> Answer:
    await visit.begin()
    return await visit.come_back(state="forged", code="good")


async def wrong_code(visit: Visit) -> Answer:
    return await visit.come_back(state=await visit.begin(), code="bad")


async def no_code(visit: Visit) -> Answer:
    return await visit.come_back(state=await visit.begin())


async def declined(visit: Visit) -> Answer:
    return await visit.come_back(state=await visit.begin(), error="access_denied")


@pytest.mark.parametrize(
    ("attempt", "reason"),
    [
        (used_twice, "invalid_state"),
        (too_late, "invalid_state"),
        (another_browser, "invalid_browser"),
        (forged_state, "invalid_browser"),
        (wrong_code, "invalid_code"),
        (no_code, "missing_code"),
        (declined, "access_denied"),
    ],
)
async def test_what_fails_stores_nothing_and_says_why(store: Store, attempt: Any, reason: str) -> None:
    async with visiting(store, WORKSPACE) as visit:
        page = await attempt(visit)
        assert await visit.stored() == ()
    assert REASONS[reason] in page.body
    assert 'href="/slack/install"' in page.body


RULES = [
    (InstallRules(frozenset({"T9", "E9"})), {"is_admin": True}, "other_workspace"),
    (InstallRules(frozenset({"T1"})), {}, ""),
    (InstallRules(admins_only=True), {"is_admin": False}, "admins_only"),
    (InstallRules(admins_only=True), {"is_owner": True}, ""),
    (InstallRules(admins_only=True), {"error": "missing_scope"}, "not_checked"),
]


@pytest.mark.parametrize(("rules", "user", "reason"), RULES)
async def test_the_operator_says_who_may_install(
    tmp_path: Path, rules: InstallRules, user: dict[str, Any], reason: str
) -> None:
    store = await open_store(f"sqlite:///{tmp_path}/kept.db")
    async with visiting(store, WORKSPACE, rules, user) as visit:
        page = await visit.come_back(state=await visit.begin(), code="good")
        assert (page.status, len(await visit.stored())) == ((403, 0) if reason else (200, 1))
        assert REASONS.get(reason, "Kept is ready") in page.body
        assert visit.consent.revoked == (["xoxb-acme"] if reason else [])
    await store.close()


async def test_who_may_not_install_takes_nothing_from_a_workspace_that_has_it(tmp_path: Path) -> None:
    store = await open_store(f"sqlite:///{tmp_path}/kept.db")
    async with visiting(store, WORKSPACE, InstallRules(admins_only=True), {}) as visit:
        await visit.book.save(ACME)
        page = await visit.come_back(state=await visit.begin(), code="good")
        assert REASONS["admins_only"] in page.body
        assert (visit.consent.revoked, len(await visit.stored())) == ([], 1)
    await store.close()


async def test_words_from_the_address_do_not_become_markup(store: Store) -> None:
    async with visiting(store, WORKSPACE) as visit:
        page = await visit.come_back(error="<script>alert(1)</script>")
    assert "<script>" not in page.body


async def test_a_rotated_token_replaces_the_old_one(store: Store) -> None:
    async with visiting(store, ROTATED) as visit:
        await visit.come_back(state=await visit.begin(), code="good")
        (before,) = await visit.stored()
        rotated = Bot(
            team_id="T1",
            bot_token="xoxb-rotated",
            bot_id="B1",
            bot_user_id="UBOT",
            bot_refresh_token="xoxe-2",
            bot_token_expires_at=int((MONDAY + timedelta(hours=12)).timestamp()),
            installed_at=MONDAY,
        )
        await SlackInstallations(visit.book, visit.clock).async_save_bot(rotated)
        (after,) = await visit.stored()
    assert (after.bot_token, after.refresh_token, after.installed_by) == ("xoxb-rotated", "xoxe-2", before.installed_by)
