"""One Chromium for all the tests of a process: each test gets contexts of its own, which share nothing."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.patience import PATIENCE_S

expect.set_options(timeout=PATIENCE_S * 1000)

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None and not os.environ.get("CI"), reason="no Chromium was found on this machine"),
]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """Start Chromium, once a process: it takes longer to start than most tests take."""
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        await launched.close()


@pytest_asyncio.fixture(loop_scope="session")
async def browser(chromium: Browser) -> AsyncIterator[Browser]:
    """Yield a browser with no page open, and close whatever the test opened."""
    yield chromium
    for context in chromium.contexts:
        for page in context.pages:
            await page.unroute_all(behavior="ignoreErrors")  # else a held answer fails in the next test
        await context.close()


async def animations_end(page: Page) -> None:
    """Wait until nothing on the page moves or fades any more."""
    await page.evaluate("Promise.allSettled(document.getAnimations().map(each => each.finished))")
