"""A story in the page: it waits for an open page, shows both sides, can be paused, and ends at an hour of work."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from subprocess import Popen
from typing import Any

from playwright.async_api import Browser, expect

from tests.browsers import pytestmark

from .conftest import REPOSITORY, Sandbox, free_port, listens, until
from .test_two_sides import drawn, open_page, side

__all__ = ["pytestmark"]
PICTURES = os.environ.get("KEPT_PICTURES")
#: Of `make demo`, the steps after which a picture is taken; the eighth is the card at the end.
MOMENTS = (3, 8, 12, 13, 15, 19, 29)
#: The one at which the channel's digest is looked at.
DIGEST = 29


@contextmanager
def demo(story: str) -> Iterator[Sandbox]:
    """Kept as `make demo` starts it."""
    port, bot_port = free_port(), free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "DATABASE_", "KEPT_"))}
    command = [sys.executable, "-m", "bot", "run", "--story", story]
    process = Popen(command, cwd=REPOSITORY, env=clean | {"SANDBOX_PORT": str(port), "PORT": str(bot_port)})
    try:
        until(lambda: listens(port) and listens(bot_port))
        yield Sandbox(port, process)
    finally:
        process.terminate()
        process.wait()


def story_of(kept: Sandbox) -> dict[str, Any]:
    sent: dict[str, Any] = kept.get("/control/story")
    return sent


def step_to(kept: Sandbox, number: int) -> None:
    """Lets a paused story go on to the end of that step."""
    while story_of(kept)["step"] < number:
        kept.ask_to("PATCH", "/control/story", {"step": True})
        kept.get("/control/settled")


async def test_a_story_waits_for_a_page_obeys_and_ends_with_a_card_at_work(browser: Browser) -> None:
    with demo("ten_minutes") as kept:
        until(lambda: kept.get("/planned") == [])
        assert story_of(kept)["of"] == 0
        kept.ask_to("PATCH", "/control/story", {"pause": True})
        page = await open_page(browser, kept)
        await page.get_by_role("button", name="Step").click()
        until(lambda: story_of(kept)["step"] == 1)
        await page.get_by_role("button", name="Faster").click()
        step_to(kept, 2)
        assert story_of(kept)["paused"]
        await page.get_by_role("button", name="Go on").click()
        await expect(page.get_by_role("heading", name="Ten minutes, one renegotiation: the end")).to_be_visible()
        await expect(page.get_by_test_id("story")).to_contain_text("1 was renegotiated")
        await expect(side(page, "Alice Auer").get_by_text("@client agreed").last).to_be_visible()
        await expect(side(page, "Carla Client")).to_be_visible()
        ends = datetime.fromisoformat(kept.get("/clock")["now"])
        assert ends.weekday() < 5
        assert 9 <= ends.hour < 16
        await page.get_by_role("button", name="Your turn").click()
        await expect(page.get_by_test_id("story")).to_have_count(0)
        until(lambda: datetime.fromisoformat(kept.get("/clock")["now"]) > ends)


async def test_the_demo_is_recorded_in_eight_pictures(browser: Browser) -> None:
    if not PICTURES:
        return
    with demo("three_weeks") as kept:
        kept.ask_to("PATCH", "/control/story", {"pause": True})
        page = await open_page(browser, kept, viewport={"width": 1160, "height": 720})
        for place, moment in enumerate(MOMENTS, start=1):
            step_to(kept, moment)
            await drawn(page, kept)
            story = page.get_by_test_id("story")
            who, where = [await story.get_attribute(f"data-{name}") for name in ("who", "where")]
            await page.locator(f'.column[data-handle="{who}"][data-channel="{where}"]').wait_for()
            if moment == DIGEST:
                await page.locator(".column").last.get_by_role("link", name="project-deck").click()
                await page.get_by_text("Missed (1)").last.scroll_into_view_if_needed()
            await drawn(page, kept)
            await page.screenshot(path=REPOSITORY / "docs" / "images" / f"demo-{place}.png", animations="disabled")
        kept.ask_to("PATCH", "/control/story", {"pause": False})
        await page.get_by_role("heading", name="the end").wait_for()
        await drawn(page, kept)
        await page.screenshot(path=REPOSITORY / "docs" / "images" / "demo-8.png", animations="disabled")
