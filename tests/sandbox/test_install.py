# ruff: noqa: S107, S310 (every URL and secret here is our own, on loopback)
"""Installing an app by OAuth v2, and taking its token away again."""

from base64 import b64encode
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener, urlopen

import pytest

from .conftest import Sandbox

TARGET = "http://localhost:3999/slack/oauth_redirect"
ASKED = {"client_id": "sandbox.client", "redirect_uri": TARGET, "state": "s1", "scope": "chat:write,commands"}


class Stay(HTTPRedirectHandler):
    def redirect_request(self, *_args: Any) -> None:
        return None


def decide(sandbox: Sandbox, decision: str) -> dict[str, list[str]]:
    """Return the parameters sent to the app after the person decided."""
    form = urlencode({**ASKED, "user": "bob", "decision": decision}).encode()
    with pytest.raises(HTTPError) as redirected:
        build_opener(Stay).open(Request(f"{sandbox.url}/oauth/v2/authorize", form))
    address = redirected.value.headers["Location"]
    assert address.startswith(TARGET)
    return parse_qs(urlsplit(address).query)


def exchange(sandbox: Sandbox, code: str, secret: str = "sandbox-client-secret") -> Any:
    basic = b64encode(f"sandbox.client:{secret}".encode()).decode()
    form = urlencode({"code": code, "redirect_uri": TARGET}).encode()
    return sandbox.ask(Request(f"{sandbox.url}/api/oauth.v2.access", form, {"Authorization": f"Basic {basic}"}))


def test_the_consent_page_names_every_scope(sandbox: Sandbox) -> None:
    with urlopen(f"{sandbox.url}/oauth/v2/authorize?{urlencode(ASKED)}") as page:
        text = page.read().decode()
    assert "<code>chat:write</code>" in text
    assert "<code>commands</code>" in text


def test_who_allows_is_sent_back_with_a_code_that_works_once(sandbox: Sandbox) -> None:
    sent = decide(sandbox, "allow")
    assert sent["state"] == ["s1"]
    given = exchange(sandbox, sent["code"][0])
    assert (given["scope"], given["authed_user"]["id"]) == ("chat:write,commands", "U0000BOB")
    assert sandbox.api("auth.test", token=given["access_token"])["team_id"] == "T0SANDBOX"
    refused = sandbox.api("users.info", token=given["access_token"], user="U00ALICE")
    assert refused["error"] == "missing_scope"
    assert exchange(sandbox, sent["code"][0])["error"] == "invalid_code"


def test_who_refuses_is_sent_back_without_one(sandbox: Sandbox) -> None:
    sent = decide(sandbox, "cancel")
    assert (sent["error"], "code" in sent) == (["access_denied"], False)


def test_a_wrong_secret_gets_no_token(sandbox: Sandbox) -> None:
    assert exchange(sandbox, decide(sandbox, "allow")["code"][0], secret="guess")["error"] == "bad_client_secret"


def test_a_redirect_to_a_foreign_address_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(HTTPError) as refusal:
        urlopen(f"{sandbox.url}/oauth/v2/authorize?{urlencode(ASKED | {'redirect_uri': 'https://evil.example/'})}")
    assert refusal.value.code == 404


def test_a_revoked_token_works_no_more(sandbox: Sandbox) -> None:
    token = exchange(sandbox, decide(sandbox, "allow")["code"][0])["access_token"]
    assert sandbox.api("auth.revoke", token=token)["revoked"] is True
    assert sandbox.api("auth.test", token=token)["error"] == "token_revoked"
