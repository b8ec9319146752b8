"""A newcomer's two minutes, in two real browsers: promise, both warned, renegotiated. It takes the README's picture."""

import os
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.e2e.town import ROOT, SIGNING_SECRET, Town, town
from tests.patience import PATIENCE_S

expect.set_options(timeout=PATIENCE_S * 1000)

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
#: Set it to have the pictures of the README taken anew.
PICTURES = os.environ.get("KEPT_PICTURES")
MONDAY = datetime(2027, 1, 4, 9, tzinfo=UTC)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None and not os.environ.get("CI"), reason="no Chromium was found on this machine"),
]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        yield await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


async def visit(browser: Browser, place: Town, who: str, where: str) -> Page:
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_S * 1000)
    await page.goto(f"{place.slack_url}/?as={who}&c={where}")
    await page.wait_for_selector("body.loaded[data-live=yes]")
    return page


async def open_talk(page: Page) -> None:
    await page.get_by_role("link", name="Kept").first.click()
    await page.get_by_test_id("tab-messages").click()


async def test_a_newcomer_sees_it_work_in_two_browsers(browser: Browser, tmp_path: Path) -> None:
    async with town(tmp_path, SLACK_SIGNING_SECRET=SIGNING_SECRET) as place:
        await place.move_to(MONDAY)
        alice = await visit(browser, place, "alice", "project-deck")
        carla = await visit(browser, place, "client", "project-deck")
        await alice.get_by_test_id("composer").fill("/promise @client send the deck by Friday 5pm")
        await alice.keyboard.press("Enter")
        await expect(alice.get_by_text("Recorded as")).to_be_visible()
        await expect(carla.get_by_test_id("message").last).to_contain_text("send the deck")
        if PICTURES:
            await alice.screenshot(path=ROOT / "docs" / "images" / "sandbox.png")

        await open_talk(alice)
        await open_talk(carla)
        await alice.get_by_test_id("clock-next").click()
        await expect(alice.get_by_test_id("message").last).to_contain_text("Still on track")
        await carla.get_by_test_id("clock-next").click()
        await expect(carla.get_by_test_id("message").last).to_contain_text("still need it")

        await alice.get_by_role("button", name="Propose a change").last.click()
        await alice.get_by_label("Why?", exact=True).fill("The figures come on Thursday.")
        await alice.get_by_label("By when?", exact=True).fill("2027-01-11T12:00")
        await alice.get_by_test_id("submit").click()
        await expect(carla.get_by_test_id("message").last).to_contain_text("The figures come on Thursday.")
        await carla.get_by_test_id("message").last.get_by_role("button", name="Agree to the change").click()
        await expect(alice.get_by_test_id("message").last).to_contain_text("agreed to the change")
