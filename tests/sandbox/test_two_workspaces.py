"""Kept installed by its own pages into two workspaces that share a channel, one of them of an Enterprise Grid."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browsers import pytestmark

from .conftest import Sandbox, until
from .test_with_kept import running_kept

__all__ = ["pytestmark"]

PROMISED = "/promise @{who} {what} by tomorrow noon"
#: A Monday on which Alice and Grace are at work, and the hour after the next day's digests.
MONDAY, TUESDAY = "2027-01-04T10:00:00+00:00", "2027-01-05T17:00:00+00:00"


@pytest.fixture
def kept() -> Iterator[Sandbox]:
    with running_kept("--two-workspaces") as sandbox:
        yield sandbox


async def opened(browser: Browser, kept: Sandbox) -> Page:
    page = await (await browser.new_context(viewport={"width": 1280, "height": 900})).new_page()
    await page.goto(kept.url.replace("127.0.0.1", "localhost"))
    return await live(page)


async def live(page: Page) -> Page:
    await page.wait_for_selector("body.loaded[data-live=yes]")
    return page


async def consent(page: Page, side: str, workspace: str) -> None:
    """Come from the link in a workspace to Slack's question."""
    await page.locator(f"#{side}").get_by_role("link", name=f"Add Kept to {workspace}").click()
    await expect(page.get_by_role("heading")).to_have_text(f"Kept asks to be installed in the {workspace} workspace")


async def allow(page: Page, where: str) -> None:
    await page.get_by_role("button", name="Allow").click()
    await expect(page.get_by_text(f"Kept is installed in {where}.")).to_be_visible()
    await page.get_by_role("link", name="Open Slack").click()
    await live(page)


async def say(page: Page, side: str, text: str) -> None:
    composer = page.locator(f"#{side}").get_by_test_id("composer")
    await composer.fill(text)
    await composer.press("Enter")


def words(found: Any) -> str:
    return json.dumps(found, ensure_ascii=False)


def shown(kept: Sandbox, who: str, where: str) -> str:
    return words(kept.messages(who, where))


def home_of(kept: Sandbox, who: str) -> str:
    kept.post("/control/home", {"user": who})
    until(lambda: kept.get("/control/views", user=who)["home"])
    return words(kept.get("/control/views", user=who)["home"])


async def test_two_workspaces_install_kept_and_stay_apart(browser: Browser, kept: Sandbox) -> None:
    kept.post("/clock", {"to": MONDAY})
    page = await opened(browser, kept)
    await say(page, "left", PROMISED.format(who="client", what="too early"))
    await expect(page.locator("#left").get_by_text("Kept is not installed in Sandbox")).to_be_visible()
    await consent(page, "left", "Sandbox")
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_text("You chose not to install it.")).to_be_visible()
    await page.get_by_role("link", name="Try again").click()
    await allow(page, "Sandbox")
    await consent(page, "right", "Northwind")
    await page.get_by_label("In every workspace of Northwind Group").check()
    await allow(page, "Northwind Group")

    for side, who, what in (("left", "client", "paint the fence"), ("right", "henry", "sign the lease")):
        await say(page, side, "/invite @kept")
        await say(page, side, PROMISED.format(who=who, what=what))
        column = page.locator(f"#{side}")
        await expect(column.get_by_text("Recorded as #1")).to_be_visible()
        await expect(column.get_by_test_id("message").filter(has_text="View or update")).to_be_visible()
        await say(page, side, "/promise digest here daily 16:30")
        await expect(column.get_by_text("digest").last).to_be_visible()
    assert "lease" not in home_of(kept, "alice")
    assert "fence" not in home_of(kept, "grace")

    the_shared_channel_keeps_to_its_policy(kept)

    kept.post("/clock", {"to": TUESDAY, "through": True})  # beyond the twelve hours of each token
    kept.get("/control/settled")
    for who, own, other in (("alice", "fence", "lease"), ("grace", "lease", "fence")):
        until(lambda who=who: "Promises in this channel" in shown(kept, who, "general"))
        digests = [m for m in kept.messages(who, "general") if m["text"].startswith("Promises in this channel")]
        assert own in words(digests)
        assert other not in shown(kept, who, "general") + shown(kept, who, "dm")
    posted = shown(kept, "grace", "with-northwind")
    assert "Promises in this channel" in posted
    assert not [word for word in ("fence", "lease") if word in posted]


def the_shared_channel_keeps_to_its_policy(kept: Sandbox) -> None:
    """A promise in a shared channel is seen there by either company; there are none between companies."""
    shared = "with-northwind"
    for who in ("alice", "grace"):
        kept.post("/control/command", {"user": who, "channel": shared, "command": "/invite", "text": "@kept"})
    across = kept.command("@grace send the plan by tomorrow noon", "alice", shared)
    assert "Recorded" not in words(across["ack"]), across
    kept.command("@client send the offer by tomorrow noon", "alice", shared)
    kept.command("@henry send the specification by tomorrow noon", "grace", shared)
    until(lambda: shown(kept, "henry", shared).count("promise.open") >= 2)
    refused = words(kept.command("digest here daily 16:30 members", "alice", shared)["ack"])
    assert "This channel is shared" in refused
    kept.command("digest here daily 16:30", "alice", shared)

    calls = kept.get("/control/calls")["calls"][-1]["id"]
    (card,) = [m for m in kept.messages("grace", shared) if "offer" in m["text"] and m["team"] == "T0SANDBOX"]
    clicked = kept.post(
        "/control/click", {"user": "grace", "channel": shared, "ts": card["ts"], "action_id": "promise.open"}
    )
    assert clicked["failure"] is None
    posted_after = [c for c in kept.get("/control/calls", after=calls)["calls"] if c["direction"] == "from_app"]
    assert posted_after == [], "people of another company are not answered"
    assert "#1" in words(kept.command("show 1", "grace")["ack"]), "their own"
